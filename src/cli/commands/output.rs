//! The renderer of an output format, and what is known of the terminal.

use std::cell::OnceCell;
use std::io::{self, IsTerminal};

use crate::cli::args::{Format, Global, Search};
use crate::cli::commands::color;
use crate::render::csv::{Csv, Layout};
use crate::render::json::Json;
use crate::render::quotations::Quotations;
use crate::render::ris::Ris;
use crate::render::text::{Page, Terminal};
use crate::render::{Paths, Renderer, Trec};
use crate::search::Searcher;

/// The renderer of the format that is asked for.
pub(crate) fn renderer_of<'a>(args: &Search, searcher: &'a Searcher, global: &Global) -> Box<dyn Renderer + 'a> {
    let with_query = args.queries.is_some();
    if args.format == Format::Csv && args.raw {
        return Box::new(Csv { with_query, layout: Layout::Commas, raw: true, fields: None });
    }
    if args.format == Format::Tsv && args.raw {
        return Box::new(Csv { with_query, layout: Layout::Tabs, raw: true, fields: None });
    }
    if args.format != Format::Paths {
        return renderer(args.format, with_query, global);
    }
    // Most indexes have no such path: they are looked for when the first is printed.
    let all = OnceCell::new();
    let bytes_of = move |path: &str| {
        let known = match all.get() {
            Some(known) => known,
            None => {
                let read = searcher.paths_in_bytes().map_err(io::Error::other)?;
                all.get_or_init(|| read)
            }
        };
        Ok(known.get(path).cloned())
    };
    let harmless = io::stdout().is_terminal() && !args.null;
    Box::new(Paths { harmless, null: args.null, bytes_of: Box::new(bytes_of) })
}

pub(crate) fn renderer(format: Format, with_query: bool, global: &Global) -> Box<dyn Renderer> {
    match format {
        Format::Json => Box::new(Json::default()),
        Format::Csv => Box::new(Csv { with_query, layout: Layout::Commas, raw: false, fields: None }),
        Format::Tsv => Box::new(Csv { with_query, layout: Layout::Tabs, raw: false, fields: None }),
        Format::Ris => Box::new(Ris),
        Format::Markdown => Box::new(Quotations::default()),
        Format::Paths => Box::new(Paths { harmless: true, null: false, bytes_of: Box::new(|_| Ok(None)) }),
        Format::Trec => Box::new(Trec::default()),
        Format::Text => Box::new(Page { terminal: terminal(color(global)) }),
    }
}

/// Number of columns of the terminal, or of that for which the output is.
pub(crate) fn columns() -> usize {
    const UNKNOWN_COLUMNS: usize = 80;
    let is_terminal = std::io::stdout().is_terminal();
    let of_terminal = terminal_size::terminal_size().filter(|_| is_terminal).map(|(width, _)| usize::from(width.0));
    let exported = || std::env::var("COLUMNS").ok()?.parse().ok();
    of_terminal.or_else(exported).filter(|&width| width > 0).unwrap_or(UNKNOWN_COLUMNS)
}

pub(crate) fn terminal(color: bool) -> Terminal {
    const MAX_COLUMNS: usize = 110;
    let is_terminal = std::io::stdout().is_terminal();
    let width = columns();
    let links = color && is_terminal && can_link();
    let folder = std::env::current_dir().ok().map(|folder| folder.to_string_lossy().into_owned());
    Terminal { width: width.min(MAX_COLUMNS), wraps: is_terminal, color, links, folder }
}

/// Is the terminal known to support links? The list is that of the supports-hyperlinks crate.
fn can_link() -> bool {
    let var = |name: &str| std::env::var(name).unwrap_or_default();
    let known =
        ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "WarpTerminal"].contains(&var("TERM_PROGRAM").as_str());
    known
        || var("TERM").contains("kitty")
        || var("TERM") == "alacritty"
        || !var("WT_SESSION").is_empty()
        || var("VTE_VERSION").parse::<u32>().is_ok_and(|version| version >= 5_000)
        || !var("KONSOLE_VERSION").is_empty()
}

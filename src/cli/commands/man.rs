//! `man`: manual pages of the program and of each command.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::cli::args::{Cli, Global, ManArgs};
use crate::cli::commands::{messages, print_all};
use crate::cli::message::Status;

pub(crate) fn run(global: &Global, args: &ManArgs) -> Result<Status> {
    let cli = built();
    if let Some(dir) = &args.dir {
        let pages =
            write_pages(&cli, dir).with_context(|| format!("cannot write manual pages to '{}'", dir.display()))?;
        messages(global).status(format!("{pages} manual pages written to '{}'", dir.display()));
        return Ok(Status::Found);
    }
    let mut page = Vec::new();
    match &args.command {
        None => write_page(&cli, &mut page)?,
        Some(name) => {
            let command = cli
                .find_subcommand(name)
                .ok_or_else(|| anyhow!("there is no manual page on '{name}': name a command"))?;
            write_page(command, &mut page)?;
        }
    }
    print_all(&page)
}

/// The command line, with arguments under a heading of their own and the names that commands have in pages.
fn built() -> Command {
    let cli = Cli::command().subcommand_help_heading("COMMANDS").subcommand_value_name("COMMAND");
    let mut cli = cli.mut_subcommands(|command| {
        command.mut_args(|arg| if arg.is_positional() { arg.help_heading("Arguments") } else { arg })
    });
    cli.build();
    cli
}

/// Writes the page of each command to `dir`, and returns their number.
fn write_pages(cli: &Command, dir: &Path) -> io::Result<usize> {
    std::fs::create_dir_all(dir)?;
    let commands: Vec<&Command> = std::iter::once(cli).chain(cli.get_subcommands()).collect();
    for command in &commands {
        let mut page = Vec::new();
        write_page(command, &mut page)?;
        std::fs::write(dir.join(format!("{}.1", page_name(command))), page)?;
    }
    Ok(commands.len())
}

/// Name of a page: `crosshead`, `crosshead-search`.
fn page_name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

fn write_page(command: &Command, out: &mut dyn Write) -> io::Result<()> {
    let mut command = command.clone();
    // As in the help, rather than a list of all options.
    let usage = command.render_usage().to_string();
    let command = command.override_usage(usage.trim_start_matches("Usage: ").to_string());
    let man =
        Man::new(command.clone()).source(format!("crosshead {}", env!("CARGO_PKG_VERSION"))).manual("Crosshead manual");
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    if command.has_subcommands() {
        man.render_subcommands_section(out)?;
    }
    man.render_options_section(out)?;
    if let Some(text) = command.get_after_help() {
        write_after_help(&text.to_string(), out)?;
    }
    let mut roff = Roff::default();
    if command.has_subcommands() {
        roff.control("SH", ["ENVIRONMENT"]);
        roff.control("TP", []);
        roff.text([bold("CROSSHEAD_INDEX")]);
        roff.text([roman("Folder of the index, or of several, separated as in PATH, unless --index is given.")]);
        roff.control("TP", []);
        roff.text([bold("NO_COLOR")]);
        roff.text([roman("If it is set, no colours are used unless --color always is given.")]);
    } else {
        roff.control("SH", ["SEE ALSO"]);
        roff.text([roman("crosshead(1)")]);
    }
    roff.to_writer(out)
}

/// Writes the text after the options: the examples, line by line, then notes as a paragraph.
fn write_after_help(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut roff = Roff::default();
    let (examples, notes) = text.split_once("\n\n").unwrap_or((text, ""));
    roff.control("SH", ["EXAMPLES"]);
    roff.control("nf", []);
    for line in examples.lines().skip(1) {
        roff.text([roman(line.trim_start())]);
    }
    roff.control("fi", []);
    if !notes.is_empty() {
        roff.control("SH", ["NOTES"]);
        for line in notes.lines() {
            roff.text([roman(line)]);
        }
    }
    roff.to_writer(out)
}

//! What the help has of its own: headings, flags, width.

use clap::{Arg, ArgAction};

/// Headings of the help, under which options are grouped.
pub(super) const QUERY: &str = "Query";
pub(super) const FILTERS: &str = "Filters";
pub(super) const OUTPUT: &str = "Output";
pub(super) const INDEX: &str = "Index";
#[cfg(feature = "serve")]
pub(super) const SERVER: &str = "Server";
pub(super) const WALKING: &str = "Walking";
#[cfg(feature = "engine")]
pub(super) const ENGINE: &str = "Engine";
pub(super) const GLOBAL: &str = "Global options";

/// Display order after all other options.
pub(super) const LAST: usize = 1_000;

/// Width of help texts: that of the terminal, if it is known, at most 100 columns.
pub(super) fn help_width() -> usize {
    const UNKNOWN: usize = 80;
    const MAX: usize = 100;
    let columns = || std::env::var("COLUMNS").ok()?.parse().ok();
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    terminal.or_else(columns).filter(|&width| width > 0).unwrap_or(UNKNOWN).min(MAX)
}

/// `--help`, in place of clap's own, so that it is listed with the other global options, at their end.
pub(super) fn help_flag() -> Arg {
    let flag = Arg::new("help").short('h').long("help").action(ArgAction::Help).global(true);
    flag.help("Print this help").help_heading(GLOBAL).display_order(LAST)
}

/// `--version`, for the same reason.
pub(super) fn version_flag() -> Arg {
    let flag = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    flag.help("Print the version").help_heading(GLOBAL).display_order(LAST)
}

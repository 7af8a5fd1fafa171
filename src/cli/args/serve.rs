//! `serve`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::help::SERVER;
use super::index::Walking;

/// `serve`.
#[derive(Debug, Args)]
#[command(next_help_heading = SERVER)]
#[command(after_help = "\
Examples:
  crosshead serve articles
  crosshead serve articles --watch --port 8080
  crosshead serve --no-token --no-open")]
pub(crate) struct ServeArgs {
    /// Folders to index first, as `index` does; without one the index is served as it is
    #[arg(value_hint = ValueHint::AnyPath)]
    pub folders: Vec<PathBuf>,
    /// Port to listen on; 0 for a free one
    #[arg(long, default_value_t = 7878, value_name = "N")]
    pub port: u16,
    /// Address to listen on, for other machines; needs --token-file
    #[arg(long, value_name = "ADDRESS")]
    pub bind: Option<IpAddr>,
    /// Another name of the server, as a proxy passes it on in Host; may be repeated
    #[arg(long, value_name = "NAME")]
    pub allow_host: Vec<String>,
    /// File with the token that programs send (at least 16 characters); by default one is made at every start
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "no_token")]
    pub token_file: Option<PathBuf>,
    /// Let in every program of this machine, without a token
    #[arg(long)]
    pub no_token: bool,
    /// Do not open the browser
    #[arg(long)]
    pub no_open: bool,
    /// Keep the index up to date while files change
    #[arg(long)]
    pub watch: bool,
    /// Let the page save queries
    #[arg(long)]
    pub allow_save: bool,
    /// Print a line for every request, without its query
    #[arg(long)]
    pub log: bool,
    /// Print a line for every request, with its query
    #[arg(long)]
    pub log_queries: bool,
    /// Walking.
    #[command(flatten)]
    pub walking: Walking,
}

//! `help`: of the commands, of the query language and of its fields, on one screen each.

use std::io::Write;

use anyhow::{Result, anyhow};
use clap::CommandFactory;

use crate::cli::args::Cli;
use crate::cli::commands::stdout;
use crate::cli::message::Status;

pub use crate::render::help::{FIELDS, QUERY};

pub(crate) fn run(topic: Option<&str>) -> Result<Status> {
    let mut out = stdout();
    let mut cli = Cli::command();
    cli.build();
    match topic {
        None => write!(out, "{}", cli.render_long_help())?,
        Some("query") => out.write_all(QUERY.as_bytes())?,
        Some("fields") => out.write_all(FIELDS.as_bytes())?,
        Some(name) => {
            let command = cli
                .find_subcommand_mut(name)
                .ok_or_else(|| anyhow!("there is no help on '{name}': ask for a command, `query` or `fields`"))?;
            write!(out, "{}", command.render_long_help())?;
        }
    }
    out.flush()?;
    Ok(Status::Found)
}

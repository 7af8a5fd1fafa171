//! `mcp`.

use clap::{Args, ValueEnum};

use super::help::OUTPUT;

/// `mcp`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead mcp --index index                  started by a client, not by hand
  crosshead mcp --print-config claude          how to add it to a client
  crosshead serve                              the same over HTTP, at /mcp")]
pub(crate) struct McpArgs {
    /// Print how this index is added to a client, and end
    #[arg(long, value_enum, value_name = "CLIENT", help_heading = OUTPUT)]
    pub print_config: Option<McpClient>,
}

/// Clients of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum McpClient {
    /// Claude Code and Claude Desktop.
    Claude,
    /// Codex.
    Codex,
    /// Visual Studio Code.
    Vscode,
    /// Cursor.
    Cursor,
    /// Zed.
    Zed,
}

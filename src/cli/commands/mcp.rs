//! `mcp`: serves the index to agents over standard input and output.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use crate::agent::Agent;
#[cfg(feature = "engine")]
use crate::agent::Open;
use crate::cli::args::{Global, McpArgs, McpClient};
#[cfg(feature = "engine")]
use crate::cli::commands::engine;
use crate::cli::commands::stdout;
use crate::cli::message::Status;
use crate::search::Searcher;

pub(crate) fn run(global: &Global, args: &McpArgs) -> Result<Status> {
    if let Some(client) = args.print_config {
        return print_config(global, client);
    }
    crate::mcp::stdio::serve(agent(global)?).context("the client is not understood")?;
    Ok(Status::Found)
}

/// The tools of the indexes, or of the engine that is named.
fn agent(global: &Global) -> Result<Agent> {
    #[cfg(feature = "engine")]
    if let Some((access, archive)) = engine::access(global)? {
        let shown = std::path::PathBuf::from(access.nodes.join(","));
        let most = global.engine.most.max(1);
        let open: Open = Box::new(move || {
            let engine = engine::open(access.clone(), &archive)?;
            engine.check()?;
            Searcher::over(std::sync::Arc::new(engine), most)
        });
        return Ok(Agent::at(&[shown], open));
    }
    let indexes = global.indexes.clone();
    Ok(Agent::at(&global.indexes, Box::new(move || Searcher::open_all(&indexes))))
}

/// Prints the lines that add this program and index to a client, with absolute paths: clients start it anywhere.
fn print_config(global: &Global, client: McpClient) -> Result<Status> {
    let program = std::env::current_exe().context("the place of this program is not known")?;
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let (command, mut arguments) = (text(&program), Vec::new());
    #[cfg(feature = "engine")]
    arguments.extend(engine::arguments(global)?);
    // With an engine, no index is searched.
    let indexes = if arguments.is_empty() { &global.indexes[..] } else { &[] };
    for index in indexes {
        let index = std::path::absolute(index).context("the current folder is not known")?;
        arguments.extend(["--index".to_string(), text(&index)]);
    }
    arguments.push("mcp".into());
    let entry = json!({ "command": command, "args": arguments });
    let (whereto, config) = match client {
        McpClient::Claude => (
            "`.mcp.json` in a project (Claude Code), or claude_desktop_config.json",
            json!({ "mcpServers": { "crosshead": entry } }),
        ),
        McpClient::Cursor => {
            ("`.cursor/mcp.json` in a project, or in the home folder", json!({ "mcpServers": { "crosshead": entry } }))
        }
        McpClient::Vscode => (
            "`.vscode/mcp.json` in a project",
            json!({ "servers": { "crosshead": { "type": "stdio", "command": command, "args": arguments } } }),
        ),
        McpClient::Zed => ("settings.json", json!({ "context_servers": { "crosshead": entry } })),
        McpClient::Codex => ("`.codex/config.toml` in the home folder", json!(null)),
    };
    let config = if config.is_null() {
        // Strings of TOML are those of JSON.
        format!("[mcp_servers.crosshead]\ncommand = {}\nargs = {}\n", json!(command), json!(arguments))
    } else {
        format!("{config:#}\n")
    };
    crate::cli::message::hint(format!("put this into {whereto}"));
    let mut out = stdout();
    out.write_all(config.as_bytes())?;
    out.flush()?;
    Ok(Status::Found)
}

//! The protocol over standard input and output: a line a message.

use std::io;
use std::time::Duration;

use rmcp::service::ServerInitializeError;
use rmcp::{ServiceExt, transport};

use super::Server;
use crate::agent::Agent;

/// Serves the tools of an agent until standard input is closed.
///
/// # Errors
///
/// An error of reading or writing, or of a first message that is none of the protocol.
pub(crate) fn serve(agent: Agent) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let served = runtime.block_on(async {
        match Server::new(agent).serve(transport::stdio_pipes()).await {
            Ok(running) => running.waiting().await.map(|_| ()).map_err(io::Error::other),
            // A client that asks for nothing is a client that has gone.
            Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
            Err(error) => Err(io::Error::other(error)),
        }
    });
    // Work of a client that has gone is of no use, and nothing else may keep the program.
    runtime.shutdown_timeout(Duration::from_millis(200));
    served
}

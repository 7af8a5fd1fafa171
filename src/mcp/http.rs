//! The protocol over HTTP (Streamable HTTP without sessions): one answer a request, as JSON.

use std::sync::Arc;
use std::time::Duration;

use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use super::Server;
use crate::agent::Agent;

/// A service for one route. The host and the token of a request are checked before it.
pub(crate) fn service(agent: Agent, most_bytes: usize) -> StreamableHttpService<Server, NeverSessionManager> {
    let server = Server::new(agent);
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_sse_keep_alive(None::<Duration>)
        .with_max_request_body_bytes(most_bytes)
        // The server has looked at host and origin before: only its own are let in.
        .disable_allowed_hosts();
    StreamableHttpService::new(move || Ok(server.clone()), Arc::new(NeverSessionManager::default()), config)
}

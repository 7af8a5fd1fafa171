//! The tools of `agent` by the Model Context Protocol: over standard input and output, and over HTTP in `serve`.
//!
//! Both eras of the protocol are spoken: 2026-07-28, in which each request says its version, and those before it, which begin
//! with `initialize`. There are no sessions and nothing is sent that was not asked for. This is the only module that names
//! the crate of the protocol.

#[cfg(feature = "serve")]
pub(crate) mod http;
pub(crate) mod stdio;

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use rmcp::ServerHandler;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, DiscoverResult, ErrorData,
    GetPromptRequestParams, GetPromptResponse, GetPromptResult, Implementation, ListPromptsResult,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams, Prompt, PromptArgument,
    PromptMessage, ProtocolVersion, ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, Resource,
    ResourceContents, ResourceTemplate, Role, ServerCapabilities, ServerConfig, Tool, ToolAnnotations,
};
use rmcp::service::{RequestContext, RoleServer};
use serde_json::Value;

use crate::agent::{self, Agent};
use crate::cancel::CancelFlag;

/// How long lists may be kept, in milliseconds: they change with the program only.
const LISTS_FRESH_MS: u64 = 3_600_000;

/// An archive as a server of the protocol.
#[derive(Clone)]
pub(crate) struct Server {
    agent: Arc<Agent>,
    /// The instructions, with the time they were made at.
    instructions: Arc<Mutex<Option<(std::time::Instant, String)>>>,
}

impl Server {
    pub(crate) fn new(agent: Agent) -> Server {
        Server { agent: Arc::new(agent), instructions: Arc::default() }
    }

    /// What a model is told of the archive, made anew at most once a minute.
    fn instructions(&self) -> String {
        const KEPT: std::time::Duration = std::time::Duration::from_secs(60);
        let mut made = self.instructions.lock().unwrap_or_else(PoisonError::into_inner);
        match &*made {
            Some((at, text)) if at.elapsed() < KEPT => text.clone(),
            _ => {
                let text = self.agent.instructions();
                *made = Some((std::time::Instant::now(), text.clone()));
                text
            }
        }
    }

    /// Runs work on a thread of its own, cancelled with its request.
    async fn run<T: Send + 'static>(
        &self,
        context: &RequestContext<RoleServer>,
        work: impl FnOnce(&Agent, &CancelFlag) -> T + Send + 'static,
    ) -> Result<T, ErrorData> {
        let cancel = CancelFlag::new();
        let _guard = CancelOnDrop(cancel.clone());
        let agent = Arc::clone(&self.agent);
        let of_work = cancel.clone();
        let task = tokio::task::spawn_blocking(move || work(&agent, &of_work));
        tokio::select! {
            done = task => {
                done.map_err(|_| ErrorData::internal_error("a part of the program failed; please report this", None))
            }
            () = context.ct.cancelled() => Err(ErrorData::internal_error("the request was cancelled", None)),
        }
    }
}

struct CancelOnDrop(CancelFlag);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Gives a list the time that it stays fresh.
macro_rules! kept {
    ($list:expr) => {{
        let mut list = $list;
        list.ttl_ms = Some(LISTS_FRESH_MS);
        list.cache_scope = Some(CacheScope::Public);
        list
    }};
}

fn tool(tool: &agent::Tool) -> Tool {
    let annotations = ToolAnnotations::new().read_only(true).destructive(false).idempotent(true).open_world(false);
    Tool::new(tool.name, tool.about, tool.input_schema())
        .with_title(tool.title)
        .with_raw_output_schema(Arc::new(tool.output_schema()))
        .with_annotations(annotations)
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().enable_resources().enable_prompts().build();
        ServerConfig::new(capabilities)
            .with_server_info(Implementation::new("crosshead", env!("CARGO_PKG_VERSION")).with_title("Crosshead"))
            .with_instructions(self.instructions())
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        const VERSIONS: &[ProtocolVersion] = &[
            ProtocolVersion::V_2025_03_26,
            ProtocolVersion::V_2025_06_18,
            ProtocolVersion::V_2025_11_25,
            ProtocolVersion::V_2026_07_28,
        ];
        Cow::Borrowed(VERSIONS)
    }

    async fn discover(&self, _context: RequestContext<RoleServer>) -> Result<DiscoverResult, ErrorData> {
        let versions = self.supported_protocol_versions().into_owned();
        let mut found = DiscoverResult::from_server_info(versions, self.get_info());
        (found.ttl_ms, found.cache_scope) = (LISTS_FRESH_MS, CacheScope::Public);
        Ok(found)
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(kept!(ListToolsResult::with_all_items(agent::TOOLS.iter().map(tool).collect())))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let name = request.name.to_string();
        let arguments = request.arguments.unwrap_or_default();
        let called = {
            let name = name.clone();
            self.run(&context, move |agent, cancel| agent.call(&name, &arguments, cancel)).await?
        };
        let Some(called) = called else {
            let known = agent::TOOLS.iter().map(|tool| tool.name).collect::<Vec<_>>().join(", ");
            let message = format!("there is no tool '{}'; there are {known}", agent::data(&name));
            return Err(ErrorData::invalid_params(message, None));
        };
        let result = match called {
            Ok(answer) => {
                let mut result = CallToolResult::success(vec![ContentBlock::text(answer.text)]);
                result.structured_content = Some(Value::Object(answer.structured));
                result
            }
            Err(refusal) => CallToolResult::error(vec![ContentBlock::text(refusal.0)]),
        };
        Ok(result.into())
    }

    async fn list_resources(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let resource = |(address, name, about): &(&str, &str, &str)| {
            Resource::new(*address, *name).with_description(*about).with_mime_type("text/plain")
        };
        Ok(kept!(ListResourcesResult::with_all_items(agent::FIXED.iter().map(resource).collect())))
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let template = |(address, name, about): &(&str, &str, &str)| {
            ResourceTemplate::new(*address, *name).with_description(*about).with_mime_type("text/plain")
        };
        Ok(kept!(ListResourceTemplatesResult::with_all_items(agent::TEMPLATES.iter().map(template).collect())))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let address = request.uri.clone();
        let read = self.run(&context, move |agent, _| agent::resource(agent, &address)).await?;
        let text = read.map_err(|refusal| ErrorData::resource_not_found(refusal.0, None))?;
        let mut result = ReadResourceResult::new(vec![ResourceContents::text(text, request.uri)]);
        (result.ttl_ms, result.cache_scope) = (Some(0), Some(CacheScope::Private));
        Ok(result.into())
    }

    async fn list_prompts(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let prompt = |prompt: &agent::Prompt| {
            let argument =
                |(name, about): &(&str, &str)| PromptArgument::new(*name).with_description(*about).with_required(true);
            Prompt::new(prompt.name, Some(prompt.about), Some(prompt.arguments.iter().map(argument).collect()))
        };
        Ok(kept!(ListPromptsResult::with_all_items(agent::PROMPTS.iter().map(prompt).collect())))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        let value = |name: &str| arguments.get(name).and_then(|value| value.as_str()).map(str::to_string);
        let text = agent::prompt(&request.name, value).map_err(|message| ErrorData::invalid_params(message, None))?;
        Ok(GetPromptResult::new(vec![PromptMessage::new_text(Role::User, text)]).into())
    }
}

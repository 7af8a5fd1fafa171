//! The reading room: a page for people and an HTTP API for programs, over one index, for this machine.
//!
//! ```text
//! connection -> server (bounds of connections, heads and times) -> guard (access: host, site, token; headers of answers)
//! routes -> parameters (checked by a table), ask (the query) -> room (a thread, cancelled when the client goes)
//!        -> api (JSON, problems, streams) or page (HTML)
//! ```
//!
//! The server reads: it opens no lock and writes nothing, unless queries may be saved. No route takes a path of a file;
//! texts of articles are only ever text.

mod access;
mod api;
mod ask;
mod call;
mod export;
mod kept;
mod page;
mod parameters;
mod problem;
mod room;
mod save;
mod server;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use access::Access;
use call::{Call, Reply, Route, Run};
use parameters::Values;
use problem::Problem;
use room::Room;

use crate::cancel::CancelFlag;
use crate::search::Searcher;

pub(crate) use access::random_token;

/// Time between looks for a new commit.
const FOLLOW: Duration = Duration::from_secs(1);

/// Largest body of a request.
const MAX_BODY_BYTES: usize = 64 << 10;

/// Time for a body to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);

/// The body of a request.
///
/// # Errors
///
/// A problem for one that is too large or does not arrive in time.
async fn body_of(body: Body) -> Result<Bytes, Problem> {
    match tokio::time::timeout(BODY_TIME, axum::body::to_bytes(body, MAX_BODY_BYTES)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => {
            let detail = format!("a body has at most {MAX_BODY_BYTES} bytes");
            Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body", "The body is too large", detail))
        }
        Err(_) => Err(Problem::parameter("the body did not arrive in time")),
    }
}

/// How a server is started.
pub(crate) struct ServeOptions {
    /// The port; 0 for a free one.
    pub port: u16,
    /// The address to listen on, in place of this machine's own.
    pub bind: Option<IpAddr>,
    /// Other names of the server.
    pub hosts: Vec<String>,
    /// The token that is asked for, if one is.
    pub token: Option<String>,
    /// May queries be saved?
    pub saves: bool,
    /// Is given a line for every request.
    pub log: Option<Log>,
    /// Have these lines the query strings, too?
    pub logs_queries: bool,
    /// Ends the server.
    pub stop: CancelFlag,
}

/// Is given a line for every request.
pub(crate) type Log = Box<dyn Fn(&str) + Send + Sync>;

/// Builds the tables that are built at first use, for a test of all of them.
#[cfg(test)]
pub(crate) fn build_tables() {
    page::build_tables();
}

/// Serves an index until it is told to stop. `ready` is given an address that lets a browser in; it is called again when
/// that address was used, with the next.
///
/// # Errors
///
/// Errors of listening.
pub(crate) fn serve(searcher: Searcher, options: ServeOptions, ready: &mut dyn FnMut(&str)) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let served = runtime.block_on(run(searcher, options, ready));
    // Threads of queries have been cancelled with their requests.
    runtime.shutdown_timeout(Duration::from_secs(1));
    served
}

async fn run(searcher: Searcher, options: ServeOptions, ready: &mut dyn FnMut(&str)) -> io::Result<()> {
    let listeners = listen(options.bind, options.port).await?;
    let port = listeners[0].local_addr()?.port();
    let access = Access::new(port, options.bind, options.hosts, options.token);
    let room = Arc::new(Room::new(searcher, access, options.saves, (options.log, options.logs_queries)));
    ready(&room.access.new_address()?);
    let (router, connections) = (router(&room), server::Connections::new());
    for listener in listeners {
        tokio::spawn(server::accept(listener, Arc::clone(&connections), router.clone()));
    }
    let mut looked = Instant::now();
    while !options.stop.is_cancelled() {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if room.access.take_used() {
            ready(&room.access.new_address()?);
        }
        if looked.elapsed() >= FOLLOW {
            let room = Arc::clone(&room);
            // A failure is told by the pages.
            let _ = tokio::task::spawn_blocking(move || room.commits.follow()).await;
            looked = Instant::now();
        }
    }
    Ok(())
}

/// Listens on the loopback addresses, or on the one that is named.
async fn listen(bind: Option<IpAddr>, port: u16) -> io::Result<Vec<tokio::net::TcpListener>> {
    if let Some(address) = bind {
        return Ok(vec![tokio::net::TcpListener::bind(SocketAddr::new(address, port)).await?]);
    }
    let first = tokio::net::TcpListener::bind(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port)).await?;
    let port = first.local_addr()?.port();
    let mut all = vec![first];
    // A machine without IPv6 has no such address.
    all.extend(tokio::net::TcpListener::bind(SocketAddr::new(Ipv6Addr::LOCALHOST.into(), port)).await.ok());
    Ok(all)
}

fn router(room: &Arc<Room>) -> Router {
    let mut router: Router<Arc<Room>> = Router::new();
    for route in page::ROUTES {
        let mut methods = get(move |State(room): State<Arc<Room>>, uri: Uri, path: RawPathParams| async move {
            let pairs = parameters::pairs(uri.query().unwrap_or(""));
            match answer(&room, route, pairs, path, &uri).await {
                Ok(response) => response,
                Err(problem) => page::problem(&room, &uri, &problem).into_response(),
            }
        });
        if route.path == "/saved" {
            methods =
                methods.post(|State(room): State<Arc<Room>>, uri: Uri, headers: HeaderMap, body: Body| async move {
                    match save::save(&room, &headers, body).await {
                        Ok(response) => response,
                        Err(problem) => page::problem(&room, &uri, &problem).into_response(),
                    }
                });
        }
        if route.path == "/search" {
            methods =
                methods.post(|State(room): State<Arc<Room>>, uri: Uri, headers: HeaderMap, body: Body| async move {
                    match posted_search(&room, &headers, body).await {
                        Ok(response) => response,
                        Err(problem) => page::problem(&room, &uri, &problem).into_response(),
                    }
                });
        }
        router = router.route(route.path, methods);
    }
    #[cfg(feature = "mcp")]
    {
        let agent = crate::agent::Agent::of(Arc::clone(&room.commits));
        router = router.route_service("/mcp", crate::mcp::http::service(agent, MAX_BODY_BYTES));
    }
    for route in api::ROUTES {
        let handler = move |State(room): State<Arc<Room>>, uri: Uri, path: RawPathParams| async move {
            let pairs = parameters::pairs(uri.query().unwrap_or(""))
                .and_then(|pairs| ask::fits_address(&pairs).map(|()| pairs));
            answer(&room, &route.route, pairs, path, &uri).await.unwrap_or_else(IntoResponse::into_response)
        };
        let mut methods = get(handler);
        if route.is_posted {
            methods =
                methods.post(
                    move |State(room): State<Arc<Room>>,
                          uri: Uri,
                          path: RawPathParams,
                          headers: HeaderMap,
                          body: Body| async move {
                        let pairs = api::posted(&headers, body).await;
                        answer(&room, &route.route, pairs, path, &uri).await.unwrap_or_else(IntoResponse::into_response)
                    },
                );
        }
        router = router.route(route.route.path, methods);
    }
    router
        .fallback(|State(room): State<Arc<Room>>, uri: Uri| async move {
            let problem = Problem::not_found(format!("there is no page '{}' here", uri.path()));
            if is_api(uri.path()) {
                problem.into_response()
            } else {
                page::problem(&room, &uri, &problem).into_response()
            }
        })
        .method_not_allowed_fallback(|method: Method| async move {
            let detail = format!("{method} is not answered here; everything is read by GET");
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "This is read only", detail).into_response()
        })
        .layer(from_fn_with_state(Arc::clone(room), guard))
        .with_state(Arc::clone(room))
}

/// Is it a route of the API, which programs read?
fn is_api(path: &str) -> bool {
    path.starts_with("/api/") || path == "/mcp"
}

/// The pairs of a request with the long query that they name.
fn with_long_query(room: &Room, mut pairs: Vec<(String, String)>) -> Result<Vec<(String, String)>, Problem> {
    let Some((_, name)) = pairs.iter().find(|(name, _)| name == ask::REF.name) else { return Ok(pairs) };
    let query = room
        .kept(name)
        .ok_or_else(|| Problem::gone("this query was too long for an address and is no longer kept: paste it again"))?;
    pairs.retain(|(name, _)| name != ask::Q.name);
    pairs.push((ask::Q.name.into(), query));
    Ok(pairs)
}

/// Leads from the form of a page to the address of its query; a query that is too long for one is kept under a name.
async fn posted_search(room: &Arc<Room>, headers: &HeaderMap, body: Body) -> Result<Response, Problem> {
    let mut pairs = form_of(headers, body).await?;
    Values::check(pairs.clone(), &page::form_parameters())?;
    if let Some((name, query)) = pairs.iter_mut().find(|(name, _)| name == ask::Q.name)
        && query.len() > ask::MAX_IN_ADDRESS
    {
        *query = room.keep(std::mem::take(query));
        *name = ask::REF.name.into();
    }
    let location = HeaderValue::from_str(&ask::address("/search", &pairs))
        .map_err(|_| Problem::internal("the address is no header"))?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

/// The pairs of a form.
///
/// # Errors
///
/// A problem for a body that is none.
async fn form_of(headers: &HeaderMap, body: Body) -> Result<Vec<(String, String)>, Problem> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if !media.starts_with("application/x-www-form-urlencoded") {
        let detail = "send the form of the page";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media", "The body is no form", detail));
    }
    let bytes = body_of(body).await?;
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| Problem::parameter("the form is not UTF-8"))?;
    parameters::pairs(&text)
}

async fn answer(
    room: &Arc<Room>,
    route: &'static Route,
    pairs: Result<Vec<(String, String)>, Problem>,
    path: RawPathParams,
    uri: &Uri,
) -> Result<Response, Problem> {
    let pairs = with_long_query(room, pairs?)?;
    let values = Values::check(pairs.clone(), &(route.parameters)())?;
    let path: Vec<String> = path.iter().map(|(_, value)| value.to_string()).collect();
    let target = uri.path_and_query().map_or_else(|| uri.path().to_string(), ToString::to_string);
    match route.run {
        Run::Reply(reply) => {
            // Not of saved queries, which change without a commit, nor while an index cannot be read, which answers tell.
            let is_lasting =
                values.text(ask::Q.name).is_none_or(|query| !query.contains('@')) && room.commits.trouble().is_none();
            let searcher = room.searcher();
            let key = (route.is_of_keys() && is_lasting).then(|| kept::key(&searcher.commit(), &target, &pairs));
            if let Some(known) = key.as_ref().and_then(|key| room.kept.get(key)) {
                return Ok(known.into_response());
            }
            let of_room = Arc::clone(room);
            let work = move |cancel: &CancelFlag| {
                let begun = Instant::now();
                let reply = reply(&Call { room: &of_room, searcher, cancel, values, path, target })?;
                if let Some(key) = key.filter(|_| !cancel.is_cancelled()) {
                    of_room.kept.put(key, &reply, begun.elapsed());
                }
                Ok(reply)
            };
            room.run(work).await.map(Reply::into_response)
        }
        Run::Export => export::stream(room, values).await,
        Run::Watch => api::watch(room, values).await,
    }
}

/// Checks every request before its route, and adds the headers of every answer.
async fn guard(State(room): State<Arc<Room>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (uri, method) = (request.uri().clone(), request.method().clone());
    let mut response = match checked(&room, &request) {
        Ok(None) => next.run(request).await,
        Ok(Some(response)) => response,
        Err(problem) if is_api(uri.path()) => problem.into_response(),
        Err(problem) => page::refusal(&uri, &problem).into_response(),
    };
    let target = uri.path_and_query().map_or(uri.path(), |target| target.as_str());
    response = problem::completed(response, &room.access.base(), target);
    let headers = response.headers_mut();
    for (name, value) in &HEADERS {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
    let cache = if page::is_asset(uri.path()) { "public, max-age=31536000, immutable" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let (Some(log), logs_queries) = &room.log {
        let target = if *logs_queries { uri.to_string() } else { uri.path().to_string() };
        let (status, ms) = (response.status().as_u16(), started.elapsed().as_millis());
        log(&format!("{method} {target} {status} {ms} ms"));
    }
    response
}

/// Headers of every answer: nothing runs but the server's own script, nothing is fetched from elsewhere, no other page may
/// frame or read it.
static HEADERS: [(header::HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types crosshead",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
];

/// Checks the host, the site and the token of a request. A one-time address is answered with a cookie and the address
/// without its token.
fn checked(room: &Room, request: &Request) -> Result<Option<Response>, Problem> {
    let (uri, headers) = (request.uri(), request.headers());
    room.access.check_host(uri, headers)?;
    room.access.check_site(request.method(), headers)?;
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > MAX_BODY_BYTES as u64) {
        let detail = format!("a body has at most {MAX_BODY_BYTES} bytes");
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body", "The body is too large", detail));
    }
    if page::is_asset(uri.path()) {
        return Ok(None);
    }
    if uri.path() == "/"
        && room.access.has_token()
        && let Some(token) = uri.query().and_then(|query| query.strip_prefix("t="))
    {
        let Some(cookie) = room.access.exchange(token) else {
            let detail = "this address was used already, or is that of an earlier start; the server prints a new one when \
                          one is used";
            return Err(Problem::new(StatusCode::UNAUTHORIZED, "token", "The address is used up", detail));
        };
        let cookie = HeaderValue::from_str(&cookie).map_err(|_| Problem::internal("the token is no header"))?;
        let headers = [(header::SET_COOKIE, cookie), (header::LOCATION, HeaderValue::from_static("/"))];
        return Ok(Some((StatusCode::SEE_OTHER, headers).into_response()));
    }
    room.access.check_token(headers)?;
    Ok(None)
}

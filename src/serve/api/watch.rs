//! New hits of a query as the index changes, as server-sent events.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use hyper::body::Frame;
use tokio::sync::mpsc;

use super::values::hit_value;
use crate::render::json::write_line;
use crate::search::about::Checkpoints;
use crate::search::commits::MAX_PINNED;
use crate::search::{Alert, Results, Searcher};
use crate::serve::parameters::Values;
use crate::serve::problem::Problem;
use crate::serve::room::Room;

/// Time between looks for new hits.
const WATCH: Duration = Duration::from_secs(1);

/// Sends new hits of a query as server-sent events, until the client goes.
///
/// # Errors
///
/// A problem of the query.
pub(crate) async fn watch(room: &Arc<Room>, values: Values) -> Result<Response, Problem> {
    let query = values.text("q").unwrap_or("").to_string();
    let searcher = room.searcher();
    let before = match values.text("since") {
        None => None,
        Some(since) => Some(room.commits.at(since).ok_or_else(|| {
            let detail = format!(
                "the commit {since} is no longer open: the last {MAX_PINNED} are; search by `added:`, then watch from {}",
                searcher.commit()
            );
            Problem::gone(detail)
        })?),
    };
    let (mut alert, mut checkpoints, mut searcher, first) = room
        .run(move |_| {
            let mut alert = Alert::new(&searcher, query)?;
            let checkpoints = Checkpoints::of(&searcher)?;
            let mut first = Vec::new();
            if let Some(before) = before {
                // What is committed from now on is found by the checkpoints, and what is found twice is sent once.
                searcher.reopen()?;
                first = events(&alert.hits_since(&searcher, &before)?, &searcher)?;
            }
            Ok((alert, checkpoints, searcher, first))
        })
        .await?;
    let (send, receive) = mpsc::channel::<Bytes>(4);
    let room = Arc::clone(room);
    tokio::spawn(async move {
        let mut last = Instant::now();
        if !first.is_empty() && send.send(Bytes::from(first)).await.is_err() {
            return;
        }
        while !send.is_closed() {
            tokio::time::sleep(WATCH).await;
            let looked = room
                .run(move |_| {
                    let changes = checkpoints.advance(&searcher);
                    let mut event = Vec::new();
                    if let Ok(changes) = changes
                        && !changes.is_empty()
                    {
                        event = events(&alert.new_hits(&searcher, &changes)?, &searcher)?;
                    }
                    Ok((alert, checkpoints, searcher, event))
                })
                .await;
            let event = match looked {
                Ok((one, two, three, event)) => {
                    (alert, checkpoints, searcher) = (one, two, three);
                    event
                }
                Err(problem) => {
                    let mut event = b"event: problem\ndata: ".to_vec();
                    let _ = write_line(&mut event, &problem.body(&room.access.base(), "/api/v1/watch"));
                    event.push(b'\n');
                    let _ = send.send(Bytes::from(event)).await;
                    return;
                }
            };
            let event = if event.is_empty() && last.elapsed() > Duration::from_secs(15) {
                b": still here\n\n".to_vec()
            } else {
                event
            };
            if !event.is_empty() {
                last = Instant::now();
                if send.send(Bytes::from(event)).await.is_err() {
                    return;
                }
            }
        }
    });
    let mut response = Response::new(Body::new(Events(receive)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    Ok(response)
}

/// Hits as events. The last bears the commit, from which a client goes on after it was cut off.
fn events(results: &Results, searcher: &Searcher) -> Result<Vec<u8>, Problem> {
    let mut events = Vec::new();
    for (hit, left) in results.hits.iter().zip((0..results.hits.len()).rev()) {
        events.extend_from_slice(b"event: hit\ndata: ");
        write_line(&mut events, &hit_value(hit, None, true)).map_err(|error| Problem::internal(error.to_string()))?;
        if left == 0 {
            events.extend_from_slice(format!("id: {}\n", searcher.commit()).as_bytes());
        }
        events.push(b'\n');
    }
    Ok(events)
}

/// A body of events.
struct Events(mpsc::Receiver<Bytes>);

impl HttpBody for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|event| event.map(|event| Ok(Frame::data(event))))
    }
}

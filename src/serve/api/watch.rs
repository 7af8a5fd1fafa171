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
use crate::search::Alert;
use crate::search::about::Checkpoints;
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
    if let Some(since) = values.text("since")
        && since != searcher.commit()
    {
        let detail = format!(
            "the commit {since} is not the present one; search by `added:`, then watch from {}",
            searcher.commit()
        );
        return Err(Problem::gone(detail));
    }
    let first = query.clone();
    let (mut alert, mut checkpoints, mut searcher) = room
        .run(move |_| {
            let alert = Alert::new(&searcher, first)?;
            let checkpoints = Checkpoints::of(&searcher)?;
            Ok((alert, checkpoints, searcher))
        })
        .await?;
    let (send, receive) = mpsc::channel::<Bytes>(4);
    let room = Arc::clone(room);
    tokio::spawn(async move {
        let mut last = Instant::now();
        while !send.is_closed() {
            tokio::time::sleep(WATCH).await;
            let looked = room
                .run(move |_| {
                    let changes = checkpoints.advance(&searcher);
                    let mut event = Vec::new();
                    if let Ok(changes) = changes
                        && !changes.is_empty()
                    {
                        for hit in alert.new_hits(&searcher, &changes)?.hits {
                            event.extend_from_slice(b"event: hit\ndata: ");
                            let written = write_line(&mut event, &hit_value(&hit, None, true));
                            written.map_err(|error| Problem::internal(error.to_string()))?;
                            event.push(b'\n');
                        }
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
                    let _ = write_line(&mut event, &problem.body());
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

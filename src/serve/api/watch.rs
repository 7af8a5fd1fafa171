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
use crate::cancel::CancelFlag;
use crate::render::json::write_line;
use crate::search::about::Checkpoints;
use crate::search::commits::MAX_PINNED;
use crate::search::{Alert, Results, SearchOptions, Searcher};
use crate::serve::ask::Ask;
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
    let ask = Ask::of(&values);
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
        .run(move |cancel| {
            let filter = Filter::of(&ask, cancel)?;
            let mut alert =
                if ask.literal { Alert::of_text(&searcher, &ask.q) } else { Alert::new(&searcher, ask.q.clone()) }?;
            let checkpoints = Checkpoints::of(&searcher)?;
            let mut first = Vec::new();
            if let Some(before) = before {
                // What is committed from now on is found by the checkpoints, and what is found twice is sent once.
                searcher.reopen()?;
                let mut hits = alert.hits_since(&searcher, &before)?;
                filter.keep(&mut hits, alert.query(), &searcher)?;
                first = events(&hits, &searcher)?;
            }
            Ok(((alert, filter), checkpoints, searcher, first))
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
                        let (alert, filter) = &mut alert;
                        let mut hits = alert.new_hits(&searcher, &changes)?;
                        filter.keep(&mut hits, alert.query(), &searcher)?;
                        event = events(&hits, &searcher)?;
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

/// The filters of a watch, by which new hits are kept. Without filters all are.
struct Filter(Option<Ask>);

impl Filter {
    fn of(ask: &Ask, cancel: &CancelFlag) -> Result<Filter, Problem> {
        // A date that is none is told before anything is sent.
        ask.options(cancel)?;
        let has_filters = ask.date.is_some() || ask.words.is_some() || !ask.chosen.is_empty();
        Ok(Filter(has_filters.then(|| ask.clone())))
    }

    /// Keeps the hits of articles that match with the filters. The last days are those of today, not of the first request.
    fn keep(&self, results: &mut Results, query: &str, searcher: &Searcher) -> Result<(), Problem> {
        let Some(ask) = &self.0 else { return Ok(()) };
        let options = ask.options(&CancelFlag::new())?;
        let options = SearchOptions { limit: 1, strict: true, ..options };
        let mut kept = Vec::new();
        for mut hit in std::mem::take(&mut results.hits) {
            let mut options = options.clone();
            options.filters.article = Some(hit.article.id());
            // The best passage of those that the filters keep may be another one.
            if let Some(best) = searcher.search(query, &options)?.hits.into_iter().next() {
                hit.passage = best.passage;
                (hit.marks, hit.title_marks, hit.heading_marks) = (best.marks, best.title_marks, best.heading_marks);
                (hit.snippet, hit.terms) = (best.snippet, best.terms);
                hit.rank = kept.len() + 1;
                kept.push(hit);
            }
        }
        results.hits = kept;
        Ok(())
    }
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

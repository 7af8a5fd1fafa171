//! Exports: every hit that matches the whole query, as a stream whose end can be checked.
//!
//! A thread writes pieces into a bounded channel: it waits for a slow client, and ends when the client goes. What fails after
//! the first byte resets the connection, so that no client takes a part for the whole.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use hyper::body::Frame;
use tokio::sync::{mpsc, oneshot};

use super::ask::Ask;
use super::parameters::{Kind, Parameter, Values};
use super::problem::Problem;
use super::room::Room;
use crate::cancel::CancelFlag;
use crate::render::csl::Csl;
use crate::render::csv::{BESIDE, Csv, HEADER, Layout};
use crate::render::json::{Json, write_line};
use crate::render::quotations::Quotations;
use crate::render::ris::Ris;
use crate::render::{End, Renderer};
use crate::search::{Articles, Results, Searcher, Sort};

/// Bytes of a piece.
const PIECE: usize = 64 << 10;

/// Pieces that wait for the client.
const PIECES: usize = 4;

/// Hits whose texts are in memory.
const BATCH: usize = 1_000;

pub(crate) static FORMAT: Parameter = Parameter {
    name: "format",
    kind: Kind::Choice(&["jsonl", "csv", "tsv", "md", "ris", "csl"]),
    about: "JSON Lines by default; tables; Markdown with quotations; RIS and CSL-JSON for reference managers",
};
static FIELDS: Parameter = Parameter {
    name: "fields",
    kind: Kind::Text(1 << 10),
    about: "Names of the fields of JSON Lines, or of the columns of a table, with commas between; all by default. Tables have permalink and query only if they are named",
};
static RAW: Parameter = Parameter {
    name: "raw",
    kind: Kind::Flag,
    about: "Leave what a spreadsheet takes for a formula as it is? For csv and tsv",
};
static BOM: Parameter = Parameter {
    name: "bom",
    kind: Kind::Flag,
    about: "Begin with the mark of UTF-8, for Excel? For csv, tsv, md and ris",
};
static END: Parameter = Parameter {
    name: "end",
    kind: Kind::Flag,
    about: "End with a line that says how many hits there were, and that they are all? For jsonl, csv and tsv",
};
static ORDER: Parameter = Parameter {
    name: "order",
    kind: Kind::Choice(&["rank", "index"]),
    about: "Best first, or by path; in place of `sort`, which says the order by default",
};

/// The parameters of an export beside those of a query.
pub(crate) const PARAMETERS: &[&Parameter] = &[&FORMAT, &FIELDS, &RAW, &BOM, &END, &ORDER];

/// Media types of the formats.
pub(crate) const MEDIA: [&str; 6] = [
    "application/x-ndjson",
    "text/csv",
    "text/tab-separated-values",
    "text/markdown",
    "application/x-research-info-systems",
    "application/vnd.citationstyles.csl+json",
];

/// What an export is written as.
struct Form {
    media: &'static str,
    /// The ending of a file.
    ending: &'static str,
    articles: Articles,
    /// The names that `fields` may have; none where the format has no fields to leave out.
    fields: [&'static [&'static str]; 2],
    renderer: fn(raw: bool, fields: Option<Vec<String>>) -> Box<dyn Renderer>,
}

fn form(name: &str) -> Form {
    match name {
        "csv" => Form {
            media: "text/csv; charset=utf-8",
            ending: "csv",
            articles: Articles::Apart,
            fields: [&HEADER, &BESIDE],
            renderer: |raw, fields| Box::new(Csv { with_query: false, layout: Layout::Commas, raw, fields }),
        },
        "tsv" => Form {
            media: "text/tab-separated-values; charset=utf-8",
            ending: "tsv",
            articles: Articles::Apart,
            fields: [&HEADER, &BESIDE],
            renderer: |raw, fields| Box::new(Csv { with_query: false, layout: Layout::Tabs, raw, fields }),
        },
        "md" => Form {
            media: "text/markdown; charset=utf-8",
            ending: "md",
            articles: Articles::Apart,
            fields: [&[], &[]],
            renderer: |_, _| Box::new(Quotations::default()),
        },
        "ris" => Form {
            media: "application/x-research-info-systems",
            ending: "ris",
            articles: Articles::Together,
            fields: [&[], &[]],
            renderer: |_, _| Box::new(Ris),
        },
        "csl" => Form {
            media: "application/vnd.citationstyles.csl+json",
            ending: "json",
            articles: Articles::Together,
            fields: [&[], &[]],
            renderer: |_, _| Box::new(Csl::default()),
        },
        _ => Form {
            media: "application/x-ndjson",
            ending: "jsonl",
            articles: Articles::Apart,
            fields: [super::api::HIT_FIELDS, &[]],
            renderer: |_, fields| match fields {
                None => Box::new(Json::default()),
                Some(fields) => Box::new(Lines { fields }),
            },
        },
    }
}

/// Hits as JSON Lines with the fields that are named, also those that only the server knows.
struct Lines {
    fields: Vec<String>,
}

impl Renderer for Lines {
    fn results(&mut self, out: &mut dyn Write, _: Option<&str>, results: &Results) -> io::Result<()> {
        let names: Vec<&str> = self.fields.iter().map(String::as_str).collect();
        results.hits.iter().try_for_each(|hit| write_line(out, &super::api::hit_value(hit, Some(&names), true)))
    }

    fn end(&mut self, out: &mut dyn Write, end: &End) -> io::Result<()> {
        Json::default().end(out, end)
    }
}

/// Streams an export.
///
/// # Errors
///
/// A problem of the query; too many exports at once. Nothing was sent then.
pub(crate) async fn stream(room: &Arc<Room>, values: Values) -> Result<Response, Problem> {
    let permit = room.enter_export()?;
    let form = form(values.text(FORMAT.name).unwrap_or("jsonl"));
    let (media, ending) = (form.media, form.ending);
    let fields = fields(&values, &form)?;
    fits_together(&values)?;
    let (send, receive) = mpsc::channel::<io::Result<Bytes>>(PIECES);
    let (tell, told) = oneshot::channel::<Result<Option<u64>, Problem>>();
    let cancel = CancelFlag::new();
    let guard = super::room::CancelOnDrop(cancel.clone());
    let (searcher, base) = (room.searcher(), room.access.base());
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        let mut out = Pieces { send, piece: Vec::with_capacity(PIECE), base, tell: Some(tell) };
        if let Err(problem) = write(&searcher, &values, (&form, fields), &cancel, &mut out) {
            out.fail(&problem, form.ending == "jsonl");
        }
    });
    let total = told.await.unwrap_or_else(|_| Err(Problem::internal("an export ended before it began")))?;
    let mut response = Response::new(Body::new(Stream { receive, _guard: guard }));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.extend(total.map(|total| (HeaderName::from_static("x-total-count"), HeaderValue::from(total))));
    let name = format!("attachment; filename=\"crosshead.{ending}\"");
    headers.extend(HeaderValue::from_str(&name).ok().map(|name| (header::CONTENT_DISPOSITION, name)));
    Ok(response)
}

/// The fields that are asked for.
fn fields(values: &Values, form: &Form) -> Result<Option<Vec<String>>, Problem> {
    let Some(names) = values.text(FIELDS.name) else {
        return Ok(None);
    };
    let known = form.fields.iter().flat_map(|names| names.iter().copied());
    if known.clone().next().is_none() {
        let format = values.text(FORMAT.name).unwrap_or("jsonl");
        return Err(Problem::parameter(format!("'fields' is for jsonl, csv and tsv: {format} has a form of its own")));
    }
    let names: Vec<String> = names.split(',').map(|name| name.trim().to_string()).collect();
    match names.iter().find(|name| !known.clone().any(|one| one == name.as_str())) {
        Some(unknown) => {
            let known = known.collect::<Vec<_>>().join(", ");
            let unknown = unknown.chars().take(60).collect::<String>();
            Err(Problem::parameter(format!("there is no field '{unknown}'; there are {known}")))
        }
        None => Ok(Some(names)),
    }
}

/// Checks that what is asked for can be had together: nothing is ignored.
fn fits_together(values: &Values) -> Result<(), Problem> {
    let format = values.text(FORMAT.name).unwrap_or("jsonl");
    for (parameter, formats) in
        [(&RAW, &["csv", "tsv"][..]), (&BOM, &["csv", "tsv", "md", "ris"]), (&END, &["jsonl", "csv", "tsv"])]
    {
        if values.flag(parameter.name) && !formats.contains(&format) {
            let (name, formats) = (parameter.name, formats.join(", "));
            return Err(Problem::parameter(format!("'{name}' is for {formats}: leave it out for {format}")));
        }
    }
    match (values.text("sort"), values.text(ORDER.name)) {
        (None, _) | (_, None) | (Some("relevance"), Some("rank")) | (Some("path"), Some("index")) => Ok(()),
        (Some(sort), Some(order)) => Err(Problem::parameter(format!(
            "'sort' is {sort} and 'order' is {order}, but there is one order: give one of them"
        ))),
    }
}

fn write(
    searcher: &Searcher,
    values: &Values,
    (form, fields): (&Form, Option<Vec<String>>),
    cancel: &CancelFlag,
    out: &mut Pieces,
) -> Result<(), Problem> {
    let ask = Ask::of(values);
    let mut options = ask.options(cancel)?;
    options.ask_for_all(searcher.num_passages());
    options.articles = form.articles;
    match values.text(ORDER.name) {
        Some("rank") => options.sort = Sort::Relevance,
        Some("index") => options.sort = Sort::Path,
        _ => {}
    }
    let mut renderer = (form.renderer)(values.flag(RAW.name), fields);
    let (mut written, mut failed) = (0_u64, None);
    let mut take = |results: Results| {
        let step = (|| -> Result<(), Problem> {
            Problem::of_degraded(results.degraded)?;
            if out.tell.is_some() {
                out.begin(Some(results.counts.passages).filter(|_| results.counts.at_most.is_none()));
                if values.flag(BOM.name) {
                    out.write_all("\u{feff}".as_bytes()).map_err(gone)?;
                }
                renderer.begin(out).map_err(gone)?;
            }
            written += results.hits.len() as u64;
            renderer.results(out, None, &results).map_err(gone)
        })();
        failed = step.err();
        if failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    searcher.search_in_batches(&ask.q, &options, BATCH, &mut take)?;
    if let Some(problem) = failed {
        return Err(problem);
    }
    renderer.finish(out).map_err(gone)?;
    if values.flag(END.name) {
        renderer.end(out, &End { hits: written, reason: None }).map_err(gone)?;
    }
    out.flush().map_err(gone)
}

/// The client has gone; nobody reads this.
#[allow(clippy::needless_pass_by_value)]
fn gone(error: io::Error) -> Problem {
    Problem::internal(error.to_string())
}

/// Writes into the channel, a piece at a time.
struct Pieces {
    send: mpsc::Sender<io::Result<Bytes>>,
    piece: Vec<u8>,
    /// The address of the server.
    base: String,
    /// Who waits for the first hits.
    tell: Option<oneshot::Sender<Result<Option<u64>, Problem>>>,
}

impl Pieces {
    /// Says that what follows are the hits, of which there are so many. Of an engine that may not be known before the last.
    fn begin(&mut self, total: Option<u64>) {
        if let Some(tell) = self.tell.take() {
            let _ = tell.send(Ok(total));
        }
    }

    /// Says that it failed: as the answer, or, where that has begun, by a line and a connection that is reset.
    fn fail(&mut self, problem: &Problem, has_lines: bool) {
        if let Some(tell) = self.tell.take() {
            let _ = tell.send(Err(problem.clone()));
            return;
        }
        if has_lines {
            let error = serde_json::json!({ "error": problem.body(&self.base, "/api/v1/export") });
            let _ = write_line(self, &error).and_then(|()| self.flush());
        }
        let _ = self.send.blocking_send(Err(io::Error::other(problem.detail.clone())));
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.send.blocking_send(Ok(Bytes::from(piece))).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

/// The body of an export. The search ends when it is dropped.
struct Stream {
    receive: mpsc::Receiver<io::Result<Bytes>>,
    _guard: super::room::CancelOnDrop,
}

impl HttpBody for Stream {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.receive.poll_recv(context).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

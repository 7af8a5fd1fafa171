//! `sections`: shows how files are read and split.

use std::io::Write;

use anyhow::Result;

use super::stdout;
use crate::article::{Article, Span};
use crate::cli::Sections;
use crate::ingest::decode::mojibake;
use crate::ingest::{Contents, ReadLimits, RecordId, Yielded};
use crate::message::{self, Status};
use crate::render::sections::{Shown, json, page};

pub(super) fn run(args: &Sections) -> Result<Status> {
    let limits = ReadLimits { max_bytes: args.max_file };
    let mut out = stdout();
    let mut status = Status::Found;
    for file in &args.files {
        let path = file.to_string_lossy();
        let mut written = Ok(());
        let read = Contents::read(file, limits).and_then(|mut contents| {
            let whole = contents.whole();
            contents.articles(&path, limits, &mut |yielded| match yielded {
                Yielded::Bad(bad) => message::error(format!("{path}: {}: {}", bad.place, bad.reason)),
                Yielded::Article(record) if written.is_ok() => {
                    let id = record.id.as_ref().map(RecordId::text);
                    let map = record.map;
                    let verdicts = args.explain.then(|| Article::explain(&record.raw));
                    let article = Article::assemble(record.raw);
                    if let Some((word, meant)) = mojibake(&article.text) {
                        let place = id.as_deref().map_or(String::new(), |id| format!("#{id}"));
                        message::plain(format!(
                            "warning: {path}{place}: the text was read in a wrong encoding before it was saved ({word} for {meant}); it is left as it is"
                        ));
                    }
                    let mut places = map.as_ref().map(|map| map.places(&article.text, &whole));
                    let mut place_of = |span: &Span| {
                        places.as_mut().map_or((0, 0), |places| {
                            let range = places.of_span(span);
                            (range.start, range.end)
                        })
                    };
                    let located = map.is_some();
                    let shown = Shown {
                        path: &path,
                        record: id,
                        article: &article,
                        verdicts: verdicts.as_deref(),
                        places: if located { Some(&mut place_of) } else { None },
                    };
                    written = if args.json { json(&mut out, shown) } else { page(&mut out, shown) };
                }
                Yielded::Article(_) => {}
            })
        });
        written?;
        if let Err(reason) = read {
            message::error(format!("{path}: {reason}"));
            status = Status::Error;
        }
    }
    out.flush()?;
    Ok(status)
}

//! Outlines of the articles of a file, without an index, as `sections` shows them.

use std::path::Path;

use crate::article::lines::LineNumbers;
use crate::article::{Section, Span, SplitArticle};
use crate::ingest::decode::{TextMap, mojibake};
use crate::ingest::{BadRecord, Contents, ReadLimits, Record, RecordId, SkipReason, Yielded};
use crate::model::{BoilerplateOutline, LineVerdict, Outline, SectionOutline, TurnOutline};
use crate::text::{Words, tidy};

/// Calls `take` for each article of `file`, in order, with its outline or the reason why its record cannot be read. With
/// `explain`, outlines have the verdicts on all lines that could be headings.
///
/// # Errors
///
/// The reason why the file as a whole cannot be read.
pub fn outlines(
    file: &Path,
    limits: ReadLimits,
    explain: bool,
    take: &mut dyn FnMut(Result<Outline, BadRecord>),
) -> Result<(), SkipReason> {
    let path = file.to_string_lossy();
    let absolute = std::path::absolute(file).ok().map(|file| file.to_string_lossy().into_owned());
    let mut contents = Contents::read(file, limits)?;
    let bytes = contents.whole();
    contents.articles(&path, limits, &mut |yielded| match yielded {
        Yielded::Bad(bad) => take(Err(bad)),
        Yielded::Article(record) => {
            take(Ok(Outline { file: absolute.clone(), ..outline(&path, *record, &bytes, explain) }))
        }
    })
}

fn outline(path: &str, record: Record, bytes: &[u8], explain: bool) -> Outline {
    let Record { id, mut raw, map, .. } = record;
    let stated_by = if explain { std::mem::take(&mut raw.stated_by) } else { Vec::new() };
    let verdicts = explain.then(|| SplitArticle::explain(&raw));
    let dates = explain.then(|| raw.dates.clone());
    let article = SplitArticle::assemble(raw);
    let lines = FileLines { numbers: LineNumbers::new(&article.text), is_located: map.is_some() };
    let verdicts = verdicts.map(|verdicts| {
        let verdict = |(span, verdict): (Span, crate::article::Verdict)| LineVerdict {
            line: lines.first(&span),
            text: tidy(&article.text[span]),
            heading: verdict.is_heading(),
            probability: verdict.probability,
            reasons: verdict.reasons,
        };
        verdicts.into_iter().map(verdict).collect()
    });
    let boilerplate = article.boilerplate.iter().map(|boilerplate| BoilerplateOutline {
        start_line: lines.first(&boilerplate.span),
        end_line: lines.last(&boilerplate.span),
        kind: boilerplate.kind,
        text: tidy(&article.text[boilerplate.span.clone()]),
    });
    Outline {
        path: path.to_string(),
        file: None,
        record: id.as_ref().map(RecordId::text),
        facts: article.facts.clone(),
        title_line: article.title_span.as_ref().and_then(|span| lines.first(span)),
        sections: sections(&article, &lines, map.as_ref(), bytes),
        boilerplate: boilerplate.collect(),
        verdicts,
        stated_by,
        dates,
        mojibake: mojibake(&article.text),
    }
}

fn sections(article: &SplitArticle, lines: &FileLines, map: Option<&TextMap>, bytes: &[u8]) -> Vec<SectionOutline> {
    let mut offsets = map.map(|map| map.byte_offsets(&article.text, bytes));
    let mut out = Vec::with_capacity(article.sections.len());
    for section in &article.sections {
        let span = section.span();
        let range = offsets.as_mut().map(|offsets| offsets.of_span(&span));
        out.push(SectionOutline {
            ordinal: section.ordinal,
            heading: section.heading.as_ref().map(|span| tidy(&article.plain_text(span))),
            heading_line: section.heading.as_ref().and_then(|span| lines.first(span)),
            level: section.level,
            trail: section.trail.clone(),
            start_line: lines.first(&span),
            end_line: lines.last(&span),
            start: range.as_ref().map(|range| range.start),
            end: range.map(|range| range.end),
            words: section.paragraphs.iter().map(|span| Words::new(&article.plain_text(span)).count()).sum(),
            turns: turns(article, section, lines),
        });
    }
    out
}

/// The turns of speech of a section.
fn turns(article: &SplitArticle, section: &Section, lines: &FileLines) -> Vec<TurnOutline> {
    let mut out: Vec<TurnOutline> = Vec::new();
    let mut last = None;
    for paragraph in &section.paragraphs {
        let turn = article.turn_of(paragraph);
        let Some(of_turn) = turn.map(|turn| &article.turns[turn]) else {
            last = None;
            continue;
        };
        let words = Words::new(&article.plain_text(paragraph)).count();
        match out.last_mut().filter(|_| turn == last) {
            Some(open) => {
                open.words += words;
                open.end_line = lines.last(paragraph);
            }
            None => out.push(TurnOutline {
                speaker: of_turn.speaker.clone(),
                start_line: lines.first(paragraph),
                end_line: lines.last(paragraph),
                words,
            }),
        }
        last = turn;
    }
    out
}

/// Line numbers of an article's text, which are those of its file only if it is a byte range of it.
struct FileLines {
    numbers: LineNumbers,
    is_located: bool,
}

impl FileLines {
    fn first(&self, span: &Span) -> Option<usize> {
        self.is_located.then(|| self.numbers.of_span(span).0)
    }

    fn last(&self, span: &Span) -> Option<usize> {
        self.is_located.then(|| self.numbers.of_span(span).1)
    }
}

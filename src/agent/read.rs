//! The tool `read`: the text of an article or around a passage.

use serde_json::{Map, Value, json};

use super::arguments::{Argument, Kind};
use super::cursor::Cursor;
use super::fill::Fill;
use super::search::CURSOR;
use super::{Answer, Call, Refusal, Tool, cut, data, quoted};
use crate::model::{ArticleText, Passage};
use crate::search::{Mark, SearchOptions};
use crate::text::Language;
use crate::text::sentence::sentences;
use crate::vocabulary::parse_id;

pub(super) const TOOL: Tool = Tool {
    name: "read",
    title: "Read an article",
    about: "The text of an article by its id, or of a passage by its id with passages around it. Each passage has an id to cite.",
    arguments: &[
        Argument {
            name: "id",
            kind: Kind::Text(40),
            about: "id of a hit, or its part before the dot",
            is_required: true,
        },
        Argument { name: "query", kind: Kind::Text(16 << 10), about: "mark its matches with **", is_required: false },
        Argument { name: "around", kind: Kind::Number(0, 5, 1), about: "", is_required: false },
        Argument { name: "section", kind: Kind::Text(300), about: "only this heading", is_required: false },
        Argument { name: "max_tokens", kind: Kind::Number(200, 8_000, 3_000), about: "", is_required: false },
        CURSOR,
    ],
    answer: &[("id", "string"), ("title", "string"), ("passages", "array")],
    run,
};

fn run(call: &Call<'_>) -> Result<Answer, Refusal> {
    let arguments = &call.arguments;
    let id = arguments.text("id").unwrap_or_default();
    let Some((_, ordinal)) = parse_id(id) else {
        let shown = data(&cut(id, 40));
        return Err(Refusal(format!(
            "'{shown}' is no id: an id is 13 letters and digits, with .N for a passage, as search gives them"
        )));
    };
    let (searcher, cursor) = call.place()?;
    let found = searcher.article(id).map_err(|error| call.agent.unreadable(&error))?;
    let Some(found) = found else {
        return Err(Refusal(format!("no article has the id {id}: it changed or went; search for its title")));
    };
    let mut wanted = wanted(&found, ordinal, arguments.number("around"))?;
    if let Some(heading) = arguments.text("section") {
        wanted = under(&found, heading)?;
    }
    let marks = match arguments.text("query") {
        Some(query) => {
            let options = SearchOptions { cancel: call.cancel.clone(), ..SearchOptions::default() };
            searcher.marks_in(&found, query, options).map_err(|error| call.agent.failed(error, query))?.passages
        }
        None => Default::default(),
    };
    let most = arguments.number("max_tokens");
    let facts = match ordinal {
        _ if cursor.given > 0 || cursor.bytes > 0 => Facts::Title,
        Some(_) => Facts::Hit,
        None => Facts::All,
    };
    let (text, structured) = header(&found, facts);
    let mut fill = Fill::new(most, text, structured);
    if fill.left() < most / 2 {
        let (text, structured) = header(&found, Facts::Title);
        fill = Fill::new(most, text, structured);
    }
    let (mut given, mut bytes) = (cursor.given, cursor.bytes);
    let mut section = (given > 0).then(|| wanted.get(given - 1).map(|passage| passage.section)).flatten();
    let mut is_full = false;
    while let Some(passage) = wanted.get(given) {
        let marks = marks.get(&passage.ordinal).map_or(&[][..], Vec::as_slice);
        let marked = marked(&passage.text, marks);
        let bytes_here = marked.floor_char_boundary(bytes.min(marked.len()));
        let rest = &marked[bytes_here..];
        let heading = if section == Some(passage.section) || bytes > 0 { None } else { passage.heading.as_deref() };
        let (text, item) = entry(&found, passage, heading, rest);
        if fill.push(&text, item) {
            section = Some(passage.section);
            (given, bytes) = (given + 1, 0);
            continue;
        }
        // A passage that no answer holds whole is given in parts of whole sentences, as is one for which there is much room.
        if fill.len() == 0 || fill.left() > most / 3 {
            let part = fitting(&found, passage, heading, rest, &mut fill);
            bytes = bytes_here + part;
        }
        is_full = true;
        break;
    }
    let omitted = wanted.len() - given;
    let next = (is_full && omitted > 0)
        .then(|| Cursor { given, bytes, commit: searcher.commit() }.text(&arguments.question()));
    Ok(fill.finish("passages", omitted, next))
}

/// The passages that are asked for: all of an article's text, or one with those around it.
fn wanted(found: &ArticleText, ordinal: Option<u32>, around: usize) -> Result<Vec<&Passage>, Refusal> {
    let text = |passage: &&Passage| passage.boilerplate.is_none();
    let Some(ordinal) = ordinal else { return Ok(found.passages.iter().filter(text).collect()) };
    if !found.passages.iter().any(|passage| passage.ordinal == ordinal) {
        let last = found.passages.len().saturating_sub(1);
        return Err(Refusal(format!("the article {} has the passages .0 to .{last}", found.article.id())));
    }
    let is_near = |passage: &&Passage| {
        passage.ordinal == ordinal
            || passage.boilerplate.is_none() && passage.ordinal.abs_diff(ordinal) as usize <= around
    };
    Ok(found.passages.iter().filter(is_near).collect())
}

/// The passages under a heading.
fn under<'a>(found: &'a ArticleText, heading: &str) -> Result<Vec<&'a Passage>, Refusal> {
    let folded = crate::text::fold::fold_value(heading);
    let is_under = |passage: &&Passage| {
        passage.boilerplate.is_none()
            && passage.heading.as_deref().is_some_and(|own| crate::text::fold::fold_value(own).contains(&folded))
    };
    let passages: Vec<&Passage> = found.passages.iter().filter(is_under).collect();
    if passages.is_empty() {
        let mut headings: Vec<String> = Vec::new();
        for heading in found.passages.iter().filter_map(|passage| passage.heading.as_deref()) {
            let heading = data(&cut(heading, 80));
            if !headings.contains(&heading) && headings.len() < 12 {
                headings.push(heading);
            }
        }
        let known = if headings.is_empty() { "none".into() } else { headings.join("; ") };
        return Err(Refusal(format!(
            "the article has no heading like '{}'; its headings are: {known}",
            data(&cut(heading, 80))
        )));
    }
    Ok(passages)
}

/// How much an answer says of the article itself.
#[derive(Clone, Copy, PartialEq)]
enum Facts {
    /// Its title alone: a later page, or too little room for more.
    Title,
    /// Title, source and day, as a hit has them: for a passage.
    Hit,
    /// Title, source, date and time, byline and address: for an article.
    All,
}

/// The beginning of an answer: id, title and other facts.
fn header(found: &ArticleText, which: Facts) -> (String, Map<String, Value>) {
    let facts = &found.article.facts;
    let title = data(&cut(facts.title.as_deref().unwrap_or(""), 160));
    let mut structured = Map::new();
    structured.insert("id".into(), found.article.id().into());
    structured.insert("title".into(), title.clone().into());
    let mut text = format!("[{}] {title}", found.article.id());
    let published = facts.published.as_ref();
    let others = match which {
        Facts::Title => Vec::new(),
        Facts::Hit => {
            vec![("source", facts.source.clone()), ("date", published.map(|published| published.day().to_string()))]
        }
        Facts::All => vec![
            ("source", facts.source.clone()),
            ("date", published.map(|published| published.value.clone())),
            ("byline", facts.byline.clone()),
            ("url", facts.url.clone()),
        ],
    };
    for (name, value) in others {
        if let Some(value) = value {
            let value = data(&cut(&value, 120));
            text.push_str(&format!("\n{name}: {value}"));
            structured.insert(name.into(), value.into());
        }
    }
    (text, structured)
}

fn entry(found: &ArticleText, passage: &Passage, heading: Option<&str>, text: &str) -> (String, Value) {
    let id = found.article.passage_id(passage.ordinal);
    let mut item = Map::new();
    item.insert("id".into(), id.clone().into());
    let mut line = format!("[{id}]");
    if let Some(heading) = heading {
        let heading = data(&cut(heading, 160));
        line.push_str(&format!(" § {heading}"));
        item.insert("heading".into(), heading.into());
    }
    if let Some(speaker) = &passage.speaker {
        let speaker = data(&cut(speaker, 80));
        line.push_str(&format!(" » {speaker}"));
        item.insert("speaker".into(), speaker.into());
    }
    if let Some(kind) = passage.boilerplate {
        line.push_str(&format!(" ({})", kind.name()));
        item.insert("boilerplate".into(), json!(kind.name()));
    }
    let lines: Vec<String> = text.lines().map(data).collect();
    item.insert("text".into(), lines.join("\n").into());
    (format!("{line}\n{}", quoted(text)), Value::Object(item))
}

/// Adds as many sentences of a text as fit, and returns their length in bytes.
fn fitting(found: &ArticleText, passage: &Passage, heading: Option<&str>, text: &str, fill: &mut Fill) -> usize {
    let language = found.article.facts.lang.as_deref().map_or(Language::UNKNOWN, Language::from_code);
    let mut ends: Vec<usize> = sentences(text, language).into_iter().map(|sentence| sentence.end).collect();
    // Text without sentences is cut between words, or anywhere; but not if there is something else to give.
    let is_alone = fill.len() == 0;
    if ends.len() < 2 && is_alone {
        ends = text.match_indices(char::is_whitespace).map(|(at, _)| at).collect();
    }
    let fits = |end: &&usize| {
        let (text, item) = entry(found, passage, heading, &text[..**end]);
        let tokens = super::tokens::estimate(&text).max(super::tokens::estimate(&item.to_string()));
        tokens < fill.left()
    };
    // Lengths grow, so the longest that fits is found by halves.
    let mut within = ends.partition_point(|end| fits(&end));
    if within == 0 && is_alone && !ends.is_empty() {
        ends = text.char_indices().map(|(at, _)| at).filter(|at| *at > 0).collect();
        within = ends.partition_point(|end| fits(&end));
    }
    let end = match within.checked_sub(1).and_then(|last| ends.get(last)) {
        Some(end) => *end,
        None => return 0,
    };
    let (text, item) = entry(found, passage, heading, &text[..end]);
    if fill.push(&text, item) { end } else { 0 }
}

/// A text with its marks between `**`.
fn marked(text: &str, marks: &[Mark]) -> String {
    let mut out = String::with_capacity(text.len() + marks.len() * 4);
    let mut at = 0;
    for &(start, end) in marks {
        if start < at || end > text.len() || start >= end {
            continue;
        }
        out.push_str(&text[at..start]);
        out.push_str("**");
        out.push_str(&text[start..end]);
        out.push_str("**");
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

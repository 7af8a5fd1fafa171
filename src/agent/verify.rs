//! The tool `verify`: is a quotation in the archive word for word, nearly, or not?

use serde_json::{Map, Value, json};

use super::arguments::{Argument, Kind};
use super::fill::Fill;
use super::{Answer, Call, Refusal, Tool, complete, cut, data, quoted};
use crate::analysis::verify::{DifferenceKind, QuotationPlace, Verdict};
use crate::render::verification::{sentence, told};
use crate::text::tidy;
use crate::vocabulary::parse_id;

pub(super) const TOOL: Tool = Tool {
    name: "verify",
    title: "Verify a quotation",
    about: "Is this quotation in the archive word for word (exact), with a few words changed (near, with the difference), or not \
            (no)? Use it before you quote.",
    arguments: &[
        Argument {
            name: "quotation",
            kind: Kind::Text(64 << 10),
            about: "the words; [...] for what is left out",
            is_required: true,
        },
        Argument { name: "id", kind: Kind::Text(40), about: "only in this article", is_required: false },
    ],
    answer: &[("verdict", "string"), ("articles", "integer"), ("places", "array")],
    run,
};

/// Tokens of an answer.
const MOST: usize = 2_000;

/// Articles that are given.
const PLACES: usize = 5;

/// Differences of a place that are given.
const DIFFERENCES: usize = 8;

fn run(call: &Call<'_>) -> Result<Answer, Refusal> {
    let arguments = &call.arguments;
    let quotation = arguments.text("quotation").unwrap_or_default();
    let searcher = call.agent.searcher()?;
    let mut options = call.options()?;
    options.limit = PLACES;
    if let Some(id) = arguments.text("id") {
        let known =
            parse_id(id).is_some() && searcher.article(id).map_err(|error| call.agent.unreadable(&error))?.is_some();
        if !known {
            let shown = data(&cut(id, 40));
            return Err(Refusal(format!("no article has the id '{shown}': it changed or went; search for its title")));
        }
        options.filters.article = Some(id.to_string());
    }
    let found = searcher.verify(quotation, &options).map_err(|error| match error {
        crate::search::SearchError::Query(error) => Refusal(error.message),
        error => call.agent.failed(error, quotation),
    })?;
    complete(found.degraded)?;
    let mut structured = Map::new();
    structured.insert("verdict".into(), found.verdict.name().into());
    structured.insert("words".into(), found.words.into());
    structured.insert("articles".into(), found.articles.into());
    let mut text = format!("{}: {}", found.verdict.name(), sentence(&found));
    if found.verdict == Verdict::Near {
        text.push_str("\nQuote it as the article has it, not as it was given.");
    }
    let mut fill = Fill::new(MOST, text, structured);
    for place in &found.places {
        // A long one is given shorter rather than not at all.
        let fits = [2_000, 400, 80].into_iter().any(|bytes| {
            let (text, item) = entry(place, quotation, bytes);
            fill.push(&text, item)
        });
        if !fits {
            break;
        }
    }
    let omitted = usize::try_from(found.articles).unwrap_or(usize::MAX).saturating_sub(fill.len());
    Ok(fill.finish("places", omitted, None))
}

/// A place as text and as JSON; what the article has there at most so long, and only if it is not the quotation letter for letter.
fn entry(place: &QuotationPlace, quotation: &str, bytes: usize) -> (String, Value) {
    let facts = &place.article.facts;
    let title = data(&cut(facts.title.as_deref().unwrap_or(""), 160.min(bytes)));
    let mut item = Map::new();
    item.insert("id".into(), place.id().into());
    item.insert("title".into(), title.clone().into());
    let mut about = Vec::new();
    let date = facts.published.as_ref().map(|published| published.day().to_string());
    for (name, value) in [("source", &facts.source), ("date", &date), ("heading", &place.heading)] {
        if let Some(value) = value {
            let value = data(&cut(value, 80));
            about.push(if name == "heading" { format!("§ {value}") } else { value.clone() });
            item.insert(name.into(), value.into());
        }
    }
    let about = if about.is_empty() { String::new() } else { format!(" | {}", about.join(" | ")) };
    let mut text = format!("[{}] {title}{about}", place.id());
    if tidy(&place.text) != tidy(quotation) {
        let lines: Vec<String> = place.text.lines().map(data).collect();
        let words = cut(&lines.join(" "), bytes);
        text.push_str(&format!("\n{}", quoted(&words)));
        item.insert("text".into(), words.into());
    }
    item.insert("edits".into(), place.edits.into());
    let mut differences = Vec::new();
    for difference in place.differences.iter().take(DIFFERENCES) {
        text.push_str(&format!("\ndiffers: {}", cut(&data(&told(difference)), bytes.max(80) / 2)));
        let short = |text: &str| data(&cut(text, bytes.max(80) / 4));
        differences.push(match difference.kind {
            DifferenceKind::Spaces => json!({ "kind": "spaces", "times": difference.times }),
            kind => {
                json!({ "kind": kind.name(), "quotation": short(&difference.quotation), "text": short(&difference.text) })
            }
        });
    }
    let more = place.differences.len().saturating_sub(DIFFERENCES);
    if more > 0 {
        text.push_str(&format!("\nand {more} more differences"));
        item.insert("more_differences".into(), more.into());
    }
    item.insert("differences".into(), differences.into());
    (text, Value::Object(item))
}

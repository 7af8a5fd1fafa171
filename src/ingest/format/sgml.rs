//! SGML of test collections: Reuters-21578 (also as XML), and the TREC collections (AP, WSJ, FT, LA Times, FBIS and
//! others). Files of many documents, which are extracted one by one.

use std::io::BufRead;

use xxhash_rust::xxh3::xxh3_64;

use super::Context;
use super::draft::{Draft, Text};
use super::records::yield_record;
use super::xml::{self, Element, all_below};
use crate::article::date::date_in_path;
use crate::ingest::cut::cut_elements;
use crate::ingest::decode::decode;
use crate::ingest::source::Source;
use crate::ingest::{SkipReason, Yielded};
use crate::model::PublishedFrom;
use crate::text::tidy;

/// The collection of a file.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Collection {
    Reuters,
    Trec,
}

/// Reads a file of documents.
pub(super) fn read(
    collection: Collection,
    source: Source<'_>,
    context: &Context,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let name = source.name.clone();
    let element = if collection == Collection::Reuters { "reuters" } else { "doc" };
    let mut reader = source.reader();
    cut_elements(&mut reader as &mut dyn BufRead, element, context.limits, &mut |number, bytes| {
        let record = bytes.and_then(|bytes| {
            let text = decode(bytes, false)?.text;
            let tree = xml::parse(&xml::from_sgml(&text))?;
            let document = tree.elements().next().ok_or(SkipReason::NoText)?;
            let draft = if collection == Collection::Reuters { reuters(document) } else { trec(document) };
            draft.record(&name, Some(number), xxh3_64(bytes))
        });
        yield_record(record, &format!("record {number}"), sink);
    })
}

/// A `REUTERS` element.
pub(super) fn reuters(document: &Element) -> Draft {
    let mut draft = Draft::default();
    draft.title(document.text_of("title"));
    draft.byline(document.text_of("author"));
    draft.facts.dateline = document
        .text_of("dateline")
        .map(|line| line.trim_end_matches(['-', ' ']).to_string())
        .filter(|line| !line.is_empty());
    draft.published([document.text_at("date").as_deref()]);
    draft.source(Some("Reuters".into()));
    draft.lang(Some("en"));
    draft.id = document.attribute("newid").or(document.attribute("itemid")).map(str::to_string);
    for list in ["topics", "places", "people", "orgs", "exchanges", "companies"] {
        for word in all_below(document.child(list), "d") {
            draft.keyword(&word.text());
        }
    }
    let text = document.child("text");
    let body = text.and_then(|text| text.find("body")).map(Element::text);
    // Unprocessed texts have no elements.
    let bare = || {
        text.map(|text| {
            text.children
                .iter()
                .filter_map(|child| match child {
                    xml::Node::Text(text) => Some(text.as_str()),
                    xml::Node::Element(_) => None,
                })
                .collect::<String>()
        })
    };
    // A document may have no text.
    let mut body = body.or_else(bare).unwrap_or_default();
    if draft.facts.title.is_none() {
        // The first line of an unprocessed text is its title if it is in capitals.
        let first = body.lines().map(str::trim).find(|line| line.chars().any(char::is_alphabetic)).map(str::to_string);
        if let Some(line) = first.filter(|line| !line.chars().any(char::is_lowercase)) {
            body = body.replacen(&line, "", 1);
            draft.title(Some(line));
        }
    }
    draft.text = Text::Bare(without_signature(&dedented(&body)));
    draft
}

/// The text without the signature of the agency in the last line.
fn without_signature(text: &str) -> String {
    let trimmed = text.trim_end();
    let lower = trimmed.to_ascii_lowercase();
    let cut = ["reuter", "reuters"].iter().find_map(|end| lower.strip_suffix(end)).map_or(trimmed.len(), str::len);
    if cut < trimmed.len() && trimmed[..cut].ends_with(['\n', ' ', '\u{3}']) {
        trimmed[..cut].trim_end().to_string()
    } else {
        trimmed.to_string()
    }
}

/// Converts paragraphs with an indented first line, as news wires have them, to paragraphs after blank lines. Their
/// lines are joined, except short ones and rows of tables.
pub(super) fn dedented(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let indented = lines.iter().filter(|line| line.starts_with("   ") && !line.trim().is_empty()).count();
    let full = lines.iter().filter(|line| !line.trim().is_empty()).count();
    // Texts indented throughout, such as tables, are left as they are.
    if indented == 0 || indented * 10 > full * 9 && full > 3 {
        return text.to_string();
    }
    let width = lines.iter().map(|line| line.trim_end().chars().count()).max().unwrap_or(0);
    let has_cells = |line: &str| line.trim().contains("   ") || line.contains('\t');
    let mut out = String::with_capacity(text.len() + indented);
    let mut before = "";
    for line in lines {
        let is_flush = !line.starts_with(char::is_whitespace) && !line.is_empty();
        let continues = is_flush && before.trim_end().chars().count() * 2 > width;
        if continues && !has_cells(before) && !has_cells(line) {
            out.truncate(out.trim_end().len());
            out.push(' ');
        } else if line.starts_with("   ") && !line.starts_with("          ") && !out.is_empty() {
            out.push('\n');
        }
        out.push_str(line.trim());
        out.push('\n');
        before = line;
    }
    out
}

/// A `DOC` element of TREC: fields by the names that the collections use.
pub(super) fn trec(document: &Element) -> Draft {
    let mut draft = Draft::default();
    let first = |names: &[&str]| names.iter().find_map(|name| document.text_of(name));
    draft.id = first(&["docno", "docid", "id"]).or_else(|| document.attribute("id").map(str::to_string));
    let number = draft.id.clone();
    let number = number.as_deref().unwrap_or("");
    let names = ["headline", "head", "hl", "title", "ti", "h3", "doctitle"];
    let head = names.iter().find_map(|name| document.find(name)).map_or_else(String::new, Element::text);
    let Head { title, byline, date: head_date } = Head::read(&head);
    draft.title(title);
    draft.byline(first(&["byline", "au", "author"]).or(byline));
    draft.facts.dateline = first(&["dateline", "dl"]);
    draft.facts.desk = first(&["section", "g"]);
    // `WALL STREET JOURNAL (J), PAGE -16`
    draft.source(
        first(&["source", "so", "pub", "publication"]).and_then(|name| name.split(['(', ',']).next().map(tidy)),
    );
    draft.source(agency(number).map(str::to_string));
    let stated = first(&["date_time", "pubdate", "date1", "date", "dd", "datetime"]);
    let short = stated.as_deref().and_then(six_digits);
    draft.published([
        stated.as_deref().and_then(american).as_deref(),
        short.as_deref(),
        stated.as_deref().map(short_date),
        head_date.as_deref(),
        document.text_of("dateline").as_deref(),
    ]);
    if draft.facts.published.is_none() {
        // AP890101-0001, WSJ870324-0001, FT911-3 (no date), LA010189-0018.
        draft.facts.published = date_in_number(number);
    }
    draft.lang(first(&["language"]).as_deref());
    for name in ["in", "subject", "keyword", "descript"] {
        if let Some(words) = document.text_of(name) {
            super::draft::split_keywords(&words).iter().for_each(|word| draft.keyword(word));
        }
    }
    let mut texts: Vec<&Element> = Vec::new();
    texts_in_order(document, &mut texts);
    if texts.is_empty() {
        texts = document.all("body");
    }
    let marked = texts.iter().any(|text| text.find("p").is_some());
    let body = if marked {
        let paragraphs = texts.iter().flat_map(|text| paragraphs(text)).collect::<Vec<_>>();
        paragraphs.join("\n\n")
    } else {
        texts.iter().map(|text| dedented(&text.text())).collect::<Vec<_>>().join("\n\n")
    };
    let body = if texts.is_empty() { bare_text(document) } else { body };
    draft.text = Text::Bare(body);
    draft
}

/// Collects the elements of text, in document order.
fn texts_in_order<'e>(element: &'e Element, out: &mut Vec<&'e Element>) {
    for child in element.elements() {
        if ["text", "leadpara", "lp", "content"].iter().any(|name| child.is(name)) {
            out.push(child);
        } else {
            texts_in_order(child, out);
        }
    }
}

/// The paragraphs of an element: its `p` elements and the texts between them.
fn paragraphs(text: &Element) -> Vec<String> {
    let mut out = Vec::new();
    let mut open = String::new();
    for child in &text.children {
        match child {
            xml::Node::Text(text) => open.push_str(text),
            xml::Node::Element(element) if element.is("p") => {
                out.push(tidy(&std::mem::take(&mut open)));
                out.extend(paragraphs(element));
            }
            xml::Node::Element(element) => open.push_str(&element.text()),
        }
    }
    out.push(tidy(&open));
    out.retain(|paragraph| !paragraph.is_empty());
    out
}

/// The text that is directly in the document element.
fn bare_text(document: &Element) -> String {
    let texts = document.children.iter().filter_map(|child| match child {
        xml::Node::Text(text) if !text.trim().is_empty() => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// The agency or newspaper of a document number.
fn agency(number: &str) -> Option<&'static str> {
    let letters: String = number.trim().chars().take_while(char::is_ascii_alphabetic).collect();
    Some(match letters.as_str() {
        "AP" => "Associated Press",
        "WSJ" => "Wall Street Journal",
        "FT" => "Financial Times",
        "LA" => "Los Angeles Times",
        "SJMN" => "San Jose Mercury News",
        "FBIS" => "FBIS",
        "XIE" => "Xinhua",
        "NYT" => "New York Times",
        "APW" => "Associated Press",
        _ => return None,
    })
}

/// The date of `January 1, 1989, Sunday, Home Edition`.
fn short_date(text: &str) -> &str {
    let commas: Vec<usize> = text.match_indices(',').map(|(at, _)| at).collect();
    commas.get(1).map_or(text, |&at| &text[..at])
}

/// The headline of a document, which may contain a byline and a date.
#[derive(Default)]
struct Head {
    title: Option<String>,
    byline: Option<String>,
    date: Option<String>,
}

impl Head {
    /// Parses the form of the Financial Times (`FT  04 DEC 92 / Ferry terminal to close`), and that of the Wall Street
    /// Journal (lines that begin with `@`: title, subtitle, a rule, byline).
    fn read(text: &str) -> Head {
        let mut head = Head::default();
        let tidied = tidy(text);
        if let Some((date, title)) = tidied.strip_prefix("FT ").and_then(|rest| rest.split_once(" / ")) {
            let words: Vec<&str> = date.split(' ').collect();
            if let [day, month, year] = words.as_slice() {
                head.date = Some(format!("{day} {month} 19{year}"));
            }
            head.title = Some(title.to_string());
            return head;
        }
        let lines: Vec<String> = text.split(['\n', '@']).map(tidy).filter(|line| !line.is_empty()).collect();
        let by = lines.iter().position(|line| line.to_lowercase().starts_with("by ") && line.len() < 80);
        let rule = lines.iter().position(|line| line.len() > 2 && line.chars().all(|c| c == '-'));
        head.byline = by.filter(|at| *at > 0).map(|at| lines[at].clone());
        let end = rule.or(by.filter(|at| *at > 0)).unwrap_or(lines.len());
        // Lines with `@` are title and subtitle, others continue the title.
        let separator = if text.contains('@') { ": " } else { " " };
        head.title = Some(lines[..end].join(separator));
        head
    }
}

/// Parses `910110`: year, month, day.
fn six_digits(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| format!("{}{}-{}-{}", if text < "50" { "20" } else { "19" }, &text[..2], &text[2..4], &text[4..6]))
}

/// Parses `12/08/86`, the form of the Wall Street Journal: month, day, year.
fn american(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.trim().split('/').collect();
    let [month, day, year] = parts.as_slice() else { return None };
    let two = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    let whole = two(month) && two(day) && two(year);
    whole.then(|| format!("{}{year}-{month}-{day}", if *year < "50" { "20" } else { "19" }))
}

/// The date in a document number.
fn date_in_number(number: &str) -> Option<crate::model::Published> {
    // Gigaword: AFP_ENG_19940512.0004.
    let number = number.trim().rsplit_once('_').map_or(number, |(_, rest)| rest);
    let digits: String =
        number.trim().chars().skip_while(char::is_ascii_alphabetic).take_while(char::is_ascii_digit).collect();
    let (a, b, c) = (digits.get(..2)?, digits.get(2..4)?, digits.get(4..6)?);
    let whole = match digits.len() {
        8 => digits.clone(),
        // The Los Angeles Times writes month, day, year.
        6 if number.trim().starts_with("LA") => format!("19{c}{a}{b}"),
        6 => format!("{}{a}{b}{c}", if a < "70" { "20" } else { "19" }),
        _ => return None,
    };
    date_in_path(&format!("{}-{}-{}", &whole[..4], &whole[4..6], &whole[6..8]), PublishedFrom::Metadata)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indented_paragraphs_are_joined() {
        let tape = "Halden dockers went back to work at the port of\nNorthbridge, the union said.\n    \
                    Orders for ships placed in\nNovember fell, a spokesman for the yards said on the\nphone.\n    \
                    Talks go on.\n    Herring    4,300    4,310\nCod        9,120    9,200\n";
        assert_eq!(
            dedented(tape),
            "Halden dockers went back to work at the port of Northbridge, the union said.\n\n\
             Orders for ships placed in November fell, a spokesman for the yards said on the phone.\n\n\
             Talks go on.\n\nHerring    4,300    4,310\nCod        9,120    9,200\n"
        );
    }
}

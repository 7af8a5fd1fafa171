//! Passages to tantivy documents and back.

use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;
use tantivy::schema::Value;
use xxhash_rust::xxh3::xxh3_64;

use super::schema::{Column, Fields, TextField};
use super::tokenizer::value;
use crate::article::front::tidy;
use crate::article::lines::LineNumbers;
use crate::article::{Article, BoilerplateKind, Facts, Passage, Section};
use crate::ingest::decode::TextMap;
use crate::ingest::{Record, RecordId};
use crate::text::fold::fold_value;

/// What is stored of an article, once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredArticle {
    /// Path as the folder was given.
    pub path: String,
    /// Number or id of the record in its file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// Is `record` the record's own id, not its number?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_id: bool,
    /// Hash of its bytes.
    pub hash: u64,
    /// How many passages it has.
    pub passages: u32,
    /// Its facts.
    #[serde(flatten)]
    pub facts: Facts,
}

/// What is stored of a passage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredPassage {
    /// 0, 1, 2 in its article.
    #[serde(rename = "p")]
    pub ordinal: u32,
    /// Ordinal of its section.
    #[serde(rename = "s")]
    pub section: u32,
    /// Heading of the section.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    /// Level of the heading, 0 without one.
    #[serde(rename = "l", default, skip_serializing_if = "is_zero")]
    pub level: u8,
    /// The headings above.
    #[serde(rename = "u", default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<String>,
    /// What kind of boilerplate it is, if it is.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub boilerplate: Option<BoilerplateKind>,
    /// Place in the file, where the passage is a stretch of it.
    #[serde(rename = "@", default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The text.
    #[serde(rename = "t")]
    pub text: String,
    /// Byte ranges of the text that are markup, not words.
    #[serde(rename = "m", default, skip_serializing_if = "Vec::is_empty")]
    pub markup: Vec<(u32, u32)>,
}

/// Where a passage stands in its file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// First byte.
    pub start: u64,
    /// Behind the last byte.
    pub end: u64,
    /// First line, 1-based.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(level: &u8) -> bool {
    *level == 0
}

/// Where an article came from.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// Key of its file, see [`super::manifest::file_key`].
    pub file: u64,
    /// Path as it is shown.
    pub path: &'a str,
    /// The bytes of the file, where the article is a stretch of them.
    pub bytes: &'a [u8],
}

/// An article as documents, and what it counts.
pub struct ArticleDocuments {
    /// A document a passage, in order; then one for each piece of boilerplate.
    pub documents: Vec<TantivyDocument>,
    /// How many of them are passages, not boilerplate.
    pub passages: usize,
    /// How many sections.
    pub sections: usize,
    /// Its language.
    pub language: crate::text::Language,
}

/// Makes the documents of a record.
#[must_use]
pub fn documents(fields: &Fields, record: Record, origin: Origin<'_>) -> ArticleDocuments {
    let Record { id, raw, map, hash } = record;
    let article = Article::assemble(raw);
    let language = article.language;
    let passages = article.passages();
    // Boilerplate stands behind the passages, as a section of its own; an article of nothing else has none.
    let boilerplate = if passages.is_empty() { Vec::new() } else { boilerplate_passages(&article) };
    let all: Vec<&Passage> = passages.iter().chain(&boilerplate).collect();
    let places = map.map(|map| places(&article, &map, origin.bytes, &all));
    let stored = StoredArticle {
        path: origin.path.to_string(),
        record: id.as_ref().map(RecordId::text),
        own_id: matches!(id, Some(RecordId::Own(_))),
        hash,
        passages: u32::try_from(passages.len()).unwrap_or(u32::MAX),
        facts: article.facts.clone(),
    };
    let none = Section::default();
    let mut documents = Vec::with_capacity(all.len());
    let mut section_head = 0;
    for (i, passage) in all.iter().enumerate() {
        let mut document = TantivyDocument::default();
        document.add_u64(fields.file, origin.file);
        document.add_u64(fields.article_back, i as u64);
        if i == 0 {
            document.add_u64(fields.article_len, all.len() as u64);
            add_article(&mut document, fields, &article, &stored);
        }
        let kind = i.checked_sub(passages.len()).map(|i| article.boilerplate[i].kind);
        let section = article.sections.get(passage.section).unwrap_or(&none);
        let first_of_section = i == 0 || all[i - 1].section != passage.section;
        if first_of_section {
            section_head = i;
            let length = all[i..].iter().take_while(|other| other.section == passage.section).count();
            document.add_u64(fields.section_len, length as u64);
            match kind {
                None => add_section(&mut document, fields, &article, section),
                Some(_) => document.add_text(fields.whole, BOILERPLATE_KEY),
            }
        }
        document.add_u64(fields.section_back, (i - section_head) as u64);
        let words = article.words_of(&passage.span);
        let field = if kind.is_some() { TextField::Boilerplate } else { TextField::Body };
        // A section that is only its heading is found by the heading.
        if kind.is_some() || section.heading.as_ref() != Some(&passage.span) {
            document.add_text(fields.text(field), value(language, &words));
        }
        let stored = StoredPassage {
            ordinal: i as u32,
            section: passage.section as u32,
            heading: section.heading.as_ref().map(|span| tidy(&article.words_of(span))),
            level: section.level,
            trail: section.trail.clone(),
            boilerplate: kind,
            place: places.as_ref().map(|places| places[i]),
            text: article.text[passage.span.clone()].to_string(),
            markup: markup_in(&article, &passage.span),
        };
        document.add_bytes(fields.stored_passage, &to_json(&stored));
        documents.push(document);
    }
    ArticleDocuments { documents, passages: passages.len(), sections: article.sections.len(), language }
}

/// The term at the head of the section that holds an article's boilerplate.
pub const BOILERPLATE_KEY: &str = "is=boilerplate";

fn boilerplate_passages(article: &Article) -> Vec<Passage> {
    let section = article.sections.len();
    article.boilerplate.iter().map(|boilerplate| Passage { section, span: boilerplate.span.clone() }).collect()
}

/// Serializing plain structs of strings and numbers cannot fail.
fn to_json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

fn markup_in(article: &Article, span: &std::ops::Range<usize>) -> Vec<(u32, u32)> {
    let first = article.markup.partition_point(|range| range.end <= span.start);
    let inside = article.markup[first..].iter().take_while(|range| range.start < span.end);
    inside
        .map(|range| ((range.start.max(span.start) - span.start) as u32, (range.end.min(span.end) - span.start) as u32))
        .collect()
}

fn places(article: &Article, map: &TextMap, bytes: &[u8], passages: &[&Passage]) -> Vec<Place> {
    let numbers = LineNumbers::new(&article.text);
    let mut places = map.places(&article.text, bytes);
    passages
        .iter()
        .map(|passage| {
            let range = places.of_span(&passage.span);
            let (line, end_line) = numbers.of_span(&passage.span);
            Place { start: range.start as u64, end: range.end as u64, line: line as u32, end_line: end_line as u32 }
        })
        .collect()
}

fn add_article(document: &mut TantivyDocument, fields: &Fields, article: &Article, stored: &StoredArticle) {
    let facts = &article.facts;
    document.add_u64(fields.article, stored.hash);
    let order = format!("{}\0{}", stored.path, stored.record.as_deref().unwrap_or_default());
    document.add_u64(fields.order, xxh3_64(order.as_bytes()));
    if let Some(seconds) = facts.published.as_ref().and_then(crate::article::Published::seconds) {
        document.add_i64(fields.date, seconds);
    }
    let texts = [
        (TextField::Title, facts.title.as_deref()),
        (TextField::Byline, facts.byline.as_deref()),
        (TextField::Dateline, facts.dateline.as_deref()),
        (TextField::Source, facts.source.as_deref()),
        (TextField::Desk, facts.desk.as_deref()),
        (TextField::Url, facts.url.as_deref()),
        (TextField::Path, Some(stored.path.as_str())),
        (TextField::Lang, facts.lang.as_deref()),
    ];
    for (field, text) in texts {
        if let Some(text) = text {
            add_value(document, fields, article, field, text);
        }
    }
    let columns = [
        (Column::Path, Some(stored.path.as_str())),
        (Column::Source, facts.source.as_deref()),
        (Column::Desk, facts.desk.as_deref()),
        (Column::Byline, facts.byline.as_deref()),
        (Column::Lang, facts.lang.as_deref()),
    ];
    for (column, text) in columns {
        if let Some(text) = text {
            document.add_text(fields.column(column), bounded(text));
        }
    }
    document.add_bytes(fields.stored_article, &to_json(stored));
}

fn add_section(document: &mut TantivyDocument, fields: &Fields, article: &Article, section: &Section) {
    if let Some(span) = &section.heading {
        let heading = tidy(&article.words_of(span));
        add_value(document, fields, article, TextField::Heading, &heading);
        document.add_text(fields.column(Column::Heading), bounded(&heading));
    }
    for heading in &section.trail {
        add_value(document, fields, article, TextField::Under, heading);
    }
}

/// Indexes a fact by its words and as a whole.
fn add_value(document: &mut TantivyDocument, fields: &Fields, article: &Article, field: TextField, text: &str) {
    document.add_text(fields.text(field), value(article.language, text));
    document.add_text(fields.whole, whole_key(field, text));
}

/// `field=value`, the value folded: the term under which a whole value is found.
#[must_use]
pub fn whole_key(field: TextField, text: &str) -> String {
    format!("{}={}", field.name(), bounded(&whole_value(field, text)))
}

/// A whole value in the form in which two are compared. In paths and URLs every sign counts.
#[must_use]
pub fn whole_value(field: TextField, text: &str) -> String {
    match field {
        TextField::Path | TextField::Url => text.to_lowercase(),
        _ => fold_value(text),
    }
}

/// Values are terms, and terms are bounded; the beginning of a longer value stands for it.
fn bounded(text: &str) -> &str {
    const MOST_BYTES: usize = 1_000;
    &text[..text.floor_char_boundary(MOST_BYTES)]
}

impl StoredArticle {
    /// Reads it from a document, if the document is an article's head.
    #[must_use]
    pub fn from_document(fields: &Fields, document: &TantivyDocument) -> Option<StoredArticle> {
        serde_json::from_slice(document.get_first(fields.stored_article)?.as_bytes()?).ok()
    }

    /// The id of its passage `ordinal`, or of the article.
    #[must_use]
    pub fn id(&self, ordinal: Option<u32>) -> String {
        let article = id_text(self.hash);
        ordinal.map_or_else(|| article.clone(), |ordinal| format!("{article}.{ordinal}"))
    }
}

impl StoredPassage {
    /// Reads it from a document.
    #[must_use]
    pub fn from_document(fields: &Fields, document: &TantivyDocument) -> Option<StoredPassage> {
        serde_json::from_slice(document.get_first(fields.stored_passage)?.as_bytes()?).ok()
    }

    /// The text with markup made blank: what its words are cut from.
    #[must_use]
    pub fn words(&self) -> String {
        crate::article::blank(&self.text, self.markup.iter().map(|&(start, end)| start as usize..end as usize))
    }
}

/// Letters and digits that cannot be taken for one another (Crockford's base 32).
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A hash as the 13 characters of an id.
#[must_use]
pub fn id_text(hash: u64) -> String {
    (0..13).rev().map(|i| char::from(DIGITS[((hash >> (i * 5)) & 31) as usize])).collect()
}

/// Reads an id: the article's hash, and the passage if it names one.
#[must_use]
pub fn parse_id(text: &str) -> Option<(u64, Option<u32>)> {
    let (article, passage) = match text.split_once('.') {
        Some((article, passage)) => (article, Some(passage.parse().ok()?)),
        None => (text, None),
    };
    if article.len() != 13 {
        return None;
    }
    let mut hash: u64 = 0;
    for byte in article.bytes() {
        let digit = DIGITS.iter().position(|&digit| digit == byte.to_ascii_lowercase())?;
        hash = (hash << 5) | digit as u64;
    }
    Some((hash, passage))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_back() {
        for hash in [0, 1, u64::MAX, 0x0123_4567_89ab_cdef] {
            assert_eq!(parse_id(&id_text(hash)), Some((hash, None)));
            assert_eq!(parse_id(&format!("{}.12", id_text(hash))), Some((hash, Some(12))));
        }
        for text in ["", "abc", "0123456789abu", "0123456789abc.x", "0123456789abcd"] {
            assert_eq!(parse_id(text), None, "{text}");
        }
    }
}

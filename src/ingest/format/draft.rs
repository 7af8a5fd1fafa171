//! An article as a format states it, before it becomes a record.

use super::blocks::Body;
use crate::article::date::{PublishedFrom, date_in_path};
use crate::article::front::{tidy, without_opener};
use crate::article::{BlockKind, Facts, Published, RawArticle};
use crate::ingest::{Record, RecordId, SkipReason};
use crate::text::Language;
use crate::text::fold::fold_value;

/// The text of a draft.
#[derive(Debug, Clone)]
pub(super) enum Text {
    /// Bare, as it would stand in a text file.
    Bare(String),
    /// Blocks whose marks are the author's word.
    Blocks(Body),
    /// Blocks whose marks are hints, as pages have them.
    Page(Body),
}

impl Default for Text {
    fn default() -> Self {
        Text::Blocks(Body::default())
    }
}

/// What a format says of one article.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    /// The provider's own id.
    pub(super) id: Option<String>,
    /// Facts stated.
    pub(super) facts: Facts,
    /// The text that stands between title and body.
    pub(super) standfirst: Option<String>,
    /// Embargoes, corrections, notes to editors.
    pub(super) notes: Vec<String>,
    /// The body.
    pub(super) text: Text,
    /// May the first line of the body be the title? Documents hold it so, items of news never do.
    pub(super) title_open: bool,
}

impl Draft {
    /// Sets facts from what the format says in words; empty words say nothing.
    pub(super) fn title(&mut self, text: Option<String>) -> &mut Self {
        set(&mut self.facts.title, text);
        self
    }

    /// Who wrote it; the word before the name is dropped.
    pub(super) fn byline(&mut self, text: Option<String>) -> &mut Self {
        set(&mut self.facts.byline, text.map(|name| without_opener(&tidy(&name))));
        self
    }

    /// The newspaper or agency.
    pub(super) fn source(&mut self, text: Option<String>) -> &mut Self {
        set(&mut self.facts.source, text.filter(|name| name.chars().any(char::is_alphanumeric)));
        self
    }

    /// The language by any tag.
    pub(super) fn lang(&mut self, tag: Option<&str>) -> &mut Self {
        let code = tag.and_then(|tag| Language::from_code(tag).known_code().map(str::to_string));
        set(&mut self.facts.lang, code);
        self
    }

    /// When it was published: the first text that is a date.
    pub(super) fn published<'t>(&mut self, texts: impl IntoIterator<Item = Option<&'t str>>) -> &mut Self {
        if self.facts.published.is_none() {
            self.facts.published = first_date(texts);
        }
        self
    }

    /// When it was changed, if that is another time than its publication.
    pub(super) fn updated<'t>(&mut self, texts: impl IntoIterator<Item = Option<&'t str>>) -> &mut Self {
        let updated = first_date(texts);
        if updated.as_ref().map(|date| &date.value) != self.facts.published.as_ref().map(|date| &date.value) {
            self.facts.updated = updated;
        }
        self
    }

    /// Adds a keyword, once.
    pub(super) fn keyword(&mut self, word: &str) {
        const MOST: usize = 50;
        let word = tidy(word);
        if !word.is_empty() && self.facts.keywords.len() < MOST && !self.facts.keywords.contains(&word) {
            self.facts.keywords.push(word);
        }
    }

    /// Is there text beside the facts?
    pub(super) fn has_text(&self) -> bool {
        let body = match &self.text {
            Text::Bare(text) => !text.trim().is_empty(),
            Text::Blocks(body) | Text::Page(body) => !body.blocks.is_empty(),
        };
        body || self.standfirst.is_some()
    }

    /// The article; `number` is its place among the records of its file, `name` the file's.
    pub(super) fn record(self, name: &str, number: Option<usize>, hash: u64) -> Result<Record, SkipReason> {
        if !self.has_text() && self.facts.title.is_none() {
            return Err(SkipReason::NoText);
        }
        let id = self.id.clone().map(|id| tidy(&id)).filter(|id| !id.is_empty()).map(RecordId::Own);
        let id = id.or(number.map(RecordId::Number));
        Ok(Record { id, raw: self.raw(name), map: None, hash })
    }

    fn raw(self, name: &str) -> RawArticle {
        let Draft { facts, standfirst, notes, text, title_open, .. } = self;
        let mut raw = match text {
            Text::Bare(text) => {
                let mut whole = String::new();
                if let Some(standfirst) = standfirst.filter(|first| !begins_with(&text, first)) {
                    whole.push_str(&standfirst);
                    whole.push_str("\n\n");
                }
                whole.push_str(&text);
                for note in notes {
                    whole.push_str("\n\n");
                    whole.push_str(&note);
                }
                RawArticle { text: whole, ..RawArticle::default() }
            }
            Text::Blocks(mut body) => {
                frame(&mut body, standfirst, notes);
                body.into_raw()
            }
            Text::Page(mut body) => {
                frame(&mut body, standfirst, notes);
                body.into_page()
            }
        };
        raw.path_date = facts
            .url
            .as_deref()
            .and_then(|url| date_in_path(url, PublishedFrom::Url))
            .or_else(|| date_in_path(name, PublishedFrom::Path));
        raw.facts = facts;
        raw.title_known = !title_open;
        raw
    }
}

/// Puts what stands beside the body around it.
fn frame(body: &mut Body, standfirst: Option<String>, notes: Vec<String>) {
    if let Some(standfirst) = standfirst.filter(|first| !begins_with(&body.text, first)) {
        body.prepend(BlockKind::Paragraph, &standfirst);
    }
    for note in notes {
        body.append(BlockKind::Item, &note);
    }
}

/// Does the text begin with these words? Many formats repeat the lede as a summary.
fn begins_with(text: &str, first: &str) -> bool {
    let first = fold_value(first.trim_end_matches(['…', '.', ' ']));
    let head = &text[..text.floor_char_boundary(first.len() * 2 + 200)];
    !first.is_empty() && fold_value(head).contains(&first)
}

fn set(fact: &mut Option<String>, text: Option<String>) {
    if fact.is_none() {
        *fact = text.map(|text| tidy(&text)).filter(|text| !text.is_empty());
    }
}

/// The first of the texts that states a date.
pub(super) fn first_date<'t>(texts: impl IntoIterator<Item = Option<&'t str>>) -> Option<Published> {
    texts
        .into_iter()
        .flatten()
        .map(str::trim)
        .find_map(|text| rfc_2822(text).or_else(|| Published::parse(text, PublishedFrom::Metadata)))
}

/// `Fri, 15 Sep 2023 18:30:00 +0200`, as feeds and mail write dates.
fn rfc_2822(text: &str) -> Option<Published> {
    let zoned = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_zoned_datetime(text).ok()?;
    let offset = if zoned.offset() == jiff::tz::Offset::UTC { "Z".into() } else { zoned.strftime("%:z").to_string() };
    let stated = format!("{}{offset}", zoned.strftime("%Y-%m-%dT%H:%M:%S"));
    Published::parse(&stated, PublishedFrom::Metadata)
}

//! An article as its format states it, before it becomes a record.

use super::blocks::Body;
use crate::article::date::date_in_path;
use crate::article::front::without_opener;
use crate::article::{BlockKind, Markup, Prepared, RawArticle, front, heading, layout, prepare};
use crate::ingest::{Record, RecordId, SkipReason};
use crate::model::PublishedFrom;
use crate::model::{BoilerplateKind, Facts, Published, StatedBy};
use crate::text::Language;
use crate::text::fold::fold_value;
use crate::text::tidy;

/// The text of a draft.
#[derive(Debug, Clone)]
pub(super) enum Text {
    /// Plain, as in a text file.
    Bare(String),
    /// Blocks whose headings are certain.
    Blocks(Body),
    /// Blocks whose markup is evidence for headings, as in pages.
    Page(Body),
}

impl Default for Text {
    fn default() -> Self {
        Text::Blocks(Body::default())
    }
}

/// What a format states of one article.
///
/// The `Debug` form is hashed for records of files of many (`yield_drafts`): a renamed field makes all of them look changed.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    /// The id that the provider states.
    pub(super) id: Option<String>,
    /// The stated facts.
    pub(super) facts: Facts,
    /// The text between title and body.
    pub(super) standfirst: Option<String>,
    /// Corrections and notes that are part of the story.
    pub(super) notes: Vec<String>,
    /// Embargoes, contacts, notes to editors: appended as boilerplate, not part of the story.
    pub(super) desk_notes: Vec<String>,
    /// The body.
    pub(super) text: Text,
    /// May the first line of the body be the title? True for documents, false for news items.
    pub(super) title_open: bool,
    /// Which fields the facts were read from, in records of named fields.
    pub(super) stated_by: Vec<StatedBy>,
}

impl Draft {
    /// Sets the title, unless it is known. This and all other facts ignore empty text.
    pub(super) fn title(&mut self, text: Option<String>) -> &mut Self {
        set(&mut self.facts.title, text);
        self
    }

    /// Sets the byline without its opening word, unless it is known.
    pub(super) fn byline(&mut self, text: Option<String>) -> &mut Self {
        set(&mut self.facts.byline, text.map(|name| without_opener(&tidy(&name))));
        self
    }

    /// Sets the dateline without the dash after it, unless it is known.
    pub(super) fn dateline(&mut self, text: Option<String>) -> &mut Self {
        let place = text.map(|line| line.trim_end_matches([' ', '\n', '-', '–', '—', '_']).to_string());
        set(&mut self.facts.dateline, place);
        self
    }

    /// Sets the newspaper or agency, unless it is known. A name replaces a host.
    pub(super) fn source(&mut self, text: Option<String>) -> &mut Self {
        let name = text.filter(|name| name.chars().any(char::is_alphanumeric));
        if name.as_deref().is_some_and(|name| !is_host(name)) && self.facts.source.as_deref().is_some_and(is_host) {
            self.facts.source = None;
        }
        set(&mut self.facts.source, name);
        self
    }

    /// Adds a note to editors, unless another contains it.
    pub(super) fn desk_note(&mut self, text: &str) {
        let note = tidy(text);
        let folded = fold_value(&note);
        if !note.is_empty() && !self.desk_notes.iter().any(|other| fold_value(other).contains(&folded)) {
            self.desk_notes.push(note);
        }
    }

    /// Sets the language from a tag, unless it is known.
    pub(super) fn lang(&mut self, tag: Option<&str>) -> &mut Self {
        let code = tag.and_then(|tag| Language::from_code(tag).known_code().map(str::to_string));
        set(&mut self.facts.lang, code);
        self
    }

    /// Sets the date of publication to the first text that is a date, unless it is known.
    pub(super) fn published<'t>(&mut self, texts: impl IntoIterator<Item = Option<&'t str>>) -> &mut Self {
        if self.facts.published.is_none() {
            self.facts.published = first_date(texts);
        }
        self
    }

    /// Sets the date of the last change to the first text that is a date, unless that is the date of publication.
    pub(super) fn updated<'t>(&mut self, texts: impl IntoIterator<Item = Option<&'t str>>) -> &mut Self {
        let updated = first_date(texts);
        if updated.as_ref().map(|date| &date.value) != self.facts.published.as_ref().map(|date| &date.value) {
            self.facts.updated = updated;
        }
        self
    }

    /// Adds a keyword, unless it is known.
    pub(super) fn keyword(&mut self, word: &str) {
        const MOST: usize = 50;
        let word = tidy(word);
        if !word.is_empty() && self.facts.keywords.len() < MOST && !self.facts.keywords.contains(&word) {
            self.facts.keywords.push(word);
        }
    }

    /// Is there a standfirst or a body?
    pub(super) fn has_text(&self) -> bool {
        let body = match &self.text {
            Text::Bare(text) => !text.trim().is_empty(),
            Text::Blocks(body) | Text::Page(body) => !body.blocks.is_empty(),
        };
        body || self.standfirst.is_some()
    }

    /// The record. `number` is its number in the file, `name` the path of the file.
    pub(super) fn record(self, name: &str, number: Option<usize>, hash: u64) -> Result<Record, SkipReason> {
        if !self.has_text() && self.facts.title.is_none() {
            return Err(SkipReason::NoText);
        }
        let id = self.id.clone().map(|id| tidy(&id)).filter(|id| !id.is_empty()).map(RecordId::Own);
        let id = id.or(number.map(RecordId::Number));
        Ok(Record { id, raw: self.raw(name), map: None, hash })
    }

    fn raw(self, name: &str) -> RawArticle {
        let Draft { mut facts, standfirst, notes, desk_notes, text, title_open, stated_by, .. } = self;
        if standfirst.is_some() {
            facts.dateline = facts.dateline.take().or_else(|| dateline_of(&text));
        }
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
                if desk_notes.is_empty() {
                    RawArticle { text: whole, ..RawArticle::default() }
                } else {
                    let (body, found) = bare_blocks(whole, &facts, title_open);
                    facts.fill_from(found);
                    with_desk_notes(body, &desk_notes).into_raw()
                }
            }
            Text::Blocks(mut body) => {
                frame(&mut body, facts.title.as_deref(), standfirst, notes);
                with_desk_notes(body, &desk_notes).into_raw()
            }
            Text::Page(mut body) => {
                frame(&mut body, facts.title.as_deref(), standfirst, notes);
                with_desk_notes(body, &desk_notes).into_page()
            }
        };
        raw.path_date = facts
            .url
            .as_deref()
            .and_then(|url| date_in_path(url, PublishedFrom::Url))
            // The file of a service that saves articles is named after the day of the export.
            .or_else(|| date_in_path(name, PublishedFrom::Path).filter(|_| facts.saved.is_none()));
        raw.facts = facts;
        raw.title_known = !title_open;
        raw.stated_by = stated_by;
        raw
    }
}

/// Adds standfirst and notes to the body.
fn frame(body: &mut Body, title: Option<&str>, standfirst: Option<String>, notes: Vec<String>) {
    if let Some(title) = title {
        body.drop_title(title);
    }
    if let Some(standfirst) = standfirst.filter(|first| !begins_with(&body.text, first)) {
        standfirst.rsplit("\n\n").for_each(|paragraph| body.prepend(BlockKind::Paragraph, paragraph));
    }
    for note in notes {
        body.append(BlockKind::Item, &note);
    }
}

/// The dateline at the beginning of a text, which would not be found below a standfirst.
fn dateline_of(text: &Text) -> Option<String> {
    let (text, mut blocks) = match text {
        Text::Bare(text) => (text, layout::blocks(text)),
        Text::Blocks(body) | Text::Page(body) => (&body.text, body.blocks.clone()),
    };
    front::read(text, &mut blocks, &Facts::default(), true, true).facts.dateline
}

/// Appends notes to editors as boilerplate.
fn with_desk_notes(mut body: Body, notes: &[String]) -> Body {
    for note in notes {
        body.append(BlockKind::Boilerplate(BoilerplateKind::Metadata), note);
    }
    body
}

/// The blocks of plain text, and the facts at its top. Found before notes are appended, which would influence the result.
fn bare_blocks(text: String, facts: &Facts, title_open: bool) -> (Body, Facts) {
    let mut raw = RawArticle { text, facts: facts.clone(), title_known: !title_open, ..RawArticle::default() };
    let Prepared { mut blocks, facts, .. } = prepare(&raw);
    heading::mark(&raw.text, &mut blocks, None);
    if !raw.text.ends_with('\n') {
        raw.text.push('\n');
    }
    let marks = vec![Markup::default(); blocks.len()];
    (Body { text: raw.text, blocks, marks }, facts)
}

/// The keywords of one string: separated by semicolons, or by commas if there are none.
pub(super) fn split_keywords(text: &str) -> Vec<String> {
    let separator = if text.contains(';') { ';' } else { ',' };
    text.split(separator).map(tidy).filter(|word| !word.is_empty()).collect()
}

/// Is it a host name or URL, not the name of a newspaper?
pub(super) fn is_host(name: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "com", "org", "net", "info", "news", "io", "tv", "eu", "uk", "us", "ca", "au", "nz", "in", "ie", "de", "at",
        "ch", "fr", "be", "nl", "it", "es", "pt", "br", "mx", "pl", "cz", "ru", "se", "no", "dk", "fi", "jp", "cn",
        "kr",
    ];
    let name = name.trim().to_ascii_lowercase();
    if name.contains("://") {
        return true;
    }
    let host = name.split_once('/').map_or(name.as_str(), |(host, _)| host);
    let written = host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':'));
    let ending = host.rsplit('.').next().is_some_and(|ending| ENDINGS.contains(&ending));
    written && host.contains('.') && (ending || host.starts_with("www."))
}

/// Is `first` at the beginning of the text? Many formats repeat the lede as a summary.
pub(super) fn begins_with(text: &str, first: &str) -> bool {
    let first = fold_value(first.trim_end_matches(['…', '.', ' ', '[', ']']));
    let head = &text[..text.floor_char_boundary(first.len() * 2 + 200)];
    !first.is_empty() && fold_value(head).contains(&first)
}

/// Sets a fact, unless it is known.
fn set(fact: &mut Option<String>, text: Option<String>) {
    if fact.is_none() {
        *fact = text.map(|text| tidy(&text)).filter(|text| !text.is_empty());
    }
}

/// The date of the first text that is one.
pub(super) fn first_date<'t>(texts: impl IntoIterator<Item = Option<&'t str>>) -> Option<Published> {
    texts
        .into_iter()
        .flatten()
        .map(str::trim)
        .find_map(|text| rfc_2822(text).or_else(|| Published::parse(text, PublishedFrom::Metadata).map(zoned(text))))
}

/// Adds the zone at the end of `text` (`+0100`) to a date parsed without it: the RFC 2822 form with day and month in
/// another language than English.
fn zoned(text: &str) -> impl Fn(Published) -> Published {
    let zone = text.split_whitespace().next_back().filter(|zone| {
        zone.len() == 5 && zone.starts_with(['+', '-']) && zone[1..].bytes().all(|byte| byte.is_ascii_digit())
    });
    move |date| {
        let stated = zone.filter(|_| date.value.len() == "2023-09-15T18:30:00".len());
        let stated = stated.map(|zone| format!("{}{}:{}", date.value, &zone[..3], &zone[3..]));
        stated.and_then(|text| Published::parse(&text, PublishedFrom::Metadata)).unwrap_or(date)
    }
}

/// Parses the date form of feeds and mail: `Fri, 15 Sep 2023 18:30:00 +0200`.
fn rfc_2822(text: &str) -> Option<Published> {
    let zoned = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_zoned_datetime(text).ok()?;
    let offset = if zoned.offset() == jiff::tz::Offset::UTC { "Z".into() } else { zoned.strftime("%:z").to_string() };
    let stated = format!("{}{offset}", zoned.strftime("%Y-%m-%dT%H:%M:%S"));
    Published::parse(&stated, PublishedFrom::Metadata)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::SplitArticle;

    #[test]
    fn hosts_and_names() {
        for (name, host) in [
            ("courier.example.com", true),
            ("Www.Courier.De", true),
            ("https://courier.example/feed", true),
            ("Halden Courier", false),
            ("Halden Courier.com Ltd", false),
            ("J.R. Holm", false),
            ("J.R.", false),
            ("dpa", false),
        ] {
            assert_eq!(is_host(name), host, "{name}");
        }
    }

    #[test]
    fn a_name_replaces_a_host() {
        for (stated, expected) in [
            (["courier.example.com", "Halden Courier"], "Halden Courier"),
            (["Halden Courier", "courier.example.com"], "Halden Courier"),
            (["courier.example.com", "www.courier.de"], "courier.example.com"),
        ] {
            let mut draft = Draft::default();
            stated.iter().for_each(|name| _ = draft.source(Some((*name).to_string())));
            assert_eq!(draft.facts.source.as_deref(), Some(expected), "{stated:?}");
        }
    }

    #[test]
    fn dates_keep_their_zones() {
        for (text, expected) in [
            ("Fri, 15 Sep 2023 18:30:00 +0200", "2023-09-15T18:30:00+02:00"),
            ("ven, 15 set 2023 18:30:00 +0200", "2023-09-15T18:30:00+02:00"),
            ("Fr, 15 Sep 2023 18:30:00 -0430", "2023-09-15T18:30:00-04:30"),
            ("2023-09-15T18:30:00Z", "2023-09-15T18:30:00Z"),
        ] {
            assert_eq!(first_date([Some(text)]).map(|date| date.value).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn datelines_end_before_the_dash() {
        for (line, expected) in
            [("Halden (dpa) - ", Some("Halden (dpa)")), ("HALDEN March 9 –", Some("HALDEN March 9")), (" - ", None)]
        {
            let mut draft = Draft::default();
            draft.dateline(Some(line.into()));
            assert_eq!(draft.facts.dateline.as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn the_dateline_below_a_standfirst_is_found() {
        let mut marked = Body::default();
        marked.append(BlockKind::Paragraph, "HALDEN (dpa) - Dockers walked out on Monday.");
        for text in [Text::Bare("HALDEN (dpa) - Dockers walked out on Monday.".into()), Text::Blocks(marked)] {
            let standfirst = Some("Talks have failed.".to_string());
            let draft = Draft { text, standfirst, ..Draft::default() };
            let article = SplitArticle::assemble(draft.record("a", None, 0).expect("an article").raw);
            assert_eq!(article.facts.dateline.as_deref(), Some("HALDEN (dpa)"));
        }
    }

    #[test]
    fn notes_to_editors_are_boilerplate() {
        let text = "Dockers at the port of Halden walked out on Monday after talks had failed, the union said.";
        let mut marked = Body::default();
        marked.append(BlockKind::Heading(1), "Dockers walk out");
        marked.append(BlockKind::Paragraph, text);
        for body in [Text::Bare(text.into()), Text::Blocks(marked.clone()), Text::Page(marked)] {
            let mut draft = Draft { text: body, ..Draft::default() };
            draft.title(Some("Dockers walk out".into()));
            draft.desk_note("Desk: Mara Lindqvist, +47 555 0100");
            draft.desk_note("Mara Lindqvist, +47 555 0100");
            let article = SplitArticle::assemble(draft.record("a", None, 0).expect("an article").raw);
            let paragraphs: Vec<&str> =
                article.sections.iter().flat_map(|s| &s.paragraphs).map(|span| &article.text[span.clone()]).collect();
            assert_eq!(paragraphs, [text]);
            assert_eq!(article.sections.len(), 1);
            let notes = article.boilerplate.iter().map(|b| &article.text[b.span.clone()]);
            assert_eq!(notes.filter(|note| note.contains("555")).count(), 1);
        }
    }
}

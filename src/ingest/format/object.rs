//! Facts of an object, by the names of its fields and by their values: each field has a score for each fact that its name
//! may denote, and the highest whose value fits is taken.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::draft::{begins_with, is_host, split_keywords};
use super::names::{self, Known, Role};
use super::values::{self, Prose, address, date, is_address, is_prose, plain_text, prose};
use crate::article::BlockKind;
use crate::article::front::without_opener;
use crate::model::{Facts, StatedBy};
use crate::text::Language;
use crate::text::fold::fold;
use crate::text::script::is_unspaced;
use crate::text::tidy;

/// Names of inner objects whose fields are those of the record: `fields` in answers of the Guardian's API.
#[rustfmt::skip]
const NEUTRAL: &[&str] = &[
    "fields", "attributes", "metadata", "credits", "taxonomy", "meta", "properties", "frontmatter", "info", "customfields",
    // Heads of documents of XML.
    "front", "head", "header", "articlemeta", "titlegroup", "journalmeta", "journaltitlegroup", "description", "titleinfo",
    "publishinfo", "documentinfo", "teiheader", "filedesc", "titlestmt", "publicationstmt", "titles", "contributors", "dates", "urls", "noteattributes",
];
/// What the score of a field loses for being in an inner object, or in one around the record.
const NEUTRAL_LOSS: u32 = 200;
const OUTER_LOSS: u32 = 420;
/// The score of a field of a bookmark.
const BOOKMARK_SCORE: u32 = 900;

/// A field of a record.
struct Field<'v> {
    /// Its name, with those of the objects around it.
    path: String,
    known: Known,
    loss: u32,
    value: &'v Value,
}

/// The fields of a record.
pub(super) struct Fields<'v> {
    fields: Vec<Field<'v>>,
    /// Is the day of publication told apart from that of creation?
    tells_apart: bool,
    /// Is the record one of a service or notebook that saves articles?
    is_saved: bool,
}

impl<'v> Fields<'v> {
    /// The fields of `object`, and of the objects around it that hold no other record.
    pub(super) fn of(object: &'v Map<String, Value>, outer: &[&'v Map<String, Value>]) -> Fields<'v> {
        let mut fields = Vec::with_capacity(object.len());
        push(&mut fields, object, "", 0);
        push_neutral(&mut fields, object, "", 0);
        let mut inner = object;
        for around in outer {
            push(&mut fields, around, "../", OUTER_LOSS);
            // The record is a field of the object around it.
            fields.retain(|field| field.value.as_object().is_none_or(|value| !std::ptr::eq(value, inner)));
            inner = around;
        }
        let told_apart = fields.iter().any(|field| field.known.names_publication);
        describe_bookmark(&mut fields);
        settle_language(&mut fields);
        let signs = fields.iter().filter(|field| field.known.names_saving).count();
        // Content systems have folders and archives too, but their records have texts.
        let is_service = signs >= 2
            && (fields.iter().any(|field| field.known.names_only_saving)
                || has_address(&fields) && !fields.iter().any(is_own_text));
        let clipped = fields.iter().any(|field| {
            let name = names::plain_name(&field.path);
            matches!(name.as_str(), "source" | "sourceurl" | "originalurl") && address(field.value).is_some()
        });
        Fields { fields, tells_apart: told_apart, is_saved: is_service || clipped }
    }

    /// The values of the fields that may state `role`, the surest first.
    fn candidates(&self, role: Role) -> Vec<(&Field<'v>, u32)> {
        let mut found: Vec<(&Field<'v>, u32)> = self
            .fields
            .iter()
            .filter_map(|field| {
                let (_, score) = field.known.roles.iter().find(|(stated, _)| *stated == role)?;
                Some((field, score.checked_sub(field.loss)?))
            })
            .collect();
        found.sort_by_key(|(_, score)| std::cmp::Reverse(*score));
        found
    }

    /// The first value that fits, of the fields that may state `role`.
    fn take<T>(&self, role: Role, taken: &mut Taken, fits: impl Fn(&Field<'v>, u32) -> Option<T>) -> Option<T> {
        self.candidates(role).into_iter().find_map(|(field, score)| {
            let value = fits(field, score)?;
            taken.note(role, field);
            Some(value)
        })
    }

    /// The text of the record, and whether a name says that it is.
    pub(super) fn text(&self) -> Option<(Prose, bool, &str)> {
        /// A text that is so much longer than a surer one is the whole of which that is a part.
        const WHOLE: usize = 2;
        let own: Vec<(Prose, &str)> = self
            .candidates(Role::Text)
            .into_iter()
            .filter(|(field, score)| field.loss < OUTER_LOSS && (*score > 150 || is_long(field.value)))
            .filter_map(|(field, _)| Some((prose(field.value).filter(is_text)?, field.path.as_str())))
            .collect();
        let surest = own.first().map_or(0, |(text, _)| length(text));
        let longest = own.iter().enumerate().max_by_key(|(at, (text, _))| (length(text), std::cmp::Reverse(*at)));
        let chosen = match longest {
            Some((at, (text, _))) if length(text) > surest * WHOLE => at,
            _ => 0,
        };
        own.into_iter()
            .nth(chosen)
            .map(|(text, path)| (text, true, path))
            .or_else(|| self.parts())
            .or_else(|| self.unnamed_text())
    }

    /// The text given as a list of parts, each an object with a text and perhaps a heading. Of a list by a name that says
    /// nothing the parts say what they are, and what is around them has a title or a date.
    fn parts(&self) -> Option<(Prose, bool, &str)> {
        const LISTS: &[&str] = &[
            "sections",
            "paragraphs",
            "blocks",
            "chapters",
            "parts",
            "bodyblocks",
            "components",
            "contentelements",
            "contentblocks",
            "abschnitte",
            "absatze",
            "paragraphes",
        ];
        /// Names of lists of records.
        const RECORDS: &[&str] = &[
            "items",
            "results",
            "articles",
            "posts",
            "entries",
            "hits",
            "docs",
            "documents",
            "records",
            "rows",
            "stories",
            "messages",
            "data",
            "list",
            "tweets",
            "statuses",
            "notes",
            "pages",
            "quotes",
            "news",
            "children",
        ];
        let placed = || {
            self.fields.iter().any(|field| {
                field.loss < OUTER_LOSS
                    && !field.value.is_null()
                    && field.known.roles.iter().any(|(role, _)| matches!(role, Role::Title | Role::Published))
            })
        };
        let bears = |field: &Field<'v>| {
            let name = names::plain_name(&field.path);
            let is_named = LISTS.contains(&name.as_str());
            match field.value {
                Value::Array(list) if is_named => list.iter().any(|part| part.is_object() || is_long(part)),
                Value::Array(list) => {
                    field.known.roles.is_empty()
                        && !RECORDS.contains(&name.as_str())
                        && !super::names::is_beside(&name)
                        && super::nodes::are_typed(list)
                        && super::nodes::are_paragraphs(list)
                        && placed()
                }
                Value::Object(_) => is_named && placed(),
                _ => false,
            }
        };
        // A list by any other name may be of headings or links, which are no sentences.
        let ends_sentence = |text: &str| {
            let end = text
                .trim_end_matches(|c: char| matches!(c, '"' | '”' | '“' | '»' | '’' | '\'' | ')') || c.is_whitespace());
            end.ends_with(['.', '!', '?', '…', ':', '>', '。', '！', '？', '؟', '।', '۔'])
        };
        let is_running = |text: &Prose, name: &str| match text {
            Prose::Written(_) => is_text(text),
            Prose::Parts(parts) if LISTS.contains(&names::plain_name(name).as_str()) => {
                parts.iter().any(|(_, text)| text.contains(' ') || text.chars().any(is_unspaced))
            }
            Prose::Parts(parts) => {
                parts.iter().any(|(kind, text)| *kind == BlockKind::Paragraph && is_prose(text) && ends_sentence(text))
            }
        };
        self.fields.iter().filter(|field| field.loss < OUTER_LOSS && bears(field)).find_map(|field| {
            let name = field.path.as_str();
            Some((prose(field.value).filter(|text| is_running(text, name))?, true, name))
        })
    }

    /// The longest running text among the fields whose names say nothing.
    fn unnamed_text(&self) -> Option<(Prose, bool, &str)> {
        const LEAST_BYTES: usize = 200;
        let known = |field: &&Field<'v>| field.loss < OUTER_LOSS && field.known.roles.is_empty();
        let texts = self.fields.iter().filter(known).filter_map(|field| match field.value {
            Value::String(text) if text.len() >= LEAST_BYTES && is_prose(text) && has_sentences(text) => {
                Some((text, field.path.as_str()))
            }
            _ => None,
        });
        let (text, path) = texts.max_by_key(|(text, _)| text.len())?;
        Some((Prose::Written(text.clone()), false, path))
    }

    /// What stands between title and text: subtitle and lead, unless the text begins with them.
    fn standfirst(&self, text: &Prose, title: Option<&str>, taken: &mut Taken) -> Option<String> {
        const MOST: usize = 3;
        let begins = |first: &str| match text {
            Prose::Written(text) => begins_with(text, first),
            Prose::Parts(parts) => parts.iter().take(MOST).any(|(_, text)| begins_with(text, first)),
        };
        let mut found: Vec<String> = Vec::new();
        for (field, _) in self.candidates(Role::Standfirst).into_iter().filter(|(field, _)| field.loss < OUTER_LOSS) {
            let Some(line) = plain_text(field.value).map(|text| values::line(&text)) else { continue };
            let is_text = is_prose(&line) || line.contains(' ');
            let is_known = found.iter().any(|known| known.contains(&line) || line.contains(known.as_str()));
            if is_text && !is_known && found.len() < MOST && title != Some(&line) && !begins(&line) {
                taken.note(Role::Standfirst, field);
                found.push(line);
            }
        }
        (!found.is_empty()).then(|| found.join("\n\n"))
    }

    /// The summary, for a record without a text.
    fn summary(&self) -> Option<(String, &str)> {
        [Role::Summary, Role::Standfirst].iter().find_map(|role| {
            self.candidates(*role).into_iter().filter(|(field, _)| field.loss < OUTER_LOSS).find_map(|(field, _)| {
                match prose(field.value)? {
                    Prose::Written(text) if !text.trim().is_empty() => Some((text, field.path.as_str())),
                    _ => None,
                }
            })
        })
    }

    /// How much the record is one of an article.
    pub(super) fn worth(&self) -> Worth {
        let mut taken = Taken::default();
        let facts = self.facts(&mut taken);
        let text = self.text();
        let named = text.as_ref().is_some_and(|(_, named, _)| *named);
        let summary = if text.is_none() { self.summary().map(|(text, _)| text) } else { None };
        Worth {
            text_bytes: text.as_ref().map(|(text, ..)| length(text)).or(summary.as_ref().map(String::len)).unwrap_or(0),
            has_text: text.is_some(),
            has_sentences: matches!(&text, Some((Prose::Written(text), ..)) if has_sentences(text)),
            is_named: named,
            is_prose: match &text {
                Some((Prose::Written(text), ..)) => is_prose(text),
                Some((Prose::Parts(_), ..)) => true,
                None => summary.as_deref().is_some_and(is_prose),
            },
            text_field: text.map(|(_, _, path)| path.to_string()),
            has_title: facts.title.is_some(),
            has_sure_title: taken.0.iter().any(|stated| stated.fact == "title" && !is_unsure_title(&stated.field)),
            is_dated: facts.published.is_some() || facts.saved.is_some() || facts.updated.is_some(),
            is_signed: facts.byline.is_some(),
            is_addressed: facts.url.is_some(),
        }
    }

    /// The id that the provider states.
    fn id(&self, taken: &mut Taken) -> Option<String> {
        self.take(Role::Id, taken, |field, _| {
            let text = match field.value {
                Value::String(text) => Some(tidy(text)),
                Value::Object(_) | Value::Number(_) => plain_text(field.value),
                _ => None,
            };
            text.filter(|id| !id.is_empty() && id.len() <= 300)
        })
    }

    /// All that the record states of its article.
    pub(super) fn stated(&self) -> Stated {
        let mut taken = Taken::default();
        let facts = self.facts(&mut taken);
        let id = self.id(&mut taken);
        let has_title = self.fields.iter().any(|field| field.known.roles.iter().any(|(role, _)| *role == Role::Title));
        let text = self.text().map(|(text, _, path)| (text, path.to_string()));
        let standfirst = text.as_ref().and_then(|(text, _)| self.standfirst(text, facts.title.as_deref(), &mut taken));
        let text = text.or_else(|| self.summary().map(|(text, path)| (Prose::Written(text), path.to_string())));
        let mut stated_by = taken.0;
        if let Some((_, path)) = &text {
            stated_by.insert(0, StatedBy { fact: "text".into(), field: path.clone() });
        }
        Stated { facts, id, has_title, text, standfirst, stated_by }
    }

    /// The facts that the fields state.
    fn facts(&self, taken: &mut Taken) -> Facts {
        let title = self.take(Role::Title, taken, |field, _| title(field.value, is_unsure_title(&field.path)));
        let byline = self.take(Role::Byline, taken, |field, _| byline(field.value));
        let line = |field: &Field<'v>, _| {
            plain_text(field.value).map(|text| values::line(&text)).filter(|text| !text.is_empty())
        };
        let when = |field: &Field<'v>, _| date(field.value);
        let created =
            self.candidates(Role::Created).into_iter().find_map(|(field, _)| Some((date(field.value)?, field)));
        let mut saved = self.take(Role::Saved, taken, when);
        // Beside what services of saving state, a time by no other name is that of saving.
        let is_unnamed_time =
            |field: &Field<'v>| matches!(names::plain_name(&field.path).as_str(), "time" | "timestamp" | "ts");
        let mut published = self.take(Role::Published, taken, |field, _| {
            date(field.value).filter(|_| !(self.is_saved && is_unnamed_time(field)))
        });
        if self.is_saved && saved.is_none() {
            let mut times = self.candidates(Role::Published).into_iter().filter(|(field, _)| is_unnamed_time(field));
            if let Some((date, field)) = times.find_map(|(field, _)| Some((date(field.value)?, field))) {
                taken.note(Role::Saved, field);
                saved = Some(date);
            }
        }
        // What was created on a day, if the record is an address without a text, is the bookmark.
        let has_text = |(field, _): (&Field<'v>, u32)| {
            names::plain_name(&field.path) != "note" && field.value.as_object().is_none_or(|page| !is_page(page))
        };
        let is_bookmark = !self.candidates(Role::Text).into_iter().any(has_text)
            && self.candidates(Role::Url).iter().any(|(field, _)| address(field.value).is_some())
            && self.parts().is_none();
        let is_saved = self.is_saved || is_bookmark;
        match created {
            Some((date, field)) if published.is_none() && !self.tells_apart && !is_saved => {
                taken.note(Role::Published, field);
                published = Some(date);
            }
            Some((date, field)) if is_saved && saved.is_none() && published.as_ref() != Some(&date) => {
                taken.note(Role::Saved, field);
                saved = Some(date);
            }
            _ => {}
        }
        let updated = self.take(Role::Updated, taken, when);
        Facts {
            title,
            byline,
            dateline: self.take(Role::Dateline, taken, line),
            published,
            source: self.source(taken),
            url: self
                .saved_address(taken)
                .or_else(|| self.take(Role::Url, taken, |field, _| address(field.value)))
                .or_else(|| {
                    // An address below that of the site.
                    let relative = |text: &String| text.starts_with('/') && !text.contains(char::is_whitespace);
                    self.take(Role::Url, taken, |field, score| {
                        plain_text(field.value).filter(|_| score > 990).filter(relative)
                    })
                }),
            lang: self.take(Role::Language, taken, |field, _| {
                let tag = plain_text(field.value)?;
                Language::from_code(&tag).known_code().map(str::to_string)
            }),
            desk: self.take(Role::Desk, taken, line_of_words),
            updated,
            keywords: self.take(Role::Keywords, taken, |field, _| self.keywords(field)).unwrap_or_default(),
            saved,
        }
    }

    fn keywords(&self, field: &Field<'v>) -> Option<Vec<String>> {
        // Tags of lists of bookmarks are words between spaces.
        let is_spaced = self.fields.iter().any(|field| field.path == "extended" && field.known.names_saving);
        match field.value {
            Value::String(text) if is_spaced && !text.contains([',', ';']) => {
                keywords(&Value::from(text.split_whitespace().collect::<Vec<_>>()))
            }
            value => keywords(value),
        }
    }

    /// The address of the page that was saved, where the record also states its own at the service.
    fn saved_address(&self, taken: &mut Taken) -> Option<String> {
        if !self.is_saved {
            return None;
        }
        self.take(Role::Url, taken, |field, _| {
            let is_original = matches!(names::plain_name(&field.path).as_str(), "sourceurl" | "originalurl");
            let is_page = |url: &String| url.trim_end_matches('/').matches('/').count() > 2;
            address(field.value).filter(|_| is_original).filter(is_page)
        })
    }

    fn source(&self, taken: &mut Taken) -> Option<String> {
        let name = |field: &Field<'v>, _: u32| {
            // A publisher given by reference (`{"@id": "https://..."}`) has no name here.
            plain_text(field.value).map(|text| tidy(&text)).filter(|name| {
                !name.contains("://")
                    && !name.contains('<')
                    && name.chars().any(char::is_alphabetic)
                    && name.len() < 200
            })
        };
        // Services of saving state how a page came to them as its source.
        let site =
            |field: &Field<'v>, score| name(field, score).filter(|_| names::plain_name(&field.path) == "sitename");
        let found = if self.is_saved { self.take(Role::Source, taken, site) } else { None };
        let found = found.or_else(|| self.take(Role::Source, taken, name));
        found.or_else(|| {
            // The site of the thread that a post belongs to, in records of Webz.io; of the feed, in those of readers.
            let inner = self.fields.iter().filter(|field| {
                matches!(names::plain_name(&field.path).as_str(), "thread" | "feed" | "origin" | "channel" | "guild")
            });
            inner.filter_map(|field| field.value.as_object()).find_map(|object| {
                ["site", "siteFull", "site_full", "title", "streamTitle", "name"]
                    .iter()
                    .find_map(|key| object.get(*key).and_then(Value::as_str).map(tidy).filter(|name| !name.is_empty()))
            })
        })
    }
}

/// What a record states of its article.
#[derive(Debug, Clone)]
pub(super) struct Stated {
    pub(super) facts: Facts,
    pub(super) id: Option<String>,
    /// Is there a field for the title, even an empty one?
    pub(super) has_title: bool,
    /// The text, or else the summary, and its field.
    pub(super) text: Option<(Prose, String)>,
    pub(super) standfirst: Option<String>,
    pub(super) stated_by: Vec<StatedBy>,
}

/// What a record bears of an article.
#[derive(Debug, Clone, Default)]
pub(super) struct Worth {
    /// Length of the text, or else of the summary.
    pub(super) text_bytes: usize,
    /// Is there a text, not only a summary?
    pub(super) has_text: bool,
    /// Does its name say that it is a text?
    pub(super) is_named: bool,
    /// Is the text running text?
    pub(super) is_prose: bool,
    /// The field of the text.
    pub(super) text_field: Option<String>,
    /// Is its text made of sentences, however few?
    pub(super) has_sentences: bool,
    pub(super) has_title: bool,
    /// Has it a title by a name that is one of titles only?
    pub(super) has_sure_title: bool,
    pub(super) is_dated: bool,
    pub(super) is_signed: bool,
    pub(super) is_addressed: bool,
}

impl Worth {
    /// Points for what there is.
    pub(super) fn points(&self) -> u32 {
        let text = match (self.has_text, self.is_named) {
            (true, true) => 3,
            (true, false) => 2,
            (false, _) if self.text_bytes > 0 => 2,
            _ => 0,
        };
        let title = if self.has_sure_title { 2 } else { u32::from(self.has_title) };
        text + title + u32::from(self.is_dated) + u32::from(self.is_signed) + u32::from(self.is_addressed)
    }

    /// Is an object that is a whole file an article? Many such files have a name and a description.
    pub(super) fn is_article(&self) -> bool {
        const LONG_SUMMARY: usize = 150;
        if self.has_text {
            return self.is_prose || self.is_named && (self.has_sure_title || self.has_sentences);
        }
        let is_placed = self.is_addressed || self.is_dated;
        self.text_bytes >= LONG_SUMMARY && self.is_prose && self.has_sure_title && is_placed
    }
}

/// Which field was taken for which fact.
#[derive(Default)]
struct Taken(Vec<StatedBy>);

impl Taken {
    fn note(&mut self, role: Role, field: &Field<'_>) {
        let fact = match role {
            Role::Text => "text",
            Role::Title => "title",
            Role::Standfirst => "standfirst",
            Role::Summary => "summary",
            Role::Byline => "byline",
            Role::Dateline => "dateline",
            Role::Published | Role::Created => "published",
            Role::Updated => "updated",
            Role::Saved => "saved",
            Role::Source => "source",
            Role::Url => "url",
            Role::Language => "lang",
            Role::Keywords => "tags",
            Role::Desk => "desk",
            Role::Id => "record",
        };
        self.0.push(StatedBy { fact: fact.into(), field: field.path.clone() });
    }
}

/// In lists of bookmarks `description` is the title, and what describes the page is `extended`.
fn describe_bookmark(fields: &mut [Field<'_>]) {
    let has = |name: &str| fields.iter().any(|field| field.path == name && field.value.is_string());
    if !has("href") || !has("description") || !has("extended") {
        return;
    }
    for field in fields {
        let role = match field.path.as_str() {
            "description" => Role::Title,
            "extended" => Role::Text,
            _ => continue,
        };
        field.known.roles = [(role, BOOKMARK_SCORE)].into();
    }
}

/// Takes the values of all fields that are tables of languages in the language that most of the titles and texts have.
fn settle_language(fields: &mut [Field<'_>]) {
    let is_main = |field: &&Field<'_>| {
        field.loss < OUTER_LOSS && field.known.roles.iter().any(|(role, _)| matches!(role, Role::Title | Role::Text))
    };
    let tables: Vec<&Map<String, Value>> =
        fields.iter().filter(is_main).filter_map(|field| values::languages(field.value)).collect();
    let states =
        |table: &Map<String, Value>, language: &str| table.get(language).is_some_and(|value| !values::is_empty(value));
    let count = |language: &str| tables.iter().filter(|table| states(table, language)).count();
    let mut chosen: Option<(usize, String)> = None;
    for language in tables.iter().flat_map(|table| table.keys()) {
        let count = count(language);
        if count > chosen.as_ref().map_or(0, |(most, _)| *most) {
            chosen = Some((count, language.clone()));
        }
    }
    let Some((_, language)) = chosen else { return };
    for field in fields {
        let stated = values::languages(field.value).and_then(|table| table.get(&language));
        if let Some(value) = stated.filter(|value| !values::is_empty(value)) {
            field.value = value;
        }
    }
}

fn has_address(fields: &[Field<'_>]) -> bool {
    let is_url = |field: &Field<'_>| field.known.roles.iter().any(|(role, _)| *role == Role::Url);
    fields.iter().any(|field| field.loss < OUTER_LOSS && is_url(field) && address(field.value).is_some())
}

/// Is a field the text of a record, not what a reader selected of a page or noted on it?
fn is_own_text(field: &Field<'_>) -> bool {
    let name = names::plain_name(&field.path);
    let of_reader = ["selection", "note", "notes", "extended", "highlight", "highlights"].contains(&name.as_str());
    let is_page = field.value.as_object().is_some_and(is_page);
    let is_text = field.known.roles.iter().any(|(role, _)| *role == Role::Text);
    field.loss < OUTER_LOSS && is_text && !of_reader && !is_page && prose(field.value).is_some()
}

/// Adds the fields of an object.
fn push<'v>(fields: &mut Vec<Field<'v>>, object: &'v Map<String, Value>, prefix: &str, loss: u32) {
    for (name, value) in object.iter().filter(|(name, _)| !name.starts_with('\0')) {
        fields.push(Field { path: format!("{prefix}{name}"), known: names::known(name), loss, value });
    }
}

/// Is an object in the place of a text the page that is saved: an address, and no text?
fn is_page(object: &Map<String, Value>) -> bool {
    object.get("url").is_some_and(|url| address(url).is_some()) && !object.keys().any(|key| is_long(&object[key]))
}

/// Adds the fields of the inner objects that hold facts of the record.
fn push_neutral<'v>(fields: &mut Vec<Field<'v>>, object: &'v Map<String, Value>, prefix: &str, depth: u32) {
    const MOST_DEPTH: u32 = 4;
    for (key, value) in object {
        let Value::Object(inner) = value else { continue };
        if depth < MOST_DEPTH
            && (is_page(inner) && key == "content" || NEUTRAL.contains(&names::plain_name(key).as_str()))
        {
            let prefix = format!("{prefix}{key}.");
            push(fields, inner, &prefix, NEUTRAL_LOSS + depth * 40);
            push_neutral(fields, inner, &prefix, depth + 1);
        }
    }
}

/// Length of a text without its tags, about.
fn length(text: &Prose) -> usize {
    match text {
        Prose::Written(text) if text.contains('<') => {
            let mut inside = false;
            text.bytes()
                .filter(|byte| {
                    inside = match byte {
                        b'<' => true,
                        b'>' => false,
                        _ => inside,
                    };
                    !inside
                })
                .count()
        }
        Prose::Written(text) => text.len(),
        Prose::Parts(parts) => parts.iter().map(|(_, text)| text.len()).sum(),
    }
}

/// Is there a letter in it?
fn is_text(text: &Prose) -> bool {
    match text {
        Prose::Written(text) => text.chars().any(char::is_alphabetic),
        Prose::Parts(parts) => !parts.is_empty(),
    }
}

fn is_long(value: &Value) -> bool {
    value.as_str().is_some_and(is_prose)
}

/// Does a text end sentences?
fn has_sentences(text: &str) -> bool {
    text.contains(['.', '!', '?', '。', '！', '？', '।', '۔', '؟'])
}

/// Is the name one that things of any kind have?
fn is_unsure_title(field: &str) -> bool {
    matches!(names::plain_name(field).as_str(), "name" | "subject" | "betreff" | "head")
}

/// A title, unless it is long, an address or, of an unsure name, a single word.
fn title(value: &Value, is_unsure: bool) -> Option<String> {
    const MOST_BYTES: usize = 2_000;
    let most = if is_unsure { MOST_BYTES / 2 } else { MOST_BYTES };
    let text = plain_text(value).filter(|text| text.len() <= most && !is_address(text))?;
    let text = values::line(&text);
    let worded = text.contains(' ') || text.chars().any(is_unspaced);
    (!text.is_empty() && (worded || !is_unsure)).then_some(text)
}

/// The names of a byline. Numbers are keys of accounts.
fn byline(value: &Value) -> Option<String> {
    const MOST_BYTES: usize = 500;
    // Elements of XML around the names.
    let mut value = value;
    let only = |object: &'_ Map<String, Value>| {
        // Numbers are keys.
        let mut fields = object.iter().filter(|(_, value)| !value.is_number()).map(|(name, _)| name.clone());
        fields.next().filter(|_| fields.next().is_none())
    };
    while let Value::Object(object) = value
        && let Some(name) = only(object)
        && let Some(inner) = object.get(&name)
        && (matches!(inner, Value::Object(_) | Value::Array(_))
            || names::roles(&name).iter().any(|(role, _)| *role == Role::Byline))
    {
        value = inner;
    }
    let text = match value {
        Value::Number(_) => return None,
        Value::Array(list) if list.iter().all(Value::is_number) => return None,
        value => plain_text(value)?,
    };
    let text = values::line(&text);
    let named = text.chars().any(char::is_alphabetic) && !is_address(&text) && text.len() <= MOST_BYTES;
    let text = people(&opened(&text));
    (named && !text.is_empty()).then_some(text)
}

/// A name in words, not the key of a record elsewhere.
fn line_of_words(field: &Field<'_>, _: u32) -> Option<String> {
    let is_key = |value: &Value| value.is_number();
    let keys = is_key(field.value) || field.value.as_array().is_some_and(|list| list.iter().all(is_key));
    let text = values::line(&plain_text(field.value).filter(|_| !keys)?);
    // Services of saving sort by kinds of pages.
    (text.chars().any(char::is_alphabetic) && text.len() < 200 && fold(&text) != "article").then_some(text)
}

/// The facts of an object; none for other values.
#[must_use]
pub(super) fn facts(value: &Value) -> Facts {
    let Value::Object(object) = value else { return Facts::default() };
    Fields::of(object, &[]).facts(&mut Taken::default())
}

/// Keywords given as a list of strings or of named objects, or as one separated string.
fn keywords(value: &Value) -> Option<Vec<String>> {
    /// Some pages list hundreds for search engines.
    const MOST: usize = 50;
    const MOST_BYTES: usize = 200;
    let texts: Vec<String> = match value {
        // Numbers are keys of tags.
        Value::Array(values) => {
            let of = |value: &Value| match value {
                Value::Object(object) => ["label", "value", "name", "tag", "text", "term", "title", "slug"]
                    .iter()
                    .find_map(|key| object.get(*key).and_then(Value::as_str))
                    .map(str::to_string),
                Value::String(text) => Some(text.clone()),
                _ => None,
            };
            values.iter().filter_map(of).collect()
        }
        Value::Number(_) => Vec::new(),
        // By their names: `{"strike": {"name": "strike", "created": 1}}`.
        Value::Object(object) if !object.is_empty() && object.values().all(|tag| tag["name"].is_string()) => {
            object.values().filter_map(|tag| tag["name"].as_str()).map(str::to_string).collect()
        }
        other => plain_text(other).into_iter().flat_map(|text| split_keywords(&text)).collect(),
    };
    let mut seen = HashSet::new();
    let words = texts.iter().map(|text| values::line(text)).filter(|text| {
        text.chars().any(char::is_alphanumeric) && text.len() <= MOST_BYTES && seen.insert(text.clone())
    });
    let words: Vec<String> = words.take(MOST).collect();
    (!words.is_empty()).then_some(words)
}

/// A byline without its opening "By".
fn strip_by(name: &str) -> &str {
    let without = name.strip_prefix("By ").or_else(|| name.strip_prefix("by ")).or_else(|| name.strip_prefix("BY "));
    without.map_or(name, str::trim_start)
}

/// A byline without the word that opens it. In other languages than English that word also begins family names, after
/// which one word more does not follow.
fn opened(name: &str) -> String {
    let without = strip_by(name);
    if without.len() < name.len() {
        return without.to_string();
    }
    Some(without_opener(name)).filter(|rest| rest.contains(' ')).unwrap_or_else(|| name.to_string())
}

/// The names of a list without the hosts and labels that scrapers collect with them; all of it if nothing else is left.
fn people(names: &str) -> String {
    let label = |name: &str| matches!(fold(name).as_str(), "author" | "authors" | "autor" | "autoren" | "auteur");
    let kept: Vec<&str> = names.split(", ").filter(|name| !is_host(name) && !label(name)).collect();
    if kept.is_empty() { names.to_string() } else { kept.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_table() {
        for (text, source, updated, keywords) in [
            (r#"{"publisher": {"name": "Halden Courier"}}"#, Some("Halden Courier"), None, vec![]),
            (r#"{"thread": {"site": "courier.example"}}"#, Some("courier.example"), None, vec![]),
            (r#"{"publisher": {"@id": "https://halden.example/#org"}}"#, None, None, vec![]),
            (r#"{"source": "<a href=\"https://a.example\">Client</a>"}"#, None, None, vec![]),
            (r#"{"feed": {"title": "Valley Post", "id": 3}}"#, Some("Valley Post"), None, vec![]),
            (
                r#"{"dateModified": "2023-09-13", "keywords": "port, strike"}"#,
                None,
                Some("2023-09-13"),
                vec!["port", "strike"],
            ),
            (r#"{"tags": ["port; harbour", {"name": "strike"}]}"#, None, None, vec!["port; harbour", "strike"]),
            (
                r#"{"tags": [{"id": 1, "label": "fruit", "slug": "fruit-1"}], "categories": [12]}"#,
                None,
                None,
                vec!["fruit"],
            ),
        ] {
            let facts = facts(&serde_json::from_str(text).expect("valid JSON"));
            assert_eq!(facts.source.as_deref(), source, "{text}");
            assert_eq!(facts.updated.as_ref().map(|updated| updated.value.as_str()), updated, "{text}");
            assert_eq!(facts.keywords, keywords, "{text}");
        }
    }

    #[test]
    fn days_of_saving_are_no_days_of_publication() {
        // Published, saved.
        for (json, day, saved) in [
            (r#"{"created_at": "2019-03-02", "published_at": null}"#, None, None),
            (r#"{"created_at": "2019-03-02", "published_at": "2011-05-03"}"#, Some("2011-05-03"), None),
            (
                r#"{"created_at": "2019-03-02", "published_at": "2011-05-03", "is_archived": 1, "is_starred": 0}"#,
                Some("2011-05-03"),
                Some("2019-03-02"),
            ),
            (r#"{"created_at": "2019-03-02", "is_archived": 0, "reading_time": 3}"#, None, Some("2019-03-02")),
            (r#"{"created": "2019-03-02", "source": "https://valley.example/frost"}"#, None, Some("2019-03-02")),
            (r#"{"created_at": "2019-03-02", "title": "A post"}"#, Some("2019-03-02"), None),
            (
                r#"{"title": "A", "url": "https://a.example/", "tags": ["b"], "created": "1358531607", "others": 9}"#,
                None,
                Some("2013-01-18"),
            ),
            (r#"{"savedAt": "2019-03-02", "publishedAt": "2011-05-03"}"#, Some("2011-05-03"), Some("2019-03-02")),
            (r#"{"time_added": "1551520800", "url": "https://valley.example"}"#, None, Some("2019-03-02")),
            (
                r#"{"date_download": "2019-03-02 10:00:00", "date_publish": "2011-05-03"}"#,
                Some("2011-05-03"),
                Some("2019-03-02"),
            ),
            (r#"{"created_utc": 1551520800.0, "title": "A post"}"#, Some("2019-03-02"), None),
            (
                r#"{"URL": "https://a.example/b", "Title": "A", "Selection": "", "Folder": "Unread", "Timestamp": "1551520800"}"#,
                None,
                Some("2019-03-02"),
            ),
            (r#"{"title": "A post", "text": "Words.", "timestamp": "1551520800"}"#, Some("2019-03-02"), None),
            // Content systems have folders and archives too.
            (
                r#"{"title": "A post", "created_at": "2019-03-02", "archived": false, "shared": 12, "folder": "news", "body": "Die Fähren fahren."}"#,
                Some("2019-03-02"),
                None,
            ),
            (
                r#"{"title": "A post", "url": "https://a.example/b", "timestamp": "2019-03-02", "archived": false, "shared": 3, "text": "Words."}"#,
                Some("2019-03-02"),
                None,
            ),
            (
                r#"{"title": "A post", "created_at": "2019-03-02", "archived": "", "folder": "sport"}"#,
                Some("2019-03-02"),
                None,
            ),
            (
                r#"{"url": "https://a.example/b", "title": "A", "excerpt": "Words.", "note": "Read it", "folder": "x", "highlights": "", "created": "2019-03-02"}"#,
                None,
                Some("2019-03-02"),
            ),
            (
                r#"{"createdAt": "2019-03-02", "archived": false, "favourited": true, "content": {"type": "link", "html": "<p>Words of a page.</p>"}}"#,
                None,
                Some("2019-03-02"),
            ),
            (
                r#"{"URL": "https://a.example/b", "Title": "A", "Selection": "The words that were marked.", "Folder": "Archive", "Timestamp": "1551520800"}"#,
                None,
                Some("2019-03-02"),
            ),
            (
                r#"{"createdAt": "2019-03-02", "note": "Read it", "content": {"type": "link", "url": "https://a.example/b"}}"#,
                None,
                Some("2019-03-02"),
            ),
        ] {
            let facts = facts(&serde_json::from_str(json).expect("valid JSON"));
            assert_eq!(facts.published.as_ref().map(|date| date.day()), day, "{json}");
            assert_eq!(facts.saved.as_ref().map(|date| date.day()), saved, "{json}");
        }
    }

    #[test]
    fn title_and_text_are_of_one_language() {
        for (json, title, text) in [
            (
                r#"{"title": {"en": "", "de": "Streik"}, "body": {"en": "", "de": "Der Hafen."}}"#,
                "Streik",
                "Der Hafen.",
            ),
            (
                r#"{"title": {"de": "Streik", "en": "Strike"}, "body": {"en": "The port.", "de": "Der Hafen."}}"#,
                "Streik",
                "Der Hafen.",
            ),
            (
                r#"{"title": {"en": "Strike", "fr": "Grève"}, "body": {"en": null, "fr": "Le port."}}"#,
                "Grève",
                "Le port.",
            ),
            (r#"{"title": {"en": "Strike"}, "body": {"fr": "Le port."}}"#, "Strike", "Le port."),
            (r#"{"title": "Strike", "body": {"sv": "Hamnen.", "en": "The port."}}"#, "Strike", "Hamnen."),
        ] {
            let record: Value = serde_json::from_str(json).expect("valid JSON");
            let stated = Fields::of(record.as_object().expect("an object"), &[]).stated();
            assert_eq!(stated.facts.title.as_deref(), Some(title), "{json}");
            assert!(matches!(&stated.text, Some((Prose::Written(found), _)) if found == text), "{json}");
        }
    }

    #[test]
    fn leads_beside_texts() {
        let text = "The port of Halden is shut, the union said. Ferries still sail.";
        for (name, value, expected) in [
            ("lead", "Dockers walk out over a plan.", Some("Dockers walk out over a plan.")),
            ("perex", "Les dockers cessent le travail.", Some("Les dockers cessent le travail.")),
            // What the text begins with, what repeats the title, a summary, a label.
            ("intro", "The port of Halden is shut ...", None),
            ("lead", "Dockers walk out", None),
            ("summary", "Dockers walk out over a plan.", None),
            ("kicker", "News of the port", None),
        ] {
            let record = serde_json::json!({"title": "Dockers walk out", "body": text, name: value});
            let stated = Fields::of(record.as_object().expect("an object"), &[]).stated();
            assert_eq!(stated.standfirst.as_deref(), expected, "{name}: {value}");
        }
        let record =
            serde_json::json!({"title": "A b", "body": text, "subtitle": "No end of it", "lead": "Talks have failed."});
        let stated = Fields::of(record.as_object().expect("an object"), &[]).stated();
        assert_eq!(stated.standfirst.as_deref(), Some("No end of it\n\nTalks have failed."));
    }

    #[test]
    fn lists_of_bookmarks() {
        let record = serde_json::json!({"href": "https://a.example/b", "description": "Dockers walk out", "extended": "The port is shut.",
            "time": "2019-03-02T08:00:00Z", "toread": "no", "shared": "yes", "tags": "port strike"});
        let stated = Fields::of(record.as_object().expect("an object"), &[]).stated();
        assert_eq!(stated.facts.title.as_deref(), Some("Dockers walk out"));
        assert!(matches!(&stated.text, Some((Prose::Written(text), _)) if text == "The port is shut."));
        assert_eq!(
            (stated.facts.published, stated.facts.keywords),
            (None, vec!["port".to_string(), "strike".to_string()])
        );
    }

    #[test]
    fn names_and_titles() {
        for (json, title, byline) in [
            (r#"{"title": {"rendered": "Crews&#8217; vote"}, "author": 7}"#, Some("Crews’ vote"), None),
            (r#"{"name": "t3_abc", "author": {"given": "Petra", "family": "Solheim"}}"#, None, Some("Petra Solheim")),
            (r#"{"author": 7, "author_name": "Petra Solheim"}"#, None, Some("Petra Solheim")),
            (
                r#"{"published_by": ["Petra Solheim"], "subject": "Ferry crews vote"}"#,
                Some("Ferry crews vote"),
                Some("Petra Solheim"),
            ),
            (r#"{"Überschrift": "Fähren", "Autorin": "Von Petra Solheim"}"#, Some("Fähren"), Some("Petra Solheim")),
            (
                r#"{"post_title": "Ferry crews vote", "post_author": "Petra Solheim"}"#,
                Some("Ferry crews vote"),
                Some("Petra Solheim"),
            ),
            (r#"{"标题": "渡轮", "作者": "索尔海姆"}"#, Some("渡轮"), Some("索尔海姆")),
            // Keys of records, which are also codes of languages.
            (r#"{"title": "Ferry crews vote", "author": {"id": "u_abc123"}}"#, Some("Ferry crews vote"), None),
            (r#"{"title": {"no": "Ferge"}, "author": {"id": "7f3a", "name": "Ada Moe"}}"#, None, Some("Ada Moe")),
            (r#"{"title": {"de": "Fähren"}, "author": {"nb-NO": "Ada Moe"}}"#, Some("Fähren"), Some("Ada Moe")),
            (r#"{"title": "https://a.example", "headline": "Ferry"}"#, Some("Ferry"), None),
        ] {
            let facts = facts(&serde_json::from_str(json).expect("valid JSON"));
            assert_eq!((facts.title.as_deref(), facts.byline.as_deref()), (title, byline), "{json}");
        }
    }
}

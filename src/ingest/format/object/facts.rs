//! The facts of a record: of the fields that may state each, the first whose value fits.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Field, Fields, Taken, is_page};
use crate::article::front::without_opener;
use crate::ingest::format::draft::{is_host, split_keywords};
use crate::ingest::format::names::{self, Role};
use crate::ingest::format::values::{self, address, date, is_address, plain_text};
use crate::model::Facts;
use crate::text::fold::fold;
use crate::text::script::is_unspaced;
use crate::text::{Language, tidy};

impl<'v> Fields<'v> {
    /// The id that the provider states.
    pub(super) fn id(&self, taken: &mut Taken) -> Option<String> {
        self.take(Role::Id, taken, |field, _| {
            let text = match field.value {
                Value::String(text) => Some(tidy(text)),
                Value::Object(_) | Value::Number(_) => plain_text(field.value),
                _ => None,
            };
            text.filter(|id| !id.is_empty() && id.len() <= 300)
        })
    }

    /// The facts that the fields state.
    pub(super) fn facts(&self, taken: &mut Taken) -> Facts {
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
        // Of a record with an address and no text, this is the day on which the bookmark was made.
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

/// Is the name one that things of any kind have?
pub(super) fn is_unsure_title(field: &str) -> bool {
    matches!(names::plain_name(field).as_str(), "name" | "subject" | "betreff" | "head")
}

/// A title, unless it is long, an address or, of an unsure name, a single word.
pub(super) fn title(value: &Value, is_unsure: bool) -> Option<String> {
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

/// A byline without the word that opens it. In other languages than English a family name may begin with that word: then one
/// word follows it.
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

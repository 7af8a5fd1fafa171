//! The text of a record: the field or the list of parts that holds it, and the lines between title and text.

use serde_json::Value;

use super::{Field, Fields, OUTER_LOSS, Taken};
use crate::article::BlockKind;
use crate::ingest::format::draft::begins_with;
use crate::ingest::format::names::{self, Role};
use crate::ingest::format::values::{self, Prose, is_prose, plain_text, prose};
use crate::text::script::is_unspaced;

impl<'v> Fields<'v> {
    /// The text of the record, and whether a name says that it is.
    pub(in crate::ingest::format) fn text(&self) -> Option<(Prose, bool, &str)> {
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
    pub(super) fn parts(&self) -> Option<(Prose, bool, &str)> {
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
                        && crate::ingest::format::nodes::are_typed(list)
                        && crate::ingest::format::nodes::are_paragraphs(list)
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

    /// The subtitle and the lead, unless the text begins with them.
    pub(super) fn standfirst(&self, text: &Prose, title: Option<&str>, taken: &mut Taken) -> Option<String> {
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
    pub(super) fn summary(&self) -> Option<(String, &str)> {
        [Role::Summary, Role::Standfirst].iter().find_map(|role| {
            self.candidates(*role).into_iter().filter(|(field, _)| field.loss < OUTER_LOSS).find_map(|(field, _)| {
                match prose(field.value)? {
                    Prose::Written(text) if !text.trim().is_empty() => Some((text, field.path.as_str())),
                    _ => None,
                }
            })
        })
    }
}

/// Length of a text without its tags, about.
pub(super) fn length(text: &Prose) -> usize {
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
pub(super) fn is_text(text: &Prose) -> bool {
    match text {
        Prose::Written(text) => text.chars().any(char::is_alphabetic),
        Prose::Parts(parts) => !parts.is_empty(),
    }
}

pub(super) fn is_long(value: &Value) -> bool {
    value.as_str().is_some_and(is_prose)
}

/// Does a text end sentences?
pub(super) fn has_sentences(text: &str) -> bool {
    text.contains(['.', '!', '?', '。', '！', '？', '।', '۔', '؟'])
}

//! Front matter: facts at the top of a text, in YAML between lines `---`, in TOML between lines `+++`, or as an object of
//! JSON. Generators of sites and note-taking programs write it above Markdown, HTML, and any other markup.

use serde_json::Value;

use super::draft::begins_with;
use super::names::{self, Role};
use super::{object, values};
use crate::article::Span;
use crate::article::front::{names_only, without_opener};
use crate::model::Facts;

/// Longest front matter in bytes.
const MAX_BYTES: usize = 64 << 10;

/// Front matter at the beginning of a text.
#[derive(Debug)]
pub(super) struct FrontMatter {
    /// The facts that it states.
    pub(super) facts: Facts,
    /// Where it ends in the text.
    pub(super) end: usize,
    /// Stretches before `end` that are part of the text: a standfirst, lines whose labels are unknown.
    pub(super) kept: Vec<Span>,
}

/// The front matter of a text; `None` if it begins with anything else.
pub(super) fn of(text: &str) -> Option<FrontMatter> {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let (value, end) = json(text, start).or_else(|| fenced(text, start))?;
    Some(FrontMatter { facts: facts(value), end, kept: Vec::new() })
}

/// The facts of fields that stand at the top of a text, whose names and values are those of front matter.
pub(super) fn facts(value: Value) -> Facts {
    object::facts(&without_links(value))
}

/// Lines `Title: ...`, `Date: ...` at the top of a text: all that is before its first other line, if they state a title,
/// or stand below a heading. `None` where they are fewer, and where the file holds several such texts.
pub(super) fn labelled(text: &str) -> Option<FrontMatter> {
    const MOST_LINES: usize = 40;
    const LEAST_BELOW_HEADING: usize = 3;
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut labels = Labels { end: start, ..Labels::default() };
    let mut at = start;
    for line in text[start..text.floor_char_boundary(start + MAX_BYTES)].split_inclusive('\n').take(MOST_LINES) {
        let is_label = labels.take(line, at);
        at += line.len();
        if !is_label {
            break;
        }
    }
    let Labels { mut fields, mut kept, end, num_known, title_label, heading, .. } = labels;
    match (title_label, heading) {
        (Some(label), _) => {
            let again = |line: &str| label_and_value(line).is_some_and(|(other, _)| other == label);
            if num_known < 2 || text[end..].lines().any(again) {
                return None;
            }
        }
        (None, Some(title)) if num_known >= LEAST_BELOW_HEADING => {
            fields.insert("title".into(), Value::String(title.to_string()));
        }
        _ => return None,
    }
    // The labels are many things beside: the lines of a play, a recipe.
    let facts = facts(Value::Object(fields));
    let is_placed = facts.published.is_some()
        || facts.updated.is_some()
        || facts.saved.is_some()
        || facts.byline.is_some()
        || facts.source.is_some()
        || facts.url.is_some();
    if facts.title.is_none() || !is_placed {
        return None;
    }
    // A text may begin with its summary.
    kept.retain(|span| !begins_with(&text[end..], &text[span.clone()]));
    Some(FrontMatter { facts, end, kept })
}

/// Longest value of a fact.
const MOST_VALUE_BYTES: usize = 300;

/// The lines of labels that were read.
#[derive(Default)]
struct Labels<'t> {
    /// The fields that state facts.
    fields: serde_json::Map<String, Value>,
    /// Where the last line of the list ends.
    end: usize,
    /// Stretches before `end` that are part of the text.
    kept: Vec<Span>,
    /// Lines with other labels since the last known one. They are part of the list if it goes on, or if a blank line is next.
    pending: Vec<Span>,
    /// Number of lines that state facts, and the roles of their values.
    num_known: usize,
    stated: Vec<Role>,
    is_after_gap: bool,
    /// The first label of a title, and the heading above the list.
    title_label: Option<&'t str>,
    heading: Option<&'t str>,
}

impl<'t> Labels<'t> {
    /// Reads a line, which starts at `from`. Returns whether the next one may belong to the list.
    fn take(&mut self, line: &'t str, from: usize) -> bool {
        if line.trim().is_empty() {
            if !self.pending.is_empty() {
                self.advance(from);
            }
            self.is_after_gap = true;
            return true;
        }
        if let Some(title) = line.strip_prefix("# ").filter(|_| self.fields.is_empty() && self.heading.is_none()) {
            self.heading = Some(title.trim());
            return true;
        }
        let Some((label, value)) = label_and_value(line) else { return false };
        let offset = |part: &str| from + (part.as_ptr() as usize - line.as_ptr() as usize);
        let roles = names::roles(label);
        let may_be = |role: Role| roles.iter().any(|(of, score)| *of == role && *score > LEAST_SCORE);
        if may_be(Role::Text) && begins_text(label, value) {
            self.advance(offset(value));
            return false;
        }
        if (may_be(Role::Standfirst) || may_be(Role::Summary)) && !value.is_empty() && !self.is_closed() {
            let start = offset(value);
            self.advance(from + line.len());
            self.kept.push(start..start + value.len());
            return true;
        }
        let mut stated = roles.iter().map(|(role, _)| *role).filter(|role| fits(*role, value)).peekable();
        if stated.peek().is_none() {
            // Only a list that goes on has other labels in it.
            if self.is_after_gap || self.fields.is_empty() {
                return false;
            }
            self.pending.push(trim_line(line, from));
            return true;
        }
        if self.is_closed() && !fits(Role::Url, value) {
            return false;
        }
        if may_be(Role::Title) && self.title_label.is_none() {
            self.title_label = Some(label);
        }
        self.stated.extend(stated);
        self.num_known += 1;
        self.fields.entry(label.to_string()).or_insert_with(|| Value::String(value.to_string()));
        self.advance(from + line.len());
        true
    }

    /// Extends the list to `end`, with the lines before it.
    fn advance(&mut self, end: usize) {
        self.kept.append(&mut self.pending);
        (self.end, self.is_after_gap) = (end, false);
    }

    /// Is there a blank line after title, day and author? What is after it is labelled for another reason, as questions and
    /// answers are.
    fn is_closed(&self) -> bool {
        let has = |role: Role| self.stated.contains(&role);
        self.is_after_gap
            && (has(Role::Title) || self.heading.is_some())
            && (has(Role::Published) || has(Role::Created))
            && has(Role::Byline)
    }
}

/// The span of a line that starts at `from`, without the white space around it.
fn trim_line(line: &str, from: usize) -> Span {
    let start = from + (line.len() - line.trim_start().len());
    start..start + line.trim().len()
}

/// Least score of a name for what a label denotes.
const LEAST_SCORE: u32 = 300;

/// Does the text begin after this label of a text? It may also be that of the writer (`Text: Anna Schmidt`) or of a part.
fn begins_text(label: &str, value: &str) -> bool {
    /// Labels of texts beside the text. The text is called so only if it is long.
    const PARTS: &[&str] = &["caption", "note", "message", "highlight", "selection", "extract", "post"];
    const LEAST_BYTES: usize = 80;
    if value.is_empty() || value.len() > LEAST_BYTES {
        return true;
    }
    let is_name = (2..=4).contains(&value.split_whitespace().count()) && is_name(value);
    !is_name && !PARTS.contains(&names::plain_name(label).as_str())
}

/// Do the words look like names, not like a sentence or an answer?
fn is_name(value: &str) -> bool {
    let last = value.rsplit(char::is_whitespace).next().unwrap_or(value);
    let is_initial = last.chars().filter(|c| c.is_alphabetic()).count() <= 2 && value.contains(' ');
    let ends_sentence = value.ends_with(['.', '…', '。', '।', '۔']) && !is_initial
        || value.contains(['?', '!', '？', '！', '؟', '。', '，']);
    !ends_sentence && names_only(value)
}

/// Do names begin the words, with nothing after them but what their owners are: `Ada Moe, our correspondent`?
fn is_byline(value: &str) -> bool {
    let names = without_opener(value);
    let person = names.split_once(',').map_or("", |(person, _)| person.trim());
    is_name(&names) || is_name(person) && person.contains(' ') && !value.ends_with(['.', '?', '!', '…'])
}

/// Does a value look like one of the fact? One word may be the name of an account.
fn fits(role: Role, value: &str) -> bool {
    /// Longest name of a newspaper, a section or a place.
    const MOST_NAME_BYTES: usize = 100;
    if value.is_empty() || value.len() > MOST_VALUE_BYTES {
        return false;
    }
    let is_one_word = !value.contains(char::is_whitespace);
    let ends_sentence = value.ends_with(['.', '?', '!', '…', '。', '？', '！', '؟', '।', '۔']);
    let as_field = || Value::String(value.to_string());
    match role {
        Role::Title => true,
        Role::Byline => is_byline(value) || is_one_word && !ends_sentence,
        Role::Published | Role::Created | Role::Updated | Role::Saved => {
            // `11/09/2023` is of two days, but no text.
            let num_digits = value.chars().filter(char::is_ascii_digit).count();
            values::date(&as_field()).is_some() || num_digits >= 4 && num_digits * 2 >= value.len()
        }
        Role::Url => {
            values::address(&as_field()).is_some() || is_one_word && value.contains(['/', '.']) && !ends_sentence
        }
        Role::Source | Role::Desk => value.len() <= MOST_NAME_BYTES && !ends_sentence,
        Role::Dateline => value.len() <= MOST_NAME_BYTES,
        Role::Keywords => !ends_sentence,
        Role::Language | Role::Id => is_one_word,
        Role::Text | Role::Standfirst | Role::Summary => false,
    }
}

/// The parts of a line `Label: value`, `Label:: value`.
fn label_and_value(line: &str) -> Option<(&str, &str)> {
    const MOST_CHARS: usize = 30;
    const MOST_WORDS: usize = 3;
    let (label, value) = line.split_once([':', '：'])?;
    let label = label.trim();
    let is_label = label.starts_with(char::is_alphabetic)
        && label.chars().count() <= MOST_CHARS
        && label.split_whitespace().count() <= MOST_WORDS
        && label.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-'))
        && !value.starts_with("//");
    is_label.then_some((label, value.trim_start_matches(':').trim()))
}

/// A JSON object with a line break after it, as Hugo reads it, and its end.
fn json(text: &str, start: usize) -> Option<(Value, usize)> {
    let rest = &text[start..];
    if !rest.starts_with('{') {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
    let value = values.next()?.ok().filter(Value::is_object)?;
    let end = start + values.byte_offset();
    text[end..].starts_with(['\n', '\r']).then_some((value, end))
}

/// The object between two lines of signs, and the end of the second.
fn fenced(text: &str, start: usize) -> Option<(Value, usize)> {
    let mut lines = text[start..text.floor_char_boundary(start + MAX_BYTES)].split_inclusive('\n');
    let first = lines.next()?;
    let (is_toml, ends): (bool, &[&str]) = match first.trim_end() {
        "---" => (false, &["---", "..."]),
        "+++" => (true, &["+++"]),
        _ => return None,
    };
    let from = start + first.len();
    let mut at = from;
    for line in lines {
        if ends.contains(&line.trim_end()) {
            let inside = &text[from..at];
            let value = if is_toml { toml_value(inside) } else { yaml_value(inside) };
            return Some((value?, at + line.len()));
        }
        at += line.len();
    }
    None
}

/// TOML as JSON. Fields of `[taxonomies]` and `[extra]` are treated as top-level fields.
fn toml_value(text: &str) -> Option<Value> {
    let Ok(table) = text.parse::<toml::Table>() else { return pairs(text) };
    let mut out = serde_json::Map::new();
    for (key, value) in table {
        match value {
            toml::Value::Table(inner) if matches!(key.as_str(), "taxonomies" | "extra") => {
                out.extend(inner.into_iter().map(|(key, value)| (key, toml_to_json(value))));
            }
            value => _ = out.insert(key, toml_to_json(value)),
        }
    }
    Some(Value::Object(out))
}

fn toml_to_json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(values) => Value::Array(values.into_iter().map(toml_to_json).collect()),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(truth) => Value::Bool(truth),
        toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, toml_to_json(value))).collect(),
    }
}

/// YAML as JSON. If it is not valid, its lines `key: value` and `key = "value"` are read.
fn yaml_value(text: &str) -> Option<Value> {
    if let Ok(value @ Value::Object(_)) = serde_saphyr::from_str::<Value>(text) {
        return Some(value);
    }
    pairs(text)
}

/// Lines `key: value` and `key = "value"`; `None` unless all lines that begin at the margin are such.
fn pairs(text: &str) -> Option<Value> {
    let is_key = |key: &str| {
        (1..=40).contains(&key.len()) && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.'))
    };
    let mut out = serde_json::Map::new();
    let is_inner = |line: &&str| line.trim().is_empty() || line.starts_with([' ', '\t', '-', '#', ']', '}']);
    for line in text.lines().filter(|line| !is_inner(line)) {
        let (key, value) = line.split_once(['=', ':']).filter(|(key, _)| is_key(key.trim()))?;
        let value = value.trim().trim_matches(['"', '\'']).to_string();
        out.insert(key.trim().to_string(), Value::String(value));
    }
    (!out.is_empty()).then_some(Value::Object(out))
}

/// A value whose texts have no links to notes: `[[Mara Lindqvist]]`, `[[people/mara|Mara Lindqvist]]`.
fn without_links(value: Value) -> Value {
    match value {
        Value::String(text) if text.contains("[[") => Value::String(unlinked(&text)),
        Value::Array(values) => Value::Array(values.into_iter().map(without_links).collect()),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, without_links(value))).collect(),
        other => other,
    }
}

/// A text with the links to notes in it replaced by their words.
fn unlinked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("[[") {
        let Some(end) = rest[at..].find("]]") else { break };
        let target = &rest[at + 2..at + end];
        out.push_str(&rest[..at]);
        out.push_str(target.rsplit('|').next().unwrap_or(target));
        rest = &rest[at + end + 2..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_above_a_text() {
        for (text, title, byline, rest) in [
            ("TITLE: Out\nDATE: 2023-09-11\nAUTHOR: Ada Moe\n\nText.\n", "Out", Some("Ada Moe"), "\nText.\n"),
            (
                "Titre : Dehors\nDate : 11/09/2023\nAuteur : Luc Moreau\n\nNote.",
                "Dehors",
                Some("Luc Moreau"),
                "\nNote.",
            ),
            ("Title: Out\n\nURL Source: https://a.example/a\n\nMarkdown Content:\n# Out\n", "Out", None, "\n# Out\n"),
            ("Title:\tOut\nAuthor:\tAda Moe\nText:\nDockers", "Out", Some("Ada Moe"), "\nDockers"),
            ("title:: Out\nauthor:: [[Ada Moe]]\n\n- Text\n", "Out", Some("Ada Moe"), "\n- Text\n"),
            (
                "# Out\n\nTags: a, b\nAuthor: Ada Moe\nPublished: September 12, 2023\n\nText\n",
                "Out",
                Some("Ada Moe"),
                "\nText\n",
            ),
        ] {
            let front = labelled(text).expect(text);
            assert_eq!(front.facts.title.as_deref(), Some(title), "{text}");
            assert_eq!(front.facts.byline.as_deref(), byline, "{text}");
            assert_eq!(&text[front.end..], rest, "{text}");
        }
        for text in [
            "Title: Out\n\nText.\n",
            "Title fight: Moe beats Berg\nBy Ada Moe\n\nText.\n",
            "Strike: the port is shut\nAuthor: Ada Moe\n\nText.\n",
            "Title: A\nDate: 2023-09-11\n\nText.\n\nTitle: B\nDate: 2023-09-12\n\nText.\n",
            "# Out\n\nAuthor: Ada Moe\n\nText.\n",
            "Source: Ferry That Sank Was Never Inspected\nBy Ada Moe\n",
        ] {
            assert!(labelled(text).is_none(), "{text}");
        }
    }

    #[test]
    fn labels_leave_the_text() {
        const HEAD: &str = "Title: Out\nDate: 2023-09-11\nAuthor: Ada Moe\n";
        for (below, kept, rest) in [
            ("Text: The strike is over.\nCranes move.\n", &[][..], "The strike is over.\nCranes move.\n"),
            ("Body: Dockers walked out.\n\nCranes move.\n", &[], "Dockers walked out.\n\nCranes move.\n"),
            ("\nText:\nCranes move.\n", &[], "\nCranes move.\n"),
            ("Text: Anna Schmidt\n\nCranes move.\n", &["Text: Anna Schmidt"], "\nCranes move.\n"),
            ("Summary: Cranes move again.\n\nText.\n", &["Cranes move again."], "\nText.\n"),
            ("Zusammenfassung: Kräne fahren\n\nText.\n", &["Kräne fahren"], "\nText.\n"),
            ("Lead: Cranes move.\n\nCranes move. More.\n", &[], "\nCranes move. More.\n"),
            (
                "Subtitle: Cranes move\nNotes: call Ida\nSection: Local\n\nText.\n",
                &["Cranes move", "Notes: call Ida"],
                "\nText.\n",
            ),
            ("Caption: The gate\nURL: https://a.example/a\n\nText.\n", &["Caption: The gate"], "\nText.\n"),
            ("Warning: no ferry today\nReaders know.\n", &[], "Warning: no ferry today\nReaders know.\n"),
            ("\nBy: Jon Berg\nMayor: Yes.\n", &[], "\nBy: Jon Berg\nMayor: Yes.\n"),
            ("\nURL: https://a.example/a\n\nText.\n", &[], "\nText.\n"),
        ] {
            let text = format!("{HEAD}{below}");
            let front = labelled(&text).expect(below);
            let found: Vec<&str> = front.kept.iter().map(|span| &text[span.clone()]).collect();
            assert_eq!(found, kept, "{below}");
            assert_eq!(&text[front.end..], rest, "{below}");
            assert_eq!(front.facts.byline.as_deref(), Some("Ada Moe"), "{below}");
        }
        // Values that are none of the fact.
        for (text, byline, rest) in [
            (
                "Title: Talk\nDate: 2023-09-11\n\nAuthor: Was it hard?\nMayor: Yes.\n",
                None,
                "\nAuthor: Was it hard?\nMayor: Yes.\n",
            ),
            ("Title: Talk\nDate: 2023-09-11\n\nAutor: Wirklich?\n", None, "\nAutor: Wirklich?\n"),
            ("標題：罷工結束\n日期：2023-09-11\n作者：王小明\n\n船隻。\n", Some("王小明"), "\n船隻。\n"),
            (
                "Title: Out\nDate: 11/09/2023\nAuthor: Ada Moe, our correspondent\n\nText.\n",
                Some("Ada Moe, our correspondent"),
                "\nText.\n",
            ),
            ("Title: Out\nSource: Halden Courier\nUpdated: 2023-09-11\n\nText.\n", None, "\nText.\n"),
            ("Title: Out\nDate: 2023-09-11\nAuthor: adamoe\n\nText.\n", Some("adamoe"), "\nText.\n"),
        ] {
            let front = labelled(text).expect(text);
            assert_eq!(front.facts.byline.as_deref(), byline, "{text}");
            assert_eq!(&text[front.end..], rest, "{text}");
        }
    }

    #[test]
    fn front_matter_of_all_kinds() {
        for (text, title, byline, rest) in [
            (
                "---\ntitle: Dockers walk out\nauthor: Mara Lindqvist\n---\nText\n",
                "Dockers walk out",
                "Mara Lindqvist",
                "Text\n",
            ),
            ("\u{feff}---\r\ntitle: 'Dockers: out'\r\nauthor: M. L.\r\n...\r\nText", "Dockers: out", "M. L.", "Text"),
            (
                "+++\ntitle = \"Streik\"\nauthors = [\"Ada Moe\", \"Jon Berg\"]\n+++\n\nText",
                "Streik",
                "Ada Moe, Jon Berg",
                "\nText",
            ),
            ("+++\ntitle = \"Streik\"\n[taxonomies]\nauthors = [\"Ada Moe\"]\n+++\nText", "Streik", "Ada Moe", "Text"),
            ("{\n \"title\": \"{Out}\", \"author\": \"Ada Moe\"}\nText", "{Out}", "Ada Moe", "\nText"),
            // A link to a note, a list, a value that is not valid YAML.
            (
                "---\ntitle: Out\nauthor:\n  - \"[[Ada Moe]]\"\n  - \"[[people/jon|Jon Berg]]\"\n---\n",
                "Out",
                "Ada Moe, Jon Berg",
                "",
            ),
            (
                "---\ntitle: Out: the \"second\" day\nauthor: Ada Moe\n---\nText",
                "Out: the \"second\" day",
                "Ada Moe",
                "Text",
            ),
        ] {
            let found = of(text).expect("front matter");
            assert_eq!(found.facts.title.as_deref(), Some(title), "{text}");
            assert_eq!(found.facts.byline.as_deref(), Some(byline), "{text}");
            assert_eq!(&text[found.end..], rest, "{text}");
        }
    }

    #[test]
    fn other_texts_have_no_front_matter() {
        for text in [
            "",
            "Text",
            "---\nA line, and\nanother.\n---\nText",
            "---\ntitle: never closed\n",
            "----\ntitle: x\n----\n",
            "{curly} text\n",
            "{\"a\": 1} text\n",
            "---\n---\n",
        ] {
            assert!(of(text).is_none(), "{text}");
        }
    }
}

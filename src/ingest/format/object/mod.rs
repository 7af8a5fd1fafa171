//! Facts of an object, by the names of its fields and by their values: each field has a score for each fact that its name
//! may denote, and the highest whose value fits is taken.

mod facts;
mod text;

use serde_json::{Map, Value};

use super::names::{self, Known, Role};
use super::values::{self, Prose, address, is_prose, prose};
use crate::model::{Facts, StatedBy};
use facts::is_unsure_title;
use text::{has_sentences, is_long, length};

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

/// The facts of an object; none for other values.
#[must_use]
pub(super) fn facts(value: &Value) -> Facts {
    let Value::Object(object) = value else { return Facts::default() };
    Fields::of(object, &[]).facts(&mut Taken::default())
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

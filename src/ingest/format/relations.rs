//! Backups of Ghost: tables of posts, people and tags, which refer to each other by id.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::draft::Draft;
use super::values::{line, plain_text};

/// What a backup states of its posts in other tables.
#[derive(Default)]
pub(super) struct Relations {
    /// Names of people and of tags by their ids.
    users: HashMap<String, String>,
    tags: HashMap<String, String>,
    /// Ids of people and of tags by those of posts, in order.
    authors_of: HashMap<String, Vec<String>>,
    tags_of: HashMap<String, Vec<String>>,
    /// The title of the site.
    site: Option<String>,
}

impl Relations {
    /// The relations of a backup; `None` for any other file.
    pub(super) fn of(root: &Value) -> Option<Relations> {
        let data = Some(&root["db"][0]["data"]).filter(|data| data.is_object()).unwrap_or(&root["data"]);
        data["posts"].as_array()?;
        let rows = |table: &str| data[table].as_array().map(Vec::as_slice).unwrap_or_default();
        let is_backup = ["posts_tags", "posts_authors", "users"].iter().any(|table| data[*table].is_array());
        let names = |table: &str| {
            let named = rows(table).iter().filter_map(|row| Some((id(row, "id")?, line(row["name"].as_str()?))));
            named.collect::<HashMap<String, String>>()
        };
        let joined = |table: &str, key: &str| {
            let mut rows: Vec<&Value> = rows(table).iter().collect();
            rows.sort_by_key(|row| row["sort_order"].as_u64());
            let mut of: HashMap<String, Vec<String>> = HashMap::new();
            for row in rows {
                if let (Some(post), Some(other)) = (id(row, "post_id"), id(row, key)) {
                    of.entry(post).or_default().push(other);
                }
            }
            of
        };
        let title = rows("settings").iter().find(|row| row["key"].as_str() == Some("title"));
        is_backup.then(|| Relations {
            users: names("users"),
            tags: names("tags"),
            authors_of: joined("posts_authors", "author_id"),
            tags_of: joined("posts_tags", "tag_id"),
            site: title.and_then(|row| row["value"].as_str()).map(line),
        })
    }

    /// Sets the facts of a post.
    pub(super) fn apply(&self, post: &Map<String, Value>, draft: &mut Draft) {
        let post = Value::Object(post.clone());
        let Some(own) = id(&post, "id") else { return };
        let mut authors = self.authors_of.get(&own).cloned().unwrap_or_default();
        if authors.is_empty() {
            authors.extend(id(&post, "author_id"));
        }
        let names: Vec<&str> = authors.iter().filter_map(|author| self.users.get(author)).map(String::as_str).collect();
        draft.byline(Some(names.join(", ")));
        for tag in self.tags_of.get(&own).into_iter().flatten().filter_map(|tag| self.tags.get(tag)) {
            // Tags of the program, not of readers.
            if !tag.starts_with('#') {
                draft.keyword(tag);
            }
        }
        draft.source(self.site.clone());
    }
}

/// An id, a number or a text.
fn id(row: &Value, key: &str) -> Option<String> {
    row.get(key).filter(|id| id.is_string() || id.is_number()).and_then(plain_text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_tags_of_posts() {
        for (backup, byline, tags, source) in [
            (
                r##"{"db": [{"data": {"posts": [{"id": "p1"}], "users": [{"id": "u1", "name": "Petra Solheim"}, {"id": "u2", "name": "Ola Berg"}],
                    "posts_authors": [{"post_id": "p1", "author_id": "u2", "sort_order": 1}, {"post_id": "p1", "author_id": "u1", "sort_order": 0}],
                    "tags": [{"id": "t1", "name": "ferries"}, {"id": "t2", "name": "#draft"}],
                    "posts_tags": [{"post_id": "p1", "tag_id": "t1"}, {"post_id": "p1", "tag_id": "t2"}],
                    "settings": [{"key": "title", "value": "Halden Courier"}]}}]}"##,
                Some("Petra Solheim, Ola Berg"),
                &["ferries"][..],
                Some("Halden Courier"),
            ),
            (
                r#"{"data": {"posts": [{"id": 1, "author_id": 2}], "users": [{"id": 2, "name": "Ola Berg"}]}}"#,
                Some("Ola Berg"),
                &[],
                None,
            ),
        ] {
            let root: Value = serde_json::from_str(backup).expect("valid JSON");
            let post = root.pointer("/db/0/data/posts/0").or(root.pointer("/data/posts/0")).and_then(Value::as_object);
            let mut draft = Draft::default();
            Relations::of(&root).expect("a backup").apply(post.expect("a post"), &mut draft);
            assert_eq!(draft.facts.byline.as_deref(), byline, "{backup}");
            assert_eq!(draft.facts.keywords, tags, "{backup}");
            assert_eq!(draft.facts.source.as_deref(), source, "{backup}");
        }
        assert!(Relations::of(&serde_json::json!({"posts": []})).is_none());
    }
}

//! Finds the records of a tree of objects and lists, by shape: the repeated objects that bear texts and titles, wherever
//! they are and whatever their list is called.
//!
//! All objects of one path (`chats.list[].messages[]`) are a group. Each group is judged by a sample of its members; the
//! group with the most text wins, unless its members are parts of articles, which then win. A list in a member of a list of
//! the same name is of the same group, as the folders of bookmarks are.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::names::{Role, is_beside};
use super::nodes;
use super::object::{Fields, Worth};
use super::values;

type Object = Map<String, Value>;

/// Most levels of objects and lists that are looked through.
const MOST_DEPTH: usize = 24;
/// Most members of a group that are judged.
const MOST_JUDGED: usize = 300;
/// Most objects around a record whose fields count as its own.
const MOST_AROUND: usize = 3;
/// Most paths of objects; a tree with more is data.
const MOST_GROUPS: usize = 20_000;

/// The records of a tree.
pub(super) struct Found<'v> {
    /// In the order of the tree.
    pub(super) records: Vec<FoundRecord<'v>>,
    /// Is the only record an object of no list: the tree itself, or an object in it?
    pub(super) is_lone: bool,
}

/// A record, with what is around it.
pub(super) struct FoundRecord<'v> {
    pub(super) object: &'v Object,
    /// The objects around it that hold no other record, from the nearest.
    pub(super) outer: Vec<&'v Object>,
    /// The object that holds its list.
    pub(super) holder: Option<&'v Object>,
    /// The path of its list.
    pub(super) path: String,
}

/// An object of the tree.
struct Place<'v> {
    object: &'v Object,
    /// The object around it, as an index, unless it is one of a list.
    around: Option<u32>,
    /// The object that holds its list.
    holder: Option<u32>,
    /// Does it hold a list that is part of its own?
    is_folder: bool,
}

/// All objects of one path.
#[derive(Default)]
struct Group {
    path: String,
    members: Vec<u32>,
}

impl Group {
    /// Is there a list on the way to its members?
    fn is_listed(&self) -> bool {
        self.path.contains("[]") || self.path.contains('*')
    }
}

/// What the members of a group bear, judged by a sample.
struct Judged {
    group: usize,
    /// Bytes of text of all members, estimated.
    text_bytes: f64,
    /// Mean points of the members that have a text.
    points: f64,
    /// Share of them that has a title.
    titled: f64,
    /// Share of them that has a date, a byline or an address.
    placed: f64,
    /// Share of all members that has a text, not only a summary.
    has_text: f64,
    /// Share of them whose text has the name of one.
    is_named: f64,
    /// The fields of their texts.
    text_fields: Vec<String>,
}

/// Finds the records of a tree.
pub(super) fn find(root: &Value) -> Option<Found<'_>> {
    let mut walk = Walk::default();
    walk.value(root, "", None, None, 0);
    let taken = walk.choose()?;
    let mut records: Vec<(u32, usize)> =
        taken.iter().flat_map(|&group| walk.groups[group].members.iter().map(move |&member| (member, group))).collect();
    records.sort_unstable();
    // A folder is no record, unless it has more than a name.
    records.retain(|&(member, _)| {
        let is_record = |worth: Worth| worth.text_bytes > 0 || worth.is_addressed;
        !walk.places[member as usize].is_folder || is_record(walk.worth(member))
    });
    let is_lone = records.len() == 1 && !walk.groups[taken[0]].is_listed();
    let records = records.into_iter().map(|(member, group)| walk.record(member, group)).collect();
    Some(Found { records, is_lone })
}

#[derive(Default)]
struct Walk<'v> {
    places: Vec<Place<'v>>,
    groups: Vec<Group>,
    by_path: HashMap<String, usize>,
}

impl<'v> Walk<'v> {
    /// Visits a value. `around` is the object that holds it as a field, `holder` that of the list that it is in.
    fn value(&mut self, value: &'v Value, path: &str, around: Option<u32>, holder: Option<u32>, depth: usize) {
        if depth > MOST_DEPTH {
            return;
        }
        match value {
            Value::Array(values) => {
                let path = format!("{path}[]");
                for value in values.iter().filter(|value| value.is_object() || value.is_array()) {
                    self.value(value, &path, None, around.or(holder), depth + 1);
                }
            }
            Value::Object(object) => {
                let Some(place) = self.add(object, path, around, holder) else { return };
                let keyed = is_keyed(object);
                for (key, value) in object.iter().filter(|(_, value)| value.is_object() || value.is_array()) {
                    let join = if path.is_empty() { "" } else { "." };
                    if keyed {
                        // As a list whose members have keys instead of numbers.
                        self.value(value, &format!("{path}{join}*"), None, Some(place), depth + 1);
                    } else if is_list_named(path, key) && holds_records(value, key) {
                        self.places[place as usize].is_folder = true;
                        // A list adds its brackets again; the only one of an element of XML is none.
                        let path = if value.is_array() { path.trim_end_matches("[]") } else { path };
                        self.value(value, path, None, Some(place), depth + 1);
                    } else {
                        self.value(value, &format!("{path}{join}{key}"), Some(place), holder, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    /// Adds an object to the group of its path.
    fn add(&mut self, object: &'v Object, path: &str, around: Option<u32>, holder: Option<u32>) -> Option<u32> {
        let place = u32::try_from(self.places.len()).ok()?;
        let group = match self.by_path.get(path) {
            Some(&group) => group,
            None if self.groups.len() >= MOST_GROUPS => return None,
            None => {
                self.groups.push(Group { path: path.to_string(), ..Group::default() });
                self.by_path.insert(path.to_string(), self.groups.len() - 1);
                self.groups.len() - 1
            }
        };
        self.places.push(Place { object, around, holder, is_folder: false });
        self.groups[group].members.push(place);
        Some(place)
    }

    fn record(&self, member: u32, group: usize) -> FoundRecord<'v> {
        let place = |at: u32| &self.places[at as usize];
        let mut outer = Vec::new();
        let mut at = member;
        while let Some(around) = place(at).around.filter(|_| outer.len() < MOST_AROUND) {
            outer.push(place(around).object);
            at = around;
        }
        let holder = place(at).holder.map(|holder| place(holder).object);
        FoundRecord { object: place(member).object, outer, holder, path: self.groups[group].path.clone() }
    }

    /// The groups whose members are the records.
    fn choose(&self) -> Option<Vec<usize>> {
        let judged: Vec<Judged> = (0..self.groups.len()).filter_map(|group| self.judge(group)).collect();
        let score = |judged: &Judged| {
            let beside = if is_beside(&self.groups[judged.group].path) { 0.1 } else { 1.0 };
            judged.text_bytes * judged.points * judged.points * beside
        };
        let mut texts: Vec<&Judged> =
            judged.iter().filter(|judged| judged.text_bytes > 0.0 && judged.points >= 3.0).collect();
        texts.sort_by(|a, b| score(b).total_cmp(&score(a)));
        let Some(&first) = texts.first() else { return self.titles() };
        let best = self.whole(first, &texts);
        if let Some(titled) = self.titled_above(&self.groups[best.group].path) {
            return Some(vec![titled]);
        }
        let mut taken = vec![best.group];
        for other in texts {
            let path = &self.groups[other.group].path;
            let apart = taken.iter().all(|&group| {
                let known = &self.groups[group].path;
                path != known && !is_below(path, known) && !is_below(known, path)
            });
            let sure = other.points >= 5.0 && other.is_named >= 0.5 && other.titled >= 0.5 && other.has_text >= 0.3;
            if apart && sure && !is_beside(path) && self.groups[other.group].is_listed() {
                taken.push(other.group);
            }
        }
        Some(taken)
    }

    /// The outermost group of articles that the members of `best` are parts of, or `best`.
    fn whole<'j>(&self, best: &'j Judged, texts: &[&'j Judged]) -> &'j Judged {
        let inner = &self.groups[best.group].path;
        let around = texts.iter().copied().filter(|outer| {
            let path = &self.groups[outer.group].path;
            if !is_below(inner, path) || outer.has_text < 0.5 {
                return false;
            }
            let stated = best.points >= 5.0 && best.placed >= 0.5;
            let in_text = outer.text_fields.iter().any(|field| {
                let join = if path.is_empty() { "" } else { "." };
                let field = format!("{path}{join}{field}");
                *inner == field || is_below(inner, &field)
            });
            if in_text {
                return !stated;
            }
            let enough = outer.text_bytes * 2.0 >= best.text_bytes && outer.points + 0.5 >= best.points.min(5.0);
            let parts = outer.titled >= 0.5 && best.titled < 0.5 && outer.is_named >= 0.5;
            enough || parts || outer.titled >= 0.5 && outer.is_named >= 0.5 && is_beside(inner)
        });
        around.min_by_key(|outer| self.groups[outer.group].path.len()).unwrap_or(best)
    }

    /// The group of titles that the list `beside` belongs to, such as posts without a text that have comments.
    fn titled_above(&self, beside: &str) -> Option<usize> {
        if !is_beside(beside) {
            return None;
        }
        let is_titled = |group: &usize| {
            let Group { path, members, .. } = &self.groups[*group];
            let worths: Vec<Worth> = self.sample(members).map(|place| self.worth(place)).collect();
            is_below(beside, path) && worths.iter().filter(|worth| worth.has_sure_title).count() * 2 >= worths.len()
        };
        (0..self.groups.len()).filter(is_titled).max_by_key(|&group| self.groups[group].path.len())
    }

    /// The longest list of titles, if there is no text.
    fn titles(&self) -> Option<Vec<usize>> {
        let of_titles = |group: &usize| {
            let Group { path, members } = &self.groups[*group];
            let is_listed = self.groups[*group].is_listed();
            let records = self.sample(members).filter(|&place| !self.places[place as usize].is_folder);
            let worths: Vec<Worth> = records.map(|place| self.worth(place)).collect();
            let known = |worth: &&Worth| {
                // A single one must be more than a title and a date.
                worth.has_sure_title && (worth.is_addressed || worth.is_dated && members.len() > 1)
            };
            let sure = worths.iter().filter(known).count();
            is_listed && sure > 0 && !is_beside(path) && sure * 10 >= worths.len() * 8
        };
        let best = (0..self.groups.len()).filter(of_titles).max_by_key(|&group| self.groups[group].members.len())?;
        Some(vec![best])
    }

    fn sample<'s>(&'s self, members: &'s [u32]) -> impl Iterator<Item = u32> + 's {
        let step = members.len().div_ceil(MOST_JUDGED).max(1);
        members.iter().copied().step_by(step)
    }

    fn worth(&self, place: u32) -> Worth {
        let mut outer = Vec::new();
        let mut at = place;
        while let Some(around) = self.places[at as usize].around.filter(|_| outer.len() < MOST_AROUND) {
            outer.push(self.places[around as usize].object);
            at = around;
        }
        Fields::of(self.places[place as usize].object, &outer).worth()
    }

    fn judge(&self, group: usize) -> Option<Judged> {
        let Group { members, .. } = &self.groups[group];
        let is_listed = self.groups[group].is_listed();
        let mut worths: Vec<Worth> = self.sample(members).map(|place| self.worth(place)).collect();
        // Among very many empty ones a sample may have none of the few that are not.
        if members.len() > MOST_JUDGED && worths.iter().all(|worth| worth.text_bytes == 0) {
            let full = members.iter().copied().filter(|&place| holds_prose(self.places[place as usize].object));
            worths.extend(full.take(MOST_JUDGED).map(|place| self.worth(place)));
        }
        let texts: Vec<&Worth> = worths
            .iter()
            .filter(|worth| worth.text_bytes > 0 && (worth.has_text || worth.has_sure_title))
            .filter(|worth| is_listed || worth.is_article())
            .collect();
        if texts.is_empty() {
            return None;
        }
        let count = texts.len() as f64;
        let share = |is: &dyn Fn(&Worth) -> bool| texts.iter().filter(|worth| is(worth)).count() as f64 / count;
        let mean = texts.iter().map(|worth| f64::from(worth.points())).sum::<f64>() / count;
        let bytes: usize = texts.iter().map(|worth| worth.text_bytes).sum();
        let mut text_fields: Vec<String> = texts.iter().filter_map(|worth| worth.text_field.clone()).take(20).collect();
        text_fields.dedup();
        Some(Judged {
            group,
            text_bytes: bytes as f64 * members.len() as f64 / worths.len() as f64,
            points: mean,
            titled: share(&|worth| worth.has_title),
            placed: share(&|worth| worth.is_dated || worth.is_signed || worth.is_addressed),
            has_text: texts.iter().filter(|worth| worth.has_text).count() as f64 / worths.len() as f64,
            is_named: share(&|worth| worth.is_named),
            text_fields,
        })
    }
}

/// Is an object of this path a member of a list by this name?
fn is_list_named(path: &str, key: &str) -> bool {
    path.strip_suffix("[]")
        .is_some_and(|list| list == key || list.strip_suffix(key).is_some_and(|above| above.ends_with('.')))
}

/// Is one of the objects of a list more than a name and a date, or a folder by the name `key` again?
fn holds_records(value: &Value, key: &str) -> bool {
    let is_record = |value: &Value| {
        value.as_object().is_some_and(|object| {
            object.get(key).is_some_and(|inner| holds_records(inner, key))
                || values::states(object, &[Role::Title, Role::Url, Role::Text])
        })
    };
    match value {
        // Blocks of a text, by the name of the list of articles.
        Value::Array(list) if nodes::are_typed(list) && nodes::are_paragraphs(list) => false,
        Value::Array(list) => list.iter().any(is_record),
        value => is_record(value),
    }
}

/// Does a field of an object hold running text?
fn holds_prose(object: &Object) -> bool {
    object.values().any(|value| value.as_str().is_some_and(values::is_prose))
}

/// Is one path below another?
fn is_below(path: &str, above: &str) -> bool {
    above.is_empty() && !path.is_empty()
        || path.strip_prefix(above).is_some_and(|rest| rest.starts_with('.') || rest.starts_with('['))
}

/// Does an object hold its values by keys, as a list does by numbers: `{"a1": {"title": ...}, "a2": {"title": ...}}`?
fn is_keyed(object: &Object) -> bool {
    const MOST_COMPARED: usize = 20;
    let inner = |value: &'_ Value| -> Option<Vec<String>> {
        let object = match value {
            Value::Object(object) => object,
            Value::Array(values) => values.first()?.as_object()?,
            _ => return None,
        };
        Some(object.keys().filter(|key| !key.starts_with('\0')).cloned().collect())
    };
    let values: Vec<&Value> = object.iter().filter(|(key, _)| !key.starts_with('\0')).map(|(_, value)| value).collect();
    let lists = values.iter().filter(|value| value.is_array()).count();
    if values.is_empty() || lists > 0 && lists < values.len() || object.keys().any(|key| is_beside(key)) {
        return false;
    }
    let shapes: Option<Vec<Vec<String>>> = values.iter().take(MOST_COMPARED).map(|value| inner(value)).collect();
    let Some(shapes) = shapes.filter(|_| values.iter().all(|value| value.is_object() || value.is_array())) else {
        return false;
    };
    let numbered = object
        .keys()
        .filter(|key| !key.starts_with('\0'))
        .all(|key| key.chars().filter(char::is_ascii_digit).count() * 2 >= key.len());
    if numbered {
        return true;
    }
    let first = &shapes[0];
    let alike = |shape: &Vec<String>| {
        let both = shape.iter().filter(|key| first.contains(key)).count();
        both > 0 && both * 2 >= shape.len().max(first.len())
    };
    shapes.len() > 1 && shapes.iter().all(alike)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str =
        "Crews of the island ferries will vote on Thursday on an offer of four per cent, the union said.";

    #[test]
    fn the_only_text_among_many_empty_records_is_found() {
        let mut list = vec![serde_json::json!({"title": "", "text": ""}); MOST_JUDGED * 2 + 1];
        list[MOST_JUDGED + 2] = serde_json::json!({"title": "A b", "text": LONG});
        let value = Value::Array(list);
        assert_eq!(find(&value).map(|found| found.records.len()), Some(MOST_JUDGED * 2 + 1));
    }

    #[test]
    fn lists_by_shape() {
        // The paths that are taken, and the number of records.
        for (json, paths, count, is_lone) in [
            (
                r#"{"name": "My clippings", "clippings": [{"title": "A b", "text": "~"}, {"title": "C d", "text": "~"}]}"#,
                "clippings[]",
                2,
                false,
            ),
            (r#"{"a1": {"title": "A b", "text": "~"}, "a2": {"title": "C d", "text": "~"}}"#, "*", 2, false),
            (r#"{"2021": [{"title": "A b", "text": "~"}], "2022": [{"title": "A b", "text": "~"}]}"#, "*[]", 2, false),
            (
                r#"{"hits": {"total": 1, "hits": [{"_id": "1", "_source": {"title": "A b", "text": "~"}}]}}"#,
                "hits.hits[]._source",
                1,
                false,
            ),
            (r#"[{"tweet": {"full_text": "~", "id": "1"}}, {"tweet": {"full_text": "~"}}]"#, "[].tweet", 2, false),
            // Lists in each other, whose folders are none.
            (
                r#"{"name": "root", "children": [{"title": "A b", "url": "https://a.example/1"}, {"name": "Sub f", "children": [
                    {"title": "C d", "url": "https://a.example/2"}, {"title": "E f", "url": "https://a.example/3"}]}]}"#,
                "children[]",
                3,
                false,
            ),
            // Blocks of a text, which state nothing of their own, also by the name of the list of articles.
            (
                r#"{"elements": [{"title": "A b", "date": "2021-01-01", "elements": [{"type": "text", "content": "~"}, {"type": "text", "content": "~"}]}, {"title": "C d", "date": "2021-01-02", "elements": [{"type": "text", "content": "~"}]}]}"#,
                "elements[]",
                2,
                false,
            ),
            (
                r#"{"title": "A b", "date": "2021-01-01", "content_elements": [{"type": "text", "content": "~"}, {"type": "header", "content": "H"}, {"type": "text", "content": "~"}]}"#,
                "",
                1,
                true,
            ),
            (
                r#"[{"title": "A b", "date": "2021-01-01", "body": {"components": [{"contents": {"html": "~"}}, {"contents": {"html": "~"}}]}}]"#,
                "[]",
                1,
                false,
            ),
            // A few blocks with facts are of the text; records of several kinds are none.
            (
                r#"{"title": "A b", "date": "2021-01-01", "body": [{"type": "text", "content": "~"}, {"type": "quote", "text": "~", "author": "P S"}, {"type": "factbox", "title": "C d", "text": "~", "link": "https://a.example/c"}, {"type": "text", "content": "~"}, {"type": "text", "content": "~"}]}"#,
                "",
                1,
                true,
            ),
            (
                r#"{"items": [{"type": "story", "title": "A b", "text": "~"}, {"type": "brief", "title": "C d", "text": "~", "date": "2021-01-01"}, {"type": "story", "title": "E f", "text": "~"}]}"#,
                "items[]",
                3,
                false,
            ),
            // Updates and messages state their own times.
            (
                r#"{"title": "A live b", "url": "https://a.example", "updates": [{"headline": "C d", "date": "2021-01-01", "text": "~"}, {"headline": "E f", "date": "2021-01-01", "text": "~"}]}"#,
                "updates[]",
                2,
                false,
            ),
            (
                r#"{"title": "Export b", "items": [{"type": "note", "text": "~"}, {"type": "note", "text": "~"}]}"#,
                "items[]",
                2,
                false,
            ),
            // What belongs to articles, or is beside them.
            (
                r#"[{"title": "A b", "text": "~", "comments": [{"text": "~ ~ ~ ~", "date": "2021-01-01", "author": "x"}]}]"#,
                "[]",
                1,
                false,
            ),
            (
                r#"{"title": "A b", "sections": [{"heading": "H", "text": "~"}, {"heading": "I", "text": "~"}]}"#,
                "",
                1,
                true,
            ),
            (
                r#"{"title": "A b", "text": "~", "related": [{"title": "C d", "text": "~ ~ ~ ~ ~", "url": "https://a.example"}]}"#,
                "",
                1,
                true,
            ),
            (
                r#"{"db": [{"data": {"posts": [{"title": "A b", "html": "<p>~</p>"}], "users": [{"name": "P S", "bio": "~"}], "tags": [{"name": "x y", "description": "~"}]}}]}"#,
                "db[].data.posts[]",
                1,
                false,
            ),
            (
                r#"{"articles": [{"title": "A b", "text": "~"}], "briefs": [{"title": "C d", "text": "~"}]}"#,
                "*[]",
                2,
                false,
            ),
            (r#"{"data": {"title": "A b", "body": "~"}, "status": 200}"#, "data", 1, true),
            (
                r#"{"channels": [{"name": "x", "messages": [{"text": "~", "date": "2021-01-01"}]}, {"name": "y", "messages": [{"text": "~", "date": "2021-01-02"}]}]}"#,
                "channels[].messages[]",
                2,
                false,
            ),
            (
                r#"{"news": [{"headline": "A b", "pubDate": "2021-01-01"}, {"headline": "C d", "pubDate": "2021-01-02"}]}"#,
                "news[]",
                2,
                false,
            ),
            (
                r#"[{"title": "A b", "selftext": "", "url": "https://a.example", "comments": [{"text": "~"}]}]"#,
                "[]",
                1,
                false,
            ),
            (
                r#"{"posts": [{"text": "~", "author": "x"}], "comments": [{"text": "~", "author": "y"}]}"#,
                "posts[]",
                1,
                false,
            ),
            // No articles.
            (
                r#"{"name": "parser", "version": "1.0", "description": "A small parser of dates.", "author": "P S", "dependencies": {"a": "1"}}"#,
                "-",
                0,
                false,
            ),
            (r#"{"users": [{"name": "Petra Solheim", "id": 1}, {"name": "Ola Berg", "id": 2}]}"#, "-", 0, false),
            ("[]", "-", 0, false),
            ("12", "-", 0, false),
        ] {
            let value: Value = serde_json::from_str(&json.replace('~', LONG)).expect("valid JSON");
            let (found, lone, number) = find(&value).map_or(("-".to_string(), false, 0), |found| {
                let mut paths: Vec<&str> = found.records.iter().map(|record| record.path.as_str()).collect();
                paths.sort_unstable();
                paths.dedup();
                (paths.join(" "), found.is_lone, found.records.len())
            });
            assert_eq!((found.as_str(), number, lone), (paths, count, is_lone), "{json}");
        }
    }
}

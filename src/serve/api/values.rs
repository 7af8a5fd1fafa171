//! What answers are made of: hits and articles as JSON, ranges in UTF-16, the commit.

use serde_json::{Map, Value};

use super::answers::Commit;
use crate::model::Article;
use crate::search::{Hit, Mark, Searcher};
use crate::serve::call::Call;

pub(super) fn commit(call: &Call<'_>, searcher: &Searcher) -> Commit {
    let commit = searcher.commit();
    // The files of an earlier commit have gone, and with them its time.
    let is_last = commit == call.room.commits.last().commit();
    let at = if is_last { committed_at(searcher) } else { None };
    Commit { commit, articles: searcher.num_articles(), at, trouble: call.room.commits.trouble() }
}

/// When the indexes were last committed, in UTC (RFC 3339). `None` where no file says it.
fn committed_at(searcher: &Searcher) -> Option<String> {
    let snapshot = searcher.snapshot();
    let times = snapshot.parts().iter().filter_map(|part| {
        // The list of segments, which each commit writes.
        let list = part.index.folder().join("meta.json");
        list.metadata().and_then(|metadata| metadata.modified()).ok()
    });
    let seconds = times.max()?.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    utc(i64::try_from(seconds).ok()?)
}

/// A time in seconds since 1970 as RFC 3339 has it, in UTC.
pub(crate) fn utc(seconds: i64) -> Option<String> {
    jiff::Timestamp::from_second(seconds).ok().map(|time| time.to_string())
}

/// The ranges of a text in UTF-16 units.
pub(crate) fn utf16(text: &str, marks: &[Mark]) -> Vec<Mark> {
    let (mut byte, mut unit) = (0, 0);
    let mut at = |to: usize| {
        // Marks are in order; one that begins before the last ended is counted from the beginning.
        if to < byte {
            (byte, unit) = (0, 0);
        }
        unit += text[byte..to].encode_utf16().count();
        byte = to;
        unit
    };
    marks.iter().map(|&(start, end)| (at(start), at(end))).collect()
}

/// A value of the library without the absolute path, which the folder may not have been named by.
pub(super) fn shown(value: &impl serde::Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(mut object)) => {
            object.shift_remove("file");
            object
        }
        _ => Map::new(),
    }
}

pub(crate) fn hit_value(hit: &Hit, fields: Option<&[&str]>, has_marks: bool) -> Value {
    let mut object = shown(hit);
    let pairs = |marks: Vec<Mark>| serde_json::to_value(marks).unwrap_or_default();
    object.insert("marks_u16".into(), pairs(utf16(&hit.passage.text, &hit.marks)));
    object.insert("snippet_marks_u16".into(), pairs(utf16(&hit.snippet.text, &hit.snippet.marks)));
    object.insert("permalink".into(), Value::String(permalink(&hit.article, hit.passage.ordinal)));
    if !has_marks {
        for name in ["marks", "marks_u16", "snippet_marks", "snippet_marks_u16", "terms"] {
            object.shift_remove(name);
        }
    }
    if let Some(fields) = fields {
        object.retain(|name, _| fields.contains(&name.as_str()));
    }
    Value::Object(object)
}

/// The page of a passage.
pub(super) fn permalink(article: &Article, passage: u32) -> String {
    format!("/a/{}#p{passage}", article.id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_utc() {
        for (seconds, expected) in
            [(0, Some("1970-01-01T00:00:00Z")), (1_795_939_753, Some("2026-11-29T08:09:13Z")), (i64::MAX, None)]
        {
            assert_eq!(utc(seconds).as_deref(), expected);
        }
    }

    #[test]
    fn marks_are_counted_as_browsers_do() {
        let text = "a𝄞é שלום 報";
        let byte = |c: char| text.find(c).expect("in the text");
        let mark = |c: char| (byte(c), byte(c) + c.len_utf8());
        assert_eq!(utf16(text, &[mark('a'), mark('𝄞'), mark('é'), mark('報')]), [(0, 1), (1, 3), (3, 4), (10, 11)]);
        assert_eq!(utf16(text, &[mark('報'), mark('a')]), [(10, 11), (0, 1)]);
    }
}

//! The format of stored articles and passages: numbers in as few bytes as they need, no names, no values that columns
//! hold.
//!
//! The order of the fields below, and of those of [`Facts`], is the format: changing it raises the format version.

use serde::{Deserialize, Serialize};
use tantivy::schema::Field;

use super::record::{path_of_term, path_term};
use crate::model::{Article, BoilerplateKind, Facts, Location, Passage};

#[derive(Serialize, Deserialize)]
struct PackedArticle<'a, F> {
    /// Only where it cannot be read back from its column.
    path: Option<&'a str>,
    record: Option<&'a str>,
    own_id: bool,
    passages: u32,
    facts: F,
}

#[derive(Serialize, Deserialize)]
struct PackedPassage<'a> {
    section: u32,
    heading: Option<&'a str>,
    level: u8,
    #[serde(borrow)]
    trail: Vec<&'a str>,
    boilerplate: Option<BoilerplateKind>,
    speaker: Option<&'a str>,
    /// Seconds from the start of the recording.
    time: Option<u32>,
    /// First byte, length minus that of the text, first line, number of lines after it.
    location: Option<(u64, i64, u32, u32)>,
    markup: Vec<(u32, u32)>,
    page: Option<u32>,
    // The text follows, to the end.
}

/// Packs an article.
#[must_use]
pub(super) fn article(article: &Article) -> Vec<u8> {
    let Article { path, record, own_id, passages, facts, .. } = article;
    let packed = PackedArticle {
        path: Some(path.as_str()).filter(|path| path_of_term(&path_term(path)) != *path),
        record: record.as_deref(),
        own_id: *own_id,
        passages: *passages,
        facts,
    };
    to_bytes(&packed, 0)
}

/// Unpacks an article. The path's term and the hash are those in its columns. `None` if the bytes are damaged.
#[must_use]
pub(super) fn read_article(bytes: &[u8], path_term: &str, hash: u64) -> Option<Article> {
    let packed: PackedArticle<'_, Facts> = postcard::from_bytes(bytes).ok()?;
    Some(Article {
        path: packed.path.unwrap_or(path_of_term(path_term)).to_string(),
        record: packed.record.map(str::to_string),
        own_id: packed.own_id,
        hash,
        passages: packed.passages,
        facts: packed.facts,
        ..Article::default()
    })
}

/// Packs a passage.
#[must_use]
pub(super) fn passage(passage: &Passage) -> Vec<u8> {
    let location = passage.location.map(|Location { start, end, line, end_line }| {
        let excess = end.saturating_sub(start).wrapping_sub(passage.text.len() as u64);
        (start, excess.cast_signed(), line, end_line.saturating_sub(line))
    });
    let packed = PackedPassage {
        section: passage.section,
        heading: passage.heading.as_deref(),
        level: passage.level,
        trail: passage.trail.iter().map(String::as_str).collect(),
        boilerplate: passage.boilerplate,
        speaker: passage.speaker.as_deref(),
        time: passage.time,
        page: passage.page,
        location,
        markup: passage.markup.clone(),
    };
    let mut bytes = to_bytes(&packed, passage.text.len());
    bytes.extend_from_slice(passage.text.as_bytes());
    bytes
}

/// Unpacks a passage. Its ordinal and first word are those in its columns. `None` if the bytes are damaged.
#[must_use]
pub(super) fn read_passage(bytes: &[u8], ordinal: u32, first_word: u32) -> Option<Passage> {
    let (packed, text): (PackedPassage<'_>, &[u8]) = postcard::take_from_bytes(bytes).ok()?;
    Some(Passage {
        ordinal,
        section: packed.section,
        heading: packed.heading.map(str::to_string),
        level: packed.level,
        trail: packed.trail.into_iter().map(str::to_string).collect(),
        boilerplate: packed.boilerplate,
        speaker: packed.speaker.map(str::to_string),
        time: packed.time,
        page: packed.page,
        first_word,
        location: packed.location.map(|(start, excess, line, lines)| Location {
            start,
            end: start.saturating_add((text.len() as u64).wrapping_add(excess.cast_unsigned())),
            line,
            end_line: line.saturating_add(lines),
        }),
        text: std::str::from_utf8(text).ok()?.to_string(),
        markup: packed.markup,
    })
}

/// A stored value of a document in tantivy's format: the number of values, then for each its field, type, length and
/// bytes. `None` if there is none, or if the bytes are damaged: tantivy's own reader would trust a damaged length.
#[must_use]
pub(super) fn stored_value(mut document: &[u8], field: Field) -> Option<&[u8]> {
    /// tantivy's code for bytes, the only type stored here.
    const BYTES: u8 = 4;
    for _ in 0..var_int(&mut document)? {
        let (id, rest) = document.split_first_chunk::<4>()?;
        let (&code, mut rest) = rest.split_first()?;
        if code != BYTES {
            return None;
        }
        let length = usize::try_from(var_int(&mut rest)?).ok()?;
        let (value, rest) = rest.split_at_checked(length)?;
        if u32::from_le_bytes(*id) == field.field_id() {
            return Some(value);
        }
        document = rest;
    }
    None
}

/// A variable-length integer of tantivy: seven bits a byte, the lowest first; the last byte has its high bit set.
fn var_int(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 != 0 {
            return Some(value);
        }
    }
    None
}

/// The bytes of a value, with capacity for `text_bytes` more.
fn to_bytes<T: Serialize>(value: &T, text_bytes: usize) -> Vec<u8> {
    /// Enough for most values.
    const BYTES: usize = 60;
    postcard::to_extend(value, Vec::with_capacity(BYTES + text_bytes))
        .expect("structs of strings and numbers have a postcard form")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Published, PublishedFrom};

    #[test]
    fn packed_values_round_trip() {
        let date = |from| Some(Published { value: "2023-09-12".into(), from });
        let articles = [
            Article::default(),
            // Longer than a value of a column, and with capitals.
            Article { path: format!("news/{}.txt", "a/".repeat(900)), ..Article::default() },
            Article { path: format!("news/{}.txt", "A/".repeat(300)), ..Article::default() },
            Article { path: "News/İstanbul/ẞ.txt".into(), ..Article::default() },
            Article { path: "news/a\0b.txt".into(), ..Article::default() },
            Article {
                path: "news/a.txt".into(),
                record: Some("GUID-1".into()),
                own_id: true,
                hash: u64::MAX,
                passages: 7,
                facts: Facts {
                    title: Some("Dockers walk out".into()),
                    byline: Some("Mara Lindqvist".into()),
                    published: date(PublishedFrom::Path),
                    updated: date(PublishedFrom::Text),
                    keywords: vec!["ports".into(), "strikes".into()],
                    ..Facts::default()
                },
                ..Article::default()
            },
        ];
        for stored in articles {
            let term = path_term(&stored.path);
            assert_eq!(read_article(&article(&stored), &term, stored.hash), Some(stored));
        }
        let passages = [
            Passage::default(),
            Passage {
                ordinal: 3,
                section: 2,
                heading: Some("The dispute".into()),
                level: 2,
                trail: vec!["Ports".into()],
                boilerplate: Some(BoilerplateKind::Subscribe),
                speaker: Some("MS. SMITH".into()),
                time: Some(3_723),
                first_word: 900,
                location: Some(Location { start: 10, end: 90, line: 4, end_line: 6 }),
                page: Some(12),
                text: "Čtyři".into(),
                markup: vec![(1, 2)],
            },
        ];
        for stored in passages {
            assert_eq!(read_passage(&passage(&stored), stored.ordinal, stored.first_word), Some(stored));
        }
        assert_eq!(read_passage(b"", 0, 0), None);
        assert_eq!(read_article(&[0xff; 40], "", 0), None);
    }

    proptest::proptest! {
        #[test]
        fn damaged_bytes_do_not_panic(at in 0usize..200, byte: u8, cut in 0usize..200) {
            let mut bytes = passage(&Passage { text: "Čtyři".repeat(9), markup: vec![(1, 2)], ..Passage::default() });
            let at = at % bytes.len();
            bytes[at] = byte;
            let _ = read_passage(&bytes, 0, 0);
            let _ = read_article(&bytes, "", 0);
            bytes.truncate(cut);
            let _ = read_passage(&bytes, 0, 0);
            let _ = read_article(&bytes, "", 0);
        }
    }
}

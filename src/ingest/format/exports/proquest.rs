//! ProQuest: lines of facts with labels, as text and as pages.

#[cfg(feature = "pages")]
pub(super) mod page;

use std::sync::LazyLock;

use regex::Regex;

use super::labels::{Key, apply, keyed};
use super::lexis::is_count;
use super::lines::date;
use super::pattern::regex;
use crate::article::BlockKind;
use crate::ingest::format::blocks::BlockWriter;
use crate::ingest::format::draft::{Draft, Text};
use crate::text::tidy;

static LINK: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*ProQuest document link\s*$"));
/// A line of facts, of rules or of an address: `Born: March 13, in Halden`.
static BOXED: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^(?:\p{Lu}[\p{L} ]{2,20}: \S|[-_=* ]{2,}|(?:[-_=* ]{2,})?\S+@\S+$)"));

/// Is the line the link that is below the title of each story?
pub(super) fn is_link(line: &str) -> bool {
    LINK.is_match(line)
}

/// The stories of an export as text, which has rules between them.
pub(super) fn stories(lines: &[&str]) -> Option<Vec<Draft>> {
    if !lines.iter().any(|line| is_link(line) || line.trim().starts_with("ProQuest document ID")) {
        return None;
    }
    let rule = |line: &&str| line.len() > 20 && line.chars().all(|c| c == '_' || c == '*');
    Some(lines.split(rule).filter_map(|part| story(part.iter().map(|line| (*line).to_string()))).collect())
}

/// A story of labelled lines; the first line is the title.
fn story(lines: impl Iterator<Item = String>) -> Option<Draft> {
    let mut draft = Draft::default();
    let mut body: Vec<(BlockKind, String)> = Vec::new();
    let mut open: Option<Key> = None;
    let mut has_key = false;
    for line in lines {
        let line = tidy(&line);
        if line.is_empty() || is_link(&line) || is_count(&line) || line == "Enlarge this image." {
            continue;
        }
        if let Some(info) = line.strip_prefix("Publication info:") {
            publication_info(&mut draft, info);
            open = None;
            continue;
        }
        // Of pictures, which follow the text, the export holds captions only.
        if line == "Illustration" && open.is_some() {
            open = Some(Key::Other);
            continue;
        }
        if let Some(caption) = line.strip_prefix("Caption:").filter(|_| open == Some(Key::Other)) {
            body.push((BlockKind::Item, tidy(caption)));
            continue;
        }
        // Inside the text a label counts only if it is one that follows the text.
        let known = keyed(&line).filter(|_| open != Some(Key::Body) || ends_body(&line));
        match known {
            Some((key, value)) => {
                has_key = true;
                open = Some(key);
                if key == Key::Body {
                    body.extend((!value.is_empty()).then(|| (BlockKind::Paragraph, value.to_string())));
                } else {
                    apply(&mut draft, key, value);
                }
            }
            None if open == Some(Key::Body) && is_boxed(&line) => body.push((BlockKind::Item, line)),
            None if open == Some(Key::Body) => body.push((BlockKind::Paragraph, line)),
            None if open == Some(Key::Standfirst) => apply(&mut draft, Key::Standfirst, &line),
            None if open.is_none() && draft.facts.title.is_none() => _ = draft.title(Some(line)),
            None => {}
        }
    }
    let mut writer = BlockWriter::default();
    body.iter().for_each(|(kind, line)| writer.block(*kind, line));
    draft.text = Text::Page(writer.finish());
    (has_key && draft.has_text()).then_some(draft)
}

fn is_boxed(line: &str) -> bool {
    const MOST_BYTES: usize = 120;
    line.len() <= MOST_BYTES && BOXED.is_match(line)
}

/// Does a line begin with the label of a field that follows the text?
fn ends_body(line: &str) -> bool {
    const AFTER_TEXT: &[&str] = &[
        "subject",
        "title",
        "publication title",
        "publication date",
        "publication year",
        "publication info",
        "pages",
        "first page",
        "publisher",
        "place of publication",
        "country of publication",
        "publication subject",
        "issn",
        "source type",
        "document type",
        "language of publication",
        "proquest document id",
        "document url",
        "copyright",
        "last updated",
        "database",
        "identifier / keyword",
        "people",
        "company / organization",
        "credit",
    ];
    let word = line.split_once(':').map_or(line, |(word, _)| word).trim().to_lowercase();
    AFTER_TEXT.contains(&word.as_str())
}

/// `Los Angeles Times ; Los Angeles, Calif. [Los Angeles, Calif]08 May 2010: AA.2.`
fn publication_info(draft: &mut Draft, info: &str) {
    draft.source(Some(tidy(info.split_once([';', '[']).map_or(info, |(name, _)| name))));
    let after_place = info.rsplit_once(']').map_or(info, |(_, after)| after);
    let stated = after_place.split_once(':').map_or(after_place, |(date, _)| date);
    draft.facts.published = draft.facts.published.take().or_else(|| date(stated));
}

#[cfg(test)]
pub(super) fn build_tables() {
    LazyLock::force(&LINK);
    LazyLock::force(&BOXED);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_follow_the_text() {
        for after in ["Illustration", "Credit: By Mara Lind\nIllustration"] {
            let text = format!(
                "Dockers walk out\nProQuest document link\nFull text: They walked.\n\nAnd out.\n{after}\nCaption: Photo: A crane.\nSubject: Ports\nProQuest document ID: 17"
            );
            let found = stories(&text.lines().collect::<Vec<_>>()).expect("an export").remove(0);
            assert!(
                matches!(&found.text, Text::Page(body) if body.text == "They walked.\nAnd out.\nPhoto: A crane.\n"),
                "{:?}",
                found.text
            );
            assert_eq!(found.facts.keywords, ["Ports"]);
        }
    }
}

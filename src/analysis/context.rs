//! The words of a text around an occurrence, through the passages of its section.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::{DocAddress, DocId};
use unicode_segmentation::UnicodeSegmentation;

use crate::model::Passage;
use crate::search::Mark;
use crate::search::local::occurrence::Occurrence;
use crate::search::local::segment::Segment;
use crate::search::snapshot::Snapshot;
use crate::text::fold::fold;
use crate::text::{Words, tidy};
use crate::vocabulary::Scope;

/// How much context is given on each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContextWidth {
    /// A number of words.
    Words(usize),
    /// A number of characters (grapheme clusters).
    Characters(usize),
}

/// A passage and its words.
pub(crate) struct PassageWords {
    pub(crate) passage: Passage,
    /// The text, with its markup replaced by spaces.
    plain: String,
    /// Byte ranges of its words.
    words: Vec<(usize, usize)>,
}

impl PassageWords {
    fn of(passage: Passage) -> PassageWords {
        let plain = passage.words();
        let mut bounds = Vec::with_capacity(plain.len() / 5);
        let mut words = Words::new(&plain);
        while let Some(word) = words.next() {
            bounds.push((word.start, word.end));
        }
        PassageWords { passage, plain, words: bounds }
    }

    /// The index of the word at a position of the article; the number of words if it is after them.
    pub(crate) fn index(&self, position: u32) -> usize {
        (position.saturating_sub(self.passage.first_word) as usize).min(self.words.len())
    }

    /// Calls `take` with each word, lower-cased with accents, and its index.
    pub(crate) fn each_form(&self, mut take: impl FnMut(u32, &str)) {
        let mut words = Words::new(&self.plain);
        while let Some(word) = words.next() {
            take(word.position, word.form);
        }
    }

    /// Number of its words.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// Are its words indexed as text? Those of boilerplate are not, nor those of a heading without text under it.
    pub(crate) fn is_text(&self) -> bool {
        let is_heading = || self.passage.heading.as_ref().is_some_and(|heading| *heading == tidy(&self.plain));
        self.passage.boilerplate.is_none() && !is_heading()
    }
}

/// Reads the passages of one segment, some of which are kept.
pub(crate) struct Passages<'s> {
    snapshot: &'s Snapshot,
    segment: &'s Segment<'s>,
    ordinal: u32,
    kept: HashMap<DocId, Arc<PassageWords>>,
}

/// An occurrence with its context.
#[derive(Debug, Default)]
pub(crate) struct InContext {
    pub(crate) left: String,
    pub(crate) node: String,
    pub(crate) right: String,
    /// Byte ranges of `node` that matched.
    pub(crate) node_marks: Vec<Mark>,
    /// Byte range of the node in the text of its first passage, and the range in characters.
    pub(crate) bytes: (usize, usize),
    pub(crate) characters: (usize, usize),
}

impl<'s> Passages<'s> {
    pub(crate) fn of(snapshot: &'s Snapshot, segment: &'s Segment<'s>, ordinal: u32) -> Passages<'s> {
        Passages { snapshot, segment, ordinal, kept: HashMap::new() }
    }

    /// A passage and its words.
    pub(crate) fn read(&mut self, doc: DocId) -> tantivy::Result<Arc<PassageWords>> {
        /// Contexts reach into few passages.
        const KEPT: usize = 64;
        if let Some(known) = self.kept.get(&doc) {
            return Ok(Arc::clone(known));
        }
        if self.kept.len() >= KEPT {
            self.kept.clear();
        }
        let read = Arc::new(PassageWords::of(self.snapshot.passage_alone(DocAddress::new(self.ordinal, doc))?));
        self.kept.insert(doc, Arc::clone(&read));
        Ok(read)
    }

    /// First document of the section of a document, and the document after its last.
    fn section(&self, doc: DocId) -> (DocId, DocId) {
        let first = self.segment.blocks.first_doc(doc, Scope::Section);
        (first, self.segment.blocks.end(first, Scope::Section))
    }

    /// An occurrence that begins in `doc`, with its context.
    pub(crate) fn in_context(
        &mut self,
        doc: DocId,
        occurrence: &Occurrence,
        width: ContextWidth,
    ) -> tantivy::Result<InContext> {
        let first = self.read(doc)?;
        let (section, section_end) = self.section(doc);
        let start = first.index(occurrence.start);
        let mut out = InContext::default();
        // What begins after the words of its passage is in no text: the index is damaged.
        let Some(&(from, _)) = first.words.get(start) else { return Ok(out) };
        let mut last_doc = doc;
        let mut last = Arc::clone(&first);
        while occurrence.end > last.passage.first_word + last.words.len() as u32 && last_doc + 1 < section_end {
            last_doc += 1;
            last = self.read(last_doc)?;
        }
        let until = |words: &PassageWords| {
            let at = words.index(occurrence.end);
            at.checked_sub(1).map_or(0, |at| words.words[at].1)
        };
        let end_in_first = if last_doc == doc { until(&first) } else { first.plain.trim_end().len() };
        out.bytes = (from, end_in_first.max(from));
        let characters = |bytes: usize| first.passage.text[..bytes].chars().count();
        out.characters = (characters(out.bytes.0), characters(out.bytes.1));
        for at in doc..=last_doc {
            let words = self.read(at)?;
            let (from, to) =
                (if at == doc { from } else { 0 }, if at == last_doc { until(&words) } else { words.plain.len() });
            add_node(&mut out, &words, from..to.max(from), occurrence);
        }
        out.left = self.left(doc, section, start, width)?;
        out.right = self.right(last_doc, section_end, last.index(occurrence.end), width)?;
        Ok(out)
    }

    /// The text before the word `before` of a document, not before the document `first`.
    fn left(&mut self, mut doc: DocId, first: DocId, before: usize, width: ContextWidth) -> tantivy::Result<String> {
        let (mut left, mut before, mut is_whole) = (width.amount(), Some(before), false);
        let mut out = String::new();
        while !is_whole {
            let words = self.read(doc)?;
            let end = before.take().map_or(words.words.len(), |before| before);
            let to = words.words.get(end).map_or(words.plain.len(), |word| word.0);
            let from = match width {
                ContextWidth::Words(_) => end.checked_sub(left).filter(|_| left > 0).map(|at| words.words[at].0),
                ContextWidth::Characters(_) => None,
            };
            if left == 0 {
                break;
            }
            let piece = tidy(&words.plain[from.unwrap_or(0)..to]);
            out = joined(&piece, &out);
            is_whole = from.is_some() || doc == first;
            match width {
                ContextWidth::Words(_) => left = left.saturating_sub(end),
                ContextWidth::Characters(wanted) => is_whole |= out.graphemes(true).count() >= wanted,
            }
            doc = doc.saturating_sub(1);
        }
        if let ContextWidth::Characters(wanted) = width {
            let skipped = out.graphemes(true).count().saturating_sub(wanted);
            out = out.graphemes(true).skip(skipped).collect();
        }
        Ok(out)
    }

    /// The text from the word `from` of a document on, before the document `end`.
    fn right(&mut self, mut doc: DocId, end: DocId, from: usize, width: ContextWidth) -> tantivy::Result<String> {
        let (mut left, mut from) = (width.amount(), Some(from));
        let mut out = String::new();
        while left > 0 && doc < end {
            let words = self.read(doc)?;
            // The signs after the node belong to the text after it.
            let first = from.take();
            let start = first.unwrap_or(0);
            let begin = first.map_or(0, |first| first.checked_sub(1).map_or(0, |last| words.words[last].1));
            let last = match width {
                ContextWidth::Words(_) => (start + left).min(words.words.len()),
                ContextWidth::Characters(_) => words.words.len(),
            };
            // With all of its words, the text to its end.
            let to = words.words.get(last).map_or(words.plain.len(), |next| next.0);
            out = joined(&out, &tidy(&words.plain[begin.min(to)..to]));
            match width {
                ContextWidth::Words(_) => left -= last - start,
                ContextWidth::Characters(wanted) => {
                    if out.graphemes(true).count() >= wanted {
                        left = 0;
                    }
                }
            }
            doc += 1;
        }
        if let ContextWidth::Characters(wanted) = width {
            out = out.graphemes(true).take(wanted).collect();
        }
        Ok(out)
    }

    /// The word that is `distance` words before the occurrence, or after it, folded; empty if its section has none.
    pub(crate) fn neighbour(
        &mut self,
        doc: DocId,
        occurrence: &Occurrence,
        is_before: bool,
        distance: u32,
    ) -> tantivy::Result<Box<str>> {
        let (section, section_end) = self.section(doc);
        let position = match is_before {
            true => occurrence.start.checked_sub(distance),
            false => Some(occurrence.end.saturating_add(distance - 1)),
        };
        let Some(position) = position else { return Ok("".into()) };
        let mut at = doc;
        loop {
            let words = self.read(at)?;
            let first = words.passage.first_word;
            if position < first {
                if at == section {
                    return Ok("".into());
                }
                at -= 1;
            } else if let Some(&(from, to)) = words.words.get((position - first) as usize) {
                return Ok(fold(&words.plain[from..to]).into());
            } else if is_before || at + 1 >= section_end {
                return Ok("".into());
            } else {
                at += 1;
            }
        }
    }
}

impl ContextWidth {
    fn amount(self) -> usize {
        match self {
            ContextWidth::Words(amount) | ContextWidth::Characters(amount) => amount,
        }
    }
}

/// Two pieces of text with a space between them.
fn joined(before: &str, after: &str) -> String {
    match (before.is_empty(), after.is_empty()) {
        (true, _) => after.to_string(),
        (_, true) => before.to_string(),
        _ => format!("{before} {after}"),
    }
}

/// Adds a stretch of a passage to the node, with the words in it that matched.
fn add_node(out: &mut InContext, words: &PassageWords, bytes: std::ops::Range<usize>, occurrence: &Occurrence) {
    let mut text = if out.node.is_empty() { String::new() } else { " ".to_string() };
    let offset = out.node.len() + text.len();
    // White space is made one space, so that offsets move.
    let mut moved: Vec<(usize, usize)> = Vec::new();
    for (at, c) in words.plain[bytes.clone()].char_indices() {
        if c.is_whitespace() {
            let begins = text.is_empty() && out.node.is_empty();
            if !begins && !text.ends_with(' ') {
                text.push(' ');
            }
        } else {
            moved.push((bytes.start + at, offset + text.len() - (offset - out.node.len())));
            text.push(c);
        }
    }
    let moved_of = |at: usize| moved.iter().find(|(from, _)| *from >= at).map(|(_, to)| *to);
    for &(from, to) in &occurrence.words {
        let (first, last) = (words.index(from), words.index(to));
        if first >= last || from < words.passage.first_word && last == 0 {
            continue;
        }
        let (start, end) = (words.words[first].0, words.words[last - 1].1);
        if start < bytes.start || end > bytes.end {
            continue;
        }
        let last_char = words.plain[..end].chars().next_back().map_or(0, char::len_utf8);
        if let (Some(start), Some(end)) = (moved_of(start), moved_of(end - last_char)) {
            out.node_marks.push((start, end + last_char));
        }
    }
    out.node.push_str(text.trim_end());
    out.node_marks.sort_unstable();
}

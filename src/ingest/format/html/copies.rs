//! Text of the article that the extraction library gives twice, or as one paragraph.

use std::collections::HashMap;

use super::headings::letters;
use super::scan::{AreaKind, Own, Scan};
use crate::article::BlockKind;
use crate::ingest::format::blocks::{BlockWriter, Body};

/// The body without passages that it has more often than the page has them: of a text in a list, a table or a quotation
/// the library may give two copies.
pub(super) fn without_repeats(body: Body, scan: &Scan) -> Body {
    /// Fewest bytes of letters of a passage. A line alone may be repeated where the page has it in another form.
    const BYTES: usize = 80;
    let mut shown: HashMap<String, usize> = HashMap::new();
    for at in 0..scan.body.blocks.len() {
        *shown.entry(letters(scan.text(at))).or_default() += 1;
    }
    // Bytes of letters of each block that is one too many. What is no block of the page is unknown.
    let mut repeated: Vec<usize> = Vec::with_capacity(body.blocks.len());
    for line in body.lines() {
        let key = letters(line);
        let left = shown.get_mut(&key).filter(|_| !key.is_empty());
        repeated.push(left.map_or(0, |left| {
            let is_shown = *left > 0;
            *left = left.saturating_sub(1);
            if is_shown { 0 } else { key.len() }
        }));
    }
    for passage in repeated.chunk_by_mut(|a, b| *a > 0 && *b > 0) {
        if passage.iter().sum::<usize>() < BYTES {
            passage.fill(0);
        }
    }
    if repeated.iter().all(|bytes| *bytes == 0) {
        return body;
    }
    let mut writer = BlockWriter::default();
    for (at, block) in body.blocks.iter().enumerate().filter(|(at, _)| repeated[*at] == 0) {
        writer.marked(block.kind, body.marks[at], &body.text[block.span.clone()]);
    }
    writer.finish()
}

/// The body with its blocks that join several of the page replaced by those, without what is above the text or outside the
/// article: of a short page the library may give all text as one paragraph.
pub(super) fn unjoined(body: Body, scan: &Scan, own: &Own<'_>) -> Body {
    /// Most blocks of a body of which one may be all text.
    const MOST_BLOCKS: usize = 3;
    const MOST_BYTES: usize = 50_000;
    if body.blocks.len() > MOST_BLOCKS || body.text.len() > MOST_BYTES {
        return body;
    }
    let keys: Vec<String> = (0..scan.body.blocks.len()).map(|at| letters(scan.text(at))).collect();
    let is_own = |at: &usize| {
        let kind = own.foreign_at(scan.around[*at].at);
        *at >= own.top && kind.is_none_or(|kind| matches!(kind, AreaKind::Box | AreaKind::Reference))
    };
    // Where much of the text is not the article's own, by the names of areas, these names say nothing.
    let own_parts = |line: &str| -> Vec<usize> {
        let key = letters(line);
        let parts: Vec<usize> = parts_of(&key, &keys).into_iter().filter(is_own).collect();
        let bytes: usize = parts.iter().map(|at| keys[*at].len()).sum();
        let is_text =
            |at: &usize| !matches!(scan.body.blocks[*at].kind, BlockKind::Heading(_)) && !scan.body.marks[*at].linked;
        if bytes * 4 >= key.len() * 3 && parts.iter().any(is_text) { parts } else { Vec::new() }
    };
    let parts: Vec<Vec<usize>> = body.lines().map(own_parts).collect();
    if parts.iter().all(Vec::is_empty) {
        return body;
    }
    let mut writer = BlockWriter::default();
    for (at, (block, parts)) in body.blocks.iter().zip(&parts).enumerate() {
        if parts.is_empty() {
            writer.marked(block.kind, body.marks[at], &body.text[block.span.clone()]);
        }
        for &part in parts {
            writer.marked(scan.body.blocks[part].kind, scan.body.marks[part], scan.text(part));
        }
    }
    writer.finish()
}

/// The indices of the blocks that make up most of a text, or of all blocks; empty if it is one block. `key` has the letters
/// of the text, `keys` those of the blocks.
fn parts_of(key: &str, keys: &[String]) -> Vec<usize> {
    /// Most blocks in a row that the text lacks.
    const MOST_SKIPPED: usize = 3;
    let most = keys.iter().map(String::len).sum::<usize>().min(key.len());
    for first in (0..keys.len()).filter(|&at| !keys[at].is_empty()) {
        let Some(start) = key.find(keys[first].as_str()) else { continue };
        let (mut parts, mut end, mut num_skipped) = (vec![first], start + keys[first].len(), 0);
        for next in (first + 1..keys.len()).filter(|&at| !keys[at].is_empty()) {
            if key[end..].starts_with(keys[next].as_str()) {
                parts.push(next);
                (end, num_skipped) = (end + keys[next].len(), 0);
            } else if num_skipped < MOST_SKIPPED {
                num_skipped += 1;
            } else {
                break;
            }
        }
        if parts.len() > 1 && (end - start) * 2 >= most {
            return parts;
        }
    }
    Vec::new()
}

//! Extraction of elements from a stream, one by one: files of many documents may be larger than memory.

use std::io::BufRead;

use super::source::unreadable;
use super::{ReadLimits, SkipReason};

/// Receives the number of an element, and its bytes or why it was skipped.
pub(super) type EachElement<'e> = dyn FnMut(usize, Result<&[u8], SkipReason>) + 'e;

/// Extracts the elements `<name ...>` to `</name>` of a stream, in order, each with its number, counted from 1. Case of
/// the name is ignored; elements of one name do not nest. Elements longer than the limit are skipped with the reason.
///
/// # Errors
///
/// Why the stream could not be read to its end.
pub(super) fn cut_elements(
    reader: &mut dyn BufRead,
    name: &str,
    limits: ReadLimits,
    each: &mut EachElement<'_>,
) -> Result<(), SkipReason> {
    let opening = format!("<{name}").into_bytes();
    let closing = format!("</{name}").into_bytes();
    let mut held: Vec<u8> = Vec::new();
    // `inside`: `held` begins with an element, of which `dropped` bytes were discarded. `searched` bytes of it were
    // searched for the next tag.
    let (mut inside, mut searched, mut dropped, mut number) = (false, 0usize, 0u64, 0usize);
    loop {
        let wanted = if inside { &closing } else { &opening };
        if let Some(at) = find_tag(&held[searched..], wanted).map(|at| at + searched) {
            if inside {
                // An end tag without `>` ends with its name.
                const MOST_TAG_BYTES: usize = 1_024;
                let near = &held[at..held.len().min(at + MOST_TAG_BYTES)];
                let end = near.iter().position(|&byte| byte == b'>').map(|end| at + end + 1);
                let Some(end) = end.or((near.len() == MOST_TAG_BYTES).then_some(at + closing.len())) else {
                    searched = at;
                    if !fill(reader, &mut held)? {
                        return Ok(());
                    }
                    continue;
                };
                number += 1;
                if dropped > 0 {
                    let bytes = dropped + end as u64;
                    each(number, Err(SkipReason::TooLong { bytes, limit: limits.max_bytes }));
                } else {
                    each(number, Ok(&held[..end]));
                }
                held.drain(..end);
                (inside, dropped) = (false, 0);
            } else {
                held.drain(..at);
                inside = true;
            }
            searched = 0;
            continue;
        }
        // The end of the buffer may split a tag.
        searched = held.len().saturating_sub(closing.len() + 1);
        if !inside || held.len() as u64 > limits.max_bytes {
            if inside {
                dropped += searched as u64;
            }
            held.drain(..searched);
            searched = 0;
        }
        if !fill(reader, &mut held)? {
            if inside {
                each(number + 1, Err(SkipReason::Malformed("cut off: its end is missing".into())));
            }
            return Ok(());
        }
    }
}

/// The position of a tag, ignoring case. A longer name that begins with it is another tag.
fn find_tag(bytes: &[u8], tag: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|&byte| byte == b'<') {
        at += next;
        let ends =
            |byte: Option<&u8>| byte.is_some_and(|byte| !byte.is_ascii_alphanumeric() && !b"-_.:".contains(byte));
        if bytes.len() >= at + tag.len()
            && bytes[at..at + tag.len()].eq_ignore_ascii_case(tag)
            && ends(bytes.get(at + tag.len()))
        {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Reads the next bytes; false at the end.
fn fill(reader: &mut dyn BufRead, held: &mut Vec<u8>) -> Result<bool, SkipReason> {
    let piece = reader.fill_buf().map_err(|error| unreadable(&error))?;
    let length = piece.len();
    held.extend_from_slice(piece);
    reader.consume(length);
    Ok(length > 0)
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn cut(text: &str, buffer_bytes: usize, max_bytes: u64) -> Vec<String> {
        let mut out = Vec::new();
        let mut reader = BufReader::with_capacity(buffer_bytes, text.as_bytes());
        cut_elements(&mut reader, "doc", ReadLimits { max_bytes }, &mut |number, element| {
            out.push(match element {
                Ok(bytes) => format!("{number} {}", String::from_utf8_lossy(bytes)),
                Err(reason) => format!("{number} {reason}"),
            });
        })
        .expect("readable");
        out
    }

    #[test]
    fn elements_are_found_with_any_buffer_size() {
        let text = "x<DOC>a</DOC>y<docno>n</docno> <doc id=1>b<docno>2</docno></doc ><doc>c";
        for buffer_bytes in 1..30 {
            assert_eq!(
                cut(text, buffer_bytes, 1_000),
                ["1 <DOC>a</DOC>", "2 <doc id=1>b<docno>2</docno></doc >", "3 cut off: its end is missing"],
                "{buffer_bytes}"
            );
        }
    }

    #[test]
    fn long_elements_are_skipped() {
        let text = format!("<doc>{}</doc><doc>b</doc>", "a".repeat(500));
        let found = cut(&text, 16, 50);
        assert!(found[0].starts_with("1 ") && found[0].contains("over the limit"), "{found:?}");
        assert_eq!(found[1], "2 <doc>b</doc>");
    }
}

//! Where a list goes on: a place in the answer to one question on one commit. It is short, as it costs tokens, and it is all
//! that is needed: an answer never depends on a call before it.

use xxhash_rust::xxh3::xxh3_64;

use super::Refusal;
use crate::vocabulary::id_text;

/// A place in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    /// How many of the list were given.
    pub given: usize,
    /// Bytes of the next that were given.
    pub bytes: usize,
    /// The commit that the list is from.
    pub commit: String,
}

/// A short hash of a question.
fn hash(question: &str) -> String {
    id_text(xxh3_64(question.as_bytes())).chars().rev().take(5).collect()
}

impl Cursor {
    pub(super) fn text(&self, question: &str) -> String {
        let Cursor { given, bytes, commit } = self;
        let given = if *bytes > 0 { format!("{given}+{bytes}") } else { given.to_string() };
        format!("{given}-{}-{commit}", hash(question))
    }

    /// Reads a cursor for a question.
    ///
    /// # Errors
    ///
    /// A sentence for a text that is no cursor, or that of another question.
    pub(super) fn read(text: &str, question: &str) -> Result<Cursor, Refusal> {
        let wrong = || Refusal("'cursor' is none of this server: call again without it".into());
        let mut parts = text.splitn(3, '-');
        let (Some(given), Some(of), Some(commit)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong());
        };
        let (given, bytes) = given.split_once('+').unwrap_or((given, "0"));
        let (given, bytes) = (given.parse().map_err(|_| wrong())?, bytes.parse().map_err(|_| wrong())?);
        if of != hash(question) {
            return Err(Refusal("'cursor' is that of other arguments: give those again, or call without it".into()));
        }
        Ok(Cursor { given, bytes, commit: commit.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_for_its_own_question_only() {
        for (given, bytes) in [(40, 0), (3, 1200)] {
            let cursor = Cursor { given, bytes, commit: "3.17".into() };
            let text = cursor.text("a");
            assert_eq!(Cursor::read(&text, "a"), Ok(cursor));
            for (text, question) in [(&*text, "b"), ("", "a"), ("4", "a"), ("x-y-3.17", "a"), ("-1-2-3", "a")] {
                assert!(Cursor::read(text, question).is_err(), "{text}");
            }
        }
    }
}

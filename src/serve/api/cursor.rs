//! Where a list goes on: a place in the results of one query on one commit, opaque to clients.

use xxhash_rust::xxh3::xxh3_64;

use crate::serve::problem::Problem;

/// A place in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The commit that the list is from.
    pub commit: String,
    /// How many of it were given.
    pub given: usize,
}

/// A hash of what is asked for: a cursor is of use for the same question only.
fn question(pairs: &[(String, String)]) -> u64 {
    let mut text = Vec::new();
    for (name, value) in pairs {
        for part in [name, value] {
            text.extend(part.len().to_le_bytes());
            text.extend(part.as_bytes());
        }
    }
    xxh3_64(&text)
}

impl Cursor {
    /// The text that a client sends back.
    pub(crate) fn text(&self, pairs: &[(String, String)]) -> String {
        let plain = format!("1 {} {:016x} {}", self.commit, question(pairs), self.given);
        plain.bytes().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads a cursor for the question with these pairs.
    ///
    /// # Errors
    ///
    /// A problem for a text that is no cursor, or that of another question.
    pub(crate) fn read(text: &str, pairs: &[(String, String)]) -> Result<Cursor, Problem> {
        let wrong = || Problem::parameter("'cursor' is none of this server: begin again without it");
        let digits = text.as_bytes().chunks(2).map(|pair| {
            let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
            u8::from_str_radix(pair, 16).ok()
        });
        let bytes: Vec<u8> = digits.collect::<Option<_>>().ok_or_else(wrong)?;
        let plain = String::from_utf8(bytes).map_err(|_| wrong())?;
        let parts: Vec<&str> = plain.split(' ').collect();
        let ["1", commit, hash, given] = parts[..] else { return Err(wrong()) };
        if hash != format!("{:016x}", question(pairs)) {
            return Err(Problem::parameter("'cursor' is that of another query: begin again without it"));
        }
        let given = given.parse().map_err(|_| wrong())?;
        Ok(Cursor { commit: commit.to_string(), given })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_for_its_own_question_only() {
        let pairs = |q: &str| vec![("q".to_string(), q.to_string())];
        let cursor = Cursor { commit: "3.17".into(), given: 40 };
        let text = cursor.text(&pairs("a"));
        assert_eq!(Cursor::read(&text, &pairs("a")), Ok(cursor));
        for (text, q) in [(text.as_str(), "b"), ("", "a"), ("zz", "a"), ("31", "a"), (&text[1..], "a"), ("3é", "a")] {
            assert!(Cursor::read(text, &pairs(q)).is_err(), "{text}");
        }
    }
}

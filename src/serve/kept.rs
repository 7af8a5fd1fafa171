//! Answers that are kept: of a query that is typed, each key asks for one, and everyone who begins with the same letters asks for
//! the same. Over millions of articles the shortest beginnings take longest.

use std::time::{Duration, SystemTime};

use super::call::Reply;
use crate::cache::Cache;

/// What is kept at most, in bytes.
const MAX_BYTES: usize = 8 << 20;

/// Answers that took less are made again.
const LEAST: Duration = Duration::from_millis(40);

/// Answers that took longer may lack facets, for which there was no time.
const MOST: Duration = super::api::FACET_TIME;

/// Answers by what was asked, and of which commit.
pub(crate) struct Kept(Cache<String, Reply>);

impl Default for Kept {
    fn default() -> Kept {
        Kept(Cache::new(MAX_BYTES))
    }
}

/// The name of what is asked of a commit: the target of the request, and its parameters, which may be those of a form. It holds
/// within an hour: queries may ask for the last days.
pub(crate) fn key(commit: &str, target: &str, pairs: &[(String, String)]) -> String {
    let hour = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs() / 3_600);
    format!("{commit} {hour} {target} {pairs:?}")
}

impl Kept {
    /// The answer of this name.
    pub(crate) fn get(&self, key: &str) -> Option<Reply> {
        self.0.get(key)
    }

    /// Keeps an answer, if it took long enough to be worth it. Those that were asked for least recently make room.
    pub(crate) fn put(&self, key: String, reply: &Reply, took: Duration) {
        let bytes = key.len() + reply.body.len();
        if (LEAST..MOST).contains(&took) && bytes <= MAX_BYTES / 8 {
            self.0.put(key, reply.clone(), bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_took_long_is_kept() {
        let kept = Kept::default();
        let reply = |bytes| Reply::new("text/html", vec![b'x'; bytes]);
        for (name, bytes, took) in [
            ("quick", 10, LEAST / 2),
            ("slow", 10, MOST),
            ("large", MAX_BYTES / 4, LEAST),
            ("first", MAX_BYTES / 10, LEAST),
            ("second", MAX_BYTES / 10, LEAST * 2),
        ] {
            kept.put(name.into(), &reply(bytes), took);
        }
        let found = |names: &[&str]| names.iter().filter(|name| kept.get(name).is_some()).count();
        assert_eq!(found(&["quick", "slow", "large"]), 0);
        assert_eq!(kept.get("first").map(|reply| reply.body.len()), Some(MAX_BYTES / 10));
        for i in 0..9 {
            kept.put(format!("more {i}"), &reply(MAX_BYTES / 10), LEAST);
        }
        assert_eq!((found(&["first", "second"]), found(&["more 0", "more 8"])), (0, 2), "others made room");
    }

    #[test]
    fn a_key_is_of_one_commit_and_one_question() {
        let pairs = |query: &str| [("q".to_string(), query.to_string())];
        let a = key("1.1", "/search", &pairs("a"));
        assert_ne!(a, key("1.2", "/search", &pairs("a")), "another commit");
        assert_ne!(a, key("1.1", "/search", &pairs("b")), "another form");
        assert_ne!(a, key("1.1", "/search?q=a", &pairs("a")), "links of the answer differ");
    }
}

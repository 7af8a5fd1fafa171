//! Answers that are kept: of a query that is typed, each key asks for one, and everyone who begins with the same letters asks for
//! the same. Over millions of articles the shortest beginnings take longest.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::call::Reply;

/// What is kept at most, in bytes.
const MAX_BYTES: usize = 8 << 20;

/// Answers that took less are made again.
const LEAST: Duration = Duration::from_millis(40);

/// Answers that took longer may lack facets, for which there was no time.
const MOST: Duration = super::api::FACET_TIME;

/// Answers by what was asked, and of which commit.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Answers>);

#[derive(Default)]
struct Answers {
    by_key: HashMap<String, Reply>,
    /// The oldest first.
    keys: VecDeque<String>,
    bytes: usize,
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
        self.0.lock().unwrap_or_else(PoisonError::into_inner).by_key.get(key).cloned()
    }

    /// Keeps an answer, if it took long enough to be worth it. The oldest make room.
    pub(crate) fn put(&self, key: String, reply: &Reply, took: Duration) {
        let bytes = |key: &str, reply: &Reply| 2 * key.len() + reply.body.len();
        let size = bytes(&key, reply);
        if !(LEAST..MOST).contains(&took) || size > MAX_BYTES / 8 {
            return;
        }
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.by_key.contains_key(&key) {
            return;
        }
        while answers.bytes + size > MAX_BYTES {
            let Some(oldest) = answers.keys.pop_front() else { break };
            if let Some(reply) = answers.by_key.remove(&oldest) {
                answers.bytes -= bytes(&oldest, &reply);
            }
        }
        answers.bytes += size;
        answers.keys.push_back(key.clone());
        answers.by_key.insert(key, reply.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_make_room_and_only_what_took_long_is_kept() {
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
        assert_eq!((found(&["first"]), found(&["second", "more 0", "more 8"])), (0, 2), "the oldest two are gone");
        let answers = kept.0.lock().expect("no panic");
        assert_eq!(answers.keys.len(), answers.by_key.len());
        assert!(answers.bytes <= MAX_BYTES);
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

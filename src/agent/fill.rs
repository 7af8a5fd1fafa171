//! As much of a list as fits into a number of tokens, in both halves of an answer.

use serde_json::{Map, Value};

use super::tokens::estimate;

/// Tokens that are kept for what tells of the rest: how many, and the cursor.
const RESERVE: usize = 45;

/// An answer that is filled with the items of a list until its budget is met.
pub(super) struct Fill {
    most: usize,
    text: String,
    structured: Map<String, Value>,
    items: Vec<Value>,
    text_tokens: usize,
    json_tokens: usize,
}

impl Fill {
    /// An answer of at most `most` tokens that begins with this.
    pub(super) fn new(most: usize, text: String, structured: Map<String, Value>) -> Fill {
        let text_tokens = estimate(&text) + RESERVE;
        // The name of the list and its brackets.
        let json_tokens = estimate(&json(&structured)) + RESERVE + 5;
        Fill { most, text, structured, items: Vec::new(), text_tokens, json_tokens }
    }

    /// Tokens that are left, in the half that has fewer.
    pub(super) fn left(&self) -> usize {
        self.most.saturating_sub(self.text_tokens.max(self.json_tokens))
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// Adds an item, if it fits; else says so.
    #[must_use]
    pub(super) fn push(&mut self, text: &str, item: Value) -> bool {
        let text_tokens = self.text_tokens + estimate(text) + 1;
        let json_tokens = self.json_tokens + estimate(&item.to_string()) + 1;
        if text_tokens > self.most || json_tokens > self.most {
            return false;
        }
        (self.text_tokens, self.json_tokens) = (text_tokens, json_tokens);
        self.text.push('\n');
        self.text.push_str(text);
        self.items.push(item);
        true
    }

    /// The answer, with the list as `name`; `omitted` items did not fit, and `next` is the cursor of the rest.
    pub(super) fn finish(mut self, name: &str, omitted: usize, next: Option<String>) -> super::Answer {
        self.structured.insert(name.to_string(), Value::Array(self.items));
        if omitted > 0 {
            self.structured.insert("truncated".into(), true.into());
            self.structured.insert("omitted".into(), omitted.into());
        }
        let more = match (omitted, &next) {
            (0, None) => None,
            (0, Some(next)) => Some(format!("next: {next}")),
            (omitted, Some(next)) => Some(format!("{omitted} more did not fit; next: {next}")),
            (omitted, None) => Some(format!("{omitted} more did not fit")),
        };
        if let Some(more) = more {
            self.text.push('\n');
            self.text.push_str(&more);
        }
        if let Some(next) = next {
            self.structured.insert("next".into(), next.into());
        }
        super::Answer { text: self.text, structured: self.structured }
    }
}

fn json(object: &Map<String, Value>) -> String {
    Value::Object(object.clone()).to_string()
}

//! The arguments of tools: checked by one table a tool, which is also its schema.

use serde_json::{Map, Value, json};

use super::Refusal;

/// The type and the bounds of an argument.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// A text with its maximum length in bytes; if it is required, it must not be blank.
    Text(usize),
    /// A list of texts, with the maximum length of each in bytes.
    Texts(usize),
    Flag,
    /// A whole number in a range, both ends inclusive, and its default.
    Number(u64, u64, u64),
    /// One of these, the first by default.
    Choice(&'static [&'static str]),
}

/// An argument of a tool.
#[derive(Debug)]
pub(super) struct Argument {
    pub name: &'static str,
    pub kind: Kind,
    /// Its description in the schema; empty where the name suffices.
    pub about: &'static str,
    pub is_required: bool,
}

/// The arguments of a call, checked.
pub(super) struct Arguments<'a> {
    table: &'static [Argument],
    values: &'a Map<String, Value>,
}

/// The schema of the arguments.
pub(super) fn schema(table: &[Argument]) -> Map<String, Value> {
    let mut properties = Map::new();
    for argument in table {
        let mut schema = match argument.kind {
            Kind::Text(_) => json!({ "type": "string" }),
            Kind::Texts(_) => json!({ "type": "array", "items": { "type": "string" } }),
            Kind::Flag => json!({ "type": "boolean" }),
            Kind::Number(least, most, default) => {
                json!({ "type": "integer", "minimum": least, "maximum": most, "default": default })
            }
            Kind::Choice(choices) => json!({ "enum": choices }),
        };
        if !argument.about.is_empty() {
            schema["description"] = argument.about.into();
        }
        properties.insert(argument.name.to_string(), schema);
    }
    let required: Vec<&str> =
        table.iter().filter(|argument| argument.is_required).map(|argument| argument.name).collect();
    let mut schema = Map::new();
    schema.insert("type".into(), "object".into());
    schema.insert("properties".into(), Value::Object(properties));
    if !required.is_empty() {
        schema.insert("required".into(), json!(required));
    }
    schema.insert("additionalProperties".into(), false.into());
    schema
}

impl<'a> Arguments<'a> {
    /// Checks the arguments of a call.
    ///
    /// # Errors
    ///
    /// A sentence that names the argument and what it may be.
    pub(super) fn check(table: &'static [Argument], values: &'a Map<String, Value>) -> Result<Arguments<'a>, Refusal> {
        for name in values.keys() {
            if !table.iter().any(|argument| argument.name == name) {
                let known: Vec<&str> = table.iter().map(|argument| argument.name).collect();
                return Err(Refusal(format!("there is no argument '{}'; there are {}", cut(name), known.join(", "))));
            }
        }
        for argument in table {
            match values.get(argument.name).filter(|value| !value.is_null()) {
                Some(value) => argument.check(value)?,
                None if argument.is_required => {
                    return Err(Refusal(format!("'{}' is missing: {}", argument.name, argument.about)));
                }
                None => {}
            }
        }
        Ok(Arguments { table, values })
    }

    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.values.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// Is an argument given, not by default?
    pub(super) fn is_given(&self, name: &str) -> bool {
        self.values.get(name).is_some_and(|value| !value.is_null())
    }

    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        let values = self.values.get(name).and_then(Value::as_array);
        values.into_iter().flatten().filter_map(Value::as_str).map(str::to_string).collect()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.values.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A number, or its default.
    pub(super) fn number(&self, name: &str) -> usize {
        let kind = self.table.iter().find(|argument| argument.name == name).map(|argument| argument.kind);
        let default = if let Some(Kind::Number(.., default)) = kind { default } else { 0 };
        self.values.get(name).and_then(whole).unwrap_or(default) as usize
    }

    pub(super) fn choice(&self, name: &str) -> &'static str {
        let kind = self.table.iter().find(|argument| argument.name == name).map(|argument| argument.kind);
        let Some(Kind::Choice(choices)) = kind else { return "" };
        let given = self.text(name);
        choices.iter().find(|choice| given == Some(**choice)).or(choices.first()).copied().unwrap_or("")
    }

    /// All that is asked for but where the list goes on and how much of it is given: a cursor is of use for the same question
    /// only.
    pub(super) fn question(&self) -> String {
        let mut asked = self.values.clone();
        for name in ["cursor", "limit", "max_tokens"] {
            asked.remove(name);
        }
        asked.retain(|_, value| !value.is_null());
        asked.sort_keys();
        Value::Object(asked).to_string()
    }
}

/// A whole number, also one that is written with a point.
fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_f64().filter(|number| number.fract() == 0.0 && *number >= 0.0).map(|n| n as u64))
}

impl Argument {
    fn check(&self, value: &Value) -> Result<(), Refusal> {
        let name = self.name;
        let shown = || cut(&value.to_string());
        let fault = match (self.kind, value) {
            (Kind::Text(most), Value::String(text)) if text.len() > most => {
                format!("'{name}' has {} bytes; at most {most} are taken", text.len())
            }
            (Kind::Text(_), Value::String(text)) if self.is_required && text.trim().is_empty() => {
                format!("'{name}' is empty: {}", self.about)
            }
            (Kind::Texts(most), Value::Array(texts))
                if texts.iter().any(|text| text.as_str().is_none_or(|text| text.len() > most)) =>
            {
                format!("'{name}' is a list of texts of at most {most} bytes, not {}", shown())
            }
            (Kind::Text(_), Value::String(_)) | (Kind::Texts(_), Value::Array(_)) | (Kind::Flag, Value::Bool(_)) => {
                return Ok(());
            }
            (Kind::Number(least, most, _), Value::Number(_))
                if whole(value).is_some_and(|number| (least..=most).contains(&number)) =>
            {
                return Ok(());
            }
            (Kind::Choice(choices), Value::String(text)) if choices.contains(&text.as_str()) => return Ok(()),
            (Kind::Text(_), _) => format!("'{name}' is a text, not {}", shown()),
            (Kind::Texts(_), _) => format!("'{name}' is a list of texts, not {}", shown()),
            (Kind::Flag, _) => format!("'{name}' is true or false, not {}", shown()),
            (Kind::Number(least, most, _), _) => {
                format!("'{name}' is a whole number from {least} to {most}, not {}", shown())
            }
            (Kind::Choice(choices), _) => format!("'{name}' is one of {}, not {}", choices.join(", "), shown()),
        };
        Err(Refusal(fault))
    }
}

/// The beginning of a value, for messages.
fn cut(value: &str) -> String {
    const MOST: usize = 60;
    super::data(&value.chars().take(MOST).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    static TABLE: &[Argument] = &[
        Argument { name: "query", kind: Kind::Text(10), about: "what to search for", is_required: true },
        Argument { name: "literal", kind: Kind::Flag, about: "", is_required: false },
        Argument { name: "limit", kind: Kind::Number(1, 50, 8), about: "", is_required: false },
        Argument { name: "sort", kind: Kind::Choice(&["relevance", "newest"]), about: "", is_required: false },
        Argument { name: "source", kind: Kind::Texts(8), about: "", is_required: false },
    ];

    #[test]
    fn what_is_wrong_is_told() {
        for (given, expected) in [
            (json!({}), "'query' is missing: what to search for"),
            (json!({ "query": "  " }), "'query' is empty: what to search for"),
            (json!({ "query": 3 }), "'query' is a text, not 3"),
            (json!({ "query": "12345678901" }), "'query' has 11 bytes; at most 10 are taken"),
            (
                json!({ "query": "a", "q": 1 }),
                "there is no argument 'q'; there are query, literal, limit, sort, source",
            ),
            (json!({ "query": "a", "literal": "yes" }), "'literal' is true or false, not \"yes\""),
            (json!({ "query": "a", "limit": 0 }), "'limit' is a whole number from 1 to 50, not 0"),
            (json!({ "query": "a", "limit": 51 }), "'limit' is a whole number from 1 to 50, not 51"),
            (json!({ "query": "a", "limit": 1.5 }), "'limit' is a whole number from 1 to 50, not 1.5"),
            (json!({ "query": "a", "limit": "8" }), "'limit' is a whole number from 1 to 50, not \"8\""),
            (json!({ "query": "a", "sort": "best" }), "'sort' is one of relevance, newest, not \"best\""),
            (json!({ "query": "a", "source": "Reuters" }), "'source' is a list of texts, not \"Reuters\""),
            (json!({ "query": "a", "source": [1] }), "'source' is a list of texts of at most 8 bytes, not [1]"),
        ] {
            let values = given.as_object().expect("an object");
            assert_eq!(Arguments::check(TABLE, values).err().map(|refusal| refusal.0).as_deref(), Some(expected));
        }
    }

    #[test]
    fn defaults_are_those_of_the_table() {
        let given = json!({ "query": "a", "literal": null });
        let arguments = Arguments::check(TABLE, given.as_object().expect("an object")).expect("they are right");
        assert_eq!((arguments.text("query"), arguments.number("limit")), (Some("a"), 8));
        assert_eq!((arguments.choice("sort"), arguments.flag("literal")), ("relevance", false));
    }

    #[test]
    fn a_question_is_the_same_whatever_the_order_and_the_page() {
        let question = |given: Value| {
            let arguments = Arguments::check(TABLE, given.as_object().expect("an object")).expect("they are right");
            arguments.question()
        };
        let first = question(json!({ "query": "a", "sort": "newest" }));
        assert_eq!(first, question(json!({ "limit": 3, "sort": "newest", "query": "a", "source": null })));
        assert_ne!(first, question(json!({ "query": "b", "sort": "newest" })));
    }
}

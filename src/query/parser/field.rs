//! Filters: `title:word`, `date:2023`, `is:duplicate`, `id:...`, and words with a colon that name no field.

use std::ops::Range;

use super::atom::{atom, boost, exact_phrase, phrase};
use super::checks::{check_field_group, check_regex};
use super::{Parsed, Parser};
use crate::query::ast::{Clause, FieldTest, Is, Node, NodeKind, Value};
use crate::query::error::{Note, QueryError};
use crate::query::fields::{FieldName, closest, is_field, is_mistyped, replacement};
use crate::query::lexer::{Suffixes, Token, TokenKind};
use crate::query::{date, number};
use crate::vocabulary::{Number, TextField};

impl Parser<'_> {
    pub(super) fn field(&mut self, name: &str, sign: char, span: Range<usize>) -> Parsed {
        match name {
            "date" => self.number(name, Number::Date, span),
            "updated" => self.number(name, Number::Updated, span),
            "added" => self.number(name, Number::Added, span),
            "words" => self.number(name, Number::Words, span),
            "level" => self.number(name, Number::Level, span),
            "is" => self.is(span),
            "id" => self.id(span, NodeKind::Id),
            "like" => self.id(span, NodeKind::Like),
            "name" => self.name(sign, span),
            _ => match FieldName::from_name(name) {
                Some(field) => self.text_field(name, field, sign, span),
                None => self.no_field(name, span),
            },
        }
    }

    fn text_field(&mut self, name: &str, field: FieldName, sign: char, span: Range<usize>) -> Parsed {
        let test = match sign {
            '=' => FieldTest::Equals,
            '~' => FieldTest::Begins,
            _ => FieldTest::Contains,
        };
        let Some(token) = self.next() else { return Err(no_value(name, sign, span)) };
        let start = span.start;
        let filter = |test, value, end: usize| Node { kind: NodeKind::Field { field, test, value }, span: start..end };
        let value = match token.kind {
            TokenKind::Word(word) if word == "*" => {
                return Ok(filter(FieldTest::Contains, Value::Any, token.span.end));
            }
            // The operators of words are characters of paths and URLs.
            TokenKind::Word(word) if matches!(field, FieldName::Text(TextField::Path | TextField::Url)) => {
                let kind = if word.contains('*') { NodeKind::Pattern(word) } else { NodeKind::Word(word) };
                Node { kind, span: token.span }
            }
            TokenKind::Word(word) => atom(&word, token.span)?,
            // Values that are compared whole are exact.
            TokenKind::Phrase(text, suffixes)
                if test != FieldTest::Contains
                    || matches!(field, FieldName::Text(TextField::Path | TextField::Url)) =>
            {
                let end = token.span.end;
                boost(exact_phrase(text, suffixes.slop, token.span), suffixes.boost, end)
            }
            TokenKind::Phrase(text, suffixes) => phrase(text, suffixes, token.span)?,
            TokenKind::Verbatim => self.verbatim(token.span),
            TokenKind::Regex(regex) => {
                check_regex(&regex, &token.span)?;
                let end = token.span.end;
                let value = match field {
                    FieldName::Text(field) if field != TextField::Body => Value::Regex(regex),
                    // No whole value is indexed of the body and the lede; the expression is for one of their words.
                    _ => {
                        self.note_spaced_regex(&regex);
                        Value::Words(Box::new(Node { kind: NodeKind::Regex(regex), span: token.span }))
                    }
                };
                return Ok(filter(FieldTest::Contains, value, end));
            }
            TokenKind::Open => {
                let group = self.group(token.span)?;
                check_field_group(&group)?;
                group
            }
            _ => return Err(no_value(name, sign, token.span)),
        };
        let takes_signs = matches!(field, FieldName::Text(TextField::Path | TextField::Url));
        if !takes_signs && !has_words(&value) {
            // A bare sign after a colon is punctuation: `Headline:- Dockers walk out`.
            if let NodeKind::Word(word) = value.kind {
                return Ok(Node { kind: NodeKind::Word(format!("{name}{sign}{word}")), span: start..value.span.end });
            }
            return Err(no_value(name, sign, span));
        }
        let end = value.span.end;
        // A boost of the value is a boost of the filter.
        let (value, by) = match value.kind {
            NodeKind::Boost(by, inner) => (*inner, Some(by)),
            kind => (Node { kind, span: value.span }, None),
        };
        let node = boost(filter(test, Value::Words(Box::new(value)), end), by, end);
        Ok(self.boosted(node))
    }

    /// `name:word`, `name:"words"`, `name:(one OR other)`.
    fn name(&mut self, sign: char, span: Range<usize>) -> Parsed {
        let Some(token) = self.next() else { return Err(no_name(sign, span)) };
        let (value, by) = match token.kind {
            TokenKind::Word(word) => (atom(&word, token.span)?, None),
            TokenKind::Phrase(text, Suffixes { slop: None, boost }) => (exact_phrase(text, None, token.span), boost),
            TokenKind::Open => (self.group(token.span)?, None),
            _ => return Err(no_name(sign, token.span)),
        };
        let end = value.span.end;
        let node = boost(names(value, sign)?, by, end);
        Ok(self.boosted(Node { span: span.start..end, ..node }))
    }

    fn number(&mut self, name: &str, number: Number, span: Range<usize>) -> Parsed {
        let example = match number {
            Number::Words => "words:>1200 or words:100..200",
            Number::Level => "level:2",
            _ => "date:2023-09-12 or date:2023-09..2023-10",
        };
        let Some(Token { kind: TokenKind::Word(text) | TokenKind::Phrase(text, _), span: value_span }) = self.next()
        else {
            return Err(QueryError::new("dangling", span, format!("{name}: needs a value, as in {example}")));
        };
        let kind = match number {
            Number::Words | Number::Level => NodeKind::Number(number, number::range(name, &text, value_span.start)?),
            _ => NodeKind::Date(number, date::range(name, &text, value_span.start, self.today)?),
        };
        Ok(Node { kind, span: span.start..value_span.end })
    }

    fn is(&mut self, span: Range<usize>) -> Parsed {
        let Some(Token { kind: TokenKind::Word(word), span: value_span }) = self.next() else {
            return Err(QueryError::new("dangling", span, "is: needs a kind, as in is:boilerplate"));
        };
        let whole = span.start..value_span.end;
        let is = match word.to_ascii_lowercase().as_str() {
            "boilerplate" => Is::Boilerplate,
            "duplicate" => Is::Duplicate,
            "original" => Is::Original,
            _ => {
                let message =
                    format!("is: takes boilerplate, duplicate or original, not '{word}'; to search the text, quote it");
                return Err(QueryError::new("unknown-kind", value_span, message).suggest("is:boilerplate"));
            }
        };
        Ok(Node { kind: NodeKind::Is(is), span: whole })
    }

    fn id(&mut self, span: Range<usize>, kind: fn(String) -> NodeKind) -> Parsed {
        let Some(Token { kind: TokenKind::Word(word), span: value_span }) = self.next() else {
            return Err(QueryError::new(
                "dangling",
                span,
                "this needs the id of an article or passage, as search prints it",
            ));
        };
        if crate::vocabulary::parse_id(&word).is_none() {
            let message = format!("'{word}' is no id: ids have 13 letters and digits, as search prints them");
            return Err(QueryError::new("bad-id", value_span, message));
        }
        Ok(Node { kind: kind(word.to_ascii_lowercase()), span: span.start..value_span.end })
    }

    /// A word with a colon that names no field: text, or an error if it is close to the name of one.
    fn no_field(&mut self, name: &str, span: Range<usize>) -> Parsed {
        // With a capital it may be a word of a text, as `Titel:`.
        let has_capital = self.text[span.clone()].contains(char::is_uppercase);
        if let Some(field) = closest(name).filter(|field| is_mistyped(name, field) && !has_capital) {
            let message = format!("there is no field '{name}'; did you mean {field}:? to search the text, quote it");
            let rest = &self.text[span.end..];
            return Err(QueryError::new("unknown-field", span.start..span.end - 1, message)
                .suggest(format!("{}{field}:{rest}", &self.text[..span.start])));
        }
        if self.peek().is_some_and(|next| {
            next.span.start == span.end && matches!(next.kind, TokenKind::Phrase(..) | TokenKind::Open)
        }) && let Some(field) = replacement(&name.to_ascii_lowercase(), "").filter(|field| field.ends_with(':'))
        {
            let message = format!("there is no field '{name}', so \"{name}:\" was searched as text; write {field}");
            self.note_word("no-field", message, &span, &field);
        }
        // The word continues after its colon, up to the next space.
        let Some(Token { kind: TokenKind::Word(rest), span: rest_span }) = self.peek().cloned() else {
            return Ok(Node { kind: NodeKind::Word(self.text[span.clone()].to_string()), span });
        };
        // After a bracket or quote that is punctuation, the value is a word of its own.
        if rest_span.start != span.end {
            return Ok(Node { kind: NodeKind::Word(self.text[span.clone()].to_string()), span });
        }
        self.take();
        let whole = span.start..rest_span.end;
        self.note_no_field(name, &rest, &whole);
        Ok(Node { kind: NodeKind::Word(self.text[whole.clone()].to_string()), span: whole })
    }
}

impl Parser<'_> {
    /// Notes that `name:value` was searched as text, with the field that was probably meant.
    fn note_no_field(&mut self, name: &str, value: &str, span: &Range<usize>) {
        let is_value =
            value.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '<' | '>')) && !value.contains(':');
        if name.len() < 2 || !is_value || name == "mailto" {
            return;
        }
        let typed = &self.text[span.clone()];
        let close = || closest(name).filter(|field| is_field(field)).map(|field| format!("{field}:{value}"));
        let Some(replacement) = replacement(name, value).or_else(close) else {
            // `score:3-1`, `doi:10.1000/182`
            if !value.starts_with(char::is_numeric) {
                let message = format!("there is no field '{name}', so \"{typed}\" was searched as text");
                self.push_note(Note::new("no-field", message));
            }
            return;
        };
        let message = format!("there is no field '{name}', so \"{typed}\" was searched as text; write {replacement}");
        self.note_word("no-field", message, span, &replacement);
    }
}

/// Does a value of a field have a word?
fn has_words(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Nothing => false,
        NodeKind::Word(text) | NodeKind::Phrase { text, .. } | NodeKind::Verbatim { text, .. } => {
            text.contains(char::is_alphanumeric)
        }
        NodeKind::And(clauses) => clauses.iter().any(|clause| has_words(&clause.node)),
        NodeKind::Or(nodes) => nodes.iter().any(has_words),
        NodeKind::Not(node) | NodeKind::Boost(_, node) => has_words(node),
        _ => true,
    }
}

/// The value of `name:` as names: its words and phrases.
fn names(node: Node, sign: char) -> Parsed {
    let span = node.span.clone();
    let all = |nodes: Vec<Node>| nodes.into_iter().map(|node| names(node, sign)).collect::<Result<Vec<_>, _>>();
    let one = |node: Box<Node>| names(*node, sign).map(Box::new);
    let kind = match node.kind {
        NodeKind::Word(text) | NodeKind::Phrase { text, slop: 0 } if text.contains(char::is_alphanumeric) => {
            NodeKind::Name(text)
        }
        NodeKind::Or(nodes) => NodeKind::Or(all(nodes)?),
        NodeKind::And(clauses) => {
            let clause = |clause: Clause| Ok(Clause { node: names(clause.node, sign)?, ..clause });
            NodeKind::And(clauses.into_iter().map(clause).collect::<Result<_, QueryError>>()?)
        }
        NodeKind::Not(node) => NodeKind::Not(one(node)?),
        NodeKind::Boost(by, node) => NodeKind::Boost(by, one(node)?),
        _ => return Err(no_name(sign, span)),
    };
    Ok(Node { kind, span })
}

fn no_name(sign: char, span: Range<usize>) -> QueryError {
    let message = format!(
        "name{sign} needs a name as it is written, as in name:\"Ada Holm\", or a (group) of them; to search the text, quote it"
    );
    QueryError::new("dangling", span, message)
}

fn no_value(name: &str, sign: char, span: Range<usize>) -> QueryError {
    QueryError::new(
        "dangling",
        span,
        format!("{name}{sign} needs a value: a word, a \"phrase\", a /regex/, a (group) or *"),
    )
}

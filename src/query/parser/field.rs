//! Filters: `title:word`, `date:2023`, `is:duplicate`, `id:...`, and words with a colon that are none.

use std::ops::Range;

use super::atom::{atom, boost, phrase};
use super::checks::{check_field_group, check_regex};
use super::{Parsed, Parser};
use crate::query::ast::{FieldName, FieldTest, Is, Node, NodeKind, Value};
use crate::query::error::QueryError;
use crate::query::lexer::{Token, TokenKind};
use crate::query::{FIELD_NAMES, date, field_of, number};
use crate::vocabulary::{Number, TextField};

impl Parser<'_> {
    pub(super) fn field(&mut self, name: &str, sign: char, span: Range<usize>) -> Parsed {
        let number = match name {
            "date" => Some(Number::Date),
            "updated" => Some(Number::Updated),
            "added" => Some(Number::Added),
            "words" => Some(Number::Words),
            "level" => Some(Number::Level),
            _ => None,
        };
        if let Some(number) = number {
            return self.number(name, number, span);
        }
        match name {
            "is" => return self.is(span),
            "id" => return self.id(span, NodeKind::Id),
            "like" => return self.id(span, NodeKind::Like),
            _ => {}
        }
        let Some(field) = field_of(name) else { return self.no_field(name, span) };
        let test = match sign {
            '=' => FieldTest::Equals,
            '~' => FieldTest::Begins,
            _ => FieldTest::Contains,
        };
        // Paths and URLs hold the signs of operators.
        let text_like = matches!(field, FieldName::Text(TextField::Path | TextField::Url));
        let value = match self.next() {
            Some(Token { kind: TokenKind::Word(word), span: value_span }) if word == "*" => {
                let span = span.start..value_span.end;
                return Ok(Node {
                    kind: NodeKind::Field { field, test: FieldTest::Contains, value: Value::Any },
                    span,
                });
            }
            Some(Token { kind: TokenKind::Word(word), span: value_span }) if text_like => {
                let kind = if word.contains('*') { NodeKind::Pattern(word) } else { NodeKind::Word(word) };
                Node { kind, span: value_span }
            }
            Some(Token { kind: TokenKind::Word(word), span: value_span }) => atom(&word, value_span)?,
            Some(Token { kind: TokenKind::Phrase(text, glued), span: value_span }) => phrase(text, glued, value_span),
            Some(Token { kind: TokenKind::Verbatim, span: value_span }) => self.verbatim(value_span)?,
            Some(Token { kind: TokenKind::Regex(regex), span: value_span }) => {
                check_regex(&regex, &value_span)?;
                let span = span.start..value_span.end;
                let value = if field == FieldName::Text(TextField::Body) || !matches!(field, FieldName::Text(_)) {
                    // Texts have no whole value; a regex is for one of their words.
                    Value::Words(Box::new(Node { kind: NodeKind::Regex(regex), span: value_span }))
                } else {
                    Value::Regex(regex)
                };
                return Ok(Node { kind: NodeKind::Field { field, test: FieldTest::Contains, value }, span });
            }
            Some(Token { kind: TokenKind::Open, span: value_span }) => {
                let group = self.group(value_span)?;
                check_field_group(&group)?;
                group
            }
            other => {
                let place = other.map_or(span.clone(), |token| token.span);
                return Err(QueryError::new(
                    "dangling",
                    place,
                    format!("{name}{sign} needs a value: a word, a \"phrase\", a /regex/, a (group) or *"),
                ));
            }
        };
        let whole = span.start..value.span.end;
        // A boost of the value is one of the filter.
        let (value, boosted) = match value.kind {
            NodeKind::Boost(by, inner) => (*inner, Some(by)),
            kind => (Node { kind, span: value.span }, None),
        };
        let node =
            Node { kind: NodeKind::Field { field, test, value: Value::Words(Box::new(value)) }, span: whole.clone() };
        let node = boost(node, boosted, whole.end);
        Ok(self.boosted(node))
    }

    fn number(&mut self, name: &str, number: Number, span: Range<usize>) -> Parsed {
        let example = match number {
            Number::Words => "words:>1200 or words:100..200",
            Number::Level => "level:2",
            _ => "date:2023-09-12 or date:2023-09..2023-10",
        };
        let Some(Token { kind: TokenKind::Word(text), span: value_span }) = self.next() else {
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
                let message = format!(
                    "is: knows no '{word}', only boilerplate, duplicate and original; to search the text, quote it"
                );
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

    /// A word with a colon that is no field: text, unless it is close to one.
    fn no_field(&mut self, name: &str, span: Range<usize>) -> Parsed {
        let close = FIELD_NAMES.iter().find(|field| name.len() >= 4 && is_one_slip(name, field));
        if let Some(field) = close {
            let message = format!("there is no field '{name}'; did you mean {field}:? to search the text, quote it");
            let rest = &self.text[span.end..];
            return Err(QueryError::new("unknown-field", span.start..span.end - 1, message)
                .suggest(format!("{}{field}:{rest}", &self.text[..span.start])));
        }
        // The word goes on behind its colon, to the next space.
        let Some(Token { kind: TokenKind::Word(rest), span: rest_span }) = self.peek().cloned() else {
            return Ok(Node { kind: NodeKind::Word(format!("{name}:")), span });
        };
        self.at += 1;
        Ok(Node { kind: NodeKind::Word(format!("{name}:{rest}")), span: span.start..rest_span.end })
    }
}

/// Do two names differ by one letter too many, too few, other, or by two swapped?
fn is_one_slip(name: &str, field: &str) -> bool {
    let (a, b) = (name.as_bytes(), field.as_bytes());
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([], []) => false,
        ([_, x @ ..], [_, y @ ..]) if x == y => true,
        ([_, x @ ..], y) if x == y => true,
        (x, [_, y @ ..]) if x == y => true,
        ([p, q, x @ ..], [r, s, y @ ..]) => p == s && q == r && x == y,
        _ => false,
    }
}

//! Tokens to a tree. Binding, tightest first: NOT and `-`, AND (written or not), OR.

use std::ops::Range;

use super::ast::{Clause, FieldTest, Node, NodeKind, Query, Value};
use super::date::{self, Today};
use super::error::{Note, QueryError};
use super::lexer::{OpenQuote, Token, TokenKind, tokens};
use super::{FIELD_NAMES, LATER_FIELDS, MAX_QUERY_BYTES, field_of};

/// Parentheses nest no deeper.
const MAX_DEPTH: usize = 100;

pub(super) struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    today: Today,
    notes: Vec<Note>,
}

type Parsed = Result<Node, QueryError>;

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, today: Today) -> Result<Parser<'t>, QueryError> {
        if text.len() > MAX_QUERY_BYTES {
            let message = format!(
                "this query has {} bytes, the limit is {MAX_QUERY_BYTES}: split it, or put its parts in a file for --queries",
                text.len()
            );
            return Err(QueryError::new("too-long", 0..0, message));
        }
        let tokens = tokens(text).map_err(|OpenQuote(at)| {
            let rest = text[at..].trim_end();
            QueryError::new(
                "open-quote",
                at..at + 1,
                "this quote is never closed: add \" at the end of the phrase, or remove it",
            )
            .suggest(format!("{}{rest}\"", &text[..at]))
        })?;
        let mut parser = Parser { text, tokens, at: 0, depth: 0, today, notes: Vec::new() };
        parser.read_capitals();
        Ok(parser)
    }

    /// A text all in capitals, such as a headline typed off an old page, cannot show which AND is an operator. Unless
    /// something else in it can only be the language's, its ANDs are words.
    fn read_capitals(&mut self) {
        const FEWEST_WORDS: usize = 5;
        let is_operator = |kind: &TokenKind| matches!(kind, TokenKind::And | TokenKind::Or | TokenKind::Not);
        let words = self.tokens.iter().filter(|token| matches!(token.kind, TokenKind::Word(_))).count();
        let only_text =
            self.tokens.iter().all(|token| matches!(token.kind, TokenKind::Word(_)) || is_operator(&token.kind));
        if self.text.contains(char::is_lowercase) || words < FEWEST_WORDS || !only_text {
            return;
        }
        let mut changed = false;
        for token in self.tokens.iter_mut().filter(|token| is_operator(&token.kind)) {
            token.kind = TokenKind::Word(self.text[token.span.clone()].to_lowercase());
            changed = true;
        }
        if changed {
            let message = "all is in capitals, so AND, OR and NOT were searched as words; write the other words small, or use parentheses, to make them operators";
            self.notes.push(Note { code: "word", message: message.into() });
        }
    }

    pub(super) fn parse(mut self) -> Result<Query, QueryError> {
        if self.tokens.is_empty() {
            return Ok(Query { root: Node { kind: NodeKind::Nothing, span: 0..self.text.len() }, notes: Vec::new() });
        }
        let root = self.or_expr()?;
        if let Some(token) = self.peek() {
            // Only a parenthesis ends an expression before the text ends.
            let place = token.span.clone();
            return Err(QueryError::new(
                "open-paren",
                place,
                "this ')' closes nothing: remove it, or add '(' where the group begins",
            ));
        }
        Ok(Query { root, notes: self.notes })
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn peek_kind(&self) -> Option<&TokenKind> {
        self.peek().map(|token| &token.kind)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += usize::from(token.is_some());
        token
    }

    fn or_expr(&mut self) -> Parsed {
        let mut nodes = vec![self.and_expr()?];
        while self.peek_kind() == Some(&TokenKind::Or) {
            let sign = self.next();
            self.require_operand(sign, "OR")?;
            nodes.push(self.and_expr()?);
        }
        if nodes.len() > 1 && nodes.iter().any(|node| matches!(&node.kind, NodeKind::And(clauses) if clauses.len() > 1))
        {
            let message =
                "AND (also words side by side) binds tighter than OR here; parentheses say it without doubt".into();
            self.notes.push(Note { code: "precedence", message });
        }
        Ok(combine(nodes, NodeKind::Or))
    }

    fn and_expr(&mut self) -> Parsed {
        let mut clauses: Vec<Clause> = Vec::new();
        loop {
            let explicit = self.peek_kind() == Some(&TokenKind::And);
            if explicit {
                let sign = self.next();
                if clauses.is_empty() {
                    return Err(dangling(sign, "before", "AND"));
                }
                self.require_operand(sign, "AND")?;
                if let Some(last) = clauses.last_mut() {
                    last.required = true;
                }
            } else if matches!(self.peek_kind(), None | Some(TokenKind::Or | TokenKind::Close)) {
                break;
            }
            let plus = self.peek_kind() == Some(&TokenKind::Plus);
            let node = self.not_expr()?;
            // Phrases, filters and alternatives are never relaxed, so that asking for them changes nothing.
            let plus = plus && matches!(node.kind, NodeKind::Word(_) | NodeKind::And(_));
            match node.kind {
                // Words in parentheses, side by side among words side by side, are just more of them.
                NodeKind::And(inner) if !explicit && !plus && inner.iter().all(|clause| !clause.required) => {
                    clauses.extend(inner)
                }
                kind => clauses.push(Clause { required: explicit || plus, node: Node { kind, span: node.span } }),
            }
        }
        if clauses.is_empty() {
            let sign = self.next();
            return Err(dangling(sign, "before", "OR"));
        }
        if clauses.len() == 1 && !clauses[0].required {
            return Ok(clauses.remove(0).node);
        }
        let span = clauses[0].node.span.start..clauses[clauses.len() - 1].node.span.end;
        Ok(Node { kind: NodeKind::And(clauses), span })
    }

    fn not_expr(&mut self) -> Parsed {
        match self.peek_kind() {
            Some(TokenKind::Not | TokenKind::Minus) => {
                let sign = self.next();
                let start = sign.as_ref().map_or(0, |token| token.span.start);
                self.require_operand(sign, "NOT")?;
                self.deeper(start)?;
                let node = self.not_expr()?;
                self.depth -= 1;
                let span = start..node.span.end;
                Ok(Node { kind: NodeKind::Not(Box::new(node)), span })
            }
            Some(TokenKind::Plus) => {
                self.next();
                self.operand()
            }
            _ => self.operand(),
        }
    }

    fn deeper(&mut self, at: usize) -> Result<(), QueryError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(QueryError::new(
                "too-deep",
                at..at + 1,
                format!("groups nest more than {MAX_DEPTH} deep here: write it flatter, or as several queries"),
            ));
        }
        Ok(())
    }

    /// Something must follow an operator.
    fn require_operand(&self, sign: Option<Token>, name: &str) -> Result<(), QueryError> {
        match self.peek_kind() {
            None | Some(TokenKind::Close | TokenKind::And | TokenKind::Or) => Err(dangling(sign, "after", name)),
            _ => Ok(()),
        }
    }

    fn operand(&mut self) -> Parsed {
        let Some(token) = self.next() else { return Err(dangling(None, "after", "this")) };
        let Token { kind, span } = token;
        match kind {
            TokenKind::Open => self.group(span),
            TokenKind::Word(word) => self.word(word, span),
            TokenKind::Phrase(text, glued) => phrase(text, &glued, span),
            TokenKind::Field(name, sign) => self.field(&name, sign, span),
            TokenKind::And | TokenKind::Or | TokenKind::Not | TokenKind::Minus | TokenKind::Plus | TokenKind::Close => {
                let name = self.text[span.clone()].to_string();
                Err(dangling(Some(Token { kind, span }), "before", &name))
            }
        }
    }

    fn group(&mut self, open: Range<usize>) -> Parsed {
        self.deeper(open.start)?;
        if self.peek_kind() == Some(&TokenKind::Close) {
            let end = self.next().map_or(open.end, |token| token.span.end);
            self.depth -= 1;
            return Ok(Node { kind: NodeKind::Nothing, span: open.start..end });
        }
        if self.peek().is_none() {
            return Err(open_paren(open));
        }
        let mut node = self.or_expr()?;
        let Some(close) = self.next() else { return Err(open_paren(open)) };
        self.depth -= 1;
        node.span = open.start..close.span.end;
        Ok(node)
    }

    fn word(&mut self, word: String, span: Range<usize>) -> Parsed {
        let is_last = self.peek().is_none();
        let followed_by_group =
            self.peek().is_some_and(|token| token.kind == TokenKind::Open && token.span.start == span.end);
        if let Some(later) = later_form(&word, self.at == 1, is_last, followed_by_group) {
            return Err(not_yet(later, &word, span));
        }
        if matches!(word.as_str(), "and" | "or" | "not") && !is_last && self.at > 1 {
            let message = format!("\"{word}\" was searched as a word; the operator is {}", word.to_uppercase());
            self.notes.push(Note { code: "word", message });
        }
        if let Some(stem) =
            word.strip_suffix('!').filter(|stem| stem.len() > 2 && stem.chars().all(char::is_alphabetic))
        {
            let message = format!(
                "\"{word}\" was searched as typed; words that begin so are written {stem}*, in a later version"
            );
            self.notes.push(Note { code: "truncation", message });
        }
        if let Some(name) = word.strip_suffix(':')
            && field_of(name).is_some()
            && !is_last
        {
            let message =
                format!("\"{word}\" was searched as a word; to search the field, leave out the space behind the colon");
            self.notes.push(Note { code: "word", message });
        }
        Ok(Node { kind: NodeKind::Word(word), span })
    }

    fn field(&mut self, name: &str, sign: char, span: Range<usize>) -> Parsed {
        if name == "date" {
            return self.date(span);
        }
        if name == "is"
            && let Some(Token { kind: TokenKind::Word(word), span: value_span }) = self.tokens.get(self.at)
            && word.eq_ignore_ascii_case("boilerplate")
        {
            let span = span.start..value_span.end;
            self.next();
            return Ok(Node { kind: NodeKind::Boilerplate, span });
        }
        let Some(field) = field_of(name) else { return self.no_field(name, span) };
        let test = match sign {
            '=' => FieldTest::Equals,
            '~' => FieldTest::Begins,
            _ => FieldTest::Contains,
        };
        let value = match self.next() {
            Some(Token { kind: TokenKind::Word(word), span: value_span }) => {
                if word == "*" {
                    return Ok(Node {
                        kind: NodeKind::Field { field, test: FieldTest::Contains, value: Value::Any },
                        span: span.start..value_span.end,
                    });
                }
                // Paths and URLs hold the signs of operators.
                let text_like =
                    matches!(field, crate::index::schema::TextField::Path | crate::index::schema::TextField::Url);
                if let Some(later) = later_form(&word, true, true, false).filter(|_| !text_like) {
                    return Err(not_yet(later, &word, value_span));
                }
                Node { kind: NodeKind::Word(word), span: value_span }
            }
            Some(Token { kind: TokenKind::Phrase(text, glued), span: value_span }) => phrase(text, &glued, value_span)?,
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
                    format!("{name}{sign} needs a value: a word, a \"phrase\", a (group) or *"),
                ));
            }
        };
        let whole = span.start..value.span.end;
        Ok(Node { kind: NodeKind::Field { field, test, value: Value::Words(Box::new(value)) }, span: whole })
    }

    fn date(&mut self, span: Range<usize>) -> Parsed {
        let Some(Token { kind: TokenKind::Word(text), span: value_span }) = self.next() else {
            return Err(QueryError::new(
                "dangling",
                span,
                "date: needs a date, as in date:2023-09-12 or date:2023-09..2023-10",
            ));
        };
        let range = date::range(&text, value_span.start, self.today)?;
        Ok(Node { kind: NodeKind::Date(range), span: span.start..value_span.end })
    }

    /// A word with a colon that is no field: text, unless it is close to one.
    fn no_field(&mut self, name: &str, span: Range<usize>) -> Parsed {
        if LATER_FIELDS.contains(&name) {
            return Err(not_yet("the field", name, span));
        }
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

/// Several nodes joined; one alone stays as it is.
fn combine(mut nodes: Vec<Node>, kind: impl Fn(Vec<Node>) -> NodeKind) -> Node {
    if nodes.len() == 1 {
        return nodes.remove(0);
    }
    let span = nodes.first().map_or(0, |node| node.span.start)..nodes.last().map_or(0, |node| node.span.end);
    Node { kind: kind(nodes), span }
}

fn phrase(text: String, glued: &str, span: Range<usize>) -> Parsed {
    if !glued.is_empty() {
        return Err(not_yet("distance behind a phrase", glued, span));
    }
    Ok(Node { kind: NodeKind::Phrase(text), span })
}

/// A filter holds words, phrases and groups of them; no other filter.
fn check_field_group(node: &Node) -> Result<(), QueryError> {
    match &node.kind {
        NodeKind::Nothing | NodeKind::Word(_) | NodeKind::Phrase(_) => Ok(()),
        NodeKind::And(clauses) => clauses.iter().try_for_each(|clause| check_field_group(&clause.node)),
        NodeKind::Or(nodes) => nodes.iter().try_for_each(check_field_group),
        NodeKind::Not(node) => check_field_group(node),
        NodeKind::Field { .. } | NodeKind::Date(_) | NodeKind::Boilerplate => Err(QueryError::new(
            "nested-field",
            node.span.clone(),
            "a field cannot stand inside another field's group: put it outside, as in title:(a b) date:2023",
        )),
    }
}

fn dangling(sign: Option<Token>, side: &str, name: &str) -> QueryError {
    let place = sign.map_or(0..0, |token| token.span);
    let lower = name.to_lowercase();
    QueryError::new(
        "dangling",
        place,
        format!("{name} needs something {side} it; to search the word itself, quote it: \"{lower}\""),
    )
    .suggest(format!("\"{lower}\""))
}

fn open_paren(place: Range<usize>) -> QueryError {
    QueryError::new("open-paren", place, "this '(' is never closed: add ')' where the group ends, or remove it")
}

fn not_yet(what: &str, text: &str, place: Range<usize>) -> QueryError {
    let message =
        format!("{what} ('{text}') is not read by this version yet: leave it out, or quote it to search its words");
    QueryError::new("not-yet", place, message).suggest(format!("\"{text}\""))
}

/// If `word` has the form of an operator that a later version reads: what it is.
fn later_form(word: &str, first: bool, last: bool, followed_by_group: bool) -> Option<&'static str> {
    let letters = word.chars().filter(|c| c.is_alphanumeric()).count();
    let digits_behind = |prefix: &str| {
        word.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    let between = !first && !last;
    if between
        && (matches!(word, "w/s" | "w/p" | "w/sec" | "w/art")
            || ["w/", "pre/", "NEAR/", "ADJ/", "ONEAR/"].iter().any(|sign| digits_behind(sign)))
    {
        return Some("proximity");
    }
    if between && word == "MAYBE" {
        return Some("MAYBE");
    }
    if followed_by_group && (digits_behind("atleast") || digits_behind("first") || word == "any") {
        return Some("the function");
    }
    if letters >= 2
        && (word.contains('*') || word.trim_matches(['?', '"', '”', '¿']).contains('?'))
        && !word.contains("://")
    {
        return Some("a pattern");
    }
    let regex_signs = ['.', '*', '+', '?', '[', '|', '\\', '^', '$', '{'];
    if word.len() > 2 && word.starts_with('/') && word.ends_with('/') && word.contains(regex_signs) {
        return Some("a regular expression");
    }
    if word.starts_with('=') && word[1..].starts_with(|c: char| c.is_alphanumeric() || c == '"') {
        return Some("the verbatim form");
    }
    if word.starts_with('@') && letters > 0 {
        return Some("a saved query");
    }
    if let Some((before, after)) = word.rsplit_once(['~', '^'])
        && before.chars().any(char::is_alphanumeric)
        && after.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && (word.contains('~') || !after.is_empty())
    {
        return Some(if word.contains('~') { "a fuzzy word" } else { "a boost" });
    }
    None
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

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn read(text: &str) -> Result<String, &'static str> {
        parse(text, Today::from_iso("2026-11-23").expect("a date"))
            .map(|query| query.to_string())
            .map_err(|error| error.code)
    }

    #[test]
    fn reading_table() {
        for (text, expected) in [
            ("oil embargo", "oil embargo"),
            ("\"climate deal\"", "\"climate deal\""),
            ("(tax OR levy) AND Merkel", "(tax OR levy) +Merkel"),
            ("Biden NOT \"Hunter Biden\"", "Biden NOT \"Hunter Biden\""),
            ("+Trump -Ivanka", "+Trump NOT Ivanka"),
            ("heading:\"The Controversy\" plagiarism", "heading:\"The Controversy\" plagiarism"),
            ("heading=\"The Controversy\"", "heading=\"The Controversy\""),
            ("heading~\"The Contro\"", "heading~\"The Contro\""),
            ("section:Analysis -heading:* inflation", "heading:Analysis NOT heading:* inflation"),
            ("byline:\"Jane Doe\" pub:reuters", "byline:\"Jane Doe\" source:reuters"),
            (
                "title:(strike OR walkout) date:2023-09..2023-10",
                "title:(strike OR walkout) date:2023-09-01..2023-10-31",
            ),
            ("OIL AND GAS", "+OIL +GAS"),
            ("OIL PRICES AND RATES FALL NOT RISE", "OIL PRICES and RATES FALL not RISE"),
            ("a b OR c", "a b OR c"),
            ("a (b OR c d)", "a (b OR c d)"),
            ("a (b c)", "a b c"),
            ("a +(b c)", "a +(b c)"),
            ("-(a b)", "NOT (a b)"),
            ("„Der Streik“ «la grève» 「港口」", "\"Der Streik\" \"la grève\" \"港口\""),
            ("path:news/2023/a-b.txt", "path:news/2023/a-b.txt"),
            ("", ""),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
            assert_eq!(read(expected).as_deref(), Ok(expected), "{text} does not read back");
        }
    }

    #[test]
    fn plain_text_never_fails() {
        for text in [
            "R&D",
            "AT&T fox-it C++ 20.04 and/or a/b http://ap.org/x who is “waldo”?",
            "NOTE: mentions",
            "12:30",
            "5\"",
            "a - b",
            "+",
            "-",
            "=",
            "~",
            "^",
            "a = b",
            "what happened?",
            "x:y",
            "مرحبا بالعالم",
            "港口罢工",
            "and",
            "100%",
            "#hashtag",
            "C#",
            "🙂",
            "()",
            "rock'n'roll",
            "U.S.",
            "w/5",
            "the title: a story",
            "e-mail: me",
            "a:b:c",
            "1:2",
            "note:this",
            "https://x.org/a?b=c",
            "$5m",
            "M&A; Q4",
            "<b>",
            "\\",
            "a|b",
        ] {
            assert!(read(text).is_ok(), "{text}: {:?}", read(text));
        }
    }

    #[test]
    fn error_table() {
        for (text, code) in [
            ("\"never closed", "open-quote"),
            ("AND oil", "dangling"),
            ("oil AND", "dangling"),
            ("oil OR", "dangling"),
            ("OR oil", "dangling"),
            ("oil AND OR gas", "dangling"),
            ("NOT", "dangling"),
            ("(oil", "open-paren"),
            ("oil)", "open-paren"),
            ("date:09/10/2023", "ambiguous-date"),
            ("date:2023..2021", "reversed-range"),
            ("hedaing:x", "unknown-field"),
            ("titel:x", "unknown-field"),
            ("title:(a date:2023)", "nested-field"),
            ("oil w/3 gas", "not-yet"),
            ("oil pre/3 gas", "not-yet"),
            ("nurse*", "not-yet"),
            ("wom?n", "not-yet"),
            ("Jon~1", "not-yet"),
            ("\"a b\"~2", "not-yet"),
            ("=RICO", "not-yet"),
            ("/go+d/", "not-yet"),
            ("oil^3", "not-yet"),
            ("atleast5(RICO)", "not-yet"),
            ("oil MAYBE gas", "not-yet"),
            ("@saved", "not-yet"),
            ("is:duplicate", "not-yet"),
            ("heading:/^x/", "not-yet"),
        ] {
            assert_eq!(read(text), Err(code), "{text}");
        }
        assert_eq!(read(&"(".repeat(200)), Err("too-deep"));
        assert_eq!(read(&"NOT ".repeat(300)), Err("too-deep"));
        assert_eq!(read(&"x".repeat(MAX_QUERY_BYTES + 1)), Err("too-long"));
    }

    #[test]
    fn a_caret_stands_under_the_place() {
        let text = "oil hedaing:x";
        let error = parse(text, Today::from_iso("2026-11-23").expect("a date")).expect_err("unknown field");
        let shown = error.with_caret(text);
        assert!(shown.ends_with("  oil hedaing:x\n      ^^^^^^^"), "{shown}");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
            let _ = read(&text);
        }

        #[test]
        fn what_is_printed_reads_back(text in "[a-c\"() :=~+-]{0,30}|(a|b|AND|OR|NOT|\\(|\\)|title:| |-|\\+){0,20}") {
            if let Ok(printed) = read(&text) {
                let again = read(&printed);
                proptest::prop_assert_eq!(again.as_deref(), Ok(printed.as_str()), "{}", text);
            }
        }
    }
}

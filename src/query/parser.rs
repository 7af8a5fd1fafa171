//! Tokens to a tree. Binding, tightest first: proximity, NOT and `-`, AND (written or not), OR.

use std::ops::Range;

use super::ast::{Clause, FieldName, FieldTest, Is, Node, NodeKind, PROSE, Query, Role, Value, is_relaxable};
use super::date::{self, Today};
use super::error::{Note, QueryError};
use super::lexer::{self, Function, Glued, Near, OpenQuote, Token, TokenKind, tokens};
use super::{FIELD_NAMES, MAX_QUERY_BYTES, Saved, field_of};
use crate::index::schema::{Number, TextField};

/// Parentheses nest no deeper.
const MAX_DEPTH: usize = 100;

/// Saved queries name each other no deeper.
const MAX_SAVED_DEPTH: usize = 10;

/// Distances of proximity reach no further; beyond it `w/sec` or `w/art` is meant.
const MAX_DISTANCE: u32 = 1_000;

pub(super) struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// Saved queries that are being read.
    saved_depth: usize,
    /// Is OR read as binding tighter than AND, to count the other reading?
    or_binds_tighter: bool,
    today: Today,
    saved: &'t Saved<'t>,
    notes: Vec<Note>,
}

type Parsed = Result<Node, QueryError>;

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, today: Today, saved: &'t Saved<'t>) -> Result<Parser<'t>, QueryError> {
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
        let mut parser = Parser {
            text,
            tokens,
            at: 0,
            depth: 0,
            saved_depth: 0,
            or_binds_tighter: false,
            today,
            saved,
            notes: Vec::new(),
        };
        parser.read_capitals();
        parser.read_prose();
        parser.read_signs_as_words();
        Ok(parser)
    }

    /// A text all in capitals, such as a headline typed off an old page, cannot show which AND is an operator. Unless
    /// something else in it can only be the language's, its ANDs are words.
    fn read_capitals(&mut self) {
        const FEWEST_WORDS: usize = 5;
        let is_operator =
            |kind: &TokenKind| matches!(kind, TokenKind::And | TokenKind::Or | TokenKind::Not | TokenKind::Maybe);
        let has_letters =
            |kind: &TokenKind| matches!(kind, TokenKind::Word(word) if word.contains(char::is_alphabetic));
        let words = self.tokens.iter().filter(|token| has_letters(&token.kind)).count();
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
            self.notes.push(Note::new("word", message));
        }
    }

    /// A text of so many words and no operator is somebody's prose (an abstract, a paragraph to find more like); its
    /// quotes are punctuation, and a phrase that must be there would leave nothing.
    fn read_prose(&mut self) {
        let words = self.tokens.iter().filter(|token| matches!(token.kind, TokenKind::Word(_))).count();
        let is_text = |kind: &TokenKind| {
            matches!(kind, TokenKind::Word(_) | TokenKind::Open | TokenKind::Close)
                || matches!(kind, TokenKind::Phrase(_, glued) if *glued == Glued::default())
        };
        let has_phrase = self.tokens.iter().any(|token| matches!(token.kind, TokenKind::Phrase(..)));
        if words < PROSE || !has_phrase || !self.tokens.iter().all(|token| is_text(&token.kind)) {
            return;
        }
        let mut tokens = Vec::new();
        for token in std::mem::take(&mut self.tokens) {
            let TokenKind::Phrase(text, _) = &token.kind else {
                tokens.push(token);
                continue;
            };
            let words = text.split_whitespace().filter(|word| !word.contains(['(', ')']));
            tokens
                .extend(words.map(|word| Token { kind: TokenKind::Word(word.to_string()), span: token.span.clone() }));
        }
        self.tokens = tokens;
        let message = "this is long enough to be prose, so its quotes were taken for punctuation; a + in front of one makes it a phrase again";
        self.notes.push(Note::new("word", message));
    }

    /// A sign of proximity or a MAYBE that stands between no operands is a word.
    fn read_signs_as_words(&mut self) {
        let ends = |kind: &TokenKind| {
            matches!(
                kind,
                TokenKind::Close
                    | TokenKind::Boost(_)
                    | TokenKind::Word(_)
                    | TokenKind::Phrase(..)
                    | TokenKind::Regex(_)
                    | TokenKind::Not
            )
        };
        let begins = |kind: &TokenKind| {
            !matches!(kind, TokenKind::Close | TokenKind::And | TokenKind::Or | TokenKind::Maybe | TokenKind::Boost(_))
        };
        for i in 0..self.tokens.len() {
            if !matches!(self.tokens[i].kind, TokenKind::Near(_) | TokenKind::Maybe) {
                continue;
            }
            let before = i.checked_sub(1).is_some_and(|before| ends(&self.tokens[before].kind));
            let negated = i.checked_sub(1).is_some_and(|before| self.tokens[before].kind == TokenKind::Not);
            // "NOT w/5" needs an operand before the NOT, and MAYBE none that is negated.
            let before_not = !negated
                || matches!(self.tokens[i].kind, TokenKind::Near(_))
                    && i.checked_sub(2).is_some_and(|first| {
                        ends(&self.tokens[first].kind) && self.tokens[first].kind != TokenKind::Not
                    });
            let behind = self.tokens.get(i + 1).is_some_and(|token| begins(&token.kind));
            if before && before_not && behind {
                continue;
            }
            let text = self.text[self.tokens[i].span.clone()].to_string();
            self.tokens[i].kind = TokenKind::Word(text);
        }
    }

    pub(super) fn parse(mut self) -> Result<Query, QueryError> {
        let root = self.whole()?;
        if let Some(note) = self.notes.iter_mut().find(|note| note.code == "precedence") {
            note.this = Some(root.to_string());
        }
        if is_only_not(&root) {
            let message = "only what is ruled out is named, so everything else matches";
            self.notes.push(Note::new("only-not", message));
        }
        Ok(Query { root, notes: self.notes })
    }

    fn whole(&mut self) -> Parsed {
        if self.tokens.is_empty() {
            return Ok(Node { kind: NodeKind::Nothing, span: 0..self.text.len() });
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
        Ok(root)
    }

    /// The query with OR binding tighter than AND, as it prints.
    fn other_reading(&self) -> Option<String> {
        let mut other = Parser::new(self.text, self.today, self.saved).ok()?;
        other.or_binds_tighter = true;
        Some(other.whole().ok()?.to_string())
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
        let from = self.at;
        let mut nodes = vec![self.and_expr()?];
        let mut mixed = is_joined(&nodes[0], &self.tokens[from..self.at]);
        while self.peek_kind() == Some(&TokenKind::Or) {
            let sign = self.next();
            self.require_operand(sign, "OR")?;
            let from = self.at;
            let node = self.and_expr()?;
            mixed |= is_joined(&node, &self.tokens[from..self.at]);
            nodes.push(node);
        }
        if nodes.len() > 1
            && mixed
            && !self.or_binds_tighter
            && !self.notes.iter().any(|note| note.code == "precedence")
        {
            let message = "AND (also words side by side) binds tighter than OR; parentheses say it without doubt";
            let mut note = Note::new("precedence", message);
            note.other = self.other_reading();
            self.notes.push(note);
        }
        Ok(combine(nodes, NodeKind::Or))
    }

    /// In the other reading, where OR binds tighter than AND: operands joined by OR.
    fn tight_or(&mut self) -> Parsed {
        let mut nodes = vec![self.not_expr()?];
        while self.or_binds_tighter && self.peek_kind() == Some(&TokenKind::Or) {
            let sign = self.next();
            self.require_operand(sign, "OR")?;
            nodes.push(self.not_expr()?);
        }
        Ok(combine(nodes, NodeKind::Or))
    }

    fn and_expr(&mut self) -> Parsed {
        let mut clauses: Vec<Clause> = Vec::new();
        loop {
            let explicit = self.peek_kind() == Some(&TokenKind::And);
            let lift = self.peek_kind() == Some(&TokenKind::Maybe);
            if explicit {
                let sign = self.next();
                if clauses.is_empty() {
                    return Err(dangling(sign, "before", "AND"));
                }
                self.require_operand(sign, "AND")?;
                if let Some(last) = clauses.last_mut()
                    && last.role == Role::Plain
                {
                    last.role = Role::Required;
                }
            } else if lift {
                let sign = self.next();
                self.require_operand(sign, "MAYBE")?;
            } else if matches!(self.peek_kind(), None | Some(TokenKind::Or | TokenKind::Close)) {
                break;
            }
            let plus = self.peek_kind() == Some(&TokenKind::Plus);
            let node = self.tight_or()?;
            // Phrases, filters and alternatives are never relaxed, so that asking for them changes nothing.
            let plus = plus && is_relaxable(&node.kind);
            let role = match (lift, explicit || plus) {
                (true, _) => Role::Lift,
                (_, true) => Role::Required,
                _ => Role::Plain,
            };
            match node.kind {
                // Words in parentheses, side by side among words side by side, are just more of them.
                NodeKind::And(inner)
                    if role == Role::Plain && inner.iter().all(|clause| clause.role == Role::Plain) =>
                {
                    clauses.extend(inner)
                }
                kind => clauses.push(Clause { role, node: Node { kind, span: node.span } }),
            }
        }
        if clauses.is_empty() {
            let sign = self.next();
            return Err(dangling(sign, "before", "OR"));
        }
        // What is asked for beside others is printed as "+"; where that says nothing, neither does the role.
        for clause in clauses.iter_mut().filter(|clause| clause.role == Role::Required) {
            if !is_relaxable(&clause.node.kind) {
                clause.role = Role::Plain;
            }
        }
        if clauses.len() == 1 && clauses[0].role == Role::Plain {
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
                self.prox_expr()
            }
            _ => self.prox_expr(),
        }
    }

    /// The sign of proximity that comes next: where it stands, what it is, is it negated?
    fn prox_sign(&mut self) -> Option<(Range<usize>, Near, bool)> {
        let negated = self.peek_kind() == Some(&TokenKind::Not);
        let sign = self.tokens.get(self.at + usize::from(negated))?;
        let TokenKind::Near(near) = sign.kind else { return None };
        let start = self.tokens[self.at].span.start;
        let place = start..sign.span.end;
        self.at += 1 + usize::from(negated);
        Some((place, near, negated))
    }

    fn prox_expr(&mut self) -> Parsed {
        let first = self.operand()?;
        let mut operands = vec![first];
        let mut kind: Option<(Near, bool)> = None;
        while let Some((place, near, negated)) = self.prox_sign() {
            if let Some(other) = kind
                && other != (near, negated)
            {
                let names = |node: &Node| self.text.get(node.span.clone()).unwrap_or("a").to_string();
                let [a, b, ..] = operands.as_slice() else { unreachable!("a sign joins two operands") };
                let not = |negated: bool| if negated { "NOT " } else { "" };
                let way_out =
                    format!("({} {}{} {}) {}{near} ...", names(a), not(other.1), other.0, names(b), not(negated));
                let message = format!("two different distances in a row: say which comes first, {way_out}");
                return Err(QueryError::new("mixed-prox", place, message));
            }
            if let Near::Words(n) | Near::InOrder(n) = near
                && n > MAX_DISTANCE
            {
                let message = format!(
                    "{near} is further than {MAX_DISTANCE} words: use w/sec for one section or w/art for one article"
                );
                return Err(QueryError::new("too-far", place, message));
            }
            kind = Some((near, negated));
            let operand = self.operand()?;
            operands.push(operand);
            if matches!(near, Near::Section | Near::Article) {
                continue;
            }
            for operand in &operands {
                check_prox_operand(operand)?;
            }
        }
        let Some((near, negated)) = kind else { return Ok(operands.remove(0)) };
        let span = operands[0].span.start..operands[operands.len() - 1].span.end;
        Ok(Node { kind: NodeKind::Prox { near, negated, operands }, span })
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
            None | Some(TokenKind::Close | TokenKind::And | TokenKind::Or | TokenKind::Maybe) => {
                Err(dangling(sign, "after", name))
            }
            _ => Ok(()),
        }
    }

    fn operand(&mut self) -> Parsed {
        let Some(token) = self.next() else {
            let end = self.text.len();
            return Err(dangling(Some(Token { kind: TokenKind::And, span: end..end }), "after", "this"));
        };
        let Token { kind, span } = token;
        match kind {
            TokenKind::Open => {
                let group = self.group(span)?;
                Ok(self.boosted(group))
            }
            TokenKind::Word(word) => self.word(word, span),
            TokenKind::Phrase(text, glued) => Ok(phrase(text, glued, span)),
            TokenKind::Verbatim => self.verbatim(span),
            TokenKind::Regex(regex) => {
                check_regex(&regex, &span)?;
                Ok(Node { kind: NodeKind::Regex(regex), span })
            }
            TokenKind::Function(function) => self.function(function, span),
            TokenKind::Field(name, sign) => self.field(&name, sign, span),
            // What of these stands where no operand can be joined to it was made a word before.
            TokenKind::Near(_) | TokenKind::Maybe => {
                let word = self.text[span.clone()].to_string();
                Ok(Node { kind: NodeKind::Word(word), span })
            }
            TokenKind::And
            | TokenKind::Or
            | TokenKind::Not
            | TokenKind::Minus
            | TokenKind::Plus
            | TokenKind::Boost(_)
            | TokenKind::Close => {
                let name = self.text[span.clone()].to_string();
                Err(dangling(Some(Token { kind, span }), "before", &name))
            }
        }
    }

    /// A group with the boost behind it, if there is one.
    fn boosted(&mut self, node: Node) -> Node {
        let Some(TokenKind::Boost(value)) = self.peek_kind() else { return node };
        let value = *value;
        let end = self.next().map_or(node.span.end, |token| token.span.end);
        boost(node, Some(value), end)
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

    fn function(&mut self, function: Function, span: Range<usize>) -> Parsed {
        let start = span.start;
        // The lexer makes functions only of names that a parenthesis follows.
        let open = self.next().map_or(span, |token| token.span);
        let group = self.group(open)?;
        let whole = start..group.span.end;
        let kind = match function {
            Function::Any => match group.kind {
                NodeKind::And(clauses) if clauses.iter().all(|clause| clause.role == Role::Plain) => {
                    NodeKind::Or(clauses.into_iter().map(|clause| clause.node).collect())
                }
                kind => kind,
            },
            Function::First(words) => {
                check_positions(&group, &format!("first{words}"), true)?;
                NodeKind::First(words, Box::new(group))
            }
            Function::AtLeast(times) => {
                check_positions(&group, &format!("atleast{times}"), false)?;
                NodeKind::AtLeast(times, Box::new(group))
            }
        };
        let node = Node { kind, span: whole };
        Ok(self.boosted(node))
    }

    fn verbatim(&mut self, sign: Range<usize>) -> Parsed {
        // The lexer puts a word or phrase behind the sign.
        let Some(token) = self.next() else { return Ok(Node { kind: NodeKind::Word("=".into()), span: sign }) };
        let span = sign.start..token.span.end;
        Ok(match token.kind {
            TokenKind::Phrase(text, glued) => {
                let node = Node { kind: NodeKind::Verbatim { text, quoted: true }, span: span.clone() };
                boost(node, glued.boost, span.end)
            }
            _ => {
                let mut text = &self.text[token.span];
                let mut boosts = Vec::new();
                while let Some((before, value)) = split_boost(text) {
                    text = before;
                    boosts.push(value);
                }
                let node =
                    Node { kind: NodeKind::Verbatim { text: text.to_string(), quoted: false }, span: span.clone() };
                boosts.into_iter().fold(node, |node, value| boost(node, Some(value), span.end))
            }
        })
    }

    fn word(&mut self, word: String, span: Range<usize>) -> Parsed {
        let is_last = self.peek().is_none();
        if matches!(&self.text[span.clone()], "and" | "or" | "not") && !is_last && self.at > 1 {
            let operator = word.to_uppercase();
            let message = format!("\"{word}\" was searched as a word; the operator is {operator}");
            self.note_word("word", message, &span, &operator);
        }
        if let Some(stem) =
            word.strip_suffix('!').filter(|stem| stem.len() > 2 && stem.chars().all(char::is_alphabetic))
        {
            let message = format!("\"{word}\" was searched as typed; for words that begin so write {stem}*");
            self.note_word("truncation", message, &span, &format!("{stem}*"));
        }
        if let Some(name) = word.strip_suffix(':')
            && field_of(name).is_some()
            && let Some(next) = self.peek().map(|token| token.span.start)
        {
            let message =
                format!("\"{word}\" was searched as a word; to search the field, leave out the space behind the colon");
            self.note_word("word", message, &(span.start..next), &word);
        }
        if let Some(name) = word.strip_prefix('@').filter(|name| is_saved_name(name)) {
            return self
                .saved_query(name, span.clone())
                .map(|found| found.unwrap_or_else(|| Node { kind: NodeKind::Word(word.clone()), span }));
        }
        atom(&word, span)
    }

    /// Notes that a piece of the text was read as words, with the query that the other reading is.
    fn note_word(&mut self, code: &'static str, message: String, place: &Range<usize>, other: &str) {
        let mut note = Note::new(code, message);
        note.this = Some(self.text.to_string());
        note.other = Some(format!("{}{other}{}", &self.text[..place.start], &self.text[place.end..]));
        self.notes.push(note);
    }

    /// The saved query of this name; text, if there is none.
    fn saved_query(&mut self, name: &str, span: Range<usize>) -> Result<Option<Node>, QueryError> {
        let Some(text) = (self.saved)(name) else {
            let message = format!(
                "no query is saved as '{name}', so \"@{name}\" was searched as text; `crosshead saved` lists those there are"
            );
            self.notes.push(Note::new("saved", message));
            return Ok(None);
        };
        if self.saved_depth >= MAX_SAVED_DEPTH {
            let message = format!("the saved query '{name}' names itself, or others too deep: save it again without");
            return Err(QueryError::new("saved-loop", span, message));
        }
        let mut inner = Parser::new(&text, self.today, self.saved).map_err(|error| in_saved(error, name, &span))?;
        inner.saved_depth = self.saved_depth + 1;
        let mut node = inner.whole().map_err(|error| in_saved(error, name, &span))?;
        put_at(&mut node, &span);
        Ok(Some(Node { kind: NodeKind::Saved(name.to_string(), Box::new(node)), span }))
    }

    fn field(&mut self, name: &str, sign: char, span: Range<usize>) -> Parsed {
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
            Number::Words | Number::Level => {
                NodeKind::Number(number, super::number::range(name, &text, value_span.start)?)
            }
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
        if crate::index::document::parse_id(&word).is_none() {
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

/// Did `and_expr` join several operands to make `node` of these tokens, rather than read a group of them?
fn is_joined(node: &Node, tokens: &[Token]) -> bool {
    let mut depth = 0;
    let mut closes_at = tokens.iter().enumerate().filter_map(|(i, token)| {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(i)
    });
    let is_group =
        tokens.first().is_some_and(|token| token.kind == TokenKind::Open) && closes_at.next() == Some(tokens.len() - 1);
    !is_group && matches!(&node.kind, NodeKind::And(clauses) if clauses.len() > 1)
}

/// Several nodes joined; one alone stays as it is.
fn combine(mut nodes: Vec<Node>, kind: impl Fn(Vec<Node>) -> NodeKind) -> Node {
    if nodes.len() == 1 {
        return nodes.remove(0);
    }
    let span = nodes.first().map_or(0, |node| node.span.start)..nodes.last().map_or(0, |node| node.span.end);
    Node { kind: kind(nodes), span }
}

/// The node with a boost, in thousandths; one of a boost is one boost.
fn boost(node: Node, by: Option<u32>, end: usize) -> Node {
    const ONE: u64 = 1_000;
    const MOST: u64 = 100 * ONE;
    let Some(by) = by else { return node };
    let span = node.span.start..end;
    let (inner, by) = match node.kind {
        NodeKind::Boost(before, inner) => (*inner, u64::from(before) * u64::from(by) / ONE),
        kind => (Node { kind, span: node.span }, u64::from(by)),
    };
    match u32::try_from(by.clamp(1, MOST)) {
        Ok(by) if u64::from(by) != ONE => Node { kind: NodeKind::Boost(by, Box::new(inner)), span },
        _ => inner,
    }
}

fn phrase(text: String, glued: Glued, span: Range<usize>) -> Node {
    let node = Node { kind: NodeKind::Phrase { text, slop: glued.slop.unwrap_or(0) }, span: span.clone() };
    boost(node, glued.boost, span.end)
}

/// `word^3` as the word and thousandths.
fn split_boost(word: &str) -> Option<(&str, u32)> {
    let (before, after) = word.rsplit_once('^')?;
    let (value, length) = lexer::boost(after)?;
    let is_word = before.starts_with(|c: char| c.is_alphanumeric() || c == '*') && !lexer::is_operator(before);
    (length == after.len() && is_word).then_some((before, value))
}

/// A word, with the signs at its end that make it fuzzy, a pattern or count more.
fn atom(word: &str, span: Range<usize>) -> Parsed {
    if let Some((before, value)) = split_boost(word) {
        let inner = atom(before, span.start..span.start + before.len())?;
        return Ok(boost(inner, Some(value), span.end));
    }
    if let Some((before, after)) = word.rsplit_once('~')
        && before.ends_with(char::is_alphanumeric)
        && after.bytes().all(|byte| byte.is_ascii_digit())
    {
        let distance = match after {
            "" | "1" => 1,
            "2" => 2,
            _ => {
                let message = format!(
                    "~{after} allows too many letter changes; use ~1 or ~2; for words apart write {before} w/{after} other"
                );
                return Err(QueryError::new("fuzzy-range", span, message).suggest(format!("{before}~2")));
            }
        };
        return Ok(Node { kind: NodeKind::Fuzzy { text: before.to_string(), distance }, span });
    }
    let kind = if is_pattern(word) { NodeKind::Pattern(word.to_string()) } else { NodeKind::Word(word.to_string()) };
    Ok(Node { kind, span })
}

/// Is a word a pattern: `*` or `?` among at least two letters or three digits? A `?` at the end is the sentence's, and
/// one on each side are quotes that were lost.
fn is_pattern(word: &str) -> bool {
    let between = word.strip_prefix('?').filter(|rest| rest.ends_with('?'));
    let pattern = super::without_end(between.unwrap_or(word));
    if !pattern.contains(['*', '?']) || pattern.contains(['/', '=', '&', '@']) {
        return false;
    }
    let letters = pattern.chars().filter(|c| c.is_alphabetic()).count();
    let digits = pattern.chars().filter(|c| c.is_numeric()).count();
    letters >= 2 || digits >= 3
}

fn is_saved_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

/// Is `name` one under which a query can be saved?
pub(super) fn can_name_saved(name: &str) -> bool {
    is_saved_name(name)
}

fn in_saved(error: QueryError, name: &str, span: &Range<usize>) -> QueryError {
    QueryError::new(error.code, span.clone(), format!("in the saved query '{name}': {}", error.message))
}

/// Gives all nodes of a saved query the place where it is named.
fn put_at(node: &mut Node, span: &Range<usize>) {
    node.span = span.clone();
    match &mut node.kind {
        NodeKind::And(clauses) => clauses.iter_mut().for_each(|clause| put_at(&mut clause.node, span)),
        NodeKind::Or(nodes) | NodeKind::Prox { operands: nodes, .. } => {
            nodes.iter_mut().for_each(|node| put_at(node, span));
        }
        NodeKind::Not(node)
        | NodeKind::First(_, node)
        | NodeKind::AtLeast(_, node)
        | NodeKind::Boost(_, node)
        | NodeKind::Saved(_, node)
        | NodeKind::Field { value: Value::Words(node), .. } => put_at(node, span),
        _ => {}
    }
}

/// Does a query say only what it does not want?
fn is_only_not(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Not(inner) => !matches!(inner.kind, NodeKind::Not(_)),
        NodeKind::And(clauses) => clauses.iter().all(|clause| is_only_not(&clause.node)),
        _ => false,
    }
}

/// A regex must compile, and stay small.
fn check_regex(regex: &str, span: &Range<usize>) -> Result<(), QueryError> {
    super::compile_regex(regex).map(|_| ()).map_err(|reason| {
        let message = format!("this regular expression cannot be read: {reason}; to search it as text, quote it");
        QueryError::new("bad-regex", span.clone(), message)
    })
}

/// What can stand at a place in a text: words, phrases, patterns, groups of them joined by OR, and proximity.
fn check_prox_operand(node: &Node) -> Result<(), QueryError> {
    let refuse = |what: &str| {
        let message = format!(
            "w/ and pre/ join words, phrases or OR-groups, not {what}: put it outside, as in title:(a w/5 b) or (a w/5 b) AND c"
        );
        Err(QueryError::new("prox-operand", node.span.clone(), message))
    };
    match &node.kind {
        NodeKind::Nothing
        | NodeKind::Word(_)
        | NodeKind::Phrase { .. }
        | NodeKind::Verbatim { .. }
        | NodeKind::Pattern(_)
        | NodeKind::Fuzzy { .. }
        | NodeKind::Regex(_) => Ok(()),
        NodeKind::Or(nodes) => nodes.iter().try_for_each(check_prox_operand),
        NodeKind::Prox { near: Near::Section | Near::Article, .. } => refuse("w/sec or w/art"),
        NodeKind::Prox { operands, .. } => operands.iter().try_for_each(check_prox_operand),
        NodeKind::First(_, inner) | NodeKind::Boost(_, inner) | NodeKind::Saved(_, inner) => check_prox_operand(inner),
        NodeKind::And(_) => refuse("AND or words side by side"),
        NodeKind::Not(_) => refuse("NOT"),
        NodeKind::AtLeast(..) => refuse("atleast"),
        NodeKind::Field { .. }
        | NodeKind::Date(..)
        | NodeKind::Number(..)
        | NodeKind::Is(_)
        | NodeKind::Id(_)
        | NodeKind::Like(_) => refuse("a field"),
    }
}

/// The group of `first` or `atleast`: what stands at places in a text; `first` is asked of each operand of AND by itself.
fn check_positions(node: &Node, name: &str, with_and: bool) -> Result<(), QueryError> {
    match &node.kind {
        NodeKind::And(clauses) if with_and => {
            clauses.iter().try_for_each(|clause| check_positions(&clause.node, name, with_and))
        }
        _ => check_prox_operand(node).map_err(|error| {
            let message = format!(
                "{name} takes words, phrases, OR-groups or proximity, nothing else: write {name}(a) AND {name}(b), or put the field outside"
            );
            QueryError::new("function-operand", error.offset..error.offset + error.length, message)
        }),
    }
}

/// A filter holds words, phrases and groups of them; no other filter.
fn check_field_group(node: &Node) -> Result<(), QueryError> {
    let refuse = |message: &str| Err(QueryError::new("nested-field", node.span.clone(), message));
    match &node.kind {
        NodeKind::Nothing
        | NodeKind::Word(_)
        | NodeKind::Phrase { .. }
        | NodeKind::Verbatim { .. }
        | NodeKind::Pattern(_)
        | NodeKind::Fuzzy { .. }
        | NodeKind::Regex(_) => Ok(()),
        NodeKind::And(clauses) => clauses.iter().try_for_each(|clause| check_field_group(&clause.node)),
        NodeKind::Or(nodes) => nodes.iter().try_for_each(check_field_group),
        NodeKind::Prox { near: Near::Section | Near::Article, .. } => {
            refuse("w/sec and w/art are wider than a field: put them outside, as in title:a w/art title:b")
        }
        NodeKind::Prox { operands, .. } => operands.iter().try_for_each(check_field_group),
        NodeKind::Not(node) | NodeKind::First(_, node) | NodeKind::Boost(_, node) | NodeKind::Saved(_, node) => {
            check_field_group(node)
        }
        NodeKind::AtLeast(..) => {
            refuse("atleast counts in the whole article: put it outside, as in title:a atleast5(a)")
        }
        NodeKind::Field { .. }
        | NodeKind::Date(..)
        | NodeKind::Number(..)
        | NodeKind::Is(_)
        | NodeKind::Id(_)
        | NodeKind::Like(_) => {
            refuse("a field cannot stand inside another field's group: put it outside, as in title:(a b) date:2023")
        }
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
            ("(CORRECTED)-IVORY COAST", "CORRECTED IVORY COAST"),
            ("\"oil price\"-driven (a)-b +c", "\"oil price\" driven a b +c"),
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
            // The examples of the specification.
            ("heading:/^(Background|Context)\\b/ sanctions", "heading:/^(Background|Context)\\b/ sanctions"),
            ("under:Analysis -heading:* inflation", "under:Analysis NOT heading:* inflation"),
            (
                "title:(strike w/3 (nurse* OR doctor*)) date:2023-09..2023-10",
                "title:(strike w/3 (nurse* OR doctor*)) date:2023-09-01..2023-10-31",
            ),
            ("hlead:=RICO atleast5(RICO)", "hlead:=RICO atleast5(RICO)"),
            ("president pre/2 Bush", "president pre/2 Bush"),
            ("(Joh* OR Jon~1) w/2 Doe", "(Joh* OR Jon~1) w/2 Doe"),
            ("apple NOT w/5 pie", "apple NOT w/5 pie"),
            ("minister w/s resign*", "minister w/s resign*"),
            ("\"John Wayne\"~2", "\"John Wayne\"~2"),
            ("first50(Toyota) words:>1200", "first50(Toyota) words:1201.."),
            (
                "(heading:Background oil) w/art (heading:Reaction OPEC)",
                "(heading:Background oil) w/art (heading:Reaction OPEC)",
            ),
            ("Trump MAYBE indictment^3", "Trump MAYBE indictment^3"),
            ("lang:de Waffen* date:30d", "lang:de Waffen* date:2026-10-24..2026-11-23"),
            // Binding and grouping.
            ("a w/5 b w/5 c", "a w/5 b w/5 c"),
            ("(a w/5 b) pre/2 c", "(a w/5 b) pre/2 c"),
            ("NOT a w/5 b", "NOT a w/5 b"),
            ("a NEAR/3 b", "a w/3 b"),
            ("a ADJ/3 b OR c ONEAR/2 d", "a pre/3 b OR c pre/2 d"),
            ("W/3 x", "(W/3) x"),
            ("a (w/5) b", "a (w/5) b"),
            ("a PRE/1 \"b c\"~3^2", "a pre/1 (\"b c\"~3)^2"),
            ("(a OR b)^0.5 c", "(a OR b)^0.5 c"),
            ("any(a b \"c d\")", "a OR b OR \"c d\""),
            ("first10(a b)", "first10(a b)"),
            ("a MAYBE b c", "a MAYBE b c"),
            ("MAYBE a", "(MAYBE) a"),
            ("oil MAYBE", "oil (MAYBE)"),
            // Atoms.
            ("=\"The Contro\"", "=\"The Contro\""),
            ("=iPhone^2", "(=iPhone)^2"),
            ("wom?n colo*r 198*", "wom?n colo*r 198*"),
            ("Jon~ Jon~2", "Jon~1 Jon~2"),
            ("/go+d/ a/b /x", "/go+d/ a/b /x"),
            ("what happened?", "what happened?"),
            ("who* is waldo??", "who* is waldo??"),
            ("c* 5*3", "c* 5*3"),
            ("2^10 x^3", "2^10 x^3"),
            ("x^1000", "x^1000"),
            (
                "words:>1200 level:2 words:..5 added:2023 updated:unknown",
                "words:1201.. level:2 words:..5 added:2023-01-01..2023-12-31 updated:unknown",
            ),
            ("tag:economy lede:strike", "tag:economy lede:strike"),
            ("title=\"a b\" title~a -title:/x y/", "title=\"a b\" title~a NOT title:/x y/"),
            ("is:boilerplate id:0123456789abc.2", "is:boilerplate id:0123456789abc.2"),
            ("@realDonaldTrump", "@realDonaldTrump"),
            ("«a \"b c» x", "«a \"b c» x"),
            ("aa()", "aa ()"),
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
            ("a w/5 b pre/2 c", "mixed-prox"),
            ("a w/5 b w/3 c", "mixed-prox"),
            ("a w/5 b NOT w/5 c", "mixed-prox"),
            ("a w/5 title:b", "prox-operand"),
            ("a w/5 (b c)", "prox-operand"),
            ("(a AND b) w/5 c", "prox-operand"),
            ("a w/s (NOT b)", "prox-operand"),
            ("a w/5 atleast2(b)", "prox-operand"),
            ("a w/5 (b w/art c)", "prox-operand"),
            ("a w/5000 b", "too-far"),
            ("atleast5(a b)", "function-operand"),
            ("first5(title:a)", "function-operand"),
            ("Putin~10", "fuzzy-range"),
            ("/(/", "bad-regex"),
            ("title:/[/", "bad-regex"),
            ("words:many", "bad-number"),
            ("words:9..3", "reversed-range"),
            ("id:x", "bad-id"),
            ("is:funny", "unknown-kind"),
            ("title:(a w/art b)", "nested-field"),
            ("title:(atleast2(a))", "nested-field"),
            ("like:x", "bad-id"),
        ] {
            assert_eq!(read(text), Err(code), "{text}");
        }
        assert_eq!(read(&"(".repeat(200)), Err("too-deep"));
        assert_eq!(read(&"NOT ".repeat(300)), Err("too-deep"));
        assert_eq!(read(&"x".repeat(MAX_QUERY_BYTES + 1)), Err("too-long"));
    }

    #[test]
    fn every_error_says_what_to_do() {
        for (text, message, offset, suggestion) in [
            (
                "say \"never",
                "this quote is never closed: add \" at the end of the phrase, or remove it",
                4,
                Some("say \"never\""),
            ),
            (
                "AND oil",
                "AND needs something before it; to search the word itself, quote it: \"and\"",
                0,
                Some("\"and\""),
            ),
            (
                "oil date:09/10/2023",
                "'09/10/2023' can be day/month or month/day: write date:2023-10-09 or date:2023-09-10",
                9,
                Some("date:2023-10-09"),
            ),
            (
                "hedaing:x y",
                "there is no field 'hedaing'; did you mean heading:? to search the text, quote it",
                0,
                Some("heading:x y"),
            ),
            (
                "a w/5 b pre/2 c",
                "two different distances in a row: say which comes first, (a w/5 b) pre/2 ...",
                8,
                None,
            ),
            (
                "x title:a w/5 b",
                "w/ and pre/ join words, phrases or OR-groups, not a field: put it outside, as in title:(a w/5 b) or (a w/5 b) AND c",
                2,
                None,
            ),
            ("/(/", "this regular expression cannot be read: unclosed group; to search it as text, quote it", 0, None),
            (
                "Putin~10",
                "~10 allows too many letter changes; use ~1 or ~2; for words apart write Putin w/10 other",
                0,
                Some("Putin~2"),
            ),
            (
                "date:2023..2021",
                "this range ends before it begins: did you mean date:2021..2023?",
                5,
                Some("date:2021..2023"),
            ),
            ("a (oil", "this '(' is never closed: add ')' where the group ends, or remove it", 2, None),
        ] {
            let error = parse(text, Today::from_iso("2026-11-23").expect("a date")).expect_err(text);
            assert_eq!((error.message.as_str(), error.offset), (message, offset), "{text}");
            assert_eq!(error.suggestion.as_deref(), suggestion, "{text}");
        }
    }

    #[test]
    fn notes_say_what_else_could_be_meant() {
        for (text, code, other) in [
            ("elephant AND zebra OR lion", "precedence", Some("+elephant (zebra OR lion)")),
            ("elephant zebra OR lion", "precedence", Some("elephant (zebra OR lion)")),
            ("recycl!", "truncation", Some("recycl*")),
            ("Smith and Jones", "word", Some("Smith AND Jones")),
            ("title: strike", "word", Some("title:strike")),
            ("OIL PRICES AND RATES FALL SLOWLY", "word", None),
            ("-Ivanka", "only-not", None),
            ("@nobody", "saved", None),
        ] {
            let query = parse(text, Today::from_iso("2026-11-23").expect("a date")).expect(text);
            let notes: Vec<_> = query.notes.iter().map(|note| (note.code, note.other.as_deref())).collect();
            assert_eq!(notes, [(code, other)], "{text}");
        }
        for text in ["(elephant zebra) OR lion", "elephant (zebra OR lion)", "elephant OR lion", "Smith AND Jones"] {
            let query = parse(text, Today::from_iso("2026-11-23").expect("a date")).expect(text);
            assert_eq!(query.notes, [], "{text}");
        }
    }

    #[test]
    fn saved_queries_are_read_where_they_are_named() {
        let saved = |name: &str| match name {
            "animals" => Some("elephant OR lion".to_string()),
            "loop" => Some("@loop x".to_string()),
            "broken" => Some("(".to_string()),
            _ => None,
        };
        let today = Today::from_iso("2026-11-23").expect("a date");
        let read = |text: &str| super::super::parse_with(text, today, &saved);
        let query = read("zoo @animals").expect("valid");
        assert_eq!(query.to_string(), "zoo @animals");
        assert!(query.root.any(&|node| matches!(&node.kind, NodeKind::Word(word) if word == "lion")));
        assert_eq!(read("@loop").map_err(|error| error.code), Err("saved-loop"));
        assert_eq!(read("@broken").map_err(|error| error.code), Err("open-paren"));
        assert_eq!(read("@animals w/5 zoo").map(|query| query.to_string()).as_deref(), Ok("@animals w/5 zoo"));
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
        fn what_is_printed_reads_back(text in "[a-c\"() :=~+-]{0,30}|(a|b|AND|OR|NOT|MAYBE|w/5|pre/2|w/s|w/art|w/5000|first3|atleast2|any|\\(|\\)|title:|words:|@|a\\*|b~1|=c|/d/|\"e f\"|“|”|«|»|\\^2|~1| |-|\\+){0,20}") {
            if let Ok(printed) = read(&text) {
                let again = read(&printed);
                proptest::prop_assert_eq!(again.as_deref(), Ok(printed.as_str()), "{}", text);
            }
        }
    }
}

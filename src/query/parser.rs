//! Tokens to a tree. Binding, tightest first: proximity, NOT and `-`, AND (written or not), OR.

mod atom;
mod checks;
mod field;
mod reading;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::ast::{Clause, Node, NodeKind, Query, Role, Value, is_relaxable};
use super::date::Today;
use super::error::{Note, QueryError};
use super::lexer::{Function, Near, OpenQuote, Token, TokenKind, tokens};
use super::{MAX_QUERY_BYTES, Saved, field_of};
use atom::{atom, boost, phrase, split_boost};
use checks::{check_positions, check_prox_operand, check_regex};

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

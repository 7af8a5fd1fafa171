//! Parses tokens to a tree. Binding, tightest first: proximity, NOT and `-`, AND (written or not), OR.

mod atom;
mod checks;
mod field;
mod saved;
#[cfg(test)]
mod tests;
mod word;

use std::collections::HashSet;
use std::ops::Range;

use super::ast::{Clause, Node, NodeKind, Query, Role, is_relaxable};
use super::date::Today;
use super::error::{Note, QueryError};
use super::lexer::{Function, Near, Token, TokenKind, tokens};
use super::{MAX_QUERY_BYTES, Saved, reading};
use atom::{boost, phrase};
use checks::{check_positions, check_prox_operand, check_word_regex};

/// Maximum depth of nested parentheses and NOTs.
const MAX_DEPTH: usize = 100;

/// Maximum distance of proximity, in words. A larger one is meant as `w/sec` or `w/art`.
const MAX_DISTANCE: u32 = 1_000;

pub(super) struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    /// Index of the next token.
    at: usize,
    depth: usize,
    /// Number of saved queries that the text is nested in.
    saved_depth: usize,
    /// Whether OR binds tighter than AND, to obtain the other reading of a query that mixes them.
    or_binds_tighter: bool,
    today: Today,
    saved: &'t Saved<'t>,
    notes: Vec<Note>,
    /// Spans of `and`, `or` and `not` where an operator could be.
    small_operators: Vec<Range<usize>>,
}

type Parsed = Result<Node, QueryError>;

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, today: Today, saved: &'t Saved<'t>) -> Result<Parser<'t>, QueryError> {
        if text.len() > MAX_QUERY_BYTES {
            let message = format!(
                "this query has {} bytes, the limit is {MAX_QUERY_BYTES}: split it into several queries",
                text.len()
            );
            return Err(QueryError::new("too-long", 0..0, message));
        }
        let reading = reading::read(text, tokens(text), saved);
        if let Some(at) = reading.open_quote {
            let error = QueryError::new(
                "open-quote",
                at..at + 1,
                "this quote is never closed: add \" at the end of the phrase, or remove it",
            );
            return Err(error.suggest(format!("{}\"", text.trim_end())));
        }
        Ok(Parser {
            text,
            tokens: reading.tokens,
            at: 0,
            depth: 0,
            saved_depth: 0,
            or_binds_tighter: false,
            today,
            saved,
            notes: reading.notes,
            small_operators: Vec::new(),
        })
    }

    pub(super) fn parse(mut self) -> Result<Query, QueryError> {
        let root = self.whole_text()?;
        if let Some(note) = self.notes.iter_mut().find(|note| note.code == "precedence") {
            note.this = Some(root.to_string());
        }
        self.note_small_operators();
        if is_only_not(&root) {
            let message = "this query only excludes, so everything else matches";
            self.notes.push(Note::new("only-not", message));
        }
        let (today, saved) = (self.today, self.saved);
        // Another reading that cannot be run is none.
        let can_run = |text: &str| Parser::new(text, today, saved).is_ok_and(|mut parser| parser.whole_text().is_ok());
        self.notes.retain(|note| note.other.as_deref().is_none_or(can_run));
        Ok(Query { root, notes: self.notes })
    }

    fn whole_text(&mut self) -> Parsed {
        if self.tokens.is_empty() {
            return Ok(Node { kind: NodeKind::Nothing, span: 0..self.text.len() });
        }
        let root = self.or_expr()?;
        match self.peek() {
            None => Ok(root),
            // Nothing but a closing parenthesis ends an expression before the end of the text.
            Some(token) => Err(close_paren(token.span.clone())),
        }
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

    /// The next token, which the caller has seen by `peek`.
    fn take(&mut self) -> Token {
        self.next().expect("the caller has seen a token")
    }

    fn or_expr(&mut self) -> Parsed {
        let start = self.at;
        let mut nodes = vec![self.and_expr()?];
        let mut mixed = is_joined_by_and(&nodes[0], &self.tokens[start..self.at]);
        while self.peek_kind() == Some(&TokenKind::Or) {
            let operator = self.take();
            self.require_operand(operator, "OR")?;
            let start = self.at;
            let node = self.and_expr()?;
            mixed |= is_joined_by_and(&node, &self.tokens[start..self.at]);
            nodes.push(node);
        }
        if nodes.len() > 1 && mixed {
            self.note_precedence();
        }
        drop_repeats(&mut nodes, |_| false, ToString::to_string);
        Ok(combine(nodes, NodeKind::Or))
    }

    /// Notes, once for each query, that AND and OR are mixed without parentheses.
    fn note_precedence(&mut self) {
        if self.or_binds_tighter || self.notes.iter().any(|note| note.code == "precedence") {
            return;
        }
        let message = "AND (also words side by side) binds tighter than OR; use parentheses to say which you mean";
        let mut note = Note::new("precedence", message);
        note.other = self.other_reading();
        self.notes.push(note);
    }

    /// The query as printed if OR binds tighter than AND.
    fn other_reading(&self) -> Option<String> {
        let other = Parser::new(self.text, self.today, self.saved);
        let mut other = other.expect("the same text was cut into tokens before");
        other.or_binds_tighter = true;
        Some(other.whole_text().ok()?.to_string())
    }

    /// An operand of AND; if OR binds tighter, several joined by OR.
    fn and_operand(&mut self) -> Parsed {
        let mut nodes = vec![self.not_expr()?];
        while self.or_binds_tighter && self.peek_kind() == Some(&TokenKind::Or) {
            let operator = self.take();
            self.require_operand(operator, "OR")?;
            nodes.push(self.not_expr()?);
        }
        Ok(combine(nodes, NodeKind::Or))
    }

    fn and_expr(&mut self) -> Parsed {
        let mut clauses: Vec<Clause> = Vec::new();
        while let Some(role) = self.and_operator(&mut clauses)? {
            let plus = self.peek_kind() == Some(&TokenKind::Plus);
            let node = self.and_operand()?;
            let role = if role == Role::Plain && plus { Role::Required } else { role };
            // Phrases, filters and alternatives are never relaxed, so `AND` and `+` say nothing of them.
            let role = if role == Role::Required && !is_relaxable(&node.kind) { Role::Plain } else { role };
            match node.kind {
                // A group of words side by side, among words side by side, adds its words.
                NodeKind::And(inner)
                    if role == Role::Plain && inner.iter().all(|clause| clause.role == Role::Plain) =>
                {
                    clauses.extend(inner)
                }
                kind => clauses.push(Clause { role, node: Node { kind, span: node.span } }),
            }
        }
        join_initials(&mut clauses);
        drop_repeated_clauses(&mut clauses);
        if clauses.is_empty() {
            let token = self.take();
            if token.kind == TokenKind::Close {
                return Err(close_paren(token.span));
            }
            return Err(dangling(token.span, "before", "OR"));
        }
        if clauses.len() == 1 && clauses[0].role == Role::Plain {
            return Ok(clauses.remove(0).node);
        }
        let span = clauses[0].node.span.start..clauses[clauses.len() - 1].node.span.end;
        Ok(Node { kind: NodeKind::And(clauses), span })
    }

    /// Takes the operator before the next operand of AND, if one is written, and returns the role of that operand;
    /// `None` at the end of the expression.
    fn and_operator(&mut self, clauses: &mut [Clause]) -> Result<Option<Role>, QueryError> {
        match self.peek_kind() {
            None | Some(TokenKind::Or | TokenKind::Close) => Ok(None),
            Some(TokenKind::And) => {
                let operator = self.take();
                let Some(last) = clauses.last_mut() else { return Err(dangling(operator.span, "before", "AND")) };
                self.require_operand(operator, "AND")?;
                if last.role == Role::Plain && is_relaxable(&last.node.kind) {
                    last.role = Role::Required;
                }
                Ok(Some(Role::Required))
            }
            Some(TokenKind::Maybe) => {
                let operator = self.take();
                self.require_operand(operator, "MAYBE")?;
                Ok(Some(Role::Should))
            }
            Some(_) => Ok(Some(Role::Plain)),
        }
    }

    fn not_expr(&mut self) -> Parsed {
        match self.peek_kind() {
            Some(TokenKind::Not | TokenKind::Minus) => {
                let operator = self.take();
                let start = operator.span.start;
                self.require_operand(operator, "NOT")?;
                self.deeper(start)?;
                let node = self.not_expr()?;
                self.depth -= 1;
                let span = start..node.span.end;
                Ok(Node { kind: NodeKind::Not(Box::new(node)), span })
            }
            Some(TokenKind::Plus) => {
                self.take();
                self.prox_expr()
            }
            _ => self.prox_expr(),
        }
    }

    fn prox_expr(&mut self) -> Parsed {
        let mut operands = vec![self.operand()?];
        let mut first: Option<(Near, bool)> = None;
        while let Some((span, near, negated)) = self.prox_operator() {
            if let Some(first) = first
                && first != (near, negated)
            {
                return Err(self.mixed_prox(&operands, first, (near, negated), span));
            }
            if let Near::Words(n) | Near::InOrder(n) = near
                && n > MAX_DISTANCE
            {
                let message = format!(
                    "{near} is further than {MAX_DISTANCE} words: use w/sec for one section or w/art for one article"
                );
                return Err(QueryError::new("too-far", span, message));
            }
            first = Some((near, negated));
            operands.push(self.operand()?);
            if !matches!(near, Near::Section | Near::Article) {
                operands.iter().try_for_each(check_prox_operand)?;
            }
        }
        let Some((near, negated)) = first else { return Ok(operands.remove(0)) };
        let span = operands[0].span.start..operands[operands.len() - 1].span.end;
        Ok(Node { kind: NodeKind::Prox { near, negated, operands }, span })
    }

    /// Takes the next operator of proximity: its span, its distance, and whether it is negated.
    fn prox_operator(&mut self) -> Option<(Range<usize>, Near, bool)> {
        let negated = self.peek_kind() == Some(&TokenKind::Not);
        let operator = self.tokens.get(self.at + usize::from(negated))?;
        let TokenKind::Near(near) = operator.kind else { return None };
        let span = self.tokens[self.at].span.start..operator.span.end;
        self.at += 1 + usize::from(negated);
        Some((span, near, negated))
    }

    fn mixed_prox(
        &self,
        operands: &[Node],
        first: (Near, bool),
        second: (Near, bool),
        span: Range<usize>,
    ) -> QueryError {
        let [a, b, ..] = operands else { unreachable!("the first operator has joined two operands") };
        let (a, b) = (&self.text[a.span.clone()], &self.text[b.span.clone()]);
        let operator = |(near, negated): (Near, bool)| if negated { format!("NOT {near}") } else { near.to_string() };
        let grouped = format!("({a} {} {b}) {} ...", operator(first), operator(second));
        let message = format!("two different distances in a row: say which comes first, {grouped}");
        QueryError::new("mixed-prox", span, message)
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

    /// An error if no operand follows `operator`.
    fn require_operand(&self, operator: Token, name: &str) -> Result<(), QueryError> {
        match self.peek_kind() {
            None | Some(TokenKind::Close | TokenKind::And | TokenKind::Or | TokenKind::Maybe) => {
                Err(dangling(operator.span, "after", name))
            }
            _ => Ok(()),
        }
    }

    fn operand(&mut self) -> Parsed {
        let Some(Token { kind, span }) = self.next() else {
            let end = self.text.len();
            return Err(dangling(end..end, "after", "this"));
        };
        match kind {
            TokenKind::Open => {
                let group = self.group(span)?;
                Ok(self.boosted(group))
            }
            TokenKind::Word(word) => self.word(word, span),
            TokenKind::Phrase(text, suffixes) => {
                self.note_wildcard_words(&text, &span);
                phrase(text, suffixes, span)
            }
            TokenKind::Verbatim => Ok(self.verbatim(span)),
            TokenKind::Regex(regex) => {
                check_word_regex(&regex, &span)?;
                Ok(Node { kind: NodeKind::Regex(regex), span })
            }
            TokenKind::Function(function) => self.function(function, span),
            TokenKind::Field(name, sign) => self.field(&name, sign, span),
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
                let name = &self.text[span.clone()];
                Err(dangling(span, "before", name))
            }
        }
    }

    /// The group `node` with the boost that follows it, if any.
    fn boosted(&mut self, node: Node) -> Node {
        let Some(&TokenKind::Boost(value)) = self.peek_kind() else { return node };
        let end = self.take().span.end;
        boost(node, Some(value), end)
    }

    /// A group, whose opening parenthesis at `open` is taken already.
    fn group(&mut self, open: Range<usize>) -> Parsed {
        self.deeper(open.start)?;
        let mut node = match self.peek_kind() {
            None => return Err(open_paren(open)),
            Some(TokenKind::Close) => Node { kind: NodeKind::Nothing, span: open.clone() },
            Some(_) => self.or_expr()?,
        };
        let Some(close) = self.next() else { return Err(open_paren(open)) };
        self.depth -= 1;
        node.span = open.start..close.span.end;
        Ok(node)
    }

    fn function(&mut self, function: Function, span: Range<usize>) -> Parsed {
        let open = self.next().expect("the lexer emits a function only before a parenthesis");
        let group = self.group(open.span)?;
        let whole = span.start..group.span.end;
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
        Ok(self.boosted(Node { kind, span: whole }))
    }
}

/// Whether `node`, parsed from `tokens`, is an AND of several operands that is not in parentheses.
fn is_joined_by_and(node: &Node, tokens: &[Token]) -> bool {
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

/// Makes initials side by side one word, as they are without spaces between them: `J. K. Rowling`.
fn join_initials(clauses: &mut Vec<Clause>) {
    let is_initials = |clause: &Clause| match &clause.node.kind {
        NodeKind::Word(word) if clause.role == Role::Plain => {
            let mut parts = word.split_inclusive('.');
            let is_initial = |part: &str| {
                let mut chars = part.chars();
                chars.next().is_some_and(char::is_uppercase) && chars.as_str() == "."
            };
            parts.next().is_some_and(is_initial) && parts.all(is_initial)
        }
        _ => false,
    };
    clauses.dedup_by(|next, last| {
        let joins = is_initials(last) && is_initials(next);
        if joins && let (NodeKind::Word(initials), NodeKind::Word(more)) = (&mut last.node.kind, &next.node.kind) {
            initials.push_str(more);
            last.node.span.end = next.node.span.end;
        }
        joins
    });
}

/// Drops repeated operands of a long AND. Repeated words stay: each adds to the score, and they are searched as one.
fn drop_repeated_clauses(clauses: &mut Vec<Clause>) {
    let is_word = |clause: &Clause| clause.role == Role::Plain && matches!(clause.node.kind, NodeKind::Word(_));
    drop_repeats(clauses, is_word, |clause| (clause.role as u8, clause.node.to_string()));
}

/// Drops repeated parts of a long query, except those to keep: each costs time in every passage, and adds nothing.
fn drop_repeats<T, K: Eq + std::hash::Hash>(parts: &mut Vec<T>, is_kept: impl Fn(&T) -> bool, key: impl Fn(&T) -> K) {
    const MIN_PARTS: usize = 64;
    if parts.len() < MIN_PARTS {
        return;
    }
    let mut seen = HashSet::new();
    parts.retain(|part| is_kept(part) || seen.insert(key(part)));
}

/// Joins several nodes to one; a single node stays as it is.
fn combine(mut nodes: Vec<Node>, kind: impl Fn(Vec<Node>) -> NodeKind) -> Node {
    let [first, .., last] = nodes.as_slice() else { return nodes.remove(0) };
    let span = first.span.start..last.span.end;
    Node { kind: kind(nodes), span }
}

/// Whether a query only excludes.
fn is_only_not(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Not(inner) => !matches!(inner.kind, NodeKind::Not(_)),
        NodeKind::And(clauses) => clauses.iter().all(|clause| is_only_not(&clause.node)),
        _ => false,
    }
}

fn dangling(span: Range<usize>, side: &str, name: &str) -> QueryError {
    let lower = name.to_lowercase();
    QueryError::new(
        "dangling",
        span,
        format!("{name} needs something {side} it; to search the word itself, quote it: \"{lower}\""),
    )
    .suggest(format!("\"{lower}\""))
}

fn open_paren(span: Range<usize>) -> QueryError {
    QueryError::new("open-paren", span, "this '(' is never closed: add ')' where the group ends, or remove it")
}

fn close_paren(span: Range<usize>) -> QueryError {
    QueryError::new("open-paren", span, "this ')' closes nothing: remove it, or add '(' where the group begins")
}

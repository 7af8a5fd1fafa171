//! Words outside fields, with notes on those that could be meant as syntax; verbatim words and phrases.

use std::ops::Range;

use super::atom::{atom, boost, split_boost};
use super::{Parsed, Parser};
use crate::query::ast::{Node, NodeKind};
use crate::query::error::Note;
use crate::query::lexer::TokenKind;
use crate::query::{FieldName, can_name_saved};

/// Maximum number of words and signs of a query that was typed. In a longer text `and` and `!` are punctuation, and no note
/// says so.
const MAX_TYPED_WORDS: usize = 10;

/// Maximum number of notes of one kind.
const MAX_NOTES_OF_A_KIND: usize = 3;

impl Parser<'_> {
    pub(super) fn word(&mut self, word: String, span: Range<usize>) -> Parsed {
        self.note_other_syntax(&word, &span);
        self.note_foreign_operator(&word, &span);
        if let Some(name) = word.strip_prefix('@').filter(|name| can_name_saved(name)) {
            return Ok(self
                .saved_query(name, span.clone())?
                .unwrap_or_else(|| Node { kind: NodeKind::Word(word.clone()), span }));
        }
        atom(&word, span)
    }

    /// Notes that a word could be meant as an operator, a truncated word or the name of a field.
    fn note_other_syntax(&mut self, word: &str, span: &Range<usize>) {
        let is_last = self.peek().is_none();
        let is_short = self.tokens.len() <= MAX_TYPED_WORDS;
        if matches!(&self.text[span.clone()], "and" | "or" | "not") && is_short && !is_last && self.at > 1 {
            self.small_operators.push(span.clone());
        }
        // A name or a sentence ends so too.
        let is_stem = |stem: &&str| {
            stem.len() > 2 && stem.starts_with(char::is_lowercase) && stem.chars().all(char::is_alphabetic)
        };
        if let Some(stem) = word.strip_suffix('!').filter(is_stem).filter(|_| is_short) {
            let message = format!("\"{word}\" was searched as typed; for all words with this beginning write {stem}*");
            self.note_word("truncation", message, span, &format!("{stem}*"));
        }
        if let Some(stem) = word.strip_suffix('?').filter(|stem| is_letters(stem) && self.tokens.len() == 1) {
            let message = format!("the ? of \"{word}\" is punctuation; for one letter more, write /{stem}./");
            self.note_word("truncation", message, span, &format!("/{stem}./"));
        }
        if let Some(name) = word.strip_suffix(':')
            && FieldName::from_name(name).is_some()
            && let Some(next) = self.peek().map(|token| token.span.start)
        {
            let message =
                format!("\"{word}\" was searched as a word; to search the field, remove the space after the colon");
            self.note_word("word", message, &(span.start..next), word);
        }
    }

    /// Notes that `and`, `or` and `not` were searched as words. Nothing is said of them in a longer text.
    pub(super) fn note_small_operators(&mut self) {
        let (mut words, mut other, mut end) = (Vec::new(), String::new(), 0);
        for span in std::mem::take(&mut self.small_operators) {
            let word = &self.text[span.clone()];
            other.push_str(&self.text[end..span.start]);
            other.push_str(&word.to_uppercase());
            end = span.end;
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        let operators = words.join(", ").to_uppercase();
        let message = match words.len() {
            0 => return,
            1 => format!("{} was searched as a word; the operator is {operators}", quoted[0]),
            _ => format!("{} were searched as words; the operators are {operators}", quoted.join(", ")),
        };
        let mut note = Note::new("word", message);
        note.this = Some(self.text.to_string());
        note.other = Some(other + &self.text[end..]);
        self.push_note(note);
    }

    /// Whether the query is words with `|` between them.
    fn is_alternation(&self) -> bool {
        let is_bar = |i: usize| matches!(&self.tokens[i].kind, TokenKind::Word(word) if word == "|");
        self.tokens.len() % 2 == 1 && (0..self.tokens.len()).all(|i| is_bar(i) == (i % 2 == 1))
    }

    /// Notes that a word is an operator of another search engine, with the spelling here.
    fn note_foreign_operator(&mut self, word: &str, span: &Range<usize>) {
        let next = self.peek().map(|token| token.span.clone());
        let before = self.at.checked_sub(2).map(|before| self.tokens[before].clone());
        let is_between = next.is_some() && before.is_some();
        let mut span = span.clone();
        // What the note shows, if it is not the replacement.
        let mut shown = None;
        let is_bar = word == "|";
        let replacement = if let Some(replacement) = foreign_between(word).filter(|_| is_between) {
            if is_bar && !self.is_alternation() {
                return;
            }
            replacement
        } else if let Some(operand) = word.strip_prefix('!').filter(|word| word.starts_with(char::is_alphanumeric)) {
            format!("NOT {operand}")
        } else if let Some(regex) = word.strip_suffix(['i', 'g', 'm']).filter(|_| is_regex_with_flag(word)) {
            regex.to_string()
        } else if let Some((word, _)) = word.rsplit_once('^').filter(|(word, by)| is_zero(by) && is_letters(word)) {
            word.to_string()
        } else if let Some((word, _)) = word.rsplit_once('~').filter(|(word, by)| is_fraction(by) && is_letters(word)) {
            format!("{word}~1")
        } else if let Some(digits) = word.strip_prefix('~').filter(|digits| is_number(digits))
            && let Some(phrase) = before.filter(|token| matches!(token.kind, TokenKind::Phrase(..)))
        {
            span.start = phrase.span.end;
            shown = Some(format!("{}~{digits}", &self.text[phrase.span]));
            format!("~{digits}")
        } else if let Some(next) =
            next.filter(|next| matches!(word, "w/" | "W/") && is_number(&self.text[next.clone()]))
        {
            span.end = next.end;
            format!("w/{}", &self.text[next])
        } else if self.peek().is_some_and(|next| next.kind == TokenKind::Open && next.span.start == span.end) {
            let name = word.to_ascii_lowercase();
            match word.trim_end_matches('0') {
                _ if FieldName::from_name(&name).is_some() => format!("{name}:"),
                name @ ("first" | "atleast") => format!("{name}1"),
                _ => return,
            }
        } else {
            return;
        };
        let typed = self.text[span.clone()].trim();
        let shown = shown.as_deref().unwrap_or(replacement.trim());
        let message = format!("\"{typed}\" was searched as text; here it is written {shown}");
        self.note_word("operator", message, &span, &replacement);
    }

    /// Notes that the text at `span` was parsed as words; the other reading has `replacement` in its stead.
    pub(super) fn note_word(&mut self, code: &'static str, message: String, span: &Range<usize>, replacement: &str) {
        let mut note = Note::new(code, message);
        note.this = Some(self.text.to_string());
        note.other = Some(format!("{}{replacement}{}", &self.text[..span.start], &self.text[span.end..]));
        self.push_note(note);
    }

    /// Adds a note, unless it was given before or its kind often enough.
    pub(super) fn push_note(&mut self, note: Note) {
        let same_kind = self.notes.iter().filter(|other| other.code == note.code);
        if same_kind.clone().count() < MAX_NOTES_OF_A_KIND
            && !same_kind.clone().any(|other| other.message == note.message)
        {
            self.notes.push(note);
        }
    }

    /// The word or phrase after `=`, whose span is `sign`.
    pub(super) fn verbatim(&mut self, sign: Range<usize>) -> Node {
        let token = self.next().expect("the lexer emits `=` only before a word or phrase");
        let span = sign.start..token.span.end;
        if let TokenKind::Phrase(text, suffixes) = token.kind {
            let node = Node { kind: NodeKind::Verbatim { text, quoted: true }, span: span.clone() };
            return boost(node, suffixes.boost, span.end);
        }
        let mut text = &self.text[token.span];
        let mut boosts = Vec::new();
        while let Some((before, value)) = split_boost(text) {
            text = before;
            boosts.push(value);
        }
        let node = Node { kind: NodeKind::Verbatim { text: text.to_string(), quoted: false }, span: span.clone() };
        boosts.into_iter().fold(node, |node, value| boost(node, Some(value), span.end))
    }
}

/// The operator that `word`, between operands, is in another search engine, as it is written here.
fn foreign_between(word: &str) -> Option<String> {
    const DEFAULT_DISTANCE: u32 = 10;
    let fixed = match word {
        "||" | "|" => "OR",
        "&&" => "AND",
        "ANDNOT" => "NOT",
        "XOR" => "OR",
        "/s" | "/S" => "w/s",
        "/p" | "/P" => "w/p",
        "w/0" | "W/0" => "w/1",
        "pre/0" | "PRE/0" => "pre/1",
        _ => "",
    };
    if !fixed.is_empty() {
        return Some(fixed.to_string());
    }
    let (name, digits) = word.split_at(word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len()));
    let operator = match name {
        "NEAR" | "N" | "/" => "w",
        "ADJ" | "PRE" | "ONEAR" | "W" => "pre",
        _ => return None,
    };
    match digits {
        "" if name.len() > 2 => Some(format!("{operator}/{DEFAULT_DISTANCE}")),
        _ if is_number(digits) && !is_zero(digits) => Some(format!("{operator}/{digits}")),
        _ => None,
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_zero(text: &str) -> bool {
    is_number(text) && text.bytes().all(|byte| byte == b'0')
}

fn is_fraction(text: &str) -> bool {
    text.split_once('.').is_some_and(|(whole, part)| is_number(whole) && is_number(part))
}

fn is_letters(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_alphanumeric)
}

/// Whether `word` is a regular expression between slashes, with a letter after it, as in `/pattern/i`.
fn is_regex_with_flag(word: &str) -> bool {
    let between = word.strip_prefix('/').and_then(|rest| rest.strip_suffix(['i', 'g', 'm'])?.strip_suffix('/'));
    between.is_some_and(|regex| regex.contains(['*', '+', '?', '.', '[', '\\', '^', '$']))
}

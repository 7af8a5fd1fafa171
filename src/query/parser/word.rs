//! Words outside fields, with notes on those that could be meant as syntax; verbatim words and phrases.

use std::ops::Range;

use super::atom::{atom, boost, split_boost};
use super::{Parsed, Parser};
use crate::query::ast::{Node, NodeKind};
use crate::query::error::Note;
use crate::query::lexer::{Token, TokenKind};
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
        self.note_comparison(&word, &span);
        self.note_single_quotes(&word, &span);
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

    /// Notes that a comparison was searched as text, as it lacks the colon of a field: `words>500`, `date=1987`, `1987..1990`.
    fn note_comparison(&mut self, word: &str, span: &Range<usize>) {
        const OF_YEAR: usize = 4;
        let is_date = |text: &str| text.len() >= OF_YEAR && text.chars().all(|c| c.is_ascii_digit() || c == '-');
        let replacement =
            if let Some((from, to)) = word.split_once("..").filter(|(from, to)| is_date(from) && is_date(to)) {
                format!("date:{from}..{to}")
            } else {
                let name = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
                let (name, rest) = word.split_at(word.len() - name.len());
                let value = rest.trim_start_matches(['<', '>', '=']);
                let sign = &rest[..rest.len() - value.len()];
                if !matches!(sign, "<" | ">" | "=" | "<=" | ">=" | "=<" | "=>")
                    || !value.starts_with(|c: char| c.is_ascii_digit())
                {
                    return;
                }
                let name = name.to_ascii_lowercase();
                let sign = match sign {
                    "=" => "",
                    "=<" => "<=",
                    "=>" => ">=",
                    sign => sign,
                };
                let value = format!("{sign}{value}");
                match name.as_str() {
                    "date" | "updated" | "added" | "words" | "level" => format!("{name}:{value}"),
                    "wc" | "wordcount" | "length" => format!("words:{value}"),
                    "year" | "month" | "day" | "published" => format!("date:{value}"),
                    _ => return,
                }
            };
        let message = format!("\"{word}\" was searched as text; as a filter it is written {replacement}");
        self.note_word("operator", message, span, &replacement);
    }

    /// Notes that single quotes make no phrase: between words they are apostrophes.
    fn note_single_quotes(&mut self, word: &str, span: &Range<usize>) {
        let opened = word.strip_prefix("``").or(word.strip_prefix(['\'', '‘', '`', '‚', '‹']));
        // An apostrophe may open a word (`'til`): it is a quote only if a later word closes it.
        let is_quote = |c: char| matches!(c, '\'' | '’' | '‘' | '`' | '´' | '‚' | '‹' | '›');
        let is_opening = |rest: &str| rest.starts_with(char::is_alphabetic) && !rest.ends_with(is_quote);
        if !opened.is_some_and(is_opening) || self.tokens.len() > MAX_TYPED_WORDS {
            return;
        }
        let closes = |token: &&Token| match &token.kind {
            TokenKind::Word(word) => {
                let closed = word.strip_suffix("''").or(word.strip_suffix(['\'', '’', '‘', '´', '›']));
                closed.is_some_and(|before| before.ends_with(char::is_alphanumeric))
            }
            _ => false,
        };
        let is_word = |token: &&Token| matches!(token.kind, TokenKind::Word(_));
        let Some(last) = self.tokens[self.at..].iter().take_while(is_word).find(closes) else { return };
        let whole = span.start..last.span.end;
        let phrase = format!("\"{}\"", self.text[whole.clone()].trim_matches(is_quote));
        let message = format!("{} was searched as words; a phrase is written {phrase}", &self.text[whole.clone()]);
        self.note_word("phrase", message, &whole, &phrase);
    }

    /// Notes that a `*` or `...` that stands for words in a phrase was left out, with the distance that is meant.
    pub(super) fn note_wildcard_words(&mut self, text: &str, span: &Range<usize>) {
        const ANY: usize = 10;
        let is_star = |piece: &&str| piece.chars().all(|c| matches!(c, '*' | '?'));
        let is_gap = |piece: &&str| is_star(piece) || matches!(*piece, "..." | "…" | "[...]" | "[…]");
        let pieces: Vec<&str> = text.split_whitespace().collect();
        let (Some(first), Some(last)) = (pieces.iter().position(&is_gap), pieces.iter().rposition(&is_gap)) else {
            return;
        };
        let gap = &pieces[first..=last];
        let has_words = |pieces: &[&str]| pieces.iter().any(|piece| piece.contains(char::is_alphanumeric));
        if !gap.iter().all(is_gap) || !has_words(&pieces[..first]) || !has_words(&pieces[last + 1..]) {
            return;
        }
        let distance = if gap.iter().all(is_star) { gap.len() + 1 } else { ANY };
        let part = |pieces: &[&str]| match pieces {
            [one] => (*one).to_string(),
            several => format!("\"{}\"", several.join(" ")),
        };
        let other = format!("{} pre/{distance} {}", part(&pieces[..first]), part(&pieces[last + 1..]));
        let message =
            format!("\"{}\" stands for no word in a phrase; with words between it is written {other}", gap.join(" "));
        self.note_word("operator", message, span, &other);
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
        let distance = next.clone().filter(|next| is_open_distance(word) && is_number(&self.text[next.clone()]));
        let replacement = if let Some(next) = distance {
            span.end = next.end;
            let operator = if word == "ADJ" { "pre" } else { "w" };
            format!("{operator}/{}", &self.text[next])
        } else if let Some(replacement) = foreign_between(word).filter(|_| is_between) {
            if is_bar && !self.is_alternation() {
                return;
            }
            // `"oil"|"gas"`
            let space = |is_there: bool| if is_there { "" } else { " " };
            let before = space(self.text[..span.start].ends_with(char::is_whitespace));
            let after = space(self.text[span.end..].starts_with(char::is_whitespace));
            format!("{before}{replacement}{after}")
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
        } else if let Some((distance, whole)) = self.bracketed_distance(word, &span) {
            // `oil(w)price`, `oil (3n) price`
            let space = |is_there: bool| if is_there { "" } else { " " };
            let before = space(self.text[..whole.start].ends_with(char::is_whitespace));
            let after = space(self.text[whole.end..].starts_with(char::is_whitespace));
            span = whole;
            format!("{before}{distance}{after}")
        } else if let Some(next) = next.filter(|_| has_count(word) && self.peek_kind() != Some(&TokenKind::Open)) {
            span.end = next.end;
            format!("{}({})", word.to_ascii_lowercase(), &self.text[next])
        } else if self.peek().is_some_and(|next| next.kind == TokenKind::Open && next.span.start == span.end) {
            let name = word.to_ascii_lowercase();
            let function = name.trim_end_matches(|c: char| c.is_ascii_digit());
            let field = FieldName::from_name(&name).map(|_| format!("{name}:"));
            let alias = || crate::query::fields::replacement(&name, "").filter(|field| field.ends_with(':'));
            if let Some(field) = field.or_else(alias) {
                shown = Some(format!("{field}(...)"));
                field
            } else {
                /// Words that `first(...)` without a number may mean.
                const FIRST: u32 = 50;
                let (function, default) = match function {
                    "first" => ("first", FIRST),
                    "atleast" | "atl" => ("atleast", 1),
                    _ => return,
                };
                let times = match &name[name.trim_end_matches(|c: char| c.is_ascii_digit()).len()..] {
                    "" => default,
                    digits => match digits.parse::<u32>() {
                        Ok(times) => times.max(1),
                        Err(_) => return,
                    },
                };
                format!("{function}{times}")
            }
        } else {
            return;
        };
        let typed = self.text[span.clone()].trim();
        let shown = shown.as_deref().unwrap_or(replacement.trim());
        let message = format!("\"{typed}\" was searched as text; here it is written {shown}");
        self.note_word("operator", message, &span, &replacement);
    }

    /// Reads Dialog's `(w)` and `(3n)`: the operator as it is written here, and its range with the brackets.
    fn bracketed_distance(&self, word: &str, span: &Range<usize>) -> Option<(String, Range<usize>)> {
        let letter = word.trim_start_matches(|c: char| c.is_ascii_digit());
        let operator = match letter {
            "w" | "W" => "pre",
            "n" | "N" => "w",
            _ => return None,
        };
        let open = self.tokens.get(self.at.checked_sub(2)?).filter(|token| token.kind == TokenKind::Open)?;
        let close = self.tokens.get(self.at).filter(|token| token.kind == TokenKind::Close)?;
        let is_between = self.at > 2 && self.tokens.len() > self.at + 1;
        let is_alone = open.span.end == span.start && span.end == close.span.start;
        let words: u32 = word[..word.len() - letter.len()].parse().unwrap_or(0);
        (is_between && is_alone).then(|| (format!("{operator}/{}", words + 1), open.span.start..close.span.end))
    }

    /// Notes that a regular expression has a space: in a field of text it is matched against single words.
    pub(super) fn note_spaced_regex(&mut self, regex: &str) {
        if regex.contains(' ') {
            let message = format!(
                "/{regex}/ is matched against single words, which have no space; write an expression for each word, with pre/1 between them"
            );
            self.push_note(Note::new("regex", message));
        }
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
    let bare = word.strip_prefix('<').and_then(|word| word.strip_suffix('>')).unwrap_or(word);
    let fixed = match bare {
        "||" | "|" | "XOR" => "OR",
        "&&" => "AND",
        "ANDNOT" | "BUTNOT" | "BUT-NOT" | "AND-NOT" => "NOT",
        "/s" | "/S" | "w/sent" | "W/SENT" => "w/s",
        "/p" | "/P" | "w/para" | "W/PARA" | "SAME" => "w/p",
        "w/seg" | "W/SEG" => "w/sec",
        "w/0" | "W/0" => "w/1",
        "pre/0" | "PRE/0" => "pre/1",
        _ => "",
    };
    if !fixed.is_empty() {
        return Some(fixed.to_string());
    }
    let (name, digits) = bare.split_at(bare.find(|c: char| c.is_ascii_digit()).unwrap_or(bare.len()));
    let upper = name.to_ascii_uppercase();
    // A distance in sentences or paragraphs, as `/3S`: one is the nearest that there is here.
    match digits.trim_start_matches(|c: char| c.is_ascii_digit()) {
        "S" | "s" if name.ends_with('/') && digits.len() > 1 => return Some("w/s".to_string()),
        "P" | "p" if name.ends_with('/') && digits.len() > 1 => return Some("w/p".to_string()),
        _ => {}
    }
    // Without a number these are words in small letters, and so are names of things: `n95`, `w11`.
    let is_operator =
        name == upper || digits.len() == 1 || !digits.is_empty() && (name.len() > 1 || name.ends_with('/'));
    let operator = match upper.strip_suffix('/').unwrap_or(&upper) {
        "W" if name.starts_with('w') => "w",
        "NEAR" | "N" | "WITHIN" | "" => "w",
        "ADJ" | "PRE" | "ONEAR" | "W" | "/+" | "+" => "pre",
        _ => return None,
    };
    match digits {
        "" if is_operator && name.len() > 2 => Some(format!("{operator}/{DEFAULT_DISTANCE}")),
        // A number alone is no operator.
        _ if is_operator && !name.is_empty() && is_number(digits) && !is_zero(digits) => {
            Some(format!("{operator}/{digits}"))
        }
        _ => None,
    }
}

/// Is it an operator whose distance is the next word: `w/ 5`, `WITHIN 5`?
fn is_open_distance(word: &str) -> bool {
    matches!(word, "w/" | "W/" | "WITHIN" | "NEAR" | "ADJ")
}

/// Is it a function with its number, which takes a group: `atleast5`?
fn has_count(word: &str) -> bool {
    word.to_ascii_lowercase().strip_prefix("atleast").is_some_and(|times| is_number(times) && !is_zero(times))
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

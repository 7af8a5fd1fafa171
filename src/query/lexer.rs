//! Splits a query into tokens. A character is an operator only where it can be one; everywhere else it is text.

use std::fmt;
use std::ops::Range;

use super::FieldName;
use super::fields::{closest, is_field, is_mistyped, replacement};
use crate::text::compound::{is_digit, is_narrow_space};

/// A token, and its byte range in the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenKind {
    Open,
    Close,
    And,
    Or,
    Not,
    Maybe,
    /// `-` before an operand.
    Minus,
    /// `+` before an operand.
    Plus,
    /// `w/5` and the other operators of proximity, wherever they are written.
    Near(Near),
    /// `atleast5`, `first50` or `any`, directly before a group.
    Function(Function),
    /// `^3` directly after a group, in thousandths.
    Boost(u32),
    /// Text up to the next space, control character or parenthesis.
    Word(String),
    /// The text between quotes, and what directly follows the closing quote.
    Phrase(String, Suffixes),
    /// `=` directly before a word or quote: the next token is verbatim.
    Verbatim,
    /// The text between slashes.
    Regex(String),
    /// `name:`, `name=` or `name~` directly before a value.
    Field(String, char),
}

/// `~2` and `^3` directly after a phrase.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Suffixes {
    /// Number of positions by which the words may be moved.
    pub slop: Option<u32>,
    /// In thousandths.
    pub boost: Option<u32>,
}

/// Functions of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    AtLeast(u32),
    First(u32),
    Any,
}

/// Distance between the operands of proximity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Near {
    /// At most N words apart, in any order; 1 is the next word.
    Words(u32),
    /// At most N words apart, in this order.
    InOrder(u32),
    /// In one sentence.
    Sentence,
    /// In one paragraph.
    Paragraph,
    /// In one section.
    Section,
    /// In one article.
    Article,
}

impl fmt::Display for Near {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Near::Words(n) => write!(f, "w/{n}"),
            Near::InOrder(n) => write!(f, "pre/{n}"),
            Near::Sentence => f.write_str("w/s"),
            Near::Paragraph => f.write_str("w/p"),
            Near::Section => f.write_str("w/sec"),
            Near::Article => f.write_str("w/art"),
        }
    }
}

/// The tokens of a query, and signs in it that were taken for text.
#[derive(Debug, Default)]
pub(super) struct Lexed {
    pub tokens: Vec<Token>,
    /// Byte offset of the first quote that is never closed. It is in no token.
    pub open_quote: Option<usize>,
    /// The first minus that is part of a number or of an option of a command, or alone in brackets with its word.
    pub text_minus: Option<Range<usize>>,
}

/// Quotes that open a phrase, and those that close it.
const QUOTES: &[(char, &[char])] = &[
    ('"', &['"']),
    ('“', &['”', '"', '“']),
    ('”', &['”', '"']),
    ('„', &['“', '”', '"']),
    ('‟', &['”', '"']),
    ('«', &['»']),
    ('»', &['«']),
    ('「', &['」']),
    ('『', &['』']),
    ('＂', &['＂']),
];

/// The quotes that close a phrase opened by `quote`.
pub(super) fn closers(quote: char) -> Option<&'static [char]> {
    QUOTES.iter().find(|(open, _)| *open == quote).map(|&(_, close)| close)
}

/// A pair of quotes around `text` that no quote in it closes early.
pub(super) fn quotes_for(text: &str) -> (char, char) {
    let fits = |&&(_, close): &&(char, &[char])| !text.contains(close);
    QUOTES.iter().find(fits).map_or(('"', '"'), |(open, close)| (*open, close[0]))
}

/// Whether `text` would be an operator if it were written between two operands.
pub(super) fn is_operator(text: &str) -> bool {
    matches!(text, "AND" | "OR" | "NOT" | "MAYBE") || near(text).is_some()
}

/// Splits a query into tokens.
pub(super) fn tokens(text: &str) -> Lexed {
    let mut lexed = Lexed::default();
    // Quotes after which nothing closes them: the rest of the text is searched once for each kind.
    let mut unclosed: Vec<char> = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() || c.is_control() {
            at += c.len_utf8();
            continue;
        }
        // The token that ends directly before this one.
        let before = lexed.tokens.last().filter(|token| token.span.end == at).map(|token| &token.kind);
        let in_field = matches!(before, Some(TokenKind::Field(..) | TokenKind::Verbatim));
        // In `(CORRECTED)-IVORY COAST` the sign is a hyphen.
        let is_hyphen = matches!(before, Some(TokenKind::Close | TokenKind::Phrase(..) | TokenKind::Boost(_)));
        let token = match before {
            Some(TokenKind::Close) if c == '^' => match boost(&text[at + 1..]) {
                Some((value, length)) => Some(Token { kind: TokenKind::Boost(value), span: at..at + 1 + length }),
                None => token(text, at, c, in_field),
            },
            _ if is_hyphen && matches!(c, '-' | '−' | '+') => {
                at += c.len_utf8();
                continue;
            }
            // `"oil prices","grain trade"`: the sign is between two phrases.
            Some(TokenKind::Phrase(..))
                if matches!(c, ',' | ';' | '/' | '—' | '–' | '、' | '，' | '・')
                    && text[at + c.len_utf8()..].chars().next().is_some_and(|next| closers(next).is_some()) =>
            {
                at += c.len_utf8();
                continue;
            }
            // `"oil"|"gas"`: what it means elsewhere is noted.
            Some(TokenKind::Phrase(..)) if c == '|' && text[at + 1..].starts_with(|next| closers(next).is_some()) => {
                Some(Token { kind: TokenKind::Word("|".to_string()), span: at..at + 1 })
            }
            _ if unclosed.contains(&c) => None,
            _ => token(text, at, c, in_field),
        };
        let Some(token) = token else {
            unclosed.push(c);
            lexed.open_quote.get_or_insert(at);
            drop_signs_before(&mut lexed.tokens, at);
            at += c.len_utf8();
            continue;
        };
        let after = at + c.len_utf8();
        if matches!(c, '-' | '−') && !in_field {
            let is_bracketed = token.kind == TokenKind::Minus && is_alone_in_brackets(&lexed.tokens, &text[after..]);
            if is_text_minus(&text[after..]) || is_bracketed {
                lexed.text_minus.get_or_insert(at..after);
            }
            if is_bracketed {
                at = after;
                continue;
            }
        }
        at = token.span.end;
        lexed.tokens.push(token);
    }
    lexed
}

/// Drops the signs directly before `at`, where their operand would have been.
fn drop_signs_before(tokens: &mut Vec<Token>, mut at: usize) {
    while let Some(token) = tokens.last()
        && token.span.end == at
        && matches!(token.kind, TokenKind::Minus | TokenKind::Plus | TokenKind::Verbatim)
    {
        at = token.span.start;
        tokens.pop();
    }
}

/// The token that starts at `at` with the character `c`; `None` for a quote that is never closed. `in_field` says that
/// it is the value of a field or verbatim.
fn token(text: &str, at: usize, c: char, in_field: bool) -> Option<Token> {
    let rest = &text[at..];
    if let Some((kind, length)) = sign(rest, c, in_field) {
        return Some(Token { kind, span: at..at + length });
    }
    if let Some(closers) = closers(c) {
        return phrase(text, at, c, closers);
    }
    if !in_field && let Some((name, sign)) = field(rest) {
        let length = name.len() + sign.len_utf8();
        return Some(Token { kind: TokenKind::Field(name.to_ascii_lowercase(), sign), span: at..at + length });
    }
    let (word, after) = rest.split_at(word_length(rest));
    let end = word.len();
    let kind = if in_field { TokenKind::Word(word.to_string()) } else { word_kind(word, after) };
    Some(Token { kind, span: at..at + end })
}

/// Length in bytes of the word at the start of `rest`. Groups of digits with a narrow or no-break space between them, as
/// they are pasted from texts, are one word.
fn word_length(rest: &str) -> usize {
    let ends_word = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '(' | ')');
    let mut end = 0;
    loop {
        end += rest[end..].find(ends_word).unwrap_or(rest.len() - end);
        match rest[end..].chars().next() {
            Some(space) if separates_groups(space, &rest[..end], &rest[end + space.len_utf8()..]) => {
                end += space.len_utf8();
            }
            _ => return end,
        }
    }
}

/// Whether `space` separates two groups of digits of one number.
fn separates_groups(space: char, before: &str, after: &str) -> bool {
    const GROUP: usize = 3;
    let first = before.chars().rev().take_while(|&c| is_digit(c)).count();
    let next = after.chars().take_while(|&c| is_digit(c)).count();
    is_narrow_space(space) && (1..=GROUP).contains(&first) && next == GROUP
}

/// Whether a minus before `rest` is part of a number (`-12`, `-(5)`) or of an option of a command (`-f`).
fn is_text_minus(rest: &str) -> bool {
    let mut chars = rest.strip_prefix('(').unwrap_or(rest).chars();
    let Some(first) = chars.next() else { return false };
    let ends_word = |c: char| c.is_whitespace() || c.is_control() || c == ')';
    let is_option = first.is_ascii_alphabetic() && !rest.starts_with('(') && chars.next().is_none_or(ends_word);
    first.is_numeric() || is_option
}

/// Whether the minus after `tokens`, with the word in `rest`, is all that is between two brackets, as in `error (-EIO)`.
/// A group that an operator, a field or a function takes can exclude a word.
fn is_alone_in_brackets(tokens: &[Token], rest: &str) -> bool {
    let [before @ .., Token { kind: TokenKind::Open, .. }] = tokens else { return false };
    let takes_no_group = |token: &Token| {
        matches!(token.kind, TokenKind::Word(_) | TokenKind::Phrase(..) | TokenKind::Close | TokenKind::Boost(_))
    };
    let ends_group = |c: char| c.is_whitespace() || matches!(c, '(' | ')');
    before.last().is_none_or(takes_no_group)
        && rest.find(ends_group).is_some_and(|end| end > 0 && rest[end..].starts_with(')'))
}

/// The token that a sign at the start of `rest` makes, and its length in bytes: a parenthesis, `-`, `+`, `=` or a
/// regular expression.
fn sign(rest: &str, c: char, in_field: bool) -> Option<(TokenKind, usize)> {
    let after = &rest[c.len_utf8()..];
    let kind = match c {
        '(' => TokenKind::Open,
        ')' => TokenKind::Close,
        '+' if !in_field && starts_operand(after) => TokenKind::Plus,
        '-' | '−' if !in_field && starts_operand(after) && !is_text_minus(after) => TokenKind::Minus,
        '=' if after.chars().next().is_some_and(|c| c.is_alphanumeric() || closers(c).is_some()) => TokenKind::Verbatim,
        '/' => {
            let length = regex_length(rest, in_field)?;
            return Some((TokenKind::Regex(rest[1..length - 1].to_string()), length));
        }
        _ => return None,
    };
    Some((kind, c.len_utf8()))
}

/// Whether a word is an operator, a function of the group in `after`, or text.
fn word_kind(word: &str, after: &str) -> TokenKind {
    match word {
        "AND" => TokenKind::And,
        "OR" => TokenKind::Or,
        "NOT" => TokenKind::Not,
        "MAYBE" => TokenKind::Maybe,
        _ => match (near(word), function(word)) {
            (Some(near), _) => TokenKind::Near(near),
            (None, Some(function)) if after.starts_with('(') => TokenKind::Function(function),
            _ => TokenKind::Word(word.to_string()),
        },
    }
}

/// Whether the text after a `-` or `+` can be its operand.
pub(super) fn starts_operand(rest: &str) -> bool {
    rest.chars().next().is_some_and(|c| {
        c.is_alphanumeric() || matches!(c, '(' | '=' | '@' | '*') || closers(c).is_some() || {
            c == '/' && regex_length(rest, false).is_some()
        }
    })
}

/// The operator of proximity that `word` spells.
fn near(word: &str) -> Option<Near> {
    // A longer number is text: no distance is that large.
    const MAX_DIGITS: usize = 6;
    let (operator, distance) = word.split_once('/')?;
    let words = || {
        let is_number =
            (1..=MAX_DIGITS).contains(&distance.len()) && distance.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| distance.parse().ok()).flatten().filter(|&n| n > 0)
    };
    match operator.to_ascii_lowercase().as_str() {
        "w" => match distance.to_ascii_lowercase().as_str() {
            "s" => Some(Near::Sentence),
            "p" => Some(Near::Paragraph),
            "sec" => Some(Near::Section),
            "art" => Some(Near::Article),
            _ => words().map(Near::Words),
        },
        "near" => words().map(Near::Words),
        "pre" | "adj" | "onear" => words().map(Near::InOrder),
        _ => None,
    }
}

/// The function that `word` names.
fn function(word: &str) -> Option<Function> {
    let number = |name: &str| {
        let (_, digits) = word.split_at_checked(name.len()).filter(|(start, _)| start.eq_ignore_ascii_case(name))?;
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse().ok()).flatten().filter(|&n| n > 0)
    };
    match word {
        "any" => Some(Function::Any),
        _ => number("atleast").map(Function::AtLeast).or_else(|| number("first").map(Function::First)),
    }
}

/// Length in bytes of the regular expression at the start of `rest`, with its slashes. In a field it may contain spaces.
fn regex_length(rest: &str, in_field: bool) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '/' => {
                let after = rest[at + 1..].chars().next();
                let ends = after.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')'));
                return (ends && at > 1).then_some(at + 1);
            }
            c if c.is_whitespace() && !in_field => return None,
            _ => {}
        }
    }
    None
}

/// The phrase whose opening quote is at `at`; `None` if the quote is never closed.
fn phrase(text: &str, at: usize, quote: char, closers: &[char]) -> Option<Token> {
    let start = at + quote.len_utf8();
    let rest = &text[start..];
    // A straight quote that no straight one closes was opened by an editor that curls only some.
    let curly = || rest.match_indices('”').next().filter(|_| quote == '"');
    let (close, closer) = rest.match_indices(closers).next().or_else(curly)?;
    let close = start + close;
    let mut end = close + closer.len();
    let mut suffixes = Suffixes::default();
    if let Some(digits) = text[end..].strip_prefix('~') {
        let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        if let Ok(slop) = digits[..length].parse() {
            suffixes.slop = Some(slop);
            end += 1 + length;
        }
    }
    if let Some((value, length)) = text[end..].strip_prefix('^').and_then(boost) {
        suffixes.boost = Some(value);
        end += 1 + length;
    }
    Some(Token { kind: TokenKind::Phrase(text[start..close].to_string(), suffixes), span: at..end })
}

/// The number after `^`, in thousandths, and its length in bytes. A number outside 0.001 to 100 is text.
pub(super) fn boost(text: &str) -> Option<(u32, usize)> {
    let length = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let value: f64 = text[..length].parse().ok().filter(|value| (0.001..=100.0).contains(value))?;
    let after = text[length..].chars().next();
    after
        .is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')'))
        .then_some(((value * 1000.0).round() as u32, length))
}

/// The name and the sign at the start of `rest`, if a value directly follows. Names of fields are blind to case, those of other
/// search engines, too; any other name with a capital is text.
fn field(rest: &str) -> Option<(&str, char)> {
    let (name, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_alphabetic())?);
    let lower = name.to_ascii_lowercase();
    let is_known = || {
        is_field(&lower)
            || replacement(&lower, "").is_some()
            || closest(&lower).is_some_and(|field| is_mistyped(&lower, field))
    };
    if lower != name && !is_known() {
        return None;
    }
    let sign = after.chars().next().filter(|sign| matches!(sign, ':' | '=' | '~'))?;
    let value = &after[sign.len_utf8()..];
    let starts_value = value.chars().next().is_some_and(|c| !c.is_whitespace() && c != ')');
    // `name://` is an address, `name::` a path of code.
    let is_url = sign == ':' && (value.starts_with("//") || value.starts_with(':'));
    // `word~1` is a fuzzy word and `a=b` is text, so only the name of a field can precede these signs.
    let known = sign == ':' || FieldName::from_name(&name.to_ascii_lowercase()).is_some();
    (!name.is_empty() && starts_value && !is_url && known).then_some((name, sign))
}

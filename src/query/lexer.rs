//! Signs and words of a query. A sign is an operator only where it can be one; everything else is text.

use std::fmt;
use std::ops::Range;

/// A piece of a query.
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
    /// `-` in front of an operand.
    Minus,
    /// `+` in front of an operand.
    Plus,
    /// `w/5` and its kin, wherever they stand.
    Near(Near),
    /// `atleast5`, `first50` or `any` right in front of a group.
    Function(Function),
    /// `^3` right behind a group, in thousandths.
    Boost(u32),
    /// A run of non-space characters.
    Word(String),
    /// What stands between quotes, and what is glued to the closing one.
    Phrase(String, Glued),
    /// `=` right in front of a word or quote: the next token is verbatim.
    Verbatim,
    /// What stands between slashes.
    Regex(String),
    /// `name:`, `name=`, `name~` right in front of a value.
    Field(String, char),
}

/// `~2` and `^3` behind a phrase.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Glued {
    pub slop: Option<u32>,
    pub boost: Option<u32>,
}

/// Functions of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    AtLeast(u32),
    First(u32),
    Any,
}

/// How near operands of proximity must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Near {
    /// Within so many words, in any order; 1 is the next word.
    Words(u32),
    /// Within so many words, in this order.
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

/// A quote that is never closed; where it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OpenQuote(pub usize);

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

fn closers(quote: char) -> Option<&'static [char]> {
    QUOTES.iter().find(|(open, _)| *open == quote).map(|&(_, close)| close)
}

/// Quotes in which `text` can be written so that it reads back whole.
pub(super) fn quotes_for(text: &str) -> (char, char) {
    let fits = |&&(_, close): &&(char, &[char])| !text.contains(close);
    QUOTES.iter().find(fits).map_or(('"', '"'), |(open, close)| (*open, close[0]))
}

/// Would this text, standing alone between others, be read as an operator?
pub(super) fn is_operator(text: &str) -> bool {
    matches!(text, "AND" | "OR" | "NOT" | "MAYBE") || near(text).is_some()
}

/// Cuts a query into tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, OpenQuote> {
    let mut out: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() || c.is_control() {
            at += c.len_utf8();
            continue;
        }
        // A token that begins a value ends right where the value begins.
        let before = out.last().filter(|token| token.span.end == at).map(|token| &token.kind);
        let in_field = matches!(before, Some(TokenKind::Field(..) | TokenKind::Verbatim));
        // `(CORRECTED)-IVORY COAST`: right behind something, a sign is a hyphen.
        let is_hyphen = matches!(before, Some(TokenKind::Close | TokenKind::Phrase(..) | TokenKind::Boost(_)));
        let token = match before {
            Some(TokenKind::Close) if c == '^' => match boost(&text[at + 1..]) {
                Some((value, length)) => Token { kind: TokenKind::Boost(value), span: at..at + 1 + length },
                None => token(text, at, c, in_field)?,
            },
            _ if is_hyphen && matches!(c, '-' | '−' | '+') => {
                at += c.len_utf8();
                continue;
            }
            _ => token(text, at, c, in_field)?,
        };
        at = token.span.end;
        out.push(token);
    }
    Ok(out)
}

fn token(text: &str, at: usize, c: char, in_field: bool) -> Result<Token, OpenQuote> {
    let rest = &text[at..];
    let one = |kind| Ok(Token { kind, span: at..at + c.len_utf8() });
    let behind = &rest[c.len_utf8()..];
    match c {
        '(' => return one(TokenKind::Open),
        ')' => return one(TokenKind::Close),
        '-' | '−' | '+' if !in_field && starts_operand(behind) => {
            return one(if c == '+' { TokenKind::Plus } else { TokenKind::Minus });
        }
        '=' if behind.chars().next().is_some_and(|c| c.is_alphanumeric() || closers(c).is_some()) => {
            return one(TokenKind::Verbatim);
        }
        '/' => {
            if let Some(length) = regex_length(rest, in_field) {
                let inside = &rest[1..length - 1];
                return Ok(Token { kind: TokenKind::Regex(inside.to_string()), span: at..at + length });
            }
        }
        _ => {}
    }
    if let Some(closers) = closers(c) {
        return phrase(text, at, c, closers);
    }
    if !in_field && let Some(end) = field_end(rest) {
        let (name, sign) = rest[..end].split_at(end - 1);
        let sign = sign.chars().next().unwrap_or(':');
        return Ok(Token { kind: TokenKind::Field(name.to_string(), sign), span: at..at + end });
    }
    let end = rest.find(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '(' | ')')).unwrap_or(rest.len());
    let word = &rest[..end];
    let kind = match word {
        _ if in_field => TokenKind::Word(word.to_string()),
        "AND" => TokenKind::And,
        "OR" => TokenKind::Or,
        "NOT" => TokenKind::Not,
        "MAYBE" => TokenKind::Maybe,
        _ => match (near(word), function(word)) {
            (Some(near), _) => TokenKind::Near(near),
            (None, Some(function)) if rest[end..].starts_with('(') => TokenKind::Function(function),
            _ => TokenKind::Word(word.to_string()),
        },
    };
    Ok(Token { kind, span: at..at + end })
}

/// May what follows a `-` or `+` be its operand?
pub(super) fn starts_operand(rest: &str) -> bool {
    rest.chars().next().is_some_and(|c| {
        c.is_alphanumeric() || matches!(c, '(' | '=' | '@' | '*') || closers(c).is_some() || {
            c == '/' && regex_length(rest, false).is_some()
        }
    })
}

/// The sign of proximity that a word is.
fn near(word: &str) -> Option<Near> {
    // Nobody counts further than this, and a longer number is none.
    const MOST_DIGITS: usize = 6;
    let (sign, distance) = word.split_once('/')?;
    let sign = sign.to_ascii_lowercase();
    let number = || {
        let digits =
            !distance.is_empty() && distance.len() <= MOST_DIGITS && distance.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| distance.parse().ok()).flatten().filter(|&n| n > 0)
    };
    match sign.as_str() {
        "w" => match distance.to_ascii_lowercase().as_str() {
            "s" => Some(Near::Sentence),
            "p" => Some(Near::Paragraph),
            "sec" => Some(Near::Section),
            "art" => Some(Near::Article),
            _ => number().map(Near::Words),
        },
        "near" => number().map(Near::Words),
        "pre" | "adj" | "onear" => number().map(Near::InOrder),
        _ => None,
    }
}

/// The function whose name a word is.
fn function(word: &str) -> Option<Function> {
    let number = |prefix: &str| {
        let digits =
            word.get(..prefix.len()).filter(|head| head.eq_ignore_ascii_case(prefix)).map(|_| &word[prefix.len()..]);
        digits.filter(|digits| digits.bytes().all(|b| b.is_ascii_digit())).and_then(|digits| digits.parse().ok())
    };
    match word {
        "any" => Some(Function::Any),
        _ => (number("atleast").filter(|&n| n > 0).map(Function::AtLeast))
            .or_else(|| number("first").filter(|&n| n > 0).map(Function::First)),
    }
}

/// Length of the regular expression that `rest` begins with, slashes counted. In a field it may hold spaces.
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

fn phrase(text: &str, at: usize, quote: char, closers: &[char]) -> Result<Token, OpenQuote> {
    let inside = at + quote.len_utf8();
    let Some(length) = text[inside..].find(closers) else {
        // A lone sign behind a number or between words is an inch, not a quote.
        return Err(OpenQuote(at));
    };
    let close = inside + length;
    let mut end = close + text[close..].chars().next().map_or(0, char::len_utf8);
    let mut glued = Glued::default();
    if let Some(digits) = text[end..].strip_prefix('~') {
        let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        if let Ok(slop) = digits[..length].parse() {
            glued.slop = Some(slop);
            end += 1 + length;
        }
    }
    if let Some((value, length)) = text[end..].strip_prefix('^').and_then(boost) {
        glued.boost = Some(value);
        end += 1 + length;
    }
    Ok(Token { kind: TokenKind::Phrase(text[inside..close].to_string(), glued), span: at..end })
}

/// A number behind `^`, in thousandths, and its length. More than a hundred is no boost that anyone means.
pub(super) fn boost(text: &str) -> Option<(u32, usize)> {
    const MOST: f64 = 100.0;
    let length = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let after = text[length..].chars().next();
    let value: f64 = text[..length].parse().ok().filter(|value| (0.001..=MOST).contains(value))?;
    after
        .is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')'))
        .then_some(((value * 1000.0).round() as u32, length))
}

/// If the text begins with a lower-case name, a sign and a value right behind it: the end of the sign.
fn field_end(rest: &str) -> Option<usize> {
    let name = rest.find(|c: char| !c.is_ascii_lowercase())?;
    let sign = rest[name..].chars().next().filter(|sign| matches!(sign, ':' | '=' | '~'))?;
    let end = name + sign.len_utf8();
    let value = rest[end..].chars().next()?;
    let is_value = !value.is_whitespace() && value != ')' && !(sign == ':' && rest[end..].starts_with("//"));
    // `word~1` is a fuzzy word, `a=b` is text: only fields go on with = and ~.
    let known = super::field_of(&rest[..name]).is_some();
    (name > 0 && is_value && (sign == ':' || known)).then_some(end)
}

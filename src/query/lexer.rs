//! Signs and words of a query. A sign is an operator only where it can be one; everything else is text.

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
    /// `-` in front of an operand.
    Minus,
    /// `+` in front of an operand.
    Plus,
    /// A run of non-space characters.
    Word(String),
    /// What stands between quotes, and what is glued to the closing one (`~2`).
    Phrase(String, String),
    /// `name:`, `name=`, `name~` right in front of a value.
    Field(String, char),
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

/// Cuts a query into tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, OpenQuote> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() || c.is_control() {
            at += c.len_utf8();
            continue;
        }
        let token = token(text, at, c)?;
        at = token.span.end;
        out.push(token);
    }
    Ok(out)
}

fn token(text: &str, at: usize, c: char) -> Result<Token, OpenQuote> {
    let rest = &text[at..];
    let one = |kind| Ok(Token { kind, span: at..at + c.len_utf8() });
    match c {
        '(' => return one(TokenKind::Open),
        ')' => return one(TokenKind::Close),
        '-' | '−' | '+' if starts_operand(&rest[c.len_utf8()..]) => {
            return one(if c == '+' { TokenKind::Plus } else { TokenKind::Minus });
        }
        _ => {}
    }
    if let Some(closers) = closers(c) {
        return phrase(text, at, c, closers);
    }
    if let Some(end) = field_end(rest) {
        let (name, sign) = rest[..end].split_at(end - 1);
        let sign = sign.chars().next().unwrap_or(':');
        return Ok(Token { kind: TokenKind::Field(name.to_string(), sign), span: at..at + end });
    }
    let end = rest.find(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '(' | ')')).unwrap_or(rest.len());
    let word = &rest[..end];
    let kind = match word {
        "AND" => TokenKind::And,
        "OR" => TokenKind::Or,
        "NOT" => TokenKind::Not,
        _ => TokenKind::Word(word.to_string()),
    };
    Ok(Token { kind, span: at..at + end })
}

/// May what follows a `-` or `+` be its operand?
fn starts_operand(rest: &str) -> bool {
    rest.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '(' || c == '=' || closers(c).is_some())
}

fn phrase(text: &str, at: usize, quote: char, closers: &[char]) -> Result<Token, OpenQuote> {
    let inside = at + quote.len_utf8();
    let Some(length) = text[inside..].find(closers) else {
        // A lone sign behind a number or between words is an inch, not a quote.
        return Err(OpenQuote(at));
    };
    let close = inside + length;
    let after = close + text[close..].chars().next().map_or(0, char::len_utf8);
    let tail = &text[after..];
    let glued = if tail.starts_with(['~', '^']) {
        tail.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')')).unwrap_or(tail.len())
    } else {
        0
    };
    let kind = TokenKind::Phrase(text[inside..close].to_string(), tail[..glued].to_string());
    Ok(Token { kind, span: at..after + glued })
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

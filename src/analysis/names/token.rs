//! The words of a text with what names are told by: capitals, what stands between two words, where sentences begin.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::words::{self, Words};
use crate::text::fold::fold_into;

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// In small letters, or of a script without capitals.
    Lower,
    /// With a first capital, or a capital inside: `McDonald`, `iPhone`.
    Capital,
    /// In capitals, of at least two letters: `NATO`, `U.S.`
    Capitals,
    /// A letter that stands for a given name: `W.`, `J.K.` before a name.
    Initial,
    /// With a digit first.
    Number,
    /// Part of the address of a page or account: `@ada_holm`, `example.com`.
    Address,
}

/// What stands between a word and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// White space.
    Space,
    /// The point of an abbreviation, or of initials, and white space.
    Point,
    /// `&`.
    Ampersand,
    /// An article or preposition with its apostrophe, which is the word before.
    Elision,
    /// An opening bracket.
    Bracket,
    /// Any other sign, or a new line or sentence.
    Break,
}

/// A word.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// Its bytes in the text, without the ending of a possessive.
    pub bytes: Range<usize>,
    /// Its folded form in [`Block::folded`], without points.
    folded: Range<usize>,
    pub kind: Kind,
    pub gap: Gap,
    /// Is it capitalised for its position: at the beginning of a sentence, quotation or list item?
    pub opens: bool,
    /// Had it the ending of a possessive?
    pub is_possessive: bool,
    /// Is it in a sentence in title case, of which capitals tell nothing?
    pub is_titled: bool,
}

impl Token {
    /// Has it a capital?
    pub(super) fn has_capital(&self) -> bool {
        matches!(self.kind, Kind::Capital | Kind::Capitals | Kind::Initial)
    }
}

/// A paragraph or line of running text.
#[derive(Debug)]
pub(super) struct Block<'t> {
    pub text: &'t str,
    pub tokens: Vec<Token>,
    folded: String,
}

impl Block<'_> {
    /// The folded form of a word.
    pub(super) fn word(&self, token: usize) -> &str {
        &self.folded[self.tokens[token].folded.clone()]
    }

    /// Its words as a text: white space is one space.
    pub(super) fn text_of(&self, tokens: Range<usize>) -> String {
        let bytes = self.tokens[tokens.start].bytes.start..self.tokens[tokens.end - 1].bytes.end;
        self.text[bytes].split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The blocks of running text in `text`: lines in capitals, headlines in title case and datelines are left out.
pub(super) fn blocks(text: &str, words: Words) -> Vec<Block<'_>> {
    let mut out = Vec::new();
    for range in paragraphs(text) {
        let from = range.start + dateline_bytes(&text[range.clone()]);
        let mut block = tokenize(&text[from..range.end], words);
        mark_titled(&mut block, words);
        if !block.tokens.is_empty() && !is_headline(&block, words) {
            out.push(block);
        }
    }
    out
}

/// The paragraphs of a text. A line break in a paragraph that is wrapped at some width ends none.
fn paragraphs(text: &str) -> Vec<Range<usize>> {
    /// Lengths between which lines are wrapped.
    const WRAPPED: Range<usize> = 45..110;
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    let mut is_open = false;
    for line in text.split_inclusive('\n') {
        let range = start..start + line.len();
        start = range.end;
        let shown = line.trim_end();
        if shown.trim_start().is_empty() {
            is_open = false;
            continue;
        }
        let is_indented = line.starts_with([' ', '\t', '\u{a0}', '\u{3000}']);
        match out.last_mut() {
            Some(last) if is_open && !is_indented => last.end = range.end,
            _ => out.push(range),
        }
        let ends = shown.ends_with(['.', '!', '?', ':', ';', '"', '”', '»', '«', '“', ')', '…']);
        is_open = (!ends || ends_with_initial(shown)) && WRAPPED.contains(&shown.chars().count());
    }
    out
}

/// Is the last word the initial of a name, which goes on in the next line: `William D.`?
fn ends_with_initial(line: &str) -> bool {
    let mut words = line.rsplit(char::is_whitespace);
    let is_initial = words.next().and_then(|word| word.strip_suffix('.')).is_some_and(|letter| {
        let mut letters = letter.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
    });
    is_initial && words.next().is_some_and(|before| before.starts_with(char::is_uppercase))
}

/// Length of what stands before the first sentence: `PARIS, 3 May (AFP) - `.
fn dateline_bytes(text: &str) -> usize {
    /// The longest dateline.
    const MAX_BYTES: usize = 90;
    let head = &text[..text.floor_char_boundary(MAX_BYTES)];
    let dash =
        [" - ", " -- ", " — ", " – ", "— ", ") -", " —"].iter().filter_map(|dash| Some((head.find(dash)?, dash.len())));
    let Some((at, length)) = dash.min() else { return 0 };
    let mut letters = text[..at].chars().filter(|c| c.is_alphabetic());
    let place = text[..at].split([',', '(', '/']).next().unwrap_or("");
    let is_place = !place.trim().is_empty()
        && !place.contains(char::is_lowercase)
        && place.split_whitespace().count() <= 4
        && place.chars().filter(|c| c.is_alphabetic()).count() > 1;
    // A place in small letters is a dateline if an agency or a date follows it.
    let is_dated = text[..at].len() < 50
        && text[..at].contains(['(', ','])
        && text[..at].contains([')', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
        && text.trim_start().starts_with(char::is_uppercase);
    if (is_place || is_dated) && letters.next().is_some() { at + length } else { 0 }
}

/// Is it a headline in title case, a line in capitals, or a row of a table?
fn is_headline(block: &Block<'_>, words: Words) -> bool {
    let (mut capital, mut lower, mut capitals, mut long, mut numbers) = (0, 0, 0, 0, 0);
    for (i, token) in block.tokens.iter().enumerate() {
        match token.kind {
            Kind::Number => numbers += 1,
            Kind::Capitals => {
                capitals += 1;
                long += usize::from(token.bytes.len() > 5);
            }
            Kind::Capital => capital += 1,
            Kind::Lower if block.word(i).len() > 3 || !is_small_in_titles(block.word(i)) => lower += 1,
            _ => {}
        }
    }
    let all = capital + lower + capitals;
    if capitals * 10 >= all * 6 && all >= 3 && long > 0 {
        return true;
    }
    // A row of figures.
    if numbers * 2 > all && numbers >= 3 {
        return true;
    }
    let ends = block.text.trim_end().ends_with(['.', '!', '?', '"', '”', ':', ';', ',']);
    !words.has_capital_nouns()
        && !ends
        && !is_credit(block)
        && all >= 4
        && (capital + capitals) * 10 >= all * 8
        && block.text.len() < 200
}

/// Is the word written in small letters in English titles, too?
fn is_small_in_titles(word: &str) -> bool {
    const SMALL: &[&str] = &[
        "a", "an", "and", "as", "at", "but", "by", "en", "for", "from", "in", "into", "nor", "of", "off", "on", "or",
        "out", "over", "per", "the", "to", "up", "v", "via", "vs", "with",
    ];
    SMALL.contains(&word)
}

/// Does the line say who made a picture? It is full of names, and no headline.
fn is_credit(block: &Block<'_>) -> bool {
    const CREDITS: &[&str] = &[
        "photo",
        "photos",
        "photograph",
        "photographs",
        "photographed",
        "photography",
        "image",
        "images",
        "picture",
        "pictures",
        "illustration",
        "courtesy",
        "credit",
        "via",
        "foto",
        "fotos",
        "bild",
        "credito",
        "imagen",
    ];
    (0..block.tokens.len()).any(|i| CREDITS.contains(&block.word(i)))
}

/// Marks the sentences of running text that are written in title case: `How Many People Can You Name?`
fn mark_titled(block: &mut Block<'_>, words: Words) {
    /// Fewest words of such a sentence.
    const FEWEST: usize = 4;
    if words.has_capital_nouns() {
        return;
    }
    let mut start = 0;
    while start < block.tokens.len() {
        let mut end = start + 1;
        while end < block.tokens.len() && !block.tokens[end].opens {
            end += 1;
        }
        let (mut capital, mut lower, mut functions) = (0, 0, 0);
        for i in start..end {
            match block.tokens[i].kind {
                Kind::Capital => {
                    capital += 1;
                    // `I` and titles of works have few; `Is`, `Of`, `You` tell.
                    functions += usize::from(i > start && words.is_function(block.word(i)));
                }
                Kind::Initial | Kind::Capitals if i > start && words.is_function(block.word(i)) => functions += 1,
                Kind::Lower => lower += 1,
                _ => {}
            }
        }
        if capital + lower >= FEWEST && functions >= 2 && lower * 4 <= capital {
            block.tokens[start..end].iter_mut().for_each(|token| token.is_titled = true);
        }
        start = end;
    }
}

/// Articles and prepositions before an apostrophe.
const ELIDED: &[&str] = &[
    "l", "d", "qu", "n", "s", "j", "c", "m", "t", "dell", "all", "nell", "sull", "dall", "un", "quest", "jusqu",
    "lorsqu", "puisqu", "quell", "anch",
];

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '‘' | '`')
}

/// Cuts a paragraph into words.
fn tokenize(text: &str, words: Words) -> Block<'_> {
    let mut block =
        Block { text, tokens: Vec::with_capacity(text.len() / 6 + 1), folded: String::with_capacity(text.len()) };
    let mut at = 0;
    let mut before = 0;
    while let Some(offset) = text[at..].find(char::is_alphanumeric) {
        let start = at + offset;
        let end = word_end(text, start);
        let is_start = block.tokens.is_empty();
        at = add(&mut block, before..start, end, is_start, words);
        before = at;
    }
    block
}

/// Where the word from `start` ends: letters and digits, with hyphens, apostrophes and the points of initials inside.
fn word_end(text: &str, start: usize) -> usize {
    let mut end = start;
    let mut chars = text[start..].char_indices().peekable();
    let mut letters_since_point = 0;
    let mut is_initials = true;
    while let Some((offset, c)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        if c.is_alphanumeric() || is_combining_mark(c) {
            letters_since_point += usize::from(!is_combining_mark(c));
            end = start + offset + c.len_utf8();
            continue;
        }
        let is_inside = match c {
            '-' | '‐' | '‑' | '\u{ad}' => next.is_some_and(char::is_alphanumeric),
            '&' => next.is_some_and(|next| next.is_uppercase()) && text[..start + offset].ends_with(char::is_uppercase),
            c if is_apostrophe(c) => next.is_some_and(char::is_alphabetic),
            '.' => {
                is_initials &= letters_since_point == 1;
                is_initials && next.is_some_and(char::is_alphabetic)
            }
            ',' => false,
            _ => false,
        };
        if !is_inside {
            break;
        }
        if c == '.' {
            letters_since_point = 0;
        } else {
            is_initials = false;
        }
    }
    end
}

/// Adds the word from the end of `before` to `end`; `before` is what stands before it. Returns where to go on.
fn add(block: &mut Block<'_>, before: Range<usize>, end: usize, is_start: bool, words: Words) -> usize {
    let (text, start) = (block.text, before.end);
    let raw = &text[start..end];
    let mut gap = gap(block, &text[before.clone()]);
    let between = &text[before.clone()];
    let opens = is_start || opens_after(between) || gap == Gap::Break && between.contains('.');
    // An article before an apostrophe is a word of its own.
    if words.has_elision()
        && let Some(apostrophe) = raw.find(is_apostrophe)
        && (raw.starts_with(char::is_lowercase) || opens)
        && ELIDED.contains(&raw[..apostrophe].to_lowercase().as_str())
        && apostrophe + 3 < raw.len()
    {
        push(block, start..start + apostrophe, gap, opens, false);
        let sign = raw[apostrophe..].chars().next().map_or(1, char::len_utf8);
        let rest = start + apostrophe + sign;
        push(block, rest..end, Gap::Elision, opens && raw.starts_with(char::is_uppercase), false);
        return end;
    }
    // `'s` and, after an s, the apostrophe alone.
    let shown = raw.strip_suffix(['s', 'S']).and_then(|rest| rest.strip_suffix(is_apostrophe));
    let is_possessive = shown.is_some() || raw.ends_with('s') && text[end..].starts_with(is_apostrophe);
    let shown = start..start + shown.map_or(raw.len(), str::len);
    // After the point of `U.S.` the next word may be one of the same name, wherever sentences are thought to end.
    let follows_initials =
        gap == Gap::Space && block.tokens.last().is_some_and(|last| text[..last.bytes.end].ends_with('.'));
    if follows_initials {
        gap = Gap::Point;
    }
    push(block, shown, gap, opens, is_possessive);
    if between.ends_with(['@', '#']) && !raw.starts_with(char::is_numeric) || is_domain(between, raw) {
        let count = block.tokens.len();
        let from = if between == "." { count.saturating_sub(2) } else { count - 1 };
        block.tokens[from..].iter_mut().for_each(|token| token.kind = Kind::Address);
    }
    // The point of initials is part of them.
    let is_initials = raw.chars().filter(|c| c.is_alphabetic()).count() == 1 || raw.contains('.');
    if is_initials && raw.starts_with(char::is_uppercase) && text[end..].starts_with('.') {
        let token = block.tokens.last_mut().expect("it was pushed");
        token.bytes.end += 1;
        return end + 1;
    }
    end
}

/// Is the word after a point the last part of an address: `example.com`?
fn is_domain(between: &str, word: &str) -> bool {
    const LAST: &[&str] = &[
        "com", "org", "net", "gov", "edu", "info", "io", "tv", "co", "uk", "de", "fr", "es", "it", "nl", "ru", "ch",
        "at", "eu", "us", "html", "htm", "php", "рф",
    ];
    between == "." && LAST.contains(&word.to_lowercase().as_str())
}

fn push(block: &mut Block<'_>, bytes: Range<usize>, gap: Gap, opens: bool, is_possessive: bool) {
    let raw = &block.text[bytes.clone()];
    let from = block.folded.len();
    fold_into(raw, &mut block.folded);
    if raw.contains('.') {
        let plain = block.folded[from..].replace('.', "");
        block.folded.truncate(from);
        block.folded.push_str(&plain);
    }
    let kind = kind(raw);
    block.tokens.push(Token {
        bytes,
        folded: from..block.folded.len(),
        kind,
        gap,
        opens,
        is_possessive,
        is_titled: false,
    });
}

fn kind(raw: &str) -> Kind {
    let first = raw.chars().next().unwrap_or(' ');
    if first.is_numeric() {
        return Kind::Number;
    }
    if !first.is_uppercase() {
        // `iPhone`, `eBay`; but not `al-Qaida`, whose article is joined by a hyphen.
        let mut rest = raw.chars().skip(1);
        return if raw.len() > 3 && rest.next().is_some_and(char::is_uppercase) { Kind::Capital } else { Kind::Lower };
    }
    let letters = raw.chars().filter(|c| c.is_alphabetic()).count();
    if letters == 1 {
        return if raw.chars().count() == 1 { Kind::Initial } else { Kind::Capital };
    }
    if raw.chars().any(char::is_lowercase) { Kind::Capital } else { Kind::Capitals }
}

/// What is between the last word and the next.
fn gap(block: &Block<'_>, between: &str) -> Gap {
    let Some(last) = block.tokens.last() else { return Gap::Break };
    let signs = between.trim();
    match signs {
        // Two line breaks are a new paragraph.
        "" if between.matches('\n').count() < 2 => Gap::Space,
        "&" => Gap::Ampersand,
        "(" | "<" | "[" => Gap::Bracket,
        "." if between.len() > 1 => {
            let is_abbreviation = words::is_abbreviation(block.word(block.tokens.len() - 1)) && last.has_capital();
            if is_abbreviation || last.kind == Kind::Initial { Gap::Point } else { Gap::Break }
        }
        // `Writers' Association`, `Rockin' Marsh`
        "'" | "’" if last.is_possessive => Gap::Space,
        "'" | "’" if between.starts_with(['\'', '’']) && block.word(block.tokens.len() - 1).ends_with("in") => {
            Gap::Space
        }
        _ => Gap::Break,
    }
}

/// Is the word after these signs capitalised anyway: after a colon, a quotation mark, a bullet, a dash?
fn opens_after(between: &str) -> bool {
    between.contains([
        ':', '"', '“', '„', '«', '»', '”', '‘', '•', '*', '—', '–', '…', '·', '!', '?', '|', '>', ';', '/', '[',
    ]) || between.contains(" - ")
        || between.contains("--")
        || between.contains(" '")
        || between.contains("('")
        || between.matches('\n').count() > 1
}

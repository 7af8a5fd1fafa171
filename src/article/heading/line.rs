//! What a line looks like, by itself: its length, how it begins and ends, its letters, its marks.
//!
//! Everything here is a small closed set of answers, named so that `sections --explain` can say them.

use std::sync::LazyLock;

use memchr::memchr_iter;
use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use crate::text::bytes;
use crate::text::script::is_unspaced;
use crate::text::space::{count_spaced, is_space, split_on};

/// Declares an enum whose variants have names for people, in order.
macro_rules! answers {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident => $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum $name { $($(#[$vmeta])* $variant,)+ }
        #[allow(dead_code, reason = "some lists are only told apart, not named to people")]
        impl $name {
            pub(super) const NAMES: &'static [&'static str] = &[$($text,)+];
        }
    };
}
pub(super) use answers;

answers! {
    /// How a line ends, closing quotes and brackets aside.
    End {
        Open => "open",
        Stop => "a stop",
        Ellipsis => "an ellipsis",
        Question => "a question mark",
        Exclamation => "an exclamation mark",
        Colon => "a colon",
        Comma => "a comma or dash",
        Quote => "a quotation mark",
        Bracket => "a bracket",
        Digit => "a digit",
    }
}

answers! {
    /// Ends that speak alike.
    Close {
        Open => "open",
        Sentence => "as a sentence",
        Question => "as a question",
        Colon => "with a colon",
        Comma => "with a comma or dash",
    }
}

answers! {
    /// How a line begins.
    First {
        Bullet => "a bullet",
        Digit => "a digit",
        Quote => "a quotation mark",
        Bracket => "a bracket",
        Lower => "a small letter",
        Upper => "a capital",
        Caseless => "a letter without case",
        Symbol => "a symbol",
    }
}

answers! {
    /// How the letters of a line are written.
    Case {
        NoLetters => "no letters",
        Caseless => "script without case",
        Capitals => "all capitals",
        Lower => "all small",
        Title => "Title Case",
        Sentence => "Sentence case",
    }
}

answers! {
    /// What a line looks like to its neighbours.
    Shape {
        Missing => "nothing",
        Bullet => "an entry with a bullet",
        Code => "code",
        Long => "a long paragraph",
        Paragraph => "a paragraph",
        Sentence => "a short sentence",
        Colon => "a line with a colon at its end",
        Comma => "a line with a comma at its end",
        Unstopped => "a long line without a stop",
        Short => "a short line",
        VeryShort => "a very short line",
    }
}

impl Shape {
    /// Is it running text?
    pub(super) fn is_running(self) -> bool {
        matches!(self, Shape::Long | Shape::Paragraph | Shape::Unstopped)
    }

    /// Is it a line that may be an entry of a list?
    pub(super) fn is_brief(self) -> bool {
        matches!(self, Shape::Short | Shape::VeryShort | Shape::Bullet | Shape::Comma | Shape::Code)
    }

    /// Is it a line that may be a heading?
    pub(super) fn is_short(self) -> bool {
        matches!(self, Shape::Short | Shape::VeryShort)
    }
}

/// Words of a block beyond these are not counted.
pub(super) const MOST_COUNTED_WORDS: usize = 120;
/// Longer blocks are only looked at from both ends.
const MOST_CHARS: usize = 160;
/// A block of more words is a paragraph.
const MOST_WORDS: usize = 22;

/// A line and what is seen on it.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    /// Words, up to [`MOST_COUNTED_WORDS`]; two characters count as one where no spaces are written.
    pub(super) words: usize,
    /// Characters, as far as they were counted.
    pub(super) chars: usize,
    pub(super) end: End,
    pub(super) first: First,
    pub(super) shape: Shape,
    /// What only short lines are asked; `None` for paragraphs.
    pub(super) detail: Option<Detail>,
}

/// What is seen on a short line.
#[derive(Debug, Clone)]
pub(super) struct Detail {
    pub(super) case: Case,
    /// Begins with a number, a letter in a list, or "Step 3".
    pub(super) numbered: bool,
    /// Holds a year or a time of day.
    pub(super) time: bool,
    /// Looks like code or a command.
    pub(super) code: bool,
    /// A dash between words.
    pub(super) dash: bool,
    /// Words before and behind a colon inside.
    pub(super) colon: Option<(usize, usize)>,
    pub(super) commas: usize,
    pub(super) pipe: bool,
    /// A web or mail address.
    pub(super) address: bool,
    pub(super) quoted: bool,
    /// Two to four words, each with a capital: perhaps a name.
    pub(super) name_like: bool,
    /// "Figure 3", "图 3".
    pub(super) figure: bool,
    /// Words parted by a slash, as in credits.
    pub(super) slash: bool,
    /// Marks among the characters, as a share.
    pub(super) marks: f64,
    /// In a script without spaces.
    pub(super) unspaced: bool,
    /// Is it a caption or credit?
    pub(super) caption: bool,
    /// Begins as questions do: how, why, was, comment.
    pub(super) asks: bool,
}

impl<'a> Line<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let end = end_of(text);
        let first = first_of(text);
        let (words, unspaced) = count_words(text);
        let head = &text[..text.floor_char_boundary((MOST_CHARS + 1) * 4)];
        let chars = if head.is_ascii() { head.len() } else { head.chars().count() }.min(MOST_CHARS + 1);
        let short = words <= MOST_WORDS + 3 && chars <= MOST_CHARS;
        let detail = short.then(|| Detail::new(text, unspaced));
        let code = detail.as_ref().is_some_and(|detail| detail.code);
        let shape = shape(words, end, first, code);
        Line { text, words, chars, end, first, shape, detail }
    }

    /// Could a line of this length be a heading, and is there something to read on it?
    pub(super) fn may_be_heading(&self) -> bool {
        self.detail.as_ref().is_some_and(|detail| {
            self.words <= MOST_WORDS && (detail.case != Case::NoLetters || is_year(self.text)) && !detail.caption
        })
    }

    pub(super) fn close(&self) -> Close {
        match self.end {
            End::Stop | End::Exclamation | End::Ellipsis => Close::Sentence,
            End::Question => Close::Question,
            End::Colon => Close::Colon,
            End::Comma => Close::Comma,
            _ => Close::Open,
        }
    }
}

fn shape(words: usize, end: End, first: First, code: bool) -> Shape {
    if first == First::Bullet && words < 25 {
        return Shape::Bullet;
    }
    if code && end != End::Stop && words < 15 {
        return Shape::Code;
    }
    if words >= 35 {
        return Shape::Long;
    }
    let stopped = matches!(end, End::Stop | End::Question | End::Exclamation | End::Ellipsis | End::Quote)
        || end == End::Bracket && words > 8;
    match end {
        _ if stopped && words >= 12 => Shape::Paragraph,
        _ if stopped => Shape::Sentence,
        End::Colon => Shape::Colon,
        End::Comma => Shape::Comma,
        _ if words >= 18 => Shape::Unstopped,
        _ if words >= 9 => Shape::Short,
        _ => Shape::VeryShort,
    }
}

/// Which signs a line holds: most questions about it are answered by that.
struct Signs {
    /// Which bytes it holds.
    bytes: [bool; 256],
    /// Is there anything beyond ASCII?
    wide: bool,
}

impl Signs {
    fn of(text: &str) -> Signs {
        let mut bytes = [false; 256];
        text.bytes().for_each(|byte| bytes[usize::from(byte)] = true);
        Signs { bytes, wide: !text.is_ascii() }
    }

    fn has(&self, sign: u8) -> bool {
        self.bytes[usize::from(sign)]
    }

    fn has_any(&self, signs: &[u8]) -> bool {
        signs.iter().any(|&sign| self.has(sign))
    }

    fn has_digit(&self) -> bool {
        (b'0'..=b'9').any(|digit| self.has(digit))
    }
}

impl Detail {
    fn new(text: &str, unspaced: bool) -> Self {
        let signs = Signs::of(text);
        let tokens: Tokens<'_> =
            if signs.wide { text.split_whitespace().collect() } else { split_on(text, is_space).collect() };
        let (all, marks) = if signs.wide {
            let is_mark = |c: &char| !c.is_alphanumeric() && !c.is_whitespace();
            (text.chars().count(), text.chars().filter(is_mark).count())
        } else {
            let is_mark = |byte: u8| !byte.is_ascii_alphanumeric() & !is_space(byte);
            (text.len(), bytes::count(text.as_bytes(), is_mark))
        };
        let (case, capitalised, lettered) = case_of(text, &tokens, unspaced);
        let name_like = (2..=4).contains(&lettered) && capitalised == lettered;
        let slashes = signs.has(b'/')
            && text.match_indices('/').any(|(at, _)| {
                let joined = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
                joined(text[..at].chars().next_back()) && joined(text[at + 1..].chars().next())
            });
        Detail {
            case,
            numbered: is_numbered(text),
            time: signs.has_digit() && has_time(text),
            code: looks_like_code(text, &signs, &tokens),
            dash: signs.has(b'-') && spaced_dash(text)
                || signs.wide && [" – ", " — "].iter().any(|dash| text.contains(dash)),
            colon: if signs.has(b':') || signs.wide { inner_colon(text) } else { None },
            commas: if signs.has(b',') || signs.wide {
                text.chars().filter(|c| matches!(c, ',' | '，' | '、' | '،')).count()
            } else {
                0
            },
            pipe: signs.has(b'|'),
            address: has_address(text, &signs),
            quoted: signs.has(b'"') || signs.wide && text.contains(['“', '«', '„', '「', '『']),
            name_like,
            figure: signs.has_digit() && super::caption::is_numbered_figure(text),
            slash: name_like && signs.has(b'/') || slashes && tokens.len() <= 4,
            marks: marks as f64 / all.max(1) as f64,
            unspaced,
            caption: super::caption::is_caption(text),
            asks: tokens.first().is_some_and(|word| asks(word)),
        }
    }
}

/// Is there a hyphen between spaces?
fn spaced_dash(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr_iter(b'-', bytes).any(|at| bytes[..at].ends_with(b" ") && bytes[at + 1..].starts_with(b" "))
}

/// The words of a line, in most cases no more than have room here.
type Tokens<'t> = SmallVec<[&'t str; 16]>;

/// Counts words up to a bound; tells whether the text is in a script without spaces.
fn count_words(text: &str) -> (usize, bool) {
    let head = &text[..text.floor_char_boundary(MOST_COUNTED_WORDS * 12)];
    if head.is_ascii() {
        return (count_spaced(head, MOST_COUNTED_WORDS), false);
    }
    let unspaced = head.chars().filter(|&c| is_unspaced(c)).count();
    if unspaced * 10 > head.chars().count() * 3 {
        let others = head.split_whitespace().filter(|word| word.is_ascii()).count();
        return ((unspaced / 2 + others).clamp(1, MOST_COUNTED_WORDS), true);
    }
    (count_spaced(head, MOST_COUNTED_WORDS) + unspaced / 2, false)
}

fn end_of(text: &str) -> End {
    const CLOSERS: &[char] = &['"', '”', '’', '\'', '»', ')', ']', '」', '』', '）', '“'];
    let bare = text.trim_end_matches(CLOSERS);
    match bare.chars().next_back() {
        Some('.') if bare.ends_with("...") => End::Ellipsis,
        Some('…') => End::Ellipsis,
        Some('.' | '。' | '।' | '۔' | '።' | '｡') => End::Stop,
        Some('?' | '？' | '؟') => End::Question,
        Some('!' | '！') => End::Exclamation,
        Some(':' | '：') => End::Colon,
        Some(',' | ';' | '，' | '；' | '、' | '،' | '-' | '–' | '—') => End::Comma,
        _ => match text.chars().next_back() {
            Some('"' | '”' | '’' | '»' | '」' | '』' | '“') => End::Quote,
            Some(')' | ']' | '）') => End::Bracket,
            Some(c) if c.is_ascii_digit() => End::Digit,
            _ => End::Open,
        },
    }
}

fn first_of(text: &str) -> First {
    const BULLETS: &[char] = &[
        '-', '•', '·', '*', '▪', '●', '–', '—', '→', '►', '>', '|', '+', '○', '◦', '✅', '✓', '✔', '➡', '☞', '■', '□',
        '◆', '▶',
    ];
    match text.chars().next() {
        Some(c) if BULLETS.contains(&c) => First::Bullet,
        Some(c) if c.is_ascii_digit() => First::Digit,
        Some('"' | '“' | '‘' | '\'' | '«' | '„' | '「' | '『') => First::Quote,
        Some('(' | '[' | '（' | '【') => First::Bracket,
        Some(c) if c.is_lowercase() => First::Lower,
        Some(c) if c.is_uppercase() => First::Upper,
        Some(c) if c.is_alphabetic() => First::Caseless,
        _ => First::Symbol,
    }
}

/// The case of the letters; how many words begin with a capital, and how many hold letters.
fn case_of(text: &str, tokens: &[&str], unspaced: bool) -> (Case, usize, usize) {
    if text.is_ascii() {
        return case_of_plain(text, tokens);
    }
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let first_letter = |word: &str| word.chars().find(|c| c.is_alphabetic());
    let capital = |word: &&&str| first_letter(word).is_some_and(char::is_uppercase);
    let lettered: Vec<&&str> = tokens.iter().filter(|word| first_letter(word).is_some()).collect();
    let capitalised = lettered.iter().filter(|word| capital(word)).count();
    let case = if letters().next().is_none() {
        Case::NoLetters
    } else if unspaced || letters().all(|c| !c.is_uppercase() && !c.is_lowercase()) {
        Case::Caseless
    } else if letters().count() > 1 && letters().all(|c| !c.is_lowercase()) {
        Case::Capitals
    } else if capitalised == 0 {
        Case::Lower
    } else {
        let long = |word: &&&&str| word.chars().count() > 3;
        let long_ones_capitalised = lettered.iter().filter(long).all(capital);
        if lettered.len() >= 2 && long_ones_capitalised && capitalised * 10 >= lettered.len() * 6 {
            Case::Title
        } else {
            Case::Sentence
        }
    };
    (case, capitalised, lettered.len())
}

/// The same of a line of ASCII.
fn case_of_plain(text: &str, tokens: &[&str]) -> (Case, usize, usize) {
    let (mut lettered, mut capitalised, mut long_ones_capitalised) = (0, 0, true);
    for token in tokens {
        let Some(first) = token.bytes().find(u8::is_ascii_alphabetic) else { continue };
        lettered += 1;
        capitalised += usize::from(first.is_ascii_uppercase());
        long_ones_capitalised &= token.len() <= 3 || first.is_ascii_uppercase();
    }
    let small = bytes::count(text.as_bytes(), |byte| byte.is_ascii_lowercase());
    let letters = small + bytes::count(text.as_bytes(), |byte| byte.is_ascii_uppercase());
    let case = if letters == 0 {
        Case::NoLetters
    } else if letters > 1 && small == 0 {
        Case::Capitals
    } else if capitalised == 0 {
        Case::Lower
    } else if lettered >= 2 && long_ones_capitalised && capitalised * 10 >= lettered * 6 {
        Case::Title
    } else {
        Case::Sentence
    };
    (case, capitalised, lettered)
}

/// Does the line begin with a number or letter as headings and lists do?
fn is_numbered(text: &str) -> bool {
    const LABELS: &[&str] = &[
        "step", "part", "chapter", "tip", "schritt", "teil", "kapitel", "no", "nr", "étape", "partie", "paso", "parte",
    ];
    const NUMERALS: &str = "一二三四五六七八九十";
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let bare = text.trim_start_matches(['(', '#', '（']);
    let count = digits(bare);
    if (1..=3).contains(&count) {
        let rest = &bare[count..];
        let spaced = rest.trim_start();
        let starred = text.starts_with('#');
        return starred
            || rest.starts_with(['.', ')', ':', '、', '．', '：', '）'])
            || spaced.starts_with(['、', '：'])
            || count <= 2 && spaced.strip_prefix(['-', '–', '—']).is_some_and(|rest| rest.contains(' '));
    }
    if let Some((label, rest)) = text.split_once([' ', '.', '#']) {
        let number = rest.trim_start_matches([' ', '#', '.']);
        if digits(number) > 0 && LABELS.contains(&label.to_lowercase().as_str()) {
            return true;
        }
    }
    let mut chars = text.chars();
    match (chars.next(), chars.next(), chars.next()) {
        (Some('Q' | 'q'), Some(c), _) if c.is_ascii_digit() => true,
        (Some('第'), _, _) => text.chars().take(5).any(|c| matches!(c, '章' | '节' | '步' | '部' | '節' | '回')),
        (Some(n), Some('、' | '．' | '.'), _) if NUMERALS.contains(n) => true,
        (Some('a'..='h' | 'A'..='H'), Some('.' | ')'), Some(' ')) => true,
        _ => {
            let roman = text.bytes().take_while(|b| matches!(b, b'i' | b'v' | b'x' | b'I' | b'V' | b'X')).count();
            (1..=4).contains(&roman) && (text[roman..].starts_with(". ") || text[roman..].starts_with(") "))
        }
    }
}

fn is_year(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 4
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && matches!(&bytes[..2], b"15" | b"16" | b"17" | b"18" | b"19" | b"20")
}

/// Holds a year of our time, or a time of day?
fn has_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..bytes.len()).any(|at| {
        let fresh = at == 0 || !digit(at - 1);
        let year = fresh
            && (bytes[at..].starts_with(b"19") || bytes[at..].starts_with(b"20"))
            && digit(at + 2)
            && digit(at + 3)
            && !digit(at + 4);
        let clock = matches!(bytes[at], b':' | b'.')
            && at > 0
            && digit(at - 1)
            && digit(at + 1)
            && digit(at + 2)
            && !digit(at + 3);
        year || clock
    })
}

/// Words by which commands begin.
const COMMANDS: &[&str] = &[
    "sudo", "apt", "dnf", "git", "cd", "pip", "npm", "import", "from", "def", "return", "print", "echo", "export",
    "let", "var", "const", "if", "for", "while", "else", "end", "fi", "done", "class", "function",
];

fn looks_like_code(text: &str, signs: &Signs, tokens: &[&str]) -> bool {
    static KNOWN: LazyLock<FxHashSet<&str>> = LazyLock::new(|| COMMANDS.iter().copied().collect());
    let is_path = || {
        text.match_indices('/').any(|(at, _)| {
            text[at + 1..].split_once('/').is_some_and(|(part, _)| {
                !part.is_empty()
                    && part.chars().all(|c| c.is_alphanumeric() || c == '_')
                    && text[..at].ends_with(char::is_alphanumeric)
            })
        })
    };
    signs.has_any(b"{}<>=$_\\")
        || signs.has(b'(') && text.contains("()")
        || signs.has(b':') && text.contains("::")
        || signs.has(b'-') && text.match_indices("--").any(|(at, _)| text[at + 2..].starts_with(char::is_alphanumeric))
        || text.ends_with(';')
        || signs.has(b'/') && is_path()
        || tokens.first().is_some_and(|word| KNOWN.contains(word))
}

fn inner_colon(text: &str) -> Option<(usize, usize)> {
    let (at, colon) = text.char_indices().find(|&(_, c)| matches!(c, ':' | '：'))?;
    let rest = &text[at + colon.len_utf8()..];
    (!rest.is_empty()).then(|| (text[..at].split_whitespace().count(), rest.split_whitespace().count()))
}

fn has_address(text: &str, signs: &Signs) -> bool {
    const SITES: [&str; 5] = ["com", "org", "net", "de", "io"];
    let is_site = |rest: &str| {
        SITES
            .iter()
            .any(|site| rest.strip_prefix(site).is_some_and(|behind| !behind.starts_with(char::is_alphanumeric)))
    };
    let dotted = |at: usize| text[..at].ends_with("www") || is_site(&text[at + 1..]);
    signs.has(b':') && memchr_iter(b':', text.as_bytes()).any(|at| text[at + 1..].starts_with("//"))
        || signs.has(b'@') && text.match_indices('@').any(|(at, _)| text[at + 1..].starts_with(char::is_alphanumeric))
        || signs.has(b'.') && memchr_iter(b'.', text.as_bytes()).any(dotted)
}

/// Words by which questions begin.
const ASKING_WORDS: &[&str] = &[
    "how",
    "what",
    "why",
    "when",
    "who",
    "where",
    "which",
    "wie",
    "was",
    "warum",
    "wer",
    "wo",
    "wann",
    "welche",
    "comment",
    "pourquoi",
    "qui",
    "quoi",
    "quand",
    "où",
    "quel",
    "quelle",
    "cómo",
    "qué",
    "por",
    "quién",
    "cuándo",
    "dónde",
    "como",
    "que",
    "quem",
    "quando",
    "onde",
    "chi",
    "che",
    "perché",
    "dove",
    "hoe",
    "wat",
    "waarom",
    "wie",
    "hur",
    "vad",
    "varför",
    "hvordan",
    "hva",
    "hvorfor",
    "как",
    "что",
    "почему",
    "кто",
    "где",
    "когда",
];

fn asks(word: &str) -> bool {
    static KNOWN: LazyLock<FxHashSet<&str>> = LazyLock::new(|| ASKING_WORDS.iter().copied().collect());
    /// None is longer, in bytes.
    const LONGEST: usize = 16;
    let word = word.trim_matches(|c: char| !c.is_alphabetic());
    word.len() <= LONGEST && KNOWN.contains(word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_beginnings() {
        for (text, end, first) in [
            ("The dispute", End::Open, First::Upper),
            ("“The dispute.”", End::Stop, First::Quote),
            ("What now?", End::Question, First::Upper),
            ("and then…", End::Ellipsis, First::Lower),
            ("- higher pay,", End::Comma, First::Bullet),
            ("3 demands (of many)", End::Bracket, First::Digit),
            ("港口罢工：", End::Colon, First::Caseless),
        ] {
            let line = Line::new(text);
            assert_eq!((line.end, line.first), (end, first), "{text}");
        }
    }

    #[test]
    fn cases() {
        for (text, case) in [
            ("THE DISPUTE", Case::Capitals),
            ("The Dispute at the Port", Case::Title),
            ("The dispute at the port", Case::Sentence),
            ("all small", Case::Lower),
            ("港口罢工", Case::Caseless),
            ("1987", Case::NoLetters),
        ] {
            assert_eq!(Line::new(text).detail.map(|detail| detail.case), Some(case), "{text}");
        }
    }

    #[test]
    fn numbers_in_front() {
        for (text, expected) in [
            ("1. The dispute", true),
            ("#2：The dispute", true),
            ("3) Pay", true),
            ("Step 4: Talk", true),
            ("IV. Pay", true),
            ("第三章 罢工", true),
            ("二、罢工", true),
            ("a) pay", true),
            ("12 – Pay and hours", true),
            ("1987 was a good year", false),
            ("24 dockers", false),
            ("I. am", true),
            ("Partly true 3", false),
        ] {
            assert_eq!(is_numbered(text), expected, "{text}");
        }
    }
}

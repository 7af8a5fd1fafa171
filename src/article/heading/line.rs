//! Properties of a single line: its length, how it begins and ends, its letters, its marks.
//!
//! Each property is a small closed set of answers with names that `sections --explain` prints.

use std::sync::LazyLock;

use memchr::memchr_iter;
use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use super::numbering::is_numbered;
use crate::text::bytes;
use crate::text::script::is_unspaced;
use crate::text::space::{count_spaced, is_space, split_on};

/// Declares an enum and the names of its variants for people, in order.
macro_rules! answers {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident => $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum $name { $($(#[$vmeta])* $variant,)+ }
        #[allow(dead_code, reason = "some enums are only compared, not printed")]
        impl $name {
            pub(super) const NAMES: &'static [&'static str] = &[$($text,)+];
        }
    };
}
pub(super) use answers;

answers! {
    /// How a line ends, without closing quotes and brackets.
    Ending {
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
    /// Endings grouped by their meaning.
    Closing {
        Open => "open",
        Sentence => "as a sentence",
        Question => "as a question",
        Colon => "with a colon",
        Comma => "with a comma or dash",
    }
}

answers! {
    /// How a line begins.
    Beginning {
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
    /// The first word of a line, as far as that tells what follows.
    Opening {
        Other => "any other word",
        Question => "a question word",
        Conjunction => "a conjunction",
        Article => "an article",
    }
}

answers! {
    /// Forms of captions.
    CaptionForm {
        None => "none",
        Name => "a name and what it does",
        Thing => "a thing and its place",
        Pictured => "what is pictured",
    }
}

answers! {
    /// The case of the letters of a line.
    LetterCase {
        NoLetters => "no letters",
        Caseless => "script without case",
        Capitals => "all capitals",
        Lower => "all small",
        Title => "Title Case",
        Sentence => "Sentence case",
    }
}

answers! {
    /// The kind of a line, as its neighbours see it.
    LineKind {
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

impl LineKind {
    /// Is it running text?
    pub(super) fn is_running(self) -> bool {
        matches!(self, LineKind::Long | LineKind::Paragraph | LineKind::Unstopped)
    }

    /// May it be an item of a list?
    pub(super) fn is_brief(self) -> bool {
        matches!(self, LineKind::Short | LineKind::VeryShort | LineKind::Bullet | LineKind::Comma | LineKind::Code)
    }

    /// May it be a heading?
    pub(super) fn is_short(self) -> bool {
        matches!(self, LineKind::Short | LineKind::VeryShort)
    }
}

/// Most words of a block that are counted.
pub(super) const MAX_COUNTED_WORDS: usize = 120;
/// Longest short line.
const MAX_CHARS: usize = 160;
/// Longest heading.
const MAX_WORDS: usize = 22;

/// A line and its properties.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    /// Number of words, at most [`MAX_COUNTED_WORDS`]; two characters of scripts without spaces count as one.
    pub(super) words: usize,
    /// Number of characters, at most one more than [`MAX_CHARS`].
    pub(super) chars: usize,
    pub(super) ending: Ending,
    pub(super) beginning: Beginning,
    pub(super) kind: LineKind,
    /// The properties of a short line; `None` for paragraphs.
    pub(super) short: Option<ShortLine>,
}

/// Properties of a short line.
#[derive(Debug, Clone)]
pub(super) struct ShortLine {
    pub(super) case: LetterCase,
    /// Does it begin with a number, the letter of a list item, or "Step 3"?
    pub(super) is_numbered: bool,
    /// Does it contain a year or a time of day?
    pub(super) has_date_or_time: bool,
    /// Does it look like code or a command?
    pub(super) is_code: bool,
    /// Does it contain a dash between words?
    pub(super) has_dash: bool,
    /// Number of words before and after the first colon, unless that is its end.
    pub(super) words_around_colon: Option<(usize, usize)>,
    pub(super) commas: usize,
    /// Does it contain a vertical bar?
    pub(super) has_bar: bool,
    /// Does it contain a web or mail address?
    pub(super) has_address: bool,
    pub(super) has_quotation: bool,
    /// Is it of two to four capitalised words, as names are?
    pub(super) is_name_like: bool,
    /// Does it begin as the caption of a numbered figure: "Figure 3", "图 3"?
    pub(super) is_figure: bool,
    /// Does it contain words separated by a slash, as credits do?
    pub(super) has_slash: bool,
    /// Share of the characters that are neither alphanumeric nor white space.
    pub(super) mark_share: f64,
    /// Is it in a script without spaces?
    pub(super) is_unspaced: bool,
    /// Is it a caption or credit?
    pub(super) is_caption: bool,
    /// Does it begin with a question word: how, why, was, comment?
    pub(super) opens_question: bool,
    /// Does it hold a price: a currency and a number?
    pub(super) has_price: bool,
    /// Its first word, as far as that tells what follows.
    pub(super) opening: Opening,
    /// Does it read as the caption of a picture?
    pub(super) caption_form: CaptionForm,
}

impl<'a> Line<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let (words, is_unspaced) = count_words(text);
        let start = &text[..text.floor_char_boundary((MAX_CHARS + 1) * 4)];
        let chars = if start.is_ascii() { start.len() } else { start.chars().count() }.min(MAX_CHARS + 1);
        let is_short = words <= MAX_WORDS + 3 && chars <= MAX_CHARS;
        let short = is_short.then(|| ShortLine::new(text, is_unspaced));
        let is_code = short.as_ref().is_some_and(|short| short.is_code);
        let (ending, beginning) = (ending_of(text), beginning_of(text));
        Line { text, words, chars, ending, beginning, kind: kind_of(words, ending, beginning, is_code), short }
    }

    /// Could it be a heading by its length and its characters?
    pub(super) fn may_be_heading(&self) -> bool {
        self.short.as_ref().is_some_and(|short| {
            let is_readable = short.case != LetterCase::NoLetters || begins_with_year(self.text);
            self.words <= MAX_WORDS && is_readable && !short.is_caption
        })
    }

    pub(super) fn closing(&self) -> Closing {
        match self.ending {
            Ending::Stop | Ending::Exclamation | Ending::Ellipsis => Closing::Sentence,
            Ending::Question => Closing::Question,
            Ending::Colon => Closing::Colon,
            Ending::Comma => Closing::Comma,
            _ => Closing::Open,
        }
    }

    /// Is it a short line in this case?
    pub(super) fn is_short_with_case(&self, case: LetterCase) -> bool {
        self.kind.is_short() && self.short.as_ref().is_some_and(|short| short.case == case)
    }

    /// Is it a short line with the case, ending and beginning of `line`, whose short properties are `short`?
    pub(super) fn is_short_like(&self, line: &Line<'_>, short: &ShortLine) -> bool {
        self.is_short_with_case(short.case) && self.ending == line.ending && self.beginning == line.beginning
    }
}

fn kind_of(words: usize, ending: Ending, beginning: Beginning, is_code: bool) -> LineKind {
    if beginning == Beginning::Bullet && words < 25 {
        return LineKind::Bullet;
    }
    if is_code && ending != Ending::Stop && words < 15 {
        return LineKind::Code;
    }
    if words >= 35 {
        return LineKind::Long;
    }
    let is_stopped =
        matches!(ending, Ending::Stop | Ending::Question | Ending::Exclamation | Ending::Ellipsis | Ending::Quote)
            || ending == Ending::Bracket && words > 8;
    match ending {
        _ if is_stopped && words >= 12 => LineKind::Paragraph,
        _ if is_stopped => LineKind::Sentence,
        Ending::Colon => LineKind::Colon,
        Ending::Comma => LineKind::Comma,
        _ if words >= 18 => LineKind::Unstopped,
        _ if words >= 9 => LineKind::Short,
        _ => LineKind::VeryShort,
    }
}

/// The bytes that a line contains: most of its properties need no search once these are known.
struct ByteSet {
    contains: [bool; 256],
    is_ascii: bool,
}

impl ByteSet {
    fn of(text: &str) -> ByteSet {
        let mut contains = [false; 256];
        text.bytes().for_each(|byte| contains[usize::from(byte)] = true);
        ByteSet { contains, is_ascii: text.is_ascii() }
    }

    fn has(&self, byte: u8) -> bool {
        self.contains[usize::from(byte)]
    }

    fn has_any(&self, bytes: &[u8]) -> bool {
        bytes.iter().any(|&byte| self.has(byte))
    }

    fn has_digit(&self) -> bool {
        (b'0'..=b'9').any(|digit| self.has(digit))
    }
}

impl ShortLine {
    fn new(text: &str, is_unspaced: bool) -> Self {
        let set = ByteSet::of(text);
        let tokens: Tokens<'_> =
            if set.is_ascii { split_on(text, is_space).collect() } else { text.split_whitespace().collect() };
        let CaseCounts { case, capitalised, lettered } = case_of(text, &tokens, is_unspaced);
        let is_name_like = (2..=4).contains(&lettered) && capitalised == lettered;
        let has_colon = set.has(b':') || !set.is_ascii;
        let has_comma = set.has(b',') || !set.is_ascii;
        let is_comma = |c: &char| matches!(c, ',' | '，' | '、' | '،');
        ShortLine {
            case,
            is_numbered: is_numbered(text),
            has_date_or_time: set.has_digit() && has_date_or_time(text),
            is_code: looks_like_code(text, &set, &tokens),
            has_dash: set.has(b'-') && has_spaced_hyphen(text)
                || !set.is_ascii && [" – ", " — "].iter().any(|dash| text.contains(dash)),
            words_around_colon: if has_colon { words_around_colon(text) } else { None },
            commas: if has_comma { text.chars().filter(is_comma).count() } else { 0 },
            has_bar: set.has(b'|'),
            has_address: has_address(text, &set),
            has_quotation: set.has(b'"') || !set.is_ascii && text.contains(['“', '«', '„', '「', '『']),
            is_name_like,
            is_figure: set.has_digit() && super::caption::is_numbered_figure(text),
            has_slash: set.has(b'/') && (is_name_like || tokens.len() <= 4 && has_unspaced_slash(text)),
            mark_share: mark_share(text, set.is_ascii),
            is_unspaced,
            is_caption: super::caption::is_caption(text),
            opens_question: tokens.first().is_some_and(|word| is_question_word(word)),
            has_price: set.has_digit() && has_price(text),
            opening: opening_of(&tokens),
            caption_form: super::caption::form_of(text, &tokens),
        }
    }
}

/// Share of the characters that are neither alphanumeric nor white space.
fn mark_share(text: &str, is_ascii: bool) -> f64 {
    let (all, marks) = if is_ascii {
        let is_mark = |byte: u8| !byte.is_ascii_alphanumeric() & !is_space(byte);
        (text.len(), bytes::count(text.as_bytes(), is_mark))
    } else {
        let is_mark = |c: &char| !c.is_alphanumeric() && !c.is_whitespace();
        (text.chars().count(), text.chars().filter(is_mark).count())
    };
    marks as f64 / all.max(1) as f64
}

/// Is there a slash without white space on either side?
fn has_unspaced_slash(text: &str) -> bool {
    let is_joined = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
    text.match_indices('/')
        .any(|(at, _)| is_joined(text[..at].chars().next_back()) && is_joined(text[at + 1..].chars().next()))
}

/// Is there a hyphen between spaces?
fn has_spaced_hyphen(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr_iter(b'-', bytes).any(|at| bytes[..at].ends_with(b" ") && bytes[at + 1..].starts_with(b" "))
}

/// The words of a line: few enough, nearly always, to need no heap memory.
type Tokens<'t> = SmallVec<[&'t str; 16]>;

/// Number of words, at most [`MAX_COUNTED_WORDS`], and whether the text is in a script without spaces.
fn count_words(text: &str) -> (usize, bool) {
    let start = &text[..text.floor_char_boundary(MAX_COUNTED_WORDS * 12)];
    if start.is_ascii() {
        return (count_spaced(start, MAX_COUNTED_WORDS), false);
    }
    let unspaced = start.chars().filter(|&c| is_unspaced(c)).count();
    if unspaced * 10 > start.chars().count() * 3 {
        let others = start.split_whitespace().filter(|word| word.is_ascii()).count();
        return ((unspaced / 2 + others).clamp(1, MAX_COUNTED_WORDS), true);
    }
    (count_spaced(start, MAX_COUNTED_WORDS) + unspaced / 2, false)
}

fn ending_of(text: &str) -> Ending {
    const CLOSERS: &[char] = &['"', '”', '’', '\'', '»', ')', ']', '」', '』', '）', '“'];
    let bare = text.trim_end_matches(CLOSERS);
    match bare.chars().next_back() {
        Some('.') if bare.ends_with("...") => Ending::Ellipsis,
        Some('…') => Ending::Ellipsis,
        Some('.' | '。' | '।' | '۔' | '።' | '｡') => Ending::Stop,
        Some('?' | '？' | '؟') => Ending::Question,
        Some('!' | '！') => Ending::Exclamation,
        Some(':' | '：') => Ending::Colon,
        Some(',' | ';' | '，' | '；' | '、' | '،' | '-' | '–' | '—') => Ending::Comma,
        _ => match text.chars().next_back() {
            Some('"' | '”' | '’' | '»' | '」' | '』' | '“') => Ending::Quote,
            Some(')' | ']' | '）') => Ending::Bracket,
            Some(c) if c.is_ascii_digit() => Ending::Digit,
            _ => Ending::Open,
        },
    }
}

fn beginning_of(text: &str) -> Beginning {
    const BULLETS: &[char] = &[
        '-', '•', '·', '*', '▪', '●', '–', '—', '→', '►', '>', '|', '+', '○', '◦', '✅', '✓', '✔', '➡', '☞', '■', '□',
        '◆', '▶',
    ];
    match text.chars().next() {
        Some(c) if BULLETS.contains(&c) => Beginning::Bullet,
        Some(c) if c.is_ascii_digit() => Beginning::Digit,
        Some('"' | '“' | '‘' | '\'' | '«' | '„' | '「' | '『') => Beginning::Quote,
        Some('(' | '[' | '（' | '【') => Beginning::Bracket,
        Some(c) if c.is_lowercase() => Beginning::Lower,
        Some(c) if c.is_uppercase() => Beginning::Upper,
        Some(c) if c.is_alphabetic() => Beginning::Caseless,
        _ => Beginning::Symbol,
    }
}

/// The case of a line.
struct CaseCounts {
    case: LetterCase,
    /// Number of words whose first letter is upper case.
    capitalised: usize,
    /// Number of words with letters.
    lettered: usize,
}

fn case_of(text: &str, tokens: &[&str], is_unspaced: bool) -> CaseCounts {
    if text.is_ascii() {
        return case_of_ascii(text, tokens);
    }
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let first_letter = |word: &str| word.chars().find(|c| c.is_alphabetic());
    let is_capitalised = |word: &&&str| first_letter(word).is_some_and(char::is_uppercase);
    let lettered: Vec<&&str> = tokens.iter().filter(|word| first_letter(word).is_some()).collect();
    let capitalised = lettered.iter().filter(|word| is_capitalised(word)).count();
    let case = if letters().next().is_none() {
        LetterCase::NoLetters
    } else if is_unspaced || letters().all(|c| !c.is_uppercase() && !c.is_lowercase()) {
        LetterCase::Caseless
    } else if letters().count() > 1 && letters().all(|c| !c.is_lowercase()) {
        LetterCase::Capitals
    } else if capitalised == 0 {
        LetterCase::Lower
    } else {
        let is_long = |word: &&&&str| word.chars().count() > 3;
        let long_are_capitalised = lettered.iter().filter(is_long).all(is_capitalised);
        if lettered.len() >= 2 && long_are_capitalised && capitalised * 10 >= lettered.len() * 6 {
            LetterCase::Title
        } else {
            LetterCase::Sentence
        }
    };
    CaseCounts { case, capitalised, lettered: lettered.len() }
}

/// [`case_of`] for a line of ASCII.
fn case_of_ascii(text: &str, tokens: &[&str]) -> CaseCounts {
    let (mut lettered, mut capitalised, mut long_are_capitalised) = (0, 0, true);
    for token in tokens {
        let Some(first) = token.bytes().find(u8::is_ascii_alphabetic) else { continue };
        lettered += 1;
        capitalised += usize::from(first.is_ascii_uppercase());
        long_are_capitalised &= token.len() <= 3 || first.is_ascii_uppercase();
    }
    let lower = bytes::count(text.as_bytes(), |byte| byte.is_ascii_lowercase());
    let letters = lower + bytes::count(text.as_bytes(), |byte| byte.is_ascii_uppercase());
    let case = if letters == 0 {
        LetterCase::NoLetters
    } else if letters > 1 && lower == 0 {
        LetterCase::Capitals
    } else if capitalised == 0 {
        LetterCase::Lower
    } else if lettered >= 2 && long_are_capitalised && capitalised * 10 >= lettered * 6 {
        LetterCase::Title
    } else {
        LetterCase::Sentence
    };
    CaseCounts { case, capitalised, lettered }
}

fn begins_with_year(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 4
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && matches!(&bytes[..2], b"15" | b"16" | b"17" | b"18" | b"19" | b"20")
}

/// Does the line contain a year from 1900 to 2099 or a time of day?
fn has_date_or_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..bytes.len()).any(|at| {
        let is_start = at == 0 || !digit(at - 1);
        let is_year = is_start
            && (bytes[at..].starts_with(b"19") || bytes[at..].starts_with(b"20"))
            && digit(at + 2)
            && digit(at + 3)
            && !digit(at + 4);
        let is_time = matches!(bytes[at], b':' | b'.')
            && at > 0
            && digit(at - 1)
            && digit(at + 1)
            && digit(at + 2)
            && !digit(at + 3);
        is_year || is_time
    })
}

/// First words of commands and code.
const COMMANDS: &[&str] = &[
    "sudo", "apt", "dnf", "git", "cd", "pip", "npm", "import", "from", "def", "return", "print", "echo", "export",
    "let", "var", "const", "if", "for", "while", "else", "end", "fi", "done", "class", "function",
];

static COMMAND_SET: LazyLock<FxHashSet<&str>> = LazyLock::new(|| COMMANDS.iter().copied().collect());

/// Signs of currencies.
const CURRENCIES: &[char] = &['$', '€', '£', '¥', '₹', '₽', '₩', '₺', '₴', '₦', '₱', '฿'];

/// Is there a sign of a currency before or after a number?
fn has_price(text: &str) -> bool {
    text.match_indices(CURRENCIES).any(|(at, sign)| {
        let digit = |c: char| c.is_ascii_digit();
        text[at + sign.len()..].trim_start().starts_with(digit) || text[..at].trim_end().ends_with(digit)
    })
}

/// Is there a dollar sign that is no part of a price, as that of a variable or of a prompt?
fn has_variable(text: &str) -> bool {
    text.match_indices('$').any(|(at, _)| {
        let rest = &text[at + 1..];
        let is_price = rest.trim_start().starts_with(|c: char| c.is_ascii_digit())
            || text[..at].trim_end().ends_with(|c: char| c.is_ascii_digit());
        // "A$AP", "$$$", "in $ and €": only names and braces are code.
        !is_price && (rest.starts_with(['{', '(', '_']) || rest.starts_with(char::is_alphabetic) || at == 0)
    })
}

fn looks_like_code(text: &str, set: &ByteSet, tokens: &[&str]) -> bool {
    let is_path = || {
        text.match_indices('/').any(|(at, _)| {
            text[at + 1..].split_once('/').is_some_and(|(part, _)| {
                !part.is_empty()
                    && part.chars().all(|c| c.is_alphanumeric() || c == '_')
                    && text[..at].ends_with(char::is_alphanumeric)
            })
        })
    };
    set.has_any(b"{}<>=_\\")
        || set.has(b'$') && has_variable(text)
        || set.has(b'(') && text.contains("()")
        || set.has(b':') && text.contains("::")
        || set.has(b'-') && text.match_indices("--").any(|(at, _)| text[at + 2..].starts_with(char::is_alphanumeric))
        || text.ends_with(';')
        || set.has(b'/') && is_path()
        || tokens.first().is_some_and(|word| COMMAND_SET.contains(word))
}

/// Number of words before and after the first colon, unless that is the end of the line.
fn words_around_colon(text: &str) -> Option<(usize, usize)> {
    let (at, colon) = text.char_indices().find(|&(_, c)| matches!(c, ':' | '：'))?;
    let rest = &text[at + colon.len_utf8()..];
    (!rest.is_empty()).then(|| (text[..at].split_whitespace().count(), rest.split_whitespace().count()))
}

fn has_address(text: &str, set: &ByteSet) -> bool {
    const SITES: [&str; 5] = ["com", "org", "net", "de", "io"];
    let is_site = |rest: &str| {
        SITES.iter().any(|site| rest.strip_prefix(site).is_some_and(|after| !after.starts_with(char::is_alphanumeric)))
    };
    let is_site_dot = |at: usize| text[..at].ends_with("www") || is_site(&text[at + 1..]);
    set.has(b':') && memchr_iter(b':', text.as_bytes()).any(|at| text[at + 1..].starts_with("//"))
        || set.has(b'@') && text.match_indices('@').any(|(at, _)| text[at + 1..].starts_with(char::is_alphanumeric))
        || set.has(b'.') && memchr_iter(b'.', text.as_bytes()).any(is_site_dot)
}

/// First words of questions.
#[rustfmt::skip]
const QUESTION_WORDS: &[&str] = &[
    "how", "what", "why", "when", "who", "where", "which", "wie", "was", "warum", "wer", "wo", "wann", "welche",
    "comment", "pourquoi", "qui", "quoi", "quand", "où", "quel", "quelle", "cómo", "qué", "por", "quién", "cuándo",
    "dónde", "como", "que", "quem", "quando", "onde", "chi", "che", "perché", "dove", "hoe", "wat", "waarom", "wie",
    "hur", "vad", "varför", "hvordan", "hva", "hvorfor", "как", "что", "почему", "кто", "где", "когда",
];

static QUESTION_WORD_SET: LazyLock<FxHashSet<&str>> = LazyLock::new(|| QUESTION_WORDS.iter().copied().collect());

/// Words that continue what was said before, at the beginning of a sentence.
#[rustfmt::skip]
const CONJUNCTIONS: &[&str] = &[
    "but", "and", "so", "or", "yet", "because", "aber", "und", "doch", "oder", "also", "denn", "mais", "et", "ou",
    "donc", "or", "car", "pero", "y", "o", "entonces", "mas", "e", "então", "ma", "quindi", "però", "maar", "en",
    "dus", "of", "men", "och", "så", "eller", "og", "но", "и", "а", "или", "ale", "i", "więc", "ama", "ve",
];

/// Definite and indefinite articles.
#[rustfmt::skip]
const ARTICLES: &[&str] = &[
    "the", "a", "an", "der", "die", "das", "ein", "eine", "le", "la", "les", "un", "une", "el", "los", "las", "una",
    "il", "lo", "gli", "i", "os", "as", "um", "uma", "het", "de", "een", "den", "det", "en", "ett", "et",
];

static CONJUNCTION_SET: LazyLock<FxHashSet<&str>> = LazyLock::new(|| CONJUNCTIONS.iter().copied().collect());
static ARTICLE_SET: LazyLock<FxHashSet<&str>> = LazyLock::new(|| ARTICLES.iter().copied().collect());

fn opening_of(tokens: &[&str]) -> Opening {
    /// No such word is longer.
    const MAX_BYTES: usize = 16;
    let word = tokens.first().map_or("", |word| word.trim_matches(|c: char| !c.is_alphabetic()));
    // A numeral or label is no word: "a) pay", "I. Pay".
    if tokens.len() < 2 || word.is_empty() || word.len() > MAX_BYTES || tokens[0].ends_with([')', '.', ':']) {
        return Opening::Other;
    }
    let word = word.to_lowercase();
    if QUESTION_WORD_SET.contains(word.as_str()) {
        Opening::Question
    } else if CONJUNCTION_SET.contains(word.as_str()) {
        Opening::Conjunction
    } else if ARTICLE_SET.contains(word.as_str()) {
        Opening::Article
    } else {
        Opening::Other
    }
}

fn is_question_word(word: &str) -> bool {
    /// No question word is longer.
    const MAX_BYTES: usize = 16;
    let word = word.trim_matches(|c: char| !c.is_alphabetic());
    word.len() <= MAX_BYTES && QUESTION_WORD_SET.contains(word.to_lowercase().as_str())
}

/// Builds the tables now rather than at first use.
pub(super) fn build_tables() {
    LazyLock::force(&COMMAND_SET);
    LazyLock::force(&QUESTION_WORD_SET);
    LazyLock::force(&CONJUNCTION_SET);
    LazyLock::force(&ARTICLE_SET);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_and_beginnings() {
        for (text, ending, beginning) in [
            ("The dispute", Ending::Open, Beginning::Upper),
            ("“The dispute.”", Ending::Stop, Beginning::Quote),
            ("What now?", Ending::Question, Beginning::Upper),
            ("and then…", Ending::Ellipsis, Beginning::Lower),
            ("- higher pay,", Ending::Comma, Beginning::Bullet),
            ("3 demands (of many)", Ending::Bracket, Beginning::Digit),
            ("港口罢工：", Ending::Colon, Beginning::Caseless),
        ] {
            let line = Line::new(text);
            assert_eq!((line.ending, line.beginning), (ending, beginning), "{text}");
        }
    }

    #[test]
    fn cases() {
        for (text, case) in [
            ("THE DISPUTE", LetterCase::Capitals),
            ("The Dispute at the Port", LetterCase::Title),
            ("The dispute at the port", LetterCase::Sentence),
            ("all small", LetterCase::Lower),
            ("港口罢工", LetterCase::Caseless),
            ("1987", LetterCase::NoLetters),
        ] {
            assert_eq!(Line::new(text).short.map(|short| short.case), Some(case), "{text}");
        }
    }

    #[test]
    fn prices_are_no_code() {
        for (text, is_code, has_price) in [
            ("Halden raincoat for $40", false, true),
            ("$5 a week", false, true),
            ("A US$ 1,000 prize", false, true),
            ("12 € im Hafen", false, true),
            ("echo $HOME", true, false),
            ("$ ls", true, false),
            ("Set ${PORT}", true, false),
            ("The pay of dockers", false, false),
        ] {
            let short = Line::new(text).short.expect("a short line");
            assert_eq!((short.is_code, short.has_price), (is_code, has_price), "{text}");
        }
    }
}

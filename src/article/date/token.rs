//! The tokens of a date: numbers, months and words, in the digits, scripts and calendars of the world's newspapers.
//!
//! Normalises what only writes a date in another way, so that `parse` knows one form: digits of all scripts, Chinese numerals (`二〇二三年九月十二日`), years of reigns (`令和5年`), of Buddha (`พ.ศ. 2566`) and of the Solar
//! Hijri calendar (`۲۱ شهریور ۱۴۰۲`), months of two words, by number (`tháng 9`) and by two names (`سبتمبر/أيلول`).

use unicode_normalization::char::is_combining_mark;

use super::calendar;
use super::names::{HALVES, month_of, month_of_two, solar_hijri_month_of};
use crate::text::fold::{fold, is_ignorable};
use crate::text::script::{ascii_digit, is_unspaced};

/// A token of a date.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A number and its count of digits.
    Number(i32, usize),
    /// A month of the Gregorian calendar, from 1.
    Month(i8),
    /// A word that is not a month, folded.
    Word(String),
    Sign(char),
}

/// The tokens of a text, with the byte at which each starts. `None` if there are too many, or `is_allowed` rejects one of its
/// words, folded.
pub(super) fn tokenize(text: &str, is_allowed: impl Fn(&str) -> bool) -> Option<(Vec<Token>, Vec<usize>)> {
    const MAX_TOKENS: usize = 40;
    let mut tokens = Tokens { list: Vec::with_capacity(8), starts: Vec::with_capacity(8) };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let start = text.len() - rest.len();
        let (token, end) = next_token(rest, c)?;
        match token {
            Some(Token::Word(word)) if !is_allowed(&word) => return None,
            Some(token) => tokens.push(token, start),
            None => {}
        }
        if tokens.list.len() > MAX_TOKENS {
            return None;
        }
        rest = &rest[end..];
    }
    if !text.is_ascii() {
        if has_bikram_year(&tokens.list, text) {
            return None;
        }
        tokens.make_gregorian(text);
    }
    Some((tokens.list, tokens.starts))
}

/// The token that `rest` begins with, `c` being its first character, and its bytes; no token for a space. `None` if a number is
/// too long.
fn next_token(rest: &str, c: char) -> Option<(Option<Token>, usize)> {
    let is_digit = |c: char| c.is_ascii_digit() || ascii_digit(c).is_some();
    if c.is_ascii_digit() || ascii_digit(c).is_some() {
        let end = rest.find(|c| !is_digit(c)).unwrap_or(rest.len());
        let digits: String = rest[..end].chars().map(|c| ascii_digit(c).unwrap_or(c)).collect();
        return Some((Some(Token::Number(digits.parse().ok()?, digits.len())), end));
    }
    if c.is_ascii_alphabetic() {
        return Some(word(rest));
    }
    if c.is_ascii() {
        return Some(((!c.is_ascii_whitespace() && !c.is_ascii_control()).then_some(Token::Sign(c)), 1));
    }
    if let Some((number, end)) = chinese_number(rest) {
        return Some((Some(number), end));
    }
    if is_ignorable(c) || c.is_whitespace() {
        return Some((None, c.len_utf8()));
    }
    if let Some((half, names)) = HALVES.iter().find(|(_, names)| names.iter().any(|name| rest.starts_with(name))) {
        let end = names.iter().find(|name| rest.starts_with(**name)).map_or(0, |name| name.len());
        return Some((Some(Token::Word((*half).to_string())), end));
    }
    if is_ideograph(c) {
        return Some((Some(Token::Word(c.to_string())), c.len_utf8()));
    }
    if !c.is_alphabetic() {
        return Some((Some(Token::Sign(c)), c.len_utf8()));
    }
    Some(word(rest))
}

/// The word or month that `rest` begins with, and its bytes.
fn word(rest: &str) -> (Option<Token>, usize) {
    let is_of_word = |c: char| {
        c.is_ascii_alphabetic()
            || !c.is_ascii() && (c.is_alphabetic() || is_combining_mark(c) || is_ignorable(c)) && !is_ideograph(c)
    };
    let end = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
    let word = fold(&rest[..end]);
    (Some(month_of(&word).map_or(Token::Word(word), Token::Month)), end)
}

/// Is it a character of Chinese or Japanese, where each may be a word?
fn is_ideograph(c: char) -> bool {
    is_unspaced(c)
        && matches!(c, '\u{3005}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..)
}

/// The number in Chinese numerals that `rest` begins with, if a unit of dates or times follows, and its bytes.
fn chinese_number(rest: &str) -> Option<(Token, usize)> {
    const ZERO_TO_NINE: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    const UNITS: &[char] = &['年', '月', '日', '号', '號', '時', '时', '点', '點', '分'];
    /// A year has the most.
    const MAX_DIGITS: usize = 4;
    let value_of = |c: char| match c {
        '○' | '零' => Some(0),
        _ => ZERO_TO_NINE.iter().position(|&digit| digit == c),
    };
    let (mut values, mut tens, mut end) = (Vec::new(), None, 0);
    for c in rest.chars() {
        match (c, value_of(c)) {
            // The first year of a reign.
            ('元', _) if end == 0 => values.push(1),
            ('十', _) if tens.is_none() && values.len() <= 1 => {
                tens = Some(values.pop().unwrap_or(1));
            }
            ('廿', _) if end == 0 => tens = Some(2),
            (_, Some(value)) if values.len() < MAX_DIGITS => values.push(value),
            _ => break,
        }
        end += c.len_utf8();
    }
    if end == 0 || !rest[end..].starts_with(UNITS) {
        return None;
    }
    let ones = values.iter().fold(0, |number, value| number * 10 + *value as i32);
    let (value, digits) = match tens {
        Some(tens) if values.len() <= 1 => (tens as i32 * 10 + ones, 2),
        Some(_) => return None,
        None => (ones, values.len()),
    };
    Some((Token::Number(value, digits), end))
}

/// Does the text have a year of Nepal's calendar (Bikram Sambat), which is 56 or 57 more than the Gregorian one? The lengths of its
/// months need a table for each year, so such a date is not read.
fn has_bikram_year(tokens: &[Token], text: &str) -> bool {
    const YEARS: std::ops::RangeInclusive<i32> = 2050..=2150;
    text.chars().any(|c| matches!(c, '०'..='९'))
        && tokens.iter().any(|token| matches!(token, Token::Number(year, 4) if YEARS.contains(year)))
}

/// The tokens so far, each with its first byte.
struct Tokens {
    list: Vec<Token>,
    starts: Vec<usize>,
}

impl Tokens {
    /// Adds a token; it may complete one of several words.
    fn push(&mut self, token: Token, start: usize) {
        use Token::{Month, Number, Sign, Word};
        let (whole, used) = match (self.list.as_slice(), &token) {
            // كانون الثاني
            ([.., Word(first)], Word(second)) => (month_of_two(first, ' ', second).map(Month), 1),
            // ก.ย.
            ([.., Word(first), Sign('.')], Word(second)) => (month_of_two(first, '.', second).map(Month), 2),
            // سبتمبر/أيلول
            ([.., Month(first), Sign('/')], Month(second)) if first == second => (Some(Month(*first)), 2),
            // tháng 9
            ([.., Word(word)], Number(month @ 1..=12, 1 | 2)) if word == "thang" => (Some(Month(*month as i8)), 1),
            // 令和5
            ([.., Word(first), Word(second)], Number(year, 1..=3)) => {
                (calendar::year_before_era(&format!("{first}{second}")).map(|before| Number(before + year, 4)), 2)
            }
            _ => (None, 0),
        };
        let Some(whole) = whole else {
            self.list.push(token);
            self.starts.push(start);
            return;
        };
        let first = self.list.len() - used;
        self.list.truncate(first);
        self.list.push(whole);
        self.starts.truncate(first + 1);
    }

    /// Makes years and months of other calendars Gregorian, where the script tells the calendar and the year is none of ours.
    fn make_gregorian(&mut self, text: &str) {
        use Token::{Month, Number, Sign, Word};
        let has = |range: std::ops::RangeInclusive<char>| text.chars().any(|c| range.contains(&c));
        // Thai, Lao; Khmer.
        let is_buddhist = has('\u{e00}'..='\u{eff}') || has('\u{1780}'..='\u{17ff}');
        let is_persian = has('۰'..='۹');
        for at in 0..self.list.len() {
            match &mut self.list[at..] {
                [Number(year, 4), ..] if is_buddhist && calendar::BUDDHIST_YEARS.contains(year) => {
                    *year -= calendar::BUDDHIST_YEARS_BEFORE;
                }
                [Number(day, 1 | 2), month, Number(year, 4), ..] => {
                    let Word(name) = &*month else { continue };
                    let date =
                        solar_hijri_month_of(name).and_then(|month| calendar::from_solar_hijri(*year, month, *day));
                    if let Some((new_year, new_month, new_day)) = date {
                        (*year, *month, *day) = (new_year, Month(new_month), new_day);
                    }
                }
                [Number(year, 4), Sign('/' | '-'), Number(month, 1 | 2), Sign('/' | '-'), Number(day, 1 | 2), ..]
                    if is_persian =>
                {
                    if let Some(date) = calendar::from_solar_hijri(*year, *month, *day) {
                        (*year, *month, *day) = (date.0, i32::from(date.1), date.2);
                    }
                }
                _ => {}
            }
        }
    }
}

//! Dates of publication: read from metadata, text lines, URLs and paths, kept to the precision known.
//!
//! A wrong date costs more than none. `09/10/2023` can be two days and so is none; years outside a newspaper's life are
//! none; a file's time is never looked at.

use std::fmt;
use std::sync::LazyLock;

use jiff::civil;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{Published, PublishedFrom};
use crate::text::fold::fold;

impl Published {
    /// The date that `text` states as a whole, if it states one.
    #[must_use]
    pub fn parse(text: &str, from: PublishedFrom) -> Option<Published> {
        parse(text).map(|stamp| Published { value: stamp.to_string(), from })
    }

    /// Seconds since 1970 of its beginning, by the calendar and clock it is written in.
    #[must_use]
    pub fn seconds(&self) -> Option<i64> {
        let number = |range: std::ops::Range<usize>| self.value.get(range)?.parse::<i16>().ok();
        let year = number(0..4)?;
        let month = number(5..7).unwrap_or(1) as i8;
        let day = number(8..10).unwrap_or(1) as i8;
        let hour = number(11..13).unwrap_or(0) as i8;
        let minute = number(14..16).unwrap_or(0) as i8;
        let second = number(17..19).unwrap_or(0) as i8;
        Some(seconds_of(civil::DateTime::new(year, month, day, hour, minute, second, 0).ok()?))
    }

    /// The day, month or year, without the time of day.
    #[must_use]
    pub fn day(&self) -> &str {
        &self.value[..self.value.len().min(10)]
    }
}

/// Seconds since 1970 of a civil time, as if it were UTC.
#[must_use]
pub fn seconds_of(time: civil::DateTime) -> i64 {
    let epoch = civil::date(1970, 1, 1);
    let days = time.date().duration_since(epoch).as_hours() / 24;
    days * 86_400 + i64::from(time.hour()) * 3_600 + i64::from(time.minute()) * 60 + i64::from(time.second())
}

/// A date, and a time of day where one is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
    time: Option<(i8, i8, i8)>,
    /// Minutes east of Greenwich.
    offset: Option<i32>,
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        let (Some(month), day) = (self.month, self.day) else { return Ok(()) };
        write!(f, "-{month:02}")?;
        let Some(day) = day else { return Ok(()) };
        write!(f, "-{day:02}")?;
        let Some((hour, minute, second)) = self.time else { return Ok(()) };
        write!(f, "T{hour:02}:{minute:02}:{second:02}")?;
        match self.offset {
            Some(0) => f.write_str("Z"),
            Some(offset) => {
                write!(f, "{}{:02}:{:02}", if offset < 0 { '-' } else { '+' }, offset.abs() / 60, offset.abs() % 60)
            }
            None => Ok(()),
        }
    }
}

/// Years in which there were newspapers, and no year long after now.
const YEARS: std::ops::RangeInclusive<i16> = 1600..=2100;

/// A part of a date line.
#[derive(Debug, Clone, PartialEq)]
enum Part {
    /// Digits, with how many there were.
    Number(i32, usize),
    Month(i8),
    /// A folded word that is no month.
    Word(String),
    Sign(char),
}

/// Month names by their first letters, folded, and long enough to be sure. Longer spellings stand first.
const MONTHS: &[(&[&str], i8)] = &[
    (
        &[
            "january",
            "januar",
            "janvier",
            "janv",
            "enero",
            "ene",
            "gennaio",
            "gen",
            "janeiro",
            "januari",
            "jan",
            "января",
            "январь",
            "stycznia",
            "styczen",
            "ocak",
            "tammikuu",
            "leden",
            "ledna",
        ],
        1,
    ),
    (
        &[
            "february",
            "februar",
            "fevrier",
            "fevr",
            "fev",
            "febrero",
            "febbraio",
            "fevereiro",
            "februari",
            "feb",
            "февраля",
            "февраль",
            "lutego",
            "luty",
            "subat",
            "helmikuu",
            "unor",
            "unora",
        ],
        2,
    ),
    (
        &[
            "march",
            "marz",
            "maerz",
            "mrz",
            "mars",
            "marzo",
            "marco",
            "maart",
            "mrt",
            "mar",
            "mart",
            "марта",
            "март",
            "marca",
            "marzec",
            "maaliskuu",
            "brezen",
            "brezna",
        ],
        3,
    ),
    (
        &[
            "april",
            "avril",
            "avr",
            "abril",
            "abr",
            "aprile",
            "apr",
            "апреля",
            "апрель",
            "kwietnia",
            "kwiecien",
            "nisan",
            "huhtikuu",
            "duben",
            "dubna",
        ],
        4,
    ),
    (
        &[
            "may", "mai", "mayo", "maggio", "mag", "maio", "mei", "maj", "maja", "мая", "май", "mayis", "toukokuu",
            "kveten", "kvetna",
        ],
        5,
    ),
    (
        &[
            "june", "juni", "juin", "junio", "giugno", "giu", "junho", "jun", "июня", "июнь", "czerwca", "czerwiec",
            "haziran", "kesakuu", "cerven", "cervna",
        ],
        6,
    ),
    (
        &[
            "july", "juli", "juillet", "juil", "julio", "luglio", "lug", "julho", "jul", "июля", "июль", "lipca",
            "lipiec", "temmuz", "heinakuu", "cervenec", "cervence",
        ],
        7,
    ),
    (
        &[
            "august",
            "aout",
            "agosto",
            "ago",
            "augustus",
            "augusti",
            "aug",
            "августа",
            "август",
            "sierpnia",
            "sierpien",
            "agustos",
            "elokuu",
            "srpen",
            "srpna",
        ],
        8,
    ),
    (
        &[
            "september",
            "septembre",
            "septiembre",
            "setiembre",
            "settembre",
            "setembro",
            "sept",
            "sep",
            "set",
            "сентября",
            "сентябрь",
            "wrzesnia",
            "wrzesien",
            "eylul",
            "syyskuu",
            "zari",
        ],
        9,
    ),
    (
        &[
            "october",
            "oktober",
            "octobre",
            "octubre",
            "ottobre",
            "outubro",
            "oct",
            "okt",
            "ott",
            "out",
            "октября",
            "октябрь",
            "pazdziernika",
            "pazdziernik",
            "ekim",
            "lokakuu",
            "rijen",
            "rijna",
        ],
        10,
    ),
    (
        &[
            "november",
            "novembre",
            "noviembre",
            "novembro",
            "nov",
            "ноября",
            "ноябрь",
            "listopada",
            "listopad",
            "kasim",
            "marraskuu",
            "listopadu",
        ],
        11,
    ),
    (
        &[
            "december",
            "dezember",
            "decembre",
            "diciembre",
            "dicembre",
            "dezembro",
            "dec",
            "dez",
            "dic",
            "декабря",
            "декабрь",
            "grudnia",
            "grudzien",
            "aralik",
            "joulukuu",
            "prosinec",
            "prosince",
        ],
        12,
    ),
];

fn month_of(folded: &str) -> Option<i8> {
    static BY_NAME: LazyLock<FxHashMap<&str, i8>> = LazyLock::new(|| {
        // Of two months of one name, the first in the list.
        let names = MONTHS.iter().rev().flat_map(|&(names, month)| names.iter().map(move |&name| (name, month)));
        names.collect()
    });
    BY_NAME.get(folded).copied()
}

/// The date that `text` states: the whole of it is the date, or the date with words that go with dates.
fn parse(text: &str) -> Option<Stamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > 120 {
        return None;
    }
    iso(text).or_else(|| loose(&parts(text)?))
}

/// `2023-09-12`, `2023-09-12T08:00:00.000Z`, `2023-09-12 08:00+02:00`, `20230912T0800Z`, `2023-09`, `2023`.
fn iso(text: &str) -> Option<Stamp> {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| -> Option<i16> {
        let piece = text.get(range)?;
        piece.bytes().all(|b| b.is_ascii_digit()).then(|| piece.parse().ok())?
    };
    let year = digits(0..4)?;
    if bytes.len() == 4 {
        return stamp(year, None, None);
    }
    let (month, day, rest) = if bytes[4] == b'-' || bytes[4] == b'/' {
        let month = digits(5..7)?;
        if bytes.len() == 7 {
            return stamp(year, Some(month as i8), None);
        }
        if bytes[7] != bytes[4] {
            return None;
        }
        (month, digits(8..10)?, &text[10..])
    } else {
        (digits(4..6)?, digits(6..8)?, text.get(8..)?)
    };
    let mut stamp = stamp(year, Some(month as i8), Some(day as i8))?;
    if rest.is_empty() {
        return Some(stamp);
    }
    let rest = rest.strip_prefix(['T', 't', ' ', '_'])?.trim_start();
    let (time, offset) = clock(rest)?;
    stamp.time = Some(time);
    stamp.offset = offset;
    Some(stamp)
}

/// `08:00`, `08:00:15.123`, `080015`, then nothing, `Z`, `UTC` or an offset.
fn clock(text: &str) -> Option<((i8, i8, i8), Option<i32>)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.' && c != ',').unwrap_or(text.len());
    let (digits, zone) = text.split_at(end);
    let digits: String =
        digits.split(['.', ',']).next().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    let number = |range: std::ops::Range<usize>| digits.get(range).map_or(Some(0), |piece| piece.parse::<i8>().ok());
    if digits.len() != 4 && digits.len() != 6 {
        return None;
    }
    let time = (number(0..2)?, number(2..4)?, number(4..6)?);
    let zone = zone.trim();
    let offset = match zone {
        "" => None,
        "Z" | "z" | "UTC" | "GMT" => Some(0),
        _ => {
            let sign = if zone.starts_with('-') {
                -1
            } else if zone.starts_with('+') {
                1
            } else {
                return None;
            };
            let digits: String = zone[1..].chars().filter(char::is_ascii_digit).collect();
            let hours: i32 = digits.get(0..2)?.parse().ok()?;
            let minutes: i32 = digits.get(2..4).unwrap_or("0").parse().ok()?;
            Some(sign * (hours * 60 + minutes))
        }
    };
    valid_time(time).then_some((time, offset))
}

fn valid_time((hour, minute, second): (i8, i8, i8)) -> bool {
    (0..24).contains(&hour) && (0..60).contains(&minute) && (0..61).contains(&second)
}

fn stamp(year: i16, month: Option<i8>, day: Option<i8>) -> Option<Stamp> {
    let valid = YEARS.contains(&year) && civil::Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).is_ok();
    valid.then_some(Stamp { year, month, day, time: None, offset: None })
}

/// Numbers, months, words and signs of a date line.
fn parts(text: &str) -> Option<Vec<Part>> {
    parts_if(text, |_| true)
}

/// The same; `None` also if `may` says no to a word, folded.
fn parts_if(text: &str, may: impl Fn(&str) -> bool) -> Option<Vec<Part>> {
    const MOST_PARTS: usize = 40;
    let mut out = Vec::with_capacity(8);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let kind = |c: char| (c.is_numeric(), c.is_alphabetic());
        let end = if c.is_ascii_digit() {
            rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
        } else if crate::text::script::is_unspaced(c) {
            c.len_utf8()
        } else if c.is_alphabetic() {
            rest.find(|c: char| !kind(c).1).unwrap_or(rest.len())
        } else {
            c.len_utf8()
        };
        let piece = &rest[..end];
        if c.is_ascii_digit() {
            out.push(Part::Number(piece.parse().ok()?, end));
        } else if c.is_alphabetic() {
            let folded = fold(piece);
            match month_of(&folded) {
                Some(month) => out.push(Part::Month(month)),
                None if may(&folded) => out.push(Part::Word(folded)),
                None => return None,
            }
        } else if !c.is_whitespace() {
            out.push(Part::Sign(c));
        }
        if out.len() > MOST_PARTS {
            return None;
        }
        rest = &rest[end..];
    }
    Some(out)
}

/// Dates as people write them: finds the one date among `parts`.
fn loose(parts: &[Part]) -> Option<Stamp> {
    let mut stamp = (0..parts.len()).find_map(|at| date_at(parts, at))??;
    if let Some((time, offset)) = (0..parts.len()).find_map(|at| time_at(parts, at)) {
        stamp.time = Some(time);
        stamp.offset = offset;
    }
    Some(stamp)
}

/// A date that begins at `at`. The inner `None` is what has the form of a date and is none, or could be two.
fn date_at(parts: &[Part], at: usize) -> Option<Option<Stamp>> {
    use Part::{Month, Number, Sign, Word};
    let word = |part: &Part, words: &[&str]| matches!(part, Word(word) if words.contains(&word.as_str()));
    let rest = &parts[at..];
    let full = |year: &i32, month: i32, day: &i32| stamp(*year as i16, Some(month as i8), Some(*day as i8));
    // 2023年9月12日
    if let [Number(year, 4), first, Number(month, _), second, Number(day, _), ..] = rest
        && (word(first, &["年"]) && word(second, &["月"]) || word(first, &["년"]) && word(second, &["월"]))
    {
        return Some(full(year, *month, day));
    }
    // The words and signs that may stand between day, month and year.
    let skip = |mut i: usize| {
        while i < rest.len()
            && (word(&rest[i], &["de", "of", "del", "st", "nd", "rd", "th", "er", "den"])
                || matches!(rest[i], Sign('.' | ',' | '-' | '/' | '\'')))
        {
            i += 1;
        }
        i
    };
    match rest.first()? {
        Number(day, 1 | 2) => {
            let i = skip(1);
            let Some(Month(month)) = rest.get(i) else { return numeric(rest) };
            match rest.get(skip(i + 1)) {
                Some(Number(year, 4)) => Some(full(year, i32::from(*month), day)),
                _ => None,
            }
        }
        Number(year, 4) => match rest {
            [_, Sign(a @ ('-' | '/' | '.')), Number(month, 1 | 2), Sign(b), Number(day, 1 | 2), ..] if a == b => {
                Some(full(year, *month, day))
            }
            _ => None,
        },
        Month(month) => {
            let i = skip(1);
            match rest.get(i)? {
                Number(day, 1 | 2) => match rest.get(skip(i + 1)) {
                    Some(Number(year, 4)) => Some(full(year, i32::from(*month), day)),
                    _ => None,
                },
                Number(year, 4) => Some(stamp(*year as i16, Some(*month), None)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// `12.09.2023` is day first wherever dots are written; with slashes or hyphens only where one number cannot be a
/// month. The inner `None` is a date that could be two.
fn numeric(rest: &[Part]) -> Option<Option<Stamp>> {
    use Part::{Number, Sign};
    let [Number(first, 1 | 2), Sign(a @ ('.' | '/' | '-')), Number(second, 1 | 2), Sign(b), Number(year, 4), ..] = rest
    else {
        return None;
    };
    if a != b {
        return None;
    }
    let (day, month) = match (*first, *second) {
        (day, month) if *a == '.' => (day, month),
        (day, month) if day == month => (day, month),
        (day, month) if day > 12 => (day, month),
        (month, day) if day > 12 => (day, month),
        _ => return Some(None),
    };
    Some(stamp(*year as i16, Some(month as i8), Some(day as i8)))
}

/// `3:04 pm`, `10h12`, `15:04:23.44 GMT`, `10.35 Uhr`.
fn time_at(parts: &[Part], at: usize) -> Option<((i8, i8, i8), Option<i32>)> {
    use Part::{Number, Sign, Word};
    let rest = &parts[at..];
    let (hour, minute, mut used) = match rest {
        [Number(hour, 1 | 2), Sign(':'), Number(minute, 2), ..] => (*hour, *minute, 3),
        [Number(hour, 1 | 2), Word(h), Number(minute, 2), ..] if h == "h" => (*hour, *minute, 3),
        [Number(hour, 1 | 2), Sign('.'), Number(minute, 2), Word(word), ..]
            if matches!(word.as_str(), "uhr" | "am" | "pm" | "klo") =>
        {
            (*hour, *minute, 3)
        }
        [Number(hour, 1 | 2), Word(word), ..] if matches!(word.as_str(), "am" | "pm" | "uhr") => (*hour, 0, 1),
        _ => return None,
    };
    let mut second = 0;
    if let [Sign(':'), Number(value, 2), ..] = &rest[used..] {
        second = *value;
        used += 2;
    }
    let mut hour = hour;
    let mut tail = rest[used..].iter();
    let half = match (tail.next(), tail.next(), tail.next()) {
        (Some(Word(word)), _, _) if word == "am" || word == "pm" => Some(word == "pm"),
        (Some(Word(a)), Some(Sign('.')), Some(Word(m))) if m == "m" && (a == "a" || a == "p") => Some(a == "p"),
        _ => None,
    };
    match half {
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    let zone = rest[used..].iter().find_map(|part| match part {
        Word(word) if word == "gmt" || word == "utc" => Some(0),
        _ => None,
    });
    let time = (i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?);
    valid_time(time).then_some((time, zone))
}

/// The date of a date line: a date, with at most the words that go with dates.
///
/// The bound on other words keeps sentences that mention a date from passing for date lines.
#[must_use]
pub fn date_line(text: &str) -> Option<Published> {
    stamp_of_line(text).map(|stamp| Published { value: stamp.to_string(), from: PublishedFrom::Text })
}

/// Is `text` a date line?
#[must_use]
pub fn is_date_line(text: &str) -> bool {
    stamp_of_line(text).is_some()
}

fn stamp_of_line(text: &str) -> Option<Stamp> {
    const MOST_BYTES: usize = 90;
    // No date is without a year.
    if text.len() > MOST_BYTES || !text.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit)) {
        return None;
    }
    let text = text.trim();
    let stamp = iso(text).or_else(|| loose(&parts_if(text, is_date_word)?))?;
    stamp.month.is_some().then_some(stamp)
}

/// Words that stand beside dates: names of days and zones, and "published on" in several languages.
fn is_date_word(folded: &str) -> bool {
    const WORDS: &[&str] = &[
        "published",
        "publish",
        "posted",
        "updated",
        "update",
        "last",
        "first",
        "on",
        "at",
        "the",
        "of",
        "date",
        "am",
        "pm",
        "a",
        "p",
        "m",
        "et",
        "est",
        "edt",
        "ct",
        "cst",
        "cdt",
        "mt",
        "mst",
        "mdt",
        "pt",
        "pst",
        "pdt",
        "gmt",
        "utc",
        "bst",
        "ist",
        "cet",
        "cest",
        "z",
        "t",
        "h",
        "uhr",
        "um",
        "st",
        "nd",
        "rd",
        "th",
        "er",
        "de",
        "del",
        "den",
        "le",
        "la",
        "el",
        "il",
        "a",
        "à",
        "les",
        "du",
        "vom",
        "am",
        "veroffentlicht",
        "aktualisiert",
        "stand",
        "publie",
        "mis",
        "jour",
        "modifie",
        "publicado",
        "actualizado",
        "atualizado",
        "em",
        "as",
        "alle",
        "ore",
        "pubblicato",
        "aggiornato",
        "hrs",
        "uur",
        "klo",
        "kl",
        "г",
        "в",
        "опубликовано",
        "обновлено",
        "年",
        "月",
        "日",
        "년",
        "월",
        "일",
    ];
    const DAYS: &[&str] = &[
        "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "mo", "di", "mi", "do", "fr", "sa",
        "so", "lun", "mar", "mer", "jeu", "ven", "sam", "dim",
    ];
    static KNOWN: LazyLock<FxHashSet<&str>> = LazyLock::new(|| WORDS.iter().chain(DAYS).copied().collect());
    KNOWN.contains(folded) || is_day_name(folded)
}

/// Is the word, folded, the name of a month?
#[must_use]
pub fn is_month_name(folded: &str) -> bool {
    month_of(folded).is_some()
}

/// Is the word, folded, the whole name of a day of the week?
#[must_use]
pub fn is_day_name(folded: &str) -> bool {
    ["day", "tag", "woch", "abend", "di", "edi", "anche", "es", "ado", "ingo", "feira", "dag", "ka"]
        .iter()
        .any(|end| folded.ends_with(end))
        && [
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "montag",
            "dienstag",
            "mittwoch",
            "donnerstag",
            "freitag",
            "samstag",
            "sonnabend",
            "sonntag",
            "lundi",
            "mardi",
            "mercredi",
            "jeudi",
            "vendredi",
            "samedi",
            "dimanche",
            "lunes",
            "martes",
            "miercoles",
            "jueves",
            "viernes",
            "sabado",
            "domingo",
            "lunedi",
            "martedi",
            "mercoledi",
            "giovedi",
            "venerdi",
            "sabato",
            "domenica",
            "maandag",
            "dinsdag",
            "woensdag",
            "donderdag",
            "vrijdag",
            "zaterdag",
            "zondag",
        ]
        .contains(&folded)
}

/// The date in a path or URL: `2023/09/12`, `2023-09-12-slug`, `20230912-slug`, `2023/sep/12`, `2023/09`.
#[must_use]
pub fn date_in_path(path: &str, from: PublishedFrom) -> Option<Published> {
    let pieces: Vec<&str> = path.split(['/', '-', '_', '.', '\\']).collect();
    let number = |piece: &str, digits: usize| {
        (piece.len() == digits && piece.bytes().all(|b| b.is_ascii_digit())).then(|| piece.parse::<i16>().ok())?
    };
    let recent = |year: i16| (1850..=2100).contains(&year);
    for (i, piece) in pieces.iter().enumerate() {
        if let Some(year) = number(piece, 4).filter(|&year| recent(year)) {
            let month = pieces.get(i + 1).and_then(|m| {
                number(m, 2).or_else(|| number(m, 1)).or_else(|| month_of(&m.to_lowercase()).map(i16::from))
            });
            let day = pieces.get(i + 2).and_then(|d| number(d, 2).or_else(|| number(d, 1)));
            let found = match (month, day) {
                (Some(month), Some(day)) => stamp(year, Some(month as i8), Some(day as i8)),
                _ => None,
            };
            if let Some(found) = found {
                return Some(Published { value: found.to_string(), from });
            }
        }
        if piece.len() == 8 && piece.bytes().all(|b| b.is_ascii_digit()) {
            let found = iso(piece).filter(|stamp| recent(stamp.year));
            if let Some(found) = found {
                return Some(Published { value: found.to_string(), from });
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_they_are_written() {
        for (text, value) in [
            ("2023-09-12", "2023-09-12"),
            ("2023-09", "2023-09"),
            ("2023-09-12T08:00:00Z", "2023-09-12T08:00:00Z"),
            ("2024-08-08 08:00:00+00:00", "2024-08-08T08:00:00Z"),
            ("2019-11-20T01:27:00.000-0500", "2019-11-20T01:27:00-05:00"),
            ("20191120T052700Z", "2019-11-20T05:27:00Z"),
            ("9-MAR-1987 10:35:23.44", "1987-03-09T10:35:23"),
            ("Nov 18, 2011 3:04 pm", "2011-11-18T15:04:00"),
            ("September 12th, 2023", "2023-09-12"),
            ("12. September 2023, 8.30 Uhr", "2023-09-12T08:30:00"),
            ("Mis à jour le 3 mars 2021 à 10h12", "2021-03-03T10:12:00"),
            ("12 de septiembre de 2023", "2023-09-12"),
            ("1er août 2020", "2020-08-01"),
            ("2023年9月12日", "2023-09-12"),
            ("Tue, 12 Sep 2023 08:00:00 GMT", "2023-09-12T08:00:00Z"),
            ("31/12/2023", "2023-12-31"),
            ("12/31/2023", "2023-12-31"),
            ("09/09/2023", "2023-09-09"),
            ("1.2.2023", "2023-02-01"),
            ("Sept. 2023", "2023-09"),
            ("12:00 a.m. May 1, 2020", "2020-05-01T00:00:00"),
        ] {
            assert_eq!(Published::parse(text, PublishedFrom::Text).map(|p| p.value), Some(value.to_string()), "{text}");
        }
    }

    #[test]
    fn no_date_is_guessed() {
        for text in
            ["09/10/2023", "31 February 2020", "Monday", "99 red balloons", "May", "", "2 May", "1234567", "30/30/2020"]
        {
            assert_eq!(Published::parse(text, PublishedFrom::Text), None, "{text}");
        }
    }

    #[test]
    fn sentences_are_no_date_lines() {
        for (text, is_line) in [
            ("Published: Tuesday 12 September 2023 at 08:00 BST", true),
            ("Jun 5, 2009 4:50 pm", true),
            ("The port closed on 12 September 2023", false),
            ("2023-09-12", true),
            ("2023", false),
        ] {
            assert_eq!(date_line(text).is_some(), is_line, "{text}");
        }
    }

    #[test]
    fn paths_bear_dates() {
        for (path, value) in [
            ("news/2023/09/12/strike.txt", Some("2023-09-12")),
            ("20230912-strike.txt", Some("2023-09-12")),
            ("2023-09-12_strike.txt", Some("2023-09-12")),
            ("https://example.org/world/2020/nov/04/vote", Some("2020-11-04")),
            ("articles/12345678.txt", None),
            ("1987/3024.txt", None),
        ] {
            assert_eq!(date_in_path(path, PublishedFrom::Path).map(|p| p.value).as_deref(), value, "{path}");
        }
    }

    #[test]
    fn seconds_follow_the_calendar() {
        let at = |value: &str| Published { value: value.into(), from: PublishedFrom::Text }.seconds();
        assert_eq!(at("1970-01-02"), Some(86_400));
        assert_eq!(at("1970"), Some(0));
        assert_eq!(at("2023-09-12T08:00:00Z"), Some(1_694_505_600));
    }
}

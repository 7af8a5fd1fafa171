//! What a line begins with that is no part of its sentence: a number or letter, a label before a colon.

use memchr::memchr;

/// Words before the number of a heading.
#[rustfmt::skip]
const LABELS: &[&str] = &[
    "step", "part", "chapter", "tip", "schritt", "teil", "kapitel", "no", "nr", "étape", "partie", "paso", "parte",
    "capítulo", "capitolo", "chapitre", "del", "deel", "hoofdstuk", "часть", "глава", "day", "tag", "jour", "día",
    "week", "round", "lesson", "reason", "rule", "fact", "myth", "act", "grund", "regel", "fehler", "tipp", "raison",
    "conseil", "consejo",
];

/// Numbers in words, from one, in lower case; those of one number are together.
#[rustfmt::skip]
const NUMBER_WORDS: &[&[&str]] = &[
    &["one", "first", "eins", "erster", "erste", "erstes", "un", "une", "premier", "première", "uno", "una", "primero",
        "primera", "prima", "primo", "primeira", "ett", "första", "første", "een", "eerste", "первая"],
    &["two", "second", "zwei", "zweiter", "zweite", "zweites", "deux", "deuxième", "dos", "segunda", "segundo", "due",
        "seconda", "två", "andra", "andre", "twee", "tweede", "вторая"],
    &["three", "third", "drei", "dritter", "dritte", "drittes", "trois", "troisième", "tres", "tercera", "tercero",
        "tre", "terza", "tredje", "drie", "derde", "третья"],
    &["four", "fourth", "vier", "vierter", "vierte", "viertes", "quatre", "quatrième", "cuatro", "cuarta", "quattro",
        "quarta", "fyra", "fjärde", "vierde", "четвертая"],
    &["five", "fifth", "fünf", "fünfter", "fünfte", "cinq", "cinquième", "cinco", "quinta", "cinque", "fem", "femte",
        "vijf", "vijfde", "пятая"],
    &["six", "sixth", "sechs", "sechste", "sixième", "seis", "sexta", "sei", "sex", "zes", "шестая"],
    &["seven", "seventh", "sieben", "siebte", "sept", "siete", "sette", "sju", "zeven"],
];

/// The number that a line begins with, alone or after a label: `3.`, `#3`, `Step 3`, `Part three`, `III.`.
pub(super) fn number_of(text: &str) -> Option<u32> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let number =
        |text: &str| Some(digits(text)).filter(|count| (1..=3).contains(count)).and_then(|n| text[..n].parse().ok());
    let bare = text.trim_start_matches(['(', '#', '（', '№']).trim_start();
    if let Some(found) = number(bare) {
        return Some(found);
    }
    let in_words = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let at = NUMBER_WORDS.iter().position(|words| words.contains(&word.as_str()))?;
        Some(at as u32 + 1)
    };
    let mut words = text.split_whitespace();
    let (first, second) = (words.next()?, words.next().unwrap_or(""));
    // No label or number in words is longer.
    if first.len() > 24 {
        return None;
    }
    let is_label = |word: &str| {
        let word = word.trim_end_matches(|c: char| !c.is_alphabetic());
        LABELS.iter().any(|label| word.eq_ignore_ascii_case(label))
            || !word.is_ascii() && LABELS.contains(&word.to_lowercase().as_str())
    };
    if is_label(first) {
        return number(second.trim_start_matches('#')).or_else(|| in_words(second)).or_else(|| roman(second));
    }
    // "Teil" may follow: "Erster Teil".
    if is_label(second)
        && let Some(found) = in_words(first)
    {
        return Some(found);
    }
    if first.ends_with([':', '.', ')']) { roman(first).or_else(|| in_words(first)) } else { None }
}

/// The value of a Roman numeral of at most 39, with a mark after it.
fn roman(word: &str) -> Option<u32> {
    let numeral = word.trim_end_matches([':', '.', ')', ',']);
    if numeral.is_empty() || numeral.len() > 6 {
        return None;
    }
    let value = |c: char| match c {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        _ => None,
    };
    let values: Vec<u32> = numeral.chars().map(value).collect::<Option<_>>()?;
    let sum = values.iter().enumerate().map(|(i, &v)| {
        let v = v as i32;
        if values.get(i + 1).is_some_and(|&next| next as i32 > v) { -v } else { v }
    });
    u32::try_from(sum.sum::<i32>()).ok()
}

/// The label that a line begins with, in front of a colon: `Q` of `Q: Why?`, `See also` of `See also: Ferries`.
pub(super) fn label_of(text: &str) -> Option<&str> {
    const MAX_BYTES: usize = 40;
    const MAX_LABEL_WORDS: usize = 3;
    let start = &text[..text.floor_char_boundary(MAX_BYTES)];
    let at = if start.is_ascii() { memchr(b':', start.as_bytes())? } else { start.find([':', '：'])? };
    let label = &start[..at];
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let is_time = digit(label.as_bytes().last()) && digit(text.as_bytes().get(at + 1));
    let words = label.split_whitespace().count();
    ((1..=MAX_LABEL_WORDS).contains(&words) && !is_time).then_some(label)
}

/// Does the line begin with a number or letter, as headings and items of lists do?
pub(super) fn is_numbered(text: &str) -> bool {
    const NUMERALS: &str = "一二三四五六七八九十";
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let bare = text.trim_start_matches(['(', '#', '（']);
    let count = digits(bare);
    if (1..=3).contains(&count) {
        let rest = &bare[count..];
        let spaced = rest.trim_start();
        return text.starts_with('#')
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_lines() {
        for (text, number) in [
            ("3. Pay", Some(3)),
            ("#2 Pay", Some(2)),
            ("Step 4: Talk", Some(4)),
            ("Part Two: The truce", Some(2)),
            ("Erster Teil", Some(1)),
            ("IV. Pay", Some(4)),
            ("Second, the pay", None),
            ("First: the pay", Some(1)),
            ("1987 was good", None),
            ("Part of the deal", None),
        ] {
            assert_eq!(number_of(text), number, "{text}");
        }
    }

    #[test]
    fn labels_of_lines() {
        for (text, label) in [
            ("Q: Why?", Some("Q")),
            ("See it now: Quayside", Some("See it now")),
            ("11:40 the ferry left", None),
            ("#1：港口", Some("#1")),
            ("Why the men of the quay walk: pay", None),
            ("The dispute", None),
        ] {
            assert_eq!(label_of(text), label, "{text}");
        }
    }

    #[test]
    fn numbered_lines() {
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

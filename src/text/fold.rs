//! Folding: the form of a word without case, accents and compatibility variants.
//!
//! `Élysée`, `ELYSEE` and `élysée` fold to `elysee`; `ﬁnance` (ligature) to `finance`; `Straße` to `strasse`.
//! Accents of Latin, Greek and Cyrillic letters and vowel points of Hebrew and Arabic are dropped; marks that make
//! another letter (Japanese voicing, Indic vowels, Cyrillic й) are kept. Digits of all scripts fold to ASCII digits, and
//! the spellings of Hindi that differ in nukta, or in how a nasal is written, to one.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::script::ascii_digit;

/// `text` with its letters composed (NFC): file names of macOS and some PDF have them decomposed.
#[must_use]
pub(crate) fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfc().collect())
}

/// Appends the lower-case, composed (NFC) form of `word` to `out`: the input of stemmers.
pub(crate) fn lower_into(word: &str, out: &mut String) {
    if word.is_ascii() {
        let start = out.len();
        out.push_str(word);
        out[start..].make_ascii_lowercase();
        return;
    }
    let letter = |c: &char| !is_ignorable(*c);
    if is_nfc_quick(word.chars()) == IsNormalized::Yes && !word.chars().any(|c| is_ignorable(c) || c == 'İ') {
        out.extend(word.chars().flat_map(char::to_lowercase));
        return;
    }
    let lower = word.nfc().filter(letter).flat_map(char::to_lowercase);
    // Lower-casing İ gives i and a combining dot: composing again leaves one form of each word.
    out.extend(lower.nfc());
}

/// Appends the folded form of `word` to `out`.
pub(crate) fn fold_into(word: &str, out: &mut String) {
    if word.is_ascii() {
        let start = out.len();
        out.push_str(word);
        out[start..].make_ascii_lowercase();
        return;
    }
    let mut base = ' ';
    let mut folded = String::with_capacity(word.len());
    let mut rest = word;
    let mut is_composed = true;
    while !rest.is_empty() {
        // ASCII decomposes to itself, and no composition crosses it.
        let ascii_bytes = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let (ascii, after) = rest.split_at(ascii_bytes);
        folded.push_str(ascii);
        let from = folded.len() - ascii.len();
        folded[from..].make_ascii_lowercase();
        base = folded.chars().next_back().filter(|_| !ascii.is_empty()).unwrap_or(base);
        let other_bytes = after.bytes().position(|byte| byte.is_ascii()).unwrap_or(after.len());
        is_composed &= fold_non_ascii(&after[..other_bytes], &mut base, &mut folded);
        rest = &after[other_bytes..];
    }
    if is_composed || folded.is_ascii() {
        out.push_str(&folded);
    } else {
        write_nasals(folded.nfc(), out);
    }
}

/// Folds a run of characters beyond ASCII; `base` is the letter before the run, and is set to the last letter of it.
/// Returns false if what is added may still have to be composed.
fn fold_non_ascii(run: &str, base: &mut char, folded: &mut String) -> bool {
    // Most of what English text has beyond ASCII are quotation marks and dashes.
    let mut chars = run.chars();
    if let (Some(c @ ('‘'..='‟' | '–' | '—')), None) = (chars.next(), chars.next()) {
        folded.push(c);
        *base = c;
        return true;
    }
    let mut is_composed = true;
    for c in run.nfkd().flat_map(char::to_lowercase) {
        if is_ignorable(c) {
            continue;
        }
        if is_combining_mark(c) {
            if !is_dropped_mark(c, *base) {
                folded.push(c);
                is_composed = false;
            }
            continue;
        }
        *base = c;
        // In these blocks only combining marks compose with the character before them.
        is_composed &= matches!(c, ..'\u{1100}' | '\u{2000}'..'\u{a000}');
        match plain_letters(c) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(ascii_digit(c).unwrap_or(c)),
        }
    }
    is_composed
}

/// Appends `letters` with the nasals of Devanagari written as anusvara: `हिन्दी` and `हिंदी` are one word, `चाँद` and
/// `चांद` too. A nasal consonant without a vowel is anusvara before a consonant of its own class.
fn write_nasals(letters: impl Iterator<Item = char>, out: &mut String) {
    const CHANDRABINDU: char = '\u{901}';
    const ANUSVARA: char = '\u{902}';
    const VIRAMA: char = '\u{94d}';
    let mut letters = letters.peekable();
    while let Some(c) = letters.next() {
        let class = match c {
            CHANDRABINDU => {
                out.push(ANUSVARA);
                continue;
            }
            'ङ' => 'क'..='घ',
            'ञ' => 'च'..='झ',
            'ण' => 'ट'..='ढ',
            'न' => 'त'..='ध',
            'म' => 'प'..='भ',
            _ => {
                out.push(c);
                continue;
            }
        };
        if letters.next_if_eq(&VIRAMA).is_none() {
            out.push(c);
        } else if letters.peek().is_some_and(|next| class.contains(next)) {
            out.push(ANUSVARA);
        } else {
            out.extend([c, VIRAMA]);
        }
    }
}

/// The folded form of `word`.
#[must_use]
pub(crate) fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    fold_into(word, &mut out);
    out
}

/// The form in which exact values (heading, byline, source) are compared: folded, each run of white space made one space,
/// punctuation at both ends dropped.
///
/// A value without a letter or digit keeps its punctuation, so that `***` still equals itself.
#[must_use]
pub fn fold_value(value: &str) -> String {
    let mut folded = String::with_capacity(value.len());
    // Double quotes count as white space, because they cannot be typed inside a quoted query.
    let parts = value.split(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»'));
    for part in parts.filter(|part| !part.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        fold_into(part, &mut folded);
    }
    let inner = folded.trim_matches(|c: char| !c.is_alphanumeric() && !is_combining_mark(c));
    if inner.is_empty() { folded } else { inner.to_string() }
}

/// Is `mark` an accent or vowel sign of `base`, rather than part of another letter?
fn is_dropped_mark(mark: char, base: char) -> bool {
    match mark {
        // Combining diacritics over Latin, Greek and Cyrillic letters.
        '\u{300}'..='\u{36f}' => !(mark == '\u{306}' && matches!(base, 'и' | 'у')),
        // Hebrew points and cantillation, Arabic vowel signs and Koranic marks.
        '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}' => {
            true
        }
        // The nukta of Devanagari: writers of Hindi leave it out as they like. In other scripts it makes another letter.
        '\u{93c}' => true,
        '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}' => true,
        _ => false,
    }
}

/// Is this a character inside words that is not part of their spelling: soft hyphen, joiner, direction mark, tatweel,
/// variation selector, or another without width?
#[must_use]
pub(crate) fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{640}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0100}'..='\u{e01ef}')
}

/// `form`, a word in lower case, folded with its umlauts spelled as two letters, as those write them who have no key for
/// them: `jaeger` of `jäger`, `aarhus` of `århus`. `None` if it has none.
#[must_use]
pub(crate) fn spelled_out(form: &str) -> Option<String> {
    let letters = |c: char| {
        Some(match c {
            'ä' => "ae",
            'ö' | 'ø' => "oe",
            'ü' => "ue",
            'å' => "aa",
            _ => return None,
        })
    };
    if form.is_ascii() {
        return None;
    }
    let form = composed(form);
    if !form.contains(|c| letters(c).is_some()) {
        return None;
    }
    let mut out = String::with_capacity(form.len() + 2);
    for c in form.chars() {
        match letters(c) {
            Some(letters) => out.push_str(letters),
            None => out.push(c),
        }
    }
    Some(fold(&out))
}

/// The letters that people type for one that Unicode does not decompose.
fn plain_letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'ħ' => "h",
        'ı' => "i",
        'þ' => "th",
        'ς' => "σ",
        // Arabic: readers treat the seats of hamza as one letter, and so the two final forms.
        'ٱ' => "ا",
        'ى' => "ي",
        'ة' => "ه",
        _ => return None,
    })
}

/// A text without the accents of its letters, all other characters kept: what regular expressions on exact values are
/// matched against.
#[must_use]
pub(crate) fn unaccented(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let letter = |c: char| if c.is_ascii() { c.to_string() } else { fold(&c.to_string()) };
    Cow::Owned(text.chars().map(letter).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_table() {
        for (word, folded) in [
            ("Strike", "strike"),
            ("Élysée", "elysee"),
            ("Straße", "strasse"),
            ("İstanbul", "istanbul"),
            ("ıspanak", "ispanak"),
            ("ﬁnance", "finance"),
            ("Łódź", "lodz"),
            ("Ünïcödé", "unicode"),
            ("e\u{301}tude", "etude"),
            ("ＡＢＣ", "abc"),
            ("йод", "йод"),
            ("ёлка", "елка"),
            ("が", "が"),
            ("مُحَمَّد", "محمد"),
            ("ΛΌΓΟΣ", "λογοσ"),
            ("co\u{ad}operate", "cooperate"),
            ("co\u{200b}oper\u{2066}ate\u{2069}", "cooperate"),
            ("葛\u{e0100}", "葛"),
            ("٢٠٢٣", "2023"),
            ("۱۴۰۲", "1402"),
            ("२०२३", "2023"),
            ("๒๕๖๖", "2566"),
            ("２０２３", "2023"),
            ("हिन्दी", "हिंदी"),
            ("हिंदी", "हिंदी"),
            ("चाँद", "चांद"),
            ("मुम्बई", "मुंबई"),
            ("कण्ठ", "कंठ"),
            ("जन्म", "जन्म"),
            ("\u{915}\u{93c}लम", "कलम"),
            ("\u{958}लम", "कलम"),
            ("बाज़ार", "बाजार"),
            ("\u{9ac}\u{9be}\u{9dc}\u{9bf}", "\u{9ac}\u{9be}\u{9a1}\u{9bc}\u{9bf}"),
        ] {
            assert_eq!(fold(word), folded.nfc().collect::<String>(), "{word}");
        }
    }

    /// [`fold`] without its shortcuts.
    fn fold_slowly(word: &str) -> String {
        let mut folded = String::new();
        let mut base = ' ';
        for c in word.nfkd().flat_map(char::to_lowercase).filter(|&c| !is_ignorable(c)) {
            if is_combining_mark(c) {
                if !is_dropped_mark(c, base) {
                    folded.push(c);
                }
                continue;
            }
            base = c;
            match plain_letters(c) {
                Some(letters) => folded.push_str(letters),
                None => folded.push(ascii_digit(c).unwrap_or(c)),
            }
        }
        let mut out = String::new();
        write_nasals(folded.nfc(), &mut out);
        out
    }

    #[test]
    fn every_character_folds_as_without_shortcuts() {
        for c in '\0'..=char::MAX {
            for word in [format!("{c}"), format!("e{c}"), format!("{c}\u{301}"), format!("가{c}ᆨ")] {
                assert_eq!(fold(&word), fold_slowly(&word), "{word:?}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn shortcuts_change_nothing(word in "[a-zA-Z‘’“”–éÉİıßſﬁѝйЙ\u{301}\u{306}\u{ad}がｶﾞＡ한मिΆς ]{0,12}|\\PC{0,12}") {
            proptest::prop_assert_eq!(fold(&word), fold_slowly(&word));
            let mut lower = String::new();
            lower_into(&word, &mut lower);
            let slow: String = word.nfc().filter(|&c| !is_ignorable(c)).flat_map(char::to_lowercase).collect();
            proptest::prop_assert_eq!(lower, slow.nfc().collect::<String>());
        }
    }

    #[test]
    fn umlauts_are_spelled_out() {
        for (form, spelled) in [
            ("jäger", Some("jaeger")),
            ("ja\u{308}ger", Some("jaeger")),
            ("lösungsmüll", Some("loesungsmuell")),
            ("århus", Some("aarhus")),
            ("élysée", None),
            ("jaeger", None),
        ] {
            assert_eq!(spelled_out(form).as_deref(), spelled, "{form}");
        }
    }

    #[test]
    fn decomposed_text_is_composed() {
        for text in ["한국의 서울", "корабль российский", "Élysée", "plain"] {
            let decomposed: String = text.nfd().collect();
            assert_eq!(composed(&decomposed), text);
            assert_eq!(composed(text), text);
        }
    }

    #[test]
    fn exact_values_ignore_outer_punctuation() {
        for (value, folded) in [
            ("  The   Controversy: ", "the controversy"),
            ("«Что дальше?»", "что дальше"),
            ("U.S.", "u.s"),
            ("CNN: \"Kim\" is ill", "cnn: kim is ill"),
            ("***", "***"),
            ("", ""),
        ] {
            assert_eq!(fold_value(value), folded, "{value}");
        }
    }
}

//! The bytes of the terms that words are indexed under.
//!
//! A word's term is `folded NUL language [NUL form]`. One field of such terms serves every kind of query: all spellings of
//! `elysee` are adjacent in the term dictionary, whatever their accents and language (an exact form is a range of
//! terms); a prefix is a range; and a stem is the set of neighbouring forms whose stems agree, each stemmed by the
//! language it was written in. `form` is there only where it differs from `folded`, the language only where a stemmer
//! could change the word.
//!
//! A compound (`e-mail`) has a term of its own beside those of its parts, `folded NUL language NUL form NUL words NUL
//! covered`: it is found as the word that others write without hyphen, and known to be of several words.
//!
//! Languages whose stemmers change the beginnings of words have a second term for each word, `STEM language NUL stem`,
//! because the forms of one stem are not adjacent in the dictionary.

use super::Language;
use super::compound::Compound;
use super::fold::fold;
use super::word::Word;

/// First byte of the term of a stem. No word begins with it.
pub(crate) const STEM_PREFIX: u8 = 1;

/// Separates the parts of a term. No word contains it.
pub(crate) const SEPARATOR: u8 = 0;

/// Appends the term of `word`, in an article of `language`, to `out`.
#[inline]
pub(crate) fn push_word(out: &mut Vec<u8>, word: &Word<'_>, language: Language) {
    out.extend_from_slice(word.folded.as_bytes());
    push_suffix(out, word.may_be_stemmed(language).then_some(language));
    // Both forms of an ASCII word are the same slice.
    if !std::ptr::eq(word.form, word.folded) && word.form != word.folded {
        out.push(SEPARATOR);
        out.extend_from_slice(word.form.as_bytes());
    }
}

/// Appends what follows the folded form in the term of a word whose two forms are equal. `language` is given if it may
/// stem the word.
pub(crate) fn push_suffix(out: &mut Vec<u8>, language: Option<Language>) {
    out.push(SEPARATOR);
    out.extend_from_slice(language.map_or("", Language::code).as_bytes());
}

/// Does `word`, in an article of `language`, have a term of its stem as well?
#[must_use]
#[inline]
pub(crate) fn has_stem_term(word: &Word<'_>, language: Language) -> bool {
    !language.changes_ends_only() && word.may_be_stemmed(language)
}

/// The term of a folded stem.
#[must_use]
pub(crate) fn of_stem(language: Language, stem: &str) -> String {
    format!("{}{}{}{stem}", char::from(STEM_PREFIX), language.code(), char::from(SEPARATOR))
}

/// Appends the term of a compound, of which `word` is the joined form, in an article of `language`, to `out`.
pub(crate) fn push_compound(out: &mut Vec<u8>, word: &Word<'_>, compound: &Compound, language: Language) {
    // Where a stem has a term of its own, its forms are found by that term. Compounds have no terms of stems, so there
    // their terms name no language.
    let stemmed = compound.is_inflected && language.changes_ends_only() && word.may_be_stemmed(language);
    out.extend_from_slice(word.folded.as_bytes());
    push_suffix(out, stemmed.then_some(language));
    let form = if word.form == word.folded { "" } else { word.form };
    let covered = fold(&compound.joined[..compound.covered]).len();
    out.extend_from_slice(format!("\0{form}\0{}\0{covered}", compound.words).as_bytes());
}

/// The term of a word, split.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TermParts<'t> {
    /// The folded form.
    pub folded: &'t str,
    /// The code of its language.
    pub language: &'t str,
    /// The form.
    pub form: &'t str,
    /// Number of words of the text that it is; more than 1 for a compound.
    pub words: u32,
    /// Of a compound: number of bytes of the folded form that are a word or compound by themselves.
    pub covered: usize,
}

/// Splits the term of a word into its parts. Returns `None` for any other term.
#[must_use]
pub(crate) fn parts(term: &[u8]) -> Option<TermParts<'_>> {
    if term.first() == Some(&STEM_PREFIX) {
        return None;
    }
    let mut parts = term.splitn(5, |&byte| byte == SEPARATOR);
    let folded = std::str::from_utf8(parts.next()?).ok()?;
    let language = std::str::from_utf8(parts.next()?).ok()?;
    let form = match parts.next() {
        None | Some([]) => folded,
        Some(form) => std::str::from_utf8(form).ok()?,
    };
    let mut number = || std::str::from_utf8(parts.next()?).ok()?.parse().ok();
    let (words, covered) = (number().unwrap_or(1), number().unwrap_or(0));
    Some(TermParts { folded, language, form, words: words as u32, covered })
}

/// Is a form in the range of terms of a stem? The few forms that share no beginning with their stem (`dying`, `die`)
/// are not found. The test also saves stemming most words.
#[must_use]
pub(crate) fn near(language: Language, folded: &str, stem: &str) -> bool {
    !language.changes_ends_only() || folded.starts_with(common_start(language, stem))
}

/// Languages whose stemmers rewrite at most the last letter of a stem (`happi` of happy). Of the words of news in these
/// languages (71,000 English, 17,000 others) only `dying`, `tying` and their like share less.
const REWRITE_ONE: &[&str] = &["cs", "en", "es", "hu", "it", "lt", "no", "pt", "ru", "sv", "tr"];

/// The prefix of a stem that all its forms share: stemmers rewrite at most the last two letters (`haf` of Häfen,
/// `recent` of récemment), one of short stems. The longer the prefix, the less of the dictionary is read.
#[must_use]
pub(crate) fn common_start(language: Language, stem: &str) -> &str {
    const SHORT: usize = 4;
    let chars = stem.chars().count();
    let rewritten = if chars <= SHORT || REWRITE_ONE.contains(&language.code()) { 1 } else { 2 };
    let keep = chars.saturating_sub(rewritten).max(chars.min(2));
    let end = stem.char_indices().nth(keep).map_or(stem.len(), |(at, _)| at);
    &stem[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Words;

    #[test]
    fn terms_are_split_into_their_parts() {
        let mut words = Words::new("Élysée 1987");
        for expected in [("elysee", "fr", "élysée"), ("1987", "", "1987")] {
            let mut term = Vec::new();
            push_word(&mut term, &words.next().expect("two words"), Language::from_code("fr"));
            let (folded, language, form) = expected;
            assert_eq!(parts(&term), Some(TermParts { folded, language, form, words: 1, covered: 0 }));
        }
    }

    #[test]
    fn terms_of_compounds_tell_their_words() {
        for (text, code, expected) in [
            ("e-mails", "en", ("emails", "en", "emails", 2, 1)),
            ("e-mails", "nl", ("emails", "", "emails", 2, 1)),
            ("Éco-taxe", "fr", ("ecotaxe", "fr", "écotaxe", 2, 3)),
            ("U.S.", "en", ("us", "", "us", 2, 1)),
            ("1,000,000", "en", ("1000000", "", "1000000", 3, 1)),
            ("٢٬٥٠٠", "ar", ("2500", "", "٢٥٠٠", 2, 1)),
        ] {
            let compound = super::super::compound::compounds(text).remove(0);
            let mut words = Words::new(&compound.joined);
            let mut term = Vec::new();
            push_compound(&mut term, &words.next().expect("a word"), &compound, Language::from_code(code));
            let (folded, language, form, words, covered) = expected;
            assert_eq!(parts(&term), Some(TermParts { folded, language, form, words, covered }), "{text}");
        }
    }
}

//! The bytes of the terms that words are indexed under.
//!
//! A word's term is `folded NUL language [NUL form]`. One field of such terms serves every kind of query: all spellings of
//! `elysee` are adjacent in the term dictionary, whatever their accents and language (an exact form is a range of
//! terms); a prefix is a range; and a stem is the set of neighbouring forms whose stems agree, each stemmed by the
//! language it was written in. `form` is there only where it differs from `folded`, the language only where a stemmer
//! could change the word.
//!
//! Languages whose stemmers change the beginnings of words have a second term for each word, `STEM language NUL stem`,
//! because the forms of one stem are not adjacent in the dictionary.

use super::Language;
use super::word::Word;

/// First byte of the term of a stem. No word begins with it.
pub const STEM_PREFIX: u8 = 1;

/// Separates the parts of a term. No word contains it.
pub const SEPARATOR: u8 = 0;

/// Appends the term of `word`, in an article of `language`, to `out`.
#[inline]
pub fn push_word(out: &mut Vec<u8>, word: &Word<'_>, language: Language) {
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
pub fn push_suffix(out: &mut Vec<u8>, language: Option<Language>) {
    out.push(SEPARATOR);
    out.extend_from_slice(language.map_or("", Language::code).as_bytes());
}

/// Does `word`, in an article of `language`, have a term of its stem as well?
#[must_use]
#[inline]
pub fn has_stem_term(word: &Word<'_>, language: Language) -> bool {
    !language.changes_ends_only() && word.may_be_stemmed(language)
}

/// The term of a folded stem.
#[must_use]
pub fn of_stem(language: Language, stem: &str) -> String {
    format!("{}{}{}{stem}", char::from(STEM_PREFIX), language.code(), char::from(SEPARATOR))
}

/// Splits the term of a word into its folded form, language code and form. Returns `None` for any other term.
#[must_use]
pub fn parts(term: &[u8]) -> Option<(&str, &str, &str)> {
    if term.first() == Some(&STEM_PREFIX) {
        return None;
    }
    let mut parts = term.splitn(3, |&byte| byte == SEPARATOR);
    let folded = std::str::from_utf8(parts.next()?).ok()?;
    let language = std::str::from_utf8(parts.next()?).ok()?;
    let form = match parts.next() {
        Some(form) => std::str::from_utf8(form).ok()?,
        None => folded,
    };
    Some((folded, language, form))
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
            assert_eq!(parts(&term), Some(expected));
        }
    }
}

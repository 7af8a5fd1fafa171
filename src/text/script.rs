//! Scripts that write no spaces between words; digits of all scripts; letters that are written for apostrophes.

/// Is the character of a script without spaces between words or, as Korean, between a noun and its particles?
#[must_use]
#[inline]
pub(crate) fn is_unspaced(c: char) -> bool {
    // The first such script is Thai.
    c >= '\u{0e00}' && is_of_unspaced_script(c)
}

fn is_of_unspaced_script(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}'
        | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{323af}')
        && ascii_digit(c).is_none()
}

/// Is the character a vowel or final consonant that continues a Korean syllable written as separate letters, as in
/// decomposed text (NFD)?
#[must_use]
pub(crate) fn continues_syllable(c: char) -> bool {
    matches!(c, '\u{1160}'..='\u{11ff}' | '\u{d7b0}'..='\u{d7ff}')
}

/// Is the character a letter that is written, or typed, for an apostrophe? Unicode calls these letters, but words with
/// them are typed with `'` or `’`, which separate words.
#[must_use]
pub(crate) fn is_apostrophe_letter(c: char) -> bool {
    matches!(
        c,
        '\u{2b9}' | '\u{2bb}'
            ..='\u{2bf}' | '\u{2ee}' | '\u{374}' | '\u{559}' | '\u{7f4}' | '\u{7f5}' | '\u{a78b}' | '\u{a78c}'
    )
}

/// The digits zero of the scripts that have decimal digits of their own; nine digits follow each.
const ZEROS: [char; 52] = [
    '\u{660}',
    '\u{6f0}',
    '\u{7c0}',
    '\u{966}',
    '\u{9e6}',
    '\u{a66}',
    '\u{ae6}',
    '\u{b66}',
    '\u{be6}',
    '\u{c66}',
    '\u{ce6}',
    '\u{d66}',
    '\u{de6}',
    '\u{e50}',
    '\u{ed0}',
    '\u{f20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17e0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19d0}',
    '\u{1a80}',
    '\u{1a90}',
    '\u{1b50}',
    '\u{1bb0}',
    '\u{1c40}',
    '\u{1c50}',
    '\u{a620}',
    '\u{a8d0}',
    '\u{a900}',
    '\u{a9d0}',
    '\u{a9f0}',
    '\u{aa50}',
    '\u{abf0}',
    '\u{ff10}',
    '\u{104a0}',
    '\u{10d30}',
    '\u{11066}',
    '\u{110f0}',
    '\u{11136}',
    '\u{111d0}',
    '\u{112f0}',
    '\u{11450}',
    '\u{114d0}',
    '\u{11650}',
    '\u{116c0}',
    '\u{11730}',
    '\u{118e0}',
    '\u{11c50}',
    '\u{11d50}',
    '\u{1e950}',
];

/// The ASCII digit of the same value as `c`, a decimal digit of another script.
#[must_use]
pub(crate) fn ascii_digit(c: char) -> Option<char> {
    if c < ZEROS[0] {
        return None;
    }
    let zero = ZEROS[ZEROS.partition_point(|&zero| zero <= c) - 1];
    char::from_digit(u32::from(c) - u32::from(zero), 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_all_scripts_are_ascii_digits() {
        for digits in
            ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "০১২৩৪৫৬৭৮৯", "๐๑๒๓๔๕๖๗๘๙", "០១២៣៤៥៦៧៨៩", "０１２３４５６７８９"]
        {
            let ascii: String = digits.chars().filter_map(ascii_digit).collect();
            assert_eq!(ascii, "0123456789", "{digits}");
        }
        for other in ['0', '9', 'a', '一', 'ก', '\u{66a}', '\u{65f}', '½', '²'] {
            assert_eq!(ascii_digit(other), None, "{other}");
        }
        // Between two zeros of the table there is room for ten digits, and each of them is a number to Unicode.
        assert!(ZEROS.windows(2).all(|pair| u32::from(pair[1]) - u32::from(pair[0]) >= 10));
        assert!(
            ZEROS
                .iter()
                .all(|&zero| (0..10).all(|n| char::from_u32(u32::from(zero) + n).is_some_and(char::is_numeric)))
        );
    }
}

//! Stems of Arabic words: light10 of Larkey, Ballesteros and Connell ("Light Stemming for Arabic Information
//! Retrieval", 2007), which removes the article, the `and` before it and the suffixes of nouns.
//!
//! Snowball's stemmer gives a word with the article another stem than the same word without (`الصادرات`, `صادرات`) and
//! strips letters of roots (`فلسطيني` to `لسط`), although readers search for either by typing the other.

/// The article, alone and joined with the conjunctions and prepositions written before it.
const ARTICLES: &[&str] = &["وال", "بال", "كال", "فال", "ولل", "ال", "لل"];

/// Suffixes, in the order in which they are removed.
const SUFFIXES: &[&str] = &["ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"];

/// Beginnings of common words of news whose initial `و` is not `and`.
const WAW_STEMS: &[&str] = &[
    "وزير",
    "وزار",
    "وزرا",
    "واشنط",
    "وكال",
    "وكيل",
    "وطن",
    "وفد",
    "وفود",
    "وقت",
    "وضع",
    "وسط",
    "وسائل",
    "وسيل",
    "وثائق",
    "وثيق",
    "والد",
    "واحد",
    "وحد",
    "واقع",
    "واجب",
    "وصول",
    "وفا",
    "وجود",
    "وجه",
    "ورق",
    "وراء",
    "ولاي",
    "وقف",
    "وعد",
    "وظيف",
    "وظائف",
    "وديع",
    "وليد",
    "وصف",
    "وقود",
    "وباء",
    "وساط",
    "وفق",
    "واسع",
    "وارد",
    "واضح",
    "وعي",
    "ورد",
];

/// The stem of a folded word. Folding has already normalised hamza seats and final forms and removed vowel signs.
pub(super) fn light10(folded: &str) -> &str {
    let letters = |text: &str| text.chars().count();
    let mut stem = folded;
    // `الله`, the name of God, is not the article and a pronoun.
    let is_noun = |rest: &&str| letters(rest) >= 2 && *rest != "له";
    if let Some(rest) = ARTICLES.iter().find_map(|article| stem.strip_prefix(article)).filter(is_noun) {
        stem = rest;
    } else if !WAW_STEMS.iter().any(|word| stem.starts_with(word))
        && let Some(rest) = stem.strip_prefix('و').filter(|rest| letters(rest) >= 3)
    {
        stem = rest;
    }
    for suffix in SUFFIXES {
        stem = stem.strip_suffix(suffix).filter(|rest| letters(rest) >= 2).unwrap_or(stem);
    }
    // Alif of the indefinite accusative, whose vowel sign folding removed. light10 keeps it, but it is very common in news.
    stem.strip_suffix('ا').filter(|rest| letters(rest) >= 3).unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::light10;
    use crate::text::fold::fold;

    /// Forms that readers take for one word, and words that must stay apart.
    #[test]
    fn stem_table() {
        for (forms, stem) in [
            (&["صادرات", "الصادرات", "بالصادرات", "والصادرات"][..], "صادر"),
            (&["محادثة", "محادثات", "المحادثات"], "محادث"),
            (&["وزير", "الوزير", "للوزير", "والوزير"], "وزير"),
            (&["فلسطيني", "الفلسطينيين", "الفلسطينية"], "فلسطين"),
            (&["حكومة", "الحكومات"], "حكوم"),
            (&["وقالت"], "قالت"),
            (&["إضراب", "إضرابًا", "الإضراب"], "اضراب"),
            (&["ولد", "الولد"], "ولد"),
            (&["هذا"], "هذا"),
            (&["الله"], "الل"),
            (&["في"], "في"),
        ] {
            for form in forms {
                assert_eq!(light10(&fold(form)), stem, "{form}");
            }
        }
    }
}

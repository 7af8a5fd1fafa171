//! Stems of Arabic words: light10 of Larkey, Ballesteros and Connell ("Light Stemming for Arabic Information
//! Retrieval", 2007), which takes off the article, the `and` before it and the endings of nouns.
//!
//! Snowball's stemmer treats a word with the article otherwise than the same word without (`الصادرات`, `صادرات`) and
//! takes letters off roots (`فلسطيني` to `لسط`); readers look for one by typing the other.

/// Article, with what is written in one word with it.
const ARTICLES: &[&str] = &["وال", "بال", "كال", "فال", "ولل", "ال", "لل"];

/// Endings, in the order in which they are taken off.
const ENDINGS: &[&str] = &["ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"];

/// How common words of news begin whose `و` is no `and`.
const WAW_WORDS: &[&str] = &[
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

/// The stem of a folded word: seats of hamza, final forms and vowel signs are gone already.
pub fn light10(folded: &str) -> &str {
    let letters = |text: &str| text.chars().count();
    let mut stem = folded;
    // The name of God is no article before a pronoun.
    let named = |rest: &&str| letters(rest) >= 2 && *rest != "له";
    if let Some(rest) = ARTICLES.iter().find_map(|article| stem.strip_prefix(article)).filter(named) {
        stem = rest;
    } else if !WAW_WORDS.iter().any(|word| stem.starts_with(word))
        && let Some(rest) = stem.strip_prefix('و').filter(|rest| letters(rest) >= 3)
    {
        stem = rest;
    }
    for ending in ENDINGS {
        stem = stem.strip_suffix(ending).filter(|rest| letters(rest) >= 2).unwrap_or(stem);
    }
    // The accusative of a noun without article, its vowel sign gone: news writes it without end, light10 keeps it.
    stem.strip_suffix('ا').filter(|rest| letters(rest) >= 3).unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::light10;
    use crate::text::fold::fold;

    /// Forms that people expect to be one word, and words that are others.
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

//! Joins the forms under which one bearer of a name is found, first in an article, then in a set of articles.
//!
//! A person is named in full first, then by the surname. A short form is joined only if one name alone can be meant: two
//! bearers are never one. In languages with cases, forms that differ in endings of cases are one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::find::Mention;
use super::words::{self, Words};

/// One bearer of a name in an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bearer {
    /// The words of the fullest form, folded, without the kind of company: by these bearers of several articles are one.
    pub key: String,
    /// May it be a person?
    pub is_personal: bool,
    /// The forms as they are written, the fullest first, with their numbers of occurrences.
    pub forms: Vec<(String, u32)>,
    /// Number of forms that are of the fullest.
    pub num_full: usize,
}

/// A form of a name in an article.
#[derive(Debug)]
struct Form {
    words: Vec<String>,
    /// Texts, with their numbers.
    texts: BTreeMap<String, u32>,
    has_title: bool,
    is_personal: bool,
    has_own_surname: bool,
    is_company: bool,
    /// The form that it is joined to.
    joined: Option<usize>,
}

impl Form {
    fn count(&self) -> u32 {
        self.texts.values().sum()
    }
}

/// The bearers of the names of an article.
pub(super) fn bearers(mentions: &[Mention], words: Words) -> Vec<Bearer> {
    let mut forms: Vec<Form> = Vec::new();
    let mut by_words: FxHashMap<Vec<String>, usize> = FxHashMap::default();
    let mut abbreviations = Vec::new();
    let mut keys: Vec<Vec<String>> = Vec::with_capacity(mentions.len());
    let persons = mentions.iter().filter(|mention| mention.is_personal && mention.words.len() > 1);
    let surnames: FxHashSet<&str> = persons.filter_map(|mention| mention.words.last()).map(String::as_str).collect();
    for mention in mentions {
        // `Holm Cos` is not Ada Holm.
        let is_of_person = mention.core == 1 && mention.words.len() > 1 && surnames.contains(mention.words[0].as_str());
        let core = if is_of_person { mention.words.len() } else { mention.core };
        let key = mention.words[..core].to_vec();
        keys.push(key.clone());
        let form = *by_words.entry(key.clone()).or_insert_with(|| {
            forms.push(Form {
                words: key,
                texts: BTreeMap::new(),
                has_title: false,
                is_personal: false,
                has_own_surname: true,
                is_company: false,
                joined: None,
            });
            forms.len() - 1
        });
        *forms[form].texts.entry(mention.text.clone()).or_default() += 1;
        forms[form].has_title |= mention.has_title;
        forms[form].is_personal |= mention.is_personal;
        forms[form].has_own_surname &= mention.has_own_surname;
        forms[form].is_company |= mention.is_company;
        if let Some(full) = mention.abbreviates {
            abbreviations.push((form, keys[full].clone()));
        }
    }
    join_cases(&mut forms, words);
    join_longer(&mut forms);
    join_parts(&mut forms, words);
    for (form, full) in abbreviations {
        let full = root(&forms, by_words[&full]);
        if root(&forms, form) == form && full != form {
            forms[form].joined = Some(full);
        }
    }
    collect(&forms)
}

fn root(forms: &[Form], mut form: usize) -> usize {
    while let Some(joined) = forms[form].joined {
        form = joined;
    }
    form
}

fn roots(forms: &[Form]) -> Vec<usize> {
    (0..forms.len()).filter(|&form| forms[form].joined.is_none()).collect()
}

/// Joins forms that differ in endings of cases: to the form that is likely the nominative.
fn join_cases(forms: &mut [Form], words: Words) {
    let mut groups: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (i, form) in forms.iter().enumerate() {
        groups.entry(stems_of(&form.words, words)).or_default().push(i);
    }
    for mut group in groups.into_values().filter(|group| group.len() > 1) {
        if words.has_plain_genitive() {
            // The genitive of a name is joined if the name is there without the ending.
            group.sort_by_key(|&i| (forms[i].words.iter().map(String::len).sum::<usize>(), forms[i].words.clone()));
        } else {
            group.sort_by_key(|&i| (nominative_rank(&forms[i].words), u32::MAX - forms[i].count()));
        }
        let head = group[0];
        group[1..].iter().for_each(|&i| forms[i].joined = Some(head));
    }
}

/// The words of a name without the endings of cases.
pub(super) fn case_stems(key: &str, words: Words) -> String {
    stems_of(&key.split(' ').map(str::to_string).collect::<Vec<_>>(), words).join(" ")
}

fn stems_of(name: &[String], words: Words) -> Vec<String> {
    let mut stems: Vec<String> = name.iter().map(|word| case_stem(word, words).into_owned()).collect();
    // `Europäische Union`, `Europäischen Union`
    if words.has_capital_nouns()
        && let [first, .., last] = stems.as_mut_slice()
        && (words::is_german_body(last) || words::has_noun_ending(last))
        && let Some(stem) = ["en", "er", "es", "em", "e"].iter().find_map(|ending| first.strip_suffix(ending))
    {
        *first = stem.to_string();
    }
    stems
}

/// Sorts the likely nominative first.
pub(super) fn nominative_rank(words: &[String]) -> (usize, usize) {
    const OBLIQUE: &[&str] = &[
        "и", "у", "ю", "ом", "ем", "ым", "им", "ого", "его", "ому", "ему", "ой", "ы", "е", "ou", "em", "om", "ego",
        "emu", "owi", "ym",
    ];
    let oblique = words.iter().filter(|word| OBLIQUE.iter().any(|ending| word.ends_with(ending))).count();
    (oblique, words.iter().map(|word| word.chars().count()).sum())
}

/// The word without the ending of a case, where names have cases.
fn case_stem(word: &str, words: Words) -> Cow<'_, str> {
    const SLAVIC_CYRILLIC: &[&str] = &[
        "ого", "его", "ому", "ему", "ыми", "ими", "ами", "ями", "ах", "ях", "ой", "ей", "ою", "ею", "ом", "ем", "ым",
        "им", "ам", "ям", "ая", "яя", "ую", "юю", "ый", "ий", "ия", "ию", "ии", "а", "я", "у", "ю", "ы", "и", "е", "й",
        "ь", "о", "і", "ї",
    ];
    const SLAVIC_LATIN: &[&str] = &[
        "iego", "iemu", "ego", "emu", "owi", "ovi", "iem", "ami", "ach", "em", "om", "ym", "im", "ou", "ej", "a", "u",
        "e", "y", "i", "o", "ie",
    ];
    if words.has_plain_genitive() {
        let stem = word.strip_suffix('s').filter(|stem| stem.len() > 3 && !stem.ends_with('s'));
        return Cow::Borrowed(stem.unwrap_or(word));
    }
    if !words.is_slavic() || word.chars().count() < 4 {
        return Cow::Borrowed(word);
    }
    let is_cyrillic = words.is_cyrillic();
    if is_cyrillic && word.is_ascii() {
        return Cow::Borrowed(word);
    }
    let endings = if word.is_ascii() { SLAVIC_LATIN } else { SLAVIC_CYRILLIC };
    let stem = endings.iter().filter_map(|ending| word.strip_suffix(ending)).find(|stem| stem.chars().count() >= 3);
    Cow::Owned(without_fleeting_vowel(stem.unwrap_or(word)))
}

/// The stem without the vowel that is missing in other cases: `Павел`, `Павла`.
fn without_fleeting_vowel(stem: &str) -> String {
    const FLEETING: &[(&str, &str)] = &[
        ("ел", "л"),
        ("ец", "ц"),
        ("ок", "к"),
        ("ек", "к"),
        ("ен", "н"),
        ("eł", "ł"),
        ("el", "l"),
        ("ek", "k"),
        ("ec", "c"),
    ];
    let found = FLEETING.iter().find_map(|(full, short)| Some((stem.strip_suffix(full)?, short)));
    let Some((rest, short)) = found.filter(|(rest, _)| rest.chars().count() > 1) else { return stem.to_string() };
    // A vowel before it is no sign of one: `Даниел`.
    if rest.ends_with(['а', 'е', 'и', 'о', 'у', 'ы', 'э', 'ю', 'я', 'a', 'e', 'i', 'o', 'u', 'y']) {
        return stem.to_string();
    }
    format!("{rest}{short}")
}

/// Joins forms without a middle name or initial to the one with it: `George Bush`, `George W. Bush`.
fn join_longer(forms: &mut [Form]) {
    /// Persons of one surname that are compared: more are a list, of which nothing is joined.
    const MOST: usize = 200;
    let mut by_last: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for form in roots(forms) {
        if forms[form].is_personal
            && let [_, .., last] = forms[form].words.as_slice()
        {
            by_last.entry(last).or_default().push(form);
        }
    }
    let mut joins = Vec::new();
    for group in by_last.values().filter(|group| group.len() <= MOST) {
        for &short in group {
            // The full name comes first: who is named without a middle name before is somebody else.
            let mut longer = group.iter().filter(|&&long| {
                let (short_words, long_words) = (&forms[short].words, &forms[long].words);
                long != short
                    && is_with_middle(short_words, long_words)
                    && (long < short || is_with_initials(short_words, long_words))
            });
            if let (Some(&long), None) = (longer.next(), longer.next()) {
                joins.push((short, long));
            }
        }
    }
    for (short, long) in joins {
        forms[short].joined = Some(long);
    }
}

/// Has `long` the words of `short`, the first and the last the same, and more between them? Initials stand for names.
pub(super) fn is_with_middle(short: &[String], long: &[String]) -> bool {
    if long.len() < short.len() || long.last() != short.last() {
        return false;
    }
    let stands_for = |short: &str, long: &str| short == long || short.chars().count() == 1 && long.starts_with(short);
    if !stands_for(&short[0], &long[0]) {
        return false;
    }
    if long.len() == short.len() {
        return short != long && short.iter().zip(long).all(|(short, long)| stands_for(short, long));
    }
    let mut rest = long.iter();
    short.iter().all(|word| rest.any(|other| stands_for(word, other)))
}

/// Differ the two in initials only: `George Marsh`, `George W. Marsh`?
pub(super) fn is_with_initials(short: &[String], long: &[String]) -> bool {
    let is_initial = |word: &String| word.chars().count() == 1;
    let of_names = |words: &[String]| words.iter().filter(|word| !is_initial(word)).cloned().collect::<Vec<_>>();
    short.len() == long.len() || of_names(short) == of_names(long)
}

/// Joins a surname, or a given name, to the only full name with it.
fn join_parts(forms: &mut [Form], language: Words) {
    let open = roots(forms);
    let stem = |word: &str| case_stem(word, language).to_string();
    let is_part = |words: &[String]| words.len() == 1 || words::is_surname_particle(&words[0]);
    let mut by_last: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    let mut by_first: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for &full in open.iter().filter(|&&full| !is_part(&forms[full].words)) {
        let words = words::without_junior(&forms[full].words);
        // Who has the word at all counts as a bearer of it, so that nothing is joined on doubt.
        for word in &words[1..] {
            by_last.entry(stem(word)).or_default().push(full);
        }
        by_first.entry(stem(&words[0])).or_default().push(full);
    }
    let unique = |found: Option<&Vec<usize>>| -> Option<usize> {
        let mut all: Vec<usize> = found?.clone();
        all.dedup();
        if let [full] = all[..] { Some(full) } else { None }
    };
    let mut joins = Vec::new();
    for &part in open.iter().filter(|&&part| is_part(&forms[part].words)) {
        let words = &forms[part].words;
        let last = stem(&words[words.len() - 1]);
        let is_surname_of =
            |full: usize| words::without_junior(&forms[full].words).last().is_some_and(|word| stem(word) == last);
        let bearer = unique(by_last.get(&last))
            .filter(|&full| (forms[full].is_personal || forms[part].has_title) && is_surname_of(full));
        // The first name of a person, the first word of a company.
        let given = || {
            let full = unique(by_first.get(&last))?;
            let is_given = forms[full].is_personal && (forms[full].has_own_surname || forms[full].has_title);
            ((is_given || forms[full].is_company) && !by_last.contains_key(&last)).then_some(full)
        };
        let has_other = bearer.is_some() && by_first.contains_key(&last);
        if let Some(full) = bearer.filter(|_| !has_other).or_else(given) {
            joins.push((part, full));
        }
    }
    for (part, full) in joins {
        forms[part].joined = Some(full);
    }
}

fn collect(forms: &[Form]) -> Vec<Bearer> {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for form in 0..forms.len() {
        members.entry(root(forms, form)).or_default().push(form);
    }
    let mut out = Vec::with_capacity(members.len());
    for (head, members) in members {
        let mut texts: Vec<(String, u32)> = Vec::new();
        let is_personal = members.iter().any(|&form| forms[form].is_personal || forms[form].has_title);
        let mut rest: Vec<(String, u32)> = Vec::new();
        for form in members {
            let mut of_form: Vec<(String, u32)> =
                forms[form].texts.iter().map(|(text, count)| (text.clone(), *count)).collect();
            of_form.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            if form == head { texts.extend(of_form) } else { rest.extend(of_form) }
        }
        rest.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let num_full = texts.len();
        texts.extend(rest);
        out.push(Bearer { key: forms[head].words.join(" "), is_personal, forms: texts, num_full });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::find::Article;
    use super::super::lexicon::Lexicon;
    use super::*;
    use crate::text::Language;

    /// The bearers in a text, each with its forms.
    fn joined(code: &str, text: &str) -> String {
        let article = Article::read(&[text], None, Language::from_code(code));
        let bearers = bearers(&article.mentions(&Lexicon::default()), article.words);
        let shown = bearers
            .iter()
            .map(|bearer| bearer.forms.iter().map(|(form, _)| form.as_str()).collect::<Vec<_>>().join(" = "));
        shown.collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn bearers_table() {
        for (code, text, expected) in [
            ("en", "We met Ada Holm. Later Mrs Holm left, and so did Ada.", "Ada Holm = Ada = Holm"),
            ("en", "There were Ada Holm and Karl Holm. Then Mr Holm left.", "Ada Holm | Karl Holm | Holm"),
            ("en", "It was J. K. Holm, or J.K. Holm. Later Ms Holm left.", "J. K. Holm = J.K. Holm = Holm"),
            ("en", "We saw George Marsh, that is George W. Marsh.", "George W. Marsh = George Marsh"),
            (
                "en",
                "We saw George W. Marsh, George H. Marsh and George Marsh.",
                "George W. Marsh | George H. Marsh | George Marsh",
            ),
            ("en", "We met Karl Marsh and Karl Marsh Jr. Then Mr Marsh left.", "Karl Marsh | Karl Marsh Jr | Marsh"),
            ("en", "The Bank of Norland is in Norland.", "Bank of Norland | Norland"),
            ("en", "It was Holm Yards Inc that sold Holm Yards.", "Holm Yards = Holm Yards Inc"),
            ("en", "The Norland Port Board (NPB) met. The NPB agreed.", "Norland Port Board = NPB"),
            ("en", "He met Charles de Marsan. They say de Marsan left.", "Charles de Marsan = de Marsan"),
            (
                "ru",
                "Приехал Иван Громов. Ивана Громова ждали, и Громову дали слово.",
                "Иван Громов = Громову = Ивана Громова",
            ),
            ("en", "They saw Luis Marsh, and his coach, Luis Karl Marsh.", "Luis Marsh | Luis Karl Marsh"),
            ("en", "They saw Luis Karl Marsh. Luis Marsh was there.", "Luis Karl Marsh = Luis Marsh"),
            (
                "en",
                "He bought Norland Brick Paper Inc on Monday. They say Norland paid.",
                "Norland Brick Paper Inc = Norland",
            ),
            ("en", "Ada Holm sold Holm Cos to Holm Yards.", "Ada Holm | Holm Cos | Holm Yards"),
            ("en", "Jim Holm founded the Jim Holm Company.", "Jim Holm | Jim Holm Company"),
            (
                "en",
                "We met in Halden Park. The Halden Park Corporation agreed.",
                "Halden Park | Halden Park Corporation",
            ),
            ("en", "We saw Denise Holm. Holm left, and Denise was silent.", "Denise Holm = Denise = Holm"),
            ("ru", "Приехал Павел Громов. Павла Громова ждали.", "Павел Громов = Павла Громова"),
            (
                "fr",
                "On a vu la Commission nationale de contrôle (CNC). Selon la CNC, tout va bien.",
                "Commission nationale de contrôle = CNC",
            ),
            (
                "de",
                "Dort tagte die Europäische Hafenkommission. In der Europäischen Hafenkommission saß Ada Holm.",
                "Ada Holm",
            ),
            ("pl", "Przyjechał Jan Wilk. Czekali na Jana Wilka.", "Jan Wilk = Jana Wilka"),
            ("de", "Dort sprach Ada Holm. Später ging Holm, und Holms Rede endete.", "Ada Holm = Holm = Holms"),
        ] {
            assert_eq!(joined(code, text), expected, "{text}");
        }
    }

    #[test]
    fn middle_names() {
        for (short, long, expected) in [
            ("george marsh", "george w marsh", true),
            ("g marsh", "george marsh", true),
            ("george marsh", "karl george marsh", false),
            ("george marsh", "george w holm", false),
            ("george marsh", "george marsh", false),
        ] {
            let split = |name: &str| -> Vec<String> { name.split(' ').map(str::to_string).collect() };
            assert_eq!(is_with_middle(&split(short), &split(long)), expected, "{short} {long}");
        }
    }
}

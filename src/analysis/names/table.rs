//! The names of a set of articles: bearers of each article, those of one name joined.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::join::{Bearer, case_stems, is_with_initials, is_with_middle, nominative_rank};
use super::words::{self, Words};
use super::{Name, Names};

/// What is counted of a name in one set.
#[derive(Debug, Default, Clone)]
struct Count {
    articles: u64,
    occurrences: u64,
    first: Option<String>,
    last: Option<String>,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.articles += other.articles;
        self.occurrences += other.occurrences;
        self.first = [self.first.take(), other.first].into_iter().flatten().min();
        self.last = self.last.take().max(other.last);
    }
}

/// A name.
#[derive(Debug, Default, Clone)]
struct Entry {
    is_personal: bool,
    set: Count,
    other: Count,
    /// Its forms, with the number of times they occur, and whether they are of the fullest.
    forms: BTreeMap<String, (u64, bool)>,
    /// The language of a name whose endings may be of a case.
    inflected: Option<Words>,
}

impl Entry {
    fn articles(&self) -> u64 {
        self.set.articles + self.other.articles
    }

    /// Takes in another name, whose forms are not the fullest unless `is_full`.
    fn add(&mut self, other: Entry, is_full: bool) {
        self.is_personal |= other.is_personal;
        self.set.add(other.set);
        self.other.add(other.other);
        for (form, (count, full)) in other.forms {
            let mine = self.forms.entry(form).or_default();
            mine.0 += count;
            mine.1 |= full && is_full;
        }
        self.inflected = self.inflected.or(other.inflected);
    }
}

/// The names of a set of articles, and of another set beside it.
#[derive(Default)]
pub(super) struct Table {
    entries: FxHashMap<String, Entry>,
    articles: u64,
    articles_other: u64,
    without_capitals: u64,
}

impl Table {
    /// Adds the names of an article.
    pub(super) fn add(&mut self, bearers: Vec<Bearer>, words: Words, date: Option<&str>, is_other: bool) {
        *if is_other { &mut self.articles_other } else { &mut self.articles } += 1;
        let mut seen: FxHashSet<String> = FxHashSet::default();
        for bearer in bearers {
            let occurrences = bearer.forms.iter().map(|(_, count)| u64::from(*count)).sum();
            let is_new = seen.insert(bearer.key.clone());
            let date = date.map(str::to_string);
            let count = Count { articles: u64::from(is_new), occurrences, first: date.clone(), last: date };
            let num_full = bearer.num_full;
            let forms = bearer.forms.into_iter().enumerate();
            let mut entry = Entry {
                is_personal: bearer.is_personal,
                forms: forms.map(|(i, (form, count))| (form, (u64::from(count), i < num_full))).collect(),
                inflected: (words.is_slavic() || words.has_plain_genitive()).then_some(words),
                ..Entry::default()
            };
            *if is_other { &mut entry.other } else { &mut entry.set } = count;
            self.entries.entry(bearer.key).or_default().add(entry, true);
        }
    }

    /// Counts an article without names, as its script has no capitals.
    pub(super) fn add_without_capitals(&mut self, is_other: bool) {
        if is_other {
            self.articles_other += 1;
        } else {
            self.articles += 1;
            self.without_capitals += 1;
        }
    }

    /// Adds the names of other articles.
    pub(super) fn merge(&mut self, other: Table) {
        for (key, entry) in other.entries {
            self.entries.entry(key).or_default().add(entry, true);
        }
        self.articles += other.articles;
        self.articles_other += other.articles_other;
        self.without_capitals += other.without_capitals;
    }

    /// The names, joined and in order.
    pub(super) fn into_names(mut self, is_compared: bool) -> Names {
        self.join_cases();
        self.join_middle_names();
        self.join_surnames();
        let (articles, other) = (self.articles, self.articles_other);
        let named = self.entries.into_values().filter(|entry| entry.set.articles > 0);
        let mut names: Vec<Name> = named.map(|entry| name(entry, is_compared.then_some((articles, other)))).collect();
        names.retain(|name| name.score.is_none_or(|score| score > 0.0));
        names.sort_by(|a, b| {
            let by_score = b.score.unwrap_or(0.0).total_cmp(&a.score.unwrap_or(0.0));
            let by_count = (b.articles, b.occurrences).cmp(&(a.articles, a.occurrences));
            by_score.then(by_count).then_with(|| a.name.cmp(&b.name))
        });
        Names {
            names,
            articles,
            articles_against: is_compared.then_some(other),
            without_capitals: self.without_capitals,
            degraded: None,
        }
    }

    fn join(&mut self, from: &str, to: &str, is_full: bool) {
        if let Some(entry) = self.entries.remove(from) {
            self.entries.entry(to.to_string()).or_default().add(entry, is_full);
        }
    }

    /// Joins names that differ in endings of cases, to the likely nominative.
    fn join_cases(&mut self) {
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (key, entry) in &self.entries {
            if let Some(words) = entry.inflected {
                groups.entry(case_stems(key, words)).or_default().push(key.clone());
            }
        }
        for mut group in groups.into_values().filter(|group| group.len() > 1) {
            group.sort_by_key(|key| {
                let words: Vec<String> = key.split(' ').map(str::to_string).collect();
                (nominative_rank(&words), Reverse(self.entries[key].articles()), key.clone())
            });
            // Without an apostrophe `s` is a genitive only of a name that is there without it.
            for key in &group[1..] {
                self.join(key, &group[0], false);
            }
        }
    }

    /// Joins a name to the only one with a middle name or initial more.
    fn join_middle_names(&mut self) {
        let mut by_ends: FxHashMap<(String, char), Vec<String>> = FxHashMap::default();
        for (key, _) in self.entries.iter().filter(|(key, entry)| entry.is_personal && key.contains(' ')) {
            by_ends.entry(ends(key)).or_default().push(key.clone());
        }
        let mut joins = Vec::new();
        for keys in by_ends.values().filter(|keys| (2..50).contains(&keys.len())) {
            let split = |key: &String| -> Vec<String> { key.split(' ').map(str::to_string).collect() };
            for short in keys {
                let words = split(short);
                let mut longer = keys.iter().filter(|long| *long != short && is_with_middle(&words, &split(long)));
                if let (Some(long), None) = (longer.next(), longer.next())
                    && (is_with_initials(&words, &split(long)) || self.has_form_of(long, short))
                {
                    joins.push((short.clone(), long.clone()));
                }
            }
        }
        joins.sort();
        for (short, long) in joins {
            // The commoner form is shown.
            let Some(articles) = self.entries.get(&short).map(Entry::articles) else { continue };
            let is_commoner = self.entries.get(&long).is_some_and(|entry| entry.articles() * 10 < articles);
            if is_commoner { self.join(&long, &short, false) } else { self.join(&short, &long, false) }
        }
    }

    /// Do articles write the first name in the form of the second?
    fn has_form_of(&self, name: &str, other: &str) -> bool {
        let (name, other) = (&self.entries[name].forms, &self.entries[other].forms);
        other.iter().any(|(form, (_, is_full))| *is_full && name.contains_key(form))
    }

    /// Joins surnames of articles that have no full name, if nearly all articles with one mean the same bearer.
    fn join_surnames(&mut self) {
        /// Fewest articles with the full name.
        const FEWEST: u64 = 3;
        /// A second bearer may have one in so many articles of the first.
        const MAJORITY: u64 = 20;
        let split = |key: &str| -> Vec<String> { key.split(' ').map(str::to_string).collect() };
        // Surnames alone, by their last word: `Blasio`, `de Blasio`.
        let mut lone: FxHashMap<String, Vec<&str>> = FxHashMap::default();
        for key in self.entries.keys() {
            let words = split(key);
            if words.len() == 1 || words.len() == 2 && words::is_surname_particle(&words[0]) {
                lone.entry(words[words.len() - 1].clone()).or_default().push(key);
            }
        }
        let mut bearers: FxHashMap<&str, Vec<(u64, &str)>> = FxHashMap::default();
        for (key, entry) in &self.entries {
            let words = split(key);
            if words.len() == 1 || words.len() == 2 && words::is_surname_particle(&words[0]) {
                continue;
            }
            // Every other name with the word is a bearer, too, so that nothing is joined on doubt.
            let last = words::without_junior(&words).len() - 1;
            for (i, word) in words.iter().enumerate() {
                if let Some((word, _)) = lone.get_key_value(word) {
                    let personal = if i == last && i > 0 && entry.is_personal { key.as_str() } else { "" };
                    bearers.entry(word).or_default().push((entry.articles(), personal));
                }
            }
        }
        let mut joins = Vec::new();
        for (surname, mut all) in bearers {
            all.sort_unstable_by(|a, b| b.cmp(a));
            let (articles, key) = all[0];
            let others: u64 = all[1..].iter().map(|(articles, _)| articles).sum();
            let alone: u64 = lone[surname].iter().map(|key| self.entries[*key].articles()).sum();
            if !key.is_empty() && articles >= FEWEST && others * MAJORITY <= articles && alone <= articles * 2 {
                joins.extend(lone[surname].iter().map(|lone| ((*lone).to_string(), key.to_string())));
            }
        }
        joins.sort();
        for (surname, key) in joins {
            self.join(&surname, &key, false);
        }
    }
}

/// The last word of a name, and the first letter.
fn ends(key: &str) -> (String, char) {
    (key.rsplit(' ').next().unwrap_or(key).to_string(), key.chars().next().unwrap_or(' '))
}

/// A name as it is shown.
fn name(entry: Entry, compared: Option<(u64, u64)>) -> Name {
    let mut forms: Vec<(String, u64, bool)> =
        entry.forms.into_iter().map(|(form, (count, is_full))| (form, count, is_full)).collect();
    // Capitals only are the worst form, then those that are not the fullest.
    let is_shouted = |form: &str| form.len() > 5 && !form.contains(char::is_lowercase);
    forms.sort_by(|a, b| {
        (is_shouted(&a.0), !a.2, Reverse(a.1), &a.0).cmp(&(is_shouted(&b.0), !b.2, Reverse(b.1), &b.0))
    });
    let name = forms.remove(0).0;
    forms.sort_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
    let score =
        compared.map(|(articles, other)| log_likelihood(entry.set.articles, articles, entry.other.articles, other));
    Name {
        name,
        variants: forms.into_iter().map(|(form, ..)| form).collect(),
        articles: entry.set.articles,
        occurrences: entry.set.occurrences,
        first: entry.set.first,
        last: entry.set.last,
        articles_against: compared.map(|_| entry.other.articles),
        score,
    }
}

/// The log-likelihood ratio of `a` of `n` and `b` of `m` articles; negative if the second share is greater.
fn log_likelihood(a: u64, n: u64, b: u64, m: u64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "numbers of articles are far below 2^52")]
    let [a, n, b, m] = [a, n, b, m].map(|count| count as f64);
    let term = |observed: f64, expected: f64| if observed > 0.0 { observed * (observed / expected).ln() } else { 0.0 };
    let (share, all) = ((a + b) / (n + m), n + m);
    if all <= 0.0 {
        return 0.0;
    }
    let with = term(a, n * share) + term(b, m * share);
    let without = term(n - a, n * (1.0 - share)) + term(m - b, m * (1.0 - share));
    let ratio = (2.0 * (with + without)).max(0.0);
    if a * m < b * n { -ratio } else { ratio }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    /// A table of articles with these personal names, each in so many articles.
    fn table(names: &[(&str, u64)]) -> Table {
        let mut table = Table::default();
        let words = Words::of(Language::from_code("en"));
        for (name, articles) in names {
            for day in 0..*articles {
                let bearer = Bearer {
                    key: name.to_lowercase().replace('.', ""),
                    is_personal: true,
                    forms: vec![((*name).to_string(), 2)],
                    num_full: 1,
                };
                table.add(vec![bearer], words, Some(&format!("2023-01-{:02}", day % 28 + 1)), false);
            }
        }
        table
    }

    fn shown(names: &[(&str, u64)]) -> String {
        let names = table(names).into_names(false).names;
        names.iter().map(|name| format!("{} {}", name.name, name.articles)).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn names_across_articles() {
        for (names, expected) in [
            (&[("Ada Holm", 5), ("Holm", 2)][..], "Ada Holm 7"),
            (&[("Ada Holm", 5), ("Karl Holm", 4), ("Holm", 2)], "Ada Holm 5, Karl Holm 4, Holm 2"),
            (&[("Ada Holm", 2), ("Holm", 1)], "Ada Holm 2, Holm 1"),
            (&[("Ada Holm", 3), ("Holm", 30)], "Holm 30, Ada Holm 3"),
            (&[("George Marsh", 3), ("George W. Marsh", 4)], "George W. Marsh 7"),
            (&[("George Marsh", 3), ("George Karl Marsh", 4)], "George Karl Marsh 4, George Marsh 3"),
            (&[("Bill de Marsan", 5), ("de Marsan", 3), ("Marsan", 1)], "Bill de Marsan 9"),
        ] {
            assert_eq!(shown(names), expected, "{names:?}");
        }
    }

    #[test]
    fn counts_and_dates() {
        let names = table(&[("Ada Holm", 3)]).into_names(false);
        let name = &names.names[0];
        assert_eq!((name.articles, name.occurrences, names.articles), (3, 6, 3));
        assert_eq!((name.first.as_deref(), name.last.as_deref()), (Some("2023-01-01"), Some("2023-01-03")));
    }

    /// Of 10 of 10 and 0 of 10 it is 40 ln 2: all that there is to know of 20 articles.
    #[test]
    fn log_likelihood_of_small_tables() {
        assert!((log_likelihood(10, 10, 0, 10) - 40.0 * std::f64::consts::LN_2).abs() < 1e-9);
        assert!(log_likelihood(0, 0, 0, 0).abs() < f64::EPSILON);
        assert!(log_likelihood(10, 100, 10, 100).abs() < 1e-9);
        assert!(log_likelihood(1, 100, 10, 100) < 0.0);
    }
}

//! Brute force: what a query finds and marks in articles, by their tokens and structure alone.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::corpus::{Article, COMPOUND, Corpus, Passages, Token, raw};
use super::query::Q;
use crate::search::Counts;
use crate::vocabulary::Scope;

/// A span of tokens that satisfies a query, and the tokens of it that matched.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Found {
    start: usize,
    end: usize,
    marks: BTreeSet<usize>,
}

/// The test that a word stands for.
type Test<'t> = Box<dyn Fn(&Token) -> bool + 't>;

/// Tokens among which spans are looked for: a title, a heading, the text of a section.
struct Row<'a> {
    tokens: &'a [Token],
    /// Position of the first in the article's body, if they are of the body.
    first: Option<u32>,
    lede: u32,
    /// Was the field named?
    named: bool,
}

fn edit_distance_at_most_one(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a == b {
        return true;
    }
    for i in 0..=a.len() {
        let mut shorter = a.clone();
        if i < a.len() {
            shorter.remove(i);
            if shorter == b {
                return true;
            }
            if a.len() == b.len() && a[..i] == b[..i] && a[i + 1..] == b[i + 1..] {
                return true;
            }
            if i + 1 < a.len() {
                let mut swapped = a.clone();
                swapped.swap(i, i + 1);
                if swapped == b {
                    return true;
                }
            }
        }
        if b.len() == a.len() + 1 && a[..i] == b[..i] && a[i..] == b[i + 1..] {
            return true;
        }
    }
    false
}

fn wild(pattern: &[char], word: &[char]) -> bool {
    match (pattern.first(), word.first()) {
        (None, None) => true,
        (Some('*'), _) => wild(&pattern[1..], word) || !word.is_empty() && wild(pattern, &word[1..]),
        (Some('?'), Some(_)) => wild(&pattern[1..], &word[1..]),
        (Some(p), Some(w)) => p == w && wild(&pattern[1..], &word[1..]),
        _ => false,
    }
}

fn unaccented(text: &str) -> String {
    text.to_lowercase().replace('é', "e")
}

fn stretch(start: usize, end: usize) -> Found {
    Found { start, end, marks: (start..end).collect() }
}

/// Where a word that passes `test` ends if it begins at a token: after the token, or after the compound that begins there,
/// unless one of its parts passes too. A compound is never as it is written if it is joined.
fn ends(tokens: &[Token], at: usize, test: &dyn Fn(&Token) -> bool) -> Vec<usize> {
    let Some(token) = tokens.get(at) else { return Vec::new() };
    if test(token) {
        return vec![at + 1];
    }
    let joined = Token { raw: String::new(), folded: COMPOUND[2].into(), stem: COMPOUND[2].into(), ..token.clone() };
    if token.is_hyphenated && test(&joined) && !test(&tokens[at + 1]) { vec![at + 2] } else { Vec::new() }
}

fn find(q: &Q, row: &Row<'_>) -> Vec<Found> {
    let tokens = row.tokens;
    let words = |test: &dyn Fn(&Token) -> bool| -> Vec<Found> {
        (0..tokens.len()).flat_map(|i| ends(tokens, i, test).into_iter().map(move |end| stretch(i, end))).collect()
    };
    let runs = |tests: &[&dyn Fn(&Token) -> bool]| -> Vec<Found> {
        let run = |start: usize| {
            let mut all = BTreeSet::from([start]);
            for test in tests {
                all = all.into_iter().flat_map(|at| ends(tokens, at, test)).collect();
            }
            all.into_iter().map(move |end| stretch(start, end))
        };
        (0..tokens.len()).flat_map(run).collect()
    };
    let gap = |a: &Found, b: &Found| if b.start >= a.end { b.start - a.end + 1 } else { 0 };
    let joined = |a: &Q, b: &Q, negated: bool, near: &dyn Fn(&Found, &Found) -> bool| -> Vec<Found> {
        let (a, b) = (find(a, row), find(b, row));
        let shares = |x: &Found, y: &Found| !x.marks.is_disjoint(&y.marks);
        if negated {
            return a.into_iter().filter(|x| !b.iter().any(|y| shares(x, y) || near(x, y))).collect();
        }
        let mut out: BTreeMap<(usize, usize), BTreeSet<usize>> = BTreeMap::new();
        for x in &a {
            for y in b.iter().filter(|y| !shares(x, y) && near(x, y)) {
                let marks = out.entry((x.start.min(y.start), x.end.max(y.end))).or_default();
                marks.extend(x.marks.iter().chain(&y.marks));
            }
        }
        out.into_iter().map(|((start, end), marks)| Found { start, end, marks }).collect()
    };
    let same = |part: &dyn Fn(&Token) -> usize, x: &Found, y: &Found| {
        let parts: BTreeSet<usize> =
            [x.start, x.end - 1, y.start, y.end - 1].iter().map(|&i| part(&tokens[i])).collect();
        parts.len() == 1
    };
    match q {
        Q::Word(_, stem) => words(&|token| token.stem == *stem),
        Q::Phrase(wanted, 0) => {
            let tests: Vec<Test<'_>> =
                wanted.iter().map(|word| Box::new(move |token: &Token| token.folded == *word) as _).collect();
            runs(&tests.iter().map(|test| &**test).collect::<Vec<_>>())
        }
        Q::Phrase(wanted, slop) => {
            // All ways to choose a token for each word.
            let mut ways: Vec<Vec<(usize, usize)>> = vec![vec![]];
            for word in wanted {
                ways = ways
                    .iter()
                    .flat_map(|way| {
                        let word_at = way.len();
                        (0..tokens.len())
                            .flat_map(|i| {
                                let ends = ends(tokens, i, &|token| token.folded == *word);
                                ends.into_iter().map(move |end| (i, end))
                            })
                            .filter(|&(i, _)| {
                                way.iter().enumerate().all(|(j, &(other, _))| {
                                    if other == i {
                                        return false;
                                    }
                                    let (here, there) = (i as i64 - word_at as i64, other as i64 - j as i64);
                                    (here - there).unsigned_abs() <= u64::from(*slop)
                                })
                            })
                            .map(|found| [way.as_slice(), &[found]].concat())
                            .collect::<Vec<_>>()
                    })
                    .collect();
            }
            let mut out: BTreeMap<(usize, usize), BTreeSet<usize>> = BTreeMap::new();
            for way in ways {
                let least = way.iter().map(|found| found.0).min().unwrap_or(0);
                let most = way.iter().map(|found| found.1).max().unwrap_or(0);
                out.entry((least, most)).or_default().extend(way.iter().flat_map(|&(start, end)| start..end));
            }
            out.into_iter().map(|((start, end), marks)| Found { start, end, marks }).collect()
        }
        Q::Verbatim(wanted) => {
            let tests: Vec<Test<'_>> =
                wanted.iter().map(|word| Box::new(move |token: &Token| token.raw == *word) as _).collect();
            runs(&tests.iter().map(|test| &**test).collect::<Vec<_>>())
        }
        Q::Name(wanted) => {
            let has_capital = |word: &str| word.contains(char::is_uppercase);
            let has_any = wanted.iter().any(|word| has_capital(word));
            let tests: Vec<Test<'_>> = wanted
                .iter()
                .map(|word| {
                    let needs_capital = if has_any { has_capital(word) } else { word.contains(char::is_lowercase) };
                    let folded = unaccented(word);
                    Box::new(move |token: &Token| token.folded == folded && (!needs_capital || has_capital(&token.raw)))
                        as _
                })
                .collect();
            let begins = |at: usize| at > 0 && tokens[at].sentence != tokens[at - 1].sentence;
            let shortest = |start: usize| {
                let mut all: BTreeSet<usize> = ends(tokens, start, &tests[0]).into_iter().collect();
                for test in &tests[1..] {
                    // Up to two words with capitals between, none of them, nor the next word, at the beginning of a sentence.
                    let next = |after: usize| {
                        let mut found = Vec::new();
                        for at in (after..tokens.len().min(after + 3)).take_while(|&at| !begins(at)) {
                            found.extend(ends(tokens, at, test));
                            if !has_capital(&tokens[at].raw) {
                                break;
                            }
                        }
                        found
                    };
                    all = all.into_iter().flat_map(next).collect();
                }
                all.first().map(|&end| stretch(start, end))
            };
            (0..tokens.len()).filter_map(shortest).collect()
        }
        Q::Prefix(prefix) => words(&|token| token.folded.starts_with(&unaccented(prefix))),
        Q::Wild(pattern) => {
            let pattern: Vec<char> = pattern.chars().collect();
            words(&|token| wild(&pattern, &token.folded.chars().collect::<Vec<_>>()))
        }
        Q::Fuzzy(word) => words(&|token| edit_distance_at_most_one(word, &token.folded)),
        Q::Regex(_, test) => words(&|token| test(&token.folded)),
        Q::Any(all) => {
            let mut out: BTreeMap<(usize, usize), BTreeSet<usize>> = BTreeMap::new();
            for found in all.iter().flat_map(|q| find(q, row)) {
                out.entry((found.start, found.end)).or_default().extend(found.marks);
            }
            out.into_iter().map(|((start, end), marks)| Found { start, end, marks }).collect()
        }
        Q::Near(n, ordered, negated, a, b) => joined(a, b, *negated, &|x, y| {
            let (behind, before) = (gap(x, y), gap(y, x));
            match (behind, before) {
                (0, 0) => !*ordered,
                (0, before) => !*ordered && before <= *n as usize,
                (behind, _) => behind <= *n as usize,
            }
        }),
        Q::Sentence(negated, a, b) => joined(a, b, *negated, &|x, y| same(&|token| token.sentence, x, y)),
        Q::Paragraph(negated, a, b) => joined(a, b, *negated, &|x, y| same(&|token| token.paragraph, x, y)),
        Q::First(n, a) => {
            let first = match (row.first, row.named) {
                (Some(first), _) => first,
                (None, true) => 0,
                (None, false) => return Vec::new(),
            };
            find(a, row).into_iter().filter(|found| first as usize + found.end <= *n as usize).collect()
        }
        Q::Lede(a) => {
            let first = row.first.unwrap_or(0) as usize;
            find(a, row).into_iter().filter(|found| first + found.end <= row.lede as usize).collect()
        }
        _ => unreachable!("not a query of spans"),
    }
}

/// A token that a hit can be marked at: of the title, of the heading of a section, of the text of a section.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum TokenAt {
    Title(usize),
    Heading(usize, usize),
    Body(usize, usize),
}

/// The spans of an article that satisfy a query.
struct Spans {
    /// The tokens of each span that matched.
    tokens: Vec<Vec<TokenAt>>,
    /// Number of mentions: of spans that overlap one counts.
    mentions: u32,
}

fn spans(q: &Q, article: &Article, fields: &[&str], named: bool) -> Spans {
    let mut spans = Spans { tokens: Vec::new(), mentions: 0 };
    let mut add = |found: Vec<Found>, at: &dyn Fn(usize) -> TokenAt| {
        let mut free_from = 0;
        let mut ends: Vec<&Found> = found.iter().collect();
        ends.sort_by_key(|found| (found.end, found.start));
        for found in ends {
            if found.start >= free_from {
                spans.mentions += 1;
                free_from = found.end;
            }
        }
        spans.tokens.extend(found.into_iter().map(|found| found.marks.into_iter().map(at).collect()));
    };
    if fields.contains(&"title") {
        add(find(q, &Row { tokens: &article.title, first: None, lede: 0, named }), &TokenAt::Title);
    }
    for (number, section) in article.sections.iter().enumerate() {
        if fields.contains(&"heading") {
            let row = Row { tokens: &section.heading, first: None, lede: 0, named };
            add(find(q, &row), &|i| TokenAt::Heading(number, i));
        }
        let row = Row { tokens: &section.tokens, first: Some(section.first), lede: article.lede, named };
        if fields.contains(&"body") {
            add(find(q, &row), &|i| TokenAt::Body(number, i));
        }
        if fields.contains(&"lede") {
            add(find(&Q::Lede(Box::new(q.clone())), &row), &|i| TokenAt::Body(number, i));
        }
    }
    spans
}

/// The evidence that a unit (passages over which conditions are judged) has for a query that is true of it.
#[derive(Clone, Debug, Default)]
struct Evidence {
    /// Is there text among it, not facts alone?
    text: bool,
    passages: Passages,
    /// By the passage that shows them.
    marks: BTreeSet<((usize, usize), TokenAt)>,
}

impl Evidence {
    fn add(&mut self, other: Evidence) {
        self.text |= other.text;
        self.passages.extend(other.passages);
        self.marks.extend(other.marks);
    }
}

/// A query and the unit it is judged over, which its scope and first passage name.
type Asked = (*const Q, Scope, Option<(usize, usize)>);

/// Judges one query over one article.
struct Judge<'a> {
    article: &'a Article,
    all: &'a Passages,
    /// Spans that were found before: nested operators ask for the same ones over every unit.
    found: RefCell<HashMap<*const Q, Rc<Spans>>>,
    judged: RefCell<BTreeMap<Asked, Option<Evidence>>>,
}

impl Judge<'_> {
    /// The spans of a part of the query, which is searched in the same fields whenever it is.
    fn spans(&self, q: &Q, fields: &[&str], named: bool) -> Rc<Spans> {
        let mut found = self.found.borrow_mut();
        Rc::clone(found.entry(q).or_insert_with(|| Rc::new(spans(q, self.article, fields, named))))
    }

    fn leaf(&self, q: &Q, unit: &Passages, fields: &[&str], named: bool, is_text: bool) -> Option<Evidence> {
        self.evidence(&self.spans(q, fields, named), unit, is_text)
    }

    fn evidence(&self, spans: &Spans, unit: &Passages, is_text: bool) -> Option<Evidence> {
        let mut evidence = Evidence { text: is_text, ..Evidence::default() };
        let mut is_true = false;
        let first_of = |section: usize| self.all.iter().find(|passage| passage.0 == section).copied();
        for token in spans.tokens.iter().flatten() {
            // The passage that the index has the token at, and whether it holds for the unit.
            let passage = match token {
                TokenAt::Title(_) => self.all.first().copied(),
                TokenAt::Heading(section, _) => first_of(*section),
                TokenAt::Body(section, i) => Some((*section, self.article.sections[*section].tokens[*i].passage)),
            };
            is_true |= match token {
                TokenAt::Title(_) => true,
                TokenAt::Heading(section, _) => unit.iter().any(|passage| passage.0 == *section),
                TokenAt::Body(..) => passage.is_some_and(|passage| unit.contains(&passage)),
            };
            let shows = |shown: &&(usize, usize)| match token {
                TokenAt::Title(_) => true,
                TokenAt::Heading(section, _) => shown.0 == *section,
                TokenAt::Body(..) => passage.as_ref() == Some(*shown),
            };
            evidence.marks.extend(unit.iter().filter(shows).map(|passage| (*passage, *token)));
            evidence.passages.extend(passage.filter(|passage| is_text && unit.contains(passage)));
        }
        is_true.then_some(evidence)
    }

    fn sections_of(unit: &Passages) -> BTreeSet<usize> {
        unit.iter().map(|passage| passage.0).collect()
    }

    fn fact(is_true: bool) -> Option<Evidence> {
        is_true.then(Evidence::default)
    }

    /// The hits of a query in a unit: the passages that are evidence, or all of the unit if facts alone are.
    fn hits(evidence: Evidence, unit: &Passages) -> Passages {
        if evidence.text { evidence.passages } else { unit.clone() }
    }

    /// The units of a scope inside (or around) `unit`.
    fn units(&self, unit: &Passages, scope: Scope) -> Vec<Passages> {
        let mut out: BTreeMap<(usize, usize), Passages> = BTreeMap::new();
        for passage in unit {
            let key = match scope {
                Scope::Passage => *passage,
                Scope::Section => (passage.0, 0),
                Scope::Article => (0, 0),
            };
            out.entry(key).or_default().insert(*passage);
        }
        out.into_values().collect()
    }

    /// Each side somewhere in the block of `scope` around the unit, judged over `inner` units of it.
    fn within(&self, sides: &[&Q], unit: &Passages, scope: Scope, inner: Scope) -> Option<Evidence> {
        let sections = Self::sections_of(unit);
        let block: Passages = match scope {
            Scope::Article => self.all.clone(),
            _ => self.all.iter().filter(|passage| sections.contains(&passage.0)).copied().collect(),
        };
        // A unit wider than the scope has several blocks; one of them must have all.
        let blocks = if scope == Scope::Section { self.units(&block, Scope::Section) } else { vec![block] };
        let mut evidence = Evidence { text: true, ..Evidence::default() };
        let mut any = false;
        for block in &blocks {
            let inner_units = self.units(block, inner);
            let of_side = |side: &Q| -> Vec<(Passages, Evidence)> {
                inner_units.iter().filter_map(|unit| Some((unit.clone(), self.judge(side, unit, inner)?))).collect()
            };
            let found: Vec<_> = sides.iter().map(|side| of_side(side)).collect();
            if found.iter().any(Vec::is_empty) {
                continue;
            }
            any = true;
            for (inner_unit, side) in found.into_iter().flatten() {
                evidence.marks.extend(side.marks.iter().copied());
                evidence.passages.extend(Self::hits(side, &inner_unit).intersection(unit));
            }
        }
        any.then_some(evidence)
    }

    /// The evidence that `unit` has for a query, if it is true of it.
    fn judge(&self, q: &Q, unit: &Passages, scope: Scope) -> Option<Evidence> {
        let asked = (std::ptr::from_ref(q), scope, unit.first().copied());
        if let Some(known) = self.judged.borrow().get(&asked) {
            return known.clone();
        }
        let evidence = self.judge_anew(q, unit, scope);
        self.judged.borrow_mut().insert(asked, evidence.clone());
        evidence
    }

    fn judge_anew(&self, q: &Q, unit: &Passages, scope: Scope) -> Option<Evidence> {
        let texts = ["title", "heading", "body"];
        let sections = Self::sections_of(unit);
        let headings = |test: &dyn Fn(&str) -> bool| {
            sections.iter().any(|&section| {
                let heading = &self.article.sections[section].heading;
                !heading.is_empty() && test(&unaccented(&raw(heading)))
            })
        };
        match q {
            Q::All(all) => {
                let mut evidence = Evidence::default();
                for q in all {
                    evidence.add(self.judge(q, unit, scope)?);
                }
                Some(evidence)
            }
            Q::Some(all) => {
                let judged: Vec<Evidence> = all.iter().filter_map(|q| self.judge(q, unit, scope)).collect();
                let mut evidence = Evidence::default();
                let any = !judged.is_empty();
                judged.into_iter().for_each(|one| evidence.add(one));
                any.then_some(evidence)
            }
            // Nothing under NOT is evidence, nor is it under two of them.
            Q::Not(inner) => self.judge(inner, unit, scope).is_none().then(Evidence::default),
            Q::Maybe(a, b) => {
                let mut evidence = self.judge(a, unit, scope)?;
                if let Some(lift) = self.judge(b, unit, scope) {
                    evidence.marks.extend(lift.marks);
                }
                Some(evidence)
            }
            Q::AtLeast(n, a) => {
                let spans = self.spans(a, &texts, false);
                if spans.mentions < *n {
                    return None;
                }
                let mut evidence = Evidence { text: true, ..Evidence::default() };
                if let Some(found) = self.evidence(&spans, unit, true) {
                    evidence.add(found);
                }
                Some(evidence)
            }
            Q::Lede(a) => self.leaf(a, unit, &["lede"], true, true),
            Q::HeadAndLede(a) => self.leaf(a, unit, &["title", "lede"], true, true),
            Q::Body(a) => self.leaf(a, unit, &["body"], true, true),
            Q::Title(a) => self.leaf(a, unit, &["title"], true, false),
            Q::Heading(a) => self.leaf(a, unit, &["heading"], true, false),
            Q::HeadingIs(word) => Self::fact(headings(&|heading| heading == word)),
            Q::HeadingBegins(word) => Self::fact(headings(&|heading| heading.starts_with(&unaccented(word)))),
            Q::HeadingRegex(_, test) => Self::fact(headings(&|heading| test(heading))),
            Q::HasHeading => Self::fact(headings(&|_| true)),
            Q::WithinSection(a, b) => self.within(&[a, b], unit, Scope::Section, scope.min(Scope::Section)),
            Q::WithinArticle(a, b) => self.within(&[a, b], unit, Scope::Article, scope),
            Q::NotWithinArticle(a, b) => {
                let evidence = self.judge(a, unit, scope)?;
                self.within(&[b], unit, Scope::Article, scope).is_none().then_some(evidence)
            }
            Q::Words(n) => Self::fact(self.article.words() as u64 > *n),
            Q::Level(n) => Self::fact(sections.iter().any(|&section| self.article.sections[section].level == *n)),
            spans => self.leaf(spans, unit, &texts, false, true),
        }
    }
}

/// Hits as (article, passage), each with the words marked in passage, title and heading.
pub(super) type Hits = BTreeMap<(usize, usize), [BTreeSet<usize>; 3]>;

/// The hits of a query whose conditions are judged over units of `scope`.
pub(super) fn expected(corpus: &Corpus, q: &Q, scope: Scope) -> Hits {
    let mut out = Hits::new();
    for (&number, known) in &corpus.articles {
        let (article, all) = (&known.article, &known.passages);
        let judge = Judge { article, all, found: RefCell::default(), judged: RefCell::default() };
        for unit in judge.units(all, scope) {
            let Some(evidence) = judge.judge(q, &unit, scope) else { continue };
            let marks = evidence.marks.clone();
            for passage in Judge::hits(evidence, &unit) {
                let tokens = &article.sections[passage.0].tokens;
                let first = tokens.iter().position(|token| token.passage == passage.1);
                let mut sets: [BTreeSet<usize>; 3] = Default::default();
                for (_, token) in marks.iter().filter(|(shows, _)| *shows == passage) {
                    match token {
                        TokenAt::Title(i) => _ = sets[1].insert(*i),
                        TokenAt::Heading(section, i) if *section == passage.0 => _ = sets[2].insert(*i),
                        TokenAt::Body(section, i) if *section == passage.0 && tokens[*i].passage == passage.1 => {
                            sets[0].insert(i - first.expect("the passage has this token"));
                        }
                        _ => {}
                    }
                }
                out.insert((number, passage.1), sets);
            }
        }
    }
    out
}

/// The occurrences of a query of spans in the sections of an article, as (section, first token, after the last): those that
/// share no token, by their ends.
pub(super) fn occurrences(q: &Q, article: &Article) -> Vec<(usize, usize, usize)> {
    let mut out = Vec::new();
    for (number, section) in article.sections.iter().enumerate() {
        let row = Row { tokens: &section.tokens, first: Some(section.first), lede: article.lede, named: false };
        let mut found: Vec<(usize, usize)> = find(q, &row).iter().map(|found| (found.end, found.start)).collect();
        found.sort_unstable();
        let mut free_from = 0;
        for (end, start) in found {
            if start >= free_from {
                out.push((number, start, end));
                free_from = end;
            }
        }
    }
    out
}

/// The section of a passage.
pub(super) fn section_of(corpus: &Corpus, (article, passage): (usize, usize)) -> usize {
    let passages = &corpus.articles[&article].passages;
    passages.iter().find(|(_, ordinal)| *ordinal == passage).expect("a passage of the article").0
}

pub(super) fn counts<'a>(corpus: &Corpus, hits: impl Iterator<Item = &'a (usize, usize)> + Clone) -> Counts {
    let sections: BTreeSet<_> = hits.clone().map(|&hit| (hit.0, section_of(corpus, hit))).collect();
    let articles: BTreeSet<usize> = hits.clone().map(|hit| hit.0).collect();
    Counts {
        passages: hits.count() as u64,
        sections: sections.len() as u64,
        articles: articles.len() as u64,
        ..Counts::default()
    }
}

/// Counts of the hits.
pub(super) fn expected_counts(corpus: &Corpus, hits: &Hits) -> Counts {
    counts(corpus, hits.keys())
}

/// Headings of the sections of hits with the counts of each, as facets are ordered. Those that differ in case and accents
/// alone are one, as most of its passages spell it.
pub(super) fn expected_headings(corpus: &Corpus, hits: &Hits) -> Vec<(String, Counts)> {
    /// The spellings of a heading, each with its number of passages, and all passages.
    type Row = (BTreeMap<String, usize>, Vec<(usize, usize)>);
    let mut by_heading: BTreeMap<String, Row> = BTreeMap::new();
    for &hit in hits.keys() {
        let heading = &corpus.articles[&hit.0].article.sections[section_of(corpus, hit)].heading;
        if !heading.is_empty() {
            let (spellings, hits) = by_heading.entry(unaccented(&raw(heading))).or_default();
            *spellings.entry(raw(heading)).or_default() += 1;
            hits.push(hit);
        }
    }
    let row = |(spellings, hits): Row| {
        // Of spellings that are equally common, the first.
        let commonest = spellings.into_iter().rev().max_by_key(|(_, passages)| *passages).expect("one at least");
        (commonest.0, counts(corpus, hits.iter()))
    };
    let mut out: Vec<(String, Counts)> = by_heading.into_values().map(row).collect();
    out.sort_by_key(|(heading, counts)| {
        (std::cmp::Reverse(counts.articles), std::cmp::Reverse(counts.sections), heading.clone())
    });
    out
}

//! Every query against a brute-force evaluator over tokens and structure, with no index: the same passages and the same
//! marks, always. Articles and queries are random, from a seed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::index::Index;
use crate::index::sync::{SyncOptions, sync};
use crate::search::{SearchOptions, Searcher};
use crate::vocabulary::Scope;

/// Random numbers from a seed (SplitMix64: Steele, Lea, Flood, 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Words as written, folded, and what they are forms of.
const WORDS: &[(&str, &str, &str)] = &[
    ("strike", "strike", "strike"),
    ("strikes", "strikes", "strike"),
    ("striking", "striking", "strike"),
    ("oil", "oil", "oil"),
    ("oils", "oils", "oil"),
    ("the", "the", "the"),
    ("of", "of", "of"),
    ("nurse", "nurse", "nurse"),
    ("nurses", "nurses", "nurse"),
    ("elysee", "elysee", "elysee"),
    ("élysée", "elysee", "elysee"),
    ("Élysée", "elysee", "elysee"),
    ("Halden", "halden", "halden"),
    ("halden", "halden", "halden"),
    ("RICO", "rico", "rico"),
    ("Rico", "rico", "rico"),
    ("iPhone", "iphone", "iphone"),
    ("港", "港", "港"),
    ("Москва", "москва", "москва"),
];

#[derive(Clone, Debug)]
struct Token {
    raw: String,
    folded: String,
    stem: String,
    sentence: usize,
    paragraph: usize,
    passage: usize,
}

#[derive(Clone, Debug, Default)]
struct Section {
    heading: Vec<Token>,
    level: u64,
    tokens: Vec<Token>,
    /// Position of its first token in the article.
    first: u32,
}

#[derive(Clone, Debug)]
struct Article {
    title: Vec<Token>,
    sections: Vec<Section>,
    lede: u32,
    text: String,
}

fn token(random: &mut Random, capital: bool) -> Token {
    let (raw, folded, stem) = random.pick(WORDS);
    let mut raw = (*raw).to_string();
    if capital && raw.is_ascii() && raw.starts_with(|c: char| c.is_lowercase()) && raw != "iPhone" {
        raw[..1].make_ascii_uppercase();
    }
    Token { raw, folded: (*folded).into(), stem: (*stem).into(), sentence: 0, paragraph: 0, passage: 0 }
}

fn line(random: &mut Random, most: usize) -> Vec<Token> {
    let count = 1 + random.below(most);
    (0..count).map(|i| token(random, i == 0)).collect()
}

fn raw(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ")
}

fn article(random: &mut Random) -> Article {
    let mut title = line(random, 5);
    // No heading is the title again.
    title.push(Token { raw: "today".into(), folded: "today".into(), stem: "today".into(), ..title[0].clone() });
    let mut text = format!("---\ntitle: \"{}\"\nlang: en\n---\n\n", raw(&title));
    let (mut sections, mut sentence, mut paragraph, mut position) = (Vec::new(), 0, 0, 0u32);
    let mut paragraph_lengths = Vec::new();
    for number in 0..1 + random.below(3) {
        let mut section = Section { first: position, ..Section::default() };
        if number > 0 || random.chance(30) {
            section.heading = line(random, 3);
            section.level = 1 + random.below(3) as u64;
            let _ = write!(text, "{} {}\n\n", "#".repeat(section.level as usize), raw(&section.heading));
        }
        for _ in 0..1 + random.below(3) {
            // Some paragraphs are passages of their own, some are cut into several.
            let wanted = match random.below(10) {
                0 => 230,
                1 | 2 => 70,
                // What opens an article should not look like a byline or another line of facts.
                _ if position == 0 => 25,
                _ => 3 + random.below(15),
            };
            let before = section.tokens.len();
            while section.tokens.len() - before < wanted {
                let count = 3 + random.below(9);
                for i in 0..count {
                    let mut word = token(random, i == 0);
                    // Sentences begin and end with words that leave no doubt of it.
                    if (i == 0 || i + 1 == count) && !word.raw.is_ascii() {
                        word = Token { raw: "Oil".into(), folded: "oil".into(), stem: "oil".into(), ..word };
                    }
                    if i == 0 && word.raw == "iPhone" {
                        word = Token { raw: "The".into(), folded: "the".into(), stem: "the".into(), ..word };
                    }
                    (word.sentence, word.paragraph) = (sentence, paragraph);
                    let _ = write!(text, "{}{}", word.raw, if i + 1 == count { ". " } else { " " });
                    section.tokens.push(word);
                    position += 1;
                }
                sentence += 1;
            }
            if number == 0 {
                paragraph_lengths.push((section.tokens.len() - before) as u32);
            }
            paragraph += 1;
            text.push_str("\n\n");
        }
        sections.push(section);
    }
    let mut lede = 0;
    for length in paragraph_lengths {
        if lede >= crate::index::document::FEWEST_LEDE_WORDS as u32 {
            break;
        }
        lede += length;
    }
    Article { title, sections, lede, text }
}

/// A query, in the test's own terms.
#[derive(Clone, Debug)]
enum Q {
    Word(String, String),
    Phrase(Vec<String>, u32),
    Verbatim(Vec<String>),
    Prefix(String),
    Wild(String),
    Fuzzy(String),
    Regex(&'static str, fn(&str) -> bool),
    Any(Vec<Q>),
    Near(u32, bool, bool, Box<Q>, Box<Q>),
    Sentence(bool, Box<Q>, Box<Q>),
    Paragraph(bool, Box<Q>, Box<Q>),
    First(u32, Box<Q>),
    // What follows is of units, not of places.
    All(Vec<Q>),
    Some(Vec<Q>),
    Not(Box<Q>),
    Maybe(Box<Q>, Box<Q>),
    AtLeast(u32, Box<Q>),
    Lede(Box<Q>),
    HeadAndLede(Box<Q>),
    Body(Box<Q>),
    Title(Box<Q>),
    Heading(Box<Q>),
    HeadingIs(String),
    HeadingBegins(String),
    HeadingRegex(&'static str, fn(&str) -> bool),
    HasHeading,
    WithinSection(Box<Q>, Box<Q>),
    WithinArticle(Box<Q>, Box<Q>),
    NotWithinArticle(Box<Q>, Box<Q>),
    Words(u64),
    Level(u64),
}

fn any_word(random: &mut Random) -> (String, String, String) {
    let (raw, folded, stem) = random.pick(WORDS);
    ((*raw).into(), (*folded).into(), (*stem).into())
}

/// A query of places.
fn places(random: &mut Random, depth: usize) -> Q {
    let kind = if depth == 0 { random.below(9) } else { random.below(17) };
    let deeper = |random: &mut Random| Box::new(places(random, depth - 1));
    match kind {
        0..=2 => {
            let (raw, _, stem) = any_word(random);
            Q::Word(raw, stem)
        }
        3 => Q::Phrase((0..2 + random.below(2)).map(|_| any_word(random).1).collect(), 0),
        4 => Q::Verbatim((0..1 + random.below(2)).map(|_| any_word(random).0).collect()),
        5 => Q::Prefix((*random.pick(&["str", "nurs", "OI", "ély", "ri"])).into()),
        6 => Q::Wild((*random.pick(&["str*ing", "n?rse", "el?see", "*den", "strike?"])).into()),
        7 => Q::Fuzzy((*random.pick(&["striek", "nurze", "halde", "elyse"])).into()),
        8 => Q::Regex("oils?|rico", |word| matches!(word, "oil" | "oils" | "rico")),
        9 => Q::Phrase((0..2 + random.below(2)).map(|_| any_word(random).1).collect(), 1 + random.below(3) as u32),
        10 => Q::Any((0..2).map(|_| places(random, depth - 1)).collect()),
        11 | 12 => {
            let (n, ordered) = (1 + random.below(6) as u32, random.chance(40));
            Q::Near(n, ordered, false, deeper(random), deeper(random))
        }
        13 => {
            let (n, ordered) = (1 + random.below(6) as u32, random.chance(40));
            Q::Near(n, ordered, true, deeper(random), deeper(random))
        }
        14 => Q::Sentence(random.chance(30), deeper(random), deeper(random)),
        15 => Q::Paragraph(random.chance(30), deeper(random), deeper(random)),
        _ => Q::First(1 + random.below(40) as u32, deeper(random)),
    }
}

fn query(random: &mut Random, depth: usize) -> Q {
    let kind = if depth == 0 { 0 } else { random.below(24) };
    let deeper = |random: &mut Random| Box::new(query(random, depth - 1));
    let place = |random: &mut Random| Box::new(places(random, 1));
    match kind {
        0..=4 => places(random, 2),
        5..=7 => Q::All((0..2 + random.below(2)).map(|_| query(random, depth - 1)).collect()),
        8 | 9 => Q::Some((0..2 + random.below(2)).map(|_| query(random, depth - 1)).collect()),
        10 => Q::Not(deeper(random)),
        11 => Q::Maybe(deeper(random), deeper(random)),
        12 => Q::AtLeast(1 + random.below(4) as u32, place(random)),
        13 => Q::Lede(place(random)),
        14 => Q::HeadAndLede(place(random)),
        15 => Q::Title(place(random)),
        16 => Q::Heading(place(random)),
        17 => {
            let (raw, folded, _) = any_word(random);
            if random.chance(50) { Q::HeadingIs(folded) } else { Q::HeadingBegins(raw) }
        }
        18 => Q::HeadingRegex("^(oil|the)\\b", |heading| {
            ["oil", "the"].iter().any(|word| heading == *word || heading.starts_with(&format!("{word} ")))
        }),
        19 => Q::HasHeading,
        20 => Q::WithinSection(deeper(random), deeper(random)),
        21 => Q::WithinArticle(deeper(random), deeper(random)),
        22 => Q::NotWithinArticle(deeper(random), deeper(random)),
        _ => match random.below(3) {
            0 => Q::Words(random.below(200) as u64),
            1 => Q::Level(random.below(4) as u64),
            _ => Q::Body(place(random)),
        },
    }
}

impl Q {
    fn text(&self) -> String {
        let group = |q: &Q| format!("({})", q.text());
        let not = |negated: bool| if negated { "NOT " } else { "" };
        match self {
            Q::Word(raw, _) => raw.clone(),
            Q::Phrase(words, 0) => format!("\"{}\"", words.join(" ")),
            Q::Phrase(words, slop) => format!("\"{}\"~{slop}", words.join(" ")),
            Q::Verbatim(words) if words.len() == 1 => format!("={}", words[0]),
            Q::Verbatim(words) => format!("=\"{}\"", words.join(" ")),
            Q::Prefix(prefix) => format!("{prefix}*"),
            Q::Wild(pattern) => pattern.clone(),
            Q::Fuzzy(word) => format!("{word}~1"),
            Q::Regex(regex, _) => format!("/{regex}/"),
            Q::Any(all) | Q::Some(all) => all.iter().map(group).collect::<Vec<_>>().join(" OR "),
            Q::Near(n, ordered, negated, a, b) => {
                format!("{} {}{}/{n} {}", group(a), not(*negated), if *ordered { "pre" } else { "w" }, group(b))
            }
            Q::Sentence(negated, a, b) => format!("{} {}w/s {}", group(a), not(*negated), group(b)),
            Q::Paragraph(negated, a, b) => format!("{} {}w/p {}", group(a), not(*negated), group(b)),
            Q::First(n, a) => format!("first{n}{}", group(a)),
            Q::All(all) => all.iter().map(group).collect::<Vec<_>>().join(" AND "),
            Q::Not(a) => format!("NOT {}", group(a)),
            Q::Maybe(a, b) => format!("{} MAYBE {}", group(a), group(b)),
            Q::AtLeast(n, a) => format!("atleast{n}{}", group(a)),
            Q::Lede(a) => format!("lede:{}", group(a)),
            Q::HeadAndLede(a) => format!("hlead:{}", group(a)),
            Q::Body(a) => format!("body:{}", group(a)),
            Q::Title(a) => format!("title:{}", group(a)),
            Q::Heading(a) => format!("heading:{}", group(a)),
            Q::HeadingIs(word) => format!("heading={word}"),
            Q::HeadingBegins(word) => format!("heading~{word}"),
            Q::HeadingRegex(regex, _) => format!("heading:/{regex}/"),
            Q::HasHeading => "heading:*".into(),
            Q::WithinSection(a, b) => format!("{} w/sec {}", group(a), group(b)),
            Q::WithinArticle(a, b) => format!("{} w/art {}", group(a), group(b)),
            Q::NotWithinArticle(a, b) => format!("{} NOT w/art {}", group(a), group(b)),
            Q::Words(n) => format!("words:>{n}"),
            Q::Level(n) => format!("level:{n}"),
        }
    }
}

/// A stretch that satisfies a query of places, and the tokens that matched.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Found {
    start: usize,
    end: usize,
    marks: BTreeSet<usize>,
}

/// What a word asks of a token.
type Test<'t> = Box<dyn Fn(&Token) -> bool + 't>;

/// A row of tokens: where it starts in its article's body, if it is of the body.
struct Row<'a> {
    tokens: &'a [Token],
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

fn find(q: &Q, row: &Row<'_>) -> Vec<Found> {
    let tokens = row.tokens;
    let words = |test: &dyn Fn(&Token) -> bool| -> Vec<Found> {
        let hits = (0..tokens.len()).filter(|&i| test(&tokens[i]));
        hits.map(|i| Found { start: i, end: i + 1, marks: [i].into() }).collect()
    };
    let runs = |tests: &[&dyn Fn(&Token) -> bool]| -> Vec<Found> {
        let fits =
            |&start: &usize| (0..tests.len()).all(|i| tokens.get(start + i).is_some_and(|token| tests[i](token)));
        let found =
            |start: usize| Found { start, end: start + tests.len(), marks: (start..start + tests.len()).collect() };
        (0..tokens.len()).filter(fits).map(found).collect()
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
            let mut ways: Vec<Vec<usize>> = vec![vec![]];
            for word in wanted {
                ways = ways
                    .iter()
                    .flat_map(|way| {
                        let place = way.len();
                        (0..tokens.len())
                            .filter(|&i| tokens[i].folded == *word && !way.contains(&i))
                            .filter(|&i| {
                                way.iter().enumerate().all(|(j, &other)| {
                                    let (here, there) = (i as i64 - place as i64, other as i64 - j as i64);
                                    (here - there).unsigned_abs() <= u64::from(*slop)
                                })
                            })
                            .map(|i| [way.as_slice(), &[i]].concat())
                            .collect::<Vec<_>>()
                    })
                    .collect();
            }
            let mut out: BTreeMap<(usize, usize), BTreeSet<usize>> = BTreeMap::new();
            for way in ways {
                let (least, most) = (way.iter().min().copied().unwrap_or(0), way.iter().max().copied().unwrap_or(0));
                out.entry((least, most + 1)).or_default().extend(way);
            }
            out.into_iter().map(|((start, end), marks)| Found { start, end, marks }).collect()
        }
        Q::Verbatim(wanted) => {
            let tests: Vec<Test<'_>> =
                wanted.iter().map(|word| Box::new(move |token: &Token| token.raw == *word) as _).collect();
            runs(&tests.iter().map(|test| &**test).collect::<Vec<_>>())
        }
        Q::Prefix(prefix) => words(&|token| token.folded.starts_with(&unaccented(prefix))),
        Q::Wild(pattern) => {
            // A question mark at the end is the sentence's; the word stands for its forms then.
            if let Some(word) = pattern.strip_suffix('?') {
                return words(&|token| token.stem == word);
            }
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
        _ => unreachable!("not a query of places"),
    }
}

/// A place that a hit can be marked at: a token of the title, of a section's heading, of a section's body.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Place {
    Title(usize),
    Heading(usize, usize),
    Body(usize, usize),
}

/// What an article says of a leaf: the stretches, by the places that matched; and how many mentions.
fn leaf(q: &Q, article: &Article, fields: &[&str], named: bool) -> (Vec<Vec<Place>>, u32) {
    let mut out = Vec::new();
    let mut count = 0;
    let mut take = |found: Vec<Found>, place: &dyn Fn(usize) -> Place| {
        let mut free_from = 0;
        let mut ends: Vec<&Found> = found.iter().collect();
        ends.sort_by_key(|found| (found.end, found.start));
        for found in ends {
            if found.start >= free_from {
                count += 1;
                free_from = found.end;
            }
        }
        out.extend(found.into_iter().map(|found| found.marks.into_iter().map(place).collect()));
    };
    if fields.contains(&"title") {
        take(find(q, &Row { tokens: &article.title, first: None, lede: 0, named }), &Place::Title);
    }
    for (number, section) in article.sections.iter().enumerate() {
        if fields.contains(&"heading") {
            let row = Row { tokens: &section.heading, first: None, lede: 0, named };
            take(find(q, &row), &|i| Place::Heading(number, i));
        }
        let row = Row { tokens: &section.tokens, first: Some(section.first), lede: article.lede, named };
        if fields.contains(&"body") {
            take(find(q, &row), &|i| Place::Body(number, i));
        }
        if fields.contains(&"lede") {
            take(find(&Q::Lede(Box::new(q.clone())), &row), &|i| Place::Body(number, i));
        }
    }
    (out, count)
}

/// A unit that conditions are judged over: passages of one article, as (section, passage).
type Unit = BTreeSet<(usize, usize)>;

/// What a unit of which a query is true shows for it.
#[derive(Clone, Debug, Default)]
struct Shown {
    /// Does text say so, not facts alone?
    text: bool,
    passages: Unit,
    /// By the passage that shows them.
    marks: BTreeSet<((usize, usize), Place)>,
}

impl Shown {
    fn add(&mut self, other: Shown) {
        self.text |= other.text;
        self.passages.extend(other.passages);
        self.marks.extend(other.marks);
    }
}

struct Judge<'a> {
    article: &'a Article,
    all: &'a Unit,
}

impl Judge<'_> {
    fn leaf(&self, q: &Q, unit: &Unit, fields: &[&str], named: bool, is_text: bool) -> Option<Shown> {
        let (stretches, _) = leaf(q, self.article, fields, named);
        self.shown(&stretches, unit, is_text)
    }

    fn shown(&self, stretches: &[Vec<Place>], unit: &Unit, is_text: bool) -> Option<Shown> {
        let mut shown = Shown { text: is_text, ..Shown::default() };
        let mut is_true = false;
        let head = |section: usize| self.all.iter().find(|passage| passage.0 == section).copied();
        for place in stretches.iter().flatten() {
            // Where it stands, and which passages it holds for.
            let stands = match place {
                Place::Title(_) => self.all.iter().next().copied(),
                Place::Heading(section, _) => head(*section),
                Place::Body(section, i) => Some((*section, self.article.sections[*section].tokens[*i].passage)),
            };
            let holds = match place {
                Place::Title(_) => true,
                Place::Heading(section, _) => unit.iter().any(|passage| passage.0 == *section),
                Place::Body(..) => stands.is_some_and(|stands| unit.contains(&stands)),
            };
            is_true |= holds;
            let shows = |passage: &&(usize, usize)| match place {
                Place::Title(_) => true,
                Place::Heading(section, _) => passage.0 == *section,
                Place::Body(..) => stands.as_ref() == Some(*passage),
            };
            shown.marks.extend(unit.iter().filter(shows).map(|passage| (*passage, *place)));
            shown.passages.extend(stands.filter(|stands| is_text && unit.contains(stands)));
        }
        is_true.then_some(shown)
    }

    fn sections_of(unit: &Unit) -> BTreeSet<usize> {
        unit.iter().map(|passage| passage.0).collect()
    }

    fn fact(is_true: bool) -> Option<Shown> {
        is_true.then(Shown::default)
    }

    /// All that a true query shows: its evidence, or all passages of the unit if only facts speak.
    fn whole(shown: Shown, unit: &Unit) -> Unit {
        if shown.text { shown.passages } else { unit.clone() }
    }

    /// The units of a scope inside (or around) `unit`.
    fn units(&self, unit: &Unit, scope: Scope) -> Vec<Unit> {
        let mut out: BTreeMap<(usize, usize), Unit> = BTreeMap::new();
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

    /// All somewhere in the block of `scope` around the unit, each judged over `inner` units of it.
    fn within(&self, sides: &[&Q], unit: &Unit, scope: Scope, inner: Scope) -> Option<Shown> {
        let sections = Self::sections_of(unit);
        let block: Unit = match scope {
            Scope::Article => self.all.clone(),
            _ => self.all.iter().filter(|passage| sections.contains(&passage.0)).copied().collect(),
        };
        // A unit wider than the scope has several blocks; one of them must have all.
        let blocks = if scope == Scope::Section { self.units(&block, Scope::Section) } else { vec![block] };
        let mut shown = Shown { text: true, ..Shown::default() };
        let mut any = false;
        for block in &blocks {
            let inner_units = self.units(block, inner);
            let of_side = |side: &Q| -> Vec<(Unit, Shown)> {
                inner_units.iter().filter_map(|unit| Some((unit.clone(), self.judge(side, unit, inner)?))).collect()
            };
            let found: Vec<_> = sides.iter().map(|side| of_side(side)).collect();
            if found.iter().any(Vec::is_empty) {
                continue;
            }
            any = true;
            for (inner_unit, side) in found.into_iter().flatten() {
                shown.marks.extend(side.marks.iter().copied());
                let passages = Self::whole(side, &inner_unit);
                shown.passages.extend(passages.intersection(unit));
            }
        }
        any.then_some(shown)
    }

    /// What `unit` shows for a query, if it is true of it.
    fn judge(&self, q: &Q, unit: &Unit, scope: Scope) -> Option<Shown> {
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
                let mut shown = Shown::default();
                for q in all {
                    shown.add(self.judge(q, unit, scope)?);
                }
                Some(shown)
            }
            Q::Some(all) => {
                let judged: Vec<Shown> = all.iter().filter_map(|q| self.judge(q, unit, scope)).collect();
                let mut shown = Shown::default();
                let any = !judged.is_empty();
                judged.into_iter().for_each(|one| shown.add(one));
                any.then_some(shown)
            }
            Q::Not(inner) => match &**inner {
                // Twice not is asked for again, as far as marks go.
                _ if self.judge(inner, unit, scope).is_none() => Some(Shown::default()),
                _ => None,
            },
            Q::Maybe(a, b) => {
                let mut shown = self.judge(a, unit, scope)?;
                if let Some(lift) = self.judge(b, unit, scope) {
                    shown.marks.extend(lift.marks);
                }
                Some(shown)
            }
            Q::AtLeast(n, a) => {
                let (stretches, count) = leaf(a, self.article, &texts, false);
                if count < *n {
                    return None;
                }
                let mut shown = Shown { text: true, ..Shown::default() };
                shown.add(self.shown(&stretches, unit, true).unwrap_or_default());
                Some(shown)
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
                let shown = self.judge(a, unit, scope)?;
                self.within(&[b], unit, Scope::Article, scope).is_none().then_some(shown)
            }
            Q::Words(n) => {
                let words: usize = self.article.sections.iter().map(|section| section.tokens.len()).sum();
                Self::fact(words as u64 > *n)
            }
            Q::Level(n) => Self::fact(sections.iter().any(|&section| self.article.sections[section].level == *n)),
            places => self.leaf(places, unit, &texts, false, true),
        }
    }
}

/// Hits as (article, passage), each with the words marked in passage, title and heading.
type Hits = BTreeMap<(usize, usize), [BTreeSet<usize>; 3]>;

/// Numbers of the words of `text` that `marks` cover.
fn covered(text: &str, marks: &[(usize, usize)]) -> BTreeSet<usize> {
    let mut words = crate::text::Words::new(text);
    let mut out = BTreeSet::new();
    while let Some(word) = words.next() {
        if marks.iter().any(|&(start, end)| start <= word.start && word.end <= end) {
            out.insert(word.position as usize);
        }
    }
    out
}

struct Corpus {
    articles: Vec<Article>,
    passages: Vec<Unit>,
    index: Index,
    _folder: tempfile::TempDir,
}

fn corpus(random: &mut Random) -> Corpus {
    let folder = tempfile::tempdir().expect("a folder");
    let mut articles: Vec<Article> = (0..8).map(|_| article(random)).collect();
    let texts = folder.path().join("articles");
    std::fs::create_dir(&texts).expect("a folder");
    for (i, article) in articles.iter().enumerate() {
        std::fs::write(texts.join(format!("{i}.md")), &article.text).expect("a file");
    }
    let index = Index::open_or_create(&folder.path().join("index")).expect("an index");
    sync(&index, &[texts], &SyncOptions::default()).expect("indexed");
    // How sections were cut into passages is the splitter's matter, and tested there.
    let searcher = Searcher::of(&index).expect("open");
    let options =
        SearchOptions { limit: 1_000, per_article: 1_000, strict: true, ungroup: true, ..SearchOptions::default() };
    let everything = searcher.search("path:md", &options).expect("valid");
    let mut passages: Vec<BTreeMap<usize, (usize, usize)>> = vec![BTreeMap::new(); articles.len()];
    for hit in &everything.hits {
        let number = number_of(&hit.article.path);
        let words = crate::text::Words::new(&hit.passage.words()).count();
        passages[number].insert(hit.passage.ordinal as usize, (hit.passage.section as usize, words));
    }
    let mut units = Vec::new();
    for (article, passages) in articles.iter_mut().zip(&passages) {
        let mut at = vec![0; article.sections.len()];
        for (&ordinal, &(section, words)) in passages {
            let tokens = &mut article.sections[section].tokens;
            let end = (at[section] + words).min(tokens.len());
            tokens[at[section]..end].iter_mut().for_each(|token| token.passage = ordinal);
            at[section] = end;
        }
        for (section, &end) in article.sections.iter().zip(&at) {
            assert_eq!(section.tokens.len(), end, "passages cover the sections of {}", article.text);
        }
        units.push(passages.iter().map(|(&ordinal, &(section, _))| (section, ordinal)).collect());
    }
    Corpus { articles, passages: units, index, _folder: folder }
}

fn number_of(path: &str) -> usize {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.trim_end_matches(".md").parse().expect("a number")
}

fn expected(corpus: &Corpus, q: &Q, scope: Scope) -> Hits {
    let mut out = Hits::new();
    for (number, (article, all)) in corpus.articles.iter().zip(&corpus.passages).enumerate() {
        let judge = Judge { article, all };
        for unit in judge.units(all, scope) {
            let Some(shown) = judge.judge(q, &unit, scope) else { continue };
            let marks = shown.marks.clone();
            for passage in Judge::whole(shown, &unit) {
                let mut sets: [BTreeSet<usize>; 3] = Default::default();
                let first = article.sections[passage.0].tokens.iter().position(|token| token.passage == passage.1);
                for (_, place) in marks.iter().filter(|(shows, _)| *shows == passage) {
                    match place {
                        Place::Title(i) => _ = sets[1].insert(*i),
                        Place::Heading(section, i) if *section == passage.0 => _ = sets[2].insert(*i),
                        Place::Body(section, i)
                            if *section == passage.0 && article.sections[*section].tokens[*i].passage == passage.1 =>
                        {
                            sets[0].insert(i - first.unwrap_or(0));
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

fn found(searcher: &Searcher, text: &str, unit: Scope) -> Hits {
    let options = SearchOptions {
        limit: 10_000,
        per_article: 10_000,
        strict: true,
        unit,
        ungroup: true,
        ..SearchOptions::default()
    };
    let results = searcher.search(text, &options).unwrap_or_else(|error| panic!("{text}: {error}"));
    let hits = results.hits.iter().map(|hit| {
        let heading = hit.passage.heading.as_deref().unwrap_or_default();
        let sets = [
            covered(&hit.passage.words(), &hit.marks),
            covered(hit.article.facts.title.as_deref().unwrap_or_default(), &hit.title_marks),
            covered(heading, &hit.heading_marks),
        ];
        ((number_of(&hit.article.path), hit.passage.ordinal as usize), sets)
    });
    hits.collect()
}

fn run(seed: u64, corpora: usize, queries: usize) {
    let mut random = Random(seed);
    for _ in 0..corpora {
        let corpus = corpus(&mut random);
        let searcher = Searcher::of(&corpus.index).expect("open");
        for _ in 0..queries {
            let q = query(&mut random, 2);
            let unit = *random.pick(&[Scope::Section, Scope::Section, Scope::Article, Scope::Passage]);
            let text = q.text();
            let (expected, found) = (expected(&corpus, &q, unit), found(&searcher, &text, unit));
            if expected != found {
                let keys: BTreeSet<_> = expected.keys().chain(found.keys()).collect();
                let key = keys.into_iter().find(|key| expected.get(key) != found.get(key)).expect("they differ");
                panic!(
                    "{text}\nunit {unit:?}, article {}, passage {}\nexpected {:?}\nfound    {:?}\n{}",
                    key.0,
                    key.1,
                    expected.get(key),
                    found.get(key),
                    corpus.articles[key.0].text
                );
            }
        }
    }
}

#[test]
fn ten_thousand_queries_find_and_mark_what_they_say() {
    run(2026, 40, 250);
}

#[test]
#[ignore = "runs as long as it is told: CROSSHEAD_SEED, and CROSSHEAD_CORPORA of 250 queries each"]
fn more_queries() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    run(number("CROSSHEAD_SEED").unwrap_or(1), number("CROSSHEAD_CORPORA").unwrap_or(40) as usize, 250);
}

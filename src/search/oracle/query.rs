//! Random queries, in the test's own terms.

use super::corpus::{COMPOUND, Random, WORDS};

/// A query.
#[derive(Clone, Debug)]
pub(super) enum Q {
    Word(String, String),
    Phrase(Vec<String>, u32),
    Verbatim(Vec<String>),
    Name(Vec<String>),
    Prefix(String),
    Wild(String),
    Fuzzy(String),
    Regex(&'static str, fn(&str) -> bool),
    Any(Vec<Q>),
    Near(u32, bool, bool, Box<Q>, Box<Q>),
    Sentence(bool, Box<Q>, Box<Q>),
    Paragraph(bool, Box<Q>, Box<Q>),
    First(u32, Box<Q>),
    // What follows is true of units; all before is found at spans of text.
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

/// A word of a phrase, now and then a compound as others write it.
fn folded_word(random: &mut Random) -> String {
    if random.chance(10) { COMPOUND[2].into() } else { any_word(random).1 }
}

/// A query that is found at spans of text.
pub(super) fn spans(random: &mut Random, depth: usize) -> Q {
    let kind = if depth == 0 { random.below(9) } else { random.below(17) };
    let deeper = |random: &mut Random| Box::new(spans(random, depth - 1));
    match kind {
        0..=2 if random.chance(15) => {
            let written = *random.pick(&["e-oil", "eoil"]);
            Q::Word(written.into(), COMPOUND[2].into())
        }
        0..=2 => {
            let (raw, _, stem) = any_word(random);
            Q::Word(raw, stem)
        }
        3 => Q::Phrase((0..2 + random.below(2)).map(|_| folded_word(random)).collect(), 0),
        4 if random.chance(60) => Q::Name((0..1 + random.below(2)).map(|_| any_word(random).0).collect()),
        4 => Q::Verbatim((0..1 + random.below(2)).map(|_| any_word(random).0).collect()),
        5 => Q::Prefix((*random.pick(&["str", "nurs", "OI", "ély", "ri", "eo"])).into()),
        6 => Q::Wild((*random.pick(&["str*ing", "n?rse", "el?see", "*den", "strik?s"])).into()),
        7 => Q::Fuzzy((*random.pick(&["striek", "nurze", "halde", "elyse"])).into()),
        8 if random.chance(50) => Q::Regex("strike.", |word| word == "strikes"),
        8 => Q::Regex("oils?|rico", |word| matches!(word, "oil" | "oils" | "rico")),
        9 => Q::Phrase((0..2 + random.below(2)).map(|_| folded_word(random)).collect(), 1 + random.below(3) as u32),
        10 => Q::Any((0..2).map(|_| spans(random, depth - 1)).collect()),
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

pub(super) fn query(random: &mut Random, depth: usize) -> Q {
    let kind = if depth == 0 { 0 } else { random.below(24) };
    let deeper = |random: &mut Random| Box::new(query(random, depth - 1));
    let span = |random: &mut Random| Box::new(spans(random, 1));
    match kind {
        0..=4 => spans(random, 2),
        5..=7 => Q::All((0..2 + random.below(2)).map(|_| query(random, depth - 1)).collect()),
        8 | 9 => Q::Some((0..2 + random.below(2)).map(|_| query(random, depth - 1)).collect()),
        10 => Q::Not(deeper(random)),
        11 => Q::Maybe(deeper(random), deeper(random)),
        12 => Q::AtLeast(1 + random.below(4) as u32, span(random)),
        13 => Q::Lede(span(random)),
        14 => Q::HeadAndLede(span(random)),
        15 => Q::Title(span(random)),
        16 => Q::Heading(span(random)),
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
            _ => Q::Body(span(random)),
        },
    }
}

impl Q {
    /// The query as a user writes it.
    pub(super) fn text(&self) -> String {
        let group = |q: &Q| format!("({})", q.text());
        let not = |negated: bool| if negated { "NOT " } else { "" };
        match self {
            Q::Word(raw, _) => raw.clone(),
            Q::Phrase(words, 0) => format!("\"{}\"", words.join(" ")),
            Q::Phrase(words, slop) => format!("\"{}\"~{slop}", words.join(" ")),
            Q::Verbatim(words) if words.len() == 1 => format!("={}", words[0]),
            Q::Verbatim(words) => format!("=\"{}\"", words.join(" ")),
            Q::Name(words) => format!("name:\"{}\"", words.join(" ")),
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

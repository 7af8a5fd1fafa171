//! How words are written within sentences: what tells a name at the beginning of one from another word.

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::token::{Block, Gap, Kind};
use super::words::{self, Words};

/// How often a word was written how, the beginnings of sentences aside.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Usage {
    /// In small letters.
    pub lower: u32,
    /// With a capital.
    pub upper: u32,
    /// With a capital, and no such word beside it.
    pub alone: u32,
    /// Alone, after a preposition of places.
    pub place: u32,
    /// Alone, after an article, an adjective or a number.
    pub determined: u32,
    /// In capitals.
    pub capitals: u32,
    /// With a capital and the ending of a possessive.
    pub possessive: u32,
}

impl Usage {
    fn add(&mut self, other: Usage) {
        self.lower += other.lower;
        self.upper += other.upper;
        self.alone += other.alone;
        self.place += other.place;
        self.determined += other.determined;
        self.capitals += other.capitals;
        self.possessive += other.possessive;
    }

    /// Is it also a common word?
    pub(super) fn is_common(self) -> bool {
        self.lower >= 1 && self.lower * 6 >= self.upper
    }

    /// Is it a common word more often than not?
    pub(super) fn is_mostly_lower(self) -> bool {
        self.lower > self.upper
    }

    /// Is it mostly a place, or at least often enough that it is no surname?
    pub(super) fn is_place(self) -> bool {
        self.place > 1 && self.place * 12 >= self.alone
    }

    /// Is it written by itself as often as with another?
    pub(super) fn stands_alone(self) -> bool {
        self.alone >= 2 && self.alone * 2 >= self.upper
    }
}

/// How often two words follow each other.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    /// Both with capitals.
    pub capitals: u32,
    /// The first in small letters, the second with a capital.
    pub lower: u32,
    /// Both with capitals, the second with the ending of a possessive that nothing follows which it could own.
    pub closed: u32,
    /// Both with capitals, the first with the ending of a possessive: `King's Cross`.
    pub owned: u32,
    /// Both with capitals, and `and` between them.
    pub and: u32,
    /// Both with capitals, a comma between them and `and` or `&` after them: `Holm, Voss and Marsh`.
    pub comma: u32,
    /// Both in small letters; counted in English only, function words aside.
    pub small: u32,
}

impl Pair {
    fn add(&mut self, other: Pair) {
        self.capitals += other.capitals;
        self.lower += other.lower;
        self.closed += other.closed;
        self.owned += other.owned;
        self.and += other.and;
        self.comma += other.comma;
        self.small += other.small;
    }
}

/// How words are written in a set of articles.
#[derive(Debug, Default, Clone)]
pub(super) struct Lexicon {
    words: FxHashMap<u64, Usage>,
    pairs: FxHashMap<u64, Pair>,
}

fn word_key(code: &str, word: &str) -> u64 {
    xxh3_64_with_seed(word.as_bytes(), seed(code))
}

fn pair_key(code: &str, first: &str, second: &str) -> u64 {
    word_key(code, first).rotate_left(17) ^ word_key(code, second)
}

fn seed(code: &str) -> u64 {
    code.bytes().fold(0, |seed, byte| seed * 256 + u64::from(byte))
}

impl Lexicon {
    /// Counts the words of a block.
    pub(super) fn count(&mut self, block: &Block<'_>, words: Words) {
        let code = words.code();
        let tokens = &block.tokens;
        for (i, token) in tokens.iter().enumerate() {
            if matches!(token.kind, Kind::Number | Kind::Address)
                || token.is_titled
                || token.opens && i + 1 == tokens.len()
            {
                continue;
            }
            let next = tokens.get(i + 1).filter(|next| matches!(next.gap, Gap::Space | Gap::Ampersand | Gap::Point));
            let has_previous = i > 0 && matches!(token.gap, Gap::Space | Gap::Ampersand | Gap::Point);
            // Some writers put a capital after every point, as after `U.S.`
            let follows_initials = token.gap == Gap::Point && tokens[i - 1].kind == Kind::Capitals;
            if let Some(next) = next
                && !token.opens
                && !follows_initials
                && (next.has_capital() || next.kind == Kind::Number && next.bytes.len() < 3 && token.has_capital())
            {
                let pair = self.pairs.entry(pair_key(code, block.word(i), block.word(i + 1))).or_default();
                match (token.is_possessive, token.has_capital()) {
                    (true, true) => pair.owned += 1,
                    (true, false) => {}
                    (false, true) => {
                        pair.capitals += 1;
                        pair.closed += u32::from(is_closed(block, i + 1));
                    }
                    (false, false) => pair.lower += 1,
                }
            }
            if let Some(next) = next
                && code == "en"
                && token.kind == Kind::Lower
                && next.kind == Kind::Lower
                && next.gap == Gap::Space
                && !words.is_function(block.word(i))
                && !words.is_function(block.word(i + 1))
            {
                self.pairs.entry(pair_key(code, block.word(i), block.word(i + 1))).or_default().small += 1;
            }
            if code == "en" && is_before_comma(block, i) {
                self.pairs.entry(pair_key(code, block.word(i), block.word(i + 1))).or_default().comma += 1;
            }
            if let Some(after) = after_and(block, i) {
                self.pairs.entry(pair_key(code, block.word(i), block.word(after))).or_default().and += 1;
            }
            if token.opens || follows_initials {
                continue;
            }
            let mut usage = Usage::default();
            if token.has_capital() {
                usage.upper = 1;
                let is_name = |j: usize| {
                    tokens[j].has_capital() && !words.is_function(block.word(j)) && !words::is_calendar(block.word(j))
                };
                let beside = has_previous
                    && is_name(i - 1)
                    && !tokens[i - 1].is_possessive
                    && !words::is_title(block.word(i - 1), words)
                    || next.is_some() && is_name(i + 1) && !token.is_possessive;
                usage.alone = u32::from(!beside);
                usage.capitals = u32::from(token.kind == Kind::Capitals);
                usage.possessive = u32::from(token.is_possessive);
                let previous = if has_previous { block.word(i - 1) } else { "" };
                usage.place = u32::from(!beside && words.is_locative(previous));
                usage.determined =
                    u32::from(!beside && words.has_capital_nouns() && has_previous && is_before_noun(block, i - 1));
            } else {
                usage.lower = 1;
            }
            self.words.entry(word_key(code, block.word(i))).or_default().add(usage);
        }
    }

    /// Adds the counts of `other`.
    pub(super) fn merge(&mut self, other: Lexicon) {
        for (key, usage) in other.words {
            self.words.entry(key).or_default().add(usage);
        }
        for (key, pair) in other.pairs {
            self.pairs.entry(key).or_default().add(pair);
        }
    }

    fn usage(&self, code: &str, word: &str) -> Usage {
        self.words.get(&word_key(code, word)).copied().unwrap_or_default()
    }
}

/// Does nothing that it could own follow a word with the ending of a possessive: `a table at Holm's, for two`?
pub(super) fn is_closed(block: &Block<'_>, at: usize) -> bool {
    let Some(rest) = after_ending(block, at) else { return false };
    let Some(next) = block.tokens.get(at + 1) else { return true };
    if next.gap == Gap::Space && next.kind == Kind::Lower {
        // After others `'s` may be a verb: `Holm's in town`.
        return matches!(
            block.word(at + 1),
            "and"
                | "or"
                | "for"
                | "with"
                | "from"
                | "by"
                | "where"
                | "which"
                | "who"
                | "when"
                | "was"
                | "is"
                | "has"
                | "had"
                | "will"
        );
    }
    rest.starts_with(['.', ',', ';', ':', ')', '!', '?']) && !rest[1..].trim_start().starts_with(['"', '“', '‘', '\''])
}

/// What follows the `'s` of a word; `None` if it has none.
pub(super) fn after_ending<'t>(block: &Block<'t>, at: usize) -> Option<&'t str> {
    let rest: &'t str = &block.text[block.tokens[at].bytes.end..];
    rest.strip_prefix(['\'', '’']).and_then(|rest| rest.strip_prefix('s')).filter(|_| block.tokens[at].is_possessive)
}

/// Do a comma, a word with a capital, and `and` or `&` follow this word with a capital?
fn is_before_comma(block: &Block<'_>, at: usize) -> bool {
    let tokens = &block.tokens;
    let [this, next, after, ..] = &tokens[at..] else { return false };
    let is_and = after.gap == Gap::Space && block.word(at + 2) == "and" || after.gap == Gap::Ampersand;
    is_and
        && this.kind == Kind::Capital
        && next.kind == Kind::Capital
        && &block.text[this.bytes.end..next.bytes.start] == ", "
}

/// The word with a capital after this one with a capital and `and`, with nothing but white space between them.
fn after_and(block: &Block<'_>, at: usize) -> Option<usize> {
    let tokens = &block.tokens;
    let is_next = |i: usize| tokens.get(i).is_some_and(|token| token.gap == Gap::Space);
    (tokens[at].kind == Kind::Capital
        && !tokens[at].is_possessive
        && is_next(at + 1)
        && tokens[at + 1].kind == Kind::Lower
        && block.word(at + 1) == "and"
        && is_next(at + 2)
        && tokens[at + 2].kind == Kind::Capital)
        .then_some(at + 2)
}

/// Is this word of German an article, an adjective or a number before a noun?
pub(super) fn is_before_noun(block: &Block<'_>, i: usize) -> bool {
    let word = block.word(i);
    let token = &block.tokens[i];
    // `Ursula von der Marsch`
    let is_of_surname = i > 1
        && matches!(word, "der" | "den" | "dem")
        && matches!(block.word(i - 1), "von" | "van")
        && block.tokens[i - 2].has_capital();
    if is_of_surname {
        return false;
    }
    if words::is_determiner(word) || token.kind == Kind::Number {
        return true;
    }
    let is_inflected = ["e", "en", "er", "es", "em"].iter().any(|ending| word.ends_with(ending));
    // `sagte`, `erklärten`: verbs, far more often than adjectives.
    let is_verb = word.ends_with("te") || word.ends_with("ten");
    token.kind == Kind::Lower && is_inflected && !is_verb && word.len() > 5 && !NO_ADJECTIVES.contains(&word)
}

/// Words of German that end like adjectives, and are others: adverbs, prepositions, auxiliary verbs.
#[rustfmt::skip]
const NO_ADJECTIVES: &[&str] = &[
    "werden", "wurden", "haben", "hatten", "konnen", "konnten", "mussen", "mussten", "sollen", "sollten", "wollen", "wollten",
    "durfen", "machen", "waren", "gegen", "neben", "zwischen", "unter", "hinter", "wieder", "immer", "leider", "weiter", "gestern",
    "wegen", "sondern", "daher", "bisher", "nachher", "vorher", "einander", "heute", "wurde", "hatte", "konnte", "musste", "sollte",
    "wollte", "machte", "sagte", "erklarte", "meinte", "betonte", "forderte", "warnte", "seitens", "bereits", "zwischen",
];

/// The lexicon of an index, and that of the article at hand.
#[derive(Clone, Copy)]
pub(super) struct Lexicons<'l> {
    pub all: &'l Lexicon,
    pub own: &'l Lexicon,
    pub words: Words,
}

impl Lexicons<'_> {
    /// How a word is written.
    pub(super) fn usage(&self, word: &str) -> Usage {
        let mut usage = self.all.usage(self.words.code(), word);
        usage.add(self.own.usage(self.words.code(), word));
        usage
    }

    /// How a word is written in the index, the article at hand aside.
    pub(super) fn usage_elsewhere(&self, word: &str) -> Usage {
        let (all, own) = (self.all.usage(self.words.code(), word), self.own.usage(self.words.code(), word));
        Usage {
            lower: all.lower.saturating_sub(own.lower),
            upper: all.upper.saturating_sub(own.upper),
            alone: all.alone.saturating_sub(own.alone),
            place: all.place.saturating_sub(own.place),
            determined: all.determined.saturating_sub(own.determined),
            capitals: all.capitals.saturating_sub(own.capitals),
            possessive: all.possessive.saturating_sub(own.possessive),
        }
    }

    /// How often two words follow each other in the index, the article at hand aside.
    pub(super) fn pair_elsewhere(&self, first: &str, second: &str) -> Pair {
        let key = pair_key(self.words.code(), first, second);
        let of = |lexicon: &Lexicon| lexicon.pairs.get(&key).copied().unwrap_or_default();
        let (all, own) = (of(self.all), of(self.own));
        Pair {
            capitals: all.capitals.saturating_sub(own.capitals),
            lower: all.lower.saturating_sub(own.lower),
            closed: all.closed.saturating_sub(own.closed),
            owned: all.owned.saturating_sub(own.owned),
            and: all.and.saturating_sub(own.and),
            comma: all.comma.saturating_sub(own.comma),
            small: all.small.saturating_sub(own.small),
        }
    }

    /// How often two words follow each other.
    pub(super) fn pair(&self, first: &str, second: &str) -> Pair {
        let key = pair_key(self.words.code(), first, second);
        let of = |lexicon: &Lexicon| lexicon.pairs.get(&key).copied().unwrap_or_default();
        let mut pair = of(self.all);
        pair.add(of(self.own));
        pair
    }
}

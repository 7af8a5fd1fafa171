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
}

impl Usage {
    fn add(&mut self, other: Usage) {
        self.lower += other.lower;
        self.upper += other.upper;
        self.alone += other.alone;
        self.place += other.place;
        self.determined += other.determined;
        self.capitals += other.capitals;
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
                && !token.is_possessive
                && !follows_initials
                && (next.has_capital() || next.kind == Kind::Number && next.bytes.len() < 3 && token.has_capital())
            {
                let pair = self.pairs.entry(pair_key(code, block.word(i), block.word(i + 1))).or_default();
                *if token.has_capital() { &mut pair.capitals } else { &mut pair.lower } += 1;
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
            let mine = self.pairs.entry(key).or_default();
            mine.capitals += pair.capitals;
            mine.lower += pair.lower;
        }
    }

    fn usage(&self, code: &str, word: &str) -> Usage {
        self.words.get(&word_key(code, word)).copied().unwrap_or_default()
    }
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
        }
    }

    /// How often two words follow each other.
    pub(super) fn pair(&self, first: &str, second: &str) -> Pair {
        let key = pair_key(self.words.code(), first, second);
        let of = |lexicon: &Lexicon| lexicon.pairs.get(&key).copied().unwrap_or_default();
        let (all, own) = (of(self.all), of(self.own));
        Pair { capitals: all.capitals + own.capitals, lower: all.lower + own.lower }
    }
}

//! Finds names in the text of an article: runs of words with capitals, and what joins them.
//!
//! A capital is evidence only where it is not there anyway. The first word of a sentence is part of a name if it is
//! written with a capital within sentences, too, in this article or in others ([`Lexicons`]); so are all nouns of German,
//! of which only runs of two and more are taken, without the nouns that stand before a name. Titles are set apart.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::lexicon::{Lexicon, Lexicons, Usage};
use super::token::{Block, Gap, Kind, Token, blocks};
use super::words::{self, Words};
use crate::text::Language;

/// A name where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// As it is written, without titles and the ending of a possessive.
    pub text: String,
    /// Its words, folded.
    pub words: Vec<String>,
    /// Number of its words without the kind of company at the end.
    pub core: usize,
    /// Does a title stand before it?
    pub has_title: bool,
    /// May it be one person, by its form?
    pub is_personal: bool,
    /// Is the last word no common word? A given name alone is joined to such a name only.
    pub has_own_surname: bool,
    /// Is it a company, by a kind of company that is left out of its core? Its first word alone may be joined to it.
    pub is_company: bool,
    /// The mention that this one abbreviates, in brackets: `European Central Bank (ECB)`.
    pub abbreviates: Option<usize>,
}

/// An article cut into words.
pub(super) struct Article<'t> {
    pub words: Words,
    pub blocks: Vec<Block<'t>>,
    /// How it writes its words.
    pub lexicon: Lexicon,
}

/// Is the text in a script without capitals?
pub(super) fn is_without_capitals(texts: &[&str]) -> bool {
    /// Letters that are looked at.
    const LETTERS: usize = 2_000;
    let letters = texts.iter().flat_map(|text| text.chars()).filter(|c| c.is_alphabetic()).take(LETTERS);
    let (mut cased, mut all) = (0, 0);
    for letter in letters {
        all += 1;
        cased += usize::from(letter.is_lowercase() || letter.is_uppercase());
    }
    cased * 2 < all
}

impl<'t> Article<'t> {
    /// Cuts the texts of an article into words. `title` is read if it is written like a sentence.
    pub(super) fn read(texts: &[&'t str], title: Option<&'t str>, language: Language) -> Article<'t> {
        let words = Words::of(language);
        let mut lexicon = Lexicon::default();
        let mut all = Vec::new();
        for text in texts {
            let read = blocks(text, words);
            read.iter().for_each(|block| lexicon.count(block, words));
            all.extend(read);
        }
        let title = title.map(|title| blocks(title, words)).unwrap_or_default();
        let is_sentence = |block: &Block<'_>| {
            let lower = block.tokens.iter().filter(|token| token.kind == Kind::Lower).count();
            lower * 2 >= block.tokens.len() || words.has_capital_nouns()
        };
        all.extend(title.into_iter().filter(is_sentence));
        Article { words, blocks: all, lexicon }
    }

    /// The names of the article, in order.
    pub(super) fn mentions(&self, lexicon: &Lexicon) -> Vec<Mention> {
        let lexicons = Lexicons { all: lexicon, own: &self.lexicon, words: self.words };
        let (mut mentions, mut doubtful) = (Vec::new(), Vec::new());
        for block in &self.blocks {
            let found = (&mut mentions, &mut doubtful);
            Finder { block, lexicons, words: self.words, mentions: found.0, doubtful: found.1, last: None }.find();
        }
        if self.words.has_capital_nouns() {
            self.add_surnames(lexicons, &mut mentions);
        } else {
            add_known(doubtful, &mut mentions);
        }
        mentions
    }

    /// Adds the surnames of persons named in full: a single noun of German is no name by itself.
    fn add_surnames(&self, lexicons: Lexicons<'_>, mentions: &mut Vec<Mention>) {
        let known: FxHashSet<String> = mentions
            .iter()
            .filter(|mention| mention.is_personal)
            .filter_map(|mention| mention.words.last().cloned())
            .filter(|word| {
                let usage = lexicons.usage_elsewhere(word);
                usage.lower == 0 && usage.determined == 0
            })
            .collect();
        for block in &self.blocks {
            for i in 0..block.tokens.len() {
                let word = block.word(i);
                let genitive = word.strip_suffix('s').filter(|stem| known.contains(*stem));
                let beside = |j: usize| block.tokens.get(j).is_some_and(|token| token.kind == Kind::Capital);
                // A genitive stands before what is owned.
                let is_beside = i > 0 && block.tokens[i].gap == Gap::Space && beside(i - 1)
                    || genitive.is_none()
                        && block.tokens.get(i + 1).is_some_and(|next| next.gap == Gap::Space)
                        && beside(i + 1);
                if i > 0 && words::is_surname_particle(block.word(i - 1)) {
                    continue;
                }
                if block.tokens[i].kind == Kind::Capital && !is_beside && (known.contains(word) || genitive.is_some()) {
                    mentions.push(Mention {
                        text: block.text_of(i..i + 1),
                        words: vec![word.to_string()],
                        core: 1,
                        has_title: false,
                        is_personal: false,
                        has_own_surname: true,
                        is_company: false,
                        abbreviates: None,
                    });
                }
            }
        }
    }
}

/// A word that is a name only if somebody of that name is there.
struct Doubtful {
    text: String,
    word: String,
    has_title: bool,
}

/// Adds the words that are a surname or given name of persons named in full.
fn add_known(doubtful: Vec<Doubtful>, mentions: &mut Vec<Mention>) {
    if doubtful.is_empty() {
        return;
    }
    let mut known: FxHashSet<&str> = FxHashSet::default();
    for mention in mentions.iter().filter(|mention| mention.is_personal && mention.words.len() > 1) {
        let words = words::without_junior(&mention.words);
        known.insert(&words[words.len() - 1]);
        if words::is_given_name(&words[0]) {
            known.insert(&words[0]);
        }
    }
    let named: Vec<Doubtful> = doubtful.into_iter().filter(|one| known.contains(one.word.as_str())).collect();
    mentions.extend(named.into_iter().map(|one| Mention {
        text: one.text,
        words: vec![one.word],
        core: 1,
        has_title: one.has_title,
        is_personal: false,
        has_own_surname: true,
        is_company: false,
        abbreviates: None,
    }));
}

/// Finds the names of a block.
struct Finder<'a, 't> {
    block: &'a Block<'t>,
    lexicons: Lexicons<'a>,
    words: Words,
    mentions: &'a mut Vec<Mention>,
    doubtful: &'a mut Vec<Doubtful>,
    /// The last mention, and the word after it.
    last: Option<(usize, usize)>,
}

impl Finder<'_, '_> {
    fn find(&mut self) {
        let mut at = 0;
        while at < self.block.tokens.len() {
            if !self.may_begin(at) {
                at += 1;
                continue;
            }
            let end = self.run_end(at);
            self.take_run(at..end);
            at = end;
        }
    }

    /// May a name begin with this word?
    fn may_begin(&self, at: usize) -> bool {
        let token = &self.block.tokens[at];
        token.has_capital() && !token.is_titled && !self.is_no_part(at) && !words::is_particle_sign(self.block.word(at))
    }

    /// Is this word with a capital no part of a name?
    fn is_no_part(&self, at: usize) -> bool {
        let (token, word) = (&self.block.tokens[at], self.block.word(at));
        if words::is_calendar(word) {
            let is_number = |i: usize| self.block.tokens.get(i).is_some_and(|token| token.kind == Kind::Number);
            if words::is_month_or_given_name(word) && !is_number(at + 1) && !(at > 0 && is_number(at - 1)) {
                return false;
            }
            return !self.is_name_of_month(at) && !self.is_of_title_of_work(at);
        }
        if !self.words.is_function(word) || token.kind == Kind::Capitals && word.len() > 1 {
            return token.kind == Kind::Initial && !self.is_initial(at);
        }
        if self.words.is_contraction(word) {
            return true;
        }
        // Where titles of works are written like sentences, it belongs to the name before it: `Rosa Díez`.
        let follows_name = at > 0 && token.gap == Gap::Space && tokens_before_is_name(self, at);
        if self.words.code() != "en" && follows_name && !self.words.has_capital_nouns() && token.kind == Kind::Capital {
            return false;
        }
        // A function word is a name where it is hardly ever written otherwise.
        let usage = self.lexicons.usage(word);
        token.opens
            || usage.upper < 3
            || usage.lower * 20 > usage.upper
            || !self.words.has_capital_nouns() && word.len() < 4
    }

    /// Does a common word with a capital follow this word of the calendar, as often elsewhere: `Saturday Night Live`?
    fn is_of_title_of_work(&self, at: usize) -> bool {
        let tokens = &self.block.tokens;
        let Some(next) = tokens.get(at + 1).filter(|next| next.kind == Kind::Capital && next.gap == Gap::Space) else {
            return false;
        };
        let (word, following) = (self.block.word(at), self.block.word(at + 1));
        tokens[at].kind == Kind::Capital
            && !next.opens
            && !words::is_title(following, self.words)
            && !words::is_of_title(following)
            && !words::is_calendar(following)
            && !self.words.is_function(following)
            && self.lexicons.usage(following).is_common()
            && self.lexicons.pair(word, following).capitals > 4
    }

    /// Is this word, which names a month or day, a surname: `Theresa May`, `Mrs May`?
    fn is_name_of_month(&self, at: usize) -> bool {
        let tokens = &self.block.tokens;
        let follows_number = tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Number);
        at > 0
            && tokens[at].kind == Kind::Capital
            && !follows_number
            && matches!(tokens[at].gap, Gap::Space | Gap::Point)
            && matches!(tokens[at - 1].kind, Kind::Capital | Kind::Initial)
            && words::is_month(self.block.word(at))
            && !tokens[at - 1].is_possessive
            && !self.words.is_function(self.block.word(at - 1))
            && !words::is_calendar(self.block.word(at - 1))
            && (words::is_title(self.block.word(at - 1), self.words)
                || !tokens[at - 1].opens && self.lexicons.usage(self.block.word(at - 1)).lower == 0)
    }

    /// Does this letter belong to a name: `J. Smith`, `George W. Bush`, `Malcolm X`?
    fn is_initial(&self, at: usize) -> bool {
        let tokens = &self.block.tokens;
        let follows = at > 0 && tokens[at - 1].has_capital() && matches!(tokens[at].gap, Gap::Space | Gap::Point);
        let next = tokens.get(at + 1).filter(|next| matches!(next.gap, Gap::Space | Gap::Point));
        if self.block.text[..tokens[at].bytes.end].ends_with('.') {
            return next.is_some_and(Token::has_capital) || follows && !matches!(self.block.word(at), "i" | "a");
        }
        let is_numeral = words::is_numeral(self.block.word(at));
        follows
            && tokens[at - 1].kind == Kind::Capital
            && (is_numeral || next.is_some_and(|next| next.kind == Kind::Capital))
    }

    /// The word after the run of words that begins at `start`.
    fn run_end(&self, start: usize) -> usize {
        let tokens = &self.block.tokens;
        if let Some(end) = self.abbreviated_end(start) {
            return end;
        }
        let mut last = start;
        loop {
            let next = last + 1;
            if next >= tokens.len() || tokens[next].is_titled {
                return next;
            }
            if tokens[last].is_possessive && !self.is_joined_possessive(last) {
                let is_of = tokens[next].kind == Kind::Lower && self.block.word(next) == "of";
                if !is_of {
                    return next;
                }
            }
            if !matches!(tokens[next].gap, Gap::Space | Gap::Point | Gap::Ampersand) {
                return next;
            }
            if tokens[next].has_capital() && !self.is_no_part(next) {
                if self.is_capital_after_point(last, next) || self.is_party_of_person(start, last) {
                    return next;
                }
                last = next;
                continue;
            }
            if self.is_number_of(last, next) {
                last = next;
                continue;
            }
            if let Some(end) = self.body_end(last) {
                return end;
            }
            let Some(after) = self.joined(start, last) else { return next };
            last = after;
        }
    }

    /// Outside English only the first word of bodies has a capital. The end of one whose abbreviation follows in brackets:
    /// `Commission nationale de contrôle (CNC)`.
    fn abbreviated_end(&self, start: usize) -> Option<usize> {
        /// Most words of such a name.
        const MOST: usize = 14;
        let tokens = &self.block.tokens;
        if self.words.code() == "en" || self.words.has_capital_nouns() || tokens[start].kind != Kind::Capital {
            return None;
        }
        let is_inside = |gap: Gap| matches!(gap, Gap::Space | Gap::Elision | Gap::Point);
        let end = (start + 2..tokens.len().min(start + MOST)).find(|&at| !is_inside(tokens[at].gap))?;
        let is_abbreviation = tokens[end].gap == Gap::Bracket && tokens[end].kind == Kind::Capitals;
        let content = || (start..end).map(|at| self.block.word(at)).filter(|word| !self.words.is_function(word));
        let is_lower = (start..end).any(|at| tokens[at].kind == Kind::Lower && !self.is_small(at));
        let initials = content().filter_map(|word| word.chars().next());
        let letters: Vec<char> = self.block.word(end).chars().filter(|c| c.is_alphabetic()).collect();
        let is_of = letters.len() > 1 && is_lower && initials.eq(letters.iter().copied());
        (is_abbreviation && is_of).then_some(end)
    }

    /// The end of a body or place of which only the first word has a capital: `Union européenne`, `Верховный суд`.
    fn body_end(&self, last: usize) -> Option<usize> {
        let tokens = &self.block.tokens;
        let is_next = |at: usize| {
            tokens
                .get(at)
                .is_some_and(|token| token.kind == Kind::Lower && matches!(token.gap, Gap::Space | Gap::Elision))
        };
        let word = self.block.word(last);
        if tokens[last].kind != Kind::Capital || !is_next(last + 1) {
            return None;
        }
        let next = self.block.word(last + 1);
        if self.words.is_romance() && words::is_body_noun(word) {
            let mut end = last + 1;
            while is_next(end) && end < last + 3 && words::is_adjective_of_bodies(self.block.word(end)) {
                end += 1;
            }
            if end > last + 1 {
                return Some(end);
            }
            while is_next(end) && end < last + 4 && words::is_particle(self.block.word(end)) {
                end += 1;
            }
            return (end > last + 1 && is_next(end) && words::is_complement_of_bodies(self.block.word(end)))
                .then_some(end + 1);
        }
        if self.words.is_cyrillic() {
            // `Верховный суд`, `Высший административный суд`
            let is_begun = words::is_slavic_adjective(word) && !tokens[last].opens;
            let after = last + 1 + usize::from(is_next(last + 2) && words::is_slavic_adjective(next));
            let is_body = is_begun && words::is_slavic_body(self.block.word(after));
            let is_of = words::is_slavic_body_of(word) && words::is_complement_of_bodies(next);
            return if is_body { Some(after + 1) } else { is_of.then_some(last + 2) };
        }
        None
    }

    /// Outside English a party stands before its member: `l'UMP Laure de la Marche`.
    fn is_party_of_person(&self, start: usize, last: usize) -> bool {
        self.words.code() != "en"
            && start == last
            && self.block.tokens[start].kind == Kind::Capitals
            && self.is_beside_person(start)
    }

    /// Some writers put a capital after every point: `U.S. Banks`. Is this word only that?
    fn is_capital_after_point(&self, last: usize, next: usize) -> bool {
        let tokens = &self.block.tokens;
        if tokens[next].gap != Gap::Point || tokens[last].kind != Kind::Capitals || tokens[next].kind != Kind::Capital {
            return false;
        }
        let begins_pair = tokens.get(next + 1).is_some_and(|after| after.has_capital() && after.gap == Gap::Space)
            && self.lexicons.pair(self.block.word(next), self.block.word(next + 1)).capitals > 0;
        !begins_pair && self.lexicons.usage(self.block.word(next)).is_mostly_lower()
    }

    /// Is the possessive part of a name: `People's Bank`, `St James's Park`?
    fn is_joined_possessive(&self, at: usize) -> bool {
        let word = self.block.word(at);
        let follows_saint =
            at > 0 && matches!(self.block.word(at - 1), "st" | "saint") && self.block.tokens[at].gap != Gap::Break;
        follows_saint || matches!(word, "people" | "women" | "men" | "children" | "king" | "queen" | "prince" | "world")
    }

    /// Is the number part of a name that is often written with one: `Formula 1`?
    fn is_number_of(&self, last: usize, next: usize) -> bool {
        let token = &self.block.tokens[next];
        if token.kind != Kind::Number || token.bytes.len() > 2 || token.gap != Gap::Space {
            return false;
        }
        let (word, number) = (self.block.word(last), self.block.word(next));
        let count = self.lexicons.pair(word, number).capitals;
        count >= 3 && count * 4 >= self.lexicons.usage(word).upper
    }

    /// The last word that is joined to the name from `start` to `last` by small words: `Bank of Japan`.
    fn joined(&self, start: usize, last: usize) -> Option<usize> {
        /// The most small words between two parts.
        const MAX_SMALL: usize = 3;
        let tokens = &self.block.tokens;
        let mut at = last + 1;
        while at < tokens.len() && at <= last + MAX_SMALL && (!tokens[at].has_capital() || self.is_small(at)) {
            if !matches!(tokens[at].gap, Gap::Space | Gap::Elision) || !self.is_small(at) {
                return None;
            }
            at += 1;
        }
        let right = tokens.get(at)?;
        // A surname may be a function word: `van der Meer`.
        let is_surname = self.words.code() != "en"
            && right.kind == Kind::Capital
            && !right.opens
            && words::is_surname_particle(self.block.word(at - 1))
            && !words::is_calendar(self.block.word(at));
        let is_right = right.has_capital()
            && (is_surname || !self.is_no_part(at))
            && matches!(right.gap, Gap::Space | Gap::Elision)
            && right.kind != Kind::Initial;
        let small: Vec<&str> = (last + 1..at).map(|i| self.block.word(i)).collect();
        (is_right && self.joins(start, last, &small, at)).then_some(at)
    }

    /// Is this a word that joins names, in small letters or as in a title?
    fn is_small(&self, at: usize) -> bool {
        let word = self.block.word(at);
        matches!(word, "of" | "for" | "and" | "the")
            || words::is_particle(word)
            || word == "on" && self.words.code() == "en"
    }

    fn joins(&self, start: usize, last: usize, small: &[&str], right: usize) -> bool {
        let (left_word, right_word) = (self.block.word(last), self.block.word(right));
        let usage = self.lexicons.usage(left_word);
        let is_title = words::is_title(left_word, self.words);
        let is_body = words::is_body_noun(left_word);
        let is_common = is_body || usage.lower > 1 && usage.is_common();
        if self.is_particle_of(small, right) {
            return !is_title && !is_body && !words::is_demonym(left_word) && !self.words.is_function(left_word);
        }
        match small {
            ["of"] | ["of", "the"] => {
                if is_title && !words::is_noble(left_word) {
                    return words::is_of_title(right_word);
                }
                // `Lord Holm of Halden`
                if start < last && words::is_peer(self.block.word(start)) {
                    return usage.lower == 0;
                }
                let is_bodies = left_word.strip_suffix('s').is_some_and(words::is_body_noun);
                // `Museum of the Norland Indian`
                let is_long = small.len() == 2
                    && self
                        .block
                        .tokens
                        .get(right + 1)
                        .is_some_and(|next| next.kind == Kind::Capital && next.gap == Gap::Space);
                self.block.tokens[last].is_possessive
                    || (is_common || is_bodies) && (is_long || !words::is_demonym(right_word))
            }
            ["for"] | ["for", "the"] => is_body && !is_title,
            ["on"] => words::is_body_on(left_word),
            ["and"] => {
                let right_usage = self.lexicons.usage(right_word);
                let right_is_common = words::is_body_noun(right_word) || right_usage.is_common();
                // `Information Systems and Storage Group and ...` are two.
                if (start..last).any(|i| self.block.word(i) == "and") {
                    return false;
                }
                let is_company =
                    self.block.tokens.get(right + 1).is_some_and(|next| {
                        next.gap == Gap::Space && words::is_company_form(self.block.word(right + 1))
                    });
                if is_company && is_common && !is_title {
                    return true;
                }
                let has_of = (start..last).any(|i| matches!(self.block.word(i), "of" | "for"));
                let ends_with_body = self.ends_with_body(right);
                let is_never_alone = |word: &str| self.lexicons.usage_elsewhere(word).alone == 0;
                let both_depend = ends_with_body && is_never_alone(left_word) && is_never_alone(right_word);
                (is_common && right_is_common || both_depend)
                    && !is_title
                    && (has_of || ends_with_body && !self.block.tokens[start].opens)
                    && !words::is_demonym(right_word)
                    && !words::is_title(right_word, self.words)
            }
            ["and" | "the" | "for" | "of" | "on", ..] | [.., "and" | "on"] => false,
            ["y" | "e" | "et" | "i" | "und" | "och" | "og", ..] => false,
            _ if self.words.is_romance() => {
                let is_determined = start > 0
                    && self.block.tokens[start].gap != Gap::Break
                    && matches!(
                        self.block.word(start - 1),
                        "l" | "le"
                            | "la"
                            | "les"
                            | "el"
                            | "los"
                            | "las"
                            | "il"
                            | "lo"
                            | "o"
                            | "os"
                            | "as"
                            | "i"
                            | "gli"
                    );
                // `Corée du Nord`
                if words::is_direction(right_word) && start == last {
                    return !is_title;
                }
                // `les Armées d'Emmanuel Macron`
                let is_person = words::is_given_name(right_word)
                    && self.block.tokens.get(right + 1).is_some_and(|next| {
                        next.has_capital()
                            && next.gap == Gap::Space
                            && !self.words.is_function(self.block.word(right + 1))
                    });
                if is_person && !is_body {
                    return false;
                }
                let is_place = usage.is_place() && !is_body;
                let is_named_alone = is_determined && usage.lower == 0 && !is_body;
                let is_apart = is_title || is_place || is_named_alone || words::is_demonym(right_word);
                !is_apart
                    && (start == last || usage.lower > 0 || is_body || self.lexicons.usage(right_word).place == 0)
                    && !small.iter().any(|word| matches!(*word, "av" | "af"))
            }
            _ => {
                // Between two parts of a name of a person.
                let is_right =
                    self.block.tokens[right].kind == Kind::Capital && !words::is_title(right_word, self.words);
                let follows_title = last > start && words::is_title(self.block.word(last - 1), self.words);
                let parts = if follows_title { 1 } else { last - start + 1 };
                let is_germanic = small.iter().any(|word| {
                    matches!(
                        *word,
                        "von" | "zu" | "van" | "der" | "den" | "dem" | "af" | "av" | "vom" | "zum" | "zur" | "im"
                    )
                });
                let is_given = !usage.is_common()
                    && !usage.is_place()
                    && (!self.words.has_capital_nouns() || usage.determined == 0);
                // `Vorboten von Hitzewellen`
                let is_given_name = words::is_given_name(left_word);
                let is_plural = words::is_long_plural(right_word) || words::is_demonym(right_word);
                if self.words.has_capital_nouns() && !is_given_name && is_plural {
                    return false;
                }
                let is_alone = small == ["der"]
                    || small == ["den"]
                    || small == ["dem"]
                    || small == ["zum"]
                    || small == ["zur"]
                    || small == ["vom"]
                    || small == ["i"]
                    || small == ["a"]
                    || small == ["o"]
                    || small == ["te"]
                    || small == ["das"]
                    || small == ["do"]
                    || small == ["des"];
                if self.words.code() == "nl" && is_body {
                    return is_right;
                }
                let foreign = matches!(self.words.code(), "en" | "nl") || !is_alone;
                is_right
                    && !is_title
                    && is_given
                    && foreign
                    && (parts == 1 || is_given_name || !is_germanic || self.words.code() == "en" && parts < 3)
            }
        }
    }

    /// Is a small word hardly ever missing before this surname: `Bill de Marsan`?
    fn is_particle_of(&self, small: &[&str], right: usize) -> bool {
        let word = self.block.word(right);
        let Some(particle) = small.last().filter(|_| self.words.code() == "en") else { return false };
        let (pair, usage) = (self.lexicons.pair(particle, word), self.lexicons.usage(word));
        small.iter().all(|word| words::is_surname_particle(word))
            && self.block.tokens[right].kind == Kind::Capital
            && pair.lower > 2
            && pair.lower * 2 > usage.upper
            && usage.place == 0
    }

    /// Do the words with capitals from `at` end with a noun of bodies: `Exchange Commission`?
    fn ends_with_body(&self, at: usize) -> bool {
        let tokens = &self.block.tokens;
        let mut last = at;
        while tokens.get(last + 1).is_some_and(|next| next.kind == Kind::Capital && next.gap == Gap::Space)
            && !words::is_title(self.block.word(last + 1), self.words)
        {
            last += 1;
        }
        let word = self.block.word(last);
        last > at && (words::is_body_noun(word) || words::is_company_form(word))
    }

    /// Takes the names of a run of words.
    fn take_run(&mut self, run: Range<usize>) {
        let mut from = run.start;
        let mut has_title = false;
        let mut at = run.start;
        while at < run.end {
            let Some(end) = self.title_end(at, &run) else {
                at += 1;
                continue;
            };
            let begin = self.title_begin(at, from);
            if begin > from {
                self.take(from..begin, has_title, true);
            }
            has_title = true;
            (from, at) = (end, end);
        }
        if from < run.end {
            self.take(from..run.end, has_title, false);
        }
    }

    /// The word after the title that this word is or ends.
    fn title_end(&self, at: usize, run: &Range<usize>) -> Option<usize> {
        let word = self.block.word(at);
        if !words::is_title(word, self.words) || !self.block.tokens[at].has_capital() {
            return None;
        }
        let is_last = at + 1 >= run.end;
        // `Secretary of State`, `Chancellor of the Exchequer`
        let mut office = at + 1;
        while office < run.end && matches!(self.block.word(office), "of" | "the") {
            office += 1;
        }
        if office > at + 1 && office < run.end && words::is_of_title(self.block.word(office)) {
            return Some(office + 1);
        }
        if words::is_address(word) || is_last {
            // `Sir`, `Mr`, or a title without a name: the last word of a longer name may be like a title.
            return (!is_last || at == run.start || self.words.has_capital_nouns() || self.is_role(at))
                .then_some(at + 1);
        }
        if words::is_noble(word) && self.block.word(at + 1) == "of" {
            return None;
        }
        let next = self.block.word(at + 1);
        // `General Motors`, `Chief Wiggum`, `Prime Computer`: the second word is not found alone, or a kind of company
        // or body.
        if words::is_company_form(self.block.word(run.end - 1))
            && !words::is_title(next, self.words)
            && run.end - at < 4
            && self.is_rare_title(word)
        {
            return None;
        }
        // `Major League Soccer`, `Holm Brothers Inc`
        let is_body = words::is_body_noun(next) && !words::is_title(next, self.words);
        if words::is_company_form(next) || is_body && (at + 2 == run.end || self.is_rare_title(word)) {
            return None;
        }
        let usage = self.lexicons.usage(next);
        let pair = self.lexicons.pair(word, next);
        let is_pair =
            pair.capitals >= 3 && usage.alone * 3 < pair.capitals && at + 2 >= run.end && self.is_rare_title(word);
        (!is_pair).then_some(at + 1)
    }

    /// Is it a title only sometimes, and often the first word of other names?
    fn is_rare_title(&self, word: &str) -> bool {
        matches!(
            word,
            "general"
                | "prime"
                | "chief"
                | "major"
                | "king"
                | "queen"
                | "prince"
                | "princess"
                | "duke"
                | "singer"
                | "champion"
                | "director"
                | "father"
                | "mother"
                | "brother"
                | "sister"
                | "captain"
                | "judge"
                | "justice"
                | "star"
                | "lord"
                | "lady"
                | "dame"
                | "count"
                | "earl"
                | "coach"
                | "marshal"
                | "premier"
                | "executive"
                | "commander"
                | "officer"
                | "bishop"
                | "pope"
                | "cardinal"
                | "page"
                | "baron"
                | "sheriff"
                | "constable"
                | "skipper"
                | "mayor"
                | "manager"
                | "master"
                | "colonel"
                | "analyst"
        )
    }

    /// Is the last word of a run the office of who is not named: `Vice President`, `House Speaker`?
    fn is_role(&self, at: usize) -> bool {
        let word = self.block.word(at);
        !self.is_rare_title(word) || self.lexicons.usage(word).is_common()
    }

    /// Where the title that ends at `at` begins: `Foreign Minister`, `Vice President`.
    fn title_begin(&self, at: usize, from: usize) -> usize {
        let mut begin = at;
        while begin > from {
            let word = self.block.word(begin - 1);
            let usage = self.lexicons.usage(word);
            let is_part = words::is_of_title(word)
                || words::is_title(word, self.words)
                || words::is_demonym(word)
                || self.block.tokens[begin - 1].kind == Kind::Capital && usage.is_mostly_lower()
                || self.block.tokens[begin - 1].kind == Kind::Lower;
            if !is_part {
                break;
            }
            begin -= 1;
        }
        begin
    }

    /// Takes a run without titles as a name, after cutting what is not part of it.
    fn take(&mut self, run: Range<usize>, has_title: bool, before_title: bool) {
        /// No name has more words: longer runs are lists and lines in capitals.
        const MAX_WORDS: usize = 14;
        let Some(run) = self.trimmed(run, has_title) else { return };
        if run.is_empty() || run.len() > MAX_WORDS {
            return;
        }
        if !self.is_name(&run, has_title, before_title) {
            self.doubt(&run, has_title);
            return;
        }
        self.push(run, has_title);
    }

    /// Keeps a word that is no name by itself: it may be the surname of somebody named in full.
    fn doubt(&mut self, run: &Range<usize>, has_title: bool) {
        let (token, word) = (&self.block.tokens[run.start], self.block.word(run.start));
        let is_common = words::is_body_noun(word) || words::is_direction(word) || words::is_demonym(word);
        let usage = self.lexicons.usage(word);
        if run.len() == 1
            && token.kind == Kind::Capital
            && !is_common
            && !self.is_hyphenated_word(run.start)
            && !(token.opens && !has_title && usage.is_mostly_lower())
        {
            self.doubtful.push(Doubtful { text: self.block.text_of(run.clone()), word: word.to_string(), has_title });
        }
    }

    /// The run without words at its ends that are no part of a name.
    fn trimmed(&self, mut run: Range<usize>, has_title: bool) -> Option<Range<usize>> {
        let tokens = &self.block.tokens;
        loop {
            // Small words at an end join nothing.
            while run.start < run.end
                && (matches!(tokens[run.start].kind, Kind::Lower | Kind::Number) || self.is_loose(run.start))
            {
                run.start += 1;
            }
            while run.start < run.end && (self.is_small_word(run.end - 1) || self.is_loose(run.end - 1)) {
                run.end -= 1;
            }
            if run.is_empty() {
                return None;
            }
            let first = run.start;
            let word = self.block.word(first);
            let can_cut = run.len() > 1 && !has_title;
            let num_capitals = run.clone().filter(|&i| tokens[i].has_capital()).count();
            let is_company = words::is_company_form(self.block.word(run.end - 1)) && num_capitals < 5;
            let opens = tokens[first].opens || tokens[first].gap == Gap::Point && first > 0;
            if can_cut && opens && self.is_opening_word(first, is_company) {
                run.start += 1;
                continue;
            }
            // `former President`, `French Alain Prost`
            if can_cut
                && !is_company
                && words::is_of_title(word)
                && self.lexicons.usage(word).is_mostly_lower()
                && self.lexicons.pair(word, self.block.word(first + 1)).capitals < 3
            {
                run.start += 1;
                continue;
            }
            // `Owner Robert Holm`, `Manhattan BP Karl Holm`
            if (can_cut || self.words.is_slavic() && run.len() > 1)
                && let Some(given) = self.person_after_offices(&run)
            {
                run.start = given;
                continue;
            }
            // Outside English a body or place stands beside a person without a comma: `PSOE Diego López`.
            if can_cut
                && self.words.code() != "en"
                && run.len() > 2
                && self.is_beside_person(first)
                && !self.is_given(first)
            {
                run.start += 1;
                continue;
            }
            if can_cut && words::is_demonym(word) && self.is_apart(first, run.end) {
                run.start += 1;
                continue;
            }
            let last = run.end - 1;
            if run.len() > 1
                && words::is_demonym(self.block.word(last))
                && tokens[last].kind == Kind::Capital
                && self.is_of_body(last - 1)
            {
                run.end -= 1;
                continue;
            }
            // `Universität Halden`
            let is_of_head = |at: usize| {
                tokens[at].kind == Kind::Capital
                    && !words::has_noun_ending(self.block.word(at))
                    && !self.is_noun(at, false)
            };
            if self.words.has_capital_nouns() && run.len() == 2 && words::is_german_head(word) && is_of_head(last) {
                return Some(run);
            }
            if self.words.has_capital_nouns() && !has_title && run.len() > 1 {
                let is_office = self.is_adjective_of_name(first) && self.is_given(first + 1);
                if is_office || self.is_noun(first, true) || self.is_calling(first, run.end) {
                    run.start += 1;
                    continue;
                }
                let is_kept = self.is_adjective_of_name(first) || words::is_body_noun(self.block.word(last));
                if !is_kept && self.is_noun(last, false) {
                    run.end -= 1;
                    continue;
                }
            } else if self.words.has_capital_nouns()
                && has_title
                && run.len() > 1
                && self.is_noun(last, true)
                && self.lexicons.usage(self.block.word(last)).upper > 3
            {
                run.end -= 1;
                continue;
            }
            return Some(run);
        }
    }

    /// Where a person begins, after words of which none is part of a name of a person.
    fn person_after_offices(&self, run: &Range<usize>) -> Option<usize> {
        let tokens = &self.block.tokens;
        let given = run.clone().skip(1).find(|&i| self.is_given(i))?;
        if self.is_given(run.start) || tokens[run.start].kind == Kind::Initial {
            return None;
        }
        let rest = given + 1..run.end;
        let is_of_person = |i: usize| {
            let word = self.block.word(i);
            matches!(tokens[i].kind, Kind::Capital | Kind::Initial)
                && !words::is_body_noun(word)
                && !words::is_company_form(word)
        };
        let is_office = |i: usize| {
            let word = self.block.word(i);
            let usage = self.lexicons.usage(word);
            tokens[i].kind == Kind::Capitals && tokens[i].gap != Gap::Point
                || tokens[i].kind == Kind::Capital
                    && !words::is_place_beginning(word)
                    && !words::is_body_noun(word)
                    && (self.words.code() != "en" || usage.is_mostly_lower() || i + 1 < given && usage.is_place())
        };
        let first = self.lexicons.pair(self.block.word(run.start), self.block.word(run.start + 1));
        let is_person = (1..3).contains(&rest.len()) && rest.clone().all(is_of_person);
        (is_person && first.capitals < 3 && (run.start..given).all(is_office)).then_some(given)
    }

    /// Is this a word in small letters that joins others, not the end of a body: `Union européenne`?
    fn is_small_word(&self, at: usize) -> bool {
        let word = self.block.word(at);
        self.block.tokens[at].kind == Kind::Lower && (self.is_small(at) || self.words.is_function(word))
    }

    /// Is this word, with a capital at an end of a run, one that joins others only?
    fn is_loose(&self, at: usize) -> bool {
        let word = self.block.word(at);
        matches!(word, "of" | "for" | "and" | "the" | "on")
            || self.block.tokens[at].opens && self.words.is_function(word)
    }

    /// Is the first word of a sentence no part of the name that follows?
    fn is_opening_word(&self, first: usize, is_company: bool) -> bool {
        let (word, next) = (self.block.word(first), self.block.word(first + 1));
        let usage = self.lexicons.usage(word);
        let pair = self.lexicons.pair(word, next);
        let is_given = words::is_given_name(word) && (!usage.is_mostly_lower() || self.lexicons.usage(next).lower == 0);
        if self.block.tokens[first].kind == Kind::Capitals || is_given {
            return false;
        }
        // In Slavic languages sentences often begin with a verb, and that is in no list.
        let is_unknown = usage == Usage::default();
        let next_usage = self.lexicons.usage(next);
        let is_owner = next_usage.alone > 0 || self.block.tokens[first + 1].kind == Kind::Capitals;
        if is_unknown
            && self.words.is_slavic()
            && !self.is_given(first)
            && (is_owner || words::is_slavic_verb(word) || !is_company && self.is_long_person(first))
        {
            return true;
        }
        match pair.capitals.cmp(&pair.lower) {
            std::cmp::Ordering::Greater => false,
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Equal if is_company => false,
            std::cmp::Ordering::Equal => {
                let is_place = words::is_place_beginning(word) && self.lexicons.usage(next).alone == 0;
                !is_place && (usage.is_mostly_lower() || words::is_opener(word))
            }
        }
    }

    /// Is it a given name, in any case?
    fn is_given(&self, at: usize) -> bool {
        self.words.is_given_name(self.block.word(at))
    }

    /// Are there two words with capitals after this one, the second no patronymic's surname?
    fn is_long_person(&self, first: usize) -> bool {
        let tokens = &self.block.tokens;
        let follows =
            |i: usize| tokens.get(i).is_some_and(|token| token.kind == Kind::Capital && token.gap == Gap::Space);
        let is_patronymic = |i: usize| {
            ["вич", "вича", "вичу", "вичем", "вна", "вны", "вне", "вну", "вной"]
                .iter()
                .any(|ending| self.block.word(i).ends_with(ending))
        };
        follows(first + 1) && follows(first + 2) && !is_patronymic(first + 1)
    }

    /// Is it a word of bodies or a common word, whose members are named after it: `House Democrats`?
    fn is_of_body(&self, at: usize) -> bool {
        let word = self.block.word(at);
        self.block.tokens[at].kind != Kind::Initial
            && (words::is_body_noun(word)
                || words::is_demonym(word)
                || self.block.tokens[at].kind == Kind::Capitals
                || self.lexicons.usage(word).is_place()
                || self.lexicons.usage(word).is_common())
    }

    /// Is the nationality before a name no part of it?
    fn is_apart(&self, first: usize, end: usize) -> bool {
        if self.words.has_capital_nouns() {
            let last = self.block.word(end - 1);
            let is_foreign_body = words::is_body_noun(last) && !words::is_german_body(last);
            return !self.is_adjective_of_name(first) && !is_foreign_body;
        }
        let (next, last) = (self.block.word(first + 1), self.block.word(end - 1));
        if words::is_body_noun(last) || words::is_company_form(last) || words::is_direction(self.block.word(first)) {
            return false;
        }
        if self.block.tokens[first + 1].kind == Kind::Initial {
            return true;
        }
        let usage = self.lexicons.usage(next);
        if usage.lower > 0 {
            return false;
        }
        let pair = self.lexicons.pair(self.block.word(first), next);
        end - first > 2 && pair.capitals < 2 || usage.alone > pair.capitals * 2
    }

    /// Is this German word an adjective that only a name writes with a capital: `Deutsche Bank`, `Rotes Kreuz`?
    fn is_adjective_of_name(&self, at: usize) -> bool {
        let word = self.block.word(at);
        if self.block.tokens[at].opens || self.words.is_function(word) {
            return false;
        }
        let Some(stem) = ["en", "er", "es", "em", "e"].iter().find_map(|ending| word.strip_suffix(ending)) else {
            return false;
        };
        stem.len() > 2
            && ["", "e", "en", "er", "es", "em"]
                .iter()
                .any(|ending| self.lexicons.usage(&format!("{stem}{ending}")).lower > 0)
    }

    /// Is the first word of a run a body or place of its own, before a name?
    fn is_beside_person(&self, first: usize) -> bool {
        let (word, next) = (self.block.word(first), self.block.word(first + 1));
        let usage = self.lexicons.usage(word);
        let next_usage = self.lexicons.usage(next);
        let is_own = usage.is_place() || usage.alone > 0 && usage.alone * 2 >= usage.upper;
        is_own
            && self.block.tokens[first + 1].kind == Kind::Capital
            && self.block.tokens[first + 1].gap == Gap::Space
            && !next_usage.is_mostly_lower()
            && !words::is_body_noun(next)
            && self.lexicons.pair(word, next).capitals < 3
    }

    /// Is this German word, the first of a run, what somebody is: `Umweltschützer`, `SCB-Boss`, before a name?
    fn is_calling(&self, at: usize, end: usize) -> bool {
        if self.block.tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Lower)
            || words::is_given_name(self.block.word(at))
        {
            return false;
        }
        let word = self.block.word(at);
        let raw = &self.block.text[self.block.tokens[at].bytes.clone()];
        if let Some((first, last)) = raw.rsplit_once('-') {
            let is_letters =
                first.chars().filter(|c| c.is_alphabetic()).count() > 1 && !first.contains(char::is_lowercase);
            if last.starts_with(char::is_uppercase)
                && last.contains(char::is_lowercase)
                && (is_letters || matches!(first, "Co" | "Ex" | "Vize" | "Alt"))
            {
                return true;
            }
        }
        const ENDINGS: &[&str] = &[
            "er", "in", "ist", "or", "eur", "ent", "ant", "iker", "ologe", "ers", "ors", "ents", "mann", "frau",
            "glied", "glieds",
        ];
        let is_long = word.len() > 7 && ENDINGS.iter().any(|ending| word.ends_with(ending));
        let usage = self.lexicons.usage(word);
        // `Westens Patrizio Morger`: a genitive of a word that is found without it.
        let is_genitive = word.strip_suffix('s').is_some_and(|stem| self.lexicons.usage(stem).upper > 0);
        // `Sender NRK`
        let last = &self.block.tokens[end - 1];
        if end - at == 2 && last.kind == Kind::Capitals && !words::is_german_head(self.block.word(end - 1)) {
            return self.block.tokens[at].kind == Kind::Capital;
        }
        if end - at == 2 && words::is_body_noun(self.block.word(at + 1)) {
            return false;
        }
        let is_mostly_alone = usage.alone * 2 >= usage.upper;
        // `Frankfurter Wertpapierbörse`: of a place.
        let is_of_place = word.ends_with("er")
            && end - at == 2
            && !words::is_german_head(self.block.word(at + 1))
            && (self.block.word(at + 1).chars().count() > 11
                || word.strip_suffix("er").is_some_and(|place| self.lexicons.usage(place).place > 0));
        if is_of_place {
            return true;
        }
        usage.alone > 0 && (end - at > 2 || is_long || is_genitive || is_mostly_alone)
            || end - at > 2 && is_long
            || is_genitive
    }

    /// Is this German word a noun rather than part of a name?
    fn is_noun(&self, at: usize, is_first: bool) -> bool {
        let tokens = &self.block.tokens;
        let word = self.block.word(at);
        if tokens[at].kind != Kind::Capital || is_first && (self.is_adjective_of_name(at) || words::is_given_name(word))
        {
            return false;
        }
        let usage = self.lexicons.usage(word);
        if words::has_noun_ending(word) && is_first {
            return true;
        }
        // `der Halden University`
        if is_first && self.ends_with_body(at) {
            return false;
        }
        if usage.determined * 3 >= usage.alone && usage.determined > 0 || usage.lower > usage.upper {
            return true;
        }
        // An article belongs to the first noun after it, unless the two are often found together.
        let is_determined =
            is_first && at > 0 && tokens[at].gap == Gap::Space && super::lexicon::is_before_noun(self.block, at - 1);
        let is_pair = tokens.get(at + 1).is_some_and(Token::has_capital)
            && usage.alone == 0
            && self.lexicons.pair(word, self.block.word(at + 1)).capitals > 2;
        // Compounds are longer than given names.
        let is_compound =
            is_first && word.chars().count() > 10 && !self.block.text[tokens[at].bytes.clone()].contains('-');
        is_determined && !is_pair || is_compound
    }

    /// Is a run that is trimmed a name?
    fn is_name(&self, run: &Range<usize>, has_title: bool, before_title: bool) -> bool {
        let tokens = &self.block.tokens;
        let parts = || run.clone().filter(|&i| tokens[i].has_capital());
        if parts().all(|i| words::is_demonym(self.block.word(i)) || words::is_direction(self.block.word(i)))
            && parts().any(|i| words::is_demonym(self.block.word(i)))
        {
            return false;
        }
        if parts().all(|i| {
            words::is_of_title(self.block.word(i))
                || words::is_title(self.block.word(i), self.words)
                || words::is_company_form(self.block.word(i))
        }) {
            return false;
        }
        if parts().all(|i| words::is_body_noun(self.block.word(i)) || words::is_direction(self.block.word(i)))
            && run.len() < 3
            && parts().count() == run.len()
            && self.lexicons.pair(self.block.word(run.start), self.block.word(run.end - 1)).capitals < 5
        {
            return false;
        }
        if run.len() == 2 && self.block.word(run.start) == "new" && self.block.word(run.start + 1) == "year" {
            return false;
        }
        // Words in capitals that are common words are shouted.
        if run.len() > 1
            && parts().all(|i| tokens[i].kind == Kind::Capitals)
            && parts().any(|i| {
                self.words.is_function(self.block.word(i)) || self.lexicons.usage(self.block.word(i)).lower > 0
            })
        {
            return false;
        }
        if run.len() > 1 {
            return self.is_long_name(run, has_title);
        }
        let (token, word) = (&tokens[run.start], self.block.word(run.start));
        let is_ticker = token.gap == Gap::Bracket && self.block.text[..token.bytes.start].ends_with('<');
        if token.kind == Kind::Initial
            || is_ticker
            || word.contains(|c: char| c.is_ascii_digit())
            || words::is_common_acronym(word)
            || self.block.text[token.bytes.clone()].chars().count() < 2
        {
            return false;
        }
        let usage = self.lexicons.usage(word);
        if has_title {
            let is_noun = self.words.has_capital_nouns() && self.is_noun(run.start, true);
            return !is_noun && !usage.is_mostly_lower();
        }
        if token.kind == Kind::Capitals {
            // A longer word in capitals is no abbreviation if it is a common word.
            let is_short = word.chars().count() < 5;
            return usage.lower == 0 || is_short && usage.capitals > 1 && usage.capitals * 4 >= usage.lower;
        }
        if before_title && (usage.lower > 0 || self.words.has_capital_nouns()) {
            return false;
        }
        if token.kind == Kind::Capital && self.is_hyphenated_word(run.start)
            || words::is_body_noun(word)
            || words::is_direction(word)
        {
            return false;
        }
        if self.words.has_capital_nouns() {
            return self.is_german_name(run.start);
        }
        if token.opens {
            return usage.alone > usage.lower;
        }
        usage.upper > usage.lower * 2 && usage.alone > usage.lower
    }

    /// Is a run of several words a name?
    fn is_long_name(&self, run: &Range<usize>, has_title: bool) -> bool {
        let tokens = &self.block.tokens;
        if self.words.has_capital_nouns() {
            if has_title || words::is_german_head(self.block.word(run.start)) {
                return true;
            }
            let is_given = words::is_given_name(self.block.word(run.start));
            if !is_given && words::is_long_plural(self.block.word(run.end - 1)) {
                return false;
            }
            if self.is_adjective_of_name(run.start) {
                let next = self.block.word(run.start + 1);
                let usage = self.lexicons.usage(next);
                let is_known = self.lexicons.pair(self.block.word(run.start), next).capitals > 2;
                return usage.lower == 0 && (is_known || words::is_german_body(next)) && !words::is_demonym(next);
            }
            // A line of two words is an item of a list.
            if run.len() == tokens.len() && !is_given {
                return false;
            }
            return run.clone().all(|i| !self.is_noun(i, false) || tokens[i].kind == Kind::Lower);
        }
        // Words of which none is ever written with a capital but here.
        let is_all_common = run.clone().filter(|&i| tokens[i].has_capital()).all(|i| {
            let usage = self.lexicons.usage(self.block.word(i));
            usage.is_mostly_lower() && tokens[i].kind == Kind::Capital
        });
        if is_all_common && (tokens[run.start].opens || self.is_phrase(run)) {
            return self.lexicons.pair(self.block.word(run.start), self.block.word(run.start + 1)).capitals > 1;
        }
        true
    }

    /// Is it likely a phrase that only one writer capitalises, of words that are common elsewhere: `the Dollar Menu`?
    fn is_phrase(&self, run: &Range<usize>) -> bool {
        /// Number of times that a common word is known by.
        const KNOWN: u32 = 5;
        let words = || run.clone().map(|i| self.block.word(i));
        self.words.code() == "en"
            && run.clone().all(|i| {
                self.block.tokens[i].kind != Kind::Capital || self.lexicons.usage(self.block.word(i)).lower >= KNOWN
            })
            && !words()
                .any(|word| words::is_body_noun(word) || words::is_company_form(word) || words::is_given_name(word))
    }

    /// Is it a name with a word joined by a hyphen: `London-based`?
    fn is_hyphenated_word(&self, at: usize) -> bool {
        let raw = &self.block.text[self.block.tokens[at].bytes.clone()];
        raw.rsplit_once(['-', '‐', '‑']).is_some_and(|(_, last)| last.starts_with(char::is_lowercase))
    }

    /// Is a single German word a name? Only what has no article and no form in small letters, and is often a place.
    fn is_german_name(&self, at: usize) -> bool {
        let usage = self.lexicons.usage(self.block.word(at));
        let is_noun = words::has_noun_ending(self.block.word(at));
        !is_noun && usage.lower == 0 && usage.determined == 0 && usage.place >= 2 && usage.alone >= 4
    }

    /// Does a particle of surnames stand before the word, where it is no preposition: `de Blasio`?
    fn has_particle_before(&self, at: usize) -> bool {
        let particle = at.checked_sub(1).map(|before| self.block.word(before)).unwrap_or_default();
        self.words.code() == "en"
            && self.block.tokens[at].gap == Gap::Space
            && matches!(particle, "de" | "van" | "von" | "di" | "da" | "del" | "bin" | "du")
            && self.lexicons.usage(self.block.word(at)).lower == 0
    }

    /// The words of a name, folded; initials that follow each other are one: `J. K. Holm` and `J.K. Holm` are one name.
    fn words_of(&self, run: &Range<usize>) -> Vec<String> {
        let tokens = &self.block.tokens;
        let mut out: Vec<String> = Vec::with_capacity(run.len());
        for i in run.clone() {
            let word = self.block.word(i);
            let follows_initial =
                i > run.start && tokens[i].kind == Kind::Initial && tokens[i - 1].kind == Kind::Initial;
            match out.last_mut() {
                Some(last) if follows_initial => last.push_str(word),
                _ => out.push(word.to_string()),
            }
        }
        out
    }

    /// Number of words at the end of a name that tell the kind of company only. What is left of `Japan Inc` would be
    /// another name.
    fn company_words(&self, run: &Range<usize>) -> usize {
        let mut end = run.end;
        while end > run.start + 1
            && words::is_company_form(self.block.word(end - 1))
            && self.block.tokens[end - 1].gap != Gap::Ampersand
        {
            end -= 1;
        }
        // `Jim Holm Company` is not Jim Holm.
        if self.is_given(run.start) && end > run.start + 1 {
            return 0;
        }
        let first = self.block.word(run.start);
        let is_place = end == run.start + 1 && self.lexicons.usage(first).place > 0 || words::is_place_beginning(first);
        if is_place { 0 } else { run.end - end }
    }

    fn push(&mut self, run: Range<usize>, has_title: bool) {
        let block = self.block;
        let mut run = run;
        // `London-based Reuters`: what is before the hyphen would be another name.
        while run.len() > 1 && self.is_hyphenated_word(run.start) {
            run.start += 1;
        }
        while run.len() > 1 && self.is_hyphenated_word(run.end - 1) && block.tokens[run.end - 1].kind == Kind::Capital {
            run.end -= 1;
        }
        let abbreviates = self.last.filter(|&(_, after)| {
            after == run.start
                && run.len() == 1
                && block.tokens[run.start].gap == Gap::Bracket
                && block.tokens[run.start].kind == Kind::Capitals
        });
        let abbreviates = abbreviates.map(|(mention, _)| mention).filter(|&mention| {
            let words = &self.mentions[mention].words;
            words.len() > 1 && is_abbreviation_of(block.word(run.start), words)
        });
        if !has_title && self.has_particle_before(run.start) {
            run.start -= 1;
        }
        let has_initial = run.clone().any(|i| {
            let token = &block.tokens[i];
            // `Group E.`
            if i > run.start && i + 1 == run.end {
                return false;
            }
            let is_initials = token.kind == Kind::Capitals && block.text[token.bytes.clone()].contains('.');
            token.kind == Kind::Initial || is_initials && self.lexicons.usage(block.word(i)).alone == 0
        });
        let usage = self.lexicons.usage(block.word(run.start));
        let last = run.clone().rev().find(|&i| !words::is_numeral(block.word(i))).unwrap_or(run.end - 1);
        let last_usage = self.lexicons.usage(block.word(last));
        let joins_of = run.clone().any(|i| {
            matches!(block.word(i), "of" | "for" | "and" | "the" | "on")
                || block.tokens[i].gap == Gap::Ampersand && i > run.start
        });
        // `Mutuelles de Bretagne` is joined as names of persons are; only a title tells them apart.
        let is_joined = self.words.is_romance() && run.clone().any(|i| block.tokens[i].kind == Kind::Lower);
        let is_given = self.is_given(run.start);
        let is_body = run.clone().any(|i| {
            let is_lower = block.tokens[i].kind == Kind::Lower && !words::is_particle(block.word(i));
            is_lower || self.words.is_slavic() && words::is_slavic_body(block.word(i))
        });
        let is_personal = run.len() > 1
            && !is_body
            && !joins_of
            && (!is_joined || has_title || is_given)
            && (has_title
                || has_initial
                || is_given
                || !usage.is_mostly_lower()
                    && !usage.is_place()
                    && !self.lexicons.usage_elsewhere(block.word(run.start)).stands_alone()
                    && !words::is_body_noun(block.word(run.start))
                    && !words::is_place_beginning(block.word(run.start))
                    && !words::is_demonym(block.word(run.start))
                    && block.tokens[run.start].kind == Kind::Capital)
            && !words::is_body_noun(block.word(last))
            && !words::is_company_form(block.word(last))
            && !(block.tokens[run.end - 1].kind == Kind::Capitals && block.word(run.end - 1).chars().count() < 5)
            && (!last_usage.is_mostly_lower() || is_given)
            && !last_usage.is_place();
        let words = self.words_of(&run);
        let core = words.len() - self.company_words(&run);
        let is_company = core < words.len() && core > 1 && !usage.is_place() && !usage.is_mostly_lower();
        self.last = Some((self.mentions.len(), run.end));
        self.mentions.push(Mention {
            text: block.text_of(run),
            words,
            core,
            has_title,
            is_personal,
            has_own_surname: last_usage.lower == 0 || is_given,
            is_company,
            abbreviates,
        });
    }
}

/// Is the word before a function word with a capital one of a name?
fn tokens_before_is_name(finder: &Finder<'_, '_>, at: usize) -> bool {
    let before = &finder.block.tokens[at - 1];
    let word = finder.block.word(at - 1);
    before.kind == Kind::Capital
        && !before.is_possessive
        && !finder.words.is_function(word)
        && !words::is_calendar(word)
}

/// Are the letters the first letters of the words, in order?
fn is_abbreviation_of(letters: &str, words: &[String]) -> bool {
    let mut initials = words.iter().filter_map(|word| word.chars().next());
    let mut letters = letters.chars().filter(|c| c.is_alphanumeric());
    let first = letters.next();
    if first.is_none() || first != initials.next() {
        return false;
    }
    let wanted: Vec<char> = letters.collect();
    let found = wanted.iter().filter(|&&letter| initials.any(|initial| initial == letter)).count();
    found * 2 >= wanted.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of a text, those after a title marked, of which `usage` tells how words are written elsewhere.
    fn found(code: &str, usage: &str, text: &str) -> String {
        let language = Language::from_code(code);
        let lexicon = Article::read(&[usage], None, language).lexicon;
        let article = Article::read(&[text], None, language);
        let mentions = article.mentions(&lexicon);
        let shown =
            mentions.iter().map(|mention| format!("{}{}", if mention.has_title { "+" } else { "" }, mention.text));
        shown.collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn names_table() {
        for (code, text, expected) in [
            ("en", "The mayor, Ada Lindqvist, met Karl Voss in Halden.", "Ada Lindqvist | Karl Voss | Halden"),
            ("en", "On Monday President Ada Lindqvist's aides left.", "+Ada Lindqvist"),
            ("en", "It was Foreign Minister Karl Voss who spoke.", "+Karl Voss"),
            ("en", "She asked Secretary of State Karl Voss about it.", "+Karl Voss"),
            ("en", "Mr Voss and Dr. Ada Lindqvist agreed.", "+Voss | +Ada Lindqvist"),
            ("en", "They praised J. K. Holm and George W. Marsh.", "J. K. Holm | George W. Marsh"),
            ("en", "He called the Bank of Norland about it.", "Bank of Norland"),
            ("en", "He met Karl Voss of Norland at noon.", "Karl Voss | Norland"),
            ("en", "The Norland Central Bank (NCB) paid Holm & Sons.", "Norland Central Bank | NCB | Holm & Sons"),
            ("en", "We saw Charles de Marsh and Omar bin Tarik there.", "Charles de Marsh | Omar bin Tarik"),
            ("en", "In May they met Theresa May and left on 3 May.", "Theresa May"),
            ("en", "The French and the German teams met in April.", ""),
            ("en", "I think he said that I could.", ""),
            ("en", "It was Norland's Karl Voss again.", "Norland | Karl Voss"),
            ("en", "The St James's Park crowd sang.", "St James's Park"),
            ("en", "HALDEN, 3 May (AFP) - The port of Halden is shut.", "Halden"),
            ("en", "DOCKERS WALK OUT AGAIN IN HALDEN", ""),
            ("en", "Dockers Walk Out Again In Halden", ""),
            ("en", "The banks say that U.S. Banks lent to U.S. Senator Ada Holm.", "U.S. | U.S. | +Ada Holm"),
            ("en", "The CEO watched TV with a PhD of the EU.", "EU"),
            ("en", "A book on King Olav V was read.", "+Olav V"),
            (
                "en",
                "He left the Norland Printing and Paper Corp for the Halden Bureau of Ships and Ports.",
                "Norland Printing and Paper Corp | Halden Bureau of Ships | Ports",
            ),
            (
                "en",
                "The Halden Ways and Means Committee Chairman Karl Voss left.",
                "Halden Ways and Means Committee | +Karl Voss",
            ),
            (
                "en",
                "He sold Holm Voss Brothers Inc to Major League Chess.",
                "Holm Voss Brothers Inc | Major League Chess",
            ),
            ("en", "They signed the Halden Convention on Sea Rights on Monday.", "Halden Convention on Sea Rights"),
            (
                "en",
                "They met Ada Holm on Tuesday at the Halden Chambers of Trade.",
                "Ada Holm | Halden Chambers of Trade",
            ),
            ("en", "It was seen by @adaholm on halden.com and Voss.NET #HaldenStrike.", ""),
            ("en", "In Halden Monday they met Omar Ramadan.", "Halden | Omar Ramadan"),
            ("en", "Why Is It That You Have To Ask The Mayor? Nobody asked Ada Holm.", "Ada Holm"),
            ("en", "Photo by Ada Lindqvist/Halden Press", "Ada Lindqvist | Halden Press"),
            ("en", "See you in the New Year at the Museum of the Norland Saami.", "Museum of the Norland Saami"),
            ("en", "We asked Lord Holm of Halden for it.", "+Holm of Halden"),
            (
                "fr",
                "Hier, la Cour de cassation et l'Union européenne ont vu M. Holm.",
                "Cour de cassation | Union européenne | +Holm",
            ),
            (
                "fr",
                "Le rapport de la Commission nationale de contrôle des ports (CNCP) est clair.",
                "Commission nationale de contrôle des ports | CNCP",
            ),
            (
                "fr",
                "On sait que l'UMP a dit non. On a vu l'UMP Laure de la Marche au Conseil d'Etat.",
                "UMP | UMP | Laure de la Marche | Conseil d'Etat",
            ),
            (
                "fr",
                "On a vu la ministre des Armées d'Emmanuel Holm en Norlande du Nord.",
                "Armées | Emmanuel Holm | Norlande du Nord",
            ),
            ("fr", "Selon la ministre, Ada Lindqvist a quitté l'Élysée.", "Ada Lindqvist | Élysée"),
            ("fr", "Hier, Dominique de Marsan a vu M. Holm.", "Dominique de Marsan | +Holm"),
            ("es", "El presidente visitó el Banco de Norlandia con Ana Díez.", "Banco de Norlandia | Ana Díez"),
            ("ru", "Вчера мэр города Анна Линдова встретила Карла Фосса.", "Анна Линдова | Карла Фосса"),
            ("ru", "Вчера Верховный суд и министр Анна Линдова ответили.", "Верховный суд | Анна Линдова"),
            ("ru", "Он видел Высший морской суд и Министерство обороны.", "Высший морской суд | Министерство обороны"),
            ("ru", "Мэр Хальдена Иван Громов приехал.", "+Иван Громов"),
            (
                "de",
                "Gestern sprach EU-Präsidentin Ursula von der Marsch an der Universität Halden.",
                "+Ursula von der Marsch | Universität Halden",
            ),
            ("de", "Das sagte der Sender NRK, und dort saß die Nominierte Julia Holm.", "NRK | Julia Holm"),
            (
                "de",
                "Das liegt am Halden University Park, sagt der Hafenmeister Jens Voss.",
                "Halden University Park | +Jens Voss",
            ),
            ("de", "Dort gab es Vorboten von Hitzewellen.", ""),
            ("de", "Gestern traf Bundeskanzlerin Ada Holm den Gast.", "+Ada Holm"),
            ("de", "Danach sprach Ursula von der Marsch in Halden.", "Ursula von der Marsch"),
            ("de", "Dort stand der Hafenarbeiter Karl Voss am Tor.", "Karl Voss"),
            ("de", "Das Haus und die Stadt waren ohne Strom und Wasser.", ""),
            ("nl", "Volgens minister Jan van der Meer is het klaar.", "Jan van der Meer"),
            ("it", "Ieri Marco Bianchi ha visto il sindaco dell'Aquila.", "Marco Bianchi | Aquila"),
            ("pt", "Ontem o ministro José da Costa falou.", "José da Costa"),
            ("pl", "Wczoraj prezydent Anna Nowak spotkała go.", "Anna Nowak"),
            ("sv", "I går mötte statsministern Karin Berg oss.", "Karin Berg"),
        ] {
            assert_eq!(found(code, "", text), expected, "{text}");
        }
    }

    /// The first word of a sentence is a name on evidence only.
    #[test]
    fn beginnings_of_sentences() {
        for (usage, text, expected) in [
            ("", "Critics left early. Nobody came.", ""),
            ("We met Halden folk in Halden and at Halden.", "Halden is a port.", "Halden"),
            ("The former mayor and a former clerk.", "Former Halden captains met.", ""),
            ("He left the former Halden yard, a former Halden inn.", "Former Halden Yard is shut.", "Halden Yard"),
            ("", "Ada Lindqvist left.", "Ada Lindqvist"),
            ("He saw New Halden and New Halden again, a new day.", "New Halden is a port.", "New Halden"),
            ("", "He said: \"Thanks Ada Holm for it.\"", "Ada Holm"),
            ("", "They met Mark Holm. Holm left early, and Voss was there.", "Mark Holm | Voss | Holm"),
            ("the bill, a bill", "Bill Lindqvist left.", "Bill Lindqvist"),
            ("", "They met the U.S. Owner Robert Holm there.", "U.S. | +Robert Holm"),
            (
                "a dollar, a dollar, a dollar, a dollar, a dollar, a menu, a menu, a menu, a menu, a menu",
                "He ate of the Dollar Menu.",
                "",
            ),
            ("the de Marsan, when de Marsan, and de Marsan", "They saw Bill de Marsan.", "Bill de Marsan"),
        ] {
            assert_eq!(found("en", usage, text), expected, "{text}");
        }
    }

    #[test]
    fn scripts_without_capitals() {
        for (text, expected) in [
            ("昨天市长在哈尔登会见了记者", true),
            ("التقى رئيس البلدية الصحفيين", true),
            ("ראש העיר נפגש עם העיתונאים", true),
            ("Вчера мэр встретил журналистов", false),
            ("The mayor met reporters", false),
            ("", false),
        ] {
            assert_eq!(is_without_capitals(&[text]), expected, "{text}");
        }
    }

    #[test]
    fn abbreviations() {
        for (letters, name, expected) in [
            ("ncb", "norland central bank", true),
            ("ioc", "international olympic committee", true),
            ("ncb", "halden yard", false),
            ("eu", "european union", true),
        ] {
            let words: Vec<String> = name.split(' ').map(str::to_string).collect();
            assert_eq!(is_abbreviation_of(letters, &words), expected, "{letters}");
        }
    }

    proptest::proptest! {
        /// No text makes the search for names fail, and a name has a capital or digit.
        #[test]
        fn any_text_is_read(text in "([A-ZÄa-zé]{1,6}|[.,()'’&<>-]|of|de|von|the|St|U\\.S\\.|[ \n]{1,2}|\\PC){0,40}", code in "(en|de|fr|es|ru|pl)") {
            let language = Language::from_code(&code);
            let article = Article::read(&[&text], Some(&text), language);
            for mention in article.mentions(&article.lexicon) {
                proptest::prop_assert!(mention.text.chars().any(char::is_uppercase), "{}", mention.text);
                proptest::prop_assert!(mention.core > 0 && mention.core <= mention.words.len());
            }
        }
    }
}

//! Where a run of words with capitals begins and ends, and what in it is no part of a name.

use super::Finder;
use crate::analysis::names::token::{Gap, Kind, Token};
use crate::analysis::names::words;

impl Finder<'_, '_> {
    /// May a name begin with this word?
    pub(super) fn may_begin(&self, at: usize) -> bool {
        let token = &self.block.tokens[at];
        token.has_capital() && !token.is_titled && !self.is_no_part(at) && !words::is_particle_sign(self.block.word(at))
    }

    /// Is this word with a capital no part of a name?
    pub(super) fn is_no_part(&self, at: usize) -> bool {
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
        // `Museum of Moving Image`
        let is_label = matches!(word, "image" | "images" | "picture" | "pictures" | "photo" | "video" | "source");
        let follows_given = at > 1 && (self.is_given(at - 2) || self.is_given(at - 1));
        if is_label
            && !follows_given
            && at > 0
            && token.gap == Gap::Space
            && !token.opens
            && tokens_before_is_name(self, at)
        {
            return false;
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
    pub(super) fn is_of_title_of_work(&self, at: usize) -> bool {
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
    pub(super) fn is_name_of_month(&self, at: usize) -> bool {
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
    pub(super) fn is_initial(&self, at: usize) -> bool {
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
    pub(super) fn run_end(&self, start: usize) -> usize {
        let tokens = &self.block.tokens;
        if let Some(end) = self.abbreviated_end(start).or_else(|| self.end_of_company(start)) {
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
            if self.is_comma_of_name(last, next) {
                last = next;
                continue;
            }
            // `Halden Street & Voss Blvd`
            let is_crossing = tokens[next].gap == Gap::Ampersand && words::is_street(self.block.word(last));
            if is_crossing || !matches!(tokens[next].gap, Gap::Space | Gap::Point | Gap::Ampersand) {
                return next;
            }
            if tokens[next].has_capital() && !self.is_no_part(next) {
                // `Holm Processors Inc Halden City`
                let is_abbreviated = tokens[next].gap == Gap::Point && self.block.word(last) == "corp";
                let is_end = last > start && (words::is_final_form(self.block.word(last)) || is_abbreviated);
                if is_end && self.is_proper(next) || self.is_person_of_body(start, last, next) {
                    return next;
                }
                if self.is_capital_after_point(last, next) || self.is_party_of_person(start, last) {
                    return next;
                }
                last = next;
                continue;
            }
            if self.is_number_of_branch(last, next) {
                return next + 1;
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

    /// The end of a company that stands alone in angle brackets, whatever signs are in its name: `<Holm, Voss and Marsh (Far East)
    /// Ltd>`.
    fn end_of_company(&self, start: usize) -> Option<usize> {
        /// Longest such name, in bytes.
        const MOST: usize = 90;
        let (tokens, text) = (&self.block.tokens, self.block.text);
        let from = tokens[start].bytes.start;
        if !text[..from].ends_with('<') {
            return None;
        }
        let until = from + text[from..text.floor_char_boundary(text.len().min(from + MOST))].find('>')?;
        let end = start + tokens[start..].iter().take_while(|token| token.bytes.start < until).count();
        let is_part =
            |i: usize| tokens[i].has_capital() || matches!(self.block.word(i), "and" | "of" | "the" | "de" | "for");
        (end > start + 1 && words::is_company_form(self.block.word(end - 1)) && (start..end).all(is_part))
            .then_some(end)
    }

    /// Outside English only the first word of bodies has a capital. The end of one whose abbreviation follows in brackets:
    /// `Commission nationale de contrôle (CNC)`.
    pub(super) fn abbreviated_end(&self, start: usize) -> Option<usize> {
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
    pub(super) fn body_end(&self, last: usize) -> Option<usize> {
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

    /// Does a person begin after a body and its place: `Southern Court of Halden Karl Voss`?
    fn is_person_of_body(&self, start: usize, last: usize, next: usize) -> bool {
        let tokens = &self.block.tokens;
        let is_of_person = |at: usize| {
            let word = self.block.word(at);
            tokens.get(at).is_some_and(|token| token.gap == Gap::Space && token.kind == Kind::Capital)
                && !words::is_body_noun(word)
                && !words::is_company_form(word)
        };
        let is_capital = |at: usize| tokens.get(at).is_some_and(|token| token.gap == Gap::Space && token.has_capital());
        self.words.code() == "en"
            && tokens[next].gap == Gap::Space
            && self.is_given(next)
            && self.is_proper_word(last)
            && !matches!(self.block.word(last), "st" | "saint")
            && (start..last).any(|i| self.block.word(i) == "of")
            && !(start..=last).any(|i| words::is_title(self.block.word(i), self.words))
            && next + 1 < tokens.len()
            && is_of_person(next + 1)
            && (!is_capital(next + 2) || is_of_person(next + 2))
    }

    /// Is it no common word, and no given name?
    pub(super) fn is_proper_word(&self, at: usize) -> bool {
        let usage = self.lexicons.usage(self.block.word(at));
        !usage.is_common() && !self.is_given(at) && self.block.tokens[at].kind == Kind::Capital
    }

    /// Is it a word that is hardly ever written in small letters, and no kind of body or company?
    fn is_proper(&self, at: usize) -> bool {
        let word = self.block.word(at);
        let usage = self.lexicons.usage(word);
        self.block.tokens[at].kind == Kind::Capital
            && usage.upper > 0
            && !usage.is_common()
            && !words::is_body_noun(word)
            && !words::is_company_form(word)
    }

    /// In other languages than English a party precedes its member: `l'UMP Laure de la Marche`.
    pub(super) fn is_party_of_person(&self, start: usize, last: usize) -> bool {
        self.words.code() != "en"
            && start == last
            && self.block.tokens[start].kind == Kind::Capitals
            && self.is_beside_person(start)
    }

    /// Some writers put a capital after every point: `U.S. Banks`. Is this word only that?
    pub(super) fn is_capital_after_point(&self, last: usize, next: usize) -> bool {
        let tokens = &self.block.tokens;
        if tokens[next].gap != Gap::Point || tokens[last].kind != Kind::Capitals || tokens[next].kind != Kind::Capital {
            return false;
        }
        let begins_pair = tokens.get(next + 1).is_some_and(|after| after.has_capital() && after.gap == Gap::Space)
            && self.lexicons.pair(self.block.word(next), self.block.word(next + 1)).capitals > 0;
        // `U.S. Interstate Commerce Commission`, `Holm A.M.E. Church`
        let begins_body = words::is_body_noun(self.block.word(self.end_of_capitals(next))) && self.ends_with_body(next);
        let is_body = words::is_body_noun(self.block.word(next)) && last > 0 && self.is_proper_word(last - 1);
        let is_end = is_body && tokens[last].gap == Gap::Space && !self.words.is_function(self.block.word(last - 1));
        !begins_pair && !begins_body && !is_end && self.lexicons.usage(self.block.word(next)).is_mostly_lower()
    }

    /// Is the possessive part of a name: `People's Bank`, `St James's Park`, `Writers' Association`?
    pub(super) fn is_joined_possessive(&self, at: usize) -> bool {
        let word = self.block.word(at);
        // `Halden Industries' Yard Division` are two, `Halden State Industries' Federation` is one.
        let is_last = || self.end_of_capitals(at + 1) == at + 1;
        let is_plural = (word.ends_with('s') || word.ends_with("men"))
            && (word == "workers" || !words::is_body_noun(word) || is_last());
        let is_of_many = is_plural && self.lexicons.usage(word).lower > 0;
        // `Sheet Metal Workers' National Pension Fund`, `Patrolmen's Benevolent Association`; not `Holm Smelters' Port
        // Halden`, which are two.
        let is_body = |next: usize| {
            let end = self.end_of_capitals(next);
            let last = self.block.word(end);
            let is_common = |i: usize| self.lexicons.usage(self.block.word(i)).is_common();
            words::is_body_noun(self.block.word(next))
                && (words::is_body_noun(last) || words::is_company_form(last) || last == "local")
                || words::is_body_noun(last) && (next..end).all(is_common)
        };
        let next = self.block.tokens.get(at + 1);
        if is_of_many && next.is_some_and(|next| next.kind == Kind::Capital) && is_body(at + 1) {
            return true;
        }
        if self.is_owner_of_name(at) {
            return true;
        }
        // `Standard and Holm's Corp`
        let precedes_form = next.is_some_and(|next| next.kind == Kind::Capital && next.gap == Gap::Space)
            && words::is_final_form_or_corp(self.block.word(at + 1));
        if precedes_form {
            return true;
        }
        let follows_saint =
            at > 0 && matches!(self.block.word(at - 1), "st" | "saint") && self.block.tokens[at].gap != Gap::Break;
        // `King's Cross`, not `Karl King's Cross` or `Prince's Halden`
        let is_first = at == 0 || !self.is_given(at - 1) || self.block.tokens[at].gap != Gap::Space;
        let is_royal = matches!(word, "king" | "queen") && is_first
            || word == "prince" && next.is_some() && words::is_body_noun(self.block.word(at + 1));
        follows_saint || is_royal || matches!(word, "people" | "women" | "men" | "children" | "world")
    }

    /// Is the number that of a branch of a union or of a school: `NDU Local 2110`, `Public School 132`?
    fn is_number_of_branch(&self, last: usize, next: usize) -> bool {
        let tokens = &self.block.tokens;
        let is_school = self.words.code() == "en"
            && self.block.word(last) == "school"
            && last > 0
            && self.block.word(last - 1) == "public";
        let is_branch =
            self.words.code() == "en" && self.block.word(last) == "local" && last > 0 && tokens[last - 1].has_capital()
                || is_school;
        is_branch
            && tokens[last].gap == Gap::Space
            && tokens[next].kind == Kind::Number
            && tokens[next].gap == Gap::Space
            && tokens[next].bytes.len() < 5
    }

    /// Is the number part of a name that is often written with one: `Formula 1`?
    pub(super) fn is_number_of(&self, last: usize, next: usize) -> bool {
        let token = &self.block.tokens[next];
        if token.kind != Kind::Number || token.bytes.len() > 2 || token.gap != Gap::Space {
            return false;
        }
        let (word, number) = (self.block.word(last), self.block.word(next));
        let count = self.lexicons.pair(word, number).capitals;
        count >= 3 && count * 4 >= self.lexicons.usage(word).upper
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

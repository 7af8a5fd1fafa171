//! Whether an article has turns, judged from all of its labels together.

use rustc_hash::FxHashMap;

use super::label::{Form, Kind, sample};
use super::{Candidate, words};
use crate::article::Block;
use crate::text::fold::{fold, fold_value};

/// Fewest turns of a transcript, unless labels are certain.
pub(super) const MIN_TURNS: usize = 4;
/// Fewest turns with certain labels.
pub(super) const MIN_CERTAIN_TURNS: usize = 3;
/// Longest question that can be a heading, in words: in short questions and answers the questions are headings.
const MAX_QUESTION_WORDS: usize = 15;

/// Which candidates begin a turn.
pub(super) struct Verdict {
    pub(super) begins: Vec<bool>,
    /// Do turns last over the blocks after them?
    pub(super) is_continuous: bool,
    /// Are the questions short, so that they may be headings?
    pub(super) has_headings: bool,
}

/// What is known of one label.
#[derive(Default)]
struct Group {
    count: usize,
    says: usize,
    /// Turns that ask.
    asks: usize,
    /// Turns with a word for who speaks or is spoken to.
    personal: usize,
    is_name: bool,
    /// Turns that say something, with a mark after their labels.
    marked: usize,
}

impl Verdict {
    /// Judges all candidates together; `None` if the article has no turns.
    pub(super) fn of(text: &str, blocks: &[Block], candidates: &[Candidate]) -> Option<Verdict> {
        if candidates.len() < MIN_CERTAIN_TURNS {
            return None;
        }
        let mut groups: FxHashMap<&str, Group> = FxHashMap::default();
        for candidate in candidates {
            let group = groups.entry(candidate.label.key.as_str()).or_default();
            group.count += 1;
            group.says += usize::from(candidate.says);
            group.marked += usize::from(candidate.says && candidate.label.form == Form::Marked);
        }
        drop_letters(&mut groups);
        if !groups.values().any(|group| group.says >= 2) {
            return None;
        }
        let judge = Judge { text, candidates, groups };
        let begins = judge.certain().or_else(|| judge.likely())?;
        let is_continuous = judge.is_continuous(blocks, &begins);
        Some(Verdict { has_headings: judge.has_headings(blocks, &begins), begins, is_continuous })
    }
}

/// Drops letters that answer where nothing asks: `A.` also numbers a list.
fn drop_letters(groups: &mut FxHashMap<&str, Group>) {
    let asked =
        |groups: &FxHashMap<&str, Group>, letter: &str| groups.get(letter).is_some_and(|group| group.count >= 2);
    let letters: Vec<&str> = groups.keys().copied().filter(|key| key.chars().count() == 1).collect();
    let mut paired: Vec<&str> = Vec::new();
    for (asks, answers) in words::LETTER_PAIRS {
        let (asks, answers) = (fold_value(asks), fold_value(answers));
        if asked(groups, &asks) && (asks == "q" || asked(groups, &answers)) {
            paired.extend(letters.iter().filter(|letter| **letter == asks || **letter == answers));
        }
    }
    for letter in letters.iter().filter(|letter| !paired.contains(letter)) {
        groups.remove(letter);
    }
}

struct Judge<'a> {
    text: &'a str,
    candidates: &'a [Candidate],
    groups: FxHashMap<&'a str, Group>,
}

impl Judge<'_> {
    fn group(&self, candidate: &Candidate) -> Option<&Group> {
        self.groups.get(candidate.label.key.as_str())
    }

    /// Transcripts with roles and titles.
    fn certain(&self) -> Option<Vec<bool>> {
        let is_certain =
            |candidate: &&Candidate| candidate.label.kind == Kind::Speaker && self.group(candidate).is_some();
        let certain: Vec<&Candidate> = self.candidates.iter().filter(is_certain).collect();
        let marked: Vec<&&Candidate> =
            certain.iter().filter(|candidate| candidate.label.form == Form::Marked).collect();
        let others = certain.len() - marked.len();
        let says = certain.iter().filter(|candidate| candidate.says).count();
        let mut keys: Vec<&str> = certain.iter().map(|candidate| candidate.label.key.as_str()).collect();
        keys.sort_unstable();
        let most = keys.chunk_by(|a, b| a == b).map(<[&str]>::len).max().unwrap_or(0);
        let distinct = keys.chunk_by(|a, b| a == b).count();
        let enough = marked.len() >= MIN_CERTAIN_TURNS || others > MIN_TURNS && most >= 2;
        // Each label once is also a list of statements; three of different people are a transcript only if one recurs.
        let recurs = most >= 2 && distinct >= 2 || most >= MIN_CERTAIN_TURNS;
        if !enough || !recurs || says * 10 < certain.len() * 6 {
            return None;
        }
        let stopped = certain.iter().filter(|candidate| candidate.label.form == Form::Stopped).count();
        let is_bare = marked.is_empty() && others > 0 && stopped == 0;
        // In records whose labels end with a stop, words before a colon are of lists, or of a talk that was put in.
        let least = if stopped * 2 > certain.len() { MIN_CERTAIN_TURNS } else { 1 };
        Some(
            self.candidates
                .iter()
                .map(|candidate| {
                    let Some(group) = self.group(candidate) else { return false };
                    let form_fits = candidate.label.form != Form::Bare || is_bare && group.count >= 2;
                    form_fits
                        && match candidate.label.kind {
                            // A turn may be empty, or be a gesture.
                            Kind::Speaker => candidate.label.form == Form::Marked || candidate.says,
                            Kind::Capitals | Kind::Name => candidate.says && group.says >= least,
                            Kind::Word => candidate.says && group.says >= least.max(2),
                        }
                })
                .collect(),
        )
    }

    /// Transcripts with names only.
    fn likely(&self) -> Option<Vec<bool>> {
        let bare = self.candidates.iter().filter(|candidate| candidate.label.form == Form::Bare);
        let bare_recurring =
            bare.filter(|candidate| self.group(candidate).is_some_and(|group| group.says >= MIN_CERTAIN_TURNS)).count();
        let marked_recurring = self.recurring(Form::Marked).count();
        let form = if marked_recurring >= MIN_TURNS { Form::Marked } else { Form::Bare };
        if form == Form::Bare && bare_recurring < MIN_TURNS + 2 {
            return None;
        }
        let turns: Vec<&Candidate> = self.recurring(form).collect();
        let mut keys: Vec<&str> = turns.iter().map(|turn| turn.label.key.as_str()).collect();
        let pairs = keys.windows(2).filter(|pair| pair[0] != pair[1]).count();
        let is_cycle = is_cycle(&keys);
        keys.sort_unstable();
        keys.dedup();
        let says = turns.iter().filter(|turn| turn.says).count();
        if keys.len() < 2 || pairs * 2 < turns.len() - 1 || says * 10 < turns.len() * 7 {
            return None;
        }
        let evidence = self.evidence(&turns);
        let named = keys.iter().filter(|key| evidence.get(**key).is_some_and(|group| group.is_name)).count();
        let asks: usize = evidence.values().map(|group| group.asks).sum();
        let personal: usize = evidence.values().map(|group| group.personal).sum();
        let asker = evidence.values().any(|group| group.asks >= 2 && group.asks * 10 >= group.count * 3);
        let talks = asker || personal * 10 >= turns.len() * 4;
        let all_named = named == keys.len();
        let is_talk = match turns.iter().map(|turn| turn.label.kind).min() {
            // Names of several words: other labels of two words recur, too (`Home team`), but do not speak.
            Some(Kind::Name) => talks || all_named && asks > 0,
            Some(Kind::Capitals | Kind::Speaker) => talks || all_named,
            _ => (talks && named > 0) || asker && personal * 10 >= turns.len() * 3 || all_named,
        };
        let is_record = is_cycle && !(talks && named > 0);
        if !is_talk || is_record || form == Form::Bare && !talks {
            return None;
        }
        Some(
            self.candidates
                .iter()
                .map(|candidate| {
                    let label = &candidate.label;
                    let recurs = keys.binary_search(&label.key.as_str()).is_ok();
                    let is_other =
                        matches!(label.kind, Kind::Name | Kind::Capitals | Kind::Speaker) && form == Form::Marked;
                    // The full name of one who is called by the surname after, and the other way round.
                    let is_part = keys.iter().any(|key| {
                        label.key.split(' ').any(|word| word == *key) || key.split(' ').any(|word| word == label.key)
                    });
                    (label.form == form || label.form == Form::Marked)
                        && candidate.says
                        && self.group(candidate).is_some()
                        && (recurs || is_other && turns.len() > MIN_TURNS || is_part)
                })
                .collect(),
        )
    }

    /// Candidates of a form whose labels recur.
    fn recurring(&self, form: Form) -> impl Iterator<Item = &Candidate> {
        let least = if form == Form::Bare { MIN_CERTAIN_TURNS } else { 2 };
        // Captions and headings repeat a label without its mark.
        let says = move |group: &Group| if form == Form::Marked { group.marked } else { group.says };
        self.candidates.iter().filter(move |candidate| {
            candidate.label.form == form && self.group(candidate).is_some_and(|group| says(group) >= least)
        })
    }

    /// What is said in turns, by label.
    fn evidence(&self, turns: &[&Candidate]) -> FxHashMap<&str, Group> {
        let mut out: FxHashMap<&str, Group> = FxHashMap::default();
        for turn in turns {
            let key = self.candidates.iter().find(|other| other.label.key == turn.label.key);
            let key = key.expect("a turn is one of the candidates").label.key.as_str();
            let group = out.entry(key).or_default();
            let said = sample(self.text, turn.said.clone());
            group.count += 1;
            group.asks +=
                usize::from(said.trim_end_matches(['*', '_']).ends_with(['?', '？', '؟']) || said.contains("? "));
            let mut words = said.split(|c: char| {
                c.is_whitespace() || matches!(c, ',' | '.' | '!' | '?' | '—' | '"' | '“' | '”' | '«' | '…')
            });
            let is_personal = said.contains(['我', '你', '您', '私', '僕', '나', '저'])
                || words.any(|word| !word.is_empty() && words::is_pronoun(&fold_value(word)));
            group.personal += usize::from(is_personal);
            if group.count == 1 {
                group.is_name = turn.label.kind == Kind::Speaker
                    || turn.label.kind == Kind::Name && self.is_elsewhere(turn)
                    || self.is_named(turn);
            }
        }
        out
    }

    /// Is the label's last word elsewhere in the text after another capitalised word, as surnames are?
    fn is_named(&self, turn: &Candidate) -> bool {
        let Some(surname) =
            turn.label.name.split([',', '(']).next().and_then(|name| name.split_whitespace().next_back())
        else {
            return false;
        };
        let wanted = fold(surname);
        if wanted.chars().count() < 3 {
            return false;
        }
        let mut before: Option<&str> = None;
        self.text.split_whitespace().any(|word| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let bare = bare.strip_suffix("’s").or(bare.strip_suffix("'s")).unwrap_or(bare);
            // The label itself is no evidence.
            let follows = !word.ends_with([':', '：'])
                && before.is_some_and(|before| {
                    let inner = before.trim_start_matches(['(', '"', '“', '*']);
                    let folded = fold_value(inner);
                    inner.starts_with(char::is_uppercase)
                        && (!before.ends_with(['.', '?', '!', ':', ',', '：'])
                            || before.ends_with('.') && (words::is_title(&folded) || folded.chars().count() == 1))
                        && !words::is_no_name(&folded)
                        && !words::is_no_speaker(&[folded])
                });
            before = Some(word);
            follows
                && bare.starts_with(char::is_uppercase)
                && bare.len() == surname.trim_matches(|c: char| !c.is_alphanumeric()).len()
                && fold(bare) == wanted
        })
    }

    /// Is a word of the label in what others say, as people are addressed?
    fn is_elsewhere(&self, turn: &Candidate) -> bool {
        let written =
            turn.label.name.split_whitespace().filter(|word| word.len() >= 3 && word.starts_with(char::is_uppercase));
        written.into_iter().any(|word| {
            self.candidates.iter().any(|other| {
                other.label.key != turn.label.key
                    && sample(self.text, other.said.clone())
                        .split(|c: char| !c.is_alphanumeric())
                        .any(|said| said == word)
            })
        })
    }

    /// Do turns last over the blocks after them? In a story that quotes a few exchanges they do not.
    fn is_continuous(&self, blocks: &[Block], begins: &[bool]) -> bool {
        let turns: Vec<&Candidate> =
            self.candidates.iter().zip(begins).filter(|(_, begins)| **begins).map(|(candidate, _)| candidate).collect();
        let (Some(first), Some(last)) = (turns.first(), turns.last()) else { return false };
        let strong = turns.iter().filter(|turn| turn.label.kind >= Kind::Capitals).count();
        if strong >= 2 * MIN_TURNS {
            return true;
        }
        let letters: Vec<&&Candidate> = turns.iter().filter(|turn| turn.label.key.chars().count() == 1).collect();
        // Questions whose answers have no label are a block each.
        if letters.len() == turns.len() && turns.iter().all(|turn| turn.label.key == first.label.key) {
            return false;
        }
        let labelled = turns.len();
        let inside = last.block - first.block + 1;
        let early = first.block * 5 <= blocks.len() * 2;
        early && labelled * 5 >= inside
    }

    /// Are these short questions and answers, whose questions are headings?
    fn has_headings(&self, blocks: &[Block], begins: &[bool]) -> bool {
        let turns: Vec<&Candidate> =
            self.candidates.iter().zip(begins).filter(|(_, begins)| **begins).map(|(candidate, _)| candidate).collect();
        turns.iter().all(|turn| {
            let asks = words::LETTER_PAIRS.iter().any(|(asks, _)| fold_value(asks) == turn.label.key);
            let answers = words::LETTER_PAIRS.iter().any(|(_, answers)| fold_value(answers) == turn.label.key);
            let block = &self.text[blocks[turn.block].span.clone()];
            let has_colon = block.chars().nth(1).is_some_and(|c| matches!(c, ':' | '：'));
            let is_short = block.split_whitespace().nth(MAX_QUESTION_WORDS).is_none();
            has_colon && (answers || asks && is_short && block.trim_end().ends_with(['?', '？']))
        })
    }
}

/// Are the labels of three or more kinds always in the same order, as those of records are?
fn is_cycle(keys: &[&str]) -> bool {
    let Some(period) = keys.iter().skip(1).position(|key| *key == keys[0]).map(|at| at + 1) else { return false };
    period >= 3 && keys.len() >= 2 * period && keys.iter().enumerate().all(|(i, key)| *key == keys[i % period])
}

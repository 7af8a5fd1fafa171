//! Advice on queries that find little: counts of other readings, of the query without each of its parts, and spellings
//! of words that are not in the index.

use std::cmp::Reverse;
use std::collections::HashMap;

use levenshtein_automata::Distance;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED};

use super::budget::Budget;
use super::local::forms::{self, TermAutomaton, WordTest};
use super::local::parallel;
use super::local::plan::{Filters, Leaf, LoweredQuery, Plan};
use super::local::postings::{has_compounds, terms};
use super::local::run::slices;
use super::local::segment::{Segment, is_large};
use super::results::{Counts, Relaxation};
use super::snapshot::Snapshot;
use super::{SearchError, SearchOptions};
use crate::index::IndexError;
use crate::query::{Clause, FieldTest, Node, NodeKind, Note, Query, Role, Value, parse_with};
use crate::text::compound::{compounds, is_digit};
use crate::text::{Words, counted, term};
use crate::vocabulary::{Facet, Scope, TextField};

impl Snapshot {
    /// Adds to notes the number of passages of each reading; nothing to one with a reading that is no valid query, or that
    /// was not counted in time.
    pub(super) fn count_readings(
        &self,
        notes: &mut [Note],
        options: &SearchOptions,
        budget: &Budget,
    ) -> Result<(), IndexError> {
        let count = |text: &str| -> Result<Option<u64>, IndexError> {
            let prepared = match self.prepare(text, options) {
                Ok(prepared) => prepared,
                Err(SearchError::Query(_)) => return Ok(None),
                Err(SearchError::Index(error)) => return Err(error),
            };
            let counts = self.count_lowered(&prepared.lowered, options, budget)?;
            Ok(counts.degraded.is_none().then_some(counts.passages))
        };
        for note in notes {
            let (Some(this), Some(other)) = (&note.this, &note.other) else { continue };
            if let (Some(here), Some(there)) = (count(this)?, count(other)?) {
                note.message = format!("{}: {}; {other}: {there}", note.message, counted(here, "passage"));
            }
        }
        Ok(())
    }

    /// A note on the articles that match, but none of whose sections does.
    pub(super) fn unit_note(
        &self,
        segments: &[Segment<'_>],
        lowered: &LoweredQuery,
        counts: Counts,
    ) -> tantivy::Result<Option<Note>> {
        let Plan::And(plans) = &lowered.plan else { return Ok(None) };
        let texts = plans.iter().filter(|plan| !matches!(plan, Plan::Not(_) | Plan::Should(_))).count();
        if texts < 2 {
            return Ok(None);
        }
        let large = is_large(segments, lowered);
        let of_slices = parallel::each(&slices(segments, lowered, &lowered.plan)?, large, |_, (ordinal, within)| {
            segments[*ordinal as usize].count(&lowered.plan, Scope::Article, within.clone())
        })?;
        let more = of_slices.iter().sum::<u64>().saturating_sub(counts.articles);
        let message = match more {
            0 => return Ok(None),
            1 => "1 more article matches across sections".to_string(),
            more => format!("{more} more articles match across sections"),
        };
        Ok(Some(Note::new("unit", message)))
    }

    /// Changes of options and parts of a query, each with the counts of what then matches.
    pub(crate) fn relaxations(&self, query: &Query, options: &SearchOptions) -> Result<Vec<Relaxation>, SearchError> {
        let budget = options.budget();
        let passages = |query: &Query, change: &dyn Fn(&mut SearchOptions)| -> Result<u64, SearchError> {
            let mut options = options.clone();
            change(&mut options);
            Ok(self.count_query(query, &options, &budget)?.passages)
        };
        let mut out = Vec::new();
        let filters = &options.filters;
        if filters.heading.is_some() {
            let passages = passages(query, &|options| options.filters.heading = None)?;
            out.push(Relaxation::WithoutHeading { passages });
        }
        if filters.date.is_some() {
            out.push(Relaxation::WithoutDates { passages: passages(query, &|options| options.filters.date = None)? });
        }
        for facet in Facet::ALL {
            if filters.values.iter().any(|filter| filter.facet == facet) {
                let without =
                    |options: &mut SearchOptions| options.filters.values.retain(|filter| filter.facet != facet);
                out.push(Relaxation::WithoutValues { facet, passages: passages(query, &without)? });
            }
        }
        if !filters.folders.is_empty() {
            out.push(Relaxation::AllFolders { passages: passages(query, &|options| options.filters.folders.clear())? });
        }
        if options.unit != Scope::Article {
            out.push(Relaxation::ArticleUnit { passages: passages(query, &|options| options.unit = Scope::Article)? });
        }
        if options.strict {
            let any = |options: &mut SearchOptions| (options.strict, options.any) = (false, true);
            out.push(Relaxation::AnyWord { passages: passages(query, &any)? });
        }
        out.retain(|relaxation| relaxation.passages() > 0);
        let kinds = [
            filters.article.is_some(),
            filters.heading.is_some(),
            filters.date.is_some(),
            !filters.folders.is_empty(),
            filters.words.is_some(),
            filters.added_from.is_some(),
        ];
        let num_filters = kinds.into_iter().filter(|is_given| *is_given).count() + filters.values.len();
        if out.is_empty() && num_filters > 1 {
            let passages = passages(query, &|options| options.filters = Filters::default())?;
            out.extend((passages > 0).then_some(Relaxation::WithoutFilters { passages }));
        }
        let wider = |wider: Option<Node>| -> Result<Option<Relaxation>, SearchError> {
            let Some(root) = wider else { return Ok(None) };
            // Counted as it is read when it is run, which is not by the options of plain text.
            let query = Query { root, notes: Vec::new() }.to_string();
            let saved = |name: &str| self.saved.get(name).cloned();
            let Ok(read) = parse_with(&query, options.today, &saved) else { return Ok(None) };
            let passages = passages(&read, &|options| options.literal = false)?;
            Ok((passages > 0).then_some(Relaxation::WiderQuery { query, passages }))
        };
        let loose = wider(loosened(&query.root))?;
        let is_loose = loose.is_some();
        out.extend(loose);
        let NodeKind::And(clauses) = &query.root.kind else { return Ok(out) };
        let of_clauses = |clauses: Vec<Clause>| {
            let root = Node { kind: NodeKind::And(clauses), span: query.root.span.clone() };
            passages(&Query { root, notes: Vec::new() }, &|_| {})
        };
        for (i, clause) in clauses.iter().enumerate().filter(|(_, clause)| clause.role != Role::Should) {
            let others: Vec<Clause> =
                clauses.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, clause)| clause.clone()).collect();
            let part = Relaxation::WithoutPart {
                part: clause.node.to_string(),
                passages: if others.is_empty() { 0 } else { of_clauses(others)? },
                alone: of_clauses(vec![clause.clone()])?,
            };
            out.push(part);
        }
        // Where the query without one of its parts matches, that says more.
        if !is_loose && out.iter().all(|relaxation| relaxation.passages() == 0) {
            out.extend(wider(any_part(&query.root))?);
        }
        Ok(out)
    }

    /// Notes on the plain words of a query that are not in the index: on each with the word that was probably meant, and one on
    /// those for which there is no such word. The only word of a query has one, too: that there is no hit may have other
    /// reasons, as a filter.
    pub(super) fn spelling_notes(
        &self,
        query: &Query,
        segments: &[Segment<'_>],
        lowered: &LoweredQuery,
    ) -> tantivy::Result<Vec<Note>> {
        const MIN_LETTERS: usize = 4;
        let mut words = Vec::new();
        plain_words(&query.root, &mut words);
        let (mut out, mut absent) = (Vec::new(), Vec::new());
        for (number, leaf) in lowered.leaves.iter().enumerate() {
            let [test] = leaf.words.as_slice() else { continue };
            // Another form of a word may be absent while the word is not.
            // A number may be in the index with its unit only: `2500kg`.
            let has_form = |form: &Leaf| form.form_of.contains(&number);
            let is_absent = |number: usize| segments.iter().all(|segment| segment.is_absent(number));
            if leaf.is_form
                || lowered.leaves.iter().enumerate().any(|(other, form)| has_form(form) && !is_absent(other))
                || !words.contains(&leaf.typed.as_str())
                || !is_absent(number)
            {
                continue;
            }
            let typed = test.typed();
            let letters = typed.chars().count();
            // A number has no spelling: the nearest is another number.
            let has_spelling = letters >= MIN_LETTERS && !typed.contains(is_digit);
            let distance = if letters > 5 { 2 } else { 1 };
            let Some(word) = (if has_spelling { self.nearest(typed, distance)? } else { None }) else {
                absent.push(leaf.typed.clone());
                continue;
            };
            let message = format!("\"{}\" is nowhere in the index; did you mean {word}?", leaf.typed);
            let mut note = Note::new("spelling", message);
            note.absent.push(leaf.typed.clone());
            if !out.contains(&note) {
                out.push(note);
            }
        }
        absent.dedup();
        if !absent.is_empty() {
            let mut note = Note::new("absent", absent_message(&absent));
            note.absent = absent;
            out.push(note);
        }
        Ok(out)
    }

    /// The commonest of the words of the index with the least edit distance from `folded`, up to `max_distance`. Not one
    /// that is only a piece of others, as `mail` of `e-mail`.
    fn nearest(&self, folded: &str, max_distance: u8) -> tantivy::Result<Option<String>> {
        let mut words = Words::new(folded);
        let Some(word) = words.next() else { return Ok(None) };
        let WordTest::Automaton { accepts, .. } = WordTest::fuzzy(&word, max_distance) else { return Ok(None) };
        let field = self.fields().text(TextField::Body);
        let mut counts: HashMap<String, u64> = HashMap::new();
        for reader in self.readers.segments() {
            let index = reader.inverted_index(field)?;
            let mut stream = index.terms().search(TermAutomaton(&accepts)).into_stream()?;
            while stream.advance() {
                if let Some(parts) = term::parts(stream.key()) {
                    *counts.entry(parts.folded.to_string()).or_default() += u64::from(stream.value().doc_freq);
                }
            }
        }
        let dfa = forms::fuzzy_builder(max_distance).build_dfa(folded);
        let distance = |other: &str| match dfa.eval(other) {
            Distance::Exact(distance) | Distance::AtLeast(distance) => distance,
        };
        let mut nearest: Vec<(String, u64)> = counts.into_iter().filter(|(word, _)| !word.contains(is_digit)).collect();
        nearest.sort_unstable_by_key(|(word, count)| (distance(word), Reverse(*count), word.clone()));
        for (word, _) in nearest.into_iter().take(MAX_CANDIDATES) {
            if self.stands_alone(&word)? {
                return Ok(Some(word));
            }
        }
        Ok(None)
    }

    /// Is a word of the index more than a piece of words with a sign inside, in one of a few passages that have it?
    fn stands_alone(&self, folded: &str) -> tantivy::Result<bool> {
        const MAX_PASSAGES: usize = 8;
        let mut words = Words::new(folded);
        let Some(word) = words.next() else { return Ok(false) };
        let (fields, budget) = (self.fields(), Budget::unlimited());
        let mut passages = 0;
        for (reader, stored) in self.readers.segments().iter().zip(&self.stored) {
            let index = reader.inverted_index(fields.text(TextField::Body))?;
            let terms = terms(&index, &WordTest::exact(&word), &budget)?;
            if has_compounds(&terms) {
                return Ok(true);
            }
            for term in &terms {
                let mut postings = index.read_postings_from_terminfo(&term.info, IndexRecordOption::Basic)?;
                while postings.doc() != TERMINATED && passages < MAX_PASSAGES {
                    let passage = stored.passage(fields, postings.doc())?;
                    if passage.is_some_and(|passage| has_alone(&passage.words(), folded)) {
                        return Ok(true);
                    }
                    passages += 1;
                    postings.advance();
                }
            }
        }
        Ok(false)
    }
}

/// A query whose phrases and proximities are words in one unit, and whose patterns are the words around their signs, side by
/// side: `a*b` may be text. `None` if it has none of them.
fn loosened(node: &Node) -> Option<Node> {
    let plain = |node: Node| Clause { node, role: Role::Plain };
    let kind = match &node.kind {
        NodeKind::Phrase { text, .. } => {
            let words: Vec<&str> =
                text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).collect();
            if words.len() < 2 {
                return None;
            }
            // A word with a sign that may be an operator stays a phrase.
            let is_plain =
                |word: &str| word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’' | '.' | ','));
            let kind = |word: &str| {
                let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
                if is_plain(bare) {
                    NodeKind::Word(bare.to_string())
                } else {
                    NodeKind::Phrase { text: bare.to_string(), slop: 0 }
                }
            };
            let word = |word: &&str| plain(Node { kind: kind(word), span: node.span.clone() });
            NodeKind::And(words.iter().map(word).collect())
        }
        NodeKind::Pattern(pattern) => {
            let words: Vec<&str> =
                pattern.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
            if words.len() < 2 {
                return None;
            }
            NodeKind::Phrase { text: words.join(" "), slop: 0 }
        }
        NodeKind::Prox { negated: false, operands, .. } => {
            let loose = |operand: &Node| plain(loosened(operand).unwrap_or_else(|| operand.clone()));
            NodeKind::And(operands.iter().map(loose).collect())
        }
        NodeKind::And(clauses) => {
            let loose: Vec<Option<Node>> = clauses.iter().map(|clause| loosened(&clause.node)).collect();
            if loose.iter().all(Option::is_none) {
                return None;
            }
            let clause = |(clause, loose): (&Clause, Option<Node>)| Clause {
                node: loose.unwrap_or_else(|| clause.node.clone()),
                ..clause.clone()
            };
            NodeKind::And(clauses.iter().zip(loose).map(clause).collect())
        }
        NodeKind::Field { field, test: FieldTest::Contains, value: Value::Words(value) } => {
            let value = Value::Words(Box::new(loosened(value)?));
            NodeKind::Field { field: *field, test: FieldTest::Contains, value }
        }
        _ => return None,
    };
    Some(Node { kind, span: node.span.clone() })
}

/// A query of which one text is enough; its other conditions stay. `None` if it has no two texts.
fn any_part(node: &Node) -> Option<Node> {
    let loose = loosened(node);
    let NodeKind::And(clauses) = &loose.as_ref().unwrap_or(node).kind else { return None };
    let is_condition = |clause: &&Clause| {
        let kind = &clause.node.kind;
        matches!(
            kind,
            NodeKind::Not(_)
                | NodeKind::Field { .. }
                | NodeKind::Date(..)
                | NodeKind::Number(..)
                | NodeKind::Is(_)
                | NodeKind::Id(_)
        )
    };
    let (out, parts): (Vec<&Clause>, Vec<&Clause>) = clauses.iter().partition(is_condition);
    if parts.len() < 2 {
        return None;
    }
    let any = NodeKind::Or(parts.into_iter().map(|clause| clause.node.clone()).collect());
    if out.is_empty() {
        return Some(Node { kind: any, span: node.span.clone() });
    }
    let any = Clause { node: Node { kind: any, span: node.span.clone() }, role: Role::Plain };
    let kind = NodeKind::And(std::iter::once(any).chain(out.into_iter().cloned()).collect());
    Some(Node { kind, span: node.span.clone() })
}

/// `"a" is nowhere in the index`, of several words the first few.
fn absent_message(absent: &[String]) -> String {
    const MOST: usize = 5;
    let more = absent.len().saturating_sub(MOST);
    let mut words: Vec<String> = absent.iter().take(MOST).map(|word| format!("\"{word}\"")).collect();
    if more > 0 {
        words.push(format!("{more} more"));
    }
    match words.split_last() {
        Some((last, [])) => format!("{last} is nowhere in the index"),
        Some((last, others)) => format!("{} and {last} are nowhere in the index", others.join(", ")),
        None => String::new(),
    }
}

/// Spellings that are considered before there is none to offer.
const MAX_CANDIDATES: usize = 8;

/// Has `text` this word somewhere without a sign that joins it to another?
fn has_alone(text: &str, folded: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    // Dashes and brackets set words apart.
    let is_joined = |sign: Option<char>, beyond: Option<char>| {
        let joins = |c: char| !c.is_alphanumeric() && !c.is_whitespace() && !matches!(c, '—' | '–' | '(' | ')');
        sign.is_some_and(joins) && is_letter(beyond)
    };
    // A word that is broken at the end of a line is two pieces.
    let pieces = compounds(text);
    let is_piece = |position: u32| pieces.iter().any(|one| (one.first..one.first + one.words).contains(&position));
    let mut words = Words::new(text);
    while let Some(word) = words.next() {
        let (mut before, mut after) = (text[..word.start].chars().rev(), text[word.end..].chars());
        if word.folded == folded
            && !is_joined(before.next(), before.next())
            && !is_joined(after.next(), after.next())
            && !is_piece(word.position)
        {
            return true;
        }
    }
    false
}

/// Adds the plain words of a query to `out`.
fn plain_words<'q>(node: &'q Node, out: &mut Vec<&'q str>) {
    match &node.kind {
        NodeKind::Word(text) => out.push(text),
        NodeKind::And(clauses) => clauses.iter().for_each(|clause| plain_words(&clause.node, out)),
        NodeKind::Or(nodes) => nodes.iter().for_each(|node| plain_words(node, out)),
        NodeKind::Boost(_, inner) => plain_words(inner, out),
        _ => {}
    }
}

/// The query without one of its parts, if the part is in it as it was typed.
#[cfg(any(feature = "serve", feature = "mcp"))]
pub(crate) fn without_part(q: &str, part: &str) -> Option<String> {
    const OPERATORS: [&str; 4] = ["AND", "OR", "NOT", "MAYBE"];
    let is_apart = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let (at, _) = q
        .match_indices(part)
        .find(|(at, _)| is_apart(q[..*at].chars().next_back()) && is_apart(q[at + part.len()..].chars().next()))?;
    let mut before: Vec<&str> = q[..at].split_whitespace().collect();
    let mut after: Vec<&str> = q[at + part.len()..].split_whitespace().collect();
    // The operator that joined it goes with it.
    while before.last().is_some_and(|word| OPERATORS.contains(word)) {
        before.pop();
    }
    if before.is_empty() && after.first().is_some_and(|word| OPERATORS[..2].contains(word)) {
        after.remove(0);
    }
    before.append(&mut after);
    (!before.is_empty()).then(|| before.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_words_are_named() {
        for (words, expected) in [
            (&["xq"][..], "\"xq\" is nowhere in the index"),
            (&["xq", "yq"], "\"xq\" and \"yq\" are nowhere in the index"),
            (
                &["a", "b", "c", "d", "e", "f", "g"],
                "\"a\", \"b\", \"c\", \"d\", \"e\" and 2 more are nowhere in the index",
            ),
        ] {
            assert_eq!(absent_message(&words.iter().map(ToString::to_string).collect::<Vec<_>>()), expected);
        }
    }

    #[test]
    fn a_piece_of_a_word_does_not_stand_alone() {
        for (text, word, expected) in [
            ("Send an e-mail, an E-Mail.", "mail", false),
            ("Send an e-mail by mail.", "mail", true),
            ("It cost £1,000.", "000", false),
            ("micro/macro", "macro", false),
            ("the strike—the second", "strike", true),
            ("(strike) 'strikes'", "strike", true),
            ("the conser-\nvation of", "conser", false),
            ("a conser, the conser-\nvation of", "conser", true),
            ("港口工人停止工作", "工", true),
        ] {
            assert_eq!(has_alone(text, word), expected, "{text}");
        }
    }
}

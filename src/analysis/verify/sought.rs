//! The articles that may have a quotation.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::Verifier;
use super::quotation::Part;
use crate::index::IndexError;
use crate::query::{Clause, Is, Node, NodeKind, Query, Role};
use crate::search::articles::ArticleAt;
use crate::search::local::forms::WordTest;
use crate::search::snapshot::Snapshot;
use crate::search::{SearchError, SearchOptions, Sort};
use crate::text::Words;
use crate::vocabulary::Scope;

/// Articles, and how many there are in all.
pub(super) struct Sought {
    pub articles: Vec<ArticleAt>,
    pub total: u64,
}

/// Words of a phrase that is searched whole.
const WHOLE: usize = 40;

/// Words of the stretches of a longer quotation that are searched in its place.
const STRETCH: usize = 12;

/// Bits of information of each word of a quotation, by its folded form: 0 if every passage has it, or every article of an engine.
pub(super) fn information(snapshot: &Snapshot, parts: &[Part<'_>]) -> Result<HashMap<String, f64>, IndexError> {
    let mut tests: HashMap<String, WordTest> = HashMap::new();
    for token in parts.iter().flat_map(|part| &part.tokens) {
        if let Some(word) = Words::new(&token.folded).next() {
            tests.entry(token.folded.clone()).or_insert_with(|| WordTest::exact(&word));
        }
    }
    let (forms, tests): (Vec<String>, Vec<WordTest>) = tests.into_iter().unzip();
    let found = snapshot.documents_with(&tests).map_err(|error| snapshot.index_error(error))?;
    let all = snapshot.num_documents() as f64 + 1.0;
    let bits = |found: u64| (all / (found as f64 + 1.0)).log2().max(0.0);
    Ok(forms.into_iter().zip(found.into_iter().map(bits)).collect())
}

impl Verifier<'_> {
    /// The articles with the words of the quotation in its order, the earliest first.
    pub(super) fn sought_exactly(&self, limit: usize) -> Result<Sought, SearchError> {
        let mut phrases = Vec::new();
        for part in self.parts {
            let words = part.tokens.len();
            let whole =
                |range: Range<usize>| &part.text[part.tokens[range.start].start..part.tokens[range.end - 1].end];
            if words <= WHOLE {
                phrases.push(whole(0..words));
            } else {
                let middle = (words - STRETCH) / 2;
                phrases.extend([0, middle, words - STRETCH].map(|start| whole(start..start + STRETCH)));
            }
        }
        let query = Query { root: all_of(phrases.into_iter().map(phrase).collect()), notes: Vec::new() };
        self.sought(query, Sort::Oldest, limit.max(1))
    }

    /// The articles with most of the rarest words of the quotation; of those set apart from their texts, if there are none.
    pub(super) fn sought_nearly(&self, is_boilerplate: bool) -> Result<Vec<ArticleAt>, SearchError> {
        /// Articles that are looked at.
        const ARTICLES: usize = 40;
        let pieces = self.pieces();
        if pieces.is_empty() {
            return Ok(Vec::new());
        }
        let any = node(NodeKind::Or(pieces.iter().map(|piece| phrase(piece)).collect()));
        let root = if is_boilerplate { all_of(vec![any, node(NodeKind::Is(Is::Boilerplate))]) } else { any };
        Ok(self.sought(Query { root, notes: Vec::new() }, Sort::Relevance, ARTICLES)?.articles)
    }

    /// The rarest words of the quotation that the index has; pairs of words, if these are few.
    fn pieces(&self) -> Vec<String> {
        /// Bits of a word that tells articles apart: one passage in 32 has it.
        const RARE: f64 = 5.0;
        const FEW: usize = 6;
        const MOST: usize = 12;
        // A word that no passage has.
        let none = (self.snapshot.num_documents() as f64 + 1.0).log2();
        let bits = |form: &str| self.bits.get(form).copied().filter(|bits| *bits < none).unwrap_or(0.0);
        let mut seen = HashSet::new();
        let mut pieces: Vec<(f64, String)> = Vec::new();
        for token in self.parts.iter().flat_map(|part| &part.tokens) {
            if bits(&token.folded) >= RARE && seen.insert(token.folded.clone()) {
                pieces.push((bits(&token.folded), token.folded.clone()));
            }
        }
        if pieces.len() < FEW {
            for pair in self.parts.iter().flat_map(|part| part.tokens.windows(2)) {
                let text = format!("{} {}", pair[0].folded, pair[1].folded);
                if seen.insert(text.clone()) {
                    pieces.push((bits(&pair[0].folded) + bits(&pair[1].folded), text));
                }
            }
        }
        if pieces.is_empty() {
            // A quotation of one common word.
            pieces.extend(self.parts.iter().flat_map(|part| &part.tokens).map(|token| (0.0, token.folded.clone())));
        }
        pieces.sort_by(|a, b| b.0.total_cmp(&a.0));
        pieces.truncate(MOST);
        pieces.into_iter().map(|(_, text)| text).collect()
    }

    fn sought(&self, query: Query, sort: Sort, limit: usize) -> Result<Sought, SearchError> {
        let options =
            SearchOptions { limit, offset: 0, per_article: 1, unit: Scope::Article, sort, ..self.options.clone() };
        let (articles, counts) = self.snapshot.best_articles(query, &options, &self.budget)?;
        Ok(Sought { articles, total: counts.articles })
    }
}

fn node(kind: NodeKind) -> Node {
    Node { kind, span: 0..0 }
}

/// Words side by side, as written.
fn phrase(text: &str) -> Node {
    node(NodeKind::Phrase { text: text.to_string(), slop: 0 })
}

fn all_of(nodes: Vec<Node>) -> Node {
    node(NodeKind::And(nodes.into_iter().map(|node| Clause { node, role: Role::Required }).collect()))
}

//! `like:ID`: more like this passage or article, by its significant terms.

use std::collections::HashMap;
use std::time::Duration;

use super::budget::{Budget, MAX_SPANS};
use super::local::forms::WordTest;
use super::local::postings::terms;
use super::over_engine::Foreign;
use super::snapshot::Snapshot;
use crate::cancel::CancelFlag;
use crate::index::IndexError;
use crate::query::{Clause, Node, NodeKind, Role};
use crate::text::Words;
use crate::vocabulary::{TextField, id_text, parse_id};

/// Maximum number of significant terms that are searched.
const MAX_WORDS: usize = 25;

/// Words in more than this share of the passages are not significant.
const COMMON: f64 = 0.1;

impl Snapshot {
    /// Replaces `like:` by the significant terms of what it names: any of them, in other articles.
    pub(super) fn resolve_likes(&self, node: &mut Node) -> Result<(), IndexError> {
        match &mut node.kind {
            NodeKind::Like(id) => {
                let (hash, passage) = parse_id(id).expect("the parser checks ids");
                let words = self.significant_terms(hash, passage)?;
                if words.is_empty() {
                    return Ok(());
                }
                let span = node.span.clone();
                let at = |kind| Node { kind, span: span.clone() };
                let itself = at(NodeKind::Id(id_text(hash)));
                let clauses = [
                    at(NodeKind::Or(words.into_iter().map(|word| at(NodeKind::Word(word))).collect())),
                    at(NodeKind::Not(Box::new(itself))),
                ];
                node.kind = NodeKind::And(clauses.map(|node| Clause { node, role: Role::Plain }).into());
                Ok(())
            }
            NodeKind::And(clauses) => clauses.iter_mut().try_for_each(|clause| self.resolve_likes(&mut clause.node)),
            NodeKind::Or(nodes) | NodeKind::Prox { operands: nodes, .. } => {
                nodes.iter_mut().try_for_each(|node| self.resolve_likes(node))
            }
            NodeKind::Not(node) | NodeKind::Boost(_, node) | NodeKind::Saved(_, node) => self.resolve_likes(node),
            _ => Ok(()),
        }
    }

    /// The words of a passage (or article) with the highest tf-idf, the most significant first.
    fn significant_terms(&self, hash: u64, passage: Option<u32>) -> Result<Vec<String>, IndexError> {
        let found = self.articles_with(hash).map_err(|error| self.error(error))?;
        let Some((_, passages)) = found.first() else { return Ok(Vec::new()) };
        let mut counts: HashMap<String, (u32, String)> = HashMap::new();
        for stored in passages.iter().filter(|stored| stored.boilerplate.is_none()) {
            if passage.is_some_and(|wanted| wanted != stored.ordinal) {
                continue;
            }
            let text = stored.words();
            let mut words = Words::new(&text);
            while let Some(word) = words.next() {
                let known = counts.entry(word.folded.to_string()).or_insert_with(|| (0, word.form.to_string()));
                known.0 += 1;
            }
        }
        let test = |folded: &String| Words::new(folded).next().map(|word| WordTest::exact(&word));
        let (found, tests): (Vec<_>, Vec<_>) =
            counts.into_iter().filter_map(|(folded, found)| Some((found, test(&folded)?))).unzip();
        let documents = self.documents_with(&tests).map_err(|error| self.error(error))?;
        let all = self.num_documents() as f64;
        let mut significant = Vec::new();
        for ((count, form), documents) in found.into_iter().zip(documents) {
            let documents = documents as f64;
            if documents >= 2.0 && documents <= (all * COMMON).max(2.0) {
                significant.push((f64::from(count) * (all / documents).ln(), form));
            }
        }
        significant.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        Ok(significant.into_iter().take(MAX_WORDS).map(|(_, form)| form).collect())
    }

    /// The commonest words that begin so, with their numbers of documents.
    pub(crate) fn words_beginning(&self, begin: &str, most: usize) -> Result<Vec<(String, u64)>, IndexError> {
        /// Time for a suggestion, which is of no use later.
        const TIME: Duration = Duration::from_millis(100);
        let mut words = Words::new(begin);
        let Some(test) = words.next().map(|word| WordTest::prefix(word.folded)) else { return Ok(Vec::new()) };
        if words.next().is_some() {
            return Ok(Vec::new());
        }
        let budget = Budget::start(Some(TIME), &CancelFlag::new(), MAX_SPANS);
        let count = || -> tantivy::Result<HashMap<String, u64>> {
            let field = self.fields().text(TextField::Body);
            let mut counts: HashMap<String, u64> = HashMap::new();
            for reader in self.readers.segments() {
                let index = reader.inverted_index(field)?;
                for term in terms(&index, &test, &budget)? {
                    *counts.entry(term.folded.to_string()).or_default() += u64::from(term.info.doc_freq);
                }
            }
            Ok(counts)
        };
        let mut counts: Vec<(String, u64)> = count().map_err(|error| self.error(error))?.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        counts.truncate(most);
        Ok(counts)
    }

    /// The numbers of documents with each of these words in their texts, added up over its terms; of what an engine holds, of articles.
    pub(crate) fn documents_with(&self, words: &[WordTest]) -> tantivy::Result<Vec<u64>> {
        if let Some(foreign) = &self.foreign {
            let words: Vec<_> = words.iter().map(|word| (vec![TextField::Body], word)).collect();
            return Ok(foreign.articles_with(&words));
        }
        let field = self.fields().text(TextField::Body);
        let budget = Budget::unlimited();
        let mut counts = vec![0; words.len()];
        for reader in self.readers.segments() {
            let index = reader.inverted_index(field)?;
            for (word, count) in words.iter().zip(&mut counts) {
                *count += terms(&index, word, &budget)?.iter().map(|term| u64::from(term.info.doc_freq)).sum::<u64>();
            }
        }
        Ok(counts)
    }

    /// The number of what [`Snapshot::documents_with`] counts.
    pub(crate) fn num_documents(&self) -> u64 {
        self.foreign.as_ref().map_or_else(|| self.num_passages(), Foreign::articles)
    }
}

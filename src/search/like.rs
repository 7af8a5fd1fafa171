//! `like:ID`: more like this passage or article, by its telling words.

use std::collections::HashMap;

use super::budget::Budget;
use super::local::forms::WordTest;
use super::local::postings::terms;
use super::snapshot::Snapshot;
use crate::index::IndexError;
use crate::query::{Clause, Node, NodeKind, Role};
use crate::text::Words;
use crate::vocabulary::TextField;
use crate::vocabulary::parse_id;

/// So many telling words are searched.
const MOST_WORDS: usize = 25;

/// A word in more than this share of the passages tells nothing.
const COMMON: f64 = 0.1;

impl Snapshot {
    /// Puts the telling words of what `like:` names in its place: any of them, in other articles.
    pub(super) fn resolve_likes(&self, node: &mut Node) -> Result<(), IndexError> {
        match &mut node.kind {
            NodeKind::Like(id) => {
                let id = id.clone();
                let Some((hash, passage)) = parse_id(&id) else { return Ok(()) };
                let words = self.telling_words(hash, passage)?;
                if words.is_empty() {
                    return Ok(());
                }
                let span = node.span.clone();
                let at = |kind| Node { kind, span: span.clone() };
                let itself = at(NodeKind::Id(crate::vocabulary::id_text(hash)));
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

    /// The words of a passage (or article) that are frequent in it and rare elsewhere, the most telling first.
    fn telling_words(&self, hash: u64, passage: Option<u32>) -> Result<Vec<String>, IndexError> {
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
        let all = self.num_passages() as f64;
        let mut telling = Vec::new();
        for (folded, (count, form)) in counts {
            let mut words = Words::new(&folded);
            let Some(word) = words.next() else { continue };
            let documents = self.documents_with(&WordTest::exact(&word)).map_err(|error| self.error(error))? as f64;
            if documents >= 2.0 && documents <= (all * COMMON).max(2.0) {
                telling.push((f64::from(count) * (all / documents).ln(), form));
            }
        }
        telling.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        Ok(telling.into_iter().take(MOST_WORDS).map(|(_, form)| form).collect())
    }

    pub(super) fn documents_with(&self, test: &WordTest) -> tantivy::Result<u64> {
        let field = self.index.fields().text(TextField::Body);
        let budget = Budget::unlimited();
        let mut count = 0;
        for reader in self.searcher.segment_readers() {
            let index = reader.inverted_index(field)?;
            count += terms(&index, test, &budget)?.iter().map(|term| u64::from(term.info.doc_freq)).sum::<u64>();
        }
        Ok(count)
    }
}

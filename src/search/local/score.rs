//! Scores: BM25F, the fields of a passage weighed as fields of one text.
//!
//! A word in the title or heading counts as several in the body; counts are normalised by the length of their field,
//! added up, and only then saturated (Robertson, Zaragoza, Taylor: Simple BM25 Extension to Multiple Weighted Fields,
//! 2004). The title's count is the same in all passages of the article, the heading's in all of the section.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocId, Searcher};

use crate::index::Fields;
use crate::search::local::plan::Leaf;
use crate::search::local::postings::Matches;
use crate::search::local::segment::Segment;
use crate::search::local::span::SpanNode;
use crate::vocabulary::{Scope, TextField};

/// Saturation of a word's count in a passage. The constants of this module were chosen on three test collections
/// together; see `benches/README.md`.
const SATURATION: f32 = 1.4;

/// The same in the article as a whole.
const ARTICLE_SATURATION: f32 = 3.0;

/// How much the length of an article matters.
const ARTICLE_B: f32 = 0.8;

/// How much what the article as a whole says counts beside what the passage says: a passage of an article about the
/// matter beats the same words in passing.
pub(crate) const ARTICLE: f32 = 1.0;

/// How much a word in the title counts beside one in the body.
pub(crate) const TITLE_WEIGHT: f32 = 2.5;

/// Words as common as this and commoner (one passage in seven) tell little.
pub(crate) const TELLING: f32 = 2.0;

fn saturated(count: f32, saturation: f32) -> f32 {
    count * (saturation + 1.0) / (saturation + count)
}

/// How much a word in a field counts, and how much the field's length matters.
fn weight(field: TextField) -> (f32, f32) {
    match field {
        TextField::Title => (TITLE_WEIGHT, 0.75),
        TextField::Heading => (2.5, 0.5),
        _ => (1.0, 0.5),
    }
}

/// What is counted over the whole index.
pub struct Statistics {
    passages: f64,
    /// Mean length of articles, in words.
    pub(crate) mean_article: f32,
    /// Mean length of the fields that score.
    mean_length: Vec<(TextField, f32)>,
    /// Rarity of each leaf.
    rarity: Vec<f32>,
}

impl Statistics {
    /// Counts over all segments.
    ///
    /// # Errors
    ///
    /// What tantivy says of a damaged segment.
    pub fn count(
        searcher: &Searcher,
        fields: &Fields,
        segments: &[Segment<'_>],
        leaves: &[Leaf],
    ) -> tantivy::Result<Statistics> {
        let passages =
            searcher.segment_readers().iter().map(|reader| f64::from(reader.max_doc())).sum::<f64>().max(1.0);
        let mut mean_length = Vec::new();
        let (mut all_words, mut articles) = (0u64, 0u64);
        for field in [TextField::Title, TextField::Heading, TextField::Body] {
            let (mut words, mut bearers) = (0u64, 0u64);
            for reader in searcher.segment_readers() {
                let index = reader.inverted_index(fields.text(field))?;
                words += index.total_num_tokens();
                bearers += match field {
                    TextField::Body => u64::from(reader.max_doc()),
                    TextField::Title => u64::from(
                        reader.fast_fields().column_opt::<u64>("order")?.map_or(0, |column| column.values.num_vals()),
                    ),
                    _ => u64::from(
                        reader.fast_fields().str("heading_column")?.map_or(0, |column| column.ords().values.num_vals()),
                    ),
                };
            }
            match field {
                TextField::Body => all_words = words,
                TextField::Title => articles = bearers,
                _ => {}
            }
            mean_length.push((field, (words as f32 / bearers.max(1) as f32).max(1.0)));
        }
        let mut statistics = Statistics {
            passages,
            mean_article: (all_words as f32 / articles.max(1) as f32).max(1.0),
            mean_length,
            rarity: Vec::new(),
        };
        statistics.rarity =
            leaves.iter().enumerate().map(|(i, leaf)| statistics.leaf_rarity(segments, i, leaf)).collect();
        Ok(statistics)
    }

    /// Rarity of a leaf, each of its words counted in the field where it is commonest.
    fn leaf_rarity(&self, segments: &[Segment<'_>], number: usize, leaf: &Leaf) -> f32 {
        let mut sums: Vec<Vec<u64>> = Vec::new();
        for segment in segments {
            let frequencies = segment.frequencies(number);
            sums.resize(frequencies.len(), Vec::new());
            for (sum, words) in sums.iter_mut().zip(frequencies) {
                sum.resize(words.len(), 0);
                sum.iter_mut().zip(words).for_each(|(sum, count)| *sum += count);
            }
        }
        let count = |word: usize| sums.iter().map(|field| field[word]).max().unwrap_or(0);
        let counts: Vec<u64> = (0..leaf.words.len()).map(count).collect();
        leaf.parts.iter().map(|(_, node)| self.node_rarity(node, &counts)).fold(0.0, f32::max)
    }

    /// Rarity of a node: words that must all be there add up, alternatives are as common as all of them.
    fn node_rarity(&self, node: &SpanNode, counts: &[u64]) -> f32 {
        fn commonness(node: &SpanNode, counts: &[u64]) -> u64 {
            match node {
                SpanNode::Nothing => 0,
                SpanNode::Word(word) => counts[*word],
                SpanNode::Phrase { words, .. } => words.iter().map(|&word| counts[word]).min().unwrap_or(0),
                SpanNode::Or(nodes) => nodes.iter().map(|node| commonness(node, counts)).sum(),
                SpanNode::Near { pair, .. } => commonness(&pair.0, counts).min(commonness(&pair.1, counts)),
                SpanNode::First(_, node) | SpanNode::Lede(node) => commonness(node, counts),
            }
        }
        match node {
            SpanNode::Nothing => 0.0,
            SpanNode::Phrase { words, .. } => words.iter().map(|&word| self.word_rarity(counts[word])).sum(),
            SpanNode::Near { negated: false, pair, .. } => {
                self.node_rarity(&pair.0, counts) + self.node_rarity(&pair.1, counts)
            }
            SpanNode::Near { pair, .. } => self.node_rarity(&pair.0, counts),
            SpanNode::First(_, node) | SpanNode::Lede(node) => self.node_rarity(node, counts),
            SpanNode::Word(_) | SpanNode::Or(_) => self.word_rarity(commonness(node, counts)),
        }
    }

    fn word_rarity(&self, frequency: u64) -> f32 {
        let frequency = (frequency as f64).min(self.passages);
        let rarity = (1.0 + (self.passages - frequency + 0.5) / (frequency + 0.5)).ln() as f32;
        // What half of all passages have tells next to nothing, and long questions are full of it.
        if rarity < TELLING { rarity * (rarity / TELLING).powf(0.25) } else { rarity }
    }

    /// Rarity of a leaf.
    #[must_use]
    pub fn rarity(&self, leaf: usize) -> f32 {
        self.rarity[leaf]
    }

    fn mean(&self, field: TextField) -> f32 {
        self.mean_length.iter().find(|(other, _)| *other == field).map_or(1.0, |&(_, mean)| mean)
    }
}

/// Scores one leaf, passage after passage, and the article when all its passages were scored.
pub struct LeafScorer {
    rarity: f32,
    fields: Vec<FieldScorer>,
}

struct FieldScorer {
    field: TextField,
    weight: f32,
    postings: Box<dyn Matches>,
    norms: FieldNormReader,
    /// `1 - b` and `b / mean length`.
    fixed: f32,
    per_word: f32,
    /// Counted so far in the article, and where last.
    in_article: f32,
    counted_at: DocId,
}

impl LeafScorer {
    pub(crate) fn open(
        segment: &Segment<'_>,
        number: usize,
        leaf: &Leaf,
        statistics: &Statistics,
    ) -> tantivy::Result<LeafScorer> {
        let mut fields = Vec::new();
        for (i, &(field, _)) in leaf.parts.iter().enumerate() {
            let Some(postings) = segment.postings(number, i)? else { continue };
            let (weight, b) = weight(field);
            let norms = segment.norms(field)?;
            fields.push(FieldScorer {
                field,
                weight,
                postings,
                norms,
                fixed: 1.0 - b,
                per_word: b / statistics.mean(field),
                in_article: 0.0,
                counted_at: DocId::MAX,
            });
        }
        Ok(LeafScorer { rarity: leaf.boost * statistics.rarity[number], fields })
    }

    /// The leaf's part of the score of passage `doc`. Passages must come in rising order.
    pub(crate) fn score(&mut self, doc: DocId, section_head: DocId, article_head: DocId) -> f32 {
        let mut count = 0.0;
        for field in &mut self.fields {
            let at = match field.field.scope() {
                Scope::Passage => doc,
                Scope::Section => section_head,
                Scope::Article => article_head,
            };
            if field.postings.doc() < at {
                field.postings.seek(at);
            }
            if field.postings.doc() == at {
                let length = field.norms.fieldnorm(at) as f32;
                let freq = field.weight * field.postings.freq();
                let normed = freq / (field.fixed + field.per_word * length);
                count += normed;
                if field.counted_at != at {
                    field.counted_at = at;
                    // A passage's length is no matter of the article; its own length is.
                    field.in_article += if field.field == TextField::Body { freq } else { normed };
                }
            }
        }
        self.rarity * saturated(count, SATURATION)
    }

    /// The leaf's part of the score of the article whose passages were scored last; `length` is in mean lengths.
    pub(crate) fn article(&mut self, length: f32) -> f32 {
        let mut count = 0.0;
        for field in &mut self.fields {
            let counted = std::mem::take(&mut field.in_article);
            field.counted_at = DocId::MAX;
            count +=
                if field.field == TextField::Body { counted / (1.0 - ARTICLE_B + ARTICLE_B * length) } else { counted };
        }
        self.rarity * saturated(count, ARTICLE_SATURATION)
    }
}

/// Do words in this field add to a score?
#[must_use]
pub fn scores(field: TextField) -> bool {
    matches!(field, TextField::Title | TextField::Heading | TextField::Body)
}

//! Scores: BM25F over the fields of a passage, and once more over the article.
//!
//! A word in the title or heading counts as several in the body. Frequencies are normalised by the norm of their field,
//! added up over the fields, and only then saturated (Robertson, Zaragoza, Taylor: Simple BM25 Extension to Multiple
//! Weighted Fields, 2004). Title and heading count in all passages of their article or section.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocId, DocSet, TERMINATED};

use crate::index::Totals;
use crate::search::local::plan::Leaf;
use crate::search::local::postings::{LeafPostings, Matches};
use crate::search::local::segment::{Access, Segment};
use crate::search::local::span::SpanNode;
use crate::search::over_engine::Foreign;
use crate::vocabulary::{Scope, TextField};

/// BM25's k1 of a word in a passage. The constants of this module were chosen on four test collections together; see
/// `benches/README.md`.
const SATURATION: f32 = 1.4;

/// BM25's k1 of a word in an article.
const ARTICLE_SATURATION: f32 = 3.0;

/// BM25's b of the body of an article.
const ARTICLE_B: f32 = 0.8;

/// Weight of the score of the article beside that of the passage: a passage of an article about the matter beats the
/// same words in passing.
pub(crate) const ARTICLE: f32 = 0.5;

/// Weight of a word in the title beside one in the body.
pub(crate) const TITLE_WEIGHT: f32 = 2.5;

/// IDF floor: words with a lower idf, in more than one passage of seven, are damped and are no evidence of nearness.
pub(crate) const IDF_FLOOR: f32 = 2.0;

/// BM25's saturation of a frequency, with `saturation` as k1.
fn saturate(count: f32, saturation: f32) -> f32 {
    count * (saturation + 1.0) / (saturation + count)
}

/// Weight of a word in a field, and BM25's b of the field.
fn weight(field: TextField) -> (f32, f32) {
    match field {
        TextField::Title => (TITLE_WEIGHT, 0.75),
        TextField::Heading => (2.5, 0.5),
        _ => (1.0, 0.5),
    }
}

/// Statistics of the whole index.
pub(crate) struct Statistics {
    passages: f64,
    /// Mean length of articles, in words.
    pub(crate) mean_article: f32,
    /// Mean field norm of each field that scores.
    mean_norms: Vec<(TextField, f32)>,
    /// IDF of each leaf.
    idf: Vec<f32>,
}

impl Statistics {
    /// Computes them over all segments.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn count(
        totals: &Totals,
        segments: &[Segment<'_>],
        leaves: &[Leaf],
        foreign: Option<&Foreign>,
    ) -> tantivy::Result<Statistics> {
        // An engine counts articles, of which words are about as rare as they are of passages.
        let passages = match foreign {
            Some(foreign) => foreign.articles() as f64,
            None => segments.iter().map(|segment| f64::from(segment.reader.max_doc())).sum::<f64>(),
        };
        let passages = passages.max(1.0);
        // Of what is not deleted. An index whose manifest has no articles has no texts either.
        let mean = |words: u64, documents: u64| (words as f32 / documents.max(1) as f32).max(1.0);
        let lengths = &totals.lengths;
        let mut statistics = Statistics {
            passages,
            mean_article: mean(lengths.body, totals.articles),
            mean_norms: vec![
                (TextField::Title, mean(lengths.title, totals.articles)),
                (TextField::Heading, mean(lengths.heading, lengths.headings)),
                (TextField::Body, mean(lengths.body, totals.passages)),
            ],
            idf: Vec::new(),
        };
        let counted = foreign.map(|foreign| foreign.frequencies(leaves));
        let idf = leaves.iter().enumerate().map(|(i, leaf)| match &counted {
            Some(counted) => statistics.leaf_idf(leaf, &counted[i]),
            None => statistics.leaf_idf(leaf, &frequencies(segments, i, leaf)),
        });
        statistics.idf = idf.collect();
        Ok(statistics)
    }

    /// IDF of a leaf, whose words are so frequent.
    fn leaf_idf(&self, leaf: &Leaf, counts: &[u64]) -> f32 {
        leaf.parts.iter().map(|(_, node)| self.node_idf(node, counts)).fold(0.0, f32::max)
    }

    /// IDF of a node: that of words that are all required adds up, the frequencies of alternatives do.
    fn node_idf(&self, node: &SpanNode, counts: &[u64]) -> f32 {
        fn frequency(node: &SpanNode, counts: &[u64]) -> u64 {
            match node {
                SpanNode::Nothing => 0,
                SpanNode::Word(word) => counts[*word],
                SpanNode::Phrase { words, .. } | SpanNode::Name { words, .. } => {
                    words.iter().map(|&word| counts[word]).min().unwrap_or(0)
                }
                SpanNode::Or(nodes) | SpanNode::Forms(nodes) => nodes.iter().map(|node| frequency(node, counts)).sum(),
                SpanNode::Near { pair, .. } => frequency(&pair.0, counts).min(frequency(&pair.1, counts)),
                SpanNode::First(_, node) | SpanNode::Lede(node) => frequency(node, counts),
            }
        }
        match node {
            SpanNode::Nothing => 0.0,
            SpanNode::Phrase { words, .. } | SpanNode::Name { words, .. } => {
                words.iter().map(|&word| self.word_idf(counts[word])).sum()
            }
            SpanNode::Forms(nodes) => nodes.first().map_or(0.0, |first| self.node_idf(first, counts)),
            SpanNode::Near { negated: false, pair, .. } => {
                self.node_idf(&pair.0, counts) + self.node_idf(&pair.1, counts)
            }
            SpanNode::Near { pair, .. } => self.node_idf(&pair.0, counts),
            SpanNode::First(_, node) | SpanNode::Lede(node) => self.node_idf(node, counts),
            SpanNode::Word(_) | SpanNode::Or(_) => self.word_idf(frequency(node, counts)),
        }
    }

    fn word_idf(&self, frequency: u64) -> f32 {
        let frequency = (frequency as f64).min(self.passages);
        let idf = (1.0 + (self.passages - frequency + 0.5) / (frequency + 0.5)).ln() as f32;
        // Long questions are full of words that half of all passages have.
        if idf < IDF_FLOOR { idf * (idf / IDF_FLOOR).powf(0.25) } else { idf }
    }

    /// IDF of a leaf.
    #[must_use]
    pub(crate) fn idf(&self, leaf: usize) -> f32 {
        self.idf[leaf]
    }

    /// Mean norm of a field; 1 for fields that do not score.
    fn mean_norm(&self, field: TextField) -> f32 {
        self.mean_norms.iter().find(|(other, _)| *other == field).map_or(1.0, |&(_, mean)| mean)
    }
}

/// The frequency of each word of a leaf, in the field where it is commonest.
fn frequencies(segments: &[Segment<'_>], number: usize, leaf: &Leaf) -> Vec<u64> {
    let mut sums: Vec<Vec<u64>> = Vec::new();
    for segment in segments {
        let frequencies = segment.frequencies(number);
        sums.resize(frequencies.len(), Vec::new());
        for (sum, words) in sums.iter_mut().zip(frequencies) {
            sum.resize(words.len(), 0);
            sum.iter_mut().zip(words).for_each(|(sum, count)| *sum += count);
        }
    }
    (0..leaf.words.len()).map(|word| sums.iter().map(|field| field[word]).max().unwrap_or(0)).collect()
}

/// Scores one leaf: passages in order, and the article after its passages.
pub(crate) struct LeafScorer {
    /// IDF of the leaf times its boost.
    idf: f32,
    fields: Vec<FieldScorer>,
}

struct FieldScorer {
    field: TextField,
    weight: f32,
    postings: LeafPostings,
    norms: FieldNormReader,
    /// What a frequency is divided by, by the code of the norm: `1 - b + b * norm / mean norm`.
    normalisers: Box<[f32; 256]>,
    /// Frequency so far in the article, and the document that was counted last.
    in_article: f32,
    counted_at: DocId,
}

impl LeafScorer {
    /// A scorer of documents that are read as `access` says.
    pub(crate) fn open(
        segment: &Segment<'_>,
        number: usize,
        leaf: &Leaf,
        statistics: &Statistics,
        access: Access,
    ) -> tantivy::Result<LeafScorer> {
        let mut fields = Vec::new();
        for (i, &(field, _)) in leaf.parts.iter().enumerate() {
            let Some(postings) = segment.postings_for(number, i, access)? else { continue };
            let (weight, b) = weight(field);
            let norms = segment.norms(field)?;
            let per_word = b / statistics.mean_norm(field);
            let normaliser = |code: usize| 1.0 - b + per_word * FieldNormReader::id_to_fieldnorm(code as u8) as f32;
            fields.push(FieldScorer {
                field,
                weight,
                postings,
                norms,
                normalisers: Box::new(std::array::from_fn(normaliser)),
                in_article: 0.0,
                counted_at: DocId::MAX,
            });
        }
        Ok(LeafScorer { idf: leaf.boost * statistics.idf[number], fields })
    }

    /// What it adds to the score of a passage at most, in the passage and in the article.
    pub(crate) fn limit(&self) -> f32 {
        // Saturated frequencies come near these.
        self.idf * (SATURATION + 1.0 + ARTICLE * (ARTICLE_SATURATION + 1.0))
    }

    /// Multiplies its scores.
    pub(crate) fn weigh(&mut self, weight: f32) {
        self.idf *= weight;
    }

    /// The part of the leaf in the score of passage `doc`, with the first documents of its section and article. Passages
    /// must come in rising order.
    pub(crate) fn score(&mut self, doc: DocId, section_doc: DocId, article_doc: DocId) -> f32 {
        let mut count = 0.0;
        for field in &mut self.fields {
            let at = match field.field.scope() {
                Scope::Passage => doc,
                Scope::Section => section_doc,
                Scope::Article => article_doc,
            };
            if field.postings.doc() < at {
                field.postings.seek(at);
            }
            if field.postings.doc() == at {
                let freq = field.weight * field.postings.freq();
                let normalised = freq / field.normalisers[usize::from(field.norms.fieldnorm_id(at))];
                count += normalised;
                if field.counted_at != at {
                    field.counted_at = at;
                    // In the article, the body is normalised by the length of the article.
                    field.in_article += if field.field == TextField::Body { freq } else { normalised };
                }
            }
        }
        self.idf * saturate(count, SATURATION)
    }

    /// The first document that may add to a score, given those that were scored: the leaf scores no passage before it.
    pub(crate) fn next(&self) -> DocId {
        self.fields.iter().map(|field| field.postings.doc()).min().unwrap_or(TERMINATED)
    }

    /// The part of the leaf in the score of the article whose passages were scored last; `length` is that of the article
    /// over the mean.
    pub(crate) fn article(&mut self, length: f32) -> f32 {
        let mut count = 0.0;
        for field in &mut self.fields {
            let counted = std::mem::take(&mut field.in_article);
            field.counted_at = DocId::MAX;
            count +=
                if field.field == TextField::Body { counted / (1.0 - ARTICLE_B + ARTICLE_B * length) } else { counted };
        }
        self.idf * saturate(count, ARTICLE_SATURATION)
    }
}

/// Do words in this field add to scores?
#[must_use]
pub(crate) fn scores(field: TextField) -> bool {
    matches!(field, TextField::Title | TextField::Heading | TextField::Body)
}

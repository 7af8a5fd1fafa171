//! Encodes the occurrences of terms as tantivy does: posting lists and positions.

use std::ops::Range;

use tantivy::Score;
use tantivy::fieldnorm::FieldNormReaders;
use tantivy::positions::PositionSerializer;
use tantivy::postings::serializer::PostingsSerializer;
use tantivy::schema::{Field, IndexRecordOption};

use crate::index::segment::occurrences::{DocPosition, GroupedOccurrences};

/// Document frequency from which tantivy encodes postings in blocks.
const BLOCK_DOCS: u32 = 128;

/// The terms of a field.
pub(crate) struct FieldTerms {
    pub(crate) field: Field,
    /// The terms, by rank.
    pub(crate) terms: Range<usize>,
    /// What is indexed of their occurrences.
    pub(crate) index_option: IndexRecordOption,
    /// Number of their occurrences.
    pub(crate) num_occurrences: u64,
}

/// Consecutive terms of a field, encoded.
#[derive(Default)]
pub(crate) struct EncodedTerms {
    /// The terms, by rank.
    pub(crate) terms: Range<usize>,
    pub(crate) postings: Vec<u8>,
    pub(crate) positions: Vec<u8>,
    /// One for each term.
    pub(crate) ends: Vec<TermEnd>,
}

/// Where the bytes of a term end in those of its [`EncodedTerms`]. A writer holds less than 4 GiB.
#[derive(Clone, Copy)]
pub(crate) struct TermEnd {
    pub(crate) doc_freq: u32,
    pub(crate) postings: u32,
    pub(crate) positions: u32,
}

impl EncodedTerms {
    /// Encodes `terms` of `field`, whose occurrences are in `grouped`.
    pub(crate) fn of(
        field: &FieldTerms,
        terms: Range<usize>,
        grouped: &GroupedOccurrences,
        field_norms: &FieldNormReaders,
    ) -> tantivy::Result<EncodedTerms> {
        let norms = field_norms.get_field(field.field)?;
        // The average field norm, computed as tantivy does.
        let average = norms.as_ref().map_or(0.0, |norms| field.num_occurrences as Score / norms.num_docs() as Score);
        let option = field.index_option;
        let new_serializer = || PostingsSerializer::new(average, option, norms.clone());
        let mut encoded = EncodedTerms { ends: Vec::with_capacity(terms.len()), ..EncodedTerms::default() };
        let mut postings = new_serializer();
        let mut positions = PositionSerializer::new(&mut encoded.positions);
        let mut deltas = Vec::new();
        for term in terms.clone() {
            let mut occurrences = grouped.of_term(term).peekable();
            // Without frequencies tantivy is not told the document frequency either.
            let doc_freq = doc_freq(grouped.of_term(term));
            postings.new_term(if option.has_freq() { doc_freq } else { 0 }, option.has_freq());
            while let Some(first) = occurrences.next() {
                deltas.clear();
                deltas.push(first.position());
                let mut previous = first.position();
                while let Some(occurrence) = occurrences.next_if(|occurrence| occurrence.doc() == first.doc()) {
                    deltas.push(occurrence.position() - previous);
                    previous = occurrence.position();
                }
                postings.write_doc(first.doc(), if option.has_freq() { deltas.len() as u32 } else { 0 });
                if option.has_positions() {
                    positions.write_positions_delta(&deltas);
                }
            }
            postings.close_term(doc_freq, &mut encoded.postings)?;
            if doc_freq >= BLOCK_DOCS {
                // It would encode the next term relative to the last document of this term's blocks.
                postings = new_serializer();
            }
            if option.has_positions() {
                positions.close_term()?;
            }
            let (postings, positions) = (encoded.postings.len() as u32, positions.written_bytes() as u32);
            encoded.ends.push(TermEnd { doc_freq, postings, positions });
        }
        positions.close()?;
        encoded.terms = terms;
        Ok(encoded)
    }
}

/// Number of documents in which a term with these occurrences occurs.
fn doc_freq(occurrences: impl Iterator<Item = DocPosition>) -> u32 {
    let mut previous = None;
    occurrences.map(|occurrence| u32::from(previous.replace(occurrence.doc()) != Some(occurrence.doc()))).sum()
}

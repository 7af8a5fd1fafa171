//! Terms with their places in the bytes that tantivy writes: lists of documents, and positions.

use std::ops::Range;

use tantivy::Score;
use tantivy::fieldnorm::FieldNormReaders;
use tantivy::positions::PositionSerializer;
use tantivy::postings::serializer::PostingsSerializer;
use tantivy::schema::{Field, IndexRecordOption};

use crate::index::segment::occurrences::{Deal, Place};

/// From so many documents on tantivy writes them in blocks.
const BLOCK_DOCUMENTS: u32 = 128;

/// The terms of a field.
pub(crate) struct FieldTerms {
    pub(crate) field: Field,
    /// The terms, by number.
    pub(crate) terms: Range<usize>,
    /// What is written of their places.
    pub(crate) detail: IndexRecordOption,
    /// How many places they have.
    pub(crate) places: u64,
}

/// Some terms of a field in bytes, one behind the other.
#[derive(Default)]
pub(crate) struct Encoded {
    /// The terms, by number.
    pub(crate) terms: Range<usize>,
    pub(crate) postings: Vec<u8>,
    pub(crate) positions: Vec<u8>,
    /// One for each term.
    pub(crate) ends: Vec<End>,
}

/// Where the bytes of a term end, among those encoded with it: a writer holds less than 4 GiB.
#[derive(Clone, Copy)]
pub(crate) struct End {
    /// In how many documents it is.
    pub(crate) documents: u32,
    pub(crate) postings: u32,
    pub(crate) positions: u32,
}

impl Encoded {
    /// These terms of `field`.
    pub(crate) fn of(
        field: &FieldTerms,
        terms: Range<usize>,
        deal: &Deal,
        lengths: &FieldNormReaders,
    ) -> tantivy::Result<Encoded> {
        let lengths = lengths.get_field(field.field)?;
        // As tantivy reckons it.
        let average = lengths.as_ref().map_or(0.0, |lengths| field.places as Score / lengths.num_docs() as Score);
        let detail = field.detail;
        let new_list = || PostingsSerializer::new(average, detail, lengths.clone());
        let mut encoded = Encoded { ends: Vec::with_capacity(terms.len()), ..Encoded::default() };
        let mut list = new_list();
        let mut positions = PositionSerializer::new(&mut encoded.positions);
        let mut steps = Vec::new();
        for term in terms.clone() {
            let mut places = deal.places_of(term).peekable();
            // Where it is not written how often, tantivy is not told in how many either.
            let documents = count_documents(deal.places_of(term));
            list.new_term(if detail.has_freq() { documents } else { 0 }, detail.has_freq());
            while let Some(first) = places.next() {
                steps.clear();
                steps.push(first.position());
                let mut before = first.position();
                while let Some(place) = places.next_if(|place| place.document() == first.document()) {
                    steps.push(place.position() - before);
                    before = place.position();
                }
                list.write_doc(first.document(), if detail.has_freq() { steps.len() as u32 } else { 0 });
                if detail.has_positions() {
                    positions.write_positions_delta(&steps);
                }
            }
            list.close_term(documents, &mut encoded.postings)?;
            if documents >= BLOCK_DOCUMENTS {
                // It goes on from the document at which the last block ended.
                list = new_list();
            }
            if detail.has_positions() {
                positions.close_term()?;
            }
            let (postings, positions) = (encoded.postings.len() as u32, positions.written_bytes() as u32);
            encoded.ends.push(End { documents, postings, positions });
        }
        positions.close()?;
        encoded.terms = terms;
        Ok(encoded)
    }
}

/// In how many documents a term is that stands at these places.
fn count_documents(places: impl Iterator<Item = Place>) -> u32 {
    let mut before = None;
    places.map(|place| u32::from(before.replace(place.document()) != Some(place.document()))).sum()
}

//! The path without the counting writer: terms are given to tantivy as values, and tantivy writes the segment.
//!
//! The files are byte for byte those of the counting writer, in more time and less memory. Off by default
//! ([`crate::index::sync::SyncOptions::plain_segments`]): it tells whether a fault is the counting writer's, and tests
//! compare the two.

use tantivy::TantivyDocument;
use tantivy::schema::{Field, FieldType, Schema};
use tantivy::tokenizer::{PreTokenizedString, Token};

use super::super::terms::Terms;

/// Adds the terms of a document to its values.
pub(crate) fn add_terms(terms: &Terms, schema: &Schema, document: &mut TantivyDocument) {
    let mut texts: Vec<(Field, Vec<Token>)> = Vec::new();
    for (field, occurrences) in terms.fields() {
        let is_number = matches!(schema.get_field_entry(field).field_type(), FieldType::U64(_));
        for &occurrence in occurrences {
            let mut term = Vec::new();
            terms.write_term(occurrence, &mut term);
            if is_number {
                let number = term.as_slice().try_into().expect("terms of numbers have eight bytes");
                document.add_u64(field, u64::from_be_bytes(number));
                continue;
            }
            let text = String::from_utf8(term).expect("terms of text fields are UTF-8");
            let token = Token { position: occurrence.position as usize, text, ..Token::default() };
            // The positions count through all values of a field, so the values are one text to tantivy.
            match texts.iter_mut().find(|(known, _)| *known == field) {
                Some((_, tokens)) => tokens.push(token),
                None => texts.push((field, vec![token])),
            }
        }
    }
    for (field, tokens) in texts {
        document.add_pre_tokenized_text(field, PreTokenizedString { text: String::new(), tokens });
    }
}

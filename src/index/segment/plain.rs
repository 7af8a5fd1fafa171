//! The same terms given to tantivy as values of its own, for segments that tantivy writes itself.
//!
//! The files are byte for byte those of the counting writer, in more time and less memory. Off unless asked for
//! ([`crate::index::sync::SyncOptions`]): it tells whether a fault is the counting writer's, and tests compare the two.

use tantivy::TantivyDocument;
use tantivy::schema::{Field, FieldType, Schema};
use tantivy::tokenizer::{PreTokenizedString, Token};

use super::super::terms::Terms;

/// Adds the terms to the values of a document.
pub(crate) fn add_terms(terms: &Terms, schema: &Schema, document: &mut TantivyDocument) {
    let mut texts: Vec<(Field, Vec<Token>)> = Vec::new();
    for (field, occurrences) in terms.fields() {
        let is_number = matches!(schema.get_field_entry(field).field_type(), FieldType::U64(_));
        for &occurrence in occurrences {
            let mut key = Vec::new();
            terms.write_key(occurrence, &mut key);
            if is_number {
                let number = key.as_slice().try_into().expect("terms of numbers have eight bytes");
                document.add_u64(field, u64::from_be_bytes(number));
                continue;
            }
            let text = String::from_utf8(key).expect("keys are made of text");
            let token = Token { position: occurrence.position as usize, text, ..Token::default() };
            // Positions go on through all values of a field, so that they are one text to tantivy.
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

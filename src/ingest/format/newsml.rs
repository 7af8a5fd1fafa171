//! NewsML by IPTC: version 1.2 (`NewsML/NewsItem`) and G2 (`newsItem`, alone or in a `newsMessage`).

pub(super) mod g2;
pub(super) mod v1;

use super::blocks::{BlockWriter, write_element};
use super::draft::{Draft, Text};
use super::xml::Element;
use super::{html, nitf};

/// The text of an element that holds markup, escaped markup, or plain text.
pub(super) fn data(element: &Element) -> Text {
    if element.elements().next().is_some() {
        return Text::Blocks(nitf::body(element));
    }
    let text = element.text();
    let text = text.trim_matches(['\n', '\r']);
    if text.contains("</") || text.contains("<br") {
        Text::Blocks(html::fragment(text))
    } else if text.trim().is_empty() {
        Text::default()
    } else {
        Text::Bare(text.to_string())
    }
}

/// The lines of a note to editors.
fn note_lines(note: &Element) -> Vec<String> {
    if note.elements().next().is_some() {
        let mut writer = BlockWriter::default();
        write_element(&mut writer, note, &|element| Some(element.local()));
        return writer.finish().lines().map(str::to_string).collect();
    }
    let text = note.text();
    if text.contains("</") || text.contains("<br") {
        return html::fragment(&text).lines().map(str::to_string).collect();
    }
    vec![text]
}

/// Adds the notes to editors in `ednotes` elements.
fn apply_desk_notes(ednotes: &[&Element], draft: &mut Draft) {
    for note in ednotes {
        note_lines(note).iter().for_each(|line| draft.desk_note(line));
    }
}

/// Adds the facts and notes of a `nitf` element within an item, and returns its text.
fn take_nitf(nitf: &Element, draft: &mut Draft) -> Text {
    let inner = nitf::draft(nitf);
    draft.facts.fill_from(inner.facts);
    draft.standfirst = draft.standfirst.take().or(inner.standfirst);
    inner.desk_notes.iter().for_each(|note| draft.desk_note(note));
    inner.text
}

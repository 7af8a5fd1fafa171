//! JSON Lines, one hit a line, as [`Hit`] serialises. Fields are only ever added.

use std::io::{self, Write};

use serde::Serialize;

use super::Renderer;
use crate::search::{Hit, Results};

/// Writes hits as JSON Lines.
pub struct Json;

#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<&'a str>,
    #[serde(flatten)]
    hit: &'a Hit,
}

impl Renderer for Json {
    fn results(&mut self, out: &mut dyn Write, id: Option<&str>, results: &Results) -> io::Result<()> {
        for hit in &results.hits {
            write_line(out, &Line { query: id, hit })?;
        }
        Ok(())
    }
}

/// Writes `value` as one line of JSON in which no character could end a line, steer a terminal or reorder text: those
/// that JSON lets pass (U+2028, U+0085, C1 controls, direction marks) are escaped.
///
/// # Errors
///
/// What the writer says.
pub fn write_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Harmless);
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

struct Harmless;

impl serde_json::ser::Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut at = 0;
        for (i, c) in fragment.char_indices().filter(|&(_, c)| super::steers(c)) {
            writer.write_all(&fragment.as_bytes()[at..i])?;
            // All of them are in the basic plane: one escape each.
            write!(writer, "\\u{:04x}", u32::from(c))?;
            at = i + c.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[at..])
    }
}

//! JSON Lines: one hit on each line, as [`Hit`] serialises. New versions only add fields.
//!
//! A line of results that are not complete says so: who reads the lines need not read stderr.

use std::io::{self, Write};

use serde::Serialize;

use super::{End, Renderer};
use crate::search::{Degraded, Hit, Results};

/// Writes hits as JSON Lines.
#[derive(Default)]
pub(crate) struct Json {
    /// The names of the fields that are written; all by default.
    pub fields: Option<Vec<String>>,
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<&'a str>,
    #[serde(flatten)]
    hit: &'a Hit,
    #[serde(skip_serializing_if = "Option::is_none")]
    degraded: Option<Degraded>,
}

impl Renderer for Json {
    fn results(&mut self, out: &mut dyn Write, id: Option<&str>, results: &Results) -> io::Result<()> {
        for hit in &results.hits {
            let line = Line { query: id, hit, degraded: results.degraded };
            match &self.fields {
                None => write_line(out, &line)?,
                Some(fields) => {
                    let mut value = serde_json::to_value(&line)?;
                    if let Some(object) = value.as_object_mut() {
                        object.retain(|name, _| fields.contains(name));
                    }
                    write_line(out, &value)?;
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, end: &End) -> io::Result<()> {
        #[derive(Serialize)]
        struct Last {
            end: Body,
        }
        #[derive(Serialize)]
        struct Body {
            hits: u64,
            complete: bool,
            #[serde(skip_serializing_if = "Option::is_none")]
            reason: Option<&'static str>,
        }
        write_line(out, &Last { end: Body { hits: end.hits, complete: end.reason.is_none(), reason: end.reason } })
    }
}

/// Writes `value` as one line of JSON. Characters that JSON allows unescaped but that end a line, control a terminal or
/// reorder text (U+2028, U+0085, C1 controls, direction marks) are escaped.
///
/// # Errors
///
/// Errors of the writer.
pub(crate) fn write_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    write_value(out, value)?;
    out.write_all(b"\n")
}

/// As [`write_line`], without the end of the line.
///
/// # Errors
///
/// Errors of the writer.
pub(crate) fn write_value(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, EscapeUnsafe);
    value.serialize(&mut serializer)?;
    Ok(())
}

struct EscapeUnsafe;

impl serde_json::ser::Formatter for EscapeUnsafe {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut at = 0;
        for (i, c) in fragment.char_indices().filter(|&(_, c)| super::is_unsafe(c)) {
            writer.write_all(&fragment.as_bytes()[at..i])?;
            // All unsafe characters are in the basic multilingual plane, so that one escape is enough.
            write!(writer, "\\u{:04x}", u32::from(c))?;
            at = i + c.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[at..])
    }
}

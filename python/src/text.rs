//! Places in texts: Python counts code points where the library counts bytes. And texts in HTML.

use crosshead::Mark;

/// The ranges of `text` in code points.
pub(crate) fn in_code_points(text: &str, marks: &[Mark]) -> Vec<(u32, u32)> {
    let mut places = Places { text, byte: 0, count: 0 };
    marks.iter().map(|&(start, end)| (places.of(start), places.of(end))).collect()
}

/// The number of code points of `text` before a byte.
pub(crate) fn code_point(text: &str, byte: usize) -> u32 {
    Places { text, byte: 0, count: 0 }.of(byte)
}

/// Counts on from the place before: marks are in order.
struct Places<'t> {
    text: &'t str,
    byte: usize,
    count: u32,
}

impl Places<'_> {
    fn of(&mut self, byte: usize) -> u32 {
        let byte = self.text.floor_char_boundary(byte.min(self.text.len()));
        if byte < self.byte {
            (self.byte, self.count) = (0, 0);
        }
        let passed = &self.text[self.byte..byte];
        let count = if passed.is_ascii() { passed.len() } else { passed.chars().count() };
        self.byte = byte;
        self.count = self.count.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
        self.count
    }
}

/// Adds a text to HTML. Articles are untrusted: nothing of a text is markup.
pub(crate) fn escape_into(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            // Marks that reorder text would reach beyond it; what else controls a terminal has no place in a page.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => html.push('\u{fffd}'),
            c if c.is_control() && !c.is_whitespace() => html.push('\u{fffd}'),
            c => html.push(c),
        }
    }
}

/// Adds a text with its marks, which are ranges of bytes, to HTML.
pub(crate) fn marked_into(html: &mut String, text: &str, marks: &[Mark]) {
    let mut at = 0;
    for &(start, end) in marks {
        if let (Some(before), Some(marked)) = (text.get(at..start), text.get(start..end)) {
            escape_into(html, before);
            html.push_str("<mark>");
            escape_into(html, marked);
            html.push_str("</mark>");
            at = end;
        }
    }
    escape_into(html, text.get(at..).unwrap_or_default());
}

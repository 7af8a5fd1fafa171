//! Lines of a text, and line numbers of byte offsets.

use memchr::memchr2_iter;

use super::Span;

/// Byte ranges of the lines of `text`, without the line breaks: LF, CR LF or CR.
#[must_use]
pub(crate) fn lines(text: &str) -> Vec<Span> {
    /// In most texts the mean length of lines is greater.
    const SHORT_LINE_BYTES: usize = 60;
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len() / SHORT_LINE_BYTES + 2);
    let mut start = 0;
    for at in memchr2_iter(b'\n', b'\r', bytes) {
        // The LF of a CR LF is before `start`.
        if at >= start {
            out.push(start..at);
            let is_pair = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            start = at + 1 + usize::from(is_pair);
        }
    }
    if start < bytes.len() {
        out.push(start..bytes.len());
    }
    out
}

/// `span` without the white space of `text` at its ends.
#[must_use]
pub(crate) fn trim(text: &str, span: Span) -> Span {
    let piece = &text[span.clone()];
    let start = span.start + (piece.len() - piece.trim_start().len());
    start..start.max(span.start + piece.trim_end().len())
}

/// Line numbers of the byte offsets of a text.
pub struct LineNumbers {
    starts: Vec<usize>,
}

impl LineNumbers {
    /// Finds the lines of `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut starts: Vec<usize> = lines(text).into_iter().map(|line| line.start).collect();
        if starts.is_empty() {
            starts.push(0);
        }
        LineNumbers { starts }
    }

    /// Number of the line that contains `offset`, 1-based.
    #[must_use]
    pub fn of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset).max(1)
    }

    /// First and last line of a span, 1-based.
    #[must_use]
    pub fn of_span(&self, span: &Span) -> (usize, usize) {
        (self.of(span.start), self.of(span.end.max(span.start + 1) - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_of_all_kinds() {
        for (text, expected) in
            [("a\nb", vec!["a", "b"]), ("a\r\nb\rc\n", vec!["a", "b", "c"]), ("\n\n", vec!["", ""]), ("", vec![])]
        {
            let got: Vec<&str> = lines(text).into_iter().map(|line| &text[line]).collect();
            assert_eq!(got, expected, "{text:?}");
        }
    }

    #[test]
    fn line_numbers() {
        let numbers = LineNumbers::new("ab\ncd\r\nef");
        for (offset, line) in [(0, 1), (1, 1), (3, 2), (4, 2), (7, 3), (99, 3)] {
            assert_eq!(numbers.of(offset), line, "{offset}");
        }
        assert_eq!(numbers.of_span(&(1..8)), (1, 3));
    }
}

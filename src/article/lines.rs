//! Lines of a text, and line numbers of byte offsets.

use memchr::memchr2_iter;

use super::Span;

/// Byte ranges of the lines of `text`, without their ends. A line ends at LF, CR LF or CR alone.
#[must_use]
pub fn lines(text: &str) -> Vec<Span> {
    /// Of most texts lines are no shorter than this by half, in bytes.
    const SHORT_LINE: usize = 60;
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len() / SHORT_LINE + 2);
    let mut start = 0;
    for at in memchr2_iter(b'\n', b'\r', bytes) {
        // The LF of a CR LF is behind its line's end already.
        if at >= start {
            out.push(start..at);
            let pair = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            start = at + 1 + usize::from(pair);
        }
    }
    if start < bytes.len() {
        out.push(start..bytes.len());
    }
    out
}

/// `span` of `text` without white space at both ends.
#[must_use]
pub fn trim(text: &str, span: Span) -> Span {
    let piece = &text[span.clone()];
    let start = span.start + (piece.len() - piece.trim_start().len());
    start..start.max(span.start + piece.trim_end().len())
}

/// Line numbers of offsets, for many offsets of one text.
pub struct LineNumbers {
    starts: Vec<usize>,
}

impl LineNumbers {
    /// Finds the lines of `text` once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut starts: Vec<usize> = lines(text).into_iter().map(|line| line.start).collect();
        if starts.is_empty() {
            starts.push(0);
        }
        LineNumbers { starts }
    }

    /// The 1-based number of the line that holds `offset`.
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
    fn line_ends_of_all_kinds() {
        for (text, expected) in
            [("a\nb", vec!["a", "b"]), ("a\r\nb\rc\n", vec!["a", "b", "c"]), ("\n\n", vec!["", ""]), ("", vec![])]
        {
            let got: Vec<&str> = lines(text).into_iter().map(|line| &text[line]).collect();
            assert_eq!(got, expected, "{text:?}");
        }
    }

    #[test]
    fn numbers_are_one_based() {
        let numbers = LineNumbers::new("ab\ncd\r\nef");
        for (offset, line) in [(0, 1), (1, 1), (3, 2), (4, 2), (7, 3), (99, 3)] {
            assert_eq!(numbers.of(offset), line, "{offset}");
        }
        assert_eq!(numbers.of_span(&(1..8)), (1, 3));
    }
}

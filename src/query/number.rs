//! Ranges of counts in queries: `words:>1200`, `level:2`, `words:100..200`. Both ends are inclusive.

use std::fmt;

use super::QueryError;

/// A range of whole numbers, both ends inclusive; `None` is an open end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberRange {
    /// The smallest number in the range.
    pub from: Option<u64>,
    /// The largest number in the range.
    pub to: Option<u64>,
}

impl fmt::Display for NumberRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (None, None) => f.write_str("*"),
            (Some(from), Some(to)) if from == to => write!(f, "{from}"),
            (from, to) => {
                if let Some(from) = from {
                    write!(f, "{from}")?;
                }
                f.write_str("..")?;
                if let Some(to) = to {
                    write!(f, "{to}")?;
                }
                Ok(())
            }
        }
    }
}

/// Parses the value of the field `name`; `offset` is its position in the query, in bytes.
pub(crate) fn range(name: &str, text: &str, offset: usize) -> Result<NumberRange, QueryError> {
    let span = offset..offset + text.len();
    if text == "*" {
        return Ok(NumberRange { from: None, to: None });
    }
    let parse = |piece: &str| {
        piece.parse::<u64>().map_err(|_| {
            let message = format!("'{piece}' is no number: write {name}:5, {name}:>5, {name}:5..10 or {name}:*");
            QueryError::new("bad-number", span.clone(), message)
        })
    };
    for (sign, lower, step) in [("<=", false, 0), (">=", true, 0), ("<", false, 1), (">", true, 1)] {
        if let Some(rest) = text.strip_prefix(sign) {
            let number = parse(rest)?;
            // No number is less than 0.
            let empty = NumberRange { from: Some(1), to: Some(0) };
            return Ok(match lower {
                true => NumberRange { from: Some(number.saturating_add(step)), to: None },
                false => number.checked_sub(step).map_or(empty, |to| NumberRange { from: None, to: Some(to) }),
            });
        }
    }
    let Some((from, to)) = text.split_once("..") else {
        let number = parse(text)?;
        return Ok(NumberRange { from: Some(number), to: Some(number) });
    };
    let end = |piece: &str| if piece.is_empty() { Ok(None) } else { parse(piece).map(Some) };
    let (first, last) = (end(from)?, end(to)?);
    if let (Some(first), Some(last)) = (first, last)
        && first > last
    {
        let message = format!("this range ends before it begins: did you mean {name}:{to}..{from}?");
        return Err(QueryError::new("reversed-range", span, message).suggest(format!("{name}:{to}..{from}")));
    }
    Ok(NumberRange { from: first, to: last })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_table() {
        for (text, expected) in [
            ("5", Ok("5")),
            (">1200", Ok("1201..")),
            (">=1200", Ok("1200..")),
            ("<3", Ok("..2")),
            ("<=3", Ok("..3")),
            ("<0", Ok("1..0")),
            ("2..4", Ok("2..4")),
            ("2..", Ok("2..")),
            ("..4", Ok("..4")),
            ("*", Ok("*")),
            ("4..2", Err("reversed-range")),
            ("x", Err("bad-number")),
            ("", Err("bad-number")),
            ("-1", Err("bad-number")),
        ] {
            let got = range("words", text, 0).map(|range| range.to_string()).map_err(|error| error.code);
            assert_eq!(got.as_deref().map_err(|e| *e), expected, "{text}");
        }
    }
}

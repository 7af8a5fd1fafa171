//! Values of options: sizes, seconds.

/// Reads a number of seconds.
pub(super) fn parse_seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "write a number of seconds".to_string())?;
    if seconds.is_finite() && seconds >= 0.0 { Ok(seconds) } else { Err("write 0 or more seconds".into()) }
}

/// Parses a size in bytes: `64M`, `1.5G`, `4096`.
pub(super) fn parse_size(text: &str) -> Result<u64, String> {
    let text = text.trim().trim_end_matches(['b', 'B']);
    let (number, unit) = match text.char_indices().last() {
        Some((at, unit)) if unit.is_ascii_alphabetic() => (&text[..at], unit.to_ascii_uppercase()),
        _ => (text, ' '),
    };
    let factor: f64 = match unit {
        ' ' => 1.0,
        'K' => 1024.0,
        'M' => 1024.0 * 1024.0,
        'G' => 1024.0 * 1024.0 * 1024.0,
        _ => return Err("write a number of bytes, or one with K, M or G".into()),
    };
    let number: f64 = number.parse().map_err(|_| "write a number of bytes, or one with K, M or G".to_string())?;
    if number.is_finite() && number > 0.0 { Ok((number * factor) as u64) } else { Err("a size is more than 0".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_table() {
        for (text, bytes) in [
            ("4096", Some(4096)),
            ("64M", Some(64 << 20)),
            ("1.5k", Some(1536)),
            ("2GB", Some(2 << 30)),
            ("x", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(parse_size(text).ok(), bytes, "{text}");
        }
    }
}

//! What the operating system says of an error: a sentence for people, a kind for code. Nothing here compares English
//! words, which differ between systems and languages.

use std::io;

/// The system's sentence, without the number at its end.
#[must_use]
pub fn sentence(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_string()
}

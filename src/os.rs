//! Errors of the operating system in words. Code decides by [`io::ErrorKind`] and never compares these words, which differ
//! between systems and languages.

use std::io;

/// The message of the operating system, without the error number that the standard library adds.
#[must_use]
pub fn sentence(error: &io::Error) -> String {
    let text = error.to_string();
    text.split_once(" (os error").map_or(&*text, |(message, _)| message).to_string()
}

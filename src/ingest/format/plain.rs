//! Plain text. Its layout is analysed by [`crate::article`].

use crate::article::RawArticle;

/// An article of the text alone.
#[must_use]
pub fn read(text: String) -> RawArticle {
    RawArticle { text, ..RawArticle::default() }
}

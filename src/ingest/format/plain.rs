//! Bare text: no markup; its form is found by [`crate::article`].

use crate::article::RawArticle;

/// The text as it stands.
#[must_use]
pub fn read(text: String) -> RawArticle {
    RawArticle { text, ..RawArticle::default() }
}

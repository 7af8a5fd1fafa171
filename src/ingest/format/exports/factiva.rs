//! Factiva: text, pages and XML.

mod facts;
#[cfg(feature = "pages")]
pub(super) mod page;
pub(super) mod text;
pub(super) mod xml;

#[cfg(test)]
pub(super) fn build_tables() {
    text::build_tables();
}

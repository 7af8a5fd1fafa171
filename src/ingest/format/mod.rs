//! Formats: what a file is, and how its articles are read. One module for each format; [`TABLE`] lists them.

#[cfg(feature = "archives")]
mod archive;
pub(in crate::ingest) mod beside;
mod blocks;
#[cfg(feature = "pages")]
mod bookmarks;
#[cfg(feature = "pages")]
mod chat_page;
mod context;
mod detect;
mod draft;
mod entry;
mod evernote;
mod exports;
mod feed;
mod finder;
mod front_matter;
pub(crate) mod html;
mod json;
#[cfg(feature = "pages")]
mod jsonld;
mod lightweight;
mod list;
mod mail;
pub(crate) mod markdown;
pub(in crate::ingest) mod mets;
mod names;
mod newsml;
mod ninjs;
mod nitf;
mod nodes;
mod object;
#[cfg(feature = "office")]
mod office;
mod other_xml;
#[cfg(feature = "pdf")]
pub mod pdf;
pub(crate) mod plain;
mod read;
mod records;
mod references;
mod relations;
mod rtf;
#[cfg(any(feature = "pages", feature = "archives"))]
mod saved_page;
mod scan;
mod sgml;
mod subtitles;
mod table;
mod values;
mod warc;
mod wiki;
mod wire;
mod xml;
#[cfg(any(feature = "office", feature = "archives"))]
mod zip_file;
#[cfg(any(feature = "office", feature = "archives"))]
mod zip_kind;

pub(in crate::ingest) use context::Context;
pub(crate) use list::Format;
pub use list::TABLE;
pub(in crate::ingest) use read::{read, read_zip};

#[cfg(test)]
pub(super) fn build_tables() {
    exports::build_tables();
    names::build_tables();
    subtitles::build_tables();
}

//! Formats: what a file is, and how its articles are read. One module for each format; [`TABLE`] lists them.

#[cfg(feature = "archives")]
mod archive;
mod blocks;
mod context;
mod detect;
mod draft;
mod exports;
mod feed;
pub mod html;
mod json;
#[cfg(feature = "pages")]
mod jsonld;
mod list;
mod mail;
pub mod markdown;
mod newsml;
mod ninjs;
mod nitf;
mod object;
#[cfg(feature = "office")]
mod office;
mod other_xml;
#[cfg(feature = "pdf")]
pub mod pdf;
pub mod plain;
mod read;
mod records;
mod rtf;
mod scan;
mod sgml;
mod subtitles;
mod table;
mod warc;
mod wiki;
mod wire;
mod xml;
#[cfg(any(feature = "office", feature = "archives"))]
mod zip_file;
#[cfg(any(feature = "office", feature = "archives"))]
mod zip_kind;

pub(in crate::ingest) use context::Context;
pub use list::{Format, TABLE};
pub(in crate::ingest) use read::{read, read_zip};

#[cfg(test)]
pub(super) fn build_tables() {
    exports::build_tables();
    subtitles::build_tables();
}

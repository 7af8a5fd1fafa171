//! From a folder to articles: walk, read, detect the format, extract the records.
//!
//! [`walk`] lists candidate files; [`read::Contents`] reads and hashes one; [`mod@format`] detects its format and yields
//! its records. Nothing here depends on the index.

mod companion;
mod cut;
pub(crate) mod decode;
mod feature;
mod folders;
pub(crate) mod format;
pub(crate) mod read;
mod record;
pub(crate) mod skip;
pub(crate) mod source;
mod structures;
pub(crate) mod walk;

pub(crate) use feature::Feature;
pub(crate) use format::Format;
pub use read::Contents;
pub(crate) use read::READER_STACK_BYTES;
pub use record::{BadRecord, Yielded};
pub(crate) use record::{Record, RecordId};
pub use skip::SkipReason;
pub use source::ReadLimits;

/// Builds the tables that are otherwise built on first use, so that a test can show that all of them are valid.
#[cfg(test)]
pub(crate) fn build_tables() {
    format::build_tables();
}

#[cfg(test)]
mod tests {
    #[test]
    fn tables_are_valid() {
        super::build_tables();
    }
}

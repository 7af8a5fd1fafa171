//! What a reader is given beside its source: bounds, and access to the readers of other formats.

use std::path::PathBuf;
use std::rc::Rc;

use super::Format;
use crate::ingest::source::{Budget, Source};
use crate::ingest::{ReadLimits, SkipReason, Yielded};

/// Most levels of archives within archives.
#[cfg(any(feature = "office", feature = "archives"))]
pub(super) const MOST_ARCHIVE_DEPTH: usize = 4;

/// Reads a source of a known format and yields its records.
pub(in crate::ingest) type ReadSource =
    fn(Format, Source<'_>, &Context, &mut dyn FnMut(Yielded)) -> Result<(), SkipReason>;

/// Bounds of a run, as a reader sees them, and what the container of its source states.
#[derive(Clone)]
pub(in crate::ingest) struct Context {
    /// Bounds on the size of a record.
    pub(in crate::ingest) limits: ReadLimits,
    /// Bound on the bytes that a packed file unpacks to.
    #[cfg_attr(not(any(feature = "office", feature = "archives")), allow(dead_code))]
    pub(in crate::ingest) budget: Budget,
    /// Number of archives around the source.
    pub(in crate::ingest) depth: usize,
    /// Reads the members of containers. A field, since the dispatcher imports the readers of containers.
    pub(in crate::ingest) read: ReadSource,
    /// The folder of the texts whose facts the source lists: those records are no articles of their own.
    pub(in crate::ingest) texts: Option<Rc<PathBuf>>,
    /// The folder of the source, if it is a file.
    pub(in crate::ingest) folder: Option<Rc<PathBuf>>,
    /// The address of the source on the web, if its container states it.
    #[cfg_attr(not(any(feature = "pages", feature = "archives")), allow(dead_code))]
    pub(in crate::ingest) url: Option<String>,
}

impl Context {
    /// The context of a member of the archive, which nests at most `most` archives deep.
    pub(super) fn deeper(&self, most: usize) -> Result<Context, SkipReason> {
        if self.depth >= most {
            return Err(SkipReason::Malformed(format!("archives in archives, over {most} deep")));
        }
        Ok(Context { depth: self.depth + 1, texts: None, folder: None, url: None, ..self.clone() })
    }

    /// The context of a source whose address is known.
    #[cfg_attr(not(any(feature = "pages", feature = "archives")), allow(dead_code))]
    pub(super) fn at(&self, url: Option<String>) -> Context {
        Context { url, ..self.clone() }
    }
}

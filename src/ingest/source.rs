//! The bytes that a format reads: a file, a member of an archive, or the contents of a packed file. They are read once, in
//! order. The first bytes are available before, for the detection of the format.

use std::cell::Cell;
use std::io::{BufReader, Cursor, Read};
use std::rc::Rc;
use std::sync::Arc;

use super::SkipReason;
use crate::os;

/// Number of bytes from which a format is detected.
pub(crate) const HEAD_BYTES: usize = 16 * 1024;

/// Bounds on what is read.
#[derive(Debug, Clone, Copy)]
pub struct ReadLimits {
    /// Longest file of one article, and longest record of a file of many, in bytes; longer ones are skipped.
    pub max_bytes: u64,
}

impl Default for ReadLimits {
    fn default() -> Self {
        ReadLimits { max_bytes: 64 << 20 }
    }
}

/// Bytes to be read.
pub(crate) struct Source<'a> {
    /// Path relative to the folder or archive. It may contain a date and an extension.
    pub name: String,
    head: Vec<u8>,
    rest: Box<dyn Read + 'a>,
    whole: Option<Arc<Vec<u8>>>,
}

impl<'a> Source<'a> {
    /// Reads the first bytes.
    ///
    /// # Errors
    ///
    /// The error of the operating system or of the unpacker.
    pub(crate) fn new(name: &str, mut rest: Box<dyn Read + 'a>) -> Result<Source<'a>, SkipReason> {
        let mut head = Vec::with_capacity(HEAD_BYTES);
        (&mut rest).take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(|error| unreadable(&error))?;
        Ok(Source { name: name.to_string(), head, rest, whole: None })
    }

    /// A source of bytes in memory.
    #[must_use]
    pub(crate) fn of_bytes(name: &str, bytes: Arc<Vec<u8>>) -> Source<'a> {
        let head = bytes[..bytes.len().min(HEAD_BYTES)].to_vec();
        Source { name: name.to_string(), head, rest: Box::new(std::io::empty()), whole: Some(bytes) }
    }

    /// The first bytes.
    #[must_use]
    pub(crate) fn head(&self) -> &[u8] {
        &self.head
    }

    /// All bytes.
    ///
    /// # Errors
    ///
    /// [`SkipReason::TooLong`] if there are more than the limit, or why they cannot be read.
    pub(crate) fn whole(self, limits: ReadLimits) -> Result<Arc<Vec<u8>>, SkipReason> {
        if let Some(whole) = self.whole {
            return Ok(whole);
        }
        let mut bytes = self.head;
        let mut rest = self.rest;
        let room = (limits.max_bytes + 1).saturating_sub(bytes.len() as u64);
        (&mut rest).take(room).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
        if bytes.len() as u64 > limits.max_bytes {
            return Err(SkipReason::TooLong { bytes: bytes.len() as u64, limit: limits.max_bytes });
        }
        Ok(Arc::new(bytes))
    }

    /// A reader of all bytes.
    #[must_use]
    pub(crate) fn reader(self) -> BufReader<Box<dyn Read + 'a>> {
        let reader: Box<dyn Read + 'a> = match self.whole {
            Some(whole) => Box::new(Cursor::new(ArcBytes(whole))),
            None => Box::new(Cursor::new(self.head).chain(self.rest)),
        };
        BufReader::with_capacity(256 * 1024, reader)
    }
}

struct ArcBytes(Arc<Vec<u8>>);

impl AsRef<[u8]> for ArcBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Why bytes could not be read. Errors of unpackers are damage of the file, all others are the system's.
pub(super) fn unreadable(error: &std::io::Error) -> SkipReason {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::UnexpectedEof | ErrorKind::Other => {
            SkipReason::Malformed(format!("damaged or cut off: {error}"))
        }
        _ => SkipReason::Unreadable(os::sentence(error)),
    }
}

/// The number of bytes that may still be unpacked from one file, against decompression bombs.
#[derive(Clone)]
#[cfg_attr(not(feature = "archives"), allow(dead_code, reason = "only packed files spend it"))]
pub(crate) struct Budget {
    left: Rc<Cell<u64>>,
}

impl Budget {
    /// Every file may unpack to this many bytes.
    const ALWAYS_BYTES: u64 = 128 << 20;
    /// Bytes unpacked for each byte of the file; text rarely compresses better than 20 to 1.
    const RATIO: u64 = 50;

    /// The budget of a file of `bytes` bytes.
    #[must_use]
    pub(crate) fn of_file(bytes: u64) -> Budget {
        Budget { left: Rc::new(Cell::new(Budget::ALWAYS_BYTES.saturating_add(bytes.saturating_mul(Budget::RATIO)))) }
    }

    /// Wraps a reader so that it fails when the budget is spent.
    #[cfg_attr(not(feature = "archives"), allow(dead_code, reason = "only packed files spend it"))]
    pub(crate) fn reader<'a>(&self, inner: impl Read + 'a) -> Box<dyn Read + 'a> {
        Box::new(Budgeted { inner, left: Rc::clone(&self.left) })
    }
}

#[cfg_attr(not(feature = "archives"), allow(dead_code, reason = "only packed files spend it"))]
struct Budgeted<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Budgeted<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(out)?;
        let Some(left) = self.left.get().checked_sub(read as u64) else {
            return Err(std::io::Error::other("it unpacks to far more than text does; is it a bomb?"));
        };
        self.left.set(left);
        Ok(read)
    }
}

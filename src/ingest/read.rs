//! The contents of one file: hashed, and handed to its format.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;
use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3;

use super::source::{Budget, HEAD_BYTES, Source};
use super::{Format, ReadLimits, SkipReason, Yielded, format};

/// Stack size of a thread that reads files: pages nest deeply, and extractors recurse.
pub const READER_STACK_BYTES: usize = 64 << 20;

/// A file that was opened and hashed, and whose format is known.
#[derive(Debug)]
pub struct Contents {
    /// xxh3-64 of all its bytes.
    pub hash: u64,
    /// How many there are.
    pub bytes: u64,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Whole(Format, Arc<Vec<u8>>),
    /// A file of many records, read again record by record.
    Stream(Format, File),
    Skipped(SkipReason),
}

impl Contents {
    /// Opens and reads `path`.
    ///
    /// # Errors
    ///
    /// [`SkipReason::Unreadable`] and [`SkipReason::NotAFile`]; other reasons are found later, so that the hash of a
    /// skipped file is known too.
    pub fn read(path: &Path, limits: ReadLimits) -> Result<Contents, SkipReason> {
        let file = File::open(path).map_err(refused)?;
        Contents::of_file(path, file, limits)
    }

    /// As [`Contents::read`], of a file that a walk has found to have so many bytes: if it still has, and they are few,
    /// opening it and one read are all that is asked of the system.
    ///
    /// # Errors
    ///
    /// As [`Contents::read`].
    pub fn read_listed(path: &Path, bytes: u64, limits: ReadLimits) -> Result<Contents, SkipReason> {
        let mut file = File::open(path).map_err(refused)?;
        if let Ok(length @ 1..HEAD_BYTES) = usize::try_from(bytes) {
            // A byte more than there should be: where it is not filled the file ends.
            let mut head = vec![0; length + 1];
            if file.read(&mut head).is_ok_and(|filled| filled == length) {
                head.truncate(length);
                return Contents::of_head(path, file, bytes, head, limits);
            }
            file.rewind().map_err(refused)?;
        }
        Contents::of_file(path, file, limits)
    }

    fn of_file(path: &Path, file: File, limits: ReadLimits) -> Result<Contents, SkipReason> {
        let metadata = file.metadata().map_err(refused)?;
        if !metadata.is_file() {
            return Err(SkipReason::NotAFile);
        }
        let mut head = Vec::with_capacity(HEAD_BYTES);
        (&file).take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(refused)?;
        Contents::of_head(path, file, metadata.len(), head, limits)
    }

    /// Reads the rest of a file, of so many bytes, whose head was read.
    fn of_head(
        path: &Path,
        mut file: File,
        length: u64,
        head: Vec<u8>,
        limits: ReadLimits,
    ) -> Result<Contents, SkipReason> {
        let format = Format::detect(&path.to_string_lossy(), &head);
        let streams = format.as_ref().is_ok_and(|format| format.streams());
        if streams || length > limits.max_bytes || format.is_err() {
            file.rewind().map_err(refused)?;
            let (hash, bytes) = hash_stream(&mut file).map_err(refused)?;
            let body = match format {
                Err(reason) => Body::Skipped(reason),
                Ok(format) if streams => {
                    file.rewind().map_err(refused)?;
                    Body::Stream(format, file)
                }
                Ok(_) => Body::Skipped(SkipReason::TooLong { bytes, limit: limits.max_bytes }),
            };
            return Ok(Contents { hash, bytes, body });
        }
        // A short file was read with its head.
        let mut whole = head;
        if whole.len() == HEAD_BYTES {
            whole.reserve(usize::try_from(length).unwrap_or(0).saturating_sub(whole.len()) + 1);
            // A file that grows while it is read stays within the limit.
            file.take((limits.max_bytes + 1).saturating_sub(whole.len() as u64))
                .read_to_end(&mut whole)
                .map_err(refused)?;
        }
        whole.shrink_to_fit();
        let hash = xxhash_rust::xxh3::xxh3_64(&whole);
        let bytes = whole.len() as u64;
        // Detected from the head and known to be `Ok`; plain text is what anything else would be.
        let format = format.unwrap_or(Format::Plain);
        Ok(Contents { hash, bytes, body: Body::Whole(format, Arc::new(whole)) })
    }

    /// The bytes of a file that is held; of others nothing.
    #[must_use]
    pub fn whole(&self) -> Arc<Vec<u8>> {
        match &self.body {
            Body::Whole(_, bytes) => Arc::clone(bytes),
            Body::Stream(..) | Body::Skipped(_) => Arc::default(),
        }
    }

    /// Yields the articles in the file, in order. `name` is the path below its folder, which may bear a date.
    ///
    /// # Errors
    ///
    /// The reason why nothing came of the file as a whole.
    pub fn articles(
        &mut self,
        name: &str,
        limits: ReadLimits,
        sink: &mut dyn FnMut(Yielded),
    ) -> Result<(), SkipReason> {
        let mut articles = 0;
        let mut first_bad = None;
        let mut counting = |yielded: Yielded| {
            match &yielded {
                Yielded::Article(_) => articles += 1,
                Yielded::Bad(bad) => _ = first_bad.get_or_insert_with(|| bad.reason.clone()),
            }
            sink(yielded);
        };
        let context = format::Context { limits, budget: Budget::of_file(self.bytes), depth: 0, read: format::read };
        let read = match &mut self.body {
            Body::Skipped(reason) => return Err(reason.clone()),
            Body::Whole(format, bytes) => {
                format::read(*format, Source::of_bytes(name, Arc::clone(bytes)), &context, &mut counting)
            }
            Body::Stream(Format::Zip, file) => format::archive::read_zip(&mut *file, name, &context, &mut counting),
            Body::Stream(format, file) => Source::new(name, Box::new(&mut *file))
                .and_then(|source| format::read(*format, source, &context, &mut counting)),
        };
        match read {
            // What was read before the damage stays, and the damage is told.
            Err(reason) if articles > 0 => {
                sink(Yielded::Bad(super::BadRecord { position: "end".into(), reason }));
                Ok(())
            }
            Err(reason) => Err(reason),
            Ok(()) if articles == 0 => Err(first_bad.unwrap_or(SkipReason::NoText)),
            Ok(()) => Ok(()),
        }
    }
}

fn refused(error: std::io::Error) -> SkipReason {
    SkipReason::Unreadable(crate::os::sentence(&error))
}

fn hash_stream(file: &mut File) -> std::io::Result<(u64, u64)> {
    let mut hasher = Xxh3::new();
    let mut reader = BufReader::with_capacity(256 * 1024, file);
    let mut bytes = 0;
    loop {
        let piece = reader.fill_buf()?;
        if piece.is_empty() {
            return Ok((hasher.digest(), bytes));
        }
        hasher.update(piece);
        let length = piece.len();
        bytes += length as u64;
        reader.consume(length);
    }
}

/// The hash of a file's bytes, as [`Contents::hash`].
///
/// # Errors
///
/// What the operating system says.
pub fn hash_file(path: &Path) -> std::io::Result<u64> {
    hash_stream(&mut File::open(path)?).map(|(hash, _)| hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_have_changed_since_it_was_listed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("article.txt");
        let (short, long) = ("Ships wait.\n".to_string(), "Ships wait off the breakwater.\n".repeat(HEAD_BYTES / 16));
        for text in [short, long, String::new()] {
            std::fs::write(&path, &text).expect("it has room");
            let length = text.len() as u64;
            for listed in [length, 0, 1, length.saturating_sub(1), length + 1, length + 100, u64::MAX] {
                let read = Contents::read_listed(&path, listed, ReadLimits::default()).expect("it is there");
                assert_eq!((read.bytes, read.whole().as_slice()), (length, text.as_bytes()), "{listed}");
                assert_eq!(read.hash, xxhash_rust::xxh3::xxh3_64(text.as_bytes()), "{listed}");
            }
        }
        assert!(Contents::read_listed(folder.path(), 12, ReadLimits::default()).is_err());
    }
}

//! The contents of one file: hashed, and read by its format.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3;

use super::companion::{self, FactsFiles};
use super::source::{Budget, HEAD_BYTES, Source};
use super::walk::Candidate;
use super::{Format, ReadLimits, Record, SkipReason, Yielded, format, structures};
use crate::article::date::date_in_path;
use crate::model::{Facts, PublishedFrom};

/// Stack size of a thread that reads files: pages nest deeply, and extractors recurse.
pub(crate) const READER_STACK_BYTES: usize = 64 << 20;

/// A file that was opened and hashed, and whose format is known.
#[derive(Debug)]
pub struct Contents {
    /// xxh3-64 of all its bytes, changed by what other files add: facts, and pages of a scan.
    pub hash: u64,
    /// Number of bytes.
    pub bytes: u64,
    body: Body,
    /// Facts that another file states.
    beside: Option<Facts>,
    /// The folder of the texts whose facts the file lists: those records are no articles of their own.
    texts: Option<PathBuf>,
    /// The folder of the file, if pages of its text are files beside it.
    folder: Option<PathBuf>,
}

#[derive(Debug)]
enum Body {
    /// A file in memory.
    Whole(Format, Arc<Vec<u8>>),
    /// A file of many records, which is read a second time record by record.
    Stream(Format, File),
    Skipped(SkipReason),
}

impl Contents {
    /// Opens and reads `path`.
    ///
    /// # Errors
    ///
    /// [`SkipReason::Unreadable`] and [`SkipReason::NotAFile`]. All other reasons are reported by
    /// [`Contents::articles`], so that skipped files have a hash too.
    pub fn read(path: &Path, limits: ReadLimits) -> Result<Contents, SkipReason> {
        let file = File::open(path).map_err(refused)?;
        let facts_files = FactsFiles::default().of(path, |_| false);
        let contents = Contents::of_file(path, file, limits)?;
        Ok(contents.with_facts_of(&facts_files, path).with_pages(path))
    }

    /// As [`Contents::read`], for a file that a walk found. A short file that still has the length that was found takes two
    /// system calls: open and read. Files whose text is read with another are skipped.
    ///
    /// # Errors
    ///
    /// As [`Contents::read`].
    pub fn read_listed(candidate: &Candidate, limits: ReadLimits) -> Result<Contents, SkipReason> {
        let path = &candidate.path;
        let contents = Contents::read_of_length(path, candidate.bytes, limits)?;
        let mut contents = contents.with_facts_of(&candidate.facts_files, path).with_pages(path);
        contents.leave_to_structure(path, candidate.levels(), limits);
        contents.texts = companion::texts_of(path);
        if contents.texts.is_some() {
            // Which of its records are articles depends on the files in that folder.
            contents.hash = contents.hash.rotate_left(1);
        }
        Ok(contents)
    }

    /// Contents that nothing beside the file adds to.
    fn of_body(hash: u64, bytes: u64, body: Body) -> Contents {
        Contents { hash, bytes, body, beside: None, texts: None, folder: None }
    }

    /// Adds the facts that other files state of this one. They are part of its hash.
    fn with_facts_of(mut self, files: &[PathBuf], path: &Path) -> Contents {
        if !files.is_empty() {
            self.beside = format::beside::facts(path, files);
            if let Some(facts) = &self.beside {
                self.hash ^= xxhash_rust::xxh3::xxh3_64(format!("{facts:?}").as_bytes());
            }
        }
        self
    }

    /// Notes the folder of a METS file. The pages in it are part of its hash.
    fn with_pages(mut self, path: &Path) -> Contents {
        if let Body::Whole(Format::Mets, bytes) = &self.body {
            let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
            if let Some(structure) = format::mets::structure(bytes, &folder) {
                let states: Vec<_> =
                    structure.pages.iter().map(|page| (page.file_name(), structures::state(page))).collect();
                self.hash ^= xxhash_rust::xxh3::xxh3_64(format!("{states:?}").as_bytes());
            }
            self.folder = Some(folder);
        }
        self
    }

    /// Skips a page of a scan that a METS file near it lists, and a METS file whose pages another one lists better. They
    /// have another hash then, since whether they are read does not depend on them alone.
    fn leave_to_structure(&mut self, path: &Path, levels: usize, limits: ReadLimits) {
        let reader = match &self.body {
            Body::Whole(Format::Scan, _) => structures::reader_of(path, levels, limits),
            Body::Whole(Format::Mets, _) => structures::other_reader(path, levels, limits),
            _ => None,
        };
        if let Some(reader) = reader {
            let name = reader.file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.body = Body::Skipped(SkipReason::Malformed(format!("a part of {name}, which is read as a whole")));
            self.hash = self.hash.rotate_left(2);
        }
    }

    fn read_of_length(path: &Path, bytes: u64, limits: ReadLimits) -> Result<Contents, SkipReason> {
        let mut file = File::open(path).map_err(refused)?;
        if let Ok(length @ 1..HEAD_BYTES) = usize::try_from(bytes) {
            // One byte more than expected: if it is not filled, the file has ended.
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

    /// Reads the rest of a file of `length` bytes whose first bytes are `head`.
    fn of_head(
        path: &Path,
        mut file: File,
        length: u64,
        head: Vec<u8>,
        limits: ReadLimits,
    ) -> Result<Contents, SkipReason> {
        let hash_whole = |file: &mut File| {
            file.rewind().map_err(refused)?;
            hash_stream(file).map_err(refused)
        };
        let detected = Format::detect(&path.to_string_lossy(), &head).and_then(|format| match format.left_out(&head) {
            Some(feature) => Err(SkipReason::LeftOut(feature)),
            None => Ok(format),
        });
        let format = match detected {
            Ok(format) if format.streams() => {
                let (hash, bytes) = hash_whole(&mut file)?;
                file.rewind().map_err(refused)?;
                return Ok(Contents::of_body(hash, bytes, Body::Stream(format, file)));
            }
            Ok(format) if length <= limits.max_bytes => format,
            Ok(_) => {
                let (hash, bytes) = hash_whole(&mut file)?;
                let reason = SkipReason::TooLong { bytes, limit: limits.max_bytes };
                return Ok(Contents::of_body(hash, bytes, Body::Skipped(reason)));
            }
            Err(reason) => {
                let (hash, bytes) = hash_whole(&mut file)?;
                return Ok(Contents::of_body(hash, bytes, Body::Skipped(reason)));
            }
        };
        // A short file is complete.
        let mut whole = head;
        if whole.len() == HEAD_BYTES {
            // Only a hint: the file may have another length by now.
            whole.reserve(usize::try_from(length).map_or(0, |length| length.saturating_sub(whole.len()) + 1));
            // The file may grow while it is read.
            file.take((limits.max_bytes + 1).saturating_sub(whole.len() as u64))
                .read_to_end(&mut whole)
                .map_err(refused)?;
        }
        whole.shrink_to_fit();
        let hash = xxhash_rust::xxh3::xxh3_64(&whole);
        let bytes = whole.len() as u64;
        Ok(Contents::of_body(hash, bytes, Body::Whole(format, Arc::new(whole))))
    }

    /// The bytes of a file that is held in memory; none of a file of many records or a skipped one.
    #[must_use]
    pub fn whole(&self) -> Arc<Vec<u8>> {
        match &self.body {
            Body::Whole(_, bytes) => Arc::clone(bytes),
            Body::Stream(..) | Body::Skipped(_) => Arc::default(),
        }
    }

    /// Yields the articles of the file, in order. `name` is its path relative to its folder, which may contain a date.
    ///
    /// # Errors
    ///
    /// Why the file gave no article.
    pub fn articles(
        &mut self,
        name: &str,
        limits: ReadLimits,
        sink: &mut dyn FnMut(Yielded),
    ) -> Result<(), SkipReason> {
        let mut articles = 0;
        let mut first_bad = None;
        let beside = self.beside.take();
        let mut counting = |mut yielded: Yielded| {
            match &mut yielded {
                Yielded::Article(record) => {
                    if let Some(facts) = &beside {
                        take_facts(record, facts);
                    }
                    articles += 1;
                }
                Yielded::Bad(bad) => _ = first_bad.get_or_insert_with(|| bad.reason.clone()),
            }
            sink(yielded);
        };
        let texts = self.texts.clone().map(Rc::new);
        let context = format::Context {
            limits,
            budget: Budget::of_file(self.bytes),
            depth: 0,
            read: format::read,
            texts,
            folder: self.folder.clone().map(Rc::new),
            url: None,
        };
        let read = match &mut self.body {
            Body::Skipped(reason) => return Err(reason.clone()),
            Body::Whole(format, bytes) => {
                format::read(*format, Source::of_bytes(name, Arc::clone(bytes)), &context, &mut counting)
            }
            Body::Stream(Format::Zip, file) => format::read_zip(&mut *file, name, &context, &mut counting),
            Body::Stream(format, file) => Source::new(name, Box::new(&mut *file))
                .and_then(|source| format::read(*format, source, &context, &mut counting)),
        };
        match read {
            // Articles before the damage are kept, and the damage is reported.
            Err(reason) if articles > 0 => {
                sink(Yielded::Bad(super::BadRecord { position: "end".into(), reason }));
                Ok(())
            }
            Err(reason) => Err(reason),
            Ok(()) if articles == 0 && first_bad.is_none() && self.texts.is_some() => {
                Err(SkipReason::Malformed("the facts of articles whose texts are files beside it".into()))
            }
            Ok(()) if articles == 0 => Err(first_bad.unwrap_or(SkipReason::NoText)),
            Ok(()) => Ok(()),
        }
    }
}

/// Sets the facts of an article that another file states: they are the publisher's or the reader's own.
fn take_facts(record: &mut Record, facts: &Facts) {
    let mut stated = facts.clone();
    stated.fill_from(std::mem::take(&mut record.raw.facts));
    record.raw.title_known |= stated.title.is_some();
    record.raw.facts = stated;
    if let Some(date) = record.raw.facts.url.as_deref().and_then(|url| date_in_path(url, PublishedFrom::Url)) {
        record.raw.path_date = Some(date);
    }
    record.hash ^= xxhash_rust::xxh3::xxh3_64(format!("{facts:?}").as_bytes());
}

fn refused(error: std::io::Error) -> SkipReason {
    SkipReason::Unreadable(crate::os::sentence(&error))
}

/// The hash and the length of the rest of a file, without holding it in memory.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::Feature;

    fn candidate(path: &Path, bytes: u64) -> Candidate {
        let (path, key) = (path.to_path_buf(), b"article.txt".to_vec());
        Candidate { path, key, bytes, modified_ns: 0, changed_ns: 0, inode: 0, facts_files: Vec::new(), skip: None }
    }

    #[test]
    fn files_may_change_after_they_are_listed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("article.txt");
        let (short, long) = ("Ships wait.\n".to_string(), "Ships wait off the breakwater.\n".repeat(HEAD_BYTES / 16));
        for text in [short, long, String::new()] {
            std::fs::write(&path, &text).expect("it has room");
            let length = text.len() as u64;
            for listed in [length, 0, 1, length.saturating_sub(1), length + 1, length + 100, u64::MAX] {
                let read =
                    Contents::read_listed(&candidate(&path, listed), ReadLimits::default()).expect("it is there");
                assert_eq!((read.bytes, read.whole().as_slice()), (length, text.as_bytes()), "{listed}");
                assert_eq!(read.hash, xxhash_rust::xxh3::xxh3_64(text.as_bytes()), "{listed}");
            }
        }
        assert!(Contents::read_listed(&candidate(folder.path(), 12), ReadLimits::default()).is_err());
    }

    #[test]
    fn formats_that_are_left_out_are_skipped_with_the_feature() {
        const PAGE: &str = "<!doctype html><html><body><p>Dockers walked out.</p></body></html>";
        const MESSAGE: &str = "From: mara@halden.example\nSubject: Port\n\nDockers walked out.\n";
        let warc = format!(
            "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://a.example/\r\nContent-Type: text/html\r\n\
             Content-Length: {}\r\n\r\n{PAGE}\r\n\r\n",
            PAGE.len()
        );
        let saved = format!(
            "From: <Saved by Blink>\nSnapshot-Content-Location: http://a.example/\nSubject: Port\nMIME-Version: 1.0\n\
             Content-Type: text/html\n\n{PAGE}\n"
        );
        let zip_of = |member: &str| {
            let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
            let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
            zip.start_file(member, stored).expect("in memory");
            zip.finish().expect("in memory").into_inner()
        };
        let tar = [vec![0; 257], b"ustar".to_vec(), vec![0; 250]].concat();
        let (document, archive) = (zip_of("[Content_Types].xml"), zip_of("news/port.txt"));
        let needs_mail = if Feature::Mail.is_built() { Feature::Pages } else { Feature::Mail };
        for (name, bytes, feature) in [
            ("a.html", PAGE.as_bytes(), Feature::Pages),
            ("a.txt", PAGE.as_bytes(), Feature::Pages),
            ("a.warc", warc.as_bytes(), Feature::Pages),
            ("a.eml", MESSAGE.as_bytes(), Feature::Mail),
            ("a.mbox", format!("From mara@a.example Mon Sep 11 08:00:00 2023\n{MESSAGE}").as_bytes(), Feature::Mail),
            ("a.mhtml", saved.as_bytes(), needs_mail),
            ("a.docx", &document, Feature::Office),
            ("a.zip", &archive, Feature::Archives),
            ("a.tar", &tar, Feature::Archives),
            ("a.txt.gz", b"\x1f\x8b\x08\0", Feature::Archives),
            ("a.txt.zst", b"\x28\xb5\x2f\xfd", Feature::Archives),
            ("a.txt.xz", b"\xfd7zXZ\0", Feature::Archives),
            ("a.txt.bz2", b"BZh9", Feature::Archives),
            ("a.pdf", b"%PDF-1.4\n", Feature::Pdf),
        ] {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).expect("it has room");
            let mut contents = Contents::read(&path, ReadLimits::default()).expect("it is there");
            assert_eq!(contents.hash, xxhash_rust::xxh3::xxh3_64(bytes), "{name}");
            let read = contents.articles(name, ReadLimits::default(), &mut |_| {});
            let is_left_out = read == Err(SkipReason::LeftOut(feature));
            assert_eq!(is_left_out, !feature.is_built(), "{name}: {read:?}");
        }
    }
}

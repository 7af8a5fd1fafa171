//! Articles that are not files: added, replaced and removed by a program.

use std::collections::BTreeSet;

use xxhash_rust::xxh3::xxh3_64;

use super::commit::Transaction;
use super::document::{Origin, documents};
use super::manifest::{FileEntry, FileState, Folder, UNSURE};
use super::{Index, IndexError, WriteLock};
use crate::article::RawArticle;
use crate::ingest::Record;
use crate::ingest::format::markdown;
use crate::model::Facts;

/// An article to be added to an index.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NewArticle {
    /// The program's id for it, which hits give as their path. An article with the same id is replaced.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Is the text Markdown? Otherwise it is bare text: each paragraph and each heading is a line.
    pub is_markdown: bool,
    /// Its facts. Those found in the text are added, and replace none of these.
    pub facts: Facts,
}

impl NewArticle {
    /// An article of bare text.
    #[must_use]
    pub fn text(id: impl Into<String>, text: impl Into<String>) -> NewArticle {
        NewArticle { id: id.into(), text: text.into(), is_markdown: false, facts: Facts::default() }
    }

    /// An article of Markdown.
    #[must_use]
    pub fn markdown(id: impl Into<String>, text: impl Into<String>) -> NewArticle {
        NewArticle { is_markdown: true, ..NewArticle::text(id, text) }
    }

    /// The same with these facts.
    #[must_use]
    pub fn with_facts(self, facts: Facts) -> NewArticle {
        NewArticle { facts, ..self }
    }
}

/// Writes articles into an index, whose lock it holds. Changes become visible when they are committed; dropping the
/// writer before that discards them.
pub struct Writer<'a> {
    transaction: Transaction<'a>,
    /// Index of the folder of added articles in the manifest.
    folder: usize,
    removed: BTreeSet<u64>,
    now: i64,
    // Declared last, so that it is dropped last.
    _lock: WriteLock,
}

impl<'a> Writer<'a> {
    /// Begins to write to `index`.
    ///
    /// # Errors
    ///
    /// [`IndexError::Locked`] while another process writes, and any error of reading or writing the index.
    pub fn begin(index: &'a Index) -> Result<Writer<'a>, IndexError> {
        let lock = Index::lock(index.path())?;
        let mut transaction = Transaction::begin(index, &lock)?;
        let folders = &mut transaction.manifest.folders;
        let folder = folders.iter().position(Folder::is_added).unwrap_or_else(|| {
            let number = folders.iter().map(|known| known.number + 1).max().unwrap_or(0);
            folders.push(Folder::of_added(number));
            folders.len() - 1
        });
        let now = crate::article::date::seconds_of(jiff::ZonedDateTime::now().datetime());
        Ok(Writer { transaction, folder, removed: BTreeSet::new(), now, _lock: lock })
    }

    /// Adds an article, replacing one with the same id.
    ///
    /// # Errors
    ///
    /// Any error of writing the index.
    pub fn add(&mut self, article: NewArticle) -> Result<(), IndexError> {
        let NewArticle { id, text, is_markdown, facts } = article;
        let (bytes, hash) = (text.len() as u64, xxh3_64(text.as_bytes()));
        let mut raw = if is_markdown { markdown::read(text) } else { RawArticle { text, ..RawArticle::default() } };
        raw.title_known |= facts.title.is_some();
        let found = std::mem::replace(&mut raw.facts, facts);
        raw.facts.fill_from(found);
        self.remove(&id);
        let manifest = &mut self.transaction.manifest;
        let number = manifest.next_file;
        manifest.next_file += 1;
        let record = Record { id: None, raw, map: None, hash };
        let origin = Origin { file: number, path: &id, bytes: &[], added: self.now };
        let made = documents(self.transaction.index.fields(), record, origin);
        let state = FileState::Indexed {
            articles: 1,
            sections: made.sections as u32,
            passages: made.passages as u32,
            lengths: made.lengths,
            languages: [(made.language, 1)].into_iter().collect(),
            bad: Box::default(),
        };
        let entry = FileEntry { number, bytes, modified_ns: UNSURE, changed_ns: 0, inode: 0, hash, state };
        manifest.folders[self.folder].files.insert(id.into_bytes(), entry);
        self.transaction.add(made.documents)
    }

    /// Removes the article with this id. Returns whether there was one.
    pub fn remove(&mut self, id: &str) -> bool {
        let files = &mut self.transaction.manifest.folders[self.folder].files;
        let Some(entry) = files.remove(id.as_bytes()) else { return false };
        self.removed.insert(entry.number);
        self.transaction.delete(entry.number);
        true
    }

    /// Commits all changes atomically.
    ///
    /// # Errors
    ///
    /// Any error of writing the index, which is then unchanged.
    pub fn commit(self) -> Result<(), IndexError> {
        let Writer { mut transaction, folder, _lock, .. } = self;
        if transaction.manifest.folders[folder].files.is_empty() {
            transaction.manifest.folders.remove(folder);
        }
        transaction.commit()
    }
}

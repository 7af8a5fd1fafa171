//! One commit of an index, open for queries: what it holds, and reading what is stored.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;

use tantivy::{DocAddress, Searcher, SegmentReader};

use super::aggregate::Whole;
use super::local::docs::Blocks;
use super::local::recent::Recent;
use super::over_engine::Foreign;
use super::part::{Part, set_apart};
use crate::index::readers::Readers;
use crate::index::renames::file_of;
use crate::index::reprints::{self, Groups};
use crate::index::saved::{self, SavedQueries};
use crate::index::schema::docs_with;
use crate::index::stored::StoredSegment;
use crate::index::{Fields, FollowedFolder, Index, IndexError, Totals, folder_name, guarded, one_of};
use crate::model::{Article, ArticleText, Passage};
use crate::text::Language;
#[cfg(feature = "serve")]
use crate::vocabulary::Number;
use crate::vocabulary::Scope;

/// Number of blocks of a store that are cached unpacked. Texts are read in order on all cores, so that each core needs one
/// or two.
const STORE_BLOCKS: usize = 8;

/// One commit of an index, open for queries.
pub(crate) struct Snapshot {
    /// The indexes that are searched together: at least one.
    pub(super) parts: Vec<Part>,
    /// The segments of all parts.
    pub(super) readers: Readers,
    /// The store of each segment.
    pub(super) stored: Vec<StoredSegment>,
    /// Number of the segments that are searched. Those after them, of an engine, are there to be read.
    searched: usize,
    pub(super) totals: Totals,
    pub(super) languages: Vec<Language>,
    /// Codes of the languages with their numbers of articles, the commonest first.
    pub(super) counted_languages: Vec<(String, u64)>,
    pub(super) saved: SavedQueries,
    pub(super) groups: Groups,
    folders: Vec<FollowedFolder>,
    /// What is known of the articles of an engine, where these are some of them.
    pub(super) foreign: Option<Foreign>,
    /// What was counted over all that it holds.
    pub(super) whole: Whole,
    /// Cache of terms and postings. It is shared with the commit before, most of whose segments are still there.
    pub(super) recent: Arc<Recent>,
}

/// Articles that an engine holds, as one of the indexes of a snapshot.
pub(super) struct CandidatePart {
    pub(super) part: Part,
    /// The segments that are searched.
    pub(super) searched: Vec<Searcher>,
    /// The segments that are there to be read.
    pub(super) beside: Vec<Searcher>,
}

impl Snapshot {
    /// Opens the last commits of these indexes, or of those that replaced them. Of `before` is taken what is still so.
    ///
    /// # Errors
    ///
    /// An error of reading an index, which names it.
    pub(crate) fn open(indexes: &[Index], before: Option<&Snapshot>) -> Result<Snapshot, IndexError> {
        const TRIES: usize = 5;
        let known = |index: &Index, generation: u64, saved: &SavedQueries| {
            let parts = before.map_or(&[][..], |before| &before.parts);
            let is_it = |part: &&Part| {
                part.index.path() == index.path() && part.is_of(index.state(), generation) && part.saved == *saved
            };
            parts.iter().find(is_it).cloned()
        };
        let open = |indexes: &[Index]| {
            let part = |index: &Index| {
                // Of one index nothing is known that saves time.
                let part = if indexes.len() > 1 && before.is_some() {
                    known(index, index.payload()?.generation, &saved::read(index.path())?)
                } else {
                    None
                };
                guarded(index.path(), || part.map_or_else(|| Part::open(index), Ok))
            };
            Snapshot::of_parts(indexes.iter().map(part).collect::<Result<_, _>>()?)
        };
        let mut opened = open(indexes);
        for _ in 0..TRIES {
            if !matches!(opened, Err(IndexError::Replaced(_))) {
                break;
            }
            // Of a state that is being removed some files may still be there.
            let newer = indexes.iter().map(|index| Index::open(index.path())).collect::<Result<Vec<_>, _>>()?;
            opened = open(&newer);
        }
        if let (Ok(opened), Some(before)) = (&mut opened, before) {
            opened.recent = Arc::clone(&before.recent);
        }
        opened
    }

    fn of_parts(mut parts: Vec<Part>) -> Result<Snapshot, IndexError> {
        set_apart(&mut parts);
        let mut readers = Readers::default();
        let mut stored = Vec::new();
        let (mut totals, mut saved) = (Totals::default(), SavedQueries::new());
        let mut languages: BTreeMap<&str, u64> = BTreeMap::new();
        for (part, number) in parts.iter().zip(0..) {
            readers.add(&part.searcher, number, part.salt);
            let of_part =
                part.searcher.segment_readers().iter().map(|reader| StoredSegment::open(reader, STORE_BLOCKS));
            let of_part = of_part.collect::<tantivy::Result<Vec<_>>>().map_err(|error| part.index.error(error))?;
            stored.extend(of_part);
            totals.add(&part.payload.totals);
            for (code, articles) in &part.payload.languages {
                *languages.entry(code).or_default() += articles;
            }
            // A name means what it does in the first index that has it.
            for (name, query) in &part.saved {
                saved.entry(name.clone()).or_insert_with(|| query.clone());
            }
        }
        // The commonest first.
        let mut languages: Vec<(&str, u64)> = languages.into_iter().collect();
        languages.sort_by_key(|&(_, articles)| Reverse(articles));
        let counted_languages: Vec<_> =
            languages.iter().map(|&(code, articles)| (code.to_string(), articles)).collect();
        let languages = languages.into_iter().filter_map(|(code, _)| Language::from_exact_code(code)).collect();
        let fields = parts[0].index.fields();
        let groups = match &parts[..] {
            [Part { index, .. }] => reprints::groups(&index.folder(), &readers, fields),
            _ => {
                let folders: Vec<PathBuf> = parts.iter().map(|part| part.index.folder()).collect();
                reprints::groups_across(&folders, &readers, fields, reprints::cache_folder().as_deref())
            }
        };
        let groups = groups.map_err(|error| error_of(&parts, error))?;
        let folders = parts.iter().flat_map(|part| part.folders.iter().cloned()).collect();
        let (foreign, whole, recent) = (None, Whole::default(), Arc::default());
        Ok(Snapshot {
            parts,
            searched: stored.len(),
            readers,
            stored,
            totals,
            languages,
            counted_languages,
            saved,
            groups,
            folders,
            foreign,
            whole,
            recent,
        })
    }

    /// Some of the articles that an engine holds. The first part tells what it holds in all.
    pub(super) fn of_candidates(
        parts: Vec<CandidatePart>,
        groups: Groups,
        foreign: Foreign,
    ) -> Result<Snapshot, IndexError> {
        let mut readers = Readers::default();
        let mut stored = Vec::new();
        let mut add =
            |CandidatePart { part, .. }: &CandidatePart, number, searchers: &[Searcher]| -> Result<_, IndexError> {
                for searcher in searchers {
                    readers.add(searcher, number, part.salt);
                    for reader in searcher.segment_readers() {
                        stored
                            .push(StoredSegment::open(reader, STORE_BLOCKS).map_err(|error| part.index.error(error))?);
                    }
                }
                Ok(stored.len())
            };
        let mut searched = 0;
        for (part, number) in parts.iter().zip(0..) {
            searched = add(part, number, &part.searched)?;
        }
        for (part, number) in parts.iter().zip(0..) {
            add(part, number, &part.beside)?;
        }
        let parts: Vec<Part> = parts.into_iter().map(|one| one.part).collect();
        let counted_languages = parts[0].payload.languages.clone();
        let known = counted_languages.iter().filter_map(|(code, _)| Language::from_exact_code(code));
        Ok(Snapshot {
            languages: known.collect(),
            totals: parts[0].payload.totals,
            parts,
            readers,
            stored,
            searched,
            counted_languages,
            saved: SavedQueries::new(),
            groups,
            folders: Vec::new(),
            foreign: Some(foreign),
            whole: Whole::default(),
            recent: Arc::default(),
        })
    }

    /// Are these the last commits of its indexes, with these saved queries?
    pub(crate) fn is_of(&self, indexes: &[Index]) -> Result<bool, IndexError> {
        for (part, index) in self.parts.iter().zip(indexes) {
            let is_same = part.is_of(index.state(), index.payload()?.generation);
            if !is_same || part.saved != saved::read(index.path())? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The fields, which are the same in all indexes of one format.
    pub(crate) fn fields(&self) -> &Fields {
        self.parts[0].index.fields()
    }

    /// The index that a segment is of.
    pub(super) fn part(&self, segment: u32) -> &Part {
        &self.parts[self.readers.part_of(segment)]
    }

    /// The segments that are searched.
    pub(super) fn searched(&self) -> &[SegmentReader] {
        &self.readers.segments()[..self.searched]
    }

    /// Folders that the index follows.
    pub(crate) fn folders(&self) -> &[FollowedFolder] {
        &self.folders
    }

    /// The paths of these folders or files as they are shown; none if they are all folders of the index.
    pub(crate) fn filter_folders(&self, folders: &[PathBuf]) -> Result<Vec<String>, IndexError> {
        let mut names = Vec::new();
        for folder in folders {
            let absolute = folder.canonicalize().map_err(|error| match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => IndexError::NoFolder(folder.clone()),
                _ => IndexError::io("read", folder, &error),
            })?;
            let home = self.folders.iter().find(|known| absolute.starts_with(&known.absolute));
            let name = match home {
                Some(FollowedFolder { name, absolute: known, .. }) => {
                    let below = absolute.strip_prefix(known).expect("the folder holds it");
                    let below = below.to_string_lossy().replace('\\', "/");
                    if below.is_empty() { name.clone() } else { format!("{}/{below}", name.trim_end_matches('/')) }
                }
                None => folder_name(&folder.to_string_lossy()),
            };
            names.push(name);
        }
        let all = self.folders.iter().all(|folder| names.contains(&folder.name));
        Ok(if all { Vec::new() } else { names })
    }

    /// The name of this commit.
    pub(crate) fn commit(&self) -> String {
        if self.foreign.is_some() {
            return self.parts[0].label.clone();
        }
        self.parts.iter().map(Part::commit).collect::<Vec<_>>().join("-")
    }

    /// Number of articles.
    pub(crate) fn num_articles(&self) -> u64 {
        self.totals.articles
    }

    /// Number of passages.
    pub(crate) fn num_passages(&self) -> u64 {
        if self.foreign.is_some() { self.totals.passages } else { self.readers.num_docs() }
    }

    pub(super) fn error(&self, error: tantivy::TantivyError) -> IndexError {
        error_of(&self.parts, error)
    }

    /// The hash of the bytes of the article with this first document.
    pub(super) fn article_hash(&self, segment: u32, first_doc: u32) -> tantivy::Result<u64> {
        let column = self.stored[segment as usize].columns().unsigned("article")?;
        Ok(column.and_then(|column| column.first(first_doc)).unwrap_or(0))
    }

    /// [`Article::order`] by the stored path, which stays the same when a folder is moved.
    pub(super) fn stored_order(&self, article: &Article) -> tantivy::Result<u64> {
        // Of an engine two parts may have the path.
        if self.foreign.is_some()
            && let Some(at) = self.place_of(article)?
        {
            return Ok(self.part(at.segment_ord).order(article));
        }
        let part = self.parts.iter().max_by_key(|part| part.holds(&article.path)).expect("there is at least one");
        Ok(part.order(article))
    }

    /// The first document of the article with these bytes and this path.
    fn place_of(&self, article: &Article) -> tantivy::Result<Option<DocAddress>> {
        for (reader, segment) in self.readers.segments().iter().zip(0..) {
            for first_doc in docs_with(reader, "article", article.hash)? {
                let at = DocAddress::new(segment, first_doc);
                let known = self.article(at)?;
                if known.is_some_and(|known| (&known.path, &known.record) == (&article.path, &article.record)) {
                    return Ok(Some(at));
                }
            }
        }
        Ok(None)
    }

    /// The article with this first document, with its path as it is shown.
    pub(super) fn article(&self, first: DocAddress) -> tantivy::Result<Option<Article>> {
        let stored = &self.stored[first.segment_ord as usize];
        Ok(stored.article(self.fields(), first.doc_id)?.map(|article| self.shown(article, first.segment_ord)))
    }

    /// An article of a segment with its path as it is shown.
    pub(super) fn shown(&self, mut article: Article, segment: u32) -> Article {
        let part = self.part(segment);
        if let Cow::Owned(shown) = part.renames.shown(&article.path) {
            article.path = shown;
        }
        article.file = file_of(&part.folders, &article.path);
        article
    }

    /// A stored passage and its article.
    pub(super) fn passage(&self, address: DocAddress, first_doc: u32) -> tantivy::Result<(Article, Passage)> {
        let passage = self.passage_alone(address)?;
        Ok((self.article_at(DocAddress::new(address.segment_ord, first_doc))?, passage))
    }

    /// A stored passage.
    pub(crate) fn passage_alone(&self, address: DocAddress) -> tantivy::Result<Passage> {
        let passage = self.stored[address.segment_ord as usize].passage(self.fields(), address.doc_id)?;
        passage.ok_or_else(|| tantivy::TantivyError::InternalError("a stored passage cannot be read".into()))
    }

    /// As [`Snapshot::article`], of which there must be one.
    pub(super) fn article_at(&self, first: DocAddress) -> tantivy::Result<Article> {
        let article = self.article(first)?;
        article.ok_or_else(|| tantivy::TantivyError::InternalError("a stored article cannot be read".into()))
    }

    /// The article with this first document and this stored path.
    pub(crate) fn article_with_path(&self, first: DocAddress, path: &str) -> tantivy::Result<Article> {
        let stored = &self.stored[first.segment_ord as usize];
        let article = stored.article_with_path(self.fields(), first.doc_id, path)?;
        let article = article.map(|article| self.shown(article, first.segment_ord));
        article.ok_or_else(|| tantivy::TantivyError::InternalError("a stored article cannot be read".into()))
    }

    /// The indexes.
    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// A stored path of a segment as it is shown.
    pub(crate) fn shown_path(&self, stored: &str, segment: u32) -> String {
        self.part(segment).renames.shown(stored).into_owned()
    }

    /// An error of reading this commit.
    pub(crate) fn index_error(&self, error: tantivy::TantivyError) -> IndexError {
        self.error(error)
    }

    /// The article with this hash, its passages and its copies.
    pub(crate) fn article_text(&self, hash: u64) -> Result<Option<ArticleText>, IndexError> {
        let mut found = self.articles_with(hash).map_err(|error| self.error(error))?.into_iter();
        let Some((article, passages)) = found.next() else { return Ok(None) };
        Ok(Some(ArticleText { article, passages, copies: found.map(|(copy, _)| copy.into()).collect() }))
    }

    /// The latest time at which an article was added, in seconds since 1970; `None` without articles.
    #[cfg(feature = "serve")]
    pub(super) fn last_added(&self) -> Result<Option<i64>, IndexError> {
        let of_segment = |stored: &StoredSegment| {
            let added = stored.columns().signed(Number::Added.name())?;
            Ok(added.map(|added| added.max_value()))
        };
        let all: tantivy::Result<Vec<_>> = self.stored.iter().map(of_segment).collect();
        Ok(all.map_err(|error| self.error(error))?.into_iter().flatten().max())
    }

    /// Is this article in this commit, with these bytes and under this path?
    #[cfg(feature = "serve")]
    pub(super) fn holds(&self, article: &Article) -> Result<bool, IndexError> {
        Ok(self.place_of(article).map_err(|error| self.error(error))?.is_some())
    }

    /// All articles with this hash (copies of the same bytes) by path, with their passages in order.
    pub(super) fn articles_with(&self, hash: u64) -> tantivy::Result<Vec<(Article, Vec<Passage>)>> {
        let mut out = Vec::new();
        for (ordinal, reader) in self.readers.segments().iter().enumerate() {
            let blocks = Blocks::open(reader, self.stored[ordinal].columns())?;
            for first_doc in docs_with(reader, "article", hash)? {
                let address = |doc| DocAddress::new(ordinal as u32, doc);
                let docs = first_doc..blocks.end(first_doc, Scope::Article);
                let passages = docs.map(|doc| self.passage_alone(address(doc)));
                out.push((self.article_at(address(first_doc))?, passages.collect::<tantivy::Result<_>>()?));
            }
        }
        out.sort_by(|a, b| (&a.0.path, &a.0.record).cmp(&(&b.0.path, &b.0.record)));
        Ok(out)
    }
}

/// An error of reading one of the indexes: of which, as far as it tells.
fn error_of(parts: &[Part], error: tantivy::TantivyError) -> IndexError {
    if let [part] = parts {
        return part.index.error(error);
    }
    let text = error.to_string();
    let is_named = |part: &&Part| {
        part.searcher.segment_readers().iter().any(|reader| text.contains(&reader.segment_id().uuid_string()))
    };
    let named = parts.iter().find(is_named).or_else(|| parts.iter().find(|part| !part.index.is_current()));
    match named {
        Some(part) => part.index.error(error),
        None => IndexError::Damaged { path: suspect(parts), reason: text },
    }
}

/// The index that has a damaged file; all of them if that would take too long to find out.
pub(super) fn suspect(parts: &[Part]) -> PathBuf {
    /// What is read in some seconds.
    const MAX_BYTES: u64 = 4 << 30;
    let is_damaged = |part: &&Part| part.index.damaged_files().map_or(true, |files| !files.is_empty());
    let bytes: u64 = parts.iter().map(|part| part.index.disk_bytes()).sum();
    let found = if parts.len() > 1 && bytes <= MAX_BYTES { parts.iter().find(is_damaged) } else { None };
    match found {
        Some(part) => part.index.path().to_path_buf(),
        None => one_of(parts.iter().map(|part| part.index.path())),
    }
}

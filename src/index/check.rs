//! Does the index match its folders? Every file is read and its contents compared; nothing is changed.

use std::collections::HashMap;

use serde::Serialize;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, Searcher, TERMINATED};

use super::manifest::FileState;
use super::{Index, IndexError, Manifest};
use crate::ingest::read::hash_file;
use crate::ingest::walk::{FailedPaths, WalkOptions, Walked, walk};

/// How a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Indexed, and as it was.
    Indexed,
    /// Indexed, and its bytes are those of another file too.
    Duplicate,
    /// Known to give no article.
    Skipped,
    /// In the folder, not in the index.
    New,
    /// Its contents differ from what was indexed.
    Changed,
    /// In the index, not in the folder.
    Gone,
    /// Not all of its articles are in the index, though they should be.
    Lost,
    /// Articles of the index that no file accounts for.
    Stray,
    /// It, or its folder, could not be looked at.
    Unknown,
}

impl Standing {
    /// All of them.
    pub const ALL: [Standing; 9] = [
        Standing::Indexed,
        Standing::Duplicate,
        Standing::Skipped,
        Standing::New,
        Standing::Changed,
        Standing::Gone,
        Standing::Lost,
        Standing::Stray,
        Standing::Unknown,
    ];

    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Standing::Indexed => "indexed",
            Standing::Duplicate => "duplicate",
            Standing::Skipped => "skipped",
            Standing::New => "new",
            Standing::Changed => "changed",
            Standing::Gone => "gone",
            Standing::Lost => "lost",
            Standing::Stray => "stray",
            Standing::Unknown => "unknown",
        }
    }

    /// Do index and folder agree on such a file?
    #[must_use]
    pub fn agrees(self) -> bool {
        matches!(self, Standing::Indexed | Standing::Duplicate | Standing::Skipped)
    }

    /// Is the index in itself at odds, so that only building it anew helps?
    #[must_use]
    pub fn is_damage(self) -> bool {
        matches!(self, Standing::Lost | Standing::Stray)
    }
}

/// One file of the check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Its path, as it is shown.
    pub path: String,
    /// How it stands.
    pub standing: Standing,
    /// Why it is skipped, which file it repeats, what differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Compares the index with its folders, by contents.
///
/// `walk_options` must be those the index was made with.
///
/// # Errors
///
/// Whatever keeps the index from being read; a file that cannot be read is [`Standing::Unknown`].
pub fn check(index: &Index, walk_options: WalkOptions) -> Result<Vec<Checked>, IndexError> {
    let (manifest, mut held) = held(index)?;
    let mut out = Vec::new();
    let mut first_with: HashMap<u64, String> = HashMap::new();
    for folder in &manifest.folders {
        let mut failed = FailedPaths::default();
        let mut seen = std::collections::BTreeSet::new();
        let mut all: Vec<Walked> = walk(std::path::Path::new(&folder.absolute), walk_options).collect();
        all.sort_by(|a, b| a.key().cmp(b.key()));
        for walked in all {
            let candidate = match walked {
                Walked::File(candidate) => candidate,
                Walked::Failed { key, error, path } => {
                    let path = if key.is_empty() {
                        folder.name.clone()
                    } else {
                        folder.path_of(&key) + if path.is_dir() { "/" } else { "" }
                    };
                    out.push(Checked { path, standing: Standing::Unknown, reason: Some(error.clone()) });
                    failed.insert(key, error);
                    continue;
                }
            };
            let path = folder.path_of(&candidate.key);
            let (standing, reason) = match folder.files.get(&candidate.key) {
                None => (Standing::New, None),
                Some(entry) => match (&entry.state, candidate.skip.as_ref()) {
                    (FileState::Skipped(known), Some(now)) if known == now => {
                        (Standing::Skipped, Some(known.to_string()))
                    }
                    (_, Some(now)) => (Standing::Changed, Some(now.to_string())),
                    (state, None) => match hash_file(&candidate.path) {
                        Err(error) if matches!(state, FileState::Skipped(reason) if reason.is_passing()) => {
                            (Standing::Skipped, Some(crate::os::sentence(&error)))
                        }
                        Err(error) => (Standing::Unknown, Some(crate::os::sentence(&error))),
                        Ok(hash) if hash != entry.hash => {
                            let same_look =
                                entry.bytes == candidate.bytes && entry.modified_ns == candidate.modified_ns;
                            let hint = "same size and time, other contents: bring it up to date with `crosshead index --rehash`";
                            (Standing::Changed, same_look.then(|| hint.to_string()))
                        }
                        Ok(hash) => match state {
                            FileState::Skipped(reason) => (Standing::Skipped, Some(reason.to_string())),
                            FileState::Indexed { .. } => match first_with.get(&hash) {
                                Some(first) => (Standing::Duplicate, Some(format!("same bytes as {first}"))),
                                None => {
                                    first_with.insert(hash, path.clone());
                                    (Standing::Indexed, None)
                                }
                            },
                        },
                    },
                },
            };
            let lost = folder.files.get(&candidate.key).and_then(|entry| {
                let (should, are) = (entry.state.articles(), held.remove(&entry.number).unwrap_or(0));
                (should != are).then(|| format!("{are} of its {should} articles are in the index"))
            });
            let (standing, reason) = lost.map_or((standing, reason), |lost| (Standing::Lost, Some(lost)));
            seen.insert(candidate.key);
            out.push(Checked { path, standing, reason });
        }
        for (key, entry) in folder.files.iter().filter(|(key, _)| !seen.contains(*key)) {
            held.remove(&entry.number);
            if !failed.cover(key) {
                out.push(Checked { path: folder.path_of(key), standing: Standing::Gone, reason: None });
            }
        }
    }
    let mut strays: Vec<_> = held.into_iter().collect();
    strays.sort_unstable();
    out.extend(strays.into_iter().map(|(file, articles)| Checked {
        path: format!("file number {file}"),
        standing: Standing::Stray,
        reason: Some(format!("{articles} articles of the index are of no file")),
    }));
    Ok(out)
}

/// The manifest, and how many articles of each file, by its number, the index holds.
fn held(index: &Index) -> Result<(Manifest, HashMap<u64, u64>), IndexError> {
    loop {
        let (before, manifest) = index.manifest()?;
        let (payload, searcher) = index.snapshot()?;
        if before.generation == payload.generation {
            let held = count(index, &searcher).map_err(|error| index.error(error))?;
            return Ok((manifest, held));
        }
    }
}

fn count(index: &Index, searcher: &Searcher) -> tantivy::Result<HashMap<u64, u64>> {
    let mut held = HashMap::new();
    for reader in searcher.segment_readers() {
        let heads = reader.fast_fields().column_opt::<u64>("article_len")?;
        let inverted = reader.inverted_index(index.fields().file)?;
        let mut files = inverted.terms().stream()?;
        while files.advance() {
            let file = files.key().try_into().map_or(u64::MAX, u64::from_be_bytes);
            let mut postings = inverted.read_postings_from_terminfo(files.value(), IndexRecordOption::Basic)?;
            while postings.doc() != TERMINATED {
                let doc = postings.doc();
                let is_head = heads.as_ref().is_some_and(|heads| heads.first(doc).is_some());
                if is_head && !reader.is_deleted(doc) {
                    *held.entry(file).or_default() += 1;
                }
                postings.advance();
            }
        }
    }
    Ok(held)
}

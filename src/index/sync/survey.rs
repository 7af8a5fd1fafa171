//! Finds the work of a run: folders are walked and compared with the manifest, by size, times and inode. Nothing is opened for
//! writing.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rayon::slice::ParallelSliceMut;

use crate::index::manifest::{FileEntry, FileState, Folder, Manifest, folder_name};
use crate::index::sync::report::{Failure, FailureKind, Report, SyncOptions, report_skips};
use crate::index::vanished::{device_of, is_below, is_emptied_disk, vanished};
use crate::index::{Index, IndexError};
use crate::ingest::SkipReason;
use crate::ingest::walk::{Candidate, FailedPaths, WalkOptions, Walked, is_walked, walk};
use crate::text::counted;

/// The part of the folders that is compared with the index.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scope<'a> {
    /// Folders or files named by the user; if there are none, all that the index follows.
    Folders(&'a [PathBuf]),
    /// Absolute paths in the folders that the index follows, which may no longer exist.
    Paths(&'a [PathBuf]),
}

/// The result of a survey.
#[derive(Default)]
pub(crate) struct Survey {
    /// The manifest, with new folders added.
    pub(crate) manifest: Manifest,
    /// Files to read, each with the index of its folder in the manifest.
    pub(crate) work: Vec<(usize, Candidate)>,
    /// Keys of the files to delete, each with the index of its folder.
    pub(crate) gone: Vec<(usize, Vec<u8>)>,
    /// Numbers of the files of folders that became part of a new folder. Their articles are deleted.
    pub(crate) moved: Vec<u64>,
    /// Has the list of folders changed?
    pub(crate) folders_changed: bool,
    pub(crate) report: Report,
}

impl Survey {
    /// Is there nothing to do?
    pub(crate) fn is_idle(&self) -> bool {
        self.work.is_empty() && self.gone.is_empty() && self.moved.is_empty() && !self.folders_changed
    }
}

/// Walks `scope` and compares it with the manifest.
///
/// # Errors
///
/// [`IndexError::NoFolder`], [`IndexError::NoFolders`], [`IndexError::FolderName`], and errors of resolving a folder's
/// path.
pub(crate) fn survey(
    index: &Index,
    manifest: Manifest,
    scope: Scope<'_>,
    options: &SyncOptions,
) -> Result<Survey, IndexError> {
    let mut survey = Survey { manifest, ..Survey::default() };
    match scope {
        Scope::Folders([]) => {
            if survey.manifest.followed().next().is_none() {
                return Err(IndexError::NoFolders(index.path().to_path_buf()));
            }
            let followed: Vec<usize> = survey.manifest.followed().map(|(folder, _)| folder).collect();
            for folder in followed {
                add_walk(&mut survey, folder, options.walk);
                survey_followed(&mut survey, folder, options);
            }
        }
        Scope::Folders(folders) => {
            // All are entered first: a folder that holds others takes their places in the list.
            for folder in folders {
                find_or_add(&mut survey, folder, options)?;
            }
            for folder in folders {
                let (folder, below) = find_or_add(&mut survey, folder, options)?;
                survey_below(&mut survey, folder, &below, options);
            }
        }
        Scope::Paths(paths) => {
            for path in paths {
                survey_path(&mut survey, path, options);
            }
        }
    }
    // Walks are in no order, and a folder may be named twice; articles are indexed in the order of keys.
    survey.work.par_sort_unstable_by(|(a, x), (b, y)| (a, &x.key).cmp(&(b, &y.key)));
    survey.work.dedup_by(|(a, x), (b, y)| (a, &x.key) == (b, &y.key));
    survey.gone.sort_unstable();
    survey.gone.dedup();
    if !options.prune {
        keep_vanished(&mut survey, options);
    }
    Ok(survey)
}

/// Surveys a folder that the index follows.
fn survey_followed(survey: &mut Survey, folder: usize, options: &SyncOptions) {
    let Folder { name, absolute, .. } = &survey.manifest.folders[folder];
    let (name, absolute) = (name.clone(), PathBuf::from(absolute));
    if absolute.exists() {
        survey_folder(survey, folder, &absolute, Vec::new(), options);
    } else if options.prune {
        let keys = survey.manifest.folders[folder].files.keys();
        survey.gone.extend(keys.map(|key| (folder, key.clone())));
    } else {
        let articles = survey.manifest.folders[folder].files.values().map(|entry| entry.state.articles()).sum();
        let reason = format!("the folder is not there; its articles are kept ({articles})");
        keep(&mut survey.report, options, FailureKind::Missing, name, reason, articles);
    }
}

/// Surveys what is at the path `below` a folder; all of the folder if it is empty.
fn survey_below(survey: &mut Survey, folder: usize, below: &Path, options: &SyncOptions) {
    let root = PathBuf::from(&survey.manifest.folders[folder].absolute);
    let start = if below.as_os_str().is_empty() { root } else { root.join(below) };
    survey_folder(survey, folder, &start, key_of(below), options);
}

/// Surveys a path where something changed.
fn survey_path(survey: &mut Survey, path: &Path, options: &SyncOptions) {
    let known = survey.manifest.followed().find(|(_, folder)| path.starts_with(&folder.absolute));
    let Some((folder, root)) = known.map(|(i, folder)| (i, PathBuf::from(&folder.absolute))) else { return };
    let below = path.strip_prefix(&root).expect("it starts with the folder's path");
    if below.as_os_str().is_empty() {
        return survey_followed(survey, folder, options);
    }
    if !is_walked(&root, below, survey.manifest.folders[folder].walk) {
        return;
    }
    match fs::symlink_metadata(path) {
        // A walk that starts at a link would follow it.
        Ok(metadata) if metadata.is_symlink() => {
            let parent = below.parent().expect("it is not empty");
            survey_below(survey, folder, parent, options);
        }
        Ok(_) => survey_below(survey, folder, below, options),
        // If the whole folder is missing, it may come back: its articles are kept.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) && root.exists() => {
            let prefix = key_of(below);
            let keys = survey.manifest.folders[folder].files.keys().filter(|key| is_below(key, &prefix));
            survey.gone.extend(keys.map(|key| (folder, key.clone())));
        }
        Err(error) => {
            let reason = crate::os::sentence(&error);
            fail(&mut survey.report, options, FailureKind::Unreadable, path.to_string_lossy().into_owned(), reason);
        }
    }
}

/// The key of a path below a folder.
fn key_of(below: &Path) -> Vec<u8> {
    below.components().map(|part| part.as_os_str().as_encoded_bytes()).collect::<Vec<_>>().join(&b'/')
}

/// Reports a failure.
fn fail(report: &mut Report, options: &SyncOptions, kind: FailureKind, path: String, reason: String) {
    options.progress.skipped(&path, &reason);
    report.failed.push(Failure { path, reason, kind, articles: 0 });
}

/// Reports articles that are kept.
fn keep(report: &mut Report, options: &SyncOptions, kind: FailureKind, path: String, reason: String, articles: u64) {
    options.progress.skipped(&path, &reason);
    report.kept += articles;
    report.failed.push(Failure { path, reason, kind, articles });
}

/// Keeps articles whose files are gone in a way that a person rarely means: a followed folder that held several
/// articles is empty, more than half of its files are gone, or all files of a subfolder of many. A disk that is not
/// mounted, a share that is offline and a folder that was moved away look like that.
fn keep_vanished(survey: &mut Survey, options: &SyncOptions) {
    let mut all = std::mem::take(&mut survey.gone);
    for i in 0..survey.manifest.folders.len() {
        let gone: Vec<Vec<u8>> = all.iter().filter(|(folder, _)| *folder == i).map(|(_, key)| key.clone()).collect();
        let folder = &survey.manifest.folders[i];
        let new = survey.work.iter().filter(|(of, file)| *of == i && !folder.files.contains_key(&file.key)).count();
        let vanished = vanished(folder, &gone, new);
        if vanished.is_empty() {
            continue;
        }
        for prefix in &vanished {
            let below = gone.iter().filter(|key| is_below(key, prefix));
            let articles: u64 = below.map(|key| folder.files[key].state.articles()).sum();
            let path = folder.path_of(prefix);
            let reason = format!("most or all of its files are gone at once; {} kept", counted(articles, "article"));
            keep(&mut survey.report, options, FailureKind::Vanished, path, reason, articles);
        }
        all.retain(|(of, key)| *of != i || !vanished.iter().any(|prefix| is_below(key, prefix)));
    }
    survey.gone = all;
}

/// Adds to how a folder of the manifest is walked.
fn add_walk(survey: &mut Survey, folder: usize, options: WalkOptions) {
    let walk = &mut survey.manifest.folders[folder].walk;
    let before = std::mem::replace(walk, walk.or(options));
    survey.folders_changed |= before != *walk;
}

/// Finds the folder of the manifest that a folder named by the user is in, or adds it. Returns its index, and the path
/// of the named folder below it.
fn find_or_add(survey: &mut Survey, folder: &Path, options: &SyncOptions) -> Result<(usize, PathBuf), IndexError> {
    let absolute = folder.canonicalize().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => IndexError::NoFolder(folder.to_path_buf()),
        _ => IndexError::io("read", folder, &error),
    })?;
    let unnamed = || IndexError::FolderName(folder.to_path_buf());
    let absolute_text = absolute.to_str().ok_or_else(unnamed)?.to_string();
    let name = folder_name(folder.to_str().ok_or_else(unnamed)?);
    let known = survey.manifest.followed().find(|(_, known)| absolute.starts_with(&known.absolute));
    if let Some((i, known)) = known {
        let below = absolute.strip_prefix(&known.absolute).expect("it starts with the folder's path").to_path_buf();
        add_walk(survey, i, options.walk);
        return Ok((i, below));
    }
    let folders = &mut survey.manifest.folders;
    // Folders in the new one become part of it: their files are indexed again under their new paths.
    let before = options.walked.iter().find(|(known, _)| *known == absolute_text);
    let mut walk = before.map_or(options.walk, |(_, before)| options.walk.or(*before));
    for inner in folders.iter_mut().filter(|known| Path::new(&known.absolute).starts_with(&absolute)) {
        walk = walk.or(inner.walk);
        survey.moved.extend(inner.files.values().map(|entry| entry.number));
    }
    folders.retain(|known| !Path::new(&known.absolute).starts_with(&absolute));
    let number = folders.iter().map(|known| known.number + 1).max().unwrap_or(0);
    // The same relative name may mean different folders in different working directories.
    let taken = folders.iter().any(|known| known.name == name || known.stored == name);
    let name = if taken { absolute_text.clone() } else { name };
    folders.push(Folder {
        number,
        stored: name.clone(),
        name,
        absolute: absolute_text,
        device: 0,
        walk,
        files: BTreeMap::new(),
    });
    survey.folders_changed = true;
    Ok((folders.len() - 1, PathBuf::new()))
}

/// Walks a folder from `start`, whose key in the folder is `prefix`, and compares it with the manifest.
fn survey_folder(survey: &mut Survey, folder_index: usize, start: &Path, prefix: Vec<u8>, options: &SyncOptions) {
    let mut failed = FailedPaths::default();
    let device = device_of(start);
    let files_before = survey.report.files;
    // Which files of the manifest exist, by number.
    let next_file = usize::try_from(survey.manifest.next_file).expect("the manifest fits in memory");
    let mut seen = vec![false; next_file];
    for walked in walk(start, survey.manifest.folders[folder_index].walk) {
        if options.cancel.is_cancelled() {
            // A part of a walk does not tell which files are gone.
            failed.insert(Vec::new(), String::new());
            break;
        }
        match walked {
            Walked::Failed { path, key, error } => {
                let path = path.to_string_lossy().into_owned();
                fail(&mut survey.report, options, FailureKind::Unreadable, path, error.clone());
                failed.insert(join_key(&prefix, &key), error);
            }
            Walked::File(mut candidate) => {
                candidate.key = join_key(&prefix, &candidate.key);
                survey.report.files += 1;
                survey.report.bytes += candidate.bytes;
                let folder = &survey.manifest.folders[folder_index];
                let known = folder.files.get(&candidate.key);
                let same = known.is_some_and(|entry| is_same(entry, &candidate, options)) && !options.rehash;
                if let Some(entry) = known {
                    seen[entry.number as usize] = true;
                }
                if same {
                    survey.report.unchanged += 1;
                    if let Some(entry) = known {
                        report_skips(&mut survey.report, &folder.path_of(&candidate.key), &entry.state);
                    }
                } else {
                    survey.work.push((folder_index, candidate));
                }
            }
        }
    }
    let folder = &mut survey.manifest.folders[folder_index];
    if prefix.is_empty() {
        let empty = survey.report.files == files_before && failed.is_empty();
        if !options.prune && empty && is_emptied_disk(folder, device) {
            let name = folder.name.clone();
            let reason = "the folder is empty and on another disk than it was, as where a disk is not mounted; its \
                          articles are kept";
            let articles = folder.files.values().map(|entry| entry.state.articles()).sum();
            let reason = format!("{reason} ({articles})");
            return keep(&mut survey.report, options, FailureKind::Unmounted, name, reason, articles);
        }
        folder.device = device;
    }
    let unseen = folder.files.iter().filter(|(_, entry)| !seen[entry.number as usize]).map(|(key, _)| key);
    let gone = unseen.filter(|key| is_below(key, &prefix) && !failed.cover(key));
    survey.gone.extend(gone.map(|key| (folder_index, key.clone())));
}

fn join_key(prefix: &[u8], key: &[u8]) -> Vec<u8> {
    match (prefix.is_empty(), key.is_empty()) {
        (true, _) => key.to_vec(),
        (false, true) => prefix.to_vec(),
        (false, false) => [prefix, b"/", key].concat(),
    }
}

/// Is the file unchanged, judged by size, times and inode?
fn is_same(entry: &FileEntry, candidate: &Candidate, options: &SyncOptions) -> bool {
    // It was skipped for a limit that has been raised.
    let max = options.limits.max_bytes;
    if matches!(entry.state, FileState::Skipped(SkipReason::TooLong { bytes, limit }) if limit < max && bytes <= max) {
        return false;
    }
    let is_passing =
        entry.state.is_lifted() || matches!(&entry.state, FileState::Skipped(reason) if reason.is_passing());
    let same_skip = candidate.skip.as_ref().is_none_or(|reason| entry.state == FileState::Skipped(reason.clone()));
    entry.is_as_listed(candidate) && !is_passing && same_skip
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::ReadLimits;

    #[test]
    fn a_file_is_the_same_by_size_times_and_inode() {
        let limit = ReadLimits::default().max_bytes;
        let too_long = |limit| FileState::Skipped(SkipReason::TooLong { bytes: 9, limit });
        let empty = || FileState::Skipped(SkipReason::Empty);
        for (state, (bytes, modified_ns, changed_ns, inode), expected) in [
            (empty(), (9, 1, 2, 3), true),
            (empty(), (8, 1, 2, 3), false),
            (empty(), (9, 0, 2, 3), false),
            (empty(), (9, 1, 4, 3), false),
            (empty(), (9, 1, 2, 4), false),
            (too_long(1), (9, 1, 2, 3), false),
            (too_long(limit), (9, 1, 2, 3), true),
        ] {
            let told = format!("{state:?} {bytes} {modified_ns} {changed_ns} {inode}");
            let entry = FileEntry { number: 0, bytes: 9, modified_ns: 1, changed_ns: 2, inode: 3, hash: 1, state };
            let (path, key) = (PathBuf::from("/news/a.txt"), b"a.txt".to_vec());
            let candidate =
                Candidate { path, key, bytes, modified_ns, changed_ns, inode, facts_files: Vec::new(), skip: None };
            assert_eq!(is_same(&entry, &candidate, &SyncOptions::default()), expected, "{told}");
        }
    }
}

//! What there is to do: folders are walked and compared with the manifest, by size and time. What is the same costs no
//! more than that, and nothing is opened for writing.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use rayon::slice::ParallelSliceMut;

use crate::index::manifest::folder_name;
use crate::index::manifest::{FileEntry, FileState, Folder, Manifest};
use crate::index::sync::report::{Report, Skipped, SyncOptions, report_skips};
use crate::index::{Index, IndexError};
use crate::ingest::SkipReason;
use crate::ingest::walk::{Candidate, FailedPaths, Walked, is_walked, walk};

/// Which part of its folders an index is compared with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scope<'a> {
    /// Folders or files named by the user; all that the index follows, if there are none.
    Folders(&'a [PathBuf]),
    /// Places in the folders that the index follows, absolute; what is not there any more is gone.
    Places(&'a [PathBuf]),
}

/// What the survey found in the folders.
#[derive(Default)]
pub(crate) struct Survey {
    /// The manifest with all folders in it, those named anew too.
    pub(crate) manifest: Manifest,
    /// Files to read: folder (its place in the manifest), candidate.
    pub(crate) work: Vec<(usize, Candidate)>,
    /// Files to delete: folder, key.
    pub(crate) gone: Vec<(usize, Vec<u8>)>,
    /// Files of folders that were taken into another folder, by their numbers.
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

/// Walks what is in `scope` and compares it with the manifest.
///
/// # Errors
///
/// [`IndexError::NoFolder`], [`IndexError::NoFolders`], [`IndexError::FolderName`], and what keeps a folder from being
/// found.
pub(crate) fn survey(
    index: &Index,
    manifest: Manifest,
    scope: Scope<'_>,
    options: &SyncOptions<'_>,
) -> Result<Survey, IndexError> {
    let mut survey = Survey { manifest, ..Survey::default() };
    match scope {
        Scope::Folders([]) => {
            if survey.manifest.folders.is_empty() {
                return Err(IndexError::NoFolders(index.path().to_path_buf()));
            }
            for place in 0..survey.manifest.folders.len() {
                survey_known(&mut survey, place, options);
            }
        }
        Scope::Folders(folders) => {
            for folder in folders {
                let (place, below) = place_of(&mut survey, folder)?;
                survey_below(&mut survey, place, &below, options);
            }
        }
        Scope::Places(places) => {
            for path in places {
                survey_place(&mut survey, path, options);
            }
        }
    }
    // Folders are listed in no order, and one may be named twice; the index is made in one order.
    survey.work.par_sort_unstable_by(|(a, x), (b, y)| (a, &x.key).cmp(&(b, &y.key)));
    survey.work.dedup_by(|(a, x), (b, y)| (a, &x.key) == (b, &y.key));
    survey.gone.sort_unstable();
    survey.gone.dedup();
    Ok(survey)
}

/// All of a folder that the index follows.
fn survey_known(survey: &mut Survey, place: usize, options: &SyncOptions<'_>) {
    let Folder { name, absolute, .. } = &survey.manifest.folders[place];
    let (name, absolute) = (name.clone(), PathBuf::from(absolute));
    if absolute.exists() {
        survey_folder(survey, place, &absolute, Vec::new(), options);
    } else {
        let reason = format!(
            "the folder is not there; its articles are kept. If it was moved: `crosshead folders --move '{name}' NEW`; if it is gone for good: `crosshead folders --remove '{name}'`"
        );
        fail(&mut survey.report, options, name, reason);
    }
}

fn survey_below(survey: &mut Survey, place: usize, below: &Path, options: &SyncOptions<'_>) {
    let root = PathBuf::from(&survey.manifest.folders[place].absolute);
    let start = if below.as_os_str().is_empty() { root } else { root.join(below) };
    survey_folder(survey, place, &start, key_of(below), options);
}

/// A place where something happened.
fn survey_place(survey: &mut Survey, path: &Path, options: &SyncOptions<'_>) {
    let folders = &survey.manifest.folders;
    let Some(place) = folders.iter().position(|folder| path.starts_with(&folder.absolute)) else { return };
    let root = PathBuf::from(&folders[place].absolute);
    let Ok(below) = path.strip_prefix(&root) else { return };
    if below.as_os_str().is_empty() {
        return survey_known(survey, place, options);
    }
    if !is_walked(&root, below, options.walk) {
        return;
    }
    match fs::symlink_metadata(path) {
        // A walk that begins at a link would follow it.
        Ok(metadata) if metadata.is_symlink() => {
            survey_below(survey, place, below.parent().unwrap_or(Path::new("")), options);
        }
        Ok(_) => survey_below(survey, place, below, options),
        // A folder that is not there at all may come back.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) && root.exists() => {
            let prefix = key_of(below);
            let keys = survey.manifest.folders[place].files.keys().filter(|key| is_below(key, &prefix));
            survey.gone.extend(keys.map(|key| (place, key.clone())));
        }
        Err(error) => {
            let reason = crate::os::sentence(&error);
            fail(&mut survey.report, options, path.to_string_lossy().into_owned(), reason);
        }
    }
}

/// A path below a folder as the manifest knows it.
fn key_of(below: &Path) -> Vec<u8> {
    below.components().map(|part| part.as_os_str().as_encoded_bytes()).collect::<Vec<_>>().join(&b'/')
}

/// Is the file of this key at or below a place?
fn is_below(key: &[u8], place: &[u8]) -> bool {
    place.is_empty() || key == place || (key.starts_with(place) && key.get(place.len()) == Some(&b'/'))
}

fn fail(report: &mut Report, options: &SyncOptions<'_>, path: String, reason: String) {
    options.progress.skipped(&path, &reason);
    report.failed.push(Skipped { path, reason });
}

/// Finds the manifest's folder for a folder named by the user, or enters it; also the path below it, if the folder
/// named lies inside one that is known.
fn place_of(survey: &mut Survey, folder: &Path) -> Result<(usize, PathBuf), IndexError> {
    let absolute = folder.canonicalize().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => IndexError::NoFolder(folder.to_path_buf()),
        _ => IndexError::io("read", folder, &error),
    })?;
    let unnamed = || IndexError::FolderName(folder.to_path_buf());
    let absolute_text = absolute.to_str().ok_or_else(unnamed)?.to_string();
    let name = folder_name(folder.to_str().ok_or_else(unnamed)?);
    let folders = &mut survey.manifest.folders;
    let known = folders.iter().position(|known| absolute.starts_with(&known.absolute));
    if let Some(place) = known {
        let below = absolute.strip_prefix(&folders[place].absolute).map(Path::to_path_buf).unwrap_or_default();
        return Ok((place, below));
    }
    // Folders inside the new one become part of it: their files are read again under their new paths.
    for inner in folders.iter_mut().filter(|known| Path::new(&known.absolute).starts_with(&absolute)) {
        survey.moved.extend(inner.files.values().map(|entry| entry.number));
    }
    folders.retain(|known| !Path::new(&known.absolute).starts_with(&absolute));
    let number = folders.iter().map(|known| known.number + 1).max().unwrap_or(0);
    // `news` seen from here may be another folder than `news` seen from there.
    let taken = folders.iter().any(|known| known.name == name || known.stored == name);
    let name = if taken { absolute_text.clone() } else { name };
    folders.push(Folder {
        number,
        stored: name.clone(),
        name,
        absolute: absolute_text,
        device: 0,
        files: std::collections::BTreeMap::new(),
    });
    survey.folders_changed = true;
    Ok((folders.len() - 1, PathBuf::new()))
}

/// Walks one folder, from `start`, whose path below the manifest's folder is `prefix`.
fn survey_folder(survey: &mut Survey, place: usize, start: &Path, prefix: Vec<u8>, options: &SyncOptions<'_>) {
    let mut failed = FailedPaths::default();
    let device = device_of(start);
    let files_before = survey.report.files;
    // Which files of the manifest are there, by their numbers.
    let mut seen = vec![false; usize::try_from(survey.manifest.next_file).unwrap_or(0)];
    for walked in walk(start, options.walk) {
        if options.stop.load(Ordering::Relaxed) {
            // Half a walk says nothing of what is gone.
            failed.insert(Vec::new(), String::new());
            break;
        }
        match walked {
            Walked::Failed { path, key, error } => {
                fail(&mut survey.report, options, path.to_string_lossy().into_owned(), error.clone());
                failed.insert(join_key(&prefix, &key), error);
            }
            Walked::File(mut candidate) => {
                candidate.key = join_key(&prefix, &candidate.key);
                survey.report.files += 1;
                survey.report.bytes += candidate.bytes;
                let folder = &survey.manifest.folders[place];
                let known = folder.files.get(&candidate.key);
                let same = known.is_some_and(|entry| is_same(entry, &candidate, options)) && !options.rehash;
                if let Some(seen) = known.and_then(|entry| seen.get_mut(entry.number as usize)) {
                    *seen = true;
                }
                if same {
                    survey.report.unchanged += 1;
                    if let Some(entry) = known {
                        report_skips(&mut survey.report, &folder.path_of(&candidate.key), &entry.state);
                    }
                } else {
                    survey.work.push((place, candidate));
                }
            }
        }
    }
    let folder = &mut survey.manifest.folders[place];
    if prefix.is_empty() {
        let empty = survey.report.files == files_before && failed.is_empty();
        if empty && !folder.files.is_empty() && folder.device != 0 && folder.device != device {
            let name = folder.name.clone();
            let reason = format!(
                "the folder is empty and on another disk than it was, as where a disk is not mounted; its articles are kept. If they are gone for good: `crosshead folders --remove '{name}'`"
            );
            return fail(&mut survey.report, options, name, reason);
        }
        folder.device = device;
    }
    let unseen =
        folder.files.iter().filter(|(_, entry)| seen.get(entry.number as usize) != Some(&true)).map(|(key, _)| key);
    let gone = unseen.filter(|key| is_below(key, &prefix) && !failed.cover(key));
    survey.gone.extend(gone.map(|key| (place, key.clone())));
}

/// Number of the disk that a folder is on; 0 where it cannot be told.
fn device_of(path: &Path) -> u64 {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(path).map_or(0, |metadata| metadata.dev())
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        0
    }
}

fn join_key(prefix: &[u8], key: &[u8]) -> Vec<u8> {
    match (prefix.is_empty(), key.is_empty()) {
        (true, _) => key.to_vec(),
        (false, true) => prefix.to_vec(),
        (false, false) => [prefix, b"/", key].concat(),
    }
}

/// Is the file, by size and time, the one that was read?
fn is_same(entry: &FileEntry, candidate: &Candidate, options: &SyncOptions<'_>) -> bool {
    // The limit may have been raised.
    let most = options.limits.max_bytes;
    if matches!(entry.state, FileState::Skipped(SkipReason::TooLong { bytes, limit }) if limit < most && bytes <= most)
    {
        return false;
    }
    let passing = entry.state.is_lifted() || matches!(&entry.state, FileState::Skipped(reason) if reason.is_passing());
    let by_name = candidate.skip.as_ref().is_none_or(|reason| entry.state == FileState::Skipped(reason.clone()));
    entry.bytes == candidate.bytes && entry.modified_ns == candidate.modified_ns && !passing && by_name
}

//! Hints: the option or command that helps with an error, on a line of its own after the error.

use crate::index::IndexError;
use crate::index::sync::FailureKind;
use crate::ingest::SkipReason;
use crate::os;
use crate::search::SearchError;

/// The hint for an error, if there is one.
pub(crate) fn of(error: &anyhow::Error) -> Option<String> {
    let index = error.chain().find_map(|cause| match cause.downcast_ref::<SearchError>() {
        Some(SearchError::Index(error)) => Some(error),
        _ => cause.downcast_ref::<IndexError>(),
    });
    of_index(index?)
}

fn of_index(error: &IndexError) -> Option<String> {
    let rebuild = "build it again with `crosshead index --rebuild FOLDER`";
    Some(match error {
        IndexError::Missing(_) => {
            "make one with `crosshead index FOLDER`, or name another with --index".into()
        }
        IndexError::NotAnIndex(_) => "name an empty or new folder with --index".into(),
        IndexError::OtherVersion { .. } | IndexError::Damaged { .. } => rebuild.into(),
        IndexError::Panicked { .. } => {
            format!("see what `crosshead check` says of it, and {rebuild}; if it is whole, please report this")
        }
        IndexError::Locked { .. } => {
            "wait for it to end (`crosshead index --wait`), or name another index with --index".into()
        }
        IndexError::Full { .. } => "make room, or name an index on another disk with --index".into(),
        IndexError::Replaced(_) => "try again".into(),
        IndexError::Io { act, kind, .. } if os::is_refused(*kind) && *act != "read" => {
            "name an index elsewhere with --index".into()
        }
        IndexError::NoFolder(_) => "check the name, or give the folder's new place".into(),
        IndexError::Overlap { .. } => "let one go with `crosshead folders --remove`, then index the other".into(),
        IndexError::NoFolders(_) => "name one, as in `crosshead index FOLDER`".into(),
        IndexError::UnknownFolders(_) => "name them, as in `crosshead index --rebuild FOLDER`".into(),
        IndexError::HasAdded { .. } => {
            "let the program remove them and add them again, or drop them with `crosshead index --rebuild --discard-added`"
                .into()
        }
        _ => return None,
    })
}

/// The hint for a folder or file that a run could not read.
pub(crate) fn of_failure(kind: FailureKind, path: &str) -> Option<String> {
    let prune = "if they are gone for good: `crosshead index --prune`";
    let remove = format!("if it is gone for good: `crosshead folders --remove '{path}'`");
    match kind {
        FailureKind::Missing => Some(format!("if it was moved: `crosshead folders --move '{path}' NEW`; {remove}")),
        FailureKind::Unmounted => Some(remove),
        FailureKind::Vanished => Some(prune.into()),
        _ => None,
    }
}

/// The option that reads what was skipped for this reason, if there is one.
pub(crate) fn of_skip(reason: &SkipReason) -> Option<&'static str> {
    match reason {
        SkipReason::TooLong { .. } => Some("longer files and records are read with --max-file"),
        SkipReason::Link => Some("symbolic links are followed with --follow"),
        _ => None,
    }
}

/// The option or command that helps with a note on a query, to be added to the note.
pub(crate) fn of_note(code: &str) -> Option<&'static str> {
    match code {
        "unit" => Some("see them with --unit article"),
        "saved" => Some("`crosshead saved` lists those there are"),
        _ => None,
    }
}

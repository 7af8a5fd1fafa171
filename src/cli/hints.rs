//! Hints: the option or command that helps with an error, on a line of its own after the error.

use std::path::{Path, PathBuf};

use super::place;
use crate::engine::EngineError;
use crate::index::IndexError;
use crate::index::sync::FailureKind;
use crate::ingest::SkipReason;
use crate::os;
use crate::query::QueryError;
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
        IndexError::Missing(path) => {
            let looked = if *path == Path::new(place::INDEX) {
                "no folder above this one has a folder `index` with one either; "
            } else {
                ""
            };
            format!("{looked}make one with `crosshead index FOLDER`, or name another with --index")
        }
        IndexError::NotAnIndex(_) => "name an empty or new folder with --index".into(),
        IndexError::OtherVersion { .. } | IndexError::Damaged { .. } => rebuild.into(),
        IndexError::Panicked { .. } => {
            format!("see what `crosshead check` says of it, and {rebuild}; if it is whole, please report this")
        }
        IndexError::Twice { .. } => "a list that is named by --index @FILE counts, too".into(),
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
        IndexError::Engine(EngineError::Missing { .. }) => {
            "send the articles of an index with `crosshead index FOLDER --engine URL`, or name others with --archive".into()
        }
        IndexError::Engine(EngineError::OtherVersion { .. }) => {
            "send them anew with `crosshead index --rebuild --engine URL`".into()
        }
        IndexError::Engine(EngineError::Certificate { .. }) => {
            "name the certificates of the authorities to trust with --engine-ca FILE (PEM)".into()
        }
        IndexError::Engine(EngineError::Refused { .. }) => {
            "give a key in CROSSHEAD_ENGINE_API_KEY, or a user in CROSSHEAD_ENGINE_USER and CROSSHEAD_ENGINE_PASSWORD".into()
        }
        IndexError::Engine(EngineError::Full { .. }) => "make room there; what is missing is sent by the next run".into(),
        _ => return None,
    })
}

/// The hint for a query that cannot be run.
pub(crate) fn of_query(error: &QueryError, query: &str) -> Option<String> {
    let is_everything = error.code == "empty" && query.contains('*') && !query.contains(char::is_alphanumeric);
    is_everything.then(|| "`crosshead search 'words:>=0' --sort newest` lists every article".into())
}

/// The hint for a second argument of `search` that is no folder: the words of a query that were not quoted.
pub(crate) fn of_unquoted(query: &str, folders: &[PathBuf]) -> String {
    let is_place = |folder: &&PathBuf| folder.exists();
    let words: Vec<String> =
        folders.iter().filter(|folder| !is_place(folder)).map(|word| word.to_string_lossy().into_owned()).collect();
    let query = quoted(&format!("{query} {}", words.join(" ")));
    let places = folders.iter().filter(is_place).map(|folder| format!(" {}", argument(&folder.to_string_lossy())));
    format!("to search for all of these words, quote them: crosshead search {query}{}", places.collect::<String>())
}

/// The hint for words that are no command.
pub(crate) fn of_no_command(words: &[String]) -> String {
    format!("to search for it: crosshead search {}", quoted(&words.join(" ")))
}

/// `text` as an argument for a shell, in quotes if it needs them.
fn argument(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./,:@%+=".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) { text.to_string() } else { quoted(text) }
}

/// `text` in quotes for a shell: in double quotes, unless it has characters that a shell replaces within these.
fn quoted(text: &str) -> String {
    if text.contains(['"', '$', '`', '\\', '!']) {
        format!("'{}'", text.replace('\'', r"'\''"))
    } else {
        format!("\"{text}\"")
    }
}

/// The hint for a folder or file that a run could not read.
pub(crate) fn of_failure(kind: FailureKind, path: &str) -> Option<String> {
    let prune = "if they are gone for good: `crosshead index --prune`";
    let remove = format!(
        "if it is gone for good: `crosshead folders --remove '{path}'`, or `crosshead index --prune` to go on following it"
    );
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_quoted_for_a_shell() {
        for (text, expected) in [
            ("harbour strike", r#""harbour strike""#),
            ("grève du port", r#""grève du port""#),
            (r#""dock strike" port"#, r#"'"dock strike" port'"#),
            ("costs $5", "'costs $5'"),
            ("it's over!", r"'it'\''s over!'"),
            ("l'Europe", r#""l'Europe""#),
        ] {
            assert_eq!(quoted(text), expected, "{text}");
        }
        for (text, expected) in [("news/2023", "news/2023"), ("my news", r#""my news""#), ("新闻", "新闻")] {
            assert_eq!(argument(text), expected, "{text}");
        }
    }

    #[test]
    fn unquoted_words_become_one_query() {
        let folders: Vec<PathBuf> = ["strike", "src", "ends"].map(PathBuf::from).to_vec();
        // `src` is a folder of the project, where tests run.
        assert_eq!(
            of_unquoted("harbour", &folders),
            r#"to search for all of these words, quote them: crosshead search "harbour strike ends" src"#
        );
    }
}

//! PDF: its text, by unpdf. Encrypted documents and scans without text give a reason.
//!
//! Layouts are computed from numbers that a document states, so a damaged one can ask for any memory, which ends a
//! process. A program therefore has documents read by processes of their own, bounded in memory and time: see
//! [`isolate`] and [`serve`].

use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::draft::{Draft, Text};
use crate::ingest::SkipReason;
use crate::text::fold::fold;

/// More than this is a book, and takes minutes.
const MOST_BYTES: usize = 48 << 20;
/// A document that takes longer is given up.
const MOST_SECONDS: u64 = 20;
/// Address space of a process that reads documents.
const MOST_MEMORY_BYTES: u64 = 2 << 30;

/// The argument with which a program is asked to be the process that reads a document.
pub const READ_PDF: &str = "--read-pdf";

/// The program that reads documents in processes of their own.
static READER: OnceLock<PathBuf> = OnceLock::new();

/// Has documents read by `program`, which must call [`serve`] when its first argument is [`READ_PDF`]. Until this is
/// called they are read in the process itself.
pub fn isolate(program: PathBuf) {
    // A second program would do the same.
    let _ = READER.set(program);
}

/// Reads a document from stdin, writes what it holds to stdout, bounded in memory.
///
/// # Errors
///
/// What the operating system says of the streams.
pub fn serve() -> std::io::Result<()> {
    // Where no limit can be set, the time still bounds it.
    #[cfg(unix)]
    let _ = rlimit::setrlimit(rlimit::Resource::AS, MOST_MEMORY_BYTES, MOST_MEMORY_BYTES);
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    let answer = read(&bytes);
    std::io::stdout().lock().write_all(&serde_json::to_vec(&answer)?)
}

/// What a document holds.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Document {
    title: Option<String>,
    author: Option<String>,
    text: String,
}

/// The article of a document.
pub(super) fn draft(bytes: &[u8]) -> Result<Draft, SkipReason> {
    if bytes.len() > MOST_BYTES {
        return Err(SkipReason::Malformed(format!(
            "a PDF of more than {} MB, which takes minutes to read",
            MOST_BYTES >> 20
        )));
    }
    let read = match READER.get() {
        Some(program) => read_apart(program, bytes),
        None => read(bytes),
    };
    let document = read.map_err(|reason| SkipReason::Malformed(format!("a PDF that cannot be read: {reason}")))?;
    if document.text.trim().is_empty() {
        return Err(SkipReason::Malformed("a PDF without text; is it a scan?".into()));
    }
    let mut draft = Draft::default();
    draft.title(document.title.filter(|title| is_title(title) && stands_on_top(title, &document.text)));
    draft.byline(document.author.filter(|author| author.contains(' ')));
    draft.title_open = draft.facts.title.is_none();
    draft.text = Text::Bare(document.text);
    Ok(draft)
}

fn read(bytes: &[u8]) -> Result<Document, String> {
    let failed = |_| "its reader failed".to_string();
    let reader = || unpdf::Unpdf::new().lenient().sequential().with_images(false).parse_bytes(bytes);
    let parsed = catch_unwind(AssertUnwindSafe(reader)).map_err(failed)?.map_err(|error| error.to_string())?;
    let text = catch_unwind(AssertUnwindSafe(|| parsed.plain_text())).map_err(failed)?;
    let metadata = &parsed.document().metadata;
    Ok(Document { title: metadata.title.clone(), author: metadata.author.clone(), text })
}

/// Reads a document in a process of its own.
fn read_apart(program: &PathBuf, bytes: &[u8]) -> Result<Document, String> {
    let mut child = Command::new(program)
        .arg(READ_PDF)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("its reader cannot be started: {error}"))?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let (done, answer) = std::sync::mpsc::channel();
    let answer = std::thread::scope(|scope| {
        scope.spawn(move || {
            // A reader that gave up no longer listens.
            if let Some(mut input) = input {
                let _ = input.write_all(bytes);
            }
        });
        scope.spawn(move || {
            let mut text = Vec::new();
            let read = output.map(|mut output| output.read_to_end(&mut text));
            // Nobody listens any more once time is up.
            let _ = done.send(read.and_then(Result::ok).map(|_| text));
        });
        let answer = answer.recv_timeout(Duration::from_secs(MOST_SECONDS));
        // Killing one that has ended is no error, and lets the threads end.
        let _ = child.kill();
        let _ = child.wait();
        answer
    });
    match answer {
        Ok(Some(text)) => serde_json::from_slice::<Result<Document, String>>(&text)
            .unwrap_or_else(|_| Err("its reader failed, perhaps for want of memory".into())),
        Ok(None) => Err("its reader failed".into()),
        Err(_) => Err(format!("it takes longer than {MOST_SECONDS} seconds")),
    }
}

/// Does a word of the title stand on the first page? What was left in the field from another document does not.
fn stands_on_top(title: &str, text: &str) -> bool {
    /// About what a page holds.
    const PAGE_BYTES: usize = 4_000;
    const LEAST_CHARS: usize = 4;
    let top = fold(&text[..text.floor_char_boundary(PAGE_BYTES)]);
    let title = fold(title);
    let words = || title.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= LEAST_CHARS);
    words().next().is_none() || words().any(|word| top.contains(word))
}

/// Programs write file names into the field of the title, templates what is to be written there.
fn is_title(title: &str) -> bool {
    let lower = title.to_lowercase();
    let endings = [".doc", ".docx", ".indd", ".qxd", ".pdf", ".xls", ".rtf", ".txt", ".dvi"];
    let file = endings.iter().any(|ending| lower.ends_with(ending));
    let openers =
        ["microsoft ", "untitled", "powerpoint ", "paper title", "document title", "title of ", "insert ", "template"];
    let template = openers.iter().any(|opener| lower.starts_with(opener)) || lower.contains("(use style");
    title.split_whitespace().count() > 1 && !file && !template
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_other_documents() {
        for (title, text, expected) in [
            ("Dockers walk out", "HALDEN\n\nDockers at the port walked out.", true),
            ("Dockers walk out", "Ferries sail on Monday.", false),
            ("No. 12", "Ferries sail on Monday.", true),
            ("Microsoft Word - dockers.doc", "Dockers", false),
            ("Paper Title (use style: paper title)", "A paper on ferries", false),
        ] {
            assert_eq!(is_title(title) && stands_on_top(title, text), expected, "{title}");
        }
    }
}

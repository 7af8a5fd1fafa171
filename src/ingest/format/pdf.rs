//! PDF: its text, by unpdf. Encrypted documents and scans without text give a reason.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::draft::{Draft, Text};
use crate::ingest::SkipReason;

/// More than this is a book, and takes minutes.
const MOST_BYTES: usize = 48 << 20;

/// The article of a document.
pub(super) fn draft(bytes: &[u8]) -> Result<Draft, SkipReason> {
    if bytes.len() > MOST_BYTES {
        return Err(SkipReason::TooLong { bytes: bytes.len() as u64, limit: MOST_BYTES as u64 });
    }
    // A parser's panic on one document must not end a run over a million.
    let parsed = catch_unwind(AssertUnwindSafe(|| {
        unpdf::Unpdf::new().lenient().sequential().with_images(false).parse_bytes(bytes)
    }));
    let malformed = |reason: String| SkipReason::Malformed(format!("a PDF that cannot be read: {reason}"));
    let parsed =
        parsed.map_err(|_| malformed("its reader failed".into()))?.map_err(|error| malformed(error.to_string()))?;
    let text =
        catch_unwind(AssertUnwindSafe(|| parsed.plain_text())).map_err(|_| malformed("its reader failed".into()))?;
    if text.trim().is_empty() {
        return Err(SkipReason::Malformed("a PDF without text; is it a scan?".into()));
    }
    let mut draft = Draft::default();
    let metadata = &parsed.document().metadata;
    draft.title(metadata.title.clone().filter(|title| is_title(title)));
    draft.byline(metadata.author.clone().filter(|author| author.contains(' ')));
    draft.title_open = draft.facts.title.is_none();
    draft.text = Text::Bare(text);
    Ok(draft)
}

/// Programs write file names into the field of the title.
fn is_title(title: &str) -> bool {
    let lower = title.to_lowercase();
    let file = [".doc", ".docx", ".indd", ".qxd", ".pdf", ".xls", ".rtf", ".txt", ".dvi"]
        .iter()
        .any(|ending| lower.ends_with(ending));
    title.split_whitespace().count() > 1 && !file && !lower.starts_with("microsoft ") && !lower.starts_with("untitled")
}

//! PDF: text, title and author. Encrypted documents, and scans without text, are skipped with a reason.
//!
//! The library that parses PDF computes layouts from numbers in the document, so a damaged one can make it request any
//! amount of memory, which aborts the process. Documents are therefore parsed by processes of their own, bounded in memory
//! and time, and never by accident in the process of the caller. The program for these processes is, in this order: the
//! one passed to [`isolate`], the one named by the environment variable [`READER_VARIABLE`], the running program if it
//! called [`declare_reader`], a `crosshead` beside the running program. Without any, documents are skipped.

mod parse;
mod process;

pub use process::{READ_PDF, READER_VARIABLE, declare_reader, isolate, read_in_process, serve};

use xxhash_rust::xxh3::xxh3_64;

use super::draft::{Draft, Text};
use crate::ingest::{SkipReason, Yielded};
use crate::text::fold::{fold, fold_value};
use crate::text::tidy;

/// Longest document in bytes; longer ones are books, and take minutes.
const MOST_BYTES: usize = 48 << 20;

/// Reads a document.
pub(super) fn read(bytes: &[u8], name: &str, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let (draft, pages) = draft(bytes)?;
    let mut record = draft.record(name, None, xxh3_64(bytes))?;
    // The text of a document has nothing before it.
    record.raw.pages = pages.into_iter().zip(1..).collect();
    sink(Yielded::Article(Box::new(record)));
    Ok(())
}

/// The article of a document, and where in its text the pages begin.
fn draft(bytes: &[u8]) -> Result<(Draft, Vec<usize>), SkipReason> {
    if bytes.len() > MOST_BYTES {
        return Err(SkipReason::Malformed(format!(
            "a PDF of more than {} MB, which takes minutes to read",
            MOST_BYTES >> 20
        )));
    }
    let document = process::document(bytes)?
        .map_err(|reason| SkipReason::Malformed(format!("a PDF that cannot be read: {reason}")))?;
    if document.text.trim().is_empty() {
        return Err(SkipReason::Malformed("a PDF without text; is it a scan?".into()));
    }
    let mut draft = Draft::default();
    if let Some(stated) = document.title {
        let is_own = is_title(&stated) && occurs_on_first_page(&stated, &document.text);
        draft.title(if is_own { Some(stated) } else { document.largest });
    }
    draft.byline(document.author.filter(|author| author.contains(' ')));
    for line in &document.running {
        if let Some(url) =
            line.split_whitespace().find(|word| word.starts_with("http://") || word.starts_with("https://"))
        {
            draft.facts.url.get_or_insert_with(|| url.to_string());
        }
        draft.desk_note(line);
    }
    if draft.facts.title.is_none()
        && let Some((title, site)) = document.running.iter().find_map(|line| printed_title(line, &document.text))
    {
        draft.title(Some(title));
        draft.source(site);
    }
    draft.title_open = draft.facts.title.is_none();
    draft.text = Text::Bare(parse::with_broken_lines(&document.text));
    Ok((draft, document.pages))
}

/// The title and the site of the page that a browser printed, in its line at the top: `14/11/2024, 10:11 Dockers walk out |
/// Halden Courier`. Only if a paragraph of the text is that title.
fn printed_title(line: &str, text: &str) -> Option<(String, Option<String>)> {
    let folded = fold_value(line);
    let paragraph = text.split("\n\n").take(4).map(tidy).find(|paragraph| {
        let title = fold_value(paragraph);
        title.contains(' ') && folded.contains(&title)
    })?;
    let after = line.get(line.find(&paragraph)? + paragraph.len()..)?.trim();
    let site = after.strip_prefix(['|', '-', '–', '—', '·']).map(str::trim).filter(|site| !site.is_empty());
    Some((paragraph, site.map(str::to_string)))
}

/// Does a word of the title occur on the first page? The field may still hold the title of another document.
fn occurs_on_first_page(title: &str, text: &str) -> bool {
    /// About the text of a page.
    const PAGE_BYTES: usize = 4_000;
    const LEAST_CHARS: usize = 4;
    let top = fold(&text[..text.floor_char_boundary(PAGE_BYTES)]);
    let title = fold(title);
    let words = || title.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= LEAST_CHARS);
    words().next().is_none() || words().any(|word| top.contains(word))
}

/// Is it a title, not a file name that a program wrote, or the placeholder of a template?
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
    fn titles_that_a_browser_printed() {
        for (line, text, expected) in [
            (
                "14/11/2024, 10:11 Dockers walk out | Halden Courier",
                "Dockers walk out\n\nThey left.",
                Some(("Dockers walk out", Some("Halden Courier"))),
            ),
            ("Dockers walk out", "By Ada Moe\n\nDockers walk out\n\nThey left.", Some(("Dockers walk out", None))),
            ("Halden Courier Page 4", "Dockers walk out\n\nThey left.", None),
        ] {
            let found = printed_title(line, text);
            let found = found.as_ref().map(|(title, site)| (title.as_str(), site.as_deref()));
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn titles_of_other_documents() {
        for (title, text, expected) in [
            ("Dockers walk out", "HALDEN\n\nDockers at the port walked out.", true),
            ("Dockers walk out", "Ferries sail on Monday.", false),
            ("No. 12", "Ferries sail on Monday.", true),
            ("Microsoft Word - dockers.doc", "Dockers", false),
            ("Paper Title (use style: paper title)", "A paper on ferries", false),
        ] {
            assert_eq!(is_title(title) && occurs_on_first_page(title, text), expected, "{title}");
        }
    }
}

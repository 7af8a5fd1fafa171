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
use unpdf::model::{Block, InlineContent, Page, Paragraph};
use xxhash_rust::xxh3::xxh3_64;

use super::draft::{Draft, Text};
use crate::ingest::{SkipReason, Yielded};
use crate::text::fold::fold;
use crate::text::tidy;

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
    let answer = parse(&bytes);
    std::io::stdout().lock().write_all(&serde_json::to_vec(&answer)?)
}

/// What a document holds.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Document {
    title: Option<String>,
    author: Option<String>,
    /// The line of the first page in the largest letters.
    largest: Option<String>,
    text: String,
}

/// Reads a document.
pub(super) fn read(bytes: &[u8], name: &str, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let record = draft(bytes)?.record(name, None, xxh3_64(bytes))?;
    sink(Yielded::Article(Box::new(record)));
    Ok(())
}

/// The article of a document.
fn draft(bytes: &[u8]) -> Result<Draft, SkipReason> {
    if bytes.len() > MOST_BYTES {
        return Err(SkipReason::Malformed(format!(
            "a PDF of more than {} MB, which takes minutes to read",
            MOST_BYTES >> 20
        )));
    }
    let read = match READER.get() {
        Some(program) => read_apart(program, bytes),
        None => parse(bytes),
    };
    let document = read.map_err(|reason| SkipReason::Malformed(format!("a PDF that cannot be read: {reason}")))?;
    if document.text.trim().is_empty() {
        return Err(SkipReason::Malformed("a PDF without text; is it a scan?".into()));
    }
    let mut draft = Draft::default();
    if let Some(stated) = document.title {
        let holds = is_title(&stated) && stands_on_top(&stated, &document.text);
        draft.title(if holds { Some(stated) } else { document.largest });
    }
    draft.byline(document.author.filter(|author| author.contains(' ')));
    draft.title_open = draft.facts.title.is_none();
    draft.text = Text::Bare(document.text);
    Ok(draft)
}

fn parse(bytes: &[u8]) -> Result<Document, String> {
    let failed = |_| "its reader failed".to_string();
    let reader = || unpdf::Unpdf::new().lenient().sequential().with_images(false).parse_bytes(bytes);
    let parsed = catch_unwind(AssertUnwindSafe(reader)).map_err(failed)?.map_err(|error| error.to_string())?;
    let document = parsed.document();
    let text = || document.pages.iter().map(page_text).collect::<Vec<_>>().join("\n\n");
    let text = catch_unwind(AssertUnwindSafe(text)).map_err(failed)?;
    let metadata = &document.metadata;
    let largest = document.pages.first().and_then(largest);
    Ok(Document { title: metadata.title.clone(), author: metadata.author.clone(), largest, text })
}

/// The text of a page; what its reader took for a table although it is columns of running text, column by column.
fn page_text(page: &Page) -> String {
    let rows = |block: &Block| -> Option<Vec<Vec<String>>> {
        let Block::Table(table) = block else { return None };
        let cells = table.rows.iter().map(|row| row.cells.iter().map(|cell| tidy(&cell.plain_text())).collect());
        Some(cells.collect())
    };
    let read: Vec<Option<String>> = page.elements.iter().map(|block| columns(&rows(block)?)).collect();
    if read.iter().all(Option::is_none) {
        return page.plain_text();
    }
    let mut page = page.clone();
    for (block, text) in page.elements.iter_mut().zip(read) {
        if let Some(text) = text {
            *block = Block::Paragraph(Paragraph::with_text(text));
        }
    }
    page.plain_text()
}

/// The columns of a table whose cells are pieces of running text; `None` if it is a table. Cells of a table are short
/// or numbers and begin anew; lines of a column go on with the line above.
fn columns(rows: &[Vec<String>]) -> Option<String> {
    const COLUMNS: std::ops::RangeInclusive<usize> = 2..=6;
    const LEAST_ROWS: usize = 4;
    const LEAST_WORDS: usize = 3;
    let count = rows.iter().map(Vec::len).max().filter(|count| COLUMNS.contains(count) && rows.len() >= LEAST_ROWS)?;
    let column = |at: usize| rows.iter().filter_map(move |row| row.get(at)).filter(|cell| !cell.is_empty());
    let (mut cells, mut words, mut numbers, mut going_on) = (0, 0, 0, 0);
    for at in 0..count {
        let mut above: Option<&String> = None;
        for cell in column(at) {
            cells += 1;
            words += cell.split_whitespace().count();
            numbers += usize::from(!cell.chars().any(char::is_alphabetic));
            let broken = above.is_some_and(|above| above.ends_with('-'));
            going_on += usize::from(above.is_some() && (broken || cell.starts_with(char::is_lowercase)));
            above = Some(cell);
        }
    }
    if words < cells * LEAST_WORDS || numbers * 10 > cells || going_on * 5 < cells * 2 {
        return None;
    }
    // Between rows of columns a line may stand over all that follow: the headline of the next story.
    let filled = |row: &Vec<String>| row.iter().filter(|cell| !cell.is_empty()).count();
    let last = rows.iter().rposition(|row| filled(row) > 1).unwrap_or(0);
    let is_over = |at: usize| {
        let opens = rows[at].first().is_some_and(|cell| cell.starts_with(|c: char| !c.is_lowercase()));
        let goes_on = at > 0 && rows[at - 1].first().is_some_and(|cell| cell.ends_with('-'));
        at < last && filled(&rows[at]) == 1 && opens && !goes_on
    };
    let mut out: Vec<String> = Vec::new();
    let mut from = 0;
    while from < rows.len() {
        let to = (from..rows.len()).find(|&at| is_over(at)).unwrap_or(rows.len());
        let part = &rows[from..to];
        out.extend((0..count).map(|at| rejoined(part.iter().filter_map(|row| row.get(at)))));
        out.extend(rows.get(to).and_then(|row| row.first()).cloned());
        from = to + 1;
    }
    out.retain(|text| !text.is_empty());
    Some(out.join("\n\n"))
}

/// Lines of a column as one text, words that were broken at their ends made whole.
fn rejoined<'l>(lines: impl Iterator<Item = &'l String>) -> String {
    let mut out = String::new();
    for line in lines.filter(|line| !line.is_empty()) {
        if out.ends_with('-') && line.starts_with(char::is_lowercase) {
            out.pop();
        } else if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(line);
    }
    // Claims of rights at a story's end are no part of its last sentence.
    out.replace(" © ", "\n\n© ").replace(". (c) ", ".\n\n(c) ")
}

/// The first paragraph of a page in its largest letters, if they are larger than most.
fn largest(page: &Page) -> Option<String> {
    const MOST_CHARS: usize = 220;
    let sized: Vec<(f32, String)> = page
        .elements
        .iter()
        .filter_map(|block| match block {
            Block::Paragraph(paragraph) => {
                let sizes = paragraph.content.iter().filter_map(|part| match part {
                    InlineContent::Text(run) if !run.text.trim().is_empty() => run.style.font_size,
                    _ => None,
                });
                Some((sizes.reduce(f32::max)?, tidy(&paragraph.plain_text())))
            }
            _ => None,
        })
        // A letter that opens a text may be larger than its title.
        .filter(|(_, text)| text.split_whitespace().count() > 1)
        .collect();
    let top = sized.iter().map(|(size, _)| *size).reduce(f32::max)?;
    let chars = |large: bool| -> usize {
        sized.iter().filter(|(size, _)| (*size >= top) == large).map(|(_, text)| text.len()).sum()
    };
    let (_, text) = sized.iter().find(|(size, _)| *size >= top)?;
    (text.chars().count() <= MOST_CHARS && chars(true) < chars(false)).then(|| text.clone())
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
    fn columns_are_no_table() {
        let rows = |lines: &[&str]| -> Vec<Vec<String>> {
            lines.iter().map(|line| line.split('|').map(str::to_string).collect()).collect()
        };
        for (lines, expected) in [
            (
                &[
                    "Dockers at the port of|and ferries will sail",
                    "Halden walked out on Mon-|on Tuesday, the com-",
                    "day after talks had|pany said. It hopes",
                    "failed, the union said.|that talks go on.",
                ][..],
                Some(
                    "Dockers at the port of Halden walked out on Monday after talks had failed, the union said.\n\n\
                      and ferries will sail on Tuesday, the company said. It hopes that talks go on.",
                ),
            ),
            (
                &[
                    "Dockers at the port|walked out on Mon-",
                    "of Halden|day.",
                    "Ferries sail|",
                    "On Tuesday the com-|again to Moss and",
                    "pany let ferries sail|to Horten. (c) Courier",
                ],
                Some(
                    "Dockers at the port of Halden\n\nwalked out on Monday.\n\nFerries sail\n\nOn Tuesday the company let \
                     ferries sail\n\nagain to Moss and to Horten.\n\n(c) Courier",
                ),
            ),
            (&["Port|Ships|Crew", "Halden|12|340", "Moss|7|120", "Horten|3|55", "Larvik|9|200"], None),
            (
                &[
                    "name of the port|who owns it",
                    "Halden, in the east|The town of Halden",
                    "Moss, by the sea|A bank in Oslo",
                    "Horten, in the west|The state itself",
                ],
                None,
            ),
        ] {
            assert_eq!(columns(&rows(lines)).as_deref(), expected, "{lines:?}");
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
            assert_eq!(is_title(title) && stands_on_top(title, text), expected, "{title}");
        }
    }
}

//! The text, title and author of a document, by unpdf.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};
use unpdf::model::{Block, InlineContent, Page, Paragraph};

use crate::text::tidy;

/// The contents of a document.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Document {
    /// The title that the metadata states.
    pub(super) title: Option<String>,
    /// The author that the metadata states.
    pub(super) author: Option<String>,
    /// The paragraph of the first page in the largest letters.
    pub(super) largest: Option<String>,
    /// The text of all pages.
    pub(super) text: String,
    /// Where in `text` the pages begin, in bytes.
    pub(super) pages: Vec<usize>,
}

/// Parses a document in this process, which may run out of memory.
pub(super) fn parse(bytes: &[u8]) -> Result<Document, String> {
    let failed = |_| "its reader failed".to_string();
    let reader = || unpdf::Unpdf::new().lenient().sequential().with_images(false).parse_bytes(bytes);
    let parsed = catch_unwind(AssertUnwindSafe(reader)).map_err(failed)?.map_err(|error| error.to_string())?;
    let document = parsed.document();
    let texts = || document.pages.iter().map(page_text).collect::<Vec<_>>();
    let (text, pages) = joined(&catch_unwind(AssertUnwindSafe(texts)).map_err(failed)?);
    let metadata = &document.metadata;
    let largest = document.pages.first().and_then(largest);
    Ok(Document { title: metadata.title.clone(), author: metadata.author.clone(), largest, text, pages })
}

/// The text of all pages, and where in it each begins.
fn joined(texts: &[String]) -> (String, Vec<usize>) {
    let (mut text, mut pages) = (String::new(), Vec::with_capacity(texts.len()));
    for (i, page) in texts.iter().enumerate() {
        if i > 0 {
            text.push_str("\n\n");
        }
        pages.push(text.len());
        text.push_str(page);
    }
    (text, pages)
}

/// The text of a page. Tables that are columns of running text are read column by column.
fn page_text(page: &Page) -> String {
    let rows = |block: &Block| -> Option<Vec<Vec<String>>> {
        let Block::Table(table) = block else { return None };
        let cells = table.rows.iter().map(|row| row.cells.iter().map(|cell| tidy(&cell.plain_text())).collect());
        Some(cells.collect())
    };
    let texts: Vec<Option<String>> = page.elements.iter().map(|block| columns(&rows(block)?)).collect();
    if texts.iter().all(Option::is_none) {
        return page.plain_text();
    }
    let mut page = page.clone();
    for (block, text) in page.elements.iter_mut().zip(texts) {
        if let Some(text) = text {
            *block = Block::Paragraph(Paragraph::with_text(text));
        }
    }
    page.plain_text()
}

/// The text of a table that consists of columns of running text; `None` if it is a table. Cells of a table are short or
/// numbers; lines of a column continue the line above.
fn columns(rows: &[Vec<String>]) -> Option<String> {
    const COLUMNS: std::ops::RangeInclusive<usize> = 2..=6;
    const LEAST_ROWS: usize = 4;
    const LEAST_WORDS: usize = 3;
    let count = rows.iter().map(Vec::len).max().filter(|count| COLUMNS.contains(count) && rows.len() >= LEAST_ROWS)?;
    let column = |at: usize| rows.iter().filter_map(move |row| row.get(at)).filter(|cell| !cell.is_empty());
    let (mut cells, mut words, mut numbers, mut continued) = (0, 0, 0, 0);
    for at in 0..count {
        let mut above: Option<&String> = None;
        for cell in column(at) {
            cells += 1;
            words += cell.split_whitespace().count();
            numbers += usize::from(!cell.chars().any(char::is_alphabetic));
            let broken = above.is_some_and(|above| above.ends_with('-'));
            continued += usize::from(above.is_some() && (broken || cell.starts_with(char::is_lowercase)));
            above = Some(cell);
        }
    }
    if words < cells * LEAST_WORDS || numbers * 10 > cells || continued * 5 < cells * 2 {
        return None;
    }
    // A line over all columns, such as the headline of the next story, separates them.
    let filled = |row: &Vec<String>| row.iter().filter(|cell| !cell.is_empty()).count();
    let last = rows.iter().rposition(|row| filled(row) > 1).unwrap_or(0);
    let is_over = |at: usize| {
        let opens = rows[at].first().is_some_and(|cell| cell.starts_with(|c: char| !c.is_lowercase()));
        let is_broken_word = at > 0 && rows[at - 1].first().is_some_and(|cell| cell.ends_with('-'));
        at < last && filled(&rows[at]) == 1 && opens && !is_broken_word
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

/// Joins the lines of a column, and words hyphenated at their ends.
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
    // The copyright line after a story begins a paragraph.
    out.replace(" © ", "\n\n© ").replace(". (c) ", ".\n\n(c) ")
}

/// The first paragraph of a page in the largest letters, if most letters are smaller.
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
        // An initial may be larger than the title.
        .filter(|(_, text)| text.split_whitespace().count() > 1)
        .collect();
    let top = sized.iter().map(|(size, _)| *size).reduce(f32::max)?;
    let chars = |large: bool| -> usize {
        sized.iter().filter(|(size, _)| (*size >= top) == large).map(|(_, text)| text.len()).sum()
    };
    let (_, text) = sized.iter().find(|(size, _)| *size >= top)?;
    (text.chars().count() <= MOST_CHARS && chars(true) < chars(false)).then(|| text.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_not_tables() {
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
}

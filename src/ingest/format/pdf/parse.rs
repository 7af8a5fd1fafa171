//! The text, title and author of a document, by unpdf.

use std::collections::{HashMap, HashSet};
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
    /// The text of all pages, without what is printed around it on each.
    pub(super) text: String,
    /// Where in `text` the pages begin, in bytes.
    pub(super) pages: Vec<usize>,
    /// What is printed on the pages around the text: headers, footers, numbers; each once.
    pub(super) running: Vec<String>,
}

/// Parses a document in this process, which may run out of memory.
pub(super) fn parse(bytes: &[u8]) -> Result<Document, String> {
    let failed = |_| "its reader failed".to_string();
    let reader = || unpdf::Unpdf::new().lenient().sequential().with_images(false).parse_bytes(bytes);
    let parsed = catch_unwind(AssertUnwindSafe(reader)).map_err(failed)?.map_err(|error| error.to_string())?;
    let document = parsed.document();
    let pages = || document.pages.iter().map(page_text).collect::<Vec<_>>();
    let pages = catch_unwind(AssertUnwindSafe(pages)).map_err(failed)?;
    let (text, pages, running) = without_running_lines(&pages);
    let metadata = &document.metadata;
    let largest = document.pages.first().and_then(largest);
    Ok(Document { title: metadata.title.clone(), author: metadata.author.clone(), largest, text, pages, running })
}

/// The text of the pages without what is printed around it, where in it each page begins, and what is around it: paragraphs at the top and the bottom of pages
/// that are the same but for their numbers, and what browsers print, which is known by its form.
fn without_running_lines(pages: &[String]) -> (String, Vec<usize>, Vec<String>) {
    /// Paragraphs at either end of a page that may be printed around its text.
    const ENDS: usize = 2;
    const MAX_CHARS: usize = 200;
    let paragraphs: Vec<Vec<&str>> = pages
        .iter()
        .map(|page| page.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()).collect())
        .collect();
    // Is it at the top of its page, and what is it but for its numbers?
    let key = |is_top: bool, paragraph: &str| (is_top, tidy(paragraph).replace(|c: char| c.is_ascii_digit(), "0"));
    let mut counts: HashMap<(bool, String), usize> = HashMap::new();
    for page in &paragraphs {
        // A short page has no paragraph at both ends.
        let mut of_page: HashSet<(bool, String)> = HashSet::new();
        for (at, paragraph) in page.iter().enumerate().filter(|(_, paragraph)| paragraph.len() <= MAX_CHARS) {
            of_page.extend((at < ENDS).then(|| key(true, paragraph)));
            of_page.extend((at + ENDS >= page.len()).then(|| key(false, paragraph)));
        }
        of_page.into_iter().for_each(|key| *counts.entry(key).or_insert(0) += 1);
    }
    let least = (pages.len() / 2).max(2);
    let is_repeated = |is_top: bool, paragraph: &str| {
        let has_words = paragraph.chars().any(char::is_alphabetic);
        let count = counts.get(&key(is_top, paragraph)).copied().unwrap_or(0);
        // A table of figures has the same numbers at the end of each page, too.
        paragraph.len() <= MAX_CHARS && count >= least && (has_words || paragraph.len() <= 12)
    };
    let (mut bodies, mut running): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for page in &paragraphs {
        // From the edge inwards, up to the first paragraph that is text.
        let is_running = |is_top: bool, paragraph: &&&str| is_repeated(is_top, paragraph) || is_print_mark(paragraph);
        let top = page.iter().take(ENDS).take_while(|paragraph| is_running(true, paragraph)).count();
        let rest = &page[top..];
        let bottom = rest.iter().rev().take(ENDS).take_while(|paragraph| is_running(false, paragraph)).count();
        let (body, bottom) = rest.split_at(rest.len() - bottom);
        bodies.push(body.join("\n\n"));
        for paragraph in page[..top].iter().chain(bottom) {
            if !running.iter().any(|line| key(true, line) == key(true, paragraph)) {
                running.push(tidy(paragraph));
            }
        }
    }
    // All of a document cannot be around its text.
    let (bodies, running) =
        if bodies.iter().all(String::is_empty) { (pages.to_vec(), Vec::new()) } else { (bodies, running) };
    let (text, begins) = joined(&bodies);
    (text, begins, running)
}

/// The text of all pages, and where in it each begins.
fn joined(texts: &[String]) -> (String, Vec<usize>) {
    let (mut text, mut pages) = (String::new(), Vec::with_capacity(texts.len()));
    for page in texts {
        if !text.is_empty() && !page.is_empty() {
            text.push_str("\n\n");
        }
        pages.push(text.len());
        text.push_str(page);
    }
    (text, pages)
}

/// Is it what browsers print at the top and bottom of pages: the day and time of printing, perhaps with the title; the
/// address, perhaps with the number of the page?
fn is_print_mark(paragraph: &str) -> bool {
    let mut words = paragraph.split_whitespace();
    let Some(first) = words.next() else { return false };
    if first.starts_with("http://") || first.starts_with("https://") {
        return words.next().is_none_or(is_page_count) && words.next().is_none();
    }
    if is_page_count(paragraph) {
        return true;
    }
    let day = first.trim_end_matches(',');
    let is_day = first.ends_with(',')
        && day.split(['/', '.', '-']).count() == 3
        && day
            .split(['/', '.', '-'])
            .all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
    let is_time =
        |word: &str| word.len() <= 8 && word.contains([':', '.']) && word.starts_with(|c: char| c.is_ascii_digit());
    is_day && words.next().is_some_and(is_time)
}

/// `1/3`
fn is_page_count(text: &str) -> bool {
    let is_number = |text: &str| (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('/').is_some_and(|(page, pages)| is_number(page) && is_number(pages))
}

/// The text with the line breaks at which its words are broken. The library joins lines with spaces, and keeps the hyphen.
pub(super) fn with_broken_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("- ") {
        let (before, after) = (&rest[..at], &rest[at + 2..]);
        let is_broken = before.ends_with(char::is_alphabetic) && after.starts_with(char::is_lowercase);
        out.push_str(before);
        out.push_str(if is_broken { "-\n" } else { "- " });
        rest = after;
    }
    out.push_str(rest);
    out
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
    fn running_lines_are_no_text() {
        for (pages, text, running) in [
            (
                // As a browser prints.
                &[
                    "14/11/2024, 10:11 Dockers walk out | Courier\n\nDockers walk out\n\nThey left.\n\nhttps://courier.example/a 1/2",
                    "14/11/2024, 10:11 Dockers walk out | Courier\n\nThey came back.\n\nhttps://courier.example/a 2/2",
                ][..],
                "Dockers walk out\n\nThey left.\n\nThey came back.",
                &["14/11/2024, 10:11 Dockers walk out | Courier", "https://courier.example/a 1/2"][..],
            ),
            (
                &["11/14/24, 8:05 AM\n\nDockers walk out\n\nThey left.\n\n1/1"],
                "Dockers walk out\n\nThey left.",
                &["11/14/24, 8:05 AM", "1/1"],
            ),
            (
                // As a newspaper does.
                &[
                    "Halden Courier Page 4\n\nThey left.\n\nThey slept.\n\nThey ate.",
                    "Halden Courier Page 5\n\nThey came.\n\nThey sang.\n\nThey ran.",
                    "Halden Courier Page 6\n\nThey sat.\n\nThey sang.\n\nThey wept.",
                ],
                "They left.\n\nThey slept.\n\nThey ate.\n\nThey came.\n\nThey sang.\n\nThey ran.\n\nThey sat.\n\nThey sang.\n\nThey wept.",
                &["Halden Courier Page 4"],
            ),
            (&["They left.\n\nThey came."], "They left.\n\nThey came.", &[]),
        ] {
            let pages: Vec<String> = pages.iter().map(|page| (*page).to_string()).collect();
            let (found, begins, found_running) = without_running_lines(&pages);
            assert_eq!(
                (found.as_str(), found_running.as_slice()),
                (text, running.iter().map(ToString::to_string).collect::<Vec<_>>().as_slice())
            );
            assert!(begins.iter().all(|&at| at == 0 || found[..at].ends_with("\n\n")), "{begins:?}");
        }
    }

    #[test]
    fn broken_words_are_at_the_ends_of_lines() {
        for (text, expected) in [
            ("the conser- vation of", "the conser-\nvation of"),
            ("the ship - a ferry - left", "the ship - a ferry - left"),
            ("Nord- See, 10- und", "Nord- See, 10- und"),
        ] {
            assert_eq!(with_broken_lines(text), expected);
        }
    }

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

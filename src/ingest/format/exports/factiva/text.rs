//! Factiva as text or RTF: stories that end with their accession number. Their fields have codes, or a fixed order.

use std::sync::LazyLock;

use regex::Regex;

use super::facts::{apply_dated_lines, apply_field, is_word_count, take_byline};
use crate::article::front::without_opener;
use crate::ingest::format::draft::{Draft, Text};
use crate::ingest::format::exports::lines::{bare_name, date, is_copyright};
use crate::ingest::format::exports::pattern::regex;
use crate::text::tidy;

/// `Document HALDEN0020230915ej9f00001`, the last line of a story; `AN` is its field code.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^\s*(?:AN\s+)?(?:Document|Dokument|Documento)\s+([A-Z0-9]{4,}[a-z0-9]{10,}|[A-Za-z0-9]{4,10}(?:19|20)\d{6}[a-z0-9]{6,12})\s*$",
    )
});
/// The code of a field, and its value.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^\s*(HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|LA|CY|SE|CLM|LP|TD|CT|RF|CO|IN|NS|RE|IPC|IPD|PUB|AN|ART|VOL)(?:\s{1,}(.*))?$",
    )
});

/// Does the line end a story with its accession number?
pub(in super::super) fn is_number(line: &str) -> bool {
    NUMBER.is_match(line)
}

/// The accession number that a line states.
pub(super) fn number(line: &str) -> Option<&str> {
    NUMBER.captures(line).and_then(|found| found.get(1)).map(|number| number.as_str())
}

/// The stories of an export as text or RTF.
pub(in super::super) fn stories(lines: &[&str]) -> Option<Vec<Draft>> {
    let ends: Vec<usize> = (0..lines.len()).filter(|&at| is_number(lines[at])).collect();
    if ends.is_empty() {
        return None;
    }
    let starts = std::iter::once(0).chain(ends.iter().map(|end| end + 1));
    Some(starts.zip(&ends).filter_map(|(start, &end)| story(&lines[start..=end])).collect())
}

fn story(lines: &[&str]) -> Option<Draft> {
    let id = lines.last().and_then(|line| number(line));
    let mut draft = Draft { id: id.map(str::to_string), ..Draft::default() };
    let codes = lines.iter().filter(|line| CODE.is_match(line)).count();
    if codes >= 3 {
        coded(lines, &mut draft);
    } else {
        ordered(lines, &mut draft)?;
    }
    draft.has_text().then_some(draft)
}

/// Reads fields that begin with their codes.
fn coded(lines: &[&str], draft: &mut Draft) {
    let mut body: Vec<String> = Vec::new();
    let mut fields: Vec<(String, Vec<String>)> = Vec::new();
    for line in lines {
        match CODE.captures(line) {
            Some(found) => {
                let value = found.get(2).map(|value| tidy(value.as_str())).filter(|value| !value.is_empty());
                fields.push((found[1].to_string(), value.into_iter().collect()));
            }
            None => {
                let text = tidy(line);
                if let Some((_, lines)) = fields.last_mut().filter(|_| !text.is_empty()) {
                    lines.push(text);
                }
            }
        }
    }
    for (code, lines) in fields {
        match code.as_str() {
            "LP" | "TD" => body.extend(lines),
            _ => apply_field(&code, &lines.join(" "), draft),
        }
    }
    take_byline(&mut body, draft);
    draft.text = Text::Bare(body.join("\n\n"));
}

/// Reads fields in a fixed order: section, headline, byline, number of words, date, newspaper, copyright, text. `None` if
/// there is no date.
fn ordered(lines: &[&str], draft: &mut Draft) -> Option<()> {
    let tidied = lines[..lines.len() - 1].iter().map(|line| tidy(line));
    let full: Vec<String> = tidied.filter(|line| !line.is_empty()).collect();
    let dated = full.iter().take(12).position(|line| line.len() < 40 && date(line).is_some())?;
    let front_end = full.iter().position(|line| is_copyright(line)).map_or(dated + 1, |at| at + 1);
    let words = full[..dated].iter().position(|line| is_word_count(line)).unwrap_or(dated);
    // A section may precede the title. The byline follows the title, after a word such as "By".
    let opened = full[..words].iter().position(|line| without_opener(line).len() < line.len());
    // Without such a word the third of three lines may be a name.
    let sectioned = || words == 3 && full[0].len() < full[1].len() && bare_name(&full[2], "").is_some();
    let title = opened.and_then(|at| at.checked_sub(1)).unwrap_or(usize::from(sectioned()));
    draft.title(full.get(title).cloned());
    draft.facts.desk = title.checked_sub(1).map(|at| full[at].clone());
    let byline =
        opened.map(|at| &full[at]).or_else(|| full[(title + 1).min(words)..words].iter().find(|line| line.len() < 80));
    draft.byline(byline.cloned());
    apply_dated_lines(&full[dated..front_end.max(dated + 1).min(full.len())], draft);
    let mut body = full[front_end.min(full.len())..].to_vec();
    take_byline(&mut body, draft);
    draft.text = Text::Bare(body.join("\n\n"));
    Some(())
}

#[cfg(test)]
pub(super) fn build_tables() {
    LazyLock::force(&NUMBER);
    LazyLock::force(&CODE);
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "Dockers at the port of Halden walked out on Monday after talks about pay and hours had failed.";

    #[test]
    fn fronts_of_texts() {
        for (front, desk, title, byline) in [
            ("Dockers walk out\nBy Mara Lind\n90 words", None, "Dockers walk out", Some("Mara Lind")),
            (
                "Business\nDockers walk out\nBy Mara Lind\n90 words",
                Some("Business"),
                "Dockers walk out",
                Some("Mara Lind"),
            ),
            (
                "Business\nDockers walk out\nMara Lind\n90 words",
                Some("Business"),
                "Dockers walk out",
                Some("Mara Lind"),
            ),
            ("Dockers walk out\nMara Lind\n90 words", None, "Dockers walk out", Some("Mara Lind")),
        ] {
            let text = format!(
                "{front}\n2 May 2002\nHalden Courier\nHALC\n(c) 2002 Halden Courier\n\n{LONG}\n\nDocument halco00020020605dy52006xr\n"
            );
            let found = stories(&text.lines().collect::<Vec<_>>()).expect("an export").remove(0);
            assert_eq!(found.id.as_deref(), Some("halco00020020605dy52006xr"));
            assert_eq!(found.facts.desk.as_deref(), desk, "{front}");
            assert_eq!(found.facts.title.as_deref(), Some(title), "{front}");
            assert_eq!(found.facts.byline.as_deref(), byline, "{front}");
        }
    }
}

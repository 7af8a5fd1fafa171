//! Text for a terminal: whether a quotation is in the archive, where, and how it differs.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::harmless;
use super::text::Page;
use crate::analysis::verify::{DifferenceKind, QuotationDifference, QuotationPlace, Verdict, Verification};
use crate::text::{counted, tidy};

impl Page {
    /// Writes whether a quotation is in the archive, and where.
    ///
    /// # Errors
    ///
    /// Errors of the writer.
    pub(crate) fn verification(&self, out: &mut dyn Write, found: &Verification) -> io::Result<()> {
        let style = match found.verdict {
            Verdict::Exact => AnsiColor::Green,
            Verdict::Near => AnsiColor::Yellow,
            Verdict::No => AnsiColor::Red,
        };
        let verdict = self.styled(Style::new().bold().fg_color(Some(style.into())), found.verdict.name());
        writeln!(out, "{verdict}: {}", sentence(found))?;
        for place in &found.places {
            writeln!(out)?;
            self.place(out, place)?;
        }
        Ok(())
    }

    fn place(&self, out: &mut dyn Write, place: &QuotationPlace) -> io::Result<()> {
        let facts = &place.article.facts;
        if let Some(title) = &facts.title {
            writeln!(out, "{}", self.styled(Style::new().bold(), &harmless(title)))?;
        }
        let published = facts.published.as_ref().map(|published| published.value.clone());
        let about: Vec<&str> = [&facts.source, &published, &facts.byline, &place.heading]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        if !about.is_empty() {
            writeln!(out, "    {}", self.styled(Style::new().dimmed(), &harmless(&about.join(" · "))))?;
        }
        for line in self.lines(&harmless(&tidy(&place.text))) {
            writeln!(out, "    {line}")?;
        }
        for difference in &place.differences {
            writeln!(out, "    {}", self.styled(Style::new().dimmed(), &harmless(&told(difference))))?;
        }
        self.location(out, &place.article, "", &place.id(), "    ")
    }
}

/// The verdict as a sentence.
pub(crate) fn sentence(found: &Verification) -> String {
    let words = counted(found.words, "word");
    let articles = || counted(usize::try_from(found.articles).unwrap_or(usize::MAX), "article");
    match found.verdict {
        Verdict::Exact => {
            let are = if found.words == 1 { "is" } else { "are" };
            format!("the {words} {are} in {}", articles())
        }
        Verdict::Near => {
            let edits = found.places.first().map_or(0, |place| place.edits);
            let differ = if edits == 1 { "differs" } else { "differ" };
            format!("{edits} of {words} {differ}; {} near it", articles())
        }
        Verdict::No => format!("the {words} are in no article in this order, nor nearly"),
    }
}

/// A difference as a line.
pub(crate) fn told(difference: &QuotationDifference) -> String {
    let QuotationDifference { kind, quotation, text, times } = difference;
    let times = if *times > 1 { format!(" ({times} times)") } else { String::new() };
    match kind {
        DifferenceKind::Spaces => format!("differs in spaces{times}"),
        _ if quotation.is_empty() => format!("left out: {}{times}", tidy(text)),
        _ if text.is_empty() => format!("added: {}{times}", tidy(quotation)),
        _ => format!("{} for {}{times}", tidy(quotation), tidy(text)),
    }
}

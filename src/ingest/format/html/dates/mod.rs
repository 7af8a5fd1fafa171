//! The date of publication of a page: a choice among all dates that it states, each with a score and its reason.
//!
//! What states a date decides its score: the data of the page for machines before its displayed text, a property of
//! publication before a bare date, the article's own part before everything else. Dates of related articles, comments,
//! embedded posts and cited works are not candidates. Independent statements of one day support each other.
//!
//! An instant in UTC may be the next day, or the day before, where the newspaper is. If the page or its address states
//! the neighbouring day, and the time of day allows it, that is the newspaper's day.

mod choice;
mod data;
mod shown;

use super::page::Page;
use super::scan::{Own, Scan};
use crate::article::date::{NumberStyle, date_in_path};
use crate::model::{DateEvidence, Published, PublishedFrom};

pub(super) use data::stated;

/// Score of a date beside which weaker sources are not looked for.
const SURE: i32 = 80;

/// Who states a date. Statements of one kind do not support each other: a page is made from one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    JsonLd,
    Meta,
    Element,
    Text,
    Address,
    Script,
}

/// What a date is said to be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Published,
    Modified,
}

/// A date that the page states.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) date: Published,
    pub(super) kind: Kind,
    pub(super) source: Source,
    pub(super) score: i32,
    /// Where it is stated, for people.
    pub(super) place: String,
    /// Is it the displayed text of an element for dates?
    pub(super) is_shown_value: bool,
}

/// The dates chosen, and all candidates, best first.
#[derive(Default)]
pub(super) struct Dates {
    pub(super) published: Option<Published>,
    pub(super) updated: Option<Published>,
    pub(super) evidence: Vec<DateEvidence>,
}

/// Chooses the dates of a page. `linked` are those of its JSON-LD.
pub(super) fn choose(
    page: &Page,
    scan: &Scan,
    own: &Own<'_>,
    linked: Vec<Candidate>,
    url: Option<&str>,
    style: NumberStyle,
    lang: Option<&str>,
) -> Dates {
    let mut all = linked;
    all.extend(data::meta(page));
    all.extend(shown::elements(scan, own, style));
    all.extend(shown::texts(scan, own, style));
    if let Some(date) = url.and_then(|url| date_in_path(url, PublishedFrom::Url)) {
        let place = "the address".to_string();
        let (kind, source) = (Kind::Published, Source::Address);
        all.push(Candidate { date, kind, source, score: 65, place, is_shown_value: false });
    }
    all.extend(shown::title(page, style));
    // Scripts are long, and seldom state what nothing else does.
    if !all.iter().any(|candidate| candidate.kind == Kind::Published && candidate.score >= SURE) {
        all.extend(data::data_of_scripts(page));
    }
    choice::decide(all, lang)
}

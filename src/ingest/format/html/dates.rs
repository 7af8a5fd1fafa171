//! The date of publication of a page: a choice among all dates that it states, each with a score and its reason.
//!
//! What states a date decides its score: the data of the page for machines before its displayed text, a property of
//! publication before a bare date, the article's own part before everything else. Dates of related articles, comments,
//! embedded posts and cited works are not candidates. Independent statements of one day support each other.
//!
//! An instant in UTC may be the next day, or the day before, where the newspaper is. If the page or its address states
//! the neighbouring day, and the time of day allows it, that is the newspaper's day.

use jiff::civil;

use super::page::{Element, Page};
use super::scan::{Own, Scan};
use crate::article::BlockKind;
use crate::article::date::{NumberStyle, date_in_path, find_date};
use crate::ingest::format::draft::first_date;
use crate::model::{DateEvidence, Published, PublishedFrom};
use crate::text::fold::fold;
use crate::text::tidy;

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

/// Least score of a date of publication.
const LEAST: i32 = 40;
/// What each kind of support from another source adds.
const SUPPORT: i32 = 14;
/// Most sources that support.
const MOST_SUPPORT: i32 = 2;
/// Dates in text from before the web are what the text is about more often than its own.
const FIRST_YEAR: &str = "1993";
/// Score of the date of the last change, if there is none of publication.
const CHANGE: i32 = 42;

/// Subtracted from the score of a date that is also the date of the last change, if an earlier date of publication exists.
const CHANGED: i32 = 20;
/// Least score of the earlier date: that of a date in metadata.
const EARLIER: i32 = 78;
/// Subtracted from the score of 1 January if only one source states it: programs write it where they know only the year, or
/// nothing.
const NEW_YEAR: i32 = 14;
const NEW_YEARS_DAY: &str = "-01-01";

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
    all.extend(meta(page));
    all.extend(elements(scan, own, style));
    all.extend(texts(scan, own, style));
    if let Some(date) = url.and_then(|url| date_in_path(url, PublishedFrom::Url)) {
        let place = "the address".to_string();
        let (kind, source) = (Kind::Published, Source::Address);
        all.push(Candidate { date, kind, source, score: 65, place, is_shown_value: false });
    }
    all.extend(title(page, style));
    // Scripts are long, and seldom state what nothing else does.
    if !all.iter().any(|candidate| candidate.kind == Kind::Published && candidate.score >= SURE) {
        all.extend(data_of_scripts(page));
    }
    decide(all, lang)
}

/// The choice among candidates.
fn decide(mut all: Vec<Candidate>, lang: Option<&str>) -> Dates {
    let updated = all.iter().filter(|c| c.kind == Kind::Modified).max_by_key(|c| c.score).cloned();
    for candidate in &mut all {
        let is_coarse = candidate.date.day().len() < "2023-11-08".len();
        let is_before_web = candidate.source == Source::Text && candidate.date.value.as_str() < FIRST_YEAR;
        candidate.score -= if is_coarse { 30 } else { 0 } + if is_before_web { 60 } else { 0 };
    }
    if let Some(change) = updated.as_ref().and_then(|change| date_of(&change.date)) {
        // The neighbouring day is that of the same instant elsewhere.
        const LEAST_DAYS: i32 = 2;
        let is_earlier = |c: &Candidate| {
            let is_data = matches!(c.source, Source::JsonLd | Source::Meta) && !c.date.day().ends_with(NEW_YEARS_DAY);
            let days = date_of(&c.date).map_or(0, |date| (change - date).get_days());
            c.kind == Kind::Published && c.score >= EARLIER && is_data && days >= LEAST_DAYS
        };
        let has_earlier = all.iter().any(is_earlier);
        let is_change = |c: &Candidate| c.kind == Kind::Published && date_of(&c.date) == Some(change);
        for candidate in all.iter_mut().filter(|c| has_earlier && is_change(c)) {
            candidate.score -= CHANGED;
        }
    }
    for at in 0..all.len() {
        let day = all[at].date.day().to_string();
        let mut sources = vec![all[at].source];
        // Other fields of the same source that state it in another form support it half as much.
        let is_again = |c: &Candidate| {
            c.source == all[at].source && c.date.value != all[at].date.value && c.date.day() == day && c.score > 60
        };
        let again = all.iter().any(|c| c.kind == Kind::Published && is_again(c));
        for other in &all {
            let agrees = other.kind == Kind::Published && other.date.day() == day && other.score > 0;
            if agrees && !sources.contains(&other.source) {
                sources.push(other.source);
            }
        }
        let support = i32::try_from(sources.len() - 1).unwrap_or(MOST_SUPPORT).min(MOST_SUPPORT);
        if all[at].kind == Kind::Published {
            all[at].score += support * SUPPORT + if again { SUPPORT / 2 } else { 0 };
            all[at].score -= if support == 0 && day.ends_with(NEW_YEARS_DAY) { NEW_YEAR } else { 0 };
        }
    }
    if let Some(change) = &updated {
        // Like a text's, a page's date of the last change is that of publication if it states no other.
        let score = CHANGE - i32::from(change.score < 60);
        all.push(Candidate { kind: Kind::Published, score, ..change.clone() });
    }
    // The first of equals counts.
    all.sort_by_key(|candidate| std::cmp::Reverse(candidate.score));
    let best = all.iter().find(|c| c.kind == Kind::Published && c.score >= LEAST).cloned();
    let mut published = best.as_ref().map(|best| best.date.clone());
    let mut evidence: Vec<DateEvidence> = all
        .iter()
        .filter(|c| c.kind == Kind::Published)
        .map(|c| DateEvidence::new(c.date.value.clone(), c.score, c.place.clone()))
        .collect();
    if let Some(best) = &best
        && let Some((local, witness)) = local_day(best, &all, lang)
    {
        let place = format!("{}, for the day there of the instant in {}", witness.place, best.place);
        evidence.insert(0, DateEvidence::new(local.value.clone(), best.score, place));
        published = Some(local);
    }
    let updated =
        updated.map(|change| change.date).filter(|change| published.as_ref().is_none_or(|p| p.value != change.value));
    Dates { published, updated, evidence }
}

/// The newspaper's own day of an instant, and who states it.
fn local_day<'c>(best: &Candidate, all: &'c [Candidate], lang: Option<&str>) -> Option<(Published, &'c Candidate)> {
    /// Least score of a witness.
    const WITNESS: i32 = 60;
    let (day, hour, minute) = (date_of(&best.date)?, part(&best.date, 11..13)?, part(&best.date, 14..16)?);
    let zone = best.date.value.get(19..).unwrap_or("");
    let others = all.iter().filter(|c| c.kind == Kind::Published && c.score >= WITNESS && c.source != best.source);
    let others = others.filter(|c| c.date.value != best.date.value);
    let seconds = best.date.seconds()?;
    let is_utc = |date: &Published| date.value.ends_with('Z');
    // A day that is displayed, and is that of the instant, is the newspaper's.
    let is_shown = |c: &Candidate| c.source == Source::Text && c.date.day() == best.date.day();
    if others.clone().any(is_shown) {
        return None;
    }
    let is_shown_instead = |c: &Candidate| c.is_shown_value && c.date.value.len() <= 10;
    let (west, east) = hours_from_utc(lang);
    others
        .filter_map(|other| {
            let witnessed = date_of(&other.date)?;
            let ahead = (witnessed - day).get_days();
            let time = part(&other.date, 14..16);
            // Another statement of the same instant, with a zone or without.
            let apart = other.date.seconds()? - seconds;
            let is_same_instant = time == Some(minute) && apart.abs() <= 14 * 3_600 && apart % 3_600 == 0 && apart != 0;
            let possible = match ahead {
                -1 => hour + west < 0,
                1 => hour + east >= 24,
                _ => false,
            };
            let is_local = match zone {
                "Z" => possible && (time.is_none() || is_same_instant),
                // Without a zone it is in UTC if the page displays the neighbouring day.
                "" if is_shown_instead(other) => possible,
                "" => possible && is_same_instant && !is_utc(&other.date),
                _ => false,
            };
            is_local.then(|| (other.date.clone(), other))
        })
        // One with the time of day says more.
        .max_by_key(|(date, other)| (date.value.len() > 10, other.score))
}

/// The most hours behind and ahead of UTC where newspapers of a language are.
fn hours_from_utc(lang: Option<&str>) -> (i16, i16) {
    match lang.unwrap_or_default() {
        "de" | "it" | "pl" | "cs" | "sk" | "hu" | "sv" | "da" | "no" | "nb" | "nn" | "sl" | "hr" | "sr" | "bs" => {
            (0, 2)
        }
        "fi" | "el" | "ro" | "bg" | "uk" | "tr" | "he" | "et" | "lv" | "lt" | "ar" => (0, 4),
        "nl" => (-4, 2),
        "ja" | "ko" => (0, 9),
        "zh" => (-8, 8),
        "th" | "vi" | "id" => (0, 9),
        "hi" | "bn" | "ta" | "te" | "ur" | "fa" => (0, 6),
        "ru" => (0, 12),
        "pt" => (-5, 1),
        "es" => (-8, 2),
        "fr" => (-8, 4),
        // 12 hours behind is the farthest west, 14 ahead the farthest east.
        _ => (-12, 14),
    }
}

fn date_of(date: &Published) -> Option<civil::Date> {
    let part = |range| part(date, range);
    civil::Date::new(part(0..4)?, i8::try_from(part(5..7)?).ok()?, i8::try_from(part(8..10)?).ok()?).ok()
}

/// A number within the value of a date.
fn part(date: &Published, range: std::ops::Range<usize>) -> Option<i16> {
    date.value.get(range)?.parse().ok()
}

/// The dates of `meta` elements.
fn meta(page: &Page) -> Vec<Candidate> {
    super::facts::meta_elements(page).filter_map(|(name, element)| meta_date(&name, element)).collect()
}

fn meta_date(name: &str, element: Element<'_>) -> Option<Candidate> {
    let (kind, score) = meaning_of(name)?;
    let content = element.attr("content").map(|content| tidy(&content)).filter(|content| content.len() >= 4)?;
    // Ids are numbers too.
    let is_number = content.bytes().all(|byte| byte.is_ascii_digit()) && content.len() != "20231108".len();
    let lower = name.to_ascii_lowercase();
    if is_number && !["date", "time", "_at"].iter().any(|word| lower.contains(word)) {
        return None;
    }
    let date = stated(&content)?;
    let place = format!("<meta name=\"{name}\">");
    Some(Candidate { date, kind, source: Source::Meta, score, place, is_shown_value: false })
}

/// The date that a value for machines states. Programs write days and months in an order of their own, whatever the
/// language of the page is, so that an ambiguous one is none.
pub(super) fn stated(content: &str) -> Option<Published> {
    let style = NumberStyle { short_years: true, ..NumberStyle::default() };
    let date = first_date([Some(content)]).or_else(|| find_date(content, style).map(|(date, _)| date))?;
    Some(Published { from: PublishedFrom::Metadata, ..date })
}

/// What a name of metadata says that its value is the date of, and how surely. Names are judged by their words, so that
/// `article:published_time`, `datePublished` and `cXenseParse:recs:publishtime` are alike.
fn meaning_of(name: &str) -> Option<(Kind, i32)> {
    let name = name.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&[
        "expir",
        "reference",
        "valid",
        "event",
        "start",
        "end_",
        "enddate",
        "birth",
        "unpublish",
        "copyright",
        "saved",
    ]) || has(&[
        "generat", "crawl", "fetch", "build", "verif", "image", "video:", "viewport", "format", "author", "place",
    ]) || has(&["publisher", "last-comment", "archived", "accept", "receiv"])
    {
        return None;
    }
    if name.ends_with("id") {
        return None;
    }
    if has(&["modif", "updat", "lastmod", "revis", "changed", "edited"]) {
        return Some((Kind::Modified, 70));
    }
    let exact = match name.as_str() {
        "article:published_time" | "datepublished" => 95,
        "article:published" | "og:published_time" | "og:article:published_time" => 93,
        "dc.date.issued" | "dcterms.issued" | "citation_online_date" => 84,
        // Systems state the day of saving with these as often.
        "date" | "dc.date" | "dcterms.date" => 78,
        "citation_publication_date" | "citation_date" | "sailthru.date" | "parsely-pub-date" => 86,
        "dc.date.created" | "dcterms.created" | "created" | "datecreated" => 76,
        _ => 0,
    };
    if exact > 0 {
        return Some((Kind::Published, exact));
    }
    if has(&["publ", "pubdate", "pub_date", "pub-date", "issued", "posted", "veroffentlich", "parution", "fecha"]) {
        return Some((Kind::Published, 88));
    }
    if has(&["upload"]) {
        return Some((Kind::Published, 58));
    }
    (has(&["date", "datum"]) || has(&["created"])).then_some((Kind::Published, 68))
}

/// The dates of `time` elements and of elements with a property of dates, in the article's own part.
fn elements(scan: &Scan, own: &Own<'_>, style: NumberStyle) -> Vec<Candidate> {
    let mut out = Vec::new();
    for stamp in &scan.stamps {
        if own.is_others(stamp.at) {
            continue;
        }
        let property = stamp.property.as_deref().map(str::to_ascii_lowercase).unwrap_or_default();
        if property.contains("valid") || property.contains("expire") || property.contains("birth") {
            continue;
        }
        let label = label_of(&stamp.text);
        let is_modified = property.contains("modified")
            || label == Some(Kind::Modified)
            || stamp.hint.modified && !stamp.hint.published && label != Some(Kind::Published);
        let above = own.is_above_text(stamp.at);
        let below = own.is_below_text(stamp.at);
        let score = match (property.contains("published"), stamp.hint.published || label.is_some()) {
            (true, _) => 90,
            (_, true) if above => 86,
            _ if above => 80,
            (_, true) if below => 64,
            _ if below => 50,
            // A date in the middle of the text may be any.
            (_, true) => 55,
            _ => 30,
        };
        let kind = if is_modified { Kind::Modified } else { Kind::Published };
        let machine = stated(&stamp.value);
        let shown = find_date(&stamp.text, style).map(|(date, _)| date);
        let place = stamp.element.clone();
        let shown = shown.filter(|shown| machine.as_ref().is_none_or(|date| date.day() != shown.day()));
        // An element that displays another day as that of publication has the day of the last change for machines.
        let is_corrected = label == Some(Kind::Published) && shown.is_some();
        if let Some(date) = machine.clone() {
            let score = if is_corrected { score.min(70) } else { score };
            let (source, place) = (Source::Element, place.clone());
            out.push(Candidate { date, kind, source, score, place, is_shown_value: false });
        }
        if let Some(date) = shown {
            let (source, score) = match machine {
                None => (Source::Element, score - 2),
                Some(_) if is_corrected => (Source::Text, score),
                Some(_) => (Source::Text, score.min(74)),
            };
            let place = format!("the text of {place}");
            out.push(Candidate { date, kind, source, score, place, is_shown_value: true });
        }
    }
    out
}

/// What the words before a date say that it is the date of.
fn label_of(text: &str) -> Option<Kind> {
    const MODIFIED: &[&str] = &[
        "updat",
        "aktualisier",
        "mis a jour",
        "mise a jour",
        "modifi",
        "actualiz",
        "atualiz",
        "aggiorn",
        "oppdater",
        "opdater",
        "uppdater",
        "bijgewerkt",
        "гeандер",
        "geandert",
        "anderung",
        "обновл",
        "оновл",
        "更新",
        "last edit",
        "last revis",
        "last change",
        "revised",
        "editado",
        "zuletzt",
        "lastmod",
        "stand:",
        "stand ",
        "redigert",
    ];
    const PUBLISHED: &[&str] = &[
        "publi",
        "posted",
        "veroffentlich",
        "pubbl",
        "опублик",
        "发布",
        "發布",
        "publicert",
        "publisert",
        "gepubliceerd",
        "julkaistu",
        "erschienen",
        "erstellt",
        "created",
        "written",
        "geplaatst",
        "opublikowano",
        "vydano",
        "yayin",
        "eingestellt",
        "mise en ligne",
        "mis en ligne",
        "online seit",
        "filed",
        "issued",
        "入力",
        "dato:",
        "datum:",
        "date:",
        "fecha:",
        "data:",
        "submitted",
        "gespeichert",
        "postet",
        "udgivet",
        "published",
    ];
    let folded = fold(text);
    let first = |words: &[&str]| words.iter().filter_map(|word| folded.find(word)).min();
    match (first(MODIFIED), first(PUBLISHED)) {
        (Some(modified), Some(published)) => Some(if published <= modified { Kind::Published } else { Kind::Modified }),
        (Some(_), None) => Some(Kind::Modified),
        (None, Some(_)) => Some(Kind::Published),
        (None, None) => None,
    }
}

/// Dates in displayed text: beside the headline, or directly after the text.
fn texts(scan: &Scan, own: &Own<'_>, style: NumberStyle) -> Vec<Candidate> {
    let mut out = Vec::new();
    let tail: Vec<usize> = own.tail().collect();
    let head: Vec<usize> = own.head().collect();
    for (blocks, is_head) in [(&head, true), (&tail, false)] {
        for &block in blocks {
            out.extend(text_date(scan, own, block, is_head, style));
        }
    }
    out
}

/// The date that a block of text states as its own, not as a part of a sentence.
fn text_date(scan: &Scan, own: &Own<'_>, block: usize, is_head: bool, style: NumberStyle) -> Option<Candidate> {
    /// Longest line with a date, and longest beginning of a paragraph with one, in bytes.
    const LINE_BYTES: usize = 160;
    const LEAD_BYTES: usize = 60;
    const MOST_SHOWN: usize = 60;
    let whole = scan.text(block);
    let is_line = whole.len() <= LINE_BYTES;
    let text = if is_line { whole } else { &whole[..whole.floor_char_boundary(LEAD_BYTES)] };
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (date, span) = find_date(text, style)?;
    let hint = scan.around[block].hint;
    let (before, after) = (&text[..span.start], &text[span.end..]);
    if is_of_something_else(before) {
        return None;
    }
    // `19 January 2020 / Updated 8 hours ago`: a change with a time of its own.
    let is_before_change = label_of(after) == Some(Kind::Modified) && after.bytes().any(|byte| byte.is_ascii_digit());
    let label_after = label_of(after).filter(|label| is_line && (*label == Kind::Published || is_before_change));
    let label = label_of(before).or(label_after.map(|_| Kind::Published));
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    let words = |text: &str| text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count();
    let around = letters(before) + letters(after);
    // A word before the day makes it a part of a sentence: "on 3 May 2011", "until 3 May 2011".
    let is_sentence = whole.ends_with(['.', '!', '?']) && words(before) + words(after) > 5;
    let kind = if label == Some(Kind::Modified) || label.is_none() && hint.modified && !hint.published {
        Kind::Modified
    } else {
        Kind::Published
    };
    let is_heading = matches!(scan.body.blocks[block].kind, BlockKind::Heading(_));
    if is_heading && around > 0 && label.is_none() && !(hint.date || hint.published) {
        return None;
    }
    let is_above = block < own.top;
    let mut score = if !is_line {
        // `Hamburg, 2. November 2021 - The text`, `(18.01.2018) The text`: a dateline with its day.
        if words(before) > 3 || label.is_none() && !ends_dateline(&whole[span.end..]) {
            return None;
        }
        58
    } else if is_sentence && label.is_none() {
        return None;
    } else if around == 0 {
        76
    } else if label.is_some() && words(before) <= 8 {
        78
    } else if words(before) + words(after) <= 6 {
        68
    } else if hint.date || hint.author {
        60
    } else {
        46
    };
    if hint.published || hint.date {
        score += 4;
    }
    if is_above {
        // Above the headline stands the date of today as often as the article's, with its day of the week.
        // Words after it are a section or a kind of text, if it is directly above.
        const NEAR: usize = 2;
        let is_kicker = letters(before) == 0 && block + 1 + NEAR >= own.top;
        let is_today =
            around >= 3 && words(before) + words(after) <= 2 && label.is_none() && !hint.published && !is_kicker;
        score -= if is_today { 34 } else { 4 };
    }
    if !is_head {
        score -= if label.is_some() || hint.published { 20 } else { 38 };
    }
    let shown: String = whole.chars().take(MOST_SHOWN).collect();
    let place = format!("the text \u{201c}{shown}\u{201d}");
    Some(Candidate { date, kind, source: Source::Text, score, place, is_shown_value: false })
}

/// Do the words before a date make it that of something else: the end of a range, of a validity, of a visit, or the day on
/// which the writer of a post became a member?
fn is_of_something_else(before: &str) -> bool {
    const WORDS: &[&str] = &[
        "gultig",
        "valid",
        "until",
        "expire",
        "deadline",
        "abgerufen",
        "accessed",
        "retrieved",
        "consulte le",
        "saved",
        "archived",
        "printed",
        "accepted",
        "received",
        "born",
        "geboren",
        "next ",
        "termin",
        "registriert",
        "registered",
        "registrado",
        "registrato",
        "geregistreerd",
        "mitglied seit",
        "dabei seit",
        "member since",
        "joined",
        "inscrit",
        "inscription",
        "miembro desde",
        "membro desde",
        "iscritto",
        "beigetreten",
        "beitritt",
        "medlem siden",
        "medlem sedan",
        "зарегистрирован",
    ];
    let folded = fold(before);
    let is_range = before
        .trim_end()
        .strip_suffix(['-', '–', '—'])
        .is_some_and(|start| start.trim_end().trim_end_matches('.').ends_with(|c: char| c.is_ascii_digit()));
    is_range || WORDS.iter().any(|word| folded.contains(word))
}

/// Is what follows a date the end of a dateline?
fn ends_dateline(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '\u{a0}']);
    rest.starts_with([')', ':', '|', '-', '–', '—', '•', '·', '/']) || rest.starts_with("Uhr")
}

/// Dates in the data that scripts hold, by the names of their fields. Taken only if all are of one day: such data may
/// list other articles too.
fn data_of_scripts(page: &Page) -> Option<Candidate> {
    const NAMES: &[&str] = &[
        "datepublished",
        "publishdate",
        "publish_date",
        "published_date",
        "publisheddate",
        "publication_date",
        "publicationdate",
        "published_at",
        "publishedat",
        "publish_time",
        "publishtime",
        "pubdate",
        "pub_date",
        "firstpublished",
        "first_published",
        "published_time",
        "article_publication_date",
        "publication_time",
        "originalpublishdate",
    ];
    const MOST_BYTES: usize = 1 << 20;
    const MOST_DATES: usize = 50;
    let mut found: Vec<(Published, String)> = Vec::new();
    let is_data = |script: &Element<'_>| {
        !script.attr("type").is_some_and(|kind| kind.eq_ignore_ascii_case("application/ld+json"))
    };
    let mut bytes = 0;
    for script in page.elements("script").filter(is_data) {
        let text = script.text("");
        bytes += text.len();
        if bytes > MOST_BYTES || found.len() > MOST_DATES {
            break;
        }
        let lower = text.to_ascii_lowercase();
        for name in NAMES {
            for (at, _) in lower.match_indices(name).take(MOST_DATES) {
                // The whole name of a field: quotes or signs around it.
                let is_whole = !lower[..at].ends_with(|c: char| c.is_alphanumeric());
                let rest = &text[at + name.len()..];
                let value = is_whole.then(|| field_value(rest)).flatten();
                if let Some(date) = value.and_then(stated) {
                    found.push((date, (*name).to_string()));
                }
            }
        }
    }
    let (date, name) = found.first()?.clone();
    let is_one_day = found.iter().all(|(other, _)| other.day() == date.day()) && date.day().len() == 10;
    let place = format!("the field {name} in a script");
    let (kind, source) = (Kind::Published, Source::Script);
    is_one_day.then_some(Candidate { date, kind, source, score: 52, place, is_shown_value: false })
}

/// The value after the name of a field: `": "2023-11-08"`, ` = '2023-11-08 22:12'`.
fn field_value(rest: &str) -> Option<&str> {
    const MOST_BYTES: usize = 60;
    let rest = rest.trim_start_matches(['"', '\'', '\\', ' ', '\t', '&']).trim_start_matches("quot;");
    let rest = rest.strip_prefix([':', '=', ','])?.trim_start_matches([' ', '\t', '\\']);
    let rest = rest.strip_prefix("&quot;").unwrap_or(rest);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let rest = quote.map_or(rest, |_| &rest[1..]);
    let rest = &rest[..rest.floor_char_boundary(MOST_BYTES)];
    let end = rest.find(['"', '\'', '\\', ',', '}', ';', '&', '<']).unwrap_or(rest.len());
    Some(rest[..end].trim()).filter(|value| value.len() >= 8)
}

/// A date at the beginning or end of the page's title or in its description.
fn title(page: &Page, style: NumberStyle) -> Vec<Candidate> {
    let head = page.elements("title").next().map(|title| (tidy(&title.text("")), "<title>", 48));
    let described = page
        .elements("meta")
        .find(|meta| meta.attr("name").is_some_and(|name| name.eq_ignore_ascii_case("description")));
    let described = described.and_then(|meta| meta.attr("content")).map(|text| (tidy(&text), "the description", 41));
    let dated = |(text, place, score): (String, &str, i32)| {
        const LEAD_BYTES: usize = 60;
        let lead = &text[..text.floor_char_boundary(LEAD_BYTES)];
        let (date, span) = find_date(lead, style)?;
        let words = lead[..span.start].split_whitespace().count();
        let is_edge = span.start == 0 || span.end == text.len() || words <= 2 && place == "the description";
        is_edge.then(|| Candidate {
            date,
            kind: Kind::Published,
            source: Source::Text,
            score,
            place: place.to_string(),
            is_shown_value: false,
        })
    };
    head.into_iter().chain(described).filter_map(dated).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(value: &str, source: Source, score: i32) -> Candidate {
        let date = Published { value: value.into(), from: PublishedFrom::Metadata };
        Candidate { date, kind: Kind::Published, source, score, place: String::new(), is_shown_value: false }
    }

    #[test]
    fn the_day_is_the_newspapers() {
        for (instant, witnesses, value) in [
            ("2023-11-09T03:12:00Z", vec![("2023-11-08", Source::Text)], "2023-11-08"),
            ("2023-11-09T03:12:00Z", vec![("2023-11-08", Source::Address)], "2023-11-08"),
            ("2023-11-01T23:01:00Z", vec![("2023-11-02", Source::Text)], "2023-11-02"),
            // The time of day rules the neighbouring day out.
            ("2023-11-09T15:12:00Z", vec![("2023-11-08", Source::Text)], "2023-11-09T15:12:00Z"),
            ("2023-11-09T03:12:00Z", vec![("2023-11-10", Source::Text)], "2023-11-09T03:12:00Z"),
            ("2023-11-09T03:12:00Z", vec![("2023-11-07", Source::Text)], "2023-11-09T03:12:00Z"),
            // A statement with a zone is the newspaper's own.
            ("2023-11-09T03:12:00+02:00", vec![("2023-11-08", Source::Text)], "2023-11-09T03:12:00+02:00"),
            ("2023-11-09T03:12:00Z", vec![("2023-11-08T22:12:00-05:00", Source::Element)], "2023-11-08T22:12:00-05:00"),
            ("2020-12-05T23:15:00", vec![("2020-12-06T00:15:00", Source::Text)], "2020-12-06T00:15:00"),
            ("2020-12-05T23:15:00", vec![("2020-12-06T08:20:00", Source::Text)], "2020-12-05T23:15:00"),
            // A local time is not made one of UTC, and a displayed day of the instant is the newspaper's.
            ("2023-11-08T18:09:55", vec![("2023-11-09T01:09:55Z", Source::Element)], "2023-11-08T18:09:55"),
            (
                "2020-07-09T10:04:04Z",
                vec![("2020-07-08", Source::Address), ("2020-07-09T06:04:00", Source::Text)],
                "2020-07-09T10:04:04Z",
            ),
        ] {
            let mut all = vec![candidate(instant, Source::Meta, 95)];
            all.extend(witnesses.iter().map(|(value, source)| candidate(value, *source, 70)));
            assert_eq!(
                decide(all, None).published.map(|date| date.value).as_deref(),
                Some(value),
                "{instant} {witnesses:?}"
            );
        }
    }

    #[test]
    fn a_language_is_spoken_on_one_side_of_utc() {
        for (lang, day, value) in [
            ("de", "2019-10-18", "2019-10-19T03:00:00Z"),
            ("de", "2019-10-20", "2019-10-19T03:00:00Z"),
            ("pt", "2019-10-18", "2019-10-18"),
        ] {
            let all = vec![candidate("2019-10-19T03:00:00Z", Source::JsonLd, 100), candidate(day, Source::Meta, 95)];
            assert_eq!(
                decide(all, Some(lang)).published.map(|date| date.value).as_deref(),
                Some(value),
                "{lang} {day}"
            );
        }
    }

    #[test]
    fn statements_support_each_other() {
        let all = vec![
            candidate("2022-01-04T07:29:00Z", Source::JsonLd, 100),
            candidate("2022-01-06T08:29:34", Source::Meta, 95),
            candidate("2022-01-06", Source::Text, 70),
        ];
        assert_eq!(decide(all, None).published.map(|date| date.value).as_deref(), Some("2022-01-06T08:29:34"));
        assert_eq!(decide(vec![candidate("2022-01-04", Source::Element, 30)], None).published, None);
    }

    #[test]
    fn a_displayed_day_corrects_a_time_without_zone() {
        for (lang, machine, shown, value) in [
            ("it", "2020-12-05T23:15:00", "2020-12-06", "2020-12-06"),
            ("it", "2020-12-05T12:15:00", "2020-12-06", "2020-12-05T12:15:00"),
            ("es", "2020-12-06T02:15:00", "2020-12-05", "2020-12-05"),
            ("it", "2020-12-05T23:15:00", "2020-12-08", "2020-12-05T23:15:00"),
        ] {
            let shown = Candidate { is_shown_value: true, ..candidate(shown, Source::Text, 74) };
            let all = vec![candidate(machine, Source::JsonLd, 100), shown];
            assert_eq!(decide(all, Some(lang)).published.map(|date| date.value).as_deref(), Some(value), "{machine}");
        }
    }

    #[test]
    fn the_day_of_the_change_yields_to_an_earlier_one() {
        let change = |value: &str| Candidate { kind: Kind::Modified, ..candidate(value, Source::Meta, 70) };
        for (name, all, value) in [
            (
                "two statements",
                vec![
                    candidate("2020-02-19", Source::Element, 90),
                    candidate("2017-04-12", Source::Meta, 88),
                    change("2020-02-19"),
                ],
                Some("2017-04-12"),
            ),
            ("one", vec![candidate("2020-02-19", Source::Element, 90), change("2020-02-19")], Some("2020-02-19")),
            (
                "a weak one",
                vec![
                    candidate("2020-02-19", Source::Element, 90),
                    candidate("2017-04-12", Source::Text, 64),
                    change("2020-02-19"),
                ],
                Some("2020-02-19"),
            ),
            (
                "the later one is no change",
                vec![
                    candidate("2020-02-19", Source::Element, 90),
                    candidate("2017-04-12", Source::Meta, 88),
                    change("2020-03-01"),
                ],
                Some("2020-02-19"),
            ),
            ("the first of January", vec![candidate("2004-01-01", Source::Script, 52)], None),
            (
                "said twice",
                vec![candidate("2004-01-01", Source::Script, 52), candidate("2004-01-01", Source::Text, 60)],
                Some("2004-01-01"),
            ),
        ] {
            assert_eq!(decide(all, None).published.map(|date| date.value).as_deref(), value, "{name}");
        }
    }

    #[test]
    fn names_of_metadata() {
        for (name, kind) in [
            ("article:published_time", Some(Kind::Published)),
            ("cXenseParse:recs:publishtime", Some(Kind::Published)),
            ("DC.date", Some(Kind::Published)),
            ("Datum", Some(Kind::Published)),
            ("article:modified_time", Some(Kind::Modified)),
            ("og:updated_time", Some(Kind::Modified)),
            ("article:publisher", None),
            ("publishid", None),
            ("citation_reference", None),
            ("article:expiration_time", None),
            ("keywords", None),
        ] {
            assert_eq!(meaning_of(name).map(|(kind, _)| kind), kind, "{name}");
        }
    }

    #[test]
    fn dates_of_something_else() {
        for (before, expected) in [
            ("Woche 14. - ", true),
            ("Unverändert gültig seit: ", true),
            ("Accessed ", true),
            ("Registriert: ", true),
            ("Member since ", true),
            ("Peter Grimm - ", false),
            ("Posted on ", false),
            ("", false),
        ] {
            assert_eq!(is_of_something_else(before), expected, "{before}");
        }
    }

    #[test]
    fn values_of_fields() {
        for (rest, value) in [
            ("\": \"2023-11-08\", \"x\"", Some("2023-11-08")),
            (" = '2020-12-06 00:15'; var", Some("2020-12-06 00:15")),
            ("\\\":\\\"2020-03-18T12:20:48+0100\\\"", Some("2020-03-18T12:20:48+0100")),
            ("\":1700000000,", Some("1700000000")),
            ("Label\": 1", None),
            ("", None),
        ] {
            assert_eq!(field_value(rest), value, "{rest}");
        }
    }
}

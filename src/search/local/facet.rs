//! The values of facets over matches, counted without reading texts.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use tantivy::DocId;
use tantivy::columnar::{Column as Values, StrColumn};

use super::docs::{Blocks, Match};
use super::segment::Segment;
use crate::index::columns::Folders;
use crate::index::schema::{Column, DATE_DAYS};
use crate::search::results::Counts;
use crate::text::fold::fold_value;
use crate::vocabulary::{Facet, Number, Scope};

/// Most facets that are crossed.
pub(crate) const MAX_CROSSED: usize = 2;

/// The row of what has no value.
const NONE: u32 = u32::MAX;

/// Rows of the values of a match, by facet.
type Cell = [u32; MAX_CROSSED];

/// Keys of the values of one document.
pub(super) type Keys = SmallVec<[u32; 4]>;

const SECONDS_OF_DAY: i64 = 86_400;

/// Days from 1 January of the year 0 to that of 1970, so that days are not negative.
const DAYS_BEFORE_1970: i64 = 719_528;

/// The day of a time in seconds since 1970, as if its local time were UTC. Times out of the calendar are at its ends.
#[must_use]
fn day_of(seconds: i64) -> civil::Date {
    let days = jiff::Span::new().try_days(seconds.div_euclid(SECONDS_OF_DAY));
    let day = days.and_then(|days| civil::date(1970, 1, 1).checked_add(days));
    day.unwrap_or(if seconds < 0 { civil::Date::MIN } else { civil::Date::MAX })
}

/// The date with a key of [`FacetColumn::Dates`].
fn date_of(key: u32) -> String {
    let seconds = (i64::from(key >> 4) - DAYS_BEFORE_1970).saturating_mul(SECONDS_OF_DAY);
    let mut text = day_of(seconds).to_string();
    text.truncate((key & 15) as usize);
    text
}

/// The last day of the calendar, counted as in keys: 9999-12-31.
const LAST_DAY: u32 = 3_652_424;

/// The first days of the year and of the month of a day, all as days since 1970, by arithmetic (Hinnant: chrono-Compatible
/// Low-Level Date Algorithms, 2013): a date is made of every article that is counted. Days out of the calendar are at its
/// ends.
fn first_of_period(day: i64) -> (i64, i64) {
    const OF_400_YEARS: i64 = 146_097;
    // Days and years from 1 March of the year 0 on, so that leap days are the last of a year.
    const MARCH: i64 = DAYS_BEFORE_1970 - 60;
    let day = day.clamp(-4_371_587, i64::from(LAST_DAY) - DAYS_BEFORE_1970);
    let since = day + MARCH;
    let of_era = since.rem_euclid(OF_400_YEARS);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5;
    // January and February belong to the year before.
    let year = year_of_era + 400 * since.div_euclid(OF_400_YEARS) + i64::from(month >= 10);
    let before = year - 1;
    let leaps = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    (365 * before + leaps + 366 - DAYS_BEFORE_1970, day - of_month)
}

/// The values of a facet in a segment, by the first documents of what they hold for.
pub(super) enum FacetColumn {
    /// Texts.
    Texts(Option<StrColumn>),
    /// Paths, of which the folder is the value.
    Folders(Option<StrColumn>, Arc<Folders>),
    /// Dates, which are the value to this number of bytes of their text.
    Dates { date: Option<Values<i64>>, days: Option<Values<u64>>, bytes: usize },
}

impl FacetColumn {
    pub(super) fn open(segment: &Segment<'_>, facet: Facet) -> tantivy::Result<FacetColumn> {
        let texts = |column: Column| segment.columns.texts(column.name());
        Ok(match facet {
            Facet::Source => FacetColumn::Texts(texts(Column::Source)?),
            Facet::Desk => FacetColumn::Texts(texts(Column::Desk)?),
            Facet::Byline => FacetColumn::Texts(texts(Column::Byline)?),
            Facet::Lang => FacetColumn::Texts(texts(Column::Lang)?),
            Facet::Heading => FacetColumn::Texts(texts(Column::Heading)?),
            Facet::Speaker => FacetColumn::Texts(texts(Column::Speaker)?),
            Facet::Dateline => FacetColumn::Texts(texts(Column::Dateline)?),
            Facet::Tag => FacetColumn::Texts(texts(Column::Tag)?),
            Facet::Folder => FacetColumn::Folders(texts(Column::Path)?, segment.columns.folders(segment.renames)?),
            Facet::Year | Facet::Month | Facet::Day => FacetColumn::Dates {
                date: segment.columns.signed(Number::Date.name())?,
                days: segment.columns.unsigned(DATE_DAYS)?,
                bytes: match facet {
                    Facet::Year => "2023".len(),
                    Facet::Month => "2023-09".len(),
                    _ => "2023-09-12".len(),
                },
            },
        })
    }

    /// Adds the keys of the values of a document.
    pub(super) fn keys(&self, doc: DocId, keys: &mut Keys) {
        match self {
            FacetColumn::Texts(column) => {
                let ords = column.iter().flat_map(|column| column.term_ords(doc));
                keys.extend(ords.map(|ord| ord as u32));
            }
            FacetColumn::Folders(column, folders) => {
                let ords = column.iter().flat_map(|column| column.term_ords(doc));
                keys.extend(ords.filter_map(|ord| folders.by_path.get(ord as usize).copied()));
            }
            FacetColumn::Dates { date, days, bytes } => {
                let Some(seconds) = date.as_ref().and_then(|date| date.first(doc)) else { return };
                let known = match days.as_ref().and_then(|days| days.first(doc)) {
                    None => "2023-09-12".len(),
                    Some(..=31) => "2023-09".len(),
                    Some(_) => "2023".len(),
                };
                let known = known.min(*bytes);
                let day = seconds.div_euclid(SECONDS_OF_DAY);
                // All days of a month or year have the key of the first.
                let day = match known {
                    4 => first_of_period(day).0,
                    7 => first_of_period(day).1,
                    _ => day,
                };
                let day = (day + DAYS_BEFORE_1970).max(0);
                keys.push(u32::try_from(day << 4).unwrap_or(LAST_DAY << 4) | known as u32);
            }
        }
    }

    /// The number of keys in the segment, which are those below it; `None` for keys that are numbers.
    pub(super) fn num_keys(&self) -> Option<usize> {
        match self {
            FacetColumn::Texts(column) => Some(column.as_ref().map_or(0, |column| column.num_terms())),
            FacetColumn::Folders(_, folders) => Some(folders.names.len()),
            FacetColumn::Dates { .. } => None,
        }
    }

    /// Is a key the same value in all segments?
    pub(super) fn is_number(&self) -> bool {
        matches!(self, FacetColumn::Dates { .. })
    }

    /// Calls `take` with the values of these keys, which are in order: one by one, each would be unpacked with its
    /// neighbours.
    pub(super) fn each_text(&self, keys: &[u32], mut take: impl FnMut(&str)) -> std::io::Result<()> {
        match self {
            FacetColumn::Texts(None) => {}
            FacetColumn::Texts(Some(column)) => {
                let ords: Vec<u64> = keys.iter().copied().map(u64::from).collect();
                column.dictionary().sorted_ords_to_term_cb(&ords, |term| take(&String::from_utf8_lossy(term)))?;
            }
            FacetColumn::Folders(_, folders) => keys.iter().for_each(|key| take(&folders.names[*key as usize])),
            FacetColumn::Dates { .. } => keys.iter().for_each(|key| take(&date_of(*key))),
        }
        Ok(())
    }

    /// The value with this key.
    fn text(&self, key: u32) -> std::io::Result<String> {
        let mut text = String::new();
        self.each_text(&[key], |value| text.push_str(value))?;
        Ok(text)
    }
}

/// Reads the values of a facet in a segment.
pub(crate) struct FacetReader {
    scope: Scope,
    column: FacetColumn,
    blocks: Blocks,
    last: Option<(u32, String)>,
}

impl FacetReader {
    /// Opens the column.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn open(segment: &Segment<'_>, facet: Facet) -> tantivy::Result<FacetReader> {
        let column = FacetColumn::open(segment, facet)?;
        Ok(FacetReader { scope: facet.scope(), column, blocks: segment.blocks.clone(), last: None })
    }

    /// The first value of a document; `None` if it has none.
    ///
    /// # Errors
    ///
    /// An error of reading the value.
    pub(crate) fn value(&mut self, doc: DocId) -> std::io::Result<Option<String>> {
        let mut keys = Keys::new();
        self.column.keys(self.blocks.first_doc(doc, self.scope), &mut keys);
        let Some(&key) = keys.first() else { return Ok(None) };
        if self.last.as_ref().is_none_or(|(last, _)| *last != key) {
            self.last = Some((key, self.column.text(key)?));
        }
        Ok(self.last.as_ref().map(|(_, text)| text.clone()))
    }
}

/// A folded value.
#[derive(Default)]
struct Row {
    folded: String,
    /// Its spellings, with the number of passages of each. None of a number.
    spellings: Vec<(String, u64)>,
    /// Its key, if it is a number: then its text is not made before it is shown.
    number: Option<u32>,
}

impl Row {
    fn folded(&self) -> String {
        self.number.map_or_else(|| self.folded.clone(), date_of)
    }

    /// Its commonest spelling.
    fn shown(&self) -> String {
        if let Some(number) = self.number {
            return date_of(number);
        }
        let best = self.spellings.iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
        best.expect("a row is made for a spelling").0.clone()
    }
}

/// The values of one facet that were met. Values that are equal once folded are one row.
#[derive(Default)]
struct Rows {
    rows: Vec<Row>,
    by_value: HashMap<String, u32>,
    by_number: FxHashMap<u32, u32>,
}

impl Rows {
    /// The row of a number.
    fn row_of_number(&mut self, number: u32) -> u32 {
        *self.by_number.entry(number).or_insert_with(|| {
            self.rows.push(Row { number: Some(number), ..Row::default() });
            self.rows.len() as u32 - 1
        })
    }

    /// The row of a value and the number of its spelling.
    fn row(&mut self, value: String) -> (u32, usize) {
        let folded = fold_value(&value);
        let row = match self.by_value.get(&folded) {
            Some(&row) => row,
            None => {
                let row = self.rows.len() as u32;
                self.rows.push(Row { folded: folded.clone(), ..Row::default() });
                self.by_value.insert(folded, row);
                row
            }
        };
        let spellings = &mut self.rows[row as usize].spellings;
        let spelling = spellings.iter().position(|(spelling, _)| *spelling == value).unwrap_or_else(|| {
            spellings.push((value, 0));
            spellings.len() - 1
        });
        (row, spelling)
    }
}

/// Rows, each with the number of a spelling.
type Spellings = SmallVec<[(u32, usize); 4]>;

/// A facet in the segment that is counted.
struct Dimension {
    scope: Scope,
    column: FacetColumn,
    rows: Rows,
    /// Row and spelling by key: each value is read once.
    by_key: FxHashMap<u32, (u32, usize)>,
    /// The rows of the last document that was asked for, with the numbers of their spellings.
    last: Option<(DocId, Spellings)>,
}

impl Dimension {
    /// The rows of the values of a match; that of no value if there is none. `passages` is the number of passages for which
    /// it is asked.
    fn rows_of(&mut self, segment: &Segment<'_>, doc: DocId, passages: u64) -> std::io::Result<SmallVec<[u32; 4]>> {
        let first_doc = segment.blocks.first_doc(doc, self.scope);
        if self.last.as_ref().is_none_or(|(last, _)| *last != first_doc) {
            let mut keys = Keys::new();
            self.column.keys(first_doc, &mut keys);
            let mut found = Spellings::new();
            for key in keys {
                if self.column.is_number() {
                    found.push((self.rows.row_of_number(key), 0));
                    continue;
                }
                let known = match self.by_key.get(&key) {
                    Some(&known) => known,
                    None => {
                        let known = self.rows.row(self.column.text(key)?);
                        self.by_key.insert(key, known);
                        known
                    }
                };
                found.push(known);
            }
            self.last = Some((first_doc, found));
        }
        let mut rows = SmallVec::new();
        for &(row, spelling) in self.last.iter().flat_map(|(_, found)| found) {
            if let Some((_, count)) = self.rows.rows[row as usize].spellings.get_mut(spelling) {
                *count += passages;
            }
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
        if rows.is_empty() {
            rows.push(NONE);
        }
        Ok(rows)
    }
}

/// What is counted of pairs of values: those that begin so, and of those, where `kept` is given, the ones that are not in it,
/// all as one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    /// The beginning of the folded value of the first facet.
    pub(crate) prefix: String,
    /// The folded values, by facet, of rows that are shown.
    pub(crate) kept: Option<Arc<HashSet<Vec<Option<String>>>>>,
}

/// Counts the pairs of values of two facets over matches.
#[derive(Default)]
pub(crate) struct PairCounter {
    wanted: Wanted,
    /// The cell that is counted in place of another, for all cells met; `None` if it is not counted.
    counted_as: FxHashMap<Cell, Option<Cell>>,
    /// The facets, while a slice of a segment is counted.
    dimensions: Vec<Dimension>,
    /// The values, by facet, once it is counted.
    rows: Vec<Rows>,
    cells: FxHashMap<Cell, Counts>,
}

/// A counted value or pair of values.
#[derive(Debug, PartialEq)]
pub(crate) struct Counted {
    /// The values; `None` where there is none.
    pub(crate) values: Vec<Option<FacetValue>>,
    pub(crate) counts: Counts,
}

/// A value: its commonest spelling, and what all spellings fold to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FacetValue {
    pub(crate) shown: String,
    pub(crate) folded: String,
}

impl PairCounter {
    /// Counts these facets, crossed, in a segment.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn open(segment: &Segment<'_>, facets: &[Facet], wanted: &Wanted) -> tantivy::Result<PairCounter> {
        let dimension = |&facet: &Facet| -> tantivy::Result<Dimension> {
            Ok(Dimension {
                scope: facet.scope(),
                column: FacetColumn::open(segment, facet)?,
                rows: Rows::default(),
                by_key: FxHashMap::default(),
                last: None,
            })
        };
        let dimensions = facets.iter().map(dimension).collect::<tantivy::Result<_>>()?;
        Ok(PairCounter { wanted: wanted.clone(), dimensions, ..PairCounter::default() })
    }

    /// Counts the matches of one article.
    ///
    /// # Errors
    ///
    /// An error of reading a value.
    pub(crate) fn add(&mut self, segment: &Segment<'_>, matches: &[Match]) -> std::io::Result<()> {
        let (mut of_article, mut of_section) = (SmallVec::<[Cell; 8]>::new(), SmallVec::<[Cell; 8]>::new());
        let mut last_section = None;
        let mut cells = SmallVec::<[Cell; 8]>::new();
        let changes = self.dimensions.iter().any(|dimension| dimension.scope != Scope::Article);
        for one in matches {
            if changes || last_section.is_none() {
                cells.clear();
                let passages = if changes { 1 } else { matches.len() as u64 };
                self.cells_of(segment, (one.doc, passages), &mut cells)?;
            }
            let section = Some(segment.blocks.first_doc(one.doc, Scope::Section));
            if section != last_section {
                of_section.clear();
                last_section = section;
            }
            for cell in &cells {
                let counts = self.cells.entry(*cell).or_default();
                counts.passages += 1;
                if !of_section.contains(cell) {
                    counts.sections += 1;
                    of_section.push(*cell);
                }
                if !of_article.contains(cell) {
                    counts.articles += 1;
                    of_article.push(*cell);
                }
            }
        }
        Ok(())
    }

    fn cells_of(
        &mut self,
        segment: &Segment<'_>,
        (doc, passages): (DocId, u64),
        cells: &mut SmallVec<[Cell; 8]>,
    ) -> std::io::Result<()> {
        let mut rows = SmallVec::<[_; MAX_CROSSED]>::new();
        for dimension in &mut self.dimensions {
            rows.push(dimension.rows_of(segment, doc, passages)?);
        }
        if let [first, second] = &rows[..] {
            cells.extend(first.iter().flat_map(|&first| second.iter().map(move |&second| [first, second])));
        }
        if !self.wanted.prefix.is_empty() || self.wanted.kept.is_some() {
            let all = std::mem::take(cells);
            for cell in all {
                let counted = match self.counted_as.get(&cell) {
                    Some(&known) => known,
                    None => {
                        let found = self.counted_as(cell);
                        self.counted_as.insert(cell, found);
                        found
                    }
                };
                cells.extend(counted.filter(|cell| !cells.contains(cell)));
            }
        }
        Ok(())
    }

    /// The cell that is counted in place of this one, if it is wanted.
    fn counted_as(&self, cell: Cell) -> Option<Cell> {
        let folded = |(dimension, row): (&Dimension, u32)| dimension.rows.rows.get(row as usize).map(Row::folded);
        let folded: Vec<Option<String>> = self.dimensions.iter().zip(cell).map(folded).collect();
        let begins = folded[0].as_ref().is_some_and(|value| value.starts_with(&self.wanted.prefix));
        match &self.wanted.kept {
            Some(kept) => {
                ((begins || self.wanted.prefix.is_empty()) && !kept.contains(&folded)).then_some([NONE; MAX_CROSSED])
            }
            None => begins.then_some(cell),
        }
    }

    /// Ends the segment: its columns are no longer needed.
    fn end(&mut self) {
        if self.rows.is_empty() {
            self.rows = std::mem::take(&mut self.dimensions).into_iter().map(|dimension| dimension.rows).collect();
        }
    }

    /// Adds what was counted in another slice.
    pub(crate) fn merge(&mut self, mut other: PairCounter) {
        self.end();
        other.end();
        if self.rows.is_empty() {
            *self = other;
            return;
        }
        let mut renumbered: Vec<Vec<u32>> = Vec::new();
        for (rows, others) in self.rows.iter_mut().zip(other.rows) {
            let mut numbers = Vec::with_capacity(others.rows.len());
            for row in others.rows {
                let mut number = row.number.map(|number| rows.row_of_number(number));
                for (spelling, count) in row.spellings {
                    let (row, at) = rows.row(spelling);
                    rows.rows[row as usize].spellings[at].1 += count;
                    number = Some(row);
                }
                numbers.push(number.expect("a row is made for a spelling"));
            }
            renumbered.push(numbers);
        }
        for (mut cell, counts) in other.cells {
            for (row, numbers) in cell.iter_mut().zip(&renumbered) {
                *row = numbers.get(*row as usize).copied().unwrap_or(NONE);
            }
            self.cells.entry(cell).or_default().merge(counts);
        }
    }

    /// All pairs of values that were met, the commonest first.
    #[must_use]
    pub(crate) fn into_sorted(mut self) -> Vec<Counted> {
        self.end();
        let shown: Vec<Vec<FacetValue>> =
            self.rows.iter().map(|rows| rows.rows.iter().map(FacetValue::of).collect()).collect();
        let value = |(rows, &row): (&Vec<FacetValue>, &u32)| rows.get(row as usize).cloned();
        let counted =
            |(cell, counts): (Cell, Counts)| Counted { values: shown.iter().zip(&cell).map(value).collect(), counts };
        let mut out: Vec<Counted> = self.cells.into_iter().map(counted).collect();
        let names = |counted: &Counted| -> Vec<Option<String>> {
            counted.values.iter().map(|value| value.as_ref().map(|value| value.shown.clone())).collect()
        };
        out.sort_by(|a, b| {
            let key = |counted: &Counted| (counted.counts.articles, counted.counts.sections);
            key(b).cmp(&key(a)).then_with(|| names(a).cmp(&names(b)))
        });
        out
    }
}

impl FacetValue {
    fn of(row: &Row) -> FacetValue {
        FacetValue { shown: row.shown(), folded: row.folded() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_days_are_those_of_the_calendar() {
        let last = i64::from(LAST_DAY) - DAYS_BEFORE_1970;
        let steps =
            (-800_000..last).step_by(397).chain(-800..800).chain([last - 1, last, last + 1, i64::MAX, i64::MIN]);
        for day in steps {
            let date = day_of(day.saturating_mul(SECONDS_OF_DAY));
            let since = |date: civil::Date| i64::from(date.since(civil::date(1970, 1, 1)).expect("days").get_days());
            assert_eq!(
                first_of_period(day),
                (since(date.first_of_year()), since(date.first_of_month())),
                "{day} {date}"
            );
        }
    }
}

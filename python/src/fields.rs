//! What is known of a hit. The list below is the only one: a hit's attributes, its dictionary and the columns of tables are
//! made from it.

use std::borrow::Cow;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::cell::{Cell, Kind};
use crate::text::in_code_points;

/// A field: its name, its type, and how it is read.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) get: for<'a> fn(&'a crosshead::Hit) -> Cell<'a>,
}

/// The facts of an article, for hits, lines and articles alike.
pub(crate) mod facts {
    use super::{Cell, Cow};
    use crosshead::Article;

    pub(crate) fn days(article: &Article, is_last: bool) -> Cell<'_> {
        let days = article.facts.published.as_ref().and_then(crosshead::Published::days);
        let day = days.map(|(first, last)| if is_last { last } else { first });
        Cell::day(day.as_deref())
    }

    pub(crate) fn dated_by(article: &Article) -> Cell<'_> {
        use crosshead::PublishedFrom::{Metadata, Path, Text, Url};
        let by = article.facts.published.as_ref().map(|published| match published.from {
            Metadata => "metadata",
            Text => "text",
            Url => "url",
            Path => "path",
        });
        Cell::text(by)
    }

    pub(crate) fn published(article: &Article) -> Cell<'_> {
        Cell::text(article.facts.published.as_ref().map(|published| published.value.as_str()))
    }

    pub(crate) fn saved(article: &Article) -> Cell<'_> {
        Cell::text(article.facts.saved.as_ref().map(|saved| saved.value.as_str()))
    }

    pub(crate) fn tags(article: &Article) -> Cell<'_> {
        Cell::Texts(Cow::Borrowed(&article.facts.keywords))
    }

    /// The facts, each with its name.
    pub(crate) fn all(article: &Article) -> Vec<(&'static str, Cell<'_>)> {
        let facts = &article.facts;
        vec![
            ("title", Cell::text(facts.title.as_deref())),
            ("byline", Cell::text(facts.byline.as_deref())),
            ("published", published(article)),
            ("published_from", days(article, false)),
            ("published_to", days(article, true)),
            ("dated_by", dated_by(article)),
            ("source", Cell::text(facts.source.as_deref())),
            ("url", Cell::text(facts.url.as_deref())),
            ("lang", Cell::text(facts.lang.as_deref())),
            ("dateline", Cell::text(facts.dateline.as_deref())),
            ("desk", Cell::text(facts.desk.as_deref())),
            ("tags", tags(article)),
            ("saved", saved(article)),
            ("words", Cell::Count(article.words)),
            ("file", Cell::text(article.file.as_deref())),
        ]
    }
}

macro_rules! fields {
    ($($name:ident $kind:ident $about:literal $get:expr;)*) => {
        /// The fields of a hit, in the order of tables.
        pub(crate) static FIELDS: &[Field] = &[$(Field { name: stringify!($name), kind: Kind::$kind, get: $get }),*];

        #[pymethods]
        impl Hit {
            $(
                #[doc = $about]
                #[getter]
                fn $name<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                    let get: for<'a> fn(&'a crosshead::Hit) -> Cell<'a> = $get;
                    get(&self.0).to_python(py)
                }
            )*

            /// All fields by their names.
            fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
                let dict = PyDict::new(py);
                for field in FIELDS {
                    dict.set_item(field.name, (field.get)(&self.0).to_python(py)?)?;
                }
                Ok(dict)
            }

            /// With `explain`: the parts of its score, which add up to it.
            #[getter]
            fn parts(&self) -> Vec<(&str, f64)> {
                self.0.parts.iter().map(|(name, part)| (name.as_str(), f64::from(*part))).collect()
            }

            fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
                let title = self.title(py)?.repr()?;
                Ok(format!("<crosshead.Hit {} {} {title}>", self.0.rank, self.0.id()))
            }
        }
    };
}

/// A passage that matched.
#[pyclass(frozen, eq, hash, module = "crosshead")]
pub(crate) struct Hit(pub(crate) Arc<crosshead::Hit>);

impl Hit {
    /// What tells it from other hits.
    fn key(&self) -> (usize, u32, String, &str, Option<&str>) {
        let (hit, article) = (&self.0, &self.0.article);
        (hit.rank, hit.passage.ordinal, article.id(), &article.path, article.record.as_deref())
    }
}

impl PartialEq for Hit {
    fn eq(&self, other: &Hit) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.key() == other.key()
    }
}

impl std::hash::Hash for Hit {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

fields! {
    rank Count "Rank, from 1; counted from the first hit whatever the offset." |hit| Cell::count(hit.rank as u64);
    score Number "Its score; higher is better, and comparable within one query only." |hit| Cell::Number(Some(f64::from(hit.score)));
    tier Text "'all' if its section has all words of the query, else 'some'." |hit| Cell::text(Some(hit.tier.name()));
    lacks Texts "The words of the query that its section lacks." |hit| Cell::Texts(Cow::Borrowed(&hit.lacks));
    id Text "Id of the passage." |hit| Cell::owned(hit.id());
    article Text "Id of the article." |hit| Cell::owned(hit.article.id());
    path Text "Path of the file, below the folder as it was indexed." |hit| Cell::text(Some(&hit.article.path));
    record Text "Id or number of the record, in a file of many articles." |hit| Cell::text(hit.article.record.as_deref());
    title Text "The headline." |hit| Cell::text(hit.article.facts.title.as_deref());
    byline Text "The authors." |hit| Cell::text(hit.article.facts.byline.as_deref());
    published Text "The date of publication, ISO 8601, as precise as it is known." |hit| facts::published(&hit.article);
    published_from Day "The first day that the date may mean." |hit| facts::days(&hit.article, false);
    published_to Day "The last day that the date may mean." |hit| facts::days(&hit.article, true);
    dated_by Text "Where the date was found: 'metadata', 'text', 'url' or 'path'." |hit| facts::dated_by(&hit.article);
    source Text "The newspaper, agency or site." |hit| Cell::text(hit.article.facts.source.as_deref());
    url Text "Its address on the web." |hit| Cell::text(hit.article.facts.url.as_deref());
    lang Text "Two-letter code of the language." |hit| Cell::text(hit.article.facts.lang.as_deref());
    dateline Text "Where it was written." |hit| Cell::text(hit.article.facts.dateline.as_deref());
    desk Text "The newspaper's own section." |hit| Cell::text(hit.article.facts.desk.as_deref());
    tags Texts "Keywords of the publisher." |hit| facts::tags(&hit.article);
    saved Text "When it was saved, as a read-later service states it." |hit| facts::saved(&hit.article);
    words Count "Number of words of the article, headings aside." |hit| Cell::Count(hit.article.words);
    file Text "Absolute path of the file; None for an article that a program added." |hit| Cell::text(hit.article.file.as_deref());
    section Count "Ordinal of the section in the article, from 0." |hit| Cell::count(hit.passage.section);
    heading Text "Heading of the section." |hit| Cell::text(hit.passage.heading.as_deref());
    level Count "Level of the heading, 1 the highest; 0 without one." |hit| Cell::count(hit.passage.level);
    trail Texts "The headings above it, from the highest." |hit| Cell::Texts(Cow::Borrowed(&hit.passage.trail));
    speaker Text "Who says the passage, in a transcript." |hit| Cell::text(hit.passage.speaker.as_deref());
    time Text "When it is said, from the start of the recording." |hit| Cell::Text(hit.passage.time_text().map(Cow::Owned));
    page Count "The page on which it begins, from 1." |hit| Cell::Count(hit.passage.page.map(u64::from));
    passage Count "Ordinal of the passage in the article, from 0." |hit| Cell::count(hit.passage.ordinal);
    line Count "First line in the file, from 1." |hit| Cell::Count(hit.passage.location.map(|location| location.line.into()));
    end_line Count "Last line." |hit| Cell::Count(hit.passage.location.map(|location| location.end_line.into()));
    start Count "First byte in the file." |hit| Cell::Count(hit.passage.location.map(|location| location.start));
    end Count "Byte after the last." |hit| Cell::Count(hit.passage.location.map(|location| location.end));
    text Text "The text of the passage." |hit| Cell::text(Some(&hit.passage.text));
    marks Spans "What matched: (start, end) in `text`." |hit| Cell::Spans(in_code_points(&hit.passage.text, &hit.marks));
    title_marks Spans "What matched: (start, end) in `title`." |hit| Cell::Spans(in_code_points(
        hit.article.facts.title.as_deref().unwrap_or_default(), &hit.title_marks));
    heading_marks Spans "What matched: (start, end) in `heading`." |hit| Cell::Spans(in_code_points(
        hit.passage.heading.as_deref().unwrap_or_default(), &hit.heading_marks));
    snippet Text "The sentences that show why it matched." |hit| Cell::text(Some(&hit.snippet.text));
    snippet_marks Spans "What matched: (start, end) in `snippet`." |hit| Cell::Spans(in_code_points(&hit.snippet.text, &hit.snippet.marks));
    terms Texts "The words that matched, folded." |hit| Cell::Texts(Cow::Borrowed(&hit.terms));
    duplicates Texts "Paths of other articles that print the same story." |hit| Cell::Texts(
        hit.duplicates.iter().map(|article| article.path.clone()).collect());
    boilerplate Text "Its kind, if it is boilerplate." |hit| Cell::text(hit.passage.boilerplate.map(crosshead::BoilerplateKind::name));
}

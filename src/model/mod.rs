//! The data model: one type each for articles, sections and passages. What is stored, what a search returns and what every
//! interface prints derive from these types, so that a new fact is added in one place.

mod article;
mod outline;

use serde::{Deserialize, Serialize};

pub use article::{Article, ArticleText, Location, Passage};
pub(crate) use article::{Named, PassageLine};
pub use outline::{BoilerplateOutline, DateEvidence, LineVerdict, Outline, SectionOutline, StatedBy, TurnOutline};

/// The facts of an article: its metadata, as the source wrote it, with white space tidied. Unknown facts are `None`.
///
/// The index stores the fields in this order: changing it requires a new format version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Facts {
    /// The headline.
    pub title: Option<String>,
    /// The authors, joined by `, `.
    pub byline: Option<String>,
    /// Where it was written, as stated before the first sentence: `PARIS (Reuters)`.
    pub dateline: Option<String>,
    /// The date of publication.
    pub published: Option<Published>,
    /// The newspaper, agency or site.
    pub source: Option<String>,
    /// Its address on the web.
    pub url: Option<String>,
    /// Two-letter code of the language.
    pub lang: Option<String>,
    /// The newspaper's own section: Sport, Opinion.
    pub desk: Option<String>,
    /// The date of the last change, if it is stated besides that of publication.
    pub updated: Option<Published>,
    /// Keywords given by the publisher.
    pub keywords: Vec<String>,
    /// The day on which somebody saved it, as a read-later service or a notebook states it: no day of publication.
    pub saved: Option<Published>,
}

/// The value of a fact in output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum FactValue<'a> {
    /// A text; `None` if the fact is unknown.
    Text(Option<&'a str>),
    /// Several texts.
    Texts(&'a [String]),
    /// A number, if it is known.
    Number(Option<u64>),
}

impl FactValue<'_> {
    /// The value as one text, for tables and pages.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self {
            FactValue::Text(text) => text.map(str::to_string),
            FactValue::Number(number) => number.map(|number| number.to_string()),
            FactValue::Texts(texts) => (!texts.is_empty()).then(|| texts.join("; ")),
        }
    }
}

impl Facts {
    /// Every fact with its name, in the order of output. JSON, CSV and pages all use this list.
    #[must_use]
    pub fn named(&self) -> Vec<(&'static str, FactValue<'_>)> {
        let published = self.published.as_ref();
        fn text(fact: &Option<String>) -> FactValue<'_> {
            FactValue::Text(fact.as_deref())
        }
        vec![
            ("title", text(&self.title)),
            ("byline", text(&self.byline)),
            ("published", FactValue::Text(published.map(|published| published.value.as_str()))),
            ("published_from", FactValue::Text(published.map(|published| published.from.as_str()))),
            ("source", text(&self.source)),
            ("url", text(&self.url)),
            ("lang", text(&self.lang)),
            ("dateline", text(&self.dateline)),
            ("desk", text(&self.desk)),
            ("tags", FactValue::Texts(&self.keywords)),
            ("saved", FactValue::Text(self.saved.as_ref().map(|saved| saved.value.as_str()))),
        ]
    }

    /// Fills in missing facts from `other`.
    pub(crate) fn fill_from(&mut self, other: Facts) {
        fn fill<T>(mine: &mut Option<T>, other: Option<T>) {
            if mine.is_none() {
                *mine = other;
            }
        }
        fill(&mut self.title, other.title);
        fill(&mut self.byline, other.byline);
        fill(&mut self.dateline, other.dateline);
        fill(&mut self.published, other.published);
        fill(&mut self.source, other.source);
        fill(&mut self.url, other.url);
        fill(&mut self.lang, other.lang);
        fill(&mut self.desk, other.desk);
        fill(&mut self.updated, other.updated);
        fill(&mut self.saved, other.saved);
        if self.keywords.is_empty() {
            self.keywords = other.keywords;
        }
    }
}

/// A date of an article, and where it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// ISO 8601, to the precision known: `2023-09`, `2023-09-12`, `2023-09-12T08:00:00Z`.
    pub value: String,
    /// Where it was found.
    pub from: PublishedFrom,
}

/// Where a date was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PublishedFrom {
    /// The metadata of the record or page.
    Metadata,
    /// A line of the text.
    Text,
    /// The article's URL.
    Url,
    /// The path of the file.
    Path,
}

impl PublishedFrom {
    /// Its name in output.
    #[must_use]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            PublishedFrom::Metadata => "metadata",
            PublishedFrom::Text => "text",
            PublishedFrom::Url => "url",
            PublishedFrom::Path => "path",
        }
    }
}

/// The kind of a line of boilerplate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BoilerplateKind {
    /// States the author, which is stored as a fact.
    Byline,
    /// States the date, which is stored as a fact.
    Date,
    /// States the source or URL, which is stored as a fact.
    Source,
    /// Asks to subscribe, sign up, follow or share.
    Subscribe,
    /// Links to other articles.
    Related,
    /// A copyright notice.
    Copyright,
    /// A field of metadata, as of front matter.
    Metadata,
    /// A placeholder of an advertisement, an embedded post or a player.
    Advertisement,
    /// Counts or asks for comments and shares.
    Share,
    /// A note about the author.
    Author,
    /// A line of marks: `* * *`, `-----`.
    Rule,
}

impl BoilerplateKind {
    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            BoilerplateKind::Byline => "byline",
            BoilerplateKind::Date => "date",
            BoilerplateKind::Source => "source",
            BoilerplateKind::Subscribe => "subscribe",
            BoilerplateKind::Related => "related",
            BoilerplateKind::Copyright => "copyright",
            BoilerplateKind::Metadata => "metadata",
            BoilerplateKind::Advertisement => "advertisement",
            BoilerplateKind::Share => "share",
            BoilerplateKind::Author => "author",
            BoilerplateKind::Rule => "rule",
        }
    }
}

//! What is known of an article, a section, a passage: one type for each, at every stage. What is stored, what a search
//! returns and what every interface prints derive from these types, so that a new fact is written down once.

mod article;
mod outline;

use serde::{Deserialize, Serialize};

pub use article::{Article, ArticleText, Location, Passage};
pub(crate) use article::{Named, PassageLine};
pub use outline::{BoilerplateOutline, LineVerdict, Outline, SectionOutline};

/// What a newsroom knows of a story. Every fact is as the source wrote it, white space tidied; absent facts are `None`.
///
/// The index stores the fields in this order: a change of it raises the format version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The headline.
    pub title: Option<String>,
    /// Who wrote it; several names are joined by `, `.
    pub byline: Option<String>,
    /// Where it was written, as it stands before the first sentence: `PARIS (Reuters)`.
    pub dateline: Option<String>,
    /// When it was published.
    pub published: Option<Published>,
    /// The newspaper, agency or site.
    pub source: Option<String>,
    /// Where it stands on the web.
    pub url: Option<String>,
    /// Two-letter code of the language.
    pub lang: Option<String>,
    /// The newspaper's own section: Sport, Opinion.
    pub desk: Option<String>,
    /// When it was last changed, where that is stated apart from its publication.
    pub updated: Option<Published>,
    /// Words the publisher filed it under.
    pub keywords: Vec<String>,
}

/// A fact as every output prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum FactValue<'a> {
    /// A text, if the fact is known.
    Text(Option<&'a str>),
    /// Several texts.
    Texts(&'a [String]),
    /// A number, if it is known.
    Number(Option<u64>),
}

impl FactValue<'_> {
    /// The fact as one text: what a table or a page shows.
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
    /// Every fact under its name in output, in the order of output. The only list of them: JSON, CSV and pages use it.
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
        ]
    }

    /// Takes from `other` what is missing here.
    pub fn fill_from(&mut self, other: Facts) {
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
        if self.keywords.is_empty() {
            self.keywords = other.keywords;
        }
    }
}

/// When an article was published, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// ISO 8601 to the precision known: `2023-09`, `2023-09-12`, `2023-09-12T08:00:00Z`.
    pub value: String,
    /// Where it was found.
    pub from: PublishedFrom,
}

/// Where a date was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PublishedFrom {
    /// The record's or page's own metadata.
    Metadata,
    /// A line of the text.
    Text,
    /// The article's URL.
    Url,
    /// The names of the file and its folders.
    Path,
}

impl PublishedFrom {
    /// The word that stands for it in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            PublishedFrom::Metadata => "metadata",
            PublishedFrom::Text => "text",
            PublishedFrom::Url => "url",
            PublishedFrom::Path => "path",
        }
    }
}

/// What a line left out is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BoilerplateKind {
    /// States the author; kept as a fact.
    Byline,
    /// States the date; kept as a fact.
    Date,
    /// States the source or URL; kept as a fact.
    Source,
    /// Asks to subscribe, sign up, follow or share.
    Subscribe,
    /// Points to other articles.
    Related,
    /// Claims rights.
    Copyright,
    /// Fields of front matter or the like.
    Metadata,
    /// Stands for an advertisement, an embedded post or a player.
    Advertisement,
    /// Counts or asks for comments and shares.
    Share,
    /// Says who the author is.
    Author,
    /// A line of marks: `* * *`, `-----`.
    Rule,
    /// The same line in many articles of the folder.
    Repeated,
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
            BoilerplateKind::Repeated => "repeated",
        }
    }
}

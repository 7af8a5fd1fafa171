//! Names shared by queries, results and the index: fields, scopes, numbers, facets and ids. Nothing here knows the search
//! engine, so that the query language and the output depend on no more than this.

use serde::Serialize;

/// Name of the file that marks a folder as an index.
pub(crate) const MARKER_FILE: &str = "crosshead.json";

/// A text field that can be searched by name. The fields of an article are indexed in the first document of its block, those
/// of a section in the first document of the section, those of a passage in its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TextField {
    /// The headline.
    Title,
    /// The heading of a section.
    Heading,
    /// The headings above that of a section.
    Under,
    /// The text of a passage.
    Body,
    /// The text of a block of boilerplate.
    Boilerplate,
    /// The authors.
    Byline,
    /// Where it was written.
    Dateline,
    /// The newspaper, agency or site.
    Source,
    /// The newspaper's own section.
    Desk,
    /// Its URL.
    Url,
    /// Its path.
    Path,
    /// Its language.
    Lang,
    /// A keyword given by the publisher.
    Tag,
    /// Who says a passage, in a transcript.
    Speaker,
}

/// The unit that a value or match applies to: all its passages share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// One passage.
    Passage,
    /// One section.
    Section,
    /// One article.
    Article,
}

impl TextField {
    /// All text fields.
    pub const ALL: [TextField; 14] = [
        TextField::Title,
        TextField::Heading,
        TextField::Under,
        TextField::Body,
        TextField::Boilerplate,
        TextField::Byline,
        TextField::Dateline,
        TextField::Source,
        TextField::Desk,
        TextField::Url,
        TextField::Path,
        TextField::Lang,
        TextField::Tag,
        TextField::Speaker,
    ];

    /// Its name, in the schema and in queries.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TextField::Title => "title",
            TextField::Heading => "heading",
            TextField::Under => "under",
            TextField::Body => "body",
            TextField::Boilerplate => "boilerplate",
            TextField::Byline => "byline",
            TextField::Dateline => "dateline",
            TextField::Source => "source",
            TextField::Desk => "desk",
            TextField::Url => "url",
            TextField::Path => "path",
            TextField::Lang => "lang",
            TextField::Tag => "tag",
            TextField::Speaker => "speaker",
        }
    }

    /// The scope of a match in it.
    #[must_use]
    pub fn scope(self) -> Scope {
        match self {
            TextField::Body | TextField::Boilerplate | TextField::Speaker => Scope::Passage,
            TextField::Heading | TextField::Under => Scope::Section,
            _ => Scope::Article,
        }
    }
}

/// A numeric fast field. Those of an article are in the first document of its block, that of a section in the first document
/// of the section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Number {
    /// The date of publication, in seconds since 1970.
    Date,
    /// The date of the last change, in seconds since 1970.
    Updated,
    /// The time when it was added to the index, in seconds since 1970.
    Added,
    /// Number of words of its sections.
    Words,
    /// Number of words of its lede.
    Lede,
    /// Level of the heading of a section.
    Level,
}

impl Number {
    /// All numeric fields.
    pub const ALL: [Number; 6] =
        [Number::Date, Number::Updated, Number::Added, Number::Words, Number::Lede, Number::Level];

    /// Its name, in the schema and in queries.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Number::Date => "date",
            Number::Updated => "updated",
            Number::Added => "added",
            Number::Words => "words",
            Number::Lede => "lede_words",
            Number::Level => "level",
        }
    }

    /// The scope of its values.
    #[must_use]
    pub fn scope(self) -> Scope {
        if self == Number::Level { Scope::Section } else { Scope::Article }
    }
}

/// The digits of Crockford's base 32, which leaves out letters that look like others.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The id of an article with this hash: 13 characters.
#[must_use]
pub(crate) fn id_text(hash: u64) -> String {
    (0..13).rev().map(|i| char::from(DIGITS[((hash >> (i * 5)) & 31) as usize])).collect()
}

/// Parses an id into the hash of the article and, if the id is that of a passage, its ordinal.
#[must_use]
pub(crate) fn parse_id(text: &str) -> Option<(u64, Option<u32>)> {
    let (article, passage) = match text.split_once('.') {
        Some((article, passage)) => (article, Some(passage.parse().ok()?)),
        None => (text, None),
    };
    if article.len() != 13 {
        return None;
    }
    let mut hash: u64 = 0;
    for byte in article.bytes() {
        let digit = DIGITS.iter().position(|&digit| digit == byte.to_ascii_lowercase())?;
        hash = (hash << 5) | digit as u64;
    }
    Some((hash, passage))
}

/// A fact whose values can be counted over all matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Facet {
    /// The newspaper, agency or site.
    Source,
    /// The newspaper's own section.
    Desk,
    /// The authors.
    Byline,
    /// Who says a passage.
    Speaker,
    /// The language.
    Lang,
    /// A keyword given by the publisher. An article may have several.
    Tag,
    /// The folder of the file.
    Folder,
    /// The heading of a section.
    Heading,
    /// Where it was written.
    Dateline,
    /// The year of publication.
    Year,
    /// The month of publication, `2023-09`; the year alone, where that is all that is known.
    Month,
    /// The day of publication, `2023-09-12`; the month or year, where that is all that is known.
    Day,
}

impl Facet {
    /// All facets.
    pub const ALL: [Facet; 12] = [
        Facet::Source,
        Facet::Desk,
        Facet::Byline,
        Facet::Speaker,
        Facet::Lang,
        Facet::Tag,
        Facet::Folder,
        Facet::Heading,
        Facet::Dateline,
        Facet::Year,
        Facet::Month,
        Facet::Day,
    ];

    /// Its name, in options and output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Facet::Source => "source",
            Facet::Desk => "desk",
            Facet::Byline => "byline",
            Facet::Speaker => "speaker",
            Facet::Lang => "lang",
            Facet::Tag => "tag",
            Facet::Folder => "folder",
            Facet::Heading => "heading",
            Facet::Dateline => "dateline",
            Facet::Year => "year",
            Facet::Month => "month",
            Facet::Day => "day",
        }
    }

    /// The scope of its values.
    #[must_use]
    pub(crate) fn scope(self) -> Scope {
        match self {
            Facet::Heading => Scope::Section,
            Facet::Speaker => Scope::Passage,
            _ => Scope::Article,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_parsed() {
        for hash in [0, 1, u64::MAX, 0x0123_4567_89ab_cdef] {
            assert_eq!(parse_id(&id_text(hash)), Some((hash, None)));
            assert_eq!(parse_id(&format!("{}.12", id_text(hash))), Some((hash, Some(12))));
        }
        for text in ["", "abc", "0123456789abu", "0123456789abc.x", "0123456789abcd"] {
            assert_eq!(parse_id(text), None, "{text}");
        }
    }
}

//! The names of things: fields, scopes, numbers, facets and ids, as queries, results and the index share them. No engine
//! in it: the query language and the output need no more than this.

/// Name of the file that marks a folder as an index.
pub const MARKER_FILE: &str = "crosshead.json";

/// A field that holds text of an article and can be searched by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TextField {
    /// The headline. Head of the article.
    Title,
    /// The heading of a section. Head of the section.
    Heading,
    /// The headings above a section's own. Head of the section.
    Under,
    /// The text of a passage.
    Body,
    /// The text of a piece of boilerplate.
    Boilerplate,
    /// Who wrote it. Head of the article, as all that follow.
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
    /// What the publisher filed it under.
    Tag,
}

/// How far a fact reaches: it holds for all passages of this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The passage alone.
    Passage,
    /// All passages of the section.
    Section,
    /// All passages of the article.
    Article,
}

impl TextField {
    /// All of them.
    pub const ALL: [TextField; 13] = [
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
        }
    }

    /// What a match in it holds for.
    #[must_use]
    pub fn scope(self) -> Scope {
        match self {
            TextField::Body | TextField::Boilerplate => Scope::Passage,
            TextField::Heading | TextField::Under => Scope::Section,
            _ => Scope::Article,
        }
    }
}

/// A fact that is a number, as a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Number {
    /// When the article was published, seconds since 1970. Article's head, as all but the last.
    Date,
    /// When it was last changed.
    Updated,
    /// When it was added to the index.
    Added,
    /// How many words its sections have.
    Words,
    /// How many words its lede has.
    Lede,
    /// Level of the heading. Section's head.
    Level,
}

impl Number {
    /// All of them.
    pub const ALL: [Number; 6] =
        [Number::Date, Number::Updated, Number::Added, Number::Words, Number::Lede, Number::Level];

    /// Name of the column in the schema, and of the field in queries.
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

    /// What a value holds for.
    #[must_use]
    pub fn scope(self) -> Scope {
        if self == Number::Level { Scope::Section } else { Scope::Article }
    }
}

/// Letters and digits that cannot be taken for one another (Crockford's base 32).
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A hash as the 13 characters of an id.
#[must_use]
pub fn id_text(hash: u64) -> String {
    (0..13).rev().map(|i| char::from(DIGITS[((hash >> (i * 5)) & 31) as usize])).collect()
}

/// Reads an id: the article's hash, and the passage if it names one.
#[must_use]
pub fn parse_id(text: &str) -> Option<(u64, Option<u32>)> {
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

/// A fact that can be counted over what matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Facet {
    /// Newspaper, agency or site.
    Source,
    /// The newspaper's own section.
    Desk,
    /// Author.
    Byline,
    /// Language.
    Lang,
    /// Heading of a section.
    Heading,
}

impl Facet {
    /// What a value holds for.
    #[must_use]
    pub fn scope(self) -> Scope {
        if self == Facet::Heading { Scope::Section } else { Scope::Article }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_back() {
        for hash in [0, 1, u64::MAX, 0x0123_4567_89ab_cdef] {
            assert_eq!(parse_id(&id_text(hash)), Some((hash, None)));
            assert_eq!(parse_id(&format!("{}.12", id_text(hash))), Some((hash, Some(12))));
        }
        for text in ["", "abc", "0123456789abu", "0123456789abc.x", "0123456789abcd"] {
            assert_eq!(parse_id(text), None, "{text}");
        }
    }
}

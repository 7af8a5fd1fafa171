//! JSON Schema of what the library serialises by hand: its hits, lines and articles. A test compares the names with those
//! that are written.

use schemars::JsonSchema;

macro_rules! document {
    ($(#[$about:meta])* $name:ident { $($(#[$field_about:meta])* $field:ident: $kind:ty,)* }) => {
        #[derive(JsonSchema)]
        $(#[$about])*
        #[allow(dead_code)]
        pub(crate) struct $name { $($(#[$field_about])* pub $field: $kind,)* }

        impl $name {
            /// The names of its fields.
            #[allow(dead_code)]
            pub(crate) const FIELDS: &[&str] = &[$(stringify!($field)),*];
        }
    };
    // With the facts of an article between the fields.
    ($(#[$about:meta])* $name:ident { $($before:tt)* } facts { $($after:tt)* }) => {
        document! {
            $(#[$about])*
            $name {
                $($before)*
                title: Option<String>,
                byline: Option<String>,
                /// ISO 8601, to the precision known.
                published: Option<String>,
                /// Where the date was found: metadata, text, url, path.
                published_from: Option<String>,
                source: Option<String>,
                url: Option<String>,
                lang: Option<String>,
                dateline: Option<String>,
                desk: Option<String>,
                tags: Vec<String>,
                /// The day on which somebody saved it.
                saved: Option<String>,
                words: Option<u64>,
                $($after)*
            }
        }
    };
}

document! {
    /// An article: where it came from, and its facts.
    Article {
        /// Its id, which changes only if its bytes do. Two copies of the same bytes have one id.
        id: String,
        /// Path of its file, below the folder as it was named.
        path: String,
        /// Id or number of the record, in a file of many.
        record: Option<String>,
    } facts {}
}

document! {
    /// An article with its passages.
    ArticleText {
        id: String,
        path: String,
        record: Option<String>,
    } facts {
        /// Paths of articles with the same bytes.
        copies: Vec<String>,
        passages: Vec<Passage>,
    }
}

document! {
    /// A passage.
    Passage {
        /// Its id: that of the article, a dot, its number.
        id: String,
        section: u32,
        heading: Option<String>,
        level: u8,
        /// Headings above that of the section.
        trail: Vec<String>,
        speaker: Option<String>,
        /// When it is said, from the start of the recording.
        time: Option<String>,
        page: Option<u32>,
        passage: u32,
        line: Option<u32>,
        end_line: Option<u32>,
        /// First byte in the file.
        start: Option<u64>,
        end: Option<u64>,
        text: String,
        /// Byte ranges of the text that match the query.
        marks: Vec<(usize, usize)>,
        /// The same ranges in UTF-16 units, as browsers count.
        marks_u16: Vec<(usize, usize)>,
        /// Its kind, if it is text about the page.
        boilerplate: Option<String>,
    }
}

document! {
    /// A passage that matched. Of `fields=`, only those that are named.
    #[schemars(extend("required" = Vec::<String>::new()))]
    Hit {
        rank: u64,
        score: f32,
        /// `all`, or `some` if its section lacks plain words of the query.
        tier: crate::search::Tier,
        /// The words that its section lacks.
        lacks: Vec<String>,
        /// Id of the passage.
        id: String,
        path: String,
        record: Option<String>,
        /// Id of the article.
        article: String,
    } facts {
        section: u32,
        heading: Option<String>,
        level: u8,
        trail: Vec<String>,
        speaker: Option<String>,
        time: Option<String>,
        page: Option<u32>,
        passage: u32,
        line: Option<u32>,
        end_line: Option<u32>,
        start: Option<u64>,
        end: Option<u64>,
        text: String,
        /// Byte ranges of the text that matched.
        marks: Vec<(usize, usize)>,
        /// The same ranges in UTF-16 units.
        marks_u16: Vec<(usize, usize)>,
        /// The sentences that show why it matched.
        snippet: String,
        snippet_marks: Vec<(usize, usize)>,
        snippet_marks_u16: Vec<(usize, usize)>,
        /// Words that matched, folded.
        terms: Vec<String>,
        /// Paths of other prints of the story.
        duplicates: Vec<String>,
        boilerplate: Option<String>,
        /// Parts of the score, each a name and a number, with explain=1.
        parts: Vec<Vec<serde_json::Value>>,
        /// The page of the passage, below the address of the server.
        permalink: String,
    }
}

document! {
    /// An article that has a quotation, and where.
    QuotationPlace {
        /// Id of the passage in which it begins.
        id: String,
        path: String,
        record: Option<String>,
        /// Id of the article.
        article: String,
    } facts {
        heading: Option<String>,
        /// What the article has; `[...]` for what the quotation leaves out.
        text: String,
        /// Byte ranges of the text of that passage that are quoted.
        marks: Vec<(usize, usize)>,
        /// The same ranges in UTF-16 units.
        marks_u16: Vec<(usize, usize)>,
        /// Words that the quotation changes, adds or leaves out without a sign.
        edits: usize,
        /// How the quotation differs from `text`.
        differences: Vec<crate::analysis::verify::QuotationDifference>,
        /// The page of the passage, below the address of the server.
        permalink: String,
    }
}

document! {
    /// An occurrence in its context.
    KwicLine {
        left: String,
        node: String,
        right: String,
        /// Byte ranges of `node` that matched.
        node_marks: Vec<(usize, usize)>,
        /// The same ranges in UTF-16 units.
        node_marks_u16: Vec<(usize, usize)>,
        /// Id of the passage.
        id: String,
        /// Byte range in the text of the passage.
        start: u64,
        end: u64,
        /// The same range in characters.
        start_char: u64,
        end_char: u64,
        /// The same range in UTF-16 units.
        start_u16: u64,
        end_u16: u64,
        path: String,
        record: Option<String>,
        /// Id of the article.
        article: String,
    } facts {
        section: u32,
        heading: Option<String>,
        speaker: Option<String>,
        line: Option<u32>,
    }
}

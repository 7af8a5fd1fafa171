//! What the names of an element's classes and its id say of it. They are free, but the same words recur on pages of all
//! countries.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// A set of what names say, as bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Names(u16);

impl Names {
    pub(super) const DATE: Names = Names(1);
    pub(super) const PUBLISHED: Names = Names(1 << 1);
    pub(super) const MODIFIED: Names = Names(1 << 2);
    pub(super) const AUTHOR: Names = Names(1 << 3);
    pub(super) const RELATED: Names = Names(1 << 4);
    pub(super) const COMMENTS: Names = Names(1 << 5);
    pub(super) const OFFER: Names = Names(1 << 6);
    /// A network whose posts are embedded.
    pub(super) const NETWORK: Names = Names(1 << 7);
    /// Buttons that share the page on networks.
    pub(super) const SHARE: Names = Names(1 << 8);
    pub(super) const EMBED: Names = Names(1 << 9);
    pub(super) const BOX: Names = Names(1 << 10);
    pub(super) const REFERENCE: Names = Names(1 << 11);
    pub(super) const MENU: Names = Names(1 << 12);
    pub(super) const CAPTION: Names = Names(1 << 13);
    /// The standfirst.
    pub(super) const STANDFIRST: Names = Names(1 << 14);

    /// Does it have all of `other`?
    pub(super) fn has(self, other: Names) -> bool {
        self.0 & other.0 == other.0
    }

    /// What either says.
    pub(super) fn and(self, other: Names) -> Names {
        Names(self.0 | other.0)
    }

    /// What the value of `class` or `id` says, by its words: `entryDate`, `entry-date` and `entry_date` are `entry`, `date`.
    /// `None` if it has more than `most` words.
    pub(super) fn of(value: &str, most: usize) -> Option<Names> {
        const MOST_BYTES: usize = 400;
        // The date of today; as a word among others it is the name of newspapers.
        if value.trim().eq_ignore_ascii_case("today") {
            return Some(Names::MENU);
        }
        let mut all = Names::default();
        let mut count = 0;
        let (mut word, mut before) = (String::new(), String::new());
        let mut take = |word: &mut String| {
            if word.is_empty() {
                return;
            }
            count += 1;
            all = all.and(of_word(word)).and(of_pair(&before, word));
            std::mem::swap(&mut before, word);
            word.clear();
        };
        let mut was_lower = false;
        for c in value[..value.floor_char_boundary(MOST_BYTES)].chars() {
            if !c.is_alphanumeric() || c.is_uppercase() && was_lower {
                take(&mut word);
            }
            if c.is_alphanumeric() {
                word.extend(c.to_lowercase());
            }
            was_lower = c.is_lowercase();
        }
        take(&mut word);
        (count <= most).then_some(all)
    }
}

/// Words of names.
#[rustfmt::skip]
const WORDS: &[(Names, &[&str])] = &[
    (Names::DATE, &[
        "date", "dates", "datum", "datetime", "timestamp", "time", "fecha", "data", "dato", "byline", "meta", "metadata",
        "dateline", "calendar", "day", "info", "stand", "clock", "posted", "created", "submitted", "postmeta", "when",
    ]),
    (Names::PUBLISHED, &["published", "publish", "publication", "pubdate", "created", "posted", "issued"]),
    (Names::MODIFIED, &["updated", "modified", "update", "changed", "lastmod", "edited", "aktualisiert"]),
    (Names::AUTHOR, &[
        "author", "authors", "autor", "autoren", "autores", "auteur", "auteurs", "autore", "byline", "writer", "journalist",
        "reporter", "redakteur", "forfatter", "skribent", "contributor", "signature", "firma", "kontributor",
    ]),
    (Names::RELATED, &[
        "related", "relatedposts", "relateds", "recommended", "recommendations", "recommendation", "recommend", "readmore",
        "mostread", "popular", "trending", "latest", "teaser", "teasers", "sidebar", "promo", "promoted", "upnext",
        "outbrain", "taboola", "similar", "recirc", "recirculation", "onward", "onwards", "carousel", "headlines",
        "crosslinks", "linkbox", "morenews", "relacionadas", "relacionados", "correlati", "verwandte", "empfehlungen",
        "empfehlung", "mehrzumthema", "lesmer", "lesogsa", "suggested", "suggestions", "ranking", "nextpost", "prevpost",
        "newsticker", "ticker",
    ]),
    (Names::COMMENTS, &[
        "comments", "comment", "commentlist", "commentlisting", "respond", "disqus", "kommentare", "kommentar",
        "commentaires", "comentarios", "reacties", "commentcontent",
    ]),
    (Names::OFFER, &[
        "paywall", "subscribe", "subscription", "subscriptions", "newsletter", "signup", "regwall", "piano", "abo", "offer",
        "offers", "membership", "donate", "donation",
    ]),
    (Names::NETWORK, &["instagram", "twitter", "tiktok", "facebook", "fb", "bluesky", "mastodon", "reddit", "tweet"]),
    (Names::SHARE, &["share", "sharing", "social"]),
    (Names::EMBED, &["embed", "embedded"]),
    (Names::BOX, &[
        "infobox", "factbox", "faktabox", "faktaboks", "fakta", "facts", "factsheet", "infokasten", "keypoints", "sidebox",
        "summary", "toc",
    ]),
    (Names::REFERENCE, &["references", "reference", "bibliography", "citation", "citations", "footnotes"]),
    (Names::MENU, &["modal", "popup", "cookie", "cookies", "consent", "breadcrumb", "breadcrumbs", "menu", "navbar",
        "currentdate", "todaysdate", "todaydate"]),
    (Names::CAPTION, &[
        "caption", "captions", "figcaption", "credit", "credits", "copyright", "photographer", "photo", "image",
        "bildunterschrift", "bildtext", "legende", "didascalia", "disclaimer", "disclosure",
    ]),
    (Names::STANDFIRST, &[
        "standfirst", "lead", "lede", "leadtext", "leadin", "intro", "introtext", "introduction", "deck", "dek", "subtitle",
        "subheadline", "subheading", "subhead", "excerpt", "synopsis", "description", "abstract", "preamble", "ingress",
        "vorspann", "teasertext", "perex", "chapo", "chapeau", "sapo", "entradilla", "bajada", "copete", "sommario",
        "sottotitolo", "manchet", "underrubrik", "anleser", "anlauf", "unterzeile", "linea", "zajawka", "antetitulo",
        "subtitulo", "epigraph",
    ]),
];

/// Parts of words: names are also written without signs between words.
#[rustfmt::skip]
const PARTS: &[(Names, &[&str])] = &[
    (Names::DATE, &["date", "datum", "fecha", "publish", "timestamp", "byline"]),
    (Names::PUBLISHED, &["publish", "pubdate"]),
    (Names::MODIFIED, &["updated", "modified", "lastmod"]),
    (Names::AUTHOR, &["author", "byline"]),
];

static OF_WORD: LazyLock<FxHashMap<&str, Names>> = LazyLock::new(|| {
    let mut all = FxHashMap::default();
    for (names, words) in WORDS {
        for word in *words {
            let known: &mut Names = all.entry(*word).or_default();
            *known = known.and(*names);
        }
    }
    all
});

/// Builds the table now rather than at first use.
#[cfg(test)]
pub(super) fn build_tables() {
    LazyLock::force(&OF_WORD);
}

fn of_word(word: &str) -> Names {
    /// Shorter words have no part that says anything.
    const LEAST_BYTES: usize = 5;
    let mut names = OF_WORD.get(word).copied().unwrap_or_default();
    if word.len() >= LEAST_BYTES {
        for (of_part, parts) in PARTS {
            if parts.iter().any(|part| word.contains(part)) {
                names = names.and(*of_part);
            }
        }
    }
    names
}

fn of_pair(first: &str, second: &str) -> Names {
    match (first, second) {
        ("read" | "see" | "up" | "most" | "more", "more" | "also" | "next" | "read" | "news") | ("not", "prose") => {
            Names::RELATED
        }
        ("current" | "today" | "todays", "date") => Names::MENU,
        ("fact" | "info", "box") | ("key", "facts" | "points") => Names::BOX,
        _ => Names::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_classes() {
        for (value, expected) in [
            ("entry-date", Names::DATE),
            ("entryDate", Names::DATE),
            ("ArticleHeader_date", Names::DATE),
            ("fbdatum", Names::DATE),
            ("post published", Names::DATE.and(Names::PUBLISHED)),
            ("readMore", Names::RELATED),
            ("see-also", Names::RELATED),
            ("fact-box", Names::BOX),
            ("today", Names::MENU),
            ("header__current-date", Names::DATE.and(Names::MENU)),
            ("today-article", Names::default()),
            ("comment-list", Names::COMMENTS),
            ("story text", Names::default()),
            ("", Names::default()),
            ("größe 12", Names::default()),
        ] {
            assert_eq!(Names::of(value, 40), Some(expected), "{value}");
        }
        assert_eq!(Names::of("she-wore-a-date-on-the-red-carpet", 3), None);
        build_tables();
    }
}

//! Names of fields: which fact of an article a name may denote, and how surely. The vocabularies of schema.org, feeds,
//! scrapers, content systems, read-later services, front matter and spreadsheets, in several languages.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::LazyLock;

use crate::text::fold::fold;

/// A fact that a field may state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Role {
    Text,
    Title,
    /// A subtitle: text between title and body.
    Standfirst,
    /// A summary, which stands for the text if there is none.
    Summary,
    Byline,
    Dateline,
    Published,
    /// The day a record was made: of publication, unless the record tells that day apart.
    Created,
    Updated,
    /// The day somebody saved the article.
    Saved,
    Source,
    Url,
    Language,
    Keywords,
    Desk,
    Id,
}

/// Names of a role, the surest first: normalised by [`plain_name`].
type Vocabulary = (Role, &'static [&'static str]);

#[rustfmt::skip]
const VOCABULARIES: &[Vocabulary] = &[
    (
        Role::Text,
        &[
            "text", "maintext", "body", "content", "articlebody", "bodytext", "plaintext", "fulltext", "article",
            "articletext", "story", "storytext", "volltext", "inhalt", "artikel", "artikeltext", "texte",
            "texteintegral", "contenu", "corps", "texto", "contenido", "cuerpo", "conteudo", "corpo", "testo",
            "contenuto", "tekst", "brodtekst", "brodtext", "innehall", "inhoud", "tresc", "obsah", "icerik", "metin",
            "текст", "содержание", "содержимое", "зміст", "正文", "内容", "文章", "本文", "記事本文", "본문", "내용", "النص",
            "المحتوى", "نص", "תוכן", "leadparagraph", "selftext", "highlight", "selection", "message", "html", "markdown", "post", "note",
            "transcript", "extract", "caption", "haupttext", "fliesstext", "textentities",
        ],
    ),
    (
        Role::Title,
        &[
            "headline", "title", "hed", "webtitle", "heading", "titel", "uberschrift", "ueberschrift", "schlagzeile", "titre",
            "titulo", "titular", "titolo", "kop", "overskrift", "tittel", "rubrik", "tytul", "titulek", "baslik",
            "заголовок", "название", "标题", "標題", "題名", "タイトル", "見出し", "제목", "العنوان", "عنوان", "כותרת", "hl1",
            "head", "resolvedtitle", "giventitle", "headlines", "booktitle", "subject", "betreff", "name",
        ],
    ),
    (
        Role::Standfirst,
        &[
            "standfirst", "subtitle", "subheadline", "subheadlines", "subhead", "deck", "dek", "teaser", "untertitel", "vorspann",
            "unterzeile", "soustitre", "chapo", "chapeau", "subtitulo", "bajada", "entradilla", "copete", "sottotitolo", "occhiello",
            "ondertitel", "ingress", "undertittel", "manchet", "lead", "lede", "intro", "introduction", "perex", "подзаголовок", "лид", "副标题", "副標題", "부제",
        ],
    ),
    (
        Role::Summary,
        &[
            "abstract", "summary", "description", "excerpt", "snippet",
            "trailtext", "zusammenfassung", "beschreibung", "kurzfassung", "auszug", "resume", "extrait", "resumen",
            "descripcion", "resumo", "descricao", "riassunto", "descrizione", "samenvatting", "sammendrag",
            "sammanfattning", "streszczenie", "аннотация", "описание", "摘要", "要約", "요약", "ملخص", "socialdescription",
        ],
    ),
    (
        Role::Byline,
        &[
            "byline", "author", "authors", "creator", "creators", "writer", "writers", "reporter", "reporters",
            "journalist", "journalists", "writtenby", "by", "publishedby", "postedby", "contributor", "contributors",
            "autor", "autorin", "autoren", "autores", "verfasser", "verfasserin", "auteur", "auteurs", "autore",
            "autori", "contribgroup", "contrib", "forfatter", "forfattare", "skribent", "schrijver", "yazar",
            "автор", "авторы", "作者", "记者", "記者", "著者", "저자", "기자", "الكاتب", "المؤلف", "מחבר", "from", "sender",
            "bookauthor", "screenname", "username", "user",
        ],
    ),
    (Role::Dateline, &["dateline", "ortsmarke"]),
    (
        Role::Published,
        &[
            "firstpublishdate", "firstpublicationdate", "firstpublishedat", "firstpublished", "datepublish", "published",
            "datepublished", "publishdate", "publisheddate", "publishedat", "pubdate",
            "publicationdate", "webpublicationdate",
            "date", "datum", "erscheinungsdatum", "erscheinungstag", "veroffentlicht", "veroeffentlicht", "veroeffentlichungsdatum", "veroffentlichungsdatum",
            "veroffentlichtam", "datedepublication", "datepublication", "publiele", "dateparution", "parution",
            "fecha", "fechapublicacion", "fechadepublicacion", "publicado", "data", "datapublicacao",
            "datadepublicacao", "datapubblicazione", "datadipubblicazione", "publicatiedatum", "publiceringsdatum",
            "publisert", "datapublikacji", "tarih", "дата", "датапубликации", "日期", "发布时间", "发布日期", "發布日期", "時間",
            "时间", "公開日", "掲載日", "日付", "날짜", "게시일", "تاريخالنشر", "التاريخ", "issued", "dateissued", "posted",
            "postdate", "postedat", "postedon", "releasedate", "pubtime", "publishtime", "time", "datetime",
            "timestamp", "dateunixtime", "ts", "year", "jahr", "annee",
        ],
    ),
    (
        Role::Source,
        &[
            "source", "publisher", "sourcedomain", "sitename", "site", "publication", "newspaper", "outlet",
            "domain", "quelle", "medium", "zeitung", "journal", "journaltitle", "containertitle", "publicationtitle",
            "media", "feedtitle", "channeltitle", "channelname", "channel", "blog", "feed", "website", "hostname",
            "agency", "brand", "magazine", "periodical", "herausgeber", "fuente", "periodico", "medio", "fonte",
            "testata", "jornal", "bron", "krant", "kilde", "avis", "kalla", "tidning", "zrodlo", "gazete", "kaynak",
            "источник", "издание", "сми", "来源", "來源", "媒体", "媒體", "新聞社", "出典", "출처", "언론사", "المصدر", "الصحيفة",
            "secondarytitle", "sourcename", "origin", "ogsitename",
        ],
    ),
    (
        Role::Url,
        &[
            "url", "canonicalurl", "link", "mainentityofpage", "weburl", "websiteurl", "urlsource", "permalink", "sourceurl", "originalurl",
            "originalsource", "canonical", "canonicallink", "articleurl", "pageurl", "posturl", "permalinkurl",
            "externalurl", "resolvedurl", "expandedurl", "givenurl", "href", "alternate", "webpage", "adresse",
            "lien", "enlace", "ссылка", "链接", "網址", "网址", "源網址", "링크", "الرابط", "uri", "source",
        ],
    ),
    (
        Role::Language,
        &[
            "language", "lang", "inlanguage", "langue", "sprache", "idioma", "lingua", "taal", "locale", "язык",
            "语言", "言語", "언어",
        ],
    ),
    (
        Role::Keywords,
        &[
            "keywords", "tags", "subjects", "newskeywords", "schlagworte", "schlagworter", "stichworte", "motscles",
            "motsclefs", "etiquetas", "palabrasclave", "palavraschave", "parolechiave", "trefwoorden", "emneord",
            "nyckelord", "теги", "ключевыеслова", "关键词", "標籤", "标签", "キーワード", "키워드", "태그", "tag", "keyword",
            "hashtags", "labels", "topics", "categories", "subject", "themes",
        ],
    ),
    (
        Role::Desk,
        &[
            "section", "desk", "articlesection", "sectionname", "category", "rubric", "ressort", "rubrique",
            "seccion", "sezione", "newsdesk", "pillarname", "secao", "rubriek", "seksjon", "рубрика", "раздел", "栏目",
            "欄目", "分类", "セクション", "섹션", "القسم",
        ],
    ),
    (Role::Id, &[
        "id", "_id", "docid", "uuid", "guid", "uri", "accessionnumber", "key", "idstr", "slug",
    ]),
];

/// Words that updates are named by.
#[rustfmt::skip]
const UPDATED: &[&str] = &[
    "updated", "update", "modified", "modify", "modification", "modifiedon", "lastmod", "edited", "changed",
    "revised", "revision", "geandert", "aktualisiert", "misajour", "modifie", "actualizado", "aggiornato",
    "gewijzigd", "изменено", "обновлено", "更新", "bijgewerkt", "oppdatert", "uppdaterad",
];
/// Words that days of saving are named by.
#[rustfmt::skip]
const SAVED: &[&str] = &[
    "saved", "save", "added", "add", "clipped", "clip", "bookmarked", "bookmark", "crawled", "crawl", "crawltime",
    "scraped", "scrape", "scraping", "downloaded", "download", "retrieved", "retrieval", "accessed", "access",
    "fetched", "fetch", "archived", "archive", "imported", "import", "captured", "capture", "indexed", "indexing",
    "collected", "collection", "harvested", "ingested", "ingest", "inserted", "insert", "exported", "export",
    "starred", "highlighted", "favorited", "favourited", "liked", "snapshot", "visited", "gespeichert", "abgerufen", "abruf",
    "abrufdatum", "enregistre", "sauvegarde", "consulte", "consultado", "guardado", "salvo", "salvato", "opgeslagen",
    "сохранено", "保存", "抓取",
];
/// Words that the making of records is named by.
#[rustfmt::skip]
const CREATED: &[&str] = &[
    "created", "create", "creation", "creationdate", "erstellt", "cree", "creado", "creato", "criado", "aangemaakt",
    "создано", "创建",
];
/// Words of dates that are none of an article.
#[rustfmt::skip]
const OTHER_DATES: &[&str] = &[
    "expires", "expire", "expiry", "expiration", "birth", "born", "birthday", "died", "death", "start", "starts",
    "end", "ends", "event", "due", "deadline", "until", "valid", "embargo", "read", "reading", "view", "viewed",
    "login", "join", "joined", "registered", "scheduled", "schedule", "email", "inbox", "sent", "comment",
    "commented", "reply", "deleted", "removed", "user", "member", "author", "copyright", "next", "first0",
    "unpublish", "unpublished", "zone", "offset", "format", "minutes", "estimate", "string0", "last", "check",
    "checked", "sync", "synced",
];
/// Words that only say that a value is a date.
#[rustfmt::skip]
const DATE_WORDS: &[&str] = &[
    "date", "dates", "datum", "time", "at", "on", "am", "le", "day", "tag", "timestamp", "datetime", "utc", "gmt",
    "ts", "ms", "unix", "unixtime", "iso", "epoch", "fecha", "data", "дата", "时间", "日期",
];
/// Words that publication is named by.
#[rustfmt::skip]
const PUBLISHED: &[&str] = &[
    "published", "publish", "publication", "publishing", "pub", "posted", "issued", "issue", "released", "release",
    "veroffentlicht", "veroffentlichung", "veroeffentlicht", "veroeffentlichung", "erschienen", "erscheinung", "publie", "publication", "parution",
    "publicado", "publicacion", "pubblicato", "pubblicazione", "gepubliceerd", "publicatie", "publisert",
    "publicerad", "опубликовано", "публикации", "发布", "公開",
];

/// Words before a name that do not change what it denotes.
#[rustfmt::skip]
const PREFIXES: &[&str] = &[
    "article", "articles", "post", "posts", "news", "item", "entry", "story", "doc", "document", "page", "record",
    "wp", "web", "dc", "dcterms", "og", "meta", "rss", "atom", "blog", "main", "full", "original", "raw", "clean",
    "cleaned", "html", "plain", "content", "note", "message", "msg", "tweet", "status", "the", "field", "schema",
    "nyt", "ap", "display", "default", "text", "first", "primary", "social", "seo", "fields", "attributes", "data",
    "properties", "artikel", "beitrag", "articulo", "articolo", "nachricht", "новости", "статьи", "文章", "新闻", "新聞",
    "media",
];
/// Words after a name that do not change what it denotes.
#[rustfmt::skip]
const SUFFIXES: &[&str] = &[
    "text", "html", "plain", "raw", "rendered", "original", "full", "string", "str", "value", "field", "txt", "md",
    "s", "t", "ss", "dt", "tdt", "dts", "sm", "ws", "en", "de", "fr", "es", "it", "pt", "nl", "no", "sv", "da", "fi", "pl", "ru", "zh", "ja", "ko",
    "ar", "clean", "cleaned", "markdown", "main", "long", "cdata", "x",
];
/// Words after the name of a text.
#[rustfmt::skip]
const TEXT_SUFFIXES: &[&str] = &["body", "content", "parsed"];
/// Words after the name of who or what something is by.
#[rustfmt::skip]
const NAME_SUFFIXES: &[&str] =
    &[
        "name", "names", "label", "title", "list", "display", "displayname", "fullname", "site", "domain",
    ];
/// Words after the name of a person.
#[rustfmt::skip]
const PERSON_SUFFIXES: &[&str] = &[
    "name", "names", "list", "display", "displayname", "fullname", "line",
];
/// Words after other names.
#[rustfmt::skip]
const OTHER_SUFFIXES: &[&str] =
    &[
        "code", "tag", "list", "name", "names", "id", "number", "url", "link", "address", "href",
    ];

/// The score of a name that is in the vocabulary as it stands.
const EXACT: u32 = 1_000;
/// The score of a name that is in it without its affixes.
const AFFIXED: u32 = 500;
/// Most bytes of a name that is looked up; longer ones are texts in place of names.
const MOST_NAME_BYTES: usize = 80;

/// Names of lists that belong to articles, or are beside them. Records of such a list are articles only if there are no
/// others.
#[rustfmt::skip]
const BESIDE: &[&str] = &[
    "comments", "comment", "replies", "reply", "responses", "users", "user", "authors", "author", "tags", "tag",
    "categories", "category", "media", "images", "image", "pictures", "photos", "videos", "attachments",
    "attachment", "links", "related", "annotations", "annotation", "highlights", "highlight", "entities",
    "textentities", "errors", "ads", "embeds", "reactions", "settings", "terms", "menus", "contributors", "keywords",
    "references", "footnotes", "recommendations", "seealso", "teasers",
];

/// Is the list one of what belongs to articles?
pub(super) fn is_beside(path: &str) -> bool {
    let keys = path.split('.').map(|key| plain_name(key.trim_end_matches("[]")));
    let mut keys = keys.filter(|key| !key.is_empty());
    keys.next_back().is_some_and(|last| BESIDE.contains(&last.as_str()))
}

/// Builds the table that is built at first use, for a test of all of them.
#[cfg(test)]
pub(super) fn build_tables() {
    LazyLock::force(&TABLE);
}

static TABLE: LazyLock<HashMap<String, Vec<(Role, u32)>>> = LazyLock::new(|| {
    let mut table: HashMap<String, Vec<(Role, u32)>> = HashMap::new();
    for (role, names) in VOCABULARIES {
        for (at, name) in names.iter().enumerate() {
            let roles = table.entry(plain_name(name)).or_default();
            if !roles.iter().any(|(known, _)| known == role) {
                roles.push((*role, u32::try_from(at).expect("short lists")));
            }
        }
    }
    table
});

/// A name in lower case, without accents and punctuation, so that `Date de publication`, `date_published` and
/// `datePublished` can be looked up alike.
pub(super) fn plain_name(name: &str) -> String {
    if name == "_id" || name.starts_with('@') {
        return name.to_string();
    }
    fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The words of a name: `webPublicationDate`, `wp:post_date`, `content.rendered`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for c in name.chars() {
        let starts = c.is_uppercase() && before.is_lowercase();
        if (starts || !c.is_alphanumeric()) && !word.is_empty() {
            out.push(fold(&word));
            word.clear();
        }
        if c.is_alphanumeric() {
            word.push(c);
        }
        before = c;
    }
    if !word.is_empty() {
        out.push(fold(&word));
    }
    out
}

/// What is known of a name.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// What it may denote, each role with its score.
    pub(super) roles: Rc<[(Role, u32)]>,
    /// Does it tell the day of publication apart from that of creation?
    pub(super) names_publication: bool,
    /// Does it belong to a service that people save articles with?
    pub(super) names_saving: bool,
    /// Does it belong to such services only?
    pub(super) names_only_saving: bool,
}

/// What is known of a name; nothing of one that no article has.
pub(super) fn known(name: &str) -> Known {
    /// Most names that a thread remembers. A table or list has some dozens, for all its records.
    const MOST_REMEMBERED: usize = 5_000;
    thread_local! {
        static REMEMBERED: RefCell<HashMap<String, Known>> = RefCell::default();
    }
    if name.len() > MOST_NAME_BYTES || name.starts_with('\0') {
        return Known::default();
    }
    REMEMBERED.with_borrow_mut(|remembered| {
        if let Some(known) = remembered.get(name) {
            return known.clone();
        }
        let found = find_roles(name);
        let known = Known {
            names_publication: names_publication(name, &found),
            names_saving: is_one_of(name, SAVING) || is_one_of(name, ALSO_SAVING),
            names_only_saving: is_one_of(name, SAVING),
            roles: found.into(),
        };
        if remembered.len() < MOST_REMEMBERED {
            remembered.insert(name.to_string(), known.clone());
        }
        known
    })
}

/// What a name may denote, each role with its score; none for a name that is unknown.
pub(super) fn roles(name: &str) -> Rc<[(Role, u32)]> {
    known(name).roles
}

fn find_roles(name: &str) -> Vec<(Role, u32)> {
    let name = name.strip_prefix("_source.").unwrap_or(name);
    let mut found: Vec<(Role, u32)> = Vec::new();
    if let Some(exact) = TABLE.get(&plain_name(name)) {
        found.extend(exact.iter().map(|&(role, at)| (role, EXACT - at)));
    }
    let words = words(name);
    if words.len() > 1 && words.len() <= 6 {
        affixed(&words, &mut found);
    }
    if let Some(date) = date_role(&words)
        && !found.iter().any(|(role, _)| matches!(role, Role::Published | Role::Created | Role::Updated | Role::Saved))
    {
        found.push(date);
    }
    found
}

/// Adds the roles of the inner words of a name whose other words do not change what it denotes.
fn affixed(words: &[String], found: &mut Vec<(Role, u32)>) {
    let is = |list: &[&str], word: &String| list.contains(&word.as_str()) || word.bytes().all(|b| b.is_ascii_digit());
    for length in (1..words.len()).rev() {
        for start in 0..=words.len() - length {
            let (before, after) = (&words[..start], &words[start + length..]);
            if !before.iter().all(|word| is(PREFIXES, word)) {
                continue;
            }
            let Some(roles) = TABLE.get(&words[start..start + length].concat()) else { continue };
            for &(role, at) in roles {
                let suffixed = after.iter().all(|word| {
                    is(SUFFIXES, word)
                        || match role {
                            Role::Text => is(TEXT_SUFFIXES, word),
                            Role::Byline => is(PERSON_SUFFIXES, word),
                            Role::Source | Role::Desk => is(NAME_SUFFIXES, word),
                            Role::Url | Role::Language | Role::Keywords => is(OTHER_SUFFIXES, word),
                            Role::Published => is(DATE_WORDS, word),
                            Role::Id => word == "number",
                            _ => false,
                        }
                });
                // A name of one word is no title with other words around it, unless they are of the article.
                let loose = role == Role::Title && words[start..start + length].concat() == "name"
                    || role == Role::Text && after.iter().any(|word| word == "s");
                if suffixed && !loose && !found.iter().any(|(known, _)| *known == role) {
                    let dropped = u32::try_from(words.len() - length).expect("few words");
                    found.push((role, AFFIXED - dropped * 60 - at));
                }
            }
        }
    }
}

/// Which date a name denotes, by its words.
fn date_role(words: &[String]) -> Option<(Role, u32)> {
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    // A value of yes or no.
    if words.len() > 1 && matches!(words[0].as_str(), "is" | "has" | "was" | "can") {
        return None;
    }
    let joined = words.concat();
    let listed = |list: &[&str]| list.contains(&joined.as_str());
    let other = any(OTHER_DATES) && !listed(&["lastmodified", "lastupdated", "lastupdate"]);
    let last_change = words.first().is_some_and(|word| word == "last") && any(UPDATED);
    if other && !last_change {
        return None;
    }
    // A single word without one for a date may be anything: `archive`, `issue`, `import`.
    let participle = words.len() == 1
        && words
            .iter()
            .any(|word| word.ends_with("ed") || word.ends_with("dt") || word.ends_with("rt") || !word.is_ascii());
    let dated = any(DATE_WORDS) || participle || joined == "lastmod" || joined == "created" || joined == "modified";
    let suffix = |stem: &str| ["at", "on", "date", "time"].iter().any(|end| joined.strip_suffix(end) == Some(stem));
    let glued = |list: &[&str]| {
        list.iter()
            .any(|word| suffix(word) || joined.strip_prefix("date").or(joined.strip_prefix("time")) == Some(*word))
    };
    if joined == "@timestamp" {
        return Some((Role::Saved, AFFIXED));
    }
    if any(SAVED) && dated || glued(SAVED) {
        return Some((Role::Saved, AFFIXED));
    }
    if any(UPDATED) && (dated || any(&["updated", "modified", "edited"])) || glued(UPDATED) {
        return Some((Role::Updated, AFFIXED));
    }
    if any(CREATED) && (dated || any(&["created"])) || glued(CREATED) {
        return Some((Role::Created, AFFIXED));
    }
    if any(PUBLISHED) && (dated || any(&["published", "veroffentlicht", "publie", "publicado"])) || glued(PUBLISHED) {
        return Some((Role::Published, AFFIXED - 100));
    }
    let neutral = |word: &String| {
        PREFIXES.contains(&word.as_str()) || DATE_WORDS.contains(&word.as_str()) || SUFFIXES.contains(&word.as_str())
    };
    let stated = words
        .iter()
        .any(|word| matches!(word.as_str(), "date" | "datum" | "time" | "datetime" | "timestamp" | "fecha"));
    (stated && words.iter().all(neutral)).then_some((Role::Published, AFFIXED - 200))
}

/// Does the name tell the day of publication apart from that of creation?
fn names_publication(name: &str, found: &[(Role, u32)]) -> bool {
    let words = words(name);
    let joined = words.concat();
    let word = words.iter().any(|word| PUBLISHED.contains(&word.as_str()))
        || PUBLISHED.iter().any(|word| joined == format!("{word}at") || joined == format!("{word}on"));
    word && found.iter().any(|(role, _)| *role == Role::Published)
}

/// Fields of the services that people save articles with.
#[rustfmt::skip]
const SAVING: &[&str] = &[
    "isarchived", "isstarred", "isread", "isfav", "isfavorite", "isfavourite", "readingprogress", "readat",
    "readingprogresspercent", "savedat", "dateadded", "timeadded", "addedat", "previewpicture", "starredat",
    "archivedat", "timeread", "issaved", "lastaccessed", "hasannotations", "toread", "isunread", "favourited",
    "favorited",
];
/// Fields of such services that content systems have too.
#[rustfmt::skip]
const ALSO_SAVING: &[&str] = &[
    "readingtime", "highlights", "annotations", "domainname", "archived", "shared", "extended", "folder", "selection",
    "collectionid",
];

fn is_one_of(name: &str, list: &[&str]) -> bool {
    list.contains(&plain_name(name).as_str())
}

/// Does one of these names denote a text or a title?
pub(super) fn has_text_name<'n>(mut names: impl Iterator<Item = &'n str>) -> bool {
    names.any(|name| roles(name).iter().any(|(role, _)| matches!(role, Role::Text | Role::Title | Role::Summary)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(name: &str) -> Option<Role> {
        roles(name).iter().max_by_key(|(_, score)| *score).map(|(role, _)| *role)
    }

    #[test]
    fn names_denote() {
        for (name, expected) in [
            ("post_title", Some(Role::Title)),
            ("headline_text", Some(Role::Title)),
            ("Artikel-Titel", Some(Role::Title)),
            ("article_date", Some(Role::Published)),
            ("post_date", Some(Role::Published)),
            ("publish_time", Some(Role::Published)),
            ("wp:post_date_gmt", Some(Role::Published)),
            ("published_by", Some(Role::Byline)),
            ("author_name", Some(Role::Byline)),
            ("author.name", Some(Role::Byline)),
            ("domain_name", Some(Role::Source)),
            ("media_name", Some(Role::Source)),
            ("source.name", Some(Role::Source)),
            ("created_utc", Some(Role::Created)),
            ("createdAt", Some(Role::Created)),
            ("date_created", Some(Role::Created)),
            ("savedAt", Some(Role::Saved)),
            ("time_added", Some(Role::Saved)),
            ("date_download", Some(Role::Saved)),
            ("date_modify", Some(Role::Updated)),
            ("lastModified", Some(Role::Updated)),
            ("content.rendered", Some(Role::Text)),
            ("full_text", Some(Role::Text)),
            ("html_content", Some(Role::Text)),
            ("body_txt_en", Some(Role::Text)),
            ("текст статьи", None),
            ("正文", Some(Role::Text)),
            ("標題", Some(Role::Title)),
            ("fecha_publicacion", Some(Role::Published)),
            ("url_article", None),
            ("article_url", Some(Role::Url)),
            ("image_url", None),
            ("author_url", None),
            ("content_type", None),
            ("word_count", None),
            ("expires_at", None),
            ("date_dt", Some(Role::Published)),
            ("UEBERSCHRIFT", Some(Role::Title)),
            ("email_sent_at", None),
            ("is_published", None),
            ("thumbnail", None),
            ("filename", None),
        ] {
            assert_eq!(best(name), expected, "{name}: {:?}", roles(name));
        }
    }
}

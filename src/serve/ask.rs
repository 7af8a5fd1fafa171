//! What is asked for: the query and its options, as the parameters of the page and of the API name them. The address of a
//! page is the query: every link is made here.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::parameters::{Kind, Parameter, Values};
use super::problem::Problem;
use crate::cancel::CancelFlag;
use crate::query::Today;
use crate::search::{DatesError, Filters, SearchOptions, Sort, ValueFilter};
use crate::vocabulary::{Facet, Scope};

/// Longest query that addresses of pages bear, in bytes. A longer one is kept by the server, under a name.
pub(crate) const MAX_IN_ADDRESS: usize = 8 << 10;

/// Longest query, in bytes.
pub(crate) const MAX_QUERY: usize = crate::query::MAX_QUERY_BYTES;

/// Longest value of a filter.
const MAX_VALUE: usize = 1 << 10;

pub(crate) static Q: Parameter =
    Parameter { name: "q", kind: Kind::Text(MAX_QUERY), about: "The query, in the query language" };

/// Refuses a query too long for an address. The head of a request could hold it, but not together with other parameters.
///
/// # Errors
///
/// A problem that names the parameter and the way for a long query.
pub(crate) fn fits_address(pairs: &[(String, String)]) -> Result<(), Problem> {
    let long = pairs
        .iter()
        .find(|(name, value)| matches!(name.as_str(), "q" | "q2" | "q3" | "q4") && value.len() > MAX_IN_ADDRESS);
    long.map_or(Ok(()), |(name, value)| {
        Err(Problem::parameter(format!(
            "'{name}' has {} bytes; in an address at most {MAX_IN_ADDRESS} are taken: send it by POST to /api/v1/search",
            value.len()
        )))
    })
}

/// The name of a long query.
pub(crate) static REF: Parameter = Parameter {
    name: "ref",
    kind: Kind::Text(32),
    about: "The name of a long query that the page was sent by POST, in place of q; kept while the server runs",
};
static SORT: Parameter = Parameter {
    name: "sort",
    kind: Kind::Choice(&["relevance", "newest", "oldest", "path"]),
    about: "Order of the hits; best first by default",
};
static UNIT: Parameter = Parameter {
    name: "unit",
    kind: Kind::Choice(&["section", "passage", "article"]),
    about: "What AND and NOT are judged over; sections by default",
};
static ANY: Parameter = Parameter { name: "any", kind: Kind::Flag, about: "Is one of the plain words enough?" };
static STRICT: Parameter = Parameter { name: "strict", kind: Kind::Flag, about: "Are all words required?" };
static LITERAL: Parameter =
    Parameter { name: "literal", kind: Kind::Flag, about: "Is the query plain words, without operators?" };
static UNGROUP: Parameter =
    Parameter { name: "ungroup", kind: Kind::Flag, about: "Is every reprint of a story a hit by itself?" };
static DATE: Parameter = Parameter {
    name: "date",
    kind: Kind::Text(64),
    about: "Period of publication: 2023, 2023-09, 2023-09-12, 30d, or two of them with .. between, of which one may be left out",
};
static WORDS: Parameter =
    Parameter { name: "words", kind: Kind::Text(32), about: "Number of words of the article: >1200, 100..200" };

macro_rules! filters {
    ($($facet:ident $name:literal $about:literal),* $(,)?) => {
        /// The facts that are filters, each as a parameter that keeps and one that rules out.
        static FILTERS: &[(Facet, Parameter, Parameter)] = &[$((
            Facet::$facet,
            Parameter { name: $name, kind: Kind::Texts(MAX_VALUE), about: concat!("Keeps ", $about, "; several are alternatives, an empty one is for what has none") },
            Parameter { name: concat!("-", $name), kind: Kind::Texts(MAX_VALUE), about: concat!("Rules out ", $about) },
        )),*];
    };
}
filters! {
    Source "source" "articles of this newspaper, agency or site",
    Desk "desk" "articles of this section of the newspaper",
    Byline "byline" "articles by this author",
    Lang "lang" "articles in this language, by its two-letter code",
    Heading "heading" "sections under this heading",
    Tag "tag" "articles with this keyword of the publisher",
    Speaker "speaker" "passages that this person says",
    Dateline "dateline" "articles written at this place",
    Folder "folder" "articles of this folder and those below it",
}

/// The parameters of a query.
pub(crate) fn parameters() -> Vec<&'static Parameter> {
    let mut all = vec![&Q, &REF, &SORT, &UNIT, &ANY, &STRICT, &LITERAL, &UNGROUP];
    all.extend(filter_parameters());
    all
}

/// The parameters that keep articles or rule them out.
pub(crate) fn filter_parameters() -> Vec<&'static Parameter> {
    let mut all = vec![&DATE, &WORDS];
    all.extend(FILTERS.iter().flat_map(|(_, keeps, excludes)| [keeps, excludes]));
    all
}

/// A value of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub facet: Facet,
    /// The value; empty for what has none.
    pub value: String,
    pub is_excluded: bool,
}

/// A query and its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    /// The query as it was typed.
    pub q: String,
    /// Its name, if it is too long for an address.
    pub reference: Option<String>,
    pub sort: &'static str,
    pub unit: &'static str,
    pub any: bool,
    pub strict: bool,
    pub literal: bool,
    pub ungroup: bool,
    pub chosen: Vec<Chosen>,
    pub date: Option<String>,
    pub words: Option<String>,
    /// Settings of the page that shows it, which are no part of the query.
    pub settings: Settings,
}

/// Settings of one page: the parameters beside those of the query that its links to itself and its forms keep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The path of the page.
    pub path: &'static str,
    pub pairs: Vec<(&'static str, String)>,
}

impl Settings {
    /// Those of `names` that a request has.
    pub(crate) fn of(path: &'static str, names: &[&'static str], values: &Values) -> Settings {
        let given = names.iter().filter_map(|name| Some((*name, values.text(name)?.to_string())));
        Settings { path, pairs: given.collect() }
    }
}

impl Ask {
    pub(crate) fn of(values: &Values) -> Ask {
        let choice = |parameter: &'static Parameter, default: &'static str| match (
            values.text(parameter.name),
            parameter.kind,
        ) {
            (Some(value), Kind::Choice(all)) => all.iter().find(|one| **one == value).copied().unwrap_or(default),
            _ => default,
        };
        let mut chosen = Vec::new();
        for (facet, keeps, excludes) in FILTERS {
            for (parameter, is_excluded) in [(keeps, false), (excludes, true)] {
                for value in values.texts(parameter.name) {
                    let one = Chosen { facet: *facet, value: value.to_string(), is_excluded };
                    if !chosen.contains(&one) {
                        chosen.push(one);
                    }
                }
            }
        }
        Ask {
            q: values.text(Q.name).unwrap_or_default().to_string(),
            reference: values.text(REF.name).map(str::to_string),
            sort: choice(&SORT, "relevance"),
            unit: choice(&UNIT, "section"),
            any: values.flag(ANY.name),
            strict: values.flag(STRICT.name),
            literal: values.flag(LITERAL.name),
            ungroup: values.flag(UNGROUP.name),
            chosen,
            date: values.text(DATE.name).map(str::to_string),
            words: values.text(WORDS.name).map(str::to_string),
            settings: Settings::default(),
        }
    }

    /// Is nothing asked for, neither words nor a filter that keeps something?
    pub(crate) fn is_empty(&self) -> bool {
        self.q.trim().is_empty()
            && self.date.is_none()
            && self.words.is_none()
            && self.chosen.iter().all(|one| one.is_excluded)
    }

    /// The options of the search.
    ///
    /// # Errors
    ///
    /// A problem for a date or number that is none.
    pub(crate) fn options(&self, cancel: &CancelFlag) -> Result<SearchOptions, Problem> {
        let today = Today::now();
        let mut filters = Filters::default();
        for (facet, ..) in FILTERS {
            for is_excluded in [false, true] {
                let of_facet = self.chosen.iter().filter(|one| one.facet == *facet && one.is_excluded == is_excluded);
                let values: Vec<String> = of_facet.map(|one| one.value.clone()).collect();
                if !values.is_empty() {
                    filters.values.push(ValueFilter { facet: *facet, values, is_excluded });
                }
            }
        }
        if let Some(date) = &self.date {
            let (since, until) = date.split_once("..").unwrap_or((date, date));
            let end = |text| Some(text).filter(|text: &&str| !text.is_empty());
            filters.set_dates(end(since), end(until), today).map_err(|error| match error {
                DatesError::Since(reason) | DatesError::Until(reason) => {
                    Problem::parameter(format!("'date': {reason}"))
                }
                error @ DatesError::Reversed { .. } => Problem::parameter(format!("'date': {error}")),
            })?;
        }
        if let Some(words) = &self.words {
            filters.set_words(words).map_err(|error| Problem::parameter(format!("'words': {error}")))?;
        }
        Ok(SearchOptions {
            unit: match self.unit {
                "passage" => Scope::Passage,
                "article" => Scope::Article,
                _ => Scope::Section,
            },
            sort: match self.sort {
                "newest" => Sort::Newest,
                "oldest" => Sort::Oldest,
                "path" => Sort::Path,
                _ => Sort::Relevance,
            },
            strict: self.strict,
            any: self.any && !self.strict,
            literal: self.literal,
            ungroup: self.ungroup,
            filters,
            today,
            cancel: cancel.clone(),
            ..SearchOptions::default()
        })
    }

    /// The pairs of its address, without what is as by default.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        let mut push = |name: &str, value: &str| pairs.push((name.to_string(), value.to_string()));
        match &self.reference {
            Some(name) => push(REF.name, name),
            None if !self.q.is_empty() => push("q", &self.q),
            None => {}
        }
        if self.sort != "relevance" {
            push("sort", self.sort);
        }
        if self.unit != "section" {
            push("unit", self.unit);
        }
        for (name, is_set) in
            [("any", self.any), ("strict", self.strict), ("literal", self.literal), ("ungroup", self.ungroup)]
        {
            if is_set {
                push(name, "1");
            }
        }
        for one in &self.chosen {
            let sign = if one.is_excluded { "-" } else { "" };
            push(&format!("{sign}{}", one.facet.name()), &one.value);
        }
        if let Some(date) = &self.date {
            push("date", date);
        }
        if let Some(words) = &self.words {
            push("words", words);
        }
        pairs
    }

    /// The pairs of the address of a page for it: the query's, and the settings if they are of this page.
    pub(crate) fn pairs_at(&self, path: &str) -> Vec<(String, String)> {
        let mut pairs = self.pairs();
        if path == self.settings.path {
            pairs.extend(self.settings.pairs.iter().map(|(name, value)| ((*name).to_string(), value.clone())));
        }
        pairs
    }

    /// The address of a page for it, with more parameters. They replace settings; an empty one takes a setting out.
    pub(crate) fn link(&self, path: &str, more: &[(&str, &str)]) -> String {
        let is_setting = |name: &str| self.settings.pairs.iter().any(|(other, _)| *other == name);
        let mut pairs = self.pairs_at(path);
        pairs.retain(|(name, _)| !is_setting(name) || more.iter().all(|(other, _)| other != name));
        let more = more.iter().filter(|(_, value)| !value.is_empty());
        pairs.extend(more.map(|(name, value)| ((*name).to_string(), (*value).to_string())));
        address(path, &pairs)
    }

    /// The same options for another query.
    pub(crate) fn with_query(&self, q: String) -> Ask {
        Ask { q, reference: None, ..self.clone() }
    }

    /// The same without a filter.
    pub(crate) fn without(&self, one: &Chosen) -> Ask {
        let mut ask = self.clone();
        ask.chosen.retain(|other| other != one);
        ask
    }

    /// The same with a filter more.
    pub(crate) fn with(&self, one: Chosen) -> Ask {
        let mut ask = self.clone();
        if !ask.chosen.contains(&one) {
            ask.chosen.push(one);
        }
        ask
    }

    /// The same without the filters of a facet, over which the facet is counted: its alternatives stay in sight.
    pub(crate) fn without_facet(&self, facet: Facet) -> Ask {
        let mut ask = self.clone();
        ask.chosen.retain(|one| one.facet != facet || one.is_excluded);
        if facet == Facet::Year {
            ask.date = None;
        }
        ask
    }

    /// The line for a shell that gives the same hits.
    pub(crate) fn command(&self) -> String {
        let mut line = String::from("crosshead search");
        if self.sort != "relevance" {
            line.push_str(&format!(" --sort {}", self.sort));
        }
        if self.unit != "section" {
            line.push_str(&format!(" --unit {}", self.unit));
        }
        for (name, is_set) in
            [("any", self.any), ("strict", self.strict), ("literal", self.literal), ("ungroup", self.ungroup)]
        {
            if is_set {
                line.push_str(&format!(" --{name}"));
            }
        }
        if let Some(date) = &self.date {
            let (since, until) = date.split_once("..").unwrap_or((date, date));
            for (option, value) in [("--since", since), ("--until", until)] {
                if !value.is_empty() {
                    line.push_str(&format!(" {option} {}", quoted(value)));
                }
            }
        }
        for one in &self.chosen {
            let sign = if one.is_excluded { "!=" } else { "=" };
            line.push_str(&format!(" --where {}", quoted(&format!("{}{sign}{}", one.facet.name(), one.value))));
        }
        if let Some(words) = &self.words {
            line.push_str(&format!(" --where {}", quoted(&format!("words={words}"))));
        }
        let end = if self.q.starts_with('-') { "-- " } else { "" };
        line.push_str(&format!(" {end}{}", quoted(&self.q)));
        line
    }
}

/// A text in single quotes for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// What is written as it is in a query string: as the URL standard has it for forms, so that scripts of browsers make the
/// same addresses, but with spaces as `+`.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');

/// An address below this server.
pub(crate) fn address(path: &str, pairs: &[(String, String)]) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, PLAIN).to_string().replace("%20", "+");
    let query: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    if query.is_empty() { path.to_string() } else { format!("{path}?{}", query.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::parameters::pairs;

    fn ask(query: &str) -> Ask {
        Ask::of(&Values::check(pairs(query).expect("UTF-8"), &parameters()).expect("valid"))
    }

    #[test]
    fn an_address_says_what_is_asked_for() {
        for query in [
            "q=harbour+strike",
            "q=%22oil+price%22+-football&sort=newest&unit=article&strict=1",
            "q=%D7%A9%D7%9C%D7%95%D7%9D&source=Halden+Courier&source=A%26B&-desk=Sport&date=2023-09..2023-10&words=%3E100",
            "folder=news%2F2023&any=1&literal=1&ungroup=1",
            "q=a&source=&-byline=&source=X",
        ] {
            let ask = ask(query);
            let address = ask.link("/search", &[]);
            let again = address.split_once('?').expect("parameters").1;
            assert_eq!(self::ask(again), ask, "{query}: {address}");
        }
        assert_eq!(ask("q=a&source=X").link("/kwic", &[("by", "words")]), "/kwic?q=a&source=X&by=words");
        assert_eq!(ask("sort=relevance&unit=section&any=0").link("/search", &[]), "/search");
    }

    #[test]
    fn a_page_keeps_its_settings() {
        let of_kwic = vec![("by", "words".to_string()), ("order", "1R".to_string())];
        let ask = Ask { settings: Settings { path: "/kwic", pairs: of_kwic }, ..ask("q=a&source=X") };
        for (path, more, address) in [
            ("/kwic", &[][..], "/kwic?q=a&source=X&by=words&order=1R"),
            ("/kwic", &[("order", "newest")], "/kwic?q=a&source=X&by=words&order=newest"),
            ("/kwic", &[("order", ""), ("page", "2")], "/kwic?q=a&source=X&by=words&page=2"),
            ("/search", &[], "/search?q=a&source=X"),
            ("/search", &[("order", "1R")], "/search?q=a&source=X&order=1R"),
        ] {
            assert_eq!(ask.link(path, more), address);
        }
        assert_eq!(ask.without(&ask.chosen[0]).link("/kwic", &[]), "/kwic?q=a&by=words&order=1R");
    }

    #[test]
    fn a_long_query_is_not_for_an_address() {
        for (name, bytes, is_taken) in [
            ("q", MAX_IN_ADDRESS, true),
            ("q", MAX_IN_ADDRESS + 1, false),
            ("q3", MAX_IN_ADDRESS + 1, false),
            ("quotation", MAX_IN_ADDRESS + 1, true),
        ] {
            assert_eq!(fits_address(&[(name.into(), "a".repeat(bytes))]).is_ok(), is_taken, "{name} {bytes}");
        }
    }

    #[test]
    fn dates_and_numbers_are_read_as_in_queries() {
        let options = |query: &str| ask(query).options(&CancelFlag::new()).map_err(|problem| problem.detail);
        for date in ["2023", "2023-09", "2023-09..2023-10", "2023..", "..2023-02-01", "30d"] {
            assert!(options(&format!("date={date}")).is_ok(), "{date}");
        }
        assert_eq!(
            options("date=2024..2023").expect_err("reversed"),
            "'date': 2024-01-01 is later than 2023-12-31: swap them"
        );
        assert!(options("date=soon").expect_err("no date").starts_with("'date': "));
        assert!(options("words=many").expect_err("no number").starts_with("'words': "));
    }

    #[test]
    fn the_line_for_a_shell_quotes_what_it_holds() {
        assert_eq!(
            ask("q=it%27s+on&source=Le+Monde").command(),
            r"crosshead search --where 'source=Le Monde' 'it'\''s on'"
        );
        assert_eq!(
            ask("q=-x&date=2023..&sort=newest").command(),
            "crosshead search --sort newest --since '2023' -- '-x'"
        );
    }
}

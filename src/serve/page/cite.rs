//! How to cite an article, or one of its passages, in the forms that people ask for.

use maud::{Markup, html};

use super::parts::{date, place, title};
use crate::model::{Article, Passage};
use crate::query::Today;
use crate::render::{self, csl, quotations::escaped, ris};
use crate::search::Hit;
use crate::search::marks::ArticleMarks;
use crate::serve::ask::address;
use crate::text::Language;
use crate::text::sentence::sentences;

/// What is cited.
pub(super) struct Citation<'a> {
    pub article: &'a Article,
    /// The passage from which the article was opened.
    pub passage: Option<&'a Passage>,
    /// What is quoted of it.
    pub quotation: Option<String>,
    /// The hit that the passage is.
    pub hit: Option<&'a Hit>,
    /// The address of the server.
    pub base: String,
}

/// What is quoted of a passage: what the list showed of the hit, else the sentence of the first mark, or the first one.
pub(super) fn quotation(article: &Article, passage: &Passage, hit: Option<&Hit>, marks: &ArticleMarks) -> String {
    if let Some(hit) = hit {
        let (before, after) = hit.snippet.cut;
        let sign = |is_cut: bool, sign: &'static str| if is_cut { sign } else { "" };
        return format!("{}{}{}", sign(before, "… "), hit.snippet.text, sign(after, " …"));
    }
    let mark = marks.passages.get(&passage.ordinal).and_then(|marks| marks.first()).map_or(0, |mark| mark.0);
    let language = Language::from_code(article.facts.lang.as_deref().unwrap_or(""));
    let sentence = sentences(&passage.text, language).into_iter().find(|sentence| sentence.end > mark);
    let text = sentence.map_or(passage.text.as_str(), |sentence| &passage.text[sentence]);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Citation<'_> {
    /// Title, byline, source and date, as far as they are known, and the section.
    fn known(&self) -> Vec<String> {
        let facts = &self.article.facts;
        let mut known = vec![title(self.article).to_string()];
        known.extend(facts.byline.clone());
        known.extend(facts.source.clone());
        known.extend(facts.published.as_ref().map(|published| date(&published.value)));
        known.extend(self.passage.and_then(|passage| {
            let heading = passage.heading.as_ref()?;
            let trail: Vec<&str> = passage.trail.iter().chain([heading]).map(String::as_str).collect();
            Some(format!("§ {}", trail.join(" › ")))
        }));
        known
    }

    /// The path, with the line if it is known.
    fn place(&self) -> String {
        self.passage.map_or_else(|| place(self.article), |passage| render::place(self.article, passage))
    }

    /// The id of the passage or article.
    fn id(&self) -> String {
        self.passage.map_or_else(|| self.article.id(), |passage| self.article.passage_id(passage.ordinal))
    }

    fn permalink(&self) -> String {
        let place = self.passage.map(|passage| format!("#p{}", passage.ordinal)).unwrap_or_default();
        format!("{}a/{}{place}", self.base, self.article.id())
    }

    fn text(&self) -> String {
        let quotation = self.quotation.as_ref().map(|quotation| format!("“{quotation}” ")).unwrap_or_default();
        format!("{quotation}{}. {} [{}]", self.known().join(", "), self.place(), self.id())
    }

    fn markdown(&self) -> String {
        let quotation = self.quotation.as_ref().map(|quotation| format!("> {}\n\n", escaped(quotation, true)));
        let known: Vec<String> = self.known().iter().map(|fact| escaped(fact, false)).collect();
        let title = format!("[{}]({})", known[0], self.permalink());
        let after: Vec<&str> = std::iter::once(title.as_str()).chain(known[1..].iter().map(String::as_str)).collect();
        format!("{}{}", quotation.unwrap_or_default(), after.join(" · "))
    }

    /// All forms, folded.
    pub(super) fn markup(&self) -> Markup {
        let csl = serde_json::to_string_pretty(&csl::item(self.article)).unwrap_or_default();
        let forms = [
            ("cite-text", "Text", self.text()),
            ("cite-link", "Permalink", self.permalink()),
            ("cite-md", "Markdown", self.markdown()),
            ("cite-ris", "RIS", ris::entry(self.article, self.hit)),
            ("cite-csl", "CSL-JSON", csl),
        ];
        html! {
            details #cite.cite {
                summary { "Cite" }
                @for (id, name, value) in &forms {
                    p { b { (name) } " " button type="button" data-copy=(id) hidden { "Copy" } }
                    pre #{ (id) } tabindex="0" dir="auto" { (value) }
                }
            }
        }
    }

    /// Where the article is, for paper.
    pub(super) fn printed(&self) -> Markup {
        html! {
            p.printed { code dir="ltr" { (self.place()) } " · " code { (self.id()) } " · " code { (self.permalink()) } " · printed " (date(&Today::now().to_string())) }
        }
    }
}

/// What reference managers read of a hit (COinS, an OpenURL in the title of an element).
pub(super) fn coins(article: &Article) -> String {
    let facts = &article.facts;
    let mut pairs = vec![
        ("ctx_ver".to_string(), "Z39.88-2004".to_string()),
        ("rft_val_fmt".to_string(), "info:ofi/fmt:kev:mtx:journal".to_string()),
        ("rft.genre".to_string(), "article".to_string()),
        ("rft.atitle".to_string(), title(article).to_string()),
    ];
    let day = facts.published.as_ref().map(|published| published.day().to_string());
    for (name, value) in
        [("rft.jtitle", &facts.source), ("rft.au", &facts.byline), ("rft.date", &day), ("rft_id", &facts.url)]
    {
        pairs.extend(value.iter().map(|value| (name.to_string(), value.clone())));
    }
    address("", &pairs).trim_start_matches('?').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Location, Published, PublishedFrom};

    fn article() -> Article {
        let mut article = Article { path: "news/ferry.md".into(), ..Article::default() };
        article.facts.title = Some("Ferries [late]".into());
        article.facts.byline = Some("Edda Voss".into());
        article.facts.published = Some(Published { value: "2023-09-12".into(), from: PublishedFrom::Metadata });
        article
    }

    #[test]
    fn a_passage_is_cited_with_its_section_line_and_quotation() {
        let article = article();
        let id = article.id();
        let location = Some(Location { start: 40, end: 90, line: 7, end_line: 9 });
        let passage = Passage {
            ordinal: 3,
            heading: Some("The dispute".into()),
            trail: vec!["Background".into()],
            location,
            text: "They met at\nnoon. The *strike* went on. Nobody spoke.".into(),
            ..Passage::default()
        };
        let mut marks = ArticleMarks::default();
        let whole = Citation { article: &article, passage: None, quotation: None, hit: None, base: "http://h/".into() };
        assert_eq!(whole.text(), format!("Ferries [late], Edda Voss, 12 September 2023. news/ferry.md [{id}]"));
        assert_eq!(whole.markdown(), format!("[Ferries \\[late\\]](http://h/a/{id}) · Edda Voss · 12 September 2023"));
        for (mark, quoted) in [(None, "They met at noon."), (Some((23, 29)), "The *strike* went on.")] {
            marks.passages.insert(3, mark.into_iter().collect());
            let quotation = quotation(&article, &passage, None, &marks);
            assert_eq!(quotation, quoted);
            let cited =
                Citation { passage: Some(&passage), quotation: Some(quotation), base: "http://h/".into(), ..whole };
            assert_eq!(
                cited.text(),
                format!(
                    "“{quoted}” Ferries [late], Edda Voss, 12 September 2023, § Background › The dispute. news/ferry.md:7 [{id}.3]"
                )
            );
            assert_eq!(cited.permalink(), format!("http://h/a/{id}#p3"));
            let markdown = cited.markdown();
            assert!(markdown.starts_with(&format!("> {}\n\n[Ferries", quoted.replace('*', "\\*"))), "{markdown}");
            assert!(markdown.ends_with("§ Background › The dispute"), "{markdown}");
        }
        assert!(whole.markup().into_string().contains("ID  - "));
    }
}

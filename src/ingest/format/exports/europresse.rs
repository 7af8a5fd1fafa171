//! Pages of Europresse.

use scraper::{ElementRef, Html};

use super::lines::{bare_name, date, is_copyright, opened_byline};
use super::markup::{select, spaced_text_of, text_of};
use crate::article::BlockKind;
use crate::article::date::is_day_name;
use crate::ingest::format::blocks::BlockWriter;
use crate::ingest::format::draft::{Draft, Text};
use crate::ingest::format::html;
use crate::text::fold::fold_value;
use crate::text::tidy;

/// The stories of a page: an `article` each, or in old pages the parent of each name of a newspaper.
pub(super) fn stories(page: &Html) -> Vec<Draft> {
    let root = page.root_element();
    let articles = select(root, "article");
    let holders: Vec<ElementRef<'_>> =
        if articles.iter().any(|article| !select(*article, "[class*=DocPublicationName]").is_empty()) {
            articles
        } else {
            select(root, "[class*=DocPublicationName]")
                .iter()
                .filter_map(|name| name.parent().and_then(ElementRef::wrap))
                .collect()
        };
    holders.into_iter().map(story).filter(Draft::has_text).collect()
}

fn story(holder: ElementRef<'_>) -> Draft {
    let mut draft = Draft::default();
    let first = |css: &str| select(holder, css).first().map(|found| spaced_text_of(*found));
    draft.source(first("[class*=DocPublicationName]"));
    // The title may share its element with the subtitle.
    draft.title(first("[class*=articletitle], [class*=ArticleVisu]"));
    draft.title(first("[class*=TitreArticle], [class*=titreArticle]"));
    draft.standfirst = first("[class*=subtitle], [class*=Subtitle], [class*=sousTitre], [class*=SousTitre]");
    draft.byline(first("[class*=DocAuthor], .sm-margin-bottomNews"));
    draft.id = first("[class*=lblNodoc], [class*=LblNodoc], [class*=Nodoc]");
    let headers: Vec<String> = select(holder, "[class*=DocHeader]").into_iter().map(text_of).collect();
    let joined = headers.join(" ");
    draft.facts.published = headers.iter().find_map(|line| date(line)).or_else(|| date(&joined));
    draft.facts.desk = headers
        .first()
        .map(|line| line.trim_end_matches([',', ' ']).to_string())
        .filter(|line| date(line).is_none() && !line.is_empty() && !is_day_name(&fold_value(line)));
    let text = select(holder, "[class*=DocText], .docOcurrContainer");
    let body = match text.first() {
        Some(text) => html::fragment(&text.html()),
        None => html::fragment(&holder.html()),
    };
    let lines: Vec<&str> = body.lines().collect();
    let title = draft.facts.title.as_deref();
    let titled = lines.iter().position(|line| Some(*line) == title).filter(|_| text.is_empty());
    let mut from = titled.map_or(0, |at| at + 1);
    // An overline, between date and title.
    let over = titled.and_then(|at| at.checked_sub(1)).map(|at| lines[at]);
    let is_header =
        |line: &str| headers.iter().any(|header| line.contains(header)) || draft.facts.source.as_deref() == Some(line);
    draft.standfirst = draft.standfirst.take().or(over.filter(|line| !is_header(line)).map(tidy));
    // Old pages have no class for the author: the name is the first line.
    if let Some(line) = lines.get(from).filter(|_| draft.facts.byline.is_none() && lines.len() > from + 1) {
        let name = opened_byline(line).or_else(|| bare_name(line, &body.text).map(|(name, _)| name));
        from += usize::from(name.is_some());
        draft.byline(name);
    }
    let mut writer = BlockWriter::default();
    for line in &lines[from..] {
        let lower = line.to_lowercase();
        if let Some((_, id)) = line
            .split_once(':')
            .filter(|_| lower.starts_with("numéro de document") || lower.starts_with("news document"))
        {
            draft.id = Some(tidy(id));
            break;
        }
        if is_copyright(line) {
            continue;
        }
        writer.block(BlockKind::Paragraph, line);
    }
    draft.text = Text::Page(writer.finish());
    draft
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_pages() {
        // Markup between newspaper and copyright; desk, standfirst, title, byline, text.
        for (inner, desk, standfirst, title, byline, text) in [
            (
                "<span class='DocHeader'>mercredi </span><span class='DocHeader'>3 octobre 2012</span><br><br><span class='TitreArticleVisu'>Le port <b>ferme</b></span><br><br>Mara Lind<br><p></p>Les grues sont vendues.",
                None,
                None,
                "Le port ferme",
                Some("Mara Lind"),
                "Les grues sont vendues.\n",
            ),
            (
                "<span class='DocHeader'>Mer, </span><span class='DocHeader'>jeudi </span><span class='DocHeader'>4 octobre 2012</span><br><br>Commerce<br><span class='TitreArticleVisu'>Le port ferme</span><br><br>Les grues sont vendues.<p></p>Test.",
                Some("Mer"),
                Some("Commerce"),
                "Le port ferme",
                None,
                "Les grues sont vendues.\nTest.\n",
            ),
        ] {
            let page = format!(
                "<table><tr><td><span class='DocPublicationName'>Courrier</span><br>{inner}<p></p><b>© 2012 Courrier. Tous droits réservés.</b><p></p>Numéro de document : news·20121004·CO·1</td></tr></table>"
            );
            let found = stories(&Html::parse_document(&page)).remove(0);
            assert_eq!(found.facts.desk.as_deref(), desk, "{inner}");
            assert_eq!(found.standfirst.as_deref(), standfirst, "{inner}");
            assert_eq!(found.facts.title.as_deref(), Some(title), "{inner}");
            assert_eq!(found.facts.byline.as_deref(), byline, "{inner}");
            assert_eq!(found.id.as_deref(), Some("news·20121004·CO·1"));
            assert!(matches!(&found.text, Text::Page(body) if body.text == text), "{:?}", found.text);
        }
    }
}

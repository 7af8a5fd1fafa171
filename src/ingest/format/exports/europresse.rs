//! Europresse, as pages.

use super::*;

pub(super) fn europresse(page: &Html) -> Vec<Draft> {
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
    holders.into_iter().map(europresse_story).filter(Draft::has_text).collect()
}

fn europresse_story(holder: ElementRef<'_>) -> Draft {
    let mut draft = Draft::default();
    let first = |css: &str| select(holder, css).first().map(|found| spaced_text_of(*found));
    draft.source(first("[class*=DocPublicationName]"));
    draft.title(first("[class*=TitreArticle], [class*=titreArticle], [class*=articletitle]"));
    draft.byline(first("[class*=DocAuthor], .sm-margin-bottomNews"));
    draft.id = first("[class*=lblNodoc], [class*=LblNodoc], [class*=Nodoc]");
    let headers: Vec<String> = select(holder, "[class*=DocHeader]").into_iter().map(text_of).collect();
    let joined = headers.join(" ");
    draft.facts.published = headers.iter().find_map(|line| date(line)).or_else(|| date(&joined));
    draft.facts.desk = headers
        .first()
        .map(|line| line.trim_end_matches([',', ' ']).to_string())
        .filter(|line| date(line).is_none() && !line.is_empty());
    let text = select(holder, "[class*=DocText], .docOcurrContainer");
    let body = match text.first() {
        Some(text) => html::fragment(&text.html()),
        None => html::fragment(&holder.html()),
    };
    let title = draft.facts.title.clone().unwrap_or_default();
    let lines: Vec<&str> = body.blocks.iter().map(|block| &body.text[block.span.clone()]).collect();
    let from = if text.is_empty() { lines.iter().position(|line| *line == title).map_or(0, |at| at + 1) } else { 0 };
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

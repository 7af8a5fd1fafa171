//! Factiva, as lines of text, as pages and as XML.

use super::*;

/// Factiva as text or RTF: stories that end with their number, their fields with codes or in a fixed order.
pub(super) fn factiva_text(lines: &[&str]) -> Option<Vec<Draft>> {
    let ends: Vec<usize> = (0..lines.len()).filter(|&at| FACTIVA.is_match(lines[at])).collect();
    if ends.is_empty() {
        return None;
    }
    let starts = std::iter::once(0).chain(ends.iter().map(|end| end + 1));
    Some(starts.zip(&ends).filter_map(|(start, &end)| factiva_lines(&lines[start..=end])).collect())
}

fn factiva_lines(lines: &[&str]) -> Option<Draft> {
    let number = lines.last().and_then(|line| FACTIVA.captures(line)).and_then(|found| found.get(1));
    let mut draft = Draft { id: number.map(|id| id.as_str().to_string()), ..Draft::default() };
    let codes = lines.iter().filter(|line| FACTIVA_CODE.is_match(line)).count();
    if codes >= 3 {
        factiva_codes(lines, &mut draft);
    } else {
        let shown: Vec<String> = lines[..lines.len() - 1].iter().map(|line| tidy(line)).collect();
        let full: Vec<String> = shown.iter().filter(|line| !line.is_empty()).cloned().collect();
        let dated = full.iter().take(12).position(|line| line.len() < 40 && date(line).is_some())?;
        let front_end = full.iter().position(|line| is_copyright(line)).map_or(dated + 1, |at| at + 1);
        let words = full[..dated].iter().position(|line| is_word_count(line)).unwrap_or(dated);
        // Above the title may stand a section, below it the name of its author, after a word that says so.
        let opened = full[..words].iter().position(|line| without_opener(line).len() < line.len());
        let title = opened.and_then(|at| at.checked_sub(1)).unwrap_or(0);
        draft.title(full.get(title).cloned());
        draft.facts.desk = title.checked_sub(1).map(|at| full[at].clone());
        let byline =
            opened.map(|at| &full[at]).or_else(|| full[1.min(words)..words].iter().find(|line| line.len() < 80));
        draft.byline(byline.cloned());
        factiva_dated(&full[dated..front_end.max(dated + 1).min(full.len())], &mut draft);
        draft.text = Text::Bare(full[front_end.min(full.len())..].join("\n\n"));
    }
    draft.has_text().then_some(draft)
}

fn factiva_codes(lines: &[&str], draft: &mut Draft) {
    let mut body: Vec<String> = Vec::new();
    let mut fields: Vec<(String, Vec<String>)> = Vec::new();
    for line in lines {
        match FACTIVA_CODE.captures(line) {
            Some(found) => {
                let value = found.get(2).map(|rest| tidy(rest.as_str())).filter(|rest| !rest.is_empty());
                fields.push((found[1].to_string(), value.into_iter().collect()));
            }
            None => {
                let text = tidy(line);
                if let Some((_, lines)) = fields.last_mut().filter(|_| !text.is_empty()) {
                    lines.push(text);
                }
            }
        }
    }
    for (code, lines) in fields {
        match code.as_str() {
            "LP" | "TD" => body.extend(lines),
            _ => factiva_field(&code, &lines.join(" "), draft),
        }
    }
    draft.text = Text::Bare(body.join("\n\n"));
}

/// What a field of Factiva says.
fn factiva_field(code: &str, value: &str, draft: &mut Draft) {
    let value = value.to_string();
    match code {
        "HD" => _ = draft.title(Some(value)),
        "BY" | "AU" => _ = draft.byline(Some(value)),
        "PD" => draft.facts.published = draft.facts.published.take().or_else(|| date(&value)),
        "SN" => _ = draft.source(Some(value)),
        "SE" => draft.facts.desk = Some(value),
        "LA" => _ = draft.lang(Some(&value)),
        "AN" => draft.id = draft.id.take().or_else(|| value.split_whitespace().last().map(str::to_string)),
        "NS" | "RE" => {
            value.split('|').filter_map(|part| part.split(" : ").nth(1)).for_each(|word| draft.keyword(word));
        }
        "CR" | "CX" => draft.notes.push(value),
        _ => {}
    }
}

/// The lines from the date on: date, perhaps hour and page, newspaper.
fn factiva_dated(lines: &[String], draft: &mut Draft) {
    draft.facts.published = lines.first().and_then(|line| date(line));
    let clock = |line: &&String| line.len() < 12 && line.contains(':');
    draft.source(lines.iter().skip(1).find(|line| !clock(line)).cloned());
}

/// `553 words`
fn is_word_count(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let number =
        words.next().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit() || byte == b',' || byte == b'.'));
    number && words.next().is_some() && words.next().is_none()
}

pub(super) fn factiva(page: &Html) -> Vec<Draft> {
    let articles = select(page.root_element(), "div.article");
    let inner: HashSet<_> = articles
        .iter()
        .flat_map(|article| select(*article, "div.article"))
        .map(|inner| inner.id())
        .take(10_000)
        .collect();
    articles
        .into_iter()
        .filter(|article| !inner.contains(&article.id()))
        .map(factiva_story)
        .filter(Draft::has_text)
        .collect()
}

fn factiva_story(article: ElementRef<'_>) -> Draft {
    let mut draft = Draft::default();
    let mut writer = BlockWriter::default();
    for paragraph in select(article, "p.articleParagraph, pre.articleParagraph") {
        writer.block(BlockKind::Paragraph, &text_of(paragraph));
    }
    draft.text = Text::Page(writer.finish());
    let class = article.value().attr("class").unwrap_or_default();
    let language =
        class.split_whitespace().find_map(|class| class.strip_suffix("Article")).filter(|tag| tag.len() == 2);
    // Some exports have paragraphs without a class.
    let mut cells = Body::default();
    let rows = select(article, "tr");
    for row in &rows {
        let columns = select(*row, "td");
        let (Some(code), Some(value)) = (columns.first(), columns.get(1)) else { continue };
        factiva_field(text_of(*code).trim(), &text_of(*value), &mut draft);
        if matches!(text_of(*code).trim(), "LP" | "TD") && !draft.has_text() {
            cells.join(html::fragment(&value.html()));
        }
    }
    // What the story says of its language goes before the page's class.
    draft.lang(language);
    if !cells.blocks.is_empty() {
        draft.text = Text::Page(cells);
    }
    if rows.is_empty() {
        factiva_front(article, &mut draft);
    }
    draft
}

/// The front of a story without a table: lines in a fixed order, some of them missing.
fn factiva_front(article: ElementRef<'_>, draft: &mut Draft) {
    let headline = select(article, "[id=hd], [class$=Headline]");
    draft.title(headline.first().map(|line| text_of(*line)));
    draft.byline(select(article, ".author").first().map(|line| text_of(*line)));
    let lines: Vec<String> = article
        .children()
        .filter_map(ElementRef::wrap)
        .filter(|child| child.value().name() == "div" && child.value().attr("id") != Some("hd"))
        .map(text_of)
        .filter(|line| !line.is_empty())
        .collect();
    if let Some(at) = lines.iter().position(|line| line.len() < 40 && date(line).is_some()) {
        factiva_dated(&lines[at..], draft);
        let title = draft.facts.title.clone().unwrap_or_default();
        let front = lines[..at].iter().filter(|line| !is_word_count(line) && !line.contains(&title));
        let opened = front.clone().find(|line| without_opener(line).len() < line.len());
        let alone = front.clone().count() == 1 && lines[..at].iter().any(|line| is_word_count(line));
        let name =
            opened.or_else(|| front.clone().next().filter(|line| alone && line.contains(' ') && line.len() < 60));
        draft.byline(name.cloned());
    }
    draft.id = select(article, "p, div")
        .into_iter()
        .map(text_of)
        .find_map(|line| FACTIVA.captures(&line).and_then(|found| found.get(1)).map(|id| id.as_str().to_string()));
}

/// Factiva's XML: one story an `article`.
pub(in crate::ingest::format) fn factiva_xml(root: &Element) -> Vec<Draft> {
    let articles = root.all("article");
    articles.into_iter().map(factiva_item).filter(Draft::has_text).collect()
}

fn factiva_item(article: &Element) -> Draft {
    let mut draft = Draft::default();
    draft.title(article.text_at("headline"));
    draft.byline(article.text_at("byline").or_else(|| article.text_at("author")));
    draft.source(article.text_at("sourcename").or_else(|| article.text_at("publishername")));
    draft.published([article
        .text_at("publicationdate/datetime")
        .or_else(|| article.text_at("publicationdate"))
        .as_deref()]);
    draft.updated([article.text_at("modificationdate").as_deref()]);
    draft.lang(article.text_at("baselanguage").as_deref());
    draft.id = article.text_at("accessionno");
    draft.facts.desk = article.text_at("sectionname").or_else(|| article.text_at("columnname"));
    draft.facts.dateline = article.text_at("dateline");
    for subject in
        article.elements().filter(|e| e.is("newssubject") || e.is("region") || e.is("industry") || e.is("company"))
    {
        draft.keyword(&subject.text_at("name").unwrap_or_default());
    }
    draft.notes = ["corrections", "notes"]
        .iter()
        .filter_map(|name| article.text_at(name))
        .filter(|note| note.len() > 12)
        .collect();
    let mut writer = BlockWriter::default();
    for part in article.elements().filter(|e| ["leadparagraph", "tailparagraphs", "body"].iter().any(|name| e.is(name)))
    {
        for paragraph in part.all("paragraph") {
            writer.block(BlockKind::Paragraph, &paragraph.text());
        }
    }
    draft.text = Text::Page(writer.finish());
    draft
}

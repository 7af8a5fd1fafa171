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
        // The name may stand there without a word, below section and title.
        let sectioned = || words == 3 && full[0].len() < full[1].len() && bare_name(&full[2], "").is_some();
        let title = opened.and_then(|at| at.checked_sub(1)).unwrap_or(usize::from(sectioned()));
        draft.title(full.get(title).cloned());
        draft.facts.desk = title.checked_sub(1).map(|at| full[at].clone());
        let byline = opened
            .map(|at| &full[at])
            .or_else(|| full[(title + 1).min(words)..words].iter().find(|line| line.len() < 80));
        draft.byline(byline.cloned());
        factiva_dated(&full[dated..front_end.max(dated + 1).min(full.len())], &mut draft);
        let mut body = full[front_end.min(full.len())..].to_vec();
        take_byline(&mut body, &mut draft);
        draft.text = Text::Bare(body.join("\n\n"));
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
    take_byline(&mut body, draft);
    draft.text = Text::Bare(body.join("\n\n"));
}

/// Takes the byline out of the first paragraphs, where no field states one: `Von Mara Lind` at the top or below the lead,
/// or a bare name between a short lead and the first long paragraph.
fn take_byline(body: &mut Vec<String>, draft: &mut Draft) {
    /// How many paragraphs may stand above it.
    const MOST_ABOVE: usize = 3;
    const LEAD_BYTES: usize = 600;
    const LONG_BYTES: usize = 80;
    if draft.facts.byline.is_some() {
        return;
    }
    let whole = body.join("\n");
    let lead = |at: &usize| body[..*at].iter().all(|line| line.len() <= LEAD_BYTES);
    let found = (0..body.len().saturating_sub(1).min(MOST_ABOVE + 1)).filter(lead).find_map(|at| {
        if let Some(name) = opened_byline(&body[at]) {
            return Some((at, name, None));
        }
        // A line over the text may stand between.
        let followed = body[at + 1..].iter().take(2).any(|line| line.len() >= LONG_BYTES);
        // Behind a lead headings stand too; names of three words are rarer than headings of three.
        let long = |name: &str| at >= MOST_ABOVE - 1 && name.split(' ').count() > 2 && !name.contains(['.', ',']);
        let joined = |name: &str| name.split(' ').any(|word| word.starts_with(char::is_lowercase));
        let (name, place) =
            bare_name(&body[at], &whole).filter(|(name, _)| followed && (!long(name) || joined(name)))?;
        Some((at, name, place))
    });
    if let Some((at, name, place)) = found {
        body.remove(at);
        draft.byline(Some(name));
        draft.facts.dateline = draft.facts.dateline.take().or(place);
    }
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
    let mut body: Vec<String> =
        select(article, "p.articleParagraph, pre.articleParagraph").into_iter().map(text_of).collect();
    body.retain(|line| !line.is_empty());
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
        if matches!(text_of(*code).trim(), "LP" | "TD") && body.is_empty() {
            cells.join(html::fragment(&value.html()));
        }
    }
    // What the story says of its language goes before the page's class.
    draft.lang(language);
    if rows.is_empty() {
        factiva_front(article, &mut draft);
    }
    if cells.blocks.is_empty() {
        take_byline(&mut body, &mut draft);
        let mut writer = BlockWriter::default();
        body.iter().for_each(|line| writer.block(BlockKind::Paragraph, line));
        cells = writer.finish();
    }
    draft.text = Text::Page(cells);
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

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "Dockers at the port of Halden walked out on Monday after talks about pay and hours had failed.";

    #[test]
    fn names_in_the_text_are_bylines() {
        let lead = "Harbour The talks had gone on for weeks";
        for (body, byline, dateline, left) in [
            (vec!["Von Mara Lind", LONG], Some("Mara Lind"), None, 1),
            (vec![lead, "Mara Lind", LONG], Some("Mara Lind"), None, 2),
            (vec![lead, lead, "Mara Lind, Halden", LONG], Some("Mara Lind"), Some("Halden"), 3),
            (vec![lead, "Mara Lind und Ole Berg", LONG], Some("Mara Lind und Ole Berg"), None, 2),
            (vec!["Mara Lind", "Our Harbour", LONG], Some("Mara Lind"), None, 2),
            // Headings: words that the text has in small letters, articles, no long paragraph behind.
            (vec![lead, "Weeks Gone", LONG], None, None, 3),
            (vec![lead, "In Brief", LONG], None, None, 3),
            (vec![lead, lead, "Northern Halden Practice", LONG], None, None, 4),
            (vec![lead, lead, "Mara J. Lind", LONG], Some("Mara J. Lind"), None, 3),
            (vec![lead, "Mara Lind", "Yes?"], None, None, 3),
            (vec![LONG, LONG, LONG, LONG, "Mara Lind", LONG], None, None, 6),
        ] {
            let mut draft = Draft::default();
            let mut lines: Vec<String> = body.iter().map(|line| (*line).to_string()).collect();
            take_byline(&mut lines, &mut draft);
            assert_eq!(draft.facts.byline.as_deref(), byline, "{body:?}");
            assert_eq!(draft.facts.dateline.as_deref(), dateline, "{body:?}");
            assert_eq!(lines.len(), left, "{body:?}");
        }
    }

    #[test]
    fn fronts_of_texts() {
        for (front, desk, title, byline) in [
            ("Dockers walk out\nBy Mara Lind\n90 words", None, "Dockers walk out", Some("Mara Lind")),
            (
                "Business\nDockers walk out\nBy Mara Lind\n90 words",
                Some("Business"),
                "Dockers walk out",
                Some("Mara Lind"),
            ),
            (
                "Business\nDockers walk out\nMara Lind\n90 words",
                Some("Business"),
                "Dockers walk out",
                Some("Mara Lind"),
            ),
            ("Dockers walk out\nMara Lind\n90 words", None, "Dockers walk out", Some("Mara Lind")),
        ] {
            let text = format!(
                "{front}\n2 May 2002\nHalden Courier\nHALC\n(c) 2002 Halden Courier\n\n{LONG}\n\nDocument halco00020020605dy52006xr\n"
            );
            let found = factiva_text(&text.lines().collect::<Vec<_>>()).unwrap_or_default().remove(0);
            assert_eq!(found.id.as_deref(), Some("halco00020020605dy52006xr"));
            assert_eq!(found.facts.desk.as_deref(), desk, "{front}");
            assert_eq!(found.facts.title.as_deref(), Some(title), "{front}");
            assert_eq!(found.facts.byline.as_deref(), byline, "{front}");
        }
    }

    #[test]
    fn unknown_entities_are_spaces() {
        let page = r#"<div class="article enArticle"><div id="hd"><b class="enHeadline">Dockers walk out</b></div>
            <div class="author">By Mara Lind&softReturn;and Ole Berg</div><div>90 words</div><div>2 May 2002</div><div>Halden Courier</div>
            <p class="articleParagraph enarticleParagraph">They walked &amp;eacute; out.</p></div>"#;
        let found = factiva(&Html::parse_document(page)).remove(0);
        assert_eq!(found.facts.byline.as_deref(), Some("Mara Lind and Ole Berg"));
        assert!(matches!(&found.text, Text::Page(body) if body.text.contains("&eacute;")), "{:?}", found.text);
    }
}

//! The body of a page as text and blocks.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::copies;
use super::facts::meta_elements;
use super::fragment;
use super::lost;
use super::page::Page;
use super::scan::{Own, Scan};
use crate::article::BlockKind;
use crate::ingest::format::blocks::Body;
use crate::model::BoilerplateKind;
use crate::text::fold::fold_value;

/// Longest page for the careful extractor, which takes seconds on longer ones.
const CAREFUL_BYTES: usize = 2 << 20;
/// Longest paragraph that may precede the title.
const SHORT_BYTES: usize = 120;

/// The article's text and blocks, or `None` if no body was found.
pub(super) fn extract(
    page: &str,
    mut tree: Page,
    scan: &Scan,
    headline: Option<usize>,
    title: Option<&str>,
) -> Option<Body> {
    let descriptions = descriptions(&tree);
    tree.remove_names(&lost::named_as_comments(scan, headline), "comment");
    let careful = (page.len() <= CAREFUL_BYTES).then(|| careful(tree)).flatten();
    let body = careful.or_else(|| quick(page))?;
    let own = scan.own(headline);
    let body = copies::without_repeats(copies::unjoined(fragment::read(&body), scan, &own), scan);
    let mut body = super::headings::restore(body, &scan.body);
    if let Some(whole) = lost::put_back(&body, scan, &own) {
        body = super::headings::restore(whole, &scan.body);
    }
    lost::put_back_first_heading(&mut body, scan);
    super::headings::leave_out_foreign(&mut body, scan, &own);
    if let Some(title) = title {
        drop_above(&mut body, title, scan, &own);
        drop_title(&mut body, title);
    }
    if let Some(whole) = lost::put_back_standfirst(&body, scan, &own, title, &descriptions) {
        body = whole;
    }
    let has_text = body.blocks.iter().any(|block| matches!(block.kind, BlockKind::Paragraph | BlockKind::Item));
    has_text.then_some(body)
}

/// The descriptions of the article in the head of the page, which are often its standfirst.
fn descriptions(page: &Page) -> Vec<String> {
    let is_description = |name: &str| {
        ["description", "og:description", "twitter:description"].iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    meta_elements(page).filter(|(name, _)| is_description(name)).filter_map(|(_, meta)| meta.attr("content")).collect()
}

/// Extracts with Trafilatura, which keeps most headings of the extractors measured.
fn careful(page: Page) -> Option<String> {
    let options = trafilatura::Options::default()
        .with_fallback(true)
        .with_exclude_comments(true)
        .with_links(true)
        // Dates are read by `facts`.
        .with_html_date_mode(trafilatura::HtmlDateMode::Disabled);
    // A panic on one page must not end a run over a million.
    let document = page.into_document();
    let result = catch_unwind(AssertUnwindSafe(|| trafilatura::extract_document(document, &options))).ok()?.ok()?;
    (!result.content_text.trim().is_empty()).then_some(result.content_html)
}

/// Extracts with Readability, which is three times as fast, and bounded on huge pages.
fn quick(page: &str) -> Option<String> {
    let article = catch_unwind(AssertUnwindSafe(|| {
        dom_smoothie::Readability::new(page, None, None).and_then(|mut reader| reader.parse())
    }))
    .ok()?
    .ok()?;
    Some(article.content.to_string())
}

/// Turns what the page has above its headline, and the headline, into boilerplate, if the text begins with it.
fn drop_above(body: &mut Body, title: &str, scan: &Scan, own: &Own<'_>) {
    /// Most blocks with the headline.
    const MOST: usize = 4;
    let title = fold_value(title);
    let Some(last) = body.lines().take(MOST).position(|line| fold_value(line) == title) else { return };
    let is_above = |line: &str| line.len() < SHORT_BYTES && (0..own.top).any(|at| scan.text(at) == line);
    if body.lines().take(last + 1).all(is_above) {
        for block in &mut body.blocks[..=last] {
            block.kind = BlockKind::Boilerplate(BoilerplateKind::Metadata);
        }
    }
}

/// Turns headings above the text that repeat the title, or most of it, into boilerplate.
fn drop_title(body: &mut Body, title: &str) {
    let title = fold_value(title);
    let words: Vec<&str> = title.split(' ').filter(|word| word.chars().count() > 2).collect();
    let mut above = true;
    for block in &mut body.blocks {
        if !matches!(block.kind, BlockKind::Heading(_)) {
            above &= block.kind != BlockKind::Paragraph || block.span.len() < SHORT_BYTES;
            continue;
        }
        let heading = fold_value(&body.text[block.span.clone()]);
        let shared = words.iter().filter(|word| heading.contains(**word)).count();
        let alike =
            heading.contains(&title) || heading.len() > 12 && title.contains(&heading) || shared * 3 > words.len() * 2;
        if heading == title || above && (block.kind == BlockKind::Heading(1) || alike) {
            block.kind = BlockKind::Boilerplate(BoilerplateKind::Metadata);
        }
    }
}

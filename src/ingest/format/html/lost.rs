//! Text of the article that the extraction library loses.
//!
//! The library leaves out elements by the names of their classes, so that an article in `<div class="commentary">` is taken
//! for comments of readers, and a paragraph in `<div class="social-affairs">` for buttons. It also drops text that is in no
//! paragraph among paragraphs, and the standfirst, which is beside the headline rather than in the text. What a page shows
//! at these positions is judged here by what it is: running prose, with few links and no controls.

use std::collections::HashMap;

use trafilatura::dom::NodeId;

use super::headings::letters;
use super::names::Names;
use super::outline::{ContainerKind, Holds};
use super::scan::{AreaKind, Own, Scan};
use crate::article::{Block, BlockKind, Markup};
use crate::ingest::format::blocks::{BlockWriter, Body};
use crate::text::fold::fold_value;

/// Least bytes of letters of a paragraph that shows where the extracted text is.
const LEAST_BYTES: usize = 40;
/// Least bytes of letters that are found for anything to be put back.
const LEAST_FOUND_BYTES: usize = 120;
/// Most blocks of the body skipped before a short block is taken for the same.
const MOST_SHORT_STEP: usize = 3;

/// The elements that hold the article though their names are those of comments.
pub(super) fn named_as_comments(scan: &Scan, headline: Option<usize>) -> Vec<NodeId> {
    /// Fewest dates and entries of a thread.
    const THREAD: usize = 2;
    let outline = &scan.outline;
    let is_text = |at: usize| {
        let block = &scan.body.blocks[at];
        block.kind == BlockKind::Paragraph && block.span.len() >= LEAST_BYTES && !scan.body.marks[at].linked
    };
    let bytes = |start: usize, end: usize| -> usize {
        let from = scan.around.partition_point(|around| around.at < start);
        let to = scan.around.partition_point(|around| around.at < end);
        (from..to).filter(|&at| is_text(at)).map(|at| scan.body.blocks[at].span.len()).sum()
    };
    let mut all = None;
    let mut found = Vec::new();
    for (at, container) in outline.containers.iter().enumerate().filter(|(_, container)| container.says_comment) {
        let (start, end) = (container.start, container.end);
        let total = *all.get_or_insert_with(|| bytes(0, usize::MAX));
        if bytes(start, end) * 2 < total.max(1) {
            continue;
        }
        let holds = outline.holds(at);
        let inner = outline.containers[at + 1..].iter().take_while(|inner| inner.start < end);
        let entries = inner.filter(|inner| inner.says_comment || inner.kind == ContainerKind::Article).count();
        let is_thread = holds.times >= THREAD || entries >= THREAD || holds.controls > 0;
        if headline.is_some_and(|headline| (start..end).contains(&headline)) || !is_thread {
            found.push(container.node);
        }
    }
    found
}

/// The body with the paragraphs that were lost at their places, or `None` if none was.
pub(super) fn put_back(body: &Body, scan: &Scan, own: &Own<'_>) -> Option<Body> {
    let lost = Found::of(body, scan, own)?.paragraphs();
    (!lost.is_empty()).then(|| with(body, scan, lost))
}

/// The body with the standfirst, or `None` if it has it or there is none. `descriptions` are those of the article in the
/// head of the page.
pub(super) fn put_back_standfirst(
    body: &Body,
    scan: &Scan,
    own: &Own<'_>,
    title: Option<&str>,
    descriptions: &[String],
) -> Option<Body> {
    let found = Found::of(body, scan, own)?;
    let before = found.same[found.first].unwrap_or(0);
    let (kind, mark) = (BlockKind::Paragraph, Markup::default());
    let standfirst = found.standfirst(title, descriptions);
    let lost: Vec<Lost> = standfirst.into_iter().map(|at| Lost { at, before, kind, mark }).collect();
    (!lost.is_empty()).then(|| with(body, scan, lost))
}

/// The body with lost blocks, which are in order.
fn with(body: &Body, scan: &Scan, lost: Vec<Lost>) -> Body {
    let mut lost = lost.into_iter().peekable();
    let mut writer = BlockWriter::default();
    for at in 0..=body.blocks.len() {
        while let Some(block) = lost.next_if(|block| block.before <= at) {
            writer.marked(block.kind, block.mark, scan.text(block.at));
        }
        if let Some(Block { span, kind }) = body.blocks.get(at) {
            writer.marked(*kind, body.marks[at], &body.text[span.clone()]);
        }
    }
    writer.finish()
}

/// Puts back the heading of the first entry of a page of entries, each an `article` with a heading.
pub(super) fn put_back_first_heading(body: &mut Body, scan: &Scan) {
    let Some(first) = body.blocks.first().filter(|block| block.kind == BlockKind::Paragraph) else { return };
    let key = letters(&body.text[first.span.clone()]);
    if key.len() < LEAST_BYTES {
        return;
    }
    let outline = &scan.outline;
    let article_of = |at: usize| {
        let mut around = outline.around(scan.around[at].container);
        around.find(|&at| outline.containers[at].kind == ContainerKind::Article)
    };
    let is_heading = |at: usize| matches!(scan.body.blocks[at].kind, BlockKind::Heading(2..=6));
    let Some(text) = (0..scan.body.blocks.len()).find(|&at| letters(scan.text(at)) == key) else { return };
    let Some(entry) = article_of(text) else { return };
    let above = (0..text).rev().take_while(|&at| article_of(at) == Some(entry)).find(|&at| is_heading(at));
    let Some(heading) = above.filter(|&at| !scan.body.marks[at].linked) else { return };
    let span = outline.containers[entry].start..outline.containers[entry].end;
    if scan.headings.iter().any(|heading| heading.level == 1 && span.contains(&heading.at)) {
        return;
    }
    // The next entry has a heading of this level, which is in the body.
    let level = scan.body.marks[heading].level;
    let next = (text + 1..scan.body.blocks.len()).find(|&at| is_heading(at) && article_of(at) != Some(entry));
    let is_entry = next.is_some_and(|at| {
        let parent = |at: usize| outline.containers[at].parent;
        let is_kept = body.lines().zip(&body.marks).any(|(line, mark)| mark.level == level && line == scan.text(at));
        scan.body.marks[at].level == level && is_kept && article_of(at).is_some_and(|at| parent(at) == parent(entry))
    });
    if is_entry {
        let mut writer = BlockWriter::default();
        writer.marked(scan.body.blocks[heading].kind, scan.body.marks[heading], scan.text(heading));
        let mut whole = writer.finish();
        whole.join(std::mem::take(body));
        *body = whole;
    }
}

/// A block of the page that was lost.
struct Lost {
    /// Index of the block of the page.
    at: usize,
    /// Index of the block of the body before which it belongs.
    before: usize,
    kind: BlockKind,
    mark: Markup,
}

/// The extracted text, found in the page.
struct Found<'a> {
    scan: &'a Scan,
    own: &'a Own<'a>,
    /// The letters of each block of the page.
    keys: Vec<String>,
    /// How often the page has each text.
    num_shown: HashMap<String, usize>,
    /// For each block of the page, that of the body with the same text.
    same: Vec<Option<usize>>,
    /// The letters of the body.
    letters: String,
    /// Positions of paragraphs that were extracted, in order.
    texts: Vec<usize>,
    /// Indices of the first block that may be text, and of the first and last paragraphs that were extracted.
    top: usize,
    first: usize,
    last: usize,
}

impl<'a> Found<'a> {
    fn of(body: &Body, scan: &'a Scan, own: &'a Own<'a>) -> Option<Found<'a>> {
        let keys: Vec<String> = (0..scan.body.blocks.len()).map(|at| letters(scan.text(at))).collect();
        let body_keys: Vec<String> = body.lines().map(letters).collect();
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, key) in body_keys.iter().enumerate().filter(|(_, key)| !key.is_empty()) {
            places.entry(key).or_default().push(at);
        }
        let mut same = vec![None; keys.len()];
        let mut from = 0;
        let mut texts = Vec::new();
        let mut num_bytes = 0;
        for at in own.top..keys.len() {
            let Some(places) = places.get(keys[at].as_str()) else { continue };
            let Some(&place) = places.get(places.partition_point(|&place| place < from)) else { continue };
            let is_long = keys[at].len() >= LEAST_BYTES;
            if is_long || place - from <= MOST_SHORT_STEP {
                same[at] = Some(place);
                from = place + 1;
            }
            if is_long {
                num_bytes += keys[at].len();
                texts.push(at);
            }
        }
        let (first, last) = (*texts.first()?, *texts.last()?);
        if num_bytes < LEAST_FOUND_BYTES {
            return None;
        }
        let texts = texts.into_iter().map(|at| scan.around[at].at).collect();
        let mut num_shown: HashMap<String, usize> = HashMap::new();
        for key in &keys {
            *num_shown.entry(key.clone()).or_default() += 1;
        }
        let letters = body_keys.concat();
        Some(Found { scan, own, keys, num_shown, same, letters, texts, top: own.top, first, last })
    }

    /// The paragraphs that were lost, in order.
    fn paragraphs(&self) -> Vec<Lost> {
        /// Most blocks after the last extracted paragraph that are looked at.
        const AFTER: usize = 12;
        let mut lost = Vec::new();
        let mut before = 0;
        for at in self.first..(self.last + AFTER).min(self.keys.len()) {
            if let Some(same) = self.same[at] {
                before = same + 1;
            } else if self.is_text(at) {
                let mark = Markup { linked: false, ..self.scan.body.marks[at] };
                lost.push(Lost { at, before, kind: self.scan.body.blocks[at].kind, mark });
            }
        }
        lost
    }

    /// The blocks of the standfirst, if it was lost: prose between the headline and the text.
    fn standfirst(&self, title: Option<&str>, descriptions: &[String]) -> Vec<usize> {
        /// Most blocks between the headline and the text.
        const MOST_BLOCKS: usize = 60;
        /// Fewest words of a standfirst that nothing else says to be one.
        const WORDS: usize = 9;
        /// Fewest words of one that is named so.
        const NAMED_WORDS: usize = 4;
        let described: Vec<String> = descriptions.iter().map(|text| letters(text)).collect();
        let is_described = |at: usize| described.iter().any(|text| is_beginning(text, &self.keys[at]));
        if self.top == 0 && descriptions.is_empty() || is_described(self.first) {
            return Vec::new();
        }
        let between = self.top..self.first.min(self.top + MOST_BLOCKS);
        let usable: Vec<usize> =
            between.filter(|&at| self.same[at].is_none() && self.is_new(at) && self.may_be_standfirst(at)).collect();
        if let Some(at) = usable.iter().copied().find(|&at| is_described(at)) {
            return vec![at];
        }
        if self.top == 0 {
            return Vec::new();
        }
        let is_named = |at: usize| {
            let around = &self.scan.around[at];
            let container = around.container.map_or_else(Names::default, |at| self.scan.outline.containers[at].names);
            around.names.and(container).has(Names::STANDFIRST)
        };
        let text = |at: usize| self.scan.text(at);
        let named: Vec<usize> =
            usable.iter().copied().filter(|&at| is_named(at) && num_words(text(at)) >= NAMED_WORDS).collect();
        if let Some(&at) = named.first() {
            let container = self.scan.around[at].container;
            return named.into_iter().filter(|&at| self.scan.around[at].container == container).collect();
        }
        // Other sentences beside a headline are about the page: its author, its sound, its offers.
        let is_about = |text: &str| {
            title.into_iter().chain(descriptions.iter().map(String::as_str)).any(|known| shares_words(text, known))
        };
        let is_beside_text = |at: usize| self.scan.around[at].container == self.scan.around[self.first].container;
        let is_prose = |at: usize| {
            num_words(text(at)) >= WORDS && is_sentence(text(at)) && (is_beside_text(at) || is_about(text(at)))
        };
        usable.into_iter().find(|&at| is_prose(at)).into_iter().collect()
    }

    /// May the block be a standfirst, by where it is?
    fn may_be_standfirst(&self, at: usize) -> bool {
        let around = &self.scan.around[at];
        let block = &self.scan.body.blocks[at];
        let is_kind = matches!(block.kind, BlockKind::Paragraph | BlockKind::Heading(2..=6));
        if !is_kind || self.scan.body.marks[at].linked || around.link_bytes * 2 > block.span.len() {
            return false;
        }
        let outline = &self.scan.outline;
        let is_other = around.names.has(Names::CAPTION) || self.is_beside(at);
        let holds = around.container.map_or_else(Holds::default, |at| outline.holds(at));
        // The header as a whole has buttons and a picture; an element with the headline is the header.
        let is_header = around.container.is_some_and(|at| {
            let (start, end) = (outline.containers[at].start, outline.containers[at].end);
            let is_first = |heading: &super::scan::Headline| (start..end).contains(&heading.at);
            self.scan.headings.iter().any(is_first) || self.is_shared(at)
        });
        let is_foreign = self.own.foreign_at(around.at).is_some_and(|kind| {
            matches!(kind, AreaKind::Comments | AreaKind::Embedded | AreaKind::Navigation | AreaKind::Offer)
        });
        !is_other && !is_foreign && (is_header || holds.controls == 0 && holds.pictures == 0)
    }

    /// Is the block text of the article, by what it is and where?
    fn is_text(&self, at: usize) -> bool {
        /// Fewest words of a sentence among paragraphs.
        const LOOSE_WORDS: usize = 4;
        /// Fewest words of prose in an element of its own, and after the text.
        const WORDS: usize = 10;
        /// Fewest words of a paragraph that is a link.
        const LINK_WORDS: usize = 20;
        /// Fewest words of prose beside a picture.
        const PICTURE_WORDS: usize = 40;
        let (around, block) = (&self.scan.around[at], &self.scan.body.blocks[at]);
        let text = self.scan.text(at);
        let is_kind = matches!(block.kind, BlockKind::Paragraph | BlockKind::Item);
        if !is_kind || !is_sentence(text) || !self.is_new(at) {
            return false;
        }
        // The source of a formula is not displayed.
        if around.names.has(Names::CAPTION) || self.is_beside(at) || text.contains("{\\") {
            return false;
        }
        // After the text, only its own element is its continuation.
        if at > self.last && (around.link_bytes > 0 || around.container != self.scan.around[self.last].container) {
            return false;
        }
        let words = num_words(text);
        let is_link = around.link_bytes * 2 > block.span.len();
        let Some(branch) = self.branch(at) else {
            let least = if at > self.last { WORDS } else { LOOSE_WORDS };
            return words >= if is_link { LINK_WORDS } else { least };
        };
        // After the text, an element of its own is something else.
        if at > self.last || is_link || words < WORDS {
            return false;
        }
        let holds = self.scan.outline.holds(branch);
        let container = &self.scan.outline.containers[branch];
        if holds.controls > 0 || holds.times > 0 || container.kind == ContainerKind::Article {
            return false;
        }
        if holds.pictures > 0 && words < PICTURE_WORDS {
            return false;
        }
        match self.own.foreign_at(around.at) {
            Some(AreaKind::Embedded) | None => holds.links <= 1 || around.link_bytes * 4 < block.span.len(),
            Some(_) => holds.links == 0 && holds.headings == 0 && holds.pictures == 0,
        }
    }

    /// Is the text neither in the body nor more than once on the page?
    fn is_new(&self, at: usize) -> bool {
        let key = &self.keys[at];
        !key.is_empty() && self.num_shown.get(key) == Some(&1) && !self.letters.contains(key.as_str())
    }

    /// Is the block in a caption, a cell of a table, or an element that is not displayed or beside the article?
    fn is_beside(&self, at: usize) -> bool {
        let outline = &self.scan.outline;
        outline.around(self.scan.around[at].container).take_while(|&container| !self.is_shared(container)).any(|at| {
            !matches!(
                outline.containers[at].kind,
                ContainerKind::Plain | ContainerKind::Header | ContainerKind::Article
            )
        })
    }

    /// The outermost container of a block without extracted paragraphs.
    fn branch(&self, at: usize) -> Option<usize> {
        let around = self.scan.outline.around(self.scan.around[at].container);
        around.take_while(|&container| !self.is_shared(container)).last()
    }

    /// Does a container hold extracted paragraphs?
    fn is_shared(&self, container: usize) -> bool {
        let container = &self.scan.outline.containers[container];
        let next = self.texts.partition_point(|&text| text < container.start);
        self.texts.get(next).is_some_and(|&text| text < container.end)
    }
}

/// Is one text the beginning of the other, or the same? Descriptions are cut off.
fn is_beginning(description: &str, key: &str) -> bool {
    const LEAST: usize = 25;
    description.len().min(key.len()) >= LEAST && (description.starts_with(key) || key.starts_with(description))
}

/// Do two texts share words of some length? In scripts without spaces any two letters in a row are a word.
fn shares_words(a: &str, b: &str) -> bool {
    const LEAST_CHARS: usize = 5;
    let words = |text: &str| -> Vec<String> {
        let folded = fold_value(text);
        let long = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= LEAST_CHARS);
        let mut words: Vec<String> = long.map(str::to_string).collect();
        let chars: Vec<char> = folded.chars().collect();
        words.extend(chars.windows(2).filter(|pair| pair.iter().all(is_unspaced)).map(|pair| pair.iter().collect()));
        words
    };
    let known = words(b);
    words(a).iter().any(|word| known.contains(word))
}

/// Does a text end as a sentence does?
fn is_sentence(text: &str) -> bool {
    let closed = text.trim_end_matches(|c: char| c.is_whitespace() || "\"'”’»›«“‘)]）」』".contains(c));
    closed.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟', '۔', '։', '።', '။', '៖', ':'])
}

/// Number of words; two letters of scripts without spaces count as one.
fn num_words(text: &str) -> usize {
    text.split_whitespace().count() + text.chars().filter(is_unspaced).count() / 2
}

/// Is it a letter of a script without spaces? Unlike in [`crate::text::script`] Korean is none: its words are counted by spaces.
fn is_unspaced(c: &char) -> bool {
    matches!(
        *c,
        '\u{0e00}'..='\u{0eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{9fff}'
    )
}

#[cfg(test)]
mod tests {
    use crate::article::SplitArticle;
    use crate::ingest::format::html::read;

    const TALKS: &str =
        "The talks about pay and hours failed on Monday night, the union of the dockers said in the evening.";
    const PORT: &str =
        "The port had been at a standstill since the morning, and forty ships were waiting in the roads outside.";
    const MAYOR: &str =
        "The mayor asked both sides to meet at the town hall, where she would be from nine in the morning on.";
    const GRAIN: &str =
        "The grain trade could not wait, the company replied, and crews from other ports would come by Friday.";
    const LOST: &str =
        "A fish of the north had been seen by the pilots, said a man who has known these waters for forty years.";

    /// The lines of the article in the body of a page, but for its title.
    fn lines(head: &str, body: &str) -> Vec<String> {
        let page = format!(
            "<!doctype html><html><head><title>Dockers walk out</title>{head}</head><body><nav><a href=/>Home</a></nav>\
             {body}<footer>© Halden Courier</footer></body></html>"
        );
        let article = SplitArticle::assemble(read(&page, None).expect("an article"));
        article.text.lines().filter(|line| *line != "Dockers walk out").map(str::to_string).collect()
    }

    /// The lines of an article with `part` among its paragraphs.
    fn among(part: &str) -> Vec<String> {
        let body = format!(
            "<article><h1>Dockers walk out</h1><p>{TALKS}</p><p>{PORT}</p>{part}<p>{MAYOR}</p><p>{GRAIN}</p></article>"
        );
        lines("", &body)
    }

    #[test]
    fn an_article_named_as_comments_is_read() {
        let text = format!("<p>{TALKS}</p><p>{PORT}</p><p>{MAYOR}</p><p>{GRAIN}</p>");
        for body in [
            format!("<div id=comment><h1>Dockers walk out</h1>{text}</div>"),
            format!("<div class=comments-open><article><h1>Dockers walk out</h1>{text}</article></div>"),
            format!("<article><h1>Dockers walk out</h1><div class=commentary>{text}</div></article>"),
        ] {
            assert_eq!(lines("", &body)[..], [TALKS, PORT, MAYOR, GRAIN], "{body}");
        }
        let comment = |name: &str| {
            format!(
                "<div class=comment><b>{name}</b> <time datetime=2023-09-12>12 September</time><p>{LOST} {name}.</p></div>"
            )
        };
        let comments: String = ["Ida", "Jon", "Kari", "Per", "Siv", "Tor"].map(comment).concat();
        let body = format!("<article><h1>Dockers walk out</h1>{text}</article><div class=comments>{comments}</div>");
        let found = lines("", &body);
        assert!(found.iter().any(|line| line == TALKS) && !found.iter().any(|line| line.contains("fish")), "{found:?}");
    }

    #[test]
    fn a_lost_standfirst_is_put_back() {
        let text = format!("<p>{TALKS}</p><p>{PORT}</p><p>{MAYOR}</p><p>{GRAIN}</p>");
        let page = |standfirst: &str| {
            format!(
                "<article><header><h1>Dockers walk out</h1>{standfirst}</header><div class=text>{text}</div></article>"
            )
        };
        for (text, head, standfirst) in [
            (LOST, "", format!("<p class=article-lead>{LOST}</p>")),
            (LOST, "", format!("<div class=intro>{LOST}</div>")),
            (LOST, "", format!("<h2 class=subtitle>{LOST}</h2>")),
            (
                "Hafenarbeiter wollen kürzer arbeiten",
                "<meta name=description content='Hafenarbeiter wollen kürzer arbeiten'>",
                "<p>Hafenarbeiter wollen kürzer arbeiten</p>".to_string(),
            ),
            (
                "The dockers want a shorter week, and the company says no.",
                "",
                "<div><p>The dockers want a shorter week, and the company says no.</p></div>".to_string(),
            ),
        ] {
            assert_eq!(lines(head, &page(&standfirst))[..], [text, TALKS, PORT, MAYOR, GRAIN], "{standfirst}");
        }
        for other in [
            "<figure><img src=a.jpg><figcaption>The dockers at the gate of the port on Monday morning at six.</figcaption></figure>",
            "<div class=teaser><a href=/b>Dockers of Moss went back to work, and the ferries sail again today.</a></div>",
            "<form><p>Dockers news by mail each morning, for those who sign up here today.</p><input></form>",
            "<p style='display:none'>Read on: the dockers in their own words.</p>",
        ] {
            let found = lines("", &page(other));
            assert_eq!(found[..], [TALKS, PORT, MAYOR, GRAIN], "{other}");
        }
    }

    #[test]
    fn lost_text_is_put_back() {
        for part in [
            format!("<div>{LOST}</div>"),
            LOST.to_string(),
            format!("<center>{LOST}</center>"),
            format!("<x-text>{LOST}</x-text>"),
            format!("<div class=social-affairs><p>{LOST}</p></div>"),
            format!("<div class=related-events><p>{LOST}</p></div>"),
            format!("<div class=newsletter-body><p>{LOST}</p></div>"),
            format!("<p><a href=/pilot>{LOST}</a></p>"),
        ] {
            assert_eq!(among(&part)[..], [TALKS, PORT, LOST, MAYOR, GRAIN], "{part}");
        }
        for part in [
            format!("<div class=related-posts><h3>Read more</h3><a href=/b><p>{LOST}</p></a></div>"),
            format!("<aside><h3>More</h3><p>{LOST} <a href=/b>Fish seen</a></p></aside>"),
            format!("<div class=newsletter><p>{LOST}</p><form><input></form></div>"),
            format!("<div style='display: none'><p>{LOST}</p></div>"),
            format!("<figure class=embed><img src=a.jpg><figcaption>{LOST}</figcaption></figure>"),
        ] {
            let found = among(&part);
            assert!(!found.iter().any(|line| line == LOST), "{part}");
            assert!([TALKS, PORT, MAYOR, GRAIN].iter().all(|text| found.iter().any(|line| line == text)), "{part}");
        }
    }

    #[test]
    fn text_is_not_doubled() {
        for text in [
            format!("<ul><li>{TALKS}</li><li>{PORT}</li><li>{MAYOR}</li><li>{GRAIN}</li></ul>"),
            format!("<blockquote>{TALKS}<br><br>{PORT}<br><br>{MAYOR}<br><br>{GRAIN}</blockquote>"),
            format!("<table><tr><td>{TALKS}<br><br>{PORT}<br><br>{MAYOR}<br><br>{GRAIN}</td></tr></table>"),
        ] {
            let body = format!("<article><h1>Dockers walk out</h1><div class=article-body>{text}</div></article>");
            assert_eq!(lines("", &body)[..], [TALKS, PORT, MAYOR, GRAIN], "{body}");
        }
        // A refrain is repeated on the page.
        let found = among(&format!("<p>{TALKS}</p>"));
        assert_eq!(found.iter().filter(|line| *line == TALKS).count(), 2, "{found:?}");
    }

    #[test]
    fn short_pages_keep_their_paragraphs() {
        const FERRIES: &str = "The ferries stay in port.";
        const STRIKE: &str = "港口工人星期一開始罷工，工會在晚上說，船隻都停在港口等待談判，市長要求雙方會面。";
        const MEETING: &str = "市長要求雙方在市政廳會面，她說她將從早上九點開始等待，直到雙方都同意為止。";
        const COMPANY: &str = "公司回應說，糧食貿易不能等待，其他港口的船員將在星期五之前到來接替工作。";
        for texts in [&[TALKS, FERRIES][..], &[STRIKE, MEETING], &[STRIKE, MEETING, COMPANY], &[TALKS]] {
            let text: String = texts.iter().map(|text| format!("<p>{text}</p>")).collect();
            assert_eq!(lines("", &format!("<article><h1>Dockers walk out</h1>{text}</article>"))[..], *texts, "{text}");
        }
    }

    #[test]
    fn what_is_above_the_headline_is_no_text() {
        let text = format!("<p>{TALKS}</p><p>{PORT}</p><p>{MAYOR}</p><p>{GRAIN}</p>");
        for above in ["<p class=kicker>Strike</p>", "<p>Streik im Hafen</p>", ""] {
            let page = format!(
                "<!doctype html><html><head><title>Dockers walk out</title></head><body><article>{above}<h1>Dockers walk \
                 out</h1>{text}</article></body></html>"
            );
            let article = SplitArticle::assemble(read(&page, None).expect("an article"));
            let paragraphs = article.sections.iter().flat_map(|section| &section.paragraphs);
            let found: Vec<&str> = paragraphs.map(|span| &article.text[span.clone()]).collect();
            assert_eq!(found, [TALKS, PORT, MAYOR, GRAIN], "{above}");
        }
    }

    #[test]
    fn the_first_entry_has_its_heading() {
        const TIME: &str = "<time datetime=2023-09-12T11:00>11:00</time>";
        for is_time_first in [true, false] {
            let entry = |heading: &str, text: &str| {
                let heading = format!("<h2>{heading}</h2>");
                let (first, second) = if is_time_first { (TIME, heading.as_str()) } else { (heading.as_str(), TIME) };
                format!("<article>{first}{second}<p>{text}</p></article>")
            };
            let entries =
                [entry("No result in sight", TALKS), entry("Mayor speaks out", MAYOR), entry("Talks begin", PORT)]
                    .concat();
            let found = lines("", &format!("<main><h1>Dockers walk out</h1><div>{entries}</div></main>"));
            let expected = ["No result in sight", TALKS, "Mayor speaks out", MAYOR, "Talks begin", PORT];
            assert_eq!(found[..], expected, "{is_time_first}");
        }
    }
}

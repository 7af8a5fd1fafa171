//! Plain text. Its layout is analysed by [`crate::article`].

use super::front_matter::{self, FrontMatter};
use super::markdown;
use crate::article::RawArticle;

/// An article of the text alone, or of the text below its front matter. Below front matter, a text with the marks of
/// headings is Markdown, whatever its name.
#[must_use]
pub(crate) fn read(text: String) -> RawArticle {
    let front = front_matter::of(&text).or_else(|| front_matter::labelled(&text));
    let Some(front) = front else { return RawArticle { text, ..RawArticle::default() } };
    let is_heading = |line: &str| {
        let level = line.bytes().take_while(|&byte| byte == b'#').count();
        (1..=6).contains(&level) && line[level..].starts_with(' ')
    };
    if text[front.end..].lines().any(is_heading) {
        return markdown::read(text);
    }
    let FrontMatter { facts, end, kept } = front;
    RawArticle { text, preamble: end, preamble_text: kept, facts, ..RawArticle::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::SplitArticle;

    #[test]
    fn front_matter_is_no_text() {
        let text = "---\ntitle: Dockers walk out\ndate: 2023-09-12\n---\n\nDockers at the port of Halden walked out on Monday.\nFerries sail.\n";
        let article = SplitArticle::assemble(read(text.to_string()));
        assert_eq!(article.facts.title.as_deref(), Some("Dockers walk out"));
        let paragraphs: Vec<&str> =
            article.sections.iter().flat_map(|s| &s.paragraphs).map(|span| &text[span.clone()]).collect();
        assert_eq!(paragraphs, ["Dockers at the port of Halden walked out on Monday.", "Ferries sail."]);
        assert_eq!(article.boilerplate.len(), 1);
        let labelled = "Title: Dockers walk out\nSubtitle: Cranes stand still\nDate: 2023-09-12\n\nDockers at the port of Halden walked out on Monday.\n";
        for text in [labelled.to_string(), format!("{labelled}\n## The dispute\n\nTalks failed.\n")] {
            let article = SplitArticle::assemble(read(text.clone()));
            assert_eq!(article.facts.title.as_deref(), Some("Dockers walk out"));
            let first = &article.sections[0];
            let paragraphs: Vec<&str> = first.paragraphs.iter().map(|span| &text[span.clone()]).collect();
            assert_eq!(paragraphs, ["Cranes stand still", "Dockers at the port of Halden walked out on Monday."]);
            assert_eq!(article.plain_text(&first.paragraphs[0]), "Cranes stand still");
        }
        let markdown = SplitArticle::assemble(read(format!("{text}\n## The dispute\n\nTalks failed.\n")));
        assert_eq!(markdown.sections.len(), 2);
    }
}

//! Markdown: each hit as a quotation, and below it where it is from.

use std::io::{self, Write};

use super::{End, Renderer, harmless, markdown, place};
use crate::search::{Hit, Results};

/// Writes hits as quotations.
#[derive(Default)]
pub(crate) struct Quotations {
    /// The id of the query of the last hit.
    query: Option<String>,
}

/// `text`, one line, so that a reader of Markdown shows it as it is: signs of markup are escaped. At the start of a line
/// more are signs than within it.
pub(crate) fn escaped(text: &str, is_line_start: bool) -> String {
    let text = harmless(text);
    let text = text.trim();
    let mut out = String::with_capacity(text.len() + 8);
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    for (i, c) in text.char_indices() {
        let before = &text[..i];
        let is_sign = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' | '$' | '^' | '{' | '}' => true,
            // A list, a heading, an underline of a heading, a fence, a definition.
            '#' | '+' | '-' | '=' | ':' | '%' if is_line_start && i == 0 => true,
            '.' | ')' if is_line_start && i == digits && i > 0 => true,
            // Bare addresses become links.
            ':' => text[i..].starts_with("://"),
            '.' => before.len() >= 3 && before.get(i - 3..).is_some_and(|www| www.eq_ignore_ascii_case("www")),
            '@' => true,
            _ => false,
        };
        if is_sign {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn hit(out: &mut dyn Write, hit: &Hit) -> io::Result<()> {
    let (text, _) = markdown::shown(&hit.article, &hit.passage, &hit.passage.text, &[]);
    let lines = text.lines().map(|line| escaped(line, true)).filter(|line| !line.is_empty());
    for (i, line) in lines.enumerate() {
        // Lines of a passage are paragraphs.
        if i > 0 {
            writeln!(out, ">")?;
        }
        writeln!(out, "> {line}")?;
    }
    let facts = &hit.article.facts;
    let value = |fact: &Option<String>| fact.as_deref().map(|fact| escaped(fact, false));
    let title = value(&facts.title).map(|title| format!("**{title}**"));
    let published = facts.published.as_ref().map(|published| published.day().to_string());
    let heading = hit.passage.heading.as_ref().map(|heading| {
        let trail = hit.passage.trail.iter().chain([heading]);
        format!("§ {}", trail.map(|heading| escaped(heading, false)).collect::<Vec<_>>().join(" › "))
    });
    let place = escaped(&place(&hit.article, &hit.passage), false);
    let known = [title, value(&facts.byline), value(&facts.source), published, heading, Some(place), Some(hit.id())];
    let known: Vec<String> = known.into_iter().flatten().filter(|fact| !fact.is_empty()).collect();
    writeln!(out, "\n— {}\n", known.join(" · "))
}

impl Renderer for Quotations {
    fn results(&mut self, out: &mut dyn Write, id: Option<&str>, results: &Results) -> io::Result<()> {
        if let Some(id) = id.filter(|id| !results.hits.is_empty() && self.query.as_deref() != Some(id)) {
            writeln!(out, "## {}\n", escaped(id, false))?;
            self.query = Some(id.to_string());
        }
        results.hits.iter().try_for_each(|one| hit(out, one))
    }

    fn end(&mut self, out: &mut dyn Write, end: &End) -> io::Result<()> {
        writeln!(out, "<!-- end: {} hits, {} -->", end.hits, end.state())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_makes_no_markup() {
        for (text, expected) in [
            ("# Streik", r"\# Streik"),
            ("- ein Punkt", r"\- ein Punkt"),
            ("12. September", r"12\. September"),
            ("3) drei", r"3\) drei"),
            ("costs $5 *today*", r"costs \$5 \*today\*"),
            ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
            ("[here](https://a.example)", r"\[here\](https\://a.example)"),
            ("see www.a.example.", r"see www\.a.example."),
            ("a\u{202e}b", "a\u{fffd}b"),
            ("&lt;b&gt; x_y", r"\&lt;b\&gt; x\_y"),
            ("港口罢工 – 第二周", "港口罢工 – 第二周"),
            ("    code", "code"),
            ("===", r"\==="),
        ] {
            assert_eq!(escaped(text, true), expected, "{text}");
        }
        assert_eq!(escaped("# 12. a", false), "# 12. a");
    }

    /// What a reader of Markdown shows is the text.
    #[test]
    fn a_parser_finds_the_text_alone() {
        use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
        for text in [
            "**bold** _and_ `code` ~~struck~~",
            "> quoted",
            "1. one",
            "* star",
            "![image](x.png) <a href='x'>",
            "https://a.example and <https://b.example>",
            "| a | b |",
            "[^1]: note",
            r"a \ b \* c",
            "Title\u{2028}---",
            "$x^2$ &amp; {#id}",
            "+ plus",
            "***",
        ] {
            let source = format!("> {}\n", escaped(text, true));
            let mut found = String::new();
            // All kinds of markup; typographic quotation marks are none.
            let options = Options::all().difference(Options::ENABLE_SMART_PUNCTUATION);
            for event in Parser::new_ext(&source, options) {
                match event {
                    Event::Text(part) => found.push_str(&part),
                    Event::Start(Tag::BlockQuote(_) | Tag::Paragraph)
                    | Event::End(TagEnd::BlockQuote(_) | TagEnd::Paragraph) => {}
                    other => panic!("{text}: {other:?}"),
                }
            }
            assert_eq!(found, harmless(text), "{source}");
        }
    }
}

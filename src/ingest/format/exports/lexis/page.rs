//! Pages of LexisNexis: their blocks are read as lines of text.

use super::stories as stories_of_text;
use crate::ingest::format::draft::Draft;
use crate::ingest::format::html;

/// The stories of a page. They begin at marks; without marks, at their counts.
pub(in super::super) fn stories(page: &str) -> Vec<Draft> {
    const MARK: &str = "<DOCFULL>";
    if page.matches(MARK).count() < 2 {
        return read(page).unwrap_or_default();
    }
    page.split(MARK)
        .skip(1)
        .map(|piece| {
            // A story that the database could not deliver has no count. Its empty draft is reported as one without text.
            read(piece.trim_start().trim_start_matches("-->")).and_then(|mut found| found.pop()).unwrap_or_default()
        })
        .collect()
}

/// The stories of markup whose blocks are paragraphs; `None` if none begins.
fn read(markup: &str) -> Option<Vec<Draft>> {
    let body = html::fragment(&markup.replace("<DIV", "<p></p><DIV").replace("<div", "<p></p><div"));
    let text = body.lines().collect::<Vec<_>>().join("\n\n");
    stories_of_text(&text.lines().collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::format::draft::Text;

    const PROSE: &str = "Dockers at the port of Halden walked out on Monday after talks about pay and hours had failed, the union said. The ferries sail again when both sides have met and agreed on what a week is.";

    #[test]
    fn pages_are_split_at_their_marks() {
        let start = |nth: usize| format!("<A NAME=\"DOC_ID_{nth}_0\"></A><!-- Hide\n<DOC NUMBER={nth}>\n<DOCFULL> -->");
        let page = format!(
            "<HTML><BODY><P>Cover</P>{}<DIV><P><SPAN>1 of 2 DOCUMENTS</SPAN></P></DIV><DIV><P>Courier</P></DIV><DIV><P>May 8, 2003</P></DIV><DIV><P>A title</P></DIV><DIV><P>LENGTH: 9 words</P></DIV><DIV><P>{PROSE}</P></DIV><DIV><P>LOAD-DATE: May 9, 2003</P></DIV><DIV><P>DISTRIBUTION: All</P></DIV><!-- Hide\n</DOCFULL>\n</DOC> -->{}<DIV><P>We are sorry.</P></DIV></BODY></HTML>",
            start(1),
            start(2)
        );
        let found = stories(&page);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].facts.title.as_deref(), Some("A title"));
        assert!(matches!(&found[0].text, Text::Bare(text) if text == PROSE), "{:?}", found[0].text);
        assert!(!found[1].has_text() && found[1].facts.title.is_none());
    }
}

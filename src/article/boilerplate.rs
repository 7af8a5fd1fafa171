//! Boilerplate: lines about the page, not of the article. Left out of passages, listed by `sections`.

use serde::{Deserialize, Serialize};

use super::{Block, BlockKind, Span};
use crate::text::fold::fold;

/// What a line left out is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BoilerplateKind {
    /// States the author; kept as a fact.
    Byline,
    /// States the date; kept as a fact.
    Date,
    /// States the source or URL; kept as a fact.
    Source,
    /// Asks to subscribe, sign up, follow or share.
    Subscribe,
    /// Points to other articles.
    Related,
    /// Claims rights.
    Copyright,
    /// Fields of front matter or the like.
    Metadata,
}

impl BoilerplateKind {
    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            BoilerplateKind::Byline => "byline",
            BoilerplateKind::Date => "date",
            BoilerplateKind::Source => "source",
            BoilerplateKind::Subscribe => "subscribe",
            BoilerplateKind::Related => "related",
            BoilerplateKind::Copyright => "copyright",
            BoilerplateKind::Metadata => "metadata",
        }
    }
}

/// A stretch of the text that is boilerplate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boilerplate {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: BoilerplateKind,
}

/// Words (folded) that ask for something or point elsewhere. `strong` ones tell by themselves; the others only at the
/// end of an article.
struct Wording {
    kind: BoilerplateKind,
    strong: &'static [&'static str],
    at_end: &'static [&'static str],
    openers: &'static [&'static str],
}

const WORDINGS: &[Wording] = &[
    Wording {
        kind: BoilerplateKind::Subscribe,
        strong: &[
            "please subscribe",
            "subscribe to our",
            "subscribe now",
            "sign up for our",
            "sign up to our",
            "follow us on",
            "like us on facebook",
            "join our newsletter",
            "get our newsletter",
            "our daily newsletter",
            "subscribe to the newsletter",
            "download our app",
            "join our whatsapp",
            "join us on telegram",
            "share this article",
            "share this story",
            "abonnieren sie",
            "folgen sie uns",
            "newsletter abonnieren",
            "hier anmelden",
            "abonnez vous",
            "suivez nous",
            "inscrivez vous a",
            "suscribete",
            "siguenos en",
            "suscribase",
            "iscriviti alla",
            "seguici su",
            "assine nossa",
            "siga nos",
            "inscreva se",
            "volg ons op",
            "schrijf je in",
            "подписывайтесь на",
            "подпишитесь на",
        ],
        at_end: &[
            "subscribe",
            "newsletter",
            "follow us",
            "sign up",
            "stay tuned",
            "keep watching",
            "support our journalism",
            "become a member",
            "donate",
        ],
        openers: &[
            "share this",
            "subscribe",
            "sign up",
            "follow us",
            "abonnieren",
            "abonnez",
            "suscribete",
            "iscriviti",
            "newsletter",
        ],
    },
    Wording {
        kind: BoilerplateKind::Related,
        strong: &[],
        at_end: &[],
        openers: &[
            "read more",
            "read also",
            "also read",
            "related",
            "see also",
            "more on this",
            "recommended",
            "lesen sie auch",
            "mehr zum thema",
            "lire aussi",
            "a lire aussi",
            "lea tambien",
            "leer mas",
            "leggi anche",
            "leia tambem",
            "leia mais",
            "lees ook",
            "читайте также",
            "click here to",
            "más información",
            "watch:",
        ],
    },
    Wording {
        kind: BoilerplateKind::Copyright,
        strong: &[
            "all rights reserved",
            "alle rechte vorbehalten",
            "tous droits reserves",
            "todos los derechos reservados",
            "todos os direitos reservados",
            "tutti i diritti riservati",
            "may not be published broadcast",
        ],
        at_end: &["copyright", "(c) 19", "(c) 20"],
        openers: &["©", "copyright ©", "(c) 19", "(c) 20", "copyright 19", "copyright 20"],
    },
];

/// A longer block has something to say of its own.
const MOST_WORDS: usize = 60;
/// An opener tells only for a line so short.
const MOST_OPENER_WORDS: usize = 24;
/// So many blocks from the end weak wording tells.
const END_BLOCKS: usize = 3;

/// Marks blocks that are boilerplate.
pub fn mark(text: &str, blocks: &mut [Block]) {
    let last_inked = blocks.len();
    for (i, block) in blocks.iter_mut().enumerate() {
        if matches!(block.kind, BlockKind::Title | BlockKind::Boilerplate(_)) {
            continue;
        }
        let line = &text[block.span.clone()];
        if !line.chars().any(char::is_alphanumeric) && !matches!(block.kind, BlockKind::Heading(_)) {
            continue;
        }
        let near_end = i + END_BLOCKS >= last_inked && i > 0;
        if let Some(kind) = judge(line, near_end) {
            block.kind = BlockKind::Boilerplate(kind);
        }
    }
}

/// What kind of boilerplate `line` is, by its wording.
fn judge(line: &str, near_end: bool) -> Option<BoilerplateKind> {
    let words = line.split_whitespace().take(MOST_WORDS + 1).count();
    if words > MOST_WORDS {
        return None;
    }
    let folded: String =
        fold(line).chars().map(|c| if matches!(c, ',' | '-' | '\u{2011}' | '!') { ' ' } else { c }).collect();
    let folded = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| folded.contains(phrase));
    WORDINGS
        .iter()
        .find(|wording| {
            let opens = words <= MOST_OPENER_WORDS && wording.openers.iter().any(|opener| opens_with(&folded, opener));
            has(wording.strong)
                || (near_end && words <= MOST_OPENER_WORDS && has(wording.at_end))
                || (opens && (near_end || words <= 12))
        })
        .map(|wording| wording.kind)
}

/// Does the line begin with the opener, as whole words and not as the subject of a sentence?
fn opens_with(folded: &str, opener: &str) -> bool {
    let Some(rest) = folded.strip_prefix(opener) else { return false };
    match rest.chars().next() {
        None => true,
        Some(c) if !c.is_alphanumeric() => rest.starts_with(':') || !folded.ends_with('.') || folded.contains("here"),
        Some(_) => opener.ends_with(|c: char| c.is_numeric()),
    }
}

/// The boilerplate among `blocks`.
#[must_use]
pub fn collect(blocks: &[Block]) -> Vec<Boilerplate> {
    blocks
        .iter()
        .filter_map(|block| match block.kind {
            BlockKind::Boilerplate(kind) => Some(Boilerplate { span: block.span.clone(), kind }),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wording_table() {
        use BoilerplateKind::{Copyright, Related, Subscribe};
        for (line, near_end, kind) in [
            ("Please subscribe and follow us on Facebook.", false, Some(Subscribe)),
            ("Keep watching our channel.", true, Some(Subscribe)),
            ("The union will keep watching our channel traffic closely, he said.", false, None),
            ("Read more: The strike in pictures", false, Some(Related)),
            ("© 2023 Halden Courier. All rights reserved.", true, Some(Copyright)),
            ("Abonnieren Sie unseren Newsletter", true, Some(Subscribe)),
            ("Related parties were present when the deal was signed at the port.", false, None),
            ("The dispute", false, None),
        ] {
            assert_eq!(judge(line, near_end), kind, "{line}");
        }
    }
}

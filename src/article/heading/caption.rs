//! Captions and credits: short lines that belong to a picture and never head a section.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::text::fold::fold;

/// Words for a picture, folded. Before a colon they open a caption or credit.
const PICTURES: &[&str] = &[
    "photo",
    "photos",
    "image",
    "images",
    "picture",
    "foto",
    "fotos",
    "bild",
    "bilder",
    "caption",
    "credit",
    "file photo",
    "photograph",
    "map",
    "chart",
    "graphic",
    "grafik",
    "karte",
    "video",
    "infographic",
    "illustration",
    "zdroj",
    "fotografia",
    "imagen",
    "imagem",
    "anh",
    "фото",
    "写真",
    "图片",
    "照片",
    "圖片",
    "资料图",
    "kuva",
    "billede",
    "bilde",
    "grafika",
];

/// Agencies and archives as credits write them, folded.
const AGENCIES: &[&str] = &[
    "getty images",
    "/afp",
    "/getty",
    "(ap)",
    "(afp)",
    "/reuters",
    "(reuters)",
    "/dpa",
    "shutterstock",
    "/ap photo",
    "ap photo/",
    "imago images",
    "picture alliance",
    "/epa",
    "istockphoto",
    "courtesy of",
    "via getty",
    "wikimedia commons",
    "unsplash",
    "/scanpix",
    "/ntb",
    "/tt",
    "/picture",
];

/// Is the line a caption or credit by its wording?
pub(super) fn is_caption(line: &str) -> bool {
    let folded = fold(line);
    let folded = folded.trim_matches(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '(' | ')'));
    let marked = folded.contains([':', '：']) || folded.contains(" by ") || folded.contains("credit");
    let opens = marked
        && PICTURES.iter().any(|word| {
            folded.strip_prefix(word).is_some_and(|rest| {
                let rest = rest.trim_start();
                rest.starts_with([':', '：']) || rest.starts_with("by ") || rest.starts_with("credit")
            })
        });
    let inside = marked
        && PICTURES.iter().any(|word| {
            folded.match_indices(word).any(|(at, _)| {
                let fresh = !folded[..at].ends_with(char::is_alphanumeric);
                at > 0 && fresh && folded[at + word.len()..].trim_start().starts_with([':', '：'])
            })
        });
    let bracketed = line.starts_with(['(', '[']) && line.ends_with([')', ']']) && {
        let first = folded.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        PICTURES.contains(&first) || matches!(first, "via" | "source" | "quelle" | "fuente" | "fonte")
    };
    opens
        || inside
        || bracketed
        || folded.starts_with("powered by")
        || line.contains('©')
        || AGENCY_NAMES.as_ref().is_some_and(|names| names.is_match(folded))
}

/// [`AGENCIES`] as one automaton; so few short words always make one.
static AGENCY_NAMES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(AGENCIES).ok());

/// "Figure 3", "Abb. 2", "图 1：": the caption of a numbered picture?
pub(super) fn is_numbered_figure(line: &str) -> bool {
    const LABELS: &[&str] = &[
        "figure",
        "fig.",
        "fig",
        "abbildung",
        "abb.",
        "图",
        "圖",
        "table",
        "tab.",
        "tabelle",
        "chart",
        "listing",
        "exhibit",
        "imagen",
        "imagem",
        "рис.",
        "рисунок",
        "screenshot",
        "figura",
        "tableau",
    ];
    let head: String = line.chars().take(24).collect::<String>().to_lowercase();
    LABELS.iter().any(|label| {
        head.strip_prefix(label).is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_and_credits() {
        for (line, expected) in [
            ("Photo: Mara Lindqvist / Halden Courier", true),
            ("(Foto: Halden Courier)", true),
            ("Ferries in port. Image: Halden Harbour", true),
            ("Mara Lindqvist/Getty Images", true),
            ("[ via Halden Courier ]", true),
            ("Bild: Der Hafen", true),
            ("The picture so far", false),
            ("A map of the dispute", false),
            ("Video killed the radio star", false),
        ] {
            assert_eq!(is_caption(line), expected, "{line}");
        }
        assert!(is_numbered_figure("图 1：港口"));
        assert!(!is_numbered_figure("Figures of the year"));
    }
}

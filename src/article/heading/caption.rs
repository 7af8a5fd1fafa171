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

/// Those of [`PICTURES`] that are from somebody, where a video or a map may be from a place.
const PHOTOS: &[&str] = &["photo", "photos", "photograph", "image", "images"];

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
    let has_colon = folded.contains([':', '：']);
    let marked = has_colon || folded.contains(" by ") || folded.contains("credit");
    let opens = marked
        && PICTURES.iter().any(|word| {
            folded.strip_prefix(word).is_some_and(|rest| {
                let rest = rest.trim_start();
                rest.starts_with([':', '：']) || rest.starts_with("by ") || rest.starts_with("credit")
            })
        });
    let inside = has_colon
        && folded.match_indices([':', '：']).any(|(at, _)| {
            let before = folded[..at].trim_end();
            let is_behind = |rest: &str| !rest.is_empty() && !rest.ends_with(char::is_alphanumeric);
            PICTURES.iter().any(|word| before.strip_suffix(word).is_some_and(is_behind))
        });
    opens
        || inside
        || is_bracketed(line)
        || is_credited(line, folded)
        || is_post(line, folded)
        || folded.starts_with("powered by")
        || line.contains('©')
        || AGENCY_NAMES.as_ref().is_some_and(|names| names.is_match(folded))
}

/// "(Halden Courier)": brackets around the whole line are a credit's or an aside's.
fn is_bracketed(line: &str) -> bool {
    let inside = line.strip_prefix(['(', '[']).and_then(|rest| rest.strip_suffix([')', ']']));
    inside.is_some_and(|inside| !inside.contains(['(', ')', '[', ']']))
}

/// "Photograph of the quay by Mara Lindqvist", "Image from the harbour office", "via Halden Courier", "The quay (via
/// Mara's Flickr)": whom a picture is from. `folded` is the line, folded.
fn is_credited(line: &str, folded: &str) -> bool {
    let mut words = folded.split_whitespace();
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    if PICTURES.contains(&first) || first == "screenshot" || matches!(second, "photo" | "photograph" | "image") {
        let by = |word: &str| matches!(word, "via" | "by" | "courtesy" | "from");
        let from_whom = by(second) && (second != "from" || PHOTOS.contains(&first));
        if from_whom || second == "of" && words.any(by) {
            return true;
        }
    }
    // In Italian a heading can begin with "Via", but goes on in small letters.
    let via = first == "via" && line.split_whitespace().skip(1).all(|word| word.starts_with(char::is_uppercase));
    let last = folded.rsplit_once('(').map(|(_, last)| last).filter(|_| line.ends_with(')'));
    let from_site = |inside: &str| {
        let first = inside.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        const SITES: [&str; 7] = ["flickr", "facebook", "instagram", "twitter", "youtube", "google maps", "yelp"];
        first == "via" || PHOTOS.contains(&first) || SITES.iter().any(|site| inside.ends_with(site))
    };
    via || last.is_some_and(from_site)
}

/// The last line of a post that was taken over with its writer's handle and date.
fn is_post(line: &str, folded: &str) -> bool {
    const POSTS: [&str; 6] = [
        "a post shared by",
        "a photo posted by",
        "a video posted by",
        "a photo shared by",
        "a video shared by",
        "view this post on",
    ];
    line.starts_with(['—', '–']) && line.contains("(@") || POSTS.iter().any(|post| folded.starts_with(post))
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
    // The number stands within the first characters.
    let head: String = line.chars().take(24).collect();
    if !head.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let head = head.to_lowercase();
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
            ("(Mara's Flickr)", true),
            ("Photograph of the quay by Mara Lindqvist", true),
            ("Photo via Halden Courier", true),
            ("Image from the harbour office", true),
            ("Via Halden Courier", true),
            ("The quay at dawn (via Mara's blog)", true),
            ("Oyster soup (Facebook)", true),
            ("— Mara Lindqvist (@maralind) March 3, 2016", true),
            ("A post shared by Mara (@maralind) on Mar 3, 2016", true),
            ("Via libera al decreto", false),
            ("Video of the day", false),
            ("Photos from the edge", true),
            ("World Health Organization (WHO)", false),
            ("(1) The dispute", false),
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

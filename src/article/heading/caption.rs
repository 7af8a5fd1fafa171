//! Captions and credits: short lines that belong to a picture and are never headings.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::line::CaptionForm;
use crate::text::fold::fold;

/// Words for pictures, folded. Before a colon they begin a caption or credit.
#[rustfmt::skip]
const PICTURES: &[&str] = &[
    "photo", "photos", "image", "images", "picture", "foto", "fotos", "bild", "bilder", "caption", "credit",
    "file photo", "photograph", "map", "chart", "graphic", "grafik", "karte", "video", "infographic", "illustration",
    "zdroj", "fotografia", "imagen", "imagem", "anh", "фото", "写真", "图片", "照片", "圖片", "资料图", "kuva", "billede",
    "bilde", "grafika",
];

/// Words of [`PICTURES`] after which "from" names the source; a video or a map may be from a place.
const PHOTOS: &[&str] = &["photo", "photos", "photograph", "image", "images"];

/// Agencies and archives as written in credits, folded.
#[rustfmt::skip]
const AGENCIES: &[&str] = &[
    "getty images", "/afp", "/getty", "(ap)", "(afp)", "/reuters", "(reuters)", "/dpa", "shutterstock", "/ap photo",
    "ap photo/", "imago images", "picture alliance", "/epa", "istockphoto", "courtesy of", "via getty",
    "wikimedia commons", "unsplash", "/scanpix", "/ntb", "/tt", "/picture",
];

/// Is the line a caption or credit by its wording?
pub(super) fn is_caption(line: &str) -> bool {
    let folded = fold(line);
    let folded = folded.trim_matches(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '(' | ')'));
    let has_colon = folded.contains(':') || folded.contains('：');
    let may_be_credit = has_colon || folded.contains(" by ") || folded.contains("credit");
    let begins_with_picture = may_be_credit
        && PICTURES.iter().any(|word| {
            folded.strip_prefix(word).is_some_and(|rest| {
                let rest = rest.trim_start();
                rest.starts_with([':', '：']) || rest.starts_with("by ") || rest.starts_with("credit")
            })
        });
    let has_picture_inside = has_colon
        && folded.match_indices([':', '：']).any(|(at, _)| {
            let before = folded[..at].trim_end();
            let is_after_words = |rest: &str| !rest.is_empty() && !rest.ends_with(char::is_alphanumeric);
            PICTURES.iter().any(|word| before.strip_suffix(word).is_some_and(is_after_words))
        });
    begins_with_picture
        || has_picture_inside
        || is_bracketed(line)
        || is_credited(line, folded)
        || is_post(line, folded)
        || folded.starts_with("powered by")
        || line.contains('©')
        || AGENCY_MATCHER.is_match(folded)
}

/// Is the whole line in brackets, as a credit or an aside: "(Halden Courier)"?
fn is_bracketed(line: &str) -> bool {
    let inside = line.strip_prefix(['(', '[']).and_then(|rest| rest.strip_suffix([')', ']']));
    inside.is_some_and(|inside| !inside.contains(['(', ')', '[', ']']))
}

/// Does the line name the source of a picture: "Photograph of the quay by Mara Lindqvist", "Image from the harbour office",
/// "via Halden Courier", "The quay (via Mara's Flickr)"? `folded` is the line, folded.
fn is_credited(line: &str, folded: &str) -> bool {
    let mut words = folded.split_whitespace();
    let first = words.next().unwrap_or("");
    let second = words.next().unwrap_or("");
    if PICTURES.contains(&first) || first == "screenshot" || matches!(second, "photo" | "photograph" | "image") {
        let is_preposition = |word: &str| matches!(word, "via" | "by" | "courtesy" | "from");
        let has_source = is_preposition(second) && (second != "from" || PHOTOS.contains(&first));
        if has_source || second == "of" && words.any(is_preposition) {
            return true;
        }
    }
    // An Italian heading may begin with "Via", but continues in lower case.
    let via = first == "via" && line.split_whitespace().skip(1).all(|word| word.starts_with(char::is_uppercase));
    let last_bracket = folded.rsplit_once('(').map(|(_, inside)| inside).filter(|_| line.ends_with(')'));
    let is_site = |inside: &str| {
        let end = inside.find(|c: char| !c.is_alphanumeric()).unwrap_or(inside.len());
        let first = &inside[..end];
        const SITES: [&str; 7] = ["flickr", "facebook", "instagram", "twitter", "youtube", "google maps", "yelp"];
        first == "via" || PHOTOS.contains(&first) || SITES.iter().any(|site| inside.ends_with(site))
    };
    via || last_bracket.is_some_and(is_site)
}

/// Is it the last line of an embedded post, with its author's handle and date?
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

static AGENCY_MATCHER: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::new(AGENCIES).expect("twenty short names fit in an automaton"));

/// Words that say where or when a thing is, in lower case.
#[rustfmt::skip]
const PLACE_WORDS: &[&str] = &[
    "at", "on", "in", "near", "outside", "inside", "during", "behind", "beside", "aboard", "along", "under", "before",
    "with", "above", "am", "im", "an", "auf", "bei", "vor", "hinter", "neben", "beim", "mit", "während", "à", "au",
    "aux", "sur", "dans", "devant", "derrière", "près", "lors", "avec", "en", "junto", "ante", "frente", "durante",
    "con", "sul", "sulla", "nel", "nella", "davanti", "al", "alla", "no", "na", "em", "com", "på", "vid", "i", "med",
    "ved", "op", "bij", "voor", "met", "на", "в", "у", "во", "перед", "с",
];

/// Words that point into a picture, folded.
#[rustfmt::skip]
const POINTING: &[&str] = &[
    "pictured", "left", "right", "centre", "center", "foreground", "background", "links", "rechts", "mitte", "abgebildet",
    "gauche", "droite", "izquierda", "derecha", "sinistra", "destra", "vanster", "hoger", "слева", "справа",
];

/// Maximum number of words of a caption that is recognised by its form.
const MAX_FORM_WORDS: usize = 14;

/// Does the line read as a caption that says so by nothing but its form: "Mara Lindqvist on the breakwater", "The quay at low
/// tide", "Jon Moe, left, with the mayor"? `tokens` are its words.
pub(super) fn form_of(line: &str, tokens: &[&str]) -> CaptionForm {
    if !(3..=MAX_FORM_WORDS).contains(&tokens.len()) || line.ends_with(['?', '!', ':']) {
        return CaptionForm::None;
    }
    let bare = |token: &&str| token.trim_matches(|c: char| !c.is_alphanumeric()).to_string();
    let is_pointing = |token: &&str| {
        (token.ends_with([',', ')']) || token.starts_with('(')) && POINTING.contains(&fold(&bare(token)).as_str())
    };
    if tokens.iter().any(is_pointing) {
        return CaptionForm::Pictured;
    }
    let is_capital = |token: &&str| token.starts_with(char::is_uppercase);
    let is_place = |token: &&str| PLACE_WORDS.contains(token);
    let names = tokens.iter().take_while(|token| is_capital(token)).count();
    let Some(at) = tokens.iter().skip(1).position(is_place).map(|at| at + 1) else {
        return CaptionForm::None;
    };
    if (2..=4).contains(&names) && at <= names + 2 && names < tokens.len() {
        return CaptionForm::Name;
    }
    // All before the place is the thing.
    let rest = tokens.len() - at;
    if at <= 4 && rest >= 2 { CaptionForm::Thing } else { CaptionForm::None }
}

/// Builds the tables now rather than at first use.
pub(super) fn build_tables() {
    LazyLock::force(&AGENCY_MATCHER);
}

/// Labels of numbered figures, in lower case.
#[rustfmt::skip]
const FIGURE_LABELS: &[&str] = &[
    "figure", "fig.", "fig", "abbildung", "abb.", "图", "圖", "table", "tab.", "tabelle", "chart", "listing",
    "exhibit", "imagen", "imagem", "рис.", "рисунок", "screenshot", "figura", "tableau",
];

/// Does it begin as the caption of a numbered figure: "Figure 3", "Abb. 2", "图 1："?
pub(super) fn is_numbered_figure(line: &str) -> bool {
    // The label and its number are within the first characters.
    let start: String = line.chars().take(24).collect();
    if !start.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let start = start.to_lowercase();
    FIGURE_LABELS.iter().any(|label| {
        start.strip_prefix(label).is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_captions() {
        for (line, expected) in [
            ("The quay at low tide", CaptionForm::Thing),
            ("Mara Lindqvist on the breakwater", CaptionForm::Name),
            ("Jon Moe, left, with the mayor", CaptionForm::Pictured),
            ("Fischer im alten Hafen", CaptionForm::Thing),
            ("The dispute", CaptionForm::None),
            ("What do the dockers want on Monday?", CaptionForm::None),
        ] {
            let tokens: Vec<&str> = line.split_whitespace().collect();
            assert_eq!(form_of(line, &tokens), expected, "{line}");
        }
    }

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

//! The stylesheet, the script and the icon: part of the program, at addresses that change with them.

use std::sync::LazyLock;

use xxhash_rust::xxh3::xxh3_64;

use crate::serve::ask;
use crate::serve::call::{Call, Reply};
use crate::serve::parameters::{Kind, Parameter};
use crate::serve::problem::Problem;

/// The stylesheet without its lines of comment.
static CSS: LazyLock<String> = LazyLock::new(|| {
    let lines = include_str!("../assets/room.css").lines().filter(|line| !line.starts_with("/*"));
    lines.flat_map(|line| [line, "\n"]).collect()
});

const JS: &str = include_str!("../assets/room.js");
const ICON: &str = include_str!("../assets/icon.svg");

static VERSION: Parameter = Parameter { name: "v", kind: Kind::Text(32), about: "The version of the file" };

static VERSIONS: LazyLock<[String; 3]> =
    LazyLock::new(|| [CSS.as_str(), JS, ICON].map(|text| format!("{:016x}", xxh3_64(text.as_bytes()))));

#[cfg(test)]
pub(super) fn build_tables() {
    LazyLock::force(&VERSIONS);
}

pub(super) fn parameters() -> Vec<&'static Parameter> {
    vec![&VERSION]
}

pub(super) fn css_address() -> String {
    format!("/assets/room.css?v={}", VERSIONS[0])
}

pub(super) fn js_address() -> String {
    format!("/assets/room.js?v={}", VERSIONS[1])
}

pub(super) fn icon_address() -> String {
    format!("/assets/icon.svg?v={}", VERSIONS[2])
}

/// Is it the address of one of them? They hold nothing of the index, and are given without a token.
pub(crate) fn is_asset(path: &str) -> bool {
    ["/assets/room.css", "/assets/room.js", "/assets/icon.svg"].contains(&path)
}

pub(super) fn css(_: &Call<'_>) -> Result<Reply, Problem> {
    Ok(Reply::new("text/css; charset=utf-8", CSS.as_str()))
}

pub(super) fn js(_: &Call<'_>) -> Result<Reply, Problem> {
    Ok(Reply::new("text/javascript; charset=utf-8", JS))
}

pub(super) fn icon(_: &Call<'_>) -> Result<Reply, Problem> {
    Ok(Reply::new("image/svg+xml", ICON))
}

/// The OpenSearch description, by which browsers offer the box in their address bar.
pub(super) fn opensearch(call: &Call<'_>) -> Result<Reply, Problem> {
    let base = call.room.access.base();
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
         <ShortName>Crosshead</ShortName>\n<Description>Articles, by section and passage</Description>\n\
         <InputEncoding>UTF-8</InputEncoding>\n<Image type=\"image/svg+xml\">{base}assets/icon.svg</Image>\n\
         <Url type=\"text/html\" template=\"{base}search?q={{searchTerms}}\"/>\n\
         <Url type=\"application/x-suggestions+json\" template=\"{base}_/suggest?q={{searchTerms}}\"/>\n\
         </OpenSearchDescription>\n"
    );
    Ok(Reply::new("application/opensearchdescription+xml", text))
}

/// Completions of the last word of a query for the address bar of a browser, the commonest first
/// (OpenSearch, the Suggestions extension).
pub(super) fn suggestions(call: &Call<'_>) -> Result<Reply, Problem> {
    const MOST: usize = 8;
    let typed = call.values.text(ask::Q.name).unwrap_or("");
    let at = typed
        .rfind(char::is_whitespace)
        .map_or(0, |space| space + typed[space..].chars().next().map_or(0, char::len_utf8));
    let (before, begin) = typed.split_at(at);
    let words = if begin.is_empty() { Vec::new() } else { call.searcher.words_beginning(begin, MOST)? };
    let whole: Vec<String> = words.into_iter().map(|(word, _)| format!("{before}{word}")).collect();
    let mut reply = Reply::json(&(typed, whole));
    reply.media = "application/x-suggestions+json";
    Ok(reply)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_page_fetches_is_small() {
        for (name, text) in [("styles", CSS.as_str()), ("script", JS)] {
            assert!(text.len() <= 12_000, "{name}: {} bytes", text.len());
            // Nothing is fetched from elsewhere, and nothing needs a looser content security policy.
            for part in ["http:", "https:", "url(", "@import", "eval(", "innerHTML"] {
                assert!(!text.contains(part), "{name}: {part}");
            }
        }
    }
}

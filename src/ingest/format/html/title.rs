//! The headline of a page.
//!
//! A page states it up to four times: as data for machines, for previews on other sites, as the title of the window, and as
//! a displayed heading. A displayed heading that is one of the others is the headline. A heading that shares no word with
//! them belongs to something else, such as the site; names of the site and of its sections are no titles.

use super::page::Page;
use super::scan::Headline;
use crate::ingest::format::draft::is_host;
use crate::ingest::format::jsonld::shares_word;
use crate::text::fold::fold_value;
use crate::text::tidy;

/// A page's title, and the displayed heading that is its headline.
#[derive(Default)]
pub(super) struct Title {
    pub(super) text: Option<String>,
    /// Index of the heading.
    pub(super) heading: Option<usize>,
}

/// Number of stated titles that are made for the article itself: that of its data, and that for previews.
const SUREST: usize = 2;

/// What the page states beside headings.
pub(super) struct Stated<'a> {
    /// Titles for machines and previews, the surest first.
    pub(super) titles: &'a [String],
    /// The title of the window.
    pub(super) window: Option<&'a str>,
    /// The name of the site.
    pub(super) site: Option<&'a str>,
    /// The section of the newspaper.
    pub(super) desk: Option<&'a str>,
    pub(super) url: Option<&'a str>,
}

impl Stated<'_> {
    /// Is it the name of the site or of one of its sections?
    fn names_site(&self, text: &str) -> bool {
        let folded = fold_value(text);
        let same = |name: Option<&str>| name.is_some_and(|name| fold_value(name) == folded);
        let host =
            self.url.and_then(|url| url.split_once("://")).map(|(_, rest)| rest.split('/').next().unwrap_or(rest));
        let joined: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
        let is_host_name = host.is_some_and(|host| {
            let host = host.trim_start_matches("www.");
            let label = host.split('.').next().unwrap_or(host);
            joined.len() > 3 && (joined == label.replace('-', "") || joined == host.replace(['.', '-'], ""))
        });
        folded.is_empty() || same(self.site) || same(self.desk) || is_host_name || is_host(text)
    }

    /// Removes the site's name from the start or end of a title if the rest is also stated or displayed, or if the page
    /// names the site.
    fn without_site<'t>(&'t self, title: &'t str, headings: &[Headline]) -> &'t str {
        let parts = SIGNS.iter().flat_map(|sign| {
            [title.split_once(*sign), title.rsplit_once(*sign).map(|(rest, name)| (name, rest))].into_iter().flatten()
        });
        let edge_parts: Vec<&str> = self.window.map(|window| parts_of(window).collect()).unwrap_or_default();
        let edges = [edge_parts.first(), edge_parts.last()];
        let is_edge = |name: &str| edges.iter().flatten().any(|edge| fold_value(edge) == fold_value(name));
        let is_name = |name: &str| self.names_site(name) || is_edge(name);
        let mut plain = parts.filter(|(name, _)| is_name(name.trim())).map(|(_, rest)| rest.trim());
        let is_stated = |rest: &str| self.titles.iter().any(|other| other == rest);
        let is_shown = |rest: &str| headings.iter().any(|heading| fold_value(&heading.text) == fold_value(rest));
        let of_site = |sign: &str| {
            let (rest, name) = title.rsplit_once(sign)?;
            let is_site = self.site.is_some_and(|site| fold_value(site) == fold_value(name));
            (is_site && rest.contains(' ')).then(|| rest.trim())
        };
        let named = || SIGNS.iter().find_map(|sign| of_site(sign));
        plain.find(|rest| is_stated(rest) || is_shown(rest)).or_else(named).unwrap_or(title)
    }
}

/// Chooses the title. `own` are the headings in the article's own part, as indices of `headings`.
pub(super) fn choose(headings: &[Headline], own: &[usize], stated: &Stated<'_>) -> Title {
    let titles: Vec<&str> = stated
        .titles
        .iter()
        .filter(|title| !stated.names_site(title))
        .map(|title| stated.without_site(title, headings))
        .collect();
    let best = titles.first().copied();
    let folded_titles: Vec<String> = titles.iter().map(|title| fold_value(title)).collect();
    let window = stated.window.map(fold_value).unwrap_or_default();
    let parts: Vec<String> = stated.window.map(|window| parts_of(window).map(fold_value).collect()).unwrap_or_default();
    // The title of the window is a headline that is displayed too, and a name before or after it.
    let is_name_in_window = |text: &str| {
        let name = fold_value(text);
        let is_headline = |heading: &Headline| {
            let heading = fold_value(&heading.text);
            heading.len() > name.len() && parts.contains(&heading)
        };
        (parts.first() == Some(&name) || parts.last() == Some(&name)) && headings.iter().any(is_headline)
    };
    let usable = |at: &&usize| !stated.names_site(&headings[**at].text) && !is_name_in_window(&headings[**at].text);
    // A heading that is one of the stated titles is the headline, at any level.
    let is_stated = |text: &str| {
        /// Shorter headings may be in the title of the window by chance.
        const LEAST_BYTES: usize = 16;
        let folded = fold_value(text);
        folded_titles.contains(&folded) || folded.len() >= LEAST_BYTES && window.contains(&folded)
    };
    // A heading of the first level that is the title for machines or for previews is the headline.
    let surest = &folded_titles[..folded_titles.len().min(SUREST)];
    let is_sure = |at: &&usize| headings[**at].level == 1 && surest.contains(&fold_value(&headings[**at].text));
    if let Some(&at) = own.iter().filter(usable).find(is_sure) {
        return Title { text: Some(headings[at].text.clone()), heading: Some(at) };
    }
    let same = own.iter().filter(usable).find(|&&at| is_stated(&headings[at].text));
    let firsts: Vec<usize> = own.iter().filter(usable).copied().filter(|&at| headings[at].level == 1).collect();
    let knows_titles = best.is_some() || !window.is_empty();
    let related = |at: &&usize| {
        let text = &headings[**at].text;
        titles.iter().any(|title| shares_word(text, title)) || shares_word(text, stated.window.unwrap_or_default())
    };
    let first = firsts.iter().find(|at| !knows_titles || related(at)).copied();
    if let Some(best) = best {
        // Of a heading that says more or less than what is stated, one may be a part of the other.
        let shown = first.map(|at| headings[at].text.as_str());
        let text = shown.filter(|shown| is_whole_of(best, shown) || is_after_kicker(best, shown)).unwrap_or(best);
        let text = shown.and_then(|shown| after_kickers(best, shown)).unwrap_or(text);
        return Title { text: Some(text.to_string()), heading: same.copied().or(first) };
    }
    if let Some(at) = first {
        return Title { text: Some(headings[at].text.clone()), heading: Some(at) };
    }
    if let Some(&at) = same {
        return Title { text: Some(headings[at].text.clone()), heading: Some(at) };
    }
    let only = firsts.first().filter(|_| firsts.len() == 1).copied();
    if let Some(text) = stated.window.and_then(|window| of_window(window, stated)) {
        // The last of several parts is the name of the site, though nothing else states it.
        let is_last = parts.len() > 1 && parts.last() == Some(&fold_value(&text));
        if !is_last || only.is_none() {
            return Title { text: Some(text), heading: None };
        }
    }
    Title { text: only.map(|at| headings[at].text.clone()), heading: only }
}

/// Is a stated title the beginning of the displayed one, cut off for a preview?
fn is_whole_of(title: &str, shown: &str) -> bool {
    let cut = title.strip_suffix('…').or_else(|| title.strip_suffix("..."));
    cut.map(fold_value).is_some_and(|cut| cut.len() > 10 && fold_value(shown).starts_with(&cut))
}

/// Is a stated title the displayed one after a kicker: `Port strike: Dockers walk out`?
fn is_after_kicker(title: &str, shown: &str) -> bool {
    let (title, shown) = (tidy(title), tidy(shown));
    title.strip_suffix(shown.as_str()).is_some_and(|kicker| kicker.trim_end().ends_with(':'))
}

/// The headline of two titles that have different kickers before it: `Port: Dockers walk out`, `Halden - Dockers walk out`.
fn after_kickers<'t>(title: &'t str, shown: &str) -> Option<&'t str> {
    const SIGNS: &[&str] = &[": ", " - ", " – ", " — ", " | "];
    /// Shorter ends may be the same by chance.
    const LEAST_BYTES: usize = 16;
    SIGNS.iter().filter_map(|sign| title.split_once(*sign)).find_map(|(kicker, rest)| {
        // What shares a word with it is the same beginning, written in another way.
        let is_other = |(other, end): (&str, &str)| !shares_word(other, kicker) && end.trim() == rest.trim();
        let is_shown = SIGNS.iter().filter_map(|sign| shown.split_once(*sign)).any(is_other);
        (rest.len() >= LEAST_BYTES && is_shown).then_some(rest.trim())
    })
}

/// Signs between a headline and names of a site in a title, but for `_`, which is also in names.
const SIGNS: &[&str] = &[" | ", " - ", " – ", " — ", " » ", " :: ", " · ", " • "];

/// The parts of a title by the first sign that it has.
fn parts_of(title: &str) -> impl Iterator<Item = &str> + Clone {
    let sign = SIGNS.iter().find(|sign| title.contains(**sign)).copied().unwrap_or("\n");
    title.split(sign).map(str::trim).filter(|part| !part.is_empty())
}

/// The headline in the title of the window: `Headline | Newspaper`. The headline is the longest part that is not the site's
/// name.
fn of_window(window: &str, stated: &Stated<'_>) -> Option<String> {
    let parts = parts_of(window).map(tidy);
    let named: Vec<String> = parts.clone().filter(|part| !stated.names_site(part)).collect();
    named.into_iter().max_by_key(String::len).or_else(|| parts.max_by_key(String::len))
}

/// The title of the window of a page.
pub(super) fn window(page: &Page) -> Option<String> {
    let title =
        page.elements("head").flat_map(|head| head.elements("title")).next().or_else(|| page.elements("title").next());
    title.map(|title| tidy(&title.text(""))).filter(|title| !title.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_table() {
        let site = Some("Halden Courier");
        for (name, headings, titles, window, text) in [
            (
                "the displayed headline",
                &["Dockers walk out"][..],
                &["Port strike: Dockers walk out"][..],
                "Port strike | Halden Courier",
                "Dockers walk out",
            ),
            ("a heading of the site", &["Halden Courier"], &["Dockers walk out"], "x", "Dockers walk out"),
            (
                "a heading of something else",
                &["Weather tomorrow"],
                &["Dockers walk out"],
                "Dockers walk out",
                "Dockers walk out",
            ),
            (
                "the second heading",
                &["Weather tomorrow", "Dockers walk out"],
                &["Dockers walk out"],
                "x",
                "Dockers walk out",
            ),
            ("a kicker in the heading", &["Port Dockers walk out"], &["Dockers walk out"], "x", "Dockers walk out"),
            (
                "a title cut off",
                &["Dockers walk out and ferries stay"],
                &["Dockers walk out and…"],
                "x",
                "Dockers walk out and ferries stay",
            ),
            (
                "a preview of the site",
                &["Dockers walk out"],
                &["Halden Courier"],
                "Dockers walk out",
                "Dockers walk out",
            ),
            (
                "the window",
                &[],
                &[],
                "News - Dockers walk out at the port - Halden Courier",
                "Dockers walk out at the port",
            ),
            ("a long name of the site", &[], &[], "Strike | Halden Courier", "Strike"),
            ("no other title", &["Dockers walk out"], &[], "", "Dockers walk out"),
            (
                "a quotation, and a window with a long name",
                &["\"I will not sign\""],
                &[],
                "Interview - The Moss and Rygge Gazette",
                "\"I will not sign\"",
            ),
            (
                "a name after the stated title that is displayed without",
                &["Dockers walk out"],
                &["Dockers walk out - Q9"],
                "Dockers walk out - Q9",
                "Dockers walk out",
            ),
            (
                "the stated name after the only title",
                &[],
                &["Dockers walk out | Halden Courier"],
                "Dockers walk out | Halden Courier",
                "Dockers walk out",
            ),
            (
                "a name within the headline",
                &[],
                &["Halden Courier - a newspaper and its town"],
                "x",
                "Halden Courier - a newspaper and its town",
            ),
            (
                "a name before the headline",
                &[],
                &["Halden Courier | Dockers walk out", "Dockers walk out"],
                "x",
                "Dockers walk out",
            ),
            (
                "a name that the title of the window ends with",
                &[],
                &["Q9 | Dockers walk out - again", "Dockers walk out - again"],
                "Dockers walk out - again | Q9",
                "Dockers walk out - again",
            ),
            (
                "two kickers",
                &["Halden - Dockers walk out at dawn"],
                &["Strike at the port: Dockers walk out at dawn"],
                "x",
                "Dockers walk out at dawn",
            ),
            (
                "one kicker, written in two ways",
                &["The harbour’s week – Dockers walk out at dawn"],
                &["The harbour's week: Dockers walk out at dawn"],
                "x",
                "The harbour's week: Dockers walk out at dawn",
            ),
            (
                "the heading of a site without a known name",
                &["Q9", "Dockers walk out: what is next"],
                &[],
                "Dockers walk out: what is next · Q9",
                "Dockers walk out: what is next",
            ),
            (
                "no spaces",
                &["港口工人周一罢工"],
                &["港口工人周一罢工，渡轮停航"],
                "港口工人周一罢工",
                "港口工人周一罢工，渡轮停航",
            ),
        ] {
            let headings: Vec<Headline> =
                headings.iter().enumerate().map(|(at, text)| Headline { level: 1, at, text: (*text).into() }).collect();
            let own: Vec<usize> = (0..headings.len()).collect();
            let titles: Vec<String> = titles.iter().map(ToString::to_string).collect();
            let window = Some(window).filter(|window| !window.is_empty());
            let stated = Stated { titles: &titles, window, site, desk: Some("News"), url: None };
            assert_eq!(choose(&headings, &own, &stated).text.as_deref(), Some(text), "{name}");
        }
    }
}

//! What a page or an export shows of all that matches, and how to see the rest.

use std::collections::HashSet;
use std::fmt;

use crate::cli::args::{Format, Search};
use crate::cli::commands::is_cut_short;
use crate::cli::message::counted;
use crate::search::{Counts, Results, SearchOptions, Tier};

/// Formats counts for a reader, articles first: "7 articles (12 sections, 12 passages)".
pub(super) fn sentence_of(counts: Counts) -> String {
    let (sections, passages) = (counted(counts.sections, "section"), counted(counts.passages, "passage"));
    let articles = counted(counts.articles, "article");
    // Of an engine some articles were not looked at.
    match counts.at_most {
        None => format!("{articles} ({sections}, {passages})"),
        Some(most) if most == counts.articles => format!("{articles} (at least {sections}, {passages})"),
        Some(most) => {
            let about = counts.about.map(|about| format!("about {}, ", grouped(about))).unwrap_or_default();
            format!("{about}at least {articles}, at most {} (at least {sections}, {passages})", grouped(most))
        }
    }
}

/// Number of exported hits beside the number of matches.
pub(super) struct LeftOut {
    written: u64,
    all: u64,
    noun: &'static str,
}

impl LeftOut {
    /// Compares the exported hits with the matches; `None` if limits and the grouping of reprints left none out.
    pub(super) fn of(options: &SearchOptions, args: &Search, results: &Results) -> Option<LeftOut> {
        if args.all || args.sample.is_some() || is_cut_short(results.degraded) {
            return None;
        }
        // The others are not among those that are counted.
        let hits = results.hits.iter().filter(|hit| options.any || hit.tier == Tier::All);
        let (written, all, noun) = match args.format {
            Format::Text => return None,
            Format::Json | Format::Csv | Format::Tsv | Format::Markdown => {
                (hits.count(), results.counts.passages, "passage")
            }
            Format::Paths | Format::Trec | Format::Ris => {
                let articles: HashSet<_> = hits.map(|hit| (&hit.article.path, &hit.article.record)).collect();
                (articles.len(), results.counts.articles, "article")
            }
        };
        let written = written as u64;
        (written < all).then_some(LeftOut { written, all, noun })
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LeftOut { written, all, noun } = self;
        let plural = if *all == 1 { "" } else { "s" };
        write!(out, "{} of {} {noun}{plural} that match", grouped(*written), grouped(*all))
    }
}

/// The line below a page of hits: their range, the total, and the options for the rest; `None` if all are shown.
pub(super) fn page_line(options: &SearchOptions, args: &Search, results: &Results) -> Option<String> {
    let (first, last) = (results.hits.first()?.rank, results.hits.last()?.rank);
    let all = results.counts.passages;
    let have_all = options.any || results.hits.iter().all(|hit| hit.tier == Tier::All);
    if have_all && (last as u64 > all || (first == 1 && last as u64 == all)) {
        return None;
    }
    let mut line = match (grouped(first as u64), grouped(last as u64)) {
        (first, last) if first == last => format!("passage {first}"),
        (first, last) => format!("passages {first}-{last}"),
    };
    if have_all {
        line += &format!(" of {}", grouped(all));
        if last as u64 == all {
            return Some(line);
        }
    } else if results.hits.len() < options.limit {
        return None;
    }
    if results.hits.len() == options.limit {
        let is_page = options.limit > 0 && options.offset.is_multiple_of(options.limit);
        line += &if is_page {
            format!("; next: --page {}", options.offset / options.limit + 2)
        } else {
            format!("; next: --offset {}", options.offset + options.limit)
        };
        line += "; everything: --all";
    } else if !args.all {
        line += "; further hits of an article and reprints are left out: --all shows them";
    }
    Some(line)
}

/// A number with its digits in groups of three: `1,483`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let separated = digits.chars().enumerate().flat_map(|(i, digit)| {
        let is_group = i > 0 && (digits.len() - i).is_multiple_of(3);
        is_group.then_some(',').into_iter().chain([digit])
    });
    separated.collect()
}

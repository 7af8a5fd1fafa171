//! The front of a story of LexisNexis: the lines above its date, and those from there to the body.

use super::runs::{
    facts_of, first_word, is_bare_label, is_body_label, is_centred, is_dated, is_edition, is_label, is_length,
    is_notice, is_season, is_short, is_tail_label, is_title, label,
};
use crate::ingest::format::draft::Draft;
use crate::ingest::format::exports::labels::{Key, apply};
use crate::ingest::format::exports::lines::{date, is_copyright};
use crate::text::tidy;

/// Reads the runs above the date: copyright, the newspaper, perhaps the title.
pub(super) fn apply_head(head: &[Vec<&str>], draft: &mut Draft) {
    // The newspaper may be in the same run as the copyright.
    let beside_copyright = |run: &Vec<&str>| {
        let mut rest = run.iter().skip_while(|line| is_copyright(line)).filter(|line| !is_copyright(line));
        let named = rest.clone().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
        (is_copyright(run[0]) && rest.next().is_some() && !named.to_lowercase().ends_with("reserved"))
            .then(|| tidy(&named))
    };
    let plain = |run: &&Vec<&str>| {
        !is_copyright(run[0]) && !is_label(run) && !is_dated(run) && !is_edition(run) && !is_notice(run)
    };
    let mut lines = head.iter().filter(plain);
    let with_date = || {
        let run = head.iter().find(|run| is_dated(run) && !is_copyright(run[0]))?;
        run.first().filter(|line| !is_season(line) && date(line).is_none()).map(|line| tidy(line))
    };
    let first = lines.next();
    // The newspaper is centred; if all lines are set alike, it is the first.
    let centred = first.is_some_and(|run| is_centred(run));
    let beside = head.iter().find_map(beside_copyright);
    let named = match (first, beside) {
        (Some(run), Some(beside)) if !is_centred(run) && head.iter().any(|run| is_centred(run)) => {
            // The newspaper is beside the copyright, and the first line is the title.
            draft.title(Some(tidy(&run.join(" "))));
            Some(beside)
        }
        (Some(run), _) => Some(tidy(run[0])),
        (None, beside) => beside.or_else(with_date),
    };
    draft.source(named);
    let mut left = lines.filter(|run| !(run[0].contains("://") || centred && is_centred(run)));
    draft.title(left.next().map(|run| tidy(&run.join(" "))));
    for run in left {
        add_to_standfirst(draft, &run.join(" "));
    }
}

/// Reads the runs between date and body: facts, perhaps the title and a name. Returns the text of the body that shares a
/// line with its label, and the number of runs read.
pub(super) fn apply_front(runs: &[Vec<&str>], has_tail: bool, draft: &mut Draft) -> (Option<String>, usize) {
    const MOST_ABOVE_BODY: usize = 20;
    let is_fact = |run: &Vec<&str>| is_length(run) || is_label(run) && !is_body_label(run);
    // If the body has a label, everything above it is front.
    let opening = runs.iter().take(MOST_ABOVE_BODY).position(|run| is_body_label(run));
    // Was the last label of a front read, and any?
    let (mut last, mut facts) = (false, false);
    let mut at = 0;
    while at < runs.len() {
        let run = &runs[at];
        let next = runs.get(at + 1);
        let above_opening = opening.is_some_and(|opening| at < opening);
        if let Some((Key::Body, value)) = label(run[0]) {
            return (text_of_body_label(value, run), at + 1);
        } else if is_length(run) {
            (last, facts) = (true, true);
        } else if is_label(run) && (above_opening || !is_tail_label(run[0])) {
            facts = true;
            last |= ["length", "länge", "longueur", "lengte", "dateline", "ortszeile"]
                .contains(&first_word(run[0]).as_str());
            at += apply_labels(&runs[at..], opening.is_some(), draft);
        } else if is_copyright(run[0])
            || is_edition(run) && next.is_none_or(is_fact)
            || run.len() == 1 && (run[0].contains("://") || is_centred(run))
        {
            // `SHOW: …`, the number of an issue, an address, an edition.
        } else if last && !above_opening {
            // The length is the last line of a front.
            return (None, at);
        } else if draft.facts.title.is_none() && is_title(run, next, facts, has_tail) {
            draft.title(Some(tidy(&run.join(" "))));
        } else if next.is_some_and(is_fact) && is_short(run) && draft.facts.title.is_some() || above_opening {
            apply_name_or_standfirst(&tidy(&run.join(" ")), draft);
        } else {
            return (None, at);
        }
        at += 1;
    }
    (None, at)
}

fn text_of_body_label(value: &str, run: &[&str]) -> Option<String> {
    let text: Vec<&str> = std::iter::once(value).chain(run[1..].iter().copied()).collect();
    Some(text.join("\n").trim().to_string()).filter(|text| !text.is_empty())
}

/// Sets the facts of the first run, and of those after it that hold the value of its label: one, or all up to the next
/// label if `many`. Returns the number of those.
fn apply_labels(runs: &[Vec<&str>], many: bool, draft: &mut Draft) -> usize {
    let mut values = 0;
    if is_bare_label(&runs[0]) {
        let most = if many { runs.len() } else { 1 };
        values = runs[1..].iter().take(most).take_while(|run| !is_label(run)).count();
    }
    for (key, value) in facts_of(&runs[..=values].concat()) {
        apply(draft, key, &value);
    }
    values
}

/// A line between title and facts: the byline, or more of the standfirst.
fn apply_name_or_standfirst(line: &str, draft: &mut Draft) {
    let is_name = line.split(' ').count() <= 5 && !line.ends_with(['.', '!', '?']);
    if is_name && draft.facts.byline.is_none() {
        draft.byline(Some(line.to_string()));
    } else {
        add_to_standfirst(draft, line);
    }
}

fn add_to_standfirst(draft: &mut Draft, line: &str) {
    let line = tidy(line);
    draft.standfirst = Some(match draft.standfirst.take() {
        Some(above) => format!("{above}\n{line}"),
        None => line,
    });
}

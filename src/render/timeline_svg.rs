//! Timelines as a picture: an SVG that stands alone, in print, in light and in dark.
//!
//! One timeline is bars, several are lines that differ by dash and marker too, in colours that are told apart by all kinds
//! of sight (Okabe and Ito: Color Universal Design, 2008). Each bar or marker has a title, which is read out and shown.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::timeline::{Measure, label, name_of};
use crate::analysis::timeline::{ArticlesOf, Bucket, Timeline};

const WIDTH: f64 = 960.0;
const PLOT_HEIGHT: f64 = 300.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 68.0;
const LEGEND_LINE: f64 = 22.0;
/// Room for the bar of what has no date.
const UNDATED: f64 = 64.0;

/// Colour, dash and marker of each line.
const LINES: [(&str, &str, &str); 8] = [
    ("#0072b2", "", "M-4-4h8v8h-8z"),
    ("#d55e00", "7 4", "M0-5.5L5 4.5H-5z"),
    ("#009e73", "2 4", "M0-5.5L5.5 0 0 5.5-5.5 0z"),
    ("#cc79a7", "12 4", "M-5-1.5h3.5v-3.5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5z"),
    ("#e69f00", "9 3 2 3", "M0 5.5L5-4.5H-5z"),
    ("#56b4e9", "4 2", "M-4-2h8v4h-8z"),
    ("#7f7f7f", "1 2", "M-2-5h4v10h-4z"),
    ("#8c6d1f", "14 3 3 3", "M-5 0L0-3 5 0 0 3z"),
];

/// Writes the picture.
///
/// # Errors
///
/// Errors of the writer.
pub(crate) fn svg(out: &mut dyn Write, timelines: &[Timeline], measure: Measure, scope: &str) -> io::Result<()> {
    out.write_all(picture(timelines, measure, scope).as_bytes())
}

/// Text within the picture; characters that XML forbids are replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in super::harmless(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

struct Plot<'a> {
    timelines: &'a [Timeline],
    measure: Measure,
    top: f64,
    /// Height of the value 1.
    scale: f64,
    /// Width of a period.
    step: f64,
}

/// The steps of a scale from 0 to at least `most`: 1, 2 or 5 times a power of ten.
fn steps(most: f64, measure: Measure) -> Vec<f64> {
    const STEPS: f64 = 4.0;
    let rough = (most / STEPS).max(f64::MIN_POSITIVE);
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= rough);
    let least = if measure == Measure::Articles { 1.0 } else { 0.001 };
    let step = step.unwrap_or(power).max(least);
    let count = (most / step).ceil().max(1.0) as usize;
    (0..=count).map(|i| step * i as f64).collect()
}

fn picture(timelines: &[Timeline], measure: Measure, scope: &str) -> String {
    let legend = if timelines.len() > 1 { LEGEND_LINE * timelines.len() as f64 + 8.0 } else { 0.0 };
    let periods = timelines.first().map_or(0, |timeline| timeline.buckets.len());
    let has_undated = timelines.iter().any(|timeline| timeline.undated.articles > 0);
    let counts = || timelines.iter().flat_map(|one| one.buckets.iter().map(|bucket| bucket.count).chain([one.undated]));
    let most = counts().map(|count| measure.of(count)).fold(0.0, f64::max);
    let steps = steps(most, measure);
    let highest = steps.last().copied().unwrap_or(1.0);
    let room = WIDTH - LEFT - RIGHT - if has_undated { UNDATED } else { 0.0 };
    let plot = Plot {
        timelines,
        measure,
        top: TOP + legend,
        scale: PLOT_HEIGHT / highest,
        step: room / periods.max(1) as f64,
    };
    let imprecise: u64 = timelines.iter().flat_map(|one| &one.imprecise).map(|bucket| bucket.count.articles).sum();
    let notes = notes(timelines, measure, scope, imprecise);
    let height = plot.top + PLOT_HEIGHT + 40.0 + 18.0 * notes.len() as f64 + 8.0;
    let title = match timelines {
        [one] => name_of(one),
        _ => format!("{} queries", timelines.len()),
    };
    let what = match measure {
        Measure::Articles => "Articles",
        Measure::PerThousand => "Articles per 1,000",
    };
    let by = timelines.first().map_or("", |one| one.by.name());
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" width=\"{WIDTH}\" \
         height=\"{height:.0}\" role=\"img\" aria-labelledby=\"t\">\n<title id=\"t\">{what} by {by}: {}</title>\n{STYLE}\
         <rect class=\"page\" width=\"100%\" height=\"100%\"/>\n\
         <text class=\"title\" x=\"16\" y=\"26\">{}</text>\n<text class=\"small\" x=\"16\" y=\"44\">{what} by {by}</text>\n",
        escaped(&title),
        escaped(&shortened(&title, 90)),
    );
    plot.axes(&mut out, &steps, periods);
    if let [one] = timelines {
        plot.bars(&mut out, one);
    } else {
        plot.lines(&mut out);
    }
    if has_undated {
        plot.undated(&mut out);
    }
    for (i, note) in notes.iter().enumerate() {
        let y = plot.top + PLOT_HEIGHT + 44.0 + 18.0 * i as f64;
        _ = writeln!(out, "<text class=\"small\" x=\"16\" y=\"{y:.0}\">{}</text>", escaped(note));
    }
    out.push_str("</svg>\n");
    out
}

/// What the plot cannot show.
fn notes(timelines: &[Timeline], measure: Measure, scope: &str, imprecise: u64) -> Vec<String> {
    let mut notes = Vec::new();
    if measure == Measure::PerThousand {
        notes.push(format!("Per 1,000 articles of each period in the scope: {scope}."));
    }
    if imprecise > 0 {
        notes.push(format!("Not shown: {imprecise} whose date is known less precisely than the periods."));
    }
    if timelines.iter().any(|timeline| timeline.degraded.is_some()) {
        notes.push("The counts are not complete: the time was up.".into());
    }
    notes
}

/// The look: light, dark and print.
const STYLE: &str = "<style>\
.page{fill:#fff}.title{font:600 18px Georgia,'Times New Roman',serif;fill:#1a1a1a}\
text{font:12px system-ui,'Helvetica Neue',Arial,sans-serif;fill:#333}.small{fill:#555}\
.grid{stroke:#ddd;stroke-width:1}.axis{stroke:#333;stroke-width:1}.bar{fill:#0072b2}\
.none{fill:url(#hatch);stroke:#0072b2}.line{fill:none;stroke-width:2}\
@media screen and (prefers-color-scheme:dark){.page{fill:#16181b}.title{fill:#f0f0f0}text{fill:#ddd}.small{fill:#aaa}\
.grid{stroke:#333}.axis{stroke:#bbb}.bar{fill:#4aa3df}.none{stroke:#4aa3df}}\
</style>\n<defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
<path d=\"M0 0V6\" stroke=\"#0072b2\" stroke-width=\"3\"/></pattern></defs>\n";

/// `text` cut to a number of characters.
fn shortened(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_string(),
    }
}

impl Plot<'_> {
    fn x(&self, period: usize) -> f64 {
        LEFT + self.step * period as f64
    }

    fn y(&self, count: ArticlesOf) -> f64 {
        self.top + PLOT_HEIGHT - self.measure.of(count) * self.scale
    }

    /// What a bar or marker is, in words.
    fn title(&self, timeline: &Timeline, when: &str, count: ArticlesOf) -> String {
        let share = count.per_thousand().map_or_else(String::new, |rate| format!(", {rate:.1} per 1,000"));
        let name = if self.timelines.len() > 1 { format!("{}, ", name_of(timeline)) } else { String::new() };
        escaped(&format!("{name}{when}: {} of {} articles{share}", count.articles, count.of))
    }

    fn axes(&self, out: &mut String, steps: &[f64], periods: usize) {
        let bottom = self.top + PLOT_HEIGHT;
        for step in steps {
            let y = bottom - step * self.scale;
            let class = if *step == 0.0 { "axis" } else { "grid" };
            _ = writeln!(out, "<path class=\"{class}\" d=\"M{LEFT} {y:.1}H{:.1}\"/>", self.x(periods));
            let number = format!("{step:.3}");
            let number = number.trim_end_matches('0').trim_end_matches('.');
            _ = writeln!(out, "<text x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">{number}</text>", LEFT - 8.0, y + 4.0);
        }
        let Some(first) = self.timelines.first() else { return };
        // A label needs some 80 pixels.
        let every = (80.0 / self.step).ceil().max(1.0) as usize;
        for (i, bucket) in first.buckets.iter().enumerate().step_by(every) {
            let x = self.x(i) + self.step / 2.0;
            _ = writeln!(out, "<path class=\"axis\" d=\"M{x:.1} {bottom:.1}v5\"/>");
            let (text, y) = (label(first.by, &bucket.from), bottom + 20.0);
            _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{text}</text>");
        }
    }

    fn when(timeline: &Timeline, bucket: &Bucket) -> String {
        label(timeline.by, &bucket.from)
    }

    fn bars(&self, out: &mut String, timeline: &Timeline) {
        let gap = if self.step > 4.0 { 1.0 } else { 0.0 };
        for (i, bucket) in timeline.buckets.iter().enumerate() {
            let (x, y) = (self.x(i) + gap / 2.0, self.y(bucket.count));
            let (width, height) = (self.step - gap, self.top + PLOT_HEIGHT - y);
            let title = self.title(timeline, &Self::when(timeline, bucket), bucket.count);
            _ = writeln!(
                out,
                "<rect class=\"bar\" x=\"{x:.2}\" y=\"{y:.2}\" width=\"{width:.2}\" height=\"{height:.2}\"><title>{title}</title></rect>"
            );
        }
    }

    fn lines(&self, out: &mut String) {
        for (i, timeline) in self.timelines.iter().enumerate() {
            let (color, dash, marker) = LINES[i % LINES.len()];
            let points: Vec<(f64, f64)> = timeline
                .buckets
                .iter()
                .enumerate()
                .map(|(at, bucket)| (self.x(at) + self.step / 2.0, self.y(bucket.count)))
                .collect();
            let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
            if !path.is_empty() {
                let d = path.join("L");
                _ = writeln!(out, "<path class=\"line\" stroke=\"{color}\" stroke-dasharray=\"{dash}\" d=\"M{d}\"/>");
            }
            for ((x, y), bucket) in points.iter().zip(&timeline.buckets) {
                let title = self.title(timeline, &Self::when(timeline, bucket), bucket.count);
                let shape = format!("<path fill=\"{color}\" transform=\"translate({x:.1} {y:.1})\" d=\"{marker}\">");
                _ = writeln!(out, "{shape}<title>{title}</title></path>");
            }
            let y = TOP + LEGEND_LINE * i as f64 - 4.0;
            _ = writeln!(
                out,
                "<path class=\"line\" stroke=\"{color}\" stroke-dasharray=\"{dash}\" d=\"M16 {y:.0}h36\"/>\
                 <path fill=\"{color}\" transform=\"translate(34 {y:.0})\" d=\"{marker}\"/>\
                 <text x=\"60\" y=\"{:.0}\">{}</text>",
                y + 4.0,
                escaped(&shortened(&name_of(timeline), 110))
            );
        }
    }

    /// What has no date, in bars of their own, apart from the periods.
    fn undated(&self, out: &mut String) {
        let bottom = self.top + PLOT_HEIGHT;
        let left = WIDTH - RIGHT - UNDATED + 16.0;
        let width = (UNDATED - 24.0) / self.timelines.len() as f64;
        for (i, timeline) in self.timelines.iter().enumerate() {
            let y = self.y(timeline.undated);
            let title = self.title(timeline, "no date", timeline.undated);
            let color = LINES[i % LINES.len()].0;
            let look = match self.timelines {
                [_] => "class=\"none\"".to_string(),
                _ => format!("fill=\"none\" stroke=\"{color}\" stroke-width=\"2\""),
            };
            _ = writeln!(
                out,
                "<rect {look} x=\"{:.2}\" y=\"{y:.2}\" width=\"{:.2}\" height=\"{:.2}\"><title>{title}</title></rect>",
                left + width * i as f64,
                (width - 2.0).max(1.0),
                bottom - y
            );
        }
        let x = left + (UNDATED - 24.0) / 2.0;
        _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">no date</text>", bottom + 20.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_have_round_steps() {
        for (most, measure, expected) in [
            (0.0, Measure::Articles, vec![0.0, 1.0]),
            (3.0, Measure::Articles, vec![0.0, 1.0, 2.0, 3.0]),
            (37.0, Measure::Articles, vec![0.0, 10.0, 20.0, 30.0, 40.0]),
            (0.9, Measure::PerThousand, vec![0.0, 0.5, 1.0]),
        ] {
            assert_eq!(steps(most, measure), expected, "{most}");
        }
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(escaped("a<b> & \"c\"\u{1b}"), "a&lt;b&gt; &amp; &quot;c&quot;\u{fffd}");
    }
}

//! `stats`: prints the size of the index.

use std::io::Write;

use anyhow::Result;
use serde_json::json;

use crate::cli::args::{Global, Stats};
use crate::cli::commands::{reading, searcher, stdout};
use crate::cli::message::{self, Status};
use crate::index::FORMAT_VERSION;
use crate::index::sizes::{FieldSize, field_sizes};
use crate::render::harmless;
use crate::render::json::write_line;
use crate::search::{Counts, SearchOptions};
use crate::vocabulary::Facet;

/// Number of sources that are listed; `--json` has all.
const MAX_SOURCES: usize = 10;

pub(crate) fn run(global: &Global, args: &Stats) -> Result<Status> {
    let searcher = searcher(global)?;
    if args.fields && searcher.is_over_engine() {
        message::error("--fields tells the sizes of an index on this machine: leave out --engine");
        return Ok(Status::Error);
    }
    let sizes = if args.fields { reading(global, field_sizes)? } else { Vec::new() };
    let (totals, extent, missing) = (searcher.totals(), searcher.extent()?, searcher.missing_articles()?);
    let (folders, languages, disk) = (searcher.folders(), searcher.languages(), searcher.disk_bytes());
    let fingerprint = if args.json { searcher.fingerprint()? } else { String::new() };
    let sources = searcher.facets(None, Facet::Source, &SearchOptions::default())?;
    let mut out = stdout();
    if args.json {
        let folders: Vec<&String> = folders.iter().map(|folder| &folder.name).collect();
        let mut line = json!({
            "format": FORMAT_VERSION, "files": totals.files, "skipped": totals.skipped, "articles": totals.articles, "missing": missing, "sections": totals.sections,
            "passages": totals.passages, "bytes": totals.bytes, "index_bytes": disk, "languages": languages.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(), "folders": folders,
            "version": env!("CARGO_PKG_VERSION"), "first": extent.first, "last": extent.last, "fingerprint": fingerprint,
        });
        if searcher.is_over_engine() {
            // An engine does not know files, nor an index on the disk.
            let of_index =
                ["files", "skipped", "missing", "bytes", "index_bytes", "folders", "first", "last", "fingerprint"];
            of_index.iter().for_each(|name| line[name] = serde_json::Value::Null);
        }
        let without = (sources.without.articles > 0).then_some((None, sources.without));
        let named = sources.values.iter().map(|one| (Some(&one.value), one.counts));
        let of_source =
            |(source, counts): (Option<&String>, Counts)| json!({ "source": source, "articles": counts.articles });
        line["sources"] = named.chain(without).map(of_source).collect();
        if args.fields {
            line["fields"] = serde_json::to_value(&sizes)?;
        }
        if global.indexes.len() > 1 && !searcher.is_over_engine() {
            line["indexes"] = global.indexes.iter().map(|index| index.display().to_string()).collect();
        }
        write_line(&mut out, &line)?;
    } else {
        let ratio = disk as f64 / totals.bytes.max(1) as f64;
        let is_index = !searcher.is_over_engine();
        if is_index {
            writeln!(
                out,
                "folders   {}",
                folders.iter().map(|folder| harmless(&folder.name)).collect::<Vec<_>>().join(", ")
            )?;
        }
        if let (Some(first), Some(last)) = (&extent.first, &extent.last) {
            writeln!(out, "dates     {first} to {last}")?;
        }
        if !sources.values.is_empty() {
            let shown = sources.values.iter().take(MAX_SOURCES);
            let mut shown: Vec<_> =
                shown.map(|one| format!("{} {}", harmless(&one.value), one.counts.articles)).collect();
            let more = sources.values.len().saturating_sub(MAX_SOURCES);
            shown.extend((more > 0).then(|| format!("and {more} more")));
            writeln!(out, "sources   {}", shown.join(", "))?;
        }
        if is_index {
            writeln!(out, "files     {} ({} skipped), {}", totals.files, totals.skipped, size(totals.bytes))?;
        }
        let of_missing =
            if missing > 0 { format!(" ({missing} kept, of files that are not there)") } else { String::new() };
        writeln!(out, "articles  {}{of_missing}", totals.articles)?;
        writeln!(out, "sections  {}", totals.sections)?;
        writeln!(out, "passages  {}", totals.passages)?;
        writeln!(
            out,
            "languages {}",
            languages.iter().map(|(code, articles)| format!("{code} {articles}")).collect::<Vec<_>>().join(", ")
        )?;
        if is_index {
            writeln!(out, "index     {} ({ratio:.2} times the files), format {FORMAT_VERSION}", size(disk))?;
        }
        if global.indexes.len() > 1 && is_index {
            let paths: Vec<String> =
                global.indexes.iter().map(|index| harmless(&index.display().to_string()).into_owned()).collect();
            writeln!(out, "indexes   {}", paths.join(", "))?;
        }
        if args.fields {
            fields(&mut out, &sizes)?;
        }
    }
    out.flush()?;
    Ok(Status::Found)
}

fn fields(out: &mut impl Write, sizes: &[FieldSize]) -> Result<()> {
    let names = ["field", "all", "terms", "postings", "positions", "columns", "stored"];
    writeln!(out, "\n{:16}{}", names[0], names[1..].iter().map(|name| format!(" {name:>11}")).collect::<String>())?;
    for field in sizes {
        let parts = [field.total(), field.terms, field.postings, field.positions, field.columns, field.stored];
        let cell = |&bytes: &u64| if bytes == 0 { format!(" {:>11}", "") } else { format!(" {:>11}", size(bytes)) };
        writeln!(out, "{:16}{}", field.field, parts.iter().map(cell).collect::<String>().trim_end())?;
    }
    Ok(())
}

fn size(bytes: u64) -> String {
    indicatif::HumanBytes(bytes).to_string()
}

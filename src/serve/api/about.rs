//! The routes about the index and the server, and suggestions.

use super::answers::{Fields, Health, IndexAnswer, LanguageAnswer, PartAnswer, Suggestion, Suggestions, complete};
use super::openapi;
use super::search::{FACET_TIME, facet};
use super::values::commit;
use crate::serve::call::{Call, Reply};
use crate::serve::problem::Problem;
use crate::vocabulary::{Facet, TextField};

pub(super) fn suggest(call: &Call<'_>) -> Result<Reply, Problem> {
    let begin = call.values.text("q").unwrap_or("");
    let most = call.values.number("n").unwrap_or(10) as usize;
    let suggestions = match call.values.text("field").filter(|field| *field != "words") {
        None => {
            let words = call.searcher.words_beginning(begin, most)?;
            words.into_iter().map(|(text, count)| Suggestion { text, count }).collect()
        }
        Some(name) => {
            let mut options = call.options()?;
            (options.facet_limit, options.facet_prefix) = (Some(most), begin.to_string());
            options.timeout = Some(FACET_TIME);
            let values = call.searcher.facets(None, facet(name)?, &options)?;
            complete(values.degraded)?;
            let one = |value: &crate::search::FacetCount| Suggestion {
                text: value.value.clone(),
                count: value.counts.articles,
            };
            values.values.iter().map(one).collect()
        }
    };
    Ok(Reply::json(&Suggestions { suggestions }))
}

pub(super) fn index(call: &Call<'_>) -> Result<Reply, Problem> {
    let searcher = &call.searcher;
    let (totals, extent) = (searcher.totals(), searcher.extent()?);
    let indexes = searcher.several().into_iter();
    Ok(Reply::json(&IndexAnswer {
        commit: commit(call, &call.searcher),
        folders: searcher.folders().into_iter().map(|folder| folder.name).collect(),
        indexes: indexes.map(|(name, commit, articles)| PartAnswer { name, commit, articles }).collect(),
        files: totals.files,
        skipped: totals.skipped,
        sections: totals.sections,
        passages: totals.passages,
        first: extent.first,
        last: extent.last,
        languages: searcher.languages().into_iter().map(|(code, articles)| LanguageAnswer { code, articles }).collect(),
        version: env!("CARGO_PKG_VERSION").into(),
    }))
}

pub(super) fn fields(_: &Call<'_>) -> Result<Reply, Problem> {
    Ok(Reply::json(&Fields {
        fields: TextField::ALL.iter().map(|field| field.name().to_string()).collect(),
        facets: Facet::ALL.iter().map(|facet| facet.name().to_string()).collect(),
    }))
}

pub(super) fn health(call: &Call<'_>) -> Result<Reply, Problem> {
    let status = if call.room.commits.trouble().is_some() { "stale" } else { "ok" };
    Ok(Reply::json(&Health { status: status.into(), index: commit(call, &call.searcher) }))
}

pub(super) fn document(_: &Call<'_>) -> Result<Reply, Problem> {
    Ok(Reply::json(&openapi::document()))
}

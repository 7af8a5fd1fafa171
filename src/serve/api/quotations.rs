//! Is a quotation in the archive?

use serde_json::Value;

use super::answers::{Verified, complete};
use super::articles::article_of;
use super::values::{commit, permalink, shown};
use crate::analysis::verify::QuotationPlace;
use crate::serve::call::{Call, Reply};
use crate::serve::problem::Problem;
use crate::vocabulary::parse_id;

pub(super) fn verify(call: &Call<'_>) -> Result<Reply, Problem> {
    let mut options = call.options()?;
    options.limit = call.values.number("n").map_or(options.limit, |most| most as usize);
    if let Some(id) = call.values.text("id") {
        if parse_id(id).is_none() {
            return Err(Problem::parameter("'id' is no id: an id is 13 letters and digits, as hits have them"));
        }
        article_of(call, id)?;
        options.filters.article = Some(id.to_string());
    }
    let found = call.searcher.verify(call.values.text("quotation").unwrap_or_default(), &options)?;
    complete(found.degraded)?;
    let place = |place: &QuotationPlace| {
        let mut object = shown(place);
        object.insert("permalink".into(), Value::String(permalink(&place.article, place.passage)));
        Value::Object(object)
    };
    Ok(Reply::json(&Verified {
        verdict: found.verdict,
        words: found.words,
        articles: found.articles,
        places: found.places.iter().map(place).collect(),
        index: commit(call, &call.searcher),
    }))
}

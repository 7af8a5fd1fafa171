//! Is a quotation in the archive?

use serde_json::{Value, json};

use super::answers::{Verified, complete};
use super::articles::article_of;
use super::values::{commit, permalink, shown, utf16};
use crate::analysis::verify::QuotationPlace;
use crate::search::Mark;
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
    let place = |place: &QuotationPlace| -> Result<Value, Problem> {
        let mut object = shown(place);
        object.insert("marks_u16".into(), json!(marks_u16(call, place)?));
        object.insert("permalink".into(), Value::String(permalink(&place.article, place.passage)));
        Ok(Value::Object(object))
    };
    Ok(Reply::json(&Verified {
        verdict: found.verdict,
        words: found.words,
        articles: found.articles,
        places: found.places.iter().map(place).collect::<Result<_, _>>()?,
        index: commit(call, &call.searcher),
    }))
}

/// The marks of a place in UTF-16 units, for which the text of its passage is read.
fn marks_u16(call: &Call<'_>, place: &QuotationPlace) -> Result<Vec<Mark>, Problem> {
    if place.marks.is_empty() {
        return Ok(Vec::new());
    }
    let text = call.searcher.article(&place.article.id())?;
    let passages = text.iter().flat_map(|text| &text.passages);
    let passage = passages.into_iter().find(|passage| passage.ordinal == place.passage);
    let passage =
        passage.ok_or_else(|| Problem::gone("the article of a place is no longer in the index: ask again"))?;
    Ok(utf16(&passage.text, &place.marks))
}

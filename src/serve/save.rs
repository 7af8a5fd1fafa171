//! Saving a query from the page, where the server was started so that it may: the only thing that it ever writes.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::ask::MAX_QUERY;
use super::parameters::{Kind, Parameter, Values};
use super::problem::Problem;
use super::room::Room;
use crate::index::saved;
use crate::query::can_name_saved;

static NAME: Parameter = Parameter { name: "name", kind: Kind::Text(200), about: "The name" };
static QUERY: Parameter =
    Parameter { name: "q", kind: Kind::Text(MAX_QUERY), about: "The query; without one the name is removed" };

/// Saves a query under a name, or removes the name, and leads back to the list.
///
/// # Errors
///
/// A problem of the form, the query or the disk; nothing is written then.
pub(crate) async fn save(room: &Arc<Room>, headers: &HeaderMap, body: Body) -> Result<Response, Problem> {
    if !room.saves {
        let detail = "this server writes nothing; start it with --allow-save, or use `crosshead save NAME QUERY`";
        return Err(Problem::new(StatusCode::FORBIDDEN, "read-only", "Nothing is saved here", detail));
    }
    let values = Values::check(super::form_of(headers, body).await?, &[&NAME, &QUERY])?;
    let name = values.text(NAME.name).unwrap_or("").trim().to_string();
    let query = values.text(QUERY.name).unwrap_or("").trim().to_string();
    if !can_name_saved(&name) {
        return Err(Problem::parameter(format!("'{name}' is no name: write letters, digits, - and _ without spaces")));
    }
    let of_room = Arc::clone(room);
    room.run(move |_| {
        let searcher = of_room.searcher();
        let mut all = saved::read(searcher.path())?;
        if query.is_empty() {
            all.remove(&name);
        } else {
            searcher.check(&query)?;
            all.insert(name, query);
        }
        saved::write(searcher.path(), &all)?;
        of_room.commits.follow();
        Ok(())
    })
    .await?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, HeaderValue::from_static("/saved"))]).into_response())
}

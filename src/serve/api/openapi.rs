//! The OpenAPI 3.1 document, made from the table of routes and the types of the answers.

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use super::routes::{ApiRoute, ROUTES};
use crate::serve::ask;
use crate::serve::parameters::{Kind, Parameter};
use crate::serve::problem::ProblemBody;

/// The content of a good answer, by media type.
pub(crate) type Answer = fn(&mut SchemaGenerator) -> Value;

pub(crate) fn json<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    json!({ "application/json": { "schema": generator.subschema_for::<T>() } })
}

pub(crate) fn any(_: &mut SchemaGenerator) -> Value {
    json!({ "application/json": { "schema": { "type": "object" } } })
}

pub(crate) fn article(generator: &mut SchemaGenerator) -> Value {
    let mut content = json::<super::answers::ArticleAnswer>(generator);
    for media in ["text/plain", "text/markdown"] {
        content[media] = json!({ "schema": { "type": "string" } });
    }
    content
}

pub(crate) fn export(_: &mut SchemaGenerator) -> Value {
    let mut content = Map::new();
    for media in crate::serve::export::MEDIA {
        // CSL-JSON is the one that clients parse as a whole.
        let schema = match media.ends_with("json") && media != "application/x-ndjson" {
            true => json!({ "type": "array", "items": { "type": "object" } }),
            false => json!({ "type": "string" }),
        };
        content.insert(media.to_string(), json!({ "schema": schema }));
    }
    Value::Object(content)
}

pub(crate) fn events(_: &mut SchemaGenerator) -> Value {
    json!({ "text/event-stream": { "schema": { "type": "string" } } })
}

/// Takes out `format` of numbers: `uint64` is none of JSON Schema's.
#[derive(Debug, Clone)]
struct WithoutFormats;

impl Transform for WithoutFormats {
    fn transform(&mut self, schema: &mut Schema) {
        schema.remove("format");
        transform_subschemas(self, schema);
    }
}

/// The document.
pub(crate) fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    // Fields that are left out where they are empty are not required.
    let mut generator = settings.for_serialize().with_transform(WithoutFormats).into_generator();
    let problem = json!({ "application/problem+json": { "schema": generator.subschema_for::<ProblemBody>() } });
    let mut paths = Map::new();
    for route in ROUTES {
        let mut item = Map::new();
        item.insert("get".into(), operation(route, &problem, &mut generator, false));
        if route.is_posted {
            item.insert("post".into(), operation(route, &problem, &mut generator, true));
        }
        paths.insert(route.route.path.into(), Value::Object(item));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Crosshead",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
            "description": "Searches an index of news articles by section and passage. Everything is read only. Parameters that are unknown, out of range or given twice are errors. A query without hits is answered with 200; an index that cannot be read with 503. Fields are only added within a version: pass over those that you do not know. An id of an article is a hash of its bytes and changes only if they do."
        },
        "servers": [{ "url": "/", "description": "The server that gave this document" }],
        "security": [{ "token": [] }, { "cookie": [] }],
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer" },
                "cookie": { "type": "apiKey", "in": "cookie", "name": "crosshead-PORT" }
            }
        }
    })
}

fn operation(route: &ApiRoute, problem: &Value, generator: &mut SchemaGenerator, is_post: bool) -> Value {
    let path = route.route.path;
    let name: String = path["/api/v1/".len()..].replace(['{', '}'], "").replace(['/', '.'], "-");
    let mut parameters: Vec<Value> = Vec::new();
    for piece in path.split('/').filter_map(|piece| piece.strip_prefix('{')?.strip_suffix('}')) {
        let about = if piece == "id" { "Id of an article or passage" } else { "Name of a facet" };
        parameters.push(json!({ "name": piece, "in": "path", "required": true, "description": about, "schema": { "type": "string" } }));
    }
    let known = (route.route.parameters)();
    if !is_post {
        parameters.extend(known.iter().map(|parameter| {
            json!({
                "name": parameter.name, "in": "query", "required": false, "description": parameter.about,
                "schema": schema_in_address(parameter), "style": "form", "explode": true,
            })
        }));
    }
    let mut responses = Map::new();
    responses.insert("200".into(), json!({ "description": "The answer", "content": (route.answer)(generator) }));
    let mut statuses = vec![
        ("400", "A parameter or the query is wrong"),
        ("401", "The token is missing"),
        ("403", "Another site asked"),
        ("405", "Only GET is answered"),
        ("421", "The request names another server"),
        ("431", "The head of the request is too large; there is no body then"),
        ("500", "The server made a mistake"),
        ("503", "The time was up, the server is busy, or the index cannot be read"),
    ];
    if is_post {
        statuses.extend([("413", "The body is too large"), ("415", "The body is not JSON")]);
    }
    if path.contains('{') {
        statuses.push(("404", "There is nothing of this name"));
    }
    if route.names_article || path.ends_with("/watch") || known.iter().any(|parameter| parameter.name == "ref") {
        statuses.push(("410", "It is no longer in the index"));
    }
    statuses.sort_unstable();
    for (status, about) in statuses {
        let response = match status {
            "431" => json!({ "description": about }),
            _ => json!({ "description": about, "content": problem }),
        };
        responses.insert(status.into(), response);
    }
    let verb = if is_post { "post" } else { "get" };
    let mut operation = json!({
        "operationId": format!("{verb}-{name}"), "summary": route.summary, "parameters": parameters, "responses": responses,
    });
    if is_post {
        let properties: Map<String, Value> =
            known.iter().map(|parameter| (parameter.name.to_string(), schema_of(parameter))).collect();
        let schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    }
    operation
}

/// The schema of a parameter of GET: a longer query goes by POST.
fn schema_in_address(parameter: &Parameter) -> Value {
    match parameter.kind {
        Kind::Text(most) if most == ask::MAX_QUERY => {
            schema_of(&Parameter { kind: Kind::Text(ask::MAX_IN_ADDRESS), ..*parameter })
        }
        _ => schema_of(parameter),
    }
}

fn schema_of(parameter: &Parameter) -> Value {
    match parameter.kind {
        Kind::Text(most) => json!({ "type": "string", "maxLength": most }),
        Kind::Texts(most) => json!({ "type": "array", "items": { "type": "string", "maxLength": most } }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Number(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::Choice(all) => json!({ "type": "string", "enum": all }),
    }
}

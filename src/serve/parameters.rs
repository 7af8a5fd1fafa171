//! The parameters of requests: what each route takes, checked by one table, which is also what the OpenAPI document lists.
//!
//! A parameter that a route does not know, one that is out of range and one that is given twice are errors: nothing is
//! ignored or clamped in silence.

use percent_encoding::percent_decode_str;

use super::problem::Problem;

/// What a parameter may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text of at most so many bytes.
    Text(usize),
    /// Texts: the parameter may be given several times.
    Texts(usize),
    /// `1` or `true`, `0` or `false`.
    Flag,
    /// A whole number in a range, both ends inclusive.
    Number(u64, u64),
    /// One of these.
    Choice(&'static [&'static str]),
}

/// A parameter of a route.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    pub name: &'static str,
    pub kind: Kind,
    /// What it does, as a sentence without its end.
    pub about: &'static str,
}

/// Most values of all parameters together.
const MAX_VALUES: usize = 200;

/// The parameters of a request, checked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values(Vec<(&'static Parameter, String)>);

/// The pairs of a query string, decoded.
///
/// # Errors
///
/// A problem for bytes that are no UTF-8.
pub(crate) fn pairs(query: &str) -> Result<Vec<(String, String)>, Problem> {
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8().map(|text| text.into_owned()).map_err(|_| {
            Problem::parameter(format!(
                "'{}' is not UTF-8 once it is decoded",
                text.chars().take(80).collect::<String>()
            ))
        })
    };
    let pieces = query.split('&').filter(|piece| !piece.is_empty());
    let pair = |piece: &str| {
        let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
        Ok((decoded(name)?, decoded(value)?))
    };
    pieces.map(pair).collect()
}

impl Values {
    /// Checks the parameters of a request against those of its route.
    ///
    /// # Errors
    ///
    /// A problem that names the parameter.
    pub(crate) fn check(pairs: Vec<(String, String)>, known: &[&'static Parameter]) -> Result<Values, Problem> {
        if pairs.len() > MAX_VALUES {
            return Err(Problem::parameter(format!(
                "there are {} parameters; at most {MAX_VALUES} are taken",
                pairs.len()
            )));
        }
        let mut values: Vec<(&'static Parameter, String)> = Vec::with_capacity(pairs.len());
        for (name, value) in pairs {
            let Some(parameter) = known.iter().find(|parameter| parameter.name == name) else {
                let names = known.iter().map(|parameter| parameter.name).collect::<Vec<_>>().join(", ");
                let names =
                    if names.is_empty() { "there are none here".into() } else { format!("those here are {names}") };
                return Err(Problem::parameter(format!("there is no parameter '{}': {names}", cut(&name))));
            };
            let is_repeated = values.iter().any(|(other, _)| other.name == name);
            if is_repeated && !matches!(parameter.kind, Kind::Texts(_)) {
                return Err(Problem::parameter(format!("'{name}' is given twice: give it once")));
            }
            parameter.check(&value)?;
            values.push((parameter, value));
        }
        Ok(Values(values))
    }

    /// A text; `None` if it is not given, or empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(parameter, _)| parameter.name == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// All texts of a parameter that may be repeated. An empty one is a value, too.
    pub(crate) fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let of_name = self.0.iter().filter(move |(parameter, _)| parameter.name == name);
        of_name.map(|(_, value)| value.as_str())
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|value| matches!(value, "1" | "true"))
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.text(name).and_then(|value| value.parse().ok())
    }
}

impl Parameter {
    fn check(&self, value: &str) -> Result<(), Problem> {
        let name = self.name;
        // An empty field of a form says nothing.
        if value.is_empty() && !matches!(self.kind, Kind::Number(..)) {
            return Ok(());
        }
        let fault = match self.kind {
            Kind::Text(most) | Kind::Texts(most) if value.len() > most => {
                format!("'{name}' has {} bytes; at most {most} are taken", value.len())
            }
            Kind::Flag if !matches!(value, "0" | "1" | "true" | "false") => {
                format!("'{name}' is 1 or 0, not '{}'", cut(value))
            }
            Kind::Number(least, most)
                if value.len() > 20
                    || !value.bytes().all(|byte| byte.is_ascii_digit())
                    || value.parse::<u64>().is_ok_and(|number| number < least || number > most)
                    || value.parse::<u64>().is_err() =>
            {
                format!("'{name}' is a whole number from {least} to {most}, not '{}'", cut(value))
            }
            Kind::Choice(all) if !all.contains(&value) => {
                format!("'{name}' is one of {}, not '{}'", all.join(", "), cut(value))
            }
            _ => return Ok(()),
        };
        Err(Problem::parameter(fault))
    }
}

/// The beginning of a value, for messages.
fn cut(value: &str) -> String {
    const MOST: usize = 60;
    let mut text: String = value.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(MOST).collect();
    if value.chars().count() > MOST {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    static N: Parameter = Parameter { name: "n", kind: Kind::Number(1, 100), about: "" };
    static Q: Parameter = Parameter { name: "q", kind: Kind::Text(8), about: "" };
    static ANY: Parameter = Parameter { name: "any", kind: Kind::Flag, about: "" };
    static SORT: Parameter = Parameter { name: "sort", kind: Kind::Choice(&["newest", "oldest"]), about: "" };
    static SOURCE: Parameter = Parameter { name: "source", kind: Kind::Texts(40), about: "" };

    fn check(query: &str) -> Result<Values, String> {
        pairs(query)
            .and_then(|pairs| Values::check(pairs, &[&N, &Q, &ANY, &SORT, &SOURCE]))
            .map_err(|problem| problem.detail)
    }

    #[test]
    fn parameters_are_checked() {
        let values = check("q=a%20b+c&n=7&any=true&source=X%26Y&source=%C3%A9&sort=").expect("valid");
        assert_eq!(values.text("q"), Some("a b c"));
        assert_eq!(values.number("n"), Some(7));
        assert!(values.flag("any"));
        assert_eq!(values.texts("source").collect::<Vec<_>>(), ["X&Y", "é"]);
        assert_eq!(values.text("sort"), None);
        assert_eq!(check("source=").expect("valid").texts("source").collect::<Vec<_>>(), [""]);
        for (query, detail) in [
            ("n=0", "'n' is a whole number from 1 to 100, not '0'"),
            ("n=101", "'n' is a whole number from 1 to 100, not '101'"),
            ("n=+5", "'n' is a whole number from 1 to 100, not ' 5'"),
            ("n=", "'n' is a whole number from 1 to 100, not ''"),
            ("n=99999999999999999999999", "'n' is a whole number from 1 to 100, not '99999999999999999999999'"),
            ("q=123456789", "'q' has 9 bytes; at most 8 are taken"),
            ("q=a&q=b", "'q' is given twice: give it once"),
            ("any=yes", "'any' is 1 or 0, not 'yes'"),
            ("sort=best", "'sort' is one of newest, oldest, not 'best'"),
            ("page=2", "there is no parameter 'page': those here are n, q, any, sort, source"),
            ("q=%ff", "'%ff' is not UTF-8 once it is decoded"),
        ] {
            assert_eq!(check(query).expect_err(query), detail, "{query}");
        }
        assert!(check(&"source=a&".repeat(201)).is_err());
    }
}

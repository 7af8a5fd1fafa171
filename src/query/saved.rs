//! Names of saved queries, which other queries refer to as `@name`.

/// Looks up the text of a saved query by its name.
pub(crate) type Saved<'s> = dyn Fn(&str) -> Option<String> + 's;

/// Whether a query can be saved under `name`: one or more letters, digits, `-` and `_`.
#[must_use]
pub(crate) fn can_name_saved(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

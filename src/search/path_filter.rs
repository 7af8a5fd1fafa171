//! `path:` with an absolute path, or one that begins with `./` or `../`. A path as it is shown begins with the name of the
//! followed folder, so an absolute path in the query is rewritten to the shown path of the same file or folder.

use std::path::{Component, Path, PathBuf};

use super::snapshot::Snapshot;
use crate::index::FollowedFolder;
use crate::index::record::exact_value;
use crate::query::{Clause, FieldName, FieldTest, Node, NodeKind, Value};
use crate::vocabulary::TextField;

/// The names that a shown path can begin with: of followed folders and of indexes.
struct Places<'s> {
    folders: &'s [FollowedFolder],
    /// Names that are shown before paths and are not stored, so that their words are not indexed: those of folders that
    /// are shown under another name, and of indexes before the articles that a program added.
    unindexed: Vec<&'s str>,
}

impl<'s> Places<'s> {
    fn of(snapshot: &'s Snapshot) -> Places<'s> {
        let renamed = snapshot.folders().iter().filter(|folder| folder.name != folder.stored);
        let added = snapshot.parts().iter().filter_map(|part| part.renames.added());
        Places {
            folders: snapshot.folders(),
            unindexed: renamed.map(|folder| folder.name.as_str()).chain(added).collect(),
        }
    }
}

impl Snapshot {
    /// Replaces paths of the file system in `path:` by shown ones.
    pub(super) fn resolve_paths(&self, node: &mut Node) {
        resolve(&Places::of(self), node);
    }
}

fn resolve(places: &Places<'_>, node: &mut Node) {
    match &mut node.kind {
        NodeKind::Field { field: FieldName::Text(TextField::Path), test, value: Value::Words(value) } => {
            if let Some(resolved) = resolved(places, *test, value) {
                node.kind = resolved.kind;
            }
        }
        NodeKind::And(clauses) => clauses.iter_mut().for_each(|clause| resolve(places, &mut clause.node)),
        NodeKind::Or(nodes) | NodeKind::Prox { operands: nodes, .. } => {
            nodes.iter_mut().for_each(|node| resolve(places, node));
        }
        NodeKind::Not(node) | NodeKind::Boost(_, node) | NodeKind::Saved(_, node) => resolve(places, node),
        _ => {}
    }
}

/// `path:value` with shown paths; `None` if no part of the value is the path of something in a followed folder.
fn resolved(places: &Places<'_>, test: FieldTest, value: &Node) -> Option<Node> {
    let at = |kind| Node { kind, span: value.span.clone() };
    match &value.kind {
        NodeKind::Word(text) | NodeKind::Phrase { text, .. } => {
            let phrase = |text: &str| at(NodeKind::Phrase { text: text.to_string(), slop: 0 });
            let filters = |tests: Vec<(FieldTest, String)>| -> Vec<Node> {
                tests.iter().map(|(test, path)| filter(*test, phrase(path))).collect()
            };
            let mut all = filters(tests(places.folders, test, text));
            if all.is_empty() && test == FieldTest::Contains {
                all = filters(in_unindexed(&places.unindexed, text));
                // The words of the rest of the path are indexed.
                if !all.is_empty() {
                    all.push(filter(test, value.clone()));
                }
            }
            (!all.is_empty()).then(|| at(NodeKind::Or(all)))
        }
        NodeKind::Pattern(text) => {
            let pattern = |test, text| filter(test, at(NodeKind::Pattern(text)));
            let filters = patterns(places.folders, text).into_iter().flat_map(|path| match test {
                FieldTest::Contains => {
                    let inside = format!("{path}/*");
                    vec![pattern(FieldTest::Equals, path), pattern(FieldTest::Equals, inside)]
                }
                FieldTest::Equals | FieldTest::Begins => vec![pattern(test, path)],
            });
            let filters: Vec<Node> = filters.collect();
            (!filters.is_empty()).then(|| at(NodeKind::Or(filters)))
        }
        NodeKind::Or(nodes) => group(places, test, nodes.iter()).map(|nodes| at(NodeKind::Or(nodes))),
        NodeKind::And(clauses) => {
            let nodes = group(places, test, clauses.iter().map(|clause| &clause.node))?;
            let parts = nodes.into_iter().zip(clauses).map(|(node, clause)| Clause { node, role: clause.role });
            Some(at(NodeKind::And(parts.collect())))
        }
        NodeKind::Not(node) => resolved(places, test, node).map(|node| at(NodeKind::Not(Box::new(node)))),
        NodeKind::Boost(by, node) => resolved(places, test, node).map(|node| at(NodeKind::Boost(*by, Box::new(node)))),
        _ => None,
    }
}

/// The parts of a group, each as a filter of its own; `None` if no part is the path of something in a followed folder.
fn group<'a>(places: &Places<'_>, test: FieldTest, values: impl Iterator<Item = &'a Node>) -> Option<Vec<Node>> {
    let mut is_any = false;
    let part = |value: &Node| match resolved(places, test, value) {
        Some(node) => {
            is_any = true;
            node
        }
        None => filter(test, value.clone()),
    };
    let parts: Vec<Node> = values.map(part).collect();
    is_any.then_some(parts)
}

fn filter(test: FieldTest, value: Node) -> Node {
    let span = value.span.clone();
    Node {
        kind: NodeKind::Field { field: FieldName::Text(TextField::Path), test, value: Value::Words(Box::new(value)) },
        span,
    }
}

/// Tests of shown paths, any of which a file must pass to pass `test` of the path `text`.
fn tests(folders: &[FollowedFolder], test: FieldTest, text: &str) -> Vec<(FieldTest, String)> {
    let end = if text.ends_with('/') && test == FieldTest::Begins { "/" } else { "" };
    let names = shown(folders, text).into_iter().map(|name| name + end);
    match test {
        // What lies there: the file, or all files of the folder.
        FieldTest::Contains => names
            .flat_map(|name| {
                let inside = format!("{}/", name.trim_end_matches('/'));
                [(FieldTest::Equals, name), (FieldTest::Begins, inside)]
            })
            .collect(),
        FieldTest::Equals | FieldTest::Begins => names.map(|name| (test, name)).collect(),
    }
}

/// Tests of what is below a name whose words are not indexed, and which has `text` as a part.
fn in_unindexed(names: &[&str], text: &str) -> Vec<(FieldTest, String)> {
    let text = exact_value(TextField::Path, text.trim_matches('/'));
    let mut out = Vec::new();
    for name in names {
        let name = exact_value(TextField::Path, name);
        let part = if format!("/{name}/").contains(&format!("/{text}/")) {
            name
        } else if text.starts_with(&format!("{}/", name.trim_end_matches('/'))) {
            text.clone()
        } else {
            continue;
        };
        out.push((FieldTest::Begins, format!("{}/", part.trim_end_matches('/'))));
        out.push((FieldTest::Equals, part));
    }
    out
}

/// Patterns of shown paths for a pattern of paths of the file system.
fn patterns(folders: &[FollowedFolder], text: &str) -> Vec<String> {
    let fixed = text.find(['*', '?']).unwrap_or(text.len());
    let Some(slash) = text[..fixed].rfind('/').filter(|slash| *slash > 0) else { return Vec::new() };
    let (folder, rest) = text.split_at(slash);
    let path = absolute(folder);
    // The pattern is for names in one folder; of a folder above the followed ones it says too little.
    let homes = path.iter().flat_map(|path| folders.iter().filter_map(move |home| below(home, path)));
    homes.map(|name| name.trim_end_matches('/').to_string() + rest).collect()
}

/// The shown paths of what lies at a path of the file system; none if `text` is no such path, or nothing of the index
/// is there.
fn shown(folders: &[FollowedFolder], text: &str) -> Vec<String> {
    let Some(path) = absolute(text) else { return Vec::new() };
    let of_path = |path: &Path| -> Vec<String> {
        let is_named = path.components().any(|part| matches!(part, Component::Normal(_)));
        let of = |home: &FollowedFolder| {
            let is_above = is_named && Path::new(&home.absolute).starts_with(path);
            below(home, path).or_else(|| is_above.then(|| home.name.clone()))
        };
        folders.iter().filter_map(of).collect()
    };
    let found = of_path(&path);
    if !found.is_empty() {
        return found;
    }
    // Folders are followed under their path without links.
    path.canonicalize().map(|path| of_path(&path)).unwrap_or_default()
}

/// The shown path of the file or folder at `path` if it is in the followed folder `home`.
fn below(home: &FollowedFolder, path: &Path) -> Option<String> {
    let below = path.strip_prefix(&home.absolute).ok().filter(|_| !home.absolute.is_empty())?;
    let below = below.to_string_lossy().replace('\\', "/");
    Some(if below.is_empty() { home.name.clone() } else { format!("{}/{below}", home.name.trim_end_matches('/')) })
}

/// `text` as an absolute path, if it is one or is clearly one below the working directory.
fn absolute(text: &str) -> Option<PathBuf> {
    let is_relative = ["./", "../"].iter().any(|start| text.starts_with(start));
    if !is_relative {
        return Some(PathBuf::from(text)).filter(|path| path.is_absolute());
    }
    let mut path = std::env::current_dir().ok()?;
    for part in Path::new(text).components() {
        match part {
            Component::ParentDir => _ = path.pop(),
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::walk::WalkOptions;

    #[test]
    fn paths_of_the_file_system_become_shown_ones() {
        let folder = |stored: &str, absolute: &str| FollowedFolder {
            name: stored.into(),
            absolute: absolute.into(),
            stored: stored.into(),
            files: 0,
            articles: 0,
            walk: WalkOptions::default(),
        };
        let folders = [folder("news", "/srv/press/news"), folder("./b", "/srv/press/b"), folder("/opt/c", "/opt/c")];
        for (text, expected) in [
            ("/srv/press/news/2023/a.txt", &["news/2023/a.txt"][..]),
            ("/srv/press/news/", &["news"]),
            ("/srv/press", &["news", "./b"]),
            ("/opt/c/x", &["/opt/c/x"]),
            ("/srv/press/newsroom", &[]),
            ("/nowhere/a", &[]),
            ("/", &[]),
            ("news/2023", &[]),
            ("2023", &[]),
        ] {
            assert_eq!(shown(&folders, text), expected, "{text}");
        }
        for (text, expected) in [
            ("/srv/press/news/2023/*.txt", &["news/2023/*.txt"][..]),
            ("/srv/press/b/*", &["./b/*"]),
            ("/srv/*/a", &[]),
            ("*/a", &[]),
            ("/*", &[]),
        ] {
            assert_eq!(patterns(&folders, text), expected, "{text}");
        }
    }
}

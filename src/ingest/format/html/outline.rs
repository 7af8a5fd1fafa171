//! The elements of a page that hold its blocks, and where its links, controls, headings and pictures are.
//!
//! Positions are those of the walk of [`super::scan`].

use trafilatura::dom::NodeId;

use super::names::Names;
use super::page::Element;

/// Most containers of a page.
const MOST: usize = 100_000;

/// The containers of a page, in document order.
#[derive(Default)]
pub(super) struct Outline {
    pub(super) containers: Vec<Container>,
    links: Vec<usize>,
    controls: Vec<usize>,
    headings: Vec<usize>,
    pictures: Vec<usize>,
    times: Vec<usize>,
}

/// An element that holds blocks.
#[derive(Debug, Clone)]
pub(super) struct Container {
    pub(super) node: NodeId,
    /// Index of the container around it.
    pub(super) parent: Option<usize>,
    /// Positions of the walk, the end exclusive.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Words of its class and id that tell what it is for.
    pub(super) names: Names,
    /// Do its class and id contain `comment`?
    pub(super) says_comment: bool,
    pub(super) kind: ContainerKind,
}

/// The kind of a container, by its element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContainerKind {
    /// An element that says nothing of its content.
    Plain,
    /// A header or a group of headings.
    Header,
    /// An `article`, or an element that is marked as one.
    Article,
    /// An aside, a footer or a menu.
    Beside,
    /// A figure.
    Figure,
    /// A cell of a table.
    Cell,
    /// Not displayed, or displayed above the page.
    Hidden,
}

/// Number of elements within a container that are no text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Holds {
    pub(super) links: usize,
    pub(super) controls: usize,
    pub(super) headings: usize,
    pub(super) pictures: usize,
    pub(super) times: usize,
}

impl Outline {
    /// Records an element that starts at a position. Returns the index of its container, if it is one.
    pub(super) fn open(
        &mut self,
        element: Element<'_>,
        names: Names,
        says_comment: bool,
        at: usize,
        parent: Option<usize>,
    ) -> Option<usize> {
        let name = element.name();
        match name {
            "a" => self.links.push(at),
            "form" | "input" | "button" | "select" | "textarea" => self.controls.push(at),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.headings.push(at),
            "img" | "picture" | "video" | "audio" | "iframe" | "svg" | "amp-img" => self.pictures.push(at),
            "time" => self.times.push(at),
            _ => {}
        }
        let kind = kind(element)?;
        if self.containers.len() >= MOST {
            return None;
        }
        let node = element.node();
        self.containers.push(Container { node, parent, start: at, end: usize::MAX, names, says_comment, kind });
        Some(self.containers.len() - 1)
    }

    /// Counts the links, controls, pictures and other elements within a container.
    pub(super) fn holds(&self, container: usize) -> Holds {
        let Container { start, end, .. } = self.containers[container];
        let count = |positions: &[usize]| {
            positions.partition_point(|&at| at < end) - positions.partition_point(|&at| at < start)
        };
        Holds {
            links: count(&self.links),
            controls: count(&self.controls),
            headings: count(&self.headings),
            pictures: count(&self.pictures),
            times: count(&self.times),
        }
    }

    /// A container and those around it, innermost first.
    pub(super) fn around(&self, container: Option<usize>) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(container, |&at| self.containers[at].parent)
    }
}

fn kind(element: Element<'_>) -> Option<ContainerKind> {
    let name = element.name();
    let kind = match name {
        "body" | "div" | "section" | "main" | "ul" | "ol" | "li" | "dl" | "dd" | "table" | "tr" | "blockquote"
        | "center" | "details" | "form" | "fieldset" => ContainerKind::Plain,
        "header" | "hgroup" => ContainerKind::Header,
        "article" => ContainerKind::Article,
        "aside" | "footer" | "nav" | "dialog" => ContainerKind::Beside,
        "figure" | "figcaption" => ContainerKind::Figure,
        "td" | "th" => ContainerKind::Cell,
        _ if name.contains('-') => ContainerKind::Plain,
        _ => return None,
    };
    let is_hidden = element.attr("hidden").is_some()
        || element.attr("style").is_some_and(|style| {
            let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
        || element.attr("aria-hidden").is_some_and(|value| value == "true");
    if is_hidden {
        return Some(ContainerKind::Hidden);
    }
    Some(match element.attr("role").as_deref() {
        Some("dialog" | "alertdialog" | "menu" | "tooltip") => ContainerKind::Hidden,
        Some("navigation" | "contentinfo" | "complementary" | "search") => ContainerKind::Beside,
        Some("article") => ContainerKind::Article,
        _ => kind,
    })
}

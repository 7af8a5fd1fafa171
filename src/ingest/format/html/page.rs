//! A saved page as the tree of the extraction library. Facts and headings are read from it before the library consumes
//! it, so that the page is parsed once.

use std::panic::{AssertUnwindSafe, catch_unwind};

use trafilatura::dom::{Document, NodeId};

/// A page.
pub(super) struct Page {
    document: Document,
}

/// An element of a page.
#[derive(Clone, Copy)]
pub(super) struct Element<'p> {
    document: &'p Document,
    id: NodeId,
}

/// A step of a walk through a page, in document order.
pub(super) enum Step<'p> {
    Open(Element<'p>),
    Text(String),
    Close(Element<'p>),
}

impl Page {
    /// Parses a page without charsets ([`super::tree::without_charset`]); an empty one if the parser panics.
    pub(super) fn parse(page: &str) -> Page {
        let parse = |page: &str| Document::parse(page);
        Page { document: catch_unwind(AssertUnwindSafe(|| parse(page))).unwrap_or_else(|_| parse("")) }
    }

    /// The tree, for the extraction library.
    pub(super) fn into_document(self) -> Document {
        self.document
    }

    /// Removes links that edit a section from its heading, with the brackets around them.
    pub(super) fn remove_edit_links(&mut self) {
        /// Longest text of such a link, with other links beside it.
        const MOST_BYTES: usize = 80;
        let headings = ["h1", "h2", "h3", "h4", "h5", "h6"];
        let document = &self.document;
        let mut found = Vec::new();
        for link in self.elements("a") {
            let address = link.attr("href").unwrap_or_default();
            if !address.contains("action=edit") {
                continue;
            }
            // The outermost element below the heading that has little other text.
            let around = std::iter::successors(Some(link.id), |&id| document.parent(id));
            let mut outermost = link.id;
            for id in around.take(headings.len()) {
                if headings.contains(&document.tag_name(id)) {
                    let (all, part) = (document.text_content(id), document.text_content(outermost));
                    if part.len() <= MOST_BYTES && part.trim().len() < all.trim().len() {
                        found.push(outermost);
                    }
                    break;
                }
                outermost = id;
            }
        }
        found.sort_unstable();
        found.dedup();
        for id in found {
            self.document.remove(id, true);
        }
    }

    /// Removes names that contain `part` from the classes and the ids of elements.
    pub(super) fn remove_names(&mut self, nodes: &[NodeId], part: &str) {
        for &node in nodes {
            for attribute in ["class", "id"] {
                if let Some(value) = self.document.get_attribute(node, attribute) {
                    let names = value.split_ascii_whitespace().filter(|name| !name.to_ascii_lowercase().contains(part));
                    let names: Vec<&str> = names.collect();
                    self.document.set_attribute(node, attribute, &names.join(" "));
                }
            }
        }
    }

    /// All elements with this name, in order.
    pub(super) fn elements(&self, name: &str) -> impl Iterator<Item = Element<'_>> {
        Element { document: &self.document, id: self.document.root() }.elements(name)
    }

    /// Walks the page.
    pub(super) fn walk(&self, take: &mut dyn FnMut(Step<'_>)) {
        Element { document: &self.document, id: self.document.root() }.walk(take);
    }
}

impl<'p> Element<'p> {
    /// Name of the element; empty for the root.
    pub(super) fn name(self) -> &'p str {
        self.document.tag_name(self.id)
    }

    /// The node of the tree.
    pub(super) fn node(self) -> NodeId {
        self.id
    }

    /// The value of an attribute.
    pub(super) fn attr(self, name: &str) -> Option<String> {
        self.document.get_attribute(self.id, name)
    }

    /// All descendants with this name, in order.
    pub(super) fn elements(self, name: &str) -> impl Iterator<Item = Element<'p>> + use<'p> {
        let found = self.document.get_elements_by_tag_name(self.id, name);
        found.into_iter().map(move |id| Element { document: self.document, id })
    }

    /// The texts of the element, joined by `separator`.
    pub(super) fn text(self, separator: &str) -> String {
        let mut pieces = Vec::new();
        self.walk(&mut |step| {
            if let Step::Text(text) = step {
                pieces.push(text);
            }
        });
        pieces.join(separator)
    }

    /// The texts of the element, joined by `separator`, if they are at most `most` bytes in a few nodes.
    pub(super) fn short_text(self, separator: &str, most: usize) -> Option<String> {
        const MOST_NODES: usize = 100;
        let document = self.document;
        let mut out = String::new();
        let mut nodes = 0;
        let mut open = vec![document.child_nodes(self.id).into_iter()];
        while let Some(children) = open.last_mut() {
            let Some(id) = children.next() else {
                open.pop();
                continue;
            };
            nodes += 1;
            if nodes > MOST_NODES {
                return None;
            }
            if document.is_text(id) {
                if !out.is_empty() {
                    out.push_str(separator);
                }
                out.push_str(&document.text_content(id));
                if out.len() > most {
                    return None;
                }
            } else if document.is_element(id) && !matches!(document.tag_name(id), "script" | "style") {
                open.push(document.child_nodes(id).into_iter());
            }
        }
        Some(out)
    }

    /// Walks the content of the element. Without recursion, since pages may nest deeply.
    fn walk(self, take: &mut dyn FnMut(Step<'_>)) {
        let document = self.document;
        let mut open = vec![(self, document.child_nodes(self.id).into_iter())];
        while let Some((element, children)) = open.last_mut() {
            let Some(id) = children.next() else {
                if element.id != self.id {
                    take(Step::Close(*element));
                }
                open.pop();
                continue;
            };
            if document.is_text(id) {
                take(Step::Text(document.text_content(id)));
            } else if document.is_element(id) {
                let element = Element { document, id };
                take(Step::Open(element));
                open.push((element, document.child_nodes(id).into_iter()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_elements_and_texts() {
        let page = Page::parse(
            "<html lang=en><head><title>Halden</title></head><body>A <b>fine</b><!-- no --> day<p>Two <i>ships</i></p></body>",
        );
        let mut steps = String::new();
        page.walk(&mut |step| match step {
            Step::Open(element) => steps += &format!("<{}>", element.name()),
            Step::Text(text) => steps += &text,
            Step::Close(element) => steps += &format!("</{}>", element.name()),
        });
        let body = "A <b>fine</b> day<p>Two <i>ships</i></p>";
        let expected = format!("<html><head><title>Halden</title></head><body>{body}</body></html>");
        assert_eq!(steps, expected);
        let texts = |name: &str| page.elements(name).map(|element| element.text("|")).collect::<Vec<_>>();
        assert_eq!(texts("p"), ["Two |ships"]);
        assert_eq!(texts("head"), ["Halden"]);
        assert_eq!(page.elements("html").next().and_then(|html| html.attr("lang")).as_deref(), Some("en"));
        assert_eq!(page.elements("p").flat_map(|p| p.elements("i")).count(), 1);
    }

    #[test]
    fn edit_links_are_no_part_of_headings() {
        let edit = "[<a href='/w/index.php?title=Halden&amp;action=edit&amp;section=2'>rediger</a>]";
        let mut page = Page::parse(&format!(
            "<h2><span>Havnen</span><span>{edit}</span></h2><h3>Byen <a href=/by>Halden</a></h3><p>{edit}</p>"
        ));
        page.remove_edit_links();
        let texts = |name: &str| page.elements(name).map(|element| element.text("")).collect::<Vec<_>>();
        assert_eq!(texts("h2"), ["Havnen"]);
        assert_eq!(texts("h3"), ["Byen Halden"]);
        assert_eq!(texts("p"), ["[rediger]"]);
    }

    #[test]
    fn deep_pages_are_walked() {
        let deep = 1_400;
        let page = Page::parse(&format!("{}x{}", "<div>".repeat(deep), "</div>".repeat(deep)));
        let mut closed = 0;
        page.walk(&mut |step| closed += usize::from(matches!(step, Step::Close(element) if element.name() == "div")));
        assert_eq!(closed, deep);
    }
}

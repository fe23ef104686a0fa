//! [`Layout`]: a document with one element a line, for people who read it.

use super::node::{ChildNode, Node};

/// Blanks before an element, for each element around it.
const INDENT: &str = "  ";

/// A document with one element a line, and the lines of its elements.
pub(crate) struct Layout {
    pub(crate) xml: String,
    /// Elements in document order, the root first.
    pub(crate) elements: Vec<ElementLines>,
}

/// Lines of an element, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ElementLines {
    pub(crate) name: String,
    pub(crate) first: usize,
    pub(crate) last: usize,
}

impl Layout {
    /// Arranges a document. An element among text, such as one of SSML, stays in its line, because
    /// blanks in text have a meaning.
    pub(crate) fn of(root: &Node) -> Self {
        // The first line is the declaration.
        let mut layout = Lines {
            line: 2,
            elements: Vec::new(),
        };
        let indented = layout.indent(root, 0);
        Self {
            xml: indented.to_xml().replacen("?>", "?>\n", 1),
            elements: layout.elements,
        }
    }
}

struct Lines {
    line: usize,
    elements: Vec<ElementLines>,
}

impl Lines {
    fn indent(&mut self, node: &Node, depth: usize) -> Node {
        let index = self.elements.len();
        self.elements.push(ElementLines {
            name: node.name().to_owned(),
            first: self.line,
            last: self.line,
        });
        let mut indented = Node::new(node.name());
        for (name, value) in node.attributes() {
            indented.set(name, value.to_owned());
        }
        let is_block = node.children().next().is_some() && node.text().trim().is_empty();
        for item in node.child_nodes() {
            match item {
                ChildNode::Text(_) if is_block => {}
                ChildNode::Text(text) => {
                    self.line += text.matches('\n').count();
                    indented.push_text(text);
                }
                ChildNode::Element(child) => {
                    if is_block {
                        self.break_line(&mut indented, depth + 1);
                    }
                    let child = self.indent(child, depth + 1);
                    indented.push(child);
                }
            }
        }
        if is_block {
            self.break_line(&mut indented, depth);
        }
        if let Some(element) = self.elements.get_mut(index) {
            element.last = self.line;
        }
        indented
    }

    fn break_line(&mut self, node: &mut Node, depth: usize) {
        self.line += 1;
        node.push_text(&format!("\n{}", INDENT.repeat(depth)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_text() {
        let root = super::super::read(
            "<Response><Gather><Say>One <break/>two\nthree</Say><Pause/></Gather><Hangup/></Response>",
        );
        let layout = root.map(|root| Layout::of(&root));
        let Ok(Layout { xml, elements }) = layout else {
            unreachable!("the document is well-formed");
        };
        let lines: Vec<&str> = xml.lines().collect();
        let names = ["Response", "Gather", "Say", "break", "Pause", "Hangup"];
        assert_eq!(elements.len(), names.len());
        for (element, name) in elements.iter().zip(names) {
            assert_eq!(element.name, name);
            let first = lines.get(element.first - 1).copied().unwrap_or_default();
            assert!(first.contains(&format!("<{name}")), "{name}: {first}");
            let last = lines.get(element.last - 1).copied().unwrap_or_default();
            let is_end = last.contains("/>") || last.contains(&format!("</{name}>"));
            assert!(is_end, "{name}: {last}");
        }
        assert_eq!(lines.get(2).copied(), Some("  <Gather>"));
        assert_eq!(xml.lines().count(), 9);
    }
}

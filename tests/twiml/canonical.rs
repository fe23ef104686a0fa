//! Canonical XML (C14N 2.0 without namespaces), written with a parser other than the crate's own.

use roxmltree::{Document, Node};

/// Returns the document in canonical form: attributes sorted, references and quotes in one
/// spelling.
#[track_caller]
pub(crate) fn canonical(xml: &str) -> String {
    let document = Document::parse(xml).expect("a well-formed document");
    let mut out = String::new();
    write(document.root_element(), &mut out);
    out
}

fn write(node: Node<'_, '_>, out: &mut String) {
    if node.is_text() {
        escape(node.text().unwrap_or_default(), "&<>\r", out);
    } else if node.is_element() {
        out.push('<');
        out.push_str(node.tag_name().name());
        let mut attributes: Vec<_> = node.attributes().collect();
        // Attributes without a namespace come first. Only `xml:lang` has a namespace.
        attributes.sort_by_key(|a| (a.namespace(), a.name()));
        for attribute in attributes {
            out.push_str(if attribute.namespace().is_some() {
                " xml:"
            } else {
                " "
            });
            out.push_str(attribute.name());
            out.push_str("=\"");
            escape(attribute.value(), "&<\"\t\n\r", out);
            out.push('"');
        }
        out.push('>');
        for child in node.children() {
            write(child, out);
        }
        out.push_str("</");
        out.push_str(node.tag_name().name());
        out.push('>');
    }
}

fn escape(text: &str, special: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            c if !special.contains(c) => out.push(c),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#x9;"),
            '\n' => out.push_str("&#xA;"),
            c => {
                assert_eq!(c, '\r');
                out.push_str("&#xD;");
            }
        }
    }
}

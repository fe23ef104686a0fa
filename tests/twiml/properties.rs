//! Any text gives a document that another parser accepts, and both parsers return the written text.

use clinspark_twilio::twiml::{
    ChildNode, CustomElement, Message, MessagingResponse, Node, Say, VoiceResponse, read,
};

/// Xorshift generator, which creates the same documents in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// Mostly characters that break XML.
    fn text(&mut self) -> String {
        const NASTY: [&str; 24] = [
            "<",
            ">",
            "&",
            "\"",
            "'",
            "\r",
            "\n",
            "\t",
            "]]>",
            "<!--",
            "-->",
            "<![CDATA[",
            "&#0;",
            "&amp;",
            "</Say>",
            "/>",
            "\0",
            "\u{1F}",
            "\u{FFFE}",
            "\u{FFFF}",
            "\u{FFFD}",
            "\u{85}",
            "<?xml",
            "\u{1F600}",
        ];
        const TAME: [&str; 5] = ["press one", " ", "ü", "你好", "x"];
        let mut text = String::new();
        for _ in 0..self.below(6) {
            text += if self.below(2) == 0 {
                self.pick(&NASTY)
            } else {
                self.pick(&TAME)
            };
        }
        text
    }

    fn tree(&mut self, depth: usize) -> Tree {
        let tag = self.pick(&["Say", "Gather", "a", "B-c.d_e", "_x"]);
        let mut tree = Tree {
            tag,
            attributes: Vec::new(),
            content: Vec::new(),
        };
        for _ in 0..self.below(4) {
            let name = self.pick(&["voice", "xml:lang", "a", "b-c", "_d"]);
            let value = self.text();
            // Setting an attribute again replaces its value.
            tree.attributes.retain(|(known, _)| *known != name);
            tree.attributes.push((name, value));
        }
        for _ in 0..self.below(4) {
            tree.content.push(if depth > 0 && self.below(2) == 0 {
                Piece::Tree(self.tree(depth - 1))
            } else {
                Piece::Text(self.text())
            });
        }
        tree
    }
}

struct Tree {
    tag: &'static str,
    attributes: Vec<(&'static str, String)>,
    content: Vec<Piece>,
}

enum Piece {
    Text(String),
    Tree(Tree),
}

impl Tree {
    fn build(&self) -> CustomElement {
        let element = CustomElement::new(self.tag).unwrap();
        let element = self
            .attributes
            .iter()
            .fold(element, |element, (name, value)| {
                let element = element.attribute(name, "to be replaced").unwrap();
                element.attribute(name, value).unwrap()
            });
        self.content
            .iter()
            .fold(element, |element, piece| match piece {
                Piece::Text(text) => element.append(text.as_str()),
                Piece::Tree(tree) => element.append(tree.build()),
            })
    }

    /// Content as a parser must return it: adjacent text merged, forbidden characters replaced.
    fn seen(&self) -> Vec<Result<String, &Self>> {
        let mut seen: Vec<Result<String, &Self>> = Vec::new();
        for piece in &self.content {
            match (piece, seen.last_mut()) {
                (Piece::Text(text), Some(Ok(before))) => before.push_str(&legal(text)),
                (Piece::Text(text), _) if text.is_empty() => {}
                (Piece::Text(text), _) => seen.push(Ok(legal(text))),
                (Piece::Tree(tree), _) => seen.push(Err(tree)),
            }
        }
        seen
    }

    fn assert_read(&self, node: &Node) {
        assert_eq!(node.name(), self.tag);
        assert_eq!(node.attributes().count(), self.attributes.len());
        for (name, value) in &self.attributes {
            assert_eq!(node.attribute(name), Some(legal(value).as_str()));
        }
        let (seen, items) = (self.seen(), node.child_nodes().collect::<Vec<_>>());
        assert_eq!(seen.len(), items.len());
        for pair in seen.iter().zip(items) {
            match pair {
                (Ok(text), ChildNode::Text(read)) => assert_eq!(text, read),
                (Err(tree), ChildNode::Element(node)) => tree.assert_read(node),
                _ => panic!("text and elements are mixed up"),
            }
        }
    }

    fn assert_read_by_another(&self, node: roxmltree::Node<'_, '_>) {
        assert_eq!(node.tag_name().name(), self.tag);
        assert_eq!(node.attributes().count(), self.attributes.len());
        for (name, value) in &self.attributes {
            let name = name.strip_prefix("xml:").unwrap_or(name);
            let read = node
                .attributes()
                .find(|a| a.name() == name)
                .unwrap()
                .value();
            assert_eq!(read, legal(value));
        }
        let (seen, items) = (self.seen(), node.children().collect::<Vec<_>>());
        assert_eq!(seen.len(), items.len());
        for pair in seen.iter().zip(items) {
            match pair {
                (Ok(text), node) => assert_eq!(Some(text.as_str()), node.text()),
                (Err(tree), node) => tree.assert_read_by_another(node),
            }
        }
    }
}

fn legal(text: &str) -> String {
    text.chars()
        .map(|c| if is_forbidden(c) { '\u{FFFD}' } else { c })
        .collect()
}

/// Characters that XML 1.0 forbids: the complement of <https://www.w3.org/TR/xml/#charsets>.
fn is_forbidden(c: char) -> bool {
    !matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

#[test]
fn a_hundred_thousand_documents_are_read_as_they_were_written() {
    let mut random = Random(0x0123_4567_89AB_CDEF);
    for _ in 0..100_000 {
        let tree = random.tree(3);
        let xml = VoiceResponse::new().append(tree.build()).to_xml();
        let other = roxmltree::Document::parse(&xml).unwrap();
        tree.assert_read_by_another(other.root_element().first_child().unwrap());
        let node = read(&xml).unwrap();
        tree.assert_read(node.children().next().unwrap());
        assert_eq!(read(&node.to_xml()).unwrap(), node);
    }
}

#[test]
fn every_character_survives_and_every_forbidden_one_is_replaced() {
    let all: Vec<char> = ('\0'..=char::MAX).collect();
    assert_eq!(all.iter().filter(|c| is_forbidden(**c)).count(), 29 + 2);
    for some in all.chunks(4_096) {
        let text = String::from_iter(some);
        let xml = VoiceResponse::new()
            .append(Say::new(&text).language(text.clone()))
            .append(
                CustomElement::new("a")
                    .unwrap()
                    .attribute("b", &text)
                    .unwrap()
                    .append(text.as_str()),
            )
            .to_xml();
        let expected = legal(&text);
        let document = roxmltree::Document::parse(&xml).unwrap();
        let node = read(&xml).unwrap();
        for (tag, name) in [("Say", "language"), ("a", "b")] {
            let other = document
                .descendants()
                .find(|n| n.has_tag_name(tag))
                .unwrap();
            assert_eq!(other.text(), Some(expected.as_str()));
            assert_eq!(other.attribute(name), Some(expected.as_str()));
            let ours = node.find(tag).unwrap();
            assert_eq!(ours.text(), expected);
            assert_eq!(ours.attribute(name), Some(expected.as_str()));
        }
    }
}

#[test]
fn no_text_closes_an_element() {
    for text in [
        "</Message>",
        "]]></Message>",
        "\"/><Hangup/>",
        "--><Hangup/>",
        "<![CDATA[",
        "&lt;",
    ] {
        let answer = MessagingResponse::new().append(Message::text(text).to(text).action(text));
        let node = read(&answer.to_xml()).unwrap();
        assert_eq!(node.children().count(), 1);
        let message = node.find("Message").unwrap();
        assert_eq!(message.children().count(), 0);
        assert_eq!(message.text(), text);
        assert_eq!(message.attribute("to"), Some(text));
        assert_eq!(message.attributes().count(), 2);
    }
}

#[test]
fn no_name_opens_an_element() {
    for name in [
        "", " ", "a b", "a>", "a/", "a=\"b\"", "1a", "-a", "a\0", "ü", "a:b", "xml", "XMLx",
        "xmlns", "xml:base",
    ] {
        assert!(CustomElement::new(name).is_err(), "{name:?}");
        assert!(Say::new("").attribute(name, "").is_err(), "{name:?}");
        assert!(
            CustomElement::new("a")
                .unwrap()
                .attribute(name, "")
                .is_err(),
            "{name:?}"
        );
    }
    assert_eq!(
        CustomElement::new("a>b").unwrap_err().to_string(),
        "invalid name of an element or attribute: character 2 is not an ASCII letter, digit, `-`, \
         `_` or `.`"
    );
}

/// The crate's parser is at least as strict as the other one on damaged documents.
#[test]
fn damaged_documents_never_panic_and_never_pass() {
    const DAMAGE: [&str; 16] = [
        "<", ">", "&", ";", "\"", "'", "/", "=", " ", "]]>", "<!--", "-->", "\u{1}", "&#x;", "ü",
        "",
    ];
    let mut random = Random(0xFEDC_BA98_7654_3210);
    let mut passed = 0;
    for _ in 0..30_000 {
        let mut xml = VoiceResponse::new().append(random.tree(2).build()).to_xml();
        for _ in 0..=random.below(2) {
            let boundaries: Vec<_> = xml.char_indices().map(|(at, _)| at).collect();
            let first = random.below(boundaries.len());
            let last = (first + random.below(3)).min(boundaries.len() - 1);
            let (at, end) = (boundaries[first], boundaries[last]);
            xml.replace_range(at..end, random.pick(&DAMAGE));
        }
        if let Err(error) = read(&xml) {
            assert!(error.line() >= 1 && error.column() >= 1);
        } else {
            passed += 1;
            let other = roxmltree::Document::parse(&xml);
            // Namespaces are a layer above XML: for the crate, a prefix is a part of the name.
            let fine = matches!(other, Ok(_) | Err(roxmltree::Error::UnknownNamespace(..)));
            assert!(fine, "{:?}\n{xml}", other.err());
        }
    }
    assert!(passed > 1_000, "too much damage to mean anything: {passed}");
}

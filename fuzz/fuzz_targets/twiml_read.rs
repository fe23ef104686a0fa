//! Parser of documents, compared with roxmltree.
//!
//! Input: a document.
#![no_main]

use clinspark_twilio::twiml::{
    self, ChildNode, CustomElement, MessagingResponse, NameError, Node, ReadErrorKind,
    VoiceResponse,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|xml: &str| {
    // The crate treats a prefix as part of the name; roxmltree treats it as a namespace.
    if xml.contains("xmlns") || xml.contains(':') {
        let _ = twiml::read(xml);
        return;
    }
    let other = roxmltree::Document::parse(xml);
    match (twiml::read(xml), other) {
        (Ok(node), Ok(other)) => {
            assert_same(&node, other.root_element());
            assert_same_again(&node);
            let _ = lint(&node);
        }
        (Ok(_), Err(error)) => panic!("roxmltree refuses it: {error}"),
        // roxmltree does not check the XML declaration at the start of the document.
        (Err(error), Ok(_))
            if xml.contains("<?xml") && (error.line(), error.column()) == (1, 1) => {}
        (Err(error), Ok(_)) => assert_ne!(error.kind(), ReadErrorKind::Malformed, "{error}"),
        (Err(_), Err(_)) => {}
    }
});

fn assert_same(node: &Node, other: roxmltree::Node<'_, '_>) {
    assert_eq!(node.name(), other.tag_name().name());
    let attributes: Vec<_> = node.attributes().collect();
    let others: Vec<_> = other.attributes().map(|a| (a.name(), a.value())).collect();
    assert_eq!(attributes, others);
    let others = other.children().filter(roxmltree::Node::is_text);
    let text: String = others.filter_map(|node| node.text()).collect();
    assert_eq!(node.text(), text);
    let children: Vec<_> = node.children().collect();
    let others: Vec<_> = other
        .children()
        .filter(roxmltree::Node::is_element)
        .collect();
    assert_eq!(children.len(), others.len());
    for (child, other) in children.into_iter().zip(others) {
        assert_same(child, other);
    }
}

fn assert_same_again(node: &Node) {
    match twiml::read(&node.to_xml()) {
        Ok(again) => assert!(again == *node),
        // An escaped character is longer than the character.
        Err(error) => assert_eq!(error.kind(), ReadErrorKind::TooLong),
    }
}

/// Builds the document again with typed builders, because only they have `lint`.
fn lint(root: &Node) -> Result<(), NameError> {
    let children = || root.children().map(rebuilt).collect::<Result<Vec<_>, _>>();
    let voice = children()?
        .into_iter()
        .fold(VoiceResponse::new(), VoiceResponse::append);
    let messaging = children()?
        .into_iter()
        .fold(MessagingResponse::new(), MessagingResponse::append);
    for finding in voice.lint().into_iter().chain(messaging.lint()) {
        let _ = finding.to_string();
    }
    Ok(())
}

fn rebuilt(node: &Node) -> Result<CustomElement, NameError> {
    let element = CustomElement::new(node.name())?;
    let element = node
        .attributes()
        .try_fold(element, |element, (name, value)| {
            element.attribute(name, value)
        })?;
    node.child_nodes().try_fold(element, |element, item| {
        Ok(match item {
            ChildNode::Text(text) => element.append(text),
            ChildNode::Element(child) => element.append(rebuilt(child)?),
            _ => element,
        })
    })
}

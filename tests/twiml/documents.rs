//! Generated documents compared with those of the official Python and Node libraries, in canonical
//! XML.
//!
//! Covered are every element with all its attributes, and random trees.

use clinspark_twilio::twiml::{ELEMENTS, Node, read};
use serde::Deserialize;

use crate::canonical::canonical;
use crate::typed::{self, Description};

/// Made by `data/make_twiml_documents.py`.
const DOCUMENTS: &str = include_str!("../data/twiml_documents.jsonl");

#[derive(Deserialize)]
struct Line {
    document: Description,
    xml: String,
}

fn lines() -> Vec<Line> {
    DOCUMENTS
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn documents_equal_those_of_the_official_libraries() {
    let lines = lines();
    assert!(lines.len() > 300);
    for line in lines {
        let xml = typed::document(&line.document);
        assert_eq!(canonical(&xml), line.xml);
    }
}

#[test]
fn the_documents_hold_every_element_with_all_its_attributes() {
    fn has(node: &Node, tag: &str, name: &str) -> bool {
        (node.name() == tag && node.attribute(name).is_some())
            || node.children().any(|child| has(child, tag, name))
    }
    let trees: Vec<_> = lines()
        .iter()
        .map(|line| read(&line.xml).unwrap())
        .collect();
    for schema in ELEMENTS {
        for attribute in schema.attributes {
            let there = trees
                .iter()
                .any(|tree| has(tree, schema.tag, attribute.name));
            assert!(there, "{}.{}", schema.type_name, attribute.name);
        }
        assert!(
            trees.iter().any(|tree| tree.find(schema.tag).is_some()),
            "{}",
            schema.type_name
        );
    }
}

#[test]
fn documents_survive_reading_and_writing() {
    for line in lines() {
        let xml = typed::document(&line.document);
        let tree = read(&xml).unwrap();
        assert_eq!(tree, read(&line.xml).unwrap());
        assert_eq!(tree.to_xml(), xml);
    }
}

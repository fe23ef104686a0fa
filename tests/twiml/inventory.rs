//! The schemas equal Twilio's inventory, in both directions.
//!
//! A missing or surplus element, attribute, parent or value fails with its name.

use std::collections::{BTreeMap, BTreeSet};

use clinspark_twilio::twiml::{ELEMENTS, ElementSchema, Language, ValueType, Voice};
use serde::Deserialize;

/// Every element and attribute of Twilio's official Python and Node libraries.
const INVENTORY: &str = include_str!("../data/twiml_inventory.json");

/// Rust names that differ from the libraries' class names.
///
/// An element inside `ssml` needs no prefix. An element whose name is also that of a value ends in
/// `Element`.
const RENAMED: &[(&str, &str)] = &[
    ("ApplicationSidElement", "ApplicationSid"),
    ("Break", "SsmlBreak"),
    ("Emphasis", "SsmlEmphasis"),
    ("Lang", "SsmlLang"),
    ("Paragraph", "SsmlP"),
    ("Phoneme", "SsmlPhoneme"),
    ("Prosody", "SsmlProsody"),
    ("LanguageElement", "Language"),
    ("SayAs", "SsmlSayAs"),
    ("Sentence", "SsmlS"),
    ("Sub", "SsmlSub"),
    ("UriElement", "SipUri"),
    ("Word", "SsmlW"),
];

/// Attributes of the inventory that have no schema.
const LEFT_OUT: &[(&str, &str)] = &[
    // The spelling of Node and Java. Python, Twilio's changelog and this crate use camelCase.
    ("ConversationRelay", "backgroundnoisereduction"),
    ("ConversationRelay", "deepgramsmartformat"),
    ("ConversationRelay", "ignorebackchannel"),
    ("ConversationRelay", "speechtimeout"),
];

#[derive(Deserialize)]
struct Inventory {
    roots: BTreeMap<String, BTreeMap<String, [String; 2]>>,
    elements: Vec<Element>,
    vocabularies: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Deserialize)]
struct Element {
    class: String,
    tag: String,
    content: String,
    parents: BTreeSet<String>,
    attributes: BTreeMap<String, Attribute>,
    text: Option<ElementText>,
}

#[derive(Deserialize)]
struct ElementText {
    #[serde(rename = "type")]
    kind: String,
    required: bool,
}

#[derive(Deserialize)]
struct Attribute {
    #[serde(rename = "type")]
    kind: String,
    unit: Option<String>,
    values: Option<BTreeSet<String>>,
    vocabulary: Option<String>,
}

fn inventory() -> Inventory {
    serde_json::from_str(INVENTORY).unwrap()
}

fn class_of(name: &str) -> &str {
    RENAMED
        .iter()
        .find_map(|(ours, theirs)| (*ours == name).then_some(*theirs))
        .unwrap_or(name)
}

/// Pairs each schema with its entry in the inventory.
fn pairs(inventory: &Inventory) -> Vec<(&'static ElementSchema, &Element)> {
    let pair = |schema: &&'static ElementSchema| {
        let class = class_of(schema.type_name);
        let element = inventory.elements.iter().find(|e| e.class == class);
        (
            *schema,
            element.unwrap_or_else(|| panic!("surplus element {}", schema.type_name)),
        )
    };
    ELEMENTS.iter().map(pair).collect()
}

#[track_caller]
fn assert_same(what: &str, ours: &BTreeSet<&str>, theirs: &BTreeSet<&str>) {
    let missing: Vec<_> = theirs.difference(ours).collect();
    let surplus: Vec<_> = ours.difference(theirs).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "{what}: missing {missing:?}, surplus {surplus:?}"
    );
}

#[test]
fn every_element_has_a_schema() {
    let inventory = inventory();
    let ours: BTreeSet<_> = ELEMENTS
        .iter()
        .map(|schema| class_of(schema.type_name))
        .collect();
    let theirs: BTreeSet<_> = inventory
        .elements
        .iter()
        .map(|e| e.class.as_str())
        .collect();
    assert_same("elements", &ours, &theirs);
    assert_eq!(ELEMENTS.len(), theirs.len(), "a schema is listed twice");
    assert_eq!(theirs.len(), 61);
    for (schema, element) in pairs(&inventory) {
        assert_eq!(schema.tag, element.tag, "tag of {}", schema.type_name);
    }
}

#[test]
fn every_element_has_the_parents_of_the_inventory() {
    let inventory = inventory();
    for (schema, element) in pairs(&inventory) {
        let ours: BTreeSet<_> = schema
            .parents
            .iter()
            .map(|parent| class_of(parent))
            .collect();
        let theirs: BTreeSet<_> = element.parents.iter().map(String::as_str).collect();
        assert_same(&format!("parents of {}", schema.type_name), &ours, &theirs);
        let known = |parent: &&str| {
            inventory.roots.contains_key(*parent)
                || inventory.elements.iter().any(|e| e.class == *parent)
        };
        assert!(ours.iter().all(known), "parents of {}", schema.type_name);
    }
}

#[test]
fn every_attribute_has_a_schema_of_its_type() {
    let inventory = inventory();
    for (schema, element) in pairs(&inventory) {
        let ours: BTreeSet<_> = schema.attributes.iter().map(|a| a.name).collect();
        let left_out = |name: &str| LEFT_OUT.contains(&(schema.type_name, name));
        let theirs: BTreeSet<_> = element.attributes.keys().map(String::as_str).collect();
        let theirs = theirs.into_iter().filter(|name| !left_out(name)).collect();
        assert_same(
            &format!("attributes of {}", schema.type_name),
            &ours,
            &theirs,
        );
        assert_eq!(
            schema.attributes.len(),
            ours.len(),
            "{}: an attribute twice",
            schema.type_name
        );
        for attribute in schema.attributes {
            let what = format!("{}.{}", schema.type_name, attribute.name);
            check_type(
                &what,
                attribute.value_type,
                &element.attributes[attribute.name],
                &inventory,
            );
        }
    }
}

/// A schema may be more precise than the inventory if the libraries use a string, but never less.
#[track_caller]
fn check_type(what: &str, ours: ValueType, theirs: &Attribute, inventory: &Inventory) {
    let words = |words: &'static [&'static str]| words.iter().copied().collect::<BTreeSet<_>>();
    let values = || {
        let values = theirs.values.as_ref().unwrap();
        values.iter().map(String::as_str).collect::<BTreeSet<_>>()
    };
    match (theirs.kind.as_str(), theirs.unit.as_deref(), ours) {
        ("string", None, _)
        | ("url", None, ValueType::Url | ValueType::WebSocketUrl)
        | ("phone_number", None, ValueType::PhoneNumber)
        | ("method", None, ValueType::Method)
        // `reportInputDuringAgentSpeech` takes a kind of input since May 2025. The libraries kept
        // the type of the older attribute.
        | (
            "boolean",
            None,
            ValueType::Boolean | ValueType::OpenEnum(["none", "dtmf", "speech", "any"]),
        )
        | ("integer", None, ValueType::Integer)
        | ("integer", Some("seconds"), ValueType::Seconds)
        | ("integer", Some("milliseconds"), ValueType::Milliseconds)
        | ("list", None, ValueType::IntegerList) => {}
        ("enum", None, ValueType::Enum(ours)) | ("list", None, ValueType::EnumList(ours)) => {
            assert_same(what, &words(ours), &values());
        }
        ("enum", None, ValueType::OpenEnum(ours)) => {
            // `Pay` accepts 15 of the languages, and lists them itself.
            let known = theirs
                .vocabulary
                .as_ref()
                .map(|name| &inventory.vocabularies[name]);
            let known = known.or(theirs.values.as_ref()).unwrap();
            assert!(ours.iter().any(|word| known.contains(*word)), "{what}");
        }
        (kind, unit, ours) => panic!("{what}: {kind} {unit:?} in the inventory, {ours:?} here"),
    }
}

#[test]
fn every_text_has_a_constructor_of_its_kind() {
    for (schema, element) in pairs(&inventory()) {
        let texts: Vec<_> = schema.constructors.iter().filter_map(|c| c.text).collect();
        let kind = element.text.as_ref().map(|text| match text.kind.as_str() {
            "string" => ValueType::Text,
            "url" if class_of(schema.type_name).contains("Sip") => ValueType::SipUrl,
            "url" => ValueType::Url,
            "phone_number" => ValueType::PhoneNumber,
            other => panic!("{}: {other}", schema.type_name),
        });
        // The libraries type `Dial`'s number as a string.
        let kind = if schema.type_name == "Dial" {
            Some(ValueType::PhoneNumber)
        } else {
            kind
        };
        assert_eq!(texts, Vec::from_iter(kind), "text of {}", schema.type_name);
        if element.text.as_ref().is_some_and(|text| text.required) {
            assert_eq!(
                schema.constructors.len(),
                1,
                "{} needs its text",
                schema.type_name
            );
        }
        assert_eq!(
            schema.mixed_content,
            element.content == "mixed",
            "content of {}",
            schema.type_name
        );
    }
}

#[test]
fn values_with_a_constant_are_in_the_inventory() {
    let inventory = inventory();
    let known = |name: &str| -> BTreeSet<&str> {
        inventory.vocabularies[name]
            .iter()
            .map(String::as_str)
            .collect()
    };
    let voices: BTreeSet<_> = Voice::KNOWN.iter().copied().collect();
    let unknown: Vec<_> = voices.difference(&known("SayVoice")).copied().collect();
    assert_eq!(unknown, [""; 0], "voices");
    assert!(voices.len() >= 40, "{} voices", voices.len());

    let spoken = &known("SayLanguage") | &known("SsmlLangXmlLang");
    let languages = Language::KNOWN.iter().copied().collect();
    assert_same("languages", &languages, &spoken);
}

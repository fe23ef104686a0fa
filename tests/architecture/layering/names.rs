//! Public type names that two files define.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Crate, Target};
use super::{in_memory, source_files};

/// Public type names that two files define, with the reason why both keep the name.
const DOUBLE_NAMES: &[(&str, &str)] = &[
    (
        "Alert",
        "Twilio's own word: an alert of the REST API, and one that the sandbox raised",
    ),
    (
        "Application",
        "Twilio's own word: the TwiML App, and the noun <Application>",
    ),
    ("Body", "the body of an HTTP message, and the noun <Body>"),
    (
        "Case",
        "one suite for each trait that services implement: stores, and replay guards",
    ),
    ("Client", "the REST client, and the noun <Client>"),
    (
        "Conference",
        "Twilio's own word: a conference of the REST API, and the noun <Conference>",
    ),
    ("Error", "Rust's convention: one error a module"),
    ("ErrorKind", "Rust's convention: one kind of error a module"),
    (
        "Failures",
        "one suite for each trait that services implement: stores, and replay guards",
    ),
    (
        "Media",
        "Twilio's own word: media of a message to be sent, and the noun <Media>",
    ),
    (
        "Message",
        "Twilio's own word: a message of the REST API, and the verb <Message>",
    ),
    (
        "Queue",
        "Twilio's own word: a queue of the REST API, and the noun <Queue>",
    ),
    (
        "Recording",
        "Twilio's own word: a recording of the REST API, and the noun <Recording>",
    ),
    (
        "ShortCode",
        "Twilio's own word: a short code as an address, and as a resource",
    ),
    (
        "Transcription",
        "Twilio's own word: a transcription of the REST API, and the noun <Transcription>",
    ),
];

#[test]
fn a_public_type_name_stands_in_one_module_or_is_listed() {
    let files = source_files();
    let doubles = doubles(&Crate::read(&files));
    println!(
        "{} public type names stand in two files or more",
        doubles.len()
    );
    for (name, files) in &doubles {
        println!("    {name}: {}", files.join(", "));
    }
    for (name, files) in &doubles {
        let is_listed = DOUBLE_NAMES.iter().any(|(listed, _)| listed == name);
        assert!(
            is_listed,
            "{name} stands in {}: rename one, or list it with its reason",
            files.join(" and ")
        );
    }
    for (name, reason) in DOUBLE_NAMES {
        assert!(
            doubles.contains_key(name),
            "{name} stands in one file now: delete its entry"
        );
        assert!(!reason.is_empty(), "{name} has no reason");
    }
}

/// Public type names that are defined in two files or more, and those files.
fn doubles<'a>(read: &Crate<'a>) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, file) in exports(read, &[]) {
        names.entry(name).or_default().insert(file);
    }
    let names = names.into_iter().filter(|(_, files)| files.len() > 1);
    names
        .map(|(name, files)| (name, files.into_iter().collect()))
        .collect()
}

/// Types that are reachable from outside through this module, and the files that define them.
fn exports<'a>(read: &Crate<'a>, at: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let Some(module) = read.modules.get(at) else {
        return Vec::new();
    };
    let is_public_type = |target: &Target<'a>| match target {
        Target::Item { module, name } => {
            let item = read.modules[module].items[name];
            item.is_public && item.is_type
        }
        Target::Module(_) => false,
    };
    let own = module
        .items
        .iter()
        .filter(|(_, item)| item.is_public && item.is_type);
    let mut found: Vec<_> = own.map(|(name, _)| (*name, module.file)).collect();
    for import in module.imports.iter().filter(|import| import.is_public) {
        match (read.resolve(at, &import.path), import.name) {
            (Some(Target::Module(path)), _) => found.extend(exports(read, &path)),
            (Some(target), Some(name)) if is_public_type(&target) => {
                found.push((name, read.file_of(&target)));
            }
            _ => {}
        }
    }
    for (child, _) in module.children.iter().filter(|(_, is_public)| **is_public) {
        found.extend(exports(read, &[at, &[child]].concat()));
    }
    found
}

/// The double names in a crate made of these files.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let files = in_memory(files);
    let doubles = doubles(&Crate::read(&files));
    doubles.into_keys().map(str::to_owned).collect()
}

#[test]
fn finds_a_name_that_two_public_modules_declare() {
    let doubles = found(&[
        ("lib.rs", "pub mod a; pub mod b;"),
        (
            "a.rs",
            "pub struct Text<'a>(&'a str); pub enum One {} pub type Two = u8;",
        ),
        (
            "b/mod.rs",
            "mod c; pub use c::{Long as One, Text, two as Two};",
        ),
        (
            "b/c.rs",
            "pub trait Text {} pub enum Long {} pub fn two() {}",
        ),
    ]);
    assert_eq!(doubles, ["One", "Text"]);
}

#[test]
fn finds_a_name_that_a_macro_declares() {
    let files = |call| {
        found(&[
            ("lib.rs", "pub mod a; pub mod b; mod c;"),
            ("a.rs", "pub struct Dial; pub struct Say;"),
            ("b.rs", call),
            (
                "c.rs",
                "macro_rules! element { ($($name:ident = $tag:literal;)+) => {
                     $( pub struct $name; )+ } }
                 macro_rules! outer { ($name:ident $tag:literal) => {
                     $crate::c::element! { #[x] $name = $tag; } } }
                 macro_rules! show { ($item:item) => { $item } }
                 macro_rules! fixed { () => { pub enum Say {} } }
                 pub(crate) use {element, fixed, outer, show};",
            ),
        ])
    };
    assert_eq!(
        files("use crate::c::element; element! { Pay = \"Say\"; Dial = \"D\"; }"),
        ["Dial"]
    );
    assert_eq!(
        files("use crate::c::outer as y; y!(Say \"Dial\");"),
        ["Say"]
    );
    assert_eq!(files("crate::c::show! { pub enum Dial { Say } }"), ["Dial"]);
    assert_eq!(files("crate::c::fixed!();"), ["Say"]);
    assert!(files("other! { Dial = 1; }").is_empty());
}

#[test]
fn a_name_that_is_not_reachable_is_no_double() {
    let doubles = found(&[
        ("lib.rs", "pub mod a; pub mod b; mod c; pub use a::Text;"),
        ("a.rs", "pub struct Text; pub struct Other;"),
        (
            "b.rs",
            "pub(crate) struct Text; struct Other; pub(crate) use crate::c::Other as Text;",
        ),
        ("c.rs", "pub struct Text; pub struct Other;"),
    ]);
    assert!(doubles.is_empty(), "{doubles:?}");
}

//! The structure of `src/`: which module imports which, circles of files, names, lengths.
#![allow(clippy::print_stdout, reason = "a rule prints its findings")]

mod circles;
mod names;
mod source;
mod tokens;

use std::fs;
use std::path::{Path, PathBuf};

use self::source::{Crate, Target};

/// Each module with the modules it may import.
const MODULES: &[(&str, &[&str])] = &[
    ("guide", &[]),
    ("types", &[]),
    ("codes", &["types"]),
    ("phone", &["types"]),
    ("sms", &["types", "phone"]),
    ("template", &["types", "phone", "sms"]),
    ("twiml", &["types", "phone", "sms"]),
    ("webhook", &["types", "codes", "phone", "sms", "twiml"]),
    (
        "voice_token",
        &["types", "phone", "sms", "twiml", "webhook"],
    ),
    (
        "client",
        &[
            "types",
            "codes",
            "phone",
            "sms",
            "twiml",
            "webhook",
            "voice_token",
        ],
    ),
    (
        "clinspark",
        &[
            "types",
            "codes",
            "phone",
            "sms",
            "twiml",
            "webhook",
            "voice_token",
            "client",
            "template",
            "messenger",
            "outbox",
            "sandbox",
        ],
    ),
    (
        "outbox",
        &[
            "types",
            "codes",
            "phone",
            "sms",
            "twiml",
            "webhook",
            "client",
            "template",
            "messenger",
        ],
    ),
    (
        "messenger",
        &[
            "types",
            "codes",
            "phone",
            "sms",
            "twiml",
            "webhook",
            "voice_token",
            "client",
            "template",
        ],
    ),
    // The client is tested against the sandbox, so they share no code. `clinspark` joins the two.
    (
        "sandbox",
        &["types", "codes", "phone", "sms", "twiml", "webhook"],
    ),
];

#[test]
fn modules_import_only_modules_to_their_left() {
    let files = source_files();
    assert!(files.len() > 10, "only {} files read", files.len());
    for (file, _) in &files {
        let module = module_of(file);
        let is_listed = MODULES.iter().any(|(name, _)| *name == module);
        assert!(
            is_listed || module == "lib",
            "the list has no module for {file}"
        );
    }
    let (imports, unresolved) = imports(&Crate::read(&files));
    assert!(
        unresolved.is_empty(),
        "unresolved paths:\n{}",
        unresolved.join("\n")
    );
    let is_allowed = |module: &str, imported: &str| {
        let (_, allowed) = MODULES.iter().find(|(name, _)| *name == module).unwrap();
        allowed.contains(&imported)
    };
    let wrong: Vec<_> = imports
        .iter()
        .filter(|(file, imported)| !is_allowed(module_of(file), imported))
        .map(|(file, imported)| format!("{file} imports {imported}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns each file with each other module that it imports or names, and the unresolved paths.
fn imports(read: &Crate<'_>) -> (Vec<(String, String)>, Vec<String>) {
    let (mentions, unresolved) = read.mentions();
    let mut found = Vec::new();
    for mention in mentions {
        let (Target::Module(path) | Target::Item { module: path, .. }) = &mention.target;
        // An item of the crate root belongs to no module.
        let Some(imported) = path.first() else {
            continue;
        };
        let module = module_of(mention.from);
        if *imported != module && module != "lib" {
            found.push((mention.from.to_owned(), (*imported).to_owned()));
        }
    }
    found.sort();
    found.dedup();
    (found, unresolved)
}

#[test]
fn an_import_is_found_in_every_spelling() {
    let imported = |file: &str, code: &str| {
        let files = in_memory(&[
            (
                "lib.rs",
                "pub mod phone; pub use client::Client; pub use phone::E164; pub mod client; mod types;",
            ),
            (
                "client/mod.rs",
                "mod error; pub use error::Error; pub struct Client;",
            ),
            ("client/error.rs", "pub struct Error;"),
            ("phone.rs", "pub struct E164;"),
            (
                "types.rs",
                "pub enum Method {} macro_rules! open_enum { () => {} } pub(crate) use open_enum;",
            ),
            ("webhook/mod.rs", "mod check; mod client;"),
            ("webhook/client.rs", "pub struct Client;"),
            (file, code),
        ]);
        let (found, unresolved) = imports(&Crate::read(&files));
        assert!(unresolved.is_empty(), "{unresolved:?}");
        let found = found.into_iter().filter(|(from, _)| from == file);
        found.map(|(_, module)| module).collect::<Vec<_>>()
    };
    let named = |code: &str| imported("webhook/check.rs", code);
    assert_eq!(named("use crate::client::{Client, Error};"), ["client"]);
    let long = "use crate::{\n    client::Client, // why\n    types::{Method, open_enum},\n};";
    assert_eq!(named(long), ["client", "types"]);
    assert_eq!(
        named("fn x(_: crate::types::Method, _: crate :: phone::E164) {}"),
        ["phone", "types"]
    );
    assert_eq!(named("pub(in crate::client) fn x() {}"), ["client"]);
    // An item that the root re-exports belongs to the module that defines it.
    assert_eq!(named("use crate::Client;"), ["client"]);
    assert_eq!(named("use crate::{E164, Client};"), ["client", "phone"]);
    assert!(named("use std::fmt; // crate::client").is_empty());
    assert_eq!(named("pub use crate::client::Client;"), ["client"]);
    assert_eq!(named("use crate::client::*;"), ["client"]);
    assert_eq!(named("use super::super::client::Client;"), ["client"]);
    // `super` leaves the module only from its front file.
    assert!(named("use super::client::Client;").is_empty());
    assert_eq!(imported("sms.rs", "use super::client::Client;"), ["client"]);
    assert_eq!(
        imported("sms/mod.rs", "use super::client::Client;"),
        ["client"]
    );
}

#[test]
fn an_unresolved_path_is_reported() {
    let files = in_memory(&[("a.rs", "use crate::b::B; fn a() {}")]);
    assert_eq!(Crate::read(&files).mentions().1, ["a.rs: crate::b::B"]);
}

#[test]
fn each_concern_has_one_file() {
    // Code, and the only files that may contain it.
    let concerns: &[(&str, &[&str])] = &[
        ("verify_slice", &["webhook/signature.rs"]),
        ("phonenumber::", &["phone/interop.rs"]),
        // One function walks the table.
        ("table::WORDS", &["phone/plan/automaton.rs"]),
        ("quick_xml", &["twiml/read/parse.rs"]),
        // One file a side, so that one review shows that they hide personal data.
        (
            "tracing::",
            &[
                "client/engine/trace.rs",
                "outbox/trace.rs",
                "twiml/reply_size.rs",
                "webhook/receive/refusal_log.rs",
            ],
        ),
        // `client/engine/retry.rs` decides how long to wait; the clock waits.
        (
            "tokio::time::sleep",
            &["client/engine/clock.rs", "sandbox/clock.rs"],
        ),
    ];
    for (file, text) in source_files() {
        for (code, places) in concerns {
            let is_used = text
                .lines()
                .any(|line| line.split("//").next().unwrap().contains(code));
            assert!(
                !is_used || places.contains(&file.as_str()),
                "{file} contains {code}"
            );
        }
    }
}

#[test]
fn no_file_is_longer_than_550_lines() {
    for (file, text) in source_files() {
        let lines = text.lines().count();
        let is_generated = file == "phone/plan/table.rs";
        assert!(lines <= 550 || is_generated, "{file}: {lines} lines");
    }
}

/// Path below `src` and text of every file.
pub(crate) fn source_files() -> Vec<(String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |file: PathBuf| {
        let below = file.strip_prefix(&src).unwrap().to_string_lossy();
        (below.replace('\\', "/"), fs::read_to_string(&file).unwrap())
    };
    let mut found: Vec<_> = paths(&src).into_iter().map(read).collect();
    found.sort();
    found
}

fn paths(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(paths(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

/// Returns the files of a crate that a test defines. Without a `lib.rs`, every module is public.
fn in_memory(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(file, text): &(&str, &str)| ((*file).to_owned(), (*text).to_owned());
    let mut found: Vec<_> = files.iter().map(own).collect();
    if files.iter().all(|(file, _)| *file != "lib.rs") {
        let declare = |(file, _): &(&str, &str)| format!("pub mod {};", module_of(file));
        let root = files.iter().map(declare).collect();
        found.push(("lib.rs".to_owned(), root));
    }
    found
}

/// Returns the first part of a path below `src`, without `.rs`.
fn module_of(file: &str) -> &str {
    let first = file.split('/').next().unwrap_or(file);
    first.trim_end_matches(".rs")
}

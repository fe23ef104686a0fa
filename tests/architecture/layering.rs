//! The rooms name only rooms to their left. Reads `src/`, so that the drawing stays true.

use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms it may name.
const ROOMS: &[(&str, &[&str])] = &[
    ("types", &[]),
    ("phone", &["types"]),
    ("sms", &["types", "phone"]),
    ("twiml", &["types", "phone", "sms"]),
    ("webhook", &["types", "phone", "sms", "twiml"]),
    (
        "voice_token",
        &["types", "phone", "sms", "twiml", "webhook"],
    ),
    (
        "client",
        &["types", "phone", "sms", "twiml", "webhook", "voice_token"],
    ),
    (
        "clinspark",
        &[
            "types",
            "phone",
            "sms",
            "twiml",
            "webhook",
            "voice_token",
            "client",
        ],
    ),
    // Tested against the client, so it may not share a line with it.
    ("sandbox", &["types", "phone", "sms", "twiml", "webhook"]),
];

#[test]
fn rooms_name_only_rooms_to_their_left() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in files(&source()) {
        let room = room_of(&file);
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            assert!(
                room == "lib",
                "{} belongs to no room: draw it",
                file.display()
            );
            continue;
        };
        seen += 1;
        let code = code_of(&fs::read_to_string(&file).unwrap());
        for named in rooms_named_in(&code, is_front(&file)) {
            if named != room && !allowed.contains(&named.as_str()) {
                wrong.push(format!("{}: {room} names {named}", file.display()));
            }
        }
    }
    assert!(
        seen > 10,
        "only {seen} files read: is this the source folder?"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_sees_what_it_should() {
    let named = |code: &str| rooms_named_in(&code_of(code), false);
    assert_eq!(named("use crate::client::{Client, Error};"), ["client"]);
    let long = "use crate::{\n    client::Client, // why\n    types::{Method, open_enum},\n};";
    assert_eq!(named(long), ["client", "types"]);
    assert_eq!(
        named("crate::types::Method, crate :: phone::E164"),
        ["types", "phone"]
    );
    assert_eq!(named("pub(in crate::client) fn x() {}"), ["client"]);
    // What the crate's page re-exports belongs to a room all the same.
    assert_eq!(named("use crate::Client;"), ["client"]);
    assert_eq!(
        named("use crate::{E164, Settings};"),
        ["phone", "clinspark"]
    );
    assert!(named("use std::fmt; // crate::client").is_empty());
    // `super` leaves the room only from its front page.
    assert!(named("use super::client::Client;").is_empty());
    assert_eq!(
        rooms_named_in(&code_of("use super::client::Client;"), true),
        ["client"]
    );
}

#[test]
fn each_craft_has_one_place() {
    // What is written, the files that may hold it, why.
    let crafts: &[(&str, &[&str])] = &[
        ("verify_slice", &["webhook/signature.rs"]),
        ("phonenumber::", &["phone/interop.rs"]),
        // The table is walked in one place, by one function.
        ("table::WORDS", &["phone/plan/automaton.rs"]),
        ("quick_xml", &["twiml/read.rs"]),
        // One place to read for what may be traced.
        ("tracing::", &["client/engine/trace.rs"]),
        // Waits are decided in `client/engine/retry.rs` and carried out by the runtime.
        ("tokio::time::sleep", &["client/engine/runtime.rs"]),
    ];
    for file in files(&source()) {
        let path = file
            .strip_prefix(source())
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        let text = fs::read_to_string(&file).unwrap();
        for (craft, places) in crafts {
            let written = text
                .lines()
                .any(|l| l.split("//").next().unwrap().contains(craft));
            assert!(
                !written || places.contains(&path.as_str()),
                "{path} holds {craft}"
            );
        }
    }
}

#[test]
fn no_file_is_too_long_to_read_in_one_sitting() {
    for file in files(&source()) {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        // Generated data stands apart.
        let data = file.ends_with("phone/plan/table.rs");
        assert!(lines <= 550 || data, "{}: {lines} lines", file.display());
    }
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

/// The first part of the path below `src`, without `.rs`.
fn room_of(file: &Path) -> String {
    let below = file.strip_prefix(source()).unwrap();
    below
        .iter()
        .next()
        .unwrap()
        .to_string_lossy()
        .trim_end_matches(".rs")
        .to_owned()
}

/// A room's `mod.rs`, or its only file: from there `super` is the crate.
fn is_front(file: &Path) -> bool {
    let below = file.strip_prefix(source()).unwrap();
    below.iter().count() == 1 || (below.iter().count() == 2 && below.ends_with("mod.rs"))
}

/// The code without comments and blanks.
fn code_of(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    lines
        .flat_map(str::chars)
        .filter(|c| !c.is_whitespace())
        .collect()
}

/// Rooms after `crate::`, also inside `crate::{...}`, and those of the re-exports at the root.
fn rooms_named_in(code: &str, is_front: bool) -> Vec<String> {
    const ROOT: [(&str, &str); 5] = [
        ("Client", "client"),
        ("Messenger", "clinspark"),
        ("Settings", "clinspark"),
        ("E164", "phone"),
        ("Validator", "webhook"),
    ];
    let starts: &[&str] = if is_front {
        &["crate::", "super::"]
    } else {
        &["crate::"]
    };
    let mut named = Vec::new();
    for after in starts.iter().flat_map(|start| code.split(start).skip(1)) {
        let parts = match after.strip_prefix('{') {
            Some(group) => parts_of(group),
            None => vec![after],
        };
        for part in parts {
            let is_name = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
            let name: String = part.chars().take_while(is_name).collect();
            let room = ROOT
                .iter()
                .find(|(item, _)| *item == name)
                .map_or(name.as_str(), |r| r.1);
            if ROOMS.iter().any(|(known, _)| *known == room) && !named.iter().any(|n| n == room) {
                named.push(room.to_owned());
            }
        }
    }
    named
}

/// The parts of a group up to its closing brace: of `a::{b,c},d}e` they are `a::{b,c}` and `d`.
fn parts_of(group: &str) -> Vec<&str> {
    let (mut depth, mut from, mut parts) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                parts.push(&group[from..at]);
                from = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    parts
}

//! The rooms name only rooms to their left. Reads `src/`, so that the drawing stays true.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

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
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for named in rooms_named_in(code) {
                if named != room && !allowed.contains(&named.as_str()) {
                    wrong.push(format!(
                        "{}:{}: {room} names {named}",
                        file.display(),
                        number + 1
                    ));
                }
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
    let named = |code| rooms_named_in(code).collect::<Vec<_>>();
    assert_eq!(named("use crate::client::{Client, Error};"), ["client"]);
    assert_eq!(
        named("crate::types::Method, crate :: phone::E164"),
        ["types", "phone"]
    );
    assert_eq!(
        named("use crate::{phone::E164, types::Method};"),
        ["phone", "types"]
    );
    assert!(named("use std::fmt;").is_empty());
    // A room that names itself from outside its own folder, through `super`, stays in its folder.
    assert!(named("use super::error::Error;").is_empty());
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
        ("tokio::time::sleep", &["client/retry.rs"]),
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

/// Rooms after `crate::`, also inside `crate::{...}`.
fn rooms_named_in(code: &str) -> impl Iterator<Item = String> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let mut named = Vec::new();
    for after in code.split("crate::").skip(1) {
        let parts: Vec<&str> = match after.strip_prefix('{') {
            Some(group) => group.split(['{', ',', '}']).collect(),
            None => vec![after],
        };
        for part in parts {
            let name: String = part
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                .collect();
            if ROOMS.iter().any(|(room, _)| *room == name) {
                named.push(name);
            }
        }
    }
    named.into_iter()
}

//! Prints the table as Rust code.

use std::fmt::Write;

use super::trunk::Action;
use super::{Code, Plan, Region, version};

const HEAD: &str = "\
//! Google's numbering plan. Made by `tools/plan`: do not edit.
//!
//! Derived from the metadata of Google's libphonenumber, Copyright (C) The Libphonenumber
//! Authors, licensed under the Apache License, Version 2.0:
//! <https://github.com/google/libphonenumber>.
#![allow(clippy::unreadable_literal, reason = \"offsets and bit masks, for the machine\")]
#![allow(clippy::enum_glob_use, reason = \"a row is short enough to be read\")]

use super::schema::{Action, CodePlan, RegionPlan};
use crate::phone::number_kind::NumberKind::{self, *};

";

pub fn table(plan: &Plan) -> String {
    let mut out = String::from(HEAD);
    let version = version();
    writeln!(
        out,
        "/// Version of Google's metadata.\npub(super) const VERSION: &str = {version:?};\n"
    )
    .unwrap();
    list(&mut out, "CODES", "CodePlan", &plan.codes, |c| {
        code(plan, c)
    });
    list(&mut out, "REGIONS", "RegionPlan", &plan.regions, |r| {
        region(plan, r)
    });
    list(&mut out, "ACTIONS", "Action", &plan.actions, action);
    list(
        &mut out,
        "LABELS",
        "(u8, NumberKind)",
        &plan.labels,
        |(region, kind)| format!("({region}, {kind})"),
    );
    let words: Vec<String> = plan.words.words.iter().map(u16::to_string).collect();
    let lines: Vec<String> = words.chunks(24).map(|line| line.join(",")).collect();
    let count = words.len();
    writeln!(out, "pub(super) static WORDS: [u16; {count}] = [").unwrap();
    for line in lines {
        writeln!(out, "{line},").unwrap();
    }
    out.push_str("];\n");
    out
}

fn list<T>(out: &mut String, name: &str, of: &str, rows: &[T], row: impl Fn(&T) -> String) {
    writeln!(out, "pub(super) static {name}: [{of}; {}] = [", rows.len()).unwrap();
    for value in rows {
        writeln!(out, "    {},", row(value)).unwrap();
    }
    out.push_str("];\n\n");
}

fn code(plan: &Plan, code: &Code) -> String {
    let root = plan.words.offset(code.root);
    let (first, code) = (code.first_region, code.number);
    format!("CodePlan {{ code: {code}, root: {root}, first_region: {first} }}")
}

fn region(plan: &Plan, region: &Region) -> String {
    let offset = |root| plan.words.offset(root);
    let id = if region.id == "001" { "--" } else { &region.id };
    let roots = format!(
        "general: {}, international: {}, trunk: {}",
        offset(region.general),
        offset(region.international),
        offset(region.trunk)
    );
    format!(
        "RegionPlan {{ id: *b{id:?}, code: {}, {roots}, lengths: {:#x}, local_lengths: {:#x} }}",
        region.code, region.lengths, region.local_lengths
    )
}

fn action(action: &Action) -> String {
    let Action {
        rank,
        head,
        at_end,
        otherwise,
        ..
    } = action;
    let digits: Vec<String> = action.insert.chars().map(String::from).collect();
    format!(
        "Action {{ rank: {rank}, head: {head}, tail: {:?}, insert: &[{}], at_end: {at_end}, \
         otherwise: {otherwise} }}",
        action.tail,
        digits.join(", ")
    )
}

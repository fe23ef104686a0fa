//! Opt-outs: texts of the two lists in `tests/data`, read by `OptOut::of_text`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and prints what it measured"
)]

use clinspark_twilio::sms::OptOut;
use serde_json::Value;

const CASES: &str = include_str!("data/cases/opt-out.jsonl");

/// Replies that are no opt-out: language, kind, text.
const ORDINARY: &str = include_str!("data/ordinary_replies.tsv");
/// Opt-outs in people's own wording: language, kind, text.
const WORDINGS: &str = include_str!("data/opt_out_wordings.tsv");

fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().map(|line| {
        let mut cells = line.split('\t');
        let language = cells.next().unwrap();
        (language, cells.nth(1).unwrap())
    })
}

#[test]
fn ordinary_replies_are_no_opt_out() {
    let mut silenced = 0;
    for (language, text) in rows(ORDINARY) {
        match OptOut::of_text(text) {
            None => {}
            Some(OptOut::MaybeStop) => {
                println!("{language}: {text}");
                silenced += 1;
            }
            other => panic!("{language}: {text}: {other:?}"),
        }
    }
    println!("{silenced} of {} ordinary replies", rows(ORDINARY).count());
    assert!(rows(ORDINARY).count() >= 500);
    assert!(silenced <= 5, "{silenced} ordinary replies");
}

#[test]
fn opt_outs_in_other_words_are_found() {
    let mut found = 0;
    for (language, text) in rows(WORDINGS) {
        if OptOut::of_text(text).is_some_and(OptOut::forbids_texting) {
            found += 1;
        } else {
            println!("{language}: {text}");
        }
    }
    let all = rows(WORDINGS).count();
    println!("{found} of {all} wordings found");
    assert!(found * 100 >= all * 90, "{found} of {all}");
}

#[test]
fn cases_of_public_reports() {
    let mut wrong = Vec::new();
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        if case["kind"] != "text" {
            continue;
        }
        let answer = match OptOut::of_text(case["input"].as_str().unwrap()) {
            Some(meaning) => format!("{meaning:?}"),
            None => "none".to_owned(),
        };
        if !case["right"]
            .as_array()
            .unwrap()
            .contains(&Value::from(answer.as_str()))
        {
            wrong.push(format!("{} {} {answer}", case["id"], case["input"]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

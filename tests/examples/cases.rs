//! Cases from public bug reports get one of their correct answers.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

#[path = "../../examples/oracle/cases/mod.rs"]
mod oracle;

#[test]
fn every_case_gets_a_correct_answer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/cases");
    let mut tally = oracle::Tally::default();
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = BufReader::new(File::open(&path).unwrap());
        tally
            .run(&path.display().to_string(), file, &mut out)
            .unwrap();
    }
    let report = String::from_utf8(out).unwrap();
    let differing: Vec<&str> = report
        .lines()
        .filter(|line| line.split('\t').nth(2) == Some("differs"))
        .collect();
    assert!(differing.is_empty(), "{}\n{tally}", differing.join("\n"));
    // Cases in prose; without the feature `client` also its cases.
    let not_run = if cfg!(feature = "client") { 21 } else { 54 };
    assert_eq!(tally.not_run, not_run, "{report}");
}

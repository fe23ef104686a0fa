//! Table of Twilio's behaviors, each with the test that shows how the sandbox compares.
//!
//! `behaviors/*.tsv` has a row for each operation, verb and rule that was compared with Twilio: an
//! id, the behavior, a verdict, and the probe: the name of a test that asserts it. It is in this binary,
//! or in the tests of the program, whose names begin with `program::`.
//!
//! | Verdict | Meaning |
//! |---|---|
//! | `same` | as at Twilio |
//! | `simplified` | works in outline; the difference is documented |
//! | `refused` | an error or an alert says that the sandbox does not support it |
//! | `unverified` | what Twilio does is not known |
//! | `missing`, `wrong` | to be built; no probe |
//!
//! A row without a probe counts as missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Rows of the table; it shrinks by no row.
const ROWS: usize = 422;

#[test]
#[expect(clippy::print_stdout, reason = "the counts are the point")]
fn every_behavior_has_a_probe_or_counts_as_missing() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sandbox");
    let mut tests = names_of_tests(&folder);
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("cli/tests/program");
    let of_program = names_of_tests(&program).into_iter();
    tests.extend(of_program.map(|name| format!("program::{name}")));
    let mut counts = BTreeMap::<String, usize>::new();
    let mut ids = BTreeSet::new();
    for (name, text) in files(&folder.join("behaviors"), "tsv") {
        let area = name.trim_end_matches(".tsv");
        for row in text.lines().skip(1) {
            let [id, behavior, verdict, probe] = row
                .split('\t')
                .collect::<Vec<_>>()
                .try_into()
                .unwrap_or_else(|_| panic!("{name}: a row needs four columns: {row}"));
            assert!(id.starts_with(area) && !behavior.is_empty(), "{row}");
            assert!(ids.insert(id.to_owned()), "{id} stands twice");
            let is_built = match verdict {
                "same" | "simplified" | "refused" | "unverified" => true,
                "missing" | "wrong" => false,
                _ => panic!("{id}: unknown verdict {verdict}"),
            };
            let has_probe = probe != "-";
            assert!(
                !has_probe || tests.contains(probe),
                "{id}: there is no test named {probe}"
            );
            assert!(
                is_built || !has_probe,
                "{id}: {verdict}, but it has a probe"
            );
            let counted = if has_probe || verdict == "wrong" {
                verdict
            } else {
                "missing"
            };
            *counts.entry(counted.to_owned()).or_default() += 1;
        }
    }
    println!("{counts:?}");
    assert_eq!(ids.len(), ROWS);
}

/// Returns `module::name` of each test of this binary.
fn names_of_tests(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (file, text) in files(folder, "rs") {
        let module = file.trim_end_matches(".rs").trim_end_matches("/mod");
        let module = module.replace('/', "::");
        let mut is_test = false;
        for line in text.lines().map(str::trim) {
            let function = line.trim_start_matches("async ").strip_prefix("fn ");
            if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                is_test = true;
            } else if let (true, Some(function)) = (is_test, function) {
                let name = function.split('(').next().unwrap();
                names.insert(format!("{module}::{name}"));
                is_test = false;
            }
        }
    }
    names
}

/// Returns the files below a folder with this extension, by their path in it.
fn files(folder: &Path, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
                found.push((name.to_owned(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

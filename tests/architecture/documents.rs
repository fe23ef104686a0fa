//! Files that the documents for contributors and users name exist.

use std::path::Path;

const DOCUMENTS: [(&str, &str); 3] = [
    ("CONTRIBUTING.md", include_str!("../../CONTRIBUTING.md")),
    ("NOTICE", include_str!("../../NOTICE")),
    ("SECURITY.md", include_str!("../../SECURITY.md")),
];

/// Paths below folders of the repository that a text names.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    let is_in_path = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    text.split(move |c: char| !is_in_path(c))
        .filter(|word| {
            [
                "src/",
                "tests/",
                "fuzz/",
                "tools/",
                "examples/",
                "benches/",
                ".ci/",
            ]
            .iter()
            .any(|folder| word.starts_with(folder))
        })
        .map(|word| word.trim_end_matches(['.', '-']))
}

#[test]
fn every_file_that_a_document_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (document, text) in DOCUMENTS {
        for path in paths(text) {
            assert!(
                root.join(path).exists(),
                "{document} names {path}, which does not exist"
            );
        }
    }
}

#[test]
fn paths_are_found_between_other_words() {
    let found: Vec<_> =
        paths("In `src/lib.rs`, tests/data/make.py and .ci/run. See a/src/x.").collect();
    assert_eq!(found, ["src/lib.rs", "tests/data/make.py", ".ci/run"]);
}

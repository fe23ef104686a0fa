//! Docs open with the thing or the action, and no doc, comment or message uses a banned word.
//!
//! Read are all sources of the crate with the table of error codes, the stores of batches, the
//! program, the examples, the guide, the README and the changelog.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::layering::source_files;

/// Words that a reader would have to learn, and what to write instead.
const BANNED: &[(&str, &str)] = &[
    ("room", "module"),
    ("rooms", "modules"),
    ("mend", "fix"),
    ("mends", "fixes"),
    ("mended", "fixed"),
    ("mender", "owner"),
    ("anew", "again"),
    ("deed", "change"),
    ("deeds", "changes"),
    ("heed", "follow"),
    ("heeds", "follows"),
    ("obey", "follow"),
    ("obeys", "follows"),
    ("knock", "ring"),
    ("knocks", "rings"),
    ("lacking", "missing"),
    ("likeness", "match"),
    ("salvage", "recover"),
    ("salvaged", "recovered"),
    ("dirt", "stray characters"),
    ("rival", "duplicate"),
    ("rivals", "duplicates"),
    ("somebody", "the person meant"),
    ("nobody", "no one, or the person meant"),
    ("words of", "body of"),
    ("how it is asked", "HTTP method"),
    ("where it is", "status, or the name of the place"),
];

/// Doc blocks that open so leave the reader to guess what they are about.
const QUESTIONS: &[&str] = &[
    "What", "Who", "Whom", "Whose", "Where", "Wherever", "How", "Why", "Whether", "When",
];

/// Doc blocks of one part, in percent, that may not open with a question.
const LIMIT: usize = 3;

/// Names of Twilio's element `<Room>`, as docs and tables write them, and a SIP header.
const EXCEPTIONS: &[&str] = &["`<Room>`", "`Room`", "\"Room\"", "`X-Room`"];

/// Text that people read, with the number of its first line. Adjacent comment lines are one text.
#[derive(Debug, PartialEq, Eq)]
struct Text {
    line: usize,
    text: String,
}

/// Comments and strings of Rust source.
fn texts_of_rust(source: &str) -> Vec<Text> {
    let mut found: Vec<Text> = Vec::new();
    let (mut at, mut line, mut last_comment) = (0, 1, 0);
    while let Some(c) = source[at..].chars().next() {
        let rest = &source[at..];
        let length = if rest.starts_with("//") {
            let length = rest.find('\n').unwrap_or(rest.len());
            match found.last_mut() {
                Some(before) if last_comment > 0 && last_comment + 1 == line => {
                    before.text.push('\n');
                    before.text.push_str(&rest[..length]);
                }
                _ => found.push(Text {
                    line,
                    text: rest[..length].to_owned(),
                }),
            }
            last_comment = line;
            length
        } else if let Some(length) = string_length(rest, &source[..at]) {
            found.push(Text {
                line,
                text: rest[..length].to_owned(),
            });
            last_comment = 0;
            length
        } else {
            char_literal_length(rest).unwrap_or(c.len_utf8())
        };
        line += source[at..at + length].matches('\n').count();
        at += length;
    }
    found
}

/// Length of the string literal at the start of a text, with its quotation marks.
fn string_length(rest: &str, before: &str) -> Option<usize> {
    let body = rest.strip_prefix('"')?;
    let hashes = before.len() - before.trim_end_matches('#').len();
    let is_raw = before[..before.len() - hashes].ends_with('r')
        && !before[..before.len() - hashes - 1].ends_with(|c: char| c.is_alphanumeric());
    if is_raw {
        let end = format!("\"{}", "#".repeat(hashes));
        return Some(1 + body.find(&end)? + end.len());
    }
    let mut is_escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            '"' if !is_escaped => return Some(at + 2),
            _ => is_escaped = c == '\\' && !is_escaped,
        }
    }
    None
}

/// Length of the character literal at the start of a text. A lifetime is none.
fn char_literal_length(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('\'')?;
    if body.starts_with('\\') {
        return Some(3 + body.get(2..)?.find('\'')? + 1);
    }
    let c = body.chars().next()?;
    body[c.len_utf8()..]
        .starts_with('\'')
        .then(|| c.len_utf8() + 2)
}

/// Paragraphs of Markdown. Each row of a table and each item of a list is one.
fn texts_of_markdown(source: &str) -> Vec<Text> {
    let mut found: Vec<Text> = Vec::new();
    let mut is_inside = false;
    for (number, line) in source.lines().enumerate() {
        let bare = line.trim_start();
        let begins = bare.starts_with(['#', '|', '>', '-', '*', '`'])
            || bare.starts_with(|c: char| c.is_ascii_digit());
        match found.last_mut() {
            Some(before) if is_inside && !begins && !bare.is_empty() => {
                before.text.push('\n');
                before.text.push_str(bare);
            }
            _ if bare.is_empty() => {}
            _ => found.push(Text {
                line: number + 1,
                text: bare.to_owned(),
            }),
        }
        is_inside = !bare.is_empty();
    }
    found
}

fn texts_of(file: &str, source: &str) -> Vec<Text> {
    match Path::new(file).extension().and_then(|e| e.to_str()) {
        Some("rs") => texts_of_rust(source),
        _ => texts_of_markdown(source),
    }
}

fn banned_in(text: &str) -> Option<&'static (&'static str, &'static str)> {
    let text = EXCEPTIONS.iter().fold(text.to_owned(), |text, exception| {
        text.replace(exception, "")
    });
    let is_letter = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let words: Vec<String> = text
        .split(|c| !is_letter(c))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let text = format!(" {} ", words.join(" "));
    BANNED
        .iter()
        .find(|(word, _)| text.contains(&format!(" {word} ")))
}

/// Files with a banned word: their names, lines, and what to write instead.
fn banned_words(files: &[(String, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (file, source) in files {
        for Text { line, text } in texts_of(file, source) {
            if let Some((word, instead)) = banned_in(&text) {
                found.push(format!("{file}:{line}: {word} (write {instead})"));
            }
        }
    }
    found
}

/// First lines of doc blocks of Rust source, or of paragraphs of Markdown.
fn openings(file: &str, source: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for Text { line, text } in texts_of(file, source) {
        if Path::new(file).extension().is_some_and(|e| e == "md") {
            found.push((line, text));
            continue;
        }
        let mut is_inside = false;
        for (number, row) in text.lines().enumerate() {
            let row = row.trim_start();
            let doc = row.strip_prefix("///").or_else(|| row.strip_prefix("//!"));
            match doc.map(str::trim) {
                Some(doc) if !is_inside && !doc.is_empty() => {
                    found.push((line + number, doc.to_owned()));
                    is_inside = true;
                }
                Some(_) => {}
                None => is_inside = false,
            }
        }
    }
    found
}

fn opens_with_a_question(text: &str) -> bool {
    let first = text
        .split(|c: char| !c.is_alphabetic())
        .find(|word| !word.is_empty())
        .unwrap_or_default();
    // A heading or a row of the reader's questions ends with the question mark.
    QUESTIONS.contains(&first) && !text.contains('?')
}

/// Part of the repository to which a file belongs: a module, the examples, the guide, a document.
fn part(file: &str) -> &str {
    let module = file.strip_prefix("src/").unwrap_or(file);
    for package in ["cli/src", "outbox/src"] {
        if module.starts_with(package) {
            return package;
        }
    }
    let end = module.find(['/', '.']).unwrap_or(module.len());
    &module[..end]
}

/// Parts of which too many doc blocks open with a question, with these blocks.
fn questions(files: &[(String, String)]) -> Vec<String> {
    let mut parts: BTreeMap<&str, (usize, Vec<String>)> = BTreeMap::new();
    for (file, source) in files {
        let (blocks, found) = parts.entry(part(file)).or_default();
        for (line, text) in openings(file, source) {
            *blocks += 1;
            if opens_with_a_question(&text) {
                found.push(format!("{file}:{line}: {text}"));
            }
        }
    }
    let above = parts
        .iter()
        .filter(|(_, (blocks, found))| !found.is_empty() && 100 * found.len() >= LIMIT * blocks);
    above
        .map(|(part, (blocks, found))| {
            format!("{part}: {} of {blocks}:\n{}", found.len(), found.join("\n"))
        })
        .collect()
}

/// Every file whose text is held to the rules.
fn all_files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = source_files().into_iter();
    let mut found: Vec<_> = sources
        .map(|(file, source)| (format!("src/{file}"), source))
        .collect();
    for place in [
        "README.md",
        "CHANGELOG.md",
        "src/codes/table.tsv",
        "src/guide",
        "examples",
        "outbox/src",
        "cli/src",
    ] {
        add_files(root, &root.join(place), &mut found);
    }
    found
}

fn add_files(root: &Path, path: &Path, found: &mut Vec<(String, String)>) {
    let name = path.strip_prefix(root).unwrap().to_string_lossy();
    let name = name.replace('\\', "/");
    if path.is_dir() {
        // Output of a build in an example that is a package of its own.
        if path.ends_with("target") {
            return;
        }
        for entry in fs::read_dir(path).unwrap() {
            add_files(root, &entry.unwrap().path(), found);
        }
        return;
    }
    let is_read = path
        .extension()
        .is_some_and(|e| e == "rs" || e == "md" || e == "tsv");
    if is_read && !found.iter().any(|(file, _)| *file == name) {
        found.push((name, fs::read_to_string(path).unwrap()));
    }
}

#[test]
fn every_part_is_read() {
    let files = all_files();
    let has = |name: &str| files.iter().any(|(file, _)| file == name);
    for file in [
        "src/lib.rs",
        "src/codes/table.tsv",
        "src/guide/setup.md",
        "README.md",
        "CHANGELOG.md",
        "outbox/src/lib.rs",
        "cli/src/main.rs",
    ] {
        assert!(has(file), "{file}");
    }
    let count = |start: &str| {
        files
            .iter()
            .filter(|(file, _)| file.starts_with(start))
            .count()
    };
    assert!(count("src/") > 300 && count("examples/") > 15);
    assert!(
        files
            .iter()
            .map(|(file, text)| texts_of(file, text).len())
            .sum::<usize>()
            > 10_000
    );
}

#[test]
fn docs_comments_and_messages_use_standard_words() {
    let found = banned_words(&all_files());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn docs_open_with_the_thing_or_the_action() {
    let found = questions(&all_files());
    assert!(found.is_empty(), "\n{}", found.join("\n\n"));
}

#[test]
fn a_banned_word_is_found_in_every_kind_of_text() {
    for (file, source) in [
        ("src/a.rs", "/// What nobody can do.\nstruct A;"),
        ("src/a.rs", "let x = 1; // it is mended\n"),
        ("src/a.rs", "    /// the words\n    /// of a text\n"),
        ("src/a.rs", "let x = \"one\\\n    deed\";"),
        ("src/a.rs", "let x = r#\"a \"deed\" done\"#;"),
        ("src/a.rs", "let x = ('\"', \"deed\");"),
        ("src/a.rs", "let x: &'a str = \"a room\";"),
        ("README.md", "Nobody\nknows."),
        ("README.md", "| a | the words of a text |"),
        ("README.md", "Status, or where\nit is."),
    ] {
        let files = [(file.to_owned(), source.to_owned())];
        assert_eq!(banned_words(&files).len(), 1, "{source}");
    }
    for (file, source) in [
        (
            "src/a.rs",
            "let nobody = room; let x = \"a mushroom amends its words\";",
        ),
        (
            "src/a.rs",
            "/// Twilio's `<Room>`.\nRoom = \"Room\" in [Connect];",
        ),
        ("src/a.rs", "/// the words\nfn f() {}\n/// of a text\n"),
        ("README.md", "the words\n\nof a text"),
    ] {
        let files = [(file.to_owned(), source.to_owned())];
        assert_eq!(banned_words(&files), [""; 0], "{source}");
    }
}

#[test]
fn the_first_line_of_each_doc_block_is_found() {
    let source = "/// What it is.\n/// More.\nstruct A;\n//! Sends.\n// Why not.\n///\n/// How.\n";
    let expected = [
        (1, "What it is.".to_owned()),
        (4, "Sends.".to_owned()),
        (7, "How.".to_owned()),
    ];
    assert_eq!(openings("src/a.rs", source), expected);
    let source = "# Title\nText\nof it.\n\n- Item\n";
    let found: Vec<_> = openings("a.md", source).into_iter().map(|o| o.0).collect();
    assert_eq!(found, [1, 5]);
    assert!(opens_with_a_question("Whether it rings.") && !opens_with_a_question("Whatever"));
    assert!(opens_with_a_question("- What it is.") && !opens_with_a_question("What is it?"));
}

#[test]
fn three_percent_of_questions_in_one_part_are_too_many() {
    let blocks = |plain: usize, questions: usize| {
        "/// Sends.\nfn a();\n".repeat(plain) + &"/// How it sends.\nfn a();\n".repeat(questions)
    };
    let file = |name: &str, source: String| (name.to_owned(), source);
    let many = file("src/sms/mod.rs", blocks(1_000, 0));
    let at_limit = file("src/phone/mod.rs", blocks(97, 3));
    assert_eq!(questions(&[many.clone(), at_limit]).len(), 1);
    assert!(questions(&[many, file("src/phone/mod.rs", blocks(98, 2))]).is_empty());
}

//! Docs open with the thing or the action, and no doc, comment or message uses a banned word.

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
    ("heed", "follow"),
    ("obey", "follow"),
    ("knock", "ring"),
    ("lacking", "missing"),
    ("likeness", "match"),
    ("salvage", "recover"),
    ("dirt", "stray characters"),
    ("rival", "duplicate"),
    ("rivals", "duplicates"),
    ("somebody", "the person meant"),
    ("nobody", "no one, or the person meant"),
    ("words of", "body of"),
    ("how it is asked", "HTTP method"),
];

/// Doc blocks that open so leave the reader to guess what they are about.
const QUESTIONS: &[&str] = &[
    "What", "Who", "Whom", "Whose", "Where", "Wherever", "How", "Why", "Whether", "When",
];

/// Modules whose text is held to the rules, by the start of their paths. Add a module once its text
/// is plain.
const PLAIN: &[&str] = &[
    "client/",
    "clinspark/",
    "messenger/",
    "sandbox/",
    "voice_token",
    "webhook/",
];

/// Quotations of Twilio, and words that mean something else in their place.
const EXCEPTIONS: &[&str] = &["`<Room>`", "Room", "leaves no room"];

fn is_plain(file: &str) -> bool {
    PLAIN.iter().any(|start| file.starts_with(start))
}

/// Text of a line that people read: a comment, a doc or a string.
fn text_of(line: &str) -> Option<String> {
    let bare = line.trim_start();
    if let Some(comment) = bare.strip_prefix("//") {
        return Some(comment.to_owned());
    }
    let strings: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
    (!strings.is_empty()).then(|| strings.join(" "))
}

fn banned_in(text: &str) -> Option<&'static (&'static str, &'static str)> {
    let text = EXCEPTIONS.iter().fold(text.to_owned(), |text, exception| {
        text.replace(exception, "")
    });
    let is_letter = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let words: Vec<String> = text
        .split(|c| !is_letter(c))
        .map(str::to_lowercase)
        .collect();
    let text = format!(" {} ", words.join(" "));
    BANNED
        .iter()
        .find(|(word, _)| text.contains(&format!(" {word} ")))
}

/// First lines of doc blocks.
fn openings(source: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut is_inside = false;
    for (number, line) in source.lines().enumerate() {
        let bare = line.trim_start();
        let doc = bare
            .strip_prefix("///")
            .or_else(|| bare.strip_prefix("//!"));
        match doc.map(str::trim) {
            Some("") => {}
            Some(text) if !is_inside => {
                found.push((number + 1, text));
                is_inside = true;
            }
            Some(_) => {}
            None => is_inside = false,
        }
    }
    found
}

fn opens_with_a_question(text: &str) -> bool {
    let first = text
        .split(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    QUESTIONS.contains(&first)
}

#[test]
fn docs_comments_and_messages_use_standard_words() {
    let mut found = Vec::new();
    let files = source_files();
    for (file, source) in files.iter().filter(|(file, _)| is_plain(file)) {
        for (number, line) in source.lines().enumerate() {
            if let Some((word, instead)) = text_of(line).as_deref().and_then(banned_in) {
                found.push(format!("{file}:{}: {word} (write {instead})", number + 1));
            }
        }
    }
    for (number, line) in include_str!("../../README.md").lines().enumerate() {
        if let Some((word, instead)) = banned_in(line) {
            found.push(format!(
                "README.md:{}: {word} (write {instead})",
                number + 1
            ));
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn docs_open_with_the_thing_or_the_action() {
    let files = source_files();
    let plain: Vec<_> = files.iter().filter(|(file, _)| is_plain(file)).collect();
    assert!(plain.len() > 30, "only {} files read", plain.len());
    let (mut blocks, mut questions) = (0, Vec::new());
    for (file, source) in plain {
        for (number, text) in openings(source) {
            blocks += 1;
            if opens_with_a_question(text) {
                questions.push(format!("{file}:{number}: {text}"));
            }
        }
    }
    let share = 100 * questions.len() / blocks;
    assert!(
        share < 3,
        "{share} % of {blocks}:\n{}",
        questions.join("\n")
    );
}

#[test]
fn riddles_and_banned_words_are_found() {
    assert!(banned_in("What nobody can do").is_some());
    assert!(banned_in("it is mended.").is_some());
    assert!(banned_in("the words of a text").is_some());
    assert!(banned_in("a mushroom amends its words").is_none());
    assert_eq!(text_of("    /// Room").as_deref(), Some("/ Room"));
    assert_eq!(
        text_of("    let x = \"one\"; f(\"two\");").as_deref(),
        Some("one two")
    );
    assert_eq!(text_of("let nobody = 1;"), None);
    let source = "/// What it is.\n/// More.\nstruct A;\n//! Sends.\n";
    assert_eq!(openings(source), [(1, "What it is."), (4, "Sends.")]);
    assert!(opens_with_a_question("Whether it rings.") && !opens_with_a_question("Whatever"));
}

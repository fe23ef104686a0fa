//! A nesting that Twilio does not permit does not compile, and the compiler prints the crate's
//! message.
//!
//! The wrong programs and their compiling counterparts are two targets of one package, checked by
//! the same cargo. The counterparts differ in the child alone, so that a typo cannot look like a
//! refusal.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

/// A parent, a child that is not permitted, a permitted child, and the compiler's message.
const PAIRS: &[(&str, &str, &str, &str)] = &[
    (
        "Dial::new()",
        "Gather::new()",
        "Number::new(\"\")",
        "`<Gather>` may not appear inside `<Dial>`",
    ),
    (
        "Dial::new()",
        "Say::new(\"\")",
        "Number::new(\"\")",
        "`<Say>` may not appear inside `<Dial>`",
    ),
    (
        "Gather::new()",
        "Gather::new()",
        "Say::new(\"\")",
        "`<Gather>` may not appear inside `<Gather>`",
    ),
    (
        "Gather::new()",
        "Record::new()",
        "Play::new(\"\")",
        "`<Record>` may not appear inside `<Gather>`",
    ),
    (
        "Gather::new()",
        "Hangup::new()",
        "Pause::new()",
        "`<Hangup>` may not appear inside `<Gather>`",
    ),
    (
        "Message::new()",
        "Message::new()",
        "Body::new(\"\")",
        "`<Message>` may not appear inside `<Message>`",
    ),
    (
        "MessagingResponse::new()",
        "Say::new(\"\")",
        "Message::new()",
        "`<Say>` may not appear inside `<MessagingResponse>`",
    ),
    (
        "MessagingResponse::new()",
        "Hangup::new()",
        "Redirect::new(\"\")",
        "`<Hangup>` may not appear inside `<MessagingResponse>`",
    ),
    (
        "VoiceResponse::new()",
        "Message::new()",
        "Redirect::new(\"\")",
        "`<Message>` may not appear inside `<VoiceResponse>`",
    ),
    (
        "VoiceResponse::new()",
        "Number::new(\"\")",
        "Dial::new()",
        "`<Number>` may not appear inside `<VoiceResponse>`",
    ),
    (
        "VoiceResponse::new()",
        "VoiceResponse::new()",
        "Hangup::new()",
        "`<VoiceResponse>` may not appear inside `<VoiceResponse>`",
    ),
    (
        "Say::new(\"\")",
        "Say::new(\"\")",
        "ssml::Break::new()",
        "`<Say>` may not appear inside `<Say>`",
    ),
    (
        "Connect::new()",
        "Say::new(\"\")",
        "Stream::new()",
        "`<Say>` may not appear inside `<Connect>`",
    ),
    (
        "Start::new()",
        "Room::new(\"\")",
        "Siprec::new()",
        "`<Room>` may not appear inside `<Start>`",
    ),
    (
        "Stop::new()",
        "Recording::new()",
        "Transcription::new()",
        "`<Recording>` may not appear inside `<Stop>`",
    ),
    (
        "Pay::new()",
        "Say::new(\"\")",
        "Prompt::new()",
        "`<Say>` may not appear inside `<Pay>`",
    ),
    (
        "Refer::new()",
        "Sip::new()",
        "ReferSip::new(\"\")",
        "`<Sip>` may not appear inside `<Refer>`",
    ),
    (
        "Dial::new()",
        "Room::new(\"\")",
        "Conference::new(\"\")",
        "`<Room>` may not appear inside `<Dial>`",
    ),
    (
        "Conference::new(\"\")",
        "Parameter::new(\"\", \"\")",
        "CustomElement::new(\"a\").unwrap()",
        "`<Parameter>` may not appear inside `<Conference>`",
    ),
    (
        "ssml::Word::new(\"\")",
        "ssml::Lang::new(\"\")",
        "ssml::Sub::new(\"\")",
        "`<Lang>` may not appear inside `<Word>`",
    ),
    (
        "Gather::new()",
        "\"text\"",
        "Say::new(\"text\")",
        "`<&str>` may not appear inside `<Gather>`",
    ),
];

#[test]
fn wrong_nesting_does_not_compile_and_the_message_explains_it() {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nesting");
    write_package(&package);

    let wrong = check(&package, "wrong");
    assert!(!wrong.status.success(), "the wrong programs compile");
    let said = String::from_utf8_lossy(&wrong.stderr);
    // Compared exactly. The compiler shows the path of an element if the library has another item
    // with the same name.
    assert!(
        said.contains("`<Gather>` may not appear inside `<Dial>`"),
        "{said}"
    );
    let said = said.replace("<clinspark_twilio::twiml::", "<");
    for (line, (parent, child, _, sentence)) in (FIRST_LINE..).zip(PAIRS) {
        let at = format!("wrong.rs:{line}:");
        let here: Vec<_> = said
            .lines()
            .filter(|l| l.contains(&at))
            .map(|l| l.replace("<ssml::", "<"))
            .collect();
        assert!(
            here.iter().any(|l| l.contains(sentence)),
            "{parent}.append({child}): expected {sentence}, the compiler said {here:?} in\n{said}"
        );
        assert_eq!(here.len(), 1, "{parent}.append({child}): {here:?}");
    }

    let right = check(&package, "right");
    let said = String::from_utf8_lossy(&right.stderr);
    assert!(
        right.status.success(),
        "a counterpart does not compile:\n{said}"
    );
}

/// Line of the first pair.
const FIRST_LINE: usize = 4;

fn write_package(package: &Path) {
    let bins = package.join("src/bin");
    std::fs::create_dir_all(&bins).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = format!(
        "[package]\nname = \"nesting\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nclinspark-twilio = {{ path = \"{}\", default-features = false }}\n",
        root.display()
    );
    std::fs::write(package.join("Cargo.toml"), manifest).unwrap();
    // The versions of this build, which are already downloaded.
    std::fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock")).unwrap();
    std::fs::write(bins.join("wrong.rs"), program(|pair| pair.1)).unwrap();
    std::fs::write(bins.join("right.rs"), program(|pair| pair.2)).unwrap();
}

/// Types are imported by name, as in user code, so that the compiler shows them without a path.
fn program(child: impl Fn(&(&str, &'static str, &'static str, &str)) -> &'static str) -> String {
    let imports: BTreeSet<_> = PAIRS
        .iter()
        .flat_map(|pair| [pair.0, pair.1, pair.2])
        .filter_map(|expression| Some(expression.split_once("::")?.0))
        .collect();
    let imports = Vec::from_iter(imports).join(", ");
    let mut program =
        format!("#![allow(unused)]\nuse clinspark_twilio::twiml::{{{imports}}};\nfn main() {{\n");
    for pair in PAIRS {
        writeln!(program, "    let _ = {}.append({});", pair.0, child(pair)).unwrap();
    }
    program + "}\n"
}

fn check(package: &Path, bin: &str) -> Output {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nesting-target");
    Command::new(env!("CARGO"))
        .args([
            "check",
            "--offline",
            "--quiet",
            "--message-format=short",
            "--bin",
            bin,
        ])
        .arg("--target-dir")
        .arg(target)
        .current_dir(package)
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap()
}

//! The commands `oracle numbers` and `oracle segments` write one answer for every line.

use clinspark_twilio::phone::{CountryPrefix, Normalizer};

#[path = "../../examples/oracle/numbers.rs"]
mod numbers;
#[path = "../../examples/oracle/segments.rs"]
mod segments;

const BAD: &str = r#"{"error":"bad-request"}"#;

#[track_caller]
fn assert_numbers(input: &[u8], answers: &[&str]) {
    let mut out = Vec::new();
    numbers::run(input, &mut out, None).unwrap();
    assert_eq!(lines(&out), answers);
}

#[track_caller]
fn assert_segments(input: &[u8], answers: &[&str]) {
    let mut out = Vec::new();
    segments::run(input, &mut out).unwrap();
    assert_eq!(lines(&out), answers);
}

fn lines(out: &[u8]) -> Vec<&str> {
    str::from_utf8(out).unwrap().lines().collect()
}

/// Returns lines that are not a request; each test puts one between two valid lines.
fn no_requests(key: &str) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = [
        "",
        " ",
        "\r",
        "{}",
        "null",
        "[]",
        "[",
        "\"text\"",
        "5",
        "{\"other\":\"x\"}",
        "}{",
        "\0",
    ]
    .map(|line| line.as_bytes().to_vec())
    .into();
    lines.push(format!("{{\"{key}\":null}}").into_bytes());
    lines.push(format!("{{\"{key}\":5}}").into_bytes());
    lines.push(format!("{{\"{key}\":\"a\",\"{key}\":\"b\"}}").into_bytes());
    lines.push(format!("{{\"{key}\":\"\\ud800\"}}").into_bytes());
    lines.push([b"{\"", key.as_bytes(), b"\":\"\xFF\"}"].concat());
    lines.push("[".repeat(1_000_000).into_bytes());
    lines
}

#[test]
fn numbers_are_answered_line_by_line() {
    let good = r#"{"input":"0491 570 156","default_region":"AU"}"#;
    let number = r#"{"e164":"+61491570156","region":"AU","kind":"mobile","source":"national"}"#;
    for line in no_requests("input") {
        let input = [good.as_bytes(), &line, good.as_bytes()].join(&b'\n');
        assert_numbers(&input, &[number, BAD, number]);
    }
    // No line break at the end, or the line breaks of Windows.
    assert_numbers(good.as_bytes(), &[number]);
    assert_numbers(format!("{good}\r\n{good}\r\n").as_bytes(), &[number; 2]);
    assert_numbers(b"", &[]);
    let long = format!(r#"{{"input":"{}"}}"#, "1".repeat(1_000_000));
    assert_numbers(long.as_bytes(), &[r#"{"error":"too-long-input"}"#]);
}

#[test]
fn default_region_and_calling_code_are_read() {
    let us = r#"{"e164":"+14155550123","region":"US","kind":"fixed-line-or-mobile","source":"national"}"#;
    for (defaults, answer) in [
        (r#""default_calling_code":1"#, us),
        (r#""default_calling_code":"+1""#, us),
        (r#""default_region":"us""#, us),
        (r#""default_region":null,"default_calling_code":"001""#, us),
        (r#""default_region":"US","default_calling_code":null"#, us),
        (r#""default_region":"","default_calling_code":1"#, us),
        (r#""unknown":true,"default_region":"US""#, us),
        (r#""default_region":null"#, r#"{"error":"missing-country"}"#),
        (r#""default_region":"ZZ""#, r#"{"error":"unknown-region"}"#),
        (
            r#""default_calling_code":0"#,
            r#"{"error":"unknown-calling-code"}"#,
        ),
        (
            r#""default_calling_code":[1]"#,
            r#"{"error":"unknown-calling-code"}"#,
        ),
        (
            r#""default_region":"US","default_calling_code":44"#,
            r#"{"error":"conflicting-defaults"}"#,
        ),
        (r#""default_region":5"#, BAD),
    ] {
        let line = format!(r#"{{"input":"(415) 555-0123 ext. 9",{defaults}}}"#);
        assert_numbers(line.as_bytes(), &[answer]);
    }
    assert_numbers(
        r#"{"input":"+800 1234 5678"}"#.as_bytes(),
        &[r#"{"e164":"+80012345678","region":null,"kind":"toll-free","source":"plus"}"#],
    );
}

#[test]
fn plain_lines_are_answered_too() {
    let clinic = Normalizer::for_prefix(CountryPrefix::parse("44").unwrap());
    let mut out = Vec::new();
    let input = b"020 7946 0018\r\n\n\xFF\n+1 415 555 0123";
    numbers::run(&input[..], &mut out, Some(clinic)).unwrap();
    assert_eq!(
        lines(&out),
        [
            "+442079460018",
            "no phone number was given",
            "this is not a phone number; type it with digits, blanks and dashes only",
            "+14155550123",
        ]
    );
}

#[test]
fn segments_are_answered_line_by_line() {
    let good = r#"{"body":"We\u2019ll call"}"#;
    let counted = r#"{"encoding":"UCS-2","segments":1,"units":10}"#;
    for line in no_requests("body") {
        let input = [good.as_bytes(), &line, good.as_bytes()].join(&b'\n');
        assert_segments(&input, &[counted, BAD, counted]);
    }
    assert_segments(format!("{good}\r\n{good}\r\n").as_bytes(), &[counted; 2]);
    assert_segments(
        br#"{"body":""}"#,
        &[r#"{"encoding":"GSM-7","segments":1,"units":0}"#],
    );
    let long = format!(r#"{{"body":"{}"}}"#, "a".repeat(1_000_000));
    assert_segments(
        long.as_bytes(),
        &[r#"{"encoding":"GSM-7","segments":6536,"units":1000000}"#],
    );
}

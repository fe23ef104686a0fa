//! Table of known codes, in this crate's wording and judgement.
//!
//! `table.tsv` has one line for each code, in ascending order of the codes. Its columns are
//! separated by tabs; `-` stands for a value that is not known:
//!
//! 1. code;
//! 2. class, as in [`ErrorClass::of_name`];
//! 3. advice about a retry, as in [`RetryAdvice::of_name`];
//! 4. Twilio's log level, `error` or `warning`;
//! 5. certainty, as in [`Certainty::of_name`];
//! 6. Twilio's product area in short;
//! 7. meaning;
//! 8. advice.
//!
//! Checked against Twilio's own dictionary of error codes as of May 2023 and February 2025, and
//! pages under <https://www.twilio.com/docs/api/errors> as of 2025 and 2026. Further sources are the
//! list of Verify codes (<https://www.twilio.com/docs/verify/api/error-codes>), Twilio's changelog
//! of 7 August 2025 on the 2FA of brands (21736 to 21741), and the table of Voice SDK codes in the
//! npm package `@twilio/voice-errors` 1.8.0.

use super::class::{Certainty, ErrorClass, ErrorLevel, RetryAdvice};

// Text is smaller than an array of rows: each row would need two string references, and each of
// these a relocation in the executable.
const TABLE: &str = include_str!("table.tsv");

/// Line of the table.
pub(super) struct CodeRow {
    pub(super) class: ErrorClass,
    pub(super) retry: RetryAdvice,
    pub(super) level: Option<ErrorLevel>,
    pub(super) certainty: Certainty,
    pub(super) product: Option<&'static str>,
    pub(super) meaning: &'static str,
    pub(super) advice: &'static str,
}

impl CodeRow {
    pub(super) fn of(code: u32) -> Option<Self> {
        // The code itself is the first column.
        let mut columns = find(code)?.split('\t').skip(1);
        Some(Self {
            class: ErrorClass::of_name(columns.next()?)?,
            retry: RetryAdvice::of_name(columns.next()?)?,
            level: ErrorLevel::of_name(columns.next()?),
            certainty: Certainty::of_name(columns.next()?)?,
            product: columns.next().filter(|product| *product != "-"),
            meaning: columns.next()?,
            advice: columns.next()?,
        })
    }
}

/// Returns all codes in the order of the table.
pub(super) fn codes() -> impl Iterator<Item = u32> {
    TABLE.lines().map(|line| leading_number(line.as_bytes()))
}

/// Finds the line of a code by bisection, without its line break.
// A `const fn`, so that a named constant without a row does not compile. It therefore cannot use
// iterators or the search functions of `str`.
pub(super) const fn find(code: u32) -> Option<&'static str> {
    let mut lines = TABLE;
    while !lines.is_empty() {
        let Some((before, rest)) = lines.split_at_checked(start_of_middle_line(lines)) else {
            return None;
        };
        let Some((line, after)) = rest.split_at_checked(length_of_first_line(rest)) else {
            return None;
        };
        let found = leading_number(line.as_bytes());
        if found == code {
            return Some(line);
        }
        // Both halves are shorter than the whole, so the search ends.
        lines = if found > code {
            before
        } else {
            match after.split_at_checked(1) {
                Some((_line_break, after)) => after,
                None => return None,
            }
        };
    }
    None
}

const fn start_of_middle_line(lines: &str) -> usize {
    let (mut before, _) = lines.as_bytes().split_at(lines.len() / 2);
    while let [rest @ .., last] = before {
        if *last == b'\n' {
            break;
        }
        before = rest;
    }
    before.len()
}

const fn length_of_first_line(lines: &str) -> usize {
    let mut rest = lines.as_bytes();
    while let [first, after @ ..] = rest {
        if *first == b'\n' {
            break;
        }
        rest = after;
    }
    lines.len() - rest.len()
}

const fn leading_number(mut line: &[u8]) -> u32 {
    let mut number = 0;
    while let [digit @ b'0'..=b'9', rest @ ..] = line {
        number = number * 10 + (*digit - b'0') as u32;
        line = rest;
    }
    number
}

//! Counts the segments of texts from standard input, one a line.
//!
//! JSON lines `{"body"}` become `{"encoding", "segments", "units"}`. Any other line becomes
//! `{"error": "bad-request"}`, so that every line has an answer, in order.

use std::io::{self, BufRead, Write};

use clinspark_twilio::sms::MessageSize;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Text {
    body: String,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Counted {
        encoding: &'static str,
        segments: usize,
        units: usize,
    },
    Refused {
        error: &'static str,
    },
}

/// Answers each line at once.
pub(crate) fn run(input: impl BufRead, mut out: impl Write) -> io::Result<()> {
    // Split as bytes: a line in another encoding is refused, and the next one is read.
    for line in input.split(b'\n') {
        let answer = serde_json::to_string(&answer(&line?))?;
        writeln!(out, "{answer}")?;
    }
    Ok(())
}

fn answer(line: &[u8]) -> Answer {
    let Ok(Text { body }) = serde_json::from_slice(line) else {
        return Answer::Refused {
            error: "bad-request",
        };
    };
    let size = MessageSize::of(&body);
    Answer::Counted {
        encoding: size.encoding().as_str(),
        segments: size.segments(),
        units: size.units(),
    }
}

//! Counts the segments of texts, one JSON line `{"body"}` each from standard input, as
//! `{"encoding", "segments", "units"}`.
//!
//! ```text
//! echo '{"body":"See you at 9."}' | cargo run --example count_segments
//! ```

use std::io::{self, BufRead, BufWriter, Write};

use clinspark_twilio::sms::MessageSize;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Text {
    body: String,
}

#[derive(Serialize)]
struct Answer {
    encoding: &'static str,
    segments: usize,
    units: usize,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let text: Text = serde_json::from_str(&line?)?;
        let size = MessageSize::of(&text.body);
        let answer = Answer {
            encoding: size.encoding().as_str(),
            segments: size.segments(),
            units: size.units(),
        };
        writeln!(out, "{}", serde_json::to_string(&answer)?)?;
    }
    Ok(out.flush()?)
}

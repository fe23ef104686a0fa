//! Normalizes phone numbers from standard input, one a line.
//!
//! JSON lines `{"input", "default_region"?, "default_calling_code"?}` become
//! `{"e164", "region", "kind", "source"}` or `{"error": "..."}`. Any other line becomes
//! `{"error": "bad-request"}`, so that every line has an answer, in order.
//!
//! With `--prefix CODE`, the input is plain text, and each line becomes E.164 or an error message.

use std::io::{self, BufRead, Write};

use clinspark_twilio::phone::{CountryPrefix, Normalizer, PhoneError, PhoneNumber, Region};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Deserialize)]
struct Typed {
    input: String,
    #[serde(default)]
    default_region: Option<String>,
    /// Calling code as a string or a number.
    #[serde(default)]
    default_calling_code: Value,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Number {
        e164: String,
        region: Option<String>,
        kind: &'static str,
        source: &'static str,
    },
    Refused {
        error: &'static str,
    },
}

/// Answers each line at once: in plain text if `clinic` is set, else in JSON.
pub(crate) fn run(
    input: impl BufRead,
    mut out: impl Write,
    clinic: Option<Normalizer>,
) -> io::Result<()> {
    // Split as bytes: a line in another encoding is refused, and the next one is read.
    for line in input.split(b'\n') {
        let line = line?;
        let answer = match clinic {
            None => serde_json::to_string(&answer(&line))?,
            Some(clinic) => match clinic.normalize(&String::from_utf8_lossy(&line)) {
                Ok(number) => number.e164().as_str().to_owned(),
                Err(error) => error.to_string(),
            },
        };
        writeln!(out, "{answer}")?;
    }
    Ok(())
}

/// Returns the answer to a JSON line. Numbers of every kind are accepted; extensions are removed.
fn answer(line: &[u8]) -> Answer {
    let Ok(typed) = serde_json::from_slice(line) else {
        return Answer::Refused {
            error: "bad-request",
        };
    };
    match read(&typed) {
        Ok(number) => Answer::Number {
            e164: number.e164().as_str().to_owned(),
            region: number.region().map(|region| region.to_string()),
            kind: number.kind().as_str(),
            source: number.country_code_source().as_str(),
        },
        Err(error) => Answer::Refused {
            error: error.kind().as_str(),
        },
    }
}

fn read(typed: &Typed) -> Result<PhoneNumber, PhoneError> {
    let code = match &typed.default_calling_code {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    // An empty string counts as absent.
    let given = |text: &String| !text.is_empty();
    let prefix = code.filter(given).map(|text| text.parse::<CountryPrefix>());
    let region = typed.default_region.clone().filter(given);
    let region = region.map(|text| text.parse::<Region>());
    Normalizer::from_defaults(prefix.transpose()?, region.transpose()?)?
        .extensions(true)
        .normalize(&typed.input)
}

//! Reads phone numbers, one a line, from standard input.
//!
//! JSON lines `{"input", "default_region"?, "default_calling_code"?}` become
//! `{"e164", "region", "kind", "source"}` or `{"error": "..."}`:
//!
//! ```text
//! echo '{"input":"0491 570 156","default_region":"AU"}' | cargo run --example normalize_numbers
//! ```
//!
//! With `--prefix`, plain lines become E.164, or the reason why not:
//!
//! ```text
//! cargo run --example normalize_numbers -- --prefix 44 < numbers.txt
//! ```

use std::io::{self, BufRead, BufWriter, Write};

use clinspark_twilio::phone::{CountryPrefix, Normalizer, PhoneError, PhoneNumber, Region};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let clinic = match &arguments[..] {
        [] => None,
        [flag, prefix] if flag == "--prefix" => {
            Some(Normalizer::for_prefix(CountryPrefix::parse(prefix)?))
        }
        _ => return Err("usage: normalize_numbers [--prefix CODE]".into()),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        match clinic {
            Some(clinic) => match clinic.normalize(&line) {
                Ok(number) => writeln!(out, "{}", number.e164().as_str())?,
                Err(error) => writeln!(out, "{error}")?,
            },
            None => writeln!(out, "{}", answer(&serde_json::from_str(&line)?))?,
        }
    }
    Ok(out.flush()?)
}

/// The answer to one JSON line: every kind is taken, extensions are taken and dropped.
fn answer(line: &Value) -> Value {
    match read(line) {
        Ok(number) => json!({
            "e164": number.e164().as_str(),
            "region": number.region().map(|region| region.to_string()),
            "kind": number.kind().as_str(),
            "source": number.source().as_str(),
        }),
        Err(error) => json!({ "error": error.kind().as_str() }),
    }
}

fn read(line: &Value) -> Result<PhoneNumber, PhoneError> {
    let setting = |name: &str| match &line[name] {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let region = setting("default_region").map(|text| Region::parse(&text));
    let prefix = setting("default_calling_code").map(|text| CountryPrefix::parse(&text));
    Normalizer::from_defaults(prefix.transpose()?, region.transpose()?)?
        .extensions(true)
        .normalize(line["input"].as_str().unwrap_or_default())
}

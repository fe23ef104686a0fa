//! Runs the crate on external data, one JSON object a line.
//!
//! ```text
//! oracle numbers [--prefix CODE]   phone numbers as they were typed
//! oracle segments                  encoding and segments of texts
//! oracle webhooks [--plain]        the cause of a refused signature
//! oracle cases [FILE...]           cases with their correct answers
//! ```
//!
//! Every command reads standard input, except `cases` with files. Each module documents its format.
//!
//! ```text
//! echo '{"input":"0491 570 156","default_region":"AU"}' | cargo run --example oracle -- numbers
//! cargo run --all-features --example oracle -- cases tests/data/cases/*.jsonl
//! ```
//!
//! Exit code: 0 if no case differs, 1 if a case differs, 2 if the command or a file is invalid.

mod cases;
mod numbers;
mod segments;
mod webhooks;

use std::error::Error;
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::process::ExitCode;

use clinspark_twilio::phone::{CountryPrefix, Normalizer};

const USAGE: &str =
    "usage: oracle numbers [--prefix CODE] | segments | webhooks [--plain] | cases [FILE...]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run(&arguments).unwrap_or_else(|error| {
        let _ = writeln!(io::stderr(), "{error}");
        ExitCode::from(2)
    })
}

fn run(arguments: &[&str]) -> Result<ExitCode, Box<dyn Error>> {
    let (input, out) = (io::stdin().lock(), io::stdout().lock());
    match arguments {
        ["numbers"] => numbers::run(input, out, None)?,
        ["numbers", "--prefix", code] => {
            let clinic = Normalizer::for_prefix(CountryPrefix::parse(code)?);
            numbers::run(input, out, Some(clinic))?;
        }
        ["segments"] => segments::run(input, out)?,
        ["webhooks"] => webhooks::run(input, out, false)?,
        ["webhooks", "--plain"] => webhooks::run(input, out, true)?,
        ["cases", files @ ..] => return compare(files, input, out),
        _ => return Err(USAGE.into()),
    }
    Ok(ExitCode::SUCCESS)
}

fn compare(
    files: &[&str],
    input: impl io::BufRead,
    mut out: impl Write,
) -> Result<ExitCode, Box<dyn Error>> {
    let mut tally = cases::Tally::default();
    if files.is_empty() {
        tally.run("standard input", input, &mut out)?;
    }
    for name in files {
        let file = File::open(name).map_err(|error| format!("{name}: {error}"))?;
        tally.run(name, BufReader::new(file), &mut out)?;
    }
    writeln!(out, "{tally}")?;
    Ok(if tally.differs == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

//! `error`: meaning of Twilio's error codes, and what to do about them.

use std::fmt;

use clap::Args;
use clinspark_twilio::codes::{Certainty, ErrorCode, ErrorLevel, RetryAdvice};
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::output::{Output, Table};

/// Explains error codes of Twilio, and says what to do
#[derive(Args, Debug)]
#[command(after_help = "\
Exit code 1 if a code is unknown to this version.

Example:
  clinspark-twilio error 30034")]
pub(crate) struct Options {
    /// Codes, such as 30034
    #[arg(required = true, value_name = "CODE")]
    codes: Vec<u32>,
}

#[derive(Serialize)]
struct Answer(Vec<Explained>);

/// Code with its meaning.
#[derive(Serialize)]
struct Explained {
    code: u32,
    known: bool,
    meaning: &'static str,
    advice: Option<&'static str>,
    class: String,
    retry: &'static str,
    level: Option<&'static str>,
    product: Option<&'static str>,
    certainty: &'static str,
    url: String,
}

pub(crate) fn run(options: &Options, output: Output) -> Result<Exit, Failure> {
    let codes = options.codes.iter().copied().map(ErrorCode::from);
    let answer = Answer(codes.map(Explained::of).collect());
    output.print(&answer)?;
    Ok(Exit::fine_if(answer.0.iter().all(|code| code.known)))
}

/// Returns the class of a code, such as `opted-out`.
pub(crate) fn class_name(code: ErrorCode) -> String {
    let mut name = String::new();
    for letter in format!("{:?}", code.class()).chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

impl Explained {
    fn of(code: ErrorCode) -> Self {
        Self {
            code: code.get(),
            known: code.is_known(),
            meaning: code.meaning(),
            advice: code.advice(),
            class: class_name(code),
            retry: match code.retry_advice() {
                RetryAdvice::Never => "never",
                RetryAdvice::Later => "later",
                RetryAdvice::Soon => "soon",
                _ => "unknown",
            },
            level: code.level().map(|level| match level {
                ErrorLevel::Error => "error",
                ErrorLevel::Warning => "warning",
                _ => "unknown",
            }),
            product: code.product(),
            certainty: match code.certainty() {
                Certainty::Documented => "documented by Twilio",
                Certainty::TitleOnly => "only a title is public",
                Certainty::Referenced => "known from the page of another code",
                _ => "unknown to this version",
            },
            url: code.url(),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, code) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n\n" };
            write!(f, "{separator}{code}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::of_pairs();
        table.row([&"error", &self.code]);
        table.row([&"meaning", &self.meaning]);
        table.row([&"advice", &self.advice.unwrap_or("see Twilio's page")]);
        table.row([&"class", &self.class]);
        table.row([&"retry", &self.retry]);
        table.row([&"level", &self.level.unwrap_or_default()]);
        table.row([&"product", &self.product.unwrap_or_default()]);
        table.row([&"certainty", &self.certainty]);
        table.row([&"see", &self.url]);
        write!(f, "{table}")
    }
}

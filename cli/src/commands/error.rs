//! `error`: meaning of Twilio's error codes, and what to do about them.

use std::fmt;

use clap::Args;
use clinspark_twilio::codes::{ErrorCode, ErrorLevel};
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::output::{Output, Table};

/// Explains error codes of Twilio, and says what to do
#[derive(Args, Debug)]
#[command(after_help = "\
Class, advice about a retry and certainty are the judgement of this program, not Twilio's. Certainty:
documented (Twilio documents cause and remedy), title-only (only a title is public), referenced (known
from the page of another code), unknown (class and meaning are those of the code's range). Exit code 1
if a code is unknown to this version.

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
    class: &'static str,
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

impl Explained {
    fn of(code: ErrorCode) -> Self {
        Self {
            code: code.get(),
            known: code.is_known(),
            meaning: code.meaning(),
            advice: code.advice(),
            class: code.class().as_str(),
            retry: code.retry_advice().as_str(),
            level: code.level().map(ErrorLevel::as_str),
            product: code.product(),
            certainty: code.certainty().as_str(),
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

//! `number`: reads typed numbers, and gives an answer or the reason of the refusal for each.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead as _, IsTerminal as _, Read};
use std::path::PathBuf;

use clap::Args;
use clinspark_twilio::phone::{
    CountryPrefix, Normalizer, NumberWarning, PhoneError, PhoneNumber, Region,
};
use csv::{ByteRecord, ByteRecordsIntoIter, ReaderBuilder};
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::input::{self, LimitedLines};
use crate::output::Output;

/// Reads typed phone numbers, and prints each in E.164 form or the reason of its refusal
#[derive(Args, Debug)]
#[command(after_help = "\
Without numbers, each line of the standard input is one. Accepted numbers are printed in full, in E.164
form; --masked prints their last two digits only, for a log or a ticket. Refused input is not printed,
only its row and the reason. With --json, each line is one answer. Exit code 1 if any number is refused.

Examples:
  clinspark-twilio number --country AU '0491 570 156'
  clinspark-twilio number --prefix 61 --csv volunteers.csv --column mobile
  clinspark-twilio number --csv volunteers.csv --column mobile --country-column country")]
pub(crate) struct Options {
    /// Numbers as they were typed
    #[arg(value_name = "NUMBER")]
    numbers: Vec<String>,
    /// Default country as two letters, such as AU
    #[arg(long, value_name = "REGION", value_parser = Region::parse)]
    country: Option<Region>,
    /// Default country as a calling code, such as 61
    #[arg(long, value_name = "CODE", value_parser = CountryPrefix::parse)]
    prefix: Option<CountryPrefix>,
    /// Prints only the last two digits of each number
    #[arg(long)]
    masked: bool,
    /// Reads a column of a CSV file, or of the standard input if the file is `-`
    #[arg(
        long,
        value_name = "FILE",
        requires = "column",
        conflicts_with = "numbers"
    )]
    csv: Option<PathBuf>,
    /// Column of the CSV file: its name in the first row, or its position from 1
    #[arg(long, value_name = "COLUMN", requires = "csv")]
    column: Option<String>,
    /// Column of the CSV file with each number's own country, such as AU or 61; if it is empty, the
    /// default country counts, and a row without the column is refused
    #[arg(long, value_name = "COLUMN", requires = "csv")]
    country_column: Option<String>,
    /// First row of the CSV file is data; the column is then a position
    #[arg(long, requires = "csv")]
    no_header: bool,
    /// Character between the fields of the CSV file
    #[arg(long, value_name = "CHARACTER", default_value = ",", requires = "csv")]
    delimiter: char,
}

/// Answer to one number.
#[derive(Serialize)]
struct Row {
    #[serde(rename = "row")]
    position: usize,
    ok: bool,
    #[serde(flatten)]
    answer: Answer,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Accepted(Accepted),
    Refused {
        reason: &'static str,
        message: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        candidates: Vec<Accepted>,
    },
}

#[derive(Serialize)]
struct Accepted {
    number: String,
    region: Option<String>,
    kind: &'static str,
    source: &'static str,
    warnings: Vec<&'static str>,
}

impl Accepted {
    fn of(number: PhoneNumber, masked: bool) -> Self {
        let e164 = number.e164();
        Self {
            number: if masked {
                e164.masked().to_string()
            } else {
                e164.as_str().to_owned()
            },
            region: number.region().map(|region| region.to_string()),
            kind: number.kind().as_str(),
            source: number.country_code_source().as_str(),
            warnings: number.warnings().map(NumberWarning::as_str).collect(),
        }
    }
}

impl Row {
    fn of(position: usize, read: Result<PhoneNumber, PhoneError>, masked: bool) -> Self {
        let ok = read.is_ok();
        let accepted = |number| Accepted::of(number, masked);
        let answer = match read {
            Ok(number) => Answer::Accepted(accepted(number)),
            Err(error) => Answer::Refused {
                reason: error.kind().as_str(),
                message: error.to_string(),
                candidates: error
                    .candidates()
                    .into_iter()
                    .flatten()
                    .map(accepted)
                    .collect(),
            },
        };
        Self {
            position,
            ok,
            answer,
        }
    }
}

impl Row {
    /// Refuses a number whose country is unknown: the default country would be a guess.
    fn of_unknown_country(position: usize) -> Self {
        Self {
            position,
            ok: false,
            answer: Answer::Refused {
                reason: "unknown-country",
                message:
                    "the row has no country of two letters, such as AU, or calling code, such as 61"
                        .to_owned(),
                candidates: Vec::new(),
            },
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>6}  ", self.position)?;
        match &self.answer {
            Answer::Accepted(accepted) => write!(f, "{accepted}"),
            Answer::Refused {
                reason,
                message,
                candidates,
            } => {
                write!(f, "refused           {reason}: {message}")?;
                let mut candidates = candidates.iter();
                candidates.try_for_each(|it| write!(f, "\n{:>8}{:<18}{it}", "", "  could be"))
            }
        }
    }
}

impl fmt::Display for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let region = self.region.as_deref().unwrap_or("-");
        write!(f, "{:<16}  {region:<2}  {}", self.number, self.kind)?;
        let mut warnings = self.warnings.iter();
        warnings.try_for_each(|warning| write!(f, "  ({warning})"))
    }
}

pub(crate) fn run(options: Options, output: Output) -> Result<Exit, Failure> {
    let default = Normalizer::from_defaults(options.prefix, options.country)
        .map_err(|error| Failure::of(Exit::Usage, &error))?;
    let masked = options.masked;
    let (mut accepted, mut refused) = (0_usize, 0_usize);
    let rows = numbers(options)?.enumerate().map(|(index, typed)| {
        let typed = typed?;
        let row = match typed.normalizer(default) {
            Some(normalizer) => Row::of(index + 1, normalizer.normalize(&typed.number), masked),
            None => Row::of_unknown_country(index + 1),
        };
        if row.ok {
            accepted += 1;
        } else {
            refused += 1;
        }
        Ok(row)
    });
    output.print_rows(rows)?;
    if accepted + refused != 1 {
        output.progress(&format!("{accepted} accepted, {refused} refused"))?;
    }
    Ok(Exit::fine_if(refused == 0))
}

type Numbers = Box<dyn Iterator<Item = Result<Typed, Failure>>>;

/// Number as it was typed.
struct Typed {
    number: String,
    /// Its own country: empty if it has none, `None` if the row ends before the column.
    country: Option<String>,
}

impl Typed {
    const fn new(number: String) -> Self {
        Self {
            number,
            country: Some(String::new()),
        }
    }

    /// Returns the normalizer for the number's country. `None` if the country is unknown.
    fn normalizer(&self, default: Normalizer) -> Option<Normalizer> {
        input::normalizer(self.country.as_deref()?, default)
    }
}

/// Returns the typed numbers, from the arguments, a CSV column, or the standard input.
fn numbers(options: Options) -> Result<Numbers, Failure> {
    if let (Some(path), Some(column)) = (&options.csv, &options.column) {
        let input: Box<dyn Read> = if path.as_os_str() == "-" {
            Box::new(io::stdin())
        } else {
            let file = File::open(path).map_err(|error| {
                Failure::usage(format!("cannot read {}: {error}", path.display()))
            })?;
            Box::new(file)
        };
        return columns_of(input, column, &options);
    }
    if !options.numbers.is_empty() {
        return Ok(Box::new(
            options.numbers.into_iter().map(Typed::new).map(Ok),
        ));
    }
    if io::stdin().is_terminal() {
        return Err(Failure::usage(
            "no number; write numbers as arguments, one a line on the standard input, or --csv",
        ));
    }
    // Split as bytes: a line in another encoding is refused, and the next one is read.
    let input = io::BufReader::new(LimitedLines::new(io::stdin()));
    Ok(Box::new(input.split(b'\n').map(|line| {
        let line = line?;
        let number = line.strip_suffix(b"\r").unwrap_or(&line);
        Ok(Typed::new(text_of(number)))
    })))
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn columns_of(file: Box<dyn Read>, column: &str, options: &Options) -> Result<Numbers, Failure> {
    let delimiter = input::delimiter(options.delimiter)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(!options.no_header)
        .flexible(true)
        .from_reader(LimitedLines::new(file));
    let headers = if options.no_header {
        ByteRecord::new()
    } else {
        reader.byte_headers().map_err(input::csv_failure)?.clone()
    };
    let number = input::position(&headers, column)?;
    let country = options.country_column.as_deref();
    let country = country
        .map(|column| input::position(&headers, column))
        .transpose()?;
    let records: ByteRecordsIntoIter<_> = reader.into_byte_records();
    Ok(Box::new(records.map(move |record| {
        let record = record.map_err(input::csv_failure)?;
        let field = |index| record.get(index).map(text_of);
        Ok(Typed {
            // A short row has no number, which is refused as an empty one.
            number: field(number).unwrap_or_default(),
            country: country.map_or_else(|| Some(String::new()), field),
        })
    })))
}

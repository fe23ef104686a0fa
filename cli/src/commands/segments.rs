//! `segments`: encoding and segments of a text, before it is sent.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use clap::Args;
use clinspark_twilio::sms::{MessageSize, non_gsm7_characters, smart_encode};
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::output::{Output, Table};
use crate::settings::read_text;

/// Most characters that are listed.
const MOST_CHARACTERS: usize = 10;

/// Measures a text: its encoding, and the segments that Twilio charges
#[derive(Args, Debug)]
#[command(after_help = "\
Without a text, the standard input is measured without its last line break. The text is not printed,
only the code points that rule out the short encoding GSM-7. Exit code 1 if Twilio refuses the text.

Examples:
  clinspark-twilio segments 'Your visit is tomorrow at 9:00.'
  clinspark-twilio segments --file reminder.txt --smart-encoding")]
pub(crate) struct Options {
    /// Text to measure
    text: Option<String>,
    /// Reads the text from a file
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    file: Option<PathBuf>,
    /// Measures what a Messaging Service with Smart Encoding sends
    #[arg(long)]
    smart_encoding: bool,
}

#[derive(Serialize)]
struct Answer {
    encoding: &'static str,
    segments: usize,
    units: usize,
    units_left: usize,
    length: usize,
    /// Characters outside of GSM-7, by code point.
    non_gsm7: Vec<Character>,
    #[serde(skip)]
    more_characters: usize,
    /// Reason for which Twilio refuses the text.
    refused: Option<String>,
}

#[derive(Serialize)]
struct Character {
    code_point: String,
    count: usize,
    /// Replacement by Smart Encoding.
    replacement: Option<&'static str>,
}

pub(crate) fn run(options: &Options, output: Output) -> Result<Exit, Failure> {
    let text = read_text(options.text.as_deref(), options.file.as_deref())?;
    let sent = if options.smart_encoding {
        smart_encode(&text)
    } else {
        text.as_str().into()
    };
    let answer = Answer::of(&sent);
    output.print(&answer)?;
    Ok(Exit::fine_if(answer.refused.is_none()))
}

impl Answer {
    fn of(text: &str) -> Self {
        let size = MessageSize::of(text);
        // In the order of the code points, which does not tell the text.
        let mut characters: BTreeMap<char, (usize, Option<&'static str>)> = BTreeMap::new();
        for found in non_gsm7_characters(text) {
            let entry = characters
                .entry(found.character())
                .or_insert((0, found.replacement()));
            entry.0 += 1;
        }
        let more_characters = characters.len().saturating_sub(MOST_CHARACTERS);
        let non_gsm7 = characters.into_iter().take(MOST_CHARACTERS);
        Self {
            encoding: size.encoding().as_str(),
            segments: size.segments(),
            units: size.units(),
            units_left: size.units_left(),
            length: size.body_length(),
            non_gsm7: non_gsm7
                .map(|(character, (count, replacement))| Character {
                    code_point: format!("U+{:04X}", u32::from(character)),
                    count,
                    replacement,
                })
                .collect(),
            more_characters,
            refused: size.check().err().map(|error| error.to_string()),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::of_pairs();
        table.row([&"encoding", &self.encoding]);
        table.row([&"segments", &self.segments]);
        table.row([&"units", &self.units]);
        table.row([&"units left", &self.units_left]);
        table.row([&"length", &self.length]);
        write!(f, "{table}")?;
        for character in &self.non_gsm7 {
            let Character {
                code_point,
                count,
                replacement,
            } = character;
            let times = match count {
                1 => "once".to_owned(),
                count => format!("{count} times"),
            };
            write!(f, "\n{code_point} is not in GSM-7 ({times})")?;
            if let Some(replacement) = replacement {
                write!(f, "; Smart Encoding sends {replacement:?}")?;
            }
        }
        if self.more_characters > 0 {
            write!(f, "\nand {} more characters", self.more_characters)?;
        }
        match &self.refused {
            Some(reason) => write!(f, "\nrefused: {reason}"),
            None => Ok(()),
        }
    }
}

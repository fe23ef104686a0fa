//! `short-codes`: short codes of the account.

use std::fmt;

use clap::Args;
use clinspark_twilio::client::short_codes::ListShortCodes;
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::output::{Output, Table};
use crate::settings::SettingsSource;

/// Lists the short codes of the account, and the URL that handles their messages
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  clinspark-twilio short-codes")]
pub(crate) struct Options {
    #[command(flatten)]
    source: SettingsSource,
}

#[derive(Serialize)]
struct Answer(Vec<Row>);

#[derive(Serialize)]
struct Row {
    sid: String,
    short_code: Option<String>,
    message_url: Option<String>,
}

pub(crate) async fn run(options: Options, output: Output) -> Result<Exit, Failure> {
    let (_, messenger) = options.source.connect()?;
    let mut rows = Vec::new();
    let mut codes = messenger.client().list(ListShortCodes::new());
    while let Some(code) = codes.next().await {
        let code = code?;
        rows.push(Row {
            sid: code.sid.to_string(),
            message_url: super::plan::redacted(code.sms_url.as_ref()),
            short_code: code.short_code,
        });
    }
    output.print(&Answer(rows))?;
    Ok(Exit::Fine)
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("no short code");
        }
        let mut table = Table::new(&["SID", "SHORT CODE", "MESSAGE URL"]);
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        for row in &self.0 {
            table.row([&row.sid, &text(&row.short_code), &text(&row.message_url)]);
        }
        write!(f, "{table}")
    }
}

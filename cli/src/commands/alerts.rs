//! `alerts`: errors and warnings of Twilio's debugger.

use std::fmt;
use std::time::{Duration, SystemTime};

use clap::{Args, ValueEnum};
use clinspark_twilio::client::alerts::{Alert, ListAlerts, LogLevel};
use clinspark_twilio::codes::ErrorCode;
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::output::{Output, Table};
use crate::settings::SettingsSource;

/// Lists errors and warnings of Twilio's debugger, with advice for each code
#[derive(Args, Debug)]
#[command(after_help = "\
Twilio's texts of alerts are not printed, because they quote requests. Exit code 1 if an error is
listed.

Example:
  clinspark-twilio alerts --hours 48 --level error")]
pub(crate) struct Options {
    #[command(flatten)]
    source: SettingsSource,
    /// Hours to look back, at most 720
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u64).range(1..=720))]
    hours: u64,
    /// Lists this level only
    #[arg(long)]
    level: Option<Level>,
    /// Most alerts to list
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

/// Level of an alert.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Level {
    Error,
    Warning,
    Notice,
    Debug,
}

#[derive(Serialize)]
struct Answer {
    alerts: Vec<Row>,
    /// `true` if there are more than the limit.
    more: bool,
}

#[derive(Serialize)]
struct Row {
    sid: String,
    at: Option<String>,
    level: Option<String>,
    code: Option<u32>,
    resource: Option<String>,
    meaning: Option<&'static str>,
    advice: Option<&'static str>,
}

pub(crate) async fn run(options: Options, output: Output) -> Result<Exit, Failure> {
    let (_, messenger) = options.source.connect()?;
    let now = SystemTime::now();
    let since = now.checked_sub(Duration::from_secs(options.hours * 60 * 60));
    let mut request = ListAlerts::new().start_date(since.unwrap_or(now));
    if let Some(level) = options.level {
        request = request.log_level(match level {
            Level::Error => LogLevel::Error,
            Level::Warning => LogLevel::Warning,
            Level::Notice => LogLevel::Notice,
            Level::Debug => LogLevel::Debug,
        });
    }
    let mut answer = Answer {
        alerts: Vec::new(),
        more: false,
    };
    let mut has_error = false;
    let mut alerts = messenger.client().list(request);
    while let Some(alert) = alerts.next().await {
        let alert = alert?;
        if answer.alerts.len() == options.limit {
            answer.more = true;
            break;
        }
        has_error |= alert.log_level == Some(LogLevel::Error);
        answer.alerts.push(Row::of(&alert));
    }
    output.print(&answer)?;
    Ok(Exit::fine_if(!has_error))
}

impl Row {
    fn of(alert: &Alert) -> Self {
        let code = alert.error_code;
        Self {
            sid: alert.sid.to_string(),
            at: alert.date_generated.as_ref().map(ToString::to_string),
            level: alert.log_level.as_ref().map(ToString::to_string),
            code: code.map(ErrorCode::get),
            resource: alert.resource_sid.clone(),
            meaning: code.map(ErrorCode::meaning),
            advice: code.and_then(ErrorCode::advice),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.alerts.is_empty() {
            return f.write_str("no alerts");
        }
        let mut table = Table::new(&["TIME", "LEVEL", "CODE", "RESOURCE", "MEANING"]);
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let mut advice = std::collections::BTreeMap::new();
        for row in &self.alerts {
            let code = row.code.map(|code| code.to_string()).unwrap_or_default();
            table.row([
                &text(&row.at),
                &text(&row.level),
                &code,
                &text(&row.resource),
                &row.meaning.unwrap_or_default(),
            ]);
            if let (Some(code), Some(words)) = (row.code, row.advice) {
                advice.insert(code, words);
            }
        }
        write!(f, "{table}")?;
        if self.more {
            write!(f, "\nand more; raise --limit to list them")?;
        }
        advice
            .iter()
            .try_for_each(|(code, words)| write!(f, "\nadvice for {code}: {words}"))
    }
}

//! `settings check`: reads the settings, and lists every fault at once.

use std::fmt;

use clap::{Args, Subcommand};
use clinspark_twilio::client::{CredentialsKind, Delivery};
use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::phone::{NumberKind, NumberKinds};
use clinspark_twilio::webhook::PathKind;
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::output::{Output, Table};
use crate::settings::SettingsSource;

/// Checks the settings themselves, without a network
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(Options),
}

/// Reads the settings and lists every fault at once; reaches no network
#[derive(Args, Debug)]
#[command(after_help = "\
Exit code 2 if a setting is missing or invalid. A file holds the settings by their names, such as
{\"domain\": \"demo\", \"account_sid\": \"AC...\", \"delivery\": \"off\"}; each error names its setting and its variable.

Examples:
  clinspark-twilio settings check
  clinspark-twilio settings check --settings instance.json")]
pub(crate) struct Options {
    #[command(flatten)]
    source: SettingsSource,
}

/// Settings without secrets and with masked numbers.
#[derive(Serialize)]
struct Summary {
    enabled: bool,
    origin: String,
    account: String,
    secondary_auth_token: bool,
    /// Kind of the credentials for the REST API.
    credentials: &'static str,
    api_key: Option<String>,
    application: Option<String>,
    number: Option<String>,
    messaging_service: Option<String>,
    default_region: Option<String>,
    voice_path: Option<String>,
    call_status_path: Option<String>,
    message_path: Option<String>,
    message_status_path: Option<String>,
    region: Option<String>,
    edge: Option<String>,
    base_url: Option<String>,
    text_kinds: Vec<&'static str>,
    call_kinds: Vec<&'static str>,
    delivery: String,
}

pub(crate) fn run(command: Command, output: Output) -> Result<Exit, Failure> {
    let Command::Check(options) = command;
    output.print(&Summary::of(&options.source.load()?))?;
    Ok(Exit::Fine)
}

impl Summary {
    fn of(settings: &Settings) -> Self {
        let path = |kind| settings.webhook_paths().get(kind).map(str::to_owned);
        let kinds = |permitted: NumberKinds| {
            let kinds = NumberKind::all().filter(|kind| permitted.contains(*kind));
            kinds.map(NumberKind::as_str).collect()
        };
        let text = |value: &dyn fmt::Display| value.to_string();
        Self {
            enabled: settings.enabled(),
            origin: settings.origin().as_str().to_owned(),
            account: text(&settings.account_sid()),
            secondary_auth_token: settings.secondary_auth_token().is_some(),
            credentials: settings.credentials().kind().as_str(),
            api_key: match settings.credentials().kind() {
                CredentialsKind::ApiKey(sid) => Some(text(&sid)),
                _ => None,
            },
            application: settings.application_sid().as_ref().map(|sid| text(sid)),
            number: settings.number().map(|number| text(&number.masked())),
            messaging_service: settings
                .messaging_service_sid()
                .as_ref()
                .map(|sid| text(sid)),
            default_region: settings
                .normalizer()
                .default_region()
                .map(|region| text(&region)),
            voice_path: path(PathKind::Voice),
            call_status_path: path(PathKind::CallStatus),
            message_path: path(PathKind::Message),
            message_status_path: path(PathKind::MessageStatus),
            region: settings.region().map(|region| text(region)),
            edge: settings.edge().map(|edge| text(edge)),
            base_url: settings.base_url().map(str::to_owned),
            text_kinds: kinds(settings.text_kinds()),
            call_kinds: kinds(settings.call_kinds()),
            delivery: describe_delivery(settings.delivery()),
        }
    }
}

/// Describes the permitted recipients without their numbers.
pub(crate) fn describe_delivery(delivery: &Delivery) -> String {
    match delivery {
        Delivery::Live => "live: every recipient is permitted".to_owned(),
        Delivery::Off => "off: no recipient is permitted".to_owned(),
        Delivery::Only(numbers) => format!("only: permitted recipients: {}", numbers.len()),
        _ => "unknown".to_owned(),
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = |value: &Option<String>| value.clone().unwrap_or_else(|| "not set".to_owned());
        let flag = |value| if value { "yes" } else { "no" };
        let mut table = Table::of_pairs();
        table.row([&"enabled", &flag(self.enabled)]);
        table.row([&"origin", &self.origin]);
        table.row([&"account", &self.account]);
        table.row([&"secondary auth token", &flag(self.secondary_auth_token)]);
        let api_key = self.api_key.as_deref().unwrap_or_default();
        let credentials = format!("{} {api_key}", self.credentials);
        table.row([&"credentials", &credentials.trim_end()]);
        table.row([&"TwiML App", &set(&self.application)]);
        table.row([&"number", &set(&self.number)]);
        table.row([&"Messaging Service", &set(&self.messaging_service)]);
        table.row([&"default region", &set(&self.default_region)]);
        table.row([&"voice path", &set(&self.voice_path)]);
        table.row([&"call status path", &set(&self.call_status_path)]);
        table.row([&"message path", &set(&self.message_path)]);
        table.row([&"message status path", &set(&self.message_status_path)]);
        table.row([&"region", &set(&self.region)]);
        table.row([&"edge", &set(&self.edge)]);
        table.row([&"base URL", &set(&self.base_url)]);
        table.row([&"kinds to text", &self.text_kinds.join(", ")]);
        table.row([&"kinds to call", &self.call_kinds.join(", ")]);
        table.row([&"delivery", &self.delivery]);
        write!(
            f,
            "{table}\nthe settings are valid; `preflight` checks the account"
        )
    }
}

//! Settings and secrets, from the environment or from a file. Arguments never hold a secret, because
//! every user of the machine can read them.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use clinspark_twilio::Messenger;
use clinspark_twilio::client::ClientBuilder;
use clinspark_twilio::client::applications::FetchApplication;
use clinspark_twilio::clinspark::{Setting, Settings, SettingsError};
use clinspark_twilio::messenger::WithoutConsentGate;

use crate::failure::Failure;

/// Limit of a file with settings, a token or a message body.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// Source of the settings.
#[derive(Args, Clone, Debug)]
pub(crate) struct SettingsSource {
    /// Reads the settings from a JSON file instead of the environment
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Reads environment variables with this prefix
    #[arg(
        long,
        value_name = "PREFIX",
        conflicts_with = "settings",
        help = "Reads environment variables with this prefix, such as ACME for ACME_CLINSPARK_DOMAIN"
    )]
    env_prefix: Option<String>,
}

impl SettingsSource {
    /// Returns `true` if an option names the source.
    pub(crate) const fn is_given(&self) -> bool {
        self.settings.is_some() || self.env_prefix.is_some()
    }

    /// Reads the settings.
    pub(crate) fn load(&self) -> Result<Settings, Failure> {
        let settings = match (&self.settings, &self.env_prefix) {
            (Some(path), _) => {
                let text = read_file(path)?;
                serde_json::from_str(&text).map_err(|error| json_failure(path, &error))?
            }
            (None, Some(prefix)) => {
                Settings::from_env_with_prefix(prefix).map_err(|error| describe(&error))?
            }
            (None, None) => return Settings::from_env().map_err(|error| describe(&error)),
        };
        // Whoever set the variable expects a sandbox: Twilio itself must not be reached.
        let name = Setting::BaseUrl.variable();
        if settings.base_url().is_none() && variable(Setting::BaseUrl).is_some() {
            return Err(Failure::usage(format!(
                "{name} is set, but the settings come from elsewhere and have no base_url; set it \
                 there, or unset {name} to reach Twilio"
            )));
        }
        Ok(settings)
    }

    /// Reads the settings, and builds the instance's messenger.
    pub(crate) fn connect(&self) -> Result<(Settings, Messenger), Failure> {
        let settings = self.load()?;
        let messenger = messenger(&settings)?;
        Ok((settings, messenger))
    }

    /// Reads the settings, with missing webhook paths taken from the TwiML App. A plan then also
    /// fits an instance that was set up by hand.
    pub(crate) async fn connect_for_setup(&self) -> Result<(Settings, Messenger), Failure> {
        let (settings, messenger) = self.connect()?;
        let Some(application) = settings.application_sid() else {
            return Ok((settings, messenger));
        };
        let fetch = FetchApplication::new(application);
        // If the app cannot be read, the plan names the cause and the setting to check.
        let Ok(app) = messenger.client().execute(fetch).await else {
            return Ok((settings, messenger));
        };
        let paths = app.webhook_paths(settings.origin());
        Ok((settings.with_missing_paths(&paths), messenger))
    }
}

/// Describes an invalid JSON file. Does not repeat a value of the wrong type, which may be a secret or
/// a number.
pub(crate) fn json_failure(path: &Path, error: &serde_json::Error) -> Failure {
    let path = path.display();
    let text = error.to_string();
    if text.starts_with("invalid type") || text.starts_with("invalid value") {
        let (line, column) = (error.line(), error.column());
        return Failure::usage(format!(
            "{path}: a value of the wrong type ends at line {line}, column {column}; write an object \
             whose values are text"
        ));
    }
    Failure::usage(format!("{path}: {text}"))
}

fn describe(error: &SettingsError) -> Failure {
    let mut message = "the settings cannot be used:".to_owned();
    for error in error.errors() {
        message.push_str("\n  ");
        message.push_str(&error.to_string());
    }
    Failure::usage(message)
}

/// Builds the messenger of a command that texts no one, or that asks for consent by itself.
pub(crate) fn messenger(settings: &Settings) -> Result<Messenger, Failure> {
    // The program has no record of consent: `send` and `call` read the person's texts at Twilio.
    let builder = settings.messenger_builder(WithoutConsentGate);
    Ok(builder.client(ClientBuilder::proxies_from_env).build()?)
}

/// Returns the value of a setting's variable. An empty variable counts as absent.
pub(crate) fn variable(setting: Setting) -> Option<String> {
    let value = std::env::var(setting.variable()).ok()?;
    Some(value).filter(|value| !value.is_empty())
}

/// Reads a text file of limited size.
pub(crate) fn read_file(path: &Path) -> Result<String, Failure> {
    let bytes = read_bytes(Some(path))?;
    String::from_utf8(bytes)
        .map_err(|_| Failure::usage(format!("cannot read {}: it is not UTF-8", path.display())))
}

/// Reads a file, or the standard input, of limited size.
pub(crate) fn read_bytes(path: Option<&Path>) -> Result<Vec<u8>, Failure> {
    let name = path.map_or_else(
        || "the standard input".to_owned(),
        |path| path.display().to_string(),
    );
    let fault =
        |error: &dyn std::fmt::Display| Failure::usage(format!("cannot read {name}: {error}"));
    let input: Box<dyn Read> = match path {
        Some(path) => Box::new(File::open(path).map_err(|error| fault(&error))?),
        // Would wait without a word for a person who forgot an argument.
        None if io::stdin().is_terminal() => {
            return Err(Failure::usage(
                "no input; write the argument, name a file, or pipe the input in (see --help)",
            ));
        }
        None => Box::new(io::stdin().lock()),
    };
    let mut bytes = Vec::new();
    let mut limited = input.take(MAX_FILE_BYTES + 1);
    limited
        .read_to_end(&mut bytes)
        .map_err(|error| fault(&error))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(fault(&"it is larger than 1 MiB"));
    }
    Ok(bytes)
}

/// Returns a text from an argument, a file, or the standard input. The last line break of a file is
/// not part of the text.
pub(crate) fn read_text(argument: Option<&str>, file: Option<&Path>) -> Result<String, Failure> {
    if let Some(text) = argument {
        return Ok(text.to_owned());
    }
    let bytes = read_bytes(file)?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::usage("the text is not UTF-8"))?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}

//! Keys that may have signed the request, each with a name that can be printed.

use std::path::{Path, PathBuf};

use clap::Args;
use clinspark_twilio::clinspark::Setting;
use clinspark_twilio::types::{AuthToken, SecretError, SharedKeySecret};
use clinspark_twilio::webhook::{Algorithm, Keys, SharedKey, SignedBy};

use crate::failure::{Exit, Failure};
use crate::settings::{SettingsSource, read_file, variable};

/// Source of the keys.
#[derive(Args, Debug)]
pub(super) struct KeySource {
    #[command(flatten)]
    settings: SettingsSource,
    /// Reads auth tokens and shared keys from a file, one a line
    #[arg(long, value_name = "FILE", conflicts_with_all = ["settings", "env_prefix"])]
    key_file: Option<PathBuf>,
}

/// Keys with the names of the auth tokens, in the same order.
pub(super) struct NamedKeys {
    pub(super) keys: Keys,
    tokens: Vec<String>,
}

impl KeySource {
    pub(super) fn read(&self) -> Result<NamedKeys, Failure> {
        if let Some(path) = &self.key_file {
            return NamedKeys::from_file(path);
        }
        let [primary, secondary] = self.auth_tokens()?;
        let Some(primary) = primary else {
            return Err(Failure::usage(
                "no auth token; set TWILIO_AUTH_TOKEN, or name a file by --key-file or --settings",
            ));
        };
        let primary = NamedKeys::new("the primary auth token", primary);
        Ok(match secondary {
            Some(secondary) => primary.add("the secondary auth token", secondary),
            None => primary,
        })
    }

    /// Returns the primary and the secondary token. Without an option, only their variables are
    /// read, so that no other setting is needed.
    fn auth_tokens(&self) -> Result<[Option<AuthToken>; 2], Failure> {
        if self.settings.is_given() {
            let settings = self.settings.load()?;
            let secondary = settings.secondary_auth_token().cloned();
            return Ok([Some(settings.auth_token().clone()), secondary]);
        }
        let token = |setting: Setting| {
            let token = variable(setting).map(AuthToken::new).transpose();
            token.map_err(|error| {
                Failure::usage(format!("{} cannot be used: {error}", setting.variable()))
            })
        };
        Ok([
            token(Setting::AuthToken)?,
            token(Setting::SecondaryAuthToken)?,
        ])
    }
}

impl NamedKeys {
    fn new(name: &str, token: AuthToken) -> Self {
        Self {
            keys: Keys::new(token),
            tokens: vec![name.to_owned()],
        }
    }

    fn add(mut self, name: &str, token: AuthToken) -> Self {
        self.keys = self.keys.add_auth_token(token);
        self.tokens.push(name.to_owned());
        self
    }

    /// Reads a file with an auth token, or a shared key of ID, algorithm and secret, on each line.
    fn from_file(path: &Path) -> Result<Self, Failure> {
        let text = read_file(path)?;
        let mut named: Option<Self> = None;
        let mut shared_keys = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            // The line itself is a secret.
            let fault =
                |fault: &str| Failure::usage(format!("{}, line {number}: {fault}", path.display()));
            let secret_fault = |error: SecretError| fault(&error.to_string());
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                [] => {}
                [token] => {
                    let token = AuthToken::new(token).map_err(secret_fault)?;
                    let name = format!("the auth token of line {number}");
                    named = Some(match named {
                        Some(named) => named.add(&name, token),
                        None => Self::new(&name, token),
                    });
                }
                [id, algorithm, secret] => {
                    let algorithm = algorithm_of(algorithm).ok_or_else(|| {
                        fault("the algorithm is neither HMAC_SHA1 nor HMAC_SHA256")
                    })?;
                    let secret = SharedKeySecret::new(secret).map_err(secret_fault)?;
                    shared_keys.push(SharedKey::new(id, algorithm, &secret));
                }
                _ => {
                    return Err(fault(
                        "write an auth token, or ID, algorithm and secret of a shared key",
                    ));
                }
            }
        }
        let Some(mut named) = named else {
            let path = path.display();
            return Err(Failure::new(
                Exit::Usage,
                format!("{path} has no auth token; write the account's on a line of its own"),
            ));
        };
        for key in shared_keys {
            named.keys = named.keys.add_shared_key(key);
        }
        Ok(named)
    }

    /// Returns the name of the key that signed the request.
    pub(super) fn name_of(&self, signed_by: &SignedBy) -> String {
        match signed_by {
            SignedBy::AuthToken { index } => self.tokens.get(*index).cloned(),
            SignedBy::SharedKey { id } => Some(format!("the shared key {id}")),
            _ => None,
        }
        .unwrap_or_else(|| "an unknown key".to_owned())
    }
}

fn algorithm_of(name: &str) -> Option<Algorithm> {
    [Algorithm::HmacSha1, Algorithm::HmacSha256]
        .into_iter()
        .find(|algorithm| algorithm.as_str().eq_ignore_ascii_case(name))
}

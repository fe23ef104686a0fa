//! `explain-signature`: the cause of a refused signature, from the raw request.

mod request;

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use clinspark_twilio::clinspark::Setting;
use clinspark_twilio::types::{AuthToken, redacted_url};
use clinspark_twilio::webhook::{Keys, RequestKind, diagnose};
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::output::Output;
use crate::settings::{read_bytes, read_file, variable};

/// Explains why the signature of a webhook is refused
#[derive(Args, Debug)]
#[command(after_help = "\
The request is raw HTTP as the server received it: request line, headers, empty line, body. The auth
token is read from TWILIO_AUTH_TOKEN, and TWILIO_SECONDARY_AUTH_TOKEN, or from the file of --token-file.
Exit code 0 if the signature is valid, 1 if it is refused, 2 if the request or the token is unreadable.

Example:
  clinspark-twilio explain-signature --url https://demo.clinspark.com/hooks/message request.http")]
pub(crate) struct Options {
    /// File with the raw request; without it, the standard input
    file: Option<PathBuf>,
    /// Public URL as it is written in Twilio's console; an origin alone takes path and query of the request
    #[arg(long, value_name = "URL")]
    url: String,
    /// Reads the auth token from a file
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Request is a WebSocket handshake
    #[arg(long)]
    websocket: bool,
}

#[derive(Serialize)]
struct Answer {
    valid: bool,
    reason: Option<&'static str>,
    message: Option<String>,
    causes: Vec<CauseAnswer>,
    /// URLs that were tried, without the parts that may hold a number.
    tried_urls: Vec<String>,
}

#[derive(Serialize)]
struct CauseAnswer {
    cause: &'static str,
    advice: &'static str,
}

pub(crate) fn run(options: &Options, output: Output) -> Result<Exit, Failure> {
    let keys = keys(options)?;
    let raw = read_bytes(options.file.as_deref())?;
    let (request, target) = request::parse(&raw)?;
    let url = request::whole_url(&options.url, &target);
    let kind = if options.websocket {
        RequestKind::WebSocket
    } else {
        RequestKind::Webhook
    };
    let answer = match diagnose(&keys, kind, &url, &request) {
        Ok(_) => Answer {
            valid: true,
            reason: None,
            message: None,
            causes: Vec::new(),
            tried_urls: vec![redacted_url(&url)],
        },
        Err(diagnosis) => Answer {
            valid: false,
            reason: Some(diagnosis.error().kind().as_str()),
            message: Some(diagnosis.error().to_string()),
            causes: diagnosis
                .causes()
                .iter()
                .map(|cause| CauseAnswer {
                    cause: cause.as_str(),
                    advice: cause.advice(),
                })
                .collect(),
            tried_urls: diagnosis.error().tried_urls().map(redacted_url).collect(),
        },
    };
    output.print(&answer)?;
    Ok(Exit::fine_if(answer.valid))
}

fn keys(options: &Options) -> Result<Keys, Failure> {
    let token = |text: &str| AuthToken::new(text).map_err(|error| Failure::of(Exit::Usage, &error));
    if let Some(path) = &options.token_file {
        return Ok(Keys::new(token(read_file(path)?.trim())?));
    }
    let Some(primary) = variable(Setting::AuthToken) else {
        return Err(Failure::usage(
            "no auth token; set TWILIO_AUTH_TOKEN, or name a file by --token-file",
        ));
    };
    let keys = Keys::new(token(&primary)?);
    match variable(Setting::SecondaryAuthToken) {
        Some(secondary) => Ok(keys.add_auth_token(token(&secondary)?)),
        None => Ok(keys),
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(reason), Some(message)) = (self.reason, &self.message) else {
            return f.write_str("valid: the signature fits the URL and the body");
        };
        write!(f, "refused: {reason}\n  {message}")?;
        for url in &self.tried_urls {
            write!(f, "\n  tried {url}")?;
        }
        for CauseAnswer { cause, advice } in &self.causes {
            write!(f, "\ncause: {cause}\n  {advice}")?;
        }
        Ok(())
    }
}

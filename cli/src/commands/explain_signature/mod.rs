//! `explain-signature`: the cause of a refused signature, from the raw request.

mod keys;
mod request;

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use clinspark_twilio::types::redacted_url;
use clinspark_twilio::webhook::{Diagnosis, RequestKind, SignatureErrorKind, diagnose};
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::output::Output;
use crate::settings::read_bytes;
use keys::KeySource;

/// Explains why the signature of a webhook is refused
#[derive(Args, Debug)]
#[command(after_help = "\
The request is raw HTTP as the server received it: request line, headers, empty line, body. The keys are
read from TWILIO_AUTH_TOKEN and TWILIO_SECONDARY_AUTH_TOKEN, from the settings of --settings or --env-prefix,
or from --key-file. Each line of that file is an auth token, or a shared key as its ID, HMAC_SHA1 or
HMAC_SHA256, and its secret, with blanks between them. For a valid request, the key that signed it is named.
Exit code 0 if the signature is valid, 1 if it is refused, 2 if the request, the URL or a key is invalid.

Example:
  clinspark-twilio explain-signature --url https://demo.clinspark.com/hooks/message request.http")]
pub(crate) struct Options {
    /// File with the raw request; without it, the standard input
    file: Option<PathBuf>,
    /// Public URL as it is written in Twilio's console; an origin alone takes path and query of the request
    #[arg(long, value_name = "URL")]
    url: String,
    #[command(flatten)]
    keys: KeySource,
    /// Request is a WebSocket handshake
    #[arg(long)]
    websocket: bool,
}

#[derive(Serialize)]
struct Answer {
    valid: bool,
    /// Key of a valid signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_by: Option<String>,
    #[serde(flatten)]
    refusal: Option<Refusal>,
    /// URLs that were tried, without the parts that may hold a number.
    tried_urls: Vec<String>,
}

#[derive(Serialize)]
struct Refusal {
    reason: &'static str,
    message: String,
    causes: Vec<CauseAnswer>,
}

#[derive(Serialize)]
struct CauseAnswer {
    cause: &'static str,
    advice: &'static str,
}

pub(crate) fn run(options: &Options, output: Output) -> Result<Exit, Failure> {
    let named = options.keys.read()?;
    let raw = read_bytes(options.file.as_deref())?;
    let (request, target) = request::parse(&raw)?;
    let url = request::whole_url(&options.url, &target);
    let kind = if options.websocket {
        RequestKind::WebSocket
    } else {
        RequestKind::Webhook
    };
    let answer = match diagnose(&named.keys, kind, &url, &request) {
        Ok(signed_by) => Answer {
            valid: true,
            signed_by: Some(named.name_of(&signed_by)),
            refusal: None,
            tried_urls: vec![redacted_url(&url)],
        },
        Err(diagnosis) if diagnosis.error().kind() == SignatureErrorKind::BadUrl => {
            return Err(Failure::usage(
                "the URL of --url is invalid; write it as in Twilio's console, with https://",
            ));
        }
        Err(diagnosis) => Answer {
            valid: false,
            signed_by: None,
            tried_urls: diagnosis.error().tried_urls().map(redacted_url).collect(),
            refusal: Some(Refusal::of(&diagnosis)),
        },
    };
    output.print(&answer)?;
    Ok(Exit::fine_if(answer.valid))
}

impl Refusal {
    fn of(diagnosis: &Diagnosis) -> Self {
        let causes = diagnosis.causes().iter().map(|cause| CauseAnswer {
            cause: cause.as_str(),
            advice: cause.advice(),
        });
        Self {
            reason: diagnosis.error().kind().as_str(),
            message: diagnosis.error().to_string(),
            causes: causes.collect(),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(refusal) = &self.refusal else {
            let key = self.signed_by.as_deref().unwrap_or_default();
            return write!(
                f,
                "valid: the signature fits the URL and the body, with {key}"
            );
        };
        write!(f, "refused: {}\n  {}", refusal.reason, refusal.message)?;
        for url in &self.tried_urls {
            write!(f, "\n  tried {url}")?;
        }
        for CauseAnswer { cause, advice } in &refusal.causes {
            write!(f, "\ncause: {cause}\n  {advice}")?;
        }
        Ok(())
    }
}

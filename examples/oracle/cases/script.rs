//! A fake Twilio with scripted responses, and a clock that skips waits.

use clinspark_twilio::client::testing::{FakeTransport, Reply};
use serde::Deserialize;

use super::NotRun;

pub(super) const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub(super) const TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// Number of the clinic.
pub(super) const NUMBER: &str = "+14155550199";
/// Number of the recipient.
pub(super) const PERSON: &str = "+14155550123";

/// One scripted response.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Scripted {
    Answer {
        status: u16,
        #[serde(default)]
        body: String,
        #[serde(default)]
        headers: std::collections::BTreeMap<String, String>,
    },
    /// `lost`: the request is sent, but no response arrives. `not-sent`: the request is not sent.
    Failure(String),
}

impl Scripted {
    fn reply(self) -> Result<Reply, NotRun> {
        match self {
            Self::Answer {
                status,
                body,
                headers,
            } => {
                let reply = Reply::json(status, body);
                let add =
                    |reply: Reply, (name, value): (&String, &String)| reply.header(name, value);
                Ok(headers.iter().fold(reply, add))
            }
            Self::Failure(word) => match word.as_str() {
                "lost" => Ok(Reply::connection_lost()),
                "not-sent" => Ok(Reply::not_sent()),
                _ => Err(NotRun::unknown("answer", &word)),
            },
        }
    }
}

pub(super) fn transport(script: Vec<Scripted>) -> Result<FakeTransport, NotRun> {
    script
        .into_iter()
        .try_fold(FakeTransport::new(), |transport, scripted| {
            Ok(transport.reply(scripted.reply()?))
        })
}

/// Returns a fake Twilio that accepts one message.
pub(super) fn taking_one() -> FakeTransport {
    let message = r#"{"sid": "SM00000000000000000000000000000001", "status": "queued"}"#;
    FakeTransport::new().reply(Reply::json(201, message))
}

/// Runs a future to its end. The paused clock skips every wait.
pub(super) fn run<T>(future: impl Future<Output = T>) -> Result<T, NotRun> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    let runtime = runtime.map_err(|error| NotRun(format!("cannot start a runtime: {error}")))?;
    Ok(runtime.block_on(future))
}

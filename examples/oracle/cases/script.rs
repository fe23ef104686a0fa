//! A scripted Twilio, and the clock for it.

use clinspark_twilio::client::testing::{FakeTransport, Reply};
use serde::Deserialize;

use super::NotRun;

pub(super) const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub(super) const TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// The clinic.
pub(super) const NUMBER: &str = "+14155550199";
/// The recipient.
pub(super) const PERSON: &str = "+14155550123";

/// One answer of Twilio's.
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
    /// `lost`: sent, and no answer came.
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

/// Twilio takes one message.
pub(super) fn taking_one() -> FakeTransport {
    let message = r#"{"sid": "SM00000000000000000000000000000001", "status": "queued"}"#;
    FakeTransport::new().reply(Reply::json(201, message))
}

/// Runs to the end, in no time: the clock jumps over every wait.
pub(super) fn run<T>(future: impl Future<Output = T>) -> Result<T, NotRun> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    let runtime = runtime.map_err(|error| NotRun(format!("no runtime: {error}")))?;
    Ok(runtime.block_on(future))
}

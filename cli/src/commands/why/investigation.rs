//! Facts about one resource, each with its remedy.

use std::fmt;

use clinspark_twilio::Client;
use clinspark_twilio::client::{Error, Request};
use clinspark_twilio::phone::Address;
use http::StatusCode;
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::output::one_line;

/// Collects facts.
pub(super) struct Investigation<'a> {
    pub(super) client: &'a Client,
    pub(super) answer: Answer,
}

#[derive(Serialize)]
pub(super) struct Answer {
    facts: Vec<Fact>,
}

/// Fact about the resource.
#[derive(Serialize)]
struct Fact {
    topic: &'static str,
    state: State,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Problem,
    Note,
    Unknown,
}

impl<'a> Investigation<'a> {
    pub(super) const fn new(client: &'a Client) -> Self {
        Self {
            client,
            answer: Answer { facts: Vec::new() },
        }
    }

    pub(super) fn ok(&mut self, topic: &'static str, text: impl Into<String>) {
        self.add(topic, State::Ok, text.into(), None);
    }

    pub(super) fn note(&mut self, topic: &'static str, text: impl Into<String>) {
        self.add(topic, State::Note, text.into(), None);
    }

    pub(super) fn problem(
        &mut self,
        topic: &'static str,
        text: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.add(topic, State::Problem, text.into(), Some(advice.into()));
    }

    pub(super) fn unknown(&mut self, topic: &'static str, text: impl Into<String>) {
        self.add(topic, State::Unknown, text.into(), None);
    }

    fn add(&mut self, topic: &'static str, state: State, text: String, advice: Option<String>) {
        self.answer.facts.push(Fact {
            topic,
            state,
            text,
            advice,
        });
    }

    /// Reads the resource in question.
    pub(super) async fn subject<R: Request>(
        &self,
        request: R,
        what: &str,
    ) -> Result<R::Output, Failure> {
        self.client.execute(request).await.map_err(|error| {
            if is_missing(&error) {
                Failure::new(Exit::No, format!("the account has no {what}"))
            } else {
                error.into()
            }
        })
    }

    /// Reads something about it. A failure is a fact, too.
    pub(super) async fn read<R: Request>(
        &mut self,
        topic: &'static str,
        request: R,
    ) -> Option<R::Output> {
        let read = self.client.execute(request).await;
        read.map_err(|error| self.unknown(topic, error.to_string()))
            .ok()
    }

    /// Reads something that may be missing: `Some(None)` if it is.
    pub(super) async fn read_optional<R: Request>(
        &mut self,
        topic: &'static str,
        request: R,
    ) -> Option<Option<R::Output>> {
        match self.client.execute(request).await {
            Ok(found) => Some(Some(found)),
            Err(error) if is_missing(&error) => Some(None),
            Err(error) => {
                self.unknown(topic, error.to_string());
                None
            }
        }
    }
}

fn is_missing(error: &Error) -> bool {
    error.status() == Some(StatusCode::NOT_FOUND)
}

impl Answer {
    pub(super) fn has_problem(&self) -> bool {
        self.facts.iter().any(|fact| fact.state == State::Problem)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Fact {
            topic,
            state,
            text,
            advice,
        } in &self.facts
        {
            let state = match state {
                State::Ok => "ok",
                State::Problem => "problem",
                State::Note => "note",
                State::Unknown => "unknown",
            };
            writeln!(f, "{state:<9}{topic:<15}{}", one_line(text))?;
            if let Some(advice) = advice {
                let advice = one_line(advice);
                writeln!(f, "{:<9}{:<15}advice: {advice}", "", "")?;
            }
        }
        let problems = self
            .facts
            .iter()
            .filter(|fact| fact.state == State::Problem);
        match problems.count() {
            0 => f.write_str("no problem found"),
            1 => f.write_str("1 problem found"),
            count => write!(f, "{count} problems found"),
        }
    }
}

/// Returns an address with its last two digits.
pub(super) fn masked(address: Option<&Address>) -> String {
    address.map_or_else(|| "not chosen yet".to_owned(), Address::masked)
}

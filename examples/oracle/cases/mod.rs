//! Compares the crate's answers with the correct answers, case by case.
//!
//! Input: `{"id", "kind", "input", "right"}` and the fields of the kind; `right` lists every
//! correct answer. Output: `id`, `kind`, `ok`, `differs` or `not-run`, and the answer, separated by
//! tabs.
//!
//! Each kind is one function in the module of its subject. A kind is `not-run` if its cases are
//! prose for people, or if it needs a feature that is not enabled.

#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod messenger;
mod phone;
#[cfg(feature = "client")]
mod script;
mod text;
mod twiml;
mod webhook;

use std::fmt;
use std::io::{self, BufRead, Write};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// One line of a file.
#[derive(Deserialize)]
struct Case {
    id: String,
    kind: String,
    #[serde(default)]
    input: Value,
    /// Every correct answer.
    right: Vec<Value>,
    /// Region of numbers that are typed without a country code.
    default_region: Option<String>,
    readings: Option<phone::Readings>,
}

impl Case {
    /// Returns the input, deserialized for the kind.
    fn input<T: DeserializeOwned>(&self) -> Result<T, NotRun> {
        T::deserialize(&self.input).map_err(|error| NotRun(format!("cannot read input: {error}")))
    }
}

/// The crate's answer to a case.
struct Answer {
    value: Value,
    is_refusal: bool,
}

impl Answer {
    fn of(value: impl Into<Value>) -> Self {
        Self {
            value: value.into(),
            is_refusal: false,
        }
    }

    fn refusal(reason: impl Into<String>) -> Self {
        Self {
            value: Value::String(reason.into()),
            is_refusal: true,
        }
    }

    /// Reports whether the answer equals `right`. The text `refuse` equals every refusal.
    fn equals(&self, right: &Value) -> bool {
        *right == self.value || (self.is_refusal && right == "refuse")
    }

    /// Reports whether the answer [`equals`](Self::equals) `right`, in which `*` matches any text.
    fn matches(&self, right: &Value) -> bool {
        let is_like = match (right, &self.value) {
            (Value::String(pattern), Value::String(text)) => is_like(pattern, text),
            _ => false,
        };
        is_like || self.equals(right)
    }
}

/// Writes text unchanged and other values as JSON, on one line.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match &self.value {
            Value::String(text) => text.clone(),
            value => value.to_string(),
        };
        for character in text.chars() {
            if character.is_control() {
                write!(f, "{}", character.escape_default())?;
            } else {
                write!(f, "{character}")?;
            }
        }
        Ok(())
    }
}

/// Reason for which a case was not run.
struct NotRun(String);

impl NotRun {
    fn unknown(what: &str, name: &str) -> Self {
        Self(format!("unknown {what} {name:?}"))
    }
}

type Outcome = Result<Answer, NotRun>;

/// Reports whether text matches a pattern in which `*` matches any text.
fn is_like(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let Some(last) = pieces.next_back() else {
        return rest.is_empty();
    };
    for piece in pieces {
        let Some((_, behind)) = rest.split_once(piece) else {
            return false;
        };
        rest = behind;
    }
    rest.ends_with(last)
}

fn answer(case: &Case) -> Outcome {
    match case.kind.as_str() {
        "typed" | "double-zero" => phone::typed(case),
        "address" => phone::address(case),
        "same-person" => phone::same_person(case),
        "text" => text::opt_out(case),
        "segments" => text::segments(case),
        "verify" => webhook::verify(case),
        "diagnose" => webhook::diagnosis(case),
        "event" => webhook::event(case),
        "inbound" => webhook::inbound(case),
        "error-code" => webhook::error_code(case),
        "replay-key" => webhook::replay_key(case),
        "status-order" => webhook::status_order(case),
        "lint" => twiml::lint(case),
        "read" => twiml::read(case),
        "client" | "setting" | "status-callback" | "typed-recipient" | "next-text" => {
            with_client(case)
        }
        _ => Err(NotRun("a kind of prose, or an unknown kind".to_owned())),
    }
}

#[cfg(feature = "client")]
fn with_client(case: &Case) -> Outcome {
    match case.kind.as_str() {
        "client" => client::request(case),
        "setting" => client::setting(case),
        "status-callback" => client::status_callback(case),
        "typed-recipient" => messenger::typed_recipient(case),
        "next-text" => messenger::next_text(case),
        _ => Err(NotRun::unknown("kind", &case.kind)),
    }
}

#[cfg(not(feature = "client"))]
fn with_client(_: &Case) -> Outcome {
    Err(NotRun("the feature `client` is not enabled".to_owned()))
}

/// Counts of the cases so far.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) ok: usize,
    /// Cases with an incorrect answer, and lines that are not a case.
    pub(crate) differs: usize,
    pub(crate) not_run: usize,
}

impl Tally {
    /// Compares every case of one file. Reports of invalid lines contain `name`.
    pub(crate) fn run(
        &mut self,
        name: &str,
        input: impl BufRead,
        mut out: impl Write,
    ) -> io::Result<()> {
        // Split as bytes: a line in another encoding is reported, and the next one is read.
        for (index, line) in input.split(b'\n').enumerate() {
            let line = line?;
            if line.trim_ascii().is_empty() {
                continue;
            }
            match serde_json::from_slice(&line) {
                Ok(case) => self.compare(&case, &mut out)?,
                Err(error) => {
                    self.differs += 1;
                    let place = format!("{name}:{}", index + 1);
                    writeln!(out, "{place}\t-\tdiffers\tnot a case: {error}")?;
                }
            }
        }
        Ok(())
    }

    fn compare(&mut self, case: &Case, mut out: impl Write) -> io::Result<()> {
        let has_wildcards = matches!(case.kind.as_str(), "client" | "setting" | "status-callback");
        let (word, answer) = match answer(case) {
            Err(NotRun(reason)) => {
                self.not_run += 1;
                ("not-run", reason)
            }
            Ok(answer) => {
                let is_right = case.right.iter().any(|right| {
                    if has_wildcards {
                        answer.matches(right)
                    } else {
                        answer.equals(right)
                    }
                });
                if is_right {
                    self.ok += 1;
                    ("ok", answer.to_string())
                } else {
                    self.differs += 1;
                    ("differs", answer.to_string())
                }
            }
        };
        writeln!(out, "{}\t{}\t{word}\t{answer}", case.id, case.kind)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            ok,
            differs,
            not_run,
        } = self;
        write!(f, "cases: ok={ok} differs={differs} not-run={not_run}")
    }
}

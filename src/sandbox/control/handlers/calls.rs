//! `calls`.

use std::time::Duration;

use serde::Deserialize;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::page::limit_of;
use crate::phone::Address;
use crate::sandbox::control::error::ControlError;
use crate::sandbox::control::reply::{Handled, Reply};
use crate::sandbox::control::request::{ControlRequest, check_length, wait_of};
use crate::sandbox::control::views::call::CallView;
use crate::sandbox::state::{CallCommand, State, StoredCall};
use crate::types::{CallSid, CallStatus};

/// Keys that one request presses.
const KEYS_LIMIT: usize = 100;

/// Characters that one request says.
const SPEECH_LIMIT: usize = 4_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    phone: Option<String>,
    limit: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShowQuery {
    wait: Option<f64>,
    until: Option<Until>,
}

/// Status that a call reaches.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Until {
    Ringing,
    InProgress,
    Completed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeysInput {
    keys: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpeechInput {
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoInput {}

impl Until {
    /// Reports whether a call has reached the status, or has gone beyond it.
    fn is_reached(self, call: &StoredCall, is_finished: bool) -> bool {
        let status = &call.status;
        match self {
            Self::Ringing => !matches!(status, CallStatus::Queued | CallStatus::Initiated),
            Self::InProgress => *status == CallStatus::InProgress || status.is_final(),
            // The last status callback was answered too.
            Self::Completed => status.is_final() && is_finished,
        }
    }
}

pub(in crate::sandbox::control) fn list(request: &ControlRequest) -> Handled {
    let ListQuery { phone, limit } = request.query()?;
    let limit = limit_of(limit)?;
    let phone = phone.map(|phone| Address::parse(&phone));
    let is_wanted = |call: &StoredCall| {
        phone
            .as_ref()
            .is_none_or(|p| call.from == *p || call.to == *p)
    };
    let calls: Vec<CallView> = request.context().read(|state| {
        let newest = state.calls.iter().rev();
        let wanted = newest.filter(|entry| is_wanted(&entry.call)).take(limit);
        wanted.map(CallView::new).collect()
    });
    Reply::ok(&calls)
}

pub(in crate::sandbox::control) async fn show(request: &ControlRequest) -> Handled {
    let ShowQuery { wait, until } = request.query()?;
    let wait = wait_of(wait)?.unwrap_or_default();
    let sid = request.call_sid()?;
    if let Some(until) = until {
        let reached = |state: &mut State| match state.call(sid) {
            Some(entry) => until
                .is_reached(&entry.call, entry.is_finished)
                .then_some(()),
            None => Some(()),
        };
        request.context().wait_at_most(wait, reached).await;
    }
    Reply::ok(&view(request, sid)?)
}

pub(in crate::sandbox::control) async fn press_keys(request: &ControlRequest) -> Handled {
    let KeysInput { keys } = request.json()?;
    check_length("keys", &keys, KEYS_LIMIT)?;
    let is_key = |key: char| key.is_ascii_digit() || matches!(key, '*' | '#');
    if keys.is_empty() || !keys.chars().all(is_key) {
        let message = "`keys` must be of 0 to 9, * and #, and at least one";
        return Err(ControlError::invalid("invalid_keys", message));
    }
    send_input(request, CallCommand::PressKeys(keys)).await
}

pub(in crate::sandbox::control) async fn speak(request: &ControlRequest) -> Handled {
    let SpeechInput { text } = request.json()?;
    check_length("text", &text, SPEECH_LIMIT)?;
    if text.trim().is_empty() {
        let message = "`text` is empty; `POST .../silence` says nothing";
        return Err(ControlError::invalid("invalid_speech", message));
    }
    send_input(request, CallCommand::Speak(text)).await
}

pub(in crate::sandbox::control) async fn stay_silent(request: &ControlRequest) -> Handled {
    let NoInput {} = request.json()?;
    send_input(request, CallCommand::StaySilent).await
}

pub(in crate::sandbox::control) async fn hang_up(request: &ControlRequest) -> Handled {
    let NoInput {} = request.json()?;
    let wait = request.wait()?;
    let sid = request.call_sid()?;
    check_not_ended(request, sid)?;
    request.context().command(sid, CallCommand::HangUp, None);
    if let Some(wait) = wait {
        let ended = |state: &mut State| {
            let entry = state.call(sid);
            entry.is_none_or(|entry| entry.is_finished).then_some(())
        };
        request.context().wait_at_most(wait, ended).await;
    }
    Reply::ok(&view(request, sid)?)
}

/// Sends keys, speech or silence. With `wait`, waits until the call accepts it and waits for the
/// phone again, or has ended.
async fn send_input(request: &ControlRequest, command: CallCommand) -> Handled {
    let wait = request.wait()?;
    let sid = request.call_sid()?;
    let status = check_not_ended(request, sid)?;
    if status != CallStatus::InProgress {
        let message = format!("the call has the status {status}; answer it first, or wait for it");
        return Err(ControlError::conflict("call_not_answered", message));
    }
    let (accepted, answer) = oneshot::channel();
    request.context().command(sid, command, Some(accepted));
    if let Some(wait) = wait {
        let started = tokio::time::Instant::now();
        if let Ok(Err(_)) = timeout(wait, answer).await {
            let message = "the call went on or ended without accepting the input; its transcript \
                           shows what it expected";
            return Err(ControlError::conflict("input_not_expected", message));
        }
        wait_for_phone(request, sid, wait.saturating_sub(started.elapsed())).await;
    }
    Reply::ok(&view(request, sid)?)
}

/// Waits until a call waits for its phone, or has ended.
pub(super) async fn wait_for_phone(request: &ControlRequest, sid: CallSid, wait: Duration) {
    let waits = |state: &mut State| match state.call(sid) {
        Some(entry) => (state.is_idle(entry) || entry.is_finished).then_some(()),
        None => Some(()),
    };
    request.context().wait_at_most(wait, waits).await;
}

fn check_not_ended(request: &ControlRequest, sid: CallSid) -> Result<CallStatus, ControlError> {
    let status = request
        .context()
        .read(|state| Some(state.call(sid)?.call.status.clone()));
    let status = status.ok_or_else(unknown_call)?;
    if status.is_final() {
        let message = format!("the call has ended with the status {status}");
        return Err(ControlError::conflict("call_ended", message));
    }
    Ok(status)
}

pub(super) fn view(request: &ControlRequest, sid: CallSid) -> Result<CallView, ControlError> {
    let view = request
        .context()
        .read(|state| state.call(sid).map(CallView::new));
    view.ok_or_else(unknown_call)
}

fn unknown_call() -> ControlError {
    let message = "the account has no call with this SID; `GET /_sandbox/calls` lists them";
    ControlError::not_found("unknown_call", message)
}

//! `clock`.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use serde::Deserialize;

use crate::sandbox::control::error::ControlError;
use crate::sandbox::control::reply::{Handled, Reply};
use crate::sandbox::control::request::ControlRequest;
use crate::sandbox::control::views::world::{ClockModeView, ClockView, WorldView};

/// Longest step of the clock, in seconds: 100 years.
const LONGEST: f64 = 3_153_600_000.0;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AdvanceInput {
    seconds: Option<f64>,
    next: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModeInput {
    mode: ClockModeView,
}

/// Way that the clock moves.
#[derive(Clone, Copy)]
enum Step {
    By(Duration),
    ToNext,
}

pub(in crate::sandbox::control) fn show(request: &ControlRequest) -> Handled {
    request.no_query()?;
    Reply::ok(&ClockView::new(request.context()))
}

pub(in crate::sandbox::control) async fn advance(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let step = read_step(&request.json()?)?;
    let shared = Arc::clone(&request.shared);
    // A task of its own: the clock arrives even if the client goes away.
    let task = tokio::spawn(async move {
        let _one_at_a_time = shared.advance.lock().await;
        match step {
            Step::By(by) => shared.context.advance(by).await,
            Step::ToNext => shared.context.advance_to_next().await.map(|_| ()),
        }
    });
    let advanced = task.await.map_err(|_| {
        let message = "the clock could not be advanced; please report this";
        ControlError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
    })?;
    advanced.map_err(|error| {
        let message = format!("the clock stands in between: {error}");
        ControlError::conflict("not_idle", message)
    })?;
    Reply::ok(&WorldView::new(request.context()))
}

/// Changes the passage of time.
pub(in crate::sandbox::control) fn set_mode(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let ModeInput { mode } = request.json()?;
    request.context().clock.set_mode(mode.into());
    Reply::ok(&WorldView::new(request.context()))
}

fn read_step(input: &AdvanceInput) -> Result<Step, ControlError> {
    match (input.seconds, input.next) {
        (Some(seconds), None) if (0.0..=LONGEST).contains(&seconds) => {
            Ok(Step::By(Duration::from_secs_f64(seconds)))
        }
        (Some(seconds), None) => {
            let message = format!("`seconds` is {seconds}; it is a number from 0 to {LONGEST}");
            Err(ControlError::invalid("invalid_body", message))
        }
        (None, Some(true)) => Ok(Step::ToNext),
        _ => {
            let message = "give either `seconds`, such as 60, or `next` as true";
            Err(ControlError::invalid("invalid_body", message))
        }
    }
}

//! Clock and faults, which explain what happens.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::fault::FaultView;
use super::time::rfc3339_millis;
use crate::sandbox::clock::ClockMode;
use crate::sandbox::context::Context;
use crate::sandbox::faults::Faults;

#[derive(Serialize)]
pub(in crate::sandbox::control) struct WorldView {
    clock: ClockView,
    faults: Vec<FaultView>,
    /// Seconds that a phone of a Rust test waits.
    timeout_seconds: f64,
}

#[derive(Serialize)]
pub(in crate::sandbox::control) struct ClockView {
    mode: ClockModeView,
    now: String,
    /// Seconds by which the clock is ahead of this machine's.
    offset_seconds: f64,
    next: Option<NextView>,
}

/// What is due next.
#[derive(Serialize)]
struct NextView {
    due: String,
    in_seconds: f64,
    what: &'static str,
}

/// Passage of time.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::sandbox::control) enum ClockModeView {
    Instant,
    Real,
    Held,
}

impl From<ClockMode> for ClockModeView {
    fn from(mode: ClockMode) -> Self {
        match mode {
            ClockMode::Instant => Self::Instant,
            ClockMode::RealTime => Self::Real,
            ClockMode::Held => Self::Held,
        }
    }
}

impl From<ClockModeView> for ClockMode {
    fn from(view: ClockModeView) -> Self {
        match view {
            ClockModeView::Instant => Self::Instant,
            ClockModeView::Real => Self::RealTime,
            ClockModeView::Held => Self::Held,
        }
    }
}

impl ClockView {
    pub(in crate::sandbox::control) fn new(context: &Context) -> Self {
        let now = context.now();
        let ahead = now.duration_since(SystemTime::now());
        Self {
            mode: context.clock.mode().into(),
            now: rfc3339_millis(now),
            offset_seconds: ahead.map_or_else(
                |behind| -behind.duration().as_secs_f64(),
                |ahead| ahead.as_secs_f64(),
            ),
            next: context.clock.next_due().map(|(after, what)| NextView {
                due: rfc3339_millis(now + after),
                in_seconds: after.as_secs_f64(),
                what,
            }),
        }
    }
}

impl WorldView {
    pub(in crate::sandbox::control) fn new(context: &Context) -> Self {
        let faults = context.faults(Faults::list);
        Self {
            clock: ClockView::new(context),
            faults: faults.iter().map(FaultView::new).collect(),
            timeout_seconds: context.read(|state| state.timeout).as_secs_f64(),
        }
    }
}

//! Progress of a batch: a bar on a terminal, plain lines elsewhere.

use std::fmt;
use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

use clinspark_twilio::outbox::{BatchId, BatchProgress, BatchState, MessageState, Outbox, Reason};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::failure::Exit;
use crate::output::{Table, one_line, print_remark};

/// Time between two looks at the database.
const INTERVAL: Duration = Duration::from_millis(500);

/// Time between two plain lines.
const BETWEEN_LINES: Duration = Duration::from_secs(5);

/// Status of a batch.
#[derive(Serialize)]
pub(super) struct Status {
    batch: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    total: u64,
    queued: u64,
    paused: u64,
    sending: u64,
    sent: u64,
    refused: u64,
    expired: u64,
    cancelled: u64,
    held: u64,
    segments: u64,
}

impl Status {
    pub(super) fn new(batch: &BatchId, progress: &BatchProgress) -> Self {
        let counts = &progress.counts;
        Self {
            batch: batch.to_string(),
            state: progress.state.as_str(),
            reason: progress.reason.as_ref().map(Reason::as_str).map(Into::into),
            total: counts.total(),
            queued: counts.of(MessageState::Queued),
            paused: counts.of(MessageState::Paused),
            sending: counts.of(MessageState::Sending),
            sent: counts.of(MessageState::Sent),
            refused: counts.of(MessageState::Refused),
            expired: counts.of(MessageState::Expired),
            cancelled: counts.of(MessageState::Cancelled),
            held: counts.of(MessageState::Held),
            segments: counts.segments,
        }
    }

    /// Returns the exit code of a run that has ended.
    pub(super) fn exit(&self) -> Exit {
        if self.state == BatchState::Stopped.as_str() {
            return Exit::Twilio;
        }
        Exit::fine_if(self.sent == self.total)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::of_pairs();
        table.row([&"batch", &self.batch]);
        table.row([&"state", &self.state]);
        if let Some(reason) = &self.reason {
            table.row([&"reason", reason]);
        }
        let counts = [
            ("people", self.total),
            ("queued", self.queued),
            ("paused", self.paused),
            ("sending", self.sending),
            ("sent", self.sent),
            ("refused", self.refused),
            ("expired", self.expired),
            ("cancelled", self.cancelled),
            ("held", self.held),
            ("segments", self.segments),
        ];
        for (name, count) in counts {
            table.row([&name, &count]);
        }
        write!(f, "{table}")
    }
}

/// Shows the progress until nothing is left to do, the batch stops, or a signal arrives.
pub(super) async fn until_ended(outbox: &Outbox, batch: &BatchId) {
    tokio::select! {
        () = show(outbox, batch) => {}
        () = signal() => print_remark("stopping; texts in progress still end"),
    }
}

async fn show(outbox: &Outbox, batch: &BatchId) {
    let mut watch = outbox.watch(batch.clone(), INTERVAL);
    let mut shown = Shown::new();
    let mut is_away = false;
    while let Some(progress) = watch.next().await {
        let progress = match progress {
            Ok(progress) => progress,
            // The next look asks again.
            Err(error) => {
                if !is_away {
                    shown.remark(&format!(
                        "no text begins while the database fails; the program keeps trying: {}",
                        one_line(&error.to_string())
                    ));
                }
                is_away = true;
                continue;
            }
        };
        if is_away {
            shown.remark("the database answers again; the batch continues");
            is_away = false;
        }
        shown.update(&progress);
        if progress.state == BatchState::Stopped {
            return;
        }
    }
}

enum Shown {
    Bar(ProgressBar),
    Lines(Option<(Instant, String)>),
}

impl Shown {
    fn new() -> Self {
        if !io::stderr().is_terminal() {
            return Self::Lines(None);
        }
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len}  {msg}") {
            bar.set_style(style);
        }
        Self::Bar(bar)
    }

    /// Prints a line above the bar.
    fn remark(&self, remark: &str) {
        match self {
            Self::Bar(bar) => bar.suspend(|| print_remark(remark)),
            Self::Lines(_) => print_remark(remark),
        }
    }

    fn update(&mut self, progress: &BatchProgress) {
        let counts = &progress.counts;
        let left = [
            MessageState::Queued,
            MessageState::Paused,
            MessageState::Sending,
        ];
        let left: u64 = left.into_iter().map(|state| counts.of(state)).sum();
        let (total, sent) = (counts.total(), counts.of(MessageState::Sent));
        let done = total.saturating_sub(left);
        let state = progress.state.as_str();
        let held = counts.of(MessageState::Held);
        let rest = done.saturating_sub(sent).saturating_sub(held);
        let message = format!("{state}: {sent} sent, {rest} not sent, {held} held");
        match self {
            Self::Bar(bar) => {
                bar.set_length(total);
                bar.set_position(done);
                bar.set_message(match progress.time_left {
                    Some(time) => format!("{message}, {} s left", time.as_secs()),
                    None => message,
                });
            }
            Self::Lines(last) => {
                let line = format!("{done}/{total}  {message}");
                let is_shown = last.as_ref().is_some_and(|(at, before)| {
                    *before == line || (left > 0 && at.elapsed() < BETWEEN_LINES)
                });
                if !is_shown {
                    print_remark(&line);
                    *last = Some((Instant::now(), line));
                }
            }
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Self::Bar(bar) = self {
            bar.abandon();
        }
    }
}

/// Waits for an interrupt or a request to end.
async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut end) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = end.recv() => {}
                Ok(()) = tokio::signal::ctrl_c() => {}
                else => std::future::pending().await,
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

//! Context of one sandbox: the account's credentials, its state, and its background tasks.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::auth_token_history::AuthTokenHistory;
use super::clock::Clock;
use super::error::{SandboxError, SandboxErrorKind};
use super::faults::{Fault, Faults};
use super::ids::IdGenerator;
use super::options::Options;
use super::state::{
    Activity, ActivityGuard, Alert, AlertCause, AlertRequest, CallCommand, QueuedCommand, Sound,
    State, StreamInput, WebhookKind,
};
use crate::codes::{ErrorCode, ErrorLevel};
use crate::types::{AccountSid, AuthToken, CallSid, CallStatus};
use crate::webhook::websocket::stream::MediaTrack;

/// Data shared by the server, the background tasks and the phones of one sandbox.
pub(crate) struct Context {
    pub(crate) account_sid: AccountSid,
    // Not in `state`: `Sandbox::auth_token` returns a reference, which cannot outlive a lock.
    auth_tokens: AuthTokenHistory,
    pub(crate) clock: Arc<Clock>,
    pub(crate) base_url: String,
    /// Client that sends webhooks.
    pub(crate) http: reqwest::Client,
    pub(crate) ids: IdGenerator,
    state: Mutex<State>,
    faults: Mutex<Faults>,
    /// Hosts beyond loopback to which webhooks may be sent, each with its address.
    pub(crate) webhook_hosts: Vec<(String, Option<IpAddr>)>,
    activity: Arc<Activity>,
    /// `None` after the sandbox is dropped; no task starts then.
    tasks: Mutex<Option<JoinSet<()>>>,
}

impl Context {
    pub(crate) fn new(
        options: &Options,
        base_url: String,
        http: reqwest::Client,
    ) -> Result<Self, SandboxError> {
        let ids = IdGenerator::new(options.seed)?;
        let activity = Activity::new();
        Ok(Self {
            account_sid: options.account_sid.unwrap_or_else(|| ids.sid("AC")),
            auth_tokens: AuthTokenHistory::new(
                options
                    .auth_token
                    .clone()
                    .unwrap_or_else(|| ids.auth_token()),
            ),
            base_url,
            http,
            ids,
            state: Mutex::new(State::new(options.history_limit)),
            faults: Mutex::default(),
            webhook_hosts: options.webhook_hosts.clone(),
            clock: Clock::new(options.clock, &activity),
            activity,
            tasks: Mutex::new(Some(JoinSet::new())),
        })
    }

    /// Auth token that signs webhooks.
    pub(crate) fn auth_token(&self) -> &AuthToken {
        self.auth_tokens.current()
    }

    /// Replaces the account's auth token.
    pub(crate) fn promote_auth_token(&self, token: AuthToken) {
        self.auth_tokens.replace(token);
    }

    pub(crate) fn read<R>(&self, read: impl FnOnce(&State) -> R) -> R {
        read(&self.lock())
    }

    /// Changes the state and wakes every task that waits for a change.
    pub(crate) fn update<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        let result = change(&mut self.lock());
        self.activity.notify();
        result
    }

    /// Returns the time of the sandbox's clock.
    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// Adds an alert to Twilio's debugger, about the last request for instructions of this message
    /// or call.
    pub(crate) fn alert(&self, code: u32, message: &'static str, sid: &str) {
        let request = self.read(|state| state.last_request(sid));
        self.alert_about(AlertCause::new(code, message), sid, request);
    }

    /// Adds an alert to Twilio's debugger, about a request to the application.
    pub(crate) fn alert_about(&self, cause: AlertCause, sid: &str, request: Option<AlertRequest>) {
        let alert = Alert {
            sid: self.alert_sid(),
            code: cause.code,
            level: level_of(cause.code).to_owned(),
            message: cause.message,
            resource_sid: sid.to_owned(),
            date_generated: self.now(),
            request,
        };
        self.update(|state| state.add_alert(alert));
    }

    pub(crate) fn alert_sid(&self) -> String {
        format!("NO{}", self.ids.hex_digits())
    }

    pub(crate) fn faults<R>(&self, change: impl FnOnce(&mut Faults) -> R) -> R {
        change(&mut self.faults.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the fault that a rule of the test has for a webhook.
    pub(crate) fn webhook_fault(&self, kind: WebhookKind) -> Option<Fault> {
        self.faults(|faults| faults.of_webhook(kind, |share| self.ids.chance(share)))
    }

    /// Returns the fault that a rule of the test has for a request of the API.
    pub(crate) fn request_fault(&self, method: &str, path: &str) -> Option<Fault> {
        self.faults(|faults| faults.of_request(method, path, |share| self.ids.chance(share)))
    }

    /// Waits until `find` returns a value. `failure` is the message of the timeout error.
    pub(crate) async fn wait_for<R>(
        &self,
        failure: &'static str,
        mut find: impl FnMut(&mut State) -> Option<R>,
    ) -> Result<R, SandboxError> {
        // Subscribed before the first check, so that no change in between is missed.
        let mut changes = self.activity.subscribe();
        let timeout = self.read(|state| state.timeout);
        let found = async {
            loop {
                if let Some(found) = find(&mut self.lock()) {
                    return found;
                }
                // The sender is a field of `self`, so it outlives this wait.
                let _ = changes.changed().await;
            }
        };
        tokio::time::timeout(timeout, found)
            .await
            .map_err(|_| SandboxError::new(SandboxErrorKind::Timeout, failure))
    }

    /// Waits until no background work is in progress.
    pub(crate) async fn wait_idle(&self) -> Result<(), SandboxError> {
        let idle = self.wait_for("background work did not finish", |_| {
            self.activity.is_idle().then_some(())
        });
        idle.await
    }

    /// Registers work in progress until the guard is dropped.
    pub(crate) fn begin_activity(&self) -> ActivityGuard {
        ActivityGuard::new(&self.activity)
    }

    /// Sends a command to a call in progress. A call that has ended ignores it.
    /// `accepted` learns that a verb of the call accepted the input.
    pub(crate) fn command(
        &self,
        call: CallSid,
        command: CallCommand,
        accepted: Option<oneshot::Sender<()>>,
    ) {
        if let CallCommand::Speak(speech) = &command {
            self.send_to_streams(call, &MediaTrack::Inbound, speech);
        }
        let queued = QueuedCommand {
            command,
            accepted,
            activity: Some(self.begin_activity()),
        };
        self.update(|state| {
            if let Some(entry) = state.call(call) {
                // A closed channel means that the call has ended.
                let _ = entry.commands.send(queued);
            }
        });
    }

    /// Lets calls hear a sound.
    pub(crate) fn play_to(&self, calls: &[CallSid], sound: &Sound) {
        for call in calls {
            self.command(*call, CallCommand::Hear(sound.clone()), None);
        }
    }

    /// Sends sound of a call to the media streams that have its track.
    pub(crate) fn send_to_streams(&self, call: CallSid, track: &MediaTrack, sound: &str) {
        self.read(|state| {
            let streams = state.call(call).map(|entry| entry.streams.iter());
            for stream in streams.into_iter().flatten() {
                if stream.track.has(track) {
                    let sound = StreamInput::Sound(track.clone(), sound.to_owned());
                    stream.send(sound, self.begin_activity());
                }
            }
        });
    }

    /// Stops the media streams that listen to a call.
    pub(crate) fn stop_streams(&self, call: CallSid) {
        let streams = self.update(|state| {
            let entry = state.call_mut(call);
            entry.map(|entry| std::mem::take(&mut entry.streams))
        });
        for stream in streams.unwrap_or_default() {
            stream.send(StreamInput::Stop, self.begin_activity());
        }
    }

    /// Ends a call with a final status at once. The task of the call then reports it.
    pub(crate) fn end_call(&self, call: CallSid, status: CallStatus) {
        let now = self.now();
        self.update(|state| {
            if let Some(entry) = state.call_mut(call)
                && !entry.has_ended()
            {
                entry.call.status = status;
                entry.call.end_time = Some(now);
            }
        });
        self.command(call, CallCommand::EndedByApi, None);
    }

    /// Starts a background task. The task counts as in progress until it drops its guard: at its
    /// end, or earlier while it waits for a phone.
    pub(crate) fn spawn<F>(&self, task: impl FnOnce(ActivityGuard) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let task = task(self.begin_activity());
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tasks) = tasks.as_mut() {
            // Finished tasks stay in the set, and keep their memory, until they are joined.
            while tasks.try_join_next().is_some() {}
            tasks.spawn(task);
        }
    }

    /// Stops all background tasks. None can be started afterwards.
    pub(crate) fn stop(&self) {
        // Dropping the set aborts the tasks in it.
        self.tasks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }

    // Poisoning is ignored: after a panic, a test still reads the state to find the cause.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the level of an alert, in Twilio's words. A code whose level is not known is an error.
fn level_of(code: u32) -> &'static str {
    match ErrorCode::from(code).level() {
        Some(ErrorLevel::Warning) => "warning",
        _ => "error",
    }
}

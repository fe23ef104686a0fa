//! Context of one sandbox: the account's credentials, its state, and its background tasks.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use tokio::sync::{oneshot, watch};

use super::account_check::AccountCheck;
use super::auth_token_history::AuthTokenHistory;
use super::clock::{Clock, LONGEST};
use super::error::{SandboxError, SandboxErrorKind};
use super::faults::{Fault, Faults};
use super::ids::IdGenerator;
use super::options::Options;
use super::state::{
    Activity, ActivityGuard, Alert, AlertCause, AlertRequest, CallCommand, ChangedKey, FaultId,
    GroupId, QueuedCommand, Sound, State, StreamInput, TooOld, WebhookKind,
};
use super::tasks::Tasks;
use crate::codes::{ErrorCode, ErrorLevel};
use crate::types::{AccountSid, AuthToken, CallSid, CallStatus};
use crate::webhook::websocket::stream::MediaTrack;

tokio::task_local! {
    /// Group of the request or action because of which a task runs.
    static CAUSE: GroupId;
}

/// Data shared by the server, the background tasks and the phones of one sandbox.
pub(crate) struct Context {
    pub(crate) account_sid: AccountSid,
    // Not in `state`: `Sandbox::auth_token` returns a reference, which cannot outlive a lock.
    auth_tokens: AuthTokenHistory,
    pub(crate) clock: Arc<Clock>,
    pub(crate) base_url: String,
    /// Base URL that the last client with credentials used.
    client_base_url: Mutex<String>,
    /// Client that sends webhooks.
    pub(crate) http: reqwest::Client,
    pub(crate) ids: IdGenerator,
    state: Mutex<State>,
    faults: Mutex<Faults>,
    /// Hosts beyond loopback to which webhooks may be sent, each with its address.
    pub(crate) webhook_hosts: Vec<(String, Option<IpAddr>)>,
    /// Check of the account for the page.
    pub(crate) account_check: Option<AccountCheck>,
    activity: Arc<Activity>,
    tasks: Mutex<Tasks>,
    /// Held for reading by a request or action that is about to change the state, and for writing by a
    /// reset, so that no request belongs half to the former world.
    world: RwLock<()>,
    /// Held by a reset, so that one follows the other.
    reset: tokio::sync::Mutex<()>,
}

impl Context {
    pub(crate) fn new(
        options: &Options,
        base_url: String,
        http: reqwest::Client,
    ) -> Result<Self, SandboxError> {
        let ids = IdGenerator::new(options.seed)?;
        let activity = Activity::new();
        let mut state = State::new(options.history_limit);
        if let Some(behavior) = options.unknown_phones {
            state.unknown_phones = behavior;
        }
        Ok(Self {
            account_sid: options.account_sid.unwrap_or_else(|| ids.sid("AC")),
            auth_tokens: AuthTokenHistory::new(
                options
                    .auth_token
                    .clone()
                    .unwrap_or_else(|| ids.auth_token()),
            ),
            client_base_url: Mutex::new(base_url.clone()),
            base_url,
            http,
            ids,
            state: Mutex::new(state),
            faults: Mutex::default(),
            webhook_hosts: options.webhook_hosts.clone(),
            account_check: options.account_check.clone(),
            clock: Clock::new(options.clock, &activity),
            activity,
            tasks: Mutex::new(Tasks::new()),
            world: RwLock::new(()),
            reset: tokio::sync::Mutex::default(),
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

    /// Notes the base URL that a client with credentials used.
    pub(crate) fn set_client_base_url(&self, base_url: &str) {
        let mut known = self.lock_client_base_url();
        if *known != base_url {
            base_url.clone_into(&mut known);
        }
    }

    /// Returns the base URL for URLs in webhooks. An application reaches the API as its own requests
    /// do, for example through a forwarded port.
    pub(crate) fn client_base_url(&self) -> String {
        self.lock_client_base_url().clone()
    }

    fn lock_client_base_url(&self) -> MutexGuard<'_, String> {
        let lock = self.client_base_url.lock();
        lock.unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn read<R>(&self, read: impl FnOnce(&State) -> R) -> R {
        read(&self.lock())
    }

    /// Changes the state and wakes every task that waits for a change.
    pub(crate) fn update<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        let result = self.change(change);
        self.activity.notify();
        result
    }

    /// Changes the state, and notes what has changed.
    fn change<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        let mut state = self.lock();
        let result = change(&mut state);
        if self.clock.take_change() {
            state.note_world();
        }
        state.collect_changes();
        result
    }

    /// Returns the group of the request or action because of which the current task runs.
    pub(crate) fn cause() -> Option<GroupId> {
        CAUSE.try_with(|group| *group).ok()
    }

    /// Runs a function because of a request or action. The tasks that it starts belong to the same
    /// group.
    pub(crate) fn because_of<R>(group: GroupId, run: impl FnOnce() -> R) -> R {
        CAUSE.sync_scope(group, run)
    }

    /// Starts the group of an action of a phone, and acts. An action contains no other one.
    pub(crate) fn act<R>(&self, title: String, act: impl FnOnce() -> R) -> R {
        self.in_one_world(|| {
            let now = self.now();
            let group = self.update(|state| {
                let limit = state.history_limit;
                state.timeline.begin(title, None, now, limit)
            });
            Self::because_of(group, act)
        })
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
            message: cause.message.into(),
            resource_sid: sid.to_owned(),
            date_generated: self.now(),
            request,
            group: None,
        };
        self.update(|state| {
            let group = Self::cause().or_else(|| state.group_of(sid));
            state.add_alert(Alert { group, ..alert });
        });
    }

    pub(crate) fn alert_sid(&self) -> String {
        format!("NO{}", self.ids.hex_digits())
    }

    /// Reads the faults.
    pub(crate) fn faults<R>(&self, read: impl FnOnce(&Faults) -> R) -> R {
        read(&self.lock_faults())
    }

    /// Changes the faults.
    pub(crate) fn change_faults<R>(&self, change: impl FnOnce(&mut Faults) -> R) -> R {
        let result = change(&mut self.lock_faults());
        self.update(State::note_world);
        result
    }

    /// Returns the fault of a request or webhook, if `find` finds one, and counts it.
    fn find_fault<R>(&self, find: impl FnOnce(&mut Faults) -> R) -> R {
        let mut faults = self.lock_faults();
        let has_changed = !faults.is_empty();
        let found = find(&mut faults);
        drop(faults);
        if has_changed {
            self.update(State::note_world);
        }
        found
    }

    fn lock_faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the fault that a rule of the test has for a webhook.
    pub(crate) fn webhook_fault(&self, kind: WebhookKind) -> Option<(FaultId, Fault)> {
        self.find_fault(|faults| faults.of_webhook(kind, |share| self.ids.chance(share)))
    }

    /// Returns the fault that a rule of the test has for a request of the API.
    pub(crate) fn request_fault(&self, method: &str, path: &str) -> Option<(FaultId, Fault)> {
        self.find_fault(|faults| faults.of_request(method, path, |share| self.ids.chance(share)))
    }

    /// Waits until `find` returns a value. `failure` is the message of the timeout error.
    pub(crate) async fn wait_for<R>(
        &self,
        failure: &'static str,
        find: impl FnMut(&mut State) -> Option<R>,
    ) -> Result<R, SandboxError> {
        let timeout = self.read(|state| state.timeout);
        self.wait_at_most(timeout, find)
            .await
            .ok_or_else(|| SandboxError::new(SandboxErrorKind::Timeout, failure))
    }

    /// Waits until `find` returns a value, or until a limit in real time.
    pub(crate) async fn wait_at_most<R>(
        &self,
        limit: Duration,
        mut find: impl FnMut(&mut State) -> Option<R>,
    ) -> Option<R> {
        // Subscribed before the first check, so that no change in between is missed.
        let mut changes = self.activity.subscribe();
        let found = async {
            loop {
                if let Some(found) = self.change(&mut find) {
                    return found;
                }
                // The sender is a field of `self`, so it outlives this wait.
                let _ = changes.changed().await;
            }
        };
        tokio::time::timeout(limit, found).await.ok()
    }

    /// Moves the clock forward. Every timer comes at its own time, and its work is done before the
    /// next.
    pub(crate) async fn advance(&self, by: Duration) -> Result<(), SandboxError> {
        self.wait_idle().await?;
        let target = self.clock.passed().saturating_add(by).min(LONGEST);
        while self.clock.step(target) {
            self.wait_idle().await?;
        }
        Ok(())
    }

    /// Moves the clock forward to the next timer. Returns `false` if there is none.
    pub(crate) async fn advance_to_next(&self) -> Result<bool, SandboxError> {
        self.wait_idle().await?;
        let Some((after, _)) = self.clock.next_due() else {
            return Ok(false);
        };
        self.advance(after).await?;
        Ok(true)
    }

    /// Returns what has changed after a cursor, and the cursor of the next reading.
    pub(crate) fn changes_after(&self, cursor: u64) -> Result<(Vec<ChangedKey>, u64), TooOld> {
        // The clock may have changed without a change of the state.
        self.change(|_| ());
        self.read(|state| state.changes_after(cursor))
    }

    /// Returns a receiver that is notified of each change.
    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        self.activity.subscribe()
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
        if let CallCommand::SendAudio(audio) = &command {
            let audio = || StreamInput::Audio(audio.clone());
            self.tell_streams(call, &MediaTrack::Inbound, audio);
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
        let sound = || StreamInput::Sound(track.clone(), sound.to_owned());
        self.tell_streams(call, track, sound);
    }

    /// Ends the sound of a track, of which streams have not sent all yet.
    pub(crate) fn cut_streams(&self, call: CallSid, track: &MediaTrack) {
        self.tell_streams(call, track, || StreamInput::Cut(track.clone()));
    }

    fn tell_streams(&self, call: CallSid, track: &MediaTrack, input: impl Fn() -> StreamInput) {
        self.read(|state| {
            let streams = state.call(call).map(|entry| entry.streams.iter());
            for stream in streams.into_iter().flatten() {
                if stream.track.has(track) {
                    stream.send(input(), self.begin_activity());
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
        let mut tasks = self.lock_tasks();
        match Self::cause() {
            Some(group) => tasks.spawn(CAUSE.scope(group, task)),
            None => tasks.spawn(task),
        }
    }

    /// Stops all background tasks. None can be started afterwards.
    pub(crate) fn stop(&self) {
        self.lock_tasks().stop();
    }

    /// Stops all background tasks and removes what has happened. The configuration stays. Completes
    /// even if the future is dropped.
    pub(crate) async fn reset(self: &Arc<Self>) {
        self.reset_to(|_| ()).await;
    }

    /// Resets, as [`reset`](Self::reset) does, and fills the fresh state.
    pub(crate) async fn reset_to(self: &Arc<Self>, fill: impl FnOnce(&mut State) + Send + 'static) {
        let context = Arc::clone(self);
        let reset = tokio::spawn(async move {
            let _one = context.reset.lock().await;
            let mut former = context.lock_tasks().suspend();
            // Waits for the tasks, so that none writes into the new world.
            former.shutdown().await;
            context.begin_world(fill);
        });
        // Neither panics nor is aborted, except at the end of the runtime.
        let _ = reset.await;
    }

    fn begin_world(&self, fill: impl FnOnce(&mut State)) {
        let world = self.world.write().unwrap_or_else(PoisonError::into_inner);
        self.lock_faults().clear();
        let mut state = self.lock();
        state.reset();
        fill(&mut state);
        state.restart_feed();
        drop(state);
        self.lock_tasks().restart();
        drop(world);
        self.activity.notify();
    }

    /// Runs a change of several steps, between which there is no reset.
    pub(crate) fn in_one_world<R>(&self, run: impl FnOnce() -> R) -> R {
        let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
        let result = run();
        drop(world);
        result
    }

    fn lock_tasks(&self) -> MutexGuard<'_, Tasks> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
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

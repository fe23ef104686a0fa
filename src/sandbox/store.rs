//! The state of one sandbox, and waiting for it to change.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt::Debug;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::access::Access;
use super::account::Account;
use super::calls::Order;
use super::error::{SandboxError, SandboxErrorKind};
use super::phone::PhoneState;
use super::records::{
    Alert, StoredApplication, StoredCall, StoredMessage, StoredNumber, StoredService,
    StoredShortCode, Webhook,
};
use super::registrations::Registrations;
use crate::phone::E164;
use crate::types::{
    AccountSid, ApiKeySecret, ApiKeySid, ApplicationSid, AuthToken, CallSid, MessageSid,
    MessagingServiceSid, PhoneNumberSid,
};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);

/// One account and everything in it. Shared by the server, the background tasks and the phones.
pub(super) struct World {
    pub(super) account_sid: AccountSid,
    auth_token: AuthToken,
    /// The token that followed the first one.
    pub(super) promoted: OnceLock<AuthToken>,
    pub(super) started: SystemTime,
    pub(super) base_url: String,
    pub(super) http: reqwest::Client,
    pub(super) access: Access,
    /// Random, so that no web page and no neighbour can compute a token.
    key: [u8; 32],
    serial: AtomicU64,
    state: Mutex<State>,
    changed: watch::Sender<()>,
    busy: AtomicUsize,
    /// `None` once the sandbox is dropped: nothing new is begun then.
    tasks: Mutex<Option<JoinSet<()>>>,
}

pub(super) struct State {
    pub(super) timeout: Duration,
    pub(super) account: Account,
    pub(super) messages: Vec<StoredMessage>,
    pub(super) calls: Vec<CallEntry>,
    pub(super) numbers: Vec<StoredNumber>,
    pub(super) applications: Vec<StoredApplication>,
    pub(super) services: Vec<StoredService>,
    pub(super) short_codes: Vec<StoredShortCode>,
    pub(super) registrations: Registrations,
    pub(super) phones: HashMap<E164, PhoneState>,
    /// Who told which of our numbers to stop: `(ours, theirs)`.
    pub(super) opted_out: HashSet<(E164, E164)>,
    pub(super) webhooks: Vec<Webhook>,
    pub(super) alerts: Vec<Alert>,
    /// API keys and their secrets.
    pub(super) keys: Vec<(ApiKeySid, ApiKeySecret)>,
    /// Where a public origin is served on loopback.
    pub(super) routes: HashMap<String, String>,
}

/// A call and the line to it.
pub(super) struct CallEntry {
    pub(super) call: StoredCall,
    /// What was said and played, and is not heard yet.
    pub(super) heard: VecDeque<String>,
    /// It does nothing until somebody presses, speaks, answers or hangs up.
    pub(super) at_rest: bool,
    /// Nothing more will come of it: the last callback is answered.
    pub(super) over: bool,
    pub(super) line: mpsc::UnboundedSender<Order>,
}

impl CallEntry {
    pub(super) fn has_ended(&self) -> bool {
        self.call.status.is_final()
    }
}

impl State {
    pub(super) fn number(&self, number: E164) -> Option<&StoredNumber> {
        self.numbers.iter().find(|n| n.number == number)
    }

    pub(super) fn application(&self, sid: ApplicationSid) -> Option<&StoredApplication> {
        self.applications.iter().find(|a| a.sid == sid)
    }

    pub(super) fn service(&self, sid: MessagingServiceSid) -> Option<&StoredService> {
        self.services.iter().find(|s| s.sid == sid)
    }

    pub(super) fn service_mut(&mut self, sid: MessagingServiceSid) -> Option<&mut StoredService> {
        self.services.iter_mut().find(|s| s.sid == sid)
    }

    /// The service whose pool holds a number: one at most.
    pub(super) fn service_of(&self, number: PhoneNumberSid) -> Option<&StoredService> {
        self.services.iter().find(|s| s.numbers.contains(&number))
    }

    pub(super) fn message(&self, sid: MessageSid) -> Option<&StoredMessage> {
        self.messages.iter().find(|m| m.sid == sid)
    }

    pub(super) fn message_mut(&mut self, sid: MessageSid) -> Option<&mut StoredMessage> {
        self.messages.iter_mut().find(|m| m.sid == sid)
    }

    pub(super) fn call(&self, sid: CallSid) -> Option<&CallEntry> {
        self.calls.iter().find(|c| c.call.sid == sid)
    }

    pub(super) fn call_mut(&mut self, sid: CallSid) -> Option<&mut CallEntry> {
        self.calls.iter_mut().find(|c| c.call.sid == sid)
    }

    pub(super) fn phone_mut(&mut self, number: E164) -> &mut PhoneState {
        self.phones.entry(number).or_default()
    }
}

impl World {
    pub(super) fn new(port: u16, http: reqwest::Client) -> Result<Self, SandboxError> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)
            .map_err(|e| SandboxError::start("the system gave no random bytes", e))?;
        let account_sid = AccountSid::parse(&format!("AC{}", digits(&key, 0)))
            .map_err(|e| SandboxError::start("the account's SID", e))?;
        let auth_token = AuthToken::new(digits(&key, 1))
            .map_err(|e| SandboxError::start("the account's token", e))?;
        Ok(Self {
            account_sid,
            auth_token,
            promoted: OnceLock::new(),
            started: SystemTime::now(),
            base_url: format!("http://127.0.0.1:{port}"),
            http,
            access: Access::new(port),
            key,
            serial: AtomicU64::new(2),
            state: Mutex::new(State {
                timeout: DEFAULT_TIMEOUT,
                account: Account::default(),
                messages: Vec::new(),
                calls: Vec::new(),
                numbers: Vec::new(),
                applications: Vec::new(),
                services: Vec::new(),
                short_codes: Vec::new(),
                registrations: Registrations::default(),
                phones: HashMap::new(),
                opted_out: HashSet::new(),
                webhooks: Vec::new(),
                alerts: Vec::new(),
                keys: Vec::new(),
                routes: HashMap::new(),
            }),
            changed: watch::Sender::new(()),
            busy: AtomicUsize::new(0),
            tasks: Mutex::new(Some(JoinSet::new())),
        })
    }

    /// A fresh SID of the kind whose prefix is given.
    #[expect(
        clippy::expect_used,
        reason = "callers give the prefix of the SID they ask for, and the rest is 32 hex digits"
    )]
    pub(super) fn sid<S: FromStr<Err: Debug>>(&self, prefix: &str) -> S {
        format!("{prefix}{}", self.fresh_digits())
            .parse()
            .expect("a prefix of this SID and 32 hexadecimal digits")
    }

    /// 32 hexadecimal digits that this sandbox has not given out before.
    pub(super) fn fresh_digits(&self) -> String {
        digits(&self.key, self.serial.fetch_add(1, Ordering::Relaxed))
    }

    /// The token that signs webhooks.
    pub(super) fn auth_token(&self) -> &AuthToken {
        self.promoted.get().unwrap_or(&self.auth_token)
    }

    /// A fresh auth token.
    #[expect(clippy::expect_used, reason = "32 hexadecimal digits make a token")]
    pub(super) fn token(&self) -> AuthToken {
        AuthToken::new(self.fresh_digits()).expect("neither empty nor with blanks")
    }

    /// A fresh secret of an API key.
    #[expect(clippy::expect_used, reason = "32 hexadecimal digits make a secret")]
    pub(super) fn secret(&self) -> ApiKeySecret {
        ApiKeySecret::new(self.fresh_digits()).expect("neither empty nor with blanks")
    }

    pub(super) fn read<R>(&self, look: impl FnOnce(&State) -> R) -> R {
        look(&self.lock())
    }

    /// Changes the state and wakes whoever waits for a change.
    pub(super) fn update<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        let result = change(&mut self.lock());
        self.changed.send_replace(());
        result
    }

    /// Records what Twilio's debugger would show.
    pub(super) fn alert(&self, code: u32, message: &'static str, sid: &str) {
        self.update(|state| {
            state.alerts.push(Alert {
                code,
                message,
                sid: sid.to_owned(),
                level: "error".to_owned(),
                at: SystemTime::now(),
            });
        });
    }

    /// Waits until `look` finds what it looks for, or timeout is over.
    pub(super) async fn wait_for<R>(
        &self,
        missing: &'static str,
        mut look: impl FnMut(&mut State) -> Option<R>,
    ) -> Result<R, SandboxError> {
        let mut changes = self.changed.subscribe();
        let timeout = self.read(|state| state.timeout);
        let found = async {
            loop {
                if let Some(found) = look(&mut self.lock()) {
                    return found;
                }
                // The sender is a field of `self`, so it outlives this wait.
                let _ = changes.changed().await;
            }
        };
        tokio::time::timeout(timeout, found)
            .await
            .map_err(|_| SandboxError::new(SandboxErrorKind::Timeout, missing))
    }

    /// Waits until no background work is under way.
    pub(super) async fn wait_idle(&self) -> Result<(), SandboxError> {
        self.wait_for("background work did not end", |_| {
            (self.busy.load(Ordering::SeqCst) == 0).then_some(())
        })
        .await
    }

    /// Runs work in the background. It counts as under way from now on; a call that waits for its
    /// phone gives the guard back.
    pub(super) fn spawn<F>(self: &Arc<Self>, work: impl FnOnce(Busy) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let work = work(Busy::new(self));
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tasks) = tasks.as_mut() {
            while tasks.try_join_next().is_some() {}
            tasks.spawn(work);
        }
    }

    /// Stops all background work for good.
    pub(super) fn stop(&self) {
        // Dropping the set aborts what is in it.
        self.tasks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }

    // A panic elsewhere must not hide the state from the test that looks for its cause.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Work under way, as [`World::wait_idle`] counts it.
pub(super) struct Busy(Arc<World>);

impl Busy {
    pub(super) fn new(world: &Arc<World>) -> Self {
        world.busy.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(world))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::SeqCst);
        self.0.changed.send_replace(());
    }
}

/// Derives 32 hexadecimal digits that cannot be guessed without the key.
fn digits(key: &[u8; 32], serial: u64) -> String {
    let hash = Sha256::new()
        .chain_update(key)
        .chain_update(serial.to_be_bytes())
        .finalize();
    hash.iter().take(16).fold(String::new(), |mut text, byte| {
        use std::fmt::Write as _;
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A date as a carrier's receipt holds it: `YYMMDDhhmm`.
pub(super) fn receipt_date(time: SystemTime) -> Option<String> {
    let time = jiff::Timestamp::try_from(time).ok()?;
    Some(time.strftime("%y%m%d%H%M").to_string())
}

/// A date as the 2010 API and the webhooks write it.
pub(super) fn rfc2822(time: SystemTime) -> Option<String> {
    let time = jiff::Timestamp::try_from(time).ok()?;
    jiff::fmt::rfc2822::to_string(&time.to_zoned(jiff::tz::TimeZone::UTC)).ok()
}

/// A date as the newer APIs write it, to the second.
pub(super) fn rfc3339(time: SystemTime) -> Option<String> {
    let time = jiff::Timestamp::try_from(time).ok()?;
    Some(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

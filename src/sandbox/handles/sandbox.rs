//! [`Sandbox`]: starts the server and reads the state.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};

use super::builder::SandboxBuilder;
use super::phone::Phone;
use crate::phone::E164;
use crate::sandbox::api::serve_http;
use crate::sandbox::clock::ClockMode;
use crate::sandbox::context::Context;
use crate::sandbox::error::{SandboxError, SandboxErrorKind};
use crate::sandbox::options::Options;
use crate::sandbox::state::{
    Alert, ReceivedRequest, SentWebhook, StoredApplication, StoredCall, StoredCallerId,
    StoredMessage, StoredNumber, StoredRecording, StoredService, StoredShortCode, TranscriptEntry,
};
use crate::sandbox::webhooks;
use crate::types::{AccountSid, AuthToken, CallSid, PhoneNumberSid};

/// Twilio account on this machine, with its REST API.
///
/// Dropping this value stops the server and all background work. Nothing is sent beyond this machine:
///
/// ```
/// use clinspark_twilio::phone::E164;
/// use clinspark_twilio::sandbox::Sandbox;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::start().await?;
/// let clinic = E164::parse("+14155550100")?;
/// let number = sandbox.add_number(clinic);
/// sandbox.configure_number(number, &[("SmsUrl", "https://demo.example.com/sms")])?;
///
/// let volunteer = sandbox.phone(E164::parse("+14155550123")?);
/// volunteer.text(clinic, "Yes").await?;
/// assert_eq!(sandbox.messages()[0].body.expose(), "Yes");
///
/// // `Sandbox::map_origin` maps the host to this machine. Without it, no webhook is sent.
/// assert_eq!(sandbox.alerts()[0].code, 11210);
/// assert_eq!(sandbox.webhooks(), []);
/// # Ok(())
/// # }
/// ```
pub struct Sandbox {
    pub(super) context: Arc<Context>,
    open: watch::Sender<bool>,
    /// Never used; its drop stops the server.
    _stop: oneshot::Sender<()>,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("account_sid", &self.context.account_sid)
            .field("base_url", &self.context.base_url)
            .finish_non_exhaustive()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.context.stop();
    }
}

impl Sandbox {
    /// Starts an empty account on a free port of 127.0.0.1. Requires a Tokio runtime with I/O and
    /// time enabled.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::Start`] if the sandbox cannot listen on 127.0.0.1, gets no random
    /// bytes, or cannot build its HTTP client.
    pub async fn start() -> Result<Self, SandboxError> {
        Self::builder().start().await
    }

    /// Returns the options of a sandbox: clock, seed, port, credentials.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }

    pub(super) async fn start_with(options: &Options) -> Result<Self, SandboxError> {
        let address = options.address.unwrap_or(Ipv4Addr::LOCALHOST.into());
        let listener = TcpListener::bind((address, options.port))
            .await
            .map_err(|error| SandboxError::start("it cannot listen on the port", error))?;
        let port = listener
            .local_addr()
            .map_err(|error| SandboxError::start("the port of its server is unknown", error))?
            .port();
        let mut allowed_hosts = options.allowed_hosts.clone();
        let host = match address {
            // A client on this machine reaches a server on all addresses by loopback.
            _ if address.is_unspecified() => Ipv4Addr::LOCALHOST.to_string(),
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        };
        allowed_hosts.push(host.clone());
        let base_url = format!("http://{host}:{port}");
        let http = webhooks::http_client(webhooks::CONNECT_TIMEOUT)?;
        let context = Arc::new(Context::new(options, base_url, http)?);
        let (stop, stopped) = oneshot::channel();
        let stopped = async {
            // Ends when the sandbox drops the sender, which it never uses.
            let _ = stopped.await;
        };
        let open = watch::Sender::new(!options.is_closed);
        let mut opened = open.subscribe();
        let served = Arc::clone(&context);
        tokio::spawn(async move {
            // Fails if the sandbox is dropped before it was opened.
            if opened.wait_for(|is_open| *is_open).await.is_ok() {
                serve_http(served, listener, port, allowed_hosts, stopped).await;
            }
        });
        Ok(Self {
            context,
            open,
            _stop: stop,
        })
    }

    #[cfg(test)]
    pub(crate) fn context_for_tests(&self) -> Arc<Context> {
        Arc::clone(&self.context)
    }

    /// Answers the connections that wait since a start with
    /// [`closed`](super::SandboxBuilder::closed). Has no effect on a sandbox that is open.
    pub fn open(&self) {
        self.open.send_replace(true);
    }

    /// Returns the base URL of the REST API, in place of `https://api.twilio.com`, such as
    /// `http://127.0.0.1:49152`. The port differs in each sandbox.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.context.base_url
    }

    /// Returns the SID of the account, which is the user name for the API. It is random for each
    /// sandbox.
    #[must_use]
    pub fn account_sid(&self) -> AccountSid {
        self.context.account_sid
    }

    /// Returns the auth token of the account: the password for the API, and the key that signs
    /// webhooks. It is random for each sandbox.
    #[must_use]
    pub fn auth_token(&self) -> &AuthToken {
        self.context.auth_token()
    }

    /// Returns the simulated phone with this number. A second call with the same number returns the
    /// same phone. Calls to a number whose phone was not added end with `no-answer`, unless
    /// [`SandboxBuilder::unknown_phones`] says otherwise.
    #[must_use]
    pub fn phone(&self, number: E164) -> Phone {
        Phone::new(Arc::clone(&self.context), number)
    }

    /// Maps a public origin, such as `https://demo.example.com`, to a server on this machine.
    /// Webhooks to the origin are signed for its public URL and sent to the server.
    ///
    /// A test can thus configure the URLs of production. Without a mapping, webhooks go only to
    /// URLs of this machine (`localhost`, `127.0.0.1`, `[::1]`). A webhook to any other host is not
    /// sent and becomes alert 11210.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::NotLoopback`] if `public_origin` is not an origin (scheme, host and
    /// port, no path), or if `server` is not a loopback address.
    pub fn map_origin(&self, public_origin: &str, server: SocketAddr) -> Result<(), SandboxError> {
        let refused = |what| Err(SandboxError::new(SandboxErrorKind::NotLoopback, what));
        let Some(url) = webhooks::parse_url(public_origin) else {
            return refused("the public origin is not an http or https URL");
        };
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return refused("the public origin contains more than scheme, host and port");
        }
        if !server.ip().is_loopback() {
            return refused("the server is not on loopback");
        }
        let origin = url.origin().ascii_serialization();
        self.context.update(|state| {
            state
                .mapped_origins
                .insert(origin, format!("http://{server}"));
        });
        Ok(())
    }

    /// Sets the timeout of phones and of [`wait_idle`](Self::wait_idle). Default 5 seconds.
    pub fn set_timeout(&self, timeout: Duration) {
        self.context.update(|state| state.timeout = timeout);
    }

    /// Sets the delay of each step of a delivery: before `sent`, and before `delivered`. Default 0.
    /// With [`ClockMode::Instant`] it passes at once.
    pub fn set_delivery_delay(&self, delay: Duration) {
        self.context.update(|state| state.delivery_delay = delay);
    }

    /// Waits until all background work is done: messages are delivered and webhooks are answered.
    /// Each call has then ended, or waits for a phone to press, speak, answer or hang up.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::Timeout`] if the work is not done in time.
    pub async fn wait_idle(&self) -> Result<(), SandboxError> {
        self.context.wait_idle().await
    }

    /// Returns the time of the sandbox's clock. It begins at this machine's time.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.context.now()
    }

    /// Moves the clock forward, by at most 100 years in all. Every timeout and scheduled time within
    /// `by` comes at its own time, in order, and its work is done before the next.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::Timeout`] if background work is not done within the sandbox's
    /// timeout, which is measured in real time.
    pub async fn advance(&self, by: Duration) -> Result<(), SandboxError> {
        self.context.advance(by).await
    }

    /// Moves the clock forward to the next timeout or scheduled time, and waits until its work is
    /// done. Returns `false` if there is none.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::Timeout`] if background work is not done within the sandbox's
    /// timeout, which is measured in real time.
    pub async fn advance_to_next(&self) -> Result<bool, SandboxError> {
        self.context.advance_to_next().await
    }

    /// Changes the passage of time. The clock keeps its time, and no timeout or scheduled time is
    /// lost. With [`ClockMode::Instant`], delays and pauses in progress end at once.
    pub fn set_clock_mode(&self, mode: ClockMode) {
        self.context.clock.set_mode(mode);
    }

    /// Returns the passage of time.
    #[must_use]
    pub fn clock_mode(&self) -> ClockMode {
        self.context.clock.mode()
    }

    /// Removes what has happened: messages, calls, recordings, conferences, queues, opt-outs, webhooks,
    /// requests, alerts and faults. Calls and deliveries in progress stop without further webhooks.
    ///
    /// The account, its numbers, TwiML Apps, Messaging Services, short codes, caller IDs and
    /// registrations stay, and so do clock, timeouts and mapped origins. A [`Phone`] stays too, without
    /// texts, and with the default behavior, line type and carrier.
    ///
    /// ```
    /// use clinspark_twilio::phone::E164;
    /// use clinspark_twilio::sandbox::Sandbox;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::start().await?;
    /// let clinic = E164::parse("+14155550100")?;
    /// sandbox.add_number(clinic);
    /// let volunteer = sandbox.phone(E164::parse("+14155550123")?);
    /// volunteer.text(clinic, "STOP").await?;
    /// assert_eq!(sandbox.messages().len(), 2);
    ///
    /// sandbox.reset().await;
    /// assert_eq!(sandbox.messages(), []);
    /// assert_eq!(sandbox.numbers().len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn reset(&self) {
        self.context.reset().await;
    }

    /// Returns every message, in order of creation.
    #[must_use]
    pub fn messages(&self) -> Vec<StoredMessage> {
        self.context
            .read(|state| state.messages.iter().cloned().collect())
    }

    /// Returns every call and every leg of a call, in order of creation.
    #[must_use]
    pub fn calls(&self) -> Vec<StoredCall> {
        self.context
            .read(|state| state.calls.iter().map(|entry| entry.call.clone()).collect())
    }

    /// Returns what was heard and pressed in a call, in order: the last 1,000 entries. Returns nothing
    /// for an unknown call. Unlike [`PhoneCall::hear`](crate::sandbox::PhoneCall::hear), it removes
    /// nothing, and it has no timeout.
    #[must_use]
    pub fn transcript(&self, call: CallSid) -> Vec<TranscriptEntry> {
        self.context.read(|state| {
            let transcript = state.call(call).map(|entry| &entry.transcript);
            transcript.into_iter().flatten().cloned().collect()
        })
    }

    /// Returns every recording, in order of creation. A deleted one has the status
    /// [`Deleted`](crate::types::RecordingStatus::Deleted).
    #[must_use]
    pub fn recordings(&self) -> Vec<StoredRecording> {
        self.context.read(|state| {
            let entries = state.recordings.iter();
            entries.map(|entry| entry.recording.clone()).collect()
        })
    }

    /// Returns every TwiML App, in order of creation.
    #[must_use]
    pub fn applications(&self) -> Vec<StoredApplication> {
        self.context.read(|state| state.applications.clone())
    }

    /// Returns every number, in the order in which they were added or bought.
    #[must_use]
    pub fn numbers(&self) -> Vec<StoredNumber> {
        self.context.read(|state| state.numbers.clone())
    }

    /// Returns the number with this SID, or `None` if the account does not own it.
    #[must_use]
    pub fn number(&self, sid: PhoneNumberSid) -> Option<StoredNumber> {
        self.context.read(|state| state.number_by_sid(sid).cloned())
    }

    /// Returns every verified caller ID, in the order in which they were verified.
    #[must_use]
    pub fn caller_ids(&self) -> Vec<StoredCallerId> {
        self.context.read(|state| state.caller_ids.clone())
    }

    /// Returns every Messaging Service, in order of creation.
    #[must_use]
    pub fn services(&self) -> Vec<StoredService> {
        self.context.read(|state| state.services.clone())
    }

    /// Returns every short code, in the order in which they were added.
    #[must_use]
    pub fn short_codes(&self) -> Vec<StoredShortCode> {
        self.context.read(|state| state.short_codes.clone())
    }

    /// Returns every webhook sent, in order of sending.
    #[must_use]
    pub fn webhooks(&self) -> Vec<SentWebhook> {
        self.context.read(|state| {
            let webhooks = state.webhooks.iter();
            webhooks.map(|(_, webhook)| webhook.clone()).collect()
        })
    }

    /// Returns the requests to the API, in order of arrival. The sandbox keeps the last 10,000 that may
    /// change something, and the last 500 readings, or fewer with
    /// [`SandboxBuilder::history_limit`]. Equal readings one after the other are one entry.
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.context
            .read(|state| state.timeline.requests().cloned().collect())
    }

    /// Returns every alert of Twilio's debugger, in order of creation.
    #[must_use]
    pub fn alerts(&self) -> Vec<Alert> {
        self.context.read(|state| {
            let alerts = state.alerts.iter();
            alerts.map(|(_, alert)| alert.clone()).collect()
        })
    }
}

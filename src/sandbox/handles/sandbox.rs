//! [`Sandbox`]: starts the server, and reads the state.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::phone::Phone;
use crate::phone::E164;
use crate::sandbox::api::http_service;
use crate::sandbox::context::Context;
use crate::sandbox::error::{SandboxError, SandboxErrorKind};
use crate::sandbox::state::{
    Alert, StoredApplication, StoredCall, StoredMessage, StoredNumber, StoredService,
    StoredShortCode, Webhook,
};
use crate::sandbox::webhooks;
use crate::types::{AccountSid, AuthToken, PhoneNumberSid};

/// A Twilio account on this machine.
///
/// It lives as long as this value: dropping it stops the server and everything under way.
pub struct Sandbox {
    pub(super) context: Arc<Context>,
    /// Held for its drop, which tells the server to stop.
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
    /// Starts an empty account on a free port of 127.0.0.1. Needs a Tokio runtime with I/O and
    /// time.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::Start`] when no port of loopback or no random bytes can be had.
    pub async fn start() -> Result<Self, SandboxError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(|error| SandboxError::start("no port of 127.0.0.1 can be had", error))?;
        let address = listener
            .local_addr()
            .map_err(|error| SandboxError::start("its port is not known", error))?;
        let context = Arc::new(Context::new(address.port(), http_client()?)?);
        let (stop, stopped) = oneshot::channel();
        let service = http_service(&context, address.port());
        tokio::spawn(async move {
            let server = axum::serve(listener, service).with_graceful_shutdown(async {
                // The sender is dropped, never used: either way it is time to stop.
                let _ = stopped.await;
            });
            // Serving ends by the shutdown alone; its result says nothing else.
            let _ = server.await;
        });
        Ok(Self {
            context,
            _stop: stop,
        })
    }

    /// Base URL of the REST API, in place of `https://api.twilio.com`: `http://127.0.0.1:` and a
    /// port.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.context.base_url
    }

    /// The account's SID, the user name of the API. Random for each sandbox.
    #[must_use]
    pub fn account_sid(&self) -> AccountSid {
        self.context.account_sid
    }

    /// The account's token, the password of the API and the key of the webhooks' signatures.
    /// Random for each sandbox.
    #[must_use]
    pub fn auth_token(&self) -> &AuthToken {
        self.context.auth_token()
    }

    /// A volunteer's phone. From now on it rings when it is called; asking again for the same
    /// number gives the same phone.
    #[must_use]
    pub fn phone(&self, number: E164) -> Phone {
        Phone::new(Arc::clone(&self.context), number)
    }

    /// Maps a public origin, such as `https://demo.example.com`, to a server on this machine:
    /// webhooks to the origin are signed for it and sent to the server.
    ///
    /// So a test configures the addresses of production. Without this, webhooks go to addresses
    /// that name this machine (`localhost`, `127.0.0.1`, `[::1]`) and to no others; one to any
    /// other host is an alert 11210.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::NotLoopback`] when `public_origin` is no origin (scheme, host and
    /// port, no path), or `server` is no address of loopback.
    pub fn map_origin(&self, public_origin: &str, server: SocketAddr) -> Result<(), SandboxError> {
        let refused = |what| Err(SandboxError::new(SandboxErrorKind::NotLoopback, what));
        let Some(url) = webhooks::parse_url(public_origin) else {
            return refused("the public origin is not a URL");
        };
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return refused("the public origin holds more than scheme, host and port");
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

    /// Waits until all background work is done: messages delivered, webhooks answered, and calls
    /// ended or waiting for a phone to press, speak, answer or hang up.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::Timeout`] when the work goes on.
    pub async fn wait_idle(&self) -> Result<(), SandboxError> {
        self.context.wait_idle().await
    }

    /// Every message, in the order of creation.
    #[must_use]
    pub fn messages(&self) -> Vec<StoredMessage> {
        self.context.read(|state| state.messages.clone())
    }

    /// Every call and every leg of one, in the order of creation.
    #[must_use]
    pub fn calls(&self) -> Vec<StoredCall> {
        self.context
            .read(|state| state.calls.iter().map(|entry| entry.call.clone()).collect())
    }

    /// Every TwiML App, in the order of creation.
    #[must_use]
    pub fn applications(&self) -> Vec<StoredApplication> {
        self.context.read(|state| state.applications.clone())
    }

    /// Every number, in the order in which the account got them.
    #[must_use]
    pub fn numbers(&self) -> Vec<StoredNumber> {
        self.context.read(|state| state.numbers.clone())
    }

    /// A number of the account.
    #[must_use]
    pub fn number(&self, sid: PhoneNumberSid) -> Option<StoredNumber> {
        self.context.read(|state| state.number_by_sid(sid).cloned())
    }

    /// Every Messaging Service, in the order of creation.
    #[must_use]
    pub fn services(&self) -> Vec<StoredService> {
        self.context.read(|state| state.services.clone())
    }

    /// Every short code, in the order of creation.
    #[must_use]
    pub fn short_codes(&self) -> Vec<StoredShortCode> {
        self.context.read(|state| state.short_codes.clone())
    }

    /// Every webhook sent, in the order of sending.
    #[must_use]
    pub fn webhooks(&self) -> Vec<Webhook> {
        self.context.read(|state| state.webhooks.clone())
    }

    /// Every alert of Twilio's debugger, in the order of creation.
    #[must_use]
    pub fn alerts(&self) -> Vec<Alert> {
        self.context.read(|state| state.alerts.clone())
    }
}

/// The client that carries webhooks: straight to this machine, whatever the environment says of
/// proxies, and never on to where a redirect points.
fn http_client() -> Result<reqwest::Client, SandboxError> {
    let loopback = [
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
    ];
    let builder = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .resolve_to_addrs("localhost", &loopback);
    // Plain HTTP needs no roots of trust, and reading the system's takes a tenth of a second.
    #[cfg(feature = "rustls")]
    let builder = builder.tls_certs_only([]);
    builder
        .build()
        .map_err(|error| SandboxError::start("its HTTP client cannot be built", error))
}

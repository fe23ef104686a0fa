//! The raw request: a method, a path, parameters or JSON, and an effect.

use std::fmt;

use http::Method;
use serde::Serialize;

use super::reach::{self, Reach};
use super::response::RawResponse;
use crate::client::engine::base_url::Host;
use crate::client::engine::form::Form;
use crate::client::engine::outcome::Effect;
use crate::client::engine::raw_path::RawPath;
use crate::client::engine::request::sealed::Operation;
use crate::client::engine::request::{Product, Request, Target};
use crate::phone::E164;

/// Request to an endpoint that has no typed request.
///
/// [`Client::execute`](crate::client::Client::execute) runs it with the same delivery guard, retry
/// rules, audit trail, redaction and limits as a typed request. Prefer the typed request where
/// there is one: it also checks its parameters.
///
/// ```no_run
/// use clinspark_twilio::client::{Client, Error, Host, RawRequest};
///
/// #[derive(serde::Deserialize)]
/// struct Address {
///     sid: String,
/// }
///
/// # async fn example(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
/// let create = RawRequest::post(Host::Api, "/2010-04-01/Accounts/{AccountSid}/Addresses.json")
///     .name("CreateAddress") // in logs
///     .param("CustomerName", "Clinic")
///     .param("Street", "1 Main Street")
///     .param("City", "Springfield")
///     .param("Region", "IL")
///     .param("PostalCode", "62701")
///     .param("IsoCountry", "US");
/// let address: Address = client.execute(create).await?.read()?;
/// println!("{}", address.sid);
/// # Ok(())
/// # }
/// ```
///
/// # Path
///
/// The path begins after the host and contains the version, such as `/v2/Services`. `{AccountSid}`
/// stands for the client's account. Write each segment unencoded, because the client encodes it.
///
/// The client refuses a path with a query, a fragment, a percent sign, a backslash, a semicolon, a
/// control character, an empty segment, or a segment of dots. It refuses a path with another
/// account: use [`Client::for_account`](crate::client::Client::for_account). A `GET` may have the
/// SID of a sub-account as its last segment. On [`Host::Api`] the path must end in `.json`.
///
/// # Delivery
///
/// Without [`Delivery::Live`](crate::client::Delivery::Live), the client refuses each `POST`
/// that may text or call a person. A `POST` passes in three cases only:
///
/// - Its path is in the crate's table of paths that reach no one, such as those of TwiML Apps,
///   Messaging Services and recordings.
/// - It sends one message or places one call by the 2010 API, as a form with parameters that the
///   crate knows, and `Delivery` permits `To` and the people in `Twiml`.
/// - It updates a call by the 2010 API in the same way, and `Delivery` permits the people in
///   `Twiml`.
///
/// The client that a messenger hands out also refuses requests that buy, release or transfer a
/// number, or change an auth token or API key.
///
/// # Effect
///
/// | Method | Effect | Retries |
/// |---|---|---|
/// | `GET` | [`Read`](Effect::Read) | as a read |
/// | `DELETE` | [`Update`](Effect::Update) | as an update |
/// | `POST` | [`Create`](Effect::Create) | only if it was provably not sent, or after status 429 |
///
/// [`effect`](Self::effect) declares another effect. A `POST` that may reach a person stays a
/// create, whatever it declares.
#[derive(Clone, PartialEq, Eq)]
#[must_use = "a request does nothing until `Client::execute` runs it"]
pub struct RawRequest {
    method: Method,
    path: RawPath,
    effect: Effect,
    form: Form,
    /// Name in logs, set by the caller.
    name: Option<&'static str>,
}

impl RawRequest {
    /// Creates a request that reads: a `GET`. Its parameters are sent in the query.
    pub fn get(host: Host, path: impl AsRef<str>) -> Self {
        Self::new(Method::GET, Effect::Read, host, path.as_ref())
    }

    /// Creates a request that creates, updates or triggers: a `POST`. Its parameters are sent as a
    /// form.
    pub fn post(host: Host, path: impl AsRef<str>) -> Self {
        Self::new(Method::POST, Effect::Create, host, path.as_ref())
    }

    /// Creates a request that deletes: a `DELETE`. Its parameters are sent in the query.
    pub fn delete(host: Host, path: impl AsRef<str>) -> Self {
        Self::new(Method::DELETE, Effect::Update, host, path.as_ref())
    }

    fn new(method: Method, effect: Effect, host: Host, path: &str) -> Self {
        Self {
            method,
            path: RawPath::new(host, path),
            effect,
            form: Form::default(),
            name: None,
        }
    }

    /// Adds a parameter, in Twilio's spelling. Add a list parameter once for each value.
    ///
    /// The client refuses a name with other characters than letters, digits and dots, a name that
    /// is given twice in different case, and a second `To`.
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        // Known parameters are checked as those of typed requests, so that the guard can rely on
        // them.
        match reach::known_parameter(&name) {
            Some(known) => self.form.add_checked(known, value.into()),
            None => self.form.add_extra(name, value.into()),
        }
        self
    }

    /// Sets the body of a `POST` to JSON. Parameters are then sent in the query.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        match serde_json::to_string(body) {
            Ok(json) => self.form.set_json(json),
            Err(_) => self.form.fault("json", "cannot be written as JSON"),
        }
        self
    }

    /// Declares the effect of the request at Twilio, which determines its retries.
    ///
    /// Declare [`Update`](Effect::Update) for a `POST` only if two of them leave the same state as
    /// one.
    pub const fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// Sets the name of the request in errors, traces and the audit trail, such as
    /// `CreateAddress`. Default: `RawRequest::post`, by the method.
    ///
    /// The name is part of the program, so it holds no value of a request.
    pub const fn name(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// Sets the maximum number of retries; 0 for none. It lowers the limit of the client's
    /// [`RetryPolicy`](crate::client::RetryPolicy) and cannot raise it.
    pub fn retries(mut self, at_most: u32) -> Self {
        self.form.narrow_retries(at_most);
        self
    }

    fn reach(&self) -> Reach {
        if self.method == Method::POST {
            Reach::of_post(&self.path)
        } else {
            Reach::NoOne
        }
    }
}

impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A path can contain phone numbers, and the caller chooses the names of the parameters.
        f.debug_struct("RawRequest")
            .field("name", &Operation::name(self))
            .field("method", &self.method)
            .field("host", &self.path.host())
            .field("effect", &Operation::effect(self))
            .finish_non_exhaustive()
    }
}

impl Request for RawRequest {
    type Output = RawResponse;
}

impl Operation for RawRequest {
    type Reads = RawResponse;

    fn name(&self) -> &'static str {
        let by_method = match self.method {
            Method::GET => "RawRequest::get",
            Method::DELETE => "RawRequest::delete",
            _ => "RawRequest::post",
        };
        self.name.unwrap_or(by_method)
    }

    fn product(&self) -> Product {
        Product::Raw {
            host: self.path.host(),
            names_account: self.path.names_account(),
        }
    }

    fn method(&self) -> Method {
        self.method.clone()
    }

    fn effect(&self) -> Effect {
        // A declared effect may make a request safer to repeat, which a text or a call never is.
        match self.reach() {
            Reach::NoOne => self.effect,
            _ => Effect::Create,
        }
    }

    fn target(&self) -> Target {
        Target::Raw(self.path.clone())
    }

    fn form(&self) -> Form {
        let mut form = self.form.clone();
        if let Some(fault) = self.path.fault() {
            form.fault("path", fault);
        }
        if form.json().is_some() && self.method != Method::POST {
            form.fault("json", "needs a POST");
        }
        // Twilio takes one of them, and the guard and the response are about one person.
        if form.count("To") > 1 {
            form.fault("To", "is given twice: a request has one recipient");
        }
        form.check_extras_of("param", &[]);
        form
    }

    fn reaches(&self) -> Vec<Option<E164>> {
        self.reach().people(&self.form)
    }

    fn unknown_people(&self) -> Option<&'static str> {
        self.reach().unknown_people(&self.form)
    }

    fn is_reserved(&self) -> bool {
        self.method != Method::GET && reach::is_reserved(&self.method, &self.path, &self.form)
    }

    fn retries(&self) -> Option<u32> {
        self.form.retries()
    }
}

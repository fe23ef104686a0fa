//! Instructions for an answered call: inline TwiML, a URL or a TwiML App.

use super::twiml_analysis;
use crate::client::engine::form::Form;
use crate::client::engine::guard::Reaches;
use crate::client::engine::request::{Argument, parameter_setter};
use crate::phone::E164;
use crate::twiml::{CallEvent, VoiceResponse};
use crate::types::{ApplicationSid, Method, Redacted};

/// Twilio's limit for inline TwiML.
const MAX_TWIML_CHARACTERS: usize = 4_000;

/// Instructions for an answered call: TwiML, a URL or a TwiML App.
///
/// Status callbacks can be set on [`InlineTwiml`] and [`TwimlUrl`] only. With a TwiML App, Twilio
/// uses the status callback of the app.
///
/// ```
/// use clinspark_twilio::client::calls::{Instructions, TwimlUrl};
/// use clinspark_twilio::twiml::{Say, VoiceResponse};
/// use clinspark_twilio::types::ApplicationSid;
///
/// let inline = Instructions::from(VoiceResponse::new().append(Say::new("Good morning.")));
/// let url = Instructions::from(TwimlUrl::new("https://clinic.example/twilio/menu"));
/// let app = ApplicationSid::parse("AP00000000000000000000000000000001")?;
/// assert!(matches!(inline, Instructions::Twiml(_)));
/// assert!(matches!(url, Instructions::Url(_)));
/// assert!(matches!(Instructions::from(app), Instructions::Application(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Instructions {
    /// TwiML in the request, at most 4,000 characters.
    Twiml(InlineTwiml),
    /// URL that Twilio requests for TwiML.
    Url(TwimlUrl),
    /// TwiML App, whose voice URL Twilio requests.
    Application(ApplicationSid),
}

impl From<VoiceResponse> for Instructions {
    fn from(twiml: VoiceResponse) -> Self {
        Self::Twiml(InlineTwiml::new(&twiml))
    }
}

impl From<InlineTwiml> for Instructions {
    fn from(twiml: InlineTwiml) -> Self {
        Self::Twiml(twiml)
    }
}

impl From<TwimlUrl> for Instructions {
    fn from(url: TwimlUrl) -> Self {
        Self::Url(url)
    }
}

impl From<ApplicationSid> for Instructions {
    fn from(application: ApplicationSid) -> Self {
        Self::Application(application)
    }
}

impl Instructions {
    /// URL of the status callback, where one is set.
    pub(crate) fn callback(&self) -> Option<&str> {
        match self {
            Self::Twiml(twiml) => twiml.options.value("StatusCallback"),
            Self::Url(url) => url.options.value("StatusCallback"),
            Self::Application(_) => None,
        }
    }

    /// URL of the fallback instructions, where one is set.
    pub(super) fn fallback_url(&self) -> Option<&str> {
        match self {
            Self::Url(url) => url.options.value("FallbackUrl"),
            Self::Twiml(_) | Self::Application(_) => None,
        }
    }

    pub(super) fn with_status_callback(self, url: String) -> Self {
        match self {
            Self::Twiml(twiml) => Self::Twiml(twiml.with_status_callback(url)),
            Self::Url(twiml) => Self::Url(twiml.with_status_callback(url)),
            Self::Application(application) => Self::Application(application),
        }
    }
}

/// Telephone numbers that the inline TwiML dials or texts.
impl Reaches for Instructions {
    fn people(&self) -> Vec<Option<E164>> {
        match self {
            Self::Twiml(twiml) => twiml.people(),
            // The TwiML behind a URL is not known before the call.
            Self::Url(_) | Self::Application(_) => Vec::new(),
        }
    }
}

impl Argument for Instructions {
    const NAMES: &'static [&'static str] = &[
        "Twiml",
        "Url",
        "ApplicationSid",
        "Method",
        "FallbackUrl",
        "FallbackMethod",
        "StatusCallback",
        "StatusCallbackMethod",
        "StatusCallbackEvent",
    ];

    fn write(&self, form: &mut Form) {
        match self {
            Self::Twiml(twiml) => twiml.write(form),
            Self::Url(url) => url.write(form),
            Self::Application(application) => form.set("ApplicationSid", application.as_str()),
        }
    }
}

impl InlineTwiml {
    /// Returns the people whom the TwiML reaches, besides the callee of a new call.
    pub(in crate::client) fn people(&self) -> Vec<Option<E164>> {
        twiml_analysis::reached_numbers(self.twiml.expose())
    }

    /// Returns the people whom the TwiML reaches in a call in progress, whose parties the client
    /// does not know.
    pub(in crate::client) fn people_in_progress(&self) -> Vec<Option<E164>> {
        let mut people = self.people();
        if twiml_analysis::texts_other_party(self.twiml.expose()) {
            people.push(None);
        }
        people
    }

    pub(super) fn write(&self, form: &mut Form) {
        let Self { twiml, options } = self;
        form.set("Twiml", twiml.expose());
        if twiml.expose().trim().is_empty() {
            form.fault("Twiml", "is empty");
        }
        // Twilio counts characters, not bytes.
        if twiml.expose().chars().count() > MAX_TWIML_CHARACTERS {
            form.fault("Twiml", "is over 4000 characters: serve it from a URL");
        }
        if twiml_analysis::has_relative_url(self.twiml.expose()) {
            form.fault(
                "Twiml",
                "has a relative URL: inline TwiML needs absolute URLs",
            );
        }
        form.append(options);
    }
}

impl TwimlUrl {
    pub(super) fn write(&self, form: &mut Form) {
        form.set_url("Url", self.url.expose().clone());
        form.append(&self.options);
    }
}

/// TwiML in the request. It can contain personal data, so `Debug` hides it.
///
/// ```
/// use clinspark_twilio::client::calls::{CallEvent, InlineTwiml, PlaceCall};
/// use clinspark_twilio::twiml::{Say, VoiceResponse};
/// # use clinspark_twilio::phone::E164;
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::client::{Client, Credentials, Delivery};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let volunteer = E164::parse("+14155550123")?;
/// # let clinic = E164::parse("+14155550100")?;
/// # let transport = FakeTransport::new()
/// #     .reply(Reply::json(201, r#"{"sid": "CA00000000000000000000000000000001"}"#));
/// # let client = Client::builder(credentials, Delivery::Live)
/// #     .with_transport(transport.clone())
/// #     .build()?;
///
/// let reminder = VoiceResponse::new().append(Say::new("Your visit is tomorrow at nine."));
/// let reminder = InlineTwiml::new(&reminder)
///     .status_callback("https://clinic.example/twilio/call-status?call=17")
///     .status_callback_event(CallEvent::Completed);
/// assert!(!format!("{reminder:?}").contains("visit"));
/// client.execute(PlaceCall::new(volunteer, clinic, reminder)).await?;
/// # assert_eq!(transport.replies_left(), 0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct InlineTwiml {
    twiml: Redacted<String>,
    options: Form,
}

impl InlineTwiml {
    /// Creates inline TwiML without status callbacks.
    pub fn new(twiml: &VoiceResponse) -> Self {
        Self::from_xml(twiml.to_xml())
    }

    /// Creates inline TwiML from XML text, such as from a file.
    pub fn from_xml(xml: impl Into<String>) -> Self {
        Self {
            twiml: Redacted::new(xml.into()),
            options: Form::default(),
        }
    }
}

/// URL that Twilio requests for TwiML once the call is answered.
///
/// ```
/// use clinspark_twilio::client::calls::{PlaceCall, TwimlUrl};
/// # use clinspark_twilio::phone::E164;
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::client::{Client, Credentials, Delivery};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let volunteer = E164::parse("+14155550123")?;
/// # let clinic = E164::parse("+14155550100")?;
/// # let transport = FakeTransport::new()
/// #     .reply(Reply::json(201, r#"{"sid": "CA00000000000000000000000000000001"}"#));
/// # let client = Client::builder(credentials, Delivery::Live)
/// #     .with_transport(transport.clone())
/// #     .build()?;
///
/// let menu = TwimlUrl::new("https://clinic.example/twilio/menu?call=17")
///     .fallback_url("https://standby.clinic.example/twilio/menu?call=17");
/// client.execute(PlaceCall::new(volunteer, clinic, menu)).await?;
///
/// // A number in the URL would be written into access logs.
/// let menu = TwimlUrl::new("https://clinic.example/twilio/menu?to=%2B14155550123");
/// let error = client.execute(PlaceCall::new(volunteer, clinic, menu)).await.unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "PlaceCall: Url must not contain a phone number: use an id of your own; nothing was sent"
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct TwimlUrl {
    url: Redacted<String>,
    options: Form,
}

impl TwimlUrl {
    /// Creates a TwiML URL. It must be an absolute `https` or `http` URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: Redacted::new(url.into()),
            options: Form::default(),
        }
    }

    parameter_setter! {
        /// HTTP method for the URL. Default `POST`.
        method = "Method": word(Method)
    }
    parameter_setter! {
        /// URL that Twilio requests when the first URL fails or returns invalid TwiML.
        fallback_url = "FallbackUrl": url
    }
    parameter_setter! {
        /// HTTP method for `fallback_url`. Default `POST`.
        fallback_method = "FallbackMethod": word(Method)
    }
}

/// Declares the setters of status callbacks for [`InlineTwiml`] and [`TwimlUrl`].
macro_rules! status_callback_setters {
    ($($name:ident),+) => {$(
        impl $name {
            parameter_setter! {
                /// URL that receives the call's progress.
                ///
                /// Put your own ID for the call into its query. The callback then identifies the
                /// call even if the response to this request is lost.
                status_callback = "StatusCallback": url
            }
            parameter_setter! {
                /// HTTP method for `status_callback`. Default `POST`.
                status_callback_method = "StatusCallbackMethod": word(Method)
            }
            parameter_setter! {
                /// Event to report. Call once for each event. Default: the end of the call only.
                status_callback_event = "StatusCallbackEvent": each_word(CallEvent)
            }

            fn with_status_callback(self, url: String) -> Self {
                // Without events Twilio would report the end of the call only.
                let events = if self.options.has("StatusCallbackEvent") {
                    &[]
                } else {
                    CallEvent::ALL
                };
                let with_events = events
                    .iter()
                    .fold(self, |all, event| all.status_callback_event(*event));
                with_events.status_callback(url)
            }
        }
    )+};
}

status_callback_setters!(InlineTwiml, TwimlUrl);

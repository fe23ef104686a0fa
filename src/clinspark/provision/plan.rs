//! Plan of a set-up: all changes, determined before the first is made.

use std::fmt;

use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use super::error::{Cause, SetupError};
use crate::client::applications::Application;
use crate::client::numbers::IncomingPhoneNumber;
use crate::clinspark::settings::{CLINSPARK_DOMAIN, Setting, Settings, is_below_clinspark};
use crate::messenger::connection_overrides;
use crate::phone::E164;
use crate::types::{AccountSid, ApplicationSid, MessagingServiceSid, PhoneNumberSid, redacted_url};
use crate::webhook::{PublicOrigin, body_sha256};

use super::read;
use super::state::{self, AppState, Binding, Urls};
use super::target::Target;

/// Changes that [`Setup::apply`](super::Setup::apply) will make, in order.
///
/// Print the plan before you apply it. `Display` names every app, number and service that will be
/// changed, and each setting with its value before and after. Numbers are masked. User name,
/// password and query of URLs are left out.
///
/// The serialised form is for scripts that read the plan: account, origin, app, number's SID, steps
/// and notes. It contains what `Display` writes, and no plan can be read from it.
///
/// ```
/// use clinspark_twilio::clinspark::{Action, Settings, Setup};
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
///
/// let settings = Settings::builder()
///     .domain("demo")
///     .account_sid("AC00000000000000000000000000000001")
///     .auth_token("the-auth-token")
///     .number("+14155550100")
///     .voice_path("/hooks/voice")
///     .call_status_path("/hooks/call-status")
///     .message_path("/hooks/message")
///     .message_status_path("/hooks/message-status")
///     .delivery("live")
///     .build()?;
/// # let transport = FakeTransport::new()
/// #     .reply(Reply::json(200, r#"{"incoming_phone_numbers": [{
/// #         "sid": "PN00000000000000000000000000000001", "phone_number": "+14155550100"
/// #     }]}"#))
/// #     .reply(Reply::json(200, r#"{"applications": []}"#));
/// # use clinspark_twilio::messenger::WithoutConsentGate;
/// # let messenger = settings.messenger_builder(WithoutConsentGate).with_transport(transport).build()?;
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
///
/// // The account owns the number and has no TwiML App.
/// let plan = Setup::new(&settings, messenger.client()).plan().await?;
/// let actions: Vec<_> = plan.steps().iter().map(|step| step.action()).collect();
/// assert_eq!(actions, [Action::CreateApplication, Action::BindNumber]);
/// assert!(plan.to_string().contains("VoiceUrl"));
/// assert_eq!(serde_json::to_value(&plan)?["steps"][0]["action"], "create-application");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub(super) account: AccountSid,
    pub(super) origin: String,
    /// `None` if the plan creates the app.
    pub(super) application: Option<ApplicationSid>,
    /// `true` if the app has the name that set-up gives to the instance's app.
    pub(super) has_instance_name: bool,
    pub(super) number: PhoneNumberSid,
    pub(super) steps: Vec<Step>,
    notes: Vec<String>,
}

/// Change in a plan. Its serialised form is its action and its description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step(pub(super) Change);

/// Action of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// Creates a `TwiML` App for the instance.
    CreateApplication,
    /// Sets the URLs of a `TwiML` App to the instance's.
    UpdateApplication,
    /// Binds the number to the app, for voice and for messaging.
    BindNumber,
    /// Lets the Messaging Service defer to the sender's webhook.
    DeferService,
}

impl Action {
    /// Returns the name of the action, such as `create-application`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateApplication => "create-application",
            Self::UpdateApplication => "update-application",
            Self::BindNumber => "bind-number",
            Self::DeferService => "defer-service",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Action {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Create {
        name: String,
        to: AppState,
    },
    Update {
        sid: ApplicationSid,
        from: AppState,
        to: AppState,
    },
    Bind {
        sid: PhoneNumberSid,
        number: E164,
        from: Binding,
    },
    Defer {
        sid: MessagingServiceSid,
        /// Current destination of replies, redacted.
        from: String,
    },
}

impl Plan {
    /// Returns the changes, in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Returns `true` if the plan has no change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Returns notes for a person to check. Set-up does not change what they describe, and it may
    /// prevent webhooks from reaching the instance.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Returns the `TwiML` App. `None` if the plan creates it.
    #[must_use]
    pub const fn application(&self) -> Option<ApplicationSid> {
        self.application
    }
}

impl Step {
    /// Returns the action of the step.
    #[must_use]
    pub const fn action(&self) -> Action {
        match &self.0 {
            Change::Create { .. } => Action::CreateApplication,
            Change::Update { .. } => Action::UpdateApplication,
            Change::Bind { .. } => Action::BindNumber,
            Change::Defer { .. } => Action::DeferService,
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            account, origin, ..
        } = self;
        if self.is_empty() {
            write!(f, "nothing to do for {origin} in account {account}")?;
        } else {
            write!(f, "plan for {origin} in account {account}:")?;
        }
        for (index, step) in self.steps.iter().enumerate() {
            write!(f, "\n{:>3}. {step}", index + 1)?;
        }
        for note in &self.notes {
            write!(f, "\n  note: {note}")?;
        }
        Ok(())
    }
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut plan = serializer.serialize_struct("Plan", 6)?;
        plan.serialize_field("account", &self.account)?;
        plan.serialize_field("origin", &self.origin)?;
        plan.serialize_field("application", &self.application)?;
        plan.serialize_field("number", &self.number)?;
        plan.serialize_field("steps", &self.steps)?;
        plan.serialize_field("notes", &self.notes)?;
        plan.end()
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut step = serializer.serialize_struct("Step", 2)?;
        step.serialize_field("action", &self.action())?;
        step.serialize_field("description", &self.to_string())?;
        step.end()
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = |f: &mut fmt::Formatter<'_>, from: &AppState, to: &AppState| {
            from.changes(to)
                .try_for_each(|(name, from, to)| write!(f, "\n       {name}: {from} -> {to}"))
        };
        match &self.0 {
            Change::Create { name, to } => {
                write!(f, "create the TwiML App \"{name}\"")?;
                rows(f, &AppState::default(), to)
            }
            Change::Update { sid, from, to } => {
                write!(f, "change the TwiML App {sid}")?;
                rows(f, from, to)
            }
            Change::Bind { number, from, .. } => write!(
                f,
                "bind the number {} to the TwiML App for voice and messaging (now {from})",
                number.masked()
            ),
            Change::Defer { sid, from } => write!(
                f,
                "let the Messaging Service {sid} defer to the sender's webhook (now replies \
                 {from})"
            ),
        }
    }
}

const IN_USE: &str = "the TwiML App that is to be changed is also used by other numbers; set \
                      application_sid to one that is not in use, or leave it out to have one created";

const ON_TRUNK: &str = "a SIP trunk receives the number's calls, and Twilio removes the number from it \
                        when a TwiML App is bound; remove the number from the trunk in Twilio's \
                        console if the instance is to receive its calls, and run set-up again";

/// Reads the account and compares it with the settings. `known` is the app that this run has just
/// created, because a list may not show it yet.
pub(super) async fn make(
    target: &Target<'_>,
    known: Option<ApplicationSid>,
) -> Result<Plan, SetupError> {
    let Target { settings, client } = target;
    if client.account_sid() != settings.account_sid() {
        return Err(Cause::Account("the client is for another account than the settings; use a client of the settings' account").into());
    }
    let (urls, number) = wanted(settings)?;
    let wanted = AppState::wanted(&urls);
    let origin = settings.origin();
    let mut notes = Vec::from_iter(foreign_domain_note(origin.host()));
    // The number is read first, because it shows whether the account is the right one.
    let owned = read::number(client, number).await?;
    notes.extend(fax_note(&owned));

    let mut steps = Vec::new();
    let found = match known.or(settings.application_sid()) {
        Some(sid) => Some(read::application(client, sid).await?),
        None => find(target, &wanted, &mut steps, &mut notes).await?,
    };
    let application = found.as_ref().map(|app| app.sid);
    let name = friendly_name(origin);
    let has_instance_name = found.as_ref().is_some_and(|app| read::is_named(app, &name));
    if let Some(app) = found {
        let from = AppState::of(&app);
        let to = wanted.keeping_instance_urls(&from, origin);
        if from != to {
            let sid = app.sid;
            // Otherwise this instance would also answer the calls and messages of another number.
            if !from.has_same_webhooks(&to)
                && read::is_bound_to_another(client, sid, Some(owned.sid)).await?
            {
                return Err(Cause::Account(IN_USE).into());
            }
            steps.push(Step(Change::Update { sid, from, to }));
        }
    }
    let from = Binding::of(&owned);
    if application.is_none_or(|application| from != Binding::to(application)) {
        // The trunk may belong to a telephone system, which would lose the number's calls.
        if is_on_trunk(&owned) {
            return Err(Cause::Account(ON_TRUNK).into());
        }
        let sid = owned.sid;
        steps.push(Step(Change::Bind { sid, number, from }));
    }
    if let Some(sid) = settings.messaging_service_sid() {
        let service = read::service(client, sid).await?;
        if !state::defers(&service) && !state::receives_replies_at(&service, &urls.message) {
            if read::has_other_numbers(client, sid, owned.sid).await? {
                notes.push(other_senders_note(sid));
            }
            let url = service.inbound_request_url.as_ref();
            let from = url.map_or("are dropped".to_owned(), |url| {
                format!("go to {}", redacted_url(url.as_str()))
            });
            steps.push(Step(Change::Defer { sid, from }));
        }
    }
    Ok(Plan {
        account: settings.account_sid(),
        origin: origin.as_str().to_owned(),
        application,
        has_instance_name,
        number: owned.sid,
        steps,
        notes,
    })
}

/// Returns the instance's app if the settings have no Application SID, or adds the step that
/// creates one.
async fn find(
    target: &Target<'_>,
    wanted: &AppState,
    steps: &mut Vec<Step>,
    notes: &mut Vec<String>,
) -> Result<Option<Application>, SetupError> {
    let origin = target.settings.origin();
    let name = friendly_name(origin);
    let apps = read::applications(target.client, &name, wanted, origin).await?;
    notes.extend(apps.duplicates.iter().map(|sid| {
        format!(
            "the TwiML App {sid} also sends webhooks to this instance; set-up does not change it"
        )
    }));
    if apps.own.is_none() {
        let to = wanted.clone();
        steps.push(Step(Change::Create { name, to }));
    }
    Ok(apps.own)
}

/// Returns the webhook URLs of the settings, and the number of the instance.
fn wanted(settings: &Settings) -> Result<(Urls, E164), SetupError> {
    let paths = settings.webhook_paths();
    let url = |path: &Option<String>| {
        connection_overrides::with_default_retries(
            &settings.origin().url(path.as_deref().unwrap_or_default()),
        )
    };
    let urls = Urls {
        voice: url(&paths.voice),
        call_status: url(&paths.call_status),
        message: url(&paths.message),
        message_status: url(&paths.message_status),
    };
    let mut missing = settings.missing_paths();
    let number = settings.number();
    if number.is_none() {
        missing.push(Setting::Number);
    }
    match number {
        Some(number) if missing.is_empty() => Ok((urls, number)),
        _ => Err(Cause::Missing(missing).into()),
    }
}

/// Returns a note on a setting that keeps calls from the app although the number is bound to it.
fn fax_note(number: &IncomingPhoneNumber) -> Option<String> {
    (number.voice_receive_mode.as_deref() == Some("fax"))
        .then(|| "the number receives faxes instead of calls; set it to voice".to_owned())
}

/// Returns `true` if binding the number to an app would remove it from a SIP trunk.
///
/// Source: <https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource>
fn is_on_trunk(number: &IncomingPhoneNumber) -> bool {
    number
        .trunk_sid
        .as_deref()
        .is_some_and(|sid| !sid.is_empty())
}

/// Returns a note on a domain outside ClinSpark's, which may be correct or a typing error.
fn foreign_domain_note(host: &str) -> Option<String> {
    (!is_below_clinspark(host)).then(|| {
        format!(
            "{host} is not below {CLINSPARK_DOMAIN}; check that it is the instance's own domain"
        )
    })
}

fn other_senders_note(service: MessagingServiceSid) -> String {
    format!(
        "the Messaging Service {service} has other senders; replies to them will go to their own \
         webhooks"
    )
}

/// Returns the name of the instance's app, by which a second run finds it. It has at most 64
/// characters, which is Twilio's limit. The end of a longer host is replaced by a hash, so that two
/// hosts never have the same name.
fn friendly_name(origin: &PublicOrigin) -> String {
    const MAX_HOST: usize = 64 - "ClinSpark ".len();
    let host = match origin.port() {
        Some(port) => format!("{}:{port}", origin.host()),
        None => origin.host().to_owned(),
    };
    if host.len() <= MAX_HOST {
        return format!("ClinSpark {host}");
    }
    let hash = body_sha256(host.as_bytes());
    let (head, tail) = (host.chars().take(MAX_HOST - 17), hash.chars().take(16));
    let short: String = head.chain(['~']).chain(tail).collect();
    format!("ClinSpark {short}")
}

//! The guide's steps that the API can do: the `TwiML` App and the number's binding to it.

use crate::client::Client;
use crate::client::WebhookUrl;
use crate::client::applications::{
    Application, CreateApplication, FetchApplication, ListApplications, UpdateApplication,
};
use crate::client::numbers::{IncomingPhoneNumber, ListPhoneNumbers, UpdatePhoneNumber};
use crate::phone::{Address, E164};
use crate::types::{ApplicationSid, Method, PhoneNumberSid, Redacted};
use crate::webhook::body_sha256;

use super::error::{Cause, Error};
use super::settings::{Setting, Settings};

/// Sets the account up for an instance.
///
/// ```no_run
/// use clinspark_twilio::clinspark::{Messenger, Settings, Setup};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let messenger = Messenger::new(Settings::from_env()?)?;
/// let done = Setup::new(messenger.settings(), messenger.client()).provision().await?;
/// println!("Application SID for ClinSpark's settings: {}", done.application);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Setup<'a> {
    settings: &'a Settings,
    client: &'a Client,
}

/// What the account looks like after [`Setup::provision`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Provisioned {
    /// The `TwiML` App: ClinSpark's Application SID.
    pub application: ApplicationSid,
    /// The number that is bound to it, for voice and for messaging.
    pub number: PhoneNumberSid,
    /// Whether the app was made anew, rather than re-purposed or found right.
    pub created: bool,
    /// Whether anything had to be changed. Run twice, the second time changes nothing.
    pub changed: bool,
}

impl<'a> Setup<'a> {
    /// For this instance, through this client.
    #[must_use]
    pub const fn new(settings: &'a Settings, client: &'a Client) -> Self {
        Self { settings, client }
    }

    /// Creates the `TwiML` App, or re-purposes the one that the settings name, points its URLs at
    /// the instance, and binds the number to it for voice **and** messaging.
    ///
    /// It touches that app and that number and nothing else, buys nothing, and changes only what
    /// is not right yet: broken off, it may be run again.
    ///
    /// # Errors
    ///
    /// `Setting` when a webhook path or the number is not set: paths differ between instances and
    /// are never guessed. `Account` when the account does not own the number, or holds two apps
    /// named for the instance. `Client` for the rest.
    pub async fn provision(&self) -> Result<Provisioned, Error> {
        let (wanted, number) = self.wanted()?;
        // Looked up before anything is changed: a wrong account changes nothing.
        let number = self.find_number(number).await?;
        let (application, app_change) = self.put_application(&wanted).await?;

        let bound = number.voice_application_sid == Some(application)
            && number.sms_application_sid == Some(application);
        if !bound {
            let bind = UpdatePhoneNumber::new(number.sid)
                .voice_application_sid(application)
                .sms_application_sid(application);
            self.client.execute(bind).await?;
        }
        Ok(Provisioned {
            application,
            number: number.sid,
            created: app_change == Change::Created,
            changed: app_change != Change::None || !bound,
        })
    }

    /// The URLs that the instance's settings ask for, and its number.
    fn wanted(&self) -> Result<(Wanted, E164), Error> {
        let paths = self.settings.paths();
        let mut missing = Vec::new();
        let mut url = |path: &Option<String>, setting| {
            if path.is_none() {
                missing.push(setting);
            }
            self.settings
                .origin()
                .url(path.as_deref().unwrap_or_default())
        };
        let wanted = Wanted {
            friendly_name: friendly_name(self.settings.origin().host()),
            voice_url: url(&paths.voice, Setting::VoicePath),
            status_callback: url(&paths.call_status, Setting::CallStatusPath),
            sms_url: url(&paths.message, Setting::MessagePath),
            message_status_callback: url(&paths.message_status, Setting::MessageStatusPath),
        };
        let number = self.settings.number();
        if number.is_none() {
            missing.push(Setting::Number);
        }
        match number {
            Some(number) if missing.is_empty() => Ok((wanted, number)),
            _ => Err(Cause::Missing(missing).into()),
        }
    }

    async fn find_number(&self, number: E164) -> Result<IncomingPhoneNumber, Error> {
        let found = self
            .client
            .execute(ListPhoneNumbers::new().phone_number(number))
            .await?;
        // The filter matches parts of numbers too.
        found
            .items
            .into_iter()
            .find(|owned| owned.phone_number == Some(Address::from(number)))
            .ok_or_else(|| Cause::Account("the account does not own the instance's number").into())
    }

    async fn put_application(&self, wanted: &Wanted) -> Result<(ApplicationSid, Change), Error> {
        let Some(current) = self.current_application(wanted).await? else {
            let created = wanted.create();
            return Ok((self.client.execute(created).await?.sid, Change::Created));
        };
        if wanted.is_met_by(&current) {
            return Ok((current.sid, Change::None));
        }
        self.client.execute(wanted.update(current.sid)).await?;
        Ok((current.sid, Change::Updated))
    }

    /// The app that the settings name, else the one that an earlier run made for the instance.
    async fn current_application(&self, wanted: &Wanted) -> Result<Option<Application>, Error> {
        if let Some(sid) = self.settings.application_sid() {
            let fetched = self.client.execute(FetchApplication::new(sid)).await;
            return fetched.map(Some).map_err(|error| match error.status() {
                Some(http::StatusCode::NOT_FOUND) => Cause::NoApplication(error).into(),
                _ => error.into(),
            });
        }
        let listed = ListApplications::new().friendly_name(&wanted.friendly_name);
        let listed = self.client.execute(listed).await?.items.into_iter();
        // Overwriting another instance's app is worse than making one too many.
        let mut named = listed.filter(|app| {
            let name = app.friendly_name.as_ref().map(Redacted::expose);
            name == Some(&wanted.friendly_name)
        });
        let first = named.next();
        if named.next().is_some() {
            return Err(Cause::Account(
                "several TwiML Apps are named for this instance; set application_sid to the right one",
            )
            .into());
        }
        Ok(first)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    None,
    Updated,
    Created,
}

/// The app as the instance needs it. All webhooks are POST: the refusal of other methods is part
/// of believing them.
struct Wanted {
    friendly_name: String,
    voice_url: String,
    status_callback: String,
    sms_url: String,
    message_status_callback: String,
}

impl Wanted {
    fn create(&self) -> CreateApplication {
        CreateApplication::new()
            .friendly_name(&self.friendly_name)
            .voice_url(&self.voice_url)
            .voice_method(Method::Post)
            .status_callback(&self.status_callback)
            .status_callback_method(Method::Post)
            .sms_url(&self.sms_url)
            .sms_method(Method::Post)
            .message_status_callback(&self.message_status_callback)
    }

    /// What an earlier owner left in the app goes: a webhook that fails would hand a volunteer's
    /// words to the old fallback.
    fn update(&self, sid: ApplicationSid) -> UpdateApplication {
        UpdateApplication::new(sid)
            .voice_fallback_url("")
            .sms_fallback_url("")
            .sms_status_callback("")
            .public_application_connect_enabled(false)
            .voice_url(&self.voice_url)
            .voice_method(Method::Post)
            .status_callback(&self.status_callback)
            .status_callback_method(Method::Post)
            .sms_url(&self.sms_url)
            .sms_method(Method::Post)
            .message_status_callback(&self.message_status_callback)
    }

    fn is_met_by(&self, app: &Application) -> bool {
        let post = |method: Option<Method>| method == Some(Method::Post);
        let is = |url: &Option<WebhookUrl>, wanted: &str| url.as_ref().is_some_and(|u| u == wanted);
        is(&app.voice_url, &self.voice_url)
            && is(&app.status_callback, &self.status_callback)
            && is(&app.sms_url, &self.sms_url)
            && is(&app.message_status_callback, &self.message_status_callback)
            && post(app.voice_method)
            && post(app.status_callback_method)
            && post(app.sms_method)
            && app.voice_fallback_url.is_none()
            && app.sms_fallback_url.is_none()
            && app.sms_status_callback.is_none()
            && app.public_application_connect_enabled != Some(true)
    }
}

/// The name of the instance's app, by which a second run finds it: at most 64 characters, which
/// is Twilio's limit. Of a longer host the end is replaced by a hash, so that two hosts never
/// share a name.
fn friendly_name(host: &str) -> String {
    const ROOM: usize = 64 - "ClinSpark ".len();
    if host.len() <= ROOM {
        return format!("ClinSpark {host}");
    }
    let hash = body_sha256(host.as_bytes());
    let (head, tail) = (host.chars().take(ROOM - 17), hash.chars().take(16));
    let short: String = head.chain(['~']).chain(tail).collect();
    format!("ClinSpark {short}")
}

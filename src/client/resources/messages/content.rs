//! Contents of messages: text, media and templates.

use std::collections::BTreeMap;

use crate::client::engine::form::Form;
use crate::client::engine::request::Argument;
use crate::sms::{MAX_BODY_LENGTH, body_length};
use crate::types::{ContentSid, Redacted};

/// Twilio's limit for media URLs of one message.
const MAX_MEDIA: usize = 10;

/// Content of a message: text, media, or a Content Template.
///
/// Strings convert into it: `SendMessage::new(to, sender, "See you at 9:00.")`.
///
/// ```
/// use clinspark_twilio::client::messages::{Content, ContentTemplate, Media};
/// use clinspark_twilio::types::ContentSid;
///
/// let text = Content::from("See you at 9:00.");
/// assert!(!format!("{text:?}").contains("9:00"));
///
/// let media = Content::from(Media::new("https://clinic.example/way-in.png"));
/// let sid = ContentSid::parse("HX00000000000000000000000000000001")?;
/// let template = Content::from(ContentTemplate::new(sid).variable("1", "9:00"));
/// assert!(matches!((media, template), (Content::Media(_), Content::Template(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// Message body, 1 to 1,600 characters as [`body_length`] counts them.
    Text(Redacted<String>),
    /// Pictures and other files, with or without text.
    Media(Media),
    /// Content Template with its variables.
    Template(ContentTemplate),
}

impl Content {
    /// Message body that Twilio stores, if it is known beforehand.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.expose()),
            Self::Media(media) => media.body.as_ref().map(|body| body.expose().as_str()),
            // The body and media of a template are stored at Twilio only.
            Self::Template(_) => None,
        }
    }

    /// Each text that the recipient will read: the body, or the values of a template.
    pub(super) fn texts(&self) -> Vec<&str> {
        match self {
            Self::Template(template) => {
                let values = template.variables.values();
                values.map(|value| value.expose().as_str()).collect()
            }
            Self::Text(_) | Self::Media(_) => self.text().into_iter().collect(),
        }
    }

    /// Number of media that Twilio stores, if it is known beforehand.
    pub(super) fn media_count(&self) -> Option<usize> {
        match self {
            Self::Text(_) => Some(0),
            Self::Media(media) => Some(media.urls.len()),
            Self::Template(_) => None,
        }
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::Text(Redacted::new(text.to_owned()))
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::Text(Redacted::new(text))
    }
}

impl From<Redacted<String>> for Content {
    fn from(text: Redacted<String>) -> Self {
        Self::Text(text)
    }
}

impl From<Media> for Content {
    fn from(media: Media) -> Self {
        Self::Media(media)
    }
}

impl From<ContentTemplate> for Content {
    fn from(template: ContentTemplate) -> Self {
        Self::Template(template)
    }
}

impl Argument for Content {
    const NAMES: &'static [&'static str] = &["Body", "MediaUrl", "ContentSid", "ContentVariables"];

    fn write(&self, form: &mut Form) {
        match self {
            Self::Text(text) => {
                write_body(form, text.expose());
                if text.expose().trim().is_empty() {
                    form.fault("Body", "is empty");
                }
            }
            Self::Media(media) => {
                for url in &media.urls {
                    form.add_url("MediaUrl", url.expose().clone());
                }
                if form.count("MediaUrl") > MAX_MEDIA {
                    form.fault("MediaUrl", "has more than 10 URLs, Twilio's limit");
                }
                // An empty body is valid beside media.
                if let Some(body) = &media.body {
                    write_body(form, body.expose());
                }
            }
            Self::Template(template) => {
                form.set("ContentSid", template.sid.as_str());
                if !template.variables.is_empty() {
                    form.set("ContentVariables", template.variables_json());
                }
            }
        }
    }
}

fn write_body(form: &mut Form, body: &str) {
    form.set("Body", body);
    let length = body_length(body);
    if length > MAX_BODY_LENGTH {
        let fault = format!("has {length} characters; at most {MAX_BODY_LENGTH} can be sent");
        form.fault("the body", fault);
    }
}

/// Pictures and other files, as 1 to 10 URLs that Twilio fetches, with an optional message body.
///
/// The URLs must be public until Twilio has fetched them. Make them hard to guess.
///
/// ```
/// use clinspark_twilio::client::messages::{Media, SendMessage, Sender};
/// # use clinspark_twilio::phone::E164;
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::client::{Client, Credentials, Delivery};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let volunteer = E164::parse("+14155550123")?;
/// # let clinic = Sender::Number(E164::parse("+14155550100")?);
/// # let transport = FakeTransport::new()
/// #     .reply(Reply::json(201, r#"{"sid": "SM00000000000000000000000000000001"}"#));
/// # let client = Client::builder(credentials, Delivery::Live)
/// #     .with_transport(transport.clone())
/// #     .build()?;
///
/// let files = Media::new("https://clinic.example/f/7Hq2xV/way-in.png")
///     .add_media_url("https://clinic.example/f/9Lm4pT/visit.ics")
///     .body("Please use the side door.");
/// client.execute(SendMessage::new(volunteer, clinic, files)).await?;
///
/// let sent = transport.requests()[0].parameters();
/// assert_eq!(sent.iter().filter(|(name, _)| name == "MediaUrl").count(), 2);
/// # Ok(())
/// # }
/// ```
///
/// Source: <https://www.twilio.com/docs/messaging/guides/accepted-mime-types>
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Media {
    urls: Vec<Redacted<String>>,
    body: Option<Redacted<String>>,
}

impl Media {
    /// Creates media with one file, given by its absolute `https` or `http` URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            urls: vec![Redacted::new(url.into())],
            body: None,
        }
    }

    /// Adds one more file by its URL, 10 files at most.
    pub fn add_media_url(mut self, url: impl Into<String>) -> Self {
        self.urls.push(Redacted::new(url.into()));
        self
    }

    /// Sets the message body beside the files, at most 1,600 characters as [`body_length`] counts
    /// them.
    pub fn body(mut self, text: impl Into<String>) -> Self {
        self.body = Some(Redacted::new(text.into()));
        self
    }
}

/// Content Template and the values of its variables.
///
/// ```
/// use clinspark_twilio::client::messages::{ContentTemplate, SendMessage, Sender};
/// # use clinspark_twilio::phone::E164;
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::client::{Client, Credentials, Delivery};
/// # use clinspark_twilio::types::{AccountSid, AuthToken, ContentSid};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let volunteer = E164::parse("+14155550123")?;
/// # let clinic = Sender::Number(E164::parse("+14155550100")?);
/// # let sid = ContentSid::parse("HX00000000000000000000000000000001")?;
/// # let transport = FakeTransport::new()
/// #     .reply(Reply::json(201, r#"{"sid": "SM00000000000000000000000000000001"}"#));
/// # let client = Client::builder(credentials, Delivery::Live)
/// #     .with_transport(transport.clone())
/// #     .build()?;
///
/// // "See you on {{1}} at {{2}}."
/// let template = ContentTemplate::new(sid).variable("1", "Monday").variable("2", "9:00");
/// client.execute(SendMessage::new(volunteer, clinic, template)).await?;
///
/// let variables = transport.requests()[0].parameter("ContentVariables");
/// assert_eq!(variables.as_deref(), Some(r#"{"1":"Monday","2":"9:00"}"#));
/// # Ok(())
/// # }
/// ```
///
/// Source: <https://www.twilio.com/docs/content/overview>
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct ContentTemplate {
    sid: ContentSid,
    // Sorted, so that equal templates are written as equal JSON.
    variables: BTreeMap<String, Redacted<String>>,
}

impl ContentTemplate {
    /// Creates a template without variables.
    pub fn new(sid: ContentSid) -> Self {
        Self {
            sid,
            variables: BTreeMap::new(),
        }
    }

    /// Sets the variable `name`, such as `1` for `{{1}}`. A second call for the same name replaces
    /// the value.
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.variables
            .insert(name.into(), Redacted::new(value.into()));
        self
    }

    fn variables_json(&self) -> String {
        let plain: BTreeMap<_, _> = self
            .variables
            .iter()
            .map(|(name, value)| (name, value.expose()))
            .collect();
        // A map of strings always serializes, so the default is never used.
        serde_json::to_string(&plain).unwrap_or_default()
    }
}

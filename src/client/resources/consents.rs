//! Consent that people gave or withdrew elsewhere, such as on paper.
//!
//! ```no_run
//! use clinspark_twilio::client::consents::{
//!     ConsentRecord, ConsentSender, ConsentSource, ConsentStatus, UploadConsents,
//! };
//! # use clinspark_twilio::client::{Client, Error};
//! # use clinspark_twilio::phone::E164;
//! # use clinspark_twilio::types::MessagingServiceSid;
//! # async fn example(client: &Client, volunteer: E164, service: MessagingServiceSid) -> Result<(), Error> {
//! let sender = ConsentSender::Service(service);
//! let withdrawn = ConsentRecord::new(volunteer, sender, ConsentStatus::OptOut, ConsentSource::Offline)
//!     .correlation_id("ad388b5a46b33b874b0d41f7226db2ef");
//! let uploaded = client.execute(UploadConsents::new([withdrawn])).await?;
//! for result in uploaded.items.iter().flatten() {
//!     println!("{:?} {:?}", result.correlation_id, result.error_code);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`UploadConsents`], [`ConsentRecords`] | upload consent of many people |
//! | [`ConsentRecord`], [`ConsentSender`], [`ConsentStatus`], [`ConsentSource`] | consent of one person, to one sender |
//! | [`UploadedConsents`], [`UploadedConsent`] | result for each record |
//!
//! Source: <https://www.twilio.com/docs/messaging/features/consent-management-api>

use std::collections::BTreeMap;
use std::time::SystemTime;

use crate::client::engine::form::Form;
use crate::client::engine::read::part;
use crate::client::engine::request::{Argument, request};
use crate::phone::E164;
use crate::types::{MessagingServiceSid, open_enum};

request! {
    /// Uploads consent that people gave or withdrew. Twilio then blocks or permits messages to
    /// them.
    ///
    /// A record can fail while the others succeed: see [`UploadedConsent::error_code`].
    ///
    /// Source: <https://www.twilio.com/docs/messaging/features/consent-management-api>
    UploadConsents => UploadedConsents {
        // `Create`: a late retry could overwrite what a person has answered meanwhile.
        POST Accounts "/Consents/Bulk" Create;
        needs {
            /// consent of each person
            items: ConsentRecords,
        }
    }
}

/// Consent of many people. An array or a `Vec` of [`ConsentRecord`] converts into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRecords(Vec<ConsentRecord>);

impl<I: IntoIterator<Item = ConsentRecord>> From<I> for ConsentRecords {
    fn from(records: I) -> Self {
        Self(records.into_iter().collect())
    }
}

impl Argument for ConsentRecords {
    const NAMES: &'static [&'static str] = &["Items"];

    fn write(&self, form: &mut Form) {
        if self.0.is_empty() {
            form.fault("Items", "has no record");
        }
        for record in &self.0 {
            let mut item = BTreeMap::from([
                ("contact_id", record.contact.as_str()),
                ("sender_id", record.sender.text()),
                ("status", record.status.as_str()),
                ("source", record.source.as_str()),
            ]);
            if let Some(id) = &record.correlation_id {
                item.insert("correlation_id", id);
            }
            let date = record.date_of_consent.map(jiff::Timestamp::try_from);
            if let Some(Err(_)) = date {
                form.fault("Items", "has a date outside the supported range");
            }
            let date = date.and_then(Result::ok);
            let date = date.map(|date| date.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
            if let Some(date) = &date {
                item.insert("date_of_consent", date);
            }
            form.add("Items", serde_json::json!(item).to_string());
        }
    }
}

/// Consent of one person to messages of one sender.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct ConsentRecord {
    contact: E164,
    sender: ConsentSender,
    status: ConsentStatus,
    source: ConsentSource,
    correlation_id: Option<String>,
    date_of_consent: Option<SystemTime>,
}

impl ConsentRecord {
    /// Creates a record from the person's number, the sender, the consent and its source.
    pub const fn new(
        contact: E164,
        sender: ConsentSender,
        status: ConsentStatus,
        source: ConsentSource,
    ) -> Self {
        Self {
            contact,
            sender,
            status,
            source,
            correlation_id: None,
            date_of_consent: None,
        }
    }

    /// Sets an ID of your own by which the result names the record: 32 characters, such as a UUID
    /// without hyphens.
    pub fn correlation_id(mut self, id: impl Into<String>) -> Self {
        self.correlation_id = Some(id.into());
        self
    }

    /// Sets the time at which the person gave or withdrew consent.
    pub const fn date_of_consent(mut self, time: SystemTime) -> Self {
        self.date_of_consent = Some(time);
        self
    }
}

/// Sender whose messages the consent is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConsentSender {
    /// Messaging Service.
    Service(MessagingServiceSid),
    /// Phone number of the account.
    Number(E164),
}

impl ConsentSender {
    fn text(&self) -> &str {
        match self {
            Self::Service(sid) => sid.as_str(),
            Self::Number(number) => number.as_str(),
        }
    }
}

open_enum! {
    /// Consent of a person.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/features/consent-management-api>
    pub enum ConsentStatus {
        /// Given.
        OptIn = "opt-in",
        /// Withdrawn.
        OptOut = "opt-out",
    }
}

open_enum! {
    /// Medium by which a person gave or withdrew consent.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/features/consent-management-api>
    pub enum ConsentSource {
        /// Website.
        Website = "website",
        /// Outside of the internet, such as on paper.
        Offline = "offline",
        /// Message by which the person opted in.
        OptInMessage = "opt-in-message",
        /// Message by which the person opted out.
        OptOutMessage = "opt-out-message",
        /// Another medium.
        Others = "others",
    }
}

part! {
    /// Results of an upload of consents.
    UploadedConsents {
        /// One item for each record.
        items: Vec<UploadedConsent>,
    }
}

part! {
    /// Result for one record.
    UploadedConsent {
        /// ID that you chose for the record.
        correlation_id: String,
        /// Twilio's error code, 0 for success.
        error_code: u32,
        /// Errors, as Twilio names them, such as `INVALID_CONTACT_ID`.
        error_messages: Vec<String>,
    }
}

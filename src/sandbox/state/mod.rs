//! [`State`]: the data of one sandbox. This module sends no request and starts no task.

mod account;
mod activity;
mod calls;
mod dates;
mod document;
mod log;
mod messages;
mod phones;
mod registrations;
mod resources;
mod settings;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use self::account::Account;
use self::phones::PhoneState;
use self::registrations::Registrations;
use crate::phone::E164;
use crate::types::{ApplicationSid, CallSid, MessageSid, MessagingServiceSid, PhoneNumberSid};

pub(crate) use activity::{Activity, ActivityGuard};
pub(crate) use calls::{CallCommand, CallEntry, Instructions, QueuedCommand};
pub(crate) use dates::{receipt_date, rfc2822, rfc3339};
pub(crate) use document::Document;
pub(crate) use log::AlertCause;
pub(crate) use registrations::{Brand, Campaign, TollFreeVerification};
pub(crate) use resources::formatted;
pub(crate) use settings::{ResourceSettings, WebhookTarget};

pub use calls::StoredCall;
pub use log::{Alert, SentWebhook, WebhookKind};
pub use messages::{StoredMessage, TextMessage};
pub use phones::{AnswerBehavior, DeliveryBehavior};
pub use resources::{StoredApplication, StoredNumber, StoredService, StoredShortCode};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);

pub(crate) struct State {
    pub(crate) timeout: Duration,
    pub(crate) account: Account,
    pub(crate) messages: Vec<StoredMessage>,
    pub(crate) calls: Vec<CallEntry>,
    pub(crate) numbers: Vec<StoredNumber>,
    pub(crate) applications: Vec<StoredApplication>,
    pub(crate) services: Vec<StoredService>,
    pub(crate) short_codes: Vec<StoredShortCode>,
    pub(crate) registrations: Registrations,
    pub(crate) phones: HashMap<E164, PhoneState>,
    /// Pairs of a number of the account and a recipient who opted out of its messages.
    pub(crate) opted_out: HashSet<(E164, E164)>,
    pub(crate) webhooks: Vec<SentWebhook>,
    pub(crate) alerts: Vec<Alert>,
    /// Loopback servers by the public origin that is mapped to them.
    pub(crate) mapped_origins: HashMap<String, String>,
}

impl Default for State {
    fn default() -> Self {
        Self {
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
            mapped_origins: HashMap::new(),
        }
    }
}

impl State {
    pub(crate) fn number(&self, number: E164) -> Option<&StoredNumber> {
        self.numbers.iter().find(|n| n.number == number)
    }

    pub(crate) fn number_by_sid(&self, sid: PhoneNumberSid) -> Option<&StoredNumber> {
        self.numbers.iter().find(|n| n.sid == sid)
    }

    pub(crate) fn application(&self, sid: ApplicationSid) -> Option<&StoredApplication> {
        self.applications.iter().find(|a| a.sid == sid)
    }

    pub(crate) fn service(&self, sid: MessagingServiceSid) -> Option<&StoredService> {
        self.services.iter().find(|s| s.sid == sid)
    }

    pub(crate) fn service_mut(&mut self, sid: MessagingServiceSid) -> Option<&mut StoredService> {
        self.services.iter_mut().find(|s| s.sid == sid)
    }

    /// Returns the service whose sender pool contains a number. A number is in at most one pool.
    pub(crate) fn service_of(&self, number: PhoneNumberSid) -> Option<&StoredService> {
        self.services.iter().find(|s| s.numbers.contains(&number))
    }

    pub(crate) fn message(&self, sid: MessageSid) -> Option<&StoredMessage> {
        self.messages.iter().find(|m| m.sid == sid)
    }

    pub(crate) fn message_mut(&mut self, sid: MessageSid) -> Option<&mut StoredMessage> {
        self.messages.iter_mut().find(|m| m.sid == sid)
    }

    pub(crate) fn call(&self, sid: CallSid) -> Option<&CallEntry> {
        self.calls.iter().find(|c| c.call.sid == sid)
    }

    pub(crate) fn call_mut(&mut self, sid: CallSid) -> Option<&mut CallEntry> {
        self.calls.iter_mut().find(|c| c.call.sid == sid)
    }

    pub(crate) fn phone_mut(&mut self, number: E164) -> &mut PhoneState {
        self.phones.entry(number).or_default()
    }
}

//! [`State`]: the data of one sandbox. This module sends no request and starts no task.

mod account;
mod activity;
mod callbacks;
mod caller_ids;
mod calls;
mod changes;
mod conference_recording;
mod conferences;
mod cookies;
mod dates;
mod document;
mod fault_id;
mod feed;
mod log;
mod messages;
mod opt_outs;
mod phones;
mod queues;
mod real_time_transcriptions;
mod recorded_time;
mod recordings;
mod registrations;
mod reset;
mod resources;
mod routes;
mod run_documents;
mod settings;
mod streams;
mod table;
mod timeline;
mod transcript;
mod watched;
mod webhook_names;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

pub(crate) use self::account::Account;
use self::callbacks::Callbacks;
use self::conferences::Conferences;
use self::cookies::Cookies;
use self::feed::Feed;
pub(crate) use self::phones::Carrier;
pub(crate) use self::phones::{PhoneState, Phones};
use self::timeline::Timeline;
use self::watched::Watched;
use crate::phone::{Address, E164};
use crate::types::{
    ApplicationSid, CallSid, MessageSid, MessagingServiceSid, PhoneNumberSid, QueueSid,
    RecordingSid,
};

pub(crate) use account::{AccessToken, ApiKey, Subaccount};
pub(crate) use activity::{Activity, ActivityGuard};
pub(crate) use calls::{CallCommand, CallEntry, Instructions, QueuedCommand, call_token};
pub(crate) use conference_recording::ConferenceRecording;
pub(crate) use conferences::{
    Conference, ConferenceCallback, ConferenceEnd, ConferenceRecordingOptions, ConferenceStatus,
    JoinError, NewConference, Participant, ParticipantStatus,
};
pub(crate) use dates::{receipt_date, rfc2822, rfc3339};
pub(crate) use document::Document;
pub(crate) use feed::{ChangedKey, TooOld};
pub(crate) use log::{AlertCause, logged_body};
pub(crate) use opt_outs::{OptOutScope, OptOuts};
pub(crate) use queues::{Agent, Link, Member, QUEUE_SIZE, Queue};
pub(crate) use registrations::{
    Brand, Campaign, Details, Registrations, TollFreeVerification, Vetting,
};
pub(crate) use resources::{NumberType, PooledAlphaSender, formatted};
pub(crate) use routes::{RouteCandidate, RouteSource};
pub(crate) use settings::{ResourceSettings, WebhookTarget};
pub(crate) use streams::{ListeningStream, QueuedStreamInput, StreamInput, StreamTrack};
pub(crate) use table::{Log, Row, Table};
pub(crate) use timeline::{EventId, Group, GroupId};

pub use caller_ids::StoredCallerId;
pub use calls::StoredCall;
pub use fault_id::FaultId;
pub use log::{Alert, AlertRequest, SentWebhook, WebhookKind};
pub(crate) use messages::{MediaSource, MessageOptions, StoredMedia};
pub use messages::{StoredMessage, TextMessage};
pub use phones::{AnswerBehavior, DeliveryBehavior};
pub(crate) use real_time_transcriptions::{CallTrack, RealTimeTranscription, TranscriptionOptions};
pub(crate) use recorded_time::RecordedTime;
pub use recordings::StoredRecording;
pub(crate) use recordings::{
    RecordingCallback, RecordingChange, RecordingEntry, RecordingOptions, StoredTranscription,
};
pub use resources::{StoredApplication, StoredNumber, StoredService, StoredShortCode};
pub(crate) use run_documents::{RunDocument, Wait, WaitFor};
pub use timeline::ReceivedRequest;
pub(crate) use transcript::{Sound, TRANSCRIPT_LIMIT};
pub use transcript::{TranscriptAction, TranscriptEntry, TranscriptParty};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);
/// Number of messages, calls, recordings, webhooks and alerts that are kept, each.
const DEFAULT_HISTORY_LIMIT: usize = 100_000;

pub(crate) struct State {
    pub(crate) timeout: Duration,
    /// Delay of each step of a delivery.
    pub(crate) delivery_delay: Duration,
    pub(crate) account: Account,
    pub(crate) history_limit: usize,
    pub(crate) messages: Table<StoredMessage>,
    pub(crate) calls: Table<CallEntry>,
    pub(crate) conferences: Conferences,
    pub(crate) queues: Vec<Queue>,
    pub(crate) recordings: Table<RecordingEntry>,
    pub(crate) numbers: Watched<Vec<StoredNumber>>,
    pub(crate) applications: Watched<Vec<StoredApplication>>,
    pub(crate) services: Watched<Vec<StoredService>>,
    pub(crate) short_codes: Watched<Vec<StoredShortCode>>,
    /// Numbers that are verified as caller IDs.
    pub(crate) caller_ids: Vec<StoredCallerId>,
    pub(crate) registrations: Registrations,
    pub(crate) phones: Phones,
    /// Reaction to calls of phones that were not added.
    pub(crate) unknown_phones: AnswerBehavior,
    /// Opt-outs of the account's recipients.
    pub(crate) opt_outs: OptOuts,
    /// Messaging Services with Advanced Opt-Out.
    pub(crate) advanced_opt_out: HashSet<MessagingServiceSid>,
    /// Senders that a Messaging Service used last for a recipient.
    pub(crate) sticky_senders: HashMap<(MessagingServiceSid, Address), Address>,
    /// Number of messages for which a Messaging Service chose a sender.
    pub(crate) sender_uses: HashMap<Address, u64>,
    /// Whether numbers of the USA need a registered campaign or a verification to text.
    pub(crate) requires_registration: bool,
    pub(crate) webhooks: Log<SentWebhook>,
    pub(crate) alerts: Log<Alert>,
    pub(crate) cookies: Cookies,
    pub(crate) callbacks: Callbacks,
    /// Loopback servers by the public origin that is mapped to them.
    pub(crate) mapped_origins: HashMap<String, String>,
    pub(crate) timeline: Timeline,
    feed: Feed,
}

impl State {
    pub(crate) fn new(history_limit: Option<usize>) -> Self {
        Self {
            timeout: DEFAULT_TIMEOUT,
            delivery_delay: Duration::ZERO,
            account: Account::default(),
            history_limit: history_limit.unwrap_or(DEFAULT_HISTORY_LIMIT),
            messages: Table::default(),
            calls: Table::default(),
            conferences: Conferences::default(),
            queues: Vec::new(),
            recordings: Table::default(),
            numbers: Watched::default(),
            applications: Watched::default(),
            services: Watched::default(),
            short_codes: Watched::default(),
            caller_ids: Vec::new(),
            registrations: Registrations::default(),
            phones: Phones::default(),
            unknown_phones: AnswerBehavior::NoAnswer,
            opt_outs: OptOuts::default(),
            advanced_opt_out: HashSet::new(),
            sticky_senders: HashMap::new(),
            sender_uses: HashMap::new(),
            requires_registration: false,
            webhooks: Log::default(),
            alerts: Log::default(),
            cookies: Cookies::default(),
            callbacks: Callbacks::default(),
            mapped_origins: HashMap::new(),
            timeline: Timeline::default(),
            feed: Feed::default(),
        }
    }

    pub(crate) fn number(&self, number: E164) -> Option<&StoredNumber> {
        self.numbers.iter().find(|n| n.number == number)
    }

    pub(crate) fn number_by_sid(&self, sid: PhoneNumberSid) -> Option<&StoredNumber> {
        self.numbers.iter().find(|n| n.sid == sid)
    }

    /// Reports whether calls may show a number: the account owns it, or it is a verified caller ID.
    pub(crate) fn may_call_from(&self, number: E164) -> bool {
        let mut verified = self.caller_ids.iter();
        self.number(number).is_some() || verified.any(|caller| caller.number == number)
    }

    /// Reports whether a trial account may text and call a number: it is verified.
    pub(crate) fn is_verified(&self, number: E164) -> bool {
        !self.account.is_trial() || self.may_call_from(number)
    }

    /// Reports whether a call may show the caller of an inbound call, of which the account received
    /// the token.
    pub(crate) fn token_permits(&self, token: &str, caller: E164) -> bool {
        let mut calls = self.calls.iter().map(|entry| &entry.call);
        calls.any(|call| call_token(call.sid) == token && call.from == caller)
    }

    /// Adds a verified caller ID, unless the number is one already. Returns its SID.
    pub(crate) fn add_caller_id(&mut self, new: StoredCallerId) -> PhoneNumberSid {
        let mut stored = self.caller_ids.iter();
        if let Some(stored) = stored.find(|stored| stored.number == new.number) {
            return stored.sid;
        }
        let sid = new.sid;
        self.caller_ids.push(new);
        sid
    }

    /// Removes a number from the account and from its sender pool.
    pub(crate) fn remove_number(&mut self, sid: PhoneNumberSid) {
        self.numbers.retain(|owned| owned.sid != sid);
        for service in self.services.iter_mut() {
            service.numbers.retain(|pooled| *pooled != sid);
        }
    }

    pub(crate) fn application(&self, sid: ApplicationSid) -> Option<&StoredApplication> {
        self.applications.iter().find(|a| a.sid == sid)
    }

    /// Returns the scope of a STOP to this sender: its Messaging Service, or itself.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out>
    pub(crate) fn opt_out_scope(&self, sender: &Address) -> OptOutScope {
        self.service_of_sender(sender)
            .map_or_else(|| OptOutScope::Sender(sender.clone()), OptOutScope::Service)
    }

    /// Reports whether a recipient refuses the messages of a sender.
    pub(crate) fn has_opted_out(&self, sender: &Address, recipient: &Address) -> bool {
        let scope = self.opt_out_scope(sender);
        self.opt_outs.contains(scope, recipient)
    }

    /// Returns the Messaging Service whose sender pool contains a number or short code.
    pub(crate) fn service_of_sender(&self, sender: &Address) -> Option<MessagingServiceSid> {
        let service = match sender {
            Address::Phone(number) => self.service_of(self.number(*number)?.sid)?,
            Address::ShortCode(code) => {
                let codes = &self.short_codes;
                let sid = codes.iter().find(|owned| owned.code == code.as_str())?.sid;
                self.services
                    .iter()
                    .find(|service| service.short_codes.contains(&sid))?
            }
            _ => return None,
        };
        Some(service.sid)
    }

    /// Reports whether the account owns a number or short code.
    pub(crate) fn owns_sender(&self, sender: &Address) -> bool {
        match sender {
            Address::Phone(number) => self.number(*number).is_some(),
            Address::ShortCode(code) => {
                let mut codes = self.short_codes.iter();
                codes.any(|owned| owned.code == code.as_str())
            }
            _ => false,
        }
    }

    /// Returns the last request for instructions of a message or call, if it is not long ago.
    pub(crate) fn last_request(&self, sid: &str) -> Option<AlertRequest> {
        // Alerts follow their request closely, and a long log would slow down each of them.
        const SEARCHED: usize = 1000;
        let mut recent = self.webhooks.iter().rev().take(SEARCHED);
        let found = recent.find(|(_, sent)| sent.sid == sid && sent.kind.is_for_instructions());
        found.map(|(_, sent)| sent.into())
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

    /// Adds a message. Above the limit of the history, the oldest and their texts are removed.
    pub(crate) fn add_message(&mut self, message: StoredMessage) {
        for removed in self.messages.insert(message, self.history_limit) {
            self.phones.forget_text(&removed.to, removed.sid);
        }
        self.phones.limit_to(self.history_limit);
    }

    /// Adds a call. Above the limit of the history, the oldest are removed.
    pub(crate) fn add_call(&mut self, call: CallEntry) {
        self.calls.insert(call, self.history_limit);
        self.phones.limit_to(self.history_limit);
    }

    pub(crate) fn message(&self, sid: MessageSid) -> Option<&StoredMessage> {
        self.messages.get(sid)
    }

    pub(crate) fn message_mut(&mut self, sid: MessageSid) -> Option<&mut StoredMessage> {
        self.messages.get_mut(sid)
    }

    pub(crate) fn recording(&self, sid: RecordingSid) -> Option<&StoredRecording> {
        self.recordings.get(sid).map(|entry| &entry.recording)
    }

    pub(crate) fn call(&self, sid: CallSid) -> Option<&CallEntry> {
        self.calls.get(sid)
    }

    pub(crate) fn call_mut(&mut self, sid: CallSid) -> Option<&mut CallEntry> {
        self.calls.get_mut(sid)
    }

    pub(crate) fn queue(&self, sid: QueueSid) -> Option<&Queue> {
        self.queues.iter().find(|queue| queue.sid == sid)
    }

    pub(crate) fn queue_mut(&mut self, sid: QueueSid) -> Option<&mut Queue> {
        self.queues.iter_mut().find(|queue| queue.sid == sid)
    }

    /// Adds a queue that a call creates. Above the limit of the history, the oldest empty queue is
    /// removed, so that an application with one queue a call does not fill the memory.
    pub(crate) fn add_queue(&mut self, queue: Queue) {
        if self.queues.len() >= self.history_limit {
            let mut queues = self.queues.iter();
            if let Some(oldest) = queues.position(Queue::is_unused) {
                self.queues.remove(oldest);
            }
        }
        self.queues.push(queue);
    }

    pub(crate) fn queue_named(&mut self, name: &str) -> Option<&mut Queue> {
        let mut queues = self.queues.iter_mut();
        queues.find(|queue| queue.friendly_name == name)
    }

    /// Reports whether a call waits for a phone, and so does each leg of its `<Dial>`.
    pub(crate) fn is_idle(&self, entry: &CallEntry) -> bool {
        let mut legs = entry.legs.iter();
        entry.is_idle && legs.all(|leg| self.call(*leg).is_none_or(|leg| leg.is_idle))
    }

    pub(crate) fn phone_mut(&mut self, address: &Address) -> &mut PhoneState {
        self.phones.get_mut(address)
    }

    /// Returns the reaction of a phone to calls.
    pub(crate) fn answer_of(&self, address: &Address) -> AnswerBehavior {
        let phone = self.phones.get(address).filter(|phone| phone.is_in_use);
        phone.map_or(self.unknown_phones, |phone| phone.answer)
    }

    /// Returns the number of the account with this address.
    pub(crate) fn number_at(&self, address: &Address) -> Option<&StoredNumber> {
        match address {
            Address::Phone(number) => self.number(*number),
            _ => None,
        }
    }
}

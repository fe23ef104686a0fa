//! Finds out whether a message or a call with unknown outcome was sent.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use super::client::Client;
use super::error::Error;
use super::form::Form;
use super::outcome::{Effect, Outcome};
use super::page::{Listed, Page, UnreadableItem};
use super::request::{Argument as _, Request};
use crate::client::calls::{Call, ListCalls, PlaceCall};
use crate::client::messages::{ListMessages, Message, SendMessage};
use crate::phone::{Address, Callee};
use crate::sms::smart_encode;
use crate::types::{CallDirection, MessageDirection, Timestamp};

/// Difference from Twilio's clock at which an entry still counts as in time.
const SKEW: Duration = Duration::from_secs(60);

/// Difference from Twilio's clock at which an entry is unclear, such as on a machine whose clock is
/// not synchronized. A similar entry within it is neither accepted nor excluded.
const DRIFT: Duration = Duration::from_secs(15 * 60);

/// Maximum number of entries that are compared. With more entries to one person within minutes, the
/// result is unclear.
const MOST: usize = 1_000;

/// Result of [`Client::reconcile`]: the fate of a message or a call whose response was lost.
///
/// ```
/// use std::time::SystemTime;
/// use clinspark_twilio::client::Reconciled;
/// use clinspark_twilio::client::messages::{SendMessage, Sender};
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
/// #     .reply(Reply::json(201, r#"{"sid": "SM00000000000000000000000000000001", "#))
/// #     .reply(Reply::json(
/// #         200,
/// #         r#"{"messages": [{"sid": "SM00000000000000000000000000000001"}]}"#,
/// #     ));
/// # let client = Client::builder(credentials, Delivery::Live)
/// #     .with_transport(transport.clone())
/// #     .build()?;
///
/// let request = SendMessage::new(volunteer, clinic, "See you at 9:00.");
/// let sent_at = SystemTime::now();
/// // The response is cut off: the outcome is unknown.
/// let error = client.execute(&request).await.unwrap_err();
///
/// // SIDs that belong to other requests, from your own records.
/// let known = |_: &str| false;
/// match client.reconcile(&request, &error, sent_at, known).await? {
///     Reconciled::Sent(message) => {
///         assert_eq!(message.sid.as_str(), "SM00000000000000000000000000000001");
///     }
///     Reconciled::NotFound => panic!("reconcile again in a minute, then send again"),
///     Reconciled::Unclear { candidates, .. } => panic!("compare {candidates} messages by hand"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "callers must handle each of the three; a fourth must be a breaking change"
)]
pub enum Reconciled<T> {
    /// The request was sent: exactly one entry matches it.
    Sent(Box<T>),
    /// No entry can be this request. Twilio lists an accepted request within seconds. Reconcile
    /// again a minute later before you send it again.
    NotFound,
    /// Some entries may be this request, or the list may not show it. A person must decide.
    #[non_exhaustive]
    Unclear {
        /// Number of entries that may be this request.
        candidates: usize,
        /// Fields by which entries were compared.
        compared_by: ComparedBy,
        /// Reasons, each once; at least one.
        reasons: Vec<UnclearReason>,
    },
}

/// Fields by which [`Client::reconcile`] compared entries with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ComparedBy {
    /// Recipient, sender, text, number of media, and time of creation.
    Text,
    /// Recipient, sender and time of creation. The content cannot be compared: Twilio does not
    /// store the `TwiML` of a call, and writes the text of a template itself.
    Time,
}

/// Reason why [`Client::reconcile`] cannot tell whether a request was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum UnclearReason {
    /// More than one entry is equal to the request. Mark those of other requests as known.
    SeveralMatches,
    /// An entry has no text: it was redacted, not stored, or written by Twilio from a template.
    NoText,
    /// An entry has another text, but Twilio may have rewritten it, such as by a shortened link.
    RewrittenText,
    /// An entry has another sender, but Twilio may have replaced the chosen one.
    OtherSender,
    /// An entry has another number of media.
    OtherMediaCount,
    /// An entry is a call, whose content Twilio does not store.
    NoContentOfCall,
    /// The time of an entry is missing, or off by minutes.
    Time,
    /// The list may not show the request: Twilio does not store the number, or stores the address
    /// in another spelling.
    NotListed,
    /// An entry of the list cannot be read.
    UnreadableEntry,
    /// The response named a SID that the list does not contain yet. Reconcile again later.
    SidNotListed,
    /// The list has more than 1,000 entries.
    TooManyEntries,
}

/// A request that [`Client::reconcile`] accepts: [`SendMessage`] or [`PlaceCall`].
///
/// This trait is sealed.
pub trait Reconcile: sealed::Candidates {}

impl Reconcile for SendMessage {}
impl Reconcile for PlaceCall {}

pub(in crate::client) mod sealed {
    use super::{Listed, Page, Request, Timestamp};

    /// Finds and compares the entries that may be a request.
    #[expect(unnameable_types, reason = "part of the sealed `Reconcile` only")]
    pub trait Candidates: Request + Sync {
        type Entry: Listed + Send + 'static;
        type List: Request<Output = Page<Self::Entry>> + 'static;

        /// Returns requests for the lists that may contain the entry.
        fn lists(&self) -> Vec<Self::List>;
        /// Returns `true` if the lists certainly contain the request, provided that it was sent.
        fn is_listed(&self) -> bool;
        fn created(entry: &Self::Entry) -> Option<&Timestamp>;
        fn sid(entry: &Self::Entry) -> &str;
        /// Returns the fields that `compare` compares.
        fn compared_by(&self) -> super::ComparedBy;
        /// Compares an entry with this request.
        fn compare(&self, entry: &Self::Entry) -> super::Match;
    }
}

/// Result of the comparison of an entry with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(unnameable_types, reason = "part of the sealed `Reconcile` only")]
#[non_exhaustive]
pub enum Match {
    /// The entry is another request.
    Other,
    /// The entry may be this request: a field that would decide is missing.
    Maybe(UnclearReason),
    /// All fields that can be compared are equal.
    Same,
}

impl Client {
    /// Finds out whether a message or a call was sent, after an error whose
    /// [`outcome`](Error::outcome) is unknown. It only reads from Twilio, and never sends.
    ///
    /// It lists the messages or calls to the same person from the same sender around `sent_at`, the
    /// time noted before sending. A message matches if its text and its number of media are equal.
    ///
    /// The result is [`Unclear`](Reconciled::Unclear) in these cases, and names the
    /// [reasons](UnclearReason):
    ///
    /// - Twilio did not store the text, or another sender may have replaced the chosen one;
    /// - an entry matches, but its time is off by minutes;
    /// - an entry is a call;
    /// - Twilio does not store numbers, or the call was to a SIP address or an SDK user;
    /// - an entry cannot be read, and no other entry matches.
    ///
    /// `known` returns `true` for SIDs that belong to other requests. It keeps two equal reminders
    /// from being mistaken for each other.
    ///
    /// Where possible, put an id of your own into the query of `status_callback` instead. Twilio's
    /// callback then delivers the SID, and no comparison is needed.
    ///
    /// [`Reconciled`] shows an example.
    ///
    /// # Errors
    ///
    /// The errors of [`execute`](Self::execute) for the list. The outcome is then as unknown as
    /// before.
    pub async fn reconcile<R: Reconcile>(
        &self,
        request: &R,
        error: &Error,
        sent_at: SystemTime,
        known: impl Fn(&str) -> bool + Send,
    ) -> Result<Reconciled<R::Entry>, Error> {
        let sid = match error.outcome() {
            // The error of a failed lookup says nothing about the create itself.
            _ if error.effect() != Effect::Create => None,
            Outcome::NotSent | Outcome::Rejected => return Ok(Reconciled::NotFound),
            Outcome::Unknown { sid, .. } => sid.as_deref(),
        };
        self.find(request, sid, sent_at, known).await
    }

    /// Finds out whether a message or a call was sent, without an error: after a crash, when only
    /// the service's own record is left. It only reads from Twilio, and never sends.
    ///
    /// Write the request and the time to your database before you send. After a restart, look for
    /// each record without a result. It is compared as [`reconcile`](Self::reconcile) does, and
    /// `known` has the same meaning.
    ///
    /// ```no_run
    /// use std::time::SystemTime;
    /// use clinspark_twilio::client::messages::SendMessage;
    /// use clinspark_twilio::client::{Client, Error, Reconciled};
    ///
    /// # async fn example(client: &Client, request: SendMessage, sent_at: SystemTime) -> Result<(), Error> {
    /// match client.look_for(&request, sent_at, |_| false).await? {
    ///     Reconciled::Sent(message) => println!("it was sent as {}", message.sid),
    ///     Reconciled::NotFound => println!("look again in a minute, then send it"),
    ///     Reconciled::Unclear { reasons, .. } => println!("a person must decide: {reasons:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`execute`](Self::execute) for the list. Nothing is known then.
    pub async fn look_for<R: Reconcile>(
        &self,
        request: &R,
        sent_at: SystemTime,
        known: impl Fn(&str) -> bool + Send,
    ) -> Result<Reconciled<R::Entry>, Error> {
        self.find(request, None, sent_at, known).await
    }

    /// Finds the entry of a request. `sid` is the SID that an unreadable response named.
    async fn find<R: Reconcile>(
        &self,
        request: &R,
        sid: Option<&str>,
        sent_at: SystemTime,
        known: impl Fn(&str) -> bool + Send,
    ) -> Result<Reconciled<R::Entry>, Error> {
        // The last attempt may have begun this long after `sent_at`.
        let under_way = self.config.operation_timeout;
        let unclear = |candidates, reasons: BTreeSet<UnclearReason>| Reconciled::Unclear {
            candidates,
            compared_by: request.compared_by(),
            reasons: reasons.into_iter().collect(),
        };
        let (mut same, mut maybe, mut seen) = (Vec::new(), 0, 0);
        let mut reasons = BTreeSet::new();
        let mut unreadable = 0;
        for list in request.lists() {
            let mut entries = self.list(list);
            while let Some(entry) = entries.next().await {
                let entry = entry?;
                seen += 1;
                // The unreadable response named the SID of this entry.
                if sid == Some(R::sid(&entry)) {
                    return Ok(Reconciled::Sent(Box::new(entry)));
                }
                if seen > MOST {
                    return Ok(unclear(seen, [UnclearReason::TooManyEntries].into()));
                }
                if known(R::sid(&entry)) {
                    continue;
                }
                let created = R::created(&entry).and_then(Timestamp::time);
                let in_time = in_time(created, sent_at, under_way);
                // The weaker result counts: a match at the wrong time is not a match.
                match request.compare(&entry).min(in_time) {
                    Match::Other => {}
                    Match::Maybe(reason) => {
                        maybe += 1;
                        reasons.insert(reason);
                    }
                    Match::Same => same.push(entry),
                }
            }
            let unknown = |item: &&UnreadableItem| !item.sid.as_deref().is_some_and(&known);
            unreadable += entries.unreadable().iter().filter(unknown).count();
        }
        // The response named a SID, but the list does not contain it (yet).
        if sid.is_some() {
            return Ok(unclear(1, [UnclearReason::SidNotListed].into()));
        }
        let candidates = same.len() + maybe;
        if same.len() > 1 {
            reasons.insert(UnclearReason::SeveralMatches);
        }
        if unreadable > 0 {
            reasons.insert(UnclearReason::UnreadableEntry);
        }
        if !request.is_listed() {
            reasons.insert(UnclearReason::NotListed);
        }
        Ok(match (same.pop(), candidates) {
            (Some(entry), 1) => Reconciled::Sent(Box::new(entry)),
            // An unreadable entry may be the request, but it is not a second match beside one.
            (_, 0) if request.is_listed() && unreadable == 0 => Reconciled::NotFound,
            (_, candidates) => unclear(candidates + unreadable, reasons),
        })
    }
}

/// Compares the time of an entry with a request that was sent at `sent_at` and under way for at
/// most `under_way`.
fn in_time(created: Option<SystemTime>, sent_at: SystemTime, under_way: Duration) -> Match {
    let Some(created) = created else {
        return Match::Maybe(UnclearReason::Time);
    };
    let off = match created.duration_since(sent_at) {
        Ok(later) => later.saturating_sub(under_way),
        Err(earlier) => earlier.duration(),
    };
    if off <= SKEW {
        Match::Same
    } else if off <= DRIFT {
        Match::Maybe(UnclearReason::Time)
    } else {
        Match::Other
    }
}

impl sealed::Candidates for SendMessage {
    type Entry = Message;
    type List = ListMessages;

    fn lists(&self) -> Vec<ListMessages> {
        // Not filtered by date sent: a queued or scheduled message has none yet.
        let list = |to| ListMessages::new().to(to).page_size(100);
        self.addresses().into_iter().map(list).collect()
    }

    fn is_listed(&self) -> bool {
        self.keeps_numbers()
    }

    fn created(entry: &Message) -> Option<&Timestamp> {
        entry.date_created.as_ref()
    }

    fn sid(entry: &Message) -> &str {
        entry.sid.as_str()
    }

    fn compared_by(&self) -> ComparedBy {
        match self.text() {
            Some(_) => ComparedBy::Text,
            None => ComparedBy::Time,
        }
    }

    fn compare(&self, entry: &Message) -> Match {
        let ours = entry.direction.as_ref() == Some(&MessageDirection::OutboundApi);
        if entry.direction.is_some() && !ours {
            return Match::Other;
        }
        let kept = entry.body.as_ref().map(|body| body.expose().as_str());
        let text = match (self.text(), kept) {
            // The text was redacted, not stored, or written by Twilio from a template.
            (None, _) | (_, None | Some("")) => Match::Maybe(UnclearReason::NoText),
            (Some(sent), Some(kept)) if is_same_text(sent, kept) => Match::Same,
            (Some(_), Some(_)) if self.may_be_rewritten() => {
                Match::Maybe(UnclearReason::RewrittenText)
            }
            (Some(_), Some(_)) => Match::Other,
        };
        text.min(compare_sender(self, entry))
            .min(compare_media(self, entry))
    }
}

fn compare_sender(request: &SendMessage, entry: &Message) -> Match {
    let mut form = Form::default();
    request.sender().write(&mut form);
    let other = |name: &str, theirs: Option<String>| {
        let ours = form.value(name).map(str::to_owned);
        ours.zip(theirs)
            .is_some_and(|(ours, theirs)| ours != theirs)
    };
    let service = entry.messaging_service_sid.map(|sid| sid.to_string());
    if other("MessagingServiceSid", service) {
        Match::Other
    } else if !other("From", entry.from.as_ref().map(Address::expose)) {
        Match::Same
    } else if request.has_number_alone() {
        Match::Other
    } else {
        // Twilio replaces alphanumeric senders in some countries, and falls back on other channels.
        Match::Maybe(UnclearReason::OtherSender)
    }
}

fn compare_media(request: &SendMessage, entry: &Message) -> Match {
    let theirs = entry.num_media.and_then(|n| usize::try_from(n).ok());
    match theirs.zip(request.media_count()) {
        Some((theirs, ours)) if theirs != ours => Match::Maybe(UnclearReason::OtherMediaCount),
        _ => Match::Same,
    }
}

/// Prefix that Twilio adds to the texts of trial accounts.
const TRIAL: &str = "Sent from your Twilio trial account - ";

/// Compares a text with the one that Twilio stored. Twilio trims texts, changes line ends, and
/// replaces Unicode characters by similar ones.
fn is_same_text(sent: &str, kept: &str) -> bool {
    let kept = kept.strip_prefix(TRIAL).unwrap_or(kept);
    let plain = |text: &str| -> Vec<String> {
        let lines = text.trim().lines();
        lines.map(|line| line.trim_end().to_owned()).collect()
    };
    plain(sent) == plain(kept) || plain(&smart_encode(sent)) == plain(&smart_encode(kept))
}

impl sealed::Candidates for PlaceCall {
    type Entry = Call;
    type List = ListCalls;

    fn lists(&self) -> Vec<ListCalls> {
        let to = Address::from(self.callee().expose().as_str());
        vec![ListCalls::new().to(to).from(self.caller()).page_size(100)]
    }

    /// Twilio may store SIP addresses and identities in another spelling.
    fn is_listed(&self) -> bool {
        matches!(self.callee(), Callee::Phone(_))
    }

    fn created(entry: &Call) -> Option<&Timestamp> {
        entry.date_created.as_ref()
    }

    fn sid(entry: &Call) -> &str {
        entry.sid.as_str()
    }

    fn compared_by(&self) -> ComparedBy {
        ComparedBy::Time
    }

    /// Never returns `Same`, because Twilio does not store the TwiML of a call.
    fn compare(&self, entry: &Call) -> Match {
        match &entry.direction {
            Some(CallDirection::OutboundApi) | None => Match::Maybe(UnclearReason::NoContentOfCall),
            Some(_) => Match::Other,
        }
    }
}

//! Finding out afterwards whether a message or a call went out.

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

/// How far Twilio's clock and ours may differ.
const SKEW: Duration = Duration::from_secs(60);

/// How far they may differ where nobody sets ours. What is like the request and was made so long
/// before or after is neither taken for it nor passed over.
const DRIFT: Duration = Duration::from_secs(15 * 60);

/// As many entries as are looked at: more than that to one person in minutes is no case for a
/// program.
const MOST: usize = 1_000;

/// What became of a message or a call whose answer was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "callers have to answer each of the three; a fourth would have to break them"
)]
pub enum Reconciled<T> {
    /// It went out: exactly one entry is this request.
    Sent(Box<T>),
    /// No entry can be this request. Twilio lists what it took within seconds, so ask again a
    /// minute later before you send it again.
    NotFound,
    /// Entries could be this request and need not be, or the list need not show it. A person has
    /// to look.
    #[non_exhaustive]
    Unclear {
        /// How many.
        candidates: usize,
    },
}

/// A request of which it can be found out afterwards whether it went out.
///
/// Sealed: [`SendMessage`] and [`PlaceCall`] are all there are.
pub trait Reconcile: sealed::Candidates {}

impl Reconcile for SendMessage {}
impl Reconcile for PlaceCall {}

pub(in crate::client) mod sealed {
    use super::{Listed, Page, Request, Timestamp};

    /// How the entries that could be a request are found.
    #[expect(unnameable_types, reason = "part of the sealed `Reconcile` only")]
    pub trait Candidates: Request + Sync {
        type Entry: Listed + Send + 'static;
        type List: Request<Output = Page<Self::Entry>> + 'static;

        /// What lists everything that may be it.
        fn lists(&self) -> Vec<Self::List>;
        /// Whether the lists show the request for certain, if it was taken.
        fn is_listed(&self) -> bool;
        fn created(entry: &Self::Entry) -> Option<&Timestamp>;
        fn sid(entry: &Self::Entry) -> &str;
        /// Whether an entry can be this request, is it for certain, or cannot be.
        fn compare(&self, entry: &Self::Entry) -> super::Match;
    }
}

/// Result of the comparison of an entry with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(unnameable_types, reason = "part of the sealed `Reconcile` only")]
#[non_exhaustive]
pub enum Match {
    /// It is another.
    Other,
    /// It may be this one: what would tell is not there.
    Maybe,
    /// Everything that can be compared is the same.
    Same,
}

impl Client {
    /// Finds out whether a message or a call went out, after an error whose
    /// [`outcome`](Error::outcome) is unknown. It reads, and never sends.
    ///
    /// It lists what went to that person from that sender around `sent_at`, the time noted before
    /// sending. A message is the same when its text is, and the number of its media. Where the
    /// text was not kept, where another sender may have stepped in, where only the time is wrong
    /// by minutes, and for every call, an entry is unclear; so is everything where numbers are not
    /// kept, and for calls to SIP addresses and SDK users. An entry that cannot be read never hides
    /// the right one; without a right one it makes the outcome unclear. `known` says which SIDs are accounted
    /// for by other requests, so that two equal reminders are not taken for each other.
    ///
    /// The better way, where it is there: an id of your own in the query of `status_callback`.
    /// Then Twilio's callback brings the SID, and nothing has to be compared.
    ///
    /// ```no_run
    /// # use clinspark_twilio::client::{Client, Error, Outcome};
    /// use std::time::SystemTime;
    /// use clinspark_twilio::client::Reconciled;
    /// # use clinspark_twilio::client::messages::SendMessage;
    ///
    /// # async fn example(client: &Client, request: SendMessage) -> Result<(), Error> {
    /// let sent_at = SystemTime::now();
    /// if let Err(error) = client.execute(&request).await {
    ///     match client.reconcile(&request, &error, sent_at, |_| false).await? {
    ///         Reconciled::Sent(message) => println!("{} went out", message.sid),
    ///         Reconciled::NotFound => println!("ask again in a minute, then send again"),
    ///         Reconciled::Unclear { candidates, .. } => println!("{candidates}: a person looks"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// What [`execute`](Self::execute) gives for the list: then nothing is known that was not
    /// known before.
    pub async fn reconcile<R: Reconcile>(
        &self,
        request: &R,
        error: &Error,
        sent_at: SystemTime,
        known: impl Fn(&str) -> bool + Send,
    ) -> Result<Reconciled<R::Entry>, Error> {
        let sid = match error.outcome() {
            // An error of a look that failed says nothing about the request.
            _ if error.effect() != Effect::Create => None,
            Outcome::NotSent | Outcome::Rejected => return Ok(Reconciled::NotFound),
            Outcome::Unknown { sid, .. } => sid.as_deref(),
        };
        // The last attempt may have begun as late as that.
        let under_way = self.config.operation_timeout;
        let (mut same, mut maybe, mut seen) = (Vec::new(), 0, 0);
        let mut unreadable = 0;
        for list in request.lists() {
            let mut entries = self.list(list);
            while let Some(entry) = entries.next().await {
                let entry = entry?;
                seen += 1;
                // The answer was damaged, but it named what was made.
                if sid == Some(R::sid(&entry)) {
                    return Ok(Reconciled::Sent(Box::new(entry)));
                }
                if seen > MOST {
                    return Ok(Reconciled::Unclear { candidates: seen });
                }
                if known(R::sid(&entry)) {
                    continue;
                }
                let created = R::created(&entry).and_then(Timestamp::time);
                let in_time = in_time(created, sent_at, under_way);
                match request.compare(&entry).min(in_time) {
                    Match::Other => {}
                    Match::Maybe => maybe += 1,
                    Match::Same => same.push(entry),
                }
            }
            let unknown = |item: &&UnreadableItem| !item.sid.as_deref().is_some_and(&known);
            unreadable += entries.unreadable().iter().filter(unknown).count();
        }
        // A SID was there, and the list does not show it (yet).
        if sid.is_some() {
            return Ok(Reconciled::Unclear { candidates: 1 });
        }
        let candidates = same.len() + maybe;
        Ok(match (same.pop(), candidates) {
            (Some(entry), 1) => Reconciled::Sent(Box::new(entry)),
            // An entry that cannot be read may be the request, but is no second one like it.
            (_, 0) if request.is_listed() && unreadable == 0 => Reconciled::NotFound,
            (_, candidates) => Reconciled::Unclear {
                candidates: candidates + unreadable,
            },
        })
    }
}

/// Whether what was created then can be a request that was under way for so long.
fn in_time(created: Option<SystemTime>, sent_at: SystemTime, under_way: Duration) -> Match {
    let Some(created) = created else {
        return Match::Maybe;
    };
    let off = match created.duration_since(sent_at) {
        Ok(later) => later.saturating_sub(under_way),
        Err(earlier) => earlier.duration(),
    };
    if off <= SKEW {
        Match::Same
    } else if off <= DRIFT {
        Match::Maybe
    } else {
        Match::Other
    }
}

impl sealed::Candidates for SendMessage {
    type Entry = Message;
    type List = ListMessages;

    fn lists(&self) -> Vec<ListMessages> {
        // Not by the time of sending: what waits has none, and what was lost may still wait.
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

    fn compare(&self, entry: &Message) -> Match {
        let ours = entry.direction.as_ref() == Some(&MessageDirection::OutboundApi);
        if entry.direction.is_some() && !ours {
            return Match::Other;
        }
        let kept = entry.body.as_ref().map(|body| body.expose().as_str());
        let text = match (self.text(), kept) {
            // Redacted, not kept, or made by Twilio from a template.
            (None, _) | (_, None | Some("")) => Match::Maybe,
            (Some(sent), Some(kept)) if is_same_text(sent, kept) => Match::Same,
            (Some(_), Some(_)) if self.may_be_rewritten() => Match::Maybe,
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
        // Names are replaced in some countries, and channels fall back on others.
        Match::Maybe
    }
}

fn compare_media(request: &SendMessage, entry: &Message) -> Match {
    let theirs = entry.num_media.and_then(|n| usize::try_from(n).ok());
    match theirs.zip(request.media_count()) {
        Some((theirs, ours)) if theirs != ours => Match::Maybe,
        _ => Match::Same,
    }
}

/// What Twilio puts before the texts of trial accounts.
const TRIAL: &str = "Sent from your Twilio trial account - ";

/// Whether a text is another as Twilio keeps it: trimmed, with line ends of its own, with
/// look-alikes of Unicode characters replaced.
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

    /// SIP addresses and identities may be kept otherwise than they were given.
    fn is_listed(&self) -> bool {
        matches!(self.callee(), Callee::Phone(_))
    }

    fn created(entry: &Call) -> Option<&Timestamp> {
        entry.date_created.as_ref()
    }

    fn sid(entry: &Call) -> &str {
        entry.sid.as_str()
    }

    /// A call keeps nothing of what was to be said in it.
    fn compare(&self, entry: &Call) -> Match {
        match &entry.direction {
            Some(CallDirection::OutboundApi) | None => Match::Maybe,
            Some(_) => Match::Other,
        }
    }
}

//! Who may be reached from here.

use std::collections::BTreeSet;

use crate::client::calls::{Instructions, RedirectTarget};
use crate::phone::{Callee, E164, Recipient};

/// Who may be reached from here. Asked before every message and every call; nothing goes around
/// it.
///
/// A copy of production on a test server holds the numbers of real volunteers: give that server
/// [`Off`](Self::Off), or [`only`](Self::only) the testers' own numbers. It has no default, so
/// that every deployment says what it is.
///
/// It judges the recipient of a message, the callee of a call, and whom TwiML that is sent along
/// with a call dials or texts. [`Only`](Self::Only) and [`Off`](Self::Off) refuse such TwiML where it
/// may connect the callee with others whose numbers are not in it: a queue, a conference, a room, a
/// virtual agent, an SDK user, a SIP address, or an element that is not known. TwiML that Twilio
/// fetches, or that answers a webhook, is not seen: that is for the service that writes it.
///
/// ```
/// use clinspark_twilio::client::Delivery;
/// use clinspark_twilio::phone::E164;
///
/// let test_server = Delivery::only([E164::parse("+14155550123")?]);
/// # let _ = test_server;
/// # Ok::<(), clinspark_twilio::phone::PhoneError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// Everybody: production.
    Live,
    /// These telephone numbers, by message on any channel or by call; and no Messenger id, SDK
    /// user or SIP address.
    Only(BTreeSet<E164>),
    /// Nobody. Reading the account, and setting it up, still works.
    Off,
}

impl Delivery {
    /// These telephone numbers and nobody else.
    pub fn only(numbers: impl IntoIterator<Item = E164>) -> Self {
        Self::Only(numbers.into_iter().collect())
    }

    /// What forbids a request, if anything does.
    pub(in crate::client) fn refusal(&self, reach: &Reach<'_>) -> Option<&'static str> {
        match self {
            Self::Live => None,
            Self::Only(listed) => {
                let is_listed = |number: Option<E164>| number.is_some_and(|n| listed.contains(&n));
                let all_listed = reach.people().into_iter().all(is_listed);
                (!all_listed)
                    .then_some("it reaches somebody who is not among those of Delivery::Only")
            }
            Self::Off if reach.people().is_empty() => None,
            Self::Off => Some("delivery is off here (Delivery::Off)"),
        }
    }
}

/// Whom a request reaches.
#[derive(Debug)]
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
pub enum Reach<'a> {
    /// Nobody: it reads, or sets something up.
    Nobody,
    /// The recipient of a message.
    Message(&'a Recipient),
    /// The callee of a call, and whom its instructions reach.
    Call(&'a Callee, &'a Instructions),
    /// Whom new instructions of a running call reach.
    Redirected(&'a RedirectTarget),
}

impl Reach<'_> {
    /// Everybody who is reached; `None` for each who is not told by a telephone number.
    fn people(&self) -> Vec<Option<E164>> {
        match self {
            Self::Nobody => Vec::new(),
            Self::Message(recipient) => vec![recipient.phone()],
            Self::Call(callee, then) => {
                let mut people = then.others();
                people.push(match callee {
                    Callee::Phone(number) => Some(*number),
                    Callee::Client(_) | Callee::Sip(_) => None,
                });
                people
            }
            Self::Redirected(then) => then.others(),
        }
    }
}

//! Who may be reached from here.

use std::collections::BTreeSet;

use crate::phone::{Callee, E164, Recipient};

/// Who may be reached from here. Asked before every message and every call; nothing goes around
/// it.
///
/// A copy of production on a test server holds the numbers of real volunteers: give that server
/// [`Off`](Self::Off), or [`only`](Self::only) the testers' own numbers. It has no default, so
/// that every deployment says what it is.
///
/// It judges the recipient of a message and the callee of a call. Whom the TwiML of an answered
/// call dials or texts, it does not see: that is for the service that writes the TwiML.
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
    pub(super) fn refusal(&self, reach: &Reach<'_>) -> Option<&'static str> {
        let number = match reach {
            Reach::Nobody => return None,
            Reach::Message(recipient) => recipient.phone(),
            Reach::Call(Callee::Phone(number)) => Some(*number),
            Reach::Call(_) => None,
        };
        match self {
            Self::Live => None,
            Self::Only(numbers) if number.is_some_and(|n| numbers.contains(&n)) => None,
            Self::Only(_) => Some("the person is not among those of Delivery::Only"),
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
    /// The callee of a call.
    Call(&'a Callee),
}

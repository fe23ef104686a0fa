//! Who may be reached from here.

use std::collections::BTreeSet;

use crate::phone::{Callee, E164, Recipient};

/// Who may be reached from here. Checked before every message and every call; nothing goes around
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

    /// Why a request is blocked, if it is. `people` are those whom it reaches: the telephone number
    /// of each, `None` for each without one.
    pub(in crate::client) fn refusal(
        &self,
        people: impl FnOnce() -> Vec<Option<E164>>,
    ) -> Option<&'static str> {
        match self {
            Self::Live => None,
            Self::Only(listed) => {
                let is_listed = |number: Option<E164>| number.is_some_and(|n| listed.contains(&n));
                let all_listed = people().into_iter().all(is_listed);
                (!all_listed)
                    .then_some("it reaches somebody who is not among those of Delivery::Only")
            }
            Self::Off if people().is_empty() => None,
            Self::Off => Some("delivery is off here (Delivery::Off)"),
        }
    }
}

/// An argument of a request by which it reaches people.
pub(in crate::client) trait Reaches {
    /// The telephone number of each person, `None` for each without one.
    fn people(&self) -> Vec<Option<E164>>;
}

impl Reaches for Recipient {
    fn people(&self) -> Vec<Option<E164>> {
        vec![self.phone()]
    }
}

impl Reaches for Callee {
    fn people(&self) -> Vec<Option<E164>> {
        vec![match self {
            Self::Phone(number) => Some(*number),
            Self::Client(_) | Self::Sip(_) => None,
        }]
    }
}

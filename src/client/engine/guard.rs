//! Limits the recipients of a client.

use std::collections::BTreeSet;

use crate::phone::{Callee, E164, Recipient};

/// Recipients that a client may text and call. Checked before every message and every call, and
/// impossible to bypass.
///
/// A copy of production on a test server contains the numbers of real volunteers. Configure such a
/// server with [`Off`](Self::Off), or with [`only`](Self::only) the testers' own numbers. There is
/// no default: every deployment must choose.
///
/// `Delivery` checks the recipient of a message and the callee of a call. It also checks the people
/// whom TwiML sent along with a call dials or texts. [`Only`](Self::Only) and [`Off`](Self::Off)
/// refuse such TwiML if it may connect the callee with people whose numbers are not in it. It may
/// do so by a queue, a conference, a video `Room`, a virtual agent, an SDK user, a SIP address, or
/// an unknown element.
///
/// Some requests reach people whose numbers the client does not know, such as the participants of a
/// conference, a waiting caller, the other party of a call in progress, or the contact of a brand.
/// Only [`Live`](Self::Live) permits them.
/// The same holds for a [`RawRequest`](crate::client::RawRequest) that may reach anyone.
///
/// `Delivery` does not check TwiML that Twilio fetches, or that responds to a webhook. The service that
/// writes such TwiML must limit its recipients.
///
/// ```
/// use clinspark_twilio::client::messages::{SendMessage, Sender};
/// use clinspark_twilio::client::{Client, Delivery, ErrorKind};
/// # use clinspark_twilio::client::Credentials;
/// # use clinspark_twilio::phone::E164;
/// # use clinspark_twilio::client::testing::FakeTransport;
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let volunteer = E164::parse("+14155550123")?;
/// # let clinic = Sender::Number(E164::parse("+14155550100")?);
/// # let tester = E164::parse("+14155550199")?;
/// # let transport = FakeTransport::new();
///
/// let client = Client::builder(credentials, Delivery::only([tester]))
///     .with_transport(transport.clone())
///     .build()?;
///
/// let request = SendMessage::new(volunteer, clinic, "See you at 9:00.");
/// let error = client.execute(request).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Blocked);
/// assert!(transport.requests().is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// Every recipient is permitted. For production.
    Live,
    /// Only these telephone numbers are permitted, for calls and for messages on any channel.
    /// Messenger ids, SDK users and SIP addresses are refused.
    Only(BTreeSet<E164>),
    /// No recipient is permitted. Requests that read or configure the account still work.
    Off,
}

impl Delivery {
    /// Creates [`Only`](Self::Only) from these telephone numbers.
    pub fn only(numbers: impl IntoIterator<Item = E164>) -> Self {
        Self::Only(numbers.into_iter().collect())
    }

    /// Returns `true` if a person with this number may be texted and called.
    #[must_use]
    pub fn permits(&self, number: E164) -> bool {
        self.refusal(|| vec![Some(number)]).is_none()
    }

    /// Returns the reason for which a request is blocked, if it is. `people` are those whom it
    /// reaches: the telephone number of each, `None` for each without one.
    pub(in crate::client) fn refusal(
        &self,
        people: impl FnOnce() -> Vec<Option<E164>>,
    ) -> Option<&'static str> {
        match self {
            Self::Live => None,
            Self::Only(listed) => {
                let is_listed = |number: Option<E164>| number.is_some_and(|n| listed.contains(&n));
                let all_listed = people().into_iter().all(is_listed);
                (!all_listed).then_some(
                    "the request would reach a person who is not listed in Delivery::Only",
                )
            }
            Self::Off if people().is_empty() => None,
            Self::Off => Some("texts and calls are disabled for this client (Delivery::Off)"),
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

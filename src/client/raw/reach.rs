//! The people whom a raw request reaches.
//!
//! Fail closed: a `POST` reaches someone unless its path is in [`REACH_NO_ONE`].

use http::Method;

use crate::client::engine::base_url::Host;
use crate::client::engine::form::Form;
use crate::client::engine::raw_path::{ACCOUNT, RawPath, stem};
use crate::client::resources::calls::{
    HangUpCall, InlineTwiml, PlaceCall, RedirectCall, SetCallTimeLimit,
};
use crate::client::resources::messages::SendMessage;
use crate::phone::E164;
use crate::types::is_sid;

/// People whom a `POST` reaches, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// No one.
    NoOne,
    /// The recipient of a message.
    Message,
    /// The callee, and those whom the TwiML reaches.
    Call,
    /// Those whom the TwiML reaches.
    CallUpdate,
    /// Anyone.
    Anyone,
}

/// Prefix of the paths of an account in the 2010 API.
const OF_ACCOUNT: &str = "2010-04-01/Accounts/{AC}/";

/// Paths whose `POST` configures the account, or a call without reaching anyone else.
///
/// `{XX}` stands for a SID with this prefix. Paths of [`Host::Api`] are below [`OF_ACCOUNT`].
///
/// Missing on purpose, because each reaches people: `Messages`, `Calls`, `Participants` and
/// announcements of conferences, `Members` of queues, `Payments`, `OutgoingCallerIds` (Twilio
/// calls the number), registrations of brands (Twilio texts a passcode to the contact), and all
/// of Verify, Conversations, Studio, Notify, Proxy and Flex.
const REACH_NO_ONE: &[(Host, &str)] = &[
    (Host::Api, "Addresses.json"),
    (Host::Api, "Addresses/{AD}.json"),
    (Host::Api, "Applications.json"),
    (Host::Api, "Applications/{AP}.json"),
    (Host::Api, "Calls/{CA}/Recordings.json"),
    (Host::Api, "Calls/{CA}/Recordings/{RE}.json"),
    (Host::Api, "Calls/{CA}/Recordings/Twilio.CURRENT.json"),
    (Host::Api, "Calls/{CA}/Siprec.json"),
    (Host::Api, "Calls/{CA}/Siprec/{SR}.json"),
    (Host::Api, "Calls/{CA}/Streams.json"),
    (Host::Api, "Calls/{CA}/Streams/{MZ}.json"),
    (Host::Api, "Calls/{CA}/Transcriptions.json"),
    (Host::Api, "Calls/{CA}/Transcriptions/{GT}.json"),
    (Host::Api, "IncomingPhoneNumbers.json"),
    (Host::Api, "IncomingPhoneNumbers/{PN}.json"),
    (Host::Api, "Messages/{MM}.json"),
    (Host::Api, "Messages/{MM}/Feedback.json"),
    (Host::Api, "Messages/{SM}.json"),
    (Host::Api, "Messages/{SM}/Feedback.json"),
    (Host::Api, "OutgoingCallerIds/{PN}.json"),
    (Host::Api, "Queues.json"),
    (Host::Api, "Queues/{QU}.json"),
    (Host::Api, "SMS/ShortCodes/{SC}.json"),
    (Host::Api, "Usage/Triggers.json"),
    (Host::Api, "Usage/Triggers/{UT}.json"),
    (Host::Accounts, "v1/AuthTokens/Promote"),
    (Host::Accounts, "v1/AuthTokens/Secondary"),
    (Host::Accounts, "v1/Consents/Bulk"),
    (Host::Accounts, "v1/SafeList/Numbers"),
    (Host::Content, "v1/Content"),
    (Host::Messaging, "v1/Services"),
    (Host::Messaging, "v1/Services/{MG}"),
    (Host::Messaging, "v1/Services/{MG}/AlphaSenders"),
    (Host::Messaging, "v1/Services/{MG}/Compliance/Usa2p"),
    (Host::Messaging, "v1/Services/{MG}/Compliance/Usa2p/{QE}"),
    (Host::Messaging, "v1/Services/{MG}/PhoneNumbers"),
    (Host::Messaging, "v1/Services/{MG}/ShortCodes"),
    (Host::Messaging, "v1/Tollfree/Verifications"),
    (Host::Messaging, "v1/Tollfree/Verifications/{HH}"),
    (Host::Voice, "v1/DialingPermissions/BulkCountryUpdates"),
    (Host::Voice, "v1/Settings"),
];

impl Reach {
    pub(super) fn of_post(path: &RawPath) -> Self {
        let is = |host, pattern: &str| {
            path.host() == host
                && match host {
                    Host::Api => matches(path, OF_ACCOUNT, pattern),
                    _ => matches(path, "", pattern),
                }
        };
        // Such a path is never sent. The guard does not rely on that.
        if path.fault().is_some() {
            Self::Anyone
        } else if is(Host::Api, "Messages.json") {
            Self::Message
        } else if is(Host::Api, "Calls.json") {
            Self::Call
        } else if is(Host::Api, "Calls/{CA}.json") {
            Self::CallUpdate
        } else if REACH_NO_ONE
            .iter()
            .any(|(host, pattern)| is(*host, pattern))
        {
            Self::NoOne
        } else {
            Self::Anyone
        }
    }

    /// Returns the telephone number of each person, `None` for each without a known one.
    pub(super) fn people(self, form: &Form) -> Vec<Option<E164>> {
        if self.unknown_people(form).is_some() {
            // An unknown person, whom only `Delivery::Live` permits.
            return vec![None];
        }
        match self {
            Self::NoOne | Self::Anyone => Vec::new(),
            Self::Message => recipients(form, message_recipient),
            Self::Call => {
                let mut people = recipients(form, |to| E164::parse(to).ok());
                people.extend(in_twiml(form, InlineTwiml::people));
                people
            }
            Self::CallUpdate => in_twiml(form, InlineTwiml::people_in_progress),
        }
    }

    /// Returns the reason why a request may reach a person whom the guard cannot name, if it may.
    pub(super) fn unknown_people(self, form: &Form) -> Option<&'static str> {
        let known = match self {
            Self::NoOne => return None,
            Self::Anyone => {
                return Some(
                    "this path is not known to reach no one: only Delivery::Live permits it",
                );
            }
            Self::Message => MESSAGE,
            Self::Call => CALL,
            Self::CallUpdate => CALL_UPDATE,
        };
        // Another parameter than those of the typed requests may name further people.
        let is_known = |name| {
            known
                .iter()
                .flat_map(|groups| groups.concat())
                .any(|n| n == name)
        };
        let is_judged = !form.has_extras() && form.json().is_none() && form.names().all(is_known);
        (!is_judged).then_some(
            "JSON, or a parameter that the crate does not know, may name a further person: only \
             Delivery::Live permits it",
        )
    }
}

/// Parameters of a message that the guard can judge.
const MESSAGE: &[&[&[&str]]] = &[SendMessage::PARAMETERS];

/// Parameters of a call that the guard can judge.
const CALL: &[&[&[&str]]] = &[PlaceCall::PARAMETERS];

/// Parameters of the update of a call that the guard can judge.
const CALL_UPDATE: &[&[&[&str]]] = &[
    RedirectCall::PARAMETERS,
    HangUpCall::PARAMETERS,
    SetCallTimeLimit::PARAMETERS,
];

/// Returns `true` if the segments of a path are exactly those of a pattern.
fn matches(path: &RawPath, prefix: &str, pattern: &str) -> bool {
    let patterns = prefix
        .split_terminator('/')
        .chain(pattern.split_terminator('/'));
    let segments = path.segments();
    segments.len() == patterns.clone().count()
        && segments
            .iter()
            .zip(patterns)
            .all(|(segment, pattern)| is_segment(segment, pattern))
}

fn is_segment(segment: &str, pattern: &str) -> bool {
    let Some(prefix) = stem(pattern)
        .strip_prefix('{')
        .and_then(|pattern| pattern.strip_suffix('}'))
    else {
        return segment == pattern;
    };
    let ending = |text: &str| text.strip_suffix(".json").is_some();
    let ends_alike = ending(segment) == ending(pattern);
    let segment = stem(segment);
    let is_account = prefix == "AC" && segment == ACCOUNT;
    ends_alike && (is_account || (is_sid(segment) && segment.starts_with(prefix)))
}

/// Returns the people in `To`; one without a number if there is no `To`.
fn recipients(form: &Form, read: fn(&str) -> Option<E164>) -> Vec<Option<E164>> {
    let people: Vec<_> = form.values("To").map(read).collect();
    // Without `To`, Twilio may take the recipient from elsewhere.
    if people.is_empty() {
        vec![None]
    } else {
        people
    }
}

/// Returns the telephone number of a recipient on any channel that has one.
fn message_recipient(to: &str) -> Option<E164> {
    let number = to
        .strip_prefix("whatsapp:")
        .or_else(|| to.strip_prefix("rcs:"))
        .unwrap_or(to);
    E164::parse(number).ok()
}

fn in_twiml(form: &Form, people: fn(&InlineTwiml) -> Vec<Option<E164>>) -> Vec<Option<E164>> {
    form.values("Twiml")
        .flat_map(|twiml| people(&InlineTwiml::from_xml(twiml)))
        .collect()
}

/// Returns Twilio's name of a parameter that the guard can judge: one of a message or a call.
pub(super) fn known_parameter(name: &str) -> Option<&'static str> {
    [MESSAGE, CALL, CALL_UPDATE]
        .concat()
        .into_iter()
        .flatten()
        .flat_map(|group| group.iter())
        .find(|known| **known == name)
        .copied()
}

/// Returns `true` for a request that buys, releases or transfers a number, or changes an auth token
/// or API key, in any spelling of its path.
pub(super) fn is_reserved(method: &Method, path: &RawPath, form: &Form) -> bool {
    let names = |name: &str| {
        let is_name = |segment: &String| stem(segment).eq_ignore_ascii_case(name);
        path.segments().iter().any(is_name)
    };
    let last = path.last_segment().unwrap_or_default();
    let updates_number = method == Method::POST
        && is_sid(last)
        && last.starts_with("PN")
        // Transfers the number to another account. JSON might do the same.
        && !form.has_extra_in_any_case("AccountSid")
        && form.json().is_none();
    // Compared without case: whether Twilio reads `authtokens` as the same path is not
    // documented.
    let changes_credentials = ["AuthTokens", "Keys", "SigningKeys"].into_iter().any(names);
    changes_credentials || (names("IncomingPhoneNumbers") && !updates_number)
}

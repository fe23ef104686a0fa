//! Newest texts and calls to a person.

use std::cmp::Reverse;

use clinspark_twilio::client::calls::ListCalls;
use clinspark_twilio::client::messages::ListMessages;
use clinspark_twilio::phone::Address;
use clinspark_twilio::types::Timestamp;

use super::Subject;
use super::investigation::Investigation;
use crate::failure::Failure;

/// Number of texts, and of calls, that are listed.
const LISTED: u32 = 5;

/// Text or call to the person.
struct Contact {
    subject: Subject,
    at: Option<Timestamp>,
    /// Kind and SID.
    name: String,
    status: String,
}

impl Contact {
    fn new(
        subject: Subject,
        name: String,
        at: Option<Timestamp>,
        status: Option<impl ToString>,
    ) -> Self {
        let status = status.map(|status| status.to_string());
        Self {
            subject,
            at,
            name,
            status: status.unwrap_or_else(|| "without a status".to_owned()),
        }
    }
}

/// Lists the newest texts and calls to a person, and returns the newest of all.
pub(super) async fn newest(
    run: &mut Investigation<'_>,
    person: &Address,
) -> Result<Option<Subject>, Failure> {
    let mut contacts = Vec::new();
    let texts = ListMessages::new().to(person.clone()).page_size(LISTED);
    for text in run.client.execute(texts).await?.items {
        let (name, subject) = (format!("text {}", text.sid), Subject::Message(text.sid));
        contacts.push(Contact::new(subject, name, text.date_created, text.status));
    }
    let calls = ListCalls::new().to(person.clone()).page_size(LISTED);
    for call in run.client.execute(calls).await?.items {
        let (name, subject) = (format!("call {}", call.sid), Subject::Call(call.sid));
        contacts.push(Contact::new(subject, name, call.date_created, call.status));
    }
    // Stable: of one second, Twilio's order counts.
    contacts.sort_by_key(|contact| Reverse(contact.at.as_ref().and_then(Timestamp::time)));
    for Contact {
        at, name, status, ..
    } in &contacts
    {
        let at = at
            .as_ref()
            .map_or_else(|| "unknown time".to_owned(), ToString::to_string);
        run.note("history", format!("{at}: {name} is {status}"));
    }
    Ok(contacts.first().map(|contact| contact.subject))
}

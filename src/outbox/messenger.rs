//! [`Deliver`] for [`Messenger`]: every text passes every gate at send time.

use std::time::{Duration, SystemTime};

use super::deliver::{
    BatchText, Begin, CheckedBatchText, Deliver, ListedText, Listing, Undelivered,
};
use super::message::Reason;
use crate::Messenger;
use crate::client::messages::ListMessages;
use crate::client::{self, Outcome};
use crate::codes::{ErrorClass, ErrorCode};
use crate::messenger::{CheckedText, Error, ErrorKind};
use crate::types::{BoxFuture, MessageDirection, MessageSid, Redacted, Timestamp};

/// Entries of a list that are compared. More to one person within days is no reminder.
const MOST_LISTED: usize = 1_000;

impl Deliver for Messenger {
    fn deliver<'a>(
        &'a self,
        text: BatchText<'a>,
        begin: Begin<'a>,
    ) -> BoxFuture<'a, Result<MessageSid, Undelivered>> {
        Box::pin(async move {
            let staff = self.on_behalf_of("outbox", text.purpose);
            let checked = pass_gates(&staff, &text, None).await?;
            permit(&checked)?;
            begin.commit(checked.to(), checked.body()).await?;
            // The gates and the store may have taken their time.
            let checked = limit_validity(checked, time_left(self, &text)?);
            let sent = checked.send(text.message_id).await;
            sent.map(|message| message.sid)
                .map_err(|error| undelivered(&error))
        })
    }

    fn check<'a>(
        &'a self,
        text: BatchText<'a>,
    ) -> BoxFuture<'a, Result<CheckedBatchText, Undelivered>> {
        Box::pin(async move {
            let (checked, waits_until) = match pass_gates(self, &text, None).await {
                Err(Undelivered::Later { at: Some(at), .. }) => {
                    (pass_gates(self, &text, Some(at)).await?, Some(at))
                }
                checked => (checked?, None),
            };
            permit(&checked)?;
            Ok(CheckedBatchText {
                to: checked.to(),
                body: Redacted::new(checked.body().to_owned()),
                waits_until,
            })
        })
    }

    fn list<'a>(
        &'a self,
        typed: &'a Redacted<String>,
    ) -> BoxFuture<'a, Result<Listing, Undelivered>> {
        Box::pin(async move {
            let number = self.normalizer().normalize(typed.expose());
            let to = number
                .map_err(|error| undelivered(&Error::from(error)))?
                .e164();
            let mut listing = Listing::new(to);
            listing.incomplete = self.retention_gap().map(Reason::new);
            let failed = |error: client::Error| undelivered(&Error::from(error));
            // Not filtered by date sent: a queued message has none yet.
            let list = ListMessages::new().to(to).page_size(100);
            let mut messages = self.client().list(list);
            let mut seen = 0;
            while let Some(message) = messages.next().await {
                let message = message.map_err(failed)?;
                seen += 1;
                if seen > MOST_LISTED {
                    listing.incomplete = Some(Reason::new("Twilio lists too many texts"));
                    break;
                }
                if message.direction == Some(MessageDirection::Inbound) {
                    continue;
                }
                listing.texts.push(ListedText {
                    sid: message.sid,
                    body: message.body.filter(|body| !body.expose().is_empty()),
                    created: message.date_created.as_ref().and_then(Timestamp::time),
                });
            }
            if !messages.unreadable().is_empty() {
                listing.incomplete = Some(Reason::new("an entry of Twilio's list is unreadable"));
            }
            Ok(listing)
        })
    }
}

/// Checks the client's own refusals. One that texts no one would refuse every person of the batch for
/// good, although the texts can be sent once they are switched on.
fn permit(checked: &CheckedText<'_>) -> Result<(), Undelivered> {
    if checked.is_switched_off() {
        return Err(Undelivered::Configuration(Reason::new(
            "texts are switched off (Delivery::Off); switch them on and resume the batch",
        )));
    }
    checked.check().map_err(|error| undelivered(&error))
}

async fn pass_gates<'m>(
    messenger: &'m Messenger,
    text: &BatchText<'_>,
    time: Option<SystemTime>,
) -> Result<CheckedText<'m>, Undelivered> {
    time_left(messenger, text)?;
    let outgoing = messenger
        .text_template(text.number.expose(), text.template, text.data)
        .time_zone(text.time_zone.cloned());
    let checked = outgoing.pass_gates_at(text.message_id, time).await;
    let checked = checked.map_err(|error| undelivered(&error))?;
    Ok(limit_validity(checked, time_left(messenger, text)?))
}

/// Returns the time until the end of validity. `None` if it has none.
fn time_left(messenger: &Messenger, text: &BatchText<'_>) -> Result<Option<Duration>, Undelivered> {
    let now = messenger.now();
    match text.not_after.map(|end| end.duration_since(now)) {
        None => Ok(None),
        Some(Ok(left)) if left >= Duration::from_secs(1) => Ok(Some(left)),
        Some(_) => Err(Undelivered::Expired),
    }
}

/// Limits the time for which Twilio may queue the text. Twilio accepts at most ten hours.
fn limit_validity(checked: CheckedText<'_>, left: Option<Duration>) -> CheckedText<'_> {
    match left {
        Some(left) if left < Duration::from_secs(36_000) => {
            checked.with_validity_period(Duration::from_secs(left.as_secs()))
        }
        _ => checked,
    }
}

/// Returns what becomes of a text after an error:
///
/// | Error | Becomes |
/// |---|---|
/// | quiet hours; consent gate failed | sent later |
/// | 429, queue full, no connection | sent later, as every text of the sender |
/// | number, kind, consent, template value; refused by Twilio for this person | refused |
/// | disabled, credentials, settings, registration, account | the batch stops |
/// | outcome unknown | in doubt |
fn undelivered(error: &Error) -> Undelivered {
    let reason = |text: &str| Reason::new(text);
    match error.kind() {
        ErrorKind::QuietHours => match error.quiet_until() {
            Some(at) => Undelivered::Later {
                at: Some(at),
                reason: reason("quiet hours"),
            },
            None => Undelivered::Held(reason(
                "quiet hours: the time zone is unknown, or they never end",
            )),
        },
        ErrorKind::ConsentGate => match error.client() {
            // Twilio refused: the person has opted out.
            Some(client) => of_client(client),
            None => Undelivered::Later {
                at: None,
                reason: reason("the consent gate failed"),
            },
        },
        ErrorKind::Number
        | ErrorKind::NumberKind
        | ErrorKind::Recipient
        | ErrorKind::Consent
        | ErrorKind::Template => Undelivered::Refused {
            code: None,
            reason: reason(&error.to_string()),
        },
        ErrorKind::Client => match error.client() {
            Some(client) => of_client(client),
            None => Undelivered::Unknown {
                sid: None,
                reason: reason("the client failed"),
            },
        },
        ErrorKind::Unconfirmed => Undelivered::Unknown {
            sid: None,
            reason: reason("Twilio did not confirm the request"),
        },
        ErrorKind::Disabled
        | ErrorKind::Request
        | ErrorKind::MergeTag
        | ErrorKind::Configuration => Undelivered::Configuration(reason(&error.to_string())),
    }
}

fn of_client(error: &client::Error) -> Undelivered {
    let reason = Reason::new(&error.to_string());
    if let Outcome::Unknown { sid, .. } = error.outcome() {
        let sid = sid.as_deref().and_then(|sid| MessageSid::parse(sid).ok());
        return Undelivered::Unknown { sid, reason };
    }
    let code = error.code();
    let is_full = code == Some(ErrorCode::QUEUE_FULL);
    if error.is_retryable() || is_full {
        let wait = error.retry_after();
        return Undelivered::Throttled { wait, reason };
    }
    if *error.outcome() == Outcome::NotSent {
        // Credentials that cannot be fetched, an audit trail that cannot be written, a blocked
        // recipient: the client's own refusals.
        return match error.kind() {
            client::ErrorKind::Blocked => Undelivered::Refused { code, reason },
            _ => Undelivered::Configuration(reason),
        };
    }
    match code {
        Some(code) if is_of_recipient(code) => Undelivered::Refused {
            code: Some(code),
            reason,
        },
        _ => Undelivered::Configuration(reason),
    }
}

/// Returns `true` if Twilio refused this recipient or text, so that others may pass.
fn is_of_recipient(code: ErrorCode) -> bool {
    let recipient = [
        ErrorCode::RECIPIENT_NOT_VERIFIED,
        ErrorCode::NO_ROUTE,
        ErrorCode::BODY_TOO_LONG,
        ErrorCode::INVALID_TO,
        ErrorCode::NOT_MOBILE,
    ];
    let class = [
        ErrorClass::OptedOut,
        ErrorClass::InvalidRecipient,
        ErrorClass::Unreachable,
        ErrorClass::Filtered,
        ErrorClass::GeoPermission,
    ];
    recipient.contains(&code) || class.contains(&code.class())
}

//! Causes for which a person did not get a message.

use clinspark_twilio::client::messages::{FetchMessage, ListMessages, Message};
use clinspark_twilio::codes::{ErrorClass, ErrorCode};
use clinspark_twilio::phone::Address;
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::types::{MessageDirection, MessageSid, MessageStatus};

use super::investigation::{Investigation, masked};
use super::{alerts, sender};
use crate::failure::Failure;

const OPT_OUT: &str = "opt-out";
const STATUS: &str = "status";

pub(super) async fn investigate(
    run: &mut Investigation<'_>,
    sid: MessageSid,
) -> Result<(), Failure> {
    let what = format!("message {sid}");
    let message = run.subject(FetchMessage::new(sid), &what).await?;
    let (from, to) = (message.from.as_ref(), message.to.as_ref());
    run.note(
        "message",
        format!("from {} to {}", masked(from), masked(to)),
    );
    times(run, &message);
    status(run, &message);
    if message.direction != Some(MessageDirection::Inbound) {
        opt_out(run, &message).await;
        let from = from.and_then(Address::phone);
        sender::of_message(run, from, message.messaging_service_sid).await;
    }
    alerts::about(run, sid.as_str(), message.date_created.as_ref()).await;
    Ok(())
}

fn times(run: &mut Investigation<'_>, message: &Message) {
    let times = [
        ("created", &message.date_created),
        ("sent", &message.date_sent),
        ("updated", &message.date_updated),
    ];
    let times: Vec<String> = times
        .into_iter()
        .filter_map(|(name, time)| Some(format!("{name} {}", time.as_ref()?)))
        .collect();
    run.note("times", times.join("; "));
}

fn status(run: &mut Investigation<'_>, message: &Message) {
    use MessageStatus::{Canceled, Delivered, Failed, Read, Received, Sent, Undelivered};
    let code = message.error_code.filter(|code| code.get() != 0);
    let Some(status) = &message.status else {
        return run.unknown(STATUS, "Twilio returns no status");
    };
    match status {
        Delivered => run.ok(
            STATUS,
            "delivered: the carrier reports that the phone has it",
        ),
        Read | Received => run.ok(STATUS, status.as_str()),
        Failed | Undelivered if code.is_none() => run.problem(
            STATUS,
            format!("{status}, without an error code"),
            "read the message's entry in Twilio's debugger, or ask Twilio with its SID",
        ),
        Canceled => run.problem(
            STATUS,
            "canceled before it was sent",
            "send it again if it is still needed",
        ),
        Sent => run.note(
            STATUS,
            "sent: the carrier accepted it, and has not reported a delivery",
        ),
        _ => run.note(STATUS, status.as_str()),
    }
    if let Some(code) = code {
        let advice = code.advice().map_or_else(|| code.url(), str::to_owned);
        run.problem("error", format!("{code}: {}", code.meaning()), advice);
    }
}

/// Looks for the last STOP or START of the person.
async fn opt_out(run: &mut Investigation<'_>, message: &Message) {
    let opted_out = message.error_code.map(ErrorCode::class);
    if opted_out == Some(ErrorClass::OptedOut) {
        return run.problem(
            OPT_OUT,
            "Twilio blocked it, because the person has opted out",
            "do not text them until they text START",
        );
    }
    let Some(person) = message.to.clone() else {
        return;
    };
    let request = ListMessages::new().from(person).page_size(100);
    let Some(page) = run.read(OPT_OUT, request).await else {
        return;
    };
    let inbound = |text: &&Message| text.direction == Some(MessageDirection::Inbound);
    let texts = page.items.iter().filter(inbound);
    let keyword = |text: &Message| OptOut::classify(text.body.as_ref()?.expose());
    let last = texts.clone().find_map(|text| match keyword(text) {
        Some(OptOut::Stop) => Some((true, text)),
        Some(OptOut::Start) => Some((false, text)),
        _ => None,
    });
    let when = |text: &Message| {
        let at = text.date_created.as_ref().map(ToString::to_string);
        let at = at.unwrap_or_else(|| "at an unknown time".to_owned());
        format!("to {}, {at}", masked(text.to.as_ref()))
    };
    match last {
        Some((true, text)) => run.problem(
            OPT_OUT,
            format!("the person texted STOP {}", when(text)),
            "do not text them until they text START",
        ),
        Some((false, text)) => run.ok(
            OPT_OUT,
            format!("the person texted START last, {}", when(text)),
        ),
        None => {
            let count = texts.count();
            run.ok(
                OPT_OUT,
                format!("no STOP in the last texts of the person ({count} read)"),
            );
        }
    }
}

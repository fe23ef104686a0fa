//! Causes for which a person did not get a message.

use clinspark_twilio::client::messages::{FetchMessage, Message};
use clinspark_twilio::codes::{ErrorClass, ErrorCode};
use clinspark_twilio::phone::Address;
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::types::{MessageDirection, MessageSid, MessageStatus};

use super::super::consent::PastTexts;
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

/// Returns `true` if a STOP cannot be the cause for which the person did not get the message.
fn is_delivered(message: &Message) -> bool {
    let delivered = [MessageStatus::Delivered, MessageStatus::Read];
    message
        .status
        .as_ref()
        .is_some_and(|status| delivered.contains(status))
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
    let texts = match PastTexts::read(run.client, &person).await {
        Ok(texts) => texts,
        Err(error) => return run.unknown(OPT_OUT, error.to_string()),
    };
    match texts.block() {
        Some(text) if text.reply == OptOut::Stop && is_delivered(message) => run.note(
            OPT_OUT,
            format!(
                "the person texted STOP {}; do not text them again",
                text.place()
            ),
        ),
        Some(text) if text.reply == OptOut::Stop => run.problem(
            OPT_OUT,
            format!("the person texted STOP {}", text.place()),
            "do not text them until they text START",
        ),
        Some(text) => run.ok(
            OPT_OUT,
            format!("the person texted START or YES last, {}", text.place()),
        ),
        None => run.ok(
            OPT_OUT,
            format!("no STOP in the texts of the person ({} read)", texts.read),
        ),
    }
    if let Some(text) = texts.consent().filter(|it| it.reply == OptOut::MaybeStop) {
        run.note(
            OPT_OUT,
            format!(
                "{} {} may be an opt-out; read it in Twilio's console",
                text.sid,
                text.place()
            ),
        );
    }
    if let Some(remark) = texts.remark() {
        run.unknown(OPT_OUT, remark);
    }
}

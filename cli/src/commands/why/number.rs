//! Causes for which a number does not text, call or receive.

use clinspark_twilio::client::numbers::{FetchIncomingPhoneNumber, IncomingPhoneNumber};
use clinspark_twilio::phone::Address;
use clinspark_twilio::types::{ApplicationSid, PhoneNumberSid};

use super::investigation::{Investigation, masked};
use super::{alerts, sender};
use crate::failure::Failure;

pub(super) async fn investigate(
    run: &mut Investigation<'_>,
    sid: PhoneNumberSid,
) -> Result<(), Failure> {
    let what = format!("number {sid}");
    let number = run
        .subject(FetchIncomingPhoneNumber::new(sid), &what)
        .await?;
    run.note("number", masked(number.phone_number.as_ref()));
    capabilities(run, &number);
    binding(run, "voice", number.voice_application_sid);
    binding(run, "messaging", number.sms_application_sid);
    if let Some(trunk) = number.trunk_sid.as_ref().filter(|sid| !sid.is_empty()) {
        run.problem(
            "voice",
            format!("calls go to the trunk {trunk}, not to the TwiML App"),
            "remove the trunk in Twilio's console if the instance should answer calls",
        );
    }
    if let Some(e164) = number.phone_number.as_ref().and_then(Address::phone) {
        sender::of_owned(run, e164, sid).await;
    }
    alerts::recent(run).await;
    Ok(())
}

fn capabilities(run: &mut Investigation<'_>, number: &IncomingPhoneNumber) {
    let Some(capabilities) = number.capabilities else {
        return run.unknown("capabilities", "Twilio does not return them");
    };
    for (name, capable) in [("texts", capabilities.sms), ("calls", capabilities.voice)] {
        match capable {
            Some(true) => run.ok("capabilities", name),
            Some(false) => run.problem(
                "capabilities",
                format!("the number has no {name}"),
                "use another number, or ask Twilio whether this one can be upgraded",
            ),
            None => run.unknown("capabilities", name),
        }
    }
}

fn binding(run: &mut Investigation<'_>, topic: &'static str, app: Option<ApplicationSid>) {
    match app {
        Some(app) => run.ok(topic, format!("TwiML App {app}")),
        None => run.problem(
            topic,
            "no TwiML App is bound",
            "run `clinspark-twilio apply`, or choose the TwiML App in Twilio's console",
        ),
    }
}

//! Typed phone numbers, and addresses in Twilio's notation.

use clinspark_twilio::phone::{
    Address, Callee, E164, Normalizer, PhoneError, PhoneNumber, Recipient, Region,
};
use serde::Deserialize;

use super::{Answer, Case, NotRun, Outcome};

/// Two numbers for the same digits: by the rules of the default region, and with `00` as `+`.
#[derive(Deserialize)]
pub(super) struct Readings {
    home: Option<String>,
    plus: Option<String>,
}

/// `typed` and `double-zero`: the number, or the kind of the refusal.
pub(super) fn typed(case: &Case) -> Outcome {
    let typed: String = case.input()?;
    Ok(match normalize(&typed, case.default_region.as_deref()) {
        Ok(number) => Answer::of(number.e164().as_str()),
        Err(error) => Answer::refusal(refusal(&error, case.readings.as_ref())),
    })
}

/// Normalizes a number. Numbers of every kind are accepted; extensions are removed.
fn normalize(typed: &str, region: Option<&str>) -> Result<PhoneNumber, PhoneError> {
    let region = region.map(Region::parse).transpose()?;
    Normalizer::from_defaults(None, region)?
        .extensions(true)
        .normalize(typed)
}

/// Returns the kind of the error, followed by its candidates if those of the case or their order
/// differ.
fn refusal(error: &PhoneError, wanted: Option<&Readings>) -> String {
    let kind = error.kind().as_str();
    let Some([first, second]) = error.candidates() else {
        return kind.to_owned();
    };
    let (first, second) = (first.e164(), second.e164());
    match wanted.map(|readings| (readings.home.as_deref(), readings.plus.as_deref())) {
        Some((Some(home), Some(plus))) if (home, plus) != (first.as_str(), second.as_str()) => {
            format!("{kind}: {} or {}", first.as_str(), second.as_str())
        }
        _ => kind.to_owned(),
    }
}

/// `address`: the kind, and `textable` or `callable`.
pub(super) fn address(case: &Case) -> Outcome {
    let text: String = case.input()?;
    let address = Address::parse(&text);
    let kind = match &address {
        Address::Phone(_) => "phone",
        Address::ShortCode(_) => "short-code",
        Address::Alphanumeric(_) => "alphanumeric",
        Address::WhatsApp(_) => "whatsapp",
        Address::Rcs(_) => "rcs",
        Address::RcsSender(_) => "rcs-sender",
        Address::Messenger(_) => "messenger",
        Address::Client(_) => "client",
        Address::Sip(_) => "sip",
        Address::Withheld(_) => "withheld",
        Address::Other(_) => "other",
        _ => "unknown",
    };
    let reach = if Recipient::try_from(address.clone()).is_ok() {
        " textable"
    } else if Callee::try_from(address).is_ok() {
        " callable"
    } else {
        ""
    };
    Ok(Answer::of(format!("{kind}{reach}")))
}

/// `same-person`: `true` if two numbers have the same key.
pub(super) fn same_person(case: &Case) -> Outcome {
    let [one, other]: [String; 2] = case.input()?;
    let key = |text: &str| match E164::parse(text) {
        Ok(number) => Ok(number.uniqueness_key()),
        Err(error) => Err(NotRun(format!("not a number in E.164 form: {error}"))),
    };
    Ok(Answer::of(key(&one)? == key(&other)?))
}

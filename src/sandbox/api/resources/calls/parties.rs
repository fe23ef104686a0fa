//! `From` and `To` of a new call.

use crate::phone::{Address, E164};
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::context::Context;
use crate::sandbox::messages::checks;
use crate::sandbox::numbers::{
    VALID_MAGIC_SENDER, is_possible, is_special, read_number, region_of,
};

/// Refuses every call of an account that is suspended or closed.
pub(in crate::sandbox::api) fn check_account(context: &Context) -> Result<(), ApiError> {
    Ok(checks::check_account(context)?)
}

/// Returns the caller and the recipient.
pub(in crate::sandbox::api) fn parties(
    context: &Context,
    form: &Form,
) -> Result<(Address, Address), ApiError> {
    let to = form
        .one("To")
        .ok_or_else(|| ApiError::bad_request(21201, "No 'To' number is specified"))?;
    let from = form
        .one("From")
        .ok_or_else(|| ApiError::bad_request(21213, "No 'From' number is specified"))?;
    let to = match Address::parse(to) {
        to @ (Address::Client(_) | Address::Sip(_)) => to,
        _ => number_to_call(context, to)?.into(),
    };
    Ok((caller(context, form, from, &to)?, to))
}

fn number_to_call(context: &Context, text: &str) -> Result<E164, ApiError> {
    let invalid = || {
        let message = format!("The 'To' number {text} is not a valid phone number.");
        ApiError::bad_request(21211, message)
    };
    let to = read_number(text).ok_or_else(invalid)?;
    if let Some(code) = magic_callee(to) {
        let message = format!("{} is a magic number that rejects every call", to.as_str());
        return Err(ApiError::bad_request(code, message));
    }
    if !is_possible(to) {
        return Err(invalid());
    }
    let is_disabled = region_of(to).is_some_and(|region| {
        context.read(|state| {
            let account = &state.account;
            account.dialing_disabled.contains(&region)
                || is_special(to) && !account.high_risk_special.contains(&region)
        })
    });
    if is_disabled {
        let message = "Account not authorized to call the 'To' number: its country is not enabled";
        return Err(ApiError::bad_request(21215, message));
    }
    if !context.read(|state| state.is_verified(to)) {
        let message = "The 'To' number is unverified; a trial account cannot call it";
        return Err(ApiError::bad_request(21219, message));
    }
    Ok(to)
}

/// Returns the caller: a number of the account that can call, a verified caller ID, or the caller
/// of an inbound call whose `CallToken` is passed. A client or a SIP endpoint also
/// accepts the name of a client or any other caller ID.
///
/// Source: <https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource>
fn caller(context: &Context, form: &Form, text: &str, to: &Address) -> Result<Address, ApiError> {
    let invalid = || ApiError::bad_request(21212, format!("Invalid 'From' number: {text}"));
    // Twilio's magic number for an invalid caller.
    if text == "+15005550001" {
        return Err(invalid());
    }
    let Some(from) = read_number(text) else {
        return match (Address::parse(text), to) {
            (from @ Address::Client(_), Address::Client(_) | Address::Sip(_)) => Ok(from),
            (from, Address::Sip(_)) if is_sip_caller(text) => Ok(from),
            _ => Err(invalid()),
        };
    };
    let can_call = context.read(|state| {
        let number = state.number(from);
        number.map_or_else(
            || {
                let token = form.one("CallToken");
                from.as_str() == VALID_MAGIC_SENDER
                    || state.may_call_from(from)
                    || token.is_some_and(|token| state.token_permits(token, from))
            },
            |number| number.has_capability("voice"),
        )
    });
    if can_call {
        return Ok(from.into());
    }
    let message = format!(
        "The source phone number {} is not verified or owned by the account",
        from.as_str()
    );
    Err(ApiError::bad_request(21210, message))
}

/// Reports whether a SIP endpoint accepts a text as caller ID.
fn is_sip_caller(text: &str) -> bool {
    let is_permitted = |c: char| c.is_ascii_alphanumeric() || "+-_.".contains(c);
    text.chars().all(is_permitted)
}

/// Returns the error code of a magic number of Twilio's test credentials.
///
/// Source: <https://www.twilio.com/docs/iam/test-credentials>
fn magic_callee(to: E164) -> Option<u32> {
    match to.as_str() {
        "+15005550001" => Some(21217),
        "+15005550002" => Some(21214),
        "+15005550003" => Some(21215),
        "+15005550004" => Some(21216),
        _ => None,
    }
}

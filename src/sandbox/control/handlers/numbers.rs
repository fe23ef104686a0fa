//! `numbers`.

use serde::Deserialize;

use crate::phone::E164;
use crate::sandbox::api::incoming_phone_numbers;
use crate::sandbox::control::error::ControlError;
use crate::sandbox::control::reply::{Handled, Reply};
use crate::sandbox::control::request::{ControlRequest, number_of};
use crate::sandbox::control::views::number::NumberView;
use crate::sandbox::state::StoredNumber;

/// Numbers of the account.
const LIMIT: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberInput {
    number: String,
}

/// Makes the struct of a change, and the pairs of Twilio's parameters and the values given.
macro_rules! parameters {
    ($($field:ident = $parameter:literal),+ $(,)?) => {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct ChangeInput {
            $($field: Option<String>,)+
        }

        impl ChangeInput {
            fn settings(&self) -> Vec<(&'static str, &str)> {
                let given = [$(($parameter, self.$field.as_deref())),+];
                let given = given.into_iter();
                given.filter_map(|(name, value)| Some((name, value?))).collect()
            }
        }
    };
}

parameters! {
    friendly_name = "FriendlyName",
    voice_url = "VoiceUrl",
    voice_method = "VoiceMethod",
    voice_fallback_url = "VoiceFallbackUrl",
    voice_fallback_method = "VoiceFallbackMethod",
    voice_caller_id_lookup = "VoiceCallerIdLookup",
    voice_application_sid = "VoiceApplicationSid",
    voice_receive_mode = "VoiceReceiveMode",
    sms_url = "SmsUrl",
    sms_method = "SmsMethod",
    sms_fallback_url = "SmsFallbackUrl",
    sms_fallback_method = "SmsFallbackMethod",
    sms_application_sid = "SmsApplicationSid",
    status_callback = "StatusCallback",
    status_callback_method = "StatusCallbackMethod",
    trunk_sid = "TrunkSid",
}

pub(in crate::sandbox::control) fn list(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let numbers: Vec<NumberView> = request.context().read(|state| {
        let numbers = state.numbers.iter();
        numbers
            .map(|number| NumberView::new(state, number))
            .collect()
    });
    Reply::ok(&numbers)
}

/// Adds a number. One that the account has already is returned as it is.
pub(in crate::sandbox::control) fn create(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let input: NumberInput = request.json()?;
    let number = number_of("number", &input.number)?;
    let context = request.context();
    let (sid, now) = (context.ids.sid("PN"), context.now());
    let added = context.update(|state| {
        if state.number(number).is_none() {
            if state.numbers.len() >= LIMIT {
                return None;
            }
            state.numbers.push(StoredNumber::new(sid, number, now));
        }
        Some(NumberView::new(state, state.number(number)?))
    });
    let added = added.ok_or_else(|| {
        let message = format!("the account has {LIMIT} numbers already");
        ControlError::conflict("too_many_numbers", message)
    })?;
    Reply::created(&added)
}

pub(in crate::sandbox::control) fn update(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let number = request.number()?;
    let change: ChangeInput = request.json()?;
    let context = request.context();
    let sid = context.read(|state| state.number(number).map(|number| number.sid));
    let sid = sid.ok_or_else(|| not_owned(number))?;
    incoming_phone_numbers::configure(context, sid, &change.settings()).map_err(|error| {
        let message = format!("Twilio would reject the setting: {}", error.message());
        ControlError::invalid("invalid_setting", message)
    })?;
    let view = context.read(|state| Some(NumberView::new(state, state.number(number)?)));
    Reply::ok(&view.ok_or_else(|| not_owned(number))?)
}

pub(super) fn not_owned(number: E164) -> ControlError {
    let message = format!(
        "the account does not own {}; add it with `POST /_sandbox/numbers`",
        number.as_str()
    );
    ControlError::not_found("unknown_number", message)
}

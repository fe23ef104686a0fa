//! Requests of a call: somebody calls, somebody pressed keys or spoke.

use std::time::Duration;

use super::super::error::PayloadErrorKind as Kind;
use super::message::Place;
use super::parameters::Parameters;
use super::row::payload;
use crate::phone::Address;
use crate::types::{
    AccountSid, AnsweredBy, ApplicationSid, CallDirection, CallSid, CallStatus, Redacted, open_enum,
};

open_enum! {
    /// How far the network vouches for the caller's number (STIR/SHAKEN).
    ///
    /// Each word may come with `-Diverted` or `-Passthrough` behind it: see
    /// [`vouches`](Self::vouches).
    ///
    /// Source: <https://www.twilio.com/docs/voice/trusted-calling-with-shakenstir>
    pub enum StirVerstat {
        /// The carrier knows the caller, and that the number is theirs.
        PassedA = "TN-Validation-Passed-A",
        /// The carrier knows the caller, not the number.
        PassedB = "TN-Validation-Passed-B",
        /// The carrier knows only where the call came in.
        PassedC = "TN-Validation-Passed-C",
        /// The attestation A does not hold.
        FailedA = "TN-Validation-Failed-A",
        /// The attestation B does not hold.
        FailedB = "TN-Validation-Failed-B",
        /// The attestation C does not hold.
        FailedC = "TN-Validation-Failed-C",
        /// The attestation could not be read.
        Failed = "TN-Validation-Failed",
        /// There is none.
        NotValidated = "No-TN-Validation",
        /// Twilio did not ask.
        Null = "NULL",
    }
}

impl StirVerstat {
    /// Whether the attestation is A and holds: the number is the caller's.
    #[must_use]
    pub fn vouches(&self) -> bool {
        self.as_str().starts_with("TN-Validation-Passed-A")
    }
}

/// What Twilio sends with every request of a call.
///
/// Source: <https://www.twilio.com/docs/voice/twiml#request-parameters>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallParameters {
    /// The call, or the leg of it that the request is about.
    pub call_sid: CallSid,
    /// The account, or sub-account, whose call it is.
    pub account_sid: AccountSid,
    /// Who calls.
    pub from: Address,
    /// Who is called.
    pub to: Address,
    /// Where the call is.
    pub status: CallStatus,
    /// Which way it goes, and who asked for it.
    pub direction: CallDirection,
    /// The leg that this one was dialled from.
    pub parent_call_sid: Option<CallSid>,
    /// Who forwarded the call to us, where the carrier says.
    pub forwarded_from: Option<Address>,
    /// The caller's name, when the number looks it up.
    pub caller_name: Option<Redacted<String>>,
    /// Where the caller's number is registered.
    pub from_place: Place,
    /// Where the called number is registered.
    pub to_place: Place,
    /// How far the network vouches for the caller's number.
    pub stir_verstat: Option<StirVerstat>,
    /// The attestation itself, a JWT.
    pub stir_passport_token: Option<Redacted<String>>,
    /// JSON that keeps the caller's number and attestation when the call is dialled on.
    pub call_token: Option<Redacted<String>>,
    /// What answered, when answering-machine detection was on.
    pub answered_by: Option<AnsweredBy>,
    /// How long the detection took, to the millisecond.
    pub machine_detection_duration: Option<Duration>,
    /// The `TwiML` App that a call of the Voice SDK came through.
    pub application_sid: Option<ApplicationSid>,
    /// What only a SIP call has.
    pub sip: Sip,
}

/// What only a SIP call has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sip {
    /// The SIP domain of ours.
    pub domain: Option<String>,
    /// Its SID.
    pub domain_sid: Option<String>,
    /// Who signed in.
    pub username: Option<Redacted<String>>,
    /// The `Call-ID` of the INVITE.
    pub call_id: Option<String>,
    /// Where the INVITE came from.
    pub source_ip: Option<Redacted<String>>,
    /// The custom headers of the INVITE, names as they were, such as `X-Room`.
    pub headers: Vec<(String, Redacted<String>)>,
}

impl CallParameters {
    pub(super) fn read(p: &mut Parameters<'_>) -> Result<Self, Kind> {
        let (from, to) = (p.required_address("From")?, p.required_address("To")?);
        for alias in ["Caller", "Called"] {
            // Twilio's older names of the same two.
            p.raw(alias);
        }
        drop(Place::read(
            p,
            ["CallerCity", "CallerState", "CallerZip", "CallerCountry"],
        ));
        drop(Place::read(
            p,
            ["CalledCity", "CalledState", "CalledZip", "CalledCountry"],
        ));
        Ok(Self {
            call_sid: p.required("CallSid")?,
            account_sid: p.required("AccountSid")?,
            from,
            to,
            status: p.required_word("CallStatus")?,
            direction: p
                .word("Direction")
                .unwrap_or_else(|| CallDirection::from("")),
            parent_call_sid: p.value("ParentCallSid"),
            forwarded_from: p
                .address("ForwardedFrom")
                .or_else(|| p.address("CalledVia")),
            caller_name: p.hidden("CallerName"),
            from_place: Place::read(p, ["FromCity", "FromState", "FromZip", "FromCountry"]),
            to_place: Place::read(p, ["ToCity", "ToState", "ToZip", "ToCountry"]),
            stir_verstat: p.word("StirVerstat"),
            stir_passport_token: p.hidden("StirPassportToken"),
            call_token: p.hidden("CallToken"),
            answered_by: p.word("AnsweredBy"),
            machine_detection_duration: p.milliseconds("MachineDetectionDuration"),
            application_sid: p.value("ApplicationSid"),
            sip: Sip {
                domain: p.text("SipDomain"),
                domain_sid: p.text("SipDomainSid"),
                username: p.hidden("SipUsername"),
                call_id: p.text("SipCallId"),
                source_ip: p.hidden("SipSourceIp"),
                headers: p.with_prefix("SipHeader_"),
            },
        })
    }
}

payload! {
    /// A call that asks what to do: a person called us, or a call of ours was answered.
    ///
    /// Twilio wants `TwiML` in answer. A redirect and an empty gather look alike; what the request is
    /// for is told by the URL it comes to.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml>
    pub struct InboundCall = "inbound call", |p| {
        /// The call.
        call: CallParameters = CallParameters::read(p)?,
    }
}

payload! {
    /// What a person pressed or said to a `<Gather>`.
    ///
    /// Twilio wants `TwiML` in answer. Without any input there is no request at all, unless
    /// `actionOnEmptyResult` is set.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/gather#action>
    pub struct GatherResult = "gather result", |p| {
        /// The call.
        call: CallParameters = CallParameters::read(p)?,
        /// The keys: `0` to `9`, `*`, `#`, without the one that ended the input.
        digits: Option<Redacted<String>> = p.hidden("Digits"),
        /// The key that ended the input; `None` after a timeout or the last digit wanted.
        finished_on_key: Option<String> = p.text("FinishedOnKey"),
        /// What was understood.
        speech_result: Option<Redacted<String>> = p.hidden("SpeechResult"),
        /// How sure the recognition is, 0.0 to 1.0. Often absent, and not to be relied on.
        confidence: Option<f64> = p.value("Confidence"),
        /// The language that was listened for, such as `en-US`.
        language: Option<String> = p.text("Language"),
    }
}

//! Requests of a call: call parameters, and results of `<Gather>`.

use std::time::Duration;

use super::super::error::PayloadErrorKind as Kind;
use super::macros::{payload, required_list, required_parameters};
use super::message::Place;
use super::parameters::{Parameters, Required};
use crate::phone::Address;
use crate::types::{
    AccountSid, AnsweredBy, ApplicationSid, CallDirection, CallSid, CallStatus, Redacted, open_enum,
};

open_enum! {
    /// Attestation of the caller's number by the network (STIR/SHAKEN).
    ///
    /// Each value may end in `-Diverted` or `-Passthrough`. See [`vouches`](Self::vouches).
    ///
    /// Source: <https://www.twilio.com/docs/voice/trusted-calling-with-shakenstir>
    pub enum StirVerstat {
        /// The carrier knows the caller and has confirmed their right to the number.
        PassedA = "TN-Validation-Passed-A",
        /// The carrier knows the caller, but has not confirmed their right to the number.
        PassedB = "TN-Validation-Passed-B",
        /// The carrier knows only the point at which the call entered its network.
        PassedC = "TN-Validation-Passed-C",
        /// Attestation A is not valid.
        FailedA = "TN-Validation-Failed-A",
        /// Attestation B is not valid.
        FailedB = "TN-Validation-Failed-B",
        /// Attestation C is not valid.
        FailedC = "TN-Validation-Failed-C",
        /// The attestation cannot be parsed.
        Failed = "TN-Validation-Failed",
        /// The call has no attestation.
        NotValidated = "No-TN-Validation",
        /// Twilio did not check the attestation.
        Null = "NULL",
    }
}

impl StirVerstat {
    /// Returns `true` if attestation A is valid: the carrier confirms that the number is the
    /// caller's.
    #[must_use]
    pub fn vouches(&self) -> bool {
        self.as_str().starts_with("TN-Validation-Passed-A")
    }
}

/// Gives the required parameters of a call to a macro.
macro_rules! required_of_call {
    ($then:ident) => {
        $then!("AccountSid", "CallSid", "CallStatus", "From", "To")
    };
}

/// Parameters that Twilio sends with every request of a call.
///
/// Required, though `From` and `To` may be empty:
///
#[doc = required_of_call!(required_list)]
///
/// A call whose `from` is [`Address::Client`] comes from the Voice SDK. Its client chooses `to`. It
/// may also add each parameter that such a call does not have: an attestation, a caller name, a
/// parent call. Do not rely on these in a client's call.
///
/// ```
/// # use clinspark_twilio::types::AuthToken;
/// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
/// use clinspark_twilio::phone::Address;
/// use clinspark_twilio::webhook::InboundCall;
///
/// # let origin = PublicOrigin::parse("https://acme.example.com")?;
/// # let validator = Validator::new(AuthToken::new("12345")?, origin);
/// # let mut request = http::Request::post("/twilio")
/// #     .header("content-type", "application/x-www-form-urlencoded")
/// #     .body(
/// #         "CallSid=CA00000000000000000000000000000001&CallStatus=ringing&Direction=inbound\
/// #          &AccountSid=AC00000000000000000000000000000001&From=client%3Aalice&To=%2B14155550199\
/// #          &StirVerstat=TN-Validation-Passed-A",
/// #     )?;
/// # let signature = validator.sign(&request);
/// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
/// let InboundCall { call, .. } = validator.verify(request)?.parse()?;
/// // A Voice SDK client wrote this attestation, so only one with a telephone number counts.
/// let is_client = matches!(call.from, Address::Client(_));
/// let is_attested = !is_client && call.stir_verstat.is_some_and(|verstat| verstat.vouches());
/// assert!(is_client && !is_attested);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: <https://www.twilio.com/docs/voice/twiml#request-parameters>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallParameters {
    /// SID of the call, or of the leg that the request is about.
    pub call_sid: CallSid,
    /// Account or subaccount of the call.
    pub account_sid: AccountSid,
    /// Caller.
    pub from: Address,
    /// Callee.
    pub to: Address,
    /// Status of the call.
    pub status: CallStatus,
    /// Direction of the call, and its origin.
    pub direction: CallDirection,
    /// Leg that dialled this one.
    pub parent_call_sid: Option<CallSid>,
    /// Number that forwarded the call, if the carrier sends it.
    pub forwarded_from: Option<Address>,
    /// Caller's name, if Caller ID Lookup is enabled for the number.
    pub caller_name: Option<Redacted<String>>,
    /// Place where the caller's number is registered.
    pub from_place: Place,
    /// Place where the called number is registered.
    pub to_place: Place,
    /// Attestation of the caller's number by the network.
    pub stir_verstat: Option<StirVerstat>,
    /// STIR `PASSporT` of the attestation, a JWT.
    pub stir_passport_token: Option<Redacted<String>>,
    /// JSON that keeps the caller's number and attestation when the call is forwarded.
    pub call_token: Option<Redacted<String>>,
    /// Result of answering-machine detection.
    pub answered_by: Option<AnsweredBy>,
    /// Duration of answering-machine detection, to the millisecond.
    pub machine_detection_duration: Option<Duration>,
    /// `TwiML` App of a Voice SDK call.
    pub application_sid: Option<ApplicationSid>,
    /// Parameters of a SIP call.
    pub sip: SipParameters,
}

/// Parameters of a SIP call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SipParameters {
    /// SIP domain of the account.
    pub domain: Option<String>,
    /// SID of the SIP domain.
    pub domain_sid: Option<String>,
    /// User name that authenticated the SIP call.
    pub username: Option<Redacted<String>>,
    /// `Call-ID` of the INVITE.
    pub call_id: Option<String>,
    /// IP address that sent the INVITE.
    pub source_ip: Option<Redacted<String>>,
    /// Custom headers of the INVITE. Names are as received, such as `X-Room`.
    pub headers: Vec<(String, Redacted<String>)>,
}

impl CallParameters {
    pub(super) const REQUIRED: Required = required_of_call!(required_parameters);

    pub(super) fn read(p: &mut Parameters<'_>) -> Result<Self, Kind> {
        let (from, to) = (p.required_address("From")?, p.required_address("To")?);
        for alias in ["Caller", "Called"] {
            // Twilio's older names of `From` and `To`, with the same values.
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
            status: p.required_enum_value("CallStatus")?,
            direction: p
                .enum_value("Direction")
                .unwrap_or_else(|| CallDirection::from("")),
            parent_call_sid: p.value("ParentCallSid"),
            forwarded_from: p
                .address("ForwardedFrom")
                .or_else(|| p.address("CalledVia")),
            caller_name: p.hidden("CallerName"),
            from_place: Place::read(p, ["FromCity", "FromState", "FromZip", "FromCountry"]),
            to_place: Place::read(p, ["ToCity", "ToState", "ToZip", "ToCountry"]),
            stir_verstat: p.enum_value("StirVerstat"),
            stir_passport_token: p.hidden("StirPassportToken"),
            call_token: p.hidden("CallToken"),
            answered_by: p.enum_value("AnsweredBy"),
            machine_detection_duration: p.milliseconds("MachineDetectionDuration"),
            application_sid: p.value("ApplicationSid"),
            sip: SipParameters {
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
    /// Request for call instructions: an inbound call, or an outbound call that was answered.
    ///
    /// Twilio expects `TwiML` in the response. A redirect and an empty gather carry the same
    /// parameters, so only the URL distinguishes them.
    ///
    /// ```
    /// # use clinspark_twilio::types::AuthToken;
    /// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
    /// use clinspark_twilio::twiml::{Gather, Say, VoiceResponse};
    /// use clinspark_twilio::webhook::InboundCall;
    ///
    /// # let origin = PublicOrigin::parse("https://acme.example.com")?;
    /// # let validator = Validator::new(AuthToken::new("12345")?, origin);
    /// # let mut request = http::Request::post("/twilio")
    /// #     .header("content-type", "application/x-www-form-urlencoded")
    /// #     .body(
    /// #         "CallSid=CA00000000000000000000000000000001&CallStatus=in-progress&Direction=inbound\
    /// #          &AccountSid=AC00000000000000000000000000000001&From=%2B14155550123&To=%2B14155550199",
    /// #     )?;
    /// # let signature = validator.sign(&request);
    /// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
    /// let InboundCall { call, .. } = validator.verify(request)?.parse()?;
    /// assert_eq!(call.from.phone().unwrap().as_str(), "+14155550123");
    /// let menu = Gather::new().num_digits(1).action("/twilio/menu");
    /// let answer = VoiceResponse::new().append(menu.append(Say::new("Press 1 to confirm.")));
    /// assert!(answer.to_xml().contains("<Gather"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml>
    pub struct InboundCall = "inbound call",
        requires [] and CallParameters, |p| {
        /// Parameters of the call.
        call: CallParameters = CallParameters::read(p)?,
    }
}

payload! {
    /// Result of a `<Gather>`: digits or speech.
    ///
    /// Twilio expects `TwiML` in the response. Without input Twilio makes no request, unless
    /// `actionOnEmptyResult` is set.
    ///
    /// ```
    /// # use clinspark_twilio::types::AuthToken;
    /// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
    /// use clinspark_twilio::webhook::GatherResult;
    ///
    /// # let origin = PublicOrigin::parse("https://acme.example.com")?;
    /// # let validator = Validator::new(AuthToken::new("12345")?, origin);
    /// # let mut request = http::Request::post("/twilio")
    /// #     .header("content-type", "application/x-www-form-urlencoded")
    /// #     .body(
    /// #         "CallSid=CA00000000000000000000000000000001&CallStatus=in-progress&Direction=inbound\
    /// #          &AccountSid=AC00000000000000000000000000000001&From=%2B14155550123&To=%2B14155550199&Digits=1",
    /// #     )?;
    /// # let signature = validator.sign(&request);
    /// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
    /// let result: GatherResult = validator.verify(request)?.parse()?;
    /// let digits = result.digits.as_ref().map(|digits| digits.expose().as_str());
    /// let answer = match digits {
    ///     Some("1") => "confirmed",
    ///     _ => "asked again",
    /// };
    /// assert_eq!(answer, "confirmed");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/gather#action>
    pub struct GatherResult = "gather result",
        requires [] and CallParameters, |p| {
        /// Parameters of the call.
        call: CallParameters = CallParameters::read(p)?,
        /// Pressed digits: `0` to `9`, `*`, `#`, without the key that ended the input.
        digits: Option<Redacted<String>> = p.hidden("Digits"),
        /// Key that ended the input. `None` after a timeout or the last expected digit. Not in
        /// Twilio's tables, but sent.
        finished_on_key: Option<String> = p.text("FinishedOnKey"),
        /// Recognised speech.
        speech_result: Option<Redacted<String>> = p.hidden("SpeechResult"),
        /// Confidence of the recognition, 0.0 to 1.0. Often absent, and not reliable. A value
        /// outside of the range counts as absent.
        confidence: Option<f64> = p.fraction("Confidence"),
        /// Language of the recognition, such as `en-US`. Not in Twilio's tables, but sent.
        language: Option<String> = p.text("Language"),
    }
}

payload! {
    /// Partial result of speech recognition while the person still speaks. Twilio ignores the
    /// response.
    ///
    /// Twilio's tables list `UnstableSpeechResult` only. The other parameters were seen in published
    /// captures.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/gather#partialresultcallback>
    pub struct GatherPartial = "partial gather result",
        requires [] and CallParameters, |p| {
        /// Parameters of the call.
        call: CallParameters = CallParameters::read(p)?,
        /// Text that may still change.
        unstable_speech_result: Option<Redacted<String>> = p.hidden("UnstableSpeechResult"),
        /// Text that no longer changes.
        stable_speech_result: Option<Redacted<String>> = p.hidden("StableSpeechResult"),
        /// Likelihood that the text does not change, 0.0 to 1.0. A value outside of the range
        /// counts as absent.
        stability: Option<f64> = p.fraction("Stability"),
        /// Order of the partial results.
        sequence_number: Option<u32> = p.value("SequenceNumber"),
        /// Language of the recognition.
        language: Option<String> = p.text("Language"),
    }
}

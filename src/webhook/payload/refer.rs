//! SIP transfers: result of `<Refer>`, and requests of `<Dial referUrl>`.

use super::super::error::PayloadErrorKind as Kind;
use super::call::CallParameters;
use super::macros::payload;
use super::parameters::Parameters;
use crate::types::Redacted;

payload! {
    /// Result of a `<Refer>`. Twilio expects `TwiML` in the response.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/refer>
    pub struct ReferResult = "refer result",
        requires ["ReferSipResponseCode" | "ReferCallStatus"] and CallParameters, |p| {
        /// SIP response code to the REFER, such as 202.
        refer_sip_response_code: Option<u16> = refer_code(p)?,
        /// Parameters of the call.
        call: CallParameters = CallParameters::read(p)?,
        /// Status of the transfer. `None` if the other side sent no NOTIFY.
        refer_call_status: Option<String> = p.text("ReferCallStatus"),
        /// SIP response code in the NOTIFY. `None` if the other side sent none.
        notify_sip_response_code: Option<u16> = p.value("NotifySipResponseCode"),
    }
}

/// Reads the response code. A result without it has at least the status.
fn refer_code(p: &mut Parameters<'_>) -> Result<Option<u16>, Kind> {
    if p.has_any(&["ReferSipResponseCode", "ReferCallStatus"]) {
        Ok(p.value("ReferSipResponseCode"))
    } else {
        Err(Kind::Missing("ReferSipResponseCode"))
    }
}

payload! {
    /// Request of `<Dial referUrl>`: the dialled SIP party transfers the call with a REFER.
    ///
    /// Twilio expects `TwiML` in the response. The target is chosen by the SIP party, so check it
    /// before the call is sent there.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/dial#referurl>
    pub struct ReferRequest = "refer request",
        requires ["ReferTransferTarget"] and CallParameters, |p| {
        /// Target of the transfer, from the `Refer-To` header.
        refer_transfer_target: Redacted<String> = p.required_hidden("ReferTransferTarget")?,
        /// Parameters of the call.
        call: CallParameters = CallParameters::read(p)?,
    }
}

//! Payments: result and progress of `<Pay>`.

use super::super::error::PayloadErrorKind as Kind;
use super::call::CallParameters;
use super::macros::payload;
use super::parameters::Parameters;
use crate::codes::ErrorCode;
use crate::types::{AccountSid, CallSid, PaymentSid, Redacted, open_enum};

open_enum! {
    /// Result of a payment.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/pay#action>
    pub enum PaymentResult {
        /// Charged, or stored as a token.
        Success = "success",
        /// The caller used up every attempt.
        TooManyFailedAttempts = "too-many-failed-attempts",
        /// The payment provider refused the payment or failed.
        ConnectorError = "payment-connector-error",
        /// The caller pressed `*`.
        CallerInterrupted = "caller-interrupted-with-star",
        /// The caller hung up.
        CallerHungUp = "caller-hung-up",
        /// An attribute of `<Pay>` is invalid.
        ValidationError = "validation-error",
        /// Failed because of an error at Twilio.
        InternalError = "internal-error",
    }
}

open_enum! {
    /// Means of payment.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/pay>
    pub enum UsedPaymentMethod {
        /// Credit or debit card.
        CreditCard = "credit-card",
        /// Bank account in the USA (ACH).
        AchDebit = "ach-debit",
    }
}

open_enum! {
    /// Step of a payment: the input that Twilio asks for.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/pay#statuscallback>
    pub enum PaymentStep {
        /// Card number.
        CardNumber = "payment-card-number",
        /// Expiration date of the card.
        ExpirationDate = "expiration-date",
        /// Security code of the card.
        SecurityCode = "security-code",
        /// Postal code of the card.
        PostalCode = "postal-code",
        /// Routing number of the bank.
        RoutingNumber = "bank-routing-number",
        /// Number of the bank account.
        AccountNumber = "bank-account-number",
        /// No input: the payment provider processes the payment.
        Processing = "payment-processing",
    }
}

open_enum! {
    /// Reason why a step of a payment failed.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/pay#statuscallback>
    pub enum PaymentErrorType {
        /// No input in time.
        InputTimeout = "input-timeout",
        /// The card number is invalid.
        InvalidCardNumber = "invalid-card-number",
        /// The type of the card is not accepted.
        InvalidCardType = "invalid-card-type",
        /// The expiration date is invalid.
        InvalidDate = "invalid-date",
        /// The security code is invalid.
        InvalidSecurityCode = "invalid-security-code",
        /// The postal code is invalid.
        InvalidPostalCode = "invalid-postal-code",
        /// The routing number is invalid.
        InvalidRoutingNumber = "invalid-bank-routing-number",
        /// The number of the bank account is invalid.
        InvalidAccountNumber = "invalid-bank-account-number",
        /// The type of the bank account is invalid.
        InvalidAccountType = "invalid-bank-account-type",
        /// The security code was requested before the card number.
        InvalidCaptureSequence = "invalid-card-number-security-code-capture-sequence",
        /// The repeated input differs from the first.
        InputMatchingFailed = "input-matching-failed",
        /// The call has another payment session.
        SessionInProgress = "session-in-progress",
        /// Failed because of an error at Twilio.
        InternalError = "internal-error",
    }
}

/// Details of a payment. Twilio masks numbers and the security code.
///
/// Source: <https://www.twilio.com/docs/voice/twiml/pay#action>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaymentDetails {
    /// Means of payment.
    pub method: Option<UsedPaymentMethod>,
    /// Masked card number, such as `xxxx-xxxxxx-x4001`.
    pub card_number: Option<Redacted<String>>,
    /// Type of the card, such as `visa`.
    pub card_type: Option<String>,
    /// Expiration date of the card, `MMYY`.
    pub expiration_date: Option<Redacted<String>>,
    /// Masked security code, such as `***`.
    pub security_code: Option<Redacted<String>>,
    /// Postal code of the card.
    pub card_postal_code: Option<Redacted<String>>,
    /// Masked number of the bank account, such as `*******92`.
    pub bank_account_number: Option<Redacted<String>>,
    /// Routing number of the bank.
    pub bank_routing_number: Option<Redacted<String>>,
    /// Type of the bank account, such as `consumer-checking`.
    pub bank_account_type: Option<String>,
}

impl PaymentDetails {
    fn read(p: &mut Parameters<'_>) -> Self {
        Self {
            method: p.enum_value("PaymentMethod"),
            card_number: p.hidden("PaymentCardNumber"),
            card_type: p.text("PaymentCardType"),
            expiration_date: p.hidden("ExpirationDate"),
            security_code: p.hidden("SecurityCode"),
            card_postal_code: p.hidden("PaymentCardPostalCode"),
            bank_account_number: p.hidden("BankAccountNumber"),
            bank_routing_number: p.hidden("BankRoutingNumber"),
            bank_account_type: p.text("BankAccountType"),
        }
    }
}

payload! {
    /// Result of a `<Pay>`. Twilio expects `TwiML` in the response.
    ///
    /// A Voice SDK client can add these parameters to a request about its own call. Confirm a
    /// payment with the payment provider, not by this webhook alone.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/pay#action>
    pub struct PayResult = "pay result",
        requires ["Result"] and CallParameters, |p| {
        /// Result of the payment.
        result: PaymentResult = p.required_enum_value("Result")?,
        /// Parameters of the call.
        call: CallParameters = CallParameters::read(p)?,
        /// Card or bank account.
        details: PaymentDetails = PaymentDetails::read(p),
        /// Token of the card or bank account. Absent after a charge.
        payment_token: Option<Redacted<String>> = p.hidden("PaymentToken"),
        /// Profile of the token at the payment provider.
        profile_id: Option<Redacted<String>> = p.hidden("ProfileId"),
        /// Confirmation of the charge. Absent after a tokenization.
        payment_confirmation_code: Option<Redacted<String>> = p.hidden("PaymentConfirmationCode"),
        /// Description of the error by the payment provider.
        payment_error: Option<Redacted<String>> = p.hidden("PaymentError"),
        /// Twilio error code, 64001 to 64024.
        pay_error_code: Option<ErrorCode> = p.value("PayErrorCode"),
        /// Error code of the payment provider.
        connector_error: Option<Redacted<String>> = p.hidden("ConnectorError"),
    }
}

/// Parameters of which a pay status callback has at least one.
const PROGRESS: [&str; 4] = ["For", "Capture", "PaymentSid", "Result"];

payload! {
    /// Progress of a `<Pay>`, or of a payment session of the REST API. Twilio ignores the response.
    ///
    /// A session of the REST API reports each digit.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/pay#statuscallback>
    pub struct PayStatusCallback = "pay status callback",
        requires ["AccountSid", "CallSid", "For" | "Capture" | "PaymentSid" | "Result" | "Required"],
        without ["CallStatus", "MessageSid"], |p| {
        /// Step that the callback is about. Absent in sessions of the REST API.
        step: Option<PaymentStep> = step(p)?,
        /// Account or subaccount of the call.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// Call that pays. For a dialled leg, this is the parent call.
        call_sid: CallSid = p.required("CallSid")?,
        /// Reason why the step failed.
        error_type: Option<PaymentErrorType> = p.enum_value("ErrorType"),
        /// Number of the attempt, 1 to 3.
        attempt: Option<u32> = p.value("Attempt"),
        /// Masked input so far.
        details: PaymentDetails = PaymentDetails::read(p),
        /// Inputs that are still missing, in sessions of the REST API. Empty if none is.
        required: Option<Vec<String>> = p.raw("Required").map(|list| names(&list)),
        /// Result of a session of the REST API.
        result: Option<PaymentResult> = p.enum_value("Result"),
        /// SID of the session. Not in Twilio's tables, but used by published programs.
        payment_sid: Option<PaymentSid> = p.value("PaymentSid"),
        /// Input that a session of the REST API captures. Not in Twilio's tables, but used by
        /// published programs.
        capture: Option<PaymentStep> = p.enum_value("Capture"),
    }
}

/// Reads the step. A callback without it reports a session of the REST API.
fn step(p: &mut Parameters<'_>) -> Result<Option<PaymentStep>, Kind> {
    if PayStatusCallback::is_told_by(p) {
        Ok(p.enum_value("For"))
    } else {
        Err(Kind::Missing("For"))
    }
}

fn names(list: &str) -> Vec<String> {
    let names = list.split(',').map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

impl PayStatusCallback {
    /// Returns `true` if a parameter is present that only these callbacks have among the webhooks
    /// without `CallStatus`.
    pub(super) fn is_told_by(p: &Parameters<'_>) -> bool {
        p.has_any(&PROGRESS) || p.peek("Required").is_some()
    }
}

impl PayResult {
    /// Returns `true` for a result that Twilio documents, or one beside details of a payment.
    ///
    /// `Result` alone is a name that an application may choose for its own parameters.
    pub(super) fn is_told_by(p: &Parameters<'_>) -> bool {
        let result = p.peek("Result").map(PaymentResult::from);
        result.is_some_and(|result| PaymentResult::KNOWN.contains(&result))
            || (p.has("Result") && p.has_any(&["PaymentMethod", "PaymentError", "PayErrorCode"]))
    }
}

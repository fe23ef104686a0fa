//! `<Pay>` and `<Prompt>`: taking a payment.

use crate::twiml::element_macro::element;
use crate::twiml::response::VoiceResponse;
use crate::twiml::values::Language;
use crate::twiml::values::PostalCode;
use crate::twiml::values::{
    BankAccountType, CardType, PayInput, PaymentMethod, PromptErrorType, PromptFor, TokenType,
};
use crate::types::Method;

element! {
    /// Takes a payment by key presses, through a payment connector, without our seeing the card.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/pay>
    Pay = "Pay" in [VoiceResponse];

    /// Asks for a credit card and makes a token of it, unless told otherwise.
    new();

    {
        /// How the caller answers: by keys only.
        input = "input": PayInput,
        /// Where Twilio asks what to do once the payment succeeded or failed.
        action = "action": Url,
        /// The kind of bank account, for a debit.
        bank_account_type = "bankAccountType": BankAccountType,
        /// Where Twilio reports each step.
        status_callback = "statusCallback": Url,
        /// How Twilio calls `status_callback`. Default POST.
        status_callback_method = "statusCallbackMethod": Method,
        /// Seconds to wait for the next key. Default 5.
        timeout = "timeout": Seconds,
        /// How often an answer may be wrong before it fails. 1 to 3, default 1.
        max_attempts = "maxAttempts": u32 in 1..=3,
        /// Whether the card's security code is asked for. Default true.
        security_code = "securityCode": bool,
        /// Whether the postal code is asked for, or what it is. Default asked for.
        postal_code = "postalCode": PostalCode,
        /// How many digits a postal code has at least.
        min_postal_code_length = "minPostalCodeLength": u32,
        /// The name of the connector in the Console. Default `Default`.
        payment_connector = "paymentConnector": Text,
        /// Card or bank debit. Default card.
        payment_method = "paymentMethod": PaymentMethod,
        /// What kind of token is made when nothing is charged. Default reusable.
        token_type = "tokenType": TokenType,
        /// How much is charged, as a decimal number such as `20.45`; 0 or nothing makes a token.
        charge_amount = "chargeAmount": Text,
        /// The currency's ISO code in lower case, such as `usd`. Default `usd`.
        currency = "currency": Text,
        /// What the payment is for.
        description = "description": Text,
        /// Cards that are taken. Default Visa, Mastercard and American Express.
        valid_card_types = "validCardTypes": [CardType],
        /// The language of Twilio's own prompts. Default `en-US`.
        language = "language": (open Language),
    }
}

element! {
    /// What Twilio says at one step of a [`Pay`], instead of its own words.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/pay/prompt>
    Prompt = "Prompt" in [VoiceResponse, Pay];

    /// Awaits what to say or play.
    new();

    {
        /// The step.
        for_ = "for": PromptFor,
        /// Only after these errors.
        error_type = "errorType": [PromptErrorType],
        /// Only for these cards.
        card_type = "cardType": [CardType],
        /// Only at these attempts, counted from 1.
        attempt = "attempt": [u32],
        /// Whether two entries of the same number must match.
        require_matching_inputs = "requireMatchingInputs": bool,
    }
}

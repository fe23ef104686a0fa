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
    /// Takes a payment by key presses through a payment connector. The application never receives
    /// the card details.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Pay, Prompt, PromptFor, Say, VoiceResponse};
    ///
    /// let pay = Pay::new()
    ///     .charge_amount("20.45")
    ///     .currency("usd")
    ///     .action("/twilio/paid")
    ///     .append(
    ///         Prompt::new()
    ///             .for_(PromptFor::SecurityCode)
    ///             .append(Say::new("Enter the code on the back of your card.")),
    ///     );
    /// let document = VoiceResponse::new().append(pay);
    /// assert!(document.lint().is_empty());
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/pay>
    Pay = "Pay" in [VoiceResponse];

    /// Prompts for the payment details, by default for a credit card that becomes a token.
    new();

    {
        /// Input of the caller: keys only.
        input = "input": PayInput,
        /// URL that Twilio requests after the payment succeeded or failed; its response continues
        /// the call.
        action = "action": Url,
        /// Type of the bank account, for a debit.
        bank_account_type = "bankAccountType": BankAccountType,
        /// URL for each step of the payment.
        status_callback = "statusCallback": Url,
        /// HTTP method for `status_callback`. Default `POST`.
        status_callback_method = "statusCallbackMethod": Method,
        /// Seconds to wait for the next key. Default 5.
        timeout = "timeout": Seconds,
        /// Number of attempts at each step before the payment fails. 1 to 3, default 1.
        max_attempts = "maxAttempts": u32 in 1..=3,
        /// Prompts for the card's security code. Default true.
        security_code = "securityCode": bool,
        /// Prompt for the postal code, or the known code. Default: prompt.
        postal_code = "postalCode": PostalCode,
        /// Smallest number of digits of a postal code.
        min_postal_code_length = "minPostalCodeLength": u32,
        /// Name of the connector in the Console. Default `Default`.
        payment_connector = "paymentConnector": Text,
        /// Credit card or bank debit. Default: credit card.
        payment_method = "paymentMethod": PaymentMethod,
        /// Type of the token that is created without a charge. Default reusable.
        token_type = "tokenType": TokenType,
        /// Amount to charge, as a decimal number such as `20.45`; 0 or no amount creates a token.
        charge_amount = "chargeAmount": Text,
        /// Currency of the charge: ISO code in lower case, such as `usd`. Default `usd`.
        currency = "currency": Text,
        /// Description of the payment.
        description = "description": Text,
        /// Accepted cards. Default Visa, Mastercard and American Express.
        valid_card_types = "validCardTypes": [CardType],
        /// Language of Twilio's own prompts. Default `en-US`.
        language = "language": (open Language),
    }
}

element! {
    /// Custom prompt for one step of a [`Pay`], instead of Twilio's own.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/pay/prompt>
    Prompt = "Prompt" in [VoiceResponse, Pay];

    /// Creates an empty `<Prompt>`. Append elements that speak or play.
    new();

    {
        /// Step of the payment.
        for_ = "for": PromptFor,
        /// Limits the prompt to these errors.
        error_type = "errorType": [PromptErrorType],
        /// Limits the prompt to these cards.
        card_type = "cardType": [CardType],
        /// Limits the prompt to these attempts, counted from 1.
        attempt = "attempt": [u32],
        /// Requires two matching entries of the same number.
        require_matching_inputs = "requireMatchingInputs": bool,
    }
}

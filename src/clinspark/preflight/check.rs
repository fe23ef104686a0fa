//! Every check, with its severity, its owner, and Twilio's page about it.

use super::severity::{Owner, Severity};
use crate::types::open_enum;

macro_rules! checks {
    ($( $(#[$doc:meta])* $name:ident = $id:literal, $severity:ident, $owner:ident, $source:literal; )+) => {
        open_enum! {
            /// Check, by its ID.
            ///
            /// The order is: account, number, registration of the number, TwiML App, binding,
            /// settings of the instance.
            ///
            /// ```
            /// use clinspark_twilio::clinspark::preflight::Check;
            ///
            /// assert_eq!(Check::from("account-trial"), Check::AccountTrial);
            /// assert_eq!(Check::NumberTrunk.as_str(), "number-trunk");
            /// ```
            pub enum Check {
                $( $(#[$doc])* $name = $id, )+
            }
        }

        impl Check {
            /// Returns the severity, the owner, and the page about the check. A check of a newer
            /// version is known only by its ID.
            pub(super) const fn metadata(&self) -> (Severity, Owner, &'static str) {
                match self {
                    $( Self::$name => (Severity::$severity, Owner::$owner, $source), )+
                    Self::Unknown(_) => {
                        (Severity::Note, Owner::Support, "https://www.twilio.com/docs")
                    }
                }
            }
        }
    };
}

checks! {
    /// Twilio rejects the credentials: nothing can be sent or checked.
    CredentialsRefused = "credentials-refused", Blocker, Support,
        "https://www.twilio.com/docs/api/errors/20003";
    /// The account is suspended: nothing is sent or received.
    AccountSuspended = "account-suspended", Blocker, Customer,
        "https://www.twilio.com/docs/iam/api/account";
    /// The account is closed: nothing is sent or received.
    AccountClosed = "account-closed", Blocker, Customer,
        "https://www.twilio.com/docs/iam/api/account";
    /// The account is a trial, which reaches only verified numbers.
    AccountTrial = "account-trial", Blocker, Customer,
        "https://www.twilio.com/docs/usage/tutorials/how-to-use-your-free-trial-account";
    /// The balance is low. Twilio suspends an account without balance.
    BalanceLow = "balance-low", Warning, Customer,
        "https://www.twilio.com/docs/usage/api";
    /// The auth token of the settings is not the account's: every webhook is refused as forged.
    AuthTokenRefused = "auth-token-refused", Blocker, Support,
        "https://www.twilio.com/docs/usage/security";
    /// The account has a secondary auth token that the settings do not have. Once it is promoted,
    /// every webhook is refused as forged. A token is found only if it was created within the time
    /// of Twilio's audit log: 30 days, or 13 months as a paid option.
    SecondaryTokenPending = "secondary-token-pending", Warning, Support,
        "https://www.twilio.com/docs/iam/api/secondary_authtoken";
    /// The secondary auth token of the settings is not the account's.
    SecondaryTokenRefused = "secondary-token-refused", Warning, Support,
        "https://www.twilio.com/docs/iam/api/secondary_authtoken";
    /// The settings name no number for the instance.
    NumberNotSet = "number-not-set", Blocker, Support,
        "https://www.twilio.com/docs/phone-numbers";
    /// The account does not own the number.
    NumberNotOwned = "number-not-owned", Blocker, Customer,
        "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource";
    /// The number cannot send or receive texts.
    NumberCannotText = "number-cannot-text", Blocker, Customer,
        "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource";
    /// The number cannot place or receive calls.
    NumberCannotCall = "number-cannot-call", Blocker, Customer,
        "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource";
    /// The number receives faxes instead of calls.
    NumberReceivesFaxes = "number-receives-faxes", Blocker, Support,
        "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource";
    /// The number belongs to another country than the default country prefix.
    NumberRegion = "number-region", Warning, Customer,
        "https://www.twilio.com/docs/phone-numbers";
    /// A US number is in no Messaging Service, so no campaign covers it: carriers block its texts.
    A2pNoService = "a2p-no-service", Blocker, Customer,
        "https://www.twilio.com/docs/messaging/compliance/a2p-10dlc";
    /// The number's Messaging Service has no campaign: carriers block its texts.
    A2pNoCampaign = "a2p-no-campaign", Blocker, Customer,
        "https://www.twilio.com/docs/messaging/api/usapptoperson-resource";
    /// The campaign is not verified: carriers may block its texts.
    A2pCampaignUnverified = "a2p-campaign-unverified", Blocker, Customer,
        "https://www.twilio.com/docs/messaging/api/usapptoperson-resource";
    /// The campaign's brand is not approved.
    A2pBrandUnapproved = "a2p-brand-unapproved", Blocker, Customer,
        "https://www.twilio.com/docs/messaging/api/brand-registration-resource";
    /// The toll-free number is not verified: its texts are blocked.
    TollFreeUnverified = "toll-free-unverified", Blocker, Customer,
        "https://www.twilio.com/docs/messaging/api/tollfree-verification-resource";
    /// The settings have no Application SID.
    ApplicationNotSet = "application-not-set", Blocker, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// The account has no TwiML App with the Application SID of the settings.
    ApplicationMissing = "application-missing", Blocker, Support,
        "https://www.twilio.com/docs/usage/api/applications";
    /// A URL of the app uses http, so the webhooks can be read on their way.
    ApplicationNotHttps = "application-not-https", Blocker, Program,
        "https://www.twilio.com/docs/usage/security";
    /// Incoming calls go to another URL than the instance.
    ApplicationVoiceUrl = "application-voice-url", Blocker, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// Incoming messages go to another URL than the instance.
    ApplicationMessageUrl = "application-message-url", Blocker, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// Call status callbacks do not reach the instance.
    ApplicationCallStatusUrl = "application-call-status-url", Warning, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// Message status callbacks do not reach the instance.
    ApplicationMessageStatusUrl = "application-message-status-url", Warning, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// The app sends webhooks by another method than POST, and the instance refuses them.
    ApplicationMethod = "application-method", Blocker, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// A fallback URL of the app belongs to another owner, who may receive message bodies.
    ApplicationFallback = "application-fallback", Warning, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// Twilio does not retry a webhook after a 5xx answer or a timeout, or has no fallback URL for
    /// it. A STOP that arrives during an outage may be lost.
    WebhookRetries = "webhook-retries", Warning, Program,
        "https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides";
    /// Other accounts may call the app.
    ApplicationPublic = "application-public", Warning, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// A second app sends webhooks to the instance.
    ApplicationDuplicate = "application-duplicate", Warning, Support,
        "https://www.twilio.com/docs/usage/api/applications";
    /// A SIP trunk receives the number's calls.
    NumberTrunk = "number-trunk", Blocker, Support,
        "https://www.twilio.com/docs/sip-trunking";
    /// The number's voice configuration does not use the app.
    NumberVoiceBinding = "number-voice-binding", Blocker, Program,
        "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource";
    /// The number's messaging configuration does not use the app.
    NumberMessagingBinding = "number-messaging-binding", Blocker, Program,
        "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource";
    /// The number has URLs of its own in addition to the app. Twilio uses them as soon as the app is
    /// unbound.
    NumberOwnUrls = "number-own-urls", Note, Support,
        "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource";
    /// The account has no Messaging Service with the SID of the settings.
    ServiceMissing = "service-missing", Blocker, Support,
        "https://www.twilio.com/docs/messaging/api/service-resource";
    /// The sender pool of the settings' Messaging Service does not contain the instance's number.
    ServiceWithoutNumber = "service-without-number", Blocker, Support,
        "https://www.twilio.com/docs/messaging/api/phonenumber-resource";
    /// The number's Messaging Service neither defers to the sender's webhook nor sends replies to
    /// the instance. The replies of volunteers are lost.
    ServiceInboundUrl = "service-inbound-url", Blocker, Program,
        "https://www.twilio.com/docs/messaging/api/service-resource";
    /// The Messaging Service sends replies by another method than POST, and the instance refuses
    /// them.
    ServiceInboundMethod = "service-inbound-method", Blocker, Program,
        "https://www.twilio.com/docs/messaging/api/service-resource";
    /// The Messaging Service sends replies or status callbacks to a URL of another owner.
    ServiceForeignUrl = "service-foreign-url", Warning, Support,
        "https://www.twilio.com/docs/messaging/api/service-resource";
    /// Replies to a short code of the Messaging Service do not reach the instance.
    ShortCodeElsewhere = "short-code-elsewhere", Warning, Customer,
        "https://www.twilio.com/docs/sms/api/short-code";
    /// Twilio support is disabled, so the instance refuses to send.
    TwilioDisabled = "twilio-disabled", Warning, Support,
        "https://www.twilio.com/docs";
    /// The delivery setting limits the recipients.
    DeliveryGuarded = "delivery-guarded", Note, Support,
        "https://www.twilio.com/docs";
    /// Twilio cannot reach the instance's domain.
    DomainNotPublic = "domain-not-public", Blocker, Support,
        "https://www.twilio.com/docs/usage/webhooks";
    /// The instance's domain is not a subdomain of `clinspark.com`.
    DomainNotClinspark = "domain-not-clinspark", Note, Support,
        "https://www.twilio.com/docs/usage/webhooks";
    /// The default country prefix is not set, so numbers typed without their country code are
    /// refused.
    DefaultCountryNotSet = "default-country-not-set", Warning, Support,
        "https://www.twilio.com/docs/glossary/what-e164";
    /// Webhook paths are not set.
    WebhookPathsNotSet = "webhook-paths-not-set", Note, Support,
        "https://www.twilio.com/docs/usage/webhooks";
    /// The account does not permit texts to the default country.
    GeoMessaging = "geo-messaging", Blocker, Customer,
        "https://www.twilio.com/docs/messaging/guides/sms-geo-permissions";
    /// The account does not permit calls to the default country.
    GeoVoice = "geo-voice", Blocker, Customer,
        "https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource";
    /// Twilio's debugger has errors of the last 24 hours. Errors without a remedy are notes, so that
    /// they do not hide others. Examples are a phone that was off, a person who has opted out, and a
    /// fault of Twilio.
    RecentErrors = "recent-errors", Warning, Support,
        "https://www.twilio.com/docs/usage/monitor-alert";
    /// Twilio's debugger has warnings of the last 24 hours.
    RecentWarnings = "recent-warnings", Note, Support,
        "https://www.twilio.com/docs/usage/monitor-alert";
    /// The clock of this machine differs from Twilio's.
    ClockSkew = "clock-skew", Warning, Support,
        "https://www.twilio.com/docs/iam/access-tokens";
    /// The instance accepts forged webhooks. Checked by the probe only.
    WebhookAcceptsForgery = "webhook-accepts-forgery", Blocker, Support,
        "https://www.twilio.com/docs/usage/security";
    /// The instance cannot be reached. Checked by the probe only.
    WebhookUnreachable = "webhook-unreachable", Blocker, Support,
        "https://www.twilio.com/docs/api/errors/11200";
    /// The instance answers a forged webhook with an unexpected status. Checked by the probe only.
    WebhookUnexpectedAnswer = "webhook-unexpected-answer", Warning, Support,
        "https://www.twilio.com/docs/api/errors/11200";
    /// The instance answers slowly. Checked by the probe only.
    WebhookSlow = "webhook-slow", Warning, Support,
        "https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides";
}

//! The rows: every check, how grave what it finds is, who mends it, and where Twilio writes of it.

use super::severity::{Owner, Severity};
use crate::types::open_enum;

macro_rules! checks {
    ($( $(#[$doc:meta])* $name:ident = $id:literal, $severity:ident, $owner:ident, $source:literal; )+) => {
        open_enum! {
            /// A check, by its id. They stand in the order of the guide: the account, the number,
            /// its registration, the TwiML App, the binding, the instance's settings.
            pub enum Check {
                $( $(#[$doc])* $name = $id, )+
            }
        }

        impl Check {
            /// How grave it is, who mends it, and the page about it. A check of a newer version
            /// is known by its id alone.
            pub(super) const fn row(&self) -> (Severity, Owner, &'static str) {
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
    /// Twilio takes the credentials.
    CredentialsRefused = "credentials-refused", Blocker, Support,
        "https://www.twilio.com/docs/api/errors/20003";
    /// The account is not suspended.
    AccountSuspended = "account-suspended", Blocker, Customer,
        "https://www.twilio.com/docs/iam/api/account";
    /// The account is not closed.
    AccountClosed = "account-closed", Blocker, Customer,
        "https://www.twilio.com/docs/iam/api/account";
    /// The account is no trial, which reaches verified numbers only.
    AccountTrial = "account-trial", Blocker, Customer,
        "https://www.twilio.com/docs/usage/tutorials/how-to-use-your-free-trial-account";
    /// There is money on the account.
    BalanceLow = "balance-low", Warning, Customer,
        "https://www.twilio.com/docs/usage/api";
    /// The auth token of the settings, by which webhooks are believed, is the account's.
    AuthTokenRefused = "auth-token-refused", Blocker, Support,
        "https://www.twilio.com/docs/usage/security";
    /// A secondary auth token that waits for its promotion is in the settings. Found as far back as
    /// Twilio's audit log goes: 30 days, or 13 months where that is paid for.
    SecondaryTokenPending = "secondary-token-pending", Warning, Support,
        "https://www.twilio.com/docs/iam/api/secondary_authtoken";
    /// The secondary auth token of the settings is the account's.
    SecondaryTokenRefused = "secondary-token-refused", Warning, Support,
        "https://www.twilio.com/docs/iam/api/secondary_authtoken";
    /// The settings name the instance's number.
    NumberNotSet = "number-not-set", Blocker, Support,
        "https://www.twilio.com/docs/phone-numbers";
    /// The account owns the number.
    NumberNotOwned = "number-not-owned", Blocker, Customer,
        "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource";
    /// The number can text.
    NumberCannotText = "number-cannot-text", Blocker, Customer,
        "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource";
    /// The number can call.
    NumberCannotCall = "number-cannot-call", Blocker, Customer,
        "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource";
    /// The number takes calls, not faxes.
    NumberTakesFaxes = "number-takes-faxes", Blocker, Support,
        "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource";
    /// The number belongs to the country of the default country prefix.
    NumberRegion = "number-region", Warning, Customer,
        "https://www.twilio.com/docs/phone-numbers";
    /// An American number is in a Messaging Service, without which there is no campaign.
    A2pNoService = "a2p-no-service", Blocker, Customer,
        "https://www.twilio.com/docs/messaging/compliance/a2p-10dlc";
    /// The number's Messaging Service has a campaign.
    A2pNoCampaign = "a2p-no-campaign", Blocker, Customer,
        "https://www.twilio.com/docs/messaging/api/usapptoperson-resource";
    /// The campaign is verified.
    A2pCampaignUnverified = "a2p-campaign-unverified", Blocker, Customer,
        "https://www.twilio.com/docs/messaging/api/usapptoperson-resource";
    /// The campaign's brand is approved.
    A2pBrandUnapproved = "a2p-brand-unapproved", Blocker, Customer,
        "https://www.twilio.com/docs/messaging/api/brand-registration-resource";
    /// A toll-free number is verified.
    TollFreeUnverified = "toll-free-unverified", Blocker, Customer,
        "https://www.twilio.com/docs/messaging/api/tollfree-verification-resource";
    /// The settings name the TwiML App.
    ApplicationNotSet = "application-not-set", Blocker, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// The account has the TwiML App.
    ApplicationMissing = "application-missing", Blocker, Support,
        "https://www.twilio.com/docs/usage/api/applications";
    /// The app's URLs are reached by https.
    ApplicationNotHttps = "application-not-https", Blocker, Program,
        "https://www.twilio.com/docs/usage/security";
    /// Incoming calls ask the instance.
    ApplicationVoiceUrl = "application-voice-url", Blocker, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// Incoming messages ask the instance.
    ApplicationMessageUrl = "application-message-url", Blocker, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// The progress of calls is told to the instance.
    ApplicationCallStatusUrl = "application-call-status-url", Warning, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// The progress of messages is told to the instance.
    ApplicationMessageStatusUrl = "application-message-status-url", Warning, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// The app asks by POST, which is all that the instance believes.
    ApplicationMethod = "application-method", Blocker, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// What fails is not handed to somebody else.
    ApplicationFallback = "application-fallback", Warning, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// Twilio does not retry a webhook after a 5xx answer or a timeout, or has no fallback for it:
    /// a STOP that arrives during an outage may be lost.
    WebhookRetries = "webhook-retries", Warning, Program,
        "https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides";
    /// Other accounts may not call the app.
    ApplicationPublic = "application-public", Warning, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// No second app points at the instance.
    ApplicationDuplicate = "application-duplicate", Warning, Support,
        "https://www.twilio.com/docs/usage/api/applications";
    /// No trunk takes the number's calls.
    NumberTrunk = "number-trunk", Blocker, Support,
        "https://www.twilio.com/docs/sip-trunking";
    /// The voice section of the number is configured with the app.
    NumberVoiceBinding = "number-voice-binding", Blocker, Program,
        "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource";
    /// The messaging section of the number is configured with the app.
    NumberMessagingBinding = "number-messaging-binding", Blocker, Program,
        "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource";
    /// No URLs of the number's own lie in wait under the app.
    NumberOwnUrls = "number-own-urls", Note, Support,
        "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource";
    /// The account has the Messaging Service of the settings.
    ServiceMissing = "service-missing", Blocker, Support,
        "https://www.twilio.com/docs/messaging/api/service-resource";
    /// The Messaging Service of the settings holds the instance's number.
    ServiceWithoutNumber = "service-without-number", Blocker, Support,
        "https://www.twilio.com/docs/messaging/api/phonenumber-resource";
    /// The number's Messaging Service defers to the sender's webhook, or asks the instance itself.
    ServiceSwallowsReplies = "service-swallows-replies", Blocker, Program,
        "https://www.twilio.com/docs/messaging/api/service-resource";
    /// A Messaging Service that asks the instance does so by POST.
    ServiceInboundMethod = "service-inbound-method", Blocker, Program,
        "https://www.twilio.com/docs/messaging/api/service-resource";
    /// The Messaging Service tells nobody else.
    ServiceForeignUrl = "service-foreign-url", Warning, Support,
        "https://www.twilio.com/docs/messaging/api/service-resource";
    /// Replies to a short code of the Messaging Service reach the instance.
    ShortCodeElsewhere = "short-code-elsewhere", Warning, Customer,
        "https://www.twilio.com/docs/sms/api/short-code";
    /// Twilio support is switched on.
    TwilioDisabled = "twilio-disabled", Warning, Support,
        "https://www.twilio.com/docs";
    /// Everybody may be reached from here.
    DeliveryGuarded = "delivery-guarded", Note, Support,
        "https://www.twilio.com/docs";
    /// The instance's domain is one that Twilio can reach.
    DomainNotPublic = "domain-not-public", Blocker, Support,
        "https://www.twilio.com/docs/usage/webhooks";
    /// The instance's domain is ClinSpark's.
    DomainNotClinspark = "domain-not-clinspark", Note, Support,
        "https://www.twilio.com/docs/usage/webhooks";
    /// The default country prefix is set.
    DefaultCountryNotSet = "default-country-not-set", Warning, Support,
        "https://www.twilio.com/docs/glossary/what-e164";
    /// The webhook paths are set.
    WebhookPathsNotSet = "webhook-paths-not-set", Note, Support,
        "https://www.twilio.com/docs/usage/webhooks";
    /// The default country may be texted.
    GeoMessaging = "geo-messaging", Blocker, Customer,
        "https://www.twilio.com/docs/messaging/guides/sms-geo-permissions";
    /// The default country may be called.
    GeoVoice = "geo-voice", Blocker, Customer,
        "https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource";
    /// Twilio's debugger showed no errors in the last 24 hours. Those that nobody can
    /// mend (a handset that was off, a person who has opted out, a fault of Twilio) are notes.
    RecentErrors = "recent-errors", Warning, Support,
        "https://www.twilio.com/docs/usage/monitor-alert";
    /// Twilio's debugger showed no warnings in the last 24 hours.
    RecentWarnings = "recent-warnings", Note, Support,
        "https://www.twilio.com/docs/usage/monitor-alert";
    /// This machine's clock agrees with Twilio's.
    ClockSkew = "clock-skew", Warning, Support,
        "https://www.twilio.com/docs/iam/access-tokens";
    /// The instance refuses forged webhooks. Asked by the probe only.
    WebhookBelievesForgery = "webhook-believes-forgery", Blocker, Support,
        "https://www.twilio.com/docs/usage/security";
    /// The instance can be reached. Asked by the probe only.
    WebhookUnreachable = "webhook-unreachable", Blocker, Support,
        "https://www.twilio.com/docs/api/errors/11200";
    /// The instance refuses with the answer of one that read the request. Asked by the probe only.
    WebhookUnexpectedAnswer = "webhook-unexpected-answer", Warning, Support,
        "https://www.twilio.com/docs/api/errors/11200";
    /// The instance answers in good time. Asked by the probe only.
    WebhookSlow = "webhook-slow", Warning, Support,
        "https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides";
}

//! Every check: severity, owner, and Twilio's page about it.

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
            /// Severity, owner, and the page about it. A check of a newer version
            /// is known by its id alone.
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
    /// The account is a trial, which reaches verified numbers only.
    AccountTrial = "account-trial", Blocker, Customer,
        "https://www.twilio.com/docs/usage/tutorials/how-to-use-your-free-trial-account";
    /// The balance is low: an empty account is suspended.
    BalanceLow = "balance-low", Warning, Customer,
        "https://www.twilio.com/docs/usage/api";
    /// The auth token of the settings is not the account's: every webhook is refused as forged.
    AuthTokenRefused = "auth-token-refused", Blocker, Support,
        "https://www.twilio.com/docs/usage/security";
    /// The account has a secondary auth token that the settings do not name: once it is promoted,
    /// every webhook is refused as forged. Found as far back as Twilio's audit log goes: 30 days, or
    /// 13 months where that is paid for.
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
    /// The settings name no TwiML App.
    ApplicationNotSet = "application-not-set", Blocker, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// The account has no such TwiML App.
    ApplicationMissing = "application-missing", Blocker, Support,
        "https://www.twilio.com/docs/usage/api/applications";
    /// A URL of the app uses http: anyone on the way can read the webhooks.
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
    /// The app sends webhooks by another method than POST: the instance refuses them.
    ApplicationMethod = "application-method", Blocker, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// The fallback of the app is a URL of another owner: it may receive message bodies.
    ApplicationFallback = "application-fallback", Warning, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// Twilio does not retry a webhook after a 5xx answer or a timeout, or has no fallback for it:
    /// a STOP that arrives during an outage may be lost.
    WebhookRetries = "webhook-retries", Warning, Program,
        "https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides";
    /// Other accounts may call the app.
    ApplicationPublic = "application-public", Warning, Program,
        "https://www.twilio.com/docs/usage/api/applications";
    /// A second app points at the instance.
    ApplicationDuplicate = "application-duplicate", Warning, Support,
        "https://www.twilio.com/docs/usage/api/applications";
    /// A SIP trunk receives the number's calls.
    NumberTrunk = "number-trunk", Blocker, Support,
        "https://www.twilio.com/docs/sip-trunking";
    /// The voice section of the number is not configured with the app.
    NumberVoiceBinding = "number-voice-binding", Blocker, Program,
        "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource";
    /// The messaging section of the number is not configured with the app.
    NumberMessagingBinding = "number-messaging-binding", Blocker, Program,
        "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource";
    /// The number has URLs of its own under the app: they answer as soon as the app is unbound.
    NumberOwnUrls = "number-own-urls", Note, Support,
        "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource";
    /// The account has no such Messaging Service.
    ServiceMissing = "service-missing", Blocker, Support,
        "https://www.twilio.com/docs/messaging/api/service-resource";
    /// The Messaging Service of the settings does not hold the instance's number.
    ServiceWithoutNumber = "service-without-number", Blocker, Support,
        "https://www.twilio.com/docs/messaging/api/phonenumber-resource";
    /// The number's Messaging Service neither defers to the sender's webhook nor sends replies to
    /// the instance: replies are lost.
    ServiceInboundUrl = "service-inbound-url", Blocker, Program,
        "https://www.twilio.com/docs/messaging/api/service-resource";
    /// The Messaging Service sends replies by another method than POST: the instance refuses them.
    ServiceInboundMethod = "service-inbound-method", Blocker, Program,
        "https://www.twilio.com/docs/messaging/api/service-resource";
    /// The Messaging Service sends replies or reports to a URL of another owner.
    ServiceForeignUrl = "service-foreign-url", Warning, Support,
        "https://www.twilio.com/docs/messaging/api/service-resource";
    /// Replies to a short code of the Messaging Service do not reach the instance.
    ShortCodeElsewhere = "short-code-elsewhere", Warning, Customer,
        "https://www.twilio.com/docs/sms/api/short-code";
    /// Twilio support is switched off: the instance refuses to send.
    TwilioDisabled = "twilio-disabled", Warning, Support,
        "https://www.twilio.com/docs";
    /// The delivery guard limits the recipients.
    DeliveryGuarded = "delivery-guarded", Note, Support,
        "https://www.twilio.com/docs";
    /// Twilio cannot reach the instance's domain.
    DomainNotPublic = "domain-not-public", Blocker, Support,
        "https://www.twilio.com/docs/usage/webhooks";
    /// The instance's domain is not ClinSpark's.
    DomainNotClinspark = "domain-not-clinspark", Note, Support,
        "https://www.twilio.com/docs/usage/webhooks";
    /// The default country prefix is not set: numbers typed without their country code are refused.
    DefaultCountryNotSet = "default-country-not-set", Warning, Support,
        "https://www.twilio.com/docs/glossary/what-e164";
    /// Webhook paths are not set.
    WebhookPathsNotSet = "webhook-paths-not-set", Note, Support,
        "https://www.twilio.com/docs/usage/webhooks";
    /// The account may not text the default country.
    GeoMessaging = "geo-messaging", Blocker, Customer,
        "https://www.twilio.com/docs/messaging/guides/sms-geo-permissions";
    /// The account may not call the default country.
    GeoVoice = "geo-voice", Blocker, Customer,
        "https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource";
    /// Twilio's debugger has errors of the last 24 hours. Errors without a remedy (a handset that was
    /// off, a person who has opted out, a fault of Twilio) are notes, so that they do not bury others.
    RecentErrors = "recent-errors", Warning, Support,
        "https://www.twilio.com/docs/usage/monitor-alert";
    /// Twilio's debugger has warnings of the last 24 hours.
    RecentWarnings = "recent-warnings", Note, Support,
        "https://www.twilio.com/docs/usage/monitor-alert";
    /// This machine's clock differs from Twilio's.
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

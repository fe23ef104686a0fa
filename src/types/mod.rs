//! Types shared by every module: SIDs, open enums, secrets, redacted values and timestamps.
//!
//! | Type | Description |
//! |---|---|
//! | [`MessageSid`], [`CallSid`], [`AccountSid`] ... | Twilio identifier with a checked prefix |
//! | [`MessageStatus`], [`CallStatus`] ... | open enum: a value that this version does not know is kept as text |
//! | [`AuthToken`], [`ApiKeySecret`] | secret: never printed, wiped from memory when dropped |
//! | [`Redacted`] | value that must not reach a log |
//! | [`redacted_url`] | URL without the parts that may hold a secret or a phone number |
//! | [`BoxFuture`], [`BoxError`] | boxed future or error of any type, for traits that you implement |
//! | [`conformance`] | suite of cases that every implementation of a trait passes |
//! | [`Timestamp`] | date as Twilio wrote it, and as [`SystemTime`](std::time::SystemTime) |

mod all_of;
mod boxed;
pub mod conformance;
mod edit_distance;
mod host;
mod ignorable;
mod open;
mod percent;
mod port;
mod redacted;
mod secret;
mod sid;
mod timestamp;
mod words;

pub(crate) use all_of::all_of;
pub use boxed::{BoxError, BoxFuture};
pub(crate) use edit_distance::edit_distance;
pub(crate) use host::is_loopback;
#[cfg(feature = "client")]
pub(crate) use host::is_public;
pub(crate) use ignorable::is_ignorable;
pub use open::UnknownValue;
pub(crate) use open::open_enum;
pub(crate) use percent::has_whole_escapes;
pub(crate) use port::parse_port;
pub(crate) use redacted::redacted_path;
pub use redacted::{Redacted, redacted_url};
#[cfg(feature = "client")]
pub(crate) use secret::stray_character;
pub use secret::{
    ApiKeySecret, AuthToken, BearerToken, ClientSecret, RefreshToken, SecretError, SharedKeySecret,
};
pub(crate) use sid::is_sid;
#[cfg(feature = "client")]
pub(crate) use sid::is_sid_of;
pub use sid::{
    AccountSid, AlertSid, AlphaSenderSid, ApiKeySid, ApplicationSid, BrandSid, BundleSid, CallSid,
    CampaignSid, ConferenceSid, ContentSid, EventSid, MediaSid, MessageSid, MessagingServiceSid,
    OauthAppSid, PaymentSid, PhoneNumberSid, QueueSid, RecordingSid, SafeListSid, ShortCodeSid,
    SidError, SiprecSid, StreamSid, TollfreeVerificationSid, TranscriptSid, TranscriptionSid,
    VettingSid,
};
pub use timestamp::Timestamp;
pub use words::{
    AnsweredBy, CallDirection, CallStatus, MessageDirection, MessageStatus, Method,
    RecordingChannels, RecordingSource, RecordingStatus, RecordingTrack,
};

//! Verified caller IDs.

use std::time::SystemTime;

use crate::phone::E164;
use crate::types::{PhoneNumberSid, Redacted};

/// A number of someone else's that is verified as the account's caller ID.
///
/// Source: <https://www.twilio.com/docs/voice/api/outgoing-caller-ids>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredCallerId {
    /// SID of the caller ID, `PN...`.
    pub sid: PhoneNumberSid,
    /// Phone number.
    pub number: E164,
    /// Name of the caller ID. Default: the number.
    pub friendly_name: Redacted<String>,
    pub(crate) date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
}

impl StoredCallerId {
    pub(crate) fn new(
        sid: PhoneNumberSid,
        number: E164,
        friendly_name: &str,
        now: SystemTime,
    ) -> Self {
        Self {
            sid,
            number,
            friendly_name: Redacted::new(friendly_name.to_owned()),
            date_created: now,
            date_updated: now,
        }
    }
}

//! Numbers, TwiML Apps, Messaging Services, short codes and caller IDs in the saved state.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::values::{SavedE164, SavedTime};
use crate::phone::AlphanumericSender;
use crate::sandbox::state::{
    PooledAlphaSender, ResourceSettings, StoredApplication, StoredCallerId, StoredNumber,
    StoredService, StoredShortCode,
};
use crate::types::{
    AlphaSenderSid, ApplicationSid, MessagingServiceSid, PhoneNumberSid, Redacted, ShortCodeSid,
};

type Settings = BTreeMap<String, String>;

#[derive(Deserialize, Serialize)]
pub(super) struct SavedNumber {
    sid: PhoneNumberSid,
    number: SavedE164,
    settings: Settings,
    missing_capabilities: Vec<String>,
    date_created: SavedTime,
    date_updated: SavedTime,
}

impl From<&StoredNumber> for SavedNumber {
    fn from(number: &StoredNumber) -> Self {
        Self {
            sid: number.sid,
            number: SavedE164(number.number),
            settings: number.settings.to_map(),
            missing_capabilities: number.missing_capabilities.clone(),
            date_created: SavedTime(number.date_created),
            date_updated: SavedTime(number.date_updated),
        }
    }
}

impl From<SavedNumber> for StoredNumber {
    fn from(saved: SavedNumber) -> Self {
        Self {
            sid: saved.sid,
            number: saved.number.0,
            settings: ResourceSettings::from_map(saved.settings),
            missing_capabilities: saved.missing_capabilities,
            date_created: saved.date_created.0,
            date_updated: saved.date_updated.0,
        }
    }
}

#[derive(Deserialize, Serialize)]
pub(super) struct SavedApplication {
    sid: ApplicationSid,
    settings: Settings,
    date_created: SavedTime,
    date_updated: SavedTime,
}

impl From<&StoredApplication> for SavedApplication {
    fn from(application: &StoredApplication) -> Self {
        Self {
            sid: application.sid,
            settings: application.settings.to_map(),
            date_created: SavedTime(application.date_created),
            date_updated: SavedTime(application.date_updated),
        }
    }
}

impl From<SavedApplication> for StoredApplication {
    fn from(saved: SavedApplication) -> Self {
        Self {
            sid: saved.sid,
            settings: ResourceSettings::from_map(saved.settings),
            date_created: saved.date_created.0,
            date_updated: saved.date_updated.0,
        }
    }
}

#[derive(Deserialize, Serialize)]
pub(super) struct SavedService {
    sid: MessagingServiceSid,
    numbers: Vec<PhoneNumberSid>,
    short_codes: Vec<ShortCodeSid>,
    alpha_sender: Option<SavedAlphaSender>,
    /// Set for Advanced Opt-Out.
    advanced_opt_out: bool,
    settings: Settings,
    date_created: SavedTime,
    date_updated: SavedTime,
}

#[derive(Deserialize, Serialize)]
struct SavedAlphaSender {
    sid: AlphaSenderSid,
    name: String,
    date_created: SavedTime,
}

impl SavedService {
    pub(super) fn new(service: &StoredService, advanced_opt_out: bool) -> Self {
        let sender = service.alpha_sender.as_ref();
        Self {
            sid: service.sid,
            numbers: service.numbers.clone(),
            short_codes: service.short_codes.clone(),
            alpha_sender: sender.map(|sender| SavedAlphaSender {
                sid: sender.sid,
                name: sender.name.as_str().to_owned(),
                date_created: SavedTime(sender.date_created),
            }),
            advanced_opt_out,
            settings: service.settings.to_map(),
            date_created: SavedTime(service.date_created),
            date_updated: SavedTime(service.date_updated),
        }
    }

    /// Returns the SID of the service if it has Advanced Opt-Out.
    pub(super) fn advanced_opt_out(&self) -> Option<MessagingServiceSid> {
        self.advanced_opt_out.then_some(self.sid)
    }
}

impl From<SavedService> for StoredService {
    fn from(saved: SavedService) -> Self {
        // A name that is not valid was changed by hand; the service then has no such sender.
        let alpha_sender = saved.alpha_sender.and_then(|sender| {
            Some(PooledAlphaSender {
                sid: sender.sid,
                name: AlphanumericSender::parse(&sender.name).ok()?,
                date_created: sender.date_created.0,
            })
        });
        Self {
            sid: saved.sid,
            numbers: saved.numbers,
            short_codes: saved.short_codes,
            alpha_sender,
            settings: ResourceSettings::from_map(saved.settings),
            date_created: saved.date_created.0,
            date_updated: saved.date_updated.0,
        }
    }
}

#[derive(Deserialize, Serialize)]
pub(super) struct SavedShortCode {
    sid: ShortCodeSid,
    code: String,
    settings: Settings,
    date_created: SavedTime,
}

impl From<&StoredShortCode> for SavedShortCode {
    fn from(code: &StoredShortCode) -> Self {
        Self {
            sid: code.sid,
            code: code.code.clone(),
            settings: code.settings.to_map(),
            date_created: SavedTime(code.date_created),
        }
    }
}

impl From<SavedShortCode> for StoredShortCode {
    fn from(saved: SavedShortCode) -> Self {
        Self {
            sid: saved.sid,
            code: saved.code,
            settings: ResourceSettings::from_map(saved.settings),
            date_created: saved.date_created.0,
        }
    }
}

#[derive(Deserialize, Serialize)]
pub(super) struct SavedCallerId {
    sid: PhoneNumberSid,
    number: SavedE164,
    friendly_name: String,
    date_created: SavedTime,
    date_updated: SavedTime,
}

impl From<&StoredCallerId> for SavedCallerId {
    fn from(caller: &StoredCallerId) -> Self {
        Self {
            sid: caller.sid,
            number: SavedE164(caller.number),
            friendly_name: caller.friendly_name.expose().clone(),
            date_created: SavedTime(caller.date_created),
            date_updated: SavedTime(caller.date_updated),
        }
    }
}

impl From<SavedCallerId> for StoredCallerId {
    fn from(saved: SavedCallerId) -> Self {
        Self {
            sid: saved.sid,
            number: saved.number.0,
            friendly_name: Redacted::new(saved.friendly_name),
            date_created: saved.date_created.0,
            date_updated: saved.date_updated.0,
        }
    }
}

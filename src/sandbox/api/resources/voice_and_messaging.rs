//! Settings that numbers and TwiML Apps share.

use crate::sandbox::api::settings::{SettingSchema, SettingType};

pub(super) const VOICE_AND_MESSAGING: &[SettingSchema] = &[
    SettingSchema("FriendlyName", "friendly_name", SettingType::FriendlyName),
    SettingSchema("VoiceUrl", "voice_url", SettingType::Url),
    SettingSchema("VoiceMethod", "voice_method", SettingType::Method),
    SettingSchema("VoiceFallbackUrl", "voice_fallback_url", SettingType::Url),
    SettingSchema(
        "VoiceFallbackMethod",
        "voice_fallback_method",
        SettingType::Method,
    ),
    SettingSchema(
        "VoiceCallerIdLookup",
        "voice_caller_id_lookup",
        SettingType::OffByDefault,
    ),
    SettingSchema("SmsUrl", "sms_url", SettingType::Url),
    SettingSchema("SmsMethod", "sms_method", SettingType::Method),
    SettingSchema("SmsFallbackUrl", "sms_fallback_url", SettingType::Url),
    SettingSchema(
        "SmsFallbackMethod",
        "sms_fallback_method",
        SettingType::Method,
    ),
    SettingSchema("StatusCallback", "status_callback", SettingType::Url),
    SettingSchema(
        "StatusCallbackMethod",
        "status_callback_method",
        SettingType::Method,
    ),
];

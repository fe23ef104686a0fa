//! Voice tokens and API keys of settings.

use clinspark_twilio::clinspark::{Setting, SettingsBuilder};

use super::{ACCOUNT, sound};

/// Claims of a token.
fn claims(token: &str) -> serde_json::Value {
    use base64::Engine as _;
    let part = token.split('.').nth(1).unwrap();
    let json = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part);
    serde_json::from_slice(&json.unwrap()).unwrap()
}

#[test]
fn a_voice_token_is_signed_with_the_settings_key() {
    let hour = std::time::Duration::from_secs(3_600);
    let with_key = || {
        sound()
            .api_key_sid("SK00000000000000000000000000000001")
            .api_key_secret("hush-hush-secret")
    };
    let app = "AP00000000000000000000000000000002";
    let settings = with_key().application_sid(app).build().unwrap();
    let token = settings.voice_token("site_12_nurse", hour).unwrap();
    let claims = claims(token.expose());
    assert_eq!(claims["sub"], ACCOUNT);
    assert_eq!(claims["iss"], "SK00000000000000000000000000000001");
    assert_eq!(
        claims["grants"],
        serde_json::json!({
            "identity": "site_12_nurse",
            "voice": {
                "incoming": {"allow": true},
                "outgoing": {"application_sid": app},
            }
        })
    );
    let refused = |builder: SettingsBuilder| {
        let settings = builder.build().unwrap();
        settings.voice_token("site_12_nurse", hour).unwrap_err()
    };
    let error = refused(sound());
    assert_eq!(
        error.to_string(),
        "a voice token needs api_key_sid (TWILIO_API_KEY_SID), api_key_secret \
         (TWILIO_API_KEY_SECRET) and application_sid (TWILIO_APPLICATION_SID); set them"
    );
    let error = refused(with_key());
    assert_eq!(error.missing(), [Setting::ApplicationSid]);
    assert_eq!(
        error.to_string(),
        "a voice token needs application_sid (TWILIO_APPLICATION_SID); set it"
    );
    let error = refused(sound().application_sid(app));
    assert_eq!(error.missing(), [Setting::ApiKeySid, Setting::ApiKeySecret]);
    for (identity, lifetime) in [("nurse site", hour), ("", hour), ("nurse", hour * 25)] {
        let error = settings.voice_token(identity, lifetime).unwrap_err();
        assert!(error.missing().is_empty(), "{identity:?}");
    }
    let shown = format!("{settings:?} {token:?}");
    assert!(!shown.contains("hush"), "{shown}");
}

#[test]
fn an_api_key_signs_in_where_one_is_set() {
    let token = sound().build().unwrap();
    let key = sound()
        .api_key_sid("SK00000000000000000000000000000001")
        .api_key_secret("hush-hush-secret")
        .build()
        .unwrap();
    assert!(format!("{:?}", token.credentials()).contains(ACCOUNT));
    assert!(!format!("{:?}", token.credentials()).contains("SK0000"));
    assert!(format!("{:?}", key.credentials()).contains("SK00000000000000000000000000000001"));
    assert_eq!(key.auth_token().expose(), "hush-hush-token");
}

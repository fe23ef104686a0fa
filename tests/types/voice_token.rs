//! Voice access tokens, compared with those that `PyJWT` makes from the claims of Twilio's own
//! library (`tests/data/voice_tokens.json`, verified there by npm's jsonwebtoken).

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clinspark_twilio::phone::ClientIdentity;
use clinspark_twilio::types::{AccountSid, ApiKeySecret, ApiKeySid, ApplicationSid};
use clinspark_twilio::voice_token::{TokenSigner, VoiceGrant, VoiceToken};
use serde_json::Value;

fn sid<T: std::str::FromStr<Err: std::fmt::Debug>>(prefix: &str) -> T {
    format!("{prefix}00000000000000000000000000000001")
        .parse()
        .unwrap()
}

fn signer(secret: &str) -> TokenSigner {
    let secret = ApiKeySecret::new(secret).unwrap();
    TokenSigner::new(sid::<AccountSid>("AC"), sid::<ApiKeySid>("SK"), &secret)
}

fn nurse() -> VoiceGrant {
    VoiceGrant::incoming(ClientIdentity::parse("site_12_nurse").unwrap())
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn claims(token: &VoiceToken) -> Value {
    let payload = token.expose().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

#[test]
fn tokens_equal_those_of_other_libraries() {
    let fixture: Value = serde_json::from_str(include_str!("../data/voice_tokens.json")).unwrap();
    let issued = SystemTime::UNIX_EPOCH + seconds(fixture["issued"].as_u64().unwrap());
    let tokens = fixture["tokens"].as_array().unwrap();
    assert_eq!(tokens.len(), 4);
    for case in tokens {
        let mut signer = signer(fixture["secret"].as_str().unwrap());
        if let Some(region) = case["region"].as_str() {
            signer = signer.region(region);
        }
        let identity = ClientIdentity::parse(case["identity"].as_str().unwrap()).unwrap();
        let asked = &case["grant"];
        let app = asked["outgoing_application_sid"].as_str();
        let app = app.map(|app| app.parse::<ApplicationSid>().unwrap());
        let mut grant = match (asked["incoming_allow"] == true, app) {
            (true, Some(app)) => VoiceGrant::incoming_and_outgoing(identity, app),
            (true, None) => VoiceGrant::incoming(identity),
            (false, Some(app)) => VoiceGrant::outgoing(identity, app),
            // A token that permits nothing cannot be made.
            (false, None) => continue,
        };
        for (name, value) in asked["outgoing_application_params"]
            .as_object()
            .into_iter()
            .flatten()
        {
            grant = grant.param(name, value.as_str().unwrap());
        }
        if let Some(credential) = asked["push_credential_sid"].as_str() {
            grant = grant.push_credential_sid(credential);
        }
        let life = seconds(case["life"].as_u64().unwrap());
        let id = fixture["id"].as_str().unwrap();
        let token = signer.sign_at(&grant, life, issued, id).unwrap();
        let ours: Vec<Value> = parts(token.expose());
        let theirs: Vec<Value> = parts(case["token"].as_str().unwrap());
        assert_eq!(ours, theirs, "{case}");
        assert_eq!(token.expires_at(), issued + life);
        assert_eq!(token.id(), id);
        // The signature covers the text, so it is compared only where the texts are equal.
        if case["identity"].as_str().unwrap().is_ascii() {
            assert_eq!(token.expose(), case["token"].as_str().unwrap());
        }
    }
}

/// Returns header and claims.
fn parts(token: &str) -> Vec<Value> {
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3);
    assert!(
        !token.contains(['=', '+', '/']),
        "not base64url without padding"
    );
    parts[..2]
        .iter()
        .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
        .collect()
}

#[test]
fn lifetimes_are_a_second_to_a_day() {
    let signer = signer("secret");
    for life in [1, 3600, 86_400] {
        let token = signer.sign(&nurse(), seconds(life)).unwrap();
        let claims = claims(&token);
        let lives = claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap();
        assert_eq!(lives, life);
    }
    for life in [
        seconds(0),
        Duration::from_millis(999),
        seconds(86_401),
        Duration::MAX,
    ] {
        let error = signer.sign(&nurse(), life).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the lifetime of a voice token is out of range; choose 1 second to 24 hours"
        );
    }
}

#[test]
fn an_expiry_beyond_the_clock_is_an_error() {
    // The latest time that a clock can have. Where a platform's clock goes further, the token is
    // valid.
    let mut late = SystemTime::UNIX_EPOCH;
    for bit in (0..64).rev() {
        late = late.checked_add(seconds(1 << bit)).unwrap_or(late);
    }
    let token = signer("secret").sign_at(&nurse(), seconds(60), late, "id");
    token.unwrap_err();
}

#[test]
fn two_tokens_of_one_second_have_different_ids() {
    let signer = signer("secret");
    let ids: std::collections::HashSet<String> = (0..100)
        .map(|_| signer.sign(&nurse(), seconds(60)).unwrap().id().to_owned())
        .collect();
    assert_eq!(ids.len(), 100);
    assert!(
        ids.iter()
            .all(|id| id.starts_with("SK00000000000000000000000000000001-"))
    );
}

#[test]
fn identities_are_those_that_twilio_accepts() {
    for text in [
        "a",
        "site_12_nurse",
        "a.b-c@d",
        "caf\u{e9}",
        &"x".repeat(256),
    ] {
        assert_eq!(ClientIdentity::parse(text).unwrap().expose(), text);
    }
    let refused = "<>#%\"{}|\\^[]` \n\u{0}\u{7f}\u{a0}";
    for c in refused.chars() {
        assert!(ClientIdentity::parse(&format!("a{c}b")).is_err(), "{c:?}");
    }
    for prefixed in ["client:ann", "Client:ann"] {
        assert!(ClientIdentity::parse(prefixed).is_err());
    }
    assert!(ClientIdentity::parse("clients:ann").is_ok());
    assert!(ClientIdentity::parse("").is_err());
    assert!(ClientIdentity::parse(&"x".repeat(257)).is_err());
}

#[test]
fn secrets_and_identities_are_never_printed() {
    let signer = signer("PLANTED-secret");
    let identity = ClientIdentity::parse("PLANTED@clinic.example").unwrap();
    let grant = VoiceGrant::incoming(identity.clone()).param("who", "PLANTED");
    let token = signer.sign(&grant, seconds(60)).unwrap();
    for text in [
        format!("{identity:?}"),
        format!("{identity:#?}"),
        format!("{grant:#?}"),
        format!("{signer:?}"),
        format!("{grant:?}"),
        format!("{token:#?}"),
    ] {
        assert!(!text.contains("PLANTED") && !text.contains("eyJ"), "{text}");
    }
    assert!(format!("{token:?}").contains(token.id()));
}

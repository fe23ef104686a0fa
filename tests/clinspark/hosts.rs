//! Settings of the hosts that requests are sent to: region, edge and base URL.

use clinspark_twilio::client::accounts::FetchBalance;
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::clinspark::{Settings, SettingsBuilder};
use clinspark_twilio::messenger::WithoutConsentGate;

fn sound() -> SettingsBuilder {
    Settings::builder()
        .domain("demo")
        .account_sid("AC00000000000000000000000000000001")
        .auth_token("the-auth-token")
        .number("+14155550123")
        .delivery("off")
}

/// Returns the host of a request that the instance's messenger sends.
async fn host(settings: SettingsBuilder) -> String {
    let transport = FakeTransport::new().reply(Reply::json(200, r#"{"balance": "8.50"}"#));
    let messenger = settings
        .build()
        .unwrap()
        .messenger_builder(WithoutConsentGate)
        .with_transport(transport.clone())
        .build()
        .unwrap();
    messenger
        .client()
        .execute(FetchBalance::new())
        .await
        .unwrap();
    transport.requests()[0].host().to_owned()
}

#[tokio::test]
async fn region_edge_and_base_url_name_the_host() {
    assert_eq!(host(sound()).await, "api.twilio.com");
    let ireland = || sound().region("IE1");
    assert_eq!(host(ireland()).await, "api.dublin.ie1.twilio.com");
    let frankfurt = || ireland().edge("frankfurt");
    assert_eq!(host(frankfurt()).await, "api.frankfurt.ie1.twilio.com");
    assert_eq!(
        host(sound().edge("dublin")).await,
        "api.dublin.us1.twilio.com"
    );
    let newer = sound().region("za1").edge("cape-town");
    assert_eq!(host(newer).await, "api.cape-town.za1.twilio.com");
    let local = frankfurt().base_url("http://127.0.0.1:4010/");
    assert_eq!(host(local.clone()).await, "127.0.0.1");
    let settings = local.build().unwrap();
    assert_eq!(settings.region().unwrap().as_str(), "ie1");
    assert_eq!(settings.edge().unwrap().as_str(), "frankfurt");
    assert_eq!(settings.base_url(), Some("http://127.0.0.1:4010"));
}

/// The messenger's own setters replace those of the settings.
#[tokio::test]
async fn a_messenger_takes_region_and_edge() {
    use clinspark_twilio::client::{Edge, ProcessingRegion};
    let transport = FakeTransport::new().reply(Reply::json(200, r#"{"balance": "8.50"}"#));
    let messenger = sound()
        .region("au1")
        .build()
        .unwrap()
        .messenger_builder(WithoutConsentGate)
        .edge(Edge::parse("tokyo").unwrap())
        .region(ProcessingRegion::JP1)
        .with_transport(transport.clone())
        .build()
        .unwrap();
    messenger
        .client()
        .execute(FetchBalance::new())
        .await
        .unwrap();
    assert_eq!(transport.requests()[0].host(), "api.tokyo.jp1.twilio.com");
}

#[test]
fn settings_that_name_no_host_of_twilio_are_refused() {
    let refused = |builder: SettingsBuilder, problem: &str| {
        assert_eq!(builder.build().unwrap_err().to_string(), problem);
    };
    for region in ["GB", "dublin", "ie1.evil.example", "ie1/", "@1", "i\u{e9}1"] {
        refused(
            sound().region(region),
            "region (TWILIO_REGION) cannot be used: the region must be Twilio's name of one, such \
             as `ie1`",
        );
    }
    for edge in ["ie1", "dublin.evil.example", "evil.example/", "a@b"] {
        refused(
            sound().edge(edge),
            "edge (TWILIO_EDGE) cannot be used: the edge must be one label of a host name, such as \
             `dublin`",
        );
    }
    refused(
        sound().region("za1"),
        "edge (TWILIO_EDGE) is missing: the edge of this region is not known",
    );
    for url in [
        "https://gateway.clinic.example",
        "http://localhost.evil.example",
        "http://u:PLANTED@localhost",
        "http://127.0.0.1/path",
        "127.0.0.1:4010",
        "PLANTED",
    ] {
        refused(
            sound().base_url(url),
            "base_url (TWILIO_BASE_URL) cannot be used: it is not on this machine; write a URL such \
             as http://127.0.0.1:4010, or remove it to reach Twilio",
        );
    }
}

/// A key of one region signs no token for another.
#[test]
fn a_voice_token_names_the_region() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let header = |settings: SettingsBuilder| {
        let settings = settings
            .api_key_sid("SK00000000000000000000000000000001")
            .api_key_secret("the-secret-that-Twilio-showed-once")
            .application_sid("AP00000000000000000000000000000001");
        let hour = std::time::Duration::from_secs(3_600);
        let token = settings
            .build()
            .unwrap()
            .voice_token("nurse", hour)
            .unwrap();
        let first = token.expose().split('.').next().unwrap().to_owned();
        String::from_utf8(URL_SAFE_NO_PAD.decode(first).unwrap()).unwrap()
    };
    assert!(header(sound().region("ie1")).contains(r#""twr":"ie1""#));
    assert!(!header(sound()).contains("twr"));
}

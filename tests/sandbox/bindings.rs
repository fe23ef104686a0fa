//! Numbers and TwiML Apps: their JSON, filters, settings and bindings.

use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::SandboxErrorKind;
use serde_json::Value;

use crate::api::account;
use crate::app::{CLINIC, e164};

#[tokio::test]
async fn applications_are_created_listed_updated_and_deleted() {
    let (sandbox, api) = account().await;
    let fields = [
        ("FriendlyName", "ClinSpark demo"),
        ("VoiceUrl", "https://demo.example.com/voice"),
        ("VoiceMethod", "GET"),
        ("SmsUrl", "https://demo.example.com/sms"),
        ("MessageStatusCallback", "https://demo.example.com/status"),
    ];
    let created = api.create("Applications.json", &fields).await;
    let sid = created["sid"].as_str().unwrap();
    let resource = format!("Applications/{sid}.json");
    let expected = serde_json::json!({
        "account_sid": sandbox.account_sid(), "api_version": "2010-04-01",
        "date_created": created["date_created"], "date_updated": created["date_updated"],
        "friendly_name": "ClinSpark demo",
        "message_status_callback": "https://demo.example.com/status",
        "public_application_connect_enabled": false, "sid": sid,
        "sms_fallback_method": "POST", "sms_fallback_url": null, "sms_method": "POST",
        "sms_status_callback": null, "sms_url": "https://demo.example.com/sms",
        "status_callback": null, "status_callback_method": "POST",
        "uri": api.path(&resource), "voice_caller_id_lookup": false,
        "voice_fallback_method": "POST", "voice_fallback_url": null, "voice_method": "GET",
        "voice_url": "https://demo.example.com/voice",
    });
    assert_eq!(created, expected);
    assert_eq!(api.get(&resource).await, (200, expected));

    api.create("Applications.json", &[("FriendlyName", "another")])
        .await;
    let (_, found) = api
        .get("Applications.json?FriendlyName=ClinSpark+demo")
        .await;
    assert_eq!(found["applications"].as_array().unwrap().len(), 1);

    // An absent parameter keeps its value; an empty one is cleared.
    let (status, updated) = api
        .post(&resource, &[("SmsUrl", ""), ("VoiceMethod", "POST")])
        .await;
    assert_eq!((status, &updated["sms_url"]), (200, &Value::Null));
    assert_eq!(updated["voice_url"], "https://demo.example.com/voice");
    assert_eq!(updated["voice_method"], "POST");
    assert_eq!(
        sandbox.applications()[0].setting("VoiceUrl"),
        updated["voice_url"].as_str()
    );

    for (name, value, code) in [
        ("VoiceUrl", "nowhere", 21402),
        ("SmsMethod", "PUT", 21403),
        ("Voiceurl", "https://demo.example.com/voice", 20001),
        ("VoiceCallerIdLookup", "1", 20422),
    ] {
        assert_eq!(
            api.refused(&resource, &[(name, value)]).await,
            (400, code),
            "{name}"
        );
    }
    let long = "x".repeat(65);
    let refused = api
        .refused("Applications.json", &[("FriendlyName", &long)])
        .await;
    assert_eq!(refused, (400, 20002));
    assert_eq!(
        api.send("DELETE", &api.path(&resource), None).await,
        (204, Value::Null)
    );
    assert_eq!(api.get(&resource).await.0, 404);
}

#[tokio::test]
async fn numbers_are_listed_bound_and_unbound() {
    let (sandbox, api) = account().await;
    let sid = sandbox.add_number(e164(CLINIC));
    sandbox.add_number(e164("+442079460018"));
    let twiml_app = api.create("Applications.json", &[]).await;
    let app_sid = twiml_app["sid"].as_str().unwrap();
    for (query, count) in [
        ("PhoneNumber=%2B14155550100", 1),
        ("PhoneNumber=415555", 1),
        ("PhoneNumber=%2B44**79", 1),
        ("PhoneNumber=999999", 0),
        ("FriendlyName=(415)+555-0100", 1),
        ("", 2),
    ] {
        let (_, list) = api.get(&format!("IncomingPhoneNumbers.json?{query}")).await;
        let numbers = list["incoming_phone_numbers"].as_array().unwrap();
        assert_eq!(numbers.len(), count, "{query}");
    }
    let resource = format!("IncomingPhoneNumbers/{sid}.json");
    let (_, unbound) = api.get(&resource).await;
    assert_eq!(
        (&unbound["sms_application_sid"], &unbound["sms_url"]),
        (&"".into(), &Value::Null)
    );
    assert_eq!(unbound["phone_number"], CLINIC);
    assert_eq!(unbound["capabilities"]["sms"], true);

    let binding = [
        ("SmsApplicationSid", app_sid),
        ("VoiceApplicationSid", app_sid),
    ];
    let (status, bound) = api.post(&resource, &binding).await;
    assert_eq!(
        (status, &bound["sms_application_sid"]),
        (200, &app_sid.into())
    );
    let stored = sandbox.number(sid).unwrap();
    assert_eq!(stored.sms_application_sid(), Some(app_sid.parse().unwrap()));
    assert_eq!(
        stored.voice_application_sid(),
        Some(app_sid.parse().unwrap())
    );
    assert!(!format!("{stored:?}").contains("5550100"));

    api.post(&resource, &[("VoiceApplicationSid", "")]).await;
    let stored = sandbox.number(sid).unwrap();
    assert_eq!(
        (
            stored.voice_application_sid(),
            stored.setting("VoiceApplicationSid")
        ),
        (None, None)
    );
    assert!(stored.sms_application_sid().is_some());
    let unknown = [("SmsApplicationSid", "AP00000000000000000000000000000000")];
    assert_eq!(api.refused(&resource, &unknown).await, (400, 21420));
}

#[tokio::test]
async fn configure_number_stores_valid_settings_and_rejects_others() {
    let (sandbox, api) = account().await;
    let sid = sandbox.add_number(e164(CLINIC));
    let settings = [("SmsUrl", "http://127.0.0.1/sms"), ("SmsMethod", "GET")];
    sandbox.configure_number(sid, &settings).unwrap();
    let (_, number) = api.get(&format!("IncomingPhoneNumbers/{sid}.json")).await;
    assert_eq!(
        (&number["sms_url"], &number["sms_method"]),
        (&settings[0].1.into(), &"GET".into())
    );
    assert_eq!(sandbox.numbers(), [sandbox.number(sid).unwrap()]);

    let error = sandbox
        .configure_number(sid, &[("SmsUrl", "nowhere")])
        .unwrap_err();
    assert_eq!(error.kind(), SandboxErrorKind::InvalidSetting);
    assert_eq!(error.to_string(), "Twilio would reject the setting");
    let cause = std::error::Error::source(&error).unwrap();
    assert_eq!(cause.to_string(), "Twilio would respond with error 21402");
    let unknown = "PN00000000000000000000000000000000".parse().unwrap();
    let error = sandbox.configure_number(unknown, &settings).unwrap_err();
    assert_eq!(error.to_string(), "the account has no number with this SID");
}

#[tokio::test]
async fn numbers_can_be_bought() {
    let (sandbox, api) = account().await;
    let fields = [
        ("PhoneNumber", "+14155550155"),
        ("SmsUrl", "http://127.0.0.1/sms"),
    ];
    let bought = api.create("IncomingPhoneNumbers.json", &fields).await;
    assert_eq!(bought["friendly_name"], "(415) 555-0155");
    assert_eq!(bought["sms_url"], "http://127.0.0.1/sms");
    let sid = bought["sid"].as_str().unwrap().parse().unwrap();
    assert_eq!(
        sandbox.number(sid).unwrap().number,
        E164::parse("+14155550155").unwrap()
    );
    let again = api.refused("IncomingPhoneNumbers.json", &fields).await;
    assert_eq!(again, (400, 21422));
    let nonsense = [("PhoneNumber", "12")];
    assert_eq!(
        api.refused("IncomingPhoneNumbers.json", &nonsense).await,
        (400, 21421)
    );
}

#[tokio::test]
async fn parameters_of_a_number_that_have_no_effect_are_refused() {
    let (sandbox, api) = account().await;
    let sid = sandbox.add_number(e164(CLINIC));
    let resource = format!("IncomingPhoneNumbers/{sid}.json");
    let address = "AD00000000000000000000000000000000";
    let other = "AC00000000000000000000000000000000";
    for (name, value) in [
        ("AccountSid", other),
        ("AddressSid", address),
        ("BundleSid", "BU00000000000000000000000000000000"),
        ("EmergencyAddressSid", address),
        ("EmergencyStatus", "Active"),
        ("IdentitySid", "RI00000000000000000000000000000000"),
    ] {
        let bought = [("PhoneNumber", "+14155550177"), (name, value)];
        for (path, fields) in [
            (resource.as_str(), &bought[1..]),
            ("IncomingPhoneNumbers.json", &bought[..]),
        ] {
            assert_eq!(api.refused(path, fields).await, (404, 20404), "{name}");
        }
    }
    let own = sandbox.account_sid().to_string();
    for (name, value) in [
        ("AccountSid", own.as_str()),
        ("AddressSid", ""),
        ("EmergencyStatus", "Inactive"),
        ("ApiVersion", "2010-04-01"),
    ] {
        assert_eq!(api.post(&resource, &[(name, value)]).await.0, 200, "{name}");
    }
    assert_eq!(sandbox.numbers().len(), 1);
}

//! Lookups of numbers, versions 1 and 2.

use serde_json::{Value, json};

use crate::api::account;
use crate::app::{Api, CLINIC, VOLUNTEER, e164};

async fn look_up(api: &Api, number: &str) -> Value {
    let path = format!("/v2/PhoneNumbers/{number}");
    let (status, found) = api.send("GET", &path, None).await;
    assert_eq!(status, 200, "{number}: {found}");
    found
}

#[tokio::test]
async fn a_number_is_looked_up_in_the_numbering_plan() {
    let (sandbox, api) = account().await;
    let expected = json!({
        "calling_country_code": "1", "country_code": "US", "phone_number": VOLUNTEER,
        "national_format": "(415) 555-0123", "valid": true, "validation_errors": null,
        "caller_name": null, "sim_swap": null, "call_forwarding": null, "line_status": null,
        "line_type_intelligence": null, "identity_match": null, "reassigned_number": null,
        "sms_pumping_risk": null, "phone_number_quality_score": null, "pre_fill": null,
        "url": format!("{}/v2/PhoneNumbers/{VOLUNTEER}", sandbox.base_url()),
    });
    // The plus sign as it is and escaped; a national format, by default that of the USA.
    for number in [
        VOLUNTEER,
        "%2B14155550123",
        "(415)%20555-0123",
        "4155550123?Fields=validation",
        "4155550123?CountryCode=US",
    ] {
        assert_eq!(look_up(&api, number).await, expected, "{number}");
    }
    let abroad = look_up(&api, "0491570156?CountryCode=AU").await;
    assert_eq!(
        [
            &abroad["phone_number"],
            &abroad["country_code"],
            &abroad["calling_country_code"]
        ],
        ["+61491570156", "AU", "61"]
    );
}

#[tokio::test]
async fn an_invalid_number_is_a_result_with_the_reason() {
    let (_sandbox, api) = account().await;
    for (number, error) in [
        ("+141599299600", "TOO_LONG"),
        ("+1415992996", "TOO_SHORT"),
        ("+11231231234", "INVALID_BUT_POSSIBLE"),
        ("+9991234567", "INVALID_COUNTRY_CODE"),
        ("clinic", "NOT_A_NUMBER"),
    ] {
        let found = look_up(&api, number).await;
        assert_eq!(found["valid"], false, "{number}");
        assert_eq!(found["validation_errors"], json!([error]), "{number}");
        assert_eq!(found["phone_number"], number);
        assert_eq!(found["country_code"], Value::Null);
    }
    let path = format!("/v2/PhoneNumbers/{VOLUNTEER}?Fields=line_typ");
    let (status, found) = api.send("GET", &path, None).await;
    assert_eq!((status, &found["code"]), (400, &60618.into()));
}

#[tokio::test]
async fn line_types_come_from_the_plan_or_the_test() {
    let (sandbox, api) = account().await;
    let line = async |number: &str| {
        let found = look_up(&api, &format!("{number}?Fields=line_type_intelligence")).await;
        let line = &found["line_type_intelligence"];
        (line["type"].clone(), line["error_code"].clone())
    };
    let none = Value::Null;
    for (number, expected) in [
        (VOLUNTEER, "mobile"),
        ("+18005550100", "tollFree"),
        ("+442079460018", "landline"),
        ("+61491570156", "mobile"),
    ] {
        let expected = (expected.into(), none.clone());
        assert_eq!(line(number).await, expected, "{number}");
    }
    // Canadian numbers need an authorisation.
    assert_eq!(line("+14165550123").await, (none.clone(), 60601.into()));
    sandbox.phone(e164(VOLUNTEER)).set_line_type("nonFixedVoip");
    assert_eq!(line(VOLUNTEER).await, ("nonFixedVoip".into(), none));
}

#[tokio::test]
async fn the_carrier_is_what_a_test_sets() {
    let (sandbox, api) = account().await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let v2 = format!("{VOLUNTEER}?Fields=line_type_intelligence");
    let v1 = format!("/v1/PhoneNumbers/{VOLUNTEER}?Type=carrier");
    let expected = |name: Option<&str>, codes: [Option<&str>; 2], line_type: &str| {
        json!({
            "mobile_country_code": codes[0], "mobile_network_code": codes[1],
            "carrier_name": name, "type": line_type, "error_code": null,
        })
    };
    let found = look_up(&api, &v2).await;
    let unknown = expected(None, [None, None], "mobile");
    assert_eq!(found["line_type_intelligence"], unknown);

    phone.set_carrier("Example Wireless", "310", "260");
    for (line_type, in_v1) in [
        ("mobile", json!("mobile")),
        ("landline", json!("landline")),
        ("fixedVoip", json!("voip")),
        ("nonFixedVoip", json!("voip")),
        ("tollFree", Value::Null),
    ] {
        phone.set_line_type(line_type);
        let found = look_up(&api, &v2).await;
        let codes = [Some("310"), Some("260")];
        let line = expected(Some("Example Wireless"), codes, line_type);
        assert_eq!(found["line_type_intelligence"], line, "{line_type}");
        let (_, found) = api.send("GET", &v1, None).await;
        let carrier = &found["carrier"];
        assert_eq!(carrier["type"], in_v1, "{line_type}");
        assert_eq!(carrier["name"], "Example Wireless");
        let codes = ["mobile_country_code", "mobile_network_code"].map(|code| &carrier[code]);
        assert_eq!(codes, ["310", "260"]);
    }
    // The plan does not tell fixed from other VoIP lines.
    let found = look_up(&api, "+445612345678?Fields=line_type_intelligence").await;
    assert_eq!(found["line_type_intelligence"]["type"], "unknown");
    // Canada requires an authorisation, so nothing is returned about the line.
    let canadian = sandbox.phone(e164("+14165550123"));
    canadian.set_carrier("Example Wireless", "302", "220");
    let found = look_up(&api, "+14165550123?Fields=line_type_intelligence").await;
    let line = &found["line_type_intelligence"];
    assert_eq!(
        [&line["carrier_name"], &line["type"], &line["error_code"]],
        [&Value::Null, &Value::Null, &json!(60601)]
    );
}

#[tokio::test]
async fn other_packages_say_that_they_are_not_enabled() {
    let (_sandbox, api) = account().await;
    let fields = "caller_name,sim_swap,reassigned_number";
    let found = look_up(&api, &format!("{VOLUNTEER}?Fields={fields}")).await;
    assert_eq!(found["caller_name"], json!({ "error_code": 60606 }));
    assert_eq!(found["sim_swap"], json!({ "error_code": 60606 }));
    assert_eq!(found["reassigned_number"], json!({ "error_code": "60606" }));
    assert_eq!(found["line_status"], Value::Null);
    assert_eq!(found["valid"], true);
}

#[tokio::test]
async fn version_1_does_not_find_an_invalid_number() {
    let (_sandbox, api) = account().await;
    let path = |number: &str| format!("/v1/PhoneNumbers/{number}");
    let query = "?Type=carrier&Type=caller-name&CountryCode=GB";
    let (status, found) = api
        .send("GET", &path(&format!("02079460018{query}")), None)
        .await;
    assert_eq!(status, 200, "{found}");
    assert_eq!(found["phone_number"], "+442079460018");
    assert_eq!(found["country_code"], "GB");
    assert_eq!(found["carrier"]["type"], "landline");
    assert_eq!(found["caller_name"]["error_code"], 60600);
    let (_, found) = api.send("GET", &path(VOLUNTEER), None).await;
    assert_eq!(
        [&found["national_format"], &found["carrier"]],
        [&Value::from("(415) 555-0123"), &Value::Null]
    );
    let (status, found) = api.send("GET", &path("+11231231234"), None).await;
    assert_eq!((status, &found["code"]), (404, &20404.into()));
}

#[tokio::test]
async fn a_text_to_a_landline_does_not_arrive() {
    let (sandbox, api) = account().await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let text = async |to: &str| {
        let fields = [("To", to), ("From", CLINIC), ("Body", "x")];
        api.create("Messages.json", &fields).await;
        sandbox.wait_idle().await.unwrap();
        sandbox.messages().last().unwrap().error_code
    };
    assert_eq!(text(VOLUNTEER).await, None);
    phone.set_line_type("landline");
    let found = look_up(&api, &format!("{VOLUNTEER}?Fields=line_type_intelligence")).await;
    assert_eq!(found["line_type_intelligence"]["type"], "landline");
    assert_eq!(text(VOLUNTEER).await, Some(30006));
    assert_eq!(phone.inbox().len(), 1);
    // The plan says that this is a landline; the test knows better.
    let other = "+442079460018";
    assert_eq!(text(other).await, Some(30006));
    sandbox.phone(e164(other)).set_line_type("mobile");
    assert_eq!(text(other).await, None);
}

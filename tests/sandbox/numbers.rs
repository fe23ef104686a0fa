//! Numbers for sale, bought numbers, and verified caller IDs.

use std::time::Duration;

use clinspark_twilio::phone::{NumberKind, PhoneNumber};
use clinspark_twilio::sandbox::{AnswerBehavior, WebhookKind};
use serde_json::{Value, json};

use crate::api::account;
use crate::app::{Api, App, CLINIC, VOLUNTEER, e164};

const NUMBERS: &str = "IncomingPhoneNumbers.json";

/// Returns the numbers for sale.
async fn for_sale(api: &Api, query: &str) -> Vec<String> {
    let (status, list) = api.get(&format!("AvailablePhoneNumbers/{query}")).await;
    assert_eq!(status, 200, "{query}: {list}");
    let items = list["available_phone_numbers"].as_array().unwrap().iter();
    items
        .map(|item| item["phone_number"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn countries_with_numbers_are_listed() {
    let (_sandbox, api) = account().await;
    let (status, list) = api.get("AvailablePhoneNumbers.json").await;
    assert_eq!(status, 200);
    let countries = list["countries"].as_array().unwrap();
    assert!(countries.len() >= 10);
    let australia = countries.iter().find(|found| found["country_code"] == "AU");
    let path = |name: &str| api.path(&format!("AvailablePhoneNumbers/AU{name}.json"));
    let expected = json!({
        "beta": false, "country": "Australia", "country_code": "AU",
        "subresource_uris": {
            "local": path("/Local"), "mobile": path("/Mobile"), "toll_free": path("/TollFree"),
        },
        "uri": path(""),
    });
    assert_eq!(australia, Some(&expected));
    assert_eq!(
        api.get("AvailablePhoneNumbers/AU.json").await,
        (200, expected)
    );
    let (_, list) = api.get("AvailablePhoneNumbers.json?PageSize=2").await;
    assert_eq!(list["countries"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn every_number_for_sale_has_the_type_of_its_list() {
    let (_sandbox, api) = account().await;
    let (_, list) = api.get("AvailablePhoneNumbers.json").await;
    for country in list["countries"].as_array().unwrap() {
        let code = country["country_code"].as_str().unwrap();
        for path in country["subresource_uris"].as_object().unwrap().values() {
            let path = path.as_str().unwrap();
            let (_, list) = api
                .send("GET", &format!("{path}?PageSize=1000"), None)
                .await;
            let items = list["available_phone_numbers"].as_array().unwrap();
            assert!(items.len() >= 100, "{path}: {}", items.len());
            for item in items {
                assert_eq!(item["iso_country"], code);
                let number = e164(item["phone_number"].as_str().unwrap());
                let kind = PhoneNumber::try_from(number).unwrap().kind();
                let expected: &[NumberKind] = match path.rsplit('/').next().unwrap() {
                    "Local.json" => &[NumberKind::FixedLine, NumberKind::FixedLineOrMobile],
                    "Mobile.json" => &[NumberKind::Mobile],
                    _ => &[NumberKind::TollFree],
                };
                assert!(expected.contains(&kind), "{path}: {kind:?}");
            }
        }
    }
}

#[tokio::test]
async fn local_numbers_are_found_by_place_and_digits() {
    let (_sandbox, api) = account().await;
    let found = for_sale(&api, "US/Local.json?AreaCode=415").await;
    assert_eq!(found.len(), 50);
    assert!(found.iter().all(|number| number.starts_with("+141555501")));
    // The account owns one of the hundred.
    let found = for_sale(&api, "US/Local.json?AreaCode=415&PageSize=1000").await;
    assert_eq!(found.len(), 99);
    assert!(!found.iter().any(|number| number == CLINIC));
    let (_, list) = api
        .get("AvailablePhoneNumbers/US/Local.json?AreaCode=415&PageSize=1")
        .await;
    let item = &list["available_phone_numbers"][0];
    assert_eq!(
        (&item["locality"], &item["region"], &item["capabilities"]),
        (
            &"San Francisco".into(),
            &"CA".into(),
            &json!({"voice": true, "sms": true, "mms": true})
        )
    );
    for (filter, count) in [
        ("Contains=5550177", 6),
        ("Contains=%2B1415*****77", 1),
        ("Contains=KKK01", 50),
        // An area code of which no number is listed without a filter.
        ("Contains=510555****&PageSize=1000", 100),
        ("Contains=%2B1510*&PageSize=1000", 100),
        ("Contains=***555*177", 6),
        ("NearNumber=%2B15105550100&PageSize=1000", 100),
        ("InRegion=TX&PageSize=1000", 100),
        ("InLocality=Boston&PageSize=1000", 100),
        ("InPostalCode=94108&PageSize=1000", 99),
        ("InLata=722&InRateCenter=SNFC+CNTRL&PageSize=1000", 99),
        ("NearNumber=%2B14155550111&PageSize=1000", 99),
        ("NearLatLong=37.7,-122.4&PageSize=1000", 99),
        ("NearLatLong=38.9,-77.0&Distance=250&PageSize=1000", 200),
        ("SmsEnabled=true&MmsEnabled=true&VoiceEnabled=true", 50),
        ("SmsEnabled=false", 0),
        ("FaxEnabled=true", 0),
        ("AreaCode=533", 0),
    ] {
        let found = for_sale(&api, &format!("US/Local.json?{filter}")).await;
        assert_eq!(found.len(), count, "{filter}");
    }
    for (query, status, code) in [
        ("US/Local.json?Contains=5", 400, 20422),
        ("US/Local.json?NearNumber=home", 400, 20422),
        ("US/Local.json?NearLatLong=1", 400, 20422),
        ("US/Local.json?SmsEnabled=yes", 400, 20422),
        ("US/Local.json?PageSize=1001", 400, 20007),
        ("US/Local.json?Areacode=415", 400, 20001),
        ("US/Mobile.json", 404, 20404),
        ("US/Voip.json", 404, 20404),
        ("XX/Local.json", 404, 20404),
    ] {
        let (found, value) = api.get(&format!("AvailablePhoneNumbers/{query}")).await;
        assert_eq!((found, &value["code"]), (status, &code.into()), "{query}");
    }
}

#[tokio::test]
async fn toll_free_and_mobile_numbers_are_for_sale() {
    let (_sandbox, api) = account().await;
    let found = for_sale(&api, "US/TollFree.json?PageSize=1000").await;
    assert_eq!(found.len(), 700);
    let found = for_sale(&api, "US/TollFree.json?AreaCode=888&PageSize=1000").await;
    assert_eq!(found.len(), 100);
    assert!(found.iter().all(|number| number.starts_with("+188855501")));
    let (_, list) = api
        .get("AvailablePhoneNumbers/AU/Mobile.json?SmsEnabled=true")
        .await;
    let item = &list["available_phone_numbers"][0];
    assert!(item["phone_number"].as_str().unwrap().starts_with("+614"));
    assert_eq!(
        item["capabilities"],
        json!({"voice": true, "sms": true, "mms": false})
    );
    assert_eq!(item["locality"], Value::Null);
    assert!(
        for_sale(&api, "GB/Local.json?SmsEnabled=true")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_number_is_bought_by_area_code() {
    let (sandbox, api) = account().await;
    let bought = api.create(NUMBERS, &[("AreaCode", "415")]).await;
    let number = bought["phone_number"].as_str().unwrap();
    assert!(number.starts_with("+1415") && number != CLINIC, "{number}");
    let another = api.create(NUMBERS, &[("AreaCode", "415")]).await;
    assert_ne!(another["phone_number"], bought["phone_number"]);
    assert_eq!(sandbox.numbers().len(), 3);
    let toll_free = "IncomingPhoneNumbers/TollFree.json";
    let bought = api.create(toll_free, &[("AreaCode", "844")]).await;
    assert!(
        bought["phone_number"]
            .as_str()
            .unwrap()
            .starts_with("+1844")
    );
    for (area_code, code) in [("41", 21451), ("abc", 21451), ("999", 21452)] {
        let refused = api.refused(NUMBERS, &[("AreaCode", area_code)]).await;
        assert_eq!(refused, (400, code), "{area_code}");
    }
    assert_eq!(
        api.refused(NUMBERS, &[("SmsMethod", "GET")]).await,
        (400, 21421)
    );
}

#[tokio::test]
async fn an_area_code_is_sold_out_after_its_last_number() {
    let (_sandbox, api) = account().await;
    for _ in 0..99 {
        api.create(NUMBERS, &[("AreaCode", "415")]).await;
    }
    let refused = api.refused(NUMBERS, &[("AreaCode", "415")]).await;
    assert_eq!(refused, (400, 21452));
    assert!(
        for_sale(&api, "US/Local.json?AreaCode=415")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn magic_numbers_are_bought_as_with_test_credentials() {
    let (_sandbox, api) = account().await;
    for (number, code) in [
        ("+15005550000", 21422),
        ("+15005550001", 21421),
        ("+1555", 21421),
        ("+11111111111", 21421),
        ("+999999999999", 21421),
    ] {
        let refused = api.refused(NUMBERS, &[("PhoneNumber", number)]).await;
        assert_eq!(refused, (400, code), "{number}");
    }
    let refused = api.refused(NUMBERS, &[("AreaCode", "533")]).await;
    assert_eq!(refused, (400, 21452));
    let bought = api.create(NUMBERS, &[("AreaCode", "500")]).await;
    assert_eq!(bought["phone_number"], "+15005550006");
    let sid = bought["sid"].as_str().unwrap();
    let resource = api.path(&format!("IncomingPhoneNumbers/{sid}.json"));
    assert_eq!(api.send("DELETE", &resource, None).await.0, 204);
    api.create(NUMBERS, &[("PhoneNumber", "+15005550006")])
        .await;
}

#[tokio::test]
async fn numbers_are_listed_and_bought_by_type() {
    let (_sandbox, api) = account().await;
    for (list, number, name, capabilities) in [
        ("Local", "+442079460042", "local", (true, false, false)),
        ("Mobile", "+447400123042", "mobile", (true, true, false)),
        ("TollFree", "+18005550142", "toll free", (true, true, true)),
    ] {
        let path = format!("IncomingPhoneNumbers/{list}.json");
        let bought = api.create(&path, &[("PhoneNumber", number)]).await;
        let (voice, sms, mms) = capabilities;
        assert_eq!(bought["type"], name);
        assert_eq!(
            bought["capabilities"],
            json!({"voice": voice, "sms": sms, "mms": mms, "fax": false})
        );
        let (_, found) = api.get(&path).await;
        let found = found["incoming_phone_numbers"].as_array().unwrap();
        // The clinic's own number is local, too.
        assert_eq!(found.len(), if list == "Local" { 2 } else { 1 });
        assert_eq!(found[0], bought);
    }
    let local = "IncomingPhoneNumbers/Local.json";
    let refused = api.refused(local, &[("PhoneNumber", "+18005550143")]).await;
    assert_eq!(refused, (400, 21458));
    let (_, all) = api.get(NUMBERS).await;
    assert_eq!(all["incoming_phone_numbers"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_trunk_and_an_application_replace_each_other() {
    let (sandbox, api) = account().await;
    let sid = sandbox.numbers()[0].sid;
    let resource = format!("IncomingPhoneNumbers/{sid}.json");
    let app = sandbox.add_application(&[]).unwrap();
    let trunk = "TKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let (_, bound) = api
        .post(&resource, &[("VoiceApplicationSid", app.as_str())])
        .await;
    assert_eq!(bound["voice_application_sid"], app.as_str());
    let (_, trunked) = api.post(&resource, &[("TrunkSid", trunk)]).await;
    assert_eq!(
        (&trunked["trunk_sid"], &trunked["voice_application_sid"]),
        (&trunk.into(), &"".into())
    );
    let (_, bound) = api
        .post(&resource, &[("VoiceApplicationSid", app.as_str())])
        .await;
    assert_eq!(
        (&bound["trunk_sid"], &bound["voice_application_sid"]),
        (&"".into(), &app.as_str().into())
    );
}

#[tokio::test]
async fn a_released_number_leaves_its_pool_and_can_be_bought_again() {
    let (sandbox, api) = account().await;
    let sid = sandbox.numbers()[0].sid;
    let service = sandbox.add_service(&[("FriendlyName", "Visits")]).unwrap();
    sandbox.add_number_to_service(service, sid).unwrap();
    let resource = api.path(&format!("IncomingPhoneNumbers/{sid}.json"));
    assert_eq!(
        api.send("DELETE", &resource, None).await,
        (204, Value::Null)
    );
    assert_eq!(api.send("DELETE", &resource, None).await.0, 404);
    assert!(sandbox.services()[0].numbers.is_empty());
    let pool = format!("/v1/Services/{service}/PhoneNumbers");
    let (_, list) = api.send("GET", &pool, None).await;
    assert_eq!(list["phone_numbers"], Value::Array(vec![]));
    let bought = api.create(NUMBERS, &[("PhoneNumber", CLINIC)]).await;
    assert_ne!(bought["sid"], sid.as_str());
}

#[tokio::test]
async fn a_caller_id_is_verified_by_a_call() {
    let (sandbox, api) = account().await;
    let app = App::start(&sandbox).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let callback = app.url("/verified");
    let fields = [
        ("PhoneNumber", VOLUNTEER),
        ("FriendlyName", "Reception"),
        ("StatusCallback", &callback),
    ];
    let call = [
        ("To", "+14155550188"),
        ("From", VOLUNTEER),
        ("Twiml", "<Response/>"),
    ];
    assert_eq!(api.refused("Calls.json", &call).await, (400, 21210));

    let (status, request) = api.post("OutgoingCallerIds.json", &fields).await;
    assert_eq!(
        (status, &request["friendly_name"]),
        (200, &"Reception".into())
    );
    let code = request["validation_code"].as_str().unwrap();
    assert!(code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit()));
    let in_progress = phone.answer().await.unwrap();
    assert_eq!(request["call_sid"], in_progress.sid().as_str());
    let (first, second) = code.split_at(3);
    in_progress.press(first).await.unwrap();
    assert!(sandbox.caller_ids().is_empty());
    in_progress.press(second).await.unwrap();
    sandbox.wait_idle().await.unwrap();

    let stored = sandbox.caller_ids();
    assert_eq!(stored.len(), 1);
    let report = &app.seen("/verified")[0];
    assert_eq!(report.field("VerificationStatus"), "success");
    assert_eq!(report.field("OutgoingCallerIdSid"), stored[0].sid.as_str());
    assert_eq!(report.field("CallSid"), in_progress.sid().as_str());
    assert_eq!(
        sandbox.webhooks()[0].kind,
        WebhookKind::CallerIdVerification
    );
    assert!(!format!("{stored:?}").contains("5550123"));
    api.create("Calls.json", &call).await;
    assert_eq!(
        api.refused("OutgoingCallerIds.json", &fields).await,
        (400, 21450)
    );
}

#[tokio::test]
async fn a_caller_id_is_not_verified_without_the_code() {
    let (sandbox, api) = account().await;
    let app = App::start(&sandbox).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let callback = app.url("/verified");
    let fields = [
        ("PhoneNumber", VOLUNTEER),
        ("StatusCallback", callback.as_str()),
    ];
    let reports = || app.seen("/verified").len();

    // A wrong code.
    let (_, request) = api.post("OutgoingCallerIds.json", &fields).await;
    let code: u32 = request["validation_code"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let call = phone.answer().await.unwrap();
    call.press(&format!("{:06}", (code + 1) % 1_000_000))
        .await
        .unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(reports(), 1);
    // A person who says nothing.
    api.post("OutgoingCallerIds.json", &fields).await;
    phone.answer().await.unwrap();
    sandbox.advance(Duration::from_secs(30)).await.unwrap();
    assert_eq!(reports(), 2);
    // A person who does not answer.
    phone.set_answer_behavior(AnswerBehavior::Ring);
    api.post("OutgoingCallerIds.json", &fields).await;
    sandbox.advance(Duration::from_secs(60)).await.unwrap();
    assert_eq!(reports(), 3);
    for report in app.seen("/verified") {
        assert_eq!(report.field("VerificationStatus"), "failed");
        assert!(!report.has("OutgoingCallerIdSid"));
    }
    assert!(sandbox.caller_ids().is_empty());
}

#[tokio::test]
async fn caller_ids_are_listed_renamed_and_deleted() {
    let (sandbox, api) = account().await;
    let sid = sandbox.add_caller_id(e164(VOLUNTEER));
    assert_eq!(sandbox.add_caller_id(e164(VOLUNTEER)), sid);
    sandbox.add_caller_id(e164("+442079460018"));
    let (_, list) = api.get("OutgoingCallerIds.json").await;
    assert_eq!(list["outgoing_caller_ids"].as_array().unwrap().len(), 2);
    let resource = format!("OutgoingCallerIds/{sid}.json");
    let (_, fetched) = api.get(&resource).await;
    assert_eq!(fetched["friendly_name"], "(415) 555-0123");
    let (_, renamed) = api.post(&resource, &[("FriendlyName", "Ward")]).await;
    assert_eq!(renamed["friendly_name"], "Ward");
    for (query, count) in [
        ("FriendlyName=Ward", 1),
        ("PhoneNumber=%2B14155550123", 1),
        ("PhoneNumber=%2B14155550124", 0),
    ] {
        let (_, list) = api.get(&format!("OutgoingCallerIds.json?{query}")).await;
        let found = list["outgoing_caller_ids"].as_array().unwrap();
        assert_eq!(found.len(), count, "{query}");
    }
    assert_eq!(api.send("DELETE", &api.path(&resource), None).await.0, 204);
    assert_eq!(api.get(&resource).await.0, 404);
    for (fields, status, code) in [
        (("PhoneNumber", CLINIC), 400, 21449),
        (("PhoneNumber", "+1555"), 400, 21401),
        (("FriendlyName", "x"), 400, 21401),
        (("CallDelay", "61"), 400, 21454),
        (("StatusCallback", "nowhere"), 400, 21456),
        (("Extension", "12"), 404, 20404),
    ] {
        let mut form = vec![fields];
        if !matches!(fields.0, "PhoneNumber" | "FriendlyName") {
            form.push(("PhoneNumber", VOLUNTEER));
        }
        let refused = api.refused("OutgoingCallerIds.json", &form).await;
        assert_eq!(refused, (status, code), "{fields:?}");
    }
    assert!(sandbox.calls().is_empty());
}

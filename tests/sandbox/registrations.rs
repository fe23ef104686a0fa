//! Registrations through the API: brands, campaigns, toll-free numbers; reports of deactivations.

use std::time::Duration;

use serde_json::{Value, json};

use crate::api::account;
use crate::app::{Api, CLINIC, VOLUNTEER, e164};

const BRANDS: &str = "/v1/a2p/BrandRegistrations";
const VERIFICATIONS: &str = "/v1/Tollfree/Verifications";

async fn post(api: &Api, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
    let form = serde_urlencoded::to_string(fields).unwrap();
    api.send("POST", path, Some(form)).await
}

/// Returns the status and the error code of a request that must fail.
async fn refused(api: &Api, path: &str, fields: &[(&str, &str)]) -> (u16, u64) {
    let (status, found) = post(api, path, fields).await;
    (status, found["code"].as_u64().unwrap())
}

fn bundles() -> [(&'static str, &'static str); 2] {
    let bundle = "BU00000000000000000000000000000001";
    [
        ("CustomerProfileBundleSid", bundle),
        ("A2PProfileBundleSid", bundle),
    ]
}

/// Registers a brand, and returns its path.
async fn register_brand(api: &Api, more: &[(&str, &str)]) -> (Value, String) {
    let fields = [&bundles()[..], more].concat();
    let (status, brand) = post(api, BRANDS, &fields).await;
    assert_eq!(status, 201, "{brand}");
    let path = format!("{BRANDS}/{}", brand["sid"].as_str().unwrap());
    (brand, path)
}

#[tokio::test]
async fn a_brand_is_pending_until_the_test_decides() {
    let (sandbox, api) = account().await;
    let (brand, path) = register_brand(&api, &[("SkipAutomaticSecVet", "true")]).await;
    assert_eq!(
        [
            &brand["status"],
            &brand["brand_type"],
            &brand["identity_status"]
        ],
        ["PENDING", "STANDARD", "UNVERIFIED"]
    );
    assert_eq!(brand["skip_automatic_sec_vet"], true);
    sandbox.set_brand_status("APPROVED");
    let (_, later) = api.send("GET", &path, None).await;
    assert_eq!(
        [&later["status"], &later["identity_status"]],
        ["APPROVED", "VERIFIED"]
    );
    assert_eq!(brand["tcr_id"], Value::Null);
    let registered = later["tcr_id"].as_str().unwrap();
    assert!(
        registered.len() == 7 && registered.starts_with('B'),
        "{later}"
    );
    // Only a failed registration can be submitted again.
    assert_eq!(refused(&api, &path, &[]).await, (400, 21725));
    sandbox.set_brand_status("FAILED");
    let (status, updated) = post(&api, &path, &[]).await;
    assert_eq!((status, &updated["status"]), (202, &"PENDING".into()));

    let (mock, _) = register_brand(&api, &[("Mock", "True")]).await;
    assert_eq!(
        [&mock["mock"], &mock["skip_automatic_sec_vet"]],
        [true, false]
    );
    assert_eq!(brand["customer_profile_bundle_sid"], bundles()[0].1);
    let starter = [&bundles()[..], &[("BrandType", "STARTER")]].concat();
    assert_eq!(refused(&api, BRANDS, &starter).await, (400, 21726));
    assert_eq!(refused(&api, BRANDS, &bundles()[..1]).await, (400, 20001));
}

#[tokio::test]
async fn a_brand_has_vettings_and_one_time_passwords() {
    let (sandbox, api) = account().await;
    let (brand, path) = register_brand(&api, &[("BrandType", "SOLE_PROPRIETOR")]).await;
    let (status, password) = post(&api, &format!("{path}/SmsOtp"), &[]).await;
    let expected = json!({
        "account_sid": sandbox.account_sid(), "brand_registration_sid": brand["sid"],
    });
    assert_eq!((status, password), (201, expected));

    let vettings = format!("{path}/Vettings");
    let political = [
        ("VettingProvider", "campaign-verify"),
        ("VettingId", "cv|1"),
    ];
    let (status, vetting) = post(&api, &vettings, &political).await;
    assert_eq!(status, 201);
    assert_eq!(
        [
            &vetting["vetting_class"],
            &vetting["vetting_status"],
            &vetting["vetting_id"]
        ],
        ["POLITICAL", "IN_PROGRESS", "cv|1"]
    );
    let aegis = [("VettingProvider", "aegis")];
    assert_eq!(post(&api, &vettings, &aegis).await.0, 201);
    let other = [("VettingProvider", "other")];
    assert_eq!(refused(&api, &vettings, &other).await, (400, 20422));
    // A token is imported once at a time, and belongs to Campaign Verify.
    assert_eq!(refused(&api, &vettings, &political).await, (400, 21723));
    for token in ["", "xy|1"] {
        let fields = [("VettingProvider", "campaign-verify"), ("VettingId", token)];
        assert_eq!(refused(&api, &vettings, &fields).await, (400, 21722));
    }
    assert_eq!(refused(&api, &vettings, &[]).await, (400, 20001));
    let (_, list) = api.send("GET", &vettings, None).await;
    assert_eq!(list["data"].as_array().unwrap().len(), 2);
    let filtered = format!("{vettings}?VettingProvider=campaign-verify");
    let (_, list) = api.send("GET", &filtered, None).await;
    assert_eq!(list["data"], json!([vetting]));
    let sid = vetting["brand_vetting_sid"].as_str().unwrap().to_owned();
    assert!(sid.starts_with("VT"));
    let one = format!("{vettings}/{sid}");
    assert_eq!(api.send("GET", &one, None).await, (200, vetting.clone()));
    // The provider decides later.
    sandbox.advance(Duration::from_secs(3600)).await.unwrap();
    sandbox.set_vetting_status(sid.parse().unwrap(), "SUCCESS");
    let (_, list) = api.send("GET", &filtered, None).await;
    let decided = &list["data"][0];
    assert_eq!(decided["vetting_status"], "SUCCESS");
    assert_eq!(decided["date_created"], vetting["date_created"]);
    assert_ne!(decided["date_updated"], vetting["date_updated"]);
    assert_eq!(post(&api, &vettings, &political).await.0, 201);
    // A vetting belongs to its brand.
    let (_, other) = register_brand(&api, &[]).await;
    let foreign = format!("{other}/Vettings/{sid}");
    assert_eq!(api.send("GET", &foreign, None).await.0, 404);
}

/// Parameters of a campaign.
fn campaign(brand: &str) -> Vec<(&str, &str)> {
    vec![
        ("BrandRegistrationSid", brand),
        (
            "Description",
            "Reminders of visits to volunteers who agreed to them",
        ),
        (
            "MessageFlow",
            "Volunteers agree in writing during their first visit.",
        ),
        ("MessageSamples", "Your visit is tomorrow at 9."),
        ("MessageSamples", "Your visit today has been moved."),
        ("UsAppToPersonUsecase", "LOW_VOLUME"),
        ("HasEmbeddedLinks", "true"),
        ("HasEmbeddedPhone", "false"),
    ]
}

fn changed<'a>(
    fields: &[(&'a str, &'a str)],
    name: &str,
    value: &'a str,
) -> Vec<(&'a str, &'a str)> {
    let change = |&(key, old): &(&'a str, &'a str)| (key, if key == name { value } else { old });
    fields.iter().map(change).collect()
}

#[tokio::test]
async fn texts_wait_for_the_campaign_that_is_registered() {
    let (sandbox, api) = account().await;
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let number = sandbox.numbers()[0].sid;
    sandbox.add_number_to_service(service, number).unwrap();
    let brand = sandbox.set_brand_status("APPROVED");
    let path = format!("/v1/Services/{service}/Compliance/Usa2p");
    let (status, made) = post(&api, &path, &campaign(brand.as_str())).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["campaign_status"], "PENDING");
    assert_eq!(
        made["message_samples"][1],
        "Your visit today has been moved."
    );
    assert_eq!(made["has_embedded_links"], true);
    assert_eq!(made["opt_in_keywords"], json!(["START"]));
    let one = format!("{path}/{}", made["sid"].as_str().unwrap());
    assert_eq!(api.send("GET", &one, None).await, (200, made.clone()));
    let again = refused(&api, &path, &campaign(brand.as_str())).await;
    assert_eq!(again.0, 400);

    let text = async || {
        let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "x")];
        api.create("Messages.json", &fields).await;
        sandbox.wait_idle().await.unwrap();
        sandbox.messages().last().unwrap().error_code
    };
    assert_eq!(text().await, Some(30034));
    assert_eq!(made["campaign_id"], Value::Null);
    sandbox.set_campaign_status(service, "VERIFIED");
    assert_eq!(text().await, None);
    let (_, verified) = api.send("GET", &one, None).await;
    let registered = verified["campaign_id"].as_str().unwrap();
    assert!(
        registered.len() == 7 && registered.starts_with('C'),
        "{verified}"
    );

    let update: Vec<_> = campaign(brand.as_str())
        .into_iter()
        .filter(|(name, _)| !matches!(*name, "BrandRegistrationSid" | "UsAppToPersonUsecase"))
        .chain([("AgeGated", "false"), ("DirectLending", "true")])
        .collect();
    assert_eq!(refused(&api, &one, &update).await.0, 400);
    sandbox.set_campaign_status(service, "FAILED");
    let (status, updated) = post(&api, &one, &update).await;
    assert_eq!(
        (status, &updated["campaign_status"]),
        (200, &"PENDING".into())
    );
    assert_eq!(updated["direct_lending"], true);
    assert_eq!(api.send("DELETE", &one, None).await.0, 204);
    let (_, list) = api.send("GET", &path, None).await;
    assert_eq!(list["compliance"], json!([]));
    // Twilio blocks the numbers of a service whose campaign was deleted.
    assert_eq!(text().await, Some(30034));
}

#[tokio::test]
async fn a_sole_proprietor_has_one_campaign() {
    let (sandbox, api) = account().await;
    let (brand, _) = register_brand(&api, &[("BrandType", "SOLE_PROPRIETOR")]).await;
    sandbox.set_brand_status("APPROVED");
    let fields = campaign(brand["sid"].as_str().unwrap());
    let fields = changed(&fields, "UsAppToPersonUsecase", "SOLE_PROPRIETOR");
    let paths = [(); 2].map(|()| {
        let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
        format!("/v1/Services/{service}/Compliance/Usa2p")
    });
    let (status, made) = post(&api, &paths[0], &fields).await;
    assert_eq!((status, &made["rate_limits"]), (201, &Value::Null));
    assert_eq!(refused(&api, &paths[1], &fields).await, (400, 21732));
    let one = format!("{}/{}", paths[0], made["sid"].as_str().unwrap());
    assert_eq!(api.send("DELETE", &one, None).await.0, 204);
    assert_eq!(post(&api, &paths[1], &fields).await.0, 201);
}

#[tokio::test]
async fn a_service_has_one_campaign_even_if_two_are_created_at_once() {
    let (sandbox, api) = account().await;
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let brand = sandbox.set_brand_status("APPROVED");
    let path = format!("/v1/Services/{service}/Compliance/Usa2p");
    let fields = campaign(brand.as_str());
    let [mut first, mut second] = [(); 2].map(|()| Box::pin(post(&api, &path, &fields)));
    let (first, second) = tokio::join!(&mut first, &mut second);
    let mut statuses = [first.0, second.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 400]);
    let (_, list) = api.send("GET", &path, None).await;
    assert_eq!(list["compliance"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn invalid_campaigns_are_rejected() {
    let (sandbox, api) = account().await;
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let path = format!("/v1/Services/{service}/Compliance/Usa2p");
    let sid = sandbox.set_brand_status("PENDING").to_string();
    let valid = campaign(&sid);
    assert_eq!(refused(&api, &path, &valid).await, (400, 21717));
    sandbox.set_brand_status("SUSPENDED");
    assert_eq!(refused(&api, &path, &valid).await, (400, 21731));
    sandbox.set_brand_status("APPROVED");
    for (name, value, code) in [
        (
            "BrandRegistrationSid",
            "BN00000000000000000000000000000000",
            21717,
        ),
        ("BrandRegistrationSid", "", 21727),
        ("UsAppToPersonUsecase", "SPAM", 21720),
        ("UsAppToPersonUsecase", "SOLE_PROPRIETOR", 21720),
        ("Description", "short", 21728),
        ("MessageSamples", "short", 21728),
        ("HasEmbeddedLinks", "perhaps", 20422),
    ] {
        let found = refused(&api, &path, &changed(&valid, name, value)).await;
        assert_eq!(found, (400, code), "{name}={value}");
    }
    assert_eq!(post(&api, &path, &valid).await.0, 201);
}

#[tokio::test]
async fn the_use_cases_of_campaigns_depend_on_the_brand() {
    let (sandbox, api) = account().await;
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let path = format!("/v1/Services/{service}/Compliance/Usa2p/Usecases");
    let codes = async |query: &str| {
        let (status, found) = api.send("GET", &format!("{path}{query}"), None).await;
        assert_eq!(status, 200, "{query}: {found}");
        let found = found["us_app_to_person_usecases"].as_array().unwrap();
        let codes = found.iter().map(|found| found["code"].clone());
        codes.collect::<Vec<_>>()
    };
    let all = codes("").await;
    assert_eq!(all.len(), 20);
    assert!(all.contains(&"LOW_VOLUME".into()) && !all.contains(&"SOLE_PROPRIETOR".into()));
    let (brand, _) = register_brand(&api, &[("BrandType", "SOLE_PROPRIETOR")]).await;
    let query = format!("?BrandRegistrationSid={}", brand["sid"].as_str().unwrap());
    assert_eq!(codes(&query).await, ["SOLE_PROPRIETOR"]);
}

#[tokio::test]
async fn a_toll_free_number_is_verified_through_the_api() {
    let (sandbox, api) = account().await;
    let number = sandbox.add_number(e164("+18005550100"));
    let local = sandbox.numbers()[0].sid;
    let fields = |number: &str| {
        let fields = [
            ("TollfreePhoneNumberSid", number),
            ("BusinessName", "Clinic"),
            ("BusinessWebsite", "https://clinic.example"),
            ("NotificationEmail", "desk@clinic.example"),
            ("UseCaseCategories", "ACCOUNT_NOTIFICATIONS"),
            ("UseCaseCategories", "CUSTOMER_CARE"),
            ("UseCaseSummary", "Reminders of visits"),
            ("ProductionMessageSample", "Your visit is tomorrow."),
            ("OptInImageUrls", "https://clinic.example/form.png"),
            ("OptInType", "PAPER_FORM"),
            ("MessageVolume", "1,000"),
            ("ExternalReferenceId", "site-1"),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let create = async |number: &str| {
        let fields = fields(number);
        let fields: Vec<_> = fields
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        post(&api, VERIFICATIONS, &fields).await
    };
    assert_eq!(create(local.as_str()).await.0, 400);
    let (status, made) = create(number.as_str()).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["status"], "PENDING_REVIEW");
    assert_eq!(made["tollfree_phone_number"], "+18005550100");
    assert_eq!(
        made["use_case_categories"],
        json!(["ACCOUNT_NOTIFICATIONS", "CUSTOMER_CARE"])
    );
    assert_eq!(made["business_city"], Value::Null);
    assert_eq!(create(number.as_str()).await.0, 400);
    let second = sandbox.add_number(e164("+18005550101"));
    for (name, value, code) in [
        ("UseCaseCategories", "REMINDERS", 20422),
        ("OptInType", "TELEPATHY", 20422),
        ("MessageVolume", "1000", 20422),
        ("BusinessName", "", 20001),
        ("OptInImageUrls", "", 20001),
        (
            "TollfreePhoneNumberSid",
            "PN00000000000000000000000000000000",
            20422,
        ),
        ("TollfreePhoneNumberSid", "x", 20422),
    ] {
        let fields = fields(second.as_str());
        let fields: Vec<_> = fields
            .iter()
            .map(|(k, v)| (k.as_str(), if k == name { value } else { v.as_str() }))
            .collect();
        let found = refused(&api, VERIFICATIONS, &fields).await;
        assert_eq!(found, (400, code), "{name}={value}");
    }
    let text = async || {
        let fields = [("To", VOLUNTEER), ("From", "+18005550100"), ("Body", "x")];
        api.create("Messages.json", &fields).await;
        sandbox.wait_idle().await.unwrap();
        sandbox.messages().last().unwrap().error_code
    };
    assert_eq!(text().await, Some(30032));
    let one = format!("{VERIFICATIONS}/{}", made["sid"].as_str().unwrap());
    sandbox.set_toll_free_verification_status(number, "IN_REVIEW");
    assert_eq!(post(&api, &one, &[("BusinessCity", "Perth")]).await.0, 400);
    sandbox.set_toll_free_verification_status(number, "TWILIO_REJECTED");
    let (status, updated) = post(&api, &one, &[("BusinessCity", "Perth")]).await;
    assert_eq!((status, &updated["business_city"]), (202, &"Perth".into()));
    assert_eq!(updated["status"], "PENDING_REVIEW");
    for field in ["BusinessType", "VettingProvider", "OptInType"] {
        assert_eq!(refused(&api, &one, &[(field, "x")]).await, (400, 20422));
    }
    // A rejected verification can be edited for seven days.
    sandbox.set_toll_free_verification_status(number, "TWILIO_REJECTED");
    let (_, rejected) = api.send("GET", &one, None).await;
    assert_eq!(rejected["edit_allowed"], true);
    assert!(rejected["edit_expiration"].is_string());
    sandbox
        .advance(Duration::from_secs(7 * 86_400))
        .await
        .unwrap();
    let (_, expired) = api.send("GET", &one, None).await;
    assert_eq!(expired["edit_allowed"], false);
    assert_eq!(post(&api, &one, &[("BusinessCity", "Perth")]).await.0, 400);
    sandbox.set_toll_free_verification_status(number, "TWILIO_APPROVED");
    assert_eq!(text().await, None);
    let by_reference = format!("{VERIFICATIONS}?ExternalReferenceId=site-1");
    let (_, list) = api.send("GET", &by_reference, None).await;
    assert_eq!(list["verifications"][0]["sid"], made["sid"]);
    assert_eq!(api.send("DELETE", &one, None).await.0, 204);
    assert_eq!(api.send("GET", &one, None).await.0, 404);
    assert_eq!(text().await, Some(30032));
}

#[tokio::test]
async fn deactivated_numbers_are_reported_by_day() {
    let (sandbox, api) = account().await;
    let (first, second) = ("+14155550150", "+14155550151");
    let today = || {
        let now = jiff::Timestamp::try_from(sandbox.now()).unwrap();
        jiff::tz::TimeZone::UTC.to_datetime(now).date()
    };
    let before = today();
    sandbox.add_deactivated_number(e164(first));
    sandbox.advance(Duration::from_secs(86_400)).await.unwrap();
    sandbox.add_deactivated_number(e164(second));
    // The reports are of the USA.
    sandbox.add_deactivated_number(e164("+61491570156"));
    let after = today();
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    for (day, expected) in [(before, first), (after, second)] {
        let answer = http
            .get(format!(
                "{}/v1/Deactivations?Date={day}",
                sandbox.base_url()
            ))
            .basic_auth(sandbox.account_sid(), Some(sandbox.auth_token().expose()))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 307);
        let location = answer.headers()["location"].to_str().unwrap().to_owned();
        let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(body, json!({ "redirect_to": location }));
        // The URL is its own permission.
        let file = http.get(&location).send().await.unwrap();
        assert_eq!(file.status(), 200);
        assert_eq!(file.text().await.unwrap(), format!("{expected}\n"));
        // Neither another day nor a later time can be guessed, whatever the numbers are.
        let (start, name) = location.rsplit_once('/').unwrap();
        let parts: Vec<_> = name.splitn(3, '_').collect();
        let later = "18446744073709551615";
        for guessed in [
            name.replace(".txt", "0.txt"),
            name.replace(parts[0], "2021-01-01"),
            name.replace(parts[1], later),
            format!("{later}_{later}_{later}"),
            "__".to_owned(),
        ] {
            let found = http.get(format!("{start}/{guessed}")).send().await.unwrap();
            assert_eq!(found.status(), 404, "{guessed}");
        }
        // The URL is valid for two minutes.
        sandbox.advance(Duration::from_secs(119)).await.unwrap();
        assert_eq!(http.get(&location).send().await.unwrap().status(), 200);
        sandbox.advance(Duration::from_secs(1)).await.unwrap();
        assert_eq!(http.get(&location).send().await.unwrap().status(), 404);
    }
    let tomorrow = after.tomorrow().unwrap();
    for (query, code) in [
        (String::new(), 20001),
        ("?Date=".to_owned(), 20001),
        ("?Date=20210101".to_owned(), 20001),
        ("?Date=2021-01-01T00:00:00".to_owned(), 20001),
        ("?Date=2021-02-30".to_owned(), 20001),
        ("?Date=2020-08-26".to_owned(), 30113),
        ("?Date=-009999-01-01".to_owned(), 30113),
        (format!("?Date={tomorrow}"), 30114),
        ("?Date=9999-12-31".to_owned(), 30114),
    ] {
        let path = format!("/v1/Deactivations{query}");
        let (status, found) = api.send("GET", &path, None).await;
        assert_eq!((status, &found["code"]), (400, &code.into()), "{query}");
    }
}

//! The account: its name, its subaccounts, its API keys, its usage, and what the sandbox refuses.

use clinspark_twilio::sandbox::Sandbox;
use serde_json::Value;

use crate::api::account;
use crate::app::{CLINIC, VOLUNTEER, e164};

async fn get(api: &crate::app::Api, path: &str) -> Value {
    let (status, value) = api.send("GET", path, None).await;
    assert_eq!(status, 200, "{path}: {value}");
    value
}

fn texts<'a>(list: &'a Value, name: &str, field: &str) -> Vec<&'a str> {
    let items = list[name].as_array().unwrap().iter();
    items.map(|item| item[field].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_account_is_fetched_listed_and_renamed() {
    let (sandbox, api) = account().await;
    let path = format!("/2010-04-01/Accounts/{}.json", sandbox.account_sid());
    let fetched = get(&api, &path).await;
    assert_eq!(fetched["sid"], sandbox.account_sid().as_str());
    assert_eq!(fetched["owner_account_sid"], fetched["sid"]);
    assert_eq!(
        (&fetched["status"], &fetched["type"]),
        (&"active".into(), &"Full".into())
    );
    let links = fetched["subresource_uris"].as_object().unwrap();
    assert_eq!(links.len(), 20);
    assert_eq!(links["messages"], api.path("Messages.json"));
    assert_eq!(links["short_codes"], api.path("SMS/ShortCodes.json"));

    let form = Some("FriendlyName=Clinic+North".to_owned());
    let (status, renamed) = api.send("POST", &path, form).await;
    assert_eq!(
        (status, &renamed["friendly_name"]),
        (200, &"Clinic North".into())
    );
    let list = get(&api, "/2010-04-01/Accounts.json?FriendlyName=Clinic+North").await;
    assert_eq!(list["accounts"], Value::from(vec![renamed]));
    let list = get(&api, "/2010-04-01/Accounts.json?Status=closed").await;
    assert_eq!(list["accounts"], Value::Array(vec![]));

    let long = format!("FriendlyName={}", "x".repeat(65));
    for (form, status, code) in [
        (long.as_str(), 400, 20002),
        ("Status=asleep", 400, 21475),
        ("Status=suspended", 404, 20404),
    ] {
        let (found, value) = api.send("POST", &path, Some(form.to_owned())).await;
        assert_eq!((found, &value["code"]), (status, &code.into()), "{form}");
    }
}

#[tokio::test]
async fn a_subaccount_has_its_own_token_and_status() {
    let (sandbox, api) = account().await;
    let form = Some("FriendlyName=Study+7".to_owned());
    let (status, created) = api.send("POST", "/2010-04-01/Accounts.json", form).await;
    assert_eq!(
        (status, &created["friendly_name"]),
        (201, &"Study 7".into())
    );
    assert_eq!(created["owner_account_sid"], sandbox.account_sid().as_str());
    let (sid, token) = (
        created["sid"].as_str().unwrap(),
        created["auth_token"].as_str().unwrap(),
    );
    assert_ne!(sid, sandbox.account_sid().as_str());
    assert_ne!(token, sandbox.auth_token().expose());
    let list = get(&api, "/2010-04-01/Accounts.json").await;
    assert_eq!(
        texts(&list, "accounts", "sid"),
        [sid, sandbox.account_sid().as_str()]
    );

    // The subaccount reads itself. It has no resources, and may not read its parent's.
    let path = format!("/2010-04-01/Accounts/{sid}.json");
    assert_eq!(api.send_as(sid, token, &path).await, (200, created.clone()));
    let its_messages = format!("/2010-04-01/Accounts/{sid}/Messages.json");
    for refused in [its_messages.as_str(), &api.path("Messages.json")] {
        let (status, value) = api.send_as(sid, token, refused).await;
        assert_eq!((status, &value["code"]), (404, &20404.into()));
        assert!(
            value["message"].as_str().unwrap().contains("subaccounts"),
            "{value}"
        );
    }
    let (status, value) = api.send("GET", &its_messages, None).await;
    assert_eq!((status, &value["code"]), (404, &20404.into()));
    assert!(
        value["message"].as_str().unwrap().contains("subaccounts"),
        "{value}"
    );

    let (_, closed) = api
        .send("POST", &path, Some("Status=closed".to_owned()))
        .await;
    assert_eq!(closed["status"], "closed");
    assert_eq!(api.send_as(sid, token, &path).await.0, 401);
    let (status, value) = api
        .send("POST", &path, Some("Status=active".to_owned()))
        .await;
    assert_eq!((status, &value["code"]), (400, &21472.into()));
}

#[tokio::test]
async fn api_keys_are_created_renamed_and_deleted() {
    let (sandbox, api) = account().await;
    let added = sandbox.add_api_key().0;
    for (list, name) in [("Keys.json", "keys"), ("SigningKeys.json", "signing_keys")] {
        let created = api.create(list, &[("FriendlyName", "nightly")]).await;
        let sid = created["sid"].as_str().unwrap();
        let secret = created["secret"].as_str().unwrap();
        let messages = api.path("Messages.json");
        assert_eq!(api.send_as(sid, secret, &messages).await.0, 200);
        // A key can manage neither keys nor accounts.
        for path in [
            api.path(list),
            api.path(&list.replace(".json", &format!("/{sid}.json"))),
            "/v1/Keys".to_owned(),
            format!("/2010-04-01/Accounts/{}.json", sandbox.account_sid()),
        ] {
            let (status, value) = api.send_as(sid, secret, &path).await;
            assert_eq!((status, &value["code"]), (401, &20003.into()), "{path}");
        }

        let resource = list.replace(".json", &format!("/{sid}.json"));
        let (_, renamed) = api.post(&resource, &[("FriendlyName", "daily")]).await;
        assert_eq!(renamed["friendly_name"], "daily");
        assert_eq!(renamed.get("secret"), None);
        assert_eq!(api.get(&resource).await, (200, renamed));
        let (_, found) = api.get(list).await;
        assert_eq!(texts(&found, name, "sid"), [sid, added.as_str()]);
        let deleted = api.send("DELETE", &api.path(&resource), None).await;
        assert_eq!(deleted, (204, Value::Null));
        assert_eq!(api.send_as(sid, secret, &messages).await.0, 401);
    }
}

#[tokio::test]
async fn the_v1_api_lists_and_creates_keys() {
    let (sandbox, api) = account().await;
    let account = format!("AccountSid={}", sandbox.account_sid());
    let (status, created) = api.send("POST", "/v1/Keys", Some(account.clone())).await;
    assert_eq!(status, 201);
    let list = get(&api, &format!("/v1/Keys?{account}")).await;
    assert_eq!(list["meta"]["key"], "keys");
    assert_eq!(
        texts(&list, "keys", "sid"),
        [created["sid"].as_str().unwrap()]
    );
    let restricted = format!("{account}&KeyType=restricted");
    for (form, status, code) in [
        (restricted.as_str(), 404, 20404),
        ("AccountSid=AC00000000000000000000000000000000", 400, 21471),
        ("FriendlyName=x", 400, 20001),
    ] {
        let (found, value) = api.send("POST", "/v1/Keys", Some(form.to_owned())).await;
        assert_eq!((found, &value["code"]), (status, &code.into()), "{form}");
    }
}

#[tokio::test]
async fn the_balance_is_what_a_test_sets() {
    let (sandbox, api) = account().await;
    sandbox.set_balance("3.50", "EUR");
    let (status, balance) = api.get("Balance.json").await;
    assert_eq!(status, 200);
    assert_eq!(balance["account_sid"], sandbox.account_sid().as_str());
    assert_eq!(
        (&balance["balance"], &balance["currency"]),
        (&"3.50".into(), &"EUR".into())
    );
}

#[tokio::test]
async fn usage_is_counted_by_category_and_day() {
    let (sandbox, api) = account().await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let long = "x".repeat(161);
    for body in ["short", &long] {
        let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Body", body)];
        api.create("Messages.json", &fields).await;
    }
    sandbox.wait_idle().await.unwrap();
    assert_eq!(phone.inbox().len(), 2);

    let (_, all) = api.get("Usage/Records.json").await;
    assert_eq!(all["usage_records"].as_array().unwrap().len(), 11);
    for period in [
        "AllTime",
        "Today",
        "ThisMonth",
        "Daily",
        "Monthly",
        "Yearly",
    ] {
        let path = format!("Usage/Records/{period}.json?Category=sms-outbound");
        let (status, list) = api.get(&path).await;
        assert_eq!(status, 200, "{list}");
        let record = &list["usage_records"][0];
        assert_eq!(
            (&record["count"], &record["usage"]),
            (&"2".into(), &"3".into()),
            "{period}"
        );
        assert_eq!(
            list["usage_records"].as_array().unwrap().len(),
            1,
            "{period}"
        );
    }
    for query in [
        "Yesterday.json",
        "LastMonth.json",
        "AllTime.json?EndDate=-2days",
    ] {
        let (_, list) = api.get(&format!("Usage/Records/{query}")).await;
        let counts = texts(&list, "usage_records", "count");
        assert!(
            counts.iter().all(|count| *count == "0"),
            "{query}: {counts:?}"
        );
    }
    let (_, list) = api.get("Usage/Records/Daily.json?EndDate=2001-01-01").await;
    assert_eq!(list["usage_records"], Value::Array(vec![]));
    for (query, status, code) in [
        ("Records.json?StartDate=tomorrow", 400, 20422),
        ("Records.json?Category=fax", 404, 20404),
        ("Records/Hourly.json", 404, 20404),
    ] {
        let (found, value) = api.get(&format!("Usage/{query}")).await;
        assert_eq!((found, &value["code"]), (status, &code.into()), "{query}");
    }
}

#[tokio::test]
async fn usage_records_are_paged() {
    let (_sandbox, api) = account().await;
    let mut path = api.path("Usage/Records.json?PageSize=4");
    let mut categories = Vec::new();
    loop {
        let list = get(&api, &path).await;
        let found = texts(&list, "usage_records", "category");
        categories.extend(found.into_iter().map(str::to_owned));
        match list["next_page_uri"].as_str() {
            Some(next) => next.clone_into(&mut path),
            None => break,
        }
    }
    assert_eq!(categories.len(), 11);
    categories.dedup();
    assert_eq!(categories.len(), 11);
}

#[tokio::test]
async fn resources_that_the_sandbox_does_not_have_are_empty_lists() {
    let (sandbox, api) = account().await;
    let number = sandbox.numbers()[0].sid;
    let add_ons = format!("IncomingPhoneNumbers/{number}/AssignedAddOns.json");
    for (resource, name) in [
        ("Addresses.json", "addresses"),
        ("AuthorizedConnectApps.json", "authorized_connect_apps"),
        ("ConnectApps.json", "connect_apps"),
        ("SIP/CredentialLists.json", "credential_lists"),
        ("SIP/Domains.json", "domains"),
        ("SIP/IpAccessControlLists.json", "ip_access_control_lists"),
        ("Usage/Triggers.json", "usage_triggers"),
        (&add_ons, "assigned_add_ons"),
    ] {
        let (status, list) = api.get(resource).await;
        assert_eq!(
            (status, &list[name]),
            (200, &Value::Array(vec![])),
            "{resource}"
        );
        assert_eq!(list["next_page_uri"], Value::Null);
        let (status, value) = api.post(resource, &[("FriendlyName", "x")]).await;
        assert_eq!((status, &value["code"]), (404, &20404.into()));
        let message = value["message"].as_str().unwrap();
        assert!(message.contains("does not support"), "{message}");
    }
    let (status, value) = api.get("Notifications.json").await;
    assert_eq!((status, &value["code"]), (404, &20404.into()));
}

#[tokio::test]
async fn the_transcriptions_of_an_account_without_recordings_are_empty() {
    let (_sandbox, api) = account().await;
    let (status, list) = api.get("Transcriptions.json").await;
    assert_eq!(
        (status, &list["transcriptions"]),
        (200, &Value::Array(vec![]))
    );
}

#[tokio::test]
async fn traversal_credentials_lead_to_this_machine() {
    let (sandbox, api) = account().await;
    let token = api.create("Tokens.json", &[("Ttl", "60")]).await;
    assert_eq!(token["account_sid"], sandbox.account_sid().as_str());
    assert_eq!(token["ttl"], "60");
    let servers = token["ice_servers"].as_array().unwrap();
    assert_eq!(servers.len(), 4);
    for server in servers {
        let urls = server["urls"].as_str().unwrap();
        assert!(urls.contains("127.0.0.1"), "{urls}");
        if urls.starts_with("turn:") {
            assert_eq!(server["username"], token["username"]);
            assert_eq!(server["credential"], token["password"]);
        }
    }
    assert_eq!(api.create("Tokens.json", &[]).await["ttl"], "86400");
    assert_eq!(
        api.refused("Tokens.json", &[("Ttl", "0")]).await,
        (400, 20422)
    );
}

#[tokio::test]
async fn unknown_parameters_and_filters_are_rejected() {
    let (_sandbox, api) = account().await;
    let fields = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Body", "x"),
        ("Tag", "x"),
    ];
    assert_eq!(api.refused("Messages.json", &fields).await, (400, 20001));
    let (status, value) = api.get("Messages.json?State=sent").await;
    assert_eq!((status, &value["code"]), (400, &20001.into()));
}

#[tokio::test]
async fn a_json_body_counts_as_no_parameters() {
    let (sandbox, api) = account().await;
    let response = api
        .http
        .post(format!(
            "{}{}",
            sandbox.base_url(),
            api.path("Messages.json")
        ))
        .basic_auth(sandbox.account_sid(), Some(sandbox.auth_token().expose()))
        .header("content-type", "application/json")
        .body(format!(
            r#"{{"To":"{VOLUNTEER}","From":"{CLINIC}","Body":"x"}}"#
        ))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 400);
    let text = response.text().await.unwrap();
    assert!(text.contains("21604"), "{text}");
}

#[tokio::test]
async fn the_path_of_another_account_is_not_found() {
    let (_sandbox, api) = account().await;
    for path in [
        "/2010-04-01/Accounts/AC00000000000000000000000000000000.json",
        "/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json",
    ] {
        let (status, value) = api.send("GET", path, None).await;
        assert_eq!((status, &value["code"]), (404, &20404.into()), "{path}");
    }
}

#[tokio::test]
async fn page_sizes_outside_1_to_1000_are_rejected() {
    let (_sandbox, api) = account().await;
    for (size, status) in [("0", 400), ("1", 200), ("1000", 200), ("1001", 400)] {
        let (found, value) = api.get(&format!("Messages.json?PageSize={size}")).await;
        assert_eq!(found, status, "{size}");
        if status == 400 {
            assert_eq!(value["code"], 20007, "{size}");
        }
    }
}

#[tokio::test]
async fn an_auth_token_can_be_rotated_more_than_once() {
    let (sandbox, api) = account().await;
    let sid = sandbox.account_sid().to_string();
    let path = api.path("Balance.json");
    let mut tokens = vec![sandbox.auth_token().clone()];
    for _ in 0..3 {
        tokens.push(sandbox.add_secondary_auth_token());
        sandbox.promote_auth_token();
    }
    let (current, replaced) = tokens.split_last().unwrap();
    assert_eq!(sandbox.auth_token(), current);
    assert_eq!(api.send_as(&sid, current.expose(), &path).await.0, 200);
    for token in replaced {
        assert_eq!(api.send_as(&sid, token.expose(), &path).await.0, 401);
    }
}

#[tokio::test]
async fn the_api_rotates_the_auth_token() {
    let (sandbox, api) = account().await;
    let first = sandbox.auth_token().clone();
    let secondary = "/v1/AuthTokens/Secondary";
    let (status, created) = api.send("POST", secondary, None).await;
    let token = created["secondary_auth_token"].as_str().unwrap();
    assert_eq!((status, token == first.expose()), (201, false));
    assert_eq!(created["url"], format!("{}{secondary}", sandbox.base_url()));
    assert_eq!(sandbox.auth_token(), &first);
    assert_eq!(
        api.send("DELETE", secondary, None).await,
        (204, Value::Null)
    );
    for path in [secondary, "/v1/AuthTokens/Promote"] {
        let method = if path == secondary { "DELETE" } else { "POST" };
        let (status, value) = api.send(method, path, None).await;
        assert_eq!((status, &value["code"]), (404, &20404.into()), "{path}");
    }
    let sid = sandbox.account_sid().to_string();
    let balance = api.path("Balance.json");
    assert_eq!(api.send_as(&sid, token, &balance).await.0, 401);

    let (_, created) = api.send("POST", secondary, None).await;
    let (status, promoted) = api.send("POST", "/v1/AuthTokens/Promote", None).await;
    assert_eq!(
        (status, &promoted["auth_token"]),
        (200, &created["secondary_auth_token"])
    );
    let token = promoted["auth_token"].as_str().unwrap();
    assert_eq!(sandbox.auth_token().expose(), token);
    assert_eq!(api.send_as(&sid, token, &balance).await.0, 200);
    assert_eq!(api.send_as(&sid, first.expose(), &balance).await.0, 401);
}

#[tokio::test]
async fn sandboxes_with_one_seed_sell_the_same_numbers() {
    let mut lists = Vec::new();
    for seed in [7, 7, 8] {
        let sandbox = Sandbox::builder().seed(seed).start().await.unwrap();
        let api = crate::app::Api::new(&sandbox);
        let (_, list) = api.get("AvailablePhoneNumbers/US/Local.json").await;
        lists.push(list["available_phone_numbers"].clone());
    }
    assert_eq!(lists[0], lists[1]);
    assert_ne!(lists[0], lists[2]);
}

//! Accounts and sub-accounts, regions, and hosts of requests.

use clinspark_twilio::client::applications::ListApplications;
use clinspark_twilio::client::services::ListServices;
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{
    Client, ClientBuilder, Delivery, ErrorKind, Outcome, ProcessingRegion,
};
use clinspark_twilio::types::AccountSid;

use crate::support::{ACCOUNT, credentials};

const SUB: &str = "AC00000000000000000000000000000002";

fn builder(transport: &FakeTransport) -> ClientBuilder {
    Client::builder(credentials(), Delivery::Off).with_transport(transport.clone())
}

fn replies(body: &str, count: usize) -> FakeTransport {
    (0..count).fold(FakeTransport::new(), |fake, _| {
        fake.reply(Reply::json(200, body))
    })
}

#[tokio::test]
async fn a_region_is_a_whole_host() {
    for (region, hosts) in [
        (
            ProcessingRegion::US1,
            ["api.twilio.com", "messaging.twilio.com"],
        ),
        (
            ProcessingRegion::IE1,
            [
                "api.dublin.ie1.twilio.com",
                "messaging.dublin.ie1.twilio.com",
            ],
        ),
        (
            ProcessingRegion::AU1,
            [
                "api.sydney.au1.twilio.com",
                "messaging.sydney.au1.twilio.com",
            ],
        ),
    ] {
        let transport = replies(r#"{"applications": [], "services": []}"#, 2);
        let client = builder(&transport).region(region).build().unwrap();
        client.execute(ListApplications::new()).await.unwrap();
        client.execute(ListServices::new()).await.unwrap();
        let seen = transport.requests();
        assert_eq!([seen[0].host(), seen[1].host()], hosts);
    }
    let transport = replies(r#"{"applications": []}"#, 1);
    let gateway = builder(&transport)
        .base_url("https://gateway.clinic.example")
        .region(ProcessingRegion::IE1)
        .build()
        .unwrap();
    gateway.execute(ListApplications::new()).await.unwrap();
    assert_eq!(transport.requests()[0].host(), "gateway.clinic.example");
}

/// Links name the region's host, or Twilio's default host. Both are requested in the region.
#[tokio::test]
async fn links_stay_in_the_region() {
    for host in ["messaging.dublin.ie1.twilio.com", "messaging.twilio.com"] {
        let first = format!(
            r#"{{"services": [], "meta": {{"next_page_url": "https://{host}/v1/Services?Page=1"}}}}"#
        );
        let transport = FakeTransport::new()
            .reply(Reply::json(200, first))
            .reply(Reply::json(200, r#"{"services": []}"#));
        let client = builder(&transport)
            .region(ProcessingRegion::IE1)
            .build()
            .unwrap();
        assert!(client.list(ListServices::new()).next().await.is_none());
        assert_eq!(
            transport.requests()[1].host(),
            "messaging.dublin.ie1.twilio.com"
        );
    }
    let elsewhere = r#"{"services": [],
        "meta": {"next_page_url": "https://messaging.sydney.au1.twilio.com/v1/Services"}}"#;
    let transport = replies(elsewhere, 2);
    let client = builder(&transport)
        .region(ProcessingRegion::IE1)
        .build()
        .unwrap();
    let error = client
        .list(ListServices::new())
        .next()
        .await
        .unwrap()
        .unwrap_err();
    assert_eq!(
        (error.kind(), transport.requests().len()),
        (ErrorKind::Invalid, 1)
    );
}

#[tokio::test]
async fn a_sub_account_signs_in_with_the_parents_credentials() {
    let transport = replies(r#"{"applications": []}"#, 2);
    let main = builder(&transport).build().unwrap();
    let sub = main.for_account(AccountSid::parse(SUB).unwrap());
    assert_eq!(sub.account_sid().as_str(), SUB);
    assert_eq!(main.account_sid().as_str(), ACCOUNT);
    main.execute(ListApplications::new()).await.unwrap();
    sub.execute(ListApplications::new()).await.unwrap();
    let [ours, theirs] = transport.requests().try_into().unwrap();
    assert_eq!(
        theirs.path(),
        format!("/2010-04-01/Accounts/{SUB}/Applications.json")
    );
    assert_eq!(
        ours.headers()["authorization"],
        theirs.headers()["authorization"]
    );
}

/// Their paths name no account: Twilio would apply the request to the parent account.
#[tokio::test]
async fn requests_without_account_in_the_path_need_own_credentials() {
    let transport = replies(r#"{"services": []}"#, 1);
    let sub = builder(&transport)
        .build()
        .unwrap()
        .for_account(AccountSid::parse(SUB).unwrap());
    let error = sub.execute(ListServices::new()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Invalid, &Outcome::NotSent)
    );
    assert_eq!(
        error.to_string(),
        "ListServices: the request needs credentials of the sub-account itself: build a client \
         with them; nothing was sent"
    );
    assert!(transport.requests().is_empty());
    // The parent account itself is not refused.
    let same = builder(&transport)
        .build()
        .unwrap()
        .for_account(AccountSid::parse(ACCOUNT).unwrap());
    same.execute(ListServices::new()).await.unwrap();
}

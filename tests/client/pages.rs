//! Pages of lists.

use clinspark_twilio::client::applications::ListApplications;
use clinspark_twilio::client::numbers::ListIncomingPhoneNumbers;
use clinspark_twilio::client::services::ListServices;
use clinspark_twilio::client::{Delivery, ErrorKind, Outcome, ProcessingRegion};

use crate::support::{ACCOUNT, Recorder, TO, assert_clean, assert_debug_clean, number};

const APP: &str = "AP00000000000000000000000000000001";

#[tokio::test]
async fn the_next_link_is_followed_verbatim() {
    let link = format!(
        "/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers.json?PhoneNumber=%2B14155550123&\
         Page=1&PageToken=PAPN1%3D"
    );
    let first = format!(
        r#"{{"page": 0, "next_page_uri": "{link}", "uri": "/x", "incoming_phone_numbers":
           [{{"sid": "PN00000000000000000000000000000001"}}]}}"#
    );
    let last = r#"{"incoming_phone_numbers": [{"sid": "PN00000000000000000000000000000002"}],
                   "next_page_uri": null}"#;
    let recorder = Recorder::answering([first, last.to_owned()]);
    let client = recorder.client(Delivery::Off);
    let page = client
        .execute(ListIncomingPhoneNumbers::new().phone_number(number(TO)))
        .await
        .unwrap();
    assert_eq!(
        page.items[0].sid.as_str(),
        "PN00000000000000000000000000000001"
    );
    assert_debug_clean(&page);
    let next = client.execute(page.next.unwrap()).await.unwrap();
    assert_eq!(
        next.items[0].sid.as_str(),
        "PN00000000000000000000000000000002"
    );
    assert_eq!(next.next, None);
    let [_, second] = recorder.take().try_into().ok().unwrap();
    assert_eq!(format!("{}?{}", second.path, second.query), link);
    assert_eq!(second.method, "GET");
}

/// Follows this link of a page. Returns the result, and the number of requests.
async fn follow(link: &str) -> (Result<(), ErrorKind>, usize) {
    let link = serde_json::to_string(link).unwrap();
    let pages = [
        format!(r#"{{"applications": [], "next_page_uri": {link}}}"#),
        r#"{"applications": []}"#.to_owned(),
    ];
    let recorder = Recorder::answering(pages);
    let client = recorder.client(Delivery::Off);
    let page = client.execute(ListApplications::new()).await.unwrap();
    assert_debug_clean(&page);
    let result = client.execute(page.next.unwrap()).await;
    let result = result.map(|_| ()).map_err(|error| {
        assert_clean(&format!("{error} {error:?}"));
        assert_eq!(*error.outcome(), Outcome::NotSent);
        error.kind()
    });
    (result, recorder.take().len())
}

#[tokio::test]
async fn a_link_to_another_host_is_refused() {
    for link in [
        "https://evil.example/PLANTED",
        "http://api.twilio.com/x",
        "https://api.twilio.com.evil.example/x",
        "https://api.twilio.com@evil.example/x",
        "https://api.twilio.com:444/x",
        "//evil.example/x",
        "https://api.twilio.com//evil.example",
        "/\\evil.example",
        "@evil.example/x",
        ":80@evil.example",
        ".evil.example",
        "x",
        "/caf\u{0}",
        "https://evil.twilio.com.evil.example/x",
        "https://twilio.com.evil.example/x",
        "https://eviltwilio.com/x",
        "https://user:PLANTED@api.twilio.com/x",
        "https://api.au1.twilio.com/x",
        "https://api.twilio.com?x=/y",
        "/../x",
        "/x/%2E%2e/y?Page=1",
        "/2010-04-01/Accounts/AC00000000000000000000000000000099/Applications.json?Page=1",
    ] {
        assert_eq!(follow(link).await, (Err(ErrorKind::Invalid), 1), "{link}");
    }
    for link in ["/x?Page=1", "https://api.twilio.com/x?Page=1"] {
        assert_eq!(follow(link).await, (Ok(()), 2), "{link}");
    }
}

/// The same list under every name of Twilio's hosts.
#[tokio::test]
async fn a_link_is_requested_at_the_clients_host_in_any_spelling() {
    const PLAIN: ProcessingRegion = ProcessingRegion::US1;
    for (host, region) in [
        ("https://messaging.ie1.twilio.com", ProcessingRegion::IE1),
        (
            "https://messaging.frankfurt.ie1.twilio.com",
            ProcessingRegion::IE1,
        ),
        ("https://messaging.dublin.twilio.com", ProcessingRegion::IE1),
        ("https://messaging.twilio.com", ProcessingRegion::AU1),
        ("https://messaging.us1.twilio.com", PLAIN),
        ("https://messaging.twilio.com:443", PLAIN),
        ("HTTPS://Messaging.Twilio.com", PLAIN),
    ] {
        let page = |n: usize, meta: &str| {
            format!(r#"{{"services": [{{"sid": "MG{n:032}"}}], "meta": {{{meta}}}}}"#)
        };
        let link = format!(r#""next_page_url": "{host}/v1/Services?Page=1""#);
        let recorder = Recorder::answering([page(1, &link), page(2, "")]);
        let client = recorder
            .builder(Delivery::Off)
            .region(region.clone())
            .build()
            .unwrap();
        let mut services = client.list(ListServices::new());
        let mut read = 0;
        while let Some(service) = services.next().await {
            service.unwrap();
            read += 1;
        }
        assert_eq!(read, 2, "{host}");
        let [first, second] = recorder.take().try_into().ok().unwrap();
        assert_eq!(first.host, second.host);
        assert_eq!(
            (second.path.as_str(), second.query.as_str()),
            ("/v1/Services", "Page=1")
        );
    }
}

#[tokio::test]
async fn a_link_is_encoded_where_needed() {
    for (link, path, query) in [
        ("/two words?a=b c", "/two%20words", "a=b%20c"),
        (
            "/x?Name=caf\u{e9}&To=%2B1&p=5%",
            "/x",
            "Name=caf%C3%A9&To=%2B1&p=5%25",
        ),
        ("/x?a=<\"|>#part", "/x", "a=%3C%22%7C%3E"),
    ] {
        let link = serde_json::to_string(link).unwrap();
        let pages = [
            format!(r#"{{"applications": [], "next_page_uri": {link}}}"#),
            r#"{"applications": []}"#.to_owned(),
        ];
        let recorder = Recorder::answering(pages);
        let client = recorder.client(Delivery::Off);
        assert!(client.list(ListApplications::new()).next().await.is_none());
        let [_, second] = recorder.take().try_into().ok().unwrap();
        assert_eq!((second.path.as_str(), second.query.as_str()), (path, query));
    }
}

/// There may be more pages: the list must not end as if it were complete.
#[tokio::test]
async fn a_link_that_is_no_text_ends_with_an_error() {
    for rest in [
        r#""next_page_uri": 5"#,
        r#""next_page_uri": ["/x"]"#,
        r#""meta": {"next_page_url": {}}"#,
        r#""meta": "x""#,
    ] {
        let body = format!(r#"{{"applications": [{{"sid": "{APP}"}}], {rest}}}"#);
        let recorder = Recorder::answering([body]);
        let mut list = recorder.client(Delivery::Off).list(ListApplications::new());
        assert_eq!(list.next().await.unwrap().unwrap().sid.as_str(), APP);
        let error = list.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{rest}");
        assert!(list.next().await.is_none());
        assert_eq!(recorder.take().len(), 1);
    }
}

#[tokio::test]
async fn an_unreadable_item_is_skipped_and_reported() {
    let other = "SM00000000000000000000000000000009";
    let next = format!("/2010-04-01/Accounts/{ACCOUNT}/Applications.json?Page=1");
    let first = format!(
        r#"{{"applications": [null, {{"sid": "{APP}"}}, {{"sid": "{other}"}}, {{"sid": 5}}],
           "next_page_uri": "{next}"}}"#
    );
    let second = format!(
        r#"{{"applications": [{{"friendly_name": "PLANTED"}}, {{"sid": "{APP}", "sid": "{APP}",
           "friendly_name": "half \ud83d", "voice_method": 1e999}}, [], "PLANTED"]}}"#
    );
    let recorder = Recorder::answering([first, second]);
    let client = recorder.client(Delivery::Off);
    let mut list = client.list(ListApplications::new());
    let mut names = Vec::new();
    while let Some(app) = list.next().await {
        names.push(app.unwrap().friendly_name.map(|name| name.expose().clone()));
    }
    assert_eq!(names, [None, Some("half \u{fffd}".to_owned())]);
    let found: Vec<_> = list
        .unreadable()
        .iter()
        .map(|item| (item.index, item.sid.clone()))
        .collect();
    let sid = Some(other.to_owned());
    assert_eq!(
        found,
        [
            (0, None),
            (2, sid),
            (3, None),
            (4, None),
            (6, None),
            (7, None)
        ]
    );
    assert_debug_clean(&list.unreadable());
}

#[tokio::test]
async fn a_page_without_its_list_is_an_error() {
    for body in [
        r#"{"applications": null}"#,
        r#"{"items": []}"#,
        "{}",
        "[]",
        "null",
    ] {
        let recorder = Recorder::answering([body]);
        let result = recorder
            .client(Delivery::Off)
            .execute(ListApplications::new())
            .await;
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Decode, "{body}");
    }
}

#[tokio::test]
async fn a_missing_or_empty_link_ends_the_list() {
    for rest in ["", r#", "next_page_uri": null"#, r#", "next_page_uri": """#] {
        let body = format!(r#"{{"applications": [{{"sid": "{APP}"}}]{rest}}}"#);
        let recorder = Recorder::answering([body]);
        let page = recorder
            .client(Delivery::Off)
            .execute(ListApplications::new())
            .await
            .unwrap();
        assert_eq!((page.items.len(), page.next), (1, None));
    }
}

#[tokio::test]
async fn page_sizes_out_of_range_are_refused() {
    for size in [0, 1001] {
        let client = Recorder::refusing().client(Delivery::Off);
        let error = client
            .execute(ListApplications::new().page_size(size))
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "ListApplications: PageSize must be 1 to 1000; nothing was sent"
        );
    }
}

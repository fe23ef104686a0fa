//! Lists, page by page.

use clinspark_twilio::client::applications::ListApplications;
use clinspark_twilio::client::numbers::ListPhoneNumbers;
use clinspark_twilio::client::{Delivery, ErrorKind, Outcome};

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
        .execute(ListPhoneNumbers::new().phone_number(number(TO)))
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

/// The list of one page whose next link is this.
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
        "/two words",
        "/caf\u{0}",
    ] {
        assert_eq!(follow(link).await, (Err(ErrorKind::Invalid), 1), "{link}");
    }
    for link in ["/x?Page=1", "https://api.twilio.com/x?Page=1"] {
        assert_eq!(follow(link).await, (Ok(()), 2), "{link}");
    }
}

#[tokio::test]
async fn a_page_without_its_list_is_no_page() {
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
async fn the_end_is_a_missing_or_empty_link() {
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

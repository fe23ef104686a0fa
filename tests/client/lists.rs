//! Lists as streams of items.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use clinspark_twilio::client::applications::{Application, ListApplications};
use clinspark_twilio::client::services::ListServices;
use clinspark_twilio::client::{
    Body, Client, Delivery, Error, ErrorKind, List, Transport, TransportError,
};
use clinspark_twilio::types::BoxFuture;
use futures_core::Stream;

use crate::support::{Recorder, assert_debug_clean, credentials};

const NEXT: &str = "/2010-04-01/Accounts/AC1/Applications.json?Page=";

fn app(n: usize) -> String {
    format!(r#"{{"sid": "AP{n:032}"}}"#)
}

fn page(apps: &[usize], next: Option<&str>) -> String {
    let apps: Vec<String> = apps.iter().map(|n| app(*n)).collect();
    let next = serde_json::to_string(&next).unwrap();
    format!(
        r#"{{"applications": [{}], "next_page_uri": {next}}}"#,
        apps.join(",")
    )
}

async fn collect(mut list: List<Application>) -> (Vec<String>, Option<Error>) {
    let mut sids = Vec::new();
    while let Some(item) = list.next().await {
        match item {
            Ok(app) => sids.push(
                app.sid
                    .as_str()
                    .trim_start_matches(['A', 'P', '0'])
                    .to_owned(),
            ),
            Err(error) => {
                assert!(
                    list.next().await.is_none(),
                    "a list continues after its error"
                );
                return (sids, Some(error));
            }
        }
    }
    assert!(list.next().await.is_none());
    (sids, None)
}

#[tokio::test]
async fn a_list_reads_every_page() {
    let recorder = Recorder::answering([
        page(&[1, 2], Some(&format!("{NEXT}1"))),
        page(&[], Some(&format!("{NEXT}2"))),
        page(&[3], None),
    ]);
    let list = recorder.client(Delivery::Off).list(ListApplications::new());
    assert_debug_clean(&list);
    let (sids, error) = collect(list).await;
    assert_eq!(sids, ["1", "2", "3"]);
    assert!(error.is_none());
    let queries: Vec<String> = recorder.take().into_iter().map(|seen| seen.query).collect();
    assert_eq!(queries, ["", "Page=1", "Page=2"]);
}

#[tokio::test]
async fn pages_are_fetched_on_demand() {
    let recorder = Recorder::answering([page(&[1], Some(NEXT)), page(&[2], None)]);
    let mut list = recorder.client(Delivery::Off).list(ListApplications::new());
    assert!(recorder.take().is_empty());
    list.next().await.unwrap().unwrap();
    assert_eq!(recorder.take().len(), 1);
}

#[tokio::test]
async fn a_link_back_to_a_page_ends_the_list() {
    let back = format!("{NEXT}1");
    let recorder = Recorder::answering([
        page(&[1], Some(&back)),
        page(&[2], Some(&back)),
        page(&[3], None),
    ]);
    let list = recorder.client(Delivery::Off).list(ListApplications::new());
    let (sids, error) = collect(list).await;
    assert_eq!(sids, ["1", "2"]);
    let error = error.unwrap();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(
        error.to_string(),
        "NextPage: the link to the next page leads back to a page already read"
    );
    assert_eq!(recorder.take().len(), 2);
}

/// Endless pages, each with a link to a new one. Only every nth page has an item.
struct Endless {
    asked: AtomicUsize,
    every: usize,
}

impl Transport for Endless {
    fn send(
        &self,
        _: http::Request<bytes::Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let items: &[usize] = if asked.is_multiple_of(self.every) {
            &[7]
        } else {
            &[]
        };
        let page = page(items, Some(&format!("{NEXT}{asked}")));
        Box::pin(async move { Ok(http::Response::new(Body::from(page))) })
    }
}

#[tokio::test]
async fn endless_empty_pages_end_the_list() {
    let endless = |every| {
        let asked = AtomicUsize::new(0);
        let pages = Arc::new(Endless { asked, every });
        let client = Client::builder(credentials(), Delivery::Off)
            .with_transport(Arc::clone(&pages))
            .build()
            .unwrap();
        (pages, client.list(ListApplications::new()))
    };
    let (pages, list) = endless(usize::MAX);
    let (sids, error) = collect(list).await;
    let error = error.unwrap();
    assert!(sids.is_empty());
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(!error.is_retryable());
    assert_eq!(
        error.to_string(),
        "NextPage: 50 pages in a row are empty, and the list does not end"
    );
    assert_eq!(pages.asked.load(Ordering::SeqCst), 50);

    // An item arrives before the limit, again and again.
    let (pages, mut list) = endless(50);
    for _ in 0..20 {
        list.next().await.unwrap().unwrap();
    }
    assert_eq!(pages.asked.load(Ordering::SeqCst), 1_000);
}

#[tokio::test]
async fn a_list_can_end_with_empty_pages() {
    let pages_in_all = 50;
    let pages = (1..=pages_in_all).map(|n| {
        let next = format!("{NEXT}{n}");
        page(&[], (n < pages_in_all).then_some(&*next))
    });
    let recorder = Recorder::answering(pages);
    let list = recorder.client(Delivery::Off).list(ListApplications::new());
    let (sids, error) = collect(list).await;
    assert!(sids.is_empty() && error.is_none());
    assert_eq!(recorder.take().len(), 50);
}

#[tokio::test]
async fn the_first_error_ends_the_list() {
    for (next, kind, asked) in [
        ("https://evil.example/x", ErrorKind::Invalid, 1),
        (NEXT, ErrorKind::Connect, 2),
    ] {
        let recorder = Recorder::answering([page(&[1], Some(next))]);
        let list = recorder.client(Delivery::Off).list(ListApplications::new());
        let (sids, error) = collect(list).await;
        assert_eq!((sids.len(), error.unwrap().kind()), (1, kind));
        assert_eq!(recorder.take().len(), asked);
    }
}

#[tokio::test]
async fn whole_urls_are_followed_on_the_same_host() {
    for host in [
        "https://messaging.twilio.com",
        "https://gateway.clinic.example:8443",
    ] {
        let first = format!(
            r#"{{"services": [], "meta": {{"next_page_url": "{host}/v1/Services?Page=1"}}}}"#
        );
        let last = r#"{"services": [{"sid": "MG00000000000000000000000000000001"}],
                       "meta": {"next_page_url": null}}"#;
        let recorder = Recorder::answering([first, last.to_owned()]);
        let client = recorder
            .builder(Delivery::Off)
            .base_url("https://gateway.clinic.example:8443")
            .build()
            .unwrap();
        let mut services = client.list(ListServices::new());
        assert!(services.next().await.unwrap().is_ok());
        let [_, second] = recorder.take().try_into().ok().unwrap();
        assert_eq!(
            (second.path.as_str(), second.query.as_str()),
            ("/v1/Services", "Page=1")
        );
        assert_eq!(second.host, "gateway.clinic.example:8443");
    }
}

#[tokio::test]
async fn a_list_is_a_stream() {
    fn polls(list: &mut (impl Stream<Item = Result<Application, Error>> + Send + Unpin)) -> usize {
        let mut cx = Context::from_waker(Waker::noop());
        let mut count = 0;
        while let Poll::Ready(Some(item)) = Pin::new(&mut *list).poll_next(&mut cx) {
            item.unwrap();
            count += 1;
        }
        count
    }
    let recorder = Recorder::answering([page(&[1, 2, 3], None)]);
    let mut list = recorder.client(Delivery::Off).list(ListApplications::new());
    assert_eq!(polls(&mut list), 3);
}

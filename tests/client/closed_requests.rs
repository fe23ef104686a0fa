//! Requests without `extra_param`: at their path, another parameter speaks to a person or dials one.

use std::collections::BTreeSet;
use std::time::SystemTime;

use clinspark_twilio::client::calls::{CancelCall, HangUpCall, SetCallTimeLimit};
use clinspark_twilio::client::conferences::{EndConference, UpdateParticipant};
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{
    Client, Delivery, ErrorKind, Host, RawRequest, Request, RetryPolicy,
};

use crate::operations::{self, Operation, Visit, sid};
use crate::support::{FixedClock, credentials};

/// Finds the requests that the client retries although their path can reach a person.
#[derive(Default)]
struct RetriedAtReachingPaths(BTreeSet<&'static str>);

impl Visit for RetriedAtReachingPaths {
    async fn operation<R: Request>(&mut self, operation: Operation, request: R) {
        if operation.method != "POST" {
            return;
        }
        let lost = || Reply::connection_lost();
        let transport = FakeTransport::new()
            .reply(lost())
            .reply(lost())
            .reply(lost());
        let client = |delivery| {
            Client::builder(credentials(), delivery)
                .with_transport(transport.clone())
                .clock(FixedClock::at(SystemTime::now()))
                .retry(RetryPolicy::new().attempts(2))
                .build()
                .unwrap()
        };
        let _ = client(Delivery::Live).execute(request).await;
        let sent = transport.requests();
        let host = match sent[0].host() {
            "api.twilio.com" => Host::Api,
            "messaging.twilio.com" => Host::Messaging,
            "accounts.twilio.com" => Host::Accounts,
            "voice.twilio.com" => Host::Voice,
            "oauth.twilio.com" => Host::Oauth,
            other => panic!("{other}"),
        };
        let same_path = RawRequest::post(host, sent[0].path()).param("Unknown", "x");
        let raw = client(Delivery::Off).execute(same_path).await;
        let is_blocked = raw.unwrap_err().kind() == ErrorKind::Blocked;
        if is_blocked && sent.len() > 1 {
            self.0.insert(operation.name);
        }
    }
}

/// A further parameter of such a request would pass `Delivery`, or be sent twice.
#[tokio::test]
async fn a_retried_request_at_a_reaching_path_takes_no_extra_parameter() {
    /// Applies where a type has no `extra_param` of its own: that one precedes a trait's.
    trait Closed: Sized {
        fn extra_param(self, _: &str, _: &str) -> &'static str {
            std::any::type_name::<Self>().rsplit("::").next().unwrap()
        }
    }
    impl<R: Request> Closed for R {}

    let closed: BTreeSet<&str> = [
        CancelCall::new(sid("CA")).extra_param("Url", "https://clinic.example/"),
        HangUpCall::new(sid("CA")).extra_param("Twiml", "<Response/>"),
        SetCallTimeLimit::new(sid("CA"), std::time::Duration::from_secs(60))
            .extra_param("Twiml", "<Response><Dial>+14155550199</Dial></Response>"),
        EndConference::new(sid("CF")).extra_param("AnnounceUrl", "https://clinic.example/"),
        UpdateParticipant::new(sid("CF"), sid("CA"))
            .extra_param("AnnounceUrl", "https://clinic.example/"),
    ]
    .into();
    let mut retried = RetriedAtReachingPaths::default();
    operations::every(&mut retried).await;
    assert_eq!(retried.0, closed);
}

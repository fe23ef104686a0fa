//! Set-up and undo, interrupted before and after every request.

use clinspark_twilio::client::Outcome;
use clinspark_twilio::clinspark::SetupErrorKind;

use super::faulty_transport::Fault;
use super::{EMPTY_ACCOUNT, Fixture, expected_state, new_app, with_foreign_app};

/// Number of requests of an uninterrupted run.
async fn requests_of_a_whole_run(fixture: &Fixture) -> usize {
    fixture.provision().await.unwrap();
    fixture.transport.requests()
}

#[tokio::test]
async fn set_up_completes_when_rerun_after_any_interruption() {
    let requests = requests_of_a_whole_run(&Fixture::new().await).await;
    assert!(requests > EMPTY_ACCOUNT.len() * 2);
    for fault in [Fault::Before, Fault::After] {
        for nth in 0..requests {
            let fixture = Fixture::new().await;
            fixture.transport.set_fault(nth, fault);
            let error = fixture.provision().await.unwrap_err();
            assert_eq!(error.kind(), SetupErrorKind::Client, "{fault:?} {nth}");

            fixture.transport.clear_fault();
            fixture.provision().await.unwrap();
            assert_eq!(fixture.state(), new_app(), "{fault:?} {nth}");
            assert!(fixture.plan().await.unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn a_plan_applied_again_after_any_interruption_can_be_undone() {
    let (whole, _) = with_foreign_app().await;
    let requests = requests_of_a_whole_run(&whole).await;
    let end = whole.state();
    assert_eq!(end, expected_state("left over"));
    for fault in [Fault::Before, Fault::After] {
        for nth in 0..requests {
            let (fixture, _) = with_foreign_app().await;
            let before = fixture.state();
            let plan = fixture.plan().await.unwrap();
            let planned = fixture.transport.requests();
            if nth < planned {
                continue;
            }
            fixture.transport.set_fault(nth, fault);
            fixture.apply(&plan).await.unwrap_err();

            fixture.transport.clear_fault();
            let done = fixture.apply(&plan).await.unwrap();
            assert_eq!(fixture.state(), end, "{fault:?} {nth}");
            fixture.undo(&done.undo).await.unwrap();
            assert_eq!(fixture.state(), before, "{fault:?} {nth}");
        }
    }
}

#[tokio::test]
async fn an_interrupted_set_up_can_be_undone() {
    let (whole, _) = with_foreign_app().await;
    let requests = requests_of_a_whole_run(&whole).await;
    for fault in [Fault::Before, Fault::After] {
        for nth in 0..requests {
            let (fixture, _) = with_foreign_app().await;
            let before = fixture.state();
            fixture.transport.set_fault(nth, fault);
            let error = fixture.provision().await.unwrap_err();
            fixture.transport.clear_fault();
            match error.undo() {
                Some(undo) => fixture.undo(undo).await.unwrap(),
                None => assert!(error.client().is_some()),
            }
            assert_eq!(fixture.state(), before, "{fault:?} {nth}");
        }
    }
}

#[tokio::test]
async fn undo_completes_when_rerun_after_any_interruption() {
    let (fixture, _) = with_foreign_app().await;
    let before = fixture.state();
    let done = fixture.provision().await.unwrap();
    let from = fixture.transport.requests();
    fixture.undo(&done.undo).await.unwrap();
    let requests = fixture.transport.requests() - from;
    assert_eq!(fixture.state(), before);
    for fault in [Fault::Before, Fault::After] {
        for nth in 0..requests {
            let (fixture, _) = with_foreign_app().await;
            let done = fixture.provision().await.unwrap();
            fixture
                .transport
                .set_fault(fixture.transport.requests() + nth, fault);
            fixture.undo(&done.undo).await.unwrap_err();
            fixture.transport.clear_fault();
            fixture.undo(&done.undo).await.unwrap();
            assert_eq!(fixture.state(), before, "{fault:?} {nth}");
        }
    }
}

#[tokio::test]
async fn a_forbidden_request_is_reported_and_a_rerun_completes() {
    let requests = requests_of_a_whole_run(&Fixture::new().await).await;
    let mut interrupted = 0;
    for nth in 0..requests {
        let fixture = Fixture::new().await;
        fixture.transport.set_fault(nth, Fault::Forbidden);
        let error = fixture.provision().await.unwrap_err();
        assert_eq!(error.kind(), SetupErrorKind::Client);
        assert_eq!(error.outcome(), &Outcome::Rejected);
        let refused = error.client().unwrap();
        assert_eq!(refused.status(), Some(http::StatusCode::FORBIDDEN));
        let forbidden = format!(
            "Twilio forbids {} to these credentials; give the API key this permission, or use \
             another key",
            refused.operation()
        );
        if error.undo().is_none() {
            assert_eq!(error.to_string(), forbidden);
        } else {
            interrupted += 1;
            let cause = std::error::Error::source(&error).unwrap();
            assert_eq!(cause.to_string(), forbidden);
            assert!(
                error
                    .to_string()
                    .starts_with("set-up was interrupted with ")
                    && error
                        .to_string()
                        .ends_with(" of 3 steps done; fix the cause and run it again")
            );
        }
        fixture.transport.clear_fault();
        fixture.provision().await.unwrap();
        assert_eq!(fixture.state(), new_app());
    }
    assert!(interrupted > 1);
}

#[tokio::test]
async fn a_change_that_twilio_does_not_persist_is_an_error() {
    let (whole, _) = with_foreign_app().await;
    let planned = requests_of_plan(&whole).await;
    for write in 0..3 {
        let (fixture, _) = with_foreign_app().await;
        // Read to plan, read to apply, then three changes.
        let nth = fixture.transport.requests() + planned * 2 + write;
        fixture.transport.set_fault(nth, Fault::Ignored);
        let error = fixture.provision().await.unwrap_err();
        let cause = match error.undo() {
            Some(_) => std::error::Error::source(&error).unwrap().to_string(),
            None => error.to_string(),
        };
        assert_eq!(error.kind(), SetupErrorKind::Account);
        assert_eq!(
            cause, "Twilio accepted a change but does not show it; make a new plan",
            "{write}"
        );
        fixture.transport.clear_fault();
        fixture.provision().await.unwrap();
        assert_eq!(fixture.state(), expected_state("left over"));
    }
}

async fn requests_of_plan(fixture: &Fixture) -> usize {
    let before = fixture.transport.requests();
    fixture.plan().await.unwrap();
    fixture.transport.requests() - before
}

#[tokio::test]
async fn a_concurrent_change_is_an_error() {
    let (whole, _) = with_foreign_app().await;
    let planned = requests_of_plan(&whole).await;
    let (fixture, _) = with_foreign_app().await;
    let service = format!("/v1/Services/{}", fixture.service());
    // Right before the account is read for the last time.
    let last = fixture.transport.requests() + planned * 2 + 3;
    fixture
        .transport
        .set_concurrent_change(last, service, "UseInboundWebhookOnNumber=false");
    let error = fixture.provision().await.unwrap_err();
    assert_eq!(error.kind(), SetupErrorKind::Account);
    let cause = std::error::Error::source(&error).unwrap();
    assert_eq!(
        cause.to_string(),
        "Twilio does not show every change yet, or another user is changing the account; make a \
         new plan"
    );
    assert_eq!(
        error.to_string(),
        "set-up was interrupted with 3 of 3 steps done; fix the cause and run it again"
    );
    fixture.provision().await.unwrap();
    assert_eq!(fixture.state(), expected_state("left over"));
}

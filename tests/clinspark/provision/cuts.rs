//! The line cut before and after every request.

use clinspark_twilio::client::Outcome;
use clinspark_twilio::clinspark::SetupErrorKind;

use super::line::Fault;
use super::{Bench, EMPTY_ACCOUNT, new_app, right, taken_over};

/// How many requests it takes from start to end, with nothing in the way.
async fn requests_of_a_whole_run(bench: &Bench) -> usize {
    bench.provision().await.unwrap();
    bench.line.requests()
}

#[tokio::test]
async fn cut_after_every_single_request_and_run_again_it_ends_the_same() {
    let requests = requests_of_a_whole_run(&Bench::new().await).await;
    assert!(requests > EMPTY_ACCOUNT.len() * 2);
    for fault in [Fault::Before, Fault::After] {
        for nth in 0..requests {
            let bench = Bench::new().await;
            bench.line.fails_at(nth, fault);
            let error = bench.provision().await.unwrap_err();
            assert_eq!(error.kind(), SetupErrorKind::Client, "{fault:?} {nth}");

            bench.line.heals();
            bench.provision().await.unwrap();
            assert_eq!(bench.state(), new_app(), "{fault:?} {nth}");
            assert!(bench.plan().await.unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn the_same_plan_can_be_applied_again_after_any_cut_and_undone_in_full() {
    let (whole, _) = taken_over().await;
    let requests = requests_of_a_whole_run(&whole).await;
    let end = whole.state();
    assert_eq!(end, right("left over"));
    for fault in [Fault::Before, Fault::After] {
        for nth in 0..requests {
            let (bench, _) = taken_over().await;
            let before = bench.state();
            let plan = bench.plan().await.unwrap();
            let planned = bench.line.requests();
            if nth < planned {
                continue;
            }
            bench.line.fails_at(nth, fault);
            bench.apply(&plan).await.unwrap_err();

            bench.line.heals();
            let done = bench.apply(&plan).await.unwrap();
            assert_eq!(bench.state(), end, "{fault:?} {nth}");
            bench.undo(&done.undo).await.unwrap();
            assert_eq!(bench.state(), before, "{fault:?} {nth}");
        }
    }
}

#[tokio::test]
async fn what_broke_off_can_be_put_back_at_once() {
    let (whole, _) = taken_over().await;
    let requests = requests_of_a_whole_run(&whole).await;
    for fault in [Fault::Before, Fault::After] {
        for nth in 0..requests {
            let (bench, _) = taken_over().await;
            let before = bench.state();
            bench.line.fails_at(nth, fault);
            let error = bench.provision().await.unwrap_err();
            bench.line.heals();
            match error.undo() {
                Some(undo) => bench.undo(undo).await.unwrap(),
                None => assert!(error.client().is_some()),
            }
            assert_eq!(bench.state(), before, "{fault:?} {nth}");
        }
    }
}

#[tokio::test]
async fn undoing_can_be_cut_off_and_run_again() {
    let (bench, _) = taken_over().await;
    let before = bench.state();
    let done = bench.provision().await.unwrap();
    let from = bench.line.requests();
    bench.undo(&done.undo).await.unwrap();
    let requests = bench.line.requests() - from;
    assert_eq!(bench.state(), before);
    for fault in [Fault::Before, Fault::After] {
        for nth in 0..requests {
            let (bench, _) = taken_over().await;
            let done = bench.provision().await.unwrap();
            bench.line.fails_at(bench.line.requests() + nth, fault);
            bench.undo(&done.undo).await.unwrap_err();
            bench.line.heals();
            bench.undo(&done.undo).await.unwrap();
            assert_eq!(bench.state(), before, "{fault:?} {nth}");
        }
    }
}

#[tokio::test]
async fn a_refusal_in_the_middle_is_told_and_mended_by_running_again() {
    let requests = requests_of_a_whole_run(&Bench::new().await).await;
    let mut broke_off = 0;
    for nth in 0..requests {
        let bench = Bench::new().await;
        bench.line.fails_at(nth, Fault::Forbidden);
        let error = bench.provision().await.unwrap_err();
        assert_eq!(error.kind(), SetupErrorKind::Client);
        assert_eq!(error.outcome(), &Outcome::Rejected);
        let refused = error.client().unwrap();
        assert_eq!(refused.status(), Some(http::StatusCode::FORBIDDEN));
        let forbidden = format!(
            "Twilio forbids {} to these credentials; give the API key that right, or use one that \
             has it",
            refused.operation()
        );
        if error.undo().is_none() {
            assert_eq!(error.to_string(), forbidden);
        } else {
            broke_off += 1;
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
        bench.line.heals();
        bench.provision().await.unwrap();
        assert_eq!(bench.state(), new_app());
    }
    assert!(broke_off > 1);
}

#[tokio::test]
async fn what_twilio_does_not_keep_is_told() {
    let (whole, _) = taken_over().await;
    let planned = requests_of_plan(&whole).await;
    for write in 0..3 {
        let (bench, _) = taken_over().await;
        // Read to plan, read to apply, then three changes.
        let nth = bench.line.requests() + planned * 2 + write;
        bench.line.fails_at(nth, Fault::Ignored);
        let error = bench.provision().await.unwrap_err();
        let cause = match error.undo() {
            Some(_) => std::error::Error::source(&error).unwrap().to_string(),
            None => error.to_string(),
        };
        assert_eq!(error.kind(), SetupErrorKind::Account);
        assert_eq!(
            cause, "Twilio accepted a change and did not keep it",
            "{write}"
        );
        bench.line.heals();
        bench.provision().await.unwrap();
        assert_eq!(bench.state(), right("left over"));
    }
}

async fn requests_of_plan(bench: &Bench) -> usize {
    let before = bench.line.requests();
    bench.plan().await.unwrap();
    bench.line.requests() - before
}

#[tokio::test]
async fn what_somebody_else_changes_on_the_way_is_told() {
    let (whole, _) = taken_over().await;
    let planned = requests_of_plan(&whole).await;
    let (bench, _) = taken_over().await;
    let service = format!("/v1/Services/{}", bench.service());
    // Right before the account is read for the last time.
    let last = bench.line.requests() + planned * 2 + 3;
    bench
        .line
        .meanwhile(last, service, "UseInboundWebhookOnNumber=false");
    let error = bench.provision().await.unwrap_err();
    assert_eq!(error.kind(), SetupErrorKind::Account);
    let cause = std::error::Error::source(&error).unwrap();
    assert_eq!(
        cause.to_string(),
        "Twilio does not show every change yet, or another user changes the account, too; make a \
         new plan"
    );
    assert_eq!(
        error.to_string(),
        "set-up was interrupted with 3 of 3 steps done; fix the cause and run it again"
    );
    bench.provision().await.unwrap();
    assert_eq!(bench.state(), right("left over"));
}

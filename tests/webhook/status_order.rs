//! Status callbacks that arrive out of order.

use std::fmt::Debug;

use clinspark_twilio::types::{CallStatus, MessageStatus};
use clinspark_twilio::webhook::{Ranked, StatusTracker};

/// Tries every order of the statuses; each must end at the same status.
fn permutations<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    let Some((first, rest)) = items.split_first() else {
        return vec![Vec::new()];
    };
    permutations(rest)
        .into_iter()
        .flat_map(|order| {
            (0..=order.len()).map(move |at| {
                let mut longer = order.clone();
                longer.insert(at, first.clone());
                longer
            })
        })
        .collect()
}

#[track_caller]
fn ends_at<S: Ranked + Clone + PartialEq + Debug>(statuses: &[S], end: &S) {
    for order in permutations(statuses) {
        let mut tracker = StatusTracker::new(order[0].clone());
        let moves = order[1..]
            .iter()
            .filter(|status| tracker.observe((*status).clone()))
            .count();
        assert_eq!(tracker.status(), end, "{order:?}");
        assert!(moves < order.len());
        // Repeating all callbacks changes nothing.
        assert!(order.iter().all(|status| !tracker.observe(status.clone())));
    }
}

#[test]
fn the_order_of_message_callbacks_changes_nothing() {
    use MessageStatus::{
        Accepted, Canceled, Delivered, Failed, Queued, Read, Scheduled, Sending, Sent, Undelivered,
    };
    ends_at(&[Accepted, Queued, Sending, Sent, Delivered, Read], &Read);
    ends_at(&[Queued, Sending, Sent, Delivered], &Delivered);
    ends_at(&[Queued, Sent, Undelivered], &Undelivered);
    ends_at(&[Queued, Sent, Failed, Undelivered, Delivered], &Delivered);
    ends_at(&[Accepted, Scheduled, Canceled], &Canceled);
    ends_at(&[MessageStatus::from("teleported"), Queued, Sent], &Sent);
}

#[test]
fn the_order_of_call_callbacks_changes_nothing() {
    use CallStatus::{Completed, InProgress, Initiated, NoAnswer, Ringing};
    ends_at(
        &[
            CallStatus::Queued,
            Initiated,
            Ringing,
            InProgress,
            Completed,
        ],
        &Completed,
    );
    ends_at(&[Initiated, Ringing, NoAnswer], &NoAnswer);
}

#[test]
fn every_known_status_has_its_own_rank() {
    for ranks in [
        MessageStatus::KNOWN
            .iter()
            .map(MessageStatus::rank)
            .collect::<Vec<_>>(),
        CallStatus::KNOWN.iter().map(CallStatus::rank).collect(),
    ] {
        let mut sorted = ranks.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), ranks.len());
        assert!(sorted[0] > 0);
    }
    assert_eq!(MessageStatus::from("new").rank(), 0);
    assert_eq!(CallStatus::from("new").rank(), 0);
}

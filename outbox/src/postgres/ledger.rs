//! Begin and end of a claim, which a worker calls once for each message.

use std::sync::Arc;
use std::time::SystemTime;

use clinspark_twilio::outbox::{BatchId, Claimed, Finish, LedgerEntry, Reason, StoreError};
use tokio_postgres::Error;

use super::error::{concerns_a_row, is_taken, store_error};
use super::groups::{Call, Shared};
use super::pool::Pool;
use super::{rows, sql};

/// Changes of claimed messages. Each is `true` if the claim was valid.
pub(super) enum Changes {}

/// Changes with the same key share a statement.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    statement: sql::ByClaim,
    /// Batch whose lock the statement waits for.
    batch: Option<BatchId>,
}

/// Claim, and the values of its columns.
pub(super) struct Change {
    row: i64,
    attempt: i32,
    proof: Option<Vec<u8>>,
    /// Segments, or error code.
    number: Option<i32>,
    /// SID, or reason.
    text: Option<String>,
    not_before: Option<SystemTime>,
}

/// Returns a number as the database's `integer`.
pub(super) fn integer(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

impl Change {
    fn new(claimed: &Claimed) -> Self {
        Self {
            row: claimed.row,
            attempt: integer(claimed.attempt),
            proof: None,
            number: None,
            text: None,
            not_before: None,
        }
    }

    pub(super) fn begin(claimed: &Claimed, entry: &LedgerEntry) -> (Kind, Self) {
        let kind = Kind {
            statement: sql::ByClaim::Begin,
            batch: None,
        };
        let mut change = Self::new(claimed);
        change.proof = Some(entry.proof.as_bytes().to_vec());
        change.number = Some(i32::from(entry.segments));
        (kind, change)
    }

    pub(super) fn finish(claimed: &Claimed, finish: &Finish) -> (Kind, Self) {
        let mut change = Self::new(claimed);
        let reason = |reason: &Reason| Some(rows::text(reason.as_str()));
        let mut batch = None;
        let statement = match finish {
            Finish::Sent(sid) => {
                change.text = Some(sid.as_str().to_owned());
                sql::ByClaim::Sent
            }
            Finish::Refused { code, reason: why } => {
                change.number = code.map(|code| integer(code.get()));
                change.text = reason(why);
                sql::ByClaim::Refused
            }
            Finish::Requeue {
                not_before,
                reason: why,
            }
            | Finish::Retry {
                not_before,
                reason: why,
            } => {
                change.not_before = Some(rows::time(*not_before));
                change.text = reason(why);
                batch = Some(claimed.batch.clone());
                match finish {
                    Finish::Retry { .. } => sql::ByClaim::Retry,
                    _ => sql::ByClaim::Requeue,
                }
            }
            Finish::Expired => sql::ByClaim::Expired,
            Finish::Held(why) => {
                change.text = reason(why);
                sql::ByClaim::Held
            }
            Finish::Doubt(why) => {
                change.text = reason(why);
                sql::ByClaim::Doubt
            }
        };
        (Kind { statement, batch }, change)
    }
}

impl Shared for Changes {
    type Key = Kind;
    type Request = Change;
    type Answer = bool;

    async fn run(
        pool: &Arc<Pool>,
        kind: &Kind,
        calls: &mut Vec<Call<Self>>,
        _: &mut Vec<Call<Self>>,
    ) -> Result<(), StoreError> {
        let requests: Vec<_> = calls.iter().map(|call| &call.request).collect();
        let valid = match change(pool, kind.statement.together(), &requests).await? {
            Ok(places) => places,
            // The changes of all were rolled back.
            Err(error) if concerns_a_row(&error) => Vec::new(),
            Err(error) => return Err(store_error(error)),
        };
        for (place, call) in (1_i64..).zip(calls.drain(..)) {
            if valid.contains(&place) {
                call.answer(Ok(true));
            } else {
                // The claim is not valid, or another transaction has locked the row, or a row has
                // failed the statement. None of that may stop the others.
                tokio::spawn(alone(Arc::clone(pool), kind.statement, call));
            }
        }
        Ok(())
    }
}

/// Changes one message, and waits for the lock of its row.
async fn alone(pool: Arc<Pool>, statement: sql::ByClaim, call: Call<Changes>) {
    let answer = match change(&pool, statement.alone(), &[&call.request]).await {
        Ok(Ok(places)) => Ok(!places.is_empty()),
        Ok(Err(error)) if is_taken(&error) => Ok(false),
        Ok(Err(error)) => Err(store_error(error)),
        Err(error) => Err(error),
    };
    call.answer(answer);
}

/// Returns the places of the changes whose claims were valid, from 1, or the database's own error.
async fn change(
    pool: &Pool,
    statement: &'static str,
    changes: &[&Change],
) -> Result<Result<Vec<i64>, Error>, StoreError> {
    let ids: Vec<_> = changes.iter().map(|it| it.row).collect();
    let attempts: Vec<_> = changes.iter().map(|it| it.attempt).collect();
    let proofs: Vec<_> = changes.iter().map(|it| it.proof.as_deref()).collect();
    let numbers: Vec<_> = changes.iter().map(|it| it.number).collect();
    let texts: Vec<_> = changes.iter().map(|it| it.text.as_deref()).collect();
    let times: Vec<_> = changes.iter().map(|it| it.not_before).collect();
    let mut lease = pool.lease().await?;
    let found = lease
        .try_rows(
            statement,
            &[&ids, &attempts, &proofs, &numbers, &texts, &times],
        )
        .await?;
    let found = match found {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    let places: Result<_, StoreError> = found.iter().map(|row| rows::get(row, "place")).collect();
    places.map(Ok)
}

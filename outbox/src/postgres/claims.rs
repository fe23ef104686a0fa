//! Claims of the callers of one sender and worker.
//!
//! The row of a sender is locked until its claims are on the disk, so that claims follow each other.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::SystemTime;

use clinspark_twilio::outbox::{Claim, Claimed, SenderKey, StoreError, WorkerId};
use tokio_postgres::Row;

use super::groups::{Call, Shared};
use super::pool::{Lease, Pool};
use super::store::{NO_SENDER, hold_row};
use super::{rows, sql};

pub(super) enum Claims {}

impl Shared for Claims {
    type Key = (SenderKey, WorkerId);
    type Request = ();
    type Answer = Claim;

    /// Claims a message for each caller, as far as messages are due and the pace permits.
    async fn run(
        pool: &Arc<Pool>,
        (sender, worker): &Self::Key,
        calls: &mut Vec<Call<Self>>,
        again: &mut Vec<Call<Self>>,
    ) -> Result<(), StoreError> {
        let (sender, worker) = (sender.as_str(), worker.as_str());
        let number = i32::try_from(calls.len()).unwrap_or(1);
        let mut lease = pool.lease().await?;
        let claims = lease.rows(sql::CLAIM, &[&sender, &worker, &number]).await?;
        if claims.is_empty() {
            return Err(NO_SENDER);
        }
        let mut not_open = BTreeSet::new();
        for row in claims {
            match claim_of(&row)? {
                Found::Message(claimed) => {
                    let Some(call) = calls.pop() else { break };
                    call.answer(match claimed {
                        Ok(claimed) => Ok(Claim::Message(claimed)),
                        Err(error) => hold(&mut lease, &row).await.and(Err(error)),
                    });
                }
                Found::Expired => {
                    let Some(call) = calls.pop() else { break };
                    call.answer(Ok(Claim::Expired));
                }
                Found::NotOpen(batch) => drop(not_open.insert(batch)),
                Found::NoMore(until) => {
                    let none = || until.map_or(Claim::Empty, Claim::Wait);
                    calls.drain(..).for_each(|call| call.answer(Ok(none())));
                }
            }
        }
        for batch in not_open {
            lease.change(sql::SET_ASIDE, &[&batch]).await?;
        }
        again.append(calls);
        Ok(())
    }
}

/// Row of a claim.
enum Found {
    /// A claimed message, or the error of its row.
    Message(Result<Box<Claimed>, StoreError>),
    /// A message that has expired.
    Expired,
    /// A message that is set aside, because this batch is not open.
    NotOpen(String),
    /// Nothing more is due, or permitted, before this time. `None` if nothing is queued.
    NoMore(Option<SystemTime>),
}

fn claim_of(row: &Row) -> Result<Found, StoreError> {
    Ok(match rows::get::<&str>(row, "kind")? {
        "message" => Found::Message(rows::claimed(row).map(Box::new)),
        "wait" => Found::NoMore(Some(rows::get(row, "until")?)),
        "expired" => Found::Expired,
        "aside" => Found::NotOpen(rows::get(row, "batch")?),
        _ => Found::NoMore(None),
    })
}

async fn hold(lease: &mut Lease, row: &Row) -> Result<(), StoreError> {
    hold_row(lease, rows::get(row, "id")?).await
}

//! Refusal of a file that has other keys for the people of its batch.
//!
//! A person is known by a key. One whose key has changed, such as `007` that a spreadsheet made `7`, or a
//! key column with another name, would be texted again. The same holds for a visit in another form.

use std::collections::HashSet;

use clinspark_twilio::outbox::{MessageState, Outbox, StoreError};

use super::people::Cohort;
use crate::failure::{Exit, Failure};

/// Messages that one statement reads.
const PAGE: u32 = 1_000;

/// Messages of a batch beside those of a file.
struct Difference {
    /// Messages of the batch that the file lacks, and that were sent or may yet be.
    absent: usize,
    /// Messages of the file that the batch lacks.
    new: usize,
}

impl Difference {
    async fn of(outbox: &Outbox, cohort: &Cohort) -> Result<Self, StoreError> {
        let mut new: HashSet<_> = cohort.keys.iter().collect();
        let mut absent = 0;
        let mut after = i64::MIN;
        loop {
            let store = outbox.store();
            let page = store.records(&cohort.batch, None, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.row;
            for record in page {
                let has_ended_without_text = matches!(
                    record.state,
                    MessageState::Refused | MessageState::Expired | MessageState::Cancelled
                );
                let key = (record.recipient, record.occurrence);
                if !cohort.has(&key) && !has_ended_without_text {
                    absent += 1;
                }
                new.remove(&key);
            }
        }
        let new = new.len();
        Ok(Self { absent, new })
    }
}

/// Refuses a file that lacks messages of its batch and adds others. Without a batch there is nothing to
/// lack.
pub(super) async fn check(outbox: &Outbox, cohort: &Cohort) -> Result<(), Failure> {
    let Difference { absent, new } = Difference::of(outbox, cohort).await?;
    if absent == 0 || new == 0 {
        return Ok(());
    }
    Err(refusal(&format!(
        "nothing was sent: of the batch, {absent} texts are not in the file, and {new} of the file are not in the \
         batch"
    )))
}

/// Pauses a batch to which another run has added other keys while this one added its own.
pub(super) async fn check_again(outbox: &Outbox, cohort: &Cohort) -> Result<(), Failure> {
    let Difference { absent, .. } = Difference::of(outbox, cohort).await?;
    if absent == 0 {
        return Ok(());
    }
    outbox.pause(&cohort.batch).await?;
    Err(refusal(&format!(
        "the batch is paused: another run has added {absent} texts that are not in this file; compare both files"
    )))
}

fn refusal(what: &str) -> Failure {
    Failure::new(
        Exit::No,
        format!(
            "{what}. With other keys the same people are texted again: restore the key column, and that of the \
             visits, as they were. For other people write a file of theirs alone, without anyone whom this batch \
             has texted, with an ID of its own (--batch)"
        ),
    )
}

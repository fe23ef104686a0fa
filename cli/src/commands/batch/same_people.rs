//! Whether a file has the people of the batch that it continues.
//!
//! A person is known by a key. One whose key has changed, such as `007` that a spreadsheet made `7`, or a
//! key column with another name, would be texted again.

use std::collections::HashSet;

use clinspark_twilio::outbox::{MessageState, Outbox, RecipientKey};

use super::people::Cohort;
use crate::failure::{Exit, Failure};

/// Messages that one statement reads.
const PAGE: u32 = 1_000;

/// Refuses a file that lacks people whom the batch has texted, or may have, and adds others.
pub(super) async fn check(outbox: &Outbox, cohort: &Cohort) -> Result<(), Failure> {
    let listed: HashSet<&RecipientKey> = cohort.keys.iter().map(|(key, _)| key).collect();
    let mut known = HashSet::new();
    let mut texted_and_absent = 0;
    let mut after = i64::MIN;
    loop {
        let store = outbox.store();
        let page = store.records(&cohort.batch, None, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.row;
        for record in page {
            let may_have_text = matches!(
                record.state,
                MessageState::Sent | MessageState::Sending | MessageState::Held
            );
            if let Some(key) = listed.get(&record.recipient) {
                known.insert(*key);
            } else if may_have_text {
                texted_and_absent += 1;
            }
        }
    }
    let new = listed.len() - known.len();
    if texted_and_absent == 0 || new == 0 {
        return Ok(());
    }
    Err(Failure::new(
        Exit::No,
        format!(
            "nothing was sent: the file lacks {texted_and_absent} people whom the batch has texted or may have, and \
             has {new} new keys. With other keys the same people would be texted again. Restore the key column as it \
             was; for other people write a file of their own, with an ID of its own (--batch)"
        ),
    ))
}

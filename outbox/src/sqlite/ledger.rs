//! Ends of claims: answers, status callbacks, looks at Twilio's list and decisions of people.

use std::time::SystemTime;

use clinspark_twilio::messenger::MessageId;
use clinspark_twilio::outbox::{
    Claimed, Decision, DeliveryReport, Doubt, Finish, MessageState, Observed, Reason, Settlement,
};
use clinspark_twilio::types::{MessageSid, MessageStatus};
use rusqlite::{Connection, OptionalExtension as _};

use super::error::Work;
use super::micros;

/// Rows that a person may decide about: held, or with a state that no program writes.
const IS_HELD: &str = "state NOT IN ('queued', 'paused', 'sending', 'sent', 'refused', 'expired', \
                       'cancelled')";

/// Assignments that forget a claim, because nothing was sent, and put the row where its batch says.
/// A batch whose state is unknown counts as paused.
const REQUEUE: &str = "failures = 0, claimed_at = NULL, began_at = NULL, proof = NULL, doubtful = 0, looks = 0, \
                       looked_at = NULL, state = (SELECT CASE state WHEN 'open' THEN 'queued' \
                       WHEN 'cancelled' THEN 'cancelled' ELSE 'paused' END \
                       FROM outbox_batch WHERE outbox_batch.id = outbox_message.batch)";

pub(super) fn finish(db: &Connection, claimed: &Claimed, finish: &Finish, now: i64) -> Work<bool> {
    let open = (claimed.row, claimed.attempt);
    match finish {
        Finish::Sent(sid) => finish_sent(db, claimed, *sid, now),
        Finish::Refused { code, reason } => {
            let code = code.map(|code| i64::from(code.get()));
            end(db, open, MessageState::Refused, Some(reason), code, now)
        }
        Finish::Requeue { not_before, reason } => requeue(db, open, *not_before, Some(reason), now),
        Finish::Retry { not_before, reason } => {
            let failures: Option<u32> = db
                .prepare_cached("SELECT failures FROM outbox_message WHERE id = ?1")?
                .query_row([claimed.row], |row| row.get(0))
                .optional()?;
            let is_open = requeue(db, open, *not_before, Some(reason), now)?;
            if is_open {
                let failures = failures.unwrap_or_default().saturating_add(1);
                db.prepare_cached("UPDATE outbox_message SET failures = ?2 WHERE id = ?1")?
                    .execute((claimed.row, failures))?;
            }
            Ok(is_open)
        }
        Finish::Expired => end(db, open, MessageState::Expired, None, None, now),
        Finish::Held(reason) => end(db, open, MessageState::Held, Some(reason), None, now),
        Finish::Doubt(reason) => {
            let changed = db
                .prepare_cached(
                    "UPDATE outbox_message SET reason = ?3, doubtful = 1
                     WHERE id = ?1 AND attempts = ?2 AND state = 'sending'",
                )?
                .execute((open.0, open.1, reason.as_str()))?;
            Ok(changed == 1)
        }
    }
}

/// Ends a valid claim without a SID.
fn end(
    db: &Connection,
    (row, attempt): (i64, u32),
    state: MessageState,
    reason: Option<&Reason>,
    code: Option<i64>,
    now: i64,
) -> Work<bool> {
    // A refusal replaces the code, also by none; the other ends leave it as it is.
    let mut statement = db.prepare_cached(
        "UPDATE outbox_message SET state = ?3, reason = coalesce(?4, reason),
             code = CASE ?3 WHEN 'refused' THEN ?5 ELSE code END, changed_at = ?6
         WHERE id = ?1 AND attempts = ?2 AND state = 'sending'",
    )?;
    let reason = reason.map(Reason::as_str);
    let changed = statement.execute((row, attempt, state.as_str(), reason, code, now))?;
    Ok(changed == 1)
}

fn requeue(
    db: &Connection,
    (row, attempt): (i64, u32),
    not_before: SystemTime,
    reason: Option<&Reason>,
    now: i64,
) -> Work<bool> {
    let mut statement = db.prepare_cached(&format!(
        "UPDATE outbox_message SET {REQUEUE}, not_before = ?3, reason = coalesce(?4, reason),
             changed_at = ?5
         WHERE id = ?1 AND attempts = ?2 AND state = 'sending'"
    ))?;
    let (not_before, reason) = (micros::ceil(not_before), reason.map(Reason::as_str));
    let changed = statement.execute((row, attempt, not_before, reason, now))?;
    Ok(changed == 1)
}

fn finish_sent(db: &Connection, claimed: &Claimed, sid: MessageSid, now: i64) -> Work<bool> {
    if row_of(db, sid)?.is_some_and(|row| row != claimed.row) {
        return Ok(false);
    }
    let changed = db
        .prepare_cached(
            "UPDATE outbox_message SET state = 'sent', sid = ?3, reason = NULL, changed_at = ?4
             WHERE id = ?1 AND attempts = ?2 AND state IN ('sending', 'held')",
        )?
        .execute((claimed.row, claimed.attempt, sid.as_str(), now))?;
    Ok(changed == 1)
}

fn row_of(db: &Connection, sid: MessageSid) -> Work<Option<i64>> {
    let row = db
        .prepare_cached("SELECT id FROM outbox_message WHERE sid = ?1")?
        .query_row([sid.as_str()], |row| row.get(0))
        .optional()?;
    Ok(row)
}

pub(super) fn observe(db: &Connection, report: &DeliveryReport, now: i64) -> Work<Observed> {
    let mut statement = db.prepare_cached(
        "SELECT id, state, sid, delivery FROM outbox_message WHERE message_id = ?1",
    )?;
    let columns: Option<(i64, String, Option<String>, Option<String>)> = statement
        .query_row([report.message_id.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((row, state, sid, delivery)) = columns else {
        return Ok(Observed::Unknown);
    };
    // A SID that was edited by hand is another one, too.
    let has_other_sid = sid.is_some_and(|sid| sid != report.sid.as_str());
    if has_other_sid || row_of(db, report.sid)?.is_some_and(|owner| owner != row) {
        return Ok(Observed::OtherSid);
    }
    let known = delivery.map_or(0, |status| MessageStatus::from(status.as_str()).rank());
    let later = (report.status.rank() > known).then(|| report.status.as_str());
    db.prepare_cached(
        "UPDATE outbox_message SET
             sid = ?2,
             delivery = coalesce(?3, delivery),
             code = coalesce(?4, code),
             reason = CASE state WHEN 'sent' THEN reason END,
             changed_at = CASE state WHEN 'sent' THEN changed_at ELSE ?5 END,
             state = 'sent'
         WHERE id = ?1",
    )?
    .execute((
        row,
        report.sid.as_str(),
        later,
        report.code.map(|code| i64::from(code.get())),
        now,
    ))?;
    Ok(match MessageState::parse(&state) {
        Some(MessageState::Sent) => Observed::Recorded,
        _ => Observed::Settled,
    })
}

pub(super) fn settle(
    db: &Connection,
    Doubt { claimed, proof, .. }: &Doubt,
    settlement: &Settlement,
    now: i64,
) -> Work<bool> {
    let open = (claimed.row, claimed.attempt);
    match settlement {
        Settlement::Sent(sid) => {
            let is_sending = db
                .prepare_cached(
                    "SELECT 1 FROM outbox_message
                     WHERE id = ?1 AND attempts = ?2 AND state = 'sending'",
                )?
                .query_row(open, |_| Ok(()))
                .optional()?;
            match is_sending {
                Some(()) => finish_sent(db, claimed, *sid, now),
                None => Ok(false),
            }
        }
        Settlement::Looked => {
            let changed = db
                .prepare_cached(
                    "UPDATE outbox_message SET looks = looks + 1, looked_at = ?3
                     WHERE id = ?1 AND attempts = ?2 AND state = 'sending'",
                )?
                .execute((open.0, open.1, now))?;
            Ok(changed == 1)
        }
        Settlement::Requeue => {
            let proof = proof.as_ref().map(|proof| proof.as_bytes().as_slice());
            let has_entry = db
                .prepare_cached("SELECT 1 FROM outbox_message WHERE id = ?1 AND proof IS ?2")?
                .query_row((claimed.row, proof), |_| Ok(()))
                .optional()?;
            match has_entry {
                Some(()) => requeue(db, open, micros::time(now), None, now),
                None => Ok(false),
            }
        }
        Settlement::Held(reason) => end(db, open, MessageState::Held, Some(reason), None, now),
    }
}

pub(super) fn decide(db: &Connection, id: &MessageId, decision: Decision, now: i64) -> Work<bool> {
    let id = id.as_str();
    let changed = match decision {
        Decision::Sent(sid) => {
            if row_of(db, sid)?.is_some() {
                return Ok(false);
            }
            db.prepare_cached(&format!(
                "UPDATE outbox_message SET state = 'sent', sid = ?2, changed_at = ?3
                 WHERE message_id = ?1 AND {IS_HELD}"
            ))?
            .execute((id, sid.as_str(), now))?
        }
        Decision::SendAgain => db
            .prepare_cached(&format!(
                "UPDATE outbox_message SET {REQUEUE}, not_before = ?2, changed_at = ?2
                 WHERE message_id = ?1 AND {IS_HELD}"
            ))?
            .execute((id, now))?,
        Decision::Refuse => db
            .prepare_cached(&format!(
                "UPDATE outbox_message SET state = 'refused', changed_at = ?2
                 WHERE message_id = ?1 AND {IS_HELD}"
            ))?
            .execute((id, now))?,
    };
    Ok(changed == 1)
}

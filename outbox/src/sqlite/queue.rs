//! Claims and their pace.

use std::time::SystemTime;

use clinspark_twilio::outbox::{
    Claim, Claimed, LedgerEntry, Pace, Reason, SenderKey, StoreError, StoreErrorKind, WorkerId,
};
use rusqlite::{Connection, ErrorCode, OptionalExtension as _};

use super::error::Work;
use super::{micros, row};

pub(super) const NO_SENDER: StoreError = StoreError::new(
    StoreErrorKind::Conflict,
    "the sender has no pace; set it first",
);

const BAD_PACE: StoreError = StoreError::new(
    StoreErrorKind::Corrupt,
    "the pace of the sender cannot be read, such as after a change by hand; set it again",
);

const BAD_MESSAGE: StoreError = StoreError::new(
    StoreErrorKind::Corrupt,
    "a message cannot be read, such as after a change by hand; it is held, and the others go on",
);

pub(super) fn set_pace(db: &Connection, sender: &SenderKey, pace: Pace) -> Work<()> {
    db.prepare_cached(
        "INSERT INTO outbox_sender (sender, per_second, burst) VALUES (?1, ?2, ?3)
         ON CONFLICT (sender) DO UPDATE SET per_second = excluded.per_second, burst = excluded.burst,
             next_at = CASE WHEN per_second = excluded.per_second AND burst = excluded.burst
                 THEN next_at ELSE 0 END",
    )?
    .execute((
        sender.as_str(),
        pace.segments_per_second(),
        micros::length(pace.burst_time()),
    ))?;
    Ok(())
}

pub(super) fn hold_sender(
    db: &Connection,
    sender: &SenderKey,
    until: SystemTime,
    reason: &Reason,
) -> Work<()> {
    let mut statement = db.prepare_cached(
        "UPDATE outbox_sender SET
             held_reason = CASE WHEN held_until < ?2 THEN ?3 ELSE held_reason END,
             held_until = max(held_until, ?2)
         WHERE sender = ?1",
    )?;
    match statement.execute((sender.as_str(), micros::ceil(until), reason.as_str()))? {
        0 => Err(NO_SENDER.into()),
        _ => Ok(()),
    }
}

/// Charges segments. Returns the time from which the next one may be sent, if it is in the future.
pub(super) fn charge(
    db: &Connection,
    key: &SenderKey,
    segments: u16,
    now: i64,
) -> Work<Option<SystemTime>> {
    if segments > 0 {
        Sender::find(db, key)?.charge(db, key, segments.into(), now)?;
    }
    let free = Sender::find(db, key)?.permitted_from(now);
    Ok((free > now).then(|| micros::time(free)))
}

/// Row of a sender, in microseconds.
struct Sender {
    pace: Pace,
    next_at: i64,
    held_until: i64,
}

impl Sender {
    fn find(db: &Connection, sender: &SenderKey) -> Work<Self> {
        let mut statement = db.prepare_cached(
            "SELECT per_second, burst, next_at, held_until FROM outbox_sender WHERE sender = ?1",
        )?;
        let columns = statement
            .query_row([sender.as_str()], |row| {
                let per_second: f64 = row.get(0)?;
                let burst: i64 = row.get(1)?;
                Ok((per_second, burst, row.get(2)?, row.get(3)?))
            })
            .optional()?;
        let (per_second, burst, next_at, held_until) = columns.ok_or(NO_SENDER)?;
        let pace = Pace::per_second(per_second).ok_or(BAD_PACE)?;
        let burst = u64::try_from(burst).map_err(|_| BAD_PACE)?;
        Ok(Self {
            pace: pace.burst(std::time::Duration::from_micros(burst)),
            next_at,
            held_until,
        })
    }

    /// Returns the time of the next segment.
    fn next_at(&self, now: i64) -> i64 {
        // A clock that was put back must not stop the sender for hours.
        let horizon = now.saturating_add(micros::length(self.pace.horizon()));
        if self.next_at > horizon {
            now
        } else {
            self.next_at
        }
    }

    /// Returns the time from which pace and hold permit a segment.
    fn permitted_from(&self, now: i64) -> i64 {
        self.next_at(now).max(self.held_until)
    }

    /// Counts segments against the pace.
    fn charge(&self, db: &Connection, sender: &SenderKey, segments: u32, now: i64) -> Work<()> {
        let earliest = now.saturating_sub(micros::length(self.pace.burst_time()));
        let cost = micros::length(self.pace.interval() * segments);
        let next_at = self.next_at(now).max(earliest).saturating_add(cost);
        db.prepare_cached("UPDATE outbox_sender SET next_at = ?2 WHERE sender = ?1")?
            .execute((sender.as_str(), next_at))?;
        Ok(())
    }
}

/// Claims the message that is due first. The inner error leaves changes that must be committed.
pub(super) fn claim(
    db: &Connection,
    key: &SenderKey,
    worker: &WorkerId,
    now: i64,
) -> Work<Result<Claim, StoreError>> {
    let sender = Sender::find(db, key)?;
    let mut first = db.prepare_cached(
        "SELECT id, not_before FROM outbox_message WHERE sender = ?1 AND state = 'queued'
         ORDER BY not_before, id LIMIT 1",
    )?;
    let first: Option<(i64, i64)> = first
        .query_row([key.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((id, not_before)) = first else {
        return Ok(Ok(Claim::Empty));
    };
    let earliest = not_before.max(sender.permitted_from(now));
    if earliest > now {
        return Ok(Ok(Claim::Wait(micros::time(earliest))));
    }
    let Some((mut claimed, not_after)) = find_claimed(db, id)? else {
        hold_unreadable(db, id, now)?;
        return Ok(Err(BAD_MESSAGE));
    };
    let is_over = not_after.is_some_and(|end| end <= now);
    let changed = if is_over {
        db.prepare_cached(
            "UPDATE outbox_message SET state = 'expired', changed_at = ?2 WHERE id = ?1",
        )?
        .execute((id, now))
    } else {
        claimed.attempt = claimed.attempt.saturating_add(1);
        db.prepare_cached(
            "UPDATE outbox_message SET state = 'sending', attempts = ?2, worker = ?3,
                 claimed_at = ?4, changed_at = ?4, epoch = coalesce(
                     (SELECT epoch FROM outbox_batch WHERE outbox_batch.id = batch), 0)
             WHERE id = ?1",
        )?
        .execute((id, claimed.attempt, worker.as_str(), now))
    };
    match changed {
        // Such as a queued message with a SID: it was sent already.
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            hold_unreadable(db, id, now)?;
            return Ok(Err(BAD_MESSAGE));
        }
        changed => changed?,
    };
    if is_over {
        return Ok(Ok(Claim::Expired));
    }
    sender.charge(db, key, 1, now)?;
    Ok(Ok(Claim::Message(Box::new(claimed))))
}

/// Returns a message and its end of validity. `None` if the row cannot be read.
fn find_claimed(db: &Connection, id: i64) -> Work<Option<(Claimed, Option<i64>)>> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT {} FROM outbox_message WHERE id = ?1",
        row::CLAIMED
    ))?;
    let mut rows = statement.query([id])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let not_after: Option<i64> = row.get(6)?;
    Ok(row::claimed(row).map(|claimed| (claimed, not_after)))
}

/// Takes an unreadable message out of the queue, whatever else the row breaks.
pub(super) fn hold_unreadable(db: &Connection, id: i64, now: i64) -> Work<()> {
    // The row breaks a constraint already, which is checked again when any column changes.
    db.execute_batch("PRAGMA ignore_check_constraints = ON")?;
    let held = db.execute(
        "UPDATE outbox_message SET state = 'held', changed_at = ?2,
             reason = 'the row cannot be read; it was changed by hand'
         WHERE id = ?1",
        (id, now),
    );
    db.execute_batch("PRAGMA ignore_check_constraints = OFF")?;
    held?;
    Ok(())
}

pub(super) fn begin(
    db: &Connection,
    claimed: &Claimed,
    entry: &LedgerEntry,
    now: i64,
) -> Work<bool> {
    let mut statement = db.prepare_cached(
        "UPDATE outbox_message SET proof = ?3, segments = ?4, began_at = ?5
         WHERE id = ?1 AND attempts = ?2 AND state = 'sending' AND proof IS NULL
         RETURNING sender",
    )?;
    let mut rows = statement.query((
        claimed.row,
        claimed.attempt,
        entry.proof.as_bytes().as_slice(),
        entry.segments,
        now,
    ))?;
    let Some(row) = rows.next()? else {
        return Ok(false);
    };
    let sender = row::key(row, 0, SenderKey::parse).ok_or(BAD_MESSAGE)?;
    // The statement has taken effect only when it was read to its end.
    while rows.next()?.is_some() {}
    let segments = u32::from(entry.segments.saturating_sub(1));
    if segments > 0 {
        Sender::find(db, &sender)?.charge(db, &sender, segments, now)?;
    }
    Ok(true)
}

/// Holds messages that cannot be read, unless they changed in the meantime.
pub(super) fn hold_all_unreadable(db: &Connection, rows: &[i64], now: i64) -> Work<()> {
    for id in rows {
        let state = db
            .query_row(
                "SELECT state FROM outbox_message WHERE id = ?1 AND state = 'sending'",
                [id],
                |_| Ok(()),
            )
            .optional()?;
        if state.is_some() {
            hold_unreadable(db, *id, now)?;
        }
    }
    Ok(())
}

//! Statements of the store. Each that changes a message compares the state and the claim.

pub(super) const NOW: &str = "SELECT clock_timestamp() AS now";

pub(super) const SET_PACE: &str = "
INSERT INTO twilio_outbox.sender (sender, per_second, burst_seconds) VALUES ($1, $2, $3)
ON CONFLICT (sender) DO UPDATE SET per_second = excluded.per_second, burst_seconds = excluded.burst_seconds,
  next_at = CASE WHEN (sender.per_second, sender.burst_seconds) = (excluded.per_second, excluded.burst_seconds)
            THEN sender.next_at ELSE '-infinity' END";

pub(super) const CHARGE: &str = "
UPDATE twilio_outbox.sender s SET next_at = twilio_outbox.charged(s, clock_timestamp(), $2::integer) WHERE s.sender = $1";

/// Reads the time from which a sender's next segment may be sent, if it is in the future.
pub(super) const PERMITTED: &str = "
SELECT CASE WHEN p.free > p.clock THEN p.free END AS until FROM (
  SELECT c.clock, greatest(twilio_outbox.paced_from(s, c.clock), s.held_until) AS free
  FROM twilio_outbox.sender s, clock_timestamp() AS c (clock) WHERE s.sender = $1
) p";

pub(super) const HOLD_SENDER: &str = "
UPDATE twilio_outbox.sender
SET held_reason = CASE WHEN $2::timestamptz > held_until THEN $3 ELSE held_reason END,
    held_until = greatest(held_until, $2::timestamptz)
WHERE sender = $1";

pub(super) const OPEN_BATCH: &str = "
INSERT INTO twilio_outbox.batch (id, sender, definition)
SELECT $1::text, sender, $3::text FROM twilio_outbox.sender WHERE sender = $2
ON CONFLICT (id) DO NOTHING";

pub(super) const SENDER_EXISTS: &str =
    "SELECT EXISTS (SELECT FROM twilio_outbox.sender WHERE sender = $1) AS found";

pub(super) const BATCH: &str =
    "SELECT sender, definition, state, reason FROM twilio_outbox.batch WHERE id = $1";

/// Two calls with the same messages in another order would wait for each other's rows.
pub(super) const ENQUEUE_LOCK: &str =
    "SELECT pg_advisory_xact_lock(hashtextextended('twilio_outbox.enqueue ' || $1::text, 0))";

pub(super) const ENQUEUE_BATCH: &str =
    "SELECT sender, state FROM twilio_outbox.batch WHERE id = $1 FOR SHARE";

pub(super) const ENQUEUE: &str = "
INSERT INTO twilio_outbox.message (batch, sender, state, recipient, occurrence, not_before, not_after)
SELECT $1::text, $2::text, $3::text, n.recipient, n.occurrence, coalesce(n.not_before, now()), n.not_after
FROM unnest($4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[])
     WITH ORDINALITY AS n (recipient, occurrence, not_before, not_after, place)
ORDER BY n.place
ON CONFLICT (batch, recipient, occurrence) DO NOTHING";

/// Claims up to so many messages.
pub(super) const CLAIM: &str = "SELECT * FROM twilio_outbox.claim($1, $2, $3::integer)";

/// Moves what was added to a batch while it was paused or canceled.
pub(super) const SET_ASIDE: &str = "
UPDATE twilio_outbox.message SET state = w.state, changed_at = clock_timestamp()
FROM (SELECT twilio_outbox.waiting_state($1) AS state) w
WHERE batch = $1 AND message.state = 'queued' AND w.state <> 'queued'";

pub(super) const HOLD_ROW: &str = "
UPDATE twilio_outbox.message SET state = 'held', reason = $2, changed_at = clock_timestamp()
WHERE id = $1 AND state = 'sending'";

/// Not for a message that is held: a person may be deciding.
pub(super) const SETTLE_SENT: &str = "
UPDATE twilio_outbox.message SET state = 'sent', sid = $3, reason = NULL, changed_at = clock_timestamp()
WHERE id = $1 AND attempts = $2 AND state = 'sending'";

pub(super) const HELD: &str = "
UPDATE twilio_outbox.message SET state = 'held', reason = $3, changed_at = clock_timestamp()
WHERE id = $1 AND attempts = $2 AND state = 'sending'";

/// Columns of a message that is put back.
macro_rules! requeue {
    ($not_before:literal, $reason:literal, $failures:literal) => {
        concat!(
            "state = twilio_outbox.waiting_state(batch), not_before = ",
            $not_before,
            ", reason = ",
            $reason,
            ", failures = ",
            $failures,
            ", claimed_at = NULL, worker = NULL, began_at = NULL, proof = NULL, is_doubtful = false, looks = 0,
             looked_at = NULL, changed_at = clock_timestamp()",
        )
    };
}

/// Change of the messages of several callers, each by its row and claim.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum ByClaim {
    Begin,
    Sent,
    Refused,
    Requeue,
    Retry,
    Expired,
    Held,
    Doubt,
}

/// Changes claimed messages, and returns the places of those whose claim is valid.
///
/// The rows are locked before the change, in their order. Those that another transaction has locked
/// are skipped, or waited for.
macro_rules! by_claim {
    ($skip:literal, $columns:expr, $condition:literal, $charge:literal) => {
        concat!(
            "WITH free AS MATERIALIZED (
               SELECT id FROM twilio_outbox.message WHERE id = ANY ($1::bigint[]) ORDER BY id FOR UPDATE",
            $skip,
            "), changed AS (
               UPDATE twilio_outbox.message m SET ",
            $columns,
            " FROM free, unnest($1::bigint[], $2::integer[], $3::bytea[], $4::integer[], $5::text[], $6::timestamptz[])
                WITH ORDINALITY AS c (row, attempt, given_proof, number, given_text, time, place)
              WHERE m.id = free.id AND c.row = free.id AND m.attempts = c.attempt AND ",
            $condition,
            " RETURNING m.sender, m.segments, c.place)",
            $charge,
            " SELECT place FROM changed"
        )
    };
}

/// Charges the pace for the segments beyond the first, sender by sender in their order.
macro_rules! begin {
    ($skip:literal) => {
        by_claim!(
            $skip,
            "proof = given_proof, segments = number, began_at = clock_timestamp(), changed_at = clock_timestamp()",
            "m.state = 'sending' AND m.proof IS NULL",
            ", charge AS (
               UPDATE twilio_outbox.sender s SET next_at = twilio_outbox.charged(s, clock_timestamp(), more.segments)
               FROM (SELECT sender, sum(segments - 1)::integer AS segments FROM changed WHERE segments > 1
                     GROUP BY sender ORDER BY sender) more
               WHERE s.sender = more.sender)"
        )
    };
}

macro_rules! end {
    ($skip:literal, $columns:expr, $condition:literal) => {
        by_claim!($skip, $columns, $condition, "")
    };
}

macro_rules! statements {
    ($name:ident, $skip:literal) => {
        pub(super) const fn $name(self) -> &'static str {
            match self {
                Self::Begin => begin!($skip),
                Self::Sent => end!(
                    $skip,
                    "state = 'sent', sid = given_text, reason = NULL, changed_at = clock_timestamp()",
                    "m.state IN ('sending', 'held')"
                ),
                Self::Refused => end!(
                    $skip,
                    "state = 'refused', code = number, reason = given_text, changed_at = clock_timestamp()",
                    "m.state = 'sending'"
                ),
                Self::Requeue => end!(
                    $skip,
                    requeue!("c.time", "given_text", "0"),
                    "m.state = 'sending'"
                ),
                Self::Retry => end!(
                    $skip,
                    requeue!("c.time", "given_text", "failures + 1"),
                    "m.state = 'sending'"
                ),
                Self::Expired => end!(
                    $skip,
                    "state = 'expired', changed_at = clock_timestamp()",
                    "m.state = 'sending'"
                ),
                Self::Held => end!(
                    $skip,
                    "state = 'held', reason = given_text, changed_at = clock_timestamp()",
                    "m.state = 'sending'"
                ),
                Self::Doubt => end!(
                    $skip,
                    "is_doubtful = true, reason = given_text, changed_at = clock_timestamp()",
                    "m.state = 'sending'"
                ),
            }
        }
    };
}

impl ByClaim {
    statements!(together, " SKIP LOCKED");
    statements!(alone, "");
}

pub(super) const SETTLE_REQUEUE: &str = concat!(
    "UPDATE twilio_outbox.message SET ",
    requeue!("clock_timestamp()", "reason", "0"),
    " WHERE id = $1 AND attempts = $2 AND state = 'sending' AND proof IS NOT DISTINCT FROM $3"
);

/// A person decides about held messages, and about those with a state that no program writes.
pub(super) const SEND_AGAIN: &str = concat!(
    "UPDATE twilio_outbox.message SET ",
    requeue!("clock_timestamp()", "reason", "0"),
    " WHERE message_id = $1 AND state NOT IN
     ('queued', 'paused', 'sending', 'sent', 'refused', 'expired', 'cancelled')"
);

pub(super) const LOOKED: &str = "
UPDATE twilio_outbox.message SET looks = looks + 1, looked_at = clock_timestamp()
WHERE id = $1 AND attempts = $2 AND state = 'sending'";

pub(super) const DECIDE_SENT: &str = "
UPDATE twilio_outbox.message SET state = 'sent', sid = $2, changed_at = clock_timestamp()
WHERE message_id = $1 AND state NOT IN
  ('queued', 'paused', 'sending', 'sent', 'refused', 'expired', 'cancelled')";

pub(super) const DECIDE_REFUSED: &str = "
UPDATE twilio_outbox.message SET state = 'refused', changed_at = clock_timestamp()
WHERE message_id = $1 AND state NOT IN
  ('queued', 'paused', 'sending', 'sent', 'refused', 'expired', 'cancelled')";

/// Locks the row first, so that its state before the report is known.
pub(super) const OBSERVE: &str = "
WITH was AS MATERIALIZED (
  SELECT id, state, sid FROM twilio_outbox.message WHERE message_id = $1 FOR UPDATE
), changed AS (
  UPDATE twilio_outbox.message m SET
    state = 'sent', sid = $2, code = coalesce($5, m.code),
    delivery = CASE WHEN $4 > m.delivery_rank THEN $3 ELSE m.delivery END,
    delivery_rank = greatest(m.delivery_rank, $4),
    reason = CASE WHEN was.state = 'sent' THEN m.reason END, changed_at = clock_timestamp()
  FROM was WHERE m.id = was.id AND (was.sid IS NULL OR was.sid = $2)
  RETURNING m.id
)
SELECT was.state, EXISTS (SELECT FROM changed) AS is_changed FROM was";

pub(super) const DOUBTS: &str = "
SELECT id, batch, recipient, occurrence, message_id, attempts, not_after, failures, began_at, proof, looks, looked_at
FROM twilio_outbox.message
WHERE sender = $1 AND state = 'sending' AND (claimed_at <= $2 OR is_doubtful)
ORDER BY looked_at NULLS FIRST, began_at NULLS FIRST, id LIMIT $3";

pub(super) const OWNER_OF: &str =
    "SELECT message_id FROM twilio_outbox.message WHERE sid = $1 AND sid IS NOT NULL";

pub(super) const CHANGE_BATCH: &str = "
UPDATE twilio_outbox.batch SET epoch = epoch + CASE WHEN state <> 'open' AND $2 = 'open' THEN 1 ELSE 0 END,
  state = $2, reason = NULL
WHERE id = $1 AND state <> 'cancelled'";

pub(super) const STOP_BATCH: &str = "
UPDATE twilio_outbox.batch b SET state = 'stopped', reason = $2 FROM twilio_outbox.message m
WHERE m.message_id = $1 AND b.id = m.batch AND b.epoch = m.epoch AND b.state IN ('open', 'paused')
RETURNING b.id";

pub(super) const MOVE_MESSAGES: &str = "
UPDATE twilio_outbox.message SET state = $2, changed_at = clock_timestamp()
WHERE batch = $1 AND state IN ('queued', 'paused') AND state <> $2";

pub(super) const COUNTS: &str = "
SELECT state, delivery, count(*) AS messages,
       coalesce(sum(segments) FILTER (WHERE state = 'sent'), 0)::bigint AS segments
FROM twilio_outbox.message WHERE batch = $1 GROUP BY state, delivery";

pub(super) const RECORDS: &str = "
SELECT id, recipient, occurrence, message_id, state, attempts, segments, sid, delivery, code, reason, changed_at
FROM twilio_outbox.message
WHERE batch = $1 AND id > $2 AND ($3::text IS NULL OR state = $3 OR $3 = 'held' AND state NOT IN
  ('queued', 'paused', 'sending', 'sent', 'refused', 'expired', 'cancelled'))
ORDER BY id LIMIT $4";

pub(super) const BEGIN_WEBHOOK: &str = "
INSERT INTO twilio_outbox.webhook AS w (key, token, until)
VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
ON CONFLICT (key) DO UPDATE SET token = excluded.token, until = excluded.until
WHERE NOT w.handled AND (w.until < clock_timestamp() OR w.token = excluded.token)";

pub(super) const WEBHOOK: &str = "SELECT handled FROM twilio_outbox.webhook WHERE key = $1";

/// A few rows at a time: each webhook adds one, so the table is bounded.
pub(super) const FORGET_WEBHOOKS: &str = "
DELETE FROM twilio_outbox.webhook WHERE key IN (
  SELECT key FROM twilio_outbox.webhook WHERE until < clock_timestamp() - make_interval(secs => $1)
  ORDER BY until LIMIT 4 FOR UPDATE SKIP LOCKED)";

pub(super) const FINISH_WEBHOOK: &str = "
UPDATE twilio_outbox.webhook SET handled = true, until = clock_timestamp() WHERE key = $1 AND token = $2";

pub(super) const RELEASE_WEBHOOK: &str =
    "DELETE FROM twilio_outbox.webhook WHERE key = $1 AND token = $2 AND NOT handled";

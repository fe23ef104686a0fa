-- Times are microseconds since the Unix epoch. The checks refuse edits by hand that no program makes:
-- a number in place of a key, an unknown state, a queued message that was sent already.
CREATE TABLE outbox_sender (
    sender      TEXT    NOT NULL PRIMARY KEY,
    per_second  REAL    NOT NULL CHECK (per_second BETWEEN 0.001 AND 10000),
    burst       INTEGER NOT NULL CHECK (burst BETWEEN 0 AND 60000000),
    next_at     INTEGER NOT NULL DEFAULT 0,
    held_until  INTEGER NOT NULL DEFAULT 0,
    held_reason TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox_batch (
    id         TEXT    NOT NULL PRIMARY KEY,
    sender     TEXT    NOT NULL REFERENCES outbox_sender,
    definition TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('open', 'paused', 'stopped', 'cancelled')),
    reason     TEXT,
    -- Times that the batch was resumed, and 1. A stop by a claim of an earlier epoch changes nothing.
    epoch      INTEGER NOT NULL DEFAULT 1 CHECK (epoch BETWEEN 1 AND 4294967295),
    created_at INTEGER NOT NULL,
    CHECK (length(id) BETWEEN 1 AND 64 AND id NOT GLOB '*[^-A-Za-z0-9_.:/]*' AND id GLOB '*[A-Za-z]*')
) STRICT;

CREATE TABLE outbox_message (
    id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    batch      TEXT    NOT NULL REFERENCES outbox_batch,
    recipient  TEXT    NOT NULL CHECK (length(recipient) BETWEEN 1 AND 64
        AND recipient NOT GLOB '*[^-A-Za-z0-9_.:/]*' AND recipient GLOB '*[A-Za-z]*'),
    occurrence TEXT    NOT NULL CHECK (occurrence = '' OR length(occurrence) <= 64
        AND occurrence NOT GLOB '*[^-A-Za-z0-9_.:/]*' AND occurrence GLOB '*[A-Za-z]*'),
    message_id TEXT    NOT NULL UNIQUE CHECK (message_id GLOB 'm-*' AND length(message_id) = 34),
    sender     TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN
        ('queued', 'paused', 'sending', 'sent', 'refused', 'expired', 'cancelled', 'held')),
    not_before INTEGER NOT NULL,
    not_after  INTEGER,
    attempts   INTEGER NOT NULL DEFAULT 0 CHECK (attempts BETWEEN 0 AND 4294967295),
    failures   INTEGER NOT NULL DEFAULT 0 CHECK (failures BETWEEN 0 AND 4294967295),
    epoch      INTEGER NOT NULL DEFAULT 0,
    worker     TEXT,
    claimed_at INTEGER,
    began_at   INTEGER,
    proof      BLOB    CHECK (length(proof) = 32),
    segments   INTEGER CHECK (segments BETWEEN 0 AND 65535),
    doubtful   INTEGER NOT NULL DEFAULT 0 CHECK (doubtful IN (0, 1)),
    looks      INTEGER NOT NULL DEFAULT 0 CHECK (looks BETWEEN 0 AND 4294967295),
    looked_at  INTEGER,
    sid        TEXT    CHECK (length(sid) = 34 AND sid GLOB '[SM]M*'
        AND substr(sid, 3) NOT GLOB '*[^0-9A-Fa-f]*'),
    delivery   TEXT,
    code       INTEGER CHECK (code BETWEEN 0 AND 4294967295),
    reason     TEXT,
    changed_at INTEGER NOT NULL,
    UNIQUE (batch, recipient, occurrence),
    CHECK (state <> 'sending' OR claimed_at IS NOT NULL),
    CHECK ((state = 'sent') = (sid IS NOT NULL))
) STRICT;

-- The queue. Pausing moves rows out of it, so that a claim reads one row of it.
CREATE INDEX outbox_message_due ON outbox_message (sender, not_before, id) WHERE state = 'queued';
CREATE INDEX outbox_message_sending ON outbox_message (sender, claimed_at) WHERE state = 'sending';
CREATE UNIQUE INDEX outbox_message_sid ON outbox_message (sid) WHERE sid IS NOT NULL;
-- Ends in the row's key, as each index does: a report reads the rows of a batch in order.
CREATE INDEX outbox_message_batch ON outbox_message (batch);

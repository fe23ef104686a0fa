-- Times are microseconds since the Unix epoch. `until` is the end of the claim, or the time at which
-- the webhook was handled.
CREATE TABLE twilio_webhook (
    key     TEXT    NOT NULL PRIMARY KEY,
    token   TEXT    NOT NULL,
    until   INTEGER NOT NULL,
    handled INTEGER NOT NULL DEFAULT 0 CHECK (handled IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE INDEX twilio_webhook_until ON twilio_webhook (until);

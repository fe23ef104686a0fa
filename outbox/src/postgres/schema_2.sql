-- Version 2. Webhooks that were handled. `until` is the end of the claim, or the time at which the webhook was handled.
CREATE TABLE twilio_outbox.webhook (
  key     text COLLATE "C" PRIMARY KEY,
  token   text COLLATE "C" NOT NULL,
  until   timestamptz NOT NULL CHECK (isfinite(until)),
  handled boolean NOT NULL DEFAULT false
);

CREATE INDEX webhook_until ON twilio_outbox.webhook (until);

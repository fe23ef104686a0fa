-- Version 1. The queue, the send ledger and the report are one table. No extension, no trigger.

-- Not STRICT: then it would not be inlined, and each check would cost a call. `!~` costs a seventh of a pattern with {1,64}.
CREATE FUNCTION twilio_outbox.is_key(key text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT octet_length(key) <= 64 AND key !~ '[^A-Za-z0-9_.:/-]' AND key ~ '[A-Za-z]'
$$;

-- Pace, shared by all machines.
CREATE TABLE twilio_outbox.sender (
  sender        text COLLATE "C" PRIMARY KEY CHECK (twilio_outbox.is_key(sender)),
  per_second    double precision NOT NULL CHECK (per_second BETWEEN 0.001 AND 10000),
  burst_seconds double precision NOT NULL CHECK (burst_seconds BETWEEN 0 AND 60),
  next_at       timestamptz NOT NULL DEFAULT '-infinity' CHECK (next_at < 'infinity'),
  held_until    timestamptz NOT NULL DEFAULT '-infinity' CHECK (held_until < 'infinity'),
  held_reason   text
) WITH (fillfactor = 20);

CREATE TABLE twilio_outbox.batch (
  id         text COLLATE "C" PRIMARY KEY CHECK (twilio_outbox.is_key(id)),
  sender     text COLLATE "C" NOT NULL REFERENCES twilio_outbox.sender,
  definition text NOT NULL,
  state      text COLLATE "C" NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paused', 'stopped', 'cancelled')),
  reason     text,
  -- Times that the batch was resumed, and 1. A stop by a claim of an earlier epoch changes nothing.
  epoch      integer NOT NULL DEFAULT 1 CHECK (epoch >= 1),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);

CREATE TABLE twilio_outbox.message (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  batch       text COLLATE "C" NOT NULL REFERENCES twilio_outbox.batch,
  recipient   text COLLATE "C" NOT NULL CHECK (twilio_outbox.is_key(recipient)),
  occurrence  text COLLATE "C" NOT NULL DEFAULT '' CHECK (occurrence = '' OR twilio_outbox.is_key(occurrence)),
  sender      text COLLATE "C" NOT NULL,
  -- Random. Status callbacks return it.
  message_id  text COLLATE "C" NOT NULL DEFAULT 'm-' || replace(gen_random_uuid()::text, '-', '')
              CHECK (octet_length(message_id) <= 64 AND message_id !~ '[^A-Za-z0-9_-]' AND message_id ~ '[A-Za-z]'),
  state       text COLLATE "C" NOT NULL DEFAULT 'queued'
              CHECK (state IN ('queued', 'paused', 'sending', 'sent', 'refused', 'expired', 'cancelled', 'held')),
  not_before  timestamptz NOT NULL DEFAULT now() CHECK (isfinite(not_before)),
  not_after   timestamptz CHECK (isfinite(not_after)),
  attempts    integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  failures    integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  epoch       integer NOT NULL DEFAULT 0,
  worker      text COLLATE "C",
  claimed_at  timestamptz CHECK (isfinite(claimed_at)),
  began_at    timestamptz CHECK (isfinite(began_at)),
  -- MAC over the number and the text, to find the message in Twilio's list.
  proof       bytea CHECK (octet_length(proof) = 32),
  segments    integer CHECK (segments BETWEEN 0 AND 65535),
  is_doubtful boolean NOT NULL DEFAULT false,
  looks       integer NOT NULL DEFAULT 0 CHECK (looks >= 0),
  looked_at   timestamptz CHECK (isfinite(looked_at)),
  sid         text COLLATE "C" CHECK (sid ~ '^(SM|MM)[0-9A-Fa-f]{32}$'),
  delivery    text,
  delivery_rank smallint NOT NULL DEFAULT 0,
  code        integer CHECK (code >= 0),
  reason      text,
  changed_at  timestamptz NOT NULL DEFAULT now() CHECK (isfinite(changed_at)),
  UNIQUE (batch, recipient, occurrence),
  UNIQUE (message_id),
  CHECK (state <> 'sending' OR (claimed_at IS NOT NULL AND attempts > 0)),
  CHECK (state <> 'sent' OR sid IS NOT NULL)
) WITH (fillfactor = 80);

CREATE UNIQUE INDEX message_sid ON twilio_outbox.message (sid) WHERE sid IS NOT NULL;
CREATE INDEX message_due ON twilio_outbox.message (sender, not_before, id) WHERE state = 'queued';
CREATE INDEX message_sending ON twilio_outbox.message (sender, claimed_at) WHERE state = 'sending';
CREATE INDEX message_batch ON twilio_outbox.message (batch, id);

-- State of a message that waits in a batch. The lock makes a pause, and this decision, wait for each other.
CREATE FUNCTION twilio_outbox.waiting_state(batch text) RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT CASE q.state WHEN 'open' THEN 'queued' WHEN 'cancelled' THEN 'cancelled' ELSE 'paused' END
  FROM twilio_outbox.batch q WHERE q.id = $1 FOR SHARE
$$;

-- Adds a message inside the caller's own transaction, so that it exists exactly if that commits. False if it was there
-- already. The caller's role needs USAGE on the schema, and no right on a table. Errors name no key: one could hold a number.
CREATE FUNCTION twilio_outbox.enqueue(
  batch text, recipient text, not_before timestamptz DEFAULT NULL, not_after timestamptz DEFAULT NULL, occurrence text DEFAULT ''
) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  found_batch twilio_outbox.batch;
BEGIN
  IF twilio_outbox.is_key($2) IS NOT TRUE OR NOT (coalesce($5, '') = '' OR twilio_outbox.is_key($5)) THEN
    RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE =
      'twilio_outbox: a recipient or occurrence has 1 to 64 ASCII letters, digits and -_.:/, at least one of them a letter';
  END IF;
  IF NOT isfinite(coalesce($3, now())) OR NOT isfinite(coalesce($4, now())) THEN
    RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE =
      'twilio_outbox: not_before and not_after must be finite; pass NULL for none';
  END IF;
  SELECT q.* INTO found_batch FROM twilio_outbox.batch q WHERE q.id = $1;
  -- An open batch is not locked, so that a long transaction does not block a pause: claim() sets its messages aside. Any
  -- other batch is: a message must not be paused after the batch was resumed, or it would never be sent.
  IF FOUND AND found_batch.state <> 'open' THEN
    SELECT q.* INTO found_batch FROM twilio_outbox.batch q WHERE q.id = $1 FOR SHARE;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', MESSAGE = 'twilio_outbox: there is no such batch; open it first';
  END IF;
  IF found_batch.state = 'cancelled' THEN
    RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE =
      'twilio_outbox: the batch is canceled; open another one';
  END IF;
  INSERT INTO twilio_outbox.message (batch, recipient, occurrence, sender, state, not_before, not_after)
  VALUES ($1, $2, coalesce($5, ''), found_batch.sender, CASE found_batch.state WHEN 'open' THEN 'queued' ELSE 'paused' END,
          coalesce($3, now()), $4)
  ON CONFLICT (batch, recipient, occurrence) DO NOTHING;
  RETURN FOUND;
END $$;

-- Time from which a sender's next segment may be sent. A clock that was put back must not stop the sender for hours.
CREATE FUNCTION twilio_outbox.paced_from(s twilio_outbox.sender, clock timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN s.next_at > clock + make_interval(secs => 11 / s.per_second + s.burst_seconds) THEN clock ELSE s.next_at END
$$;

-- Time of the next segment after these (GCRA).
CREATE FUNCTION twilio_outbox.charged(s twilio_outbox.sender, clock timestamptz, segments integer) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT greatest(twilio_outbox.paced_from(s, clock), clock - make_interval(secs => s.burst_seconds))
         + make_interval(secs => segments / s.per_second)
$$;

-- Claims the messages of a sender that are due first, as many as the pace permits, at most so many. The lock of the
-- sender's row spaces the claims of all machines. A last row without a message says that no more can be claimed, and why.
-- The settings keep the plan on the index whatever the statistics say: the table may have been empty a minute ago.
CREATE FUNCTION twilio_outbox.claim(claim_sender text, claim_worker text, most integer DEFAULT 1)
RETURNS TABLE (kind text, id bigint, batch text, recipient text, occurrence text, message_id text, attempts integer,
               not_after timestamptz, failures integer, until timestamptz)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  s twilio_outbox.sender;
  clock timestamptz;
  free timestamptz;
  base timestamptz;
  first timestamptz;
  permitted integer := 0;
  due bigint[];
  found_due integer := 0;
  claimed integer := 0;
BEGIN
  SELECT q.* INTO s FROM twilio_outbox.sender q WHERE q.sender = claim_sender FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  clock := clock_timestamp();
  -- As paced_from() of version 3 and charged(), whose calls would cost more than all the rest.
  free := CASE WHEN s.next_at > clock + make_interval(secs => 11 * (1 / s.per_second + s.burst_seconds) + 60) THEN clock ELSE s.next_at END;
  base := greatest(free, clock - make_interval(secs => s.burst_seconds));
  free := greatest(free, s.held_until);
  IF free <= clock THEN
    -- As many as one by one: each moves the time of the next, which must not be later than now.
    permitted := least(most, 1 + floor(s.per_second * extract(epoch FROM clock - base)::double precision));
    SELECT array_agg(d.id) INTO due FROM (
      SELECT x.id FROM twilio_outbox.message x
      WHERE x.sender = claim_sender AND x.state = 'queued' AND x.not_before <= clock
      ORDER BY x.not_before, x.id LIMIT permitted FOR UPDATE SKIP LOCKED
    ) d;
    found_due := coalesce(cardinality(due), 0);
  END IF;
  IF found_due > 0 THEN
    -- Statements of their own: they see what was committed before the rows were locked.
    RETURN QUERY UPDATE twilio_outbox.message x SET state = 'sending', attempts = x.attempts + 1, epoch = q.epoch,
        worker = claim_worker, claimed_at = clock, began_at = NULL, proof = NULL, is_doubtful = false, looks = 0,
        looked_at = NULL, changed_at = clock
      FROM unnest(due) AS d (id), twilio_outbox.batch q
      WHERE x.id = d.id AND q.id = x.batch AND q.state = 'open' AND (x.not_after <= clock) IS NOT TRUE
      RETURNING 'message', x.id, x.batch, x.recipient, x.occurrence, x.message_id, x.attempts, x.not_after, x.failures,
        NULL::timestamptz;
    GET DIAGNOSTICS claimed = ROW_COUNT;
    IF claimed > 0 THEN
      base := base + make_interval(secs => claimed / s.per_second);
      UPDATE twilio_outbox.sender q SET next_at = base WHERE q.sender = claim_sender;
      free := greatest(base, s.held_until);
    END IF;
    IF claimed < found_due THEN
      RETURN QUERY UPDATE twilio_outbox.message x SET state = 'expired', changed_at = clock FROM twilio_outbox.batch q
        WHERE x.id = ANY (due) AND x.state = 'queued' AND x.not_after <= clock AND q.id = x.batch AND q.state = 'open'
        RETURNING 'expired', x.id, x.batch, x.recipient, x.occurrence, x.message_id, x.attempts, x.not_after, x.failures,
          NULL::timestamptz;
      RETURN QUERY SELECT 'aside', x.id, x.batch, x.recipient, x.occurrence, x.message_id, x.attempts, x.not_after,
          x.failures, NULL::timestamptz
        FROM twilio_outbox.message x WHERE x.id = ANY (due) AND x.state = 'queued';
      RETURN;
    END IF;
  END IF;
  IF claimed = most THEN RETURN; END IF;
  SELECT x.not_before INTO first FROM twilio_outbox.message x
  WHERE x.sender = claim_sender AND x.state = 'queued' ORDER BY x.not_before, x.id LIMIT 1;
  kind := 'empty';
  IF FOUND THEN
    kind := 'wait';
    until := greatest(first, free);
    -- Due, but locked by another transaction, such as a pause.
    IF until <= clock THEN until := clock + interval '20 milliseconds'; END IF;
  END IF;
  RETURN NEXT;
END $$;

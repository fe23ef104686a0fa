-- Version 3. Time from which a sender's next segment may be sent. A clock that was put back must not stop the sender for hours. The
-- further segments of long texts are charged when they are sent, and may be ahead of the clock by as much as `Pace::horizon`.
CREATE OR REPLACE FUNCTION twilio_outbox.paced_from(s twilio_outbox.sender, clock timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN s.next_at > clock + make_interval(secs => 11 * (1 / s.per_second + s.burst_seconds) + 60) THEN clock ELSE s.next_at END
$$;

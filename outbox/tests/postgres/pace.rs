//! The pace: `claim` has a copy of the rule that `paced_from` and `charged` state, and both follow `Pace`.

use std::time::Duration;

use clinspark_twilio::outbox::{OutboxStore as _, Pace};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};

use crate::database::{Database, messages};

const SECOND: i64 = 1_000_000;

/// Messages that are due in each case, at most. One more is due in the year 2100.
const DUE: u64 = 8;

/// Time before any other, such as `-infinity`.
const NEVER: i64 = i64::MIN / 4;

/// Numbers that look random, the same in each run.
struct Numbers(u64);

impl Numbers {
    /// Returns a number from 0 to one less than `end`.
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % end
    }

    /// Returns a number from `-end` to `end`.
    fn around(&mut self, end: i64) -> i64 {
        self.below(2 * end + 1) - end
    }
}

/// Row of a sender, in microseconds, and how a store must pace it.
#[derive(Clone, Copy, Debug)]
struct Sender {
    pace: Pace,
    next_at: i64,
    held_until: i64,
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap()
}

impl Sender {
    fn paced_from(self, clock: i64) -> i64 {
        if self.next_at > clock + micros(self.pace.horizon()) {
            clock
        } else {
            self.next_at
        }
    }

    fn charged(self, clock: i64, segments: i64) -> i64 {
        let earliest = clock - micros(self.pace.burst_time());
        self.paced_from(clock).max(earliest) + segments * micros(self.pace.interval())
    }

    fn permitted_from(self, clock: i64) -> i64 {
        self.paced_from(clock).max(self.held_until)
    }

    /// Claims messages one by one. Returns how many.
    fn claim(&mut self, clock: i64, most: i64) -> i64 {
        let mut claims = 0;
        while claims < most && self.permitted_from(clock) <= clock {
            self.next_at = self.charged(clock, 1);
            claims += 1;
        }
        claims
    }
}

/// Returns a state of a sender that a run, a hold, or a clock that was put back may leave.
fn sender(numbers: &mut Numbers, now: i64) -> Sender {
    // The interval of a power of two is exact in microseconds, and its multiples are in floating point.
    let power = i32::try_from(numbers.below(16)).unwrap() - 9;
    let pace = Pace::per_second(2_f64.powi(power)).unwrap();
    let pace = pace.burst(Duration::from_millis(
        [0, 500, 1_000, 12_000, 60_000][usize::try_from(numbers.below(5)).unwrap()],
    ));
    let (interval, horizon) = (micros(pace.interval()), micros(pace.horizon()));
    let next_at = match numbers.below(8) {
        0 => NEVER,
        1 => now - 3_600 * SECOND,
        2 => now - micros(pace.burst_time()) + numbers.around(2 * interval),
        3 => now + numbers.around(4 * interval),
        4 => now + numbers.below(horizon),
        // Near the horizon, and beyond it.
        5 => now + horizon - 30 * SECOND - numbers.below(SECOND),
        6 => now + horizon + 1 + numbers.below(10 * SECOND),
        _ => now + horizon + numbers.below(86_400 * SECOND),
    };
    let held_until = match numbers.below(6) {
        0 => now - 60 * SECOND,
        1 => now + 60 * SECOND + numbers.below(SECOND),
        2 => now + horizon + 3_600 * SECOND,
        _ => NEVER,
    };
    Sender {
        pace,
        next_at,
        held_until,
    }
}

/// Returns a timestamp as an integer. `-infinity` is NULL.
fn as_micros(column: &str) -> String {
    format!(
        "CASE WHEN isfinite({column}) THEN (extract(epoch FROM {column}) * 1000000)::bigint END"
    )
}

fn as_time(parameter: &str) -> String {
    format!("coalesce(timestamptz 'epoch' + {parameter} * interval '1 microsecond', '-infinity')")
}

async fn clock(client: &Client) -> i64 {
    let sql = format!("SELECT {}", as_micros("clock_timestamp()"));
    client.query_one(&sql, &[]).await.unwrap().get(0)
}

fn finite(micros: i64) -> Option<i64> {
    (micros > NEVER).then_some(micros)
}

/// Stores a state of the sender, and so many due messages beside one of the year 2100, if it is queued.
async fn store(client: &Client, sender: Sender, due: i64, has_later: bool) {
    let sql = format!(
        "UPDATE twilio_outbox.sender SET per_second = $1, burst_seconds = $2,
           next_at = {}, held_until = {}",
        as_time("$3::bigint"),
        as_time("$4::bigint")
    );
    let (next_at, held_until) = (finite(sender.next_at), finite(sender.held_until));
    let burst = sender.pace.burst_time().as_secs_f64();
    let per_second = sender.pace.segments_per_second();
    let with: [&(dyn ToSql + Sync); 4] = [&per_second, &burst, &next_at, &held_until];
    assert_eq!(client.execute(&sql, &with).await.unwrap(), 1);
    let sql = "UPDATE twilio_outbox.message SET claimed_at = NULL,
                 not_before = CASE WHEN id <= 8 THEN timestamptz '2020-01-01Z' ELSE '2100-01-01Z' END,
                 state = CASE WHEN id <= $1 OR id = 9 AND $2 THEN 'queued' ELSE 'paused' END";
    client.execute(sql, &[&due, &has_later]).await.unwrap();
}

/// Claims. Returns the claimed messages, and the last row, which says why there are no more.
async fn claim(client: &Client, most: i64) -> (i64, Option<(String, Option<i64>)>) {
    let sql = format!(
        "SELECT kind, {} AS until FROM twilio_outbox.claim('clinic-12', 'host-a', $1)",
        as_micros("until")
    );
    let most = i32::try_from(most).unwrap();
    let mut rows = client.query(&sql, &[&most]).await.unwrap();
    let is_claimed = |row: &Row| row.get::<_, &str>("kind") == "message";
    let last = rows.pop_if(|row| !is_claimed(row));
    assert!(rows.iter().all(is_claimed));
    let last = last.map(|row| (row.get("kind"), row.get("until")));
    (i64::try_from(rows.len()).unwrap(), last)
}

#[tokio::test]
async fn a_claim_paces_as_the_functions_and_the_pace_do() {
    let Some(database) = Database::create().await else {
        return;
    };
    let (outbox, batch) = database.batch().await;
    outbox.enqueue(&batch, &messages(DUE + 1)).await.unwrap();
    let client = database.client().await;
    let quick = "SET synchronous_commit = off";
    client.batch_execute(quick).await.unwrap();
    let later = 4_102_444_800 * SECOND;
    let functions = format!(
        "SELECT {} AS paced, {} AS charged FROM twilio_outbox.sender s,
           (SELECT {} AS clock) c",
        as_micros("twilio_outbox.paced_from(s, clock)"),
        as_micros("twilio_outbox.charged(s, clock, $2)"),
        as_time("$1::bigint")
    );
    let claimed = format!(
        "SELECT {} AS next_at, (SELECT max({}) FROM twilio_outbox.message WHERE state = 'sending') AS clock
         FROM twilio_outbox.sender",
        as_micros("next_at"),
        as_micros("claimed_at")
    );
    let mut numbers = Numbers(7);
    let (mut claims, mut waits, mut unclear) = (0, 0, 0);
    for number in 0..600 {
        let sender = sender(&mut numbers, clock(&client).await);
        let due = numbers.below(9);
        let (most, has_later) = (1 + numbers.below(10), numbers.below(2) == 0);
        let case = format!("case {number}: {sender:?}, {due} due, at most {most}");
        store(&client, sender, due, has_later).await;

        let before = clock(&client).await;
        let segments = i32::try_from(numbers.below(20)).unwrap();
        let row = client.query_one(&functions, &[&before, &segments]).await;
        let row = row.unwrap();
        let paced: Option<i64> = row.get("paced");
        assert_eq!(paced, finite(sender.paced_from(before)), "{case}");
        let charged: i64 = row.get("charged");
        assert_eq!(charged, sender.charged(before, segments.into()), "{case}");

        let (found, last) = claim(&client, most).await;
        let after = clock(&client).await;
        let row = client.query_one(&claimed, &[]).await.unwrap();
        let next_at: Option<i64> = row.get("next_at");
        let times = match row.get::<_, Option<i64>>("clock") {
            Some(clock) => [clock, clock],
            None => [before, after],
        };
        assert!(times.iter().all(|time| (before..=after).contains(time)));
        let expected = times.map(|clock| {
            let mut sender = sender;
            let claims = sender.claim(clock, most.min(due));
            let first = match (claims < due, has_later) {
                (true, _) => Some(NEVER),
                (false, true) => Some(later),
                (false, false) => None,
            };
            let last = (claims < most).then(|| match first {
                Some(first) => {
                    let until = first.max(sender.permitted_from(clock));
                    ("wait".to_owned(), Some(until))
                }
                None => ("empty".to_owned(), None),
            });
            (claims, finite(sender.next_at), last)
        });
        if expected[0] != expected[1] {
            // The time of the claim is not known, and decides.
            unclear += 1;
            continue;
        }
        assert_eq!((found, next_at, last), expected[0], "{case}");
        claims += found;
        waits += i32::from(found == 0 && due > 0);
    }
    assert!(
        claims > 200 && waits > 200,
        "{claims} claims, {waits} waits"
    );
    assert!(unclear <= 30, "{unclear} of 600 cases depend on the moment");
}

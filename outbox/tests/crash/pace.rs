//! The pace of a sender over three processes, by the times of the claims and of the
//! arrivals at the sandbox.

use std::time::{Duration, SystemTime};

use clinspark_twilio::outbox::Pace;

use crate::common::{Clinic, Database, Kind, is_full, until};
use crate::workers::{Duty, Workers};

/// What may be sent at once, so that the workers can make up for a stall.
const BURST: Duration = Duration::from_secs(1);

/// Segments a second, and the seconds for which they are counted.
const SMALL: &[(f64, f64)] = &[(4.0, 5.0), (12.0, 4.0), (100.0, 3.0)];
const FULL: &[(f64, f64)] = &[(1.0, 60.0), (12.0, 30.0), (100.0, 20.0), (225.0, 20.0)];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_kept_by_three_processes_on_sqlite() {
    measure(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_kept_by_three_processes_on_postgres() {
    measure(Kind::Postgres).await;
}

async fn measure(kind: Kind) {
    for &(asked, seconds) in if is_full() { FULL } else { SMALL } {
        let Some(database) = Database::create(kind).await else {
            return;
        };
        let pace = Pace::per_second(asked).unwrap().burst(BURST);
        let people = whole(asked * (seconds + BURST.as_secs_f64()));
        let clinic = Clinic::open(database, people, pace).await;
        let mut workers = Workers::new(&clinic).slots(30);
        (0..3).for_each(|_| workers.start(Duty::Run));
        until("all are sent", async || clinic.texts() == people).await;
        let begun = workers.terminate().await;
        assert!(begun == 3 || !is_full() && begun > 0, "{begun} of 3 began");
        let mut arrivals: Vec<_> = clinic
            .sandbox
            .messages()
            .iter()
            .map(|message| message.date_created)
            .collect();
        arrivals.sort_unstable();
        let claims = clinic.database.claims().await;
        check_limit(&claims, asked);
        // Other programs may slow the small size down. The full size needs a machine of its own.
        let may_lag = !is_full() && asked > 5.0;
        let Some(burst) = burst_of(&claims, asked) else {
            println!(
                "{kind:?}: this machine is too slow for {asked} a second; only the limit was checked"
            );
            assert!(may_lag, "{asked}");
            continue;
        };
        let (claimed, arrived) = (rate(&claims[burst..]), rate(&arrivals[burst..]));
        println!(
            "{kind:?}: 3 processes, {asked} a second asked; claims {claimed:.2}, arrivals {arrived:.2} a second over \
             the last {} of {people} texts",
            claims.len() - burst
        );
        let tolerance = if is_full() { 0.02 } else { 0.1 };
        let is_close = |rate: f64| (rate / asked - 1.0).abs() <= tolerance;
        let is_late = may_lag && claimed < asked;
        assert!(
            is_close(claimed) || is_late,
            "{claimed} in place of {asked}"
        );
        // How long a text takes on a busy machine differs; that evens out over the full time.
        assert!(
            is_close(arrived) || !is_full(),
            "{arrived} in place of {asked}"
        );
    }
}

fn whole(number: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few thousand"
    )]
    let number = number.ceil() as u64;
    number
}

/// Returns the number of claims that used the burst up: until then, the workers send as fast as they can.
/// `None` if they have not in half of all claims, or are always late.
fn burst_of(claims: &[SystemTime], asked: f64) -> Option<usize> {
    let first = claims[0];
    // Claims that the pace would have permitted in addition, at the time of each claim.
    let missed = |(at, n): (&SystemTime, u32)| {
        let permitted = (at.duration_since(first).unwrap() + BURST).as_secs_f64() * asked;
        permitted - f64::from(n) - 1.0
    };
    let missed: Vec<_> = claims.iter().zip(0_u32..).map(missed).collect();
    let least = missed.iter().copied().fold(f64::INFINITY, f64::min);
    if least > BURST.as_secs_f64() * asked / 4.0 {
        return None;
    }
    let is_paced = |missed: &f64| *missed <= least + 0.5 + 0.03 * asked;
    let start = missed.iter().position(is_paced);
    start.filter(|start| start * 2 < claims.len())
}

/// Returns the slope of a straight line through the arrivals, which a stall of one text moves little.
fn rate(arrivals: &[SystemTime]) -> f64 {
    let first = arrivals[0];
    let points: Vec<_> = arrivals
        .iter()
        .zip(0_u32..)
        .map(|(at, n)| {
            (
                at.duration_since(first).unwrap().as_secs_f64(),
                f64::from(n),
            )
        })
        .collect();
    let mean = |of: fn(&(f64, f64)) -> f64| {
        points.iter().map(of).sum::<f64>() / points.iter().map(|_| 1.0).sum::<f64>()
    };
    let (time, number) = (mean(|it| it.0), mean(|it| it.1));
    let both: f64 = points
        .iter()
        .map(|it| (it.0 - time) * (it.1 - number))
        .sum();
    let square: f64 = points.iter().map(|it| (it.1 - number).powi(2)).sum();
    // Seconds for each text: the numbers are exact, the times are not.
    square / both
}

/// Fails if more was claimed in any span of time than the pace and the burst permit.
fn check_limit(claims: &[SystemTime], asked: f64) {
    let claims: Vec<_> = claims.iter().zip(0_u32..).collect();
    for (place, (from, first)) in claims.iter().enumerate() {
        for (until, last) in &claims[place..] {
            let span = until.duration_since(**from).unwrap() + BURST;
            let claimed = f64::from(last - first + 1);
            // The claim at the start of the span, and a microsecond of rounding for each.
            let most = (span.as_secs_f64() + claimed * 1e-6) * asked + 1.01;
            assert!(claimed <= most, "{claimed} claims in {span:?}");
        }
    }
}

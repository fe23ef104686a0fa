//! What the tests with processes share: a clinic whose sandbox counts the texts, and its database.

mod clinic;
mod cluster;
mod database;
mod folder;
mod postgres;
mod probe;

pub(crate) use self::clinic::{Clinic, fast, outbox, slow_answers};
pub(crate) use self::cluster::Cluster;
pub(crate) use self::database::{Database, Kind, open};
pub(crate) use self::folder::Folder;
pub(crate) use self::postgres::client;
pub(crate) use self::probe::{Point, Probed};

use std::time::{Duration, Instant};

/// Reports whether the tests run at their full size.
pub(crate) fn is_full() -> bool {
    std::env::var("OUTBOX_FULL").is_ok_and(|value| value == "1")
}

/// Returns a size from the environment. The default depends on `OUTBOX_FULL`.
pub(crate) fn setting(name: &str, small: u64, full: u64) -> u64 {
    let default = if is_full() { full } else { small };
    std::env::var(name).map_or(default, |value| value.parse().unwrap())
}

/// Waits until a condition holds, at most two minutes.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let started = Instant::now();
    while !holds().await {
        assert!(started.elapsed() < Duration::from_secs(120), "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Random numbers that a seed repeats.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

//! Time of the first call of one library in a process, and its memory after a thousand calls.

use std::fs;
use std::time::Instant;

#[path = "../../../numbers/mod.rs"]
#[allow(dead_code, reason = "one list of the two")]
mod numbers;

pub fn measure(mut read: impl FnMut(&str, &str) -> bool) {
    let list = numbers::mixed();
    let before = resident();
    let start = Instant::now();
    let accepted = read("GB", "020 7946 0018");
    let first = start.elapsed();
    assert!(accepted);
    let accepted = list
        .iter()
        .filter(|(region, text)| read(region, text))
        .count();
    let after = resident();
    println!(
        "first call {first:?}, {accepted} of {} read, {} KB more resident",
        list.len(),
        after - before
    );
}

/// Returns the resident memory in KB (Linux).
fn resident() -> i64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

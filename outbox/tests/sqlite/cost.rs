//! Time of adding, cost of a claim by the length of the queue, and memory. Each runs in a process of
//! its own, so that its CPU time and memory are its own.

use std::time::{Duration, Instant, SystemTime};

use clinspark_twilio::outbox::{Claim, Finish, OutboxStore as _};
use clinspark_twilio_outbox::SqliteStore;

use crate::instant::{MOST_MEMORY, fill as fill_outbox, outbox, peak_memory, rate};
use crate::support::{
    Folder, batch_id, child, claim, entry, file_of_parent, lines, people, prepared, sender, sid,
    store, worker,
};

/// CPU time counts, because other processes share the machine. Alone on it, wall time is the same.
#[cfg(target_os = "linux")]
#[test]
fn a_hundred_thousand_messages_are_added_in_five_seconds() {
    let folder = Folder::new();
    let child = child("cost::child_adds", &folder).spawn().unwrap();
    let line = lines(child, "added:").remove(0);
    let numbers: Vec<u64> = line.split(' ').map(|it| it.parse().unwrap()).collect();
    let [new, again, cpu, wall, memory] = numbers[..] else {
        panic!("{line}");
    };
    println!("100,000 added: {cpu} ms CPU, {wall} ms, {memory} kB with the messages themselves");
    assert_eq!((new, again), (100_000, 0));
    assert!(cpu < 5_000, "{cpu} ms");
}

#[cfg(target_os = "linux")]
#[test]
fn child_adds() {
    let Some(file) = file_of_parent() else { return };
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = prepared(&file).await.unwrap();
        let messages = people(0..100_000);
        let (cpu_before, began) = (cpu(), Instant::now());
        let new = store.enqueue(&batch_id(), &messages).await.unwrap();
        let (cpu, wall) = ((cpu() - cpu_before) * 10, began.elapsed().as_millis());
        let again = store.enqueue(&batch_id(), &messages).await.unwrap();
        println!("\nadded: {new} {again} {cpu} {wall} {}", peak_memory());
    });
}

/// Adds messages that are due, and as many due tomorrow.
async fn fill(store: &SqliteStore, due: u64) {
    let tomorrow = SystemTime::now() + Duration::from_secs(24 * 60 * 60);
    let mut first = 0;
    while first < due {
        let end = due.min(first + 20_000);
        store
            .enqueue(&batch_id(), &people(first..end))
            .await
            .unwrap();
        let later = people(due + first..due + end).into_iter();
        let later: Vec<_> = later.map(|message| message.not_before(tomorrow)).collect();
        store.enqueue(&batch_id(), &later).await.unwrap();
        first = end;
    }
}

/// CPU time of this process, in ticks of 10 milliseconds.
#[cfg(target_os = "linux")]
fn cpu() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let fields = fields.split(' ').skip(11).take(2);
    fields.map(|ticks| ticks.parse::<u64>().unwrap()).sum()
}

#[cfg(target_os = "linux")]
#[test]
fn child_measures() {
    let Some(file) = file_of_parent() else { return };
    let due = std::env::var("OUTBOX_DUE").unwrap().parse().unwrap();
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(async {
            let store = prepared(&file).await.unwrap();
            if std::env::var_os("OUTBOX_FILL").is_some() {
                fill(&store, due).await;
                return;
            }
            let (cpu_before, began) = (cpu(), Instant::now());
            let claims = 900;
            for _ in 0..claims {
                claim(&store).await;
            }
            let wall = began.elapsed().as_micros() / claims;
            let cpu = (cpu() - cpu_before) * 10_000 / 900;
            println!("\nmeasured: {cpu} {wall} {}", peak_memory());
        });
}

/// Returns CPU and wall time of a claim in microseconds, and the memory in kilobytes.
#[cfg(target_os = "linux")]
fn measure(due: u64) -> [u64; 3] {
    let folder = Folder::new();
    let mut command = child("cost::child_measures", &folder);
    let fill = command.env("OUTBOX_DUE", due.to_string());
    lines(fill.env("OUTBOX_FILL", "1").spawn().unwrap(), "measured:");
    // The best of three, because other processes share the machine.
    let runs = if due < 3_000 { 1 } else { 3 };
    let measured = (0..runs).map(|_| {
        let mut command = child("cost::child_measures", &folder);
        let child = command.env("OUTBOX_DUE", due.to_string()).spawn().unwrap();
        let line = lines(child, "measured:").remove(0);
        let numbers = line.split(' ').map(|number| number.parse().unwrap());
        <[u64; 3]>::try_from(numbers.collect::<Vec<_>>()).unwrap()
    });
    let best = measured.min().unwrap();
    let [cpu, wall, memory] = best;
    println!("{due} due and as many tomorrow: {cpu} us CPU, {wall} us, {memory} kB");
    best
}

#[cfg(target_os = "linux")]
fn compare(most: u64) {
    let least = (0..3).map(|_| measure(1_000)).min().unwrap();
    let [cpu, _, memory] = measure(most);
    // Two ticks of the clock in 900 claims.
    let tolerance = 22;
    assert!(
        cpu * 2 <= least[0] * 3 + tolerance,
        "{cpu} and {}",
        least[0]
    );
    assert!(memory <= 20_000, "{memory} kB");
}

#[cfg(target_os = "linux")]
#[test]
fn a_claim_costs_the_same_at_a_hundred_thousand() {
    compare(100_000);
}

#[cfg(target_os = "linux")]
#[test]
fn a_claim_costs_the_same_at_a_million() {
    if std::env::var_os("OUTBOX_FIGURES").is_none() {
        println!("skipped: it takes minutes; run it in release with OUTBOX_FIGURES=1");
        return;
    }
    compare(1_000_000);
}

/// A worker holds what it sends, and not what waits.
#[cfg(target_os = "linux")]
#[test]
fn a_worker_needs_twenty_megabytes_at_most() {
    let folder = Folder::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = SqliteStore::open(folder.file()).await.unwrap();
        fill_outbox(&outbox(store).await, 100_000).await;
    });
    let child = child("cost::child_sends", &folder).spawn().unwrap();
    let memory: u64 = lines(child, "memory:").remove(0).parse().unwrap();
    println!("a worker among 100,000: {memory} kB");
    assert!(memory <= MOST_MEMORY, "{memory} kB");
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child_sends() {
    let Some(file) = file_of_parent() else { return };
    let store = SqliteStore::open(file).await.unwrap();
    let sent = outbox(store).await.drain(2_000).await.unwrap().sent;
    assert_eq!(sent, 2_000);
    println!("\nmemory: {}", peak_memory());
}

/// Counts always. The rate is one of the machine, so that it counts on a quiet one only.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_sends_a_thousand_texts_a_second() {
    let is_measured = std::env::var_os("OUTBOX_FIGURES").is_some();
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file()).await.unwrap();
    let rate = rate(store, if is_measured { 10_000 } else { 500 }).await;
    if is_measured {
        assert!(rate >= 1_000.0, "{rate}");
    } else {
        println!("rate not asserted: run it in release on a quiet machine with OUTBOX_FIGURES=1");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_commits_a_thousand_sends_a_second() {
    if std::env::var_os("OUTBOX_FIGURES").is_none() {
        println!("skipped: a rate of the machine; run it in release with OUTBOX_FIGURES=1");
        return;
    }
    let folder = Folder::new();
    let store = store(&folder).await;
    store
        .enqueue(&batch_id(), &people(0..10_000))
        .await
        .unwrap();
    let (cpu_before, began) = (cpu(), Instant::now());
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                while let Claim::Message(claimed) = store.claim(&sender(), &worker()).await.unwrap()
                {
                    assert!(store.begin(&claimed, &entry(1)).await.unwrap());
                    let sent = Finish::Sent(sid(claimed.row));
                    assert!(store.finish(&claimed, &sent).await.unwrap());
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let rate = 10_000.0 / began.elapsed().as_secs_f64();
    let each = cpu() - cpu_before;
    println!("{rate:.0} sends a second, {each} us CPU each");
    assert!(rate >= 1_000.0, "{rate}");
}

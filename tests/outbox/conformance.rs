//! The store in memory against the rules of the trait.

use std::sync::Arc;

use clinspark_twilio::outbox::{MemoryStore, OutboxStore, conformance};

async fn memory() -> Arc<dyn OutboxStore> {
    Arc::new(MemoryStore::new())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_in_memory_conforms() {
    conformance::run(memory).await.unwrap();
}

#[test]
fn each_case_has_a_name_of_its_own() {
    let mut names: Vec<_> = conformance::cases()
        .iter()
        .map(conformance::Case::name)
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), conformance::cases().len());
}

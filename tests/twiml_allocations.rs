//! Building a document allocates a buffer for each element that says something, and no more.

#[path = "../benches/documents/mod.rs"]
mod documents;

use documents::{VALUES, by_hand, typed};

fn allocations(way: fn(documents::Values) -> String) -> u64 {
    allocation_counter::measure(|| drop(way(VALUES))).count_total
}

#[test]
fn a_document_costs_a_buffer_for_each_element() {
    assert_eq!(allocations(by_hand::message), 1);
    assert_eq!(allocations(typed::message), 3);
    assert_eq!(allocations(typed::menu), 7);
    assert_eq!(allocations(typed::dial), 10);
}

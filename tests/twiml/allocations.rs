//! Building a document allocates as often as pushing its text by hand: once, for the text.

#[path = "../../benches/documents/mod.rs"]
mod documents;

use allocation_counter::measure;
use clinspark_twilio::twiml::{CustomElement, Say, VoiceResponse};
use documents::{VALUES, Values, by_hand, typed};

type Way = fn(Values) -> String;

fn allocations(way: Way) -> u64 {
    measure(|| drop(way(VALUES))).count_total
}

#[test]
fn a_document_allocates_its_text_and_nothing_else() {
    let ways: [(Way, Way); 3] = [
        (by_hand::message, typed::message),
        (by_hand::menu, typed::menu),
        (by_hand::dial, typed::dial),
    ];
    for (by_hand, typed) in ways {
        // The first documents of a thread create the buffers that later ones reuse.
        drop([typed(VALUES), typed(VALUES)]);
        assert_eq!((allocations(by_hand), allocations(typed)), (1, 1));
    }
}

#[test]
fn the_buffers_of_a_thread_are_bounded() {
    const BOUND: i64 = 40 * 1024;

    let long = measure(|| drop(Say::new("x".repeat(1_000_000))));
    assert!(long.bytes_current < BOUND, "{}", long.bytes_current);

    let many = measure(|| drop((0..1_000).map(|_| Say::new("x")).collect::<Vec<_>>()));
    assert!(many.bytes_current < BOUND, "{}", many.bytes_current);
}

#[test]
fn an_element_may_be_finished_on_another_thread() {
    let said = Say::new("Hello");
    let elsewhere = std::thread::spawn(move || VoiceResponse::new().append(said));
    let document = elsewhere.join().unwrap();
    let other = VoiceResponse::new().append(CustomElement::new("a").unwrap());
    assert!(
        document
            .to_xml()
            .ends_with("<Response><Say>Hello</Say></Response>")
    );
    assert!(other.to_xml().ends_with("<Response><a/></Response>"));
}

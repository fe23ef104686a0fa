//! Cost of writing a document, compared with hand-written code, compile-time templates and
//! quick-xml's writer.
//!
//! ```text
//! cargo bench -p clinspark-twilio-benches --bench twiml
//! ```
//!
//! Only ratios within one run are comparable.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a bench"
)]

mod documents;

use askama::Template;
use divan::{Bencher, black_box};
use documents::{VALUES, Values, by_hand, typed, writer};

fn main() {
    // Every way must write the same document, or the comparison is invalid.
    let same = |name: &str, ways: &[String]| {
        for xml in ways {
            let tree = clinspark_twilio::twiml::read(xml).expect(name);
            assert_eq!(
                tree,
                clinspark_twilio::twiml::read(&ways[0]).expect(name),
                "{name}"
            );
        }
    };
    same("a", &MESSAGE.map(|(_, way)| way(VALUES)));
    same("b", &MENU.map(|(_, way)| way(VALUES)));
    same("c", &DIAL.map(|(_, way)| way(VALUES)));
    divan::main();
}

/// Calls per sample. By default, divan uses one call per sample if the first call was slow, and
/// then measures mostly its timer.
const SIZE: u32 = 100;
const COUNT: u32 = 1_000;

type Way = (&'static str, fn(Values) -> String);

const MESSAGE: [Way; 5] = [
    ("0 by hand", by_hand::message),
    ("1 typed", typed::message),
    ("2 askama", |values| render(&MessageTemplate { values })),
    ("3 quick-xml", writer::message),
    ("4 copy", |_| String::from(black_box(&*FINISHED[0]))),
];

const MENU: [Way; 5] = [
    ("0 by hand", by_hand::menu),
    ("1 typed", typed::menu),
    ("2 askama", |values| render(&MenuTemplate { values })),
    ("3 quick-xml", writer::menu),
    ("4 copy", |_| String::from(black_box(&*FINISHED[1]))),
];

const DIAL: [Way; 5] = [
    ("0 by hand", by_hand::dial),
    ("1 typed", typed::dial),
    ("2 askama", |values| render(&DialTemplate { values })),
    ("3 quick-xml", writer::dial),
    ("4 copy", |_| String::from(black_box(&*FINISHED[2]))),
];

// Copying a finished document is the lower bound for every way.
static FINISHED: std::sync::LazyLock<[String; 3]> = std::sync::LazyLock::new(|| {
    [
        by_hand::message(VALUES),
        by_hand::menu(VALUES),
        by_hand::dial(VALUES),
    ]
});

#[divan::bench(args = MESSAGE.map(|way| way.0), sample_count = COUNT, sample_size = SIZE)]
fn a_message(bencher: Bencher<'_, '_>, way: &str) {
    run(bencher, way, &MESSAGE);
}

#[divan::bench(args = MENU.map(|way| way.0), sample_count = COUNT, sample_size = SIZE)]
fn b_menu(bencher: Bencher<'_, '_>, way: &str) {
    run(bencher, way, &MENU);
}

#[divan::bench(args = DIAL.map(|way| way.0), sample_count = COUNT, sample_size = SIZE)]
fn c_dial(bencher: Bencher<'_, '_>, way: &str) {
    run(bencher, way, &DIAL);
}

fn run(bencher: Bencher<'_, '_>, name: &str, ways: &[Way]) {
    let (_, way) = ways.iter().find(|way| way.0 == name).expect("a way");
    bencher.bench_local(|| way(black_box(VALUES)));
}

fn render(template: &impl Template) -> String {
    template.render().expect("a `String` takes all")
}

#[derive(Template)]
#[template(
    source = r#"<?xml version="1.0" encoding="UTF-8"?><Response><Message>{{ values.body }}</Message></Response>"#,
    ext = "xml"
)]
struct MessageTemplate {
    values: Values,
}

#[derive(Template)]
#[template(
    source = r##"<?xml version="1.0" encoding="UTF-8"?><Response><Gather input="dtmf" action="{{ values.action }}" method="POST" timeout="5" numDigits="1" finishOnKey="#"><Say voice="Polly.Joanna" language="en-US">{{ values.prompt }}</Say><Play loop="2">{{ values.music }}</Play></Gather><Say voice="Polly.Joanna">{{ values.farewell }}</Say><Redirect method="POST">{{ values.action }}</Redirect></Response>"##,
    ext = "xml"
)]
struct MenuTemplate {
    values: Values,
}

#[derive(Template)]
#[template(
    source = r#"<?xml version="1.0" encoding="UTF-8"?><Response><Dial timeout="20" record="record-from-answer-dual" trim="do-not-trim" recordingStatusCallback="{{ values.callback }}" recordingStatusCallbackMethod="POST" recordingStatusCallbackEvent="completed absent">{% for number in values.numbers %}<Number sendDigits="ww1" url="{{ values.whisper }}" method="POST" statusCallbackEvent="answered completed" statusCallback="{{ values.callback }}" statusCallbackMethod="POST">{{ number }}</Number>{% endfor %}</Dial></Response>"#,
    ext = "xml"
)]
struct DialTemplate {
    values: Values,
}

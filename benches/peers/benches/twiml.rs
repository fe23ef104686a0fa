//! The documents of `benches/twiml.rs`, as far as other TwiML crates can write them.
//!
//! ```text
//! cargo bench --manifest-path benches/peers/Cargo.toml
//! ```
//!
//! `twiml` 0.3 and `twilio` 1.1 support only one number in a `<Dial>`, three voices, and one prompt
//! in a `<Gather>`. They therefore write a shorter menu and no dial.
//! `twilio` does not escape.

#[path = "../../documents/mod.rs"]
mod documents;

use divan::{Bencher, black_box};
use documents::{VALUES, Values, by_hand, typed};

fn main() {
    divan::main();
}

#[divan::bench(args = ["by hand", "typed", "twiml", "twilio"])]
fn a_message(bencher: Bencher<'_, '_>, way: &str) {
    run(
        bencher,
        match way {
            "by hand" => by_hand::message,
            "typed" => typed::message,
            "twiml" => |values| {
                use twiml::Twiml as _;
                twiml::Response::new()
                    .msg(values.body)
                    .build()
                    .expect("a document")
            },
            _ => |values| {
                let mut answer = twilio::twiml::Twiml::new();
                answer.add(&twilio::twiml::Message {
                    txt: values.body.to_owned(),
                });
                answer.as_twiml()
            },
        },
    );
}

#[divan::bench(args = ["by hand", "typed", "twiml", "twilio"])]
fn b_menu(bencher: Bencher<'_, '_>, way: &str) {
    run(
        bencher,
        match way {
            "by hand" => by_hand::menu,
            "typed" => typed::menu,
            "twiml" => twiml_menu,
            _ => twilio_menu,
        },
    );
}

fn run(bencher: Bencher<'_, '_>, way: fn(Values) -> String) {
    bencher.bench_local(|| way(black_box(VALUES)));
}

fn twiml_menu(values: Values) -> String {
    use twiml::Twiml as _;
    twiml::Response::new()
        .gather(
            twiml::Gather::default()
                .method(twiml::Method::Post)
                .timeout(5)
                .finish_on_key('#')
                .say(twiml::Say::new(values.prompt).lang("en-US")),
        )
        .say(values.farewell)
        .redirect(twiml::Redirect::new(values.action).method(twiml::Method::Post))
        .build()
        .expect("a document")
}

fn twilio_menu(values: Values) -> String {
    use twilio::twiml::{Gather, Method, Prompt, Redirect, Say, Twiml, Voice};
    let say = |text: &str| Say {
        txt: text.to_owned(),
        voice: Voice::Woman,
        language: "en-US".to_owned(),
    };
    let mut answer = Twiml::new();
    answer.add(&Gather {
        action: Some(values.action.to_owned()),
        method: Method::Post,
        timeout_seconds: 5,
        finish_on_key: '#',
        num_digits: Some(1),
        prompt: Prompt::Say(say(values.prompt)),
    });
    answer.add(&say(values.farewell));
    answer.add(&Redirect {
        url: values.action.to_owned(),
        method: Method::Post,
    });
    answer.as_twiml()
}

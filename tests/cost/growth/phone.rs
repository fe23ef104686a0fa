//! Numbers, addresses, texts, SIDs and dates.

use std::hint::black_box;

use clinspark_twilio::phone::ClientIdentity;
use clinspark_twilio::phone::{
    Address, CountryPrefix, E164, Normalizer, Recipient, Region, SipUri,
};
use clinspark_twilio::sms::{BatchPreview, MessageSize, OptOut, non_gsm7_characters, smart_encode};
use clinspark_twilio::types::{MessageSid, MessageStatus, Timestamp};

use super::shapes::Shape;
use super::{Parser, Run, Sample, assert_growth};

#[test]
fn numbers_and_addresses_grow_with_the_text() {
    assert_growth(&[
        Parser {
            name: "normalize, anything",
            size: 8 << 10,
            prepare: |shape, size| normalize(shape.pieces(size).join(" ")),
        },
        Parser {
            name: "Address",
            size: 4 << 10,
            prepare: |shape, size| {
                let text = shape.pieces(size).concat();
                let schemes = [
                    "",
                    "+",
                    "sip:",
                    "client:",
                    "whatsapp:+",
                    "rcs:",
                    "messenger:",
                ];
                let texts = schemes.map(|scheme| format!("{scheme}{text}"));
                Box::new(move || {
                    for text in &texts {
                        let _ = black_box(Recipient::try_from(Address::parse(text)));
                    }
                })
            },
        },
        Parser {
            name: "SipUri",
            size: 4 << 10,
            prepare: |shape, size| {
                let pieces = shape.pieces(size);
                let uri = format!("sip:{}@a.example;{}", pieces.concat(), pieces.join(";"));
                Box::new(move || {
                    let _ = black_box(SipUri::parse(&uri));
                })
            },
        },
        Parser {
            name: "E164, Region, CountryPrefix, SID, Timestamp, Identity",
            size: 8 << 10,
            prepare: |shape, size| {
                let text = shape.pieces(size).concat();
                Box::new(move || {
                    let _ = black_box(E164::parse(&text));
                    let _ = black_box(Region::parse(&text));
                    let _ = black_box(CountryPrefix::parse(&text));
                    let _ = black_box(MessageSid::parse(&text));
                    let _ = black_box(ClientIdentity::parse(&text));
                    black_box(Timestamp::parse(&text));
                    black_box(MessageStatus::from(text.as_str()));
                })
            },
        },
        Parser {
            name: "Timestamp",
            size: 8 << 10,
            prepare: |shape, size| {
                let text = shape.pieces(size).join(" ");
                let texts = [
                    format!("Thu, 24 Aug 2023 05:01:45 {text}"),
                    format!("Thu, {} 24 Aug 2023 05:01:45 +0000", " ".repeat(size)),
                    format!("Thu, {} Aug 2023", text.replace('[', "(").replace(']', ")")),
                    format!("2023-08-24T05:01:45.{text}Z"),
                ];
                Box::new(move || {
                    for text in &texts {
                        black_box(Timestamp::parse(text));
                    }
                })
            },
        },
    ]);
}

/// Inputs over 250 characters are refused. Below, the number of interpretations grows in steps, so
/// the longest inputs are measured against a usual one.
#[test]
fn the_longest_numbers_cost_as_much_per_character_as_usual_ones() {
    const LONGEST: usize = 250;
    const USUAL: &str = "(415) 555-0123 / 4155550124";
    // Quadratic work costs 9 times as much per character.
    const MOST: f64 = 5.0;
    let longer = f64::from(u32::try_from(LONGEST / USUAL.len()).unwrap());
    let mut usual = Sample::new(normalize(USUAL.to_owned()));
    let digits = |text: &str| text.replace(|c: char| !c.is_ascii_digit(), "7");
    for shape in Shape::ALL {
        let pieces = shape.pieces(LONGEST);
        let numbers: Vec<_> = pieces.iter().map(|piece| digits(piece)).collect();
        for text in [
            pieces.join(" "),
            format!("+{}", numbers.concat()),
            format!("00{}", numbers.join("-")),
            numbers.join("/"),
            numbers.join(" ext. "),
            numbers.join(") ("),
        ] {
            let text: String = text.chars().take(LONGEST).collect();
            let mut long = Sample::new(normalize(text));
            let mut ratio = f64::MAX;
            // Repeated while the ratio is too high, because noise only adds time.
            for _ in 0..20 {
                long.measure();
                usual.measure();
                ratio = long.least.as_secs_f64() / usual.least.as_secs_f64() / longer;
                if ratio <= MOST {
                    break;
                }
            }
            assert!(
                ratio <= MOST,
                "{shape:?}: {ratio:.1} times as much per character"
            );
        }
    }
}

#[test]
fn texts_grow_with_their_length() {
    assert_growth(&[
        Parser {
            name: "OptOut, words",
            size: 4 << 10,
            prepare: |shape, size| opt_out(shape.pieces(size).join(" ")),
        },
        Parser {
            name: "OptOut, in one word",
            size: 4 << 10,
            prepare: |shape, size| opt_out(shape.pieces(size).concat()),
        },
        Parser {
            name: "OptOut, telling words",
            size: 4 << 10,
            prepare: |shape, size| {
                let words = shape.pieces(size).join(" do not ") + " Loved \u{201C}";
                opt_out(words.replace('x', "\u{201C}"))
            },
        },
        Parser {
            name: "size, Smart Encoding",
            size: 4 << 10,
            prepare: |shape, size| {
                let text = shape.pieces(size).join(" ");
                Box::new(move || {
                    black_box(MessageSize::of(&text));
                    black_box(smart_encode(&text));
                    black_box(non_gsm7_characters(&text).count());
                    black_box([text.as_str()].into_iter().collect::<BatchPreview>());
                })
            },
        },
        Parser {
            name: "size, clusters",
            size: 4 << 10,
            prepare: |shape, size| {
                // A letter with marks, flags, families: a reader sees each as one character.
                let text = shape
                    .pieces(size)
                    .join("\u{301}\u{200D}\u{1F469}\u{1F1E9}\u{1F1EA}");
                Box::new(move || {
                    black_box(MessageSize::of(&text));
                })
            },
        },
    ]);
}

fn normalize(typed: String) -> Run {
    let homes = ["US", "DE", "AR", "BR", "CO"].map(|home| {
        let home = Region::parse(home).unwrap();
        Normalizer::for_region(home)
            .extensions(true)
            .keypad_letters(true)
    });
    Box::new(move || {
        for home in &homes {
            let _ = black_box(home.normalize(&typed));
        }
        let _ = black_box(Normalizer::international().normalize(&typed));
    })
}

fn opt_out(text: String) -> Run {
    Box::new(move || {
        black_box(OptOut::classify(&text));
    })
}

//! The TwiML reader and the lint.

use std::fmt::Write as _;
use std::hint::black_box;

use clinspark_twilio::twiml::{self, CustomElement, Dial, Number, Say, VoiceResponse};

use super::{Parser, Run, assert_growth};

#[test]
fn reading_grows_with_the_document() {
    assert_growth(&[
        Parser {
            name: "read, attributes",
            size: 4 << 10,
            prepare: |shape, size| {
                let mut xml = "<Response><Say".to_owned();
                for (index, piece) in shape.pieces(size).iter().enumerate() {
                    write!(xml, " a{index}=\"{}\"", escaped(piece)).unwrap();
                }
                read(xml + "/></Response>")
            },
        },
        Parser {
            name: "read, names of attributes",
            size: 4 << 10,
            prepare: |shape, size| {
                let mut xml = "<Response><Say".to_owned();
                for (index, piece) in shape.pieces(size).iter().enumerate() {
                    write!(xml, " {}{index}=''", letters(piece)).unwrap();
                }
                read(xml + "/></Response>")
            },
        },
        Parser {
            name: "read, children",
            size: 4 << 10,
            prepare: |shape, size| {
                let mut xml = "<Response>".to_owned();
                for piece in shape.pieces(size) {
                    let name = letters(&piece);
                    write!(xml, "<a{name}>{}</a{name}>", escaped(&piece)).unwrap();
                }
                read(xml + "</Response>")
            },
        },
        Parser {
            name: "read, text, comments and CDATA",
            size: 4 << 10,
            prepare: |shape, size| {
                let mut xml = "<Response>".to_owned();
                for piece in shape.pieces(size) {
                    let plain = letters(&piece);
                    let text = escaped(&piece);
                    writeln!(xml, "{text}&amp;<!--{plain}--><![CDATA[{plain}]]>").unwrap();
                }
                read(xml + "</Response>")
            },
        },
        Parser {
            name: "read, elements within elements",
            size: 4 << 10,
            prepare: |shape, size| {
                let xml = shape.pieces(size).concat();
                let xml = xml.replace('[', "<a>").replace(']', "</a>");
                read(format!("<Response>{xml}</Response>"))
            },
        },
        Parser {
            name: "read, anything",
            size: 4 << 10,
            prepare: |shape, size| read(shape.pieces(size).join("\n")),
        },
    ]);
}

#[test]
fn lint_grows_with_the_document() {
    assert_growth(&[
        Parser {
            name: "lint, verbs",
            size: 2 << 10,
            prepare: |shape, size| {
                let pieces = shape.pieces(size);
                lint(pieces.iter().fold(VoiceResponse::new(), |all, piece| {
                    all.append(Say::new(piece.as_str()))
                }))
            },
        },
        Parser {
            name: "lint, children",
            size: 2 << 10,
            prepare: |shape, size| {
                let pieces = shape.pieces(size);
                let dial = pieces.iter().fold(Dial::new(), |dial, piece| {
                    dial.append(Number::new(piece.as_str()).url(piece.as_str()))
                });
                lint(VoiceResponse::new().append(dial))
            },
        },
        Parser {
            name: "lint, unknown elements",
            size: 2 << 10,
            prepare: |shape, size| {
                let pieces = shape.pieces(size);
                lint(pieces.iter().fold(VoiceResponse::new(), |all, piece| {
                    let element = CustomElement::new(&format!("a{}", letters(piece))).unwrap();
                    all.append(element.append(piece.as_str()))
                }))
            },
        },
    ]);
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '<' | '&' | '"' | '\'' => write!(out, "&#{};", u32::from(character)).unwrap(),
            _ => out.push(character),
        }
    }
    out
}

/// Replaces every character that an XML name cannot contain with a letter.
fn letters(text: &str) -> String {
    text.replace(|c: char| !c.is_ascii_alphanumeric(), "x")
        .replace(|c: char| c.is_ascii_digit(), "d")
}

fn read(xml: String) -> Run {
    Box::new(move || {
        let _ = black_box(twiml::read(&xml));
    })
}

fn lint(document: VoiceResponse) -> Run {
    Box::new(move || {
        black_box(document.lint());
    })
}

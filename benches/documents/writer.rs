//! The documents, written with quick-xml's writer, which escapes but does not know TwiML.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::Values;

pub fn message(values: Values) -> String {
    document(|xml| {
        xml.create_element("Message")
            .write_text_content(BytesText::new(values.body))
            .map(drop)
    })
}

pub fn menu(values: Values) -> String {
    document(|xml| {
        xml.create_element("Gather")
            .with_attributes([
                ("input", "dtmf"),
                ("action", values.action),
                ("method", "POST"),
                ("timeout", "5"),
                ("numDigits", "1"),
                ("finishOnKey", "#"),
            ])
            .write_inner_content(|xml| {
                xml.create_element("Say")
                    .with_attributes([("voice", "Polly.Joanna"), ("language", "en-US")])
                    .write_text_content(BytesText::new(values.prompt))?;
                xml.create_element("Play")
                    .with_attribute(("loop", "2"))
                    .write_text_content(BytesText::new(values.music))
                    .map(drop)
            })?;
        xml.create_element("Say")
            .with_attribute(("voice", "Polly.Joanna"))
            .write_text_content(BytesText::new(values.farewell))?;
        xml.create_element("Redirect")
            .with_attribute(("method", "POST"))
            .write_text_content(BytesText::new(values.action))
            .map(drop)
    })
}

pub fn dial(values: Values) -> String {
    document(|xml| {
        xml.create_element("Dial")
            .with_attributes([
                ("timeout", "20"),
                ("record", "record-from-answer-dual"),
                ("trim", "do-not-trim"),
                ("recordingStatusCallback", values.callback),
                ("recordingStatusCallbackMethod", "POST"),
                ("recordingStatusCallbackEvent", "completed absent"),
            ])
            .write_inner_content(|xml| {
                for number in values.numbers {
                    xml.create_element("Number")
                        .with_attributes([
                            ("sendDigits", "ww1"),
                            ("url", values.whisper),
                            ("method", "POST"),
                            ("statusCallbackEvent", "answered completed"),
                            ("statusCallback", values.callback),
                            ("statusCallbackMethod", "POST"),
                        ])
                        .write_text_content(BytesText::new(number))?;
                }
                Ok(())
            })
            .map(drop)
    })
}

fn document(content: impl FnOnce(&mut Writer<Vec<u8>>) -> std::io::Result<()>) -> String {
    let mut xml = Writer::new(Vec::with_capacity(256));
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))
        .expect("memory takes all");
    xml.create_element("Response")
        .write_inner_content(content)
        .expect("memory takes all");
    String::from_utf8(xml.into_inner()).expect("UTF-8 in, UTF-8 out")
}

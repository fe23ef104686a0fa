//! The lower bound: literal tags, values through an escaping function, one `String` of the right
//! size.

use super::Values;

// The capacities exceed the sizes of the documents, so that no string grows.
pub fn message(values: Values) -> String {
    let mut xml = String::with_capacity(128);
    xml.push_str(r#"<?xml version="1.0" encoding="UTF-8"?><Response><Message>"#);
    escape(values.body, &mut xml);
    xml.push_str("</Message></Response>");
    xml
}

pub fn menu(values: Values) -> String {
    let mut xml = String::with_capacity(704);
    xml.push_str(r#"<?xml version="1.0" encoding="UTF-8"?><Response>"#);
    xml.push_str(r#"<Gather input="dtmf" action=""#);
    escape(values.action, &mut xml);
    xml.push_str(r##"" method="POST" timeout="5" numDigits="1" finishOnKey="#">"##);
    xml.push_str(r#"<Say voice="Polly.Joanna" language="en-US">"#);
    escape(values.prompt, &mut xml);
    xml.push_str(r#"</Say><Play loop="2">"#);
    escape(values.music, &mut xml);
    xml.push_str(r#"</Play></Gather><Say voice="Polly.Joanna">"#);
    escape(values.farewell, &mut xml);
    xml.push_str(r#"</Say><Redirect method="POST">"#);
    escape(values.action, &mut xml);
    xml.push_str("</Redirect></Response>");
    xml
}

pub fn dial(values: Values) -> String {
    let mut xml = String::with_capacity(2_048);
    xml.push_str(r#"<?xml version="1.0" encoding="UTF-8"?><Response>"#);
    xml.push_str(r#"<Dial timeout="20" record="record-from-answer-dual" trim="do-not-trim" "#);
    xml.push_str(r#"recordingStatusCallback=""#);
    escape(values.callback, &mut xml);
    xml.push_str(r#"" recordingStatusCallbackMethod="POST" "#);
    xml.push_str(r#"recordingStatusCallbackEvent="completed absent">"#);
    for number in values.numbers {
        xml.push_str(r#"<Number sendDigits="ww1" url=""#);
        escape(values.whisper, &mut xml);
        xml.push_str(r#"" method="POST" statusCallbackEvent="answered completed" "#);
        xml.push_str(r#"statusCallback=""#);
        escape(values.callback, &mut xml);
        xml.push_str(r#"" statusCallbackMethod="POST">"#);
        escape(number, &mut xml);
        xml.push_str("</Number>");
    }
    xml.push_str("</Dial></Response>");
    xml
}

/// Escapes text, and copies the text between special characters in one piece.
fn escape(text: &str, xml: &mut String) {
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        let reference = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\r' => "&#13;",
            _ => continue,
        };
        xml.push_str(text.get(start..at).expect("a boundary"));
        xml.push_str(reference);
        start = at + 1;
    }
    xml.push_str(text.get(start..).expect("a boundary"));
}

//! Texts: opt-out words and segments.

use clinspark_twilio::sms::{MessageSize, OptOut, smart_encode};
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Case, Outcome};

/// `text`: the opt-out word, or `none`.
pub(super) fn opt_out(case: &Case) -> Outcome {
    let text: String = case.input()?;
    Ok(Answer::of(match OptOut::classify(&text) {
        Some(found) => format!("{found:?}"),
        None => "none".to_owned(),
    }))
}

/// `segments`: encoding and number of segments.
pub(super) fn segments(case: &Case) -> Outcome {
    #[derive(Deserialize)]
    struct Input {
        text: String,
        /// Enables smart encoding.
        #[serde(default)]
        smart: bool,
    }
    let Input { text, smart } = case.input()?;
    let size = if smart {
        MessageSize::of(&smart_encode(&text))
    } else {
        MessageSize::of(&text)
    };
    Ok(Answer::of(json!({
        "encoding": size.encoding().as_str(),
        "segments": size.segments(),
    })))
}

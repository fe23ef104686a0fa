//! Repairs the text of a response that is almost JSON.
//!
//! Twilio cuts incoming texts at 1,600 UTF-16 units, which may leave half of an emoji, and gateways
//! rewrite responses. A strict parser loses the whole response because of one such character.

use serde_json::Value;

/// Maximum nesting; deeper values become `null`. No documented response is a tenth as deep, and
/// `serde_json` refuses values deeper than 128.
const DEEPEST: usize = 100;

/// Replaces what JSON forbids, in one pass:
///
/// | Found | Becomes |
/// |---|---|
/// | byte order mark at the start | removed |
/// | invalid UTF-8, half of a surrogate pair, an unknown escape | U+FFFD |
/// | a raw control character in a string | its escape |
/// | a number outside of `f64`, `NaN`, any other unquoted word | `null` |
/// | a value deeper than 100 levels | `null` |
///
/// A text that is cut off, or followed by more text, is not repaired and remains an error.
pub(in crate::client) fn repaired(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut repaired = Output {
        text: String::with_capacity(rest.len()),
        depth: 0,
    };
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string(rest, &mut repaired),
            '{' | '[' => {
                repaired.open(first);
                1
            }
            '}' | ']' => {
                repaired.close(first);
                1
            }
            c if is_between(c) => {
                repaired.push(rest.get(..c.len_utf8()).unwrap_or_default());
                c.len_utf8()
            }
            _ => word(rest, &mut repaired),
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    repaired.text
}

/// The repaired text, without values that are nested too deeply.
struct Output {
    text: String,
    depth: usize,
}

impl Output {
    fn push(&mut self, text: &str) {
        if self.depth <= DEEPEST {
            self.text.push_str(text);
        }
    }

    fn open(&mut self, bracket: char) {
        self.depth += 1;
        if self.depth <= DEEPEST {
            self.text.push(bracket);
        } else if self.depth == DEEPEST + 1 {
            self.text.push_str("null");
        }
    }

    fn close(&mut self, bracket: char) {
        if self.depth <= DEEPEST {
            self.text.push(bracket);
        }
        self.depth = self.depth.saturating_sub(1);
    }
}

const fn is_between(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | ',' | ':')
}

/// Writes a number, `true`, `false` or `null`, and returns its length.
fn word(text: &str, repaired: &mut Output) -> usize {
    let ends = |c: char| is_between(c) || matches!(c, '"' | '{' | '}' | '[' | ']');
    let length = text.find(ends).unwrap_or(text.len());
    let word = text.get(..length).unwrap_or_default();
    let is_value = serde_json::from_str::<Value>(word).is_ok();
    repaired.push(if is_value { word } else { "null" });
    length
}

/// Writes a string from its opening quote on, and returns its length.
fn string(text: &str, repaired: &mut Output) -> usize {
    repaired.push("\"");
    let mut rest = text.get(1..).unwrap_or_default();
    loop {
        let special = |c: char| matches!(c, '"' | '\\' | '\0'..='\u{1f}');
        let (plain, from) = rest.split_at(rest.find(special).unwrap_or(rest.len()));
        repaired.push(plain);
        rest = match from.chars().next() {
            None => return text.len(),
            Some('"') => {
                repaired.push("\"");
                return text.len() - from.len() + 1;
            }
            Some('\\') => {
                let length = escape(from, repaired);
                from.get(length..).unwrap_or_default()
            }
            Some(control) => {
                repaired.push(&format!("\\u{:04x}", u32::from(control)));
                from.get(1..).unwrap_or_default()
            }
        };
    }
}

/// Writes an escape, and returns the length of what it replaces.
fn escape(text: &str, repaired: &mut Output) -> usize {
    let unit = |at: usize| -> Option<u32> {
        let digits = text.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        let hexadecimal = digits.bytes().all(|b| b.is_ascii_hexdigit());
        hexadecimal.then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let length = match (text.chars().nth(1), unit(0), unit(6)) {
        (Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't'), _, _) => 2,
        (_, Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
        (_, Some(0xd800..=0xdfff), _) => {
            repaired.push("\\ufffd");
            return 6;
        }
        (_, Some(_), _) => 6,
        // The text ends after the backslash.
        (None, None, _) => 1,
        (Some(_), None, _) => {
            repaired.push("\\ufffd");
            return 1;
        }
    };
    repaired.push(text.get(..length).unwrap_or_default());
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_text_becomes_json() {
        for (odd, json) in [
            ("\u{feff}{}", "{}"),
            (r#""see you \ud83d""#, r#""see you \ufffd""#),
            (
                r#""\ud83d\ude00 \ude00\ud83d\ud83d\ude00""#,
                r#""\ud83d\ude00 \ufffd\ufffd\ud83d\ude00""#,
            ),
            (r#""\ud83dA \ud83d\u0041""#, r#""\ufffdA \ufffd\u0041""#),
            (r#""\x \u12g4 \"\\""#, r#""\ufffdx \ufffdu12g4 \"\\""#),
            ("\"a\tb\nc\u{7f}\"", "\"a\\u0009b\\u000ac\u{7f}\""),
            (
                "[1e999, -1e999, 01, NaN, -Infinity, 1.5, -0, true, None]",
                "[null, null, null, null, null, 1.5, -0, true, null]",
            ),
        ] {
            assert_eq!(repaired(odd.as_bytes()), json);
            serde_json::from_str::<Value>(json).unwrap();
        }
        assert_eq!(repaired(b"\"\xff\xfe\""), "\"\u{fffd}\u{fffd}\"");
    }

    #[test]
    fn a_cut_off_text_stays_an_error() {
        for cut in [
            r#"{"a": "b"#,
            r#"{"a": "b\"#,
            r#"{"a": [1, {"#,
            r#"{"a""#,
            "\"\\ud83d",
            "",
        ] {
            let text = repaired(cut.as_bytes());
            assert!(
                serde_json::from_str::<Value>(&text).is_err(),
                "{cut}: {text}"
            );
        }
        assert!(serde_json::from_str::<Value>(&repaired(b"{} more")).is_err());
    }

    #[test]
    fn deep_values_become_null() {
        let nested = format!(
            "[{}{{\"a\": \"]\"}}{}, 7]",
            "[".repeat(5_000),
            "]".repeat(5_000)
        );
        let text = repaired(nested.as_bytes());
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value[1], 7);
    }

    #[test]
    fn valid_json_stays_the_same() {
        let json = include_str!("../../../tests/data/answers.json");
        assert!(repaired(json.as_bytes()) == json);
    }
}

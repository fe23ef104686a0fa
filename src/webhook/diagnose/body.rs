//! Mistakes in the body: earlier states of the form or the JSON are tried.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::super::check::Received;
use super::super::form;
use super::super::signature::sha256_hex;
use super::budget::{Budget, MAX_BYTES};
use super::cause::Cause;
use super::encoding::encode;

/// Parameters that Twilio often sends empty and that middleware drops, each with the second name
/// that calls use.
const OFTEN_EMPTY: [(&str, &str); 9] = [
    ("Body", "Body"),
    ("FromCity", "CallerCity"),
    ("FromState", "CallerState"),
    ("FromZip", "CallerZip"),
    ("FromCountry", "CallerCountry"),
    ("ToCity", "CalledCity"),
    ("ToState", "CalledState"),
    ("ToZip", "CalledZip"),
    ("ToCountry", "CalledCountry"),
];

type Pairs<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// Cost of a parameter besides its bytes, in bytes.
const PARAMETER_COST: usize = 32;

/// Largest JSON body that is parsed, in bytes.
const MAX_JSON: usize = 1024 * 1024;

/// Returns the mistake in the form, if one of its possible earlier states matches the signature.
pub(super) fn explain(
    received: &Received<'_>,
    budget: &Budget,
    fits: impl Fn(&[u8]) -> bool,
) -> Option<Cause> {
    if !received.has_form() || received.body.len() > MAX_BYTES {
        return None;
    }
    let pairs: Pairs<'_> = form::pairs(received.body)
        .map(|pair| (pair.name.decode(), pair.value.decode()))
        .collect();
    let fits_pairs = |pairs: &Pairs<'_>| fits(&write(pairs));
    let fits_mapped = |change: &dyn Fn(&str) -> String| fits_pairs(&map(&pairs, change));
    let cost = received.body.len() + PARAMETER_COST * pairs.len();
    let may_try = || !budget.is_spent() && budget.take_bytes(cost);
    let query = received.url.query().unwrap_or_default();
    let in_query: BTreeSet<_> = form::pairs(query.as_bytes())
        .map(|pair| pair.name.decode())
        .collect();
    let is_in_query = |name: &str, _: &str| in_query.contains(name);

    if fits_mapped(&|value| value.trim().to_owned())
        || fits_mapped(&|value| value.replace("\r\n", "\n"))
        || fits_mapped(&|value| value.replace('\n', "\r\n"))
        || with_blanks(&pairs, may_try).any(|longer| fits_pairs(&longer))
    {
        return Some(Cause::TrimmedValues);
    }
    if fits_pairs(&without(&pairs, |_, value| value.is_empty()))
        || with_empty(&pairs, may_try).any(|longer| fits_pairs(&longer))
    {
        return Some(Cause::EmptyValues);
    }
    if fits_mapped(&|value| form::decode(value.as_bytes()).into_owned())
        || fits_mapped(&|value| encode(value, ""))
        || fits_mapped(&|value| encode(value, "").replace("%20", "+"))
        || fits_mapped(&restore_plus)
        || rewritten(received.body).iter().any(|form| fits(form))
    {
        return Some(Cause::BodyEncoding);
    }
    if fits_pairs(&without(&pairs, is_in_query)) {
        return Some(Cause::QueryInForm);
    }
    form_of_json(received.body)
        .filter(|form| fits(form))
        .map(|_| Cause::BodyReserialised)
}

/// Returns the form with blanks or line ends around one of its values.
fn with_blanks<'a>(
    pairs: &Pairs<'a>,
    may_try: impl Fn() -> bool,
) -> impl Iterator<Item = Pairs<'a>> {
    const BLANKS: [(&str, &str); 7] = [
        ("", " "),
        (" ", ""),
        (" ", " "),
        ("", "\n"),
        ("", "\r\n"),
        ("", "  "),
        ("  ", ""),
    ];
    (0..pairs.len())
        .flat_map(|at| BLANKS.map(|blanks| (at, blanks)))
        .take_while(move |_| may_try())
        .map(|(at, (before, after))| {
            let mut longer = pairs.clone();
            if let Some((_, value)) = longer.get_mut(at) {
                *value = format!("{before}{value}{after}").into();
            }
            longer
        })
}

/// Returns the form with each combination of the missing parameters that are often empty.
fn with_empty<'a>(
    pairs: &Pairs<'a>,
    may_try: impl Fn() -> bool,
) -> impl Iterator<Item = Pairs<'a>> {
    let has = |name: &str| pairs.iter().any(|(known, _)| known == name);
    let is_call = has("CallSid");
    // Calls send both names or neither.
    let missing: Vec<_> = OFTEN_EMPTY
        .into_iter()
        .filter(|(name, _)| !has(name))
        .map(|(name, in_calls)| (name, Some(in_calls).filter(|n| is_call && !has(n))))
        .collect();
    let choices = (1_u32..1 << missing.len()).take_while(move |_| may_try());
    choices.map(move |choice| {
        let mut longer = pairs.clone();
        for (at, (name, in_calls)) in missing.iter().enumerate() {
            if choice & (1 << at) != 0 {
                let names = [Some(*name), *in_calls].into_iter().flatten();
                longer.extend(names.map(|name| (name.into(), "".into())));
            }
        }
        longer
    })
}

/// Restores a number whose `+` was decoded as a blank.
fn restore_plus(value: &str) -> String {
    match value.strip_prefix(' ') {
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => format!("+{digits}"),
        _ => value.to_owned(),
    }
}

/// Returns the form with its escapes as other serialisers write them.
fn rewritten(body: &[u8]) -> [Vec<u8>; 3] {
    let text = String::from_utf8_lossy(body);
    // A server that decodes the bytes as Latin-1 turns each of them into a character.
    let latin1: String = body.iter().map(|byte| char::from(*byte)).collect();
    [
        text.replace('+', "%2B").into_bytes(),
        text.replace('%', "%25").into_bytes(),
        latin1.into_bytes(),
    ]
}

/// Returns the form whose parameters are the members of a JSON object.
pub(super) fn form_of_json(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() > MAX_JSON {
        return None;
    }
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(body).ok()?;
    let mut pairs: Pairs<'_> = Vec::new();
    for (name, value) in members {
        let values = match value {
            serde_json::Value::Array(values) => values,
            value => vec![value],
        };
        for value in values {
            let text = match value {
                serde_json::Value::String(text) => text,
                serde_json::Value::Null => String::new(),
                value => value.to_string(),
            };
            pairs.push((name.clone().into(), text.into()));
        }
    }
    Some(write(&pairs))
}

/// Returns `true` if another serialisation of the body has the hash in the URL.
pub(super) fn is_reserialised(received: &Received<'_>) -> bool {
    let query = received.url.query().unwrap_or_default();
    let Some(hash) = form::find(query.as_bytes(), "bodySHA256") else {
        return false;
    };
    if received.body.len() > MAX_JSON {
        return false;
    }
    let body = String::from_utf8_lossy(received.body);
    // Some editors and serialisers put a byte order mark in front.
    let body = body.strip_prefix('\u{FEFF}').unwrap_or(&body);
    let is_it = |text: &str| sha256_hex(text.as_bytes()) == *hash;
    let fits = |text: &str| {
        is_it(text) || is_it(&format!("{text}\n")) || is_it(&format!("\u{FEFF}{text}"))
    };
    if fits(body) || fits(body.trim()) || fits(&body.replace("\r\n", "\n")) {
        return true;
    }
    let Ok(value) = serde_json::from_str::<serde_json::Value>(body) else {
        return false;
    };
    // With indentation, each bracket may cost as many blanks as its depth.
    let layouts = Layout::ALL
        .iter()
        .filter(|layout| layout.indent.is_none() || body.len() <= MAX_BYTES);
    // `serde_json` sorts the members of an object, as some other serialisers do.
    let sorted = value.to_string();
    [body, &sorted]
        .into_iter()
        .flat_map(|text| [text.to_owned(), escape(text), unescape(text)])
        .any(|text| layouts.clone().any(|layout| fits(&layout.write(&text))))
}

fn write(pairs: &Pairs<'_>) -> Vec<u8> {
    let pair = |(name, value): &(Cow<'_, str>, Cow<'_, str>)| {
        format!("{}={}", encode(name, ""), encode(value, ""))
    };
    pairs
        .iter()
        .map(pair)
        .collect::<Vec<_>>()
        .join("&")
        .into_bytes()
}

fn map<'a>(pairs: &Pairs<'a>, change: impl Fn(&str) -> String) -> Pairs<'a> {
    pairs
        .iter()
        .map(|(name, value)| (name.clone(), change(value).into()))
        .collect()
}

fn without<'a>(pairs: &Pairs<'a>, drop: impl Fn(&str, &str) -> bool) -> Pairs<'a> {
    pairs
        .iter()
        .filter(|(name, value)| !drop(name, value))
        .cloned()
        .collect()
}

/// Layout of a JSON document.
struct Layout {
    comma: &'static str,
    colon: &'static str,
    indent: Option<&'static str>,
}

impl Layout {
    const ALL: [Self; 5] = [
        Self {
            comma: ",",
            colon: ":",
            indent: None,
        },
        Self {
            comma: ", ",
            colon: ": ",
            indent: None,
        },
        Self {
            comma: ",",
            colon: ": ",
            indent: Some("  "),
        },
        Self {
            comma: ",",
            colon: ": ",
            indent: Some("    "),
        },
        Self {
            comma: ",",
            colon: ": ",
            indent: Some("\t"),
        },
    ];

    /// Writes valid JSON in this layout. All other text is kept.
    fn write(&self, json: &str) -> String {
        let (mut out, mut depth, mut in_string, mut escaped) = (String::new(), 0, false, false);
        let mut last = ' ';
        for c in json.chars() {
            if in_string {
                out.push(c);
                in_string = escaped || c != '"';
                escaped = !escaped && c == '\\';
                continue;
            }
            if c.is_ascii_whitespace() {
                continue;
            }
            if matches!(c, '}' | ']') {
                depth -= 1;
                if !matches!(last, '{' | '[') {
                    self.new_line(&mut out, depth);
                }
            } else if matches!(last, '{' | '[') {
                self.new_line(&mut out, depth);
            }
            match c {
                ',' => {
                    out.push_str(self.comma);
                    self.new_line(&mut out, depth);
                }
                ':' => out.push_str(self.colon),
                _ => out.push(c),
            }
            depth += usize::from(matches!(c, '{' | '['));
            in_string = c == '"';
            last = c;
        }
        out
    }

    fn new_line(&self, out: &mut String, depth: usize) {
        if let Some(indent) = self.indent {
            out.push('\n');
            out.push_str(&indent.repeat(depth));
        }
    }
}

/// Escapes all non-ASCII characters of a JSON document as `\u`.
fn escape(json: &str) -> String {
    let mut out = String::new();
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            let mut units = [0; 2];
            c.encode_utf16(&mut units).iter().for_each(|unit| {
                // Writing to a `String` never fails.
                let _ = write!(out, "\\u{unit:04x}");
            });
        }
    }
    out
}

/// Writes the strings of a JSON document with as few escapes as possible.
fn unescape(json: &str) -> String {
    let (mut out, mut string) = (String::new(), None::<String>);
    let mut escaped = false;
    for c in json.chars() {
        match &mut string {
            None if c == '"' => string = Some(String::from(c)),
            None => out.push(c),
            Some(text) => {
                text.push(c);
                if c == '"' && !escaped {
                    let plain: Option<String> = serde_json::from_str(text).ok();
                    let plain = plain.and_then(|plain| serde_json::to_string(&plain).ok());
                    out.push_str(plain.as_deref().unwrap_or(text));
                    string = None;
                }
                escaped = !escaped && c == '\\';
            }
        }
    }
    out
}

//! Parameters of Twilio in a start file: `sms_url` stands for `SmsUrl`.

use clinspark_twilio::sandbox::SandboxError;

use super::table::{Problems, Table, Value};

/// A parameter of Twilio and its value.
#[derive(Debug)]
pub(super) struct Setting {
    line: usize,
    key: String,
    parameter: String,
    value: String,
}

/// Reads every key that is left in a table.
pub(super) fn read(mut table: Table, problems: &mut Problems) -> Vec<Setting> {
    let mut settings = Vec::new();
    for (key, entry) in table.take_rest() {
        let value = match entry.value {
            Value::Text(text) => text,
            Value::Integer(Some(number)) => number.to_string(),
            Value::Flag(flag) => flag.to_string(),
            _ => {
                let wanted = "write a text in quotes, a whole number, true or false";
                problems.add(entry.line, format!("`{key}` cannot be used; {wanted}"));
                continue;
            }
        };
        settings.push(Setting {
            line: entry.line,
            parameter: pascal_case(&key),
            key,
            value,
        });
    }
    settings
}

/// Sets one parameter after the other, so that each refusal has its line.
pub(super) fn apply(
    settings: &[Setting],
    problems: &mut Problems,
    set: impl Fn(&[(&str, &str)]) -> Result<(), SandboxError>,
) {
    for setting in settings {
        let pair = (setting.parameter.as_str(), setting.value.as_str());
        if let Err(error) = set(&[pair]) {
            let key = &setting.key;
            problems.add(setting.line, format!("`{key}`: {}", cause(&error)));
        }
    }
}

/// Describes an error of the sandbox: its cause, which names Twilio's error code.
pub(super) fn cause(error: &SandboxError) -> String {
    let source = std::error::Error::source(error);
    let text = source.map_or_else(|| error.to_string(), ToString::to_string);
    // The code that the sandbox answers to an unknown parameter.
    if text.ends_with(" 20001") {
        return format!("{text} (unknown parameter, or a value that it does not accept)");
    }
    text
}

/// Returns Twilio's name of a parameter, such as `SmsUrl` of `sms_url`.
fn pascal_case(key: &str) -> String {
    let words = key.split('_').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}

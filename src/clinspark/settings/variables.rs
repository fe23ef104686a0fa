//! Names of environment variables: with their prefix, and in common misspellings.

use std::collections::BTreeMap;

use super::setting::Setting;
use crate::types::edit_distance;

/// Largest edit distance at which a name counts as a misspelling of another.
const MAX_EDITS: usize = 2;

/// Required settings, and other names of them in use.
const REQUIRED: [(Setting, &[&str]); 5] = [
    (
        Setting::Domain,
        &["CLINSPARK_HOST", "CLINSPARK_URL", "CLINSPARK_INSTANCE"],
    ),
    (
        Setting::AccountSid,
        &["TWILIO_SID", "TWILIO_ACCOUNT", "ACCOUNT_SID"],
    ),
    (
        Setting::AuthToken,
        &["TWILIO_TOKEN", "TWILIO_AUTH", "TWILIO_SECRET", "AUTH_TOKEN"],
    ),
    (
        Setting::Number,
        &[
            "TWILIO_NUMBER",
            "TWILIO_PHONE",
            "TWILIO_FROM",
            "TWILIO_FROM_NUMBER",
            "TWILIO_CALLER_ID",
        ],
    ),
    (
        Setting::Delivery,
        &["TWILIO_DELIVERY", "CLINSPARK_TWILIO_DELIVERY"],
    ),
];

/// Names of the variables from which settings are read. Contains no value.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables {
    prefix: String,
    /// Variables that are set and whose names are at most [`MAX_EDITS`] edits from a setting's
    /// variable.
    misspelt: BTreeMap<Setting, String>,
    /// Variables that are set and are another name of a required setting.
    aliases: BTreeMap<Setting, String>,
}

impl Variables {
    /// Creates names with a prefix. A missing `_` at its end is added.
    pub(super) fn with_prefix(prefix: &str) -> Self {
        let separator = if prefix.is_empty() || prefix.ends_with('_') {
            ""
        } else {
            "_"
        };
        Self {
            prefix: format!("{prefix}{separator}"),
            ..Self::default()
        }
    }

    /// Returns the variable of a setting.
    pub(super) fn of(&self, setting: Setting) -> String {
        format!("{}{}", self.prefix, setting.variable())
    }

    /// Returns a variable that is set and was probably intended for a required setting.
    pub(super) fn aliased(&self, setting: Setting) -> Option<&str> {
        let found = self
            .misspelt
            .get(&setting)
            .or_else(|| self.aliases.get(&setting));
        found.map(String::as_str)
    }

    pub(super) fn misspelt(&self) -> impl Iterator<Item = (Setting, &'_ str)> + use<'_> {
        self.misspelt
            .iter()
            .map(|(setting, name)| (*setting, name.as_str()))
    }

    /// Compares the names of all variables that are set with those of the settings.
    pub(super) fn compare(&mut self, set: impl Iterator<Item = String>) {
        for whole in set {
            let Some(name) = whole.strip_prefix(&self.prefix) else {
                continue;
            };
            if Setting::ALL
                .iter()
                .any(|setting| setting.variable() == name)
            {
                continue;
            }
            let upper = name.to_ascii_uppercase();
            if let Some(setting) = nearest(&upper, Setting::variable) {
                self.misspelt.insert(setting, whole);
            } else if let Some((setting, _)) = REQUIRED
                .iter()
                .find(|(_, aliases)| aliases.contains(&upper.as_str()))
            {
                self.aliases.insert(*setting, whole);
            }
        }
    }

    /// Looks up other names of the required settings that are missing.
    pub(super) fn looked_up(
        is_given: impl Fn(Setting) -> bool,
        is_set: impl Fn(&str) -> bool,
    ) -> Self {
        let mut variables = Self::default();
        for (setting, aliases) in REQUIRED {
            if is_given(setting) {
                continue;
            }
            let name = setting.variable();
            let aliases = aliases.iter().map(|alias| (*alias).to_owned());
            let mut names = aliases
                .chain([name.to_ascii_lowercase()])
                .chain(with_one_edit(name));
            if let Some(found) = names.find(|name| is_set(name)) {
                variables.aliases.insert(setting, found);
            }
        }
        variables
    }
}

/// Returns the setting with the most similar name, at most [`MAX_EDITS`] edits away.
pub(super) fn nearest(name: &str, named: fn(Setting) -> &'static str) -> Option<Setting> {
    let all = Setting::ALL
        .iter()
        .map(|s| (edit_distance(name, named(*s)), *s));
    let (_, setting) = all.min().filter(|(edits, _)| *edits <= MAX_EDITS)?;
    Some(setting)
}

/// Returns the name with each letter left out, then with each two adjacent letters swapped.
fn with_one_edit(name: &str) -> impl Iterator<Item = String> + use<'_> {
    let omitted = move |at: usize| {
        let letters = name.chars().enumerate();
        letters
            .filter(|(index, _)| *index != at)
            .map(|(_, c)| c)
            .collect()
    };
    let swapped = move |at: usize| {
        let mut letters: Vec<char> = name.chars().collect();
        if at + 1 < letters.len() {
            letters.swap(at, at + 1);
        }
        letters.into_iter().collect()
    };
    let length = name.len();
    (0..length)
        .map(omitted)
        .chain((0..length.saturating_sub(1)).map(swapped))
}

//! Tables of a TOML file, read strictly: each fault is told with its line.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Faults of the file, each with its line, from 1.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<(usize, String)>);

impl Problems {
    pub(super) fn add(&mut self, line: usize, problem: impl Into<String>) {
        self.0.push((line, problem.into()));
    }

    /// Returns the faults in the order of their lines, each on a line of its own; `None` if there
    /// are none.
    pub(super) fn describe(mut self) -> Option<String> {
        self.0.sort();
        let lines = self.0.iter();
        let lines = lines.map(|(line, problem)| format!("\n  line {line}: {problem}"));
        (!self.0.is_empty()).then(|| lines.collect())
    }
}

/// A value of the file.
#[derive(Debug)]
pub(super) enum Value {
    Text(String),
    /// `None` if it is negative or too large.
    Integer(Option<u64>),
    Fraction(Option<f64>),
    Flag(bool),
    List(Vec<Entry>),
    Table(Table),
    Date,
}

impl Value {
    const fn name(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Integer(_) => "a whole number",
            Self::Fraction(_) => "a fraction",
            Self::Flag(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Date => "a date",
        }
    }
}

/// A value and its line.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) line: usize,
    pub(super) value: Value,
}

impl Entry {
    /// Returns the text, or adds the fault.
    pub(super) fn into_text(self, key: &str, problems: &mut Problems) -> Option<String> {
        match self.value {
            Value::Text(text) => Some(text),
            other => {
                let found = other.name();
                problems.add(
                    self.line,
                    format!("`{key}` is {found}; write a text in quotes"),
                );
                None
            }
        }
    }
}

/// A table of the file. Taking a key removes it, so that those that remain are unknown.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) line: usize,
    entries: BTreeMap<String, Entry>,
}

impl Table {
    /// Parses a file. `None`, with a fault, if it is no TOML.
    pub(super) fn parse(text: &str, problems: &mut Problems) -> Option<Self> {
        match DeTable::parse(text) {
            Ok(parsed) => Some(read_table(text, 1, parsed.into_inner())),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                problems.add(line_of(text, at), error.message().replace('\n', " "));
                None
            }
        }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    pub(super) fn take(&mut self, key: &str) -> Option<Entry> {
        self.entries.remove(key)
    }

    pub(super) fn take_text(&mut self, key: &str, problems: &mut Problems) -> Option<Line<String>> {
        let entry = self.take(key)?;
        let line = entry.line;
        let text = entry.into_text(key, problems)?;
        Some(Line { line, value: text })
    }

    /// Takes a text that must be there.
    pub(super) fn require_text(
        &mut self,
        key: &str,
        problems: &mut Problems,
    ) -> Option<Line<String>> {
        if !self.has(key) {
            problems.add(self.line, format!("`{key}` is missing; add it"));
        }
        self.take_text(key, problems)
    }

    pub(super) fn take_integer(&mut self, key: &str, problems: &mut Problems) -> Option<Line<u64>> {
        let Entry { line, value } = self.take(key)?;
        if let Value::Integer(Some(value)) = value {
            return Some(Line { line, value });
        }
        let found = value.name();
        let wanted = "write a whole number from 0";
        problems.add(line, format!("`{key}` cannot be used ({found}); {wanted}"));
        None
    }

    pub(super) fn take_fraction(&mut self, key: &str, problems: &mut Problems) -> Option<f64> {
        let Entry { line, value } = self.take(key)?;
        match value {
            Value::Fraction(Some(share)) => return Some(share),
            Value::Integer(Some(0)) => return Some(0.0),
            Value::Integer(Some(1)) => return Some(1.0),
            _ => {}
        }
        let found = value.name();
        let wanted = "write a number from 0 to 1, such as 0.5";
        problems.add(line, format!("`{key}` cannot be used ({found}); {wanted}"));
        None
    }

    /// Takes a list of tables, written as `[[key]]`.
    pub(super) fn take_tables(&mut self, key: &str, problems: &mut Problems) -> Vec<Self> {
        let Some(Entry { line, value }) = self.take(key) else {
            return Vec::new();
        };
        let Value::List(items) = value else {
            let found = value.name();
            problems.add(
                line,
                format!("`{key}` is {found}; write [[{key}]] above each entry"),
            );
            return Vec::new();
        };
        let tables = items.into_iter().filter_map(|item| match item.value {
            Value::Table(table) => Some(table),
            other => {
                let found = other.name();
                let problem = format!("an entry of `{key}` is {found}; write [[{key}]] above it");
                problems.add(item.line, problem);
                None
            }
        });
        tables.collect()
    }

    /// Takes every key that is left, in the order of the lines.
    pub(super) fn take_rest(&mut self) -> Vec<(String, Entry)> {
        let mut rest: Vec<_> = std::mem::take(&mut self.entries).into_iter().collect();
        rest.sort_by_key(|(_, entry)| entry.line);
        rest
    }

    /// Adds a fault for each key that is left.
    pub(super) fn refuse_rest(mut self, known: &str, problems: &mut Problems) {
        for (key, entry) in self.take_rest() {
            problems.add(
                entry.line,
                format!("unknown key `{key}`; known are {known}"),
            );
        }
    }
}

/// A value that was read, with its line for later faults.
#[derive(Clone, Debug)]
pub(super) struct Line<T> {
    pub(super) line: usize,
    pub(super) value: T,
}

fn read_table(text: &str, line: usize, table: DeTable<'_>) -> Table {
    let entries = table.into_iter().map(|(key, value)| {
        let line = line_of(text, key.span().start);
        (key.into_inner().into_owned(), read_value(text, line, value))
    });
    Table {
        line,
        entries: entries.collect(),
    }
}

/// Reads a value. `line` is that of its key.
fn read_value(text: &str, line: usize, value: Spanned<DeValue<'_>>) -> Entry {
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(digits) => {
            Value::Integer(u64::from_str_radix(digits.as_str(), digits.radix()).ok())
        }
        DeValue::Float(digits) => Value::Fraction(digits.as_str().parse().ok()),
        DeValue::Boolean(flag) => Value::Flag(flag),
        DeValue::Datetime(_) => Value::Date,
        DeValue::Array(items) => {
            let items = items.into_iter().map(|item| {
                let line = line_of(text, item.span().start);
                read_value(text, line, item)
            });
            Value::List(items.collect())
        }
        DeValue::Table(table) => Value::Table(read_table(text, line, table)),
    };
    Entry { line, value }
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).matches('\n').count() + 1
}

//! People of a CSV file, and the template with its tags.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use clinspark_twilio::messenger::TimeZone;
use clinspark_twilio::outbox::{
    BatchId, NewMessage, Occurrence, Person, RecipientKey, Resolver, resolver_fn,
};
use clinspark_twilio::phone::Normalizer;
use clinspark_twilio::template::{Catalogue, Locale, MergeData, Sensitivity, Tag, Template};
use csv::{ByteRecord, ReaderBuilder};

use crate::failure::{Exit, Failure};
use crate::input::{self, LimitedLines};
use crate::settings::read_file;

/// Longest value of a merge tag, in characters.
const MAX_VALUE: usize = 320;

/// Digits of a number that a key may not repeat.
const TELLING_DIGITS: usize = 6;

/// File of people, and template.
#[derive(Args, Debug)]
pub(super) struct PeopleOptions {
    /// CSV file of people; its first row names the columns
    #[arg(long, value_name = "FILE")]
    people: PathBuf,
    /// Column with the key of each person, such as a record's ID; digits alone get its name in front
    #[arg(long, value_name = "COLUMN")]
    key: String,
    /// Column with the occasion, if a person has several rows
    #[arg(long, value_name = "COLUMN")]
    occurrence: Option<String>,
    /// Column with the number
    #[arg(long, value_name = "COLUMN", default_value = "number")]
    number: String,
    /// Column with each number's own country, such as AU or 61
    #[arg(long, value_name = "COLUMN")]
    country_column: Option<String>,
    /// Column with the language, such as en or es-MX
    #[arg(long, value_name = "COLUMN")]
    locale_column: Option<String>,
    /// Column with the time zone, such as Australia/Sydney
    #[arg(long, value_name = "COLUMN")]
    time_zone_column: Option<String>,
    /// Character between the fields
    #[arg(long, value_name = "CHARACTER", default_value = ",")]
    delimiter: char,
    /// File with the text, or LOCALE=FILE; once for each language, the default one first
    #[arg(long, value_name = "FILE", required = true)]
    template: Vec<String>,
    /// ID of the batch; by default the name of the template, so that the same command continues the same
    /// batch
    #[arg(long, value_name = "ID", value_parser = super::parse_batch)]
    batch: Option<BatchId>,
}

/// People and template of a batch, checked.
pub(super) struct Cohort {
    pub(super) batch: BatchId,
    pub(super) template: Template,
    /// In the order of the file.
    pub(super) keys: Vec<(RecipientKey, Occurrence)>,
    people: Arc<HashMap<(RecipientKey, Occurrence), Person>>,
}

impl Cohort {
    pub(super) fn messages(&self) -> Vec<NewMessage> {
        let keys = self.keys.iter().cloned();
        keys.map(|(key, occurrence)| NewMessage::new(key).occurrence(occurrence))
            .collect()
    }

    pub(super) fn has(&self, key: &(RecipientKey, Occurrence)) -> bool {
        self.people.contains_key(key)
    }

    /// Returns a resolver that knows the people of the file.
    pub(super) fn resolver(&self) -> impl Resolver + use<> {
        let people = Arc::clone(&self.people);
        resolver_fn(move |recipient, occurrence| {
            let person = people.get(&(recipient, occurrence)).cloned();
            async move { Ok(person) }
        })
    }
}

/// Columns of a file, by position.
struct Columns {
    key: usize,
    /// Name of that column, in the characters of a key: also if its position was given.
    key_name: String,
    occurrence: Option<usize>,
    number: usize,
    country: Option<usize>,
    locale: Option<usize>,
    zone: Option<usize>,
    /// Position and name of each tag of the template.
    tags: Vec<(usize, String)>,
}

impl PeopleOptions {
    /// Checks the template against the columns, and reads the people. `default` is the settings'
    /// country.
    pub(super) fn load(&self, default: Normalizer) -> Result<Cohort, Failure> {
        let path = self.people.display();
        let file = File::open(&self.people)
            .map_err(|error| Failure::usage(format!("cannot read {path}: {error}")))?;
        let mut reader = ReaderBuilder::new()
            .delimiter(input::delimiter(self.delimiter)?)
            .from_reader(LimitedLines::new(file));
        let headers = reader.byte_headers().map_err(input::csv_failure)?.clone();
        let template = self.template(&headers)?;
        let columns = self.columns(&headers, &template)?;
        let (mut keys, mut people) = (Vec::new(), HashMap::new());
        for (index, record) in reader.byte_records().enumerate() {
            let record = record.map_err(input::csv_failure)?;
            // The first row names the columns.
            let row = index + 2;
            let fault = |what: &str| Failure::usage(format!("{path}, row {row}: {what}"));
            let key = columns.key_of(&record).map_err(|what| fault(&what))?;
            let person = columns
                .person(&record, default)
                .map_err(|what| fault(&what))?;
            if people.insert(key.clone(), person).is_some() {
                return Err(fault(
                    "the key and occasion are those of an earlier row; remove one of the rows, or \
                     name the column that tells them apart by --occurrence",
                ));
            }
            keys.push(key);
        }
        if keys.is_empty() {
            return Err(Failure::usage(format!(
                "{path} has no people; write one in each row after the names of the columns"
            )));
        }
        let batch = match &self.batch {
            Some(batch) => batch.clone(),
            None => default_batch(&template)?,
        };
        let people = Arc::new(people);
        Ok(Cohort {
            batch,
            template,
            keys,
            people,
        })
    }

    fn template(&self, headers: &ByteRecord) -> Result<Template, Failure> {
        let faulty = |error: &dyn std::error::Error| Failure::of(Exit::Usage, error);
        let names = headers
            .iter()
            .filter_map(|name| std::str::from_utf8(name).ok());
        // A column whose name is no tag's, such as `Date of birth`, cannot be merged.
        let tags = names.filter_map(|name| Tag::text(name.trim(), Sensitivity::Personal).ok());
        let catalogue = Catalogue::new(tags.map(|tag| tag.max_chars(MAX_VALUE)));
        let catalogue = catalogue.map_err(|error| faulty(&error))?;
        let mut builder = None;
        for typed in &self.template {
            let (locale, file) = typed.split_once('=').unwrap_or(("en", typed));
            let locale = Locale::parse(locale).map_err(|error| faulty(&error))?;
            let text = read_file(Path::new(file))?;
            let text = text.strip_suffix('\n').unwrap_or(&text);
            let text = text.strip_suffix('\r').unwrap_or(text).to_owned();
            let template = builder.unwrap_or_else(|| Template::builder(name_of(file), 1));
            builder = Some(template.variant(locale, text));
        }
        let builder = builder.ok_or_else(|| Failure::usage("name a template"))?;
        builder.build(&catalogue).map_err(|error| faulty(&error))
    }

    fn columns(&self, headers: &ByteRecord, template: &Template) -> Result<Columns, Failure> {
        let find = |column: &str| input::position(headers, column);
        let optional = |column: &Option<String>| column.as_deref().map(find).transpose();
        let tags = template.tags().map(|tag| {
            let position = find(tag.name())?;
            Ok((position, tag.name().to_owned()))
        });
        let key = find(&self.key)?;
        let key_name = headers.get(key).unwrap_or_default().trim_ascii();
        Ok(Columns {
            key,
            key_name: in_key_characters(&String::from_utf8_lossy(key_name)),
            occurrence: optional(&self.occurrence)?,
            number: find(&self.number)?,
            country: optional(&self.country_column)?,
            locale: optional(&self.locale_column)?,
            zone: optional(&self.time_zone_column)?,
            tags: tags.collect::<Result<_, Failure>>()?,
        })
    }
}

impl Columns {
    /// Returns key and occasion of a row. Errors do not repeat the row.
    fn key_of(&self, record: &ByteRecord) -> Result<(RecipientKey, Occurrence), String> {
        let typed = field(record, self.key)?;
        let occasion = self.occurrence.map_or(Ok(""), |at| field(record, at))?;
        let number = digits(field(record, self.number)?);
        let tail = number.len().checked_sub(TELLING_DIGITS);
        let tail = tail.and_then(|start| number.get(start..));
        if tail.is_some_and(|tail| digits(typed).contains(tail) || digits(occasion).contains(tail))
        {
            return Err("the key repeats the number; name a column without it".to_owned());
        }
        let is_digits = !typed.is_empty() && typed.bytes().all(|digit| digit.is_ascii_digit());
        let key = if is_digits {
            RecipientKey::parse(&format!("{}-{typed}", self.key_name))
        } else {
            RecipientKey::parse(typed)
        };
        let key = key.map_err(|error| error.to_string())?;
        let occurrence = Occurrence::parse(occasion).map_err(|error| error.to_string())?;
        Ok((key, occurrence))
    }

    fn person(&self, record: &ByteRecord, default: Normalizer) -> Result<Person, String> {
        let typed = field(record, self.number)?;
        let country = self.country.map_or(Ok(""), |at| field(record, at))?;
        let number = if country.is_empty() {
            typed.to_owned()
        } else {
            let normalizer = input::normalizer(country, default).ok_or(
                "the country is neither two letters, such as AU, nor a calling code, such as 61",
            )?;
            // Checked again by the messenger, which refuses the empty text.
            let number = normalizer.normalize(typed);
            number.map_or_else(
                |_| String::new(),
                |number| number.e164().as_str().to_owned(),
            )
        };
        let mut data = MergeData::new();
        for (at, tag) in &self.tags {
            let value = field(record, *at)?;
            // A missing value refuses the text. An empty one would leave a gap in it.
            if !value.is_empty() {
                data = data.value(tag.as_str(), value);
            }
        }
        if let Some(text) = self.optional(record, self.locale)? {
            let locale = Locale::parse(text).map_err(|error| error.to_string())?;
            data = data.locale(locale);
        }
        let zone = match self.optional(record, self.zone)? {
            Some(text) => Some(TimeZone::parse(text).map_err(|error| error.to_string())?),
            None => None,
        };
        Ok(Person::new(number, data).time_zone(zone))
    }

    #[expect(clippy::unused_self, reason = "reads one of the columns")]
    fn optional<'r>(
        &self,
        record: &'r ByteRecord,
        at: Option<usize>,
    ) -> Result<Option<&'r str>, String> {
        let text = at.map(|at| field(record, at)).transpose()?;
        Ok(text.filter(|text| !text.is_empty()))
    }
}

/// Returns a field. The error names the column, and the caller names the row.
fn field(record: &ByteRecord, at: usize) -> Result<&str, String> {
    let field = record.get(at).unwrap_or_default();
    let text = std::str::from_utf8(field);
    let text =
        text.map_err(|_| format!("column {} is not UTF-8; save the file as UTF-8", at + 1))?;
    Ok(text.trim())
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Returns the name of a column such as `Subject ID`, in the characters of a key.
fn in_key_characters(name: &str) -> String {
    let is_valid = |c: char| c.is_ascii_alphanumeric() || "-_.:/".contains(c);
    name.chars()
        .map(|c| if is_valid(c) { c } else { '-' })
        .collect()
}

/// Returns the name of a template's file, in the characters of a template's name.
fn name_of(file: &str) -> String {
    let stem = Path::new(file).file_stem().and_then(|stem| stem.to_str());
    let name: String = stem
        .unwrap_or_default()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(48)
        .collect();
    let name = name.trim_matches('-');
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.to_owned()
    } else {
        format!("template-{name}")
    }
}

/// Returns the name of the template. Its texts are not part of the ID: after a correction of a text the same
/// command must not text those again who have the earlier one.
fn default_batch(template: &Template) -> Result<BatchId, Failure> {
    BatchId::parse(template.name()).map_err(|error| Failure::usage(error.to_string()))
}

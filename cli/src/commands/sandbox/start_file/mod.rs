//! Start file of `sandbox`: numbers, TwiML Apps, Messaging Services, people and faults in TOML.
//!
//! ```toml
//! [[apps]]
//! name = "Clinic"
//! sms_url = "http://localhost:8080/sms"
//! voice_url = "http://localhost:8080/voice"
//!
//! [[numbers]]
//! number = "+14155550100"
//! app = "Clinic"
//!
//! [[services]]
//! name = "Reminders"
//! numbers = ["+14155550100"]
//!
//! [[people]]
//! number = "+14155550123"
//! name = "Ana"
//! answer = "busy"
//!
//! [[faults]]
//! fault = "too_many_requests"
//! path = "/Messages"
//! times = 1
//! ```
//!
//! Every other key of an app, a number or a service is a parameter of Twilio in snake case.

mod apply;
mod faults;
mod people;
mod settings;
mod table;

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::FaultRule;

use crate::failure::Failure;
use people::Person;
use settings::Setting;
use table::{Entry, Line, Problems, Table, Value};

/// Longest file that is read: 1 MiB.
const MAX_BYTES: u64 = 1024 * 1024;

/// Contents of the account when the sandbox starts.
#[derive(Debug)]
pub(super) struct StartFile {
    /// Name of the file, for faults that Twilio's rules find later.
    name: String,
    apps: Vec<Named>,
    numbers: Vec<AccountNumber>,
    services: Vec<Service>,
    people: Vec<Person>,
    faults: Vec<Line<FaultRule>>,
}

/// A TwiML App, or the name and settings of a Messaging Service.
#[derive(Debug)]
struct Named {
    name: Line<String>,
    settings: Vec<Setting>,
}

#[derive(Debug)]
struct AccountNumber {
    number: Line<E164>,
    /// Name of the app that answers texts and calls.
    app: Option<Line<String>>,
    settings: Vec<Setting>,
}

/// A Messaging Service.
#[derive(Debug)]
struct Service {
    named: Named,
    /// Sender pool.
    numbers: Vec<Line<E164>>,
}

/// Reads a start file. The failure names every fault with its line.
pub(super) fn read(path: &Path) -> Result<StartFile, Failure> {
    let name = path.display().to_string();
    let unreadable = |error| Failure::usage(format!("{name} cannot be read: {error}"));
    let mut bytes = Vec::new();
    // Counted while it is read: a device or a pipe has no length.
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_BYTES) {
        return Err(Failure::usage(format!("{name} is longer than 1 MiB")));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::usage(format!("{name} cannot be read: it is not text in UTF-8")))?;
    let mut problems = Problems::default();
    let root = Table::parse(&text, &mut problems);
    let start = root.map(|root| StartFile::read(name.clone(), root, &mut problems));
    check(&name, problems)?;
    start.ok_or_else(|| Failure::usage(format!("{name} is no TOML file")))
}

/// Returns the faults as a failure, if there are any.
fn check(name: &str, problems: Problems) -> Result<(), Failure> {
    match problems.describe() {
        None => Ok(()),
        Some(lines) => Err(Failure::usage(format!("{name} cannot be used:{lines}"))),
    }
}

impl StartFile {
    fn read(name: String, mut root: Table, problems: &mut Problems) -> Self {
        let apps = root.take_tables("apps", problems);
        let numbers = root.take_tables("numbers", problems);
        let services = root.take_tables("services", problems);
        let people = root.take_tables("people", problems);
        let faults = root.take_tables("faults", problems);
        root.refuse_rest("apps, numbers, services, people, faults", problems);
        let apps = read_each(apps, problems, read_named);
        let numbers = read_each(numbers, problems, read_number);
        let services = read_each(services, problems, read_service);
        Self {
            name,
            apps,
            numbers,
            services,
            people: read_each(people, problems, people::read),
            faults: read_each(faults, problems, faults::read),
        }
    }
}

fn read_each<T>(
    tables: Vec<Table>,
    problems: &mut Problems,
    read: fn(Table, &mut Problems) -> Option<T>,
) -> Vec<T> {
    let read = tables.into_iter().filter_map(|table| read(table, problems));
    read.collect()
}

fn read_named(mut table: Table, problems: &mut Problems) -> Option<Named> {
    let name = table.require_text("name", problems);
    let settings = settings::read(table, problems);
    Some(Named {
        name: name?,
        settings,
    })
}

fn read_number(mut table: Table, problems: &mut Problems) -> Option<AccountNumber> {
    let number = table.require_text("number", problems);
    let number = number.and_then(|number| parse_number(&number, problems));
    let app = table.take_text("app", problems);
    let settings = settings::read(table, problems);
    Some(AccountNumber {
        number: number?,
        app,
        settings,
    })
}

fn read_service(mut table: Table, problems: &mut Problems) -> Option<Service> {
    let pool = table.take("numbers").map_or_else(Vec::new, |entry| {
        let Entry { line, value } = entry;
        let Value::List(items) = value else {
            problems.add(line, "`numbers` is no list; write it as [\"+14155550100\"]");
            return Vec::new();
        };
        let numbers = items.into_iter().filter_map(|item| {
            let line = item.line;
            let value = item.into_text("numbers", problems)?;
            parse_number(&Line { line, value }, problems)
        });
        numbers.collect()
    });
    Some(Service {
        named: read_named(table, problems)?,
        numbers: pool,
    })
}

/// Parses a number. The fault does not repeat it.
fn parse_number(number: &Line<String>, problems: &mut Problems) -> Option<Line<E164>> {
    let line = number.line;
    match super::parse_number(&number.value) {
        Ok(value) => Some(Line { line, value }),
        Err(problem) => {
            problems.add(line, problem);
            None
        }
    }
}

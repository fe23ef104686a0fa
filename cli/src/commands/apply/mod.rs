//! `apply`: makes the changes of a plan, and records how to undo them.

use std::fmt;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args;
use clinspark_twilio::clinspark::{Plan, Setup, Undo};
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::output::{Output, confirm, print_remark};
use crate::settings::SettingsSource;

mod demo;

/// Makes the changes that `plan` lists, and records how to undo them
#[derive(Args, Debug)]
#[command(after_help = "\
FILE must not exist yet, because each run that changes something needs its own record. It contains the
account's previous URLs: protect it as you protect the settings.

Examples:
  clinspark-twilio apply --record undo.json
  clinspark-twilio apply --demo")]
pub(crate) struct Options {
    #[command(flatten)]
    source: SettingsSource,
    /// Records in this new file how to undo the changes; without it, they can be undone by hand only
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Does not ask for confirmation
    #[arg(long)]
    yes: bool,
    /// Plans, applies and undoes on a sandbox account instead
    #[arg(long, conflicts_with_all = ["record", "yes"])]
    demo: bool,
}

/// State of the account after the changes.
#[derive(Serialize)]
struct Answer<'a> {
    application: String,
    number: String,
    created: bool,
    changed: bool,
    plan: &'a Plan,
    record: Option<PathBuf>,
    /// Steps that undo the changes. The record holds the data for them.
    #[serde(serialize_with = "serialize_text")]
    undo: Undo,
}

fn serialize_text<S: serde::Serializer>(undo: &Undo, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(undo)
}

impl fmt::Display for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.changed {
            writeln!(f, "{}", self.undo)?;
        }
        if let Some(record) = &self.record {
            writeln!(f, "record: {}", record.display())?;
        }
        write!(f, "Application SID for ClinSpark: {}", self.application)
    }
}

pub(crate) async fn run(options: Options, output: Output) -> Result<Exit, Failure> {
    if options.demo {
        return demo::run(output).await;
    }
    let (settings, messenger) = options.source.connect_for_setup().await?;
    let setup = Setup::new(&settings, messenger.client());
    let plan = setup.plan().await?;
    output.progress(&plan.to_string())?;
    if !plan.is_empty() && !options.yes && !confirm("apply these changes?")? {
        print_remark("nothing was changed");
        return Ok(Exit::No);
    }
    // Created before the first change: without a record, the changes could not be undone.
    let file = options.record.filter(|_| !plan.is_empty());
    let record = file.as_deref().map(new_file).transpose()?;
    apply(setup, &plan, record.zip(file), output).await
}

async fn apply(
    setup: Setup<'_>,
    plan: &Plan,
    record: Option<(File, PathBuf)>,
    output: Output,
) -> Result<Exit, Failure> {
    let done = setup.apply(plan).await;
    let undo = match &done {
        Ok(done) => Some(&done.undo),
        Err(error) => error.undo(),
    };
    let file = write_record(record, undo)?;
    let done = match done {
        Ok(done) => done,
        Err(error) => {
            if let Some(undo) = error.undo() {
                print_remark(&undo.to_string());
            }
            return Err(error.into());
        }
    };
    output.print(&Answer {
        application: done.application.to_string(),
        number: done.number.to_string(),
        created: done.created,
        changed: done.changed,
        plan,
        record: file,
        undo: done.undo,
    })?;
    Ok(Exit::Fine)
}

/// Writes the record, or removes its file if there is nothing to undo.
fn write_record(
    record: Option<(File, PathBuf)>,
    undo: Option<&Undo>,
) -> Result<Option<PathBuf>, Failure> {
    let Some((file, path)) = record else {
        return Ok(None);
    };
    let Some(undo) = undo else {
        std::fs::remove_file(path)?;
        return Ok(None);
    };
    serde_json::to_writer_pretty(file, undo).map_err(|error| {
        // The only trace of what was changed.
        print_remark(&undo.to_string());
        let path = path.display();
        Failure::usage(format!(
            "the account was changed, but {path} cannot be written: {error}; undo the steps above by \
             hand"
        ))
    })?;
    Ok(Some(path))
}

/// Creates a file that only its owner can read. An existing file is not replaced, because it may be
/// the only record of an earlier run that failed.
fn new_file(path: &Path) -> Result<File, Failure> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| {
        let path = path.display();
        Failure::usage(match error.kind() {
            ErrorKind::AlreadyExists => format!(
                "{path} already exists and may be needed to undo an earlier run; name another \
                 file, and undo the newest run first"
            ),
            _ => format!("cannot create {path}: {error}"),
        })
    })
}

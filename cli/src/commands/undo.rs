//! `undo`: reverts the changes of one run of `apply`.

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use clinspark_twilio::clinspark::{Setup, Undo};
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::output::{Output, confirm, print_remark};
use crate::settings::{SettingsSource, json_failure, read_file};

/// Reverts the changes that `apply` recorded in a file
#[derive(Args, Debug)]
#[command(after_help = "\
Of several records, undo the newest first.

Example:
  clinspark-twilio undo undo.json")]
pub(crate) struct Options {
    #[command(flatten)]
    source: SettingsSource,
    /// File that `apply --record` wrote
    file: PathBuf,
    /// Does not ask for confirmation
    #[arg(long)]
    yes: bool,
}

#[derive(Serialize)]
struct Answer {
    undone: bool,
    changes: String,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.undone {
            "undone"
        } else {
            "nothing to undo"
        })
    }
}

pub(crate) async fn run(options: Options, output: Output) -> Result<Exit, Failure> {
    let text = read_file(&options.file)?;
    let undo: Undo =
        serde_json::from_str(&text).map_err(|error| json_failure(&options.file, &error))?;
    let (settings, messenger) = options.source.connect()?;
    output.progress(&undo.to_string())?;
    if !undo.is_empty() {
        if !options.yes && !confirm("undo these changes?")? {
            print_remark("nothing was changed");
            return Ok(Exit::No);
        }
        Setup::new(&settings, messenger.client())
            .undo(&undo)
            .await?;
    }
    output.print(&Answer {
        undone: !undo.is_empty(),
        changes: undo.to_string(),
    })?;
    Ok(Exit::Fine)
}

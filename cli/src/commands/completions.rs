//! `completions`: prints the completion script of a shell.

use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};

use crate::arguments::Arguments;
use crate::failure::{Exit, Failure};
use crate::output::print_line;

/// Prints the completion script of a shell
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  clinspark-twilio completions bash > /etc/bash_completion.d/clinspark-twilio")]
pub(crate) struct Options {
    /// Shell of the script
    shell: Shell,
}

pub(crate) fn run(options: &Options) -> Result<Exit, Failure> {
    let mut command = Arguments::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    generate(options.shell, &mut command, name, &mut script);
    print_line(String::from_utf8_lossy(&script).trim_end())?;
    Ok(Exit::Fine)
}

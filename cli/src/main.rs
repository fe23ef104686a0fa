//! `clinspark-twilio`: checks, sets up and tries an instance's Twilio account.
//!
//! Each command is a file of `commands`: it parses its arguments, calls the library, and prints a
//! value that has a form for people and a form for scripts.

mod arguments;
mod commands;
mod failure;
mod input;
mod output;
mod private_file;
mod settings;

use std::process::ExitCode;

use arguments::Arguments;
use output::Output;

fn main() -> ExitCode {
    // Prints errors of the arguments itself, with exit code 2.
    let arguments = Arguments::from_command_line();
    let output = Output::new(arguments.json);
    let done = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime.block_on(commands::run(arguments.command, output)),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output::print_failure(&failure);
            failure.exit().into()
        }
    }
}

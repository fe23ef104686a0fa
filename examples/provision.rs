//! Sets an account up for an instance: plans the changes, applies them, undoes them.
//!
//! A demonstration on a sandbox account, without a network:
//!
//!     cargo run --example provision --features sandbox -- --demo
//!
//! On a live account, with the variables set that `clinspark::Setting` documents:
//!
//!     provision                            prints the planned changes, and changes nothing
//!     provision --apply [--keep FILE]      applies the changes; FILE records how to undo them
//!     provision --undo FILE                undoes the changes
//!
//! FILE must not exist yet, because each run that changes something needs its own record. FILE
//! contains the account's previous URLs: protect it as you protect the settings. The exit code is 1
//! after an error.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for people to read"
)]

use std::error::Error;
use std::fs::File;
use std::io::ErrorKind;
use std::process::ExitCode;

use clinspark_twilio::client::applications::FetchApplication;
use clinspark_twilio::clinspark::{Plan, Settings, Setup, Undo};
use clinspark_twilio::messenger::Messenger;
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::Sandbox;

const USAGE: &str = "provision [--demo | --apply [--keep FILE] | --undo FILE]";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["--demo"] => demo().await,
        [] => run(Command::Plan).await,
        ["--apply"] => run(Command::Apply(None)).await,
        ["--apply", "--keep", file] => run(Command::Apply(Some(file))).await,
        ["--undo", file] => run(Command::Undo(file)).await,
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print_error(&*error);
            ExitCode::FAILURE
        }
    }
}

/// Prints an error and its causes.
fn print_error(error: &dyn Error) {
    eprintln!("provision: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        eprintln!("  because: {cause}");
        source = cause.source();
    }
}

enum Command<'a> {
    Plan,
    Apply(Option<&'a str>),
    Undo(&'a str),
}

async fn run(command: Command<'_>) -> Result<(), Box<dyn Error>> {
    let (settings, messenger) = connect().await?;
    let setup = Setup::new(&settings, messenger.client());
    match command {
        Command::Plan => println!("{}", setup.plan().await?),
        Command::Apply(file) => apply(setup, file).await?,
        Command::Undo(file) => {
            let undo: Undo = serde_json::from_slice(&std::fs::read(file)?)?;
            println!("{undo}");
            setup.undo(&undo).await?;
            println!("undone");
        }
    }
    Ok(())
}

pub(crate) async fn apply(setup: Setup<'_>, file: Option<&str>) -> Result<(), Box<dyn Error>> {
    let plan = setup.plan().await?;
    println!("{plan}");
    // Created before the first change: without a record, the changes could not be undone.
    let file = file.filter(|_| !plan.is_empty());
    let record = file.map(new_file).transpose()?;
    let done = setup.apply(&plan).await;
    let undo = match &done {
        Ok(done) => Some(&done.undo),
        Err(error) => error.undo(),
    };
    if let Some(undo) = undo {
        println!("{undo}");
    }
    match (record, undo, file) {
        (Some(record), Some(undo), _) => serde_json::to_writer_pretty(record, undo)?,
        (Some(_), None, Some(file)) => std::fs::remove_file(file)?,
        _ => {}
    }
    println!("Application SID for ClinSpark: {}", done?.application);
    Ok(())
}

/// Loads the settings. Missing webhook paths are taken from the TwiML App, if one is set. The plan
/// then also fits an instance that was set up by hand.
async fn connect() -> Result<(Settings, Messenger), Box<dyn Error>> {
    let settings = Settings::from_env()?;
    let messenger = settings.messenger()?;
    let Some(application) = settings.application_sid() else {
        return Ok((settings, messenger));
    };
    let fetch = FetchApplication::new(application);
    // If the app cannot be read, the plan names the cause and the setting to check.
    let Ok(app) = messenger.client().execute(fetch).await else {
        return Ok((settings, messenger));
    };
    let paths = app.webhook_paths(settings.origin());
    Ok((settings.with_missing_paths(&paths), messenger))
}

/// Creates a file that only its owner can read. An existing file is not replaced, because it may be
/// the only record of an earlier run that failed.
fn new_file(path: &str) -> Result<File, Box<dyn Error>> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => format!(
            "{path} already exists and may be needed to undo an earlier run; name another file, \
             and undo the newest run first"
        ),
        _ => format!("cannot create {path}: {error}"),
    });
    Ok(file?)
}

/// Runs every step on a new account, whose number is in a Messaging Service that drops replies.
async fn demo() -> Result<(), Box<dyn Error>> {
    let twilio = Sandbox::start().await?;
    let number = E164::parse("+61255501234")?;
    let owned = twilio.add_number(number);
    let service = twilio.add_service(&[("FriendlyName", "Clinic")])?;
    twilio.add_number_to_service(service, owned)?;
    let settings = Settings::builder()
        .domain("demo")
        .account_sid(twilio.account_sid().as_str())
        .auth_token(twilio.auth_token().expose())
        .number(number.as_str())
        .messaging_service_sid(service.as_str())
        .default_country_prefix("61")
        .voice_path("/hooks/voice")
        .call_status_path("/hooks/call-status")
        .message_path("/hooks/message")
        .message_status_path("/hooks/message-status")
        .delivery("off")
        .build()?;
    let messenger = settings
        .messenger_builder()
        .client(|client| client.base_url(twilio.base_url()))
        .build()?;
    run_demo(Setup::new(&settings, messenger.client())).await?;
    Ok(())
}

async fn run_demo(setup: Setup<'_>) -> Result<(), Box<dyn Error>> {
    let plan = setup.plan().await?;
    println!("{plan}\n");
    let done = setup.apply(&plan).await?;
    println!("Application SID for ClinSpark: {}\n", done.application);
    let second = setup.plan().await?;
    println!("{second}\n");
    println!("{}\n", done.undo);
    setup.undo(&done.undo).await?;
    let third = setup.plan().await?;
    let steps = |plan: &Plan| plan.steps().len();
    println!(
        "provision: {} planned={} left={} after_undo={}",
        if second.is_empty() && third == plan {
            "ok"
        } else {
            "differs"
        },
        steps(&plan),
        steps(&second),
        steps(&third)
    );
    if second.is_empty() && third == plan {
        Ok(())
    } else {
        Err("the second or the third plan is not as expected".into())
    }
}

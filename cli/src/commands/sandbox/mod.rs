//! `sandbox`: a local Twilio for clients in every language, until it is told to stop.

mod account_check;
mod announcement;
#[cfg(feature = "start-file")]
mod start_file;
mod state_file;

use std::error::Error as _;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::{AnswerBehavior, ClockMode, Sandbox};
use clinspark_twilio::types::{AccountSid, AuthToken};

use crate::failure::{Exit, Failure};
use crate::output::Output;
use announcement::Announcement;
use state_file::StateFile;

/// Invented account SID, the same in each run, so that snippets and `.env` files stay valid.
const ACCOUNT_SID: &str = "AC0123456789abcdef0123456789abcdef";
/// Invented auth token. It is public, so it protects nothing.
const AUTH_TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// A number that is reserved for fiction.
const NUMBER: &str = "+14155550100";

/// Runs a local Twilio for tests: REST API, signed webhooks and simulated phones; no account, no
/// network
#[derive(Args, Debug)]
#[command(after_help = "\
Any client of Twilio's API can use it: replace https://api.twilio.com with the URL that is printed
first, and https://messaging.twilio.com with URL/messaging, or with http://messaging.localhost:PORT.
Pages for Python, Node, Java, Go, C#, Ruby, PHP and curl are in the documentation of the library:
`guide::sandbox`.

In a container, each option is read from its environment variable: --bind 0.0.0.0, and --allow-host
with host and port as clients write them, such as localhost:8600 for a forwarded port. Whoever
reaches the port then controls the sandbox.

Data is kept in memory, and with --state in a file: two seconds after a change, and at the end. The
start file is then read in the first run only. Calls in progress are saved as ended; faults and the
log of requests are not saved. Ctrl-C or SIGTERM ends the program with exit code 0.

Examples:
  clinspark-twilio sandbox
  clinspark-twilio sandbox --sms-url http://localhost:8080/sms --voice-url http://localhost:8080/voice
  clinspark-twilio sandbox --port 0 --clock instant --json")]
pub(crate) struct Options {
    /// Port of the server; 0 stands for a free one
    #[arg(
        long,
        default_value_t = 4600,
        env = "CLINSPARK_SANDBOX_PORT",
        hide_env_values = true
    )]
    port: u16,
    /// Address on which the server listens; 0.0.0.0 in a container
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST),
        env = "CLINSPARK_SANDBOX_BIND",
        hide_env_values = true
    )]
    bind: IpAddr,
    /// Further host by which clients name the server, such as `twilio` or `localhost:8600`; may be
    /// repeated
    #[arg(
        long,
        value_name = "NAME",
        value_delimiter = ',',
        env = "CLINSPARK_SANDBOX_ALLOW_HOST",
        hide_env_values = true
    )]
    allow_host: Vec<String>,
    /// SID of the invented account
    #[arg(
        long,
        value_name = "SID",
        default_value = ACCOUNT_SID,
        value_parser = parse_account_sid,
        env = "CLINSPARK_SANDBOX_ACCOUNT_SID",
        hide_env_values = true
    )]
    account_sid: AccountSid,
    /// Auth token of the invented account, never that of a real one. The default is public: choose
    /// another if strangers reach the webhooks of your application
    #[arg(
        long,
        value_name = "TOKEN",
        default_value = AUTH_TOKEN,
        value_parser = parse_auth_token,
        env = "CLINSPARK_SANDBOX_AUTH_TOKEN",
        hide_env_values = true
    )]
    auth_token: AuthToken,
    /// Number of the account in E.164; may be repeated. Default `+14155550100`, unless the start
    /// file has numbers
    #[arg(
        long,
        value_delimiter = ',',
        value_parser = parse_number,
        env = "CLINSPARK_SANDBOX_NUMBER",
        hide_env_values = true
    )]
    number: Vec<E164>,
    /// Host beyond this machine to which webhooks may be sent, such as `host.docker.internal` or
    /// `app=172.18.0.2`; may be repeated
    #[arg(
        long,
        value_name = "NAME[=ADDRESS]",
        value_delimiter = ',',
        value_parser = parse_webhook_host,
        env = "CLINSPARK_SANDBOX_WEBHOOK_HOST",
        hide_env_values = true
    )]
    webhook_host: Vec<(String, Option<IpAddr>)>,
    /// URL that answers texts to the numbers of `--number`
    #[arg(
        long,
        value_name = "URL",
        env = "CLINSPARK_SANDBOX_SMS_URL",
        hide_env_values = true
    )]
    sms_url: Option<String>,
    /// URL that answers calls to the numbers of `--number`
    #[arg(
        long,
        value_name = "URL",
        env = "CLINSPARK_SANDBOX_VOICE_URL",
        hide_env_values = true
    )]
    voice_url: Option<String>,
    /// URL that learns the end of calls to the numbers of `--number`
    #[arg(
        long,
        value_name = "URL",
        env = "CLINSPARK_SANDBOX_STATUS_CALLBACK",
        hide_env_values = true
    )]
    status_callback: Option<String>,
    // A person at a phone needs time to answer, and sees a text arrive after it was sent. A test
    // chooses `instant`.
    /// Passage of time
    #[arg(
        long,
        value_name = "MODE",
        default_value = "real",
        env = "CLINSPARK_SANDBOX_CLOCK",
        hide_env_values = true
    )]
    clock: Clock,
    /// Number of messages, calls, recordings, webhooks and alerts that are kept, each
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 10_000,
        env = "CLINSPARK_SANDBOX_HISTORY",
        hide_env_values = true
    )]
    history: usize,
    /// TOML file with numbers, TwiML Apps, Messaging Services, people and faults
    #[cfg(feature = "start-file")]
    #[arg(
        long,
        value_name = "FILE",
        env = "CLINSPARK_SANDBOX_START",
        hide_env_values = true
    )]
    start: Option<PathBuf>,
    /// JSON file in which the state is kept from one run to the next, also if the program is killed
    #[arg(
        long,
        value_name = "FILE",
        env = "CLINSPARK_SANDBOX_STATE",
        hide_env_values = true
    )]
    state: Option<PathBuf>,
}

/// Passage of time in the sandbox.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Clock {
    /// Pauses pass at once, and timeouts come when the clock is advanced; for tests
    Instant,
    /// As at Twilio: a phone rings, and speech takes its time; for people
    Real,
    /// Time stands still until the clock is advanced
    Held,
}

impl From<Clock> for ClockMode {
    fn from(clock: Clock) -> Self {
        match clock {
            Clock::Instant => Self::Instant,
            Clock::Real => Self::RealTime,
            Clock::Held => Self::Held,
        }
    }
}

pub(crate) async fn run(options: Options, output: Output) -> Result<Exit, Failure> {
    #[cfg(feature = "start-file")]
    let start = options.start.as_deref().map(start_file::read).transpose()?;
    // Listens before the server starts, so that no signal is missed.
    let stopped = Stop::new()?;
    let state = options.state.as_deref().map(StateFile::lock).transpose()?;
    let sandbox = Arc::new(serve(&options).await?);
    let is_loaded = match &state {
        Some(state) => state.load(&sandbox).await?,
        None => false,
    };
    #[cfg(not(feature = "start-file"))]
    let _ = is_loaded;
    #[cfg(feature = "start-file")]
    if let Some(start) = start
        && !is_loaded
    {
        start.apply(&sandbox)?;
    }
    add_numbers(&sandbox, &options)?;
    // Begins before the first save, so that no change falls between the two.
    let changes = sandbox.changes();
    if let Some(state) = &state {
        // A file that cannot be written is a fault now, not after a day of work.
        state.save(&sandbox).await?;
    }
    sandbox.open();
    let announcement = Announcement::new(&sandbox, !options.bind.is_loopback());
    output.print_rows([Ok(announcement)])?;
    match &state {
        Some(state) => state.keep(&sandbox, changes, stopped.wait()).await?,
        None => stopped.wait().await,
    }
    Ok(Exit::Fine)
}

async fn serve(options: &Options) -> Result<Sandbox, Failure> {
    let mut builder = Sandbox::builder()
        .port(options.port)
        .bind(options.bind)
        .account_sid(options.account_sid)
        .auth_token(options.auth_token.clone())
        .clock(options.clock.into())
        .history_limit(options.history)
        // A person plays the phones on the page, and cannot know beforehand which will be called.
        .unknown_phones(AnswerBehavior::Ring)
        // Whoever asks `/health` may then use the numbers.
        .closed();
    // The client speaks plain HTTP to loopback only.
    if options.bind.is_loopback() || options.bind.is_unspecified() {
        builder = builder.account_check(account_check::run);
    }
    for host in &options.allow_host {
        builder = builder.allow_host(host);
    }
    for (host, address) in &options.webhook_host {
        builder = builder.webhook_host(host, *address);
    }
    // A port in use and a malformed host are faults of the options.
    builder.start().await.map_err(|error| {
        let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
        match cause.map(io::Error::kind) {
            Some(io::ErrorKind::AddrInUse) => Failure::usage(format!(
                "port {} is in use, perhaps by another sandbox; end that program, or choose another port, such as \
                 `--port {}`",
                options.port,
                options.port.checked_add(1).unwrap_or(4600)
            )),
            _ => Failure::of(Exit::Usage, &error),
        }
    })
}

/// Adds the numbers of the options: the default one if the account has none or has it already.
fn add_numbers(sandbox: &Sandbox, options: &Options) -> Result<(), Failure> {
    let settings: Vec<(&str, &str)> = [
        ("SmsUrl", &options.sms_url),
        ("VoiceUrl", &options.voice_url),
        ("StatusCallback", &options.status_callback),
    ]
    .into_iter()
    .filter_map(|(name, url)| Some((name, url.as_deref()?)))
    .collect();
    let mut numbers = options.number.clone();
    if numbers.is_empty() {
        let default = parse_number(NUMBER).map_err(Failure::usage)?;
        let owned = sandbox.numbers();
        if owned.is_empty() || owned.iter().any(|owned| owned.number == default) {
            numbers.push(default);
        } else if !settings.is_empty() {
            return Err(Failure::usage(
                "--sms-url, --voice-url and --status-callback are for the numbers of --number; add \
                 one, or write the URLs into the start file",
            ));
        }
    }
    for number in numbers {
        let sid = sandbox.add_number(number);
        sandbox
            .configure_number(sid, &settings)
            .map_err(|error| Failure::of(Exit::Usage, &error))?;
    }
    Ok(())
}

/// Waits for an interrupt or a request to end.
struct Stop {
    #[cfg(unix)]
    terminated: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupted: tokio::signal::unix::Signal,
}

impl Stop {
    #[cfg(unix)]
    fn new() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminated: signal(SignalKind::terminate())?,
            interrupted: signal(SignalKind::interrupt())?,
        })
    }

    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "fails on other systems")]
    const fn new() -> Result<Self, Failure> {
        Ok(Self {})
    }

    #[cfg(unix)]
    async fn wait(mut self) {
        tokio::select! {
            _ = self.terminated.recv() => {}
            _ = self.interrupted.recv() => {}
        }
    }

    #[cfg(not(unix))]
    async fn wait(self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

fn parse_account_sid(text: &str) -> Result<AccountSid, String> {
    AccountSid::parse(text).map_err(|error| error.to_string())
}

fn parse_auth_token(text: &str) -> Result<AuthToken, String> {
    AuthToken::new(text).map_err(|error| error.to_string())
}

fn parse_number(text: &str) -> Result<E164, String> {
    E164::parse(text).map_err(|error| format!("{error}; write it as +14155550100"))
}

fn parse_webhook_host(text: &str) -> Result<(String, Option<IpAddr>), String> {
    let Some((name, address)) = text.split_once('=') else {
        return Ok((text.to_owned(), None));
    };
    let address = address
        .parse()
        .map_err(|_| "after `=` an IP address is expected, such as 172.18.0.2".to_owned())?;
    Ok((name.to_owned(), Some(address)))
}

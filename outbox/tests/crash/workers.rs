//! Worker processes: this binary, started again with the test below.

use std::io::Read as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::process::{Child, ChildStdin, Command};
use tokio::signal::unix::{SignalKind, signal};

use crate::common::{Clinic, Point, Probed, open, outbox};

/// Texts that a worker has in progress at most, unless set.
pub(crate) const SLOTS: u64 = 4;

/// Environment of a worker process: address of the database, API, account, token, number, slots and
/// duty.
const WORKER: &str = "OUTBOX_CRASH_WORKER";

/// What a worker process does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Duty {
    /// Sends until SIGTERM.
    Run,
    /// Sends what is due, and ends.
    Drain,
    /// Sends until it has reached a point so often, and aborts there.
    Crash(Point, u64),
}

impl Duty {
    fn text(self) -> String {
        match self {
            Self::Run => "run".to_owned(),
            Self::Drain => "drain".to_owned(),
            Self::Crash(point, times) => format!("{point:?} {times}"),
        }
    }

    fn parse(words: &[&str]) -> Self {
        match words {
            ["run"] => Self::Run,
            ["drain"] => Self::Drain,
            [point, times] => Self::Crash(Point::parse(point).unwrap(), times.parse().unwrap()),
            _ => panic!("{words:?}"),
        }
    }
}

/// Runs a worker if this process is one. Otherwise it has nothing to do.
#[tokio::test]
async fn process() {
    let Ok(arguments) = std::env::var(WORKER) else {
        return;
    };
    // First of all: a process that is ended by the signal itself has claimed nothing.
    let mut terminated = signal(SignalKind::terminate()).unwrap();
    std::thread::spawn(|| {
        // Ends with the test, however that ends.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(1);
    });
    let words: Vec<_> = arguments.split(' ').collect();
    let ([address, api, account, token, number, slots], duty) = words.split_first_chunk().unwrap();
    let settings = clinspark_twilio::Settings::builder()
        .domain("clinic.example.com")
        .account_sid(*account)
        .auth_token(*token)
        .base_url(*api)
        .delivery("live")
        .default_phone_region("AU")
        .number(*number)
        .build()
        .unwrap();
    let duty = Duty::parse(duty);
    let reached = AtomicU64::new(0);
    let store = Probed::new(open(address).await, move |at| {
        if let Duty::Crash(point, times) = duty
            && point == at
            && reached.fetch_add(1, Ordering::SeqCst) + 1 == times
        {
            std::process::abort();
        }
        Box::pin(std::future::ready(()))
    });
    let outbox = outbox(store, &settings).concurrency(slots.parse().unwrap());
    let outbox = outbox.build();
    if let Duty::Drain = duty {
        outbox.drain(u64::MAX).await.unwrap();
        return;
    }
    let shutdown = async move {
        terminated.recv().await;
    };
    outbox.run(shutdown).await.unwrap();
}

/// Worker processes of a clinic. They are killed when this is dropped.
pub(crate) struct Workers {
    arguments: String,
    slots: u64,
    /// Each with its input, whose end it does not survive.
    running: Vec<(Child, ChildStdin)>,
}

impl Workers {
    pub(crate) fn new(clinic: &Clinic) -> Self {
        let arguments = [
            clinic.database.address(),
            clinic.sandbox.base_url().to_owned(),
            clinic.sandbox.account_sid().to_string(),
            clinic.sandbox.auth_token().expose().to_owned(),
            clinic.number.as_str().to_owned(),
        ];
        Self {
            arguments: arguments.join(" "),
            slots: SLOTS,
            running: Vec::new(),
        }
    }

    /// Sets the number of texts that each worker has in progress at most.
    pub(crate) fn slots(mut self, slots: u64) -> Self {
        self.slots = slots;
        self
    }

    pub(crate) fn start(&mut self, duty: Duty) {
        let arguments = format!("{} {} {}", self.arguments, self.slots, duty.text());
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "workers::process", "--nocapture"])
            .env(WORKER, arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let mut child = child.unwrap();
        let input = child.stdin.take().unwrap();
        self.running.push((child, input));
    }

    /// Kills one worker without a chance to finish, and starts another.
    pub(crate) async fn replace(&mut self, which: usize) {
        let (mut child, _) = self.running.remove(which);
        child.kill().await.unwrap();
        self.start(Duty::Run);
    }

    /// Kills all workers without a chance to finish.
    pub(crate) async fn kill(&mut self) {
        for (mut child, _) in self.running.drain(..) {
            child.kill().await.unwrap();
        }
    }

    /// Asks all workers to end, and returns the number of those that had begun.
    pub(crate) async fn terminate(&mut self) -> usize {
        for (child, _) in &self.running {
            let process = child.id().unwrap().to_string();
            let mut kill = Command::new("sh");
            kill.args(["-c", "kill -TERM \"$0\"", &process]);
            assert!(kill.status().await.unwrap().success());
        }
        let mut begun = 0;
        for status in self.wait().await {
            let is_too_early = status.signal() == Some(SignalKind::terminate().as_raw_value());
            assert!(status.success() || is_too_early, "{status}");
            begun += usize::from(status.success());
        }
        begun
    }

    /// Waits until all workers have ended, and returns their statuses.
    pub(crate) async fn wait(&mut self) -> Vec<ExitStatus> {
        let mut statuses = Vec::new();
        for (mut child, _input) in self.running.drain(..) {
            let status = tokio::time::timeout(Duration::from_secs(120), child.wait()).await;
            statuses.push(status.unwrap().unwrap());
        }
        statuses
    }
}

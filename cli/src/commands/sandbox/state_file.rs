//! State of a sandbox that is kept in a file from one run to the next.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clinspark_twilio::sandbox::Sandbox;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::failure::{Exit, Failure};
use crate::output::print_remark;

/// Time between a change and the save that contains it, so that many changes are saved at once.
const DELAY: Duration = Duration::from_secs(2);

/// File with the saved state. It contains numbers and texts, so only its owner can read it.
#[derive(Debug)]
pub(super) struct StateFile(PathBuf);

impl StateFile {
    pub(super) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Loads the state. Returns `false` if the file does not exist yet.
    pub(super) async fn load(&self, sandbox: &Sandbox) -> Result<bool, Failure> {
        let saved = match fs::read_to_string(&self.0) {
            Ok(saved) => saved,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(self.failure("cannot be read", &error)),
        };
        match sandbox.load_state(&saved).await {
            Ok(()) => Ok(true),
            Err(error) => Err(Failure::usage(format!(
                "{}: {error}; move the file away to start with an empty account",
                self.0.display()
            ))),
        }
    }

    /// Saves the state after changes until `stopped` completes, and then once more. A save that fails
    /// is told at once, but not again before one has succeeded.
    pub(super) async fn keep(
        &self,
        sandbox: &Sandbox,
        stopped: impl Future<Output = ()>,
    ) -> Result<(), Failure> {
        let mut stopped = std::pin::pin!(stopped);
        let mut changes = sandbox.changes();
        let mut is_failing = false;
        loop {
            let due = async {
                changes.next().await;
                sleep(DELAY).await;
            };
            tokio::select! {
                () = &mut stopped => return self.save(sandbox).await,
                () = due => {}
            }
            // This save contains the changes until now.
            changes = sandbox.changes();
            // Outside of `select!`: two writers would mix their files.
            let saved = self.save(sandbox).await;
            if let (Err(failure), false) = (&saved, is_failing) {
                print_remark(&format!(
                    "{failure}; what happens from now on is lost if the program ends before this is fixed"
                ));
            }
            is_failing = saved.is_err();
        }
    }

    /// Saves the state. A run that fails midway leaves the earlier file as it was.
    pub(super) async fn save(&self, sandbox: &Sandbox) -> Result<(), Failure> {
        let (path, saved) = (self.0.clone(), sandbox.save_state());
        // The server answers while the disk writes.
        let written = spawn_blocking(move || replace(&path, saved.as_bytes())).await;
        written
            .unwrap_or_else(|error| Err(io::Error::other(error)))
            .map_err(|error| self.failure("cannot be written", &error))
    }

    fn failure(&self, problem: &str, error: &io::Error) -> Failure {
        let path = self.0.display();
        Failure::new(Exit::Usage, format!("{path} {problem}: {error}"))
    }
}

/// Replaces a file by way of another one in its folder: a reader sees the whole earlier file or the
/// whole new one, also after a crash.
fn replace(path: &Path, saved: &[u8]) -> io::Result<()> {
    let mut name = path.to_owned().into_os_string();
    name.push(".new");
    let new = PathBuf::from(name);
    // A file that is there already, of a run that failed, may belong to another user or be a link.
    match fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(saved)?;
    file.sync_all()?;
    fs::rename(&new, path)
}

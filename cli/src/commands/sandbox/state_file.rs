//! State of a sandbox that is kept in a file from one run to the next.

use std::fmt::Display;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clinspark_twilio::sandbox::{Changes, Sandbox};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::failure::{Exit, Failure};
use crate::output::print_remark;
use crate::private_file::{beside, replace};

/// Time between a change and the save that contains it, so that many changes are saved at once.
const DELAY: Duration = Duration::from_secs(2);

/// File with the saved state. It contains numbers and texts, so only its owner can read it.
#[derive(Debug)]
pub(super) struct StateFile {
    path: PathBuf,
    /// Another file, because the file of the state is replaced by each save. The system ends the lock
    /// with the process. The file stays: another program may have opened it to wait for the lock.
    _lock: File,
}

impl StateFile {
    /// Reserves the file for this process: of two sandboxes with one file, each would remove what the
    /// other has saved.
    pub(super) fn lock(path: &Path) -> Result<Self, Failure> {
        // A save replaces the file that a link names, not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        // The reading of a pipe or device might never end.
        if fs::metadata(&path).is_ok_and(|found| !found.is_file()) {
            return Err(failure(
                &path,
                "cannot be read",
                &"it is not a regular file",
            ));
        }
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let lock = beside(&path, ".lock");
        // A link may lead to a file of another user, and the opening of a pipe might never end.
        if fs::symlink_metadata(&lock).is_ok_and(|found| !found.is_file()) {
            return Err(failure(
                &lock,
                "cannot be locked",
                &"it is not a regular file",
            ));
        }
        let opened = options.open(&lock);
        let lock = opened.map_err(|error| failure(&lock, "cannot be written", &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Failure::usage(format!(
                "{} is in use by another sandbox; end that one, or name another file",
                path.display()
            ))),
            Err(TryLockError::Error(error)) => Err(failure(&path, "cannot be locked", &error)),
        }
    }

    /// Loads the state. Returns `false` if the file does not exist yet.
    pub(super) async fn load(&self, sandbox: &Sandbox) -> Result<bool, Failure> {
        let saved = match fs::read_to_string(&self.path) {
            Ok(saved) => saved,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(failure(&self.path, "cannot be read", &error)),
        };
        match sandbox.load_state(&saved).await {
            Ok(()) => Ok(true),
            Err(error) => Err(Failure::usage(format!(
                "{}: {error}; move the file away to start with an empty account",
                self.path.display()
            ))),
        }
    }

    /// Saves the state after `changes` until `stopped` completes, and then once more. A save that fails
    /// is told at once, but not again before one has succeeded.
    pub(super) async fn keep(
        &self,
        sandbox: &Arc<Sandbox>,
        mut changes: Changes,
        stopped: impl Future<Output = ()>,
    ) -> Result<(), Failure> {
        let mut stopped = std::pin::pin!(stopped);
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
    pub(super) async fn save(&self, sandbox: &Arc<Sandbox>) -> Result<(), Failure> {
        let (path, sandbox) = (self.path.clone(), Arc::clone(sandbox));
        // The server answers while the state becomes JSON and the disk writes it.
        let written = spawn_blocking(move || replace(&path, sandbox.save_state().as_bytes())).await;
        written
            .unwrap_or_else(|error| Err(io::Error::other(error)))
            .map_err(|error| failure(&self.path, "cannot be written", &error))
    }
}

fn failure(path: &Path, problem: &str, error: &dyn Display) -> Failure {
    Failure::new(
        Exit::Usage,
        format!("{} {problem}: {error}", path.display()),
    )
}

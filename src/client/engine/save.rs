//! Saves a download as a file.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::clock::in_tokio_runtime;
use super::download::DownloadStream;
use super::error::Error;

/// Failure of [`DownloadStream::save_to`]. No file was left behind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SaveError {
    /// A file with this path exists already. It was not changed.
    #[error("a file with this path exists already; choose another path")]
    Exists,
    /// The download has more bytes than permitted.
    #[error("the download is larger than the limit")]
    TooLarge,
    /// The download ended before the size that its response stated.
    #[error("the download ended too early; download it again")]
    Incomplete,
    /// The download failed.
    #[error("the download failed")]
    Download(#[source] Error),
    /// The file could not be written.
    #[error("the file could not be written")]
    Io(#[source] io::Error),
}

impl DownloadStream {
    /// Saves the remaining file at this path, and returns its number of bytes.
    ///
    /// The bytes are written to a part file in the same folder, which is renamed at the end: a
    /// reader of `path` never sees half a file. An existing file is never overwritten. After an
    /// error, and if the future is dropped, the part file is removed. On Unix only the owner can
    /// read the file.
    ///
    /// `max_bytes` is checked against the stated size first, and while the bytes arrive.
    ///
    /// ```no_run
    /// use clinspark_twilio::client::Client;
    /// use clinspark_twilio::client::recordings::DownloadRecording;
    /// use clinspark_twilio::types::RecordingSid;
    ///
    /// # async fn example(client: &Client, sid: RecordingSid) -> Result<(), Box<dyn std::error::Error>> {
    /// let audio = client.download(DownloadRecording::new(sid)).await?;
    /// let bytes = audio.save_to("/srv/recordings/visit-4711.wav", 50_000_000).await?;
    /// println!("{bytes} bytes");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`SaveError`]. No file was left behind then.
    pub async fn save_to(
        mut self,
        path: impl Into<PathBuf>,
        max_bytes: u64,
    ) -> Result<u64, SaveError> {
        let path = path.into();
        let stated = self.content_length();
        // No file is made for a download that is known to be too large.
        if stated.is_some_and(|length| length > max_bytes) {
            return Err(SaveError::TooLarge);
        }
        if !in_tokio_runtime() {
            // The first chunk reports that there is no runtime, before any file is made.
            self.chunk().await.map_err(SaveError::Download)?;
        }
        let mut part = blocking(move || PartFile::create(path)).await?;
        let mut written = 0_u64;
        while let Some(chunk) = self.chunk().await.map_err(SaveError::Download)? {
            written = written.saturating_add(chunk.len() as u64);
            // The stated length may be missing or wrong, so each chunk counts.
            if written > max_bytes {
                return Err(SaveError::TooLarge);
            }
            part = blocking(move || {
                part.file.write_all(&chunk).map_err(SaveError::Io)?;
                Ok(part)
            })
            .await?;
        }
        // A connection that closes early looks like the end of the file.
        if stated.is_some_and(|length| length != written) {
            return Err(SaveError::Incomplete);
        }
        blocking(move || part.finish()).await?;
        Ok(written)
    }
}

/// Runs a blocking file operation on a thread for such operations.
async fn blocking<T: Send + 'static>(
    operation: impl FnOnce() -> Result<T, SaveError> + Send + 'static,
) -> Result<T, SaveError> {
    // Writing to a slow disk must not hold up the other tasks of the thread.
    let ended = tokio::task::spawn_blocking(operation).await;
    ended.map_err(|error| SaveError::Io(io::Error::other(error)))?
}

/// File that is being written beside its target. Dropping it removes it.
struct PartFile {
    file: File,
    part: PathBuf,
    target: PathBuf,
    is_finished: bool,
}

impl PartFile {
    fn create(target: PathBuf) -> Result<Self, SaveError> {
        // A link counts as a file, even where it leads nowhere: writing would follow it.
        if target.symlink_metadata().is_ok() {
            return Err(SaveError::Exists);
        }
        let part = part_path(&target)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // A recording is personal data.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&part).map_err(SaveError::Io)?;
        Ok(Self {
            file,
            part,
            target,
            is_finished: false,
        })
    }

    fn finish(mut self) -> Result<(), SaveError> {
        // After a power failure, a file under its final name must be whole.
        self.file.sync_all().map_err(SaveError::Io)?;
        // A link takes the name in one step, and never replaces a file that another process made
        // meanwhile. `Drop` removes the name of the part.
        match fs::hard_link(&self.part, &self.target) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(SaveError::Exists);
            }
            // Some file systems, such as FAT, have no links.
            Err(_) => {}
        }
        // Renaming would replace such a file. An empty file of our own, which only one process can
        // make, takes the name first.
        let claimed = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&self.target);
        match claimed {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(SaveError::Exists);
            }
            Err(error) => return Err(SaveError::Io(error)),
        }
        if let Err(error) = fs::rename(&self.part, &self.target) {
            let _ = fs::remove_file(&self.target);
            return Err(SaveError::Io(error));
        }
        self.is_finished = true;
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.is_finished {
            let _ = fs::remove_file(&self.part);
        }
    }
}

impl fmt::Debug for PartFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PartFile")
    }
}

/// Returns the path of a new part file: the name of the target and a random ending.
fn part_path(target: &Path) -> Result<PathBuf, SaveError> {
    use std::hash::{BuildHasher as _, RandomState};
    let Some(name) = target.file_name() else {
        let error = io::Error::new(io::ErrorKind::InvalidInput, "the path names no file");
        return Err(SaveError::Io(error));
    };
    let mut part = std::ffi::OsString::from(".");
    part.push(name);
    part.push(format!(".{:016x}.part", RandomState::new().hash_one(0_u8)));
    Ok(target.with_file_name(part))
}

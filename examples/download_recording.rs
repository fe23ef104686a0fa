//! Downloads a recording to a file, chunk by chunk, up to a size limit.
//!
//! ```text
//! export TWILIO_ACCOUNT_SID=AC... TWILIO_AUTH_TOKEN=...
//! SID=RE... FILE=recording.mp3 cargo run --example download_recording
//! ```

use std::env;
use std::path::Path;

use clinspark_twilio::client::recordings::{AudioFormat, DownloadRecording};
use clinspark_twilio::client::{Client, Credentials, Delivery, DownloadStream};
use clinspark_twilio::types::{AccountSid, AuthToken, BoxError, RecordingSid};
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncWriteExt as _;

/// Saves the file under its name only once it is complete.
pub(crate) async fn save(audio: DownloadStream, path: &Path, limit: u64) -> Result<(), BoxError> {
    let partial = path.with_extension("part");
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600); // only its owner reads it: a voice is personal data
    let file = options.open(&partial).await?;
    if let Err(error) = copy(audio, file, limit).await {
        fs::remove_file(&partial).await?;
        return Err(error);
    }
    Ok(fs::rename(&partial, path).await?)
}

async fn copy(mut audio: DownloadStream, mut file: File, limit: u64) -> Result<(), BoxError> {
    let mut size = 0;
    while let Some(chunk) = audio.chunk().await? {
        size += chunk.len() as u64;
        if size > limit {
            return Err(format!("the recording is larger than {limit} bytes").into());
        }
        file.write_all(&chunk).await?;
    }
    Ok(file.sync_all().await?)
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let account = AccountSid::parse(&env::var("TWILIO_ACCOUNT_SID")?)?;
    let token = AuthToken::new(env::var("TWILIO_AUTH_TOKEN")?)?;
    let client = Client::new(Credentials::auth_token(account, token), Delivery::Off)?;
    let recording = RecordingSid::parse(&env::var("SID")?)?;
    let request = DownloadRecording::new(recording).format(AudioFormat::Mp3);
    let audio = client.download(request).await?;
    save(audio, env::var("FILE")?.as_ref(), 100_000_000).await
}

//! Downloads that are saved as files: whole, limited, and never over another file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use clinspark_twilio::client::messages::DownloadMedia;
use clinspark_twilio::client::recordings::DownloadRecording;
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{Client, Delivery, DownloadStream, ErrorKind, SaveError};
use clinspark_twilio::types::AccountSid;

use crate::server::{Act, Server};
use crate::support::{ACCOUNT, credentials};

/// A new folder, which is removed at the end of the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::SeqCst);
        let name = format!("clinspark-twilio-save-{}-{n}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    fn target(&self) -> PathBuf {
        self.0.join("visit-4711.wav")
    }

    fn names(&self) -> Vec<String> {
        let files = fs::read_dir(&self.0).unwrap();
        let name = |file: std::io::Result<fs::DirEntry>| file.unwrap().file_name();
        files
            .map(|file| name(file).into_string().unwrap())
            .collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn recording() -> DownloadRecording {
    DownloadRecording::new("RE00000000000000000000000000000001".parse().unwrap())
}

async fn audio(reply: Reply) -> DownloadStream {
    let client = Client::builder(credentials(), Delivery::Off)
        .with_transport(FakeTransport::new().reply(reply))
        .build()
        .unwrap();
    client.download(recording()).await.unwrap()
}

async fn save(reply: Reply, path: &Path, max_bytes: u64) -> Result<u64, SaveError> {
    audio(reply).await.save_to(path, max_bytes).await
}

#[tokio::test]
async fn a_download_becomes_one_file() {
    let folder = Folder::new();
    for (content, name) in [("RIFF", "a.wav"), ("", "empty.wav")] {
        let path = folder.0.join(name);
        let reply = Reply::json(200, content);
        let saved = save(reply, &path, content.len() as u64).await.unwrap();
        assert_eq!(saved, content.len() as u64);
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
    assert_eq!(folder.names().len(), 2);
}

/// Another program, such as one that watches the folder, or a crash, must not find half a recording.
#[tokio::test]
async fn the_final_name_never_stands_for_a_part() {
    let folder = Folder::new();
    let target = folder.target();
    let content = "x".repeat(10_000);
    let is_done = Arc::new(AtomicBool::new(false));
    let watcher = std::thread::spawn({
        let (target, is_done) = (target.clone(), Arc::clone(&is_done));
        move || {
            let mut sizes = BTreeSet::new();
            while !is_done.load(Ordering::SeqCst) {
                sizes.extend(fs::metadata(&target).map(|file| file.len()));
            }
            sizes
        }
    });
    for _ in 0..200 {
        let written = save(Reply::json(200, &*content), &target, 10_000).await;
        assert_eq!(written.unwrap(), 10_000);
        assert_eq!(folder.names().len(), 1, "{:?}", folder.names());
        fs::remove_file(&target).unwrap();
    }
    is_done.store(true, Ordering::SeqCst);
    assert!(watcher.join().unwrap().iter().all(|size| *size == 10_000));
}

#[tokio::test]
async fn the_limit_holds_with_and_without_a_stated_size() {
    let folder = Folder::new();
    let stated = Reply::json(200, "RIFF").header("Content-Length", "4");
    for reply in [stated, Reply::json(200, "RIFF")] {
        let error = save(reply, &folder.target(), 3).await.unwrap_err();
        assert!(matches!(error, SaveError::TooLarge), "{error:?}");
        assert!(folder.names().is_empty());
    }
}

#[tokio::test]
async fn an_existing_file_is_never_overwritten() {
    let folder = Folder::new();
    fs::write(folder.target(), "earlier").unwrap();
    let saved = save(Reply::json(200, "RIFF"), &folder.target(), 100).await;
    assert!(matches!(saved.unwrap_err(), SaveError::Exists));
    // A folder, and a link that leads nowhere, are no free names either.
    fs::create_dir(folder.0.join("folder")).unwrap();
    let saved = save(Reply::json(200, "RIFF"), &folder.0.join("folder"), 100).await;
    assert!(matches!(saved.unwrap_err(), SaveError::Exists));
    #[cfg(unix)]
    {
        let link = folder.0.join("link");
        std::os::unix::fs::symlink(folder.0.join("nowhere"), &link).unwrap();
        let saved = save(Reply::json(200, "RIFF"), &link, 100).await;
        assert!(matches!(saved.unwrap_err(), SaveError::Exists));
        fs::remove_file(link).unwrap();
    }
    assert_eq!(fs::read_to_string(folder.target()).unwrap(), "earlier");
    assert_eq!(folder.names().len(), 2);

    // Of two downloads to one name, one is saved.
    let folder = Folder::new();
    let target = folder.target();
    let (one, two) = tokio::join!(
        save(Reply::json(200, "one"), &target, 100),
        save(Reply::json(200, "two"), &target, 100),
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    let refused = one.and(two).unwrap_err();
    assert!(matches!(refused, SaveError::Exists), "{refused:?}");
    assert_eq!(folder.names(), ["visit-4711.wav"]);
}

#[tokio::test]
async fn a_failed_download_leaves_no_file() {
    let folder = Folder::new();
    let cut = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nRIFF";
    let server = Server::start([vec![Act::Read, Act::Write(cut.into())]]).await;
    let client = Client::builder(credentials(), Delivery::Off)
        .base_url(server.url())
        .build()
        .unwrap();
    let stream = client.download(recording()).await.unwrap();
    let error = stream.save_to(folder.target(), 1_000).await.unwrap_err();
    let SaveError::Download(error) = error else {
        panic!("{error:?}");
    };
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);

    let short = Reply::json(200, "RIFF").header("Content-Length", "5");
    let error = save(short, &folder.target(), 100).await.unwrap_err();
    assert!(matches!(error, SaveError::Incomplete), "{error:?}");

    let nowhere = folder.0.join("missing").join("a.wav");
    for path in [nowhere.as_path(), Path::new("/"), Path::new("")] {
        let saved = save(Reply::json(200, "RIFF"), path, 100).await;
        assert!(matches!(saved, Err(SaveError::Io(_) | SaveError::Exists)));
    }
    assert!(folder.names().is_empty(), "{:?}", folder.names());
}

#[test]
fn only_media_of_the_own_account_are_taken_from_a_url() {
    let account = AccountSid::parse(ACCOUNT).unwrap();
    let digits = "00000000000000000000000000000001";
    let base = "https://api.twilio.com/2010-04-01/Accounts";
    let file = format!("Messages/MM{digits}/Media/ME{digits}");
    let found = DownloadMedia::from_url(account, &format!("{base}/{ACCOUNT}/{file}")).unwrap();
    let message = format!("MM{digits}").parse().unwrap();
    let expected = DownloadMedia::new(message, format!("ME{digits}").parse().unwrap());
    assert_eq!(found, expected);
    for url in [
        String::new(),
        format!("{base}/AC{}/{file}", "9".repeat(32)),
        format!("http://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/{file}"),
        format!("https://api.twilio.com.evil.example/2010-04-01/Accounts/{ACCOUNT}/{file}"),
        format!("https://api.twilio.com@evil.example/2010-04-01/Accounts/{ACCOUNT}/{file}"),
        format!("https://evil.example/2010-04-01/Accounts/{ACCOUNT}/{file}"),
        format!("{base}/{ACCOUNT}/{file}?x=1"),
        format!("{base}/{ACCOUNT}/{file}/.."),
        format!("{base}/{ACCOUNT}/{file}.json"),
        format!("{base}/{ACCOUNT}/Messages/MM{digits}/../../Media/ME{digits}"),
        format!("{base}/{ACCOUNT}/Messages/ME{digits}/Media/MM{digits}"),
    ] {
        let error = DownloadMedia::from_url(account, &url).unwrap_err();
        assert!(!error.to_string().contains(digits), "{error}");
    }
}

//! The file of `--state`: what it keeps, how it is written, and when it is refused.

#[cfg(unix)]
use std::io::{BufRead as _, BufReader, Read as _};

#[cfg(unix)]
use serde_json::Value;

#[cfg(unix)]
use super::{ACCOUNT_SID, AUTH_TOKEN, NUMBER, Running, client, get, text};
use crate::support::{Program, new_path};

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_program_loses_no_text() {
    let file = new_path("killed.json");
    let name = file.to_str().unwrap();
    let options = ["--json", "--state", name];
    let mut running = Running::start(&options, &[]);
    let shown = running.json();
    let first = std::fs::read_to_string(&file).unwrap();
    let client = client(shown["base_url"].as_str().unwrap(), ACCOUNT_SID, AUTH_TOKEN);
    let sid = text(&client, NUMBER).await.unwrap();
    // A crash may leave the other file, which is then replaced.
    let saved = wait_until(|| {
        let saved = std::fs::read_to_string(&file).unwrap();
        let whole: Value = serde_json::from_str(&saved).expect("never half a file");
        assert_eq!(whole["version"], 1);
        (saved.contains(&sid)).then_some(saved)
    })
    .await;
    assert_ne!(saved, first);
    assert_eq!(running.end("-KILL").0, None);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), saved);

    std::fs::write(file.with_extension("json.new"), "{").unwrap();
    let mut running = Running::start(&options, &[]);
    let shown = running.json();
    assert_eq!(
        get(&shown, &format!("Messages/{sid}.json"), &[]).await.0,
        200
    );
    assert_eq!(running.end("-TERM").0, Some(0));
    assert!(!file.with_extension("json.new").exists());
    std::fs::remove_file(&file).unwrap();
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_state_that_cannot_be_written_is_told_once() {
    // Before anything can be lost.
    let ran = Program::new(&["sandbox", "--port", "0", "--state", "/no/such/folder/state"])
        .run()
        .await
        .expect(2);
    assert!(ran.err.contains("cannot be written"), "{}", ran.err);
    assert_eq!(ran.out, "");

    // And while it runs: a folder stands in the place of the file, and goes again.
    let file = new_path("state-told.json");
    let new = file.with_extension("json.new");
    let options = ["--json", "--state", file.to_str().unwrap()];
    let mut running = Running::start(&options, &[]);
    let shown = running.json();
    let client = client(shown["base_url"].as_str().unwrap(), ACCOUNT_SID, AUTH_TOKEN);
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir_all(file.join("in the way")).unwrap();
    text(&client, NUMBER).await.unwrap();
    let mut errors = BufReader::new(running.child.stderr.take().unwrap());
    let mut told = String::new();
    errors.read_line(&mut told).unwrap();
    assert!(told.contains("cannot be written"), "{told}");
    assert!(told.contains("is lost if the program ends"), "{told}");
    // Two more saves fail, and the third one in the file's place does not.
    for path in [&new, &new, &file] {
        if path == &file {
            std::fs::remove_dir_all(&file).unwrap();
        }
        let sid = text(&client, NUMBER).await.unwrap();
        wait_until(|| {
            let saved = std::fs::read_to_string(path).ok()?;
            saved.contains(&sid).then_some(())
        })
        .await;
    }
    drop(running);
    let mut rest = String::new();
    errors.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
    std::fs::remove_file(&file).unwrap();
}

/// Asks again and again until there is an answer, for at most 30 seconds.
#[cfg(unix)]
async fn wait_until<T>(mut ask: impl FnMut() -> Option<T>) -> T {
    for _ in 0..600 {
        if let Some(found) = ask() {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("nothing came within 30 seconds");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_state_is_kept_in_a_file() {
    let file = new_path("state.json");
    let name = file.to_str().unwrap();
    let options = [
        "--json",
        "--state",
        name,
        "--sms-url",
        "http://localhost:8080/sms",
    ];
    let mut running = Running::start(&options, &[]);
    let shown = running.json();
    let client = client(shown["base_url"].as_str().unwrap(), ACCOUNT_SID, AUTH_TOKEN);
    let sid = text(&client, NUMBER).await.unwrap();
    assert_eq!(running.end("-TERM").0, Some(0));
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&file).unwrap());
    assert_eq!(mode & 0o777, 0o600);

    let mut running = Running::start(&options, &[]);
    let shown = running.json();
    assert_eq!(shown["numbers"], serde_json::json!([NUMBER]));
    assert_eq!(
        get(&shown, &format!("Messages/{sid}.json"), &[]).await.0,
        200
    );
    assert_eq!(running.end("-INT").0, Some(0));

    std::fs::write(&file, "{").unwrap();
    let ran = Program::new(&["sandbox", "--port", "0", "--state", name])
        .run()
        .await
        .expect(2);
    assert!(ran.err.contains("move the file away"), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "{");
    std::fs::remove_file(&file).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_file_that_cannot_be_written_is_refused_at_the_start() {
    let folder = new_path("no-folder");
    std::fs::create_dir_all(&folder).unwrap();
    let folder_itself = folder.to_str().unwrap().to_owned();
    let missing = folder.join("missing").join("state.json");
    for (path, problem) in [
        (missing.to_str().unwrap(), "cannot be written"),
        (folder_itself.as_str(), "cannot be read"),
    ] {
        let ran = Program::new(&["sandbox", "--port", "0", "--state", path]).run();
        let ran = ran.await.expect(2);
        assert!(ran.err.contains(problem), "{}", ran.err);
        assert_eq!(ran.out, "");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_state_file_belongs_to_one_sandbox_at_a_time() {
    let (file, link) = (new_path("shared.json"), new_path("shared-link.json"));
    let (name, link_name) = (file.to_str().unwrap(), link.to_str().unwrap());
    let options = ["--json", "--state", name];
    let mut first = Running::start(&options, &[]);
    let shown = first.json();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    for path in [name, link_name] {
        let ran = Program::new(&["sandbox", "--port", "0", "--state", path]).run();
        let ran = ran.await.expect(2);
        assert!(ran.err.contains("in use by another sandbox"), "{}", ran.err);
        assert_eq!(ran.out, "");
    }
    let client = client(shown["base_url"].as_str().unwrap(), ACCOUNT_SID, AUTH_TOKEN);
    let sid = text(&client, NUMBER).await.unwrap();
    assert_eq!(first.end("-TERM").0, Some(0));
    assert!(std::fs::read_to_string(&file).unwrap().contains(&sid));

    // Neither an end nor a crash keeps the file locked, and the link stays one.
    for signal in ["-KILL", "-TERM"] {
        let mut next = Running::start(&["--json", "--state", link_name], &[]);
        let shown = next.json();
        let path = format!("Messages/{sid}.json");
        assert_eq!(get(&shown, &path, &[]).await.0, 200);
        next.end(signal);
    }
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    for path in [&file, &link, &file.with_extension("json.lock")] {
        std::fs::remove_file(path).unwrap();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_no_half_state() {
    let file = new_path("full.json");
    // The ignored signal makes the write fail as on a full disk, in place of ending the program.
    let script = r#"trap '' XFSZ; ulimit -f 1; exec "$@""#;
    let numbers: Vec<String> = (100..200).map(|n| format!("+14155550{n}")).collect();
    let ran = std::process::Command::new("sh")
        .args(["-c", script, "sh", env!("CARGO_BIN_EXE_clinspark-twilio")])
        .args(["sandbox", "--port", "0", "--state", file.to_str().unwrap()])
        .args(["--number", &numbers.join(",")])
        .output()
        .unwrap();
    let error = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(2), "{error}");
    assert!(error.contains("cannot be written"), "{error}");
    assert!(!file.exists());
    assert!(!file.with_extension("json.new").exists());
    std::fs::remove_file(file.with_extension("json.lock")).unwrap();
}

/// A device has no end, and a pipe may have no writer.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_state_that_is_no_regular_file_is_refused() {
    for path in ["/dev/full", "/dev/zero"] {
        let ran = Program::new(&["sandbox", "--port", "0", "--state", path]).run();
        let ran = ran.await.expect(2);
        assert!(ran.err.contains("not a regular file"), "{}", ran.err);
    }
}

/// A temporary file of a run that failed may be a link that another user has made.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_link_in_place_of_the_temporary_file_is_not_followed() {
    let (file, other) = (new_path("linked.json"), new_path("other.txt"));
    std::fs::write(&other, "mine").unwrap();
    let mut temporary = file.clone().into_os_string();
    temporary.push(".new");
    std::os::unix::fs::symlink(&other, &temporary).unwrap();
    let mut running = Running::start(&["--json", "--state", file.to_str().unwrap()], &[]);
    running.json();
    assert_eq!(running.end("-TERM").0, Some(0));
    assert_eq!(std::fs::read_to_string(&other).unwrap(), "mine");
    assert!(std::fs::read_to_string(&file).unwrap().contains(NUMBER));
    std::fs::remove_file(&file).unwrap();
    std::fs::remove_file(&other).unwrap();
}

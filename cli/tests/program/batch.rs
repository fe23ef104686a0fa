//! `batch`: texts each person of a file once.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use clinspark_twilio::client::messages::RedactMessage;
use clinspark_twilio::phone::E164;

use crate::support::{Account, Program, Ran, clinic};

/// Folder with a file of people, a template and a database.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str, people: usize) -> Self {
        let name = format!("{}-batch-{name}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        let folder = Self(path);
        folder.people(people);
        folder.write("reminder.txt", "Hi {{ first_name }}, a private visit.\n");
        folder
    }

    pub(crate) fn people(&self, count: usize) {
        let mut csv = String::from("id,number,first_name\n");
        for id in 0..count {
            writeln!(csv, "{id},0491 571 {id:03},Secretname{id}").unwrap();
        }
        self.write("people.csv", &csv);
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        std::fs::write(self.0.join(file), text).unwrap();
    }

    pub(crate) fn path(&self, file: &str) -> String {
        self.0.join(file).to_str().unwrap().to_owned()
    }

    pub(crate) fn arguments(&self, command: &str, more: &[&str]) -> Vec<String> {
        let (people, template) = (self.path("people.csv"), self.path("reminder.txt"));
        let fixed = ["batch", command, "--batch", "b-1", "--people", &people];
        let fixed = fixed
            .into_iter()
            .chain(["--key", "id", "--template", &template]);
        fixed.chain(more.iter().copied()).map(Into::into).collect()
    }

    /// Returns a run in which nothing private may be printed.
    pub(crate) fn program(&self, account: &Account, arguments: &[String]) -> Program {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut program = account
            .program(&arguments)
            .env("CLINSPARK_OUTBOX_DATABASE", &self.url())
            .secret("private")
            .secret("Secretname")
            .secret("0491 571")
            .secret("61491571");
        if let Ok(key) = std::fs::read_to_string(self.path("r.db.key")) {
            program = program.secret(&key);
        }
        program
    }

    pub(crate) fn url(&self) -> String {
        format!("sqlite://{}", self.path("r.db"))
    }

    pub(crate) async fn send(&self, account: &Account, more: &[&str]) -> Ran {
        let more = [&["--yes", "--pace", "10000"], more].concat();
        let arguments = self.arguments("send", &more);
        self.program(account, &arguments).run().await
    }

    pub(crate) async fn run(&self, account: &Account, arguments: &[&str]) -> Ran {
        let arguments: Vec<String> = arguments.iter().map(|it| (*it).to_owned()).collect();
        self.program(account, &arguments).run().await
    }

    /// Starts a run that the test ends itself.
    pub(crate) fn spawn(&self, account: &Account, pace: &str) -> std::process::Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clinspark-twilio"));
        command
            .args(self.arguments("send", &["--yes", "--pace", pace]))
            .env_clear()
            .env("CLINSPARK_OUTBOX_DATABASE", self.url())
            .envs(account.variables())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command.spawn().unwrap()
    }

    pub(crate) async fn counts(&self, account: &Account) -> serde_json::Value {
        let status = self.run(account, &["batch", "status", "b-1", "--json"]);
        status.await.expect(0).json()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Returns the number of texts to each number.
pub(crate) fn texts(account: &Account) -> HashMap<String, usize> {
    let mut texts = HashMap::new();
    for message in account.twilio.messages() {
        *texts.entry(message.to.expose()).or_default() += 1;
    }
    texts
}

pub(crate) async fn until_texts(account: &Account, count: usize) {
    let started = std::time::Instant::now();
    while account.twilio.messages().len() < count {
        assert!(started.elapsed() < Duration::from_secs(60), "no texts");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub(crate) fn end(child: &std::process::Child, signal: &str) {
    let id = child.id().to_string();
    let status = Command::new("kill").args([signal, &id]).status().unwrap();
    assert!(status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_people_get_one_text_each_and_plain_lines_tell_it() {
    let account = Account::start().await;
    let folder = Folder::new("fifty", 50);
    let preview = folder.arguments("preview", &[]);
    let ran = folder.program(&account, &preview).run().await.expect(0);
    ran.shows(&["texts        50", "refused      0"]);
    assert!(account.twilio.messages().is_empty());
    assert!(!Path::new(&folder.path("r.db")).exists());

    let ran = folder.send(&account, &[]).await.expect(0);
    ran.shows(&["sent       50"]);
    let created = format!("created {}, the secret key", folder.path("r.db.key"));
    let line = ran.err.lines().find(|line| line.starts_with(&created));
    assert!(line.unwrap().ends_with("keep the two apart in backups"));
    assert!(ran.err.contains("50/50  open: 50 sent"), "{}", ran.err);
    assert!(!ran.err.contains(['\u{1b}', '\r']), "{}", ran.err);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let key = std::fs::metadata(folder.path("r.db.key")).unwrap();
        assert_eq!(key.permissions().mode() & 0o777, 0o600);
    }
    // The same command again texts no one, and creates no other key.
    let again = folder.send(&account, &[]).await.expect(0);
    assert!(!again.err.contains("created"), "{}", again.err);
    let texts = texts(&account);
    assert_eq!((texts.len(), texts.values().sum::<usize>()), (50, 50));

    let report = folder
        .run(&account, &["batch", "report", "b-1"])
        .await
        .expect(0);
    assert_eq!(report.out.lines().count(), 51);
    report.shows(&["recipient,occurrence,state", "\nid-49,,sent,"]);
    let report = ["batch", "report", "b-1", "--json", "--state", "sent"];
    let report = folder.run(&account, &report).await.expect(0);
    let rows: Vec<serde_json::Value> = report
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 50);
    assert_eq!(rows[49]["recipient"], "id-49");
    assert!(rows.iter().all(|row| row["state"] == "sent"));
    let database = std::fs::read(folder.path("r.db")).unwrap();
    let database = String::from_utf8_lossy(&database);
    for private in ["61491571", "0491 571", "0491571", "Secretname", "private"] {
        assert!(!database.contains(private), "{private} is in the database");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_in_quiet_hours_tells_who_waits_until_when() {
    let account = Account::start().await;
    let folder = Folder::new("quiet", 1);
    let csv = "id,number,first_name,zone\n7,0491 571 007,Secretname,Etc/UTC\n";
    folder.write("people.csv", csv);
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs() / 3_600 % 24;
    let (from, until) = ((now + 22) % 24, (now + 2) % 24);
    let hours = format!("{from:02}:00-{until:02}:00");
    let more = ["--time-zone-column", "zone", "--quiet-hours", &hours];
    let preview = folder.arguments("preview", &more);
    let ran = folder.program(&account, &preview).run().await.expect(0);
    let waits = format!("waits until {until:02}:00 Etc/UTC");
    ran.shows(&["texts        1", "waiting      1", &waits, "refused      0"]);
    assert!(account.twilio.messages().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_continues_and_texts_no_one_twice() {
    let account = Account::start().await;
    let folder = Folder::new("killed", 50);
    let mut child = folder.spawn(&account, "40");
    until_texts(&account, 10).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let before = folder.counts(&account).await;
    let in_doubt = before["sending"].as_u64().unwrap();
    assert!(before["sent"].as_u64().unwrap() < 50);

    let mut child = folder.spawn(&account, "10000");
    loop {
        let now = folder.counts(&account).await;
        if now["queued"] == 0 && now["sending"].as_u64().unwrap() <= in_doubt {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // If nothing is in doubt it has ended by itself.
    if child.try_wait().unwrap().is_none() {
        end(&child, "-TERM");
    }
    child.wait().unwrap();
    let after = folder.counts(&account).await;
    let sent = after["sent"].as_u64().unwrap();
    assert_eq!(sent + after["sending"].as_u64().unwrap(), 50, "{after}");
    let texts = texts(&account);
    assert!(texts.values().all(|count| *count == 1), "{texts:?}");
    assert!(texts.len() as u64 >= sent, "{after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_batches_of_one_number_share_its_pace() {
    let account = Account::start().await;
    let folder = Folder::new("pace", 30);
    let started = std::time::Instant::now();
    let mut runs = Vec::new();
    for batch in ["b-1", "b-2"] {
        let arguments = folder.arguments("send", &["--yes", "--pace", "10"]);
        let named = arguments.into_iter().map(|it| match it.as_str() {
            "b-1" => batch.to_owned(),
            _ => it,
        });
        let program = folder.program(&account, &named.collect::<Vec<_>>());
        runs.push(tokio::spawn(program.run()));
    }
    for run in runs {
        run.await.unwrap().expect(0).shows(&["sent       30"]);
    }
    // 60 segments at 10 a second, after a burst of one second.
    let took = started.elapsed();
    assert!(took >= Duration::from_millis(4_500), "{took:?}");
    let texts = texts(&account);
    assert!(texts.values().all(|count| *count == 2), "{texts:?}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_cannot_be_written_leaves_no_part_behind() {
    let account = Account::start().await;
    let folder = Folder::new("key", 1);
    let limited = "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"";
    let output = Command::new("/bin/sh")
        .args(["-c", limited, env!("CARGO_BIN_EXE_clinspark-twilio")])
        .args(folder.arguments("send", &["--yes"]))
        .env_clear()
        .env("CLINSPARK_OUTBOX_DATABASE", folder.url())
        .envs(account.variables())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let left: Vec<_> = std::fs::read_dir(&folder.0).unwrap().collect();
    assert_eq!(left.len(), 2, "{left:?}");
    folder.send(&account, &[]).await.expect(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_a_run_and_leaves_no_doubt() {
    let account = Account::start().await;
    for signal in ["-TERM", "-INT"] {
        let folder = Folder::new(&format!("signal{signal}"), 50);
        let mut child = folder.spawn(&account, "20");
        let before = account.twilio.messages().len();
        until_texts(&account, before + 3).await;
        end(&child, signal);
        assert_eq!(child.wait().unwrap().code(), Some(1));
        let counts = folder.counts(&account).await;
        assert_eq!(counts["sending"], 0, "{counts}");
        assert!(counts["queued"].as_u64().unwrap() > 0, "{counts}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_paused_resumed_and_canceled() {
    let account = Account::start().await;
    let folder = Folder::new("steer", 50);
    let mut child = folder.spawn(&account, "10");
    until_texts(&account, 2).await;
    let pause = folder.run(&account, &["batch", "pause", "b-1"]).await;
    pause.expect(0).shows(&["state      paused"]);
    end(&child, "-TERM");
    child.wait().unwrap();
    let paused = texts(&account).len();
    let refused = folder.send(&account, &[]).await.expect(1);
    assert!(refused.err.contains("batch resume"), "{}", refused.err);
    assert_eq!(texts(&account).len(), paused);

    folder
        .run(&account, &["batch", "resume", "b-1"])
        .await
        .expect(0);
    let asked = folder.run(&account, &["batch", "cancel", "b-1"]).await;
    assert!(asked.expect(2).err.contains("--yes"));
    let cancel = folder
        .run(&account, &["batch", "cancel", "b-1", "--yes"])
        .await;
    cancel.expect(0).shows(&["state      cancelled"]);
    folder.send(&account, &[]).await.expect(1);
    assert_eq!(texts(&account).len(), paused);
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_are_found_before_anything_is_sent() {
    let account = Account::start().await;
    let folder = Folder::new("faults", 3);
    let refused = |reason: &'static str| {
        let (folder, account) = (&folder, &account);
        async move {
            let ran = folder.send(account, &[]).await.expect(2);
            assert!(ran.err.contains(reason), "{}", ran.err);
        }
    };
    folder.write("reminder.txt", "A private visit of {{ last_name }}");
    refused("last_name").await;
    folder.write("reminder.txt", "A private visit of {{ first_name ");
    refused("a brace outside a merge tag").await;
    folder.write("reminder.txt", "A private visit");
    folder.write("people.csv", "id,number\n1,0491 571 001\n1,0491 571 002\n");
    refused("row 3: the key and occasion are those of an earlier row; remove one").await;
    let latin_1 = b"id,number,first_name\n1,0491 571 001,Zo\xeb\n";
    std::fs::write(folder.path("people.csv"), latin_1).unwrap();
    folder.write("reminder.txt", "A private visit of {{ first_name }}");
    refused("row 2: column 3 is not UTF-8; save the file as UTF-8").await;
    folder.write("reminder.txt", "A private visit");
    folder.write("people.csv", "id,number\n0491571001,0491 571 001\n");
    refused("row 2: the key repeats the number").await;
    folder.write("people.csv", "id,phone\n1,0491 571 001\n");
    refused("no column \"number\"").await;
    folder.people(1);
    std::fs::write(folder.path("r.db"), "").unwrap();
    refused("its key").await;

    let remote = [
        "--database",
        "postgres://u:hidden-password@db.example.com/x",
    ];
    let key = folder.path("key");
    std::fs::write(&key, "0".repeat(64)).unwrap();
    let remote = [&remote[..], &["--proof-key", &key]].concat();
    let ran = folder.send(&account, &remote).await.expect(2);
    assert!(ran.err.contains("TLS"), "{}", ran.err);
    assert!(!ran.err.contains("hidden-password"), "{}", ran.err);
    let unsure = folder.arguments("send", &["--database", "sqlite://"]);
    folder.program(&account, &unsure).run().await.expect(2);
    assert!(account.twilio.messages().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_reason_without_consent_is_named() {
    let account = Account::start().await;
    let folder = Folder::new("consent", 4);
    let phone = |id: usize| {
        let number = format!("+61491571{id:03}");
        account.twilio.phone(E164::parse(&number).unwrap())
    };
    phone(0).text(clinic(), "STOP").await.unwrap();
    phone(1)
        .text(clinic(), "please stop texting me")
        .await
        .unwrap();
    // Content retention `discard` keeps no body.
    phone(2)
        .text(clinic(), "please stop texting me")
        .await
        .unwrap();
    let discarded = account.twilio.messages().last().unwrap().sid;
    let discard = RedactMessage::new(discarded);
    account.client().execute(discard).await.unwrap();
    let reasons = [
        ("id-0", "the person texted STOP (SM"),
        ("id-1", "may be an opt-out; read it in Twilio's console"),
        (
            "id-2",
            "a text of the person has no stored body, and may be a STOP",
        ),
    ];
    let before = account.twilio.messages().len();
    let preview = folder.arguments("preview", &["--json"]);
    let preview = folder.program(&account, &preview).run().await.expect(1);
    let preview = preview.json();
    folder.send(&account, &[]).await.expect(1);
    let report = ["batch", "report", "b-1", "--json", "--state", "refused"];
    let report = folder.run(&account, &report).await.expect(0);
    for (index, (recipient, reason)) in reasons.into_iter().enumerate() {
        let line = report.out.lines().nth(index).unwrap();
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        for refused in [&preview["refused"][index], &line] {
            assert_eq!(refused["recipient"], recipient);
            let found = refused["reason"].as_str().unwrap();
            assert!(found.contains(reason), "{found}");
        }
    }
    assert_eq!(account.twilio.messages().len(), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_counts_encodings_segments_and_cost() {
    let account = Account::start().await;
    let folder = Folder::new("cost", 0);
    // 10 characters of GSM-7; 71 of UCS-2, in segments of 67; 161 of GSM-7, in segments of 153.
    let [short, unicode, long] = ["a".repeat(10), "\u{17e}".repeat(71), "a".repeat(161)];
    let csv = format!(
        "id,number,first_name\n1,0491 571 001,{short}\n2,0491 571 002,{unicode}\n3,0491 571 003,{long}\n\
         4,0491 571 004,{short}\n5,0491 571 005,\n"
    );
    folder.write("people.csv", &csv);
    folder.write("reminder.txt", "{{ first_name }}");
    let preview = folder.arguments("preview", &["--price", "0.0079"]);
    let ran = folder.program(&account, &preview).run().await.expect(1);
    ran.shows(&[
        "texts        4\n",
        "GSM-7        3\n",
        "UCS-2        1\n",
        "segments     6\n",
        "longest      161 characters in 2 segments\n",
        ": 2 segments, 0.0158\n",
        "cost         0.0474 at 0.0079 a segment\n",
        "refused      1\n",
    ]);
    let preview = folder.arguments("preview", &["--json"]);
    let ran = folder.program(&account, &preview).run().await.expect(1);
    let json = ran.json();
    assert_eq!((&json["gsm7"], &json["ucs2"]), (&3.into(), &1.into()));
    assert_eq!(
        (&json["segments"], &json["longest_segments"]),
        (&6.into(), &2.into())
    );
    assert_eq!(json["most_costly"]["segments"], 2);
    assert!(json["cost"].is_null() && json["most_costly"]["cost"].is_null());
    let wrong = folder.arguments("preview", &["--price", "0,0079"]);
    let ran = folder.program(&account, &wrong).run().await.expect(2);
    assert!(ran.err.contains("such as 0.0079"), "{}", ran.err);
    assert!(account.twilio.messages().is_empty());
}

//! `PostgreSQL` server of one test, which the test may crash.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Server with data in a folder of its own. It is stopped and deleted at the end.
pub(crate) struct Cluster {
    folder: String,
    programs: PathBuf,
    port: u16,
}

impl Cluster {
    /// Creates and starts a server. `None`, and a message, where that is not possible.
    pub(crate) fn start(prepare: impl FnOnce(&Self)) -> Option<Self> {
        let Some(programs) = programs() else {
            println!("skipped: initdb is missing; install PostgreSQL");
            return None;
        };
        let Some(folder) = as_server(&["mktemp", "-d", "/tmp/outbox-cluster.XXXXXX"]) else {
            println!("skipped: no user may run PostgreSQL, such as postgres by runuser");
            return None;
        };
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let cluster = Self {
            folder: folder.trim().to_owned(),
            programs,
            port: port.local_addr().unwrap().port(),
        };
        let created = [
            "initdb",
            "-D",
            &cluster.data(),
            "-A",
            "trust",
            "-U",
            "postgres",
            "-N",
        ];
        cluster.run(&created);
        cluster.append("postgresql.conf", "listen_addresses = '127.0.0.1'");
        prepare(&cluster);
        drop(port);
        cluster.resume();
        Some(cluster)
    }

    /// Returns the folder of the data.
    pub(crate) fn data(&self) -> String {
        format!("{}/data", self.folder)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Stops the server as a crash does: nothing is flushed, and no connection is told to finish.
    pub(crate) fn crash(&self) {
        self.run(&["pg_ctl", "-D", &self.data(), "-m", "immediate", "stop"]);
    }

    /// Starts the server, which recovers from a crash first.
    pub(crate) fn resume(&self) {
        let options = format!("-p {} -k {}", self.port, self.folder);
        let log = format!("{}/log", self.folder);
        self.run(&[
            "pg_ctl",
            "-D",
            &self.data(),
            "-o",
            &options,
            "-l",
            &log,
            "start",
        ]);
    }

    /// Adds lines to a file of the data.
    pub(crate) fn append(&self, file: &str, lines: &str) {
        let path = format!("{}/{file}", self.data());
        let written = as_server(&["sh", "-c", "printf '%s\\n' \"$1\" >> \"$0\"", &path, lines]);
        written.unwrap();
    }

    /// Makes a file of the data readable by the server alone, as it requires of a key.
    pub(crate) fn protect(&self, file: &str) {
        let path = format!("{}/{file}", self.data());
        as_server(&["chmod", "600", &path]).unwrap();
    }

    fn run(&self, arguments: &[&str]) {
        let program = self.programs.join(arguments[0]).display().to_string();
        let mut command = server_command(&program);
        // The server keeps the pipes of the program that starts it open, so there are none.
        let status = command
            .args(&arguments[1..])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(status.unwrap().success(), "{arguments:?}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let program = self.programs.join("pg_ctl").display().to_string();
        let mut stop = server_command(&program);
        stop.args(["-D", &self.data(), "-m", "immediate", "stop"]);
        let _ = stop.stdout(Stdio::null()).stderr(Stdio::null()).status();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Returns the folder of the server's programs, of the newest version.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    found.sort();
    found.pop()
}

/// Command as the user `postgres` if this is root, whom the server refuses.
fn server_command(program: &str) -> Command {
    let user = Command::new("id").arg("-u").output();
    let is_root = user.is_ok_and(|user| user.stdout == b"0\n");
    if !is_root {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--", program]);
    command
}

/// Runs a command as the user of the server, and returns its output. `None` if it fails.
fn as_server(arguments: &[&str]) -> Option<String> {
    let mut command = server_command(arguments[0]);
    // The server's user may not enter the folder of the tests.
    let output = command.args(&arguments[1..]).current_dir("/").output();
    let output = output.ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

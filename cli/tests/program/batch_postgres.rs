//! `batch` over a `PostgreSQL` server of the test's own.

use std::io::{BufRead, BufReader};
use std::net::UdpSocket;
use std::path::Path;
use std::process::{Command, Stdio};

use tokio_postgres::NoTls;

use crate::batch::Folder;
use crate::cluster::Cluster;
use crate::support::{Account, Program};

fn is_required() -> bool {
    std::env::var("REQUIRE_SERVICES").is_ok_and(|value| value == "1")
}

/// Returns `false`, and prints a message, without `DATABASE_URL`: the tests without services start no
/// server either.
fn is_wanted() -> bool {
    let is_wanted = is_required() || std::env::var_os("DATABASE_URL").is_some();
    if !is_wanted {
        println!("skipped: set DATABASE_URL, such as postgres://postgres@127.0.0.1/postgres");
    }
    is_wanted
}

/// Starts a server. `None`, and a message, where that is not possible or not wanted.
fn start(prepare: impl FnOnce(&Cluster)) -> Option<Cluster> {
    if !is_wanted() {
        return None;
    }
    let cluster = Cluster::start(prepare);
    assert!(
        cluster.is_some() || !is_required(),
        "REQUIRE_SERVICES is 1, but no PostgreSQL server can be started"
    );
    cluster
}

/// Returns an address of this machine that is not loopback. Nothing is sent to find it.
fn own_address() -> Option<String> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip().to_string())
}

fn openssl(arguments: &[&str]) {
    let made = Command::new("openssl").args(arguments).output().unwrap();
    let error = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{error}");
}

/// Creates a CA, as `NAME.pem` and `NAME.key` of the folder.
fn create_ca(folder: &Folder, name: &str) {
    let (certificate, key) = (format!("{name}.pem"), format!("{name}.key"));
    openssl(&[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        &format!("/CN=CA {name}"),
        "-keyout",
        &folder.path(&key),
        "-out",
        &folder.path(&certificate),
    ]);
}

/// Creates a certificate for an address, of the CA `ca`. Returns it and its key.
fn certificate(folder: &Folder, address: &str) -> (String, String) {
    let [request, key, out, extensions] =
        ["server.csr", "server.key", "server.pem", "server.ext"].map(|name| folder.path(name));
    openssl(&[
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=database",
        "-keyout",
        &key,
        "-out",
        &request,
    ]);
    let names = format!("subjectAltName=IP:{address}\nbasicConstraints=critical,CA:FALSE\n");
    std::fs::write(&extensions, names).unwrap();
    openssl(&[
        "x509",
        "-req",
        "-days",
        "2",
        "-in",
        &request,
        "-CA",
        &folder.path("ca.pem"),
        "-CAkey",
        &folder.path("ca.key"),
        "-CAcreateserial",
        "-extfile",
        &extensions,
        "-out",
        &out,
    ]);
    let read = |path: &str| std::fs::read_to_string(path).unwrap();
    (read(&out), read(&key))
}

async fn execute(url: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
}

/// Reads lines until one contains this, and returns those before it.
fn lines_until(err: &mut impl BufRead, part: &str) -> Vec<String> {
    let mut before = Vec::new();
    for line in err.lines() {
        let line = line.unwrap();
        if line.contains(part) {
            return before;
        }
        before.push(line);
    }
    panic!("no line with {part:?} after {before:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_is_told_once_and_its_return_once() {
    let account = Account::start().await;
    let folder = Folder::new("away", 40);
    let Some(cluster) = start(|_| ()) else {
        return;
    };
    folder.write("proofs", &"0".repeat(64));
    let proofs = folder.path("proofs");
    let fixed = ["--yes", "--pace", "2", "--proof-key", &proofs];
    let mut child = Command::new(env!("CARGO_BIN_EXE_clinspark-twilio"))
        .args(folder.arguments("send", &fixed))
        .env_clear()
        .env("CLINSPARK_OUTBOX_DATABASE", cluster.url())
        .envs(account.variables())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let err = BufReader::new(child.stderr.take().unwrap());
    let (away, back) = ("no text begins while", "the database answers again");
    let rest = tokio::task::spawn_blocking(move || {
        let mut err = err;
        lines_until(&mut err, "/40");
        cluster.crash();
        lines_until(&mut err, away);
        cluster.resume();
        let between = lines_until(&mut err, back);
        assert!(
            !between.iter().any(|line| line.starts_with(away)),
            "{between:?}"
        );
        // A line of progress, as before.
        lines_until(&mut err, "");
        child.kill().unwrap();
        child.wait().unwrap();
        err.lines().map(Result::unwrap).collect::<Vec<_>>()
    });
    let rest = rest.await.unwrap();
    assert!(!rest.iter().any(|line| line.starts_with(back)), "{rest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_on_another_machine_is_reached_by_tls_alone() {
    if !is_wanted() {
        return;
    }
    if !is_required() && Command::new("openssl").arg("version").output().is_err() {
        println!("skipped: openssl is missing");
        return;
    }
    let Some(address) = own_address() else {
        println!("skipped: this machine has no address but loopback");
        return;
    };
    let account = Account::start().await;
    let folder = Folder::new("tls", 1);
    create_ca(&folder, "ca");
    create_ca(&folder, "other");
    let (certificate, key) = certificate(&folder, &address);
    let Some(cluster) = start(|cluster| {
        let listen = format!("listen_addresses = '127.0.0.1,{address}'\nssl = on");
        cluster.append("postgresql.conf", &listen);
        // Without TLS, the server refuses this address.
        let access = format!("hostssl all all {address}/32 scram-sha-256");
        cluster.append("pg_hba.conf", &access);
        cluster.append("server.crt", &certificate);
        cluster.append("server.key", &key);
        cluster.protect("server.key");
    }) else {
        return;
    };
    let role = "CREATE ROLE clinic LOGIN SUPERUSER PASSWORD 'hidden-password'";
    execute(&cluster.url(), role).await;
    let port = cluster.port();
    let url = format!("postgres://clinic:hidden-password@{address}:{port}/postgres");
    // A machine in between, with a certificate of its own, could not log in.
    let bound = format!("{url}?channel_binding=require");
    folder.write("proofs", &"0".repeat(64));
    let proofs = folder.path("proofs");
    let send = |url: &str, more: &[&str]| -> Program {
        let fixed = ["--yes", "--pace", "10000", "--proof-key", &proofs];
        let arguments = folder.arguments("send", &[&fixed[..], more].concat());
        folder
            .program(&account, &arguments)
            .env("CLINSPARK_OUTBOX_DATABASE", url)
            .secret("hidden-password")
    };
    let [ca, other] = ["ca.pem", "other.pem"].map(|name| folder.path(name));
    let named = format!("postgres://clinic:hidden-password@db.example:{port}/postgres");
    let named = format!("{named}?hostaddr={address}");
    let no_tls = format!("{url}?sslmode=disable");
    for (url, more, reason) in [
        (
            &url,
            vec![],
            "not of a trusted CA; name the file with its CA",
        ),
        (&url, vec!["--database-ca", &other], "not of a trusted CA"),
        (&named, vec!["--database-ca", &ca], "is for another host"),
        (
            &no_tls,
            vec!["--database-ca", &ca],
            "remove sslmode=disable",
        ),
        (&url, vec!["--database-ca", &proofs], "has no certificate"),
    ] {
        let refused = send(url, &more).run().await.expect(2);
        assert!(refused.err.contains(reason), "{}", refused.err);
    }
    assert!(account.twilio.messages().is_empty());

    let trusted = send(&bound, &["--database-ca", &ca]).run().await;
    trusted.expect(0).shows(&["sent       1"]);
    // A CA of the system.
    if cfg!(target_os = "linux") {
        let again = send(&bound, &[]).env("SSL_CERT_FILE", &ca).run().await;
        again.expect(0).shows(&["sent       1"]);
    }
    // The variable names the CA, too.
    let status = ["batch", "status", "b-1"].map(str::to_owned);
    let status = folder
        .program(&account, &status)
        .env("CLINSPARK_OUTBOX_DATABASE", &bound)
        .env("CLINSPARK_OUTBOX_DATABASE_CA", &ca)
        .secret("hidden-password");
    status.run().await.expect(0).shows(&["sent       1"]);
    assert_eq!(account.twilio.messages().len(), 1);
    assert!(!Path::new(&folder.path("r.db")).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_that_only_look_do_not_migrate_the_database() {
    let account = Account::start().await;
    let folder = Folder::new("look", 1);
    let Some(cluster) = start(|_| ()) else {
        return;
    };
    let looks: [&[&str]; 3] = [
        &["batch", "status", "b-1"],
        &["batch", "held", "list", "b-1"],
        &["batch", "report", "b-1"],
    ];
    let check_refused = async || {
        for look in looks {
            let look: Vec<_> = look.iter().map(|it| (*it).to_owned()).collect();
            let ran = folder.program(&account, &look);
            let ran = ran.env("CLINSPARK_OUTBOX_DATABASE", &cluster.url());
            let ran = ran.run().await.expect(2);
            let reason = "run `batch send` of this version first";
            assert!(ran.err.contains(reason), "{}", ran.err);
        }
    };
    check_refused().await;
    let is_missing = "DO $$ BEGIN
        ASSERT NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'twilio_outbox');
    END $$";
    execute(&cluster.url(), is_missing).await;
    // Tables of the first version.
    let first = include_str!("../../../outbox/src/postgres/schema_1.sql");
    let migration = "CREATE SCHEMA twilio_outbox;
        CREATE TABLE twilio_outbox.migration (version integer PRIMARY KEY);
        INSERT INTO twilio_outbox.migration VALUES (1);";
    execute(&cluster.url(), &format!("{migration}{first}")).await;
    check_refused().await;
    let is_first = "DO $$ BEGIN
        ASSERT (SELECT max(version) = 1 FROM twilio_outbox.migration);
    END $$";
    execute(&cluster.url(), is_first).await;
}

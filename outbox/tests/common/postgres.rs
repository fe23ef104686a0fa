//! A database for one test, on the server of `DATABASE_URL`.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Client, NoTls};

/// Returns the server of `DATABASE_URL`. Without it, a test is skipped, unless services are required.
pub(crate) fn server() -> Option<String> {
    if let Ok(url) = std::env::var("DATABASE_URL") {
        return Some(url);
    }
    let required = std::env::var("REQUIRE_SERVICES").is_ok_and(|value| value == "1");
    assert!(
        !required,
        "REQUIRE_SERVICES is 1, but DATABASE_URL is not set"
    );
    println!("skipped: set DATABASE_URL, such as postgres://postgres@127.0.0.1/postgres");
    None
}

pub(crate) async fn client(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Replaces the name of the database in a URL.
fn with_database(server: &str, name: &str) -> String {
    let (start, host) = server.split_once("://").unwrap();
    let host = host.split('/').next().unwrap();
    format!("{start}://{host}/{name}")
}

/// Database that is dropped at the end of the test.
pub(crate) struct Database {
    server: String,
    name: String,
    pub(crate) url: String,
}

impl Database {
    /// Creates an empty database. `None` without a server.
    pub(crate) async fn create() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = server()?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let started = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos();
        let name = format!("outbox_{}_{started}_{number}", std::process::id());
        let create = format!("CREATE DATABASE {name}");
        client(&server).await.batch_execute(&create).await.unwrap();
        let url = with_database(&server, &name);
        Some(Self { server, name, url })
    }
}

impl Drop for Database {
    /// Drops the database and ends its connections, also when the test fails.
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        let server = self.server.clone();
        // The test's own runtime cannot be waited for here.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime
                .unwrap()
                .block_on(async { client(&server).await.batch_execute(&drop).await })
        });
        if let Ok(Err(error)) = dropped.join() {
            println!("the database {} stays: {error}", self.name);
        }
    }
}

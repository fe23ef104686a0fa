//! A database of its own on the server of `DATABASE_URL`, dropped at the end.

use apalis_postgres::PgPool;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

pub(crate) struct Database {
    server: String,
    name: String,
    pub(crate) url: String,
}

impl Database {
    /// `None` without `DATABASE_URL`, which fails if `REQUIRE_SERVICES` is 1.
    pub(crate) async fn create() -> Option<Self> {
        let Ok(server) = std::env::var("DATABASE_URL") else {
            let required = std::env::var("REQUIRE_SERVICES").is_ok_and(|value| value == "1");
            assert!(
                !required,
                "REQUIRE_SERVICES is 1, but DATABASE_URL is not set"
            );
            println!("skipped: set DATABASE_URL");
            return None;
        };
        // A name of this run alone: others may use the same server.
        let run = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos();
        let name = format!("outbox_apalis_{}_{run}", std::process::id());
        execute(&server, format!("CREATE DATABASE {name}")).await;
        let (start, _) = server.rsplit_once('/').unwrap();
        let url = format!("{start}/{name}");
        Some(Self { server, name, url })
    }

    pub(crate) async fn pool(&self) -> PgPool {
        PgPool::connect(&self.url).await.unwrap()
    }
}

async fn execute(url: &str, sql: String) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection);
    done.await.unwrap();
    connection.close().await.unwrap();
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
            runtime.unwrap().block_on(execute(&server, drop));
        });
        if dropped.join().is_err() {
            eprintln!("the database {} is not dropped", self.name);
        }
    }
}

//! Versions of the schema.

use clinspark_twilio::outbox::{OutboxStore as _, StoreErrorKind};
use clinspark_twilio_outbox::{PostgresOptions, PostgresStore};
use tokio_postgres::NoTls;

use crate::database::Database;

#[tokio::test(flavor = "multi_thread")]
async fn several_machines_migrate_at_once() {
    let Some(database) = Database::create().await else {
        return;
    };
    let connects: Vec<_> = (0..4)
        .map(|_| {
            let url = database.url.clone();
            tokio::spawn(async move { PostgresStore::connect(&url).await.map(drop) })
        })
        .collect();
    for connect in connects {
        connect.await.unwrap().unwrap();
    }
    let sql = "SELECT array_agg(version ORDER BY version) AS versions FROM twilio_outbox.migration";
    let row = database.client().await.query_one(sql, &[]).await.unwrap();
    assert_eq!(row.get::<_, Vec<i32>>("versions"), [1, 2, 3]);
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let Some(database) = Database::create().await else {
        return;
    };
    database.store().await;
    let sql = "INSERT INTO twilio_outbox.migration VALUES (1000)";
    database.client().await.batch_execute(sql).await.unwrap();
    let error = PostgresStore::connect(&database.url).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Schema);
    assert!(error.to_string().contains("newer version"), "{error}");
}

#[tokio::test]
async fn a_missing_schema_is_refused_without_migrations() {
    let Some(database) = Database::create().await else {
        return;
    };
    let options = PostgresOptions::new().without_migrations();
    let connect = || PostgresStore::connect_tls(&database.url, NoTls, &options);
    let error = connect().await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Schema);
    let store = database.store().await;
    connect().await.unwrap();
    let sql = "DROP SCHEMA twilio_outbox CASCADE";
    database.client().await.batch_execute(sql).await.unwrap();
    let error = store
        .set_pace(&crate::database::sender(), pace())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Schema);
}

fn pace() -> clinspark_twilio::outbox::Pace {
    clinspark_twilio::outbox::Pace::per_second(1.0).unwrap()
}

#[tokio::test]
async fn a_role_without_rights_to_create_uses_a_current_schema() {
    let Some(database) = Database::create().await else {
        return;
    };
    database.store().await;
    let admin = database.client().await;
    // Roles belong to the whole server: the name is as random as that of the database.
    let role = format!("{}_reader", database.url.rsplit('/').next().unwrap());
    let grants = format!(
        "CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA twilio_outbox TO {role};
         GRANT SELECT ON ALL TABLES IN SCHEMA twilio_outbox TO {role}"
    );
    admin.batch_execute(&grants).await.unwrap();
    let url = database.url.replace("postgres@", &format!("{role}@"));
    let store = PostgresStore::connect(&url).await.unwrap();
    let error = store
        .set_pace(&crate::database::sender(), pace())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NotWritable);
    drop(store);
    let drop = format!("DROP OWNED BY {role}; DROP ROLE {role}");
    admin.batch_execute(&drop).await.unwrap();
}

//! The database of batches, and the key of its proofs.

use std::fmt::{self, Write as _};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use clinspark_twilio::outbox::{OutboxStore, ProofKey};
use clinspark_twilio::types::Redacted;
use clinspark_twilio_outbox::SqliteStore;

use super::tls::DatabaseCa;
use crate::failure::Failure;
use crate::output::print_remark;
use crate::private_file;
use crate::settings::read_file;

const DEFAULT: &str = "sqlite://reminders.db";
const DATABASE_VARIABLE: &str = "CLINSPARK_OUTBOX_DATABASE";
const KEY_VARIABLE: &str = "CLINSPARK_OUTBOX_KEY";

/// Option of every command with a database.
#[derive(Args)]
pub(super) struct Database {
    /// Database, or the variable `CLINSPARK_OUTBOX_DATABASE` [default: `sqlite://reminders.db`]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    #[command(flatten)]
    ca: DatabaseCa,
}

/// Options of the key of proofs.
#[derive(Args, Debug)]
pub(super) struct KeyFile {
    /// File with the key of proofs, 64 hexadecimal digits, or the variable `CLINSPARK_OUTBOX_KEY`; by
    /// default a file beside the `SQLite` database, created if both are new
    #[arg(long, value_name = "FILE")]
    proof_key: Option<PathBuf>,
}

impl fmt::Debug for Database {
    /// Without the URL, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("database", &self.database.as_ref().map(Redacted::new))
            .field("ca", &self.ca)
            .finish()
    }
}

/// Place of a database.
enum Place {
    Sqlite(PathBuf),
    Postgres(String),
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            // It may hold a password.
            Self::Postgres(url) => f
                .debug_tuple("Postgres")
                .field(&Redacted::new(url))
                .finish(),
        }
    }
}

/// Use of a database by a command.
#[derive(Clone, Copy, Debug)]
pub(super) enum Access {
    /// Looks only, and leaves the schema as it is: a migration would end the workers of an older version.
    /// A `SQLite` file is migrated all the same, because its store knows no other way.
    Look,
    /// Changes batches, and brings the schema to this version.
    Change,
}

/// Open database, chosen when the program starts.
pub(super) type Store = Arc<dyn OutboxStore>;

impl Database {
    fn place(&self) -> Result<Place, Failure> {
        let variable = std::env::var(DATABASE_VARIABLE).ok();
        let url = self
            .database
            .clone()
            .or(variable)
            .filter(|url| !url.is_empty());
        let url = url.unwrap_or_else(|| DEFAULT.to_owned());
        if let Some(path) = url
            .strip_prefix("sqlite://")
            .filter(|path| !path.is_empty())
        {
            return Ok(Place::Sqlite(path.into()));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Place::Postgres(url));
        }
        // Not repeated: it may hold a password.
        Err(Failure::usage(
            "the database is neither sqlite://FILE nor postgres://USER@HOST/NAME",
        ))
    }

    /// Opens a database that an earlier run has created, with `access` to its schema.
    pub(super) async fn open_existing(&self, access: Access) -> Result<Store, Failure> {
        if let Place::Sqlite(path) = self.place()?
            && !path.exists()
        {
            let path = path.display();
            return Err(Failure::usage(format!(
                "there is no database {path}; `batch send` creates it, or name another by \
                 --database"
            )));
        }
        self.open(access).await
    }

    async fn open(&self, access: Access) -> Result<Store, Failure> {
        Ok(match self.place()? {
            Place::Sqlite(path) => Arc::new(SqliteStore::open(path).await?),
            Place::Postgres(url) => Arc::new(self.ca.connect(&url, access).await?),
        })
    }

    /// Opens the database, or creates it with a new key.
    pub(super) async fn open_with_key(&self, file: &KeyFile) -> Result<(Store, ProofKey), Failure> {
        let key = match (&file.proof_key, std::env::var(KEY_VARIABLE), self.place()?) {
            (Some(path), _, _) => read_key(path)?,
            (None, Ok(text), _) if !text.is_empty() => parse_key(&text).ok_or_else(|| {
                Failure::usage(format!("{KEY_VARIABLE} is not 64 hexadecimal digits"))
            })?,
            (None, _, Place::Sqlite(path)) => key_beside(&path)?,
            (None, _, Place::Postgres(_)) => {
                return Err(Failure::usage(format!(
                    "PostgreSQL needs a key of proofs, the same on all machines: --proof-key FILE or \
                     {KEY_VARIABLE}, 64 random hexadecimal digits"
                )));
            }
        };
        Ok((self.open(Access::Change).await?, key))
    }
}

/// Returns the key beside a database. A lost one is not replaced: texts in doubt would no longer be
/// recognized in Twilio's list.
fn key_beside(database: &Path) -> Result<ProofKey, Failure> {
    let mut path = database.as_os_str().to_owned();
    path.push(".key");
    let path = PathBuf::from(path);
    if path.exists() {
        return read_key(&path);
    }
    let shown = path.display();
    // In this order: another run creates the key first.
    if database.exists() && !path.exists() {
        return Err(Failure::usage(format!(
            "the database exists, but its key {shown} is missing; restore it, or name it by --proof-key"
        )));
    }
    let mut secret = [0; 32];
    getrandom::fill(&mut secret)
        .map_err(|error| Failure::usage(format!("no random bytes for a key: {error}")))?;
    let mut text = String::with_capacity(64);
    for byte in secret {
        let _ = write!(text, "{byte:02x}");
    }
    match private_file::create(&path, text.as_bytes()) {
        Ok(()) => {
            print_remark(&format!(
                "created {shown}, the secret key by which texts in doubt are recognized; with a copy of both \
                 database and key, the numbers that were texted can be guessed: keep the two apart in backups"
            ));
            Ok(ProofKey::new(secret))
        }
        // Another run was faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read_key(&path),
        Err(error) => Err(Failure::usage(format!("cannot create {shown}: {error}"))),
    }
}

fn read_key(path: &Path) -> Result<ProofKey, Failure> {
    let text = read_file(path)?;
    parse_key(&text).ok_or_else(|| {
        let path = path.display();
        Failure::usage(format!("{path} does not hold 64 hexadecimal digits"))
    })
}

fn parse_key(text: &str) -> Option<ProofKey> {
    let text = text.trim();
    if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let mut secret = [0; 32];
    for (byte, pair) in secret.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(ProofKey::new(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_password() {
        let database = Database {
            database: Some("postgres://clinic:hidden-password@db.example/x".to_owned()),
            ca: DatabaseCa::default(),
        };
        for shown in [
            format!("{database:?}"),
            format!("{:?}", database.place().unwrap()),
        ] {
            assert!(shown.contains("[redacted]"), "{shown}");
            assert!(!shown.contains("hidden-password"), "{shown}");
        }
    }
}

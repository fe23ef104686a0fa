//! Conversations of Twilio's official clients for Python and Node with the sandbox.
//!
//! `python/` and `node/` contain the same conversations, each with its language's official client,
//! validator and TwiML builder, unmodified but for the host of each product. A test starts a
//! sandbox and both programs, plays the phones for them ([`stage`]), and compares what the clients
//! parsed with one expected value. Every webhook must pass the official validator.
//!
//! `TWILIO_CLIENTS_DIR` is the folder into which `install` has installed both clients. Without it
//! each test prints a notice and passes; `tests/README.md` describes both variables.

mod accounts;
mod calls;
mod endpoints;
mod faults;
mod instructions;
mod messages;
mod numbers;
mod services;
mod stage;
mod webhooks;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use clinspark_twilio::sandbox::Sandbox;
use serde_json::Value;

use crate::app::{CLINIC, e164};
use stage::Stage;

/// Operations that each conversation performs: its name, a tab, method and path.
const OPERATIONS: &str = include_str!("operations.tsv");

/// Status with which the application rejects a webhook.
const REJECTED: u16 = 403;

/// Returns the folder with the installed clients, if it is set.
#[expect(
    clippy::print_stdout,
    reason = "a skipped test must not look like a passed one"
)]
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("TWILIO_CLIENTS_DIR").map(PathBuf::from);
    if folder.is_none() {
        let required = std::env::var_os("REQUIRE_CLIENTS").is_some();
        assert!(!required, "TWILIO_CLIENTS_DIR is not set");
        println!(
            "skipped: TWILIO_CLIENTS_DIR is not set, so no official client spoke to the sandbox"
        );
    }
    folder
}

/// Returns the command that performs conversations with each client.
fn programs() -> Vec<Command> {
    let Some(folder) = folder() else {
        return Vec::new();
    };
    // `cargo test` runs in the folder of the package, as the caller of `cargo` may not.
    let folder = std::path::absolute(folder).unwrap();
    let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sandbox/clients");
    let mut python = Command::new(folder.join("python/bin/python3"));
    python.arg("-B").arg(format!("{sources}/python/suite.py"));
    let mut node = Command::new("node");
    node.arg(format!("{sources}/node/suite.mjs"));
    node.env("TWILIO_NODE_DIR", folder.join("node"));
    vec![python, node]
}

/// Performs a conversation with each client, in a new sandbox that has one number. Compares what
/// the client parsed with `expected`.
async fn perform(conversation: &str, expected: &Value) {
    for program in programs() {
        let sandbox = Arc::new(Sandbox::start().await.unwrap());
        sandbox.add_number(e164(CLINIC));
        let name = program.get_program().to_string_lossy().into_owned();
        let report = run(program, conversation, &sandbox).await;
        assert_eq!(report["result"], *expected, "{conversation} with {name}");
        // A request that another program answered, or that the application never saw, is missing.
        let webhooks = sandbox.webhooks();
        let webhooks = webhooks.iter().filter_map(|webhook| webhook.status);
        let answered = webhooks.filter(|status| *status != REJECTED).count();
        assert_eq!(report["rejected"], 0, "{conversation} with {name}");
        assert_eq!(report["accepted"], answered, "{conversation} with {name}");
        let performed: BTreeSet<&str> = report["operations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|operation| operation.as_str().unwrap())
            .collect();
        assert_eq!(
            performed,
            operations(conversation),
            "{conversation} with {name}"
        );
    }
}

fn operations(conversation: &str) -> BTreeSet<&'static str> {
    let rows = OPERATIONS.lines().filter_map(|row| row.split_once('\t'));
    rows.filter(|(name, _)| *name == conversation)
        .map(|(_, operation)| operation)
        .collect()
}

/// Runs a program to its end, and returns the report that it prints.
async fn run(mut program: Command, conversation: &str, sandbox: &Arc<Sandbox>) -> Value {
    let stage = Stage::start(Arc::clone(sandbox)).await;
    program
        .arg(conversation)
        .env("TWILIO_ACCOUNT_SID", sandbox.account_sid().to_string())
        .env("TWILIO_AUTH_TOKEN", sandbox.auth_token().expose())
        .env("SANDBOX_URL", sandbox.base_url())
        .env("STAGE_URL", stage.url())
        .env("NO_PROXY", "127.0.0.1")
        .env("no_proxy", "127.0.0.1")
        .env_remove("HTTP_PROXY")
        .stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || program.output().unwrap());
    let output = output.await.unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{conversation}: {errors}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_conversations_perform_at_least_90_operations() {
    let operations = OPERATIONS.lines().filter_map(|row| row.split_once('\t'));
    let distinct: BTreeSet<&str> = operations.map(|(_, operation)| operation).collect();
    assert!(distinct.len() >= 90, "{}", distinct.len());
}

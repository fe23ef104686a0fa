//! `sandbox`: first lines, texts through its API, its end, and errors of options and start files.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use clinspark_twilio::client::messages::{SendMessage, Sender};
use clinspark_twilio::client::{Client, Credentials, Delivery};
use clinspark_twilio::phone::E164;
use clinspark_twilio::types::{AccountSid, AuthToken};
use serde_json::Value;

use crate::support::Program;
#[cfg(feature = "start-file")]
use crate::support::new_path;

mod state_file;

const ACCOUNT_SID: &str = "AC0123456789abcdef0123456789abcdef";
const AUTH_TOKEN: &str = "0123456789abcdef0123456789abcdef";
const NUMBER: &str = "+14155550100";
const PERSON: &str = "+14155550123";

/// A running sandbox. Its process ends with this value.
struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Running {
    /// Starts the program on a free port.
    fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_clinspark-twilio"))
            .arg("sandbox")
            .args(arguments)
            .env_clear()
            .env("CLINSPARK_SANDBOX_PORT", "0")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line
    }

    /// Returns the first line as JSON, as `--json` prints it.
    fn json(&mut self) -> Value {
        let line = self.line();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    /// Sends a signal. Returns the exit code, and what was printed until then.
    #[cfg(unix)]
    fn end(mut self, signal: &str) -> (Option<i32>, String, String) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .unwrap()
                .success()
        );
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).unwrap();
        let mut errors = self.child.stderr.take().unwrap();
        errors.read_to_string(&mut err).unwrap();
        (self.child.wait().unwrap().code(), out, err)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The findings are those of `preflight`, with what the account of the sandbox is known to lack.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_offers_the_preflight_of_the_account() {
    let mut running = Running::start(&["--json"], &[]);
    let shown = running.json();
    let asked = |domain: &str| serde_json::json!({"number": NUMBER, "domain": domain});
    let (status, answer) = post(
        &shown,
        "/_sandbox/account-check",
        &asked("clinic.example.com"),
    )
    .await;
    assert_eq!(status, 200, "{answer}");
    let findings = answer["findings"].as_array().unwrap();
    let named = |severity: &str| {
        let found = findings
            .iter()
            .filter(|found| found["severity"] == severity);
        found
            .map(|found| found["check"].as_str().unwrap())
            .collect::<Vec<_>>()
    };
    assert!(
        named("blocker").contains(&"number-messaging-binding"),
        "{answer}"
    );
    assert!(named("inconclusive").is_empty(), "{answer}");
    let (status, answer) = post(&shown, "/_sandbox/account-check", &asked("http://clinic")).await;
    assert_eq!(status, 422, "{answer}");
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(message.contains("domain"), "{message}");
}

fn client(base_url: &str, account: &str, token: &str) -> Client {
    let token = AuthToken::new(token).unwrap();
    let credentials = Credentials::auth_token(AccountSid::parse(account).unwrap(), token);
    let client = Client::builder(credentials, Delivery::Live);
    client.base_url(base_url).build().unwrap()
}

async fn text(client: &Client, from: &str) -> Result<String, clinspark_twilio::client::Error> {
    let from = Sender::Number(E164::parse(from).unwrap());
    let text = SendMessage::new(E164::parse(PERSON).unwrap(), from, "Hello");
    client.execute(text).await.map(|sent| sent.sid.to_string())
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_first_lines_suffice_for_a_text() {
    let mut running = Running::start(&[], &[]);
    let mut lines = Vec::new();
    while !lines
        .iter()
        .any(|line: &String| line.contains("Second step:"))
    {
        lines.push(running.line());
    }
    let shown = lines.concat();
    for part in [ACCOUNT_SID, AUTH_TOKEN, NUMBER, "First step:", "Ctrl-C"] {
        assert!(shown.contains(part), "{part} in:\n{shown}");
    }
    let url = lines
        .iter()
        .find_map(|line| line.trim().strip_prefix("URL "));
    let sent = text(
        &client(url.unwrap().trim(), ACCOUNT_SID, AUTH_TOKEN),
        NUMBER,
    )
    .await;
    assert!(sent.unwrap().starts_with("SM"));
    // Nothing is printed about the text.
    assert_eq!(
        running.end("-TERM"),
        (Some(0), String::new(), String::new())
    );
}

#[cfg(unix)]
#[test]
fn the_shown_command_is_right_for_a_shell() {
    let token = r#"it's-\-"$HOME`id`;&|*{a,b}"#;
    let mut running = Running::start(&["--bind", "::1", "--auth-token", token], &[]);
    let mut command = String::new();
    while !command.contains("Body=Hello") {
        command.push_str(&running.line());
    }
    let (_, command) = command.split_once("  curl ").unwrap();
    let command = format!("printf '%s\\n' {command}");
    let words = Command::new("sh").args(["-c", &command]).output().unwrap();
    let words = String::from_utf8(words.stdout).unwrap();
    let words: Vec<&str> = words.lines().collect();
    assert_eq!(words[0], "-u");
    assert_eq!(words[1], format!("{ACCOUNT_SID}:{token}"));
    assert!(words[2].starts_with("http://[::1]:"), "{words:?}");
    assert_eq!(words.len(), 9, "{words:?}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_ends_the_program_too() {
    let mut running = Running::start(&["--json"], &[]);
    assert_eq!(running.json()["account_sid"], ACCOUNT_SID);
    assert_eq!(running.end("-INT").0, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn options_are_read_from_the_environment_too() {
    let (account, token) = (
        "ACffffffffffffffffffffffffffffffff",
        "another-invented-token",
    );
    let mut running = Running::start(
        &["--json", "--clock", "instant"],
        &[
            ("CLINSPARK_SANDBOX_ACCOUNT_SID", account),
            ("CLINSPARK_SANDBOX_AUTH_TOKEN", token),
            ("CLINSPARK_SANDBOX_NUMBER", "+14155550101,+14155550102"),
            ("CLINSPARK_SANDBOX_BIND", "127.0.0.2"),
            ("CLINSPARK_SANDBOX_SMS_URL", "http://localhost:8080/sms"),
            ("CLINSPARK_SANDBOX_WEBHOOK_HOST", "app=127.0.0.1"),
            // The option outranks it.
            ("CLINSPARK_SANDBOX_CLOCK", "held"),
        ],
    );
    let shown = running.json();
    assert_eq!(
        shown["numbers"],
        serde_json::json!(["+14155550101", "+14155550102"])
    );
    let url = shown["base_url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.2:"), "{url}");
    let client = client(url, account, token);
    assert!(text(&client, "+14155550102").await.is_ok());
    assert!(text(&client, NUMBER).await.is_err());
    let (_, body) = get(&shown, "IncomingPhoneNumbers.json", &[]).await;
    assert_eq!(
        body["incoming_phone_numbers"][0]["sms_url"],
        "http://localhost:8080/sms"
    );
}

/// Sends JSON to the control API. Returns the status and the JSON.
async fn post(shown: &Value, path: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}{path}", shown["base_url"].as_str().unwrap());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.post(url).header("content-type", "application/json");
    let answer = request.body(body.to_string()).send().await.unwrap();
    let status = answer.status().as_u16();
    (
        status,
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap(),
    )
}

/// Requests a resource of the account. Returns the status and the JSON.
async fn get(shown: &Value, resource: &str, headers: &[(&str, &str)]) -> (u16, Value) {
    let field = |name: &str| shown[name].as_str().unwrap();
    let account = field("account_sid");
    // A path from the root is one of the control API.
    let path = match resource.strip_prefix('/') {
        Some(path) => path.to_owned(),
        None => format!("2010-04-01/Accounts/{account}/{resource}"),
    };
    let url = format!("{}/{path}", field("base_url"));
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.get(url).basic_auth(account, Some(field("auth_token")));
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.text().await.unwrap();
    (
        status,
        serde_json::from_str(&body).unwrap_or(Value::String(body)),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_must_be_allowed() {
    let mut running = Running::start(&["--json", "--allow-host", "twilio:80"], &[]);
    let shown = running.json();
    for (host, status) in [("twilio", 200), ("attacker.example", 403)] {
        let (found, body) = get(&shown, "Messages.json", &[("host", host)]).await;
        assert_eq!(found, status, "{host}: {body}");
        assert_eq!(
            status == 403,
            body.to_string().contains("--allow-host NAME")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_options_exit_with_2() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for (arguments, problem) in [
        (["--port", &port], "is in use"),
        (
            ["--port", "none"],
            "invalid value '(not shown)' for '--port <PORT>'",
        ),
        (
            ["--account-sid", "AC1"],
            "expected AC followed by 32 hexadecimal digits",
        ),
        (["--number", "4155550100"], "write it as +14155550100"),
        (["--clock", "fast"], "--clock"),
        (["--sms-url", "nowhere"], "Twilio would reject the setting"),
        (
            ["--allow-host", "http://app"],
            "neither a host nor a host with a port",
        ),
        (["--webhook-host", "app=there"], "an IP address is expected"),
        (["--webhook-host", "app=198.51.100.7"], "private network"),
    ] {
        let program = Program::new(&[&["sandbox"][..], &arguments].concat());
        let program = program.env("CLINSPARK_SANDBOX_PORT", "0");
        let ran = program.run().await.expect(2);
        assert!(ran.err.contains(problem), "{arguments:?}: {}", ran.err);
        assert_eq!(ran.out, "");
    }
    // The variable is named by its option, and its value is not repeated.
    let ran = Program::new(&["sandbox"]).env("CLINSPARK_SANDBOX_PORT", "0f1e2d3c4b5a");
    let ran = ran.secret("0f1e2d3c4b5a").run().await.expect(2);
    assert!(ran.err.contains("--port"), "{}", ran.err);
}

#[cfg(feature = "start-file")]
#[tokio::test(flavor = "multi_thread")]
async fn a_start_file_fills_the_account() {
    let file = new_path("start.toml");
    let start = r#"
[[apps]]
name = "Clinic"
sms_url = "http://localhost:8080/sms"

[[numbers]]
number = "+14155550101"
app = "Clinic"

[[numbers]]
number = "+14155550102"
voice_url = "http://localhost:8080/voice"
voice_method = "GET"

[[services]]
name = "Reminders"
numbers = ["+14155550102"]
use_inbound_webhook_on_number = true

[[people]]
number = "+14155550123"
name = "Ana"
delivery = { undelivered = 30005 }

[[faults]]
fault = "error"
status = 503
code = 20503
path = "/Calls"

[[faults]]
fault = "too_many_requests"
path = "/Queues"
every = 2
"#;
    std::fs::write(&file, start).unwrap();
    let mut running = Running::start(&["--json", "--start", file.to_str().unwrap()], &[]);
    let shown = running.json();
    assert_eq!(
        shown["numbers"],
        serde_json::json!(["+14155550101", "+14155550102"])
    );
    let (_, apps) = get(&shown, "Applications.json", &[]).await;
    let app = &apps["applications"][0];
    assert_eq!(
        (&app["friendly_name"], &app["sms_url"]),
        (&"Clinic".into(), &"http://localhost:8080/sms".into())
    );
    let (_, numbers) = get(&shown, "IncomingPhoneNumbers.json", &[]).await;
    let numbers = numbers["incoming_phone_numbers"].as_array().unwrap();
    let number = |wanted: &str| {
        numbers
            .iter()
            .find(|found| found["phone_number"] == wanted)
            .unwrap()
    };
    assert_eq!(number("+14155550101")["voice_application_sid"], app["sid"]);
    assert_eq!(number("+14155550102")["voice_method"], "GET");
    assert_eq!(get(&shown, "Calls.json", &[]).await.0, 503);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(get(&shown, "Queues.json", &[]).await.0);
    }
    assert_eq!(statuses, [200, 429, 200, 429]);

    let client = client(shown["base_url"].as_str().unwrap(), ACCOUNT_SID, AUTH_TOKEN);
    let sid = text(&client, "+14155550101").await.unwrap();
    let status = async || get(&shown, &format!("Messages/{sid}.json"), &[]).await.1;
    let mut found = status().await;
    while found["status"] == "queued" || found["status"] == "sent" {
        found = status().await;
    }
    assert_eq!(
        (&found["status"], &found["error_code"]),
        (&"undelivered".into(), &30005.into())
    );
    let (_, person) = get(&shown, "/_sandbox/phones/+14155550123", &[]).await;
    assert_eq!(
        (&person["name"], &person["answer"]),
        (&"Ana".into(), &"ring".into())
    );
    std::fs::remove_file(&file).unwrap();
}

#[cfg(feature = "start-file")]
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_start_file_is_refused_with_every_line() {
    let cases: [(&str, &[&str]); 9] = [
        ("numbers = [", &["line 1: unclosed array"]),
        (
            "[[numbers]]\nnumber = 'x'\n[[nubmers]]\n",
            &[
                "line 2: this is not a phone number",
                "line 3: unknown key `nubmers`; known are apps, numbers",
            ],
        ),
        (
            "[[numbers]]\nvoice_url = 1.5\n",
            &[
                "line 1: `number` is missing; add it",
                "line 2: `voice_url` cannot be used",
            ],
        ),
        (
            "[[numbers]]\nnumber = '+14155550100'\nsms_ulr = 'x'\nsms_method = 'PUT'\napp = 'None'\n",
            &[
                "line 3: `sms_ulr`: Twilio would respond with error 20001 (unknown parameter",
                "line 4: `sms_method`: Twilio",
                "line 5: no entry of [[apps]] has this name",
            ],
        ),
        (
            "[[services]]\nname = 'A'\nnumbers = ['+14155550100', 1]\n",
            &["line 3: `numbers` is a whole number"],
        ),
        (
            "[[people]]\nnumber = '+14155550123'\nanswer = 'maybe'\ndelivery = { failed = -1 }\n",
            &[
                "line 3: `answer` is none of ring, answer",
                "line 4: `delivery` is",
            ],
        ),
        (
            "[[people]]\nnumber = '+14155550123'\n[[people]]\nnumber = '+14155550123'\n",
            &["line 4: this person is listed already"],
        ),
        (
            "[[faults]]\nfault = 'error'\nstatus = 70000\n",
            &["line 1: `code` is missing", "line 3: `status` is too large"],
        ),
        (
            "[[faults]]\nfault = 'lose_webhook'\npath = '/sms'\n",
            &["line 1: a fault of webhooks has no method and no path"],
        ),
    ];
    let file = new_path("wrong.toml");
    let name = file.to_str().unwrap();
    for (start, problems) in cases {
        std::fs::write(&file, start).unwrap();
        let ran = Program::new(&["sandbox", "--port", "0", "--start", name])
            .run()
            .await
            .expect(2);
        for problem in problems {
            assert!(ran.err.contains(problem), "{problem} in:\n{}", ran.err);
        }
        assert_eq!(ran.out, "");
    }
    std::fs::write(&file, "#".repeat(1024 * 1024 + 1)).unwrap();
    let long = name.to_owned();
    let mut unusable = vec![
        (long, "longer than 1 MiB"),
        (".".to_owned(), "cannot be read"),
    ];
    if cfg!(target_os = "linux") {
        // It has no length and no end.
        unusable.push(("/dev/zero".to_owned(), "longer than 1 MiB"));
    }
    unusable.push((format!("{name}.missing"), "cannot be read"));
    for (path, problem) in unusable {
        let ran = Program::new(&["sandbox", "--port", "0", "--start", &path]).run();
        let ran = ran.await.expect(2);
        assert!(ran.err.contains(problem), "{path}: {}", ran.err);
    }
    std::fs::remove_file(&file).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_rings_a_phone_that_no_one_has_added() {
    let mut running = Running::start(&["--json"], &[]);
    let shown = running.json();
    let account = shown["account_sid"].as_str().unwrap();
    let base_url = shown["base_url"].as_str().unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let form = [("To", PERSON), ("From", NUMBER), ("Twiml", "<Response/>")];
    let call = http
        .post(format!(
            "{base_url}/2010-04-01/Accounts/{account}/Calls.json"
        ))
        .basic_auth(account, Some(AUTH_TOKEN))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(serde_urlencoded::to_string(form).unwrap());
    assert_eq!(call.send().await.unwrap().status(), 201);
    let path = format!("/_sandbox/phones/{PERSON}/answer?wait=5");
    let (status, answer) = post(&shown, &path, &serde_json::json!({})).await;
    assert_eq!(status, 200, "{answer}");
    let (_, phones) = get(&shown, "/_sandbox/phones", &[]).await;
    assert_eq!(phones[0]["number"], PERSON);
    assert_eq!(phones[0]["answer"], "ring");
}

//! Runs the program, and checks that it prints no secret and no number.

use std::io::Write as _;
use std::process::{Command, Stdio};

use clinspark_twilio::client::{Client, Credentials, Delivery};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::types::PhoneNumberSid;
use serde_json::Value;

/// Number of the instance.
pub(crate) const CLINIC: &str = "+61255501234";
/// Number of the volunteer.
pub(crate) const VOLUNTEER: &str = "+61491570156";
/// Numbers as they must never be printed: without the country code, which covers every spelling.
const DIGITS: [&str; 2] = ["255501234", "491570156"];

/// Result of one run.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    /// Returns the standard output, which must hold each of these texts.
    #[track_caller]
    pub(crate) fn shows(&self, texts: &[&str]) -> &Self {
        for text in texts {
            assert!(
                self.out.contains(text),
                "missing {text:?} in:\n{}",
                self.out
            );
        }
        self
    }
}

/// One run of the program, without the variables of the tests' own environment.
pub(crate) struct Program {
    command: Command,
    input: Vec<u8>,
    secrets: Vec<String>,
    /// Permits numbers in the standard output.
    answers_numbers: bool,
}

impl Program {
    pub(crate) fn new(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clinspark-twilio"));
        command.args(arguments).env_clear();
        Self {
            command,
            input: Vec::new(),
            secrets: Vec::new(),
            answers_numbers: false,
        }
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// Names a text that the program must not print.
    pub(crate) fn secret(mut self, secret: &str) -> Self {
        self.secrets.push(secret.to_owned());
        self
    }

    /// Permits numbers in the standard output, which is the answer of `number`.
    pub(crate) fn answers_numbers(mut self) -> Self {
        self.answers_numbers = true;
        self
    }

    /// Runs the program on a thread of its own, so that the sandbox can answer.
    pub(crate) async fn run(mut self) -> Ran {
        tokio::task::spawn_blocking(move || {
            self.command
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            let mut child = self.command.spawn().unwrap();
            // A program that reads no input may have ended.
            let _ = child.stdin.take().unwrap().write_all(&self.input);
            let output = child.wait_with_output().unwrap();
            let text = |bytes| String::from_utf8(bytes).unwrap();
            let ran = Ran {
                code: output.status.code().unwrap(),
                out: text(output.stdout),
                err: text(output.stderr),
            };
            let secrets = self.secrets.iter().map(String::as_str);
            for secret in secrets.clone().chain(DIGITS) {
                assert!(!ran.err.contains(secret), "{secret} in:\n{}", ran.err);
            }
            let digits = DIGITS.into_iter().filter(|_| !self.answers_numbers);
            for secret in secrets.chain(digits) {
                assert!(!ran.out.contains(secret), "{secret} in:\n{}", ran.out);
            }
            ran
        })
        .await
        .unwrap()
    }
}

/// Sandbox account with the clinic's number, and the volunteer's phone.
pub(crate) struct Account {
    pub(crate) twilio: Sandbox,
    pub(crate) number: PhoneNumberSid,
    /// Domain of the instance.
    pub(crate) domain: String,
}

impl Account {
    pub(crate) async fn start() -> Self {
        let twilio = Sandbox::start().await.unwrap();
        let number = twilio.add_number(clinic());
        Self {
            twilio,
            number,
            domain: "demo.clinspark.com".to_owned(),
        }
    }

    pub(crate) fn client(&self) -> Client {
        let token = self.twilio.auth_token().clone();
        let credentials = Credentials::auth_token(self.twilio.account_sid(), token);
        let client = Client::builder(credentials, Delivery::Live);
        client.base_url(self.twilio.base_url()).build().unwrap()
    }

    /// Returns the settings of this account, as variables of the environment.
    pub(crate) fn variables(&self) -> [(&'static str, String); 11] {
        let account = self.twilio.account_sid();
        [
            ("TWILIO_BASE_URL", self.twilio.base_url()),
            ("CLINSPARK_DOMAIN", &self.domain),
            ("TWILIO_ACCOUNT_SID", account.as_str()),
            ("TWILIO_AUTH_TOKEN", self.twilio.auth_token().expose()),
            ("TWILIO_PHONE_NUMBER", CLINIC),
            ("CLINSPARK_DEFAULT_COUNTRY_PREFIX", "61"),
            ("CLINSPARK_VOICE_PATH", "/hooks/voice"),
            ("CLINSPARK_CALL_STATUS_PATH", "/hooks/call-status"),
            ("CLINSPARK_MESSAGE_PATH", "/hooks/message"),
            ("CLINSPARK_MESSAGE_STATUS_PATH", "/hooks/message-status"),
            ("CLINSPARK_DELIVERY", "live"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
    }

    /// Returns a run with the settings of this account in the environment.
    pub(crate) fn program(&self, arguments: &[&str]) -> Program {
        let variables = self.variables().into_iter();
        let program = variables.fold(Program::new(arguments), |program, (name, value)| {
            program.env(name, &value)
        });
        program.secret(self.twilio.auth_token().expose())
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> Ran {
        self.program(arguments).run().await
    }
}

pub(crate) fn clinic() -> E164 {
    E164::parse(CLINIC).unwrap()
}

/// Path of a new file in the tests' own folder.
pub(crate) fn new_path(name: &str) -> std::path::PathBuf {
    let file = format!("{}-{name}", std::process::id());
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(file);
    let _ = std::fs::remove_file(&path);
    path
}

//! Responses to every operation, compared with Twilio's `OpenAPI` documents.
//!
//! `TWILIO_CONTRACT_DIR` is the folder with the documents; `tests/README.md` describes it. Without
//! the variable the test prints a notice and passes.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clinspark_twilio::sandbox::{AnswerBehavior, Sandbox};
use serde_json::Value;

use crate::app::{CLINIC, VOLUNTEER, e164};
use crate::contract_schema::{check, resolve, sample};

/// Operations that the sandbox does not have yet. The list may only shrink.
const UNCOVERED: &[&str] = &[];

const DOCUMENTS: &[&str] = &[
    "api_v2010",
    "messaging_v1",
    "lookups_v2",
    "accounts_v1",
    "monitor_v1",
    "voice_v1",
    "oauth_v1",
    "oauth_v2",
];

/// Operations that reject some of their documented parameters. The list may only shrink.
const UNKNOWN_PARAMETERS: &[&str] = &[];

/// Fields that are null in the documents' own examples, against their schema.
const NULL_IN_EXAMPLES: &[&str] = &["reason_conference_ended"];
/// Phone of the calls that are answered.
const SPEAKER: &str = "+14155550124";
/// Parameters of a campaign, with texts of the required length.
const CAMPAIGN: &str = "Description=Reminders+of+visits+to+volunteers+who+agreed+to+them\
    &MessageFlow=Volunteers+agree+in+writing+during+their+first+visit\
    &MessageSamples=Your+visit+is+tomorrow+at+9&HasEmbeddedLinks=false&HasEmbeddedPhone=false";

/// Parameters of an operation, instead of a sample of each that is required.
const SAMPLES: &[(&str, &str)] = &[
    (
        "POST /v1/a2p/BrandRegistrations/{BrandSid}/Vettings",
        "VettingProvider=campaign-verify&VettingId=cv%7C1.0%7Ctcr%7C10dlc%7C0001",
    ),
    (
        "POST /2010-04-01/Accounts/{AccountSid}/Messages.json",
        "To=%2B14155550123&From=%2B14155550100&Body=Hello&ProvideFeedback=true&MediaUrl=https://clinic.example/a.png",
    ),
    (
        "POST /2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json",
        "Body=",
    ),
    (
        "POST /2010-04-01/Accounts/{AccountSid}/Calls.json",
        "To=%2B14155550123&From=%2B14155550100&Twiml=<Response/>",
    ),
    (
        "POST /2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json",
        "Status=completed",
    ),
    (
        "POST /2010-04-01/Accounts/{AccountSid}/Conferences/{ConferenceSid}/Participants.json",
        "To=%2B14155550188&From=%2B14155550100",
    ),
    (
        "POST /2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers.json",
        "AreaCode=512",
    ),
    (
        "POST /2010-04-01/Accounts/{AccountSid}/OutgoingCallerIds.json",
        "PhoneNumber=%2B14155550177",
    ),
    ("GET /v1/Deactivations", "Date=2026-11-28"),
    ("POST /v1/SafeList/Numbers", "PhoneNumber=%2B14155550123"),
    ("GET /v1/SafeList/Numbers", "PhoneNumber=%2B14155550123"),
    ("DELETE /v1/SafeList/Numbers", "PhoneNumber=%2B14155550123"),
    (
        "PATCH /v1/Messaging/GeoPermissions",
        "Permissions={\"country_code\":\"AU\",\"type\":\"country\",\"enabled\":true}",
    ),
    (
        "POST /v1/Consents/Bulk",
        "Items={\"correlation_id\":\"ad388b5a46b33b874b0d41f7226db2ef\"}",
    ),
    (
        "POST /v1/DialingPermissions/BulkCountryUpdates",
        "UpdateRequest=[{\"iso_code\":\"AU\"}]",
    ),
];

/// Returns the folder with the documents, if it is set.
#[expect(
    clippy::print_stdout,
    reason = "a skipped test must not look like a passed one"
)]
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("TWILIO_CONTRACT_DIR").map(PathBuf::from);
    if folder.is_none() {
        println!(
            "skipped: TWILIO_CONTRACT_DIR is not set, so no response was compared with the documents"
        );
    }
    folder
}

/// An operation of a document.
struct Operation<'a> {
    document: &'a Value,
    method: String,
    template: &'a str,
    schema: &'a Value,
}

impl Operation<'_> {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.template)
    }

    /// Returns the place of the operation in the test: creations, reads, updates, deletions.
    fn order(&self) -> (u8, isize) {
        let depth = isize::try_from(self.template.split('/').count()).unwrap();
        let is_item = self.template.trim_end_matches(".json").ends_with('}');
        match self.method.as_str() {
            "POST" if !is_item => (0, depth),
            "GET" => (1, depth),
            "DELETE" => (3, -depth),
            // The recording of a call is changed before the call ends.
            _ => (2, -depth),
        }
    }

    /// Returns the form, or else the query, of the operation: name, schema, and whether it is
    /// required.
    fn parameters(&self) -> Vec<(&str, &Value, bool)> {
        let form = "/requestBody/content/application~1x-www-form-urlencoded/schema";
        if let Some(form) = self.schema.pointer(form) {
            let form = resolve(self.document, form);
            let required = form["required"].as_array();
            let is_required =
                |name: &str| required.is_some_and(|required| required.iter().any(|r| r == name));
            let fields = form["properties"].as_object().into_iter().flatten();
            return fields
                .map(|(name, schema)| (name.as_str(), schema, is_required(name)))
                .collect();
        }
        let parameters = self.schema["parameters"].as_array().into_iter().flatten();
        parameters
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| {
                let name = parameter["name"].as_str().unwrap();
                (name, &parameter["schema"], parameter["required"] == true)
            })
            .collect()
    }
}

/// The sandbox, with at least one resource of each kind that a test can add.
struct World {
    sandbox: Sandbox,
    http: reqwest::Client,
    /// Path of the first item of a list, by the path of the list.
    items: BTreeMap<String, Option<Value>>,
}

impl World {
    async fn new() -> Self {
        let sandbox = Sandbox::builder().seed(1).start().await.unwrap();
        let number = sandbox.add_number(e164(CLINIC));
        let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
        sandbox.add_number_to_service(service, number).unwrap();
        sandbox.add_short_code(service, "12345", &[]).unwrap();
        sandbox.add_application(&[("FriendlyName", "App")]).unwrap();
        sandbox.add_caller_id(e164("+14155550166"));
        sandbox.set_brand_status("APPROVED");
        sandbox.set_toll_free_verification_status(number, "IN_REVIEW");
        sandbox.add_alert(11200, "error");
        let _ = sandbox.add_secondary_auth_token();
        let phone = sandbox.phone(e164(VOLUNTEER));
        phone.set_answer_behavior(AnswerBehavior::Ring);
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        let mut world = Self {
            sandbox,
            http: http.build().unwrap(),
            items: BTreeMap::new(),
        };
        // Items of lists that later creations precede: the phone is busy for every later call, and
        // a later service has neither numbers nor a campaign.
        let account = world.sandbox.account_sid();
        let calls = format!("/2010-04-01/Accounts/{account}/Calls");
        let speaker = world.sandbox.phone(e164(SPEAKER));
        // A recording with a transcription.
        let record = "<Response><Record transcribe=\"true\"/></Response>";
        world.call(&calls, record).await;
        let call = speaker.answer().await.unwrap();
        call.say("one two three four five six").await.unwrap();
        call.press("1").await.unwrap();
        let recordings = format!("/2010-04-01/Accounts/{account}/Recordings");
        world.first_of(&recordings, "Sid").await;
        // A call in progress.
        world
            .call(&calls, "<Response><Gather timeout=\"600\"/></Response>")
            .await;
        speaker.answer().await.unwrap();
        world.sandbox.wait_idle().await.unwrap();
        world.first_of(&calls, "Sid").await;
        world.first_of("/v1/Services", "Sid").await;
        for (nurse, verb) in [
            (
                "+14155550161",
                "<Dial><Conference>visit</Conference></Dial>",
            ),
            (
                "+14155550162",
                "<Dial><Conference>other</Conference></Dial>",
            ),
            ("+14155550163", "<Enqueue>nurses</Enqueue>"),
            ("+14155550164", "<Enqueue>nurses</Enqueue>"),
        ] {
            let _ = world.sandbox.phone(e164(nurse));
            let twiml = format!("<Response>{verb}</Response>");
            let form = serde_urlencoded::to_string([("Twiml", twiml.as_str()), ("To", nurse)]);
            let form = format!("From=%2B14155550100&{}", form.unwrap());
            world.send("POST", &format!("{calls}.json"), &form).await;
            world.sandbox.wait_idle().await.unwrap();
        }
        let queues = format!("/2010-04-01/Accounts/{account}/Queues");
        world.first_of(&queues, "Sid").await;
        world
    }

    /// Calls the phone of the world that answers.
    async fn call(&self, calls: &str, twiml: &str) {
        let fields = [("To", SPEAKER), ("From", CLINIC), ("Twiml", twiml)];
        let form = serde_urlencoded::to_string(fields).unwrap();
        let (status, answer) = self.send("POST", &format!("{calls}.json"), &form).await;
        assert_eq!(status, 201, "{answer}");
    }

    async fn send(&self, method: &str, path: &str, parameters: &str) -> (u16, Value) {
        let url = format!("{}{path}", self.sandbox.base_url());
        let is_query = method == "GET" || method == "DELETE";
        let url = if is_query && !parameters.is_empty() {
            format!("{url}?{parameters}")
        } else {
            url
        };
        let request = self
            .http
            .request(method.parse().unwrap(), url)
            .basic_auth(
                self.sandbox.account_sid(),
                Some(self.sandbox.auth_token().expose()),
            )
            .header("content-type", "application/x-www-form-urlencoded");
        let request = if is_query {
            request
        } else {
            request.body(parameters.to_owned())
        };
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// Fills the parameters of a path: the first item of each list, or a SID that does not exist.
    async fn path(&mut self, template: &str) -> String {
        let mut path = String::new();
        for segment in template.split('/').skip(1) {
            let (name, suffix) = segment.split_once('}').unwrap_or((segment, ""));
            let Some(name) = name.strip_prefix('{') else {
                path = format!("{path}/{segment}");
                continue;
            };
            let value = match name {
                "AccountSid" => self.sandbox.account_sid().to_string(),
                "Sid" if path.ends_with("/Accounts") => self.sandbox.account_sid().to_string(),
                "CountryCode" | "IsoCode" => "US".to_owned(),
                "PhoneNumber" => VOLUNTEER.to_owned(),
                // Other operations end the conference with this SID, but not its namesakes.
                "ConferenceSid" => "visit".to_owned(),
                "CallSid" if path.ends_with("/Members") => "Front".to_owned(),
                _ => self.first_of(&path, name).await,
            };
            path = format!("{path}/{value}{suffix}");
        }
        path
    }

    async fn first_of(&mut self, list: &str, parameter: &str) -> String {
        if !self.items.contains_key(list) {
            let suffix = if list.starts_with("/2010") {
                ".json"
            } else {
                ""
            };
            let (_, found) = self.send("GET", &format!("{list}{suffix}"), "").await;
            let mut lists = found.as_object().into_iter().flatten();
            let first = lists.find_map(|(_, value)| value.as_array()?.first().cloned());
            self.items.insert(list.to_owned(), first);
        }
        let field = match parameter {
            "CallSid" => "call_sid",
            "BrandVettingSid" => "brand_vetting_sid",
            _ => "sid",
        };
        let sid = self.items[list].as_ref().and_then(|item| {
            let sid = item.get(field).or_else(|| item.get("sid"));
            sid.and_then(Value::as_str)
        });
        sid.map_or_else(|| format!("XX{}", "0".repeat(32)), str::to_owned)
    }

    /// Returns the parameters with which an operation is tried.
    fn sample(&self, operation: &Operation<'_>) -> String {
        let name = operation.name();
        match name.as_str() {
            "DELETE /v1/AuthTokens/Secondary" => {
                // The promotion came before.
                let _ = self.sandbox.add_secondary_auth_token();
            }
            "POST /v1/Services/{ServiceSid}/PhoneNumbers" => {
                let number = self.sandbox.add_number(e164("+14155550101"));
                return format!("PhoneNumberSid={number}");
            }
            "POST /v1/Services/{ServiceSid}/ShortCodes" => {
                let other = self.sandbox.add_service(&[("FriendlyName", "Other")]);
                let other = other.unwrap();
                let code = self.sandbox.add_short_code(other, "54321", &[]).unwrap();
                self.sandbox.remove_service(other);
                return format!("ShortCodeSid={code}");
            }
            "POST /v1/Services/{MessagingServiceSid}/Compliance/Usa2p" => {
                let brand = self.sandbox.set_brand_status("APPROVED");
                return format!(
                    "{CAMPAIGN}&UsAppToPersonUsecase=LOW_VOLUME&BrandRegistrationSid={brand}"
                );
            }
            "POST /v1/Services/{MessagingServiceSid}/Compliance/Usa2p/{Sid}" => {
                let service = self.sandbox.services()[0].sid;
                self.sandbox.set_campaign_status(service, "FAILED");
                return format!("{CAMPAIGN}&AgeGated=false&DirectLending=false");
            }
            "POST /v1/token" => {
                let (app, secret) = self.sandbox.add_oauth_app();
                let secret = secret.expose();
                return format!(
                    "GrantType=client_credentials&ClientId={app}&ClientSecret={secret}"
                );
            }
            "POST /v2/token" => {
                let (app, secret) = self.sandbox.add_oauth_app();
                let secret = secret.expose();
                return format!(
                    "grant_type=client_credentials&client_id={app}&client_secret={secret}"
                );
            }
            "POST /v1/a2p/BrandRegistrations/{Sid}" => {
                self.sandbox.set_brand_status("FAILED");
            }
            _ => {}
        }
        if let Some((_, sample)) = SAMPLES.iter().find(|(other, _)| *other == name) {
            return (*sample).to_owned();
        }
        let required = operation.parameters().into_iter().filter(|row| row.2);
        let fields = required.map(|(name, schema, _)| (name, sample(operation.document, schema)));
        serde_urlencoded::to_string(fields.collect::<Vec<_>>()).unwrap()
    }

    /// Reports whether the sandbox has an operation. Differences from the document are errors.
    async fn compare(&mut self, operation: &Operation<'_>, errors: &mut Vec<String>) -> bool {
        let path = self.path(operation.template).await;
        let parameters = self.sample(operation);
        let (status, answer) = self.send(&operation.method, &path, &parameters).await;
        if matches!(status, 404 | 405) {
            return false;
        }
        let name = operation.name();
        let response = &operation.schema["responses"][status.to_string()];
        if status >= 400 || response.is_null() {
            errors.push(format!("{name}: status {status}, {answer}"));
            return true;
        }
        let body = "/content/application~1json/schema";
        let mut found = Vec::new();
        match response.pointer(body) {
            Some(schema) => check(operation.document, schema, &answer, "", &mut found),
            None if answer.is_null() => {}
            None => found.push("the body is not empty".to_owned()),
        }
        let is_null = |error: &String, field: &&str| error.ends_with(&format!("/{field} is null"));
        found.retain(|error| !NULL_IN_EXAMPLES.iter().any(|field| is_null(error, field)));
        errors.extend(found.into_iter().map(|error| format!("{name}: {error}")));
        if operation.method == "GET" || operation.method == "POST" {
            self.try_parameters(operation, &path, &parameters, errors)
                .await;
        }
        self.sandbox.wait_idle().await.unwrap();
        true
    }

    /// Sends each documented parameter. Whatever its value does, its name must be known.
    async fn try_parameters(
        &self,
        operation: &Operation<'_>,
        path: &str,
        base: &str,
        errors: &mut Vec<String>,
    ) {
        let mut unknown = Vec::new();
        for (name, schema, _) in operation.parameters() {
            let value = sample(operation.document, schema);
            let pair = serde_urlencoded::to_string([(name, value)]).unwrap();
            let all = format!("{base}&{pair}");
            let (_, answer) = self.send(&operation.method, path, &all).await;
            let message = answer["message"].as_str().unwrap_or_default();
            if message.starts_with("Unknown parameter") {
                unknown.push(message.to_owned());
            }
        }
        let name = operation.name();
        if UNKNOWN_PARAMETERS.contains(&name.as_str()) {
            if unknown.is_empty() {
                errors.push(format!("{name}: remove it from UNKNOWN_PARAMETERS"));
            }
            return;
        }
        errors.extend(unknown.iter().map(|error| format!("{name}: {error}")));
    }
}

fn read(folder: &Path, name: &str) -> Value {
    let path = folder.join(format!("twilio_{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut found = Vec::new();
    for (template, methods) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "patch", "delete"] {
            if let Some(schema) = methods.get(method) {
                found.push(Operation {
                    document,
                    method: method.to_uppercase(),
                    template,
                    schema,
                });
            }
        }
    }
    found
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "the count is the point")]
async fn responses_match_twilios_documents() {
    let Some(folder) = folder() else { return };
    let documents: Vec<_> = DOCUMENTS.iter().map(|name| read(&folder, name)).collect();
    let mut operations: Vec<_> = documents.iter().flat_map(operations).collect();
    // A number is removed from its service before it is released.
    operations.sort_by_key(|operation| (operation.order(), Reverse(operation.template)));
    let mut world = World::new().await;
    let mut errors = Vec::new();
    let mut uncovered = BTreeSet::new();
    for operation in &operations {
        if !world.compare(operation, &mut errors).await {
            uncovered.insert(operation.name());
        }
    }
    let total = operations.len();
    println!("covered: {} of {total} operations", total - uncovered.len());
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    let expected: BTreeSet<String> = UNCOVERED.iter().map(|&name| name.to_owned()).collect();
    let lost: Vec<_> = uncovered.difference(&expected).collect();
    assert!(lost.is_empty(), "the sandbox has lost {lost:#?}");
    let gained: Vec<_> = expected.difference(&uncovered).collect();
    assert!(gained.is_empty(), "remove from the list: {gained:#?}");
}

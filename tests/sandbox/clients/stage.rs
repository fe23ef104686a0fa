//! [`Stage`]: plays phones for a program, over HTTP.
//!
//! The program posts an action as JSON. The response contains what the phone experienced.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use clinspark_twilio::phone::{ClientIdentity, SipUri};
use clinspark_twilio::sandbox::{
    AnswerBehavior, CallEndpoint, DeliveryBehavior, Fault, FaultRule, Phone, PhoneCall, Sandbox,
    SandboxError, TextMessage,
};
use http::StatusCode;
use serde_json::{Value, json};

use crate::app::{VOLUNTEER, e164};

/// Client of the Voice SDK and SIP endpoint that answer calls.
const ENDPOINTS: [&str; 2] = ["client:nurse", "sip:desk@example.com"];

/// Phones that answer calls at once, until the program decides otherwise.
const PHONES: [&str; 3] = [VOLUNTEER, "+14155550145", "+14155550199"];

/// Server that a program asks to play the phones.
pub(super) struct Stage {
    address: SocketAddr,
}

/// The sandbox, and the calls in which the program takes part.
struct Players {
    sandbox: Arc<Sandbox>,
    calls: Mutex<HashMap<String, PhoneCall>>,
}

impl Stage {
    pub(super) async fn start(sandbox: Arc<Sandbox>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let players = Arc::new(Players {
            sandbox,
            calls: Mutex::default(),
        });
        for phone in PHONES {
            // A call to a phone that no test has requested ends with `no-answer`.
            let _ = players.sandbox.phone(e164(phone));
        }
        for endpoint in ENDPOINTS {
            let _ = players.endpoint(endpoint);
        }
        let router = Router::new().fallback(act).with_state(players);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

async fn act(State(players): State<Arc<Players>>, body: String) -> (StatusCode, String) {
    let action: Value = serde_json::from_str(&body).unwrap();
    let name = action["action"].as_str().unwrap().to_owned();
    let played = match name.as_str() {
        "text" | "inbox" | "delivery" => players.text(&name, &action).await,
        "call" | "answer" | "decline" | "pickup" => players.ring(&name, &action).await,
        "hear" | "press" | "say" | "stay_silent" | "hang_up" | "ended" => {
            players.talk(&name, &action).await
        }
        _ => players.control(&name, &action).await,
    };
    match played {
        Ok(experienced) => (StatusCode::OK, experienced.to_string()),
        Err(error) => (StatusCode::CONFLICT, format!("{name}: {error}")),
    }
}

fn text_of(action: &Value, name: &str) -> String {
    let text = action[name].as_str();
    text.unwrap_or_else(|| panic!("no {name} in {action}"))
        .to_owned()
}

impl Players {
    fn phone(&self, action: &Value) -> Phone {
        self.sandbox.phone(e164(&text_of(action, "phone")))
    }

    async fn text(&self, name: &str, action: &Value) -> Result<Value, SandboxError> {
        let phone = self.phone(action);
        match name {
            "text" => {
                let to = e164(&text_of(action, "to"));
                let body = text_of(action, "body");
                let replies = match action["file"].as_str() {
                    Some(file) => {
                        let files = [("image/png", file.as_bytes())];
                        phone.text_with_files(to, &body, &files).await?
                    }
                    None => phone.text(to, &body).await?,
                };
                Ok(texts(&replies))
            }
            "inbox" => {
                self.sandbox.wait_idle().await?;
                Ok(texts(&phone.inbox()))
            }
            _ => {
                let code = action["code"].as_u64().unwrap();
                let code = u32::try_from(code).unwrap();
                phone.set_delivery_behavior(DeliveryBehavior::Undelivered(code));
                Ok(Value::Null)
            }
        }
    }

    /// Returns a client of the Voice SDK or a SIP endpoint.
    fn endpoint(&self, address: &str) -> CallEndpoint {
        match address.strip_prefix("client:") {
            Some(identity) => self
                .sandbox
                .client(ClientIdentity::parse(identity).unwrap()),
            None => self.sandbox.sip_endpoint(SipUri::parse(address).unwrap()),
        }
    }

    async fn ring(&self, name: &str, action: &Value) -> Result<Value, SandboxError> {
        if let Some(address) = action["endpoint"].as_str() {
            let call = self.endpoint(address).answer().await?;
            return Ok(self.join(call));
        }
        let phone = self.phone(action);
        let call = match name {
            "call" => phone.call(e164(&text_of(action, "to"))).await?,
            "answer" => phone.answer().await?,
            "decline" => {
                phone.decline().await?;
                return Ok(Value::Null);
            }
            _ => {
                phone.set_answer_behavior(match text_of(action, "behavior").as_str() {
                    "ring" => AnswerBehavior::Ring,
                    "busy" => AnswerBehavior::Busy,
                    "no-answer" => AnswerBehavior::NoAnswer,
                    "machine" => AnswerBehavior::Machine {
                        greeting: Duration::from_secs(6),
                        beeps: true,
                    },
                    other => panic!("no behavior {other}"),
                });
                return Ok(Value::Null);
            }
        };
        Ok(self.join(call))
    }

    /// Keeps a call for later actions, which name it by its SID.
    fn join(&self, call: PhoneCall) -> Value {
        let sid = call.sid().to_string();
        self.calls.lock().unwrap().insert(sid.clone(), call);
        json!(sid)
    }

    async fn talk(&self, name: &str, action: &Value) -> Result<Value, SandboxError> {
        let call = self.calls.lock().unwrap()[&text_of(action, "call")].clone();
        Ok(match name {
            "hear" => json!(call.hear().await?),
            "press" => json!(call.press(&text_of(action, "keys")).await?),
            "say" => json!(call.say(&text_of(action, "speech")).await?),
            "stay_silent" => json!(call.stay_silent().await?),
            "hang_up" => json!(call.hang_up().await?.as_str()),
            _ => json!(call.wait_ended().await?.as_str()),
        })
    }

    async fn control(&self, name: &str, action: &Value) -> Result<Value, SandboxError> {
        let sandbox = &self.sandbox;
        match name {
            "idle" => sandbox.wait_idle().await?,
            "advance" => {
                let seconds = action["seconds"].as_u64().unwrap();
                sandbox.advance(Duration::from_secs(seconds)).await?;
            }
            "add_number" => {
                let sid = sandbox.add_number(e164(&text_of(action, "number")));
                return Ok(json!(sid.to_string()));
            }
            "fault" => {
                let fault = match text_of(action, "fault").as_str() {
                    "throttled" => Fault::TooManyRequests { retry_after: None },
                    "unavailable" => Fault::Error {
                        status: 503,
                        code: 20503,
                    },
                    "html" => Fault::HtmlPage { status: 502 },
                    "lost" => Fault::ResetAfter,
                    "forged" => Fault::ForgeSignature,
                    "doubled" => Fault::DoubleWebhook,
                    other => panic!("no fault {other}"),
                };
                sandbox.add_fault(FaultRule::new(fault).times(1))?;
            }
            "map_origin" => {
                let port = u16::try_from(action["port"].as_u64().unwrap()).unwrap();
                let server = SocketAddr::from(([127, 0, 0, 1], port));
                sandbox.map_origin(&text_of(action, "origin"), server)?;
            }
            other => panic!("no action {other}"),
        }
        Ok(Value::Null)
    }
}

fn texts(texts: &[TextMessage]) -> Value {
    let texts = texts.iter().map(|text| {
        let media = text.media_urls.iter().map(|url| url.expose().clone());
        json!({ "body": text.body.expose(), "media": media.collect::<Vec<_>>() })
    });
    texts.collect()
}

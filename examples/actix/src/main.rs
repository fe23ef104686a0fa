//! Answers calls with actix-web. It uses `http` 0.2, so requests are converted to `http` 1.
//!
//! ```text
//! TWILIO_AUTH_TOKEN=... PUBLIC_ORIGIN=https://acme.example.com cargo run
//! ```

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use clinspark_twilio::twiml::{Say, VoiceResponse};
use clinspark_twilio::types::{AuthToken, BoxError};
use clinspark_twilio::webhook::{InboundCall, PublicOrigin, Receiver, Validator};

/// Converts a request to `http` 1. The signature covers path, query and body: all are unchanged.
fn convert(request: &HttpRequest, body: Bytes) -> http::Result<http::Request<Bytes>> {
    let mut converted = http::Request::builder()
        .method(request.method().as_str())
        .uri(request.uri().to_string());
    for (name, value) in request.headers() {
        converted = converted.header(name.as_str(), value.as_bytes());
    }
    converted.body(body)
}

async fn voice(receiver: Data<Receiver>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let Ok(converted) = convert(&request, body) else {
        return HttpResponse::BadRequest().finish();
    };
    let answer = receiver.handle(converted, |verified| async move {
        if verified.parse::<InboundCall>().is_err() {
            let mut refusal = http::Response::new(String::new());
            *refusal.status_mut() = http::StatusCode::UNPROCESSABLE_ENTITY;
            return refusal;
        }
        let greeting = Say::new("We are open from eight to five.");
        VoiceResponse::new().append(greeting).into_response()
    });
    let (head, body) = answer.await.into_parts();
    let status = StatusCode::from_u16(head.status.as_u16());
    let mut answer = HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    for (name, value) in &head.headers {
        answer.append_header((name.as_str(), value.as_bytes()));
    }
    answer.body(body)
}

/// Returns the receiver of a service that answers calls and refuses texts. A service that takes
/// texts gives `Receiver::new` its record of consent.
fn receiver(validator: Validator) -> Receiver {
    Receiver::calls_only(validator).on_refusal(|_, refusal| eprintln!("refused: {refusal}"))
}

#[actix_web::main]
async fn main() -> Result<(), BoxError> {
    let origin = PublicOrigin::parse(&std::env::var("PUBLIC_ORIGIN")?)?;
    let token = AuthToken::new(std::env::var("TWILIO_AUTH_TOKEN")?)?;
    let receiver = Data::new(receiver(Validator::new(token, origin)));
    let app = move || {
        let app = App::new().app_data(receiver.clone());
        app.route("/twilio/voice", web::post().to(voice))
    };
    Ok(HttpServer::new(app).bind("127.0.0.1:8080")?.run().await?)
}

#[cfg(test)]
mod tests;

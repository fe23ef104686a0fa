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
use clinspark_twilio::webhook::{InboundCall, PublicOrigin, Validator};

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

async fn voice(validator: Data<Validator>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let Ok(converted) = convert(&request, body) else {
        return HttpResponse::BadRequest().finish();
    };
    let verified = match validator.verify(converted) {
        Ok(verified) => verified,
        Err(refusal) => {
            eprintln!("refused: {refusal}"); // the sender gets only the status
            let status = StatusCode::from_u16(refusal.status().as_u16());
            return HttpResponse::new(status.unwrap_or(StatusCode::FORBIDDEN));
        }
    };
    if verified.parse::<InboundCall>().is_err() {
        return HttpResponse::UnprocessableEntity().finish();
    }
    let answer = VoiceResponse::new().append(Say::new("We are open from eight to five."));
    HttpResponse::Ok()
        .content_type("text/xml")
        .body(answer.to_xml())
}

#[actix_web::main]
async fn main() -> Result<(), BoxError> {
    let origin = PublicOrigin::parse(&std::env::var("PUBLIC_ORIGIN")?)?;
    let token = AuthToken::new(std::env::var("TWILIO_AUTH_TOKEN")?)?;
    let validator = Data::new(Validator::new(token, origin));
    let app = move || {
        let app = App::new().app_data(validator.clone());
        app.route("/twilio/voice", web::post().to(voice))
    };
    Ok(HttpServer::new(app).bind("127.0.0.1:8080")?.run().await?)
}

#[cfg(test)]
mod tests;

//! Verifies Twilio's webhooks in actix-web. It uses `http` 0.2, so requests are converted to `http`
//! 1.
//!
//!     TWILIO_AUTH_TOKEN=... PUBLIC_ORIGIN=https://acme.example.com cargo run

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use clinspark_twilio::twiml::{Message, MessagingResponse};
use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{
    InboundMessage, PublicOrigin, SignatureError, Validator, Verified,
};

/// Converts a request to `http` 1 and verifies it. Method, path and query, headers and the body's
/// bytes must be exactly as received, because the signature covers them.
fn verify(
    validator: &Validator,
    request: &HttpRequest,
    body: &Bytes,
) -> Result<Verified<Bytes>, SignatureError> {
    let mut plain = http::Request::new(body.clone());
    let method = http::Method::from_bytes(request.method().as_str().as_bytes());
    *plain.method_mut() = method.unwrap_or_default();
    let target = request
        .uri()
        .path_and_query()
        .map_or("", |target| target.as_str());
    // A target that `http` 1 cannot parse becomes `*`, which is always refused.
    *plain.uri_mut() = target.parse().unwrap_or(http::Uri::from_static("*"));
    for (name, value) in request.headers() {
        let name = http::HeaderName::from_bytes(name.as_str().as_bytes());
        let value = http::HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            plain.headers_mut().append(name, value);
        }
    }
    validator.verify(plain)
}

async fn sms(validator: Data<Validator>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let verified = match verify(&validator, &request, &body) {
        Ok(verified) => verified,
        Err(refusal) => {
            // The reason is for the operator; the sender gets only the status.
            eprintln!("refused: {refusal}");
            let status = StatusCode::from_u16(refusal.status().as_u16());
            return HttpResponse::new(status.unwrap_or(StatusCode::FORBIDDEN));
        }
    };
    if verified.parse::<InboundMessage>().is_err() {
        return HttpResponse::UnprocessableEntity().finish();
    }
    let answer = MessagingResponse::new().append(Message::text("See you at 9:00."));
    HttpResponse::Ok()
        .content_type("text/xml")
        .body(answer.to_xml())
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = AuthToken::new(std::env::var("TWILIO_AUTH_TOKEN")?)?;
    let origin = PublicOrigin::parse(&std::env::var("PUBLIC_ORIGIN")?)?;
    let validator = Data::new(Validator::new(token, origin));
    let app = move || {
        App::new()
            .app_data(validator.clone())
            .route("/twilio/sms", web::post().to(sms))
    };
    HttpServer::new(app).bind("127.0.0.1:8080")?.run().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use actix_web::test;

    use super::*;

    const FORM: &str = "MessageSid=SM00000000000000000000000000000001&Body=Yes&From=%2B14155550123\
        &AccountSid=AC00000000000000000000000000000001&To=%2B14155550199";

    #[actix_web::test]
    async fn only_signed_requests_are_answered() {
        let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
        let validator = Validator::new(AuthToken::new("12345").unwrap(), origin);
        let form = "application/x-www-form-urlencoded";
        let signed = http::Request::post("/twilio/sms?a='1'")
            .header("content-type", form)
            .body(FORM);
        let signature = validator.sign(&signed.unwrap());
        let app = App::new()
            .app_data(Data::new(validator))
            .route("/twilio/sms", web::post().to(sms));
        let app = test::init_service(app).await;
        for (body, status) in [(FORM.to_owned(), 200), (FORM.replace("Yes", "No"), 403)] {
            let request = test::TestRequest::post()
                .uri("/twilio/sms?a='1'")
                .insert_header(("content-type", form))
                .insert_header(("x-twilio-signature", signature.clone()))
                .set_payload(body)
                .to_request();
            assert_eq!(test::call_service(&app, request).await.status(), status);
        }
    }
}

//! The example answers only requests that Twilio signed.

use actix_web::test;

use super::*;

const FORM: &str = "CallSid=CA00000000000000000000000000000001&CallStatus=ringing\
    &AccountSid=AC00000000000000000000000000000001&Direction=inbound\
    &From=%2B14155550123&To=%2B14155550199";
const TARGET: &str = "/twilio/voice?a='1'";
const FORM_TYPE: &str = "application/x-www-form-urlencoded";

fn validator() -> Validator {
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    Validator::new(AuthToken::new("12345").unwrap(), origin)
}

/// Sends `body` with the signature of `signed`. Returns status and body of the response.
async fn send(signed: &'static str, target: &str, body: String) -> (u16, Bytes) {
    let request = http::Request::post(TARGET)
        .header("content-type", FORM_TYPE)
        .body(signed);
    let signature = validator().sign(&request.unwrap());
    let app = App::new()
        .app_data(Data::new(receiver(validator())))
        .route("/twilio/voice", web::post().to(voice));
    let app = test::init_service(app).await;
    let request = test::TestRequest::post()
        .uri(target)
        .insert_header(("content-type", FORM_TYPE))
        .insert_header(("x-twilio-signature", signature))
        .set_payload(body);
    let answer = test::call_service(&app, request.to_request()).await;
    (answer.status().as_u16(), test::read_body(answer).await)
}

#[actix_web::test]
async fn only_signed_requests_are_answered() {
    let (status, body) = send(FORM, TARGET, FORM.to_owned()).await;
    assert_eq!(status, 200);
    assert!(body.ends_with(b"<Response><Say>We are open from eight to five.</Say></Response>"));
    let forged = FORM.replace("ringing", "completed");
    assert_eq!(send(FORM, TARGET, forged).await, (403, Bytes::new()));
    let moved = "/twilio/voice?a='2'";
    assert_eq!(
        send(FORM, moved, FORM.to_owned()).await,
        (403, Bytes::new())
    );
}

/// A service of calls takes no texts, and so loses no STOP.
#[actix_web::test]
async fn a_signed_text_is_refused() {
    let message = "MessageSid=SM00000000000000000000000000000001&Body=STOP&From=%2B14155550123\
        &AccountSid=AC00000000000000000000000000000001&To=%2B14155550199";
    assert_eq!(send(message, TARGET, message.to_owned()).await.0, 403);
}

//! A call to an application that responds with TwiML.

use clinspark_twilio::sandbox::{ClockMode, PhoneCall, Sandbox};

use crate::app::{App, CLINIC, VOLUNTEER, e164};

/// A volunteer's call to the clinic.
pub(crate) struct InCall {
    pub(crate) sandbox: Sandbox,
    pub(crate) app: App,
    pub(crate) call: PhoneCall,
}

/// Calls an application that responds with `twiml` to the first request.
pub(crate) async fn in_call(twiml: &str) -> InCall {
    start(ClockMode::Instant, |app| {
        app.twiml("/voice", twiml);
    })
    .await
}

/// Calls an application whose replies `prepare` adds. The first request is for `/voice`.
pub(crate) async fn start(mode: ClockMode, prepare: impl FnOnce(&App)) -> InCall {
    let sandbox = Sandbox::builder().clock(mode).start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let app = App::start(&sandbox).await;
    prepare(&app);
    sandbox
        .configure_number(number, &[("VoiceUrl", &app.url("/voice"))])
        .unwrap();
    let phone = sandbox.phone(e164(VOLUNTEER));
    let call = phone.call(e164(CLINIC)).await.unwrap();
    InCall { sandbox, app, call }
}

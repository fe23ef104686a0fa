//! Requests to a fake Twilio with scripted responses, and settings.

use std::fmt::Display;
use std::future::poll_fn;
use std::pin::Pin;

use clinspark_twilio::client::messages::{
    DeleteMessage, DownloadMedia, FetchMessage, ListMessages, SendMessage, Sender,
};
use clinspark_twilio::client::recordings::{DeleteRecording, DownloadRecording, ListRecordings};
use clinspark_twilio::client::services::{FetchService, ListServices};
use clinspark_twilio::client::testing::FakeTransport;
use clinspark_twilio::client::{
    Client, ClientBuilder, Credentials, Delivery, Error, ProcessingRegion,
};
use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::phone::{E164, Recipient};
use clinspark_twilio::types::{
    AccountSid, AuthToken, MediaSid, MessageSid, MessagingServiceSid, RecordingSid,
};
use futures_core::Stream;
use serde::Deserialize;

use super::script::{self, ACCOUNT, NUMBER, PERSON, Scripted, TOKEN};
use super::{Answer, Case, NotRun, Outcome};

/// `client`: the result of the request, then the number of requests that were sent.
pub(super) fn request(case: &Case) -> Outcome {
    #[derive(Deserialize)]
    struct Input {
        /// Name of the request; ` in ` and a region may follow.
        request: String,
        answers: Vec<Scripted>,
    }
    let Input { request, answers } = case.input()?;
    let transport = script::transport(answers)?;
    let builder = builder(&transport)?;
    let (name, builder) = match request.split_once(" in ") {
        None => (request.as_str(), builder),
        Some((name, region)) => {
            let region = ProcessingRegion::parse(region).map_err(bad)?;
            (name, builder.region(region))
        }
    };
    let client = builder.build().map_err(bad)?;
    let result = script::run(execute(&client, name))??;
    let sent = transport.requests().len();
    Ok(Answer::of(format!("{result}; {sent} requests")))
}

fn builder(transport: &FakeTransport) -> Result<ClientBuilder, NotRun> {
    let token = AuthToken::new(TOKEN).map_err(bad)?;
    let credentials = Credentials::auth_token(AccountSid::parse(ACCOUNT).map_err(bad)?, token);
    Ok(Client::builder(credentials, Delivery::Live).with_transport(transport.clone()))
}

/// Executes the request with this name, with fixed SIDs.
async fn execute(client: &Client, name: &str) -> Result<String, NotRun> {
    let message = MessageSid::parse("SM00000000000000000000000000000001").map_err(bad)?;
    let media = MediaSid::parse("ME00000000000000000000000000000001").map_err(bad)?;
    let recording = RecordingSid::parse("RE00000000000000000000000000000001").map_err(bad)?;
    let service = MessagingServiceSid::parse("MG00000000000000000000000000000001").map_err(bad)?;
    Ok(match name {
        "SendMessage" => made(client.execute(send()?).await.map(|message| message.sid)),
        "FetchMessage" => made(
            client
                .execute(FetchMessage::new(message))
                .await
                .map(|message| message.sid),
        ),
        "DeleteMessage" => done(client.execute(DeleteMessage::new(message)).await),
        "ListMessages" => listed(client.list(ListMessages::new())).await,
        "DownloadMedia" => done(client.download(DownloadMedia::new(message, media)).await),
        "DownloadRecording" => done(client.download(DownloadRecording::new(recording)).await),
        "DeleteRecording" => done(client.execute(DeleteRecording::new(recording)).await),
        "ListRecordings" => listed(client.list(ListRecordings::new())).await,
        "FetchService" => made(
            client
                .execute(FetchService::new(service))
                .await
                .map(|service| service.sid),
        ),
        "ListServices" => listed(client.list(ListServices::new())).await,
        _ => return Err(NotRun::unknown("request", name)),
    })
}

fn send() -> Result<SendMessage, NotRun> {
    let to = Recipient::from(E164::parse(PERSON).map_err(bad)?);
    let sender = Sender::Number(E164::parse(NUMBER).map_err(bad)?);
    Ok(SendMessage::new(
        to,
        sender,
        "Your visit is tomorrow at 9:00.",
    ))
}

fn made(result: Result<impl Display, Error>) -> String {
    match result {
        Ok(sid) => format!("ok {sid}"),
        Err(error) => failed(&error),
    }
}

fn done<T>(result: Result<T, Error>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(error) => failed(&error),
    }
}

fn failed(error: &Error) -> String {
    format!(
        "error: {:?}, outcome {:?}, status {:?}, code {:?}",
        error.kind(),
        error.outcome(),
        error.status().map(|status| status.as_u16()),
        error.code().map(ErrorCode::get),
    )
}

/// Counts the items before the first error or the end.
async fn listed<T>(mut list: impl Stream<Item = Result<T, Error>> + Unpin) -> String {
    let mut items = 0_usize;
    loop {
        match poll_fn(|context| Pin::new(&mut list).poll_next(context)).await {
            Some(Ok(_)) => items += 1,
            Some(Err(error)) => {
                return format!("{items} items, then error: {:?} ({error})", error.kind());
            }
            None => return format!("{items} items, then the end"),
        }
    }
}

/// `setting`: `taken`, or the error of one variable among valid others.
pub(super) fn setting(case: &Case) -> Outcome {
    #[derive(Deserialize)]
    struct Input {
        name: String,
        value: String,
    }
    let Input { name, value } = case.input()?;
    let settings = Settings::from_vars(|variable| {
        if variable == name {
            return Some(value.clone());
        }
        let good = match variable {
            "CLINSPARK_DOMAIN" => "demo",
            "TWILIO_ACCOUNT_SID" => ACCOUNT,
            "TWILIO_AUTH_TOKEN" => TOKEN,
            "TWILIO_PHONE_NUMBER" => NUMBER,
            "CLINSPARK_DELIVERY" => "live",
            _ => return None,
        };
        Some(good.to_owned())
    });
    Ok(match settings {
        Ok(_) => Answer::of("taken"),
        Err(error) => Answer::refusal(format!("refused: {error}")),
    })
}

/// `status-callback`: `sent`, or the error of a text with this callback.
pub(super) fn status_callback(case: &Case) -> Outcome {
    let url: String = case.input()?;
    let transport = script::taking_one();
    let request = send()?.status_callback(url);
    let client = builder(&transport)?.build().map_err(bad)?;
    Ok(match script::run(client.execute(request))? {
        Ok(_) => Answer::of("sent"),
        Err(error) if transport.requests().is_empty() => {
            Answer::refusal(format!("refused: {error}"))
        }
        Err(error) => Answer::of(failed(&error)),
    })
}

fn bad(error: impl Display) -> NotRun {
    NotRun(error.to_string())
}

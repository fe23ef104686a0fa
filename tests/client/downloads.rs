//! Downloads of recordings and media.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use clinspark_twilio::client::messages::DownloadMedia;
use clinspark_twilio::client::recordings::{AudioFormat, DownloadRecording};
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{
    Body, Client, Delivery, Download, Error, ErrorKind, Phase, Transport, TransportError,
};
use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::types::BoxFuture;

use crate::server::{Act, Server, answer};
use crate::support::{ACCOUNT, assert_clean, client, credentials, printed};

fn recording() -> DownloadRecording {
    DownloadRecording::new("RE00000000000000000000000000000001".parse().unwrap())
}

fn media() -> DownloadMedia {
    DownloadMedia::new(
        "MM00000000000000000000000000000001".parse().unwrap(),
        "ME00000000000000000000000000000001".parse().unwrap(),
    )
}

async fn fetch(transport: &FakeTransport, file: impl Download) -> Result<Vec<u8>, Error> {
    let client = Client::builder(credentials(), Delivery::Off)
        .with_transport(transport.clone())
        .build()
        .unwrap();
    let mut file = client.download(file).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = file.chunk().await? {
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

#[tokio::test]
async fn recordings_and_media_have_their_paths() {
    let base = format!("/2010-04-01/Accounts/{ACCOUNT}");
    let sid = "RE00000000000000000000000000000001";
    for (request, path, channels) in [
        (recording(), format!("{base}/Recordings/{sid}.wav"), None),
        (
            recording().format(AudioFormat::Mp3),
            format!("{base}/Recordings/{sid}.mp3"),
            None,
        ),
        (
            recording().both_channels(true),
            format!("{base}/Recordings/{sid}.wav"),
            Some("2"),
        ),
    ] {
        let transport = FakeTransport::new().reply(Reply::json(200, "RIFF"));
        assert_eq!(fetch(&transport, request).await.unwrap(), b"RIFF");
        let [seen] = transport.requests().try_into().unwrap();
        assert_eq!(seen.path(), path);
        assert_eq!(seen.parameter("RequestedChannels").as_deref(), channels);
        assert!(seen.headers()["authorization"].is_sensitive());
    }
    let transport = FakeTransport::new().reply(Reply::json(200, ""));
    assert_eq!(fetch(&transport, media()).await.unwrap(), b"");
    let digits = sid.trim_start_matches("RE");
    let path = format!("{base}/Messages/MM{digits}/Media/ME{digits}");
    assert_eq!(transport.requests()[0].path(), path);
}

#[tokio::test]
async fn a_redirect_is_followed_without_credentials() {
    for status in [302, 307, 308] {
        let transport = FakeTransport::new()
            .reply(Reply::json(status, "").header("Location", "https://media.example/a?b=PLANTED"))
            .reply(Reply::json(200, "GIF89a").header("Content-Type", "image/gif"));
        assert_eq!(fetch(&transport, media()).await.unwrap(), b"GIF89a");
        let [first, second] = transport.requests().try_into().unwrap();
        assert!(first.headers().contains_key("authorization"));
        assert!(!second.headers().contains_key("authorization"));
        assert_eq!((second.host(), second.path()), ("media.example", "/a"));
    }
    let transport = FakeTransport::new()
        .reply(Reply::json(307, "").header("Location", "/elsewhere"))
        .reply(Reply::json(200, "x"));
    fetch(&transport, media()).await.unwrap();
    let [_, second] = transport.requests().try_into().unwrap();
    assert_eq!(
        (second.host(), second.path()),
        ("api.twilio.com", "/elsewhere")
    );
    assert!(!second.headers().contains_key("authorization"));
}

#[tokio::test]
async fn a_redirect_to_anything_but_https_is_not_followed() {
    for location in [
        "http://media.example/a",
        "ftp://media.example/a",
        "https://user:PLANTED@media.example/",
        "//media.example/a",
        "a",
        "",
        "\u{e9}",
    ] {
        let transport = FakeTransport::new()
            .reply(Reply::json(307, "").header("Location", location))
            .reply(Reply::json(200, "x"));
        let error = fetch(&transport, media()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect, "{location}");
        assert_clean(&printed(&error));
        assert_eq!(transport.requests().len(), 1, "{location}");
    }
    let transport = (0..9).fold(FakeTransport::new(), |fake, _| {
        fake.reply(Reply::json(307, "").header("Location", "https://media.example/a"))
    });
    let error = fetch(&transport, media()).await.unwrap_err();
    assert_eq!(
        (error.kind(), transport.requests().len()),
        (ErrorKind::Redirect, 4)
    );
}

#[tokio::test]
async fn failed_downloads_report_the_kind_of_error() {
    let transport = FakeTransport::new().reply(Reply::error(404, 20404));
    let error = fetch(&transport, recording()).await.unwrap_err();
    assert_eq!(error.api().unwrap().code, Some(ErrorCode::NOT_FOUND));
    let error = fetch(&FakeTransport::new(), recording()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.is_retryable()),
        (ErrorKind::Connect, true)
    );
    let transport = FakeTransport::new().reply(Reply::json(200, "PLANTED").cut());
    let error = fetch(&transport, recording()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    assert_clean(&printed(&error));
}

/// More bytes than the client reads of any other response, over a real socket.
#[tokio::test]
async fn a_long_recording_arrives_completely() {
    let audio = "x".repeat(6 * 1024 * 1024);
    let script = vec![
        Act::Read,
        Act::Write(answer(200, "Content-Type: audio/x-wav\r\n", &audio)),
    ];
    let server = Server::start([script]).await;
    let mut file = client(&server.url()).download(recording()).await.unwrap();
    assert_eq!(file.content_type(), Some("audio/x-wav"));
    assert_eq!(file.content_length(), Some(6 * 1024 * 1024));
    let (mut bytes, mut pieces) = (0, 0);
    while let Some(piece) = file.chunk().await.unwrap() {
        bytes += piece.len();
        pieces += 1;
    }
    assert_eq!(bytes, audio.len());
    assert!(pieces > 1, "it arrived in one chunk");
}

/// The transport is in memory, so the time can be paused.
#[tokio::test(start_paused = true)]
async fn a_stalled_download_times_out() {
    struct Stops;
    impl Transport for Stops {
        fn send(
            &self,
            _: http::Request<Bytes>,
        ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
            Box::pin(async { Ok(http::Response::new(Body::new(Silent))) })
        }
    }
    struct Silent;
    impl http_body::Body for Silent {
        type Data = Bytes;
        type Error = std::convert::Infallible;
        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
            Poll::Pending
        }
    }
    let client = Client::builder(credentials(), Delivery::Off)
        .with_transport(Stops)
        .max_in_flight(1);
    for (client, seconds) in [
        (client.clone(), 20),
        (client.stall_timeout(Duration::from_secs(3)), 3),
    ] {
        let client = client.build().unwrap();
        let start = tokio::time::Instant::now();
        let mut file = client.download(recording()).await.unwrap();
        // A download holds no permit while it arrives.
        let _other = client.download(recording()).await.unwrap();
        let error = file.chunk().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout(Phase::Body));
        assert_eq!(
            error.to_string(),
            "DownloadRecording: the file stopped arriving"
        );
        assert_eq!(start.elapsed().as_secs(), seconds);
    }
}

/// Paths that do not end in `.json` have XML responses.
#[tokio::test]
async fn an_error_in_xml_is_read() {
    let xml = "<?xml version='1.0' encoding='UTF-8'?><TwilioResponse><RestException>\
               <Code>20404</Code><Message>PLANTED</Message>\
               <MoreInfo>https://www.twilio.com/docs/errors/20404</MoreInfo>\
               <Status>404</Status></RestException></TwilioResponse>";
    let reply = |body: &str| Reply::json(404, body).header("Content-Type", "application/xml");
    for file in [
        fetch(&FakeTransport::new().reply(reply(xml)), recording()).await,
        fetch(
            &FakeTransport::new().reply(reply(&format!("\u{feff}{xml}"))),
            media(),
        )
        .await,
    ] {
        let error = file.unwrap_err();
        assert_clean(&printed(&error));
        let api = error.api().unwrap();
        assert_eq!(api.code, Some(ErrorCode::NOT_FOUND));
        assert_eq!(api.message.as_ref().unwrap().expose(), "PLANTED");
        assert_eq!(
            api.more_info.as_deref(),
            Some("https://www.twilio.com/docs/errors/20404")
        );
    }
    // Neither Twilio's JSON nor XML: the status alone is known.
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let doctype = format!(
        "<!DOCTYPE x [<!ENTITY a \"20404\">]>{}",
        xml.replace("20404", "&a;")
    );
    for other in [
        deep,
        doctype,
        xml.replace("<Code>", "<Code>x"),
        "<html>".to_owned(),
    ] {
        let error = fetch(&FakeTransport::new().reply(reply(&other)), media())
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.api().unwrap().code),
            (ErrorKind::Status, None)
        );
    }
}

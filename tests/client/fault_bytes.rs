//! Malformed responses: too many bytes, of the wrong kind, or in the wrong place.

use clinspark_twilio::client::ErrorKind;
use clinspark_twilio::client::messages::Message;

use crate::fault_case::{Case, End, Known, body, wrote};
use crate::server::{Act, Server, answer};
use crate::support::{MESSAGE, fetch, patient, send};

const MIB: usize = 1024 * 1024;

fn decode(known: Known) -> End {
    End::Fails(ErrorKind::Decode, known, 1)
}

pub(crate) async fn floods() {
    let begun = format!("{{\"sid\": \"{MESSAGE}\", \"body\": \"");
    let head = |headers: &str| {
        let begun = &begun;
        Act::Write(format!("HTTP/1.1 201 Created\r\n{headers}\r\n{begun}").into_bytes())
    };
    let chunked = format!("Transfer-Encoding: chunked\r\n\r\n{:x}", begun.len());
    let chunked = format!("HTTP/1.1 201 Created\r\n{chunked}\r\n{begun}\r\n").into_bytes();
    let chunk = [b"10000\r\n".to_vec(), vec![b'x'; 65536], b"\r\n".to_vec()].concat();
    let flood = || Act::Flood(vec![b'x'; 65536]);
    for (name, fault) in [
        (
            "over the limit",
            wrote(answer(
                201,
                "",
                format!("{begun}{}\"}}", "x".repeat(5 * MIB)),
            )),
        ),
        (
            "10 GiB",
            vec![Act::Read, head("Content-Length: 10737418240\r\n"), flood()],
        ),
        (
            "no length and no end",
            vec![Act::Read, head("Connection: close\r\n"), flood()],
        ),
        (
            "chunks without end",
            vec![Act::Read, Act::Write(chunked), Act::Flood(chunk)],
        ),
    ] {
        let case = Case::new(name, fault.clone()).create(decode(Known::Sid));
        case.read(decode(Known::Unknown)).check().await;
        bounded(fault).await;
    }
    // An error page is read up to the limit, too, and its status counts.
    let refused = Act::Write(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec());
    let refused = vec![Act::Read, refused, flood()];
    let case = Case::new("a refusal without end", refused.clone());
    let end = End::Fails(ErrorKind::Status, Known::Rejected, 1);
    case.both(end).check().await;
    bounded(refused).await;
    bombs().await;
}

/// Checks that the client reads no more of a flood than the limit and the buffers on the way. Its
/// memory stays below twice the limit, by which a buffer grows, and some for the connection.
async fn bounded(fault: Vec<Act>) {
    let server = Server::then(vec![fault.clone(), fault], Vec::new()).await;
    let url = server.url();
    // In its own thread, because allocations are counted by thread.
    let client = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let client = patient(&url);
        for create in [true, false] {
            let memory = allocation_counter::measure(|| {
                runtime.block_on(async {
                    if create {
                        client.execute(send()).await.unwrap_err();
                    } else {
                        client.execute(fetch()).await.unwrap_err();
                    }
                });
            });
            assert!(memory.bytes_max < 16 * MIB as u64, "{memory:?}");
        }
    });
    while !client.is_finished() || server.open() > 0 {
        tokio::task::yield_now().await;
    }
    client.join().unwrap();
    assert!(server.flooded() < 64 * MIB, "{}", server.flooded());
}

/// The client does not accept compressed responses. One that arrives nevertheless is not
/// decompressed: 10 KiB stay 10 KiB.
async fn bombs() {
    let bomb = include_bytes!("../data/zeros.json.gz");
    assert!(bomb.len() < 16 * 1024, "10 MiB of zeros in {}", bomb.len());
    let coded = |coding| answer(201, &format!("Content-Encoding: {coding}\r\n"), bomb);
    bounded(wrote(coded("gzip"))).await;
    let cases = ["gzip", "deflate", "br", "zstd"].map(|coding| {
        let fault = wrote(coded(coding));
        Case::new(format!("a bomb, {coding}"), fault).both(decode(Known::Unknown))
    });
    Case::check_all(cases).await;
    let server = Server::then(Vec::new(), vec![Act::Serve(answer(200, "", body()))]).await;
    let client = patient(&server.url());
    client.execute(send()).await.unwrap();
    client.execute(fetch()).await.unwrap();
    for request in server.requests() {
        assert!(!request.to_ascii_lowercase().contains("accept-encoding"));
    }
}

pub(crate) async fn nonsense() {
    let sid = format!("\"sid\": \"{MESSAGE}\"");
    let deep = "[".repeat(10_000);
    let list = "\"incoming_phone_numbers\": []";
    let decodes = [
        format!("\r\n\t {{{sid}, {list}}} \n"),
        format!("{{{sid}, {list}, \"n\": 1e308, \"m\": -0.0, \"x\": 1e999999}}"),
        format!("{{{sid}, {list}, \"x\": 1, \"x\": 2}}"),
        format!(
            "{{{sid}, {list}, \"x\": {}1{}}}",
            "[".repeat(100),
            "]".repeat(100)
        ),
    ];
    let through = decodes.map(|json| Case::new(json.clone(), wrote(answer(201, "", json))));
    Case::check_all(through.map(|case| case.both(End::Through(1)))).await;

    let with = |rest: &str| format!("{{{sid}, {rest}}}").into_bytes();
    let repaired = [
        [b"\xef\xbb\xbf", &*with("\"x\": 1")].concat(),
        [&with("\"x\": \"")[..sid.len() + 9], b"\xff\xfe PLANTED\"}"].concat(),
        with(&sid),
        with("\"x\": NaN"),
        with("\"num_segments\": 1e999999"),
        with("\"x\": -"),
    ];
    let found = [
        [&with("")[..sid.len()], b", \"x\": \"\xff\xfe PLANTED\"}"].concat(),
        with(&format!("\"x\": {deep}")),
        [b"[", &*with("\"x\": 1"), b"]"].concat(),
    ];
    let nothing = [
        b"".to_vec(),
        b"null".to_vec(),
        b"NaN".to_vec(),
        b"\"PLANTED\"".to_vec(),
        b"{}".to_vec(),
        b"\xff\xfe".to_vec(),
        b"\0".to_vec(),
        deep.into_bytes(),
    ];
    let case = |bytes: &Vec<u8>| {
        let name: String = String::from_utf8_lossy(bytes).chars().take(80).collect();
        Case::new(name, wrote(answer(201, "", bytes))).read(decode(Known::Unknown))
    };
    let repaired = repaired
        .iter()
        .map(|bytes| case(bytes).create(End::Through(1)));
    let found = found
        .iter()
        .map(|bytes| case(bytes).create(decode(Known::Sid)));
    let nothing = nothing
        .iter()
        .map(|bytes| case(bytes).create(decode(Known::Unknown)));
    Case::check_all(repaired.chain(found).chain(nothing)).await;
}

/// Each field in turn is missing, null, or of an unknown type.
pub(crate) async fn fields() {
    let mut answers = Vec::new();
    for field in Message::FIELDS.iter().filter(|field| **field != "sid") {
        for value in [
            "null",
            "\"\"",
            "\"brand-new\"",
            "7",
            "-1.5",
            "true",
            "{}",
            "[1]",
        ] {
            answers.push(format!("{{\"sid\": \"{MESSAGE}\", \"{field}\": {value}}}"));
        }
    }
    answers.push(format!("{{\"sid\": \"{MESSAGE}\"}}"));
    assert!(answers.len() > 100);
    // Each twice: for the create, then for the read.
    let answer = |json: &String| [Act::Read, Act::Write(answer(200, "", json))];
    let script = answers.iter().flat_map(|json| [answer(json), answer(json)]);
    let server = Server::start([script.flatten().collect()]).await;
    let client = patient(&server.url());
    for json in &answers {
        let sent = client.execute(send()).await;
        assert_eq!(sent.unwrap().sid.as_str(), MESSAGE, "{json}");
        let read = client.execute(fetch()).await;
        assert_eq!(read.unwrap().sid.as_str(), MESSAGE, "{json}");
    }
    assert_eq!(server.posts(), answers.len());
    assert_eq!(server.connections(), 1);
    // An unknown value is kept.
    let json = format!("{{\"sid\": \"{MESSAGE}\", \"status\": \"brand-new\"}}");
    let server = Server::start([[answer(&json), answer(&json)].concat()]).await;
    let client = patient(&server.url());
    for message in [client.execute(send()).await, client.execute(fetch()).await] {
        assert_eq!(message.unwrap().status.unwrap().as_str(), "brand-new");
    }
}

pub(crate) async fn heads() {
    let ok = answer(201, "", body());
    let with = |headers: &str| answer(201, headers, body());
    let interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n";
    let through = [
        ("1xx", [&interim[..], &ok].concat()),
        (
            "a line of 64 KiB",
            with(&format!("X: {}\r\n", "y".repeat(65536))),
        ),
        ("90 headers", with(&"X: y\r\n".repeat(90))),
        (
            "no reason",
            ok.strip_prefix(b"HTTP/1.1 201 Scripted")
                .map(|rest| [b"HTTP/1.1 201", rest].concat())
                .unwrap(),
        ),
    ];
    let through = through.map(|(name, bytes)| Case::new(name, wrote(bytes)).both(End::Through(1)));
    Case::check_all(through).await;

    // Refused unread, in bounded memory. To a create, this is a lost response.
    let lost = [
        ("a flood of headers", with(&"X: y\r\n".repeat(20_000))),
        (
            "a line of 600 KiB",
            with(&format!("X: {}\r\n", "y".repeat(600 * 1024))),
        ),
        ("HTTP/0.9", HTML_ONLY.into()),
        ("another protocol", b"HTTP/9.9 201 PLANTED\r\n\r\n".to_vec()),
        ("a header without a name", with(": PLANTED\r\n")),
        ("a bare NUL", with("X: \0PLANTED\r\n")),
        ("a folded line", with("X: y\r\n PLANTED\r\n")),
        (
            "a status of four digits",
            b"HTTP/1.1 2010 PLANTED\r\n\r\n".to_vec(),
        ),
        (
            "TLS in place of HTTP",
            b"\x15\x03\x01\x00\x02\x02\x28".to_vec(),
        ),
    ];
    Case::check_all(lost.map(|(name, bytes)| Case::new(name, wrote(bytes)))).await;

    let unasked =
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: PLANTED\r\nConnection: upgrade\r\n\r\n";
    Case::new("another protocol than requested", wrote(*unasked))
        .create(End::Fails(ErrorKind::Status, Known::Unknown, 1))
        .check()
        .await;
}

const HTML_ONLY: &str = "<html>PLANTED</html>";

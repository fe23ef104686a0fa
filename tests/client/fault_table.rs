//! The twenty faults that the client is held to, each met by a create and by a read.
//!
//! In each row: the kind and the outcome of the error, the attempts, the number of POSTs that the
//! server saw, nothing planted in any log, `Display` or `Debug`, and a healthy pool afterwards.

macro_rules! rows {
    ($( $number:literal $name:literal $test:ident => $row:path, )+) => {
        const ROWS: &[(u32, &str)] = &[$( ($number, $name) ),+];

        $(
            #[doc = $name]
            #[tokio::test]
            async fn $test() {
                Box::pin($row()).await;
            }
        )+
    };
}

rows! {
    1 "DNS: NXDOMAIN, timeout" row_01 => crate::fault_reach::names,
    2 "Connection refused; SYN blackhole (connect timeout)" row_02 => crate::fault_reach::connecting,
    3 "TLS: expired, wrong host, unknown CA, self-signed, handshake stall, plain HTTP answered"
        row_03 => crate::fault_reach::handshakes,
    4 "RST before request bytes; RST after headers; RST after full body; FIN with no reply"
        row_04 => crate::fault_line::resets,
    5 "Reply headers never come (read timeout); one byte per second (slow loris)"
        row_05 => crate::fault_line::silence,
    6 "RST or stall mid-body of a 201" row_06 => crate::fault_line::halves,
    7 "Truncated JSON, wrong `Content-Length`, broken chunk, trailing garbage"
        row_07 => crate::fault_answer::damaged,
    8 "429 plain; with `Retry-After: 2`; with HTTP date; with `999999`; with junk"
        row_08 => crate::fault_answer::busy,
    9 "500, 502, 503, 504 with JSON, with HTML, empty" row_09 => crate::fault_answer::broken,
    10 "301/302/307/308 to another host" row_10 => crate::fault_answer::redirects,
    11 "401/403/404/400 with each Twilio error shape" row_11 => crate::fault_answer::refusals,
    12 "Body over the limit; gzip bomb (10 MiB from 10 KiB); declared 10 GiB length"
        row_12 => crate::fault_bytes::floods,
    13 "Invalid UTF-8; BOM; duplicate keys; 10,000-deep nesting; NaN; huge numbers; `null` body; empty 200"
        row_13 => crate::fault_bytes::nonsense,
    14 "Unknown enum, missing field, null for every field in turn (generated)"
        row_14 => crate::fault_bytes::fields,
    15 "Keep-alive closed while idle, then a POST (pool race)" row_15 => crate::fault_line::idle,
    16 "1xx replies, header flood, 64 KiB header line, HTTP/0.9 answer"
        row_16 => crate::fault_bytes::heads,
    17 "Clock jumps backwards/forwards between attempts" row_17 => crate::fault_time::jumps,
    18 "Caller drops the future at **every** await point (poll-n-then-drop adaptor)"
        row_18 => crate::fault_leave::dropped,
    19 "Runtime shutdown, `select!` loser, panic in an audit sink or limiter hook"
        row_19 => crate::fault_leave::fallen,
    20 "1,000 concurrent sends" row_20 => crate::fault_crowd::thousand,
}

#[test]
fn twenty_of_twenty() {
    let numbers: Vec<u32> = ROWS.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
}

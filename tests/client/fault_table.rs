//! The twenty faults that the client must handle, each met by a create and by a read.
//!
//! Each row checks kind and outcome of the error, the attempts, and the number of POSTs that the
//! server saw. No log, `Display` or `Debug` may show a planted value, and the pool must work
//! afterwards.

macro_rules! fault_tests {
    ($( $number:literal $name:literal $test:ident => $check:path, )+) => {
        const FAULTS: &[(u32, &str)] = &[$( ($number, $name) ),+];

        $(
            #[doc = $name]
            #[tokio::test]
            async fn $test() {
                Box::pin($check()).await;
            }
        )+
    };
}

fault_tests! {
    1 "DNS: NXDOMAIN, timeout" name_lookup_fails_or_stalls => crate::fault_reach::names,
    2 "Connection refused; SYN blackhole (connect timeout)" connection_is_refused_or_unanswered => crate::fault_reach::connecting,
    3 "TLS: expired, wrong host, unknown CA, self-signed, handshake stall, plain HTTP answered"
        tls_handshake_fails_or_stalls => crate::fault_reach::handshakes,
    4 "RST before request bytes; RST after headers; RST after full body; FIN with no reply"
        connection_breaks_before_the_response => crate::fault_line::resets,
    5 "Reply headers never come (read timeout); one byte per second (slow loris)"
        response_never_arrives_or_drips => crate::fault_line::silence,
    6 "RST or stall mid-body of a 201" response_body_breaks_or_stalls => crate::fault_line::halves,
    7 "Truncated JSON, wrong `Content-Length`, broken chunk, trailing garbage"
        response_body_is_damaged => crate::fault_answer::damaged,
    8 "429 plain; with `Retry-After: 2`; with HTTP date; with `999999`; with junk"
        too_many_requests => crate::fault_answer::busy,
    9 "500, 502, 503, 504 with JSON, with HTML, empty" server_errors => crate::fault_answer::broken,
    10 "301/302/307/308 to another host" redirects_to_another_host => crate::fault_answer::redirects,
    11 "401/403/404/400 with each Twilio error shape" client_errors_of_every_format => crate::fault_answer::refusals,
    12 "Body over the limit; gzip bomb (10 MiB from 10 KiB); declared 10 GiB length"
        response_body_is_too_large => crate::fault_bytes::floods,
    13 "Invalid UTF-8; BOM; duplicate keys; 10,000-deep nesting; NaN; huge numbers; `null` body; empty 200"
        response_body_is_no_json_object => crate::fault_bytes::nonsense,
    14 "Unknown enum, missing field, null for every field in turn (generated)"
        response_fields_are_missing_or_unexpected => crate::fault_bytes::fields,
    15 "Keep-alive closed while idle, then a POST (pool race)" pooled_connection_is_closed => crate::fault_line::idle,
    16 "1xx replies, header flood, 64 KiB header line, HTTP/0.9 answer"
        response_head_is_malformed_or_too_large => crate::fault_bytes::heads,
    17 "Clock jumps backwards/forwards between attempts" wall_clock_jumps => crate::fault_time::jumps,
    18 "Caller drops the future at **every** await point (poll-n-then-drop adaptor)"
        future_is_dropped_at_every_await => crate::fault_leave::dropped,
    19 "Runtime shutdown, `select!` loser, panic in an audit sink or limiter hook"
        runtime_ends_or_callbacks_panic => crate::fault_leave::fallen,
    20 "1,000 concurrent sends" a_thousand_concurrent_sends => crate::fault_crowd::thousand,
}

#[test]
fn all_twenty_faults_are_in_the_table() {
    let numbers: Vec<u32> = FAULTS.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
}

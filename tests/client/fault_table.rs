//! The twenty faults that the client is held to, each met by a create and by a read.
//!
//! In each row: the kind and the outcome of the error, the attempts, the number of POSTs that the
//! server saw, nothing planted in any log, `Display` or `Debug`, and a healthy pool afterwards.

macro_rules! rows {
    ($( $number:literal $name:literal $test:ident => $row:path, )+) => {
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
    15 "Keep-alive closed while idle, then a POST (pool race)" row_15 => crate::fault_line::idle,
    20 "1,000 concurrent sends" row_20 => crate::fault_crowd::thousand,
}

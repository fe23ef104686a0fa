//! Raw HTTP requests, as a server or a proxy records them.

use http::{HeaderName, HeaderValue, Method, Request, header};

use crate::failure::Failure;

/// Parses a raw request, and returns it with the target of its first line.
pub(super) fn parse(raw: &[u8]) -> Result<(Request<Vec<u8>>, String), Failure> {
    let (head, body) = split_head(raw);
    let head = std::str::from_utf8(head).map_err(|_| unreadable("its head is not UTF-8"))?;
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        return Err(unreadable(
            "its first line is not such as `POST /hooks/message HTTP/1.1`",
        ));
    };
    let mut request = Request::new(Vec::new());
    *request.method_mut() = Method::from_bytes(method.as_bytes())
        .map_err(|_| unreadable("its first line has no HTTP method"))?;
    *request.uri_mut() = target
        .parse()
        .map_err(|_| unreadable("the path of its first line is invalid"))?;
    for line in lines {
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| unreadable("a line of its head is no header"))?;
        // The name alone: a value may hold a number or a secret.
        let fault = || unreadable("a header is invalid");
        let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| fault())?;
        let value = HeaderValue::from_str(value.trim()).map_err(|_| fault())?;
        request.headers_mut().append(name, value);
    }
    let headers = request.headers();
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return Err(unreadable(
            "its body is in chunks; record the body as the application receives it, and remove \
             the header Transfer-Encoding",
        ));
    }
    let length = headers.get(header::CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    // An editor may have added a line break.
    let body = length.and_then(|length| body.get(..length)).unwrap_or(body);
    *request.body_mut() = body.to_vec();
    Ok((request, target.to_owned()))
}

fn unreadable(fault: &str) -> Failure {
    Failure::usage(format!("the request cannot be read: {fault}"))
}

/// Splits at the first empty line, with either line ending.
fn split_head(raw: &[u8]) -> (&[u8], &[u8]) {
    let mut start = 0;
    while let Some(rest) = raw.get(start..) {
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
            break;
        };
        let line = rest.get(..end).unwrap_or_default();
        if line.is_empty() || line == b"\r" {
            let body = raw.get(start + end + 1..).unwrap_or_default();
            return (raw.get(..start).unwrap_or_default(), body);
        }
        start += end + 1;
    }
    (raw, b"")
}

/// Returns the public URL. An origin alone takes path and query of the request.
pub(super) fn whole_url(url: &str, target: &str) -> String {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let rest = url.get(after_scheme..).unwrap_or_default();
    let target = if target.starts_with('/') { target } else { "/" };
    match rest.find(['/', '?', '#']) {
        None => format!("{url}{target}"),
        Some(at) if rest.get(at..) == Some("/") => {
            format!("{}{target}", url.trim_end_matches('/'))
        }
        Some(_) => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, whole_url};

    #[test]
    fn either_line_ending_ends_the_head() {
        for raw in [
            "POST /hooks HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na=b\n",
            "POST /hooks HTTP/1.1\nHost: a\nContent-Length: 3\n\na=b\n",
        ] {
            let (request, target) = parse(raw.as_bytes()).unwrap();
            assert_eq!(
                (request.body().as_slice(), target.as_str()),
                (&b"a=b"[..], "/hooks")
            );
            assert_eq!(request.headers()["host"], "a");
        }
        assert!(parse(b"").is_err());
        assert!(parse(b"POST\n\n").is_err());
        assert!(parse(b"POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n3\r\na=b").is_err());
    }

    #[test]
    fn an_origin_takes_the_path_of_the_request() {
        assert_eq!(
            whole_url("https://a.example", "/x?y=1"),
            "https://a.example/x?y=1"
        );
        assert_eq!(whole_url("https://a.example/", "/x"), "https://a.example/x");
        assert_eq!(
            whole_url("https://a.example/z", "/x"),
            "https://a.example/z"
        );
    }
}

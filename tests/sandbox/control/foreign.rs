//! Requests from a web page of another origin, and with a foreign `Host`.

use serde_json::{Value, json};

use super::client::{Control, Stage};
use crate::app::VOLUNTEER;

#[tokio::test]
async fn a_page_of_another_origin_can_neither_read_nor_act() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let headers: [&[(&str, &str)]; 5] = [
        &[("origin", "https://attacker.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-mode", "no-cors"),
        ],
        &[
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
        ],
    ];
    let routes = [
        ("GET", "/snapshot", None),
        ("GET", "/events", None),
        ("GET", "/openapi.json", None),
        ("POST", "/phones", Some(json!({"number": VOLUNTEER}))),
        ("DELETE", "/faults", None),
        ("OPTIONS", "/phones", None),
    ];
    for (method, path, body) in &routes {
        for headers in headers {
            let url = format!("{}{path}", control.url);
            let mut request = control.http.request(method.parse().unwrap(), url);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            if let Some(body) = body {
                request = request
                    .header("content-type", "application/json")
                    .body(Value::to_string(body));
            }
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 403, "{method} {path} {headers:?}");
            assert!(
                response
                    .headers()
                    .get("access-control-allow-origin")
                    .is_none()
            );
        }
    }
    assert_eq!(control.read("/phones").await, json!([]));
}

/// Method, path and headers of a request.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

/// Returns the status of a request with these headers.
async fn status(control: &Control, method: &str, path: &str, headers: &[(&str, &str)]) -> u16 {
    let origin = control.url.strip_suffix("/_sandbox").unwrap();
    let request = control
        .http
        .request(method.parse().unwrap(), format!("{origin}{path}"));
    let headers = headers.iter();
    let request = headers.fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_link_of_another_site_opens_the_page_in_a_tab_and_nothing_else() {
    let stage = Stage::start().await;
    let control = &stage.control;
    let navigate = ("sec-fetch-mode", "navigate");
    let tab = ("sec-fetch-dest", "document");
    for site in ["cross-site", "same-site", "same-origin", "none"] {
        let site = ("sec-fetch-site", site);
        let opened = status(control, "GET", "/", &[site, navigate, tab]).await;
        assert_eq!(opened, 200, "{site:?}");
    }
    let foreign = ("sec-fetch-site", "cross-site");
    let origin = ("origin", "https://attacker.example");
    let cases: [Case<'_>; 10] = [
        // A form, and a request that names its origin.
        ("POST", "/", &[foreign, navigate, tab, origin]),
        ("POST", "/", &[foreign, navigate, tab]),
        ("GET", "/", &[foreign, navigate, tab, origin]),
        // A frame, a plug-in, a script, and a prefetched page.
        (
            "GET",
            "/",
            &[foreign, navigate, ("sec-fetch-dest", "iframe")],
        ),
        (
            "GET",
            "/",
            &[foreign, navigate, ("sec-fetch-dest", "object")],
        ),
        ("GET", "/", &[foreign, ("sec-fetch-mode", "no-cors"), tab]),
        ("GET", "/", &[foreign, navigate, tab, tab]),
        // Data and files of the page.
        ("GET", "/_sandbox/snapshot", &[foreign, navigate, tab]),
        (
            "GET",
            "/_sandbox/page/js/page.js",
            &[foreign, navigate, tab],
        ),
        (
            "GET",
            "/2010-04-01/Accounts.json",
            &[foreign, navigate, tab],
        ),
    ];
    for (method, path, headers) in cases {
        let refused = status(control, method, path, headers).await;
        assert_eq!(refused, 403, "{method} {path} {headers:?}");
    }
    // A name that an attacker points at this machine is refused, whatever the browser says.
    let rebound = [
        ("host", "attacker.example"),
        ("sec-fetch-site", "same-origin"),
    ];
    assert_eq!(status(control, "GET", "/", &rebound).await, 403);
}

#[tokio::test]
async fn a_foreign_host_is_refused_with_the_remedy() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let request = control.http.get(format!("{}/snapshot", control.url));
    let response = request
        .header("host", "attacker.example")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 403);
    let text = response.text().await.unwrap();
    assert!(text.contains("--allow-host NAME"), "{text}");
}

#[tokio::test]
async fn the_own_page_is_accepted() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let origin = control.url.strip_suffix("/_sandbox").unwrap();
    let request = control.http.post(format!("{}/phones", control.url));
    let request = request
        .header("origin", origin)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/json")
        .body(json!({"number": VOLUNTEER}).to_string());
    assert_eq!(request.send().await.unwrap().status(), 201);
}

#[tokio::test]
async fn an_answer_is_neither_stored_nor_guessed_as_another_type() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    for path in ["/health", "/phones/nobody", "/unknown"] {
        let response = control.send("GET", path, None).await;
        let headers = response.headers();
        assert_eq!(headers["content-type"], "application/json");
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
}

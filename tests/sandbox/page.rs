//! The page at `/`: its files, their headers, and rules about its sources.

use std::collections::BTreeSet;
use std::fs;

use clinspark_twilio::sandbox::Sandbox;

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sandbox/page");

/// Returns the scripts of the page with their sources.
fn scripts() -> Vec<(String, String)> {
    let folder = fs::read_dir(format!("{SOURCES}/js")).unwrap();
    let files = folder.map(|file| {
        let file = file.unwrap();
        let source = fs::read_to_string(file.path()).unwrap();
        (file.file_name().into_string().unwrap(), source)
    });
    files.collect()
}

async fn get(sandbox: &Sandbox, path: &str) -> reqwest::Response {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}{path}", sandbox.base_url());
    client.get(url).send().await.unwrap()
}

#[tokio::test]
async fn every_file_is_served_with_a_policy_and_its_type() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut files = vec![
        ("/".to_owned(), "index.html".to_owned(), "text/html"),
        (
            "/_sandbox/page/page.css".to_owned(),
            "page.css".to_owned(),
            "text/css",
        ),
        (
            "/_sandbox/page/icon.svg".to_owned(),
            "icon.svg".to_owned(),
            "image/svg+xml",
        ),
    ];
    for (name, _) in scripts() {
        let path = format!("/_sandbox/page/js/{name}");
        files.push((path, format!("js/{name}"), "text/javascript"));
    }
    assert!(files.len() > 20);
    for (path, file, media_type) in files {
        let response = get(&sandbox, &path).await;
        assert_eq!(response.status(), 200, "{path}");
        let header = |name: &str| response.headers()[name].to_str().unwrap();
        assert!(header("content-type").starts_with(media_type), "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cache-control"), "no-cache");
        let policy = header("content-security-policy");
        for rule in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "frame-ancestors 'none'",
            "form-action 'none'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ] {
            assert!(policy.split("; ").any(|part| part == rule), "{policy}");
        }
        let expected = fs::read_to_string(format!("{SOURCES}/{file}")).unwrap();
        assert_eq!(response.text().await.unwrap(), expected, "{path}");
    }
}

#[tokio::test]
async fn a_known_file_is_not_sent_again_and_others_do_not_exist() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/_sandbox/page/page.css", sandbox.base_url());
    let first = client.get(&url).send().await.unwrap();
    let tag = first.headers()["etag"].clone();
    let second = client.get(&url).header("if-none-match", tag);
    let second = second.send().await.unwrap();
    assert_eq!(second.status(), 304);
    assert_eq!(second.text().await.unwrap(), "");

    for path in [
        "/_sandbox/page/",
        "/_sandbox/page/mod.rs",
        "/_sandbox/page/js/../mod.rs",
        "/_sandbox/page/js/none.js",
    ] {
        assert_ne!(get(&sandbox, path).await.status(), 200, "{path}");
    }
    let posted = client.post(sandbox.base_url()).send().await.unwrap();
    assert_eq!(posted.status(), 405);
    assert_eq!(posted.headers()["allow"], "GET, HEAD");
}

#[tokio::test]
async fn another_site_and_another_host_get_no_page() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for (header, value) in [
        ("origin", "http://evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("host", "evil.example"),
    ] {
        let request = client.get(sandbox.base_url()).header(header, value);
        let status = request.send().await.unwrap().status();
        assert!(status.is_client_error(), "{header}: {status}");
    }
}

#[test]
fn the_document_loads_each_script_once_and_nothing_from_elsewhere() {
    let document = fs::read_to_string(format!("{SOURCES}/index.html")).unwrap();
    let named = document.split('"').filter_map(|part| {
        let name = part.strip_prefix("/_sandbox/page/js/")?;
        Some(name.to_owned())
    });
    let named: Vec<String> = named.collect();
    let once: BTreeSet<String> = named.iter().cloned().collect();
    let files: BTreeSet<String> = scripts().into_iter().map(|(name, _)| name).collect();
    assert_eq!((once.len(), once), (named.len(), files));
    for part in [
        "http://", "https://", "style=", "onclick", "<style", "<script>",
    ] {
        assert!(!document.contains(part), "{part}");
    }
}

#[test]
fn no_script_makes_markup_or_code_from_text() {
    for (name, source) in scripts() {
        for word in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "DOMParser",
            "createContextualFragment",
            "srcdoc",
            "eval(",
            "new Function",
            ".style",
            "javascript:",
        ] {
            assert!(!source.contains(word), "{name} has {word}");
        }
        let lines = source.lines().count();
        assert!(lines < 550, "{name} has {lines} lines");
    }
}

//! Chromium with the page of a sandbox: finds, clicks and types as a person does, and waits for what the page shows.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use clinspark_twilio::sandbox::Sandbox;
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::wd::{WebDriverCompatibleCommand, WindowHandle};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Longest wait for something that the page must show.
const LIMIT: Duration = Duration::from_secs(20);

/// Time between two looks at the page.
const PERIOD: Duration = Duration::from_millis(25);

/// A browser window. `close` ends it; a test that panics leaves it to the end of its driver.
pub(crate) struct Browser {
    client: Client,
    base_url: String,
    /// Ends with its browser when it is dropped.
    _driver: Child,
}

/// A command of Chromium's DevTools protocol.
#[derive(Debug)]
struct DevTools {
    command: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(
        &self,
        base_url: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base_url.join(&format!(
            "session/{}/goog/cdp/execute",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        let body = json!({ "cmd": self.command, "params": self.parameters });
        (http::Method::POST, Some(body.to_string()))
    }
}

fn found(names: &[&str]) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&folders).collect();
    let files = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    files.into_iter().find(|file| file.is_file())
}

/// Starts `chromedriver` on a free port, which it prints.
async fn start_driver(program: &Path) -> (Child, String) {
    let mut driver = Command::new(program)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    loop {
        let line = lines.next_line().await.unwrap();
        let line = line.expect("chromedriver ended before it named its port");
        if let Some((_, port)) = line.split_once("successfully on port ") {
            let port = port.trim_end_matches('.').to_owned();
            // The pipe stays open, so that later lines do not end the driver.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return (driver, format!("http://127.0.0.1:{port}"));
        }
    }
}

impl Browser {
    /// Opens the page of a sandbox. Without Chromium and its driver the test says that it skips;
    /// with `REQUIRE_BROWSER=1` it fails.
    pub(crate) async fn open(sandbox: &Sandbox) -> Option<Self> {
        Self::open_at(sandbox, "/").await
    }

    pub(crate) async fn open_at(sandbox: &Sandbox, place: &str) -> Option<Self> {
        let programs = found(&["chromedriver"]).zip(found(&["chromium", "google-chrome"]));
        let Some((driver, browser)) = programs else {
            assert!(
                std::env::var_os("REQUIRE_BROWSER").is_none(),
                "neither chromium and chromedriver are in PATH, nor may the test skip"
            );
            eprintln!("skipped: chromium and chromedriver are not in PATH");
            return None;
        };
        let (driver, address) = start_driver(&driver).await;
        let arguments = json!([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars"
        ]);
        let options = json!({ "binary": browser, "args": arguments });
        let capabilities = [("goog:chromeOptions".to_owned(), options)];
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.into_iter().collect())
            .connect(&address)
            .await
            .unwrap();
        let browser = Self {
            client,
            base_url: sandbox.base_url().to_owned(),
            _driver: driver,
        };
        browser.resize(1440, 900).await;
        browser.go(place).await;
        Some(browser)
    }

    /// Opens a place of the page and waits until it is live.
    pub(crate) async fn go(&self, place: &str) {
        self.client.goto("about:blank").await.unwrap();
        let url = format!("{}{place}", self.base_url);
        self.client.goto(&url).await.unwrap();
        self.shows("connection", "Live").await;
    }

    /// Opens a place of the page in a tab of its own, and waits until it is live.
    pub(crate) async fn open_tab(&self, place: &str) {
        let tab = self.client.new_window(true).await.unwrap();
        self.client.switch_to_window(tab.handle).await.unwrap();
        self.resize(1440, 900).await;
        self.go(place).await;
    }

    pub(crate) async fn tab(&self) -> WindowHandle {
        self.client.window().await.unwrap()
    }

    /// Tells the page that the person sees another tab. Without a screen Chromium shows each.
    pub(crate) async fn hide(&self) {
        self.set_hidden(true).await;
    }

    /// Returns to a tab that was hidden.
    pub(crate) async fn see(&self, tab: &WindowHandle) {
        self.client.switch_to_window(tab.clone()).await.unwrap();
        self.set_hidden(false).await;
    }

    async fn set_hidden(&self, is_hidden: bool) {
        let script = "Object.defineProperty(document, 'hidden', { configurable: true, value: arguments[0] });
            document.dispatchEvent(new Event('visibilitychange'));";
        self.script(script, vec![json!(is_hidden)]).await;
    }

    /// Opens a page of another site, and follows its link to the page.
    pub(crate) async fn follow_link_of_another_site(&self) {
        let url = &self.base_url;
        let other = format!("data:text/html,<a data-testid='go' href='{url}/'>Sandbox</a>");
        self.client.goto(&other).await.unwrap();
        self.click("go").await;
        self.shows("connection", "Live").await;
    }

    pub(crate) async fn reload(&self) {
        self.client.refresh().await.unwrap();
        self.shows("connection", "Live").await;
    }

    pub(crate) async fn close(self) {
        self.client.close().await.unwrap();
    }

    async fn dev_tools(&self, command: &'static str, parameters: Value) {
        let command = DevTools {
            command,
            parameters,
        };
        self.client.issue_cmd(command).await.unwrap();
    }

    pub(crate) async fn resize(&self, width: u32, height: u32) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.dev_tools("Emulation.setDeviceMetricsOverride", size)
            .await;
    }

    /// Makes the system prefer `light` or `dark`.
    pub(crate) async fn prefer(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.dev_tools(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        )
        .await;
    }

    /// Runs a script in the page and returns its value.
    pub(crate) async fn script(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.unwrap()
    }

    /// Waits until a script returns a value that counts as true, and returns it.
    pub(crate) async fn until(&self, what: &str, script: &str, arguments: Vec<Value>) -> Value {
        let end = Instant::now() + LIMIT;
        loop {
            let value = self.script(script, arguments.clone()).await;
            if !matches!(value, Value::Null | Value::Bool(false)) {
                return value;
            }
            if Instant::now() > end {
                self.screenshot("failed").await;
                let text = self.script("return document.body.innerText", vec![]).await;
                panic!("the page does not show {what}; it shows: {text}");
            }
            tokio::time::sleep(PERIOD).await;
        }
    }

    /// Waits for a part of the page with this `data-testid` that contains `text`.
    pub(crate) async fn shows(&self, testid: &str, text: &str) {
        let script = "const [selector, text] = arguments;
            return [...document.querySelectorAll(selector)].some((x) => x.checkVisibility() && x.textContent.includes(text));";
        let arguments = vec![json!(selector(testid)), json!(text)];
        self.until(&format!("{testid} with \"{text}\""), script, arguments)
            .await;
    }

    /// Waits until no part with this `data-testid` is visible.
    pub(crate) async fn hides(&self, testid: &str) {
        let script = "return ![...document.querySelectorAll(arguments[0])].some((x) => x.checkVisibility());";
        self.until(
            &format!("no {testid}"),
            script,
            vec![json!(selector(testid))],
        )
        .await;
    }

    async fn find(&self, css: &str) -> Element {
        let script = "const found = [...document.querySelectorAll(arguments[0])].find((x) => x.checkVisibility() && !x.disabled);
            return found !== undefined;";
        self.until(css, script, vec![json!(css)]).await;
        self.client.find(Locator::Css(css)).await.unwrap()
    }

    /// Clicks the first visible part with this `data-testid`. A part that a redraw replaces
    /// meanwhile is found again.
    pub(crate) async fn click(&self, testid: &str) {
        self.click_css(&selector(testid)).await;
    }

    pub(crate) async fn click_css(&self, css: &str) {
        let end = Instant::now() + LIMIT;
        loop {
            let clicked = self.find(css).await.click().await;
            match clicked {
                Ok(()) => return,
                Err(error) if Instant::now() > end => panic!("{css} cannot be clicked: {error}"),
                Err(_) => tokio::time::sleep(PERIOD).await,
            }
        }
    }

    /// Types into a field, after what it has.
    pub(crate) async fn type_into(&self, testid: &str, text: &str) {
        let field = self.find(&selector(testid)).await;
        field.send_keys(text).await.unwrap();
    }

    /// Chooses the option with this value.
    pub(crate) async fn choose(&self, testid: &str, value: &str) {
        let field = self.find(&selector(testid)).await;
        field.select_by_value(value).await.unwrap();
    }

    /// Presses keys where the focus is.
    pub(crate) async fn keys(&self, keys: &str) {
        let active = self.client.active_element().await.unwrap();
        active.send_keys(keys).await.unwrap();
    }

    pub(crate) async fn enter(&self) {
        self.keys(&char::from(Key::Enter).to_string()).await;
    }

    pub(crate) async fn escape(&self) {
        self.keys(&char::from(Key::Escape).to_string()).await;
    }

    /// `data-testid` of the element with the focus.
    pub(crate) async fn focus(&self) -> String {
        let script = "return document.activeElement?.dataset.testid ?? '';";
        let focus = self.script(script, vec![]).await;
        focus.as_str().unwrap().to_owned()
    }

    pub(crate) async fn back(&self) {
        self.client.back().await.unwrap();
    }

    /// Writes a picture of the page into `target/screenshots`.
    pub(crate) async fn screenshot(&self, name: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/screenshots");
        fs::create_dir_all(&folder).unwrap();
        let picture = self.client.screenshot().await.unwrap();
        fs::write(folder.join(format!("{name}.png")), picture).unwrap();
    }
}

pub(crate) fn selector(testid: &str) -> String {
    format!("[data-testid=\"{testid}\"]")
}

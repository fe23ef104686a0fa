//! Dark and light, and every width from 320 pixels: nothing scrolls sideways.

use serde_json::json;

use crate::browser::Browser;
use crate::clinic::{Clinic, RUTH};

#[tokio::test]
async fn the_theme_follows_the_system_until_one_is_chosen() {
    let clinic = Clinic::start().await;
    clinic.text(RUTH, "Hello").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    let dark = "const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);
        return r + g + b < 150;";
    let light = "const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);
        return r + g + b > 600;";
    page.prefer("dark").await;
    page.until("a dark page", dark, vec![]).await;
    page.screenshot("thread-dark").await;
    page.click("theme").await;
    page.until("a light page", light, vec![]).await;
    page.go("/").await;
    page.until("a light page after a visit", light, vec![])
        .await;
    page.click("theme").await;
    page.until("a dark page", dark, vec![]).await;
    page.close().await;
}

/// Names what a reader of a dialog needs and cannot click where the dialog opens.
const REACHABLE: &str = "
    return ['dialog-close', 'copy-snippet'].filter((id) => {
        const button = document.querySelector(`dialog [data-testid=${id}]`);
        const { left, right, top, bottom } = button.getBoundingClientRect();
        return !button.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
    });";

#[tokio::test]
async fn one_pane_at_a_time_from_320_pixels() {
    let clinic = Clinic::start().await;
    clinic
        .text(RUTH, &"A long text without an end. ".repeat(12))
        .await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    for (width, height) in [
        (320, 640),
        (360, 780),
        (768, 1024),
        (1000, 700),
        (1800, 1000),
    ] {
        page.resize(width, height).await;
        page.go(&format!("/#/phones/{RUTH}")).await;
        page.shows("message", "A long text").await;
        if width <= 900 {
            for pane in ["phones", "call", "act", "thread"] {
                page.click(&format!("pane-{pane}")).await;
                page.screenshot(&format!("narrow-{width}-{pane}")).await;
            }
        } else {
            page.screenshot(&format!("wide-{width}")).await;
        }
        let fits = "return document.documentElement.scrollWidth <= innerWidth;";
        assert_eq!(page.script(fits, vec![]).await, json!(true), "{width}");
        page.click("open-connect").await;
        page.shows("dialog-connect", "Auth Token").await;
        let fits = "const dialog = document.getElementById('dlg'); return dialog.scrollWidth <= dialog.clientWidth;";
        assert_eq!(page.script(fits, vec![]).await, json!(true), "{width}");
        page.screenshot(&format!("dialog-connect-{width}")).await;
        assert_eq!(page.script(REACHABLE, vec![]).await, json!([]), "{width}");
        page.click("dialog-close").await;
    }
    page.close().await;
}

#[tokio::test]
async fn a_long_thread_stays_at_its_newest_text_unless_the_reader_scrolls_up() {
    let clinic = Clinic::start().await;
    for i in 0..40 {
        clinic.text(RUTH, &format!("Text number {i}")).await;
    }
    let Some(page) = Browser::open_at(&clinic.sandbox, &format!("/#/phones/{RUTH}")).await else {
        return;
    };
    let at_end = "const x = document.querySelector('.threadscroll'); return x.scrollHeight - x.scrollTop - x.clientHeight < 2 && x.scrollTop > 0;";
    page.shows("message", "Text number 39").await;
    page.until("the newest text", at_end, vec![]).await;
    page.script(
        "document.querySelector('.threadscroll').scrollTop = 100",
        vec![],
    )
    .await;
    clinic.text(RUTH, "One more").await;
    page.shows("new-texts", "1 new").await;
    let place = page
        .script(
            "return document.querySelector('.threadscroll').scrollTop",
            vec![],
        )
        .await;
    assert_eq!(place, json!(100));
    page.click("new-texts").await;
    page.until("the newest text", at_end, vec![]).await;
    page.hides("new-texts").await;
    page.close().await;
}

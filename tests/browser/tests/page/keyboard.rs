//! The keyboard alone: choose, write, answer, steer.

use serde_json::json;

use crate::browser::Browser;
use crate::clinic::{Clinic, GRACE, RUTH};

#[tokio::test]
async fn single_keys_reach_every_part() {
    let clinic = Clinic::start().await;
    clinic.phone(RUTH, "Ruth Alvarez").await;
    clinic.phone(GRACE, "Grace Okafor").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.shows("phone", "Ruth Alvarez").await;
    page.keys("w").await;
    let in_composer = "return document.activeElement.id === 'composer-text';";
    page.until("the focus in the composer", in_composer, vec![])
        .await;
    page.keys("jjj/").await; // a letter in a field is a letter
    page.shows("segments", "4 / 160").await;
    page.escape().await;
    page.keys("/").await;
    page.until(
        "the focus in the search",
        "return document.activeElement.id === 'search';",
        vec![],
    )
    .await;
    page.escape().await;

    let chosen =
        "return document.querySelector('[data-testid=phone][aria-current=true]')?.dataset.number;";
    let before = page.until("a chosen phone", chosen, vec![]).await;
    page.keys("j").await;
    page.keys("k").await;
    page.keys("j").await;
    let other = "return document.querySelector('[data-testid=phone][aria-current=true]')?.dataset.number !== arguments[0];";
    page.until("the other phone", other, vec![before]).await;
    assert_eq!(page.focus().await, "phone");

    page.keys("?").await;
    page.shows("dialog-help", "Keyboard").await;
    page.screenshot("dialog-help").await;
    page.escape().await;
    page.hides("dialog-help").await;
    page.keys("n").await;
    page.shows("dialog-add", "Add a phone").await;
    assert_eq!(page.focus().await, "add-number");
    page.keys("+1 415 555 0188").await;
    page.enter().await;
    page.hides("dialog-add").await;
    page.shows("phone", "+1 415 555 0188").await;
    page.close().await;
}

#[tokio::test]
async fn a_call_is_answered_and_steered_by_keys() {
    let clinic = Clinic::start().await;
    clinic.phone(RUTH, "Ruth Alvarez").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    clinic.call(RUTH, "60").await;
    page.shows("phone", "Rings").await;
    page.keys("a").await;
    page.shows("transcript", "Press 1 to confirm.").await;
    page.keys("1").await;
    page.shows("transcript", "Confirmed.").await;
    assert_eq!(clinic.app.seen("/voice/menu")[0].field("Digits"), "1");

    // Switched off, they do nothing.
    page.click("open-help").await;
    page.click("single-keys").await;
    page.click("dialog-close").await;
    page.keys("n").await;
    let closed = "return !document.getElementById('dlg').open;";
    assert_eq!(page.script(closed, vec![]).await, json!(true));
    page.close().await;
}

//! Several pages in one browser, which has six connections to a host.

use crate::browser::Browser;
use crate::clinic::{Clinic, RUTH, row};

#[tokio::test]
async fn the_eighth_page_is_live_and_a_hidden_one_catches_up_when_it_is_seen() {
    let clinic = Clinic::start().await;
    clinic.phone(RUTH, "Ruth Alvarez").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    let first = page.tab().await;
    for _ in 0..7 {
        page.hide().await;
        page.open_tab("/").await;
    }
    clinic.text(RUTH, "Your visit is tomorrow.").await;
    page.click_css(&row(RUTH)).await;
    page.shows("message", "Your visit is tomorrow.").await;

    page.see(&first).await;
    page.click_css(&row(RUTH)).await;
    page.shows("message", "Your visit is tomorrow.").await;
    page.close().await;
}

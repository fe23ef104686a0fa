//! Check of geographic permissions for the default country.

use super::check::Check;
use super::run::Run;
use crate::client::geo_permissions::{
    FetchDialingPermissionsCountry, FetchMessagingGeoPermissions,
};
use crate::phone::Region;

pub(super) async fn check(run: &mut Run<'_>) {
    if let Some(country) = run.settings.normalizer().default_region() {
        check_texts(run, country).await;
        check_calls(run, country).await;
    }
}

async fn check_texts(run: &mut Run<'_>, country: Region) {
    let checks = &[Check::GeoMessaging];
    let request = FetchMessagingGeoPermissions::new().country_code(country);
    let Some(found) = run.read(request, checks).await else {
        return;
    };
    let mut countries = found.permissions.into_iter().flatten();
    let enabled = countries
        .find(|found| found.country_code.as_deref() == Some(country.as_str()))
        .and_then(|found| found.enabled);
    match enabled {
        Some(true) => {}
        Some(false) => run.add(
            Check::GeoMessaging,
            format!("the account does not permit texts to {country}, the default country (21408)"),
            format!("{country} enabled for messaging"),
            "enable the country under Messaging > Settings > Geo permissions in Twilio's console",
        ),
        None => run.inconclusive(
            checks,
            "Twilio does not return the permissions of the country",
        ),
    }
}

async fn check_calls(run: &mut Run<'_>, country: Region) {
    let checks = &[Check::GeoVoice];
    let Some(found) = run
        .read(FetchDialingPermissionsCountry::new(country), checks)
        .await
    else {
        return;
    };
    match found.low_risk_numbers_enabled {
        Some(true) => {}
        Some(false) => run.add(
            Check::GeoVoice,
            format!("the account does not permit calls to {country}, the default country (21215)"),
            format!("{country} enabled for calls to ordinary numbers"),
            "enable the country under Voice > Settings > Geo permissions in Twilio's console",
        ),
        None => run.inconclusive(
            checks,
            "Twilio does not return the permissions of the country",
        ),
    }
}

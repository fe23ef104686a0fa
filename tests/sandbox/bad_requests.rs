//! Requests that no client should send: each is answered with an error of Twilio's form.

use serde_json::Value;

use crate::api::account;

const PATHS: [&str; 34] = [
    "/2010-04-01/Accounts.json",
    "{account}.json",
    "{account}/Balance.json",
    "{account}/Keys.json",
    "{account}/SigningKeys/SK0.json",
    "{account}/Tokens.json",
    "{account}/Usage/Records.json",
    "{account}/Usage/Records/Daily.json",
    "{account}/Usage/Triggers.json",
    "{account}/SMS/ShortCodes.json",
    "{account}/Addresses.json",
    "/v1/Alerts",
    "/v1/Alerts/NO0",
    "/v1/Events",
    "/v1/Events/AE0",
    "/v1/AuthTokens/Promote",
    "/v1/Consents/Bulk",
    "/v1/Content",
    "/v1/Deactivations",
    "/v1/DialingPermissions/BulkCountryUpdates",
    "/v1/DialingPermissions/Countries",
    "/v1/DialingPermissions/Countries/%00",
    "/v1/Keys",
    "/v1/Messaging/GeoPermissions",
    "/v1/PhoneNumbers/%F0%9F%93%9E",
    "/v2/PhoneNumbers/+",
    "/v1/SafeList/Numbers",
    "/v1/Services",
    "/v1/Services/{service}",
    "/v1/Services/{service}/AlphaSenders",
    "/v1/Services/{service}/Compliance/Usa2p",
    "/v1/Settings",
    "/v1/Tollfree/Verifications",
    "/v1/a2p/BrandRegistrations",
];
/// Queries and forms.
const PARAMETERS: [&str; 16] = [
    "",
    "PageSize=x",
    "PageSize=-1",
    "Page=4294967295&PageSize=1000",
    "Page=99999999999999999999",
    "PageToken=",
    "PageToken=PA",
    "PageToken=xyz",
    "StartDate=-999999days",
    "StartDate=-9999-01-01&EndDate=9999-12-31",
    "EndDate=%2B2147483647days&Category=sms",
    "Date=9999-12-31",
    "CountryCode=%FF&IsoCode=%00",
    "FriendlyName=%F0%9F%93%9E&Status=%00&Ttl=-1",
    "PhoneNumber=%2B&Fields=%2C&Type=x",
    "UpdateRequest=[{}]&Permissions=[]&Items=null",
];

#[tokio::test]
async fn no_request_fails_but_with_an_error_of_its_own() {
    let (sandbox, api) = account().await;
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let account = format!("/2010-04-01/Accounts/{}", sandbox.account_sid());
    for path in PATHS {
        let path = path.replace("{account}", &account);
        let path = path.replace("{service}", service.as_str());
        for parameters in PARAMETERS {
            for method in ["GET", "POST", "DELETE", "PUT", "PATCH"] {
                if method == "DELETE" && path.ends_with(service.as_str()) {
                    continue;
                }
                let url = format!("{path}?{parameters}");
                let form = (method != "GET").then(|| parameters.to_owned());
                let (status, found) = api.send(method, &url, form).await;
                let name = format!("{method} {url}: {status} {found}");
                match status {
                    200..=202 => assert!(found.is_object(), "{name}"),
                    204 => assert_eq!(found, Value::Null, "{name}"),
                    307 => {}
                    400 | 401 | 404 | 405 => {
                        assert!(found["code"].as_u64() > Some(20_000), "{name}");
                        assert_eq!(found["status"], status, "{name}");
                        assert!(found["message"].is_string(), "{name}");
                    }
                    _ => panic!("{name}"),
                }
            }
        }
    }
    assert_eq!(api.get("Balance.json").await.0, 200);
}

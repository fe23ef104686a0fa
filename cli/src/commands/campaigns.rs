//! `campaigns`: brands and campaigns of the account (A2P 10DLC).

use std::fmt;

use clap::Args;
use clinspark_twilio::client::a2p::{
    Brand, BrandStatus, Campaign, CampaignStatus, ListBrands, ListCampaigns,
};
use clinspark_twilio::client::services::ListServices;
use clinspark_twilio::codes::ErrorCode;
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::output::{Output, Table};
use crate::settings::SettingsSource;

/// Lists the brands and campaigns that numbers of the USA need for texts
#[derive(Args, Debug)]
#[command(after_help = "\
Exit code 1 if a brand is not approved or a campaign is not verified.

Example:
  clinspark-twilio campaigns")]
pub(crate) struct Options {
    #[command(flatten)]
    source: SettingsSource,
}

#[derive(Serialize)]
struct Answer {
    brands: Vec<BrandRow>,
    services: Vec<ServiceRow>,
}

#[derive(Serialize)]
struct BrandRow {
    sid: String,
    brand_type: Option<String>,
    status: Option<String>,
}

/// Messaging Service with its campaign, if it has one.
#[derive(Serialize)]
struct ServiceRow {
    service: String,
    campaign: Option<String>,
    use_case: Option<String>,
    status: Option<String>,
    error_codes: Vec<u32>,
}

pub(crate) async fn run(options: Options, output: Output) -> Result<Exit, Failure> {
    let (_, messenger) = options.source.connect()?;
    let client = messenger.client();
    let mut answer = Answer {
        brands: Vec::new(),
        services: Vec::new(),
    };
    let mut brands = client.list(ListBrands::new());
    while let Some(brand) = brands.next().await {
        answer.brands.push(BrandRow::of(&brand?));
    }
    let mut services = client.list(ListServices::new());
    while let Some(service) = services.next().await {
        let service = service?.sid;
        let mut campaigns = client.list(ListCampaigns::new(service));
        let mut found = false;
        while let Some(campaign) = campaigns.next().await {
            let row = ServiceRow::of(service.to_string(), Some(&campaign?));
            answer.services.push(row);
            found = true;
        }
        if !found {
            let row = ServiceRow::of(service.to_string(), None);
            answer.services.push(row);
        }
    }
    output.print(&answer)?;
    Ok(Exit::fine_if(answer.is_registered()))
}

impl BrandRow {
    fn of(brand: &Brand) -> Self {
        Self {
            sid: brand.sid.to_string(),
            brand_type: brand.brand_type.clone(),
            status: brand.status.as_ref().map(ToString::to_string),
        }
    }
}

impl ServiceRow {
    fn of(service: String, campaign: Option<&Campaign>) -> Self {
        let errors = campaign.and_then(|campaign| campaign.errors.as_ref());
        let codes = errors.into_iter().flatten().filter_map(|it| it.error_code);
        Self {
            service,
            campaign: campaign.map(|campaign| campaign.sid.to_string()),
            use_case: campaign.and_then(|campaign| campaign.us_app_to_person_usecase.clone()),
            status: campaign
                .and_then(|campaign| campaign.campaign_status.as_ref())
                .map(ToString::to_string),
            error_codes: codes.map(ErrorCode::get).collect(),
        }
    }
}

impl Answer {
    fn is_registered(&self) -> bool {
        let approved = Some(BrandStatus::Approved.as_str());
        let verified = Some(CampaignStatus::Verified.as_str());
        let is_verified =
            |row: &ServiceRow| row.campaign.is_none() || row.status.as_deref() == verified;
        self.brands
            .iter()
            .all(|row| row.status.as_deref() == approved)
            && self.services.iter().all(is_verified)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        if self.brands.is_empty() {
            write!(f, "no brand")?;
        } else {
            let mut table = Table::new(&["BRAND", "TYPE", "STATUS"]);
            for row in &self.brands {
                table.row([&row.sid, &text(&row.brand_type), &text(&row.status)]);
            }
            write!(f, "{table}")?;
        }
        if self.services.is_empty() {
            return write!(f, "\n\nno Messaging Service");
        }
        let headers = ["SERVICE", "CAMPAIGN", "USE CASE", "STATUS", "ERRORS"];
        let mut table = Table::new(&headers);
        for row in &self.services {
            let codes: Vec<String> = row.error_codes.iter().map(ToString::to_string).collect();
            table.row([
                &row.service,
                &text(&row.campaign),
                &text(&row.use_case),
                &text(&row.status),
                &codes.join(", "),
            ]);
        }
        write!(f, "\n\n{table}")
    }
}

//! Registration of the number. Carriers block texts to the USA from numbers without one.

use super::check::Check;
use super::number::{Ownership, in_numbering_plan};
use super::run::Run;
use super::service::Membership;
use crate::client::a2p::{BrandStatus, Campaign, CampaignStatus, FetchBrand, ListCampaigns};
use crate::client::toll_free::{ListTollfreeVerifications, TollfreeVerificationStatus};
use crate::phone::NumberKind;
use crate::types::MessagingServiceSid;

const CAMPAIGN_CHECKS: &[Check] = &[
    Check::A2pNoCampaign,
    Check::A2pCampaignUnverified,
    Check::A2pBrandUnapproved,
];

pub(super) async fn check(run: &mut Run<'_>, owned: Ownership, membership: Membership) {
    let Some(number) = run.settings.number() else {
        return;
    };
    if matches!(owned, Ownership::Absent) {
        return;
    }
    let Some(plan) = in_numbering_plan(number) else {
        // A new area code may belong to the USA.
        if number.as_str().starts_with("+1") {
            let why =
                "this version does not know the area code; check whether the number is in the USA";
            run.inconclusive(&[Check::A2pNoService, Check::TollFreeUnverified], why);
            run.inconclusive(CAMPAIGN_CHECKS, why);
        }
        return;
    };
    if plan.e164().as_str().starts_with("+1") && plan.kind() == NumberKind::TollFree {
        return check_toll_free(run, owned).await;
    }
    if plan.region().is_none_or(|region| region.as_str() != "US") {
        return;
    }
    match membership {
        Membership::In(service) => check_campaign(run, service).await,
        Membership::None => run.add(
            Check::A2pNoService,
            format!(
                "the number {} is in no Messaging Service, so no campaign covers it: carriers \
                 block its texts (30034)",
                plan.e164().masked()
            ),
            "the number in a Messaging Service with a verified A2P 10DLC campaign",
            "register brand and campaign in Twilio's console and add the number to the \
             campaign's Messaging Service",
        ),
        Membership::Inconclusive => {
            let why = "Twilio does not return the number's Messaging Service";
            run.inconclusive(&[Check::A2pNoService], why);
            run.inconclusive(CAMPAIGN_CHECKS, why);
        }
    }
}

async fn check_campaign(run: &mut Run<'_>, service: MessagingServiceSid) {
    let campaigns = ListCampaigns::new(service);
    let Some(campaigns) = run.read(campaigns, CAMPAIGN_CHECKS).await else {
        return;
    };
    // A service has one campaign. If Twilio lists several, the verified one counts.
    let verified =
        |campaign: &&Campaign| campaign.campaign_status == Some(CampaignStatus::Verified);
    let campaigns = campaigns.items;
    let campaign = campaigns.iter().find(verified).or(campaigns.first());
    let Some(campaign) = campaign else {
        run.add(
            Check::A2pNoCampaign,
            format!(
                "Messaging Service {service} has no campaign: carriers block its texts (30034)"
            ),
            "a verified A2P 10DLC campaign",
            "register brand and campaign in Twilio's console; it takes days",
        );
        return;
    };
    match &campaign.campaign_status {
        Some(CampaignStatus::Verified) => {}
        Some(status) => run.add(
            Check::A2pCampaignUnverified,
            format!(
                "campaign {} is {status}: carriers may block its texts",
                campaign.sid
            ),
            CampaignStatus::Verified.as_str(),
            "wait until it is verified; if it failed, correct what Twilio's console names",
        ),
        None => run.inconclusive(
            &[Check::A2pCampaignUnverified],
            "Twilio does not return the status of the campaign",
        ),
    }
    check_brand(run, campaign).await;
}

async fn check_brand(run: &mut Run<'_>, campaign: &Campaign) {
    let checks = &[Check::A2pBrandUnapproved];
    let Some(sid) = campaign.brand_registration_sid else {
        // A campaign that was registered elsewhere has no brand of this account.
        if campaign.is_externally_registered != Some(true) {
            run.inconclusive(checks, "Twilio does not return the brand of the campaign");
        }
        return;
    };
    let Some(brand) = run.read(FetchBrand::new(sid), checks).await else {
        return;
    };
    match brand.status {
        Some(BrandStatus::Approved) => {}
        Some(status) => run.add(
            Check::A2pBrandUnapproved,
            format!("brand {sid} is {status}"),
            BrandStatus::Approved.as_str(),
            "wait until it is approved; if it failed, correct what Twilio's console names",
        ),
        None => run.inconclusive(checks, "Twilio does not return the status of the brand"),
    }
}

async fn check_toll_free(run: &mut Run<'_>, owned: Ownership) {
    let checks = &[Check::TollFreeUnverified];
    let Ownership::Owned(number, sid) = owned else {
        return run.inconclusive(checks, "Twilio does not return the number");
    };
    let filed = ListTollfreeVerifications::new().tollfree_phone_number_sid(sid);
    let Some(filed) = run.read(filed, checks).await else {
        return;
    };
    let known: Vec<_> = filed.items.into_iter().map(|filed| filed.status).collect();
    if known.contains(&Some(TollfreeVerificationStatus::Approved)) {
        return;
    }
    let found = match known.first() {
        None => "its verification was not requested".to_owned(),
        Some(None) => "its verification has no status".to_owned(),
        Some(Some(status)) => format!("its verification is {status}"),
    };
    run.add(
        Check::TollFreeUnverified,
        format!(
            "the number {} is toll-free, and {found}: its texts are blocked (30032)",
            number.masked()
        ),
        TollfreeVerificationStatus::Approved.as_str(),
        "submit the verification of the number in Twilio's console, and wait for its approval",
    );
}

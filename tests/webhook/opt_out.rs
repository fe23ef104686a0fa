//! Opt-outs of inbound messages.

use clinspark_twilio::sms::{OptOut, OptOutKeywords};
use clinspark_twilio::webhook::{InboundMessage, OptOutScope};

use crate::support::{MESSAGE, NUMBERS, verified};

#[test]
fn a_keyword_counts_if_it_is_the_whole_message() {
    for (texts, meaning) in [
        (
            &[
                "STOP",
                "stop",
                " Stop\n",
                "STOPALL",
                "unsubscribe",
                "CANCEL",
                "end",
                "Quit",
                "REVOKE",
                "OPTOUT",
            ][..],
            OptOut::Stop,
        ),
        (&["START", "unstop"][..], OptOut::Start),
        (&["yes", " YES\n"][..], OptOut::MaybeStart),
        (&["HELP", "info"][..], OptOut::Help),
        (
            &[
                "STOP PLEASE",
                "stop.",
                "Please stop texting me",
                "Opt out",
                "opt-out",
                "don't text me",
                "DON\u{2019}T TEXT ME",
                "no more texts!",
                "remove me from this",
                "STOP 12345",
                "ARRÊT",
            ][..],
            OptOut::MaybeStop,
        ),
    ] {
        for text in texts {
            assert_eq!(OptOut::classify(text), Some(meaning), "{text:?}");
        }
    }
    for text in [
        "",
        "ok",
        "I must cancel my visit",
        "the end",
        "yes please",
        "help me",
        "stopwatch",
        "unstoppable",
        "Infos",
    ] {
        assert_eq!(OptOut::classify(text), None, "{text:?}");
    }
    assert!(OptOut::Stop.forbids_texting() && OptOut::MaybeStop.forbids_texting());
    assert!(!OptOut::MaybeStart.forbids_texting());
    assert!(!OptOut::Start.forbids_texting() && !OptOut::Help.forbids_texting());
}

#[test]
fn twilios_opt_out_type_takes_precedence() {
    let read = |more: &str| {
        let form = [MESSAGE, NUMBERS, more];
        verified(&form).parse::<InboundMessage>().unwrap()
    };
    assert_eq!(
        read("Body=BASTA&OptOutType=STOP").opt_out(),
        Some(OptOut::Stop)
    );
    assert_eq!(
        read("Body=STOP&OptOutType=HELP").opt_out(),
        Some(OptOut::Help)
    );
    assert_eq!(
        read("Body=STOP&OptOutType=NEW").opt_out(),
        Some(OptOut::Stop)
    );
    let keywords = OptOutKeywords::default().stop("lopeta");
    assert_eq!(
        read("Body=Lopeta%21").opt_out_with(&keywords),
        Some(OptOut::MaybeStop)
    );
    assert_eq!(read("Body=Lopeta%21").opt_out(), None);
    assert_eq!(
        read("Body=lopeta&OptOutType=START").opt_out_with(&keywords),
        Some(OptOut::Start)
    );
    // YES may answer a question, whoever calls it an opt-in.
    assert_eq!(
        read("Body=Yes&OptOutType=START").opt_out(),
        Some(OptOut::MaybeStart)
    );
    assert_eq!(
        read("Body=Oui&OptOutType=START").opt_out(),
        Some(OptOut::Start)
    );
    assert_eq!(read("Body=STOP").opt_out_scope(), OptOutScope::Sender);
    let service = read("Body=STOP&MessagingServiceSid=MG00000000000000000000000000000001");
    let OptOutScope::Service(sid) = service.opt_out_scope() else {
        unreachable!()
    };
    assert_eq!(sid.as_str(), "MG00000000000000000000000000000001");
}

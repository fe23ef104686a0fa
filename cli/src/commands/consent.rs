//! Signals of a person about consent, in the texts that Twilio stores.

use std::cmp::Reverse;
use std::time::SystemTime;

use clinspark_twilio::client::messages::{ListMessages, Message};
use clinspark_twilio::client::{Client, Error};
use clinspark_twilio::phone::Address;
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::types::{MessageDirection, MessageSid, Timestamp};

/// Texts of a person that Twilio stores.
#[derive(Debug, Default)]
pub(super) struct PastTexts {
    signals: Vec<Signal>,
    /// Number of texts with a body.
    pub(super) read: usize,
    /// Time of each text whose body Twilio no longer stores. One of them may be a STOP.
    unreadable: Vec<Option<SystemTime>>,
}

/// Text that revokes, restores or may change consent.
#[derive(Debug)]
pub(super) struct Signal {
    pub(super) reply: OptOut,
    pub(super) sid: MessageSid,
    to: Option<Address>,
    at: Option<Timestamp>,
}

impl PastTexts {
    /// Reads all texts of a person, under every spelling of the number and on every channel.
    pub(super) async fn read(client: &Client, person: &Address) -> Result<Self, Error> {
        let mut found = Self::default();
        for address in addresses(person) {
            let mut texts = client.list(ListMessages::new().from(address).page_size(1_000));
            while let Some(text) = texts.next().await {
                found.add(text?);
            }
        }
        found.sort();
        Ok(found)
    }

    /// Sorts the newest signal of all addresses first. The sort is stable, so that texts of the
    /// same second stay in Twilio's order.
    fn sort(&mut self) {
        let time = |signal: &Signal| signal.at.as_ref().and_then(Timestamp::time);
        self.signals.sort_by_key(|signal| Reverse(time(signal)));
    }

    fn add(&mut self, text: Message) {
        use MessageDirection::{OutboundApi, OutboundCall, OutboundReply};
        // The person may have a number of this account.
        if let Some(OutboundApi | OutboundCall | OutboundReply) = text.direction {
            return;
        }
        let body = text.body.as_ref().map_or("", |body| body.expose());
        if body.is_empty() && text.num_media.unwrap_or_default() == 0 {
            let at = text.date_created.as_ref().and_then(Timestamp::time);
            self.unreadable.push(at);
            return;
        }
        self.read += 1;
        if let Some(reply) = OptOut::classify(body) {
            self.signals.push(Signal {
                reply,
                sid: text.sid,
                to: text.to,
                at: text.date_created,
            });
        }
    }

    /// Returns the newest signal that revokes consent, may revoke it, or restores it.
    pub(super) fn consent(&self) -> Option<&Signal> {
        self.last(|reply| reply.forbids_texting() || reply == OptOut::Start)
    }

    /// Returns the newest signal on which Twilio acts: it blocks texts, or ends the block.
    pub(super) fn block(&self) -> Option<&Signal> {
        let acts = [OptOut::Stop, OptOut::Start, OptOut::MaybeStart];
        self.last(|reply| acts.contains(&reply))
    }

    fn last(&self, is_wanted: impl Fn(OptOut) -> bool) -> Option<&Signal> {
        self.signals.iter().find(|signal| is_wanted(signal.reply))
    }

    /// Returns `true` if a text without a stored body may be a STOP. Those before a START no longer count.
    #[cfg(feature = "batch")]
    pub(super) fn may_hide_stop(&self) -> bool {
        let last = self.consent().filter(|text| text.reply == OptOut::Start);
        let start = last.and_then(|text| text.at.as_ref()?.time());
        let is_before =
            |at: &Option<SystemTime>| at.zip(start).is_some_and(|(at, start)| at < start);
        !self.unreadable.iter().all(is_before)
    }

    /// Returns a remark about texts that cannot be read, if there are any.
    pub(super) fn remark(&self) -> Option<String> {
        let count = self.unreadable.len();
        (count > 0).then(|| {
            format!("texts of the person without a stored body: {count}; one may be a STOP")
        })
    }
}

impl Signal {
    /// Returns receiver and time of the text, for people.
    pub(super) fn place(&self) -> String {
        let to = self.to.as_ref().map_or_else(String::new, |to| {
            let to = to.masked();
            format!("to {to}, ")
        });
        let at = self.at.as_ref().map(ToString::to_string);
        format!("{to}{}", at.as_deref().unwrap_or("at an unknown time"))
    }
}

/// Returns the addresses under which Twilio may list texts of a person.
fn addresses(person: &Address) -> Vec<Address> {
    let Some(number) = person.phone() else {
        return vec![person.clone()];
    };
    let channels = [Address::Phone, Address::WhatsApp, Address::Rcs];
    let spellings = number.uniqueness_key().spellings();
    spellings
        .flat_map(|number| channels.map(|channel| channel(number)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads texts in the order of their lists: time, direction and body.
    fn past_texts(texts: &[(&str, &str, &str)]) -> PastTexts {
        let mut past = PastTexts::default();
        for (time, direction, body) in texts {
            let text = serde_json::json!({
                "sid": "SM00000000000000000000000000000001",
                "direction": direction,
                "body": body,
                "num_media": "0",
                "date_created": format!("Sat, 28 Nov 2026 {time} +0000"),
            });
            past.add(serde_json::from_value(text).unwrap());
        }
        past.sort();
        past
    }

    #[test]
    fn the_newest_signal_of_all_lists_counts() {
        let past = past_texts(&[
            ("10:00:00", "inbound", "START"),
            ("09:00:00", "inbound", "See you"),
            // The second list: another spelling of the number.
            ("12:00:00", "inbound", "Yes"),
            ("11:00:00", "inbound", "STOP"),
            ("13:00:00", "outbound-api", "Reply STOP to end"),
        ]);
        assert_eq!((past.read, past.remark()), (4, None));
        assert_eq!(past.consent().unwrap().reply, OptOut::Stop);
        assert_eq!(past.block().unwrap().reply, OptOut::MaybeStart);
    }

    #[test]
    fn texts_of_one_second_stay_in_twilios_order() {
        let past = past_texts(&[
            ("10:00:00", "inbound", "START"),
            ("10:00:00", "inbound", "STOP"),
        ]);
        assert_eq!(past.consent().unwrap().reply, OptOut::Start);
    }

    #[test]
    fn texts_without_a_body_are_counted_apart() {
        let past = past_texts(&[("10:00:00", "inbound", ""), ("10:00:00", "new", "STOP")]);
        assert_eq!((past.read, past.unreadable.len()), (1, 1));
        assert_eq!(past.consent().unwrap().reply, OptOut::Stop);
    }

    #[cfg(feature = "batch")]
    #[test]
    fn a_text_without_a_body_may_be_a_stop_until_a_later_start() {
        for (start, expected) in [("09:00:00", true), ("10:00:00", true), ("10:00:01", false)] {
            let past = past_texts(&[
                (start, "inbound", "START"),
                ("10:00:00", "inbound", ""),
                ("08:00:00", "inbound", ""),
            ]);
            assert_eq!(past.may_hide_stop(), expected, "{start}");
        }
        assert!(past_texts(&[("10:00:00", "inbound", "")]).may_hide_stop());
        assert!(!past_texts(&[("10:00:00", "inbound", "See you")]).may_hide_stop());
    }

    #[test]
    fn every_spelling_and_channel_is_read() {
        let listed: Vec<String> = addresses(&Address::parse("+525512345678"))
            .iter()
            .map(Address::expose)
            .collect();
        assert_eq!(
            listed,
            [
                "+525512345678",
                "whatsapp:+525512345678",
                "rcs:+525512345678",
                "+5215512345678",
                "whatsapp:+5215512345678",
                "rcs:+5215512345678",
            ]
        );
    }
}

//! STOP, START and HELP as Twilio reads them, and possible opt-outs that a person must read.

mod fold;
mod free_text;
mod lexicon;
mod patterns;
mod reaction;
mod spelling;

/// Meaning of a reply for the consent to be texted.
///
/// [`Stop`](Self::Stop), [`Start`](Self::Start), [`MaybeStart`](Self::MaybeStart) and
/// [`Help`](Self::Help) are exactly the replies on which Twilio itself acts. Such a reply is one of
/// its keywords as the whole message, in capital or small letters, with blanks around it.
/// [`MaybeStop`](Self::MaybeStop) is everything else that a reasonable person may read as an
/// opt-out. Twilio does not act on it.
///
/// The classification is a filter before a person reads the reply, not legal advice. Opt-outs in
/// unusual wording and in other languages are missed. Consent can also be revoked by voice or by
/// letter.
///
/// Replies of stop, quit, end, revoke, opt out, cancel or unsubscribe revoke consent under US law
/// (47 CFR 64.1200, paragraph (a)(10)). Other wording that a reasonable person understands as
/// revocation does so, too.
///
/// ```
/// use clinspark_twilio::sms::OptOut;
///
/// let reply = OptOut::classify("Please stop texting me");
/// assert_eq!(reply, Some(OptOut::MaybeStop));
/// assert!(reply.is_some_and(OptOut::forbids_texting)); // until a person has read the reply
/// assert_eq!(OptOut::classify("See you at 9:00"), None);
/// assert_eq!(OptOut::classify("Yes"), Some(OptOut::MaybeStart)); // restores nothing by itself
/// ```
///
/// Sources: <https://help.twilio.com/articles/223134027> (Twilio's keywords),
/// <https://www.ecfr.gov/current/title-47/section-64.1200>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OptOut {
    /// Opt-out keyword of Twilio: STOP, STOPALL, UNSUBSCRIBE, CANCEL, END, QUIT, REVOKE or OPTOUT.
    /// Twilio refuses further messages to this person (error 21610).
    Stop,
    /// Possible opt-out on which Twilio does not act, such as "Stop." or "no more texts please". A
    /// person must read it. Send nothing until then: legally it may be a revocation.
    MaybeStop,
    /// Opt-in keyword of Twilio with no other meaning: START or UNSTOP. Consent may be restored.
    Start,
    /// YES: an opt-in keyword of Twilio, and also the answer to a question such as "Will you come
    /// tomorrow?". Twilio ends its own block. The service must not take it for consent by itself:
    /// a person who opted out and confirms a visit has not agreed to be texted again.
    MaybeStart,
    /// Help keyword of Twilio: HELP or INFO.
    Help,
}

/// Most characters read of one text. Twilio delivers at most 1,600; the bound keeps the cost of any
/// text small.
const MAX_READ: usize = 4_096;

/// Twilio's keywords. REVOKE and OPTOUT were added in 2025.
///
/// Source: <https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out>
const TWILIO_KEYWORDS: [(&str, OptOut); 13] = [
    ("STOP", OptOut::Stop),
    ("STOPALL", OptOut::Stop),
    ("UNSUBSCRIBE", OptOut::Stop),
    ("CANCEL", OptOut::Stop),
    ("END", OptOut::Stop),
    ("QUIT", OptOut::Stop),
    ("REVOKE", OptOut::Stop),
    ("OPTOUT", OptOut::Stop),
    ("START", OptOut::Start),
    ("YES", OptOut::MaybeStart),
    ("UNSTOP", OptOut::Start),
    ("HELP", OptOut::Help),
    ("INFO", OptOut::Help),
];

impl OptOut {
    /// Classifies a message body by the built-in keywords. [`OptOutKeywords`] adds a clinic's own.
    ///
    /// Prefer Twilio's own classification where the webhook has one (`OptOutType`), as
    /// `InboundMessage::opt_out` does. With Advanced Opt-Out, its keywords are set in the console.
    ///
    /// Text that a reaction quotes ("Loved “… Reply STOP to end”") is not the sender's and is
    /// ignored. Only the first 4,096 characters are read; Twilio delivers at most 1,600.
    ///
    /// ```
    /// use clinspark_twilio::sms::OptOut;
    ///
    /// assert_eq!(OptOut::classify("stop"), Some(OptOut::Stop));
    /// assert_eq!(OptOut::classify("“STOP”"), Some(OptOut::MaybeStop));
    /// assert_eq!(OptOut::classify("Please don't text me again"), Some(OptOut::MaybeStop));
    /// assert_eq!(OptOut::classify("I need to cancel tomorrow"), None);
    /// assert_eq!(OptOut::classify("Loved “See you at 9. Reply STOP to end.”"), None);
    /// ```
    #[must_use]
    pub fn classify(text: &str) -> Option<Self> {
        classify(text, &OptOutKeywords::default())
    }

    /// Returns `true` if no message may be sent to this person, at least until a person has read
    /// the reply.
    #[must_use]
    pub const fn forbids_texting(self) -> bool {
        matches!(self, Self::Stop | Self::MaybeStop)
    }
}

/// Opt-out keywords of a clinic, in addition to the built-in ones.
///
/// A clinic that writes "Reply BASTA to end" adds the keyword BASTA. Replies match in capital and
/// small letters, with and without accents, in quotation marks, and beside words such as "please".
/// A match is [`OptOut::MaybeStop`], because Twilio does not act on the keyword. With Advanced
/// Opt-Out set up for the same keyword, the webhook contains `OptOutType=STOP`, and
/// `InboundMessage::opt_out_with` returns [`OptOut::Stop`].
///
/// ```
/// use clinspark_twilio::sms::{OptOut, OptOutKeywords};
///
/// let keywords = OptOutKeywords::default().stop("lopeta").stop("ei kiitos");
/// assert_eq!(keywords.classify("Lopeta!"), Some(OptOut::MaybeStop));
/// assert_eq!(keywords.classify("EI KIITOS"), Some(OptOut::MaybeStop));
/// assert_eq!(keywords.classify("STOP"), Some(OptOut::Stop));
/// assert_eq!(OptOut::classify("Lopeta!"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptOutKeywords {
    /// Words and phrases, in the form of `free_text::keyword`.
    words: Vec<String>,
    /// Keywords without a letter or a digit, such as an emoji: compared as they are.
    signs: Vec<String>,
}

impl OptOutKeywords {
    /// Adds an opt-out keyword: a word, a short phrase or an emoji. Blank text adds nothing.
    #[must_use]
    pub fn stop(mut self, keyword: impl AsRef<str>) -> Self {
        let sign = keyword.as_ref().trim();
        let word = free_text::keyword(sign);
        if !word.is_empty() {
            self.words.push(word);
        } else if !sign.is_empty() {
            self.signs.push(sign.to_owned());
        }
        self
    }

    /// Classifies a message body as [`OptOut::classify`] does, with these keywords too.
    #[must_use]
    pub fn classify(&self, text: &str) -> Option<OptOut> {
        classify(text, self)
    }
}

impl<S: AsRef<str>> FromIterator<S> for OptOutKeywords {
    fn from_iter<I: IntoIterator<Item = S>>(keywords: I) -> Self {
        keywords.into_iter().fold(Self::default(), Self::stop)
    }
}

fn classify(text: &str, keywords: &OptOutKeywords) -> Option<OptOut> {
    let text = match text.char_indices().nth(MAX_READ) {
        Some((end, _)) => text.get(..end).unwrap_or_default(),
        None => text,
    };
    let alone = text.trim();
    let exact = TWILIO_KEYWORDS
        .into_iter()
        .find(|(word, _)| alone.eq_ignore_ascii_case(word));
    if let Some((_, meaning)) = exact {
        return Some(meaning);
    }
    let may_mean_stop = keywords.signs.iter().any(|sign| sign == alone)
        || free_text::may_mean_stop(alone, &keywords.words);
    may_mean_stop.then_some(OptOut::MaybeStop)
}

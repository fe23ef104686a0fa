//! Closed enums: attributes that accept one of a few values.

use super::vocabulary_macros::closed_vocabulary;

closed_vocabulary! {
    /// Input that a [`Gather`](crate::twiml::Gather) accepts.
    GatherInput {
        /// Key presses.
        Dtmf = "dtmf",
        /// Speech.
        Speech = "speech",
    }

    /// Sound that a caller hears when a call is rejected.
    RejectReason {
        /// A message that the number is not in service.
        Rejected = "rejected",
        /// A busy signal.
        Busy = "busy",
    }

    /// Handling of silence at the start and end of a recording.
    Trim {
        /// Silence is removed.
        TrimSilence = "trim-silence",
        /// Silence is kept.
        DoNotTrim = "do-not-trim",
    }

    /// Event of a recording, for its status callback.
    RecordingEvent {
        /// The recording started.
        InProgress = "in-progress",
        /// The recording is ready for download.
        Completed = "completed",
        /// The recording is absent, because there was no audio.
        Absent = "absent",
    }

    /// Event of a dialled party, for its status callback.
    CallEvent {
        /// Twilio started to dial.
        Initiated = "initiated",
        /// The phone rings.
        Ringing = "ringing",
        /// A person or a machine answered.
        Answered = "answered",
        /// The call ended or failed.
        Completed = "completed",
    }

    /// Recorded part of a dialled call, and its number of channels.
    DialRecord {
        /// No recording.
        DoNotRecord = "do-not-record",
        /// Recorded from the answer, in one channel.
        RecordFromAnswer = "record-from-answer",
        /// Recorded from ringing, in one channel.
        RecordFromRinging = "record-from-ringing",
        /// Recorded from the answer, with one channel for each side.
        RecordFromAnswerDual = "record-from-answer-dual",
        /// Recorded from ringing, with one channel for each side.
        RecordFromRingingDual = "record-from-ringing-dual",
    }

    /// Events of a dialled call that are reported in addition to its status.
    DialEvents {
        /// Progress of the call.
        CallProgressEvent = "call-progress-event",
    }

    /// Audio tracks that Twilio sends.
    AudioTrack {
        /// Audio that Twilio receives.
        Inbound = "inbound_track",
        /// Audio that Twilio plays.
        Outbound = "outbound_track",
        /// Both tracks.
        Both = "both_tracks",
    }

    /// Recording of a conference.
    ConferenceRecord {
        /// No recording.
        DoNotRecord = "do-not-record",
        /// Recorded from the start of the conference.
        RecordFromStart = "record-from-start",
    }

    /// Beep that is played to a conference.
    ConferenceBeep {
        /// Beep when a participant joins and when one leaves.
        True = "true",
        /// No beep.
        False = "false",
        /// Beep when a participant joins.
        OnEnter = "onEnter",
        /// Beep when a participant leaves.
        OnExit = "onExit",
    }

    /// Event of a conference, for its status callback.
    ConferenceEvent {
        /// The conference started.
        Start = "start",
        /// The conference ended.
        End = "end",
        /// A participant joined.
        Join = "join",
        /// A participant left.
        Leave = "leave",
        /// A participant was muted or unmuted.
        Mute = "mute",
        /// A participant was put on hold or taken off hold.
        Hold = "hold",
        /// A participant's settings changed.
        Modify = "modify",
        /// A participant started or stopped speaking.
        Speaker = "speaker",
        /// An announcement started, ended or failed.
        Announcement = "announcement",
    }

    /// Region in which the audio of a conference is mixed.
    ConferenceRegion {
        /// Virginia.
        Us1 = "us1",
        /// Oregon.
        Us2 = "us2",
        /// Ireland.
        Ie1 = "ie1",
        /// Singapore.
        Sg1 = "sg1",
        /// Brazil.
        Br1 = "br1",
        /// Australia.
        Au1 = "au1",
        /// Japan.
        Jp1 = "jp1",
        /// Germany.
        De1 = "de1",
    }

    /// Delay that is accepted to smooth the audio of a line.
    JitterBufferSize {
        /// Largest delay.
        Large = "large",
        /// Medium delay.
        Medium = "medium",
        /// Small delay.
        Small = "small",
        /// No jitter buffer.
        Off = "off",
    }

    /// Recorded part of a conversation's call, and its number of channels.
    ConversationRecord {
        /// No recording.
        DoNotRecord = "do-not-record",
        /// Recorded from the answer, in one channel.
        RecordFromAnswer = "record-from-answer",
        /// Recorded from ringing, in one channel.
        RecordFromRinging = "record-from-ringing",
        /// Recorded from the answer, with one channel for each side.
        RecordFromAnswerDual = "record-from-answer-dual",
        /// Recorded from ringing, with one channel for each side.
        RecordFromRingingDual = "record-from-ringing-dual",
        /// Recorded. Twilio chooses the start and the channels.
        True = "true",
        /// No recording.
        False = "false",
    }

    /// Event of a conversation's call, for its status callback.
    ConversationEvent {
        /// Twilio started to dial.
        Initiated = "call-initiated",
        /// The phone rings.
        Ringing = "call-ringing",
        /// A person or a machine answered.
        Answered = "call-answered",
        /// The call ended.
        Completed = "call-completed",
    }

    /// Ringback tone of a country.
    RingTone {
        /// Austria.
        At = "at",
        /// Australia.
        Au = "au",
        /// Bulgaria.
        Bg = "bg",
        /// Brazil.
        Br = "br",
        /// Belgium.
        Be = "be",
        /// Switzerland.
        Ch = "ch",
        /// Chile.
        Cl = "cl",
        /// China.
        Cn = "cn",
        /// Czechia.
        Cz = "cz",
        /// Germany.
        De = "de",
        /// Denmark.
        Dk = "dk",
        /// Estonia.
        Ee = "ee",
        /// Spain.
        Es = "es",
        /// Finland.
        Fi = "fi",
        /// France.
        Fr = "fr",
        /// Greece.
        Gr = "gr",
        /// Hungary.
        Hu = "hu",
        /// Israel.
        Il = "il",
        /// India.
        In = "in",
        /// Italy.
        It = "it",
        /// Lithuania.
        Lt = "lt",
        /// Japan.
        Jp = "jp",
        /// Mexico.
        Mx = "mx",
        /// Malaysia.
        My = "my",
        /// The Netherlands.
        Nl = "nl",
        /// Norway.
        No = "no",
        /// New Zealand.
        Nz = "nz",
        /// The Philippines.
        Ph = "ph",
        /// Poland.
        Pl = "pl",
        /// Portugal.
        Pt = "pt",
        /// Russia.
        Ru = "ru",
        /// Sweden.
        Se = "se",
        /// Singapore.
        Sg = "sg",
        /// Thailand.
        Th = "th",
        /// The United Kingdom.
        Uk = "uk",
        /// The United States.
        Us = "us",
        /// The United States, old tone.
        UsOld = "us-old",
        /// Taiwan.
        Tw = "tw",
        /// Venezuela.
        Ve = "ve",
        /// South Africa.
        Za = "za",
    }

    /// Input by which a caller gives payment details.
    PayInput {
        /// Key presses.
        Dtmf = "dtmf",
    }

    /// Type of a bank account.
    BankAccountType {
        /// Checking account of a person.
        ConsumerChecking = "consumer-checking",
        /// Savings account of a person.
        ConsumerSavings = "consumer-savings",
        /// Checking account of a company.
        CommercialChecking = "commercial-checking",
        /// Savings account of a company.
        CommercialSavings = "commercial-savings",
    }

    /// Payment method of a caller.
    PaymentMethod {
        /// Debit from a bank account.
        AchDebit = "ach-debit",
        /// Credit card.
        CreditCard = "credit-card",
    }

    /// Type of the token for the payment details.
    TokenType {
        /// Token for one charge.
        OneTime = "one-time",
        /// Token for many charges.
        Reusable = "reusable",
        /// Payment method of the provider.
        PaymentMethod = "payment-method",
    }

    /// Brand of a payment card.
    CardType {
        /// Visa.
        Visa = "visa",
        /// Mastercard.
        Mastercard = "mastercard",
        /// American Express.
        Amex = "amex",
        /// Maestro.
        Maestro = "maestro",
        /// Discover.
        Discover = "discover",
        /// Optima.
        Optima = "optima",
        /// JCB.
        Jcb = "jcb",
        /// Diners Club.
        DinersClub = "diners-club",
        /// enRoute.
        Enroute = "enroute",
    }

    /// Step of a payment.
    PromptFor {
        /// Number of the card.
        PaymentCardNumber = "payment-card-number",
        /// Expiration date of the card.
        ExpirationDate = "expiration-date",
        /// Security code of the card.
        SecurityCode = "security-code",
        /// Postal code of the caller.
        PostalCode = "postal-code",
        /// Processing by the payment provider.
        PaymentProcessing = "payment-processing",
        /// Number of the bank account.
        BankAccountNumber = "bank-account-number",
        /// Routing number of the bank.
        BankRoutingNumber = "bank-routing-number",
    }

    /// Error at a step of a payment.
    PromptErrorType {
        /// The caller pressed no key in time.
        Timeout = "timeout",
        /// The card number is invalid.
        InvalidCardNumber = "invalid-card-number",
        /// The brand of the card is not accepted.
        InvalidCardType = "invalid-card-type",
        /// The date is invalid or past.
        InvalidDate = "invalid-date",
        /// The security code is too short or too long.
        InvalidSecurityCode = "invalid-security-code",
        /// Twilio or the payment provider failed.
        InternalError = "internal-error",
        /// Two entries differ.
        InputMatchingFailed = "input-matching-failed",
    }
}

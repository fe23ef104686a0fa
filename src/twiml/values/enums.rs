//! The closed vocabularies: attributes that take one of a few values.

use super::vocabulary_macros::closed_vocabulary;

closed_vocabulary! {
    /// What a [`Gather`](crate::twiml::Gather) listens for.
    GatherInput {
        /// Key presses.
        Dtmf = "dtmf",
        /// Speech.
        Speech = "speech",
    }

    /// What a caller hears when a call is turned away.
    RejectReason {
        /// A message that the number is not in service.
        Rejected = "rejected",
        /// A busy signal.
        Busy = "busy",
    }

    /// What becomes of silence at both ends of a recording.
    Trim {
        /// It is cut off.
        TrimSilence = "trim-silence",
        /// It stays.
        DoNotTrim = "do-not-trim",
    }

    /// What is reported of a recording.
    RecordingEvent {
        /// It began.
        InProgress = "in-progress",
        /// It can be fetched.
        Completed = "completed",
        /// There was nothing to record.
        Absent = "absent",
    }

    /// What is reported of a dialled party.
    CallEvent {
        /// Twilio began to dial.
        Initiated = "initiated",
        /// The phone rings.
        Ringing = "ringing",
        /// Somebody, or something, answered.
        Answered = "answered",
        /// The call is over, or failed.
        Completed = "completed",
    }

    /// What of a dialled call is recorded, and in how many channels.
    DialRecord {
        /// Nothing.
        DoNotRecord = "do-not-record",
        /// From when it is answered, in one channel.
        RecordFromAnswer = "record-from-answer",
        /// From when it rings, in one channel.
        RecordFromRinging = "record-from-ringing",
        /// From when it is answered, a channel for each side.
        RecordFromAnswerDual = "record-from-answer-dual",
        /// From when it rings, a channel for each side.
        RecordFromRingingDual = "record-from-ringing-dual",
    }

    /// What of a dialled call is reported besides its status.
    DialEvents {
        /// How the call progresses.
        CallProgressEvent = "call-progress-event",
    }

    /// Whose voice is sent on.
    AudioTrack {
        /// What Twilio hears.
        Inbound = "inbound_track",
        /// What Twilio says.
        Outbound = "outbound_track",
        /// Both.
        Both = "both_tracks",
    }

    /// Whether a conference is recorded.
    ConferenceRecord {
        /// It is not.
        DoNotRecord = "do-not-record",
        /// From when it starts.
        RecordFromStart = "record-from-start",
    }

    /// When a beep is played to a conference.
    ConferenceBeep {
        /// On entering and leaving.
        True = "true",
        /// Never.
        False = "false",
        /// On entering.
        OnEnter = "onEnter",
        /// On leaving.
        OnExit = "onExit",
    }

    /// What is reported of a conference.
    ConferenceEvent {
        /// It started.
        Start = "start",
        /// It ended.
        End = "end",
        /// Somebody entered.
        Join = "join",
        /// Somebody left.
        Leave = "leave",
        /// Somebody was muted or unmuted.
        Mute = "mute",
        /// Somebody was put on hold or taken off.
        Hold = "hold",
        /// Somebody's settings changed.
        Modify = "modify",
        /// Somebody began or ceased to speak.
        Speaker = "speaker",
        /// An announcement began, ended or failed.
        Announcement = "announcement",
    }

    /// Where a conference's sound is mixed.
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

    /// How much delay is accepted to smooth a line.
    JitterBufferSize {
        /// The most.
        Large = "large",
        /// In between.
        Medium = "medium",
        /// Little.
        Small = "small",
        /// None.
        Off = "off",
    }

    /// What of a conversation's call is recorded, and in how many channels.
    ConversationRecord {
        /// Nothing.
        DoNotRecord = "do-not-record",
        /// From when it is answered, in one channel.
        RecordFromAnswer = "record-from-answer",
        /// From when it rings, in one channel.
        RecordFromRinging = "record-from-ringing",
        /// From when it is answered, a channel for each side.
        RecordFromAnswerDual = "record-from-answer-dual",
        /// From when it rings, a channel for each side.
        RecordFromRingingDual = "record-from-ringing-dual",
        /// As Twilio decides.
        True = "true",
        /// Nothing.
        False = "false",
    }

    /// What is reported of a conversation's call.
    ConversationEvent {
        /// Twilio began to dial.
        Initiated = "call-initiated",
        /// The phone rings.
        Ringing = "call-ringing",
        /// Somebody answered.
        Answered = "call-answered",
        /// The call is over.
        Completed = "call-completed",
    }

    /// The ringing that a caller hears, as it sounds in a country.
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
        /// The United States, as it used to be.
        UsOld = "us-old",
        /// Taiwan.
        Tw = "tw",
        /// Venezuela.
        Ve = "ve",
        /// South Africa.
        Za = "za",
    }

    /// How a caller gives payment details.
    PayInput {
        /// By keys.
        Dtmf = "dtmf",
    }

    /// A kind of bank account.
    BankAccountType {
        /// A person's checking account.
        ConsumerChecking = "consumer-checking",
        /// A person's savings account.
        ConsumerSavings = "consumer-savings",
        /// A company's checking account.
        CommercialChecking = "commercial-checking",
        /// A company's savings account.
        CommercialSavings = "commercial-savings",
    }

    /// How a caller pays.
    PaymentMethod {
        /// By debit from a bank account.
        AchDebit = "ach-debit",
        /// By card.
        CreditCard = "credit-card",
    }

    /// What kind of token stands for the payment details.
    TokenType {
        /// For one charge.
        OneTime = "one-time",
        /// For many.
        Reusable = "reusable",
        /// A payment method of the provider's.
        PaymentMethod = "payment-method",
    }

    /// A brand of card.
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

    /// A step of a payment.
    PromptFor {
        /// The card's number.
        PaymentCardNumber = "payment-card-number",
        /// The card's expiry.
        ExpirationDate = "expiration-date",
        /// The card's security code.
        SecurityCode = "security-code",
        /// The postal code.
        PostalCode = "postal-code",
        /// The wait for the provider.
        PaymentProcessing = "payment-processing",
        /// The bank account's number.
        BankAccountNumber = "bank-account-number",
        /// The bank's number.
        BankRoutingNumber = "bank-routing-number",
    }

    /// What went wrong at a step of a payment.
    PromptErrorType {
        /// No key was pressed in time.
        Timeout = "timeout",
        /// No card has this number.
        InvalidCardNumber = "invalid-card-number",
        /// The brand is not taken.
        InvalidCardType = "invalid-card-type",
        /// The date is none, or past.
        InvalidDate = "invalid-date",
        /// The code is too short or too long.
        InvalidSecurityCode = "invalid-security-code",
        /// Twilio or the provider failed.
        InternalError = "internal-error",
        /// Two entries differ.
        InputMatchingFailed = "input-matching-failed",
    }
}

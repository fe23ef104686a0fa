//! Open enums: voices, languages, speech models and providers.

use super::vocabulary_macros::open_vocabulary;

open_vocabulary! {
    /// Voice of text-to-speech.
    ///
    /// Twilio has some 900 voices. The constants are those in common use.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Say, Voice};
    ///
    /// let known = Say::new("Hello").voice(Voice::POLLY_JOANNA);
    /// assert_eq!(known, Say::new("Hello").voice("Polly.Joanna")); // any other voice as text
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/say/text-speech>
    Voice {
        /// Twilio's basic male voice.
        MAN = "man",
        /// Twilio's basic female voice.
        WOMAN = "woman",
        /// Amy of Amazon Polly: a woman, British English.
        POLLY_AMY = "Polly.Amy",
        /// Brian of Amazon Polly: a man, British English.
        POLLY_BRIAN = "Polly.Brian",
        /// Emma of Amazon Polly: a woman, British English.
        POLLY_EMMA = "Polly.Emma",
        /// Joanna of Amazon Polly: a woman, US English.
        POLLY_JOANNA = "Polly.Joanna",
        /// Joey of Amazon Polly: a man, US English.
        POLLY_JOEY = "Polly.Joey",
        /// Kendra of Amazon Polly: a woman, US English.
        POLLY_KENDRA = "Polly.Kendra",
        /// Kimberly of Amazon Polly: a woman, US English.
        POLLY_KIMBERLY = "Polly.Kimberly",
        /// Matthew of Amazon Polly: a man, US English.
        POLLY_MATTHEW = "Polly.Matthew",
        /// Salli of Amazon Polly: a woman, US English.
        POLLY_SALLI = "Polly.Salli",
        /// Ivy of Amazon Polly: a girl, US English.
        POLLY_IVY = "Polly.Ivy",
        /// Justin of Amazon Polly: a boy, US English.
        POLLY_JUSTIN = "Polly.Justin",
        /// Nicole of Amazon Polly: a woman, Australian English.
        POLLY_NICOLE = "Polly.Nicole",
        /// Russell of Amazon Polly: a man, Australian English.
        POLLY_RUSSELL = "Polly.Russell",
        /// Aditi of Amazon Polly: a woman, Indian English and Hindi.
        POLLY_ADITI = "Polly.Aditi",
        /// Lupe of Amazon Polly: a woman, US Spanish.
        POLLY_LUPE = "Polly.Lupe",
        /// Miguel of Amazon Polly: a man, US Spanish.
        POLLY_MIGUEL = "Polly.Miguel",
        /// Mia of Amazon Polly: a woman, Mexican Spanish.
        POLLY_MIA = "Polly.Mia",
        /// Conchita of Amazon Polly: a woman, Spanish of Spain.
        POLLY_CONCHITA = "Polly.Conchita",
        /// Enrique of Amazon Polly: a man, Spanish of Spain.
        POLLY_ENRIQUE = "Polly.Enrique",
        /// Celine of Amazon Polly: a woman, French.
        POLLY_CELINE = "Polly.Celine",
        /// Mathieu of Amazon Polly: a man, French.
        POLLY_MATHIEU = "Polly.Mathieu",
        /// Chantal of Amazon Polly: a woman, Canadian French.
        POLLY_CHANTAL = "Polly.Chantal",
        /// Marlene of Amazon Polly: a woman, German.
        POLLY_MARLENE = "Polly.Marlene",
        /// Hans of Amazon Polly: a man, German.
        POLLY_HANS = "Polly.Hans",
        /// Vicki of Amazon Polly: a woman, German.
        POLLY_VICKI = "Polly.Vicki",
        /// Bianca of Amazon Polly: a woman, Italian.
        POLLY_BIANCA = "Polly.Bianca",
        /// Giorgio of Amazon Polly: a man, Italian.
        POLLY_GIORGIO = "Polly.Giorgio",
        /// Vitoria of Amazon Polly: a woman, Brazilian Portuguese.
        POLLY_VITORIA = "Polly.Vitoria",
        /// Lotte of Amazon Polly: a woman, Dutch.
        POLLY_LOTTE = "Polly.Lotte",
        /// Mizuki of Amazon Polly: a woman, Japanese.
        POLLY_MIZUKI = "Polly.Mizuki",
        /// Seoyeon of Amazon Polly: a woman, Korean.
        POLLY_SEOYEON = "Polly.Seoyeon",
        /// Zhiyu of Amazon Polly: a woman, Mandarin.
        POLLY_ZHIYU = "Polly.Zhiyu",
        /// Amy of Amazon Polly, neural: British English.
        POLLY_AMY_NEURAL = "Polly.Amy-Neural",
        /// Arthur of Amazon Polly, neural: British English.
        POLLY_ARTHUR_NEURAL = "Polly.Arthur-Neural",
        /// Daniel of Amazon Polly, neural: German.
        POLLY_DANIEL_NEURAL = "Polly.Daniel-Neural",
        /// Danielle of Amazon Polly, neural: US English.
        POLLY_DANIELLE_NEURAL = "Polly.Danielle-Neural",
        /// Emma of Amazon Polly, neural: British English.
        POLLY_EMMA_NEURAL = "Polly.Emma-Neural",
        /// Joanna of Amazon Polly, neural: US English.
        POLLY_JOANNA_NEURAL = "Polly.Joanna-Neural",
        /// Lea of Amazon Polly, neural: French.
        POLLY_LEA_NEURAL = "Polly.Lea-Neural",
        /// Lupe of Amazon Polly, neural: US Spanish.
        POLLY_LUPE_NEURAL = "Polly.Lupe-Neural",
        /// Matthew of Amazon Polly, neural: US English.
        POLLY_MATTHEW_NEURAL = "Polly.Matthew-Neural",
        /// Olivia of Amazon Polly, neural: Australian English.
        POLLY_OLIVIA_NEURAL = "Polly.Olivia-Neural",
        /// Ruth of Amazon Polly, neural: US English.
        POLLY_RUTH_NEURAL = "Polly.Ruth-Neural",
        /// Stephen of Amazon Polly, neural: US English.
        POLLY_STEPHEN_NEURAL = "Polly.Stephen-Neural",
        /// Vicki of Amazon Polly, neural: German.
        POLLY_VICKI_NEURAL = "Polly.Vicki-Neural",
        /// Amy of Amazon Polly, generative: British English.
        POLLY_AMY_GENERATIVE = "Polly.Amy-Generative",
        /// Joanna of Amazon Polly, generative: US English.
        POLLY_JOANNA_GENERATIVE = "Polly.Joanna-Generative",
        /// Matthew of Amazon Polly, generative: US English.
        POLLY_MATTHEW_GENERATIVE = "Polly.Matthew-Generative",
        /// Ruth of Amazon Polly, generative: US English.
        POLLY_RUTH_GENERATIVE = "Polly.Ruth-Generative",
        /// Aoede of Google, Chirp 3 HD: US English.
        GOOGLE_EN_US_CHIRP3_HD_AOEDE = "Google.en-US-Chirp3-HD-Aoede",
        /// Charon of Google, Chirp 3 HD: US English.
        GOOGLE_EN_US_CHIRP3_HD_CHARON = "Google.en-US-Chirp3-HD-Charon",
        /// Kore of Google, Chirp 3 HD: US English.
        GOOGLE_EN_US_CHIRP3_HD_KORE = "Google.en-US-Chirp3-HD-Kore",
        /// Puck of Google, Chirp 3 HD: US English.
        GOOGLE_EN_US_CHIRP3_HD_PUCK = "Google.en-US-Chirp3-HD-Puck",
        /// Voice C of Google, Neural2: US English.
        GOOGLE_EN_US_NEURAL2_C = "Google.en-US-Neural2-C",
        /// Voice D of Google, Neural2: US English.
        GOOGLE_EN_US_NEURAL2_D = "Google.en-US-Neural2-D",
        /// Voice E of Google, Neural2: US English.
        GOOGLE_EN_US_NEURAL2_E = "Google.en-US-Neural2-E",
        /// Voice F of Google, Neural2: US English.
        GOOGLE_EN_US_NEURAL2_F = "Google.en-US-Neural2-F",
    }

    /// Language tag in Twilio's notation. The constants are the languages of text-to-speech.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/say>
    Language {
        /// Afrikaans.
        AF_ZA = "af-ZA",
        /// Amharic.
        AM_ET = "am-ET",
        /// Arabic, of the Gulf.
        AR_AE = "ar-AE",
        /// Arabic.
        AR_XA = "ar-XA",
        /// Modern Standard Arabic.
        ARB = "arb",
        /// Bulgarian.
        BG_BG = "bg-BG",
        /// Bengali, of India.
        BN_IN = "bn-IN",
        /// Catalan.
        CA_ES = "ca-ES",
        /// Mandarin.
        CMN_CN = "cmn-CN",
        /// Mandarin, of Taiwan.
        CMN_TW = "cmn-TW",
        /// Czech.
        CS_CZ = "cs-CZ",
        /// Welsh.
        CY_GB = "cy-GB",
        /// Danish.
        DA_DK = "da-DK",
        /// German, of Austria.
        DE_AT = "de-AT",
        /// German.
        DE_DE = "de-DE",
        /// Greek.
        EL_GR = "el-GR",
        /// English, of Australia.
        EN_AU = "en-AU",
        /// English, of Canada.
        EN_CA = "en-CA",
        /// English, of Britain.
        EN_GB = "en-GB",
        /// English, of Wales.
        EN_GB_WLS = "en-GB-WLS",
        /// English, of Ireland.
        EN_IE = "en-IE",
        /// English, of India.
        EN_IN = "en-IN",
        /// English, of New Zealand.
        EN_NZ = "en-NZ",
        /// English, of the United States.
        EN_US = "en-US",
        /// English, of South Africa.
        EN_ZA = "en-ZA",
        /// Spanish, of Spain.
        ES_ES = "es-ES",
        /// Spanish, of Mexico.
        ES_MX = "es-MX",
        /// Spanish, of the United States.
        ES_US = "es-US",
        /// Finnish.
        FI_FI = "fi-FI",
        /// Filipino.
        FIL_PH = "fil-PH",
        /// French, of Canada.
        FR_CA = "fr-CA",
        /// French, of France.
        FR_FR = "fr-FR",
        /// French, of Belgium.
        FR_BE = "fr-BE",
        /// Gujarati.
        GU_IN = "gu-IN",
        /// Hebrew.
        HE_IL = "he-IL",
        /// Hindi.
        HI_IN = "hi-IN",
        /// Hungarian.
        HU_HU = "hu-HU",
        /// Indonesian.
        ID_ID = "id-ID",
        /// Icelandic.
        IS_IS = "is-IS",
        /// Italian.
        IT_IT = "it-IT",
        /// Japanese.
        JA_JP = "ja-JP",
        /// Kannada.
        KN_IN = "kn-IN",
        /// Korean.
        KO_KR = "ko-KR",
        /// Latvian.
        LV_LV = "lv-LV",
        /// Malayalam.
        ML_IN = "ml-IN",
        /// Marathi.
        MR_IN = "mr-IN",
        /// Malay.
        MS_MY = "ms-MY",
        /// Norwegian Bokmål.
        NB_NO = "nb-NO",
        /// Dutch, of Belgium.
        NL_BE = "nl-BE",
        /// Dutch.
        NL_NL = "nl-NL",
        /// Punjabi.
        PA_IN = "pa-IN",
        /// Polish.
        PL_PL = "pl-PL",
        /// Portuguese, of Brazil.
        PT_BR = "pt-BR",
        /// Portuguese, of Portugal.
        PT_PT = "pt-PT",
        /// Romanian.
        RO_RO = "ro-RO",
        /// Russian.
        RU_RU = "ru-RU",
        /// Slovak.
        SK_SK = "sk-SK",
        /// Serbian.
        SR_RS = "sr-RS",
        /// Swedish.
        SV_SE = "sv-SE",
        /// Tamil.
        TA_IN = "ta-IN",
        /// Telugu.
        TE_IN = "te-IN",
        /// Thai.
        TH_TH = "th-TH",
        /// Turkish.
        TR_TR = "tr-TR",
        /// Ukrainian.
        UK_UA = "uk-UA",
        /// Vietnamese.
        VI_VN = "vi-VN",
        /// Cantonese, of Hong Kong.
        YUE_HK = "yue-HK",
        /// Chinese.
        ZH_CN = "zh-CN",
        /// Chinese, of Hong Kong.
        ZH_HK = "zh-HK",
        /// Chinese, of Taiwan.
        ZH_TW = "zh-TW",
        /// Cantonese.
        YUE_CN = "yue-CN",
    }

    /// Model for speech recognition.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/gather#speechmodel>
    SpeechModel {
        /// General speech.
        DEFAULT = "default",
        /// Short answers and commands.
        NUMBERS_AND_COMMANDS = "numbers_and_commands",
        /// Speech over a telephone line.
        PHONE_CALL = "phone_call",
        /// Speech over a telephone line, in the notation of transcriptions.
        TELEPHONY = "telephony",
    }

    /// Provider of speech recognition.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversationrelay>
    TranscriptionProvider {
        /// Google, in the notation of transcriptions.
        GOOGLE = "google",
        /// Deepgram, in the notation of transcriptions.
        DEEPGRAM = "deepgram",
    }

    /// Provider of text-to-speech.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversationrelay>
    TtsProvider {
        /// Amazon Polly.
        AMAZON = "Amazon",
        /// `ElevenLabs`.
        ELEVENLABS = "ElevenLabs",
        /// Google.
        GOOGLE = "Google",
    }

    /// Caller input that interrupts speech.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversationrelay>
    Interruptible {
        /// No input.
        NONE = "none",
        /// Key presses.
        DTMF = "dtmf",
        /// Speech.
        SPEECH = "speech",
        /// Key presses and speech.
        ANY = "any",
    }

    /// Caller input that is reported to the program while the caller hears speech.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversationrelay>
    ReportedInput {
        /// No input.
        NONE = "none",
        /// Key presses.
        DTMF = "dtmf",
        /// Speech.
        SPEECH = "speech",
        /// Key presses and speech.
        ANY = "any",
    }

    /// Sensitivity to interruption by the caller.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversationrelay>
    InterruptSensitivity {
        /// Low: speech is rarely interrupted.
        LOW = "low",
        /// Medium.
        MEDIUM = "medium",
        /// High: speech is easily interrupted.
        HIGH = "high",
    }

    /// Normalisation of numbers and dates: they are written out before they are spoken.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/connect/conversationrelay>
    TextNormalization {
        /// The provider decides.
        AUTO = "auto",
        /// Numbers and dates are written out.
        ON = "on",
        /// Numbers and dates are not written out.
        OFF = "off",
    }
}

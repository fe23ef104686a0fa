//! Vocabulary of opt-outs, by the function of each word in a sentence.
//!
//! All words are in the form of [`fold`](super::fold::fold): small letters without accents.
//!
//! Sources: the FCC's seven words (47 CFR 64.1200(a)(10)),
//! <https://help.twilio.com/articles/223134027> (English),
//! <https://www.twilio.com/docs/proxy/opt-out-keywords> (ARRET, ARRETE, ARRETT),
//! <https://www.twilio.com/help/faq/short-codes/what-are-the-requirements-for-a-spanish-language-short-code>
//! (ALTO), <https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html> (REMOVE,
//! TD). The other languages are our own choice.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Set of a word's functions in a sentence. "stop" and "text" have several.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Class(u64);

macro_rules! classes {
    ($($(#[doc = $doc:literal])* $name:ident = $bit:literal;)+) => {
        impl Class {
            $($(#[doc = $doc])* pub(super) const $name: Self = Self(1 << $bit);)+
        }
    };
}

classes! {
    /// End of a clause.
    BREAK = 0;
    /// Opt-out if it is a whole clause.
    STOP = 1;
    /// Opt-out if it is a whole message. People cancel visits too.
    ALONE = 2;
    /// Opt-out anywhere in a message.
    ANYWHERE = 3;
    /// Words that change nothing beside others: please, all, my, these.
    FILLER = 4;
    /// Words that change nothing beside "stop": "I want to stop", "stop 12345".
    BESIDE_STOP = 5;
    /// Verbs that end something: "cancel" these texts.
    END = 6;
    /// Actions of the sender: "texting", "sending".
    SENDING = 7;
    /// Several messages: "texts", "reminders".
    MESSAGES = 8;
    /// "text" and "message", which are a noun or a request.
    TEXT = 9;
    /// Requests to write: "escriban", "contact".
    CONTACT = 10;
    /// Requests to send something.
    SEND = 11;
    CALL = 12;
    /// "don't", "never".
    NOT = 13;
    /// "no", "keine".
    NO = 14;
    /// "more", "anymore".
    MORE = 15;
    WANT = 16;
    /// Participation in the study: "take part".
    TAKE_PART = 17;
    REMOVE = 18;
    /// Verbs that remove with a second word: "take me off".
    TAKE = 19;
    /// Objects of removal: "me", "my name".
    SELF = 20;
    /// "number", "phone": a number that is to be removed, or is wrong.
    NUMBER = 21;
    /// "off", "list".
    LIST = 22;
    WRONG = 23;
    LEAVE = 24;
    STUDY = 25;
    /// Verbs that report an opt-out: "I said STOP".
    SAID = 26;
    /// Words that reverse the meaning of those before: I don't want to "miss" your texts, the wrong
    /// number "of".
    TURNING = 27;
    /// Subjects of a statement, as opposed to a request: "I did not text".
    SUBJECT = 28;
    /// First words in an instruction of ours: "Reply", "Envíe".
    REPLY = 29;
    /// "withdraw", which can also mean blood.
    WITHDRAW = 30;
    CONSENT = 31;
    /// Any word except those of `TURNING`.
    WORD = 32;
    /// "the", "it": "the end" is no opt-out, "the texts" may be part of one.
    ARTICLE = 33;
    /// "ever", "you": between "do not" and "message me".
    EVER = 34;
    NEED = 35;
    OFF = 36;
    TURN = 37;
    /// Verbs that remove and include their object: "tira", "toglietemi".
    TAKE_ME = 38;
    PLEASE = 39;
    /// Words after a quoted word: "three" times.
    COUNT = 40;
    /// Negations of an opt-out: "didn't".
    DENYING = 41;
    /// "receiving", which can also mean treatment.
    RECEIVING = 42;
    /// "participation" and similar nouns.
    PARTICIPATION = 43;
    MY = 44;
    DATA = 45;
    RATHER = 46;
    IS = 47;
    /// "number" as digits, not as a device.
    DIGITS = 48;
    INTERESTED = 49;
    NOTHING = 50;
    RIGHT = 51;
    /// "won't", "can't": complaints that something does not stop.
    UNABLE = 52;
}

impl Class {
    pub(super) const NONE: Self = Self(0);

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn has(self, any_of: Self) -> bool {
        self.0 & any_of.0 != 0
    }
}

pub(super) fn class_of(word: &str) -> Class {
    if word.is_empty() {
        return Class::BREAK;
    }
    let class = match LEXICON.get(word) {
        Some(class) => *class,
        None if word.chars().all(char::is_numeric) => Class::BESIDE_STOP,
        None => Class::NONE,
    };
    if class.has(Class::TURNING) {
        class
    } else {
        class.or(Class::WORD)
    }
}

static LEXICON: LazyLock<HashMap<&str, Class>> = LazyLock::new(|| {
    let mut lexicon = HashMap::new();
    for (class, words) in WORDS {
        for word in words.split_whitespace() {
            let known = lexicon.entry(word).or_insert(Class::NONE);
            *known = known.or(*class);
        }
    }
    lexicon
});

#[rustfmt::skip]
pub(super) const WORDS: &[(Class, &str)] = &[
    // English, and words that other languages spell alike.
    (Class::STOP, "stop stopp stopall optout unsubscribe revoke withdraw cease desist"),
    (Class::ALONE, "cancel end quit remove delete td unsub terminate"),
    (Class::ANYWHERE, "unsubscribe unsubscribed unsubscribing optout stopall revoke revoking revoked"),
    (Class::FILLER, "please pls plz kindly all now immediately everything every any me my us our this these those that \
        them your you for from of to at with here thanks thank thx ok okay hi hello hey sir ever even really just already again \
        longer right away sub subs by own ur phone"),
    (Class::ARTICLE, "the a an it ca el la los las le les l der die das il lo gli i o os as un una"),
    (Class::EVER, "ever even you please pls again just kindly"),
    (Class::PLEASE, "please pls plz kindly bitte favor svp"),
    (Class::COUNT, "three two twice already many several multiple times last yesterday before but and now why"),
    (Class::DENYING, "didnt havent wasnt dont not never"),
    (Class::UNABLE, "wont cant cannot doesnt hasnt"),
    (Class::NEED, "need must should have"),
    (Class::RIGHT, "right correct bon bonne richtige correcto certo giusto dobry wlasciwy"),
    (Class::RECEIVING, "receiving getting receive get recibir recibiendo recevoir bekommen erhalten receber ricevere otrzymywac dostawac"),
    (Class::PARTICIPATION, "participation participacion teilnahme participacao partecipazione udzialu udzial"),
    (Class::MY, "my mi mis mon mes ma meine mein meinen meu meus minha i miei mio moj moje"),
    (Class::DATA, "info information data details datos donnees daten dados dati dane"),
    (Class::RATHER, "rather prefer prefiero prefere prefiro preferisco wole lieber"),
    (Class::IS, "is es est pas e ist jest isnt"),
    (Class::DIGITS, "number numero nummer numer"),
    (Class::INTERESTED, "interested interesa interesado interesada interesse interessee interessiert interessa interessato interessata zainteresowany zainteresowana"),
    (Class::NOTHING, "nothing nada rien nichts niente nulla nic"),
    (Class::TURN, "turn turning switch shut"),
    (Class::OFF, "off aus"),
    (Class::BESIDE_STOP, "i would like want wish to be id im no yes and sorry asap immediately"),
    (Class::END, "stop stopp quit end cancel cease discontinue halt terminate enough disable mute"),
    (Class::SENDING, "texting sending messaging contacting calling bothering harassing spamming writing txting reminding emailing"),
    (Class::MESSAGES, "texts messages msgs reminders notifications alerts updates sms mms txts spam messaging communication communications notices suscripcion subscripcion abonnement abo assinatura iscrizione subskrypcje subscription subscriptions calls"),
    (Class::TEXT, "text txt message msg notification reminder alert"),
    (Class::CONTACT, "contact bother harass spam contacting contacted disturb"),
    (Class::SEND, "send sending sent"),
    (Class::CALL, "call phone ring"),
    (Class::NOT, "dont not never"),
    (Class::NO, "no without"),
    (Class::MORE, "more anymore further again longer anything additional"),
    (Class::WANT, "want wish wanna care would like"),
    (Class::TAKE_PART, "participate participating part involved continue participant"),
    (Class::REMOVE, "remove delete erase unlist"),
    (Class::TAKE, "take get pull strike"),
    (Class::SELF, "me us name"),
    (Class::NUMBER, "number phone cell mobile contact"),
    (Class::LIST, "list"),
    (Class::WRONG, "wrong incorrect"),
    (Class::NUMBER, "person guy patient recipient"),
    (Class::LEAVE, "leave quit exit out stop leaving drop"),
    (Class::STUDY, "study trial program programme research"),
    (Class::SAID, "said texted replied typed wrote sent asked say asking prefer told telling"),
    (Class::TURNING, "miss lose stop of perder perderme verpassen manquer rater perdere przegapic"),
    (Class::SUBJECT, "i id if we he she they did does could can have has had was were bekomme erhalte habe je nous kann konnte peux puis puedo posso moge"),
    (Class::REPLY, "reply text txt send respond answer type"),
    (Class::WITHDRAW, "withdraw withdrawing withdrawn withdrew retiro revoco retire revoque quitte ziehe verlasse steige revogo desisto abandono ritiro lascio \
        cofam wycofuje rezygnuje"),
    (Class::CONSENT, "consent permission consentimiento consentement consentimento consenso zgode"),

    // Spanish.
    (Class::STOP, "alto detener deten detenga detengan parar pare paren basta"),
    (Class::ALONE, "cancelar cancele cancela eliminar elimina baja borrar terminar fin salir anular finalizar"),
    (Class::FILLER, "por favor porfavor porfa ya mas todo todos todas los de del que estos estas esto esta su sus mi mis gracias al con me nos le les te hola ahora nunca"),
    (Class::BESIDE_STOP, "quiero si no"),
    (Class::END, "parar pare paren dejen deje deja dejar cesen cancelar cancele cancelen cancela basta eliminar detener detengan anular"),
    (Class::SENDING, "mandar mandarme enviar enviarme escribir escribirme contactar contactarme molestar molestarme textear textearme"),
    (Class::MESSAGES, "mensajes mensaje textos recordatorios mensajitos avisos notificaciones"),
    (Class::CONTACT, "escriba escriban escribas contacte contacten contactes moleste molesten molestes textee texteen"),
    (Class::SEND, "envie envien envies mande manden mandes"),
    (Class::NO, "nada ningun"),
    (Class::MORE, "mas"),
    (Class::WANT, "quiero deseo quisiera"),
    (Class::TAKE_PART, "participar participando"),
    (Class::REMOVE, "borre borren borra elimine eliminen elimina quite quiten"),
    (Class::TAKE_ME, "saque saquen sacame saqueme quiteme quitame quitenme elimineme eliminenme eliminame retireme borrenme borreme borrame saquenme"),
    (Class::SELF, "nombre datos"),
    (Class::NUMBER, "numero telefono persona"),
    (Class::LIST, "lista"),
    (Class::WRONG, "equivocado equivocada equivoco equivocaron equivocados incorrecto"),
    (Class::LEAVE, "dejar salir abandonar retirarme salirme"),
    (Class::STUDY, "estudio ensayo programa"),
    (Class::REPLY, "envie responda envia responde mande conteste"),

    // French.
    (Class::STOP, "arret arrete arretez arreter arrett arretes stopper desabonner desabonnement desinscrire desinscription cessez"),
    (Class::ANYWHERE, "desabonnez desinscrivez desabonner desinscrire desabonnement desinscription"),
    (Class::ALONE, "annuler resilier supprimer"),
    (Class::FILLER, "svp stp s il vous plait merci tout tous toutes des du d vos votre mes mon ma ces ce cet cette m j je se aux au maintenant bonjour jamais etre pas moi"),
    (Class::BESIDE_STOP, "veux voudrais"),
    (Class::END, "arretez arreter arrete cessez cesser stopper suspendre annulez"),
    (Class::SENDING, "envoyer ecrire contacter texter deranger"),
    (Class::MESSAGES, "messages textos rappels notifications"),
    (Class::TEXT, "texto"),
    (Class::CONTACT, "ecrivez ecris contactez contacte derangez"),
    (Class::SEND, "envoyez envoie envoies"),
    (Class::NOT, "ne n"),
    (Class::NO, "aucun"),
    (Class::MORE, "plus"),
    (Class::WANT, "veux souhaite desire voudrais"),
    (Class::TAKE_PART, "participer"),
    (Class::REMOVE, "retirez supprimez effacez enlevez retirer supprimer effacer"),
    (Class::SELF, "moi nom"),
    (Class::NUMBER, "numero telephone personne"),
    (Class::LIST, "liste"),
    (Class::WRONG, "faux mauvais mauvaise trompe trompes"),
    (Class::LEAVE, "quitter sortir abandonner retirer"),
    (Class::STUDY, "etude essai programme"),
    (Class::REPLY, "repondez envoyez repondre envoyer repond"),

    // German.
    (Class::STOP, "stoppen stoppt aufhoren abbestellen abmelden beenden abmeldung abbestellung schluss"),
    (Class::ANYWHERE, "abbestellen abbestelle widerrufe widerruf"),
    (Class::ALONE, "kundigen kundigung austragen loschen ende abbrechen"),
    (Class::FILLER, "bitte danke alle alles den dem mir mich uns sie ihr diese dieser dieses jetzt sofort meine mein meinen auf zu von mit aus ihre eure auch hallo gar"),
    (Class::BESIDE_STOP, "ich mochte will"),
    (Class::END, "stoppen stoppt horen hort beenden aufhoren beendet"),
    (Class::SENDING, "schreiben schicken senden zusenden kontaktieren texten"),
    (Class::MESSAGES, "nachrichten nachricht erinnerungen mitteilungen benachrichtigungen"),
    (Class::CONTACT, "schreiben schreibt schreib kontaktieren kontaktiert"),
    (Class::SEND, "schicken schickt schick senden sendet"),
    (Class::NOT, "nicht nie"),
    (Class::NO, "keine kein keinen"),
    (Class::MORE, "mehr weiteren weitere langer"),
    (Class::WANT, "mochte will wunsche mochten"),
    (Class::TAKE_PART, "teilnehmen mitmachen"),
    (Class::REMOVE, "loschen loscht losche entfernen streichen"),
    (Class::TAKE, "nehmen nehmt nimm streichen tragen"),
    (Class::SELF, "mich namen"),
    (Class::NUMBER, "nummer handynummer telefonnummer person"),
    (Class::LIST, "liste verteiler"),
    (Class::WRONG, "falsche falsch falschen"),
    (Class::LEAVE, "verlassen aussteigen raus abbrechen"),
    (Class::STUDY, "studie programm"),
    (Class::SUBJECT, "ich wir er"),
    (Class::REPLY, "antworten antworte senden sende schreiben antwort"),
    (Class::CONSENT, "einwilligung einverstandnis zustimmung"),

    // Portuguese.
    (Class::STOP, "parem pare parar chega"),
    (Class::ALONE, "sair cancelar descadastrar encerrar remover excluir"),
    (Class::ANYWHERE, "descadastrar descadastre"),
    (Class::FILLER, "favor obrigado obrigada todas com aos dos das meu seu sua nossa essas esses essa esse dessa desse da do meu minha isso agora mim"),
    (Class::BESIDE_STOP, "quero"),
    (Class::END, "parem chega interromper interrompam"),
    (Class::SENDING, "mandar mandarem enviar enviarem escrever"),
    (Class::MESSAGES, "mensagens mensagem lembretes torpedos notificacoes"),
    (Class::CONTACT, "escreva escrevam contate contatem incomode incomodem"),
    (Class::SEND, "mandem enviem mande envie"),
    (Class::NOT, "nao"),
    (Class::NO, "nao sem nenhuma"),
    (Class::MORE, "mais"),
    (Class::WANT, "quero desejo gostaria"),
    (Class::TAKE_PART, "participar"),
    (Class::REMOVE, "remova removam apague apaguem exclua retire"),
    (Class::TAKE_ME, "tira tire tirem"),
    (Class::SELF, "nome"),
    (Class::WRONG, "errado errada enganado engano"),
    (Class::LEAVE, "sair deixar largar"),
    (Class::STUDY, "estudo pesquisa"),
    (Class::REPLY, "responda envie"),

    // Italian.
    (Class::STOP, "basta ferma fermati fermate smettila smettetela smettete smetti"),
    (Class::ALONE, "annulla annullare cancella cancellare cancellami disdici disdire"),
    (Class::ANYWHERE, "disiscrivimi disiscrivere disiscrivetemi disiscrivermi cancellatemi"),
    (Class::FILLER, "per favore piacere grazie tutto tutti dal dalla dallo dai della dello ai agli alla con di dei mio mia miei questi queste questo mi subito adesso"),
    (Class::BESIDE_STOP, "voglio"),
    (Class::END, "smettete smettetela smettila smetti fermate interrompete cancellate annullate"),
    (Class::SENDING, "scrivere scrivermi mandare mandarmi inviare inviarmi contattarmi contattare"),
    (Class::MESSAGES, "messaggi messaggio promemoria notifiche"),
    (Class::CONTACT, "scrivetemi scrivermi scrivete scrivetelo contattatemi contattate contattarmi disturbate"),
    (Class::SEND, "mandate mandatemi mandi inviate inviatemi mandarmi inviarmi"),
    (Class::NOT, "non"),
    (Class::NO, "niente nessun"),
    (Class::MORE, "piu"),
    (Class::WANT, "voglio desidero vorrei"),
    (Class::TAKE_PART, "partecipare"),
    (Class::REMOVE, "cancellate cancella rimuovete eliminate togliete"),
    (Class::TAKE_ME, "toglietemi levatemi rimuovetemi"),
    (Class::NUMBER, "persona"),
    (Class::LIST, "lista elenco"),
    (Class::WRONG, "sbagliato sbagliata sbagliate"),
    (Class::LEAVE, "lasciare uscire abbandonare"),
    (Class::STUDY, "studio"),
    (Class::REPLY, "rispondi rispondere invia inviare rispondete"),

    // Polish.
    (Class::STOP, "zatrzymaj przestancie przestan rezygnuje pomylka"),
    (Class::ALONE, "koniec wypisz anuluj usun wypisac"),
    (Class::FILLER, "prosze dziekuje mnie do moj moje moja mi te tych juz teraz ze z o"),
    (Class::BESIDE_STOP, "chce"),
    (Class::END, "przestancie przestan przestac koniec zatrzymajcie"),
    (Class::SENDING, "pisac wysylac wysylania przysylac"),
    (Class::MESSAGES, "wiadomosci smsow smsy przypomnien powiadomien"),
    (Class::CONTACT, "piszcie pisz pisac kontaktujcie kontaktowac"),
    (Class::SEND, "wysylac wysylajcie przysylajcie przysylac"),
    (Class::NOT, "nie"),
    (Class::NO, "nie zadnych bez"),
    (Class::MORE, "wiecej juz"),
    (Class::WANT, "chce zycze"),
    (Class::TAKE_PART, "udzialu uczestniczyc"),
    (Class::REMOVE, "usuncie usun usunac wykreslcie"),
    (Class::TAKE_ME, "wypisac wypiszcie wypisz skreslcie"),
    (Class::SELF, "mnie"),
    (Class::NUMBER, "numer telefon osoba"),
    (Class::LIST, "listy"),
    (Class::WRONG, "zly niewlasciwy bledny"),
    (Class::LEAVE, "opuscic zrezygnowac"),
    (Class::STUDY, "badania badanie"),
    (Class::REPLY, "odpowiedz wyslij napisz"),

    // Other languages: single words only.
    (Class::STOP, "стоп отписаться отпишите отписка прекратите 停 停止 退订 정지 수신거부 중지 配信停止 توقف ايقاف \
        إيقاف الغاء إلغاء قف tigil itigil dung huy stoppen afmelden uitschrijven avsluta avregistrera dur iptal रोकें बंद berhenti סטופ הסר"),
    (Class::ALONE, "取消 结束 解除 취소 отмена annuleren"),
];

/// Phrases that are an opt-out anywhere in a message.
#[rustfmt::skip]
pub(super) const PHRASES: &[&str] = &[
    "opt out", "opt me out", "opting out", "opted out", "un subscribe", "un subscribed", "leave me alone", "leave us alone",
    "please go away", "just go away", "fuck off", "f off", "piss off", "quit it", "lose my number", "lose this number", "forget my number", "forget this number", "block me from", "block my number", "block this number",
    "blowing up my phone", "cease and desist", "not the person", "not the right person", "do not consent", "dont consent", "no consent", "quit the study", "quit this study", "quit the trial", "drop out", "dropping out", "leave me out", "be removed from", "be taken off",
    "darme de baja", "dame de baja", "denme de baja", "dar de baja", "deme de baja", "dejenme en paz", 
    "laissez moi tranquille", "pas interesse", "pas interessee", "plus interesse", "plus de messages", "plus de sms", "plus de textos",
    "falsch verbunden", "mich in ruhe", "kein interesse", "mich abmelden will", "mochte mich abmelden", "will mich abmelden", "melden sie mich ab", "austragen lassen",
    "me deixe em paz", "me deixem em paz", "nao tenho interesse",
    "lasciatemi in pace", "lasciami in pace", 
    "nie jestem zainteresowany", "nie jestem zainteresowana", "dajcie mi spokoj", "mnie wypisac", "wypisac mnie",
];

/// Phrases of an opt-out in scripts without blanks between words.
#[rustfmt::skip]
pub(super) const CJK_PHRASES: &[&str] = &[
    "退订", "取消订阅", "不想再收", "不想收到", "停止发送", "停止短信", "停止给我", "取消短信", "取消信息", "取消提醒", "打错", "发错", "找错人", "号码错", "删除我的", "退出研究", "退出试验", "不想参加",
    "不再参加", "拒收", "拒绝短信", "别烦我",
    "配信停止", "送らないで", "수신거부", "보내지 마", "그만 보내",
];

/// "Do not" before 发 ("send"). That sign also begins the words for fever, inflammation, a fit, to
/// find and to happen.
pub(super) const CJK_DO_NOT: &[&str] = &[
    "别",
    "不要",
    "别再",
    "不要再",
    "请勿",
    "请不要",
    "别给我",
    "不要给我",
    "别再给我",
    "不要再给我",
];
pub(super) const CJK_ILLNESS: &[char] = &['烧', '炎', '作', '现', '生'];

/// Courtesies around a word in such a script.
pub(super) const CJK_FILLERS: &[char] = &['请', '吧', '了', '谢', '我', '要', '短', '信'];

pub(super) const CJK_INSTRUCTIONS: &[&str] = &["回复", "回td", "回覆", "返信"];

/// Text around the quoted message of a reaction, as iOS and Google Messages write it. The other
/// languages are our own translations.
#[rustfmt::skip]
pub(super) const REACTIONS: &[&str] = &[
    "loved", "liked", "disliked", "laughed at", "emphasized", "emphasised", "questioned", "reacted to", "reacted with a sticker to",
    "removed a heart from", "removed a like from", "removed a dislike from", "removed a laugh from", "removed an exclamation from",
    "removed an exclamation mark from", "removed a question mark from", "removed a reaction from", "removed a from", "removed from",
    "le gusta", "le gusto", "no le gusto", "no le gusta", "le encanto", "le encanta", "le dio risa", "se rio de", "exclamo por", "enfatizo", "destaco", "cuestiono",
    "dudo sobre", "reacciono a", "reacciono con a", "elimino un corazon de", "quito un corazon de", "elimino un me gusta de", "quito un me gusta de",
    "a aime", "a adore", "n a pas aime", "a ri de", "a rigole a", "a insiste sur", "a mis en avant", "s est interroge sur", "a questionne", "a reagi a", "a reagi avec a",
    "a attribue la mention a", "a supprime la mention de", "a retire un coeur de", "a supprime un coeur de", "aime", "adore",
    "gefallt", "gefallt mir", "gefallt nicht", "gefiel", "gefiel nicht", "liebt", "liebte", "hat geliebt", "lacht uber", "lachte uber", "hat uber gelacht", "hebt hervor",
    "hob hervor", "hat hervorgehoben", "betont", "betonte", "hinterfragt", "hinterfragte", "hat mit reagiert", "hat auf reagiert", "reagierte auf", "reagierte mit auf", "hat mit markiert",
    "hat ein herz von entfernt", "hat ein gefallt mir von entfernt",
    "amou", "adorou", "gostou de", "curtiu", "nao gostou de", "nao curtiu", "riu de", "enfatizou", "deu enfase a", "questionou", "reagiu a", "reagiu com a", "removeu um coracao de",
    "ha adorato", "adora", "ha amato", "piace", "mi piace", "ha messo mi piace a", "ha messo a", "non piace", "non ha apprezzato", "ha apprezzato", "ha riso per", "ha riso di", "ride per",
    "ha enfatizzato", "ha messo in risalto", "ha messo in dubbio", "ha reagito a", "ha reagito con a", "ha rimosso un cuore da",
    "polubil", "polubila", "polubiono", "podoba sie", "zareagowal na", "zareagowala na", "zareagowano na", "uwielbia",
    "vond leuk", "vindt leuk", "gillade", "likte", "喜欢", "喜欢了", "表示喜欢", "觉得", "赞了",
];

#[cfg(test)]
mod tests {
    use super::{CJK_INSTRUCTIONS, CJK_PHRASES, PHRASES, REACTIONS, WORDS};
    use crate::sms::opt_out::fold::{fold, words};

    #[test]
    fn entries_are_in_the_form_of_what_is_looked_up() {
        let entries = WORDS.iter().flat_map(|(_, words)| words.split_whitespace());
        for entry in entries
            .chain(CJK_PHRASES.iter().copied())
            .chain(CJK_INSTRUCTIONS.iter().copied())
        {
            assert_eq!(fold(entry), entry);
        }
        for phrase in PHRASES.iter().chain(REACTIONS) {
            let words = words(&fold(phrase));
            assert_eq!(words.split_last().unwrap().1.join(" "), *phrase);
        }
    }
}

//! `Conferences` and `Participants` of the REST API.

use clinspark_twilio::sandbox::{AnswerBehavior, PhoneCall, Sandbox};
use clinspark_twilio::types::CallStatus;
use clinspark_twilio::webhook::{
    ConferenceEndReason, ConferenceStatusCallback, ParticipantLeaveReason,
};
use serde_json::{Value, json};

use crate::app::{Api, App, CLINIC, VOLUNTEER, codes, e164};
use crate::conferences::{call_from, parsed};
use crate::dial::{DOCTOR, NURSE, clinic};

const VISIT: &str = "<Dial action=\"/left\"><Conference beep=\"false\" participantLabel=\"first\" \
                     statusCallback=\"/events\" statusCallbackEvent=\"start end join leave mute hold \
                     modify speaker announcement\">the visit</Conference></Dial>";

/// A conference with a volunteer and a nurse.
struct Visit {
    sandbox: Sandbox,
    app: App,
    api: Api,
    volunteer: PhoneCall,
    nurse: PhoneCall,
    sid: String,
}

impl Visit {
    async fn start() -> Self {
        let (sandbox, app, api) = clinic(VISIT).await;
        app.twiml("/voice", &VISIT.replace("participantLabel=\"first\" ", ""));
        app.twiml("/left", "<Say>Goodbye</Say>");
        let volunteer = call_from(&sandbox, VOLUNTEER).await;
        let nurse = call_from(&sandbox, NURSE).await;
        let (_, list) = api.get("Conferences.json").await;
        let sid = list["conferences"][0]["sid"].as_str().unwrap().to_owned();
        Self {
            sandbox,
            app,
            api,
            volunteer,
            nurse,
            sid,
        }
    }

    fn participant(&self, call: &PhoneCall) -> String {
        format!("Conferences/{}/Participants/{}.json", self.sid, call.sid())
    }

    async fn change(&self, call: &PhoneCall, fields: &[(&str, &str)]) -> Value {
        let (status, changed) = self.api.post(&self.participant(call), fields).await;
        assert_eq!(status, 200, "{changed}");
        self.sandbox.wait_idle().await.unwrap();
        changed
    }

    /// Returns the events after the start, by name.
    fn events(&self) -> Vec<ConferenceStatusCallback> {
        let seen = self.app.seen("/events");
        let events = seen.iter().map(|seen| parsed(&self.sandbox, seen));
        events.skip(3).collect()
    }

    fn names(&self) -> Vec<String> {
        let events = self.events().into_iter();
        events
            .map(|event| event.event.as_str().to_owned())
            .collect()
    }

    /// Lets the volunteer say something, and reports whether the nurse hears it next.
    async fn is_heard(&self, text: &str) -> bool {
        self.volunteer.say(text).await.unwrap();
        self.volunteer.say("over").await.unwrap();
        self.nurse.say("done").await.unwrap();
        self.nurse.hear().await.is_ok_and(|heard| heard == text)
    }
}

#[tokio::test]
async fn a_conference_and_its_participants_have_twilios_fields() {
    let visit = Visit::start().await;
    let (api, sid) = (&visit.api, &visit.sid);
    let path = format!("Conferences/{sid}");
    let (status, conference) = api.get(&format!("{path}.json")).await;
    assert_eq!(status, 200);
    let expected = json!({
        "account_sid": visit.sandbox.account_sid(), "api_version": "2010-04-01",
        "call_sid_ending_conference": null, "date_created": conference["date_created"],
        "date_updated": conference["date_updated"], "friendly_name": "the visit",
        "reason_conference_ended": null, "region": "us1", "sid": sid, "status": "in-progress",
        "subresource_uris": {
            "participants": api.path(&format!("{path}/Participants.json")),
            "recordings": api.path(&format!("{path}/Recordings.json")),
        },
        "uri": api.path(&format!("{path}.json")),
    });
    assert_eq!(conference, expected);
    assert!(
        conference["date_created"]
            .as_str()
            .unwrap()
            .ends_with("+0000")
    );

    let (_, participant) = api.get(&visit.participant(&visit.volunteer)).await;
    let expected = json!({
        "account_sid": visit.sandbox.account_sid(), "call_sid": visit.volunteer.sid(),
        "call_sid_to_coach": null, "coaching": false, "conference_sid": sid,
        "date_created": participant["date_created"], "date_updated": participant["date_updated"],
        "end_conference_on_exit": false, "hold": false, "label": "first", "muted": false,
        "queue_time": null, "start_conference_on_enter": true, "status": "connected",
        "uri": api.path(&visit.participant(&visit.volunteer)),
    });
    assert_eq!(participant, expected);
    // By the name of the conference and the label of the participant.
    let by_name = api
        .get("Conferences/the%20visit/Participants/first.json")
        .await;
    assert_eq!(by_name, (200, participant));
    assert_eq!(
        api.get("Conferences/the%20visit/Participants/second.json")
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn conferences_and_participants_are_filtered() {
    let visit = Visit::start().await;
    visit.change(&visit.nurse, &[("Muted", "True")]).await;
    let path = format!("Conferences/{}/Participants.json", visit.sid);
    for (query, count) in [
        ("", 2),
        ("?Muted=true", 1),
        ("?Muted=False", 1),
        ("?Hold=true", 0),
        ("?Coaching=false", 2),
        ("?PageSize=1", 1),
    ] {
        let (_, list) = visit.api.get(&format!("{path}{query}")).await;
        assert_eq!(
            list["participants"].as_array().unwrap().len(),
            count,
            "{query}"
        );
    }
    for (query, count) in [
        ("Status=in-progress", 1),
        ("Status=completed", 0),
        ("Status=init", 0),
        ("FriendlyName=the+visit", 1),
        ("FriendlyName=visit", 0),
        ("DateCreated=2020-01-01", 0),
        ("DateCreated%3E=2020-01-01", 1),
        ("DateUpdated%3C=2020-01-01", 0),
    ] {
        let (_, list) = visit.api.get(&format!("Conferences.json?{query}")).await;
        assert_eq!(
            list["conferences"].as_array().unwrap().len(),
            count,
            "{query}"
        );
    }
    assert_eq!(visit.api.get("Conferences.json?Name=visit").await.0, 400);
}

#[tokio::test]
async fn a_participant_is_muted_and_unmuted() {
    let visit = Visit::start().await;
    assert!(visit.is_heard("Before").await);
    let changed = visit.change(&visit.volunteer, &[("Muted", "true")]).await;
    assert_eq!(changed["muted"], true);
    visit.nurse.hear().await.unwrap();
    visit.volunteer.say("During").await.unwrap();
    visit.change(&visit.volunteer, &[("Muted", "false")]).await;
    assert!(visit.is_heard("After").await);
    visit.sandbox.wait_idle().await.unwrap();
    let names = visit.names();
    let muted: Vec<_> = names.iter().filter(|name| name.contains("mute")).collect();
    assert_eq!(muted, ["participant-mute", "participant-unmute"]);
    // Only what is heard is a speaker event.
    let starts = names
        .iter()
        .filter(|name| *name == "participant-speech-start");
    let stops = names
        .iter()
        .filter(|name| *name == "participant-speech-stop");
    assert_eq!((starts.count(), stops.count()), (6, 6));
    // Any other value is read as `false`.
    visit.change(&visit.nurse, &[("Muted", "true")]).await;
    let changed = visit.change(&visit.nurse, &[("Muted", "yes")]).await;
    assert_eq!(changed["muted"], false);
}

#[tokio::test]
async fn a_participant_on_hold_hears_only_its_music() {
    let visit = Visit::start().await;
    visit.app.twiml("/hold", "<Say>One moment</Say>");
    let url = visit.app.url("/hold");
    let changed = visit
        .change(&visit.volunteer, &[("Hold", "true"), ("HoldUrl", &url)])
        .await;
    assert_eq!(changed["hold"], true);
    assert_eq!(visit.volunteer.hear().await.unwrap(), "One moment");
    // The method of `HoldUrl` is GET unless the request has another.
    let seen = &visit.app.seen("/hold")[0];
    assert_eq!(
        (seen.method.as_str(), seen.field("CallSid")),
        ("GET", visit.volunteer.sid().as_str())
    );
    visit.nurse.say("A secret").await.unwrap();
    visit.volunteer.say("Hello?").await.unwrap();
    visit.change(&visit.volunteer, &[("Hold", "false")]).await;
    visit.nurse.say("Back again").await.unwrap();
    assert_eq!(visit.volunteer.hear().await.unwrap(), "Back again");
    assert!(visit.is_heard("Yes").await);
    visit.sandbox.wait_idle().await.unwrap();
    let names = visit.names();
    let held: Vec<_> = names.iter().filter(|name| name.contains("hold")).collect();
    assert_eq!(held, ["participant-hold", "participant-unhold"]);
}

#[tokio::test]
async fn announcements_are_heard_by_all_or_by_one() {
    let visit = Visit::start().await;
    visit
        .app
        .twiml("/all", "<Say>Five minutes</Say><Redirect>/more</Redirect>");
    visit
        .app
        .twiml("/more", "<Play>/gong.mp3</Play><Dial>+14155550198</Dial>");
    visit.app.reply("/gong.mp3", 200, "audio/mpeg", "sound");
    visit.app.twiml("/one", "<Say>Only you</Say>");
    let announcement = [("AnnounceUrl", visit.app.url("/all"))];
    let fields = announcement
        .each_ref()
        .map(|(name, url)| (*name, url.as_str()));
    let (status, _) = visit
        .api
        .post(&format!("Conferences/{}.json", visit.sid), &fields)
        .await;
    assert_eq!(status, 200);
    visit.sandbox.wait_idle().await.unwrap();
    for call in [&visit.volunteer, &visit.nurse] {
        assert_eq!(call.hear().await.unwrap(), "Five minutes");
        assert_eq!(call.hear().await.unwrap(), visit.app.url("/gong.mp3"));
    }
    assert_eq!(codes(&visit.sandbox), [13238]);
    let url = visit.app.url("/one");
    visit.change(&visit.nurse, &[("AnnounceUrl", &url)]).await;
    assert_eq!(visit.nurse.hear().await.unwrap(), "Only you");
    let url = visit.app.url("/missing");
    visit.app.reply("/missing", 404, "text/plain", "");
    visit.change(&visit.nurse, &[("AnnounceUrl", &url)]).await;
    let events = visit.events();
    let names = visit.names();
    assert_eq!(
        names,
        ["announcement-end", "announcement-end", "announcement-fail"]
    );
    assert_eq!(
        (events[0].call_sid, events[1].call_sid),
        (None, Some(visit.nurse.sid()))
    );
    let announced = events[0].announce_url.as_ref().unwrap().expose();
    assert_eq!(announced, &visit.app.url("/all"));
    assert!(events[2].reason_announcement_failed.is_some());
}

#[tokio::test]
async fn a_kicked_participant_goes_on_with_its_action() {
    let visit = Visit::start().await;
    let path = visit.api.path(&visit.participant(&visit.nurse));
    assert_eq!(visit.api.send("DELETE", &path, None).await.0, 204);
    visit.sandbox.wait_idle().await.unwrap();
    assert_eq!(visit.nurse.hear().await.unwrap(), "Goodbye");
    assert_eq!(
        visit.app.seen("/left")[0].field("DialCallStatus"),
        "answered"
    );
    assert_eq!(visit.api.send("DELETE", &path, None).await.0, 404);
    let events = visit.events();
    assert_eq!(visit.names(), ["participant-leave"]);
    let reason = events[0].reason_participant_left.as_ref();
    assert_eq!(reason, Some(&ParticipantLeaveReason::UpdatedViaApi));

    let path = visit.api.path(&visit.participant(&visit.volunteer));
    assert_eq!(visit.api.send("DELETE", &path, None).await.0, 204);
    visit.sandbox.wait_idle().await.unwrap();
    let (_, conference) = visit
        .api
        .get(&format!("Conferences/{}.json", visit.sid))
        .await;
    assert_eq!(
        conference["reason_conference_ended"],
        "last-participant-kicked"
    );
}

#[tokio::test]
async fn a_conference_ends_by_the_api() {
    let visit = Visit::start().await;
    let path = format!("Conferences/{}.json", visit.sid);
    assert_eq!(
        visit.api.refused(&path, &[("Status", "init")]).await,
        (400, 20422)
    );
    let (status, ended) = visit.api.post(&path, &[("Status", "completed")]).await;
    assert_eq!((status, &ended["status"]), (200, &"completed".into()));
    assert_eq!(ended["reason_conference_ended"], "conference-ended-via-api");
    assert_eq!(ended["call_sid_ending_conference"], Value::Null);
    visit.sandbox.wait_idle().await.unwrap();
    for call in [&visit.volunteer, &visit.nurse] {
        assert_eq!(call.hear().await.unwrap(), "Goodbye");
    }
    let events = visit.events();
    assert_eq!(
        visit.names(),
        ["participant-leave", "participant-leave", "conference-end"]
    );
    let left = events[0].reason_participant_left.as_ref();
    assert_eq!(left, Some(&ParticipantLeaveReason::ConferenceEndedViaApi));
    let end = events[2].reason_conference_ended.as_ref();
    assert_eq!(end, Some(&ConferenceEndReason::EndedViaApi));
    // A conference that has ended has no participants.
    let (_, list) = visit
        .api
        .get(&format!("Conferences/{}/Participants.json", visit.sid))
        .await;
    assert_eq!(list["participants"], json!([]));
    assert_eq!(visit.api.get(&visit.participant(&visit.nurse)).await.0, 404);
}

#[tokio::test]
async fn a_participant_is_modified() {
    let visit = Visit::start().await;
    let nurse = visit.nurse.sid();
    let coaching = [("Coaching", "true"), ("CallSidToCoach", nurse.as_str())];
    let changed = visit.change(&visit.volunteer, &coaching).await;
    assert_eq!(changed["coaching"], true);
    assert_eq!(changed["call_sid_to_coach"], nurse.as_str());
    let changed = visit
        .change(&visit.volunteer, &[("EndConferenceOnExit", "true")])
        .await;
    assert_eq!(changed["end_conference_on_exit"], true);
    assert_eq!(visit.names(), ["participant-modify", "participant-modify"]);
    let call = "CA00000000000000000000000000000000";
    let path = visit.participant(&visit.nurse);
    for (fields, code) in [
        (vec![("Coaching", "true")], 20422),
        (vec![("Coaching", "true"), ("CallSidToCoach", call)], 16028),
        (vec![("HoldUrl", "nowhere")], 21205),
        (vec![("Mute", "true")], 20001),
    ] {
        assert_eq!(
            visit.api.refused(&path, &fields).await,
            (400, code),
            "{fields:?}"
        );
    }
    visit.volunteer.hang_up().await.unwrap();
    visit.nurse.wait_ended().await.unwrap();
    visit.sandbox.wait_idle().await.unwrap();
    assert_eq!(
        visit.events().last().unwrap().reason_conference_ended,
        Some(ConferenceEndReason::EndingParticipantLeft)
    );
}

#[tokio::test]
async fn a_participant_is_called_into_a_conference() {
    let visit = Visit::start().await;
    let doctor = visit.sandbox.phone(e164(DOCTOR));
    doctor.set_answer_behavior(AnswerBehavior::Ring);
    let fields = [
        ("From", CLINIC),
        ("To", DOCTOR),
        ("Label", "doctor"),
        ("Beep", "false"),
        ("EarlyMedia", "true"),
        ("StatusCallback", &visit.app.url("/call")),
        (
            "StatusCallbackEvent",
            "initiated ringing answered completed",
        ),
    ];
    let path = format!("Conferences/{}/Participants.json", visit.sid);
    let created = visit.api.create(&path, &fields).await;
    assert_eq!(
        (&created["status"], &created["label"]),
        (&"queued".into(), &"doctor".into())
    );
    visit.sandbox.wait_idle().await.unwrap();
    let one = "Conferences/the%20visit/Participants/doctor.json";
    assert_eq!(visit.api.get(one).await.1["status"], "ringing");
    let call = doctor.answer().await.unwrap();
    visit.sandbox.wait_idle().await.unwrap();
    assert_eq!(visit.api.get(one).await.1["status"], "connected");
    call.say("Good morning").await.unwrap();
    assert_eq!(visit.nurse.hear().await.unwrap(), "Good morning");
    // No TwiML follows the conference of such a call.
    let path = visit.api.path(one);
    assert_eq!(visit.api.send("DELETE", &path, None).await.0, 204);
    assert_eq!(call.wait_ended().await.unwrap(), CallStatus::Completed);
    let statuses: Vec<_> = visit
        .app
        .seen("/call")
        .into_iter()
        .map(|seen| seen.field("CallStatus").to_owned())
        .collect();
    assert_eq!(
        statuses,
        ["initiated", "ringing", "in-progress", "completed"]
    );
    assert!(visit.names().starts_with(&["participant-join".to_owned()]));
}

#[tokio::test]
async fn a_called_participant_who_does_not_answer_is_reported() {
    let (sandbox, app, api) = clinic("").await;
    sandbox
        .phone(e164(NURSE))
        .set_answer_behavior(AnswerBehavior::Busy);
    let url = app.url("/events");
    let fields = [
        ("From", CLINIC),
        ("To", NURSE),
        ("ConferenceStatusCallback", &url),
        ("ConferenceStatusCallbackEvent", "leave"),
        ("ConferenceStatusCallbackEvent", "end"),
    ];
    // The first participant creates the conference of a name.
    let created = api
        .create("Conferences/visit/Participants.json", &fields)
        .await;
    sandbox.wait_idle().await.unwrap();
    let seen = app.seen("/events");
    let leave: ConferenceStatusCallback = parsed(&sandbox, &seen[0]);
    assert_eq!(leave.participant_call_status, Some(CallStatus::Busy));
    assert_eq!(
        leave.reason_participant_left,
        Some(ParticipantLeaveReason::AddFailed)
    );
    assert_eq!(
        leave.call_sid.unwrap().as_str(),
        created["call_sid"].as_str().unwrap()
    );
    let end: ConferenceStatusCallback = parsed(&sandbox, &seen[1]);
    assert_eq!(end.event.as_str(), "conference-end");
    let (_, list) = api.get("Conferences.json").await;
    assert_eq!(list["conferences"][0]["status"], "completed");
    assert_eq!(list["conferences"][0]["sid"], created["conference_sid"]);
}

#[tokio::test]
async fn the_end_of_a_conference_cancels_the_calls_that_ring() {
    let visit = Visit::start().await;
    let doctor = visit.sandbox.phone(e164(DOCTOR));
    doctor.set_answer_behavior(AnswerBehavior::Ring);
    let path = format!("Conferences/{}/Participants.json", visit.sid);
    let created = visit
        .api
        .create(&path, &[("From", CLINIC), ("To", DOCTOR)])
        .await;
    let path = format!("Conferences/{}.json", visit.sid);
    visit.api.post(&path, &[("Status", "completed")]).await;
    visit.sandbox.wait_idle().await.unwrap();
    let call = format!("Calls/{}.json", created["call_sid"].as_str().unwrap());
    assert_eq!(visit.api.get(&call).await.1["status"], "canceled");
}

#[tokio::test]
async fn participants_that_cannot_be_added_are_refused() {
    let visit = Visit::start().await;
    let path = format!("Conferences/{}/Participants.json", visit.sid);
    let parties = [("From", CLINIC), ("To", DOCTOR)];
    for (more, status, code) in [
        (("Label", "first"), 400, 16026),
        (("Label", "a/b"), 400, 16024),
        (("Coaching", "true"), 400, 20422),
        (
            ("CallSidToCoach", "CA00000000000000000000000000000000"),
            400,
            16028,
        ),
        (("Timeout", "4"), 400, 21208),
        (("Beep", "loud"), 400, 20422),
        (("ConferenceStatusCallbackEvent", "begin"), 400, 21626),
        (("MaxParticipants", "1"), 400, 20422),
        (("Url", "https://clinic.example/voice"), 400, 20001),
    ] {
        let fields = [parties[0], parties[1], more];
        assert_eq!(
            visit.api.refused(&path, &fields).await,
            (status, code),
            "{more:?}"
        );
    }
    let before = visit.sandbox.calls().len();
    let unknown = [("From", "+14155550999"), ("To", DOCTOR)];
    assert_eq!(visit.api.refused(&path, &unknown).await, (400, 21210));
    assert_eq!(visit.sandbox.calls().len(), before);
    assert!(codes(&visit.sandbox).is_empty());
    visit
        .api
        .post(
            &format!("Conferences/{}.json", visit.sid),
            &[("Status", "completed")],
        )
        .await;
    assert_eq!(visit.api.refused(&path, &parties).await, (404, 20404));
}

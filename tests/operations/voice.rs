//! Conferences, queues, transcriptions and caller IDs.

use std::time::Duration;

use clinspark_twilio::client::caller_ids::{
    DeleteCallerId, FetchCallerId, ListCallerIds, UpdateCallerId, VerifyCallerId,
};
use clinspark_twilio::client::calls::{
    ListCallEvents, MachineDetection, RecordingChannels, RecordingEvent, RecordingTrack, Trim,
};
use clinspark_twilio::client::conferences::{
    AddParticipant, AnnounceToConference, AnnounceToParticipant, CallEvent, ConferenceBeep,
    ConferenceEvent, ConferenceRecord, ConferenceRef, ConferenceRegion, ConferenceStatus,
    EndConference, FetchConference, FetchParticipant, JitterBufferSize, ListConferences,
    ListParticipants, RemoveParticipant, UpdateParticipant,
};
use clinspark_twilio::client::queues::{
    ConnectQueueMember, CreateQueue, DeleteQueue, FetchQueue, FetchQueueMember, ListQueueMembers,
    ListQueues, QueueMemberRef, UpdateQueue,
};
use clinspark_twilio::client::transcriptions::{
    DeleteTranscription, FetchTranscription, ListTranscriptions,
};
use clinspark_twilio::phone::{Callee, SipUri};
use clinspark_twilio::types::{
    CallSid, ConferenceSid, Method, PhoneNumberSid, QueueSid, RecordingSid, TranscriptionSid,
};

use super::{FROM, Operation, TO, URL, Visit, number, sid, text_sid, time};

pub(super) async fn every(visit: &mut impl Visit) {
    conferences(visit).await;
    participants(visit).await;
    queues(visit).await;
    others(visit).await;
}

async fn conferences(visit: &mut impl Visit) {
    let conference: ConferenceSid = sid("CF");
    visit! { visit:
        "list conferences" ListConferences ListConferences::new()
            .date_created(time())
            .date_created_before(time())
            .date_created_after(time())
            .date_updated(time())
            .date_updated_before(time())
            .date_updated_after(time())
            .friendly_name("visit-17")
            .status(ConferenceStatus::InProgress)
            .page_size(10);
        "fetch conference" FetchConference FetchConference::new(conference);
        "end conference" EndConference EndConference::new(conference);
        "announce" AnnounceToConference AnnounceToConference::new(conference, URL)
            .announce_method(Method::Get);
    }
}

async fn participants(visit: &mut impl Visit) {
    let conference: ConferenceSid = sid("CF");
    let call: CallSid = sid("CA");
    // A SIP callee, because the SIP parameters have an effect with it only.
    let ann = Callee::Sip(SipUri::parse("sip:ann@clinic.example").unwrap());
    visit! { visit:
        "add participant" AddParticipant AddParticipant::new(ConferenceRef::name("visit 17"), ann, number(FROM))
            .label("nurse")
            .timeout(Duration::from_secs(30))
            .time_limit(Duration::from_secs(600))
            .status_callback(URL)
            .status_callback_method(Method::Post)
            .status_callback_event(CallEvent::Ringing)
            .status_callback_event(CallEvent::Completed)
            .muted(true)
            .beep(ConferenceBeep::OnEnter)
            .start_conference_on_enter(true)
            .end_conference_on_exit(false)
            .wait_url(URL)
            .wait_method(Method::Get)
            .early_media(false)
            .max_participants(5)
            .coaching(true)
            .call_sid_to_coach(call)
            .jitter_buffer_size(JitterBufferSize::Small)
            .region(ConferenceRegion::Ie1)
            .conference_record(ConferenceRecord::RecordFromStart)
            .conference_trim(Trim::DoNotTrim)
            .conference_status_callback(URL)
            .conference_status_callback_method(Method::Post)
            .conference_status_callback_event(ConferenceEvent::Start)
            .conference_status_callback_event(ConferenceEvent::Join)
            .conference_recording_status_callback(URL)
            .conference_recording_status_callback_method(Method::Post)
            .conference_recording_status_callback_event(RecordingEvent::InProgress)
            .conference_recording_status_callback_event(RecordingEvent::Completed)
            .record(true)
            .recording_channels(RecordingChannels::Dual)
            .recording_track(RecordingTrack::Both)
            .trim(Trim::TrimSilence)
            .recording_status_callback(URL)
            .recording_status_callback_method(Method::Get)
            .recording_status_callback_event(RecordingEvent::InProgress)
            .recording_status_callback_event(RecordingEvent::Absent)
            .machine_detection(MachineDetection::Enable)
            .machine_detection_timeout(Duration::from_secs(20))
            .machine_detection_speech_threshold(Duration::from_secs(2))
            .machine_detection_speech_end_threshold(Duration::from_secs(1))
            .machine_detection_silence_timeout(Duration::from_secs(4))
            .amd_status_callback(URL)
            .amd_status_callback_method(Method::Get)
            .sip_auth_username("ann")
            .sip_auth_password("secret")
            .caller_id("Clinic")
            .caller_display_name("Clinic")
            .call_reason("Visit")
            .call_token("token")
            .byoc(text_sid("BY"))
            .client_notification_url(URL);
        "add participant to a conference" AddParticipant AddParticipant::new(conference.into(), number(TO), number(FROM));
        "list participants" ListParticipants ListParticipants::new(conference)
            .muted(true)
            .hold(false)
            .coaching(false)
            .page_size(10);
        "fetch participant" FetchParticipant FetchParticipant::new(conference, call);
        "update participant" UpdateParticipant UpdateParticipant::new(conference, call)
            .muted(true)
            .hold(true)
            .hold_url(URL)
            .hold_method(Method::Post)
            .wait_url(URL)
            .wait_method(Method::Get)
            .beep_on_exit(true)
            .end_conference_on_exit(false)
            .coaching(true)
            .call_sid_to_coach(call);
        "announce to participant" AnnounceToParticipant AnnounceToParticipant::new(conference, call, URL)
            .announce_method(Method::Post);
        "remove participant" RemoveParticipant RemoveParticipant::new(conference, call);
    }
}

async fn queues(visit: &mut impl Visit) {
    let queue: QueueSid = sid("QU");
    let call: CallSid = sid("CA");
    visit! { visit:
        "create queue" CreateQueue CreateQueue::new("visits").max_size(5);
        "update queue" UpdateQueue UpdateQueue::new(queue).friendly_name("visits").max_size(10);
        "fetch queue" FetchQueue FetchQueue::new(queue);
        "list queues" ListQueues ListQueues::new().page_size(10);
        "delete queue" DeleteQueue DeleteQueue::new(queue);
        "list queue members" ListQueueMembers ListQueueMembers::new(queue).page_size(10);
        "fetch front member" FetchQueueMember FetchQueueMember::new(queue, QueueMemberRef::Front);
        "fetch queue member" FetchQueueMember FetchQueueMember::new(queue, call.into());
        "connect queue member" ConnectQueueMember ConnectQueueMember::new(queue, call.into(), URL)
            .method(Method::Get);
    }
}

async fn others(visit: &mut impl Visit) {
    let recording: RecordingSid = sid("RE");
    let transcription: TranscriptionSid = sid("TR");
    let caller: PhoneNumberSid = sid("PN");
    visit! { visit:
        "list call events" ListCallEvents ListCallEvents::new(sid::<CallSid>("CA")).page_size(10);
        "list transcriptions" ListTranscriptions ListTranscriptions::new(recording).page_size(10);
        "fetch transcription" FetchTranscription FetchTranscription::new(recording, transcription);
        "delete transcription" DeleteTranscription DeleteTranscription::new(recording, transcription);
        "verify caller ID" VerifyCallerId VerifyCallerId::new(number(TO))
            .friendly_name("Reception")
            .call_delay(Duration::from_secs(15))
            .extension("17")
            .status_callback(URL)
            .status_callback_method(Method::Post);
        "list caller IDs" ListCallerIds ListCallerIds::new()
            .phone_number(number(TO))
            .friendly_name("Reception")
            .page_size(10);
        "fetch caller ID" FetchCallerId FetchCallerId::new(caller);
        "update caller ID" UpdateCallerId UpdateCallerId::new(caller).friendly_name("Reception");
        "delete caller ID" DeleteCallerId DeleteCallerId::new(caller);
    }
}

"""Calls: menus, callbacks, dialled phones, updates and errors."""
from datetime import timedelta

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from support import CLINIC, COLLEAGUE, NURSE, VOLUNTEER, error, is_recent, now

EVENTS = ["initiated", "ringing", "answered", "completed"]


def said(text):
    response = VoiceResponse()
    response.say(text)
    return response


def take_calls(client, app, twiml, **settings):
    """Lets the clinic's number answer calls with TwiML."""
    [number] = client.incoming_phone_numbers.list()
    number.update(voice_url=app.answer("/voice", twiml), **settings)


def menu(client, stage, app):
    greeting = VoiceResponse()
    gather = Gather(num_digits=1, input="dtmf speech", action="/chosen?step=1&lang=é")
    gather.say("Press 1 to confirm & 2 to cancel.", voice="Polly.Joanna", language="en-US")
    greeting.append(gather)
    greeting.redirect("/voice")

    def chosen(fields):
        response = VoiceResponse()
        response.say(f"You chose {fields.get('Digits') or fields.get('SpeechResult')}.")
        response.hangup()
        return response

    app.answer("/chosen", chosen)
    take_calls(client, app, greeting, status_callback=app.url("/ended"))
    heard, ended = [], []
    for act, key, answer in [("press", "keys", "1"), ("say", "speech", "cancel, please")]:
        call = stage.play("call", phone=VOLUNTEER, to=CLINIC)
        heard.append(stage.play("hear", call=call))
        stage.play(act, call=call, **{key: answer})
        heard.append(stage.play("hear", call=call))
        ended.append(stage.play("ended", call=call))
    stage.play("idle")
    first = app.received("/voice")[0]
    call = client.calls.list()[-1].fetch()
    return {
        "heard": heard,
        "ended": ended,
        "first": [first[name] for name in ("From", "To", "CallStatus", "Direction")],
        "chosen": [
            [fields.get("Digits"), fields.get("SpeechResult"), bool(fields.get("Confidence"))]
            for fields in app.received("/chosen")
        ],
        "callbacks": [fields["CallStatus"] for fields in app.received("/ended")],
        "call": [call.sid == first["CallSid"], call.status, call.direction, call._from, call.to],
        "dates": [is_recent(call.start_time), call.end_time >= call.start_time],
        "duration_matches": app.received("/ended")[0]["CallDuration"] == call.duration,
    }


def callbacks_of_a_call(client, stage, app):
    def call(to, twiml):
        callback = app.url(f"/status/{to[-3:]}")
        return client.calls.create(
            to=to,
            from_=CLINIC,
            twiml=twiml,
            status_callback=callback,
            status_callback_event=EVENTS,
            status_callback_method="POST",
        )

    created = call(VOLUNTEER, said("Your visit is tomorrow."))
    leg = stage.play("answer", phone=VOLUNTEER)
    heard = stage.play("hear", call=leg)
    stage.play("ended", call=leg)
    stage.play("pickup", phone=COLLEAGUE, behavior="busy")
    call(COLLEAGUE, said("Hello"))
    stage.play("pickup", phone=NURSE, behavior="no-answer")
    call(NURSE, said("Hello"))
    stage.play("idle")

    def statuses(number):
        received = app.received(f"/status/{number[-3:]}")
        received.sort(key=lambda fields: int(fields["SequenceNumber"]))
        return [[fields["CallStatus"], fields.get("SipResponseCode")] for fields in received]

    today, day = now().date(), timedelta(days=1)
    calls = client.calls
    return {
        "created": [created.sid[:2], created.status, created.direction, created.duration],
        "heard": heard,
        "answered": statuses(VOLUNTEER),
        "busy": statuses(COLLEAGUE),
        "no_answer": statuses(NURSE),
        "by_status": [len(calls.list(status=status)) for status in ("completed", "busy", "failed")],
        "by_number": [len(calls.list(to=number)) for number in (VOLUNTEER, CLINIC)],
        "by_start": [
            len(calls.list(status="completed", start_time_after=date))
            for date in (today - day, today + day)
        ],
        "events": len(client.calls(created.sid).events.list()),
        "notifications": error(client.calls(created.sid).notifications.list),
        "deleted": [client.calls(created.sid).delete(), error(client.calls(created.sid).fetch)],
    }


def answering_machines(client, stage, app):
    stage.play("pickup", phone=VOLUNTEER, behavior="machine")
    app.answer("/voice", said("Please call us back."))

    def call(**parameters):
        client.calls.create(to=VOLUNTEER, from_=CLINIC, url=app.url("/voice"), **parameters)
        leg = stage.play("answer", phone=VOLUNTEER)
        heard = stage.play("hear", call=leg)
        stage.play("ended", call=leg)
        stage.play("idle")
        return heard, client.calls(leg).fetch().answered_by

    answers = [call(machine_detection=mode) for mode in ("Enable", "DetectMessageEnd")]
    call(
        machine_detection="Enable",
        async_amd="true",
        async_amd_status_callback=app.url("/machine"),
        async_amd_status_callback_method="POST",
    )
    return {
        "heard": [heard for heard, _ in answers],
        "answered_by": [answered_by for _, answered_by in answers],
        "asked": [fields.get("AnsweredBy") for fields in app.received("/voice")],
        "reported": [fields["AnsweredBy"] for fields in app.received("/machine")],
    }


def two_phones_ring(client, stage, app):
    response = VoiceResponse()
    dial = Dial(action="/dialled", timeout=20, answer_on_bridge=True)
    dial.number(
        COLLEAGUE,
        status_callback="/leg",
        status_callback_event="initiated ringing answered completed",
    )
    dial.number(NURSE)
    response.append(dial)
    for phone in (COLLEAGUE, NURSE):
        stage.play("pickup", phone=phone, behavior="ring")
    app.answer("/dialled", said("Goodbye."))
    take_calls(client, app, response)
    caller = stage.play("call", phone=VOLUNTEER, to=CLINIC)
    stage.play("decline", phone=NURSE)
    leg = stage.play("answer", phone=COLLEAGUE)
    stage.play("say", call=caller, speech="Is the doctor there?")
    heard = stage.play("hear", call=leg)
    children = client.calls.list(parent_call_sid=caller)
    stage.play("hang_up", call=leg)
    goodbye = stage.play("hear", call=caller)
    stage.play("ended", call=caller)
    stage.play("idle")
    [dialled] = app.received("/dialled")
    return {
        "heard": [heard, goodbye],
        "children": sorted([child.to, child.status, child.direction] for child in children),
        "callbacks": [fields["CallStatus"] for fields in app.received("/leg")],
        "dialled": [dialled["DialCallStatus"], dialled["DialCallSid"] == leg],
        "ended": client.calls(caller).fetch().status,
    }


def updates_of_calls(client, stage, app):
    waiting = VoiceResponse()
    waiting.say("Please hold.")
    waiting.gather(timeout=60, action="/never")
    app.answer("/other", said("From the URL."))
    app.answer("/voice", waiting)

    def call():
        created = client.calls.create(to=VOLUNTEER, from_=CLINIC, url=app.url("/voice"))
        leg = stage.play("answer", phone=VOLUNTEER)
        return client.calls(created.sid), leg, stage.play("hear", call=leg)

    by_twiml, leg, hold = call()
    updated = by_twiml.update(twiml=said("From the update.")).status
    heard = [hold, stage.play("hear", call=leg)]
    ended = [stage.play("ended", call=leg)]
    by_url, leg, _ = call()
    by_url.update(url=app.url("/other"), method="GET")
    heard.append(stage.play("hear", call=leg))
    ended.append(stage.play("ended", call=leg))
    hung_up, leg, _ = call()
    hung_up.update(status="completed")
    ended.append(stage.play("ended", call=leg))
    stage.play("pickup", phone=VOLUNTEER, behavior="ring")
    ringing = client.calls.create(to=VOLUNTEER, from_=CLINIC, url=app.url("/voice"))
    stage.play("idle")
    before = client.calls(ringing.sid).fetch().status
    canceled = client.calls(ringing.sid).update(status="canceled")
    return {
        "heard": heard,
        "updated": updated,
        "ended": ended,
        "canceled": [before, canceled.status],
        "late": error(by_twiml.update, twiml=said("Late")),
    }


def voicemail(client, stage, app):
    response = VoiceResponse()
    response.say("Leave a message.")
    response.record(action="/recorded", max_length=30, finish_on_key="#")
    app.answer("/recorded", said("Thank you."))
    take_calls(client, app, response)
    call = stage.play("call", phone=VOLUNTEER, to=CLINIC)
    heard = [stage.play("hear", call=call)]
    stage.play("say", call=call, speech="I am late.")
    stage.play("press", call=call, keys="#")
    # A beep may be heard first.
    while heard[-1] != "Thank you.":
        heard.append(stage.play("hear", call=call))
    [recorded] = app.received("/recorded")
    return {
        "heard": [heard[0], heard[-1]],
        "recorded": [recorded["RecordingSid"][:2], int(recorded["RecordingDuration"]) > 0],
        "url_names_it": recorded["RecordingSid"] in recorded["RecordingUrl"],
    }


def errors_of_calls(client, stage, app):
    def call(**parameters):
        request = {"to": VOLUNTEER, "from_": CLINIC, "twiml": said("Hello"), **parameters}
        return error(client.calls.create, **request)

    return {
        "letters": call(to="abc"),
        "foreign_caller": call(from_="+14155550188"),
        "no_caller": call(from_=None),
        "nothing_to_say": call(twiml=None),
        "magic": [call(to=f"+1500555000{digit}") for digit in (1, 2, 3, 4)],
        "unknown": error(client.calls("CA" + "0" * 32).fetch),
        "unknown_updated": error(client.calls("CA" + "0" * 32).update, status="completed"),
    }

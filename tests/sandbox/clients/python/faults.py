"""Faults of the API and of webhooks, and many requests at once."""
from concurrent.futures import ThreadPoolExecutor

from requests.exceptions import ConnectionError as Reset
from twilio.twiml.voice_response import Gather, VoiceResponse

from calls import said, take_calls
from support import CLINIC, VOLUNTEER, error


def faults(client, stage, app):
    def send():
        return error(client.messages.create, to=VOLUNTEER, from_=CLINIC, body="Hello")

    refused = {}
    for fault in ("throttled", "unavailable", "html"):
        stage.play("fault", fault=fault)
        refused[fault] = [send(), len(client.messages.list())]
    # A page names no error code, for which this client takes the status.
    refused["html"][0].pop()
    stage.play("fault", fault="lost")
    try:
        lost = send()
    except Reset:
        lost = "connection reset"
    refused["lost"] = [lost, len(client.messages.list())]
    client.incoming_phone_numbers.list()[0].update(sms_url=app.url("/sms"))
    stage.play("fault", fault="doubled")
    stage.play("text", phone=VOLUNTEER, to=CLINIC, body="Hello")
    twice = [fields["MessageSid"] for fields in app.received("/sms")]
    refused["doubled"] = [len(twice), len(set(twice))]
    return refused


def many_at_once(client, stage, app):
    phones = [f"+141555501{number}" for number in range(50, 62)]

    def send(number):
        return client.messages.create(
            to=phones[number % 12],
            from_=CLINIC,
            body=f"Text {number}",
            status_callback=app.url("/status"),
        ).sid

    def call(phone):
        sid = stage.play("call", phone=phone, to=CLINIC)
        stage.play("hear", call=sid)
        stage.play("press", call=sid, keys=phone[-2:])
        heard = stage.play("hear", call=sid)
        return heard == f"{phone} chose {phone[-2:]}", stage.play("ended", call=sid)

    menu = VoiceResponse()
    gather = Gather(num_digits=2, action="/chosen")
    gather.say("Which number?")
    menu.append(gather)
    app.answer("/chosen", lambda fields: said(f"{fields['From']} chose {fields['Digits']}"))
    take_calls(client, app, menu)
    with ThreadPoolExecutor(12) as pool:
        sids = list(pool.map(send, range(60)))
        calls = list(pool.map(call, phones))
    stage.play("idle")
    steps = {}
    for fields in app.received("/status"):
        steps.setdefault(fields["MessageSid"], []).append(fields["MessageStatus"])
    return {
        "texts": [len(set(sids)), len(client.messages.list(page_size=7))],
        "inboxes": sorted({len(stage.play("inbox", phone=phone)) for phone in phones}),
        "callbacks": [len(steps), all(step == ["sent", "delivered"] for step in steps.values())],
        "calls": [all(right for right, _ in calls), sorted({ended for _, ended in calls})],
        "listed": len(client.calls.list(status="completed")),
    }

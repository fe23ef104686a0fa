"""Texts: their life, conversations, lists, schedules and errors."""
import urllib.request
from base64 import b64encode
from datetime import timedelta

from twilio.base.exceptions import TwilioRestException
from twilio.twiml.messaging_response import Message, MessagingResponse

from support import CLINIC, COLLEAGUE, VOLUNTEER, error, is_recent, now


def life_of_a_text(client, stage, app):
    status = app.url("/status")
    sent = client.messages.create(
        to=VOLUNTEER, from_=CLINIC, body="Your visit is tomorrow.", status_callback=status
    )
    inbox = stage.play("inbox", phone=VOLUNTEER)
    arrived = client.messages(sent.sid).fetch()
    confirmed = client.messages(sent.sid).feedback.create(outcome="confirmed")
    redacted = client.messages(sent.sid).update(body="")
    deleted = client.messages(sent.sid).delete()
    stage.play("delivery", phone=COLLEAGUE, code=30003)
    lost = client.messages.create(to=COLLEAGUE, from_=CLINIC, body="Hello", status_callback=status)
    stage.play("idle")
    undelivered = client.messages(lost.sid).fetch()
    callbacks = app.received("/status")
    return {
        "sent": [sent.sid[:2], sent.status, sent.direction, sent.num_segments, sent.error_code],
        "inbox": inbox,
        "callbacks": [
            [fields["MessageStatus"], fields.get("ErrorCode"), fields["From"], fields["To"]]
            for fields in callbacks
        ],
        "callbacks_name_the_text": [fields["MessageSid"] for fields in callbacks]
        == [sent.sid] * 2 + [lost.sid] * 2,
        "arrived": [arrived.status, arrived.body, arrived.from_, arrived.to, arrived.num_media],
        "dates": [is_recent(arrived.date_created), is_recent(arrived.date_sent)],
        "confirmed": [confirmed.outcome, confirmed.message_sid == sent.sid],
        "redacted": redacted.body,
        "deleted": deleted,
        "fetched_again": error(client.messages(sent.sid).fetch),
        "undelivered": [undelivered.status, undelivered.error_code],
    }


def pictures(client, stage, app):
    links = ["https://clinic.example/map.png", "https://clinic.example/form.pdf"]
    sent = client.messages.create(to=VOLUNTEER, from_=CLINIC, body="Map", media_url=links)
    inbox = stage.play("inbox", phone=VOLUNTEER)
    media = client.messages(sent.sid).media.list()
    fetched = client.messages(sent.sid).media(media[0].sid).fetch()
    deleted = client.messages(sent.sid).media(media[0].sid).delete()
    left = client.messages(sent.sid).media.list()

    client.incoming_phone_numbers.list()[0].update(sms_url=app.url("/sms"))
    stage.play("text", phone=VOLUNTEER, to=CLINIC, body="Rash", file="bytes of a picture")
    [inbound] = app.received("/sms")
    return {
        "sent": [sent.sid[:2], sent.num_media],
        "inbox": inbox,
        "media": [item.sid[:2] for item in media],
        "fetched": [fetched.sid == media[0].sid, fetched.parent_sid == sent.sid],
        "deleted": [deleted, [item.sid for item in left] == [media[1].sid]],
        "inbound": [inbound["NumMedia"], inbound["MediaContentType0"], inbound["MessageSid"][:2]],
        "downloaded": download(client, inbound["MediaUrl0"]),
    }


def download(client, url):
    """Downloads the media of a message as an application does, with the account's credentials."""
    credentials = b64encode(":".join(client.auth).encode()).decode()
    request = urllib.request.Request(url, headers={"Authorization": f"Basic {credentials}"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return response.read().decode()


def replies(client, stage, app):
    def answer(fields):
        response = MessagingResponse()
        if fields["Body"] == "directions":
            response.redirect(app.url("/directions"))
        else:
            response.message(f"Thank you, {fields['Body']}.")
        return response

    directions = MessagingResponse()
    message = Message(status_callback=app.url("/status"))
    message.body("12 Rue Häuser & Söhne <left>")
    message.media("https://clinic.example/map.png")
    directions.append(message)
    directions.message("See you soon.")
    app.answer("/sms", answer)
    app.answer("/directions", directions)
    client.incoming_phone_numbers.list()[0].update(sms_url=app.url("/sms"), sms_method="POST")
    first = stage.play("text", phone=VOLUNTEER, to=CLINIC, body="Ana Überall")
    second = stage.play("text", phone=VOLUNTEER, to=CLINIC, body="directions")
    stage.play("idle")
    listed = client.messages.list()
    inbound = app.received("/sms")[0]
    return {
        "replies": [first, second],
        "inbound": [inbound[name] for name in ("From", "To", "Body", "NumMedia", "NumSegments")],
        "listed": [[item.direction, item.status, item.body] for item in listed],
        "callbacks": [fields["MessageStatus"] for fields in app.received("/status")],
    }


def stop_and_start(client, stage, app):
    client.incoming_phone_numbers.list()[0].update(sms_url=app.answer("/sms", MessagingResponse()))

    def send():
        return error(client.messages.create, to=VOLUNTEER, from_=CLINIC, body="Hello")

    stage.play("text", phone=VOLUNTEER, to=CLINIC, body="Stop")
    refused = send()
    stage.play("text", phone=VOLUNTEER, to=CLINIC, body="START")
    accepted = send()
    return {
        "refused": refused,
        "accepted": accepted,
        "asked": [fields["Body"] for fields in app.received("/sms")],
        "opt_outs": [fields.get("OptOutType") for fields in app.received("/sms")],
        "inbox": len(stage.play("inbox", phone=VOLUNTEER)),
    }


def lists(client, stage, app):
    for number in range(25):
        to = VOLUNTEER if number % 5 else COLLEAGUE
        client.messages.create(to=to, from_=CLINIC, body=f"Text {number}")
    stage.play("idle")
    listed = [item.body for item in client.messages.list()]
    messages = client.messages
    page = messages.page(page_size=10)
    first = [item.body for item in page]
    page = page.next_page()
    second = [item.body for item in page]
    link = page.previous_page_url
    before = [item.body for item in page.previous_page()]
    direct = [item.body for item in messages.get_page(link)]
    today, day = now().date(), timedelta(days=1)
    return {
        "listed": [len(listed), listed[0], listed[-1]],
        "limited": len(messages.list(page_size=4, limit=10)),
        "streamed": sum(1 for _ in messages.stream(page_size=7)),
        "pages": [first == listed[:10], second == listed[10:20], before == first, direct == first],
        "to": [len(messages.list(to=number)) for number in (VOLUNTEER, COLLEAGUE, CLINIC)],
        "from": [len(messages.list(from_=number)) for number in (CLINIC, VOLUNTEER)],
        "sent_on": [
            len(messages.list(date_sent=date)) for date in (today - day, today, today + day)
        ],
        "sent_after": [
            len(messages.list(date_sent_after=date)) for date in (today - day, today + day)
        ],
        "sent_before": [
            len(messages.list(date_sent_before=date)) for date in (today - day, today + day)
        ],
    }


def schedule(client, stage, app):
    service = client.messaging.v1.services.create(friendly_name="Clinic")
    [number] = client.incoming_phone_numbers.list()
    service.phone_numbers.create(phone_number_sid=number.sid)

    def send(after, **parameters):
        return client.messages.create(
            to=VOLUNTEER,
            body="Your visit is tomorrow.",
            schedule_type="fixed",
            send_at=now() + after,
            **parameters,
        )

    kept = send(timedelta(hours=1), messaging_service_sid=service.sid)
    dropped = send(timedelta(hours=1), messaging_service_sid=service.sid)
    canceled = client.messages(dropped.sid).update(status="canceled")
    too_soon = error(send, timedelta(minutes=1), messaging_service_sid=service.sid)
    too_late = error(send, timedelta(days=40), messaging_service_sid=service.sid)
    without_service = error(send, timedelta(hours=1), from_=CLINIC)
    before = stage.play("inbox", phone=VOLUNTEER)
    stage.play("advance", seconds=3700)
    return {
        "kept": [kept.status, kept.from_, client.messages(kept.sid).fetch().status],
        "canceled": [canceled.status, client.messages(dropped.sid).fetch().status],
        "errors": [too_soon, too_late, without_service],
        "inbox": [len(before), len(stage.play("inbox", phone=VOLUNTEER))],
    }


def errors_of_texts(client, stage, app):
    def send(**parameters):
        request = {"to": VOLUNTEER, "from_": CLINIC, "body": "Hello", **parameters}
        return error(client.messages.create, **request)

    refused = {
        "letters": send(to="abc"),
        "impossible": send(to="+1555"),
        "no_body": send(body=None),
        "too_long": send(body="x" * 1601),
        "too_many_media": send(media_url=["https://clinic.example/a.png"] * 11),
        "foreign_sender": send(from_="+14155550188"),
        "no_sender": send(from_=None),
        "to_itself": send(to=CLINIC),
        "bad_callback": send(status_callback="ftp://clinic.example"),
        "magic": [send(to=f"+1500555000{digit}") for digit in (1, 2, 3, 4, 9)],
        "unknown": error(client.messages("SM" + "0" * 32).fetch),
    }
    try:
        client.messages.create(to="abc", from_=CLINIC, body="Hello")
    except TwilioRestException as failure:
        refused["message_names_the_number"] = "abc" in failure.msg
    return refused

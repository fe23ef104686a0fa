"""Instructions for calls and texts: verbs, fallbacks, redirects."""
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

from calls import said, take_calls
from support import CLINIC, VOLUNTEER


def verbs(client, stage, app):
    response = VoiceResponse()
    say = response.say("Your visit is ", voice="Polly.Joanna-Neural")
    say.emphasis("tomorrow", level="strong")
    say.break_(strength="weak", time="500ms")
    response.play("https://clinic.example/jingle.mp3", loop=1)
    response.pause(length=2)
    response.redirect("more?from=é", method="GET")
    app.answer("/menus/more", said("Good & bye."))
    [number] = client.incoming_phone_numbers.list()
    number.update(voice_url=app.answer("/menus/voice", response), voice_method="GET")
    call = stage.play("call", phone=VOLUNTEER, to=CLINIC)
    heard = [stage.play("hear", call=call) for _ in range(3)]
    ended = [stage.play("ended", call=call)]
    rejection = VoiceResponse()
    rejection.reject(reason="busy")
    take_calls(client, app, rejection)
    call = stage.play("call", phone=VOLUNTEER, to=CLINIC)
    ended.append(stage.play("ended", call=call))
    return {
        "heard": heard,
        "ended": ended,
        "asked": [fields["from"] for fields in app.received("/menus/more")],
        "listed": [item.status for item in client.calls.list()],
    }


def fallbacks(client, stage, app):
    fallback = MessagingResponse()
    fallback.message("Please call us.")
    [number] = client.incoming_phone_numbers.list()
    number.update(
        voice_url=app.answer("/broken", (500, "")),
        voice_fallback_url=app.answer("/fallback/voice", said("Please call later.")),
        sms_url=app.answer("/malformed", "<Response>"),
        sms_fallback_url=app.answer("/fallback/sms", fallback),
    )
    call = stage.play("call", phone=VOLUNTEER, to=CLINIC)
    heard = stage.play("hear", call=call)
    stage.play("ended", call=call)
    replies = stage.play("text", phone=VOLUNTEER, to=CLINIC, body="Hello")
    stage.play("idle")
    requests = app.received("/fallback/voice") + app.received("/fallback/sms")
    return {
        "heard": heard,
        "replies": replies,
        "errors": [fields["ErrorCode"] for fields in requests],
        "urls": [
            requests[0]["ErrorUrl"] == app.url("/broken"),
            requests[1]["ErrorUrl"] == app.url("/malformed"),
        ],
        "alerts": sorted(alert.error_code for alert in client.monitor.v1.alerts.list()),
    }


def redirects_of_http(client, stage, app):
    reply = MessagingResponse()
    reply.message("From the new place.")
    app.answer("/new", reply)
    replies = []
    for status in (301, 302, 303, 307, 308):
        path = app.answer(f"/old/{status}", (status, "/new?moved=a%20b"))
        client.incoming_phone_numbers.list()[0].update(sms_url=path)
        replies += stage.play("text", phone=VOLUNTEER, to=CLINIC, body="Hello")
    return {"replies": [reply["body"] for reply in replies], "asked": len(app.received("/new"))}

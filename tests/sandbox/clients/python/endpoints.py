"""Calls to clients of the Voice SDK and to SIP endpoints."""
from twilio.twiml.voice_response import VoiceResponse

from calls import said, take_calls
from support import CLINIC, VOLUNTEER

NURSE = "client:nurse"
DESK = "sip:desk@example.com"


def clients_and_sip(client, stage, app):
    def call(to):
        client.calls.create(to=to, from_=CLINIC, twiml=said("Hello"))
        leg = stage.play("answer", endpoint=to)
        heard = stage.play("hear", call=leg)
        stage.play("ended", call=leg)
        return heard

    def dial(noun, address):
        response = VoiceResponse()
        getattr(response.dial(action="/dialled"), noun)(address)
        app.answer("/dialled", said("Goodbye."))
        take_calls(client, app, response)
        caller = stage.play("call", phone=VOLUNTEER, to=CLINIC)
        leg = stage.play("answer", endpoint=address if noun == "sip" else f"client:{address}")
        stage.play("say", call=caller, speech="Good morning")
        heard = stage.play("hear", call=leg)
        stage.play("hang_up", call=leg)
        stage.play("ended", call=caller)
        return heard

    called = [call(NURSE), call(DESK)]
    dialled = [dial("client", "nurse"), dial("sip", DESK)]
    stage.play("idle")
    return {
        "called": called,
        "dialled": dialled,
        "results": [fields["DialCallStatus"] for fields in app.received("/dialled")],
        "listed": [[item.to, item.direction] for item in client.calls.list()],
        "by_client": len(client.calls.list(to=NURSE)),
    }

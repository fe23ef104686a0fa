"""Writes twiml_golden.json: everyday documents, as written by the official Python library, in
canonical XML (C14N 2.0).

    python3 -m venv venv && venv/bin/pip install twilio==9.13.0
    venv/bin/python tests/data/make_twiml_golden.py
"""

import json
import pathlib
from xml.etree.ElementTree import canonicalize

from twilio.twiml.messaging_response import Message, MessagingResponse
from twilio.twiml.voice_response import Dial, Gather, Say, VoiceResponse


def menu():
    gather = Gather(num_digits=1, timeout=5, action="/twilio/confirm", method="GET")
    gather.say("Press one to confirm.", voice="Polly.Joanna")
    gather.pause(length=2)
    gather.play("https://example.com/menu.mp3?a=1&b=2", loop=0)
    document = VoiceResponse()
    document.append(gather)
    document.say("Goodbye.")
    document.redirect("/again", method="POST")
    return document


def speech():
    document = VoiceResponse()
    document.gather(
        input="dtmf speech",
        speech_timeout="auto",
        hints="yes,no,maybe later",
        finish_on_key="",
        profanity_filter=False,
        action_on_empty_result=True,
        language="en-GB",
        speech_model="phone_call",
    )
    return document


def voicemail():
    document = VoiceResponse()
    document.record(
        timeout=10,
        max_length=120,
        play_beep=True,
        trim="do-not-trim",
        finish_on_key="*#",
        recording_status_callback="https://example.com/done",
        recording_status_callback_event="in-progress completed",
    )
    document.hangup()
    return document


def dial():
    dial = Dial(
        caller_id="+14155550100",
        record="record-from-answer-dual",
        time_limit=600,
        answer_on_bridge=True,
    )
    dial.number(
        "+14155550123",
        send_digits="ww1",
        url="https://example.com/whisper?who=\"Ann\"",
        status_callback_event="initiated answered",
        machine_detection_speech_threshold=2400,
        machine_detection_timeout=30,
    )
    dial.number("+442079460018")
    document = VoiceResponse()
    document.append(dial)
    return document


def simple_dial():
    document = VoiceResponse()
    document.dial("+14155550123", timeout=20)
    return document


def reject():
    document = VoiceResponse()
    document.reject(reason="busy")
    return document


def ssml():
    say = Say("Your code is ", voice="Polly.Joanna", language="en-US")
    say.break_(time="300ms")
    say.say_as("4711", interpret_as="digits")
    say.append(". Tom & Ann <3 \u00fc\U0001F600 ]]>")
    document = VoiceResponse()
    document.append(say)
    return document


def reply():
    document = MessagingResponse()
    document.message("See you at 9:00.\nBring \"it\" & 'that'.\tBye")
    message = Message(to="+14155550123", from_="+14155550100", action="/sent?a=1&b=2")
    message.body("A map")
    message.media("https://example.com/map.png")
    document.append(message)
    document.redirect("/more")
    return document


DOCUMENTS = {
    "menu": menu(),
    "speech": speech(),
    "voicemail": voicemail(),
    "dial": dial(),
    "simple_dial": simple_dial(),
    "reject": reject(),
    "ssml": ssml(),
    "reply": reply(),
    "empty_voice": VoiceResponse(),
    "empty_messaging": MessagingResponse(),
}

here = pathlib.Path(__file__).parent
golden = {name: canonicalize(document.to_xml()) for name, document in DOCUMENTS.items()}
text = json.dumps(golden, indent=2, ensure_ascii=False)
(here / "twiml_golden.json").write_text(text + "\n", encoding="utf-8")

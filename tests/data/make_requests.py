#!/usr/bin/env python3
"""Writes requests.json: what Twilio's official Python library sends for the operations that the
client has. Needs `pip install twilio` (made with 9.13.0). No network: a server on loopback takes
the requests.

usage: python3 make_requests.py > requests.json
"""
import datetime
import http.server
import json
import threading
import urllib.parse

import twilio
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

AC, MG, PN, AP, SM, CA, HX, SK = (p + "0" * 31 + "1" for p in ("AC", "MG", "PN", "AP", "SM", "CA", "HX", "SK"))
TO, FROM = "+14155550123", "+14155550100"
URL = "https://clinic.example/twilio/status"
captured = []


class Capture(http.server.BaseHTTPRequestHandler):
    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        url = urllib.parse.urlsplit(self.path)
        captured.append({
            "method": self.command,
            "path": url.path,
            "query": url.query,
            "body": self.rfile.read(length).decode(),
            "authorization": self.headers.get("Authorization"),
            "content_type": self.headers.get("Content-Type"),
        })
        self.send_response(500)
        self.end_headers()

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Capture)
threading.Thread(target=server.serve_forever, daemon=True).start()


class Rerooted(TwilioHttpClient):
    def request(self, method, url, *args, **kwargs):
        parts = urllib.parse.urlsplit(url)
        here = parts._replace(scheme="http", netloc=f"127.0.0.1:{server.server_port}")
        return super().request(method, urllib.parse.urlunsplit(here), *args, **kwargs)


token = Client(AC, "token", http_client=Rerooted())
key = Client(SK, "secret", AC, http_client=Rerooted())
send, call = token.messages.create, token.calls.create
numbers, apps = token.incoming_phone_numbers, token.applications

CASES = {
    "text": lambda: send(to=TO, from_=FROM, body="See you at 9:00 & bring \u20ac5 + caf\u00e9 \U0001f600 100%=?"),
    "text with a key": lambda: key.messages.create(to=TO, from_=FROM, body="Hello"),
    "text, many parameters": lambda: send(
        to=TO, from_=FROM, body="line one\nline two", status_callback=URL + "?m=1&n=2",
        validity_period=600, provide_feedback=True, attempt=2, content_retention="discard",
        address_retention="obfuscate", smart_encoded=False, send_as_mms=True, risk_check="disable",
        persistent_action=["geo:1,2", "geo:3,4"]),
    "text through an app": lambda: send(to=TO, from_=FROM, body="Hello", application_sid=AP),
    "text from a short code": lambda: send(to=TO, from_="12345", body="Hello"),
    "text from a name": lambda: send(to=TO, from_="My Clinic", body="Hello"),
    "text on WhatsApp": lambda: send(to="whatsapp:" + TO, from_="whatsapp:" + FROM, body="Hello"),
    "text, scheduled": lambda: send(
        to=TO, messaging_service_sid=MG, body="Hello", schedule_type="fixed", shorten_urls=True,
        fallback_from=FROM,
        send_at=datetime.datetime(2026, 11, 30, 20, 36, 27, tzinfo=datetime.timezone.utc)),
    "text from a number in a service": lambda: send(to=TO, messaging_service_sid=MG, from_=FROM, body="Hello"),
    "media": lambda: send(
        to=TO, from_=FROM, body="Map",
        media_url=["https://clinic.example/a.png?x=1,2", "https://clinic.example/b.png"]),
    "template": lambda: send(
        to=TO, messaging_service_sid=MG, content_sid=HX,
        content_variables=json.dumps({"1": "Ann", "2": "9:00 \"sharp\""}, separators=(",", ":"))),
    "fetch message": lambda: token.messages(SM).fetch(),
    "call with TwiML": lambda: call(
        to=TO, from_=FROM, twiml="<Response><Say>Hello &amp; goodbye</Say></Response>", status_callback=URL,
        status_callback_method="GET", status_callback_event=["answered", "completed"]),
    "call with a URL": lambda: call(
        to="client:ann", from_=FROM, url="https://clinic.example/menu", method="GET",
        fallback_url="https://clinic.example/down", fallback_method="POST", status_callback=URL, timeout=30,
        time_limit=600, send_digits="ww1234#", call_reason="Visit", record=True, recording_channels="dual",
        recording_track="both", trim="do-not-trim", recording_status_callback=URL,
        recording_status_callback_event=["in-progress", "absent"], recording_status_callback_method="POST",
        machine_detection="DetectMessageEnd", machine_detection_timeout=20,
        machine_detection_speech_threshold=2000, machine_detection_speech_end_threshold=1000,
        machine_detection_silence_timeout=4000, async_amd="true", async_amd_status_callback=URL,
        async_amd_status_callback_method="GET"),
    "call with an app": lambda: call(to="sip:ann@clinic.example", from_=FROM, application_sid=AP),
    "fetch call": lambda: token.calls(CA).fetch(),
    "list numbers": lambda: numbers.page(),
    "list numbers, filtered": lambda: numbers.page(
        phone_number=FROM, friendly_name="Clinic & Co", beta=False, page_size=20),
    "fetch number": lambda: numbers(PN).fetch(),
    "bind number": lambda: numbers(PN).update(voice_application_sid=AP, sms_application_sid=AP),
    "clear number": lambda: numbers(PN).update(voice_application_sid="", sms_application_sid="", sms_url=""),
    "number with URLs": lambda: numbers(PN).update(
        friendly_name="Clinic", voice_url=URL, voice_method="POST", voice_fallback_url=URL,
        voice_fallback_method="GET", voice_caller_id_lookup=True, sms_url=URL, sms_method="GET",
        sms_fallback_url=URL, sms_fallback_method="POST", status_callback=URL, status_callback_method="GET"),
    "create app": lambda: apps.create(
        friendly_name="ClinSpark", voice_url=URL, voice_method="POST", voice_fallback_url=URL,
        voice_fallback_method="GET", voice_caller_id_lookup=False, status_callback=URL,
        status_callback_method="POST", sms_url=URL, sms_method="POST", sms_fallback_url=URL,
        sms_fallback_method="GET", sms_status_callback=URL, message_status_callback=URL,
        public_application_connect_enabled=True),
    "update app": lambda: apps(AP).update(friendly_name="New", sms_url=""),
    "fetch app": lambda: apps(AP).fetch(),
    "list apps": lambda: apps.page(friendly_name="ClinSpark", page_size=1000),
}

requests = {}
for name, run in CASES.items():
    try:
        run()
    except TwilioException:
        pass  # the server answers 500 to everything
    [requests[name]] = captured
    captured.clear()
print(json.dumps({"library": "twilio-python " + twilio.__version__, "requests": requests}, indent=1))

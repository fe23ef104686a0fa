#!/usr/bin/env python3
"""Writes requests.json: the requests of Twilio's official Python library for the operations of the
client. Needs `pip install twilio` (made with 9.13.0). No network: a server on loopback receives
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

PREFIXES = "AC MG PN AP SM CA HX SK ME RE CF SC AI QE BN HH NO TK AD RI BU BY".split()
AC, MG, PN, AP, SM, CA, HX, SK, ME, RE, CF, SC, AI, QE, BN, HH, NO, TK, AD, RI, BU, BY = (
    p + "0" * 31 + "1" for p in PREFIXES)
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

    do_GET = do_POST = do_DELETE = answer

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
message, live = token.messages(SM), token.calls(CA)
services, service = token.messaging.v1.services, token.messaging.v1.services(MG)
TIME = datetime.datetime(2026, 11, 30, 20, 36, 27, tzinfo=datetime.timezone.utc)
DAY = TIME.date()
SETTINGS = dict(
    inbound_request_url=URL, inbound_method="POST", fallback_url=URL, fallback_method="GET", status_callback=URL,
    sticky_sender=True, mms_converter=False, smart_encoding=True, scan_message_content="inherit",
    fallback_to_long_code=False, area_code_geomatch=True, validity_period=600, synchronous_validation=False,
    usecase="notifications", use_inbound_webhook_on_number=True)

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
    "text, all of the rest": lambda: send(
        to=TO, from_=FROM, body="Hello", max_price="0.05", force_delivery=True, traffic_type="free"),
    "list messages": lambda: token.messages.page(
        to=TO, from_="whatsapp:" + FROM, date_sent="2026-11-30", date_sent_before=TIME, date_sent_after=TIME,
        page_size=10),
    "redact message": lambda: message.update(body=""),
    "cancel message": lambda: message.update(status="canceled"),
    "delete message": lambda: message.delete(),
    "list media": lambda: message.media.page(
        date_created="2026-11-30", date_created_before=TIME, date_created_after=TIME, page_size=10),
    "fetch media": lambda: message.media(ME).fetch(),
    "delete media": lambda: message.media(ME).delete(),
    "feedback": lambda: message.feedback.create(outcome="confirmed"),
    "call, all of the rest": lambda: call(
        to="sip:ann@clinic.example", from_=FROM, application_sid=AP, sip_auth_username="ann",
        sip_auth_password="secret", caller_id="Clinic", call_token="token", byoc=BY,
        client_notification_url=URL),
    "list calls": lambda: token.calls.page(
        to=TO, from_=FROM, parent_call_sid=CA, status="no-answer", start_time="2026-11-30", start_time_before=TIME,
        start_time_after=TIME, end_time="2026-11-30", end_time_before=TIME, end_time_after=TIME, page_size=10),
    "hang up": lambda: live.update(status="completed"),
    "cancel call": lambda: live.update(status="canceled"),
    "redirect call to TwiML": lambda: live.update(twiml="<Response/>"),
    "redirect call to a URL": lambda: live.update(
        url=URL, method="GET", fallback_url=URL, fallback_method="POST", status_callback=URL,
        status_callback_method="GET"),
    "limit call": lambda: live.update(time_limit=600),
    "delete call": lambda: live.delete(),
    "record call": lambda: live.recordings.create(
        recording_status_callback_event=["in-progress", "completed"], recording_status_callback=URL,
        recording_status_callback_method="GET", trim="trim-silence", recording_channels="dual",
        recording_track="inbound"),
    "pause recording": lambda: live.recordings("Twilio.CURRENT").update(status="paused", pause_behavior="skip"),
    "stop recording": lambda: live.recordings(RE).update(status="stopped"),
    "list call recordings": lambda: live.recordings.page(
        date_created=DAY, date_created_before=DAY, date_created_after=DAY, page_size=10),
    "fetch call recording": lambda: live.recordings(RE).fetch(),
    "delete call recording": lambda: live.recordings(RE).delete(),
    "list recordings": lambda: token.recordings.page(
        call_sid=CA, conference_sid=CF, date_created="2026-11-30", date_created_before=TIME, date_created_after=TIME,
        include_soft_deleted=True, page_size=10),
    "fetch recording": lambda: token.recordings(RE).fetch(include_soft_deleted=True),
    "delete recording": lambda: token.recordings(RE).delete(),
    "number, all of the rest": lambda: numbers(PN).update(
        trunk_sid=TK, voice_receive_mode="voice", emergency_status="Active", emergency_address_sid=AD,
        address_sid=AD, identity_sid=RI, bundle_sid=BU),
    "list numbers by origin": lambda: numbers.page(origin="twilio"),
    "delete app": lambda: apps(AP).delete(),
    "fetch account": lambda: token.api.v2010.accounts(AC).fetch(),
    "list accounts": lambda: token.api.v2010.accounts.page(friendly_name="Site 1", status="active", page_size=10),
    "fetch balance": lambda: token.balance.fetch(),
    "create service": lambda: services.create(friendly_name="Study 1", **SETTINGS),
    "update service": lambda: service.update(friendly_name="Study 2", **SETTINGS),
    "fetch service": lambda: service.fetch(),
    "fetch usecases": lambda: token.messaging.v1.usecases.fetch(),
    "list services": lambda: services.page(page_size=10),
    "delete service": lambda: service.delete(),
    "add number": lambda: service.phone_numbers.create(phone_number_sid=PN),
    "list service numbers": lambda: service.phone_numbers.page(page_size=10),
    "fetch service number": lambda: service.phone_numbers(PN).fetch(),
    "remove number": lambda: service.phone_numbers(PN).delete(),
    "add short code": lambda: service.short_codes.create(short_code_sid=SC),
    "list service short codes": lambda: service.short_codes.page(page_size=10),
    "fetch service short code": lambda: service.short_codes(SC).fetch(),
    "remove short code": lambda: service.short_codes(SC).delete(),
    "add name": lambda: service.alpha_senders.create(alpha_sender="My Clinic"),
    "list names": lambda: service.alpha_senders.page(page_size=10),
    "fetch name": lambda: service.alpha_senders(AI).fetch(),
    "remove name": lambda: service.alpha_senders(AI).delete(),
    "list campaigns": lambda: service.us_app_to_person.page(page_size=10),
    "fetch campaign": lambda: service.us_app_to_person(QE).fetch(),
    "list brands": lambda: token.messaging.v1.brand_registrations.page(page_size=10),
    "fetch brand": lambda: token.messaging.v1.brand_registrations(BN).fetch(),
    "list toll-free": lambda: token.messaging.v1.tollfree_verifications.page(
        tollfree_phone_number_sid=PN, status="TWILIO_APPROVED", external_reference_id="site-1",
        include_sub_accounts=True, trust_product_sid=[BU, BU], page_size=10),
    "fetch toll-free": lambda: token.messaging.v1.tollfree_verifications(HH).fetch(),
    "look up": lambda: token.lookups.v2.phone_numbers(TO).fetch(),
    "look up the line": lambda: token.lookups.v2.phone_numbers(TO).fetch(fields="validation,line_type_intelligence"),
    "messaging permissions": lambda: token.accounts.v1.messaging_geopermissions.fetch(country_code="AU"),
    "list dialing permissions": lambda: token.voice.v1.dialing_permissions.countries.page(
        iso_code="AU", continent="OCEANIA", country_code="61", low_risk_numbers_enabled=True,
        high_risk_special_numbers_enabled=False, high_risk_tollfraud_numbers_enabled=False, page_size=10),
    "fetch dialing permission": lambda: token.voice.v1.dialing_permissions.countries("AU").fetch(),
    "dialing settings": lambda: token.voice.v1.dialing_permissions.settings().fetch(),
    "list alerts": lambda: token.monitor.v1.alerts.page(
        log_level="error", start_date=TIME, end_date=TIME, page_size=10),
    "fetch alert": lambda: token.monitor.v1.alerts(NO).fetch(),
    "list events": lambda: token.monitor.v1.events.page(
        actor_sid="US" + "0" * 31 + "1", event_type="application.updated", resource_sid=AP,
        source_ip_address="192.0.2.1", start_date=TIME, end_date=TIME, page_size=5),
    "list short codes": lambda: token.short_codes.page(friendly_name="Clinic", short_code="12345", page_size=5),
    "fetch short code": lambda: token.short_codes(SC).fetch(),
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

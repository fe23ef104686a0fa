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

PREFIXES = "AC MG PN AP SM CA HX SK ME RE CF SC AI QE BN HH NO TK AD RI BU BY QU TR AE VT OQ".split()
AC, MG, PN, AP, SM, CA, HX, SK, ME, RE, CF, SC, AI, QE, BN, HH, NO, TK, AD, RI, BU, BY, QU, TR, AE, VT, OQ = (
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

    do_GET = do_POST = do_PATCH = do_DELETE = answer

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
# Without credentials: those of an OAuth app are in the parameters.
bare = Client(http_client=Rerooted(), environment={"": ""}).oauth
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

conference, queue, recording = token.conferences(CF), token.queues(QU), token.recordings(RE)
sale, brands = token.available_phone_numbers, token.messaging.v1.brand_registrations
tokens, consents = token.accounts.v1, token.accounts.v1.bulk_consents
dialing = token.voice.v1.dialing_permissions
NUMBER = dict(
    friendly_name="Clinic", voice_application_sid=AP, sms_application_sid=AP, voice_url=URL, voice_method="POST",
    voice_fallback_url=URL, voice_fallback_method="GET", voice_caller_id_lookup=True, sms_url=URL, sms_method="GET",
    sms_fallback_url=URL, sms_fallback_method="POST", status_callback=URL, status_callback_method="GET", trunk_sid=TK,
    voice_receive_mode="voice", emergency_status="Active", emergency_address_sid=AD, address_sid=AD, identity_sid=RI,
    bundle_sid=BU)
CAMPAIGN = dict(
    description="Reminders of visits for people who take part in a study of a clinic.",
    message_flow="People agree on paper when they enrol, and can text STOP at any time.",
    message_samples=["Your visit is tomorrow at 9:00. Reply STOP to opt out.",
                     "Your visit was moved to Friday. Reply STOP to opt out."],
    has_embedded_links=True, has_embedded_phone=False, privacy_policy_url="https://clinic.example/privacy",
    terms_and_conditions_url="https://clinic.example/terms")


def text(value):
    """Returns JSON as the client writes it: compact, with sorted keys."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def low_risk(country, low, special, fraud):
    return {"iso_code": country, "low_risk_numbers_enabled": low, "high_risk_special_numbers_enabled": special,
            "high_risk_tollfraud_numbers_enabled": fraud}


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
    "list conferences": lambda: token.conferences.page(
        date_created=DAY, date_created_before=DAY, date_created_after=DAY, date_updated=DAY, date_updated_before=DAY,
        date_updated_after=DAY, friendly_name="visit-17", status="in-progress", page_size=10),
    "fetch conference": lambda: conference.fetch(),
    "end conference": lambda: conference.update(status="completed"),
    "announce": lambda: conference.update(announce_url=URL, announce_method="GET"),
    "add participant": lambda: token.conferences("visit 17").participants.create(
        to="sip:ann@clinic.example", from_=FROM, label="nurse", timeout=30, time_limit=600, status_callback=URL,
        status_callback_method="POST", status_callback_event=["ringing", "completed"], muted=True, beep="onEnter",
        start_conference_on_enter=True, end_conference_on_exit=False, wait_url=URL, wait_method="GET",
        early_media=False, max_participants=5, coaching=True, call_sid_to_coach=CA, jitter_buffer_size="small",
        region="ie1", conference_record="record-from-start", conference_trim="do-not-trim",
        conference_status_callback=URL, conference_status_callback_method="POST",
        conference_status_callback_event=["start", "join"], conference_recording_status_callback=URL,
        conference_recording_status_callback_method="POST",
        conference_recording_status_callback_event=["in-progress", "completed"], record=True,
        recording_channels="dual", recording_track="both", trim="trim-silence", recording_status_callback=URL,
        recording_status_callback_method="GET", recording_status_callback_event=["in-progress", "absent"],
        machine_detection="Enable", machine_detection_timeout=20, machine_detection_speech_threshold=2000,
        machine_detection_speech_end_threshold=1000, machine_detection_silence_timeout=4000,
        amd_status_callback=URL, amd_status_callback_method="GET", sip_auth_username="ann",
        sip_auth_password="secret", caller_id="Clinic", caller_display_name="Clinic", call_reason="Visit",
        call_token="token", byoc=BY, client_notification_url=URL),
    "add participant to a conference": lambda: conference.participants.create(to=TO, from_=FROM),
    "list participants": lambda: conference.participants.page(muted=True, hold=False, coaching=False, page_size=10),
    "fetch participant": lambda: conference.participants(CA).fetch(),
    "update participant": lambda: conference.participants(CA).update(
        muted=True, hold=True, hold_url=URL, hold_method="POST", wait_url=URL, wait_method="GET", beep_on_exit=True,
        end_conference_on_exit=False, coaching=True, call_sid_to_coach=CA),
    "announce to participant": lambda: conference.participants(CA).update(announce_url=URL, announce_method="POST"),
    "remove participant": lambda: conference.participants(CA).delete(),
    "create queue": lambda: token.queues.create(friendly_name="visits", max_size=5),
    "update queue": lambda: queue.update(friendly_name="visits", max_size=10),
    "fetch queue": lambda: queue.fetch(),
    "list queues": lambda: token.queues.page(page_size=10),
    "delete queue": lambda: queue.delete(),
    "list queue members": lambda: queue.members.page(page_size=10),
    "fetch front member": lambda: queue.members("Front").fetch(),
    "fetch queue member": lambda: queue.members(CA).fetch(),
    "connect queue member": lambda: queue.members(CA).update(url=URL, method="GET"),
    "list call events": lambda: live.events.page(page_size=10),
    "list transcriptions": lambda: recording.transcriptions.page(page_size=10),
    "fetch transcription": lambda: recording.transcriptions(TR).fetch(),
    "delete transcription": lambda: recording.transcriptions(TR).delete(),
    "verify caller ID": lambda: token.validation_requests.create(
        phone_number=TO, friendly_name="Reception", call_delay=15, extension="17", status_callback=URL,
        status_callback_method="POST"),
    "list caller IDs": lambda: token.outgoing_caller_ids.page(
        phone_number=TO, friendly_name="Reception", page_size=10),
    "fetch caller ID": lambda: token.outgoing_caller_ids(PN).fetch(),
    "update caller ID": lambda: token.outgoing_caller_ids(PN).update(friendly_name="Reception"),
    "delete caller ID": lambda: token.outgoing_caller_ids(PN).delete(),
    "list countries with numbers": lambda: sale.page(page_size=10),
    "find local numbers": lambda: sale("US").local.page(
        area_code=415, contains="555", sms_enabled=True, mms_enabled=True, voice_enabled=True, fax_enabled=False,
        exclude_all_address_required=True, exclude_local_address_required=True,
        exclude_foreign_address_required=True, beta=False, near_number=FROM, near_lat_long="37.7749,-122.4194",
        distance=50, in_postal_code="94105", in_region="CA", in_rate_center="SNFC CNTRL", in_lata="722",
        in_locality="San Francisco", page_size=10),
    "find toll-free numbers": lambda: sale("US").toll_free.page(contains="800"),
    "buy number": lambda: numbers.create(phone_number=FROM, **NUMBER),
    "buy number of an area": lambda: numbers.create(area_code="415"),
    "release number": lambda: numbers(PN).delete(),
    "update short code": lambda: token.short_codes(SC).update(
        friendly_name="Clinic", sms_url=URL, sms_method="POST", sms_fallback_url=URL, sms_fallback_method="GET"),
    "list usage": lambda: token.usage.records.page(
        category="sms-outbound", start_date=DAY, end_date=DAY, include_subaccounts=True, page_size=10),
    "create second token": lambda: tokens.secondary_auth_token().create(),
    "delete second token": lambda: tokens.secondary_auth_token().delete(),
    "fetch access token": lambda: bare.v2.token.create(
        grant_type="client_credentials", client_id=OQ, client_secret="secret", audience=URL, scope="messages"),
    "exchange authorization code": lambda: bare.v1.token.create(
        grant_type="authorization_code", client_id=OQ, client_secret="secret", code="code", redirect_uri=URL,
        audience=URL, scope="messages"),
    "refresh access token": lambda: bare.v2.token.create(
        grant_type="refresh_token", client_id=OQ, refresh_token="token"),
    "promote token": lambda: tokens.auth_token_promotion().update(),
    "list number as safe": lambda: tokens.safelist.create(phone_number=TO),
    "fetch safe number": lambda: tokens.safelist.fetch(phone_number=TO),
    "remove safe number": lambda: tokens.safelist.delete(phone_number=TO),
    "upload consents": lambda: consents.create(items=[
        text({"contact_id": TO, "sender_id": MG, "status": "opt-out", "source": "offline"}),
        text({"contact_id": TO, "sender_id": FROM, "status": "opt-in", "source": "website",
              "correlation_id": "ad388b5a46b33b874b0d41f7226db2ef", "date_of_consent": "2026-11-30T20:36:27Z"})]),
    "deactivations": lambda: token.messaging.v1.deactivations().fetch(date=DAY),
    "fetch event": lambda: token.monitor.v1.events(AE).fetch(),
    "change messaging permissions": lambda: tokens.messaging_geopermissions.update(permissions=[
        text({"country_code": "AU", "type": "country", "enabled": True}),
        text({"country_code": "RU", "type": "country", "enabled": False})]),
    "change dialing permissions": lambda: dialing.bulk_country_updates.create(update_request=text([
        low_risk("AU", "true", "false", "false"), low_risk("RU", "false", "true", "true")])),
    "change dialing settings": lambda: dialing.settings().update(dialing_permissions_inheritance=True),
    "create brand": lambda: brands.create(
        customer_profile_bundle_sid=BU, a2p_profile_bundle_sid=BU, brand_type="STANDARD", mock=True,
        skip_automatic_sec_vet=True),
    "update brand": lambda: brands(BN).update(),
    "text passcode": lambda: brands(BN).brand_registration_otps.create(),
    "create vetting": lambda: brands(BN).brand_vettings.create(vetting_provider="campaign-verify", vetting_id="cv-1"),
    "list vettings": lambda: brands(BN).brand_vettings.page(vetting_provider="aegis"),
    "fetch vetting": lambda: brands(BN).brand_vettings(VT).fetch(),
    "create campaign": lambda: service.us_app_to_person.create(
        brand_registration_sid=BN, us_app_to_person_usecase="ACCOUNT_NOTIFICATION",
        opt_in_message="You will receive reminders. Reply STOP to opt out.",
        opt_out_message="You will receive no more reminders.",
        help_message="Call the clinic. Reply STOP to opt out.", opt_in_keywords=["START", "YES"],
        opt_out_keywords=["STOP", "END"], help_keywords=["HELP", "INFO"], subscriber_opt_in=True, age_gated=False,
        direct_lending=False, **CAMPAIGN),
    "update campaign": lambda: service.us_app_to_person(QE).update(age_gated=True, direct_lending=False, **CAMPAIGN),
    "delete campaign": lambda: service.us_app_to_person(QE).delete(),
    "campaign use cases": lambda: service.us_app_to_person_usecases.fetch(brand_registration_sid=BN),
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

"""Numbers: search, purchase, settings, applications, caller IDs."""
from twilio.twiml.voice_response import VoiceResponse

from support import CLINIC, VOLUNTEER, error, is_recent


def a_number_is_bought(client, stage, app):
    countries = client.available_phone_numbers.list()
    usa = client.available_phone_numbers("US")
    country = usa.fetch()
    local = usa.local.list(area_code=415, limit=3)
    pattern = usa.local.list(contains="510555****", limit=1)
    toll_free = usa.toll_free.list(limit=2)
    mobile = client.available_phone_numbers("GB").mobile.list(limit=2)
    numbers = client.incoming_phone_numbers
    bought = numbers.create(phone_number=local[0].phone_number, friendly_name="Front desk")
    by_area = numbers.create(area_code="512")
    free = numbers.toll_free.create(phone_number=toll_free[0].phone_number)
    updated = numbers(bought.sid).update(
        voice_url=app.answer("/voice", hello()), voice_method="GET", sms_url=app.url("/sms")
    )
    fetched = numbers(bought.sid).fetch()
    call = stage.play("call", phone=VOLUNTEER, to=bought.phone_number)
    heard = stage.play("hear", call=call)
    stage.play("ended", call=call)
    refused = {
        "taken": error(numbers.create, phone_number=bought.phone_number),
        "unavailable": error(numbers.create, phone_number="+15005550000"),
        "invalid": error(numbers.create, phone_number="+15005550001"),
        "no_number": error(numbers.create, area_code="533"),
        "bad_url": error(numbers(bought.sid).update, voice_url="clinic"),
        "unknown": error(numbers("PN" + "0" * 32).fetch),
    }
    return {
        "countries": {"US", "GB"} <= {item.country_code for item in countries},
        "country": [country.country_code, country.country, bool(country.subresource_uris)],
        "local": [len(local), all(item.phone_number.startswith("+1415") for item in local)],
        "capabilities": local[0].capabilities["sms"],
        "pattern": [item.phone_number[:8] for item in pattern],
        "toll_free": len(toll_free),
        "mobile": [item.iso_country for item in mobile],
        "bought": [bought.sid[:2], bought.friendly_name, bought.capabilities["sms"]],
        "by_area": by_area.phone_number[:5],
        "free": free.phone_number == toll_free[0].phone_number,
        "updated": [updated.voice_url == app.url("/voice"), updated.voice_method],
        "fetched": [fetched.sms_url == app.url("/sms"), is_recent(fetched.date_created)],
        "heard": heard,
        "refused": refused,
        "lists": [
            len(numbers.list()),
            len(numbers.list(phone_number="+1415*")),
            len(numbers.list(friendly_name="Front desk")),
            len(numbers.local.list()),
            len(numbers.toll_free.list()),
            len(numbers.mobile.list()),
        ],
        "add_ons": len(numbers(bought.sid).assigned_add_ons.list()),
        "deleted": [numbers(bought.sid).delete(), error(numbers(bought.sid).fetch)],
        "left": len(numbers.list()),
    }


def hello():
    response = VoiceResponse()
    response.say("Hello from the app.")
    return response


def an_application_answers(client, stage, app):
    applications = client.applications
    created = applications.create(friendly_name="Clinic", voice_url=app.answer("/old", ""))
    updated = applications(created.sid).update(
        friendly_name="Clinic 2",
        voice_url=app.answer("/voice", hello()),
        sms_url=app.answer("/sms", ""),
        status_callback=app.url("/ended"),
    )
    fetched = applications(created.sid).fetch()
    [number] = client.incoming_phone_numbers.list()
    bound = number.update(voice_application_sid=created.sid, sms_application_sid=created.sid)
    call = stage.play("call", phone=VOLUNTEER, to=CLINIC)
    heard = stage.play("hear", call=call)
    stage.play("ended", call=call)
    stage.play("text", phone=VOLUNTEER, to=CLINIC, body="Hello")
    placed = client.calls.create(to=VOLUNTEER, from_=CLINIC, application_sid=created.sid)
    leg = stage.play("answer", phone=VOLUNTEER)
    stage.play("ended", call=leg)
    stage.play("idle")
    return {
        "created": [created.sid[:2], created.friendly_name, is_recent(created.date_created)],
        "updated": [updated.friendly_name, updated.voice_url == app.url("/voice")],
        "fetched": [fetched.sid == created.sid, fetched.voice_method],
        "bound": [bound.voice_application_sid == created.sid],
        "heard": [heard, stage.play("hear", call=leg)],
        "placed": placed.status,
        "texts": [fields["Body"] for fields in app.received("/sms")],
        "ended": [fields["CallStatus"] for fields in app.received("/ended")],
        "listed": [
            len(applications.list(friendly_name=name)) for name in ("Clinic", "Clinic 2")
        ],
        "deleted": [applications(created.sid).delete(), len(applications.list())],
    }


def a_caller_id_is_verified(client, stage, app):
    def call():
        return error(client.calls.create, to=CLINIC, from_=VOLUNTEER, twiml=hello())

    before = call()
    request = client.validation_requests.create(
        phone_number=VOLUNTEER, friendly_name="Reception", status_callback=app.url("/verified")
    )
    leg = stage.play("answer", phone=VOLUNTEER)
    stage.play("press", call=leg, keys=request.validation_code)
    stage.play("ended", call=leg)
    stage.play("idle")
    callers = client.outgoing_caller_ids
    [listed] = callers.list(phone_number=VOLUNTEER)
    renamed = callers(listed.sid).update(friendly_name="Desk")
    [verified] = app.received("/verified")
    return {
        "before": before,
        "request": [request.phone_number, request.friendly_name, request.call_sid == leg],
        "verified": [verified["VerificationStatus"], verified["OutgoingCallerIdSid"] == listed.sid],
        "renamed": [renamed.friendly_name, callers(listed.sid).fetch().phone_number],
        "after": call(),
        "deleted": [callers(listed.sid).delete(), len(callers.list())],
    }

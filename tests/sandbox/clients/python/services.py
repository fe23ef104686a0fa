"""Messaging Services: their pool, texts through them, and registrations."""
from support import CLINIC, VOLUNTEER, error, is_recent


def a_service_with_a_pool(client, stage, app):
    services = client.messaging.v1.services
    created = services.create(
        friendly_name="Clinic",
        inbound_request_url=app.answer("/sms", ""),
        status_callback=app.url("/status"),
        sticky_sender=True,
    )
    other = services.create(friendly_name="Other")
    fetched = services(created.sid).fetch()
    updated = services(created.sid).update(friendly_name="Clinic 2", validity_period=600)
    empty = error(
        client.messages.create, to=VOLUNTEER, messaging_service_sid=created.sid, body="Hello"
    )
    [own] = client.incoming_phone_numbers.list()
    second = stage.play("add_number", number="+14155550101")
    pool = services(created.sid).phone_numbers
    added = [pool.create(phone_number_sid=sid) for sid in (own.sid, second)]
    twice = error(pool.create, phone_number_sid=own.sid)
    elsewhere = error(services(other.sid).phone_numbers.create, phone_number_sid=own.sid)
    in_pool = pool(own.sid).fetch()
    sent = client.messages.create(
        to=VOLUNTEER, messaging_service_sid=created.sid, body="Your visit is tomorrow."
    )
    stage.play("idle")
    arrived = client.messages(sent.sid).fetch()
    stage.play("text", phone=VOLUNTEER, to=CLINIC, body="Yes")
    [inbound] = app.received("/sms")
    stage.play("text", phone=VOLUNTEER, to=CLINIC, body="STOP")
    refused = [
        error(client.messages.create, to=VOLUNTEER, body="Hello", **sender)
        for sender in ({"messaging_service_sid": created.sid}, {"from_": "+14155550101"})
    ]
    return {
        "created": [created.sid[:2], created.friendly_name, is_recent(created.date_created)],
        "fetched": [fetched.inbound_request_url == app.url("/sms"), fetched.sticky_sender],
        "updated": [updated.friendly_name, updated.validity_period],
        "empty": empty,
        "added": [[item.phone_number, item.country_code] for item in added],
        "refused_numbers": [twice[1], elsewhere[1]],
        "in_pool": [in_pool.sid == own.sid, is_recent(in_pool.date_created)],
        "capabilities": sorted(word.lower() for word in in_pool.capabilities),
        "pool": sorted(item.phone_number for item in pool.list(page_size=1)),
        "sent": [sent.status, sent.from_, sent.num_segments],
        "arrived": [arrived.status, arrived.from_ in (CLINIC, "+14155550101")],
        "callbacks": [
            [fields["MessageStatus"], fields["MessagingServiceSid"] == created.sid]
            for fields in app.received("/status")
            if fields["MessageStatus"] != "queued"
        ],
        "inbound": [inbound["Body"], inbound["MessagingServiceSid"] == created.sid],
        "refused_texts": refused,
        "short_codes": len(services(created.sid).short_codes.list()),
        "removed": [pool(own.sid).delete(), len(pool.list())],
        "listed": [len(services.list(page_size=1)), len(services.list(limit=1))],
        "deleted": [services(created.sid).delete(), error(services(created.sid).fetch)],
    }


def registrations(client, stage, app):
    messaging = client.messaging.v1
    service = messaging.services.create(friendly_name="Clinic")
    return {
        "brands": len(messaging.brand_registrations.list()),
        "campaigns": len(messaging.services(service.sid).us_app_to_person.list()),
        "toll_free": len(messaging.tollfree_verifications.list()),
        "short_codes": len(client.short_codes.list()),
    }

"""The account: its keys, tokens, usage, permissions and alerts."""
from twilio.request_validator import RequestValidator

from support import CLINIC, VOLUNTEER, client as client_with, error, is_recent


def the_account(client, stage, app):
    own = client.api.v2010.accounts(client.account_sid)
    fetched = own.fetch()
    renamed = own.update(friendly_name="Clinic")
    child = client.api.v2010.accounts.create(friendly_name="Branch")
    suspended = client.api.v2010.accounts(child.sid).update(status="suspended")
    listed = client.api.v2010.accounts.list()
    balance = client.balance.fetch()
    traversal = client.tokens.create(ttl=600)
    client.messages.create(to=VOLUNTEER, from_=CLINIC, body="Hello")
    stage.play("idle")
    usage = client.usage.records.list(category="sms-outbound")
    today = client.usage.records.today.list(category="sms-outbound")
    return {
        "fetched": [fetched.sid == client.account_sid, fetched.status, fetched.type],
        "dates": [is_recent(fetched.date_created), is_recent(child.date_created)],
        "renamed": renamed.friendly_name,
        "child": [child.sid[:2], child.status, child.owner_account_sid == client.account_sid],
        "suspended": suspended.status,
        "listed": sorted(account.friendly_name for account in listed),
        "balance": [balance.currency, float(balance.balance) > 0],
        "traversal": [traversal.ttl, len(traversal.ice_servers), bool(traversal.password)],
        "usage": [[record.category, record.count] for record in usage + today],
        "empty": [
            len(client.usage.triggers.list()),
            len(client.addresses.list()),
            len(client.connect_apps.list()),
            len(client.authorized_connect_apps.list()),
            len(client.sip.domains.list()),
            len(client.sip.credential_lists.list()),
            len(client.sip.ip_access_control_lists.list()),
            len(client.transcriptions.list()),
        ],
    }


def keys_and_tokens(client, stage, app):
    created = client.new_keys.create(friendly_name="Server")
    with_key = client_with(created.sid, created.secret)
    wrong = client_with(created.sid, "wrong")
    read = len(with_key.incoming_phone_numbers.list())
    refused = error(wrong.balance.fetch)
    renamed = client.keys(created.sid).update(friendly_name="Server 2")
    signing = client.new_signing_keys.create(friendly_name="Voice")
    newer = client.iam.v1.new_api_key.create(account_sid=client.account_sid, friendly_name="New")
    listed = client.iam.v1.get_api_keys.list(account_sid=client.account_sid)
    fetched = client.iam.v1.api_key(newer.sid).fetch()
    result = {
        "created": [created.sid[:2], bool(created.secret), is_recent(created.date_created)],
        "read": read,
        "refused": refused,
        "renamed": [renamed.friendly_name, client.keys(created.sid).fetch().friendly_name],
        "signing": [signing.sid[:2], len(client.signing_keys.list()), len(client.keys.list())],
        "newer": [fetched.friendly_name, is_recent(fetched.date_created), len(listed)],
        "deleted": [
            client.keys(created.sid).delete(),
            client.signing_keys(signing.sid).delete(),
            client.iam.v1.api_key(newer.sid).delete(),
        ],
        "after": [len(client.keys.list()), error(with_key.balance.fetch)],
    }
    accounts = client.accounts.v1
    secondary = accounts.secondary_auth_token().create().secondary_auth_token
    with_token = client_with(client.account_sid, secondary)
    result["secondary"] = len(with_token.incoming_phone_numbers.list())
    result["withdrawn"] = [
        accounts.secondary_auth_token().delete(),
        error(with_token.balance.fetch),
    ]
    secondary = accounts.secondary_auth_token().create().secondary_auth_token
    promoted = accounts.auth_token_promotion().update()
    with_token = client_with(client.account_sid, secondary)
    # The promoted token signs webhooks from now on.
    app.validator = RequestValidator(secondary)
    with_token.incoming_phone_numbers.list()[0].update(sms_url=app.url("/sms"))
    stage.play("text", phone=VOLUNTEER, to=CLINIC, body="Hello")
    result["signed"] = len(app.received("/sms"))
    result["promoted"] = [
        promoted.auth_token == secondary,
        is_recent(promoted.date_updated),
        len(with_token.incoming_phone_numbers.list()),
        error(client.balance.fetch),
    ]
    return result


def permissions_and_alerts(client, stage, app):
    countries = client.voice.v1.dialing_permissions.countries
    france = countries("FR").fetch()
    texts = client.accounts.v1.messaging_geopermissions.fetch(country_code="FR")
    [number] = client.incoming_phone_numbers.list()
    number.update(sms_url=app.answer("/sms", "<Response><Letter/></Response>"))
    stage.play("text", phone=VOLUNTEER, to=CLINIC, body="Hello")
    number.update(sms_url=app.answer("/broken", "<Response>"))
    stage.play("text", phone=VOLUNTEER, to=CLINIC, body="Hello")
    stage.play("idle")
    alerts = client.monitor.v1.alerts
    listed = alerts.list()
    one = alerts(listed[0].sid).fetch()
    return {
        "countries": len(countries.list(iso_code="FR")),
        "france": [france.iso_code, france.low_risk_numbers_enabled],
        "texts": len(texts.permissions),
        "alerts": [[alert.error_code, alert.log_level] for alert in listed],
        "by_level": [len(alerts.list(log_level=level)) for level in ("error", "warning", "notice")],
        "dates": [is_recent(listed[0].date_created), is_recent(listed[0].date_generated)],
        "one": [one.sid == listed[0].sid, one.request_method, one.request_url == app.url("/broken")],
        "events": len(client.monitor.v1.events.list()),
        "unknown": error(alerts("NO" + "0" * 32).fetch),
    }

"""Twilio's official client and the program, without the control API."""
import pytest
from clinspark_twilio_sandbox import SandboxError, run
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

PERSON = "+14155550123"


def test_a_text_is_delivered(twilio_sandbox, client):
    sent = client.messages.create(to=PERSON, from_=twilio_sandbox.number, body="Your code is 1234.")
    assert [(found.sid, found.body) for found in client.messages.list()] == [(sent.sid, "Your code is 1234.")]


def test_other_products_have_a_path_of_their_own(twilio_sandbox, client):
    service = client.messaging.v1.services.create(friendly_name="Clinic")
    assert [found.sid for found in client.messaging.v1.services.list()] == [service.sid]
    assert service.url.startswith(f"{twilio_sandbox.base_url}/messaging/v1/Services/")


def test_two_sandboxes_know_nothing_of_each_other(twilio_sandbox, client):
    with run("--number", "+14155550199") as other:
        elsewhere = other.point(Client(other.account_sid, other.auth_token))
        elsewhere.messages.create(to=PERSON, from_="+14155550199", body="x")
        with pytest.raises(TwilioRestException):
            client.messages.create(to=PERSON, from_="+14155550199", body="x")
    assert client.messages.list() == []


def test_an_option_replaces_the_default():
    with run("--clock", "held") as held, run("--clock=real", "--port=0") as real:
        assert [sandbox.control("GET", "/clock")["mode"] for sandbox in (held, real)] == ["held", "real"]


def test_wrong_options_are_told():
    with pytest.raises(SandboxError, match="exit code 2"):
        with run("--clock", "fast"):
            pass

"""A text, a reply and a call with a key, through Twilio's official client and validator."""
PERSON = "+14155550123"


def test_a_text_reaches_the_phone(twilio_sandbox, client):
    twilio_sandbox.control("POST", "/phones", {"number": PERSON, "name": "Ana"})
    sent = client.messages.create(to=PERSON, from_=twilio_sandbox.number, body="Your code is 1234.")
    latest = twilio_sandbox.control("GET", f"/phones/{PERSON}/messages/latest?wait=5")
    assert (latest["sid"], latest["body"]) == (sent.sid, "Your code is 1234.")
    assert client.messages(sent.sid).fetch().status == "delivered"


def test_a_reply_is_answered(twilio_sandbox, app):
    twilio_sandbox.control("POST", "/phones", {"number": PERSON})
    text = {"to": twilio_sandbox.number, "body": "YES"}
    exchange = twilio_sandbox.control("POST", f"/phones/{PERSON}/messages?wait=5", text)
    assert [reply["body"] for reply in exchange["replies"]] == ["Thank you for YES."]
    assert [path for path, _ in app.received] == ["/sms"]


def test_a_key_is_heard(twilio_sandbox, client, app):
    twilio_sandbox.control("POST", "/phones", {"number": PERSON})
    placed = client.calls.create(to=PERSON, from_=twilio_sandbox.number, url=f"{app.url}/voice")
    answered = twilio_sandbox.control("POST", f"/phones/{PERSON}/answer?wait=5")
    assert answered["sid"] == placed.sid
    call = twilio_sandbox.control("POST", f"/calls/{placed.sid}/keys?wait=5", {"keys": "1"})
    heard = [entry["content"] for entry in call["transcript"] if entry["party"] == "app"]
    assert heard == ["Press one to confirm.", "Confirmed."]
    assert [path for path, _ in app.received] == ["/voice", "/key"]
    assert client.calls(placed.sid).fetch().status == "completed"

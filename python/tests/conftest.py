"""The official client of a sandbox, and an application that answers its webhooks."""
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Gather, VoiceResponse


class App:
    """A webhook service. It answers a request with 403 if the official validator rejects it."""

    def __init__(self, token):
        self.validator = RequestValidator(token)
        self.received = []
        self.rejected = 0
        app = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                parameters = dict(parse_qsl(body, keep_blank_values=True))
                signature = self.headers["X-Twilio-Signature"]
                is_valid = app.validator.validate(app.url + self.path, parameters, signature)
                answer = app.answer(self.path, parameters).encode() if is_valid else b""
                app.rejected += not is_valid
                self.send_response(200 if is_valid else 403)
                self.send_header("Content-Type", "text/xml")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path, parameters):
        self.received.append((path, parameters))
        if path == "/sms":
            response = MessagingResponse()
            response.message(f"Thank you for {parameters['Body']}.")
        else:
            response = VoiceResponse()
            if path == "/voice":
                gather = Gather(num_digits=1, action="/key")
                gather.say("Press one to confirm.")
                response.append(gather)
            else:
                response.say("Confirmed." if parameters["Digits"] == "1" else "Wrong key.")
        return str(response)


@pytest.fixture
def client(twilio_sandbox):
    return twilio_sandbox.point(Client(twilio_sandbox.account_sid, twilio_sandbox.auth_token))


@pytest.fixture
def app(twilio_sandbox, client):
    app = App(twilio_sandbox.auth_token)
    (number,) = client.incoming_phone_numbers.list(phone_number=twilio_sandbox.number)
    number.update(sms_url=f"{app.url}/sms", voice_url=f"{app.url}/voice")
    yield app
    app.server.shutdown()
    assert app.rejected == 0

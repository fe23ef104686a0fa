"""Parties of a conversation: the official client, an application that answers webhooks, and the phones."""
import json
import os
import re
import threading
import urllib.request
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

CLINIC = "+14155550100"
VOLUNTEER = "+14155550123"
COLLEAGUE = "+14155550145"
NURSE = "+14155550199"
SANDBOX = urlsplit(os.environ["SANDBOX_URL"])


class SandboxHttpClient(TwilioHttpClient):
    """The official HTTP client, but for the host of each product."""

    def __init__(self):
        super().__init__()
        self.operations = set()

    def request(self, method, url, *args, **kwargs):
        parts = urlsplit(url)
        if parts.hostname.endswith(".twilio.com"):
            url = urlunsplit(parts._replace(scheme=SANDBOX.scheme, netloc=SANDBOX.netloc))
        response = super().request(method, url, *args, **kwargs)
        if response.status_code < 400:
            path = re.sub(r"\b[A-Z]{2}[0-9a-f]{32}\b", "{}", parts.path)
            self.operations.add(f"{method} {path}")
        return response


http = SandboxHttpClient()


def client(username=None, password=None):
    """Creates a client with the credentials of the account, from the environment, or with an API key."""
    account = os.environ["TWILIO_ACCOUNT_SID"]
    return Client(username, password, account, http_client=http)


class Stage:
    """Phones that the test plays."""

    def play(self, action, **details):
        body = json.dumps({"action": action, **details}).encode()
        try:
            with urllib.request.urlopen(os.environ["STAGE_URL"], body, timeout=60) as response:
                return json.load(response)
        except HTTPError as failure:
            raise RuntimeError(failure.read().decode()) from None


class App:
    """A webhook service. It rejects each request that the official validator rejects."""

    def __init__(self):
        self.validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
        self.requests = []
        self.rejected = []
        self.answers = {}
        self.origin = None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def answer(self, path, twiml):
        """Sets the answer for a path: TwiML, a status with a location, or a function of the parameters."""
        self.answers[path] = twiml
        return self.url(path)

    def received(self, path):
        return [parameters for at, parameters in self.requests if at == path]

    def respond(self, request, body):
        parts = urlsplit(request.path)
        parameters = dict(parse_qsl(body, keep_blank_values=True))
        url = (self.origin or f"http://{request.headers['Host']}") + request.path
        if not self.validator.validate(url, parameters, request.headers["X-Twilio-Signature"]):
            self.rejected.append(url)
            return 403, ""
        if request.command == "GET":
            parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.requests.append((parts.path, parameters))
        answer = self.answers.get(parts.path, "")
        answer = answer(parameters) if callable(answer) else answer
        return answer if isinstance(answer, tuple) else (200, str(answer))

    def handler(app):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                status, text = app.respond(self, body)
                self.send_response(status)
                self.send_header("Content-Type", "text/xml")
                if 300 <= status < 400:
                    self.send_header("Location", text)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST

            def log_message(self, *arguments):
                pass

        return Handler


def error(call, *arguments, **parameters):
    """Returns the error with which the client reports a failed request."""
    try:
        call(*arguments, **parameters)
    except TwilioRestException as failure:
        return [failure.status, failure.code]
    return None


def is_recent(moment):
    return isinstance(moment, datetime) and abs(now() - moment) < timedelta(minutes=5)


def now():
    return datetime.now(timezone.utc)

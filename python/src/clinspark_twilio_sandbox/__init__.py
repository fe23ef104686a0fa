"""A local Twilio for tests: REST API, signed webhooks and simulated phones; no account, no network."""
import json
import os
import shutil
import subprocess
import sysconfig
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

__all__ = ["Sandbox", "SandboxError", "run"]

# Loopback is never reached through the proxy of the environment.
_http = build_opener(ProxyHandler({}))


class SandboxError(Exception):
    """The program did not start, or the control API refused a request; the text says why."""


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox. Its credentials are invented."""

    base_url: str
    account_sid: str
    auth_token: str
    numbers: tuple

    @property
    def number(self):
        """First number of the account, in E.164."""
        return self.numbers[0]

    def point(self, client):
        """Points a client of the package `twilio` at the sandbox, for the API of 2010 and Messaging. Returns it."""
        client.api.base_url = self.base_url
        client.messaging.base_url = f"{self.base_url}/messaging"
        return client

    def control(self, method, path, body=None):
        """Sends a request to the control API, such as `control("POST", "/phones", {"number": "+14155550123"})`.

        Returns the JSON of the answer. Raises `SandboxError` if it is refused."""
        data = None if body is None and method in ("GET", "DELETE") else json.dumps(body or {}).encode()
        url = f"{self.base_url}/_sandbox{quote(path, safe='/?&=+')}"
        request = Request(url, data, {"Content-Type": "application/json"}, method=method)
        try:
            # The control API waits for at most 60 seconds.
            with _http.open(request, timeout=70) as answer:
                return json.loads(answer.read() or b"null")
        except HTTPError as refusal:
            raise SandboxError(f"{method} {path}: {refusal.code} {refusal.read().decode()}") from None


def program():
    """Returns the path of the program: that of this environment, or else the first on `PATH`."""
    name = "clinspark-twilio.exe" if os.name == "nt" else "clinspark-twilio"
    own = os.path.join(sysconfig.get_path("scripts"), name)
    found = own if os.path.exists(own) else shutil.which(name)
    if found is None:
        raise SandboxError(f"the program {name} is neither in {os.path.dirname(own)} nor on PATH; install the wheel again")
    return found


def _is_given(name, options):
    return any(option == name or option.startswith(f"{name}=") for option in options)


@contextmanager
def run(*options):
    """Runs a sandbox until the block ends. `options` are those of `clinspark-twilio sandbox`.

    Unless they say otherwise, the port is a free one, and the clock is `instant`."""
    defaults = {"--port": "0", "--clock": "instant"}
    unset = [part for name, value in defaults.items() if not _is_given(name, options) for part in (name, value)]
    command = [program(), "--json", "sandbox", *unset, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline()
            if not line:
                raise SandboxError(f"the program ended with exit code {process.wait()}; its error is above")
            shown = json.loads(line)
            yield Sandbox(shown["base_url"], shown["account_sid"], shown["auth_token"], tuple(shown["numbers"]))
        finally:
            process.terminate()

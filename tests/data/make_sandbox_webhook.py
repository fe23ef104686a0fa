#!/usr/bin/env python3
"""Signs the request of sandbox_webhook.json with Twilio's own library (`pip install twilio`).

The file holds the token, the URL and the parameters of one webhook as a sandbox sent it. The
script replaces its signature by the library's. SIDs and token differ in every run of the sandbox.
"""

import json
import pathlib

from twilio.request_validator import RequestValidator

path = pathlib.Path(__file__).with_name("sandbox_webhook.json")
request = json.loads(path.read_text())
parameters = dict(request["parameters"])
assert len(parameters) == len(request["parameters"]), "a name is repeated"
validator = RequestValidator(request["token"])
request["signature"] = validator.compute_signature(request["url"], parameters)
path.write_text(json.dumps(request, ensure_ascii=False, indent=1) + "\n")

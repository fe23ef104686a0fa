#!/usr/bin/env python3
"""Writes voice_tokens.json: access tokens made by PyJWT from the claims that Twilio's own library
makes, each verified by npm's jsonwebtoken. Needs `pip install twilio pyjwt` and, where `node` can
load it, `npm install jsonwebtoken`.

usage: python3 make_voice_tokens.py > voice_tokens.json
"""
import json
import subprocess
import sys

import jwt
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

AC, SK, AP, CR = (p + "0" * 31 + "1" for p in ("AC", "SK", "AP", "CR"))
SECRET = "api-key-secret-of-32-characters!"
ISSUED = 1_796_070_987

CASES = [
    {"identity": "site_12_nurse", "life": 3600, "grant": {"outgoing_application_sid": AP, "incoming_allow": True}},
    {"identity": "n", "life": 1, "grant": {"incoming_allow": True}},
    {"identity": "caf\u00e9-1", "life": 86400, "region": "ie1", "grant": {
        "outgoing_application_sid": AP, "outgoing_application_params": {"a": "1 & 2", "b": "\u20ac\""},
        "push_credential_sid": CR}},
    {"identity": "nobody", "life": 60, "grant": {}},
]

VERIFY = """
const jwt = require("jsonwebtoken");
const [token, secret, now] = process.argv.slice(1);
jwt.verify(token, secret, {algorithms: ["HS256"], clockTimestamp: Number(now)});
"""

tokens = []
for case in CASES:
    library = AccessToken(AC, SK, SECRET, identity=case["identity"], ttl=case["life"], region=case.get("region"))
    library.add_grant(VoiceGrant(**case["grant"]))
    theirs = jwt.decode(library.to_jwt(), SECRET, algorithms=["HS256"])
    claims = {
        "jti": "token-id", "iss": SK, "sub": AC, "iat": ISSUED, "exp": ISSUED + case["life"],
        "grants": {"identity": case["identity"], "voice": theirs["grants"].get("voice", {})},
    }
    assert claims["grants"] == {"voice": {}, **theirs["grants"]}, theirs
    assert {k: claims[k] for k in ("iss", "sub")} == {k: theirs[k] for k in ("iss", "sub")}
    header = jwt.get_unverified_header(library.to_jwt())
    extra = {"cty": header["cty"], **({"twr": header["twr"]} if "twr" in header else {})}
    ours = {"typ": "JWT", "alg": "HS256", **extra}
    assert ours == header, header
    # The order of members has no meaning. Ours is fixed, so that tokens can be compared as text.
    voice = claims["grants"]["voice"]
    claims["grants"]["voice"] = {k: voice[k] for k in ("incoming", "outgoing", "push_credential_sid") if k in voice}
    token = jwt.encode(claims, SECRET, algorithm="HS256", headers=extra)
    subprocess.run(["node", "-e", VERIFY, token, SECRET, str(ISSUED)], check=True, stderr=sys.stderr)
    tokens.append({**case, "token": token})
print(json.dumps({"secret": SECRET, "issued": ISSUED, "id": "token-id", "tokens": tokens}, indent=1))

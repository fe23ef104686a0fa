"""Writes vectors.jsonl beside this file: webhook requests with the verdicts of Twilio's own validators.

    pip install twilio && npm install --prefix FOLDER twilio
    NODE_PATH=FOLDER/node_modules python3 make.py

The Python library computes every signature. Both libraries then verify every row, the Node
library in judge.js. `expect` is the verdict of this crate, written here by hand for each family of
rows and never taken from the crate. If it differs from a library, `why` has the reason, and the row is
counted in the test's list of disagreements.
"""

import base64
import hashlib
import json
import pathlib
import random
import subprocess
from urllib.parse import parse_qsl, urlencode

from twilio.request_validator import RequestValidator

HERE = pathlib.Path(__file__).parent
TOKEN = "12345"
FORM = "application/x-www-form-urlencoded"
FORM_UTF8 = FORM + "; charset=UTF-8"
ROWS = []


class Multi(dict):
    """Form with repeated names, as Flask passes it to the Python library."""

    def getall(self, name):
        return self[name]


def parameters(body):
    found = Multi()
    for name, value in parse_qsl(body.decode("latin-1").encode("latin-1").decode("ascii", "surrogateescape"),
                                 keep_blank_values=True, errors="replace"):
        found.setdefault(name, []).append(value)
    return found


def sign(token, url, body=None, algorithm=None):
    return RequestValidator(token).compute_signature(url, parameters(body or b""), algorithm)


def row(note, url, body=b"", *, expect, method="POST", content_type=FORM, token=TOKEN, signature=None,
        signed_url=None, signed_body=None, why=None):
    """Adds one request. It is signed as a form for `signed_url`, unless a signature is given."""
    if isinstance(body, str):
        body = body.encode()
    is_form = content_type is not None and content_type.lower().split(";")[0].strip() == FORM and method == "POST"
    if signature is None:
        what = signed_body if signed_body is not None else (body if is_form else b"")
        signature = sign(token, signed_url or url, what)
    ROWS.append({"note": note, "auth_token": token, "method": method, "url": url, "content_type": content_type,
                 "body_base64": base64.b64encode(body).decode(), "signature": signature, "expect": expect,
                 **({"why": why} if why else {})})


def judge_python(item):
    body = base64.b64decode(item["body_base64"])
    is_form = item["content_type"] is not None and item["content_type"].lower().split(";")[0].strip() == FORM
    try:
        if item["method"] != "POST":
            given = {}
        elif is_form:
            given = parameters(body)
        else:
            given = body.decode("utf-8")
        return RequestValidator(item["auth_token"]).validate(item["url"], given, item["signature"])
    except Exception as error:  # noqa: BLE001 - a library that raises does not let the request in
        return type(error).__name__


SMS = [("ToCountry", "US"), ("ToState", ""), ("SmsMessageSid", "SM" + "0" * 31 + "1"), ("NumMedia", "0"), ("ToCity", ""),
       ("FromZip", "94105"), ("SmsSid", "SM" + "0" * 31 + "1"), ("FromState", "CA"), ("SmsStatus", "received"),
       ("FromCity", "SAN FRANCISCO"), ("Body", "Yes, see you at 9:00 + thanks"), ("FromCountry", "US"),
       ("To", "+14155550199"), ("ToZip", ""), ("NumSegments", "1"), ("MessageSid", "SM" + "0" * 31 + "1"),
       ("AccountSid", "AC" + "0" * 31 + "1"), ("From", "+14155550123"), ("ApiVersion", "2010-04-01")]
VOICE = [("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675309"), ("Digits", "1234"),
         ("From", "+14158675309"), ("To", "+18005551212")]
URL = "https://acme.example.com/twilio/sms"


def documented():
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    row("Twilio's page", url, urlencode(VOICE), signature="RSOYDt4T1cUTdK1PDd93/VVr8B8=", expect=True)
    other = urlencode([(n, v.replace("5309", "5310")) for n, v in VOICE])
    row("Twilio's page, second", "https://example.com/myapp.php?foo=1&bar=2", other,
        signature="L/OH5YylLD5NRKLltdqwSvS0BnU=", expect=True)


def contents():
    """Adds requests with all kinds of form parameters."""
    texts = ["", " ", "  two  ", "a&b=c", "100%", "%zz", "%4", "%", "+", "a+b", "é", "ü€", "👍", "👍🏽 ok", "日本語",
             "e\u0301", "\u200b", "line\nbreak", "cr\r\nlf", "tab\t", "nul\0nul", ";", "a;b", "\"quoted\"", "'", "<b>&amp;</b>",
             "\u00a0", "\ufeffbom", "x" * 1600, "é" * 700, "👍" * 400, "a" * 255 + "é", "a" * 254 + "👍", "~-_.!*()"]
    for text in texts:
        row(f"Body {text[:12]!r}", URL, urlencode(SMS + [("Body2", text)]), expect=True)
    for raw in ["a=%", "a=%4", "a=%zz", "a=100%", "a=%e9", "a=%ff%fe", "a=%f0%9f%91", "a=%c3%28", "a=%ed%a0%80", "a==b",
                "a=b=c", "a", "=b", "=", "&a=1", "a=1&", "a=1&&b=2", "&&", "a=1;b=2", "a[]=1&a[]=2", "a[b]=1&a[c]=2",
                "a.b=1&a.c=2", "__proto__=1&constructor=2", "a+b=1&a%20b=1", "%41=1&A=1", "a=%2B&a=+", "a%00=1&a=2",
                "1=a&10=b&2=c", "a=1&A=2&_=3&B=4", "toString=1&hasOwnProperty=2&length=3"]:
        row(f"raw form {raw}", URL, raw, expect=True)
    # Values longer than the decoder's buffer, at every length around its limit.
    for length in [*range(250, 262), 300, 511, 512, 513, 1600]:
        row(f"{length} letters, one of them a blank", URL, urlencode([("Body", "a" * (length - 5) + " tail")]), expect=True)
    row("two long texts, the first escaped", URL, urlencode([("Body", "yes + " * 200), ("To", "+14155550199")]), expect=True)
    row("a long name with blanks", URL, urlencode([("a name " * 60, "1"), ("a name " * 60, "+2"), ("a name", "3")]), expect=True)
    for length in range(252, 260):
        row(f"emoji behind {length} letters", URL, urlencode([("Body", "a" * length + "👍 ok")]), expect=True)
    row("raw bytes that are not ASCII", URL, "a=é&b=👍".encode(), expect=True,
        signature=sign(TOKEN, URL, b"a=%C3%A9&b=%F0%9F%91%8D"), why="python cannot read the form from bytes")
    row("content type with charset", URL, urlencode(SMS), content_type=FORM_UTF8, expect=True)
    row("content type in capitals", URL, urlencode(SMS), content_type=FORM.upper(), expect=True)
    row("content type with blanks", URL, urlencode(SMS), content_type=FORM + " ;charset=utf-8", expect=True)


def sorting():
    """Adds requests with parameters in other orders, and repeated."""
    rng = random.Random(7)
    for size in [1, 2, 5, 20, 31, 32, 33, 64, 200]:
        form = [(f"Name{rng.randrange(10**9)}", f"value {rng.randrange(10**9)}+&é") for _ in range(size)]
        for shuffle in range(2):
            rng.shuffle(form)
            row(f"{size} parameters, shuffle {shuffle}", URL, urlencode(form), expect=True)
    cases = [[("b", "1"), ("a", "2")], [("a", "2"), ("a", "1")], [("a", "1"), ("a", "1")], [("a", "1"), ("a", "2"), ("a", "1")],
             [("Reason", "z"), ("ReasonConferenceEnded", "a")], [("CallSid", "1"), ("Caller", "2"), ("CALLER", "3")],
             [("MediaContentType0", "b"), ("MediaContentType1", "a"), ("MediaContentType", "c")],
             [("MessagingBinding.Address[0]", "x"), ("MessagingBinding.Address[10]", "y"), ("MessagingBinding.Address[2]", "z")],
             [("AAAAAAAAAAAAAAAAb", "1"), ("AAAAAAAAAAAAAAAAa", "2"), ("AAAAAAAAAAAAAAAA", "3"), ("AAAAAAAAAAAAAAA", "4")],
             [("é", "1"), ("z", "2"), ("Z", "3"), ("ê", "4")], [("a", "é"), ("a", "z"), ("a", "")], [("a b", "1"), ("a", "2")],
             [("a", "x" * 400), ("a", "x" * 399 + "y")], [("name", "%"), ("name", "%25")]]
    for case in cases:
        row(f"order of {case[0][0][:20]}", URL, urlencode(case), expect=True)
        row(f"order of {case[0][0][:20]}, reversed", URL, urlencode(case[::-1]), expect=True)
    row("names beyond the BMP", URL, urlencode([("\U0001f44d", "1"), ("\uffee", "2")]), expect=True,
        why="node sorts UTF-16 units, Twilio and Python sort bytes")
    row("values beyond the BMP", URL, urlencode([("a", "\U0001f44d"), ("a", "\uffee")]), expect=True,
        why="node sorts UTF-16 units, Twilio and Python sort bytes")
    form = urlencode(SMS)
    joined = TOKEN, URL + "".join(sorted(n + v for n, v in [("Reason", "z"), ("ReasonConferenceEnded", "a")]))
    row("joined text sorted instead of names", URL, "Reason=z&ReasonConferenceEnded=a", expect=False,
        signature=sign(*joined))
    for i, (name, value) in enumerate(SMS):
        changed = [(n, v + ("x" if n == name else "")) for n, v in SMS]
        row(f"value of {name} changed", URL, urlencode(changed), signed_body=form.encode(), expect=False)
        dropped = [pair for j, pair in enumerate(SMS) if j != i]
        row(f"{name} dropped", URL, urlencode(dropped), signed_body=form.encode(), expect=False)
        trimmed = [(n, v.strip().lower() if n == name else v) for n, v in SMS]
        row(f"{name} in small letters", URL, urlencode(trimmed), signed_body=form.encode(),
            expect=urlencode(trimmed) == form)
    row("a parameter added", URL, form + "&Extra=1", signed_body=form.encode(), expect=False)
    row("two values joined by a comma", URL, "a=1%2C2", signed_body=b"a=1&a=2", expect=False)
    row("only the last value", URL, "a=2", signed_body=b"a=1&a=2", expect=False)


def urls():
    """Adds requests with unusual bytes in the URL."""
    form = urlencode(SMS)
    tails = ["/", "/p", "/p/", "//p//q", "/a/../b", "/a/./b", "/P", "/%2f", "/%2F", "/%41", "/é".encode().decode(), "/a'b", "/a%27b", "/a+b",
             "/a%20b", "/p?a=1", "/p?b=2&a=1", "/p?a=1&a=2", "/p?a='x'", "/p?a=%27x%27", "/p?a=@:/", "/p?a=%40%3A%2F", "/p?a=b+c",
             "/p?a=b%20c", "/p?a", "/p?a=", "/p?=a", "/p?a=1&&b=2", "/p?a=[1]", "/p?a=%5B1%5D", "/p?q={x}|^", "/p;v=1?a=1;b=2",
             "/p?url=https://x.example/y?z=1", "/p?a=%e2%82%ac", "/p?a=€", "/p?a=%zz"]
    for tail in tails:
        url = "https://acme.example.com" + tail
        row(f"form to {tail}", url, form, expect=True)
        row(f"GET of {tail}", url, method="GET", content_type=None, expect=True)
    row("a question mark with nothing behind", "https://acme.example.com/p?", form, expect=True,
        why="python drops the question mark before it signs")
    for signed, asked in [("/p", "/p/"), ("/p/", "/p"), ("/p", "/P"), ("/p?a=1&b=2", "/p?b=2&a=1"), ("/p?a=%20", "/p?a=+"),
                          ("/%2f", "/%2F"), ("/%41", "/A"), ("/p", "/p?"), ("/p", "/p?a=1"), ("/p?a=1", "/p"), ("/a/../b", "/b")]:
        base = "https://acme.example.com"
        row(f"signed {signed}, asked {asked}", base + asked, form, signed_url=base + signed, expect=False,
            why={"/p?": "python drops the question mark before it signs",
                 "/p?a=+": "node also accepts what its own encoder makes of the query"}.get(asked))
    for asked, signed in [("https://acme.example.com/p?a='", "https://acme.example.com/p?a=%27"),
                          ("https://ACME.example.com/p", "https://acme.example.com/p")]:
        row(f"signed {signed}, asked {asked}", asked, form, signed_url=signed, expect=False,
            why="node also accepts what `new URL()` makes of the URL; the URL is the bytes that were asked for")


def ports():
    form = urlencode(VOICE)
    hosts = ["acme.example.com", "192.0.2.1", "[2001:db8::1]", "localhost", "a.b.c.d.example"]
    for host in hosts:
        v6 = "python cuts an IPv6 address at its first colon" if host.startswith("[") else None
        for scheme, default, wrong in [("https", 443, 80), ("http", 80, 443)]:
            base = f"{scheme}://{host}"
            for asked, signed, expect in [
                    (base, base, True), (f"{base}:{default}", base, True), (base, f"{base}:{default}", True),
                    (f"{base}:8443", f"{base}:8443", True), (f"{base}:8443", base, True), (base, f"{base}:8443", False),
                    (f"{base}:8443", f"{base}:{default}", False), (base, f"{base}:{wrong}", False),
                    (f"{base}:{wrong}", f"{base}:{wrong}", True), (f"{base}:{default}", f"{base}:8443", False)]:
                row(f"port: signed {signed}, asked {asked}", asked + "/p?x=1", form, signed_url=signed + "/p?x=1",
                    expect=expect, why=v6 if expect else None)
        row(f"http signed, https asked, {host}", f"https://{host}/p", form, signed_url=f"http://{host}/p", expect=False)
        row(f"https signed, http asked, {host}", f"http://{host}/p", form, signed_url=f"https://{host}/p", expect=False)
    row("host of another", "https://evil.example/p", form, signed_url="https://acme.example.com/p", expect=False)


def tokens():
    form = urlencode(SMS)
    for token in ["a", "0123456789abcdef0123456789abcdef", "x" * 63, "x" * 64, "x" * 65, "x" * 200, "tökén", "with/+=signs"]:
        row(f"token of {len(token)}", URL, form, token=token, expect=True)
        row(f"token of {len(token)}, another signs", URL, form, token=token, signature=sign(TOKEN, URL, form.encode()),
            expect=False)


def headers():
    form = urlencode(SMS)
    good = sign(TOKEN, URL, form.encode())
    raw = base64.b64decode(good)
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    loose = good[:26] + last[last.index(good[26]) ^ 1] + "="
    for note, header in [("none", ""), ("no padding", good[:-1]), ("more padding", good + "="), ("unused bits", loose),
                         ("hex", raw.hex()), ("quoted", f'"{good}"'), ("percent-encoded", good.replace("=", "%3D")),
                         ("twice", f"{good}, {good}"), ("twice, comma", f"{good},{good}"), ("small letters", good.lower()),
                         ("reversed", good[::-1]), ("one letter", "A"), ("28 letters", "A" * 27 + "="), ("28 blanks", " " * 28),
                         ("hash of 32 bytes", sign(TOKEN, URL, form.encode(), "HMAC_SHA256")), ("very long", "A" * 8000),
                         ("prefix", "sha1=" + good), ("truncated MAC", base64.b64encode(raw[:16]).decode()),
                         ("base64url", good.translate(str.maketrans("+/", "-_")) if set("+/") & set(good) else "-" + good[1:])]:
        row(f"header: {note}", URL, form, signature=header, expect=False)
    for i in range(0, 20, 3):
        flipped = bytes(b ^ (1 << (i % 8)) if j == i else b for j, b in enumerate(raw))
        row(f"header: bit of byte {i} flipped", URL, form, signature=base64.b64encode(flipped).decode(), expect=False)


def bodies():
    """Adds requests with bodies that are not forms, and the hash in the URL."""
    body = '{"status":"delivered","text":"né 👍"}'
    digest = hashlib.sha256(body.encode()).hexdigest()
    base = "https://acme.example.com/studio"
    for tail in [f"?bodySHA256={digest}", f"?a=1&bodySHA256={digest}", f"?bodySHA256={digest}&a=1", f"?bodySHA256={digest}&bodySHA256=0"]:
        row(f"JSON, {tail[:20]}", base + tail, body, content_type="application/json", expect=True)
        row(f"JSON, {tail[:20]}, another body", base + tail, body + " ", content_type="application/json", expect=False)
        row(f"JSON, {tail[:20]}, no body", base + tail, "", content_type="application/json", expect=False)
    for note, hash_ in [("empty", ""), ("truncated", digest[:-1]), ("longer", digest + "0"), ("SHA-1", hashlib.sha1(body.encode()).hexdigest()),
                        ("base64", base64.b64encode(bytes.fromhex(digest)).decode()), ("upper case", digest.upper()),
                        ("of another body", hashlib.sha256(b"x").hexdigest())]:
        why = "python does not see an empty value, takes the body for parameters and raises" if not hash_ else None
        row(f"JSON, hash {note}", f"{base}?bodySHA256={hash_}", body, content_type="application/json", expect=False, why=why)
    row("JSON, wrong hash first", f"{base}?bodySHA256=0&bodySHA256={digest}", body, content_type="application/json", expect=False)
    row("JSON without a hash", base, body, content_type="application/json", expect=False,
        why="node signs the URL alone; python raises")
    row("text without a hash", base, "hello", content_type="text/plain", expect=False, why="node signs the URL alone; python raises")
    row("no content type, no hash", base, "a=1", content_type=None, expect=False, why="node signs the URL alone; python raises")
    row("multipart without a hash", base, "--x", content_type="multipart/form-data; boundary=x", expect=False,
        why="node signs the URL alone; python raises")
    row("hash in the path", f"{base}/bodySHA256={digest}", body, content_type="application/json", expect=False,
        why="nothing covers the body; python raises")
    row("hash under another name", f"{base}?xbodySHA256={digest}", body, content_type="application/json", expect=False,
        why="nothing covers the body; python raises")
    row("hash under a name in small letters", f"{base}?bodysha256={digest}", body, content_type="application/json", expect=False,
        why="nothing covers the body; python raises; node signs the URL alone")
    nothing = hashlib.sha256(b"").hexdigest()
    row("empty JSON body, its hash", f"{base}?bodySHA256={nothing}", "", content_type="application/json", expect=True,
        why="node's middleware puts {} in place of an empty body")
    row("empty JSON body, hash of {}", f"{base}?bodySHA256={hashlib.sha256(b'{}').hexdigest()}", "",
        content_type="application/json", expect=False, why="node's middleware puts {} in place of an empty body")
    row("byte order mark", f"{base}?bodySHA256={hashlib.sha256(b'{}').hexdigest()}", b"\xef\xbb\xbf{}",
        content_type="application/json", expect=False)
    binary = bytes(range(256))
    row("a body that is not UTF-8", f"{base}?bodySHA256={hashlib.sha256(binary).hexdigest()}", binary,
        content_type="application/octet-stream", expect=True, why="python and node take the body as text")
    row("hash of the text with U+FFFD", f"{base}?bodySHA256={hashlib.sha256(binary.decode('utf-8', 'replace').encode()).hexdigest()}",
        binary, content_type="application/octet-stream", expect=False, why="node hashes the body as text, so another body passes")
    row("POST without a body", base, "", expect=True)
    row("POST without a body or type", base, "", content_type=None, expect=True)
    row("JSON whose members are the signed form", base, '{"a":"1"}', content_type="application/json",
        signature=sign(TOKEN, base, b"a=1"), expect=False, why="nothing covers the body; python raises")
    row("GET with a form that nothing covers", base, "a=1", method="GET", content_type=FORM, expect=False,
        why="the libraries do not look at the body; here it is refused, because a handler might")
    row("form with a hash in the URL, form signed", f"{base}?bodySHA256={digest}", "a=1", expect=True,
        why="node takes the hash alone; the form is covered by the signature")
    form_hash = hashlib.sha256(b"a=1").hexdigest()
    row("form with its hash in the URL, URL signed", f"{base}?bodySHA256={form_hash}", "a=1", signed_body=b"", expect=True,
        why="python signs the parameters; either covers the body")
    row("form with another hash in the URL, URL signed", f"{base}?bodySHA256={digest}", "a=1", signed_body=b"", expect=False)


def parts():
    """Adds requests with user, password or fragment in the URL."""
    form = urlencode(SMS)
    bare = "https://acme.example.com/p?x=1"
    why = "Twilio drops it before it signs; the libraries keep it"
    for note, url in [("user and password", "https://user:secret@acme.example.com/p?x=1"), ("user", "https://user@acme.example.com/p?x=1"),
                      ("user and port", "https://user:p@acme.example.com:443/p?x=1"),
                      ("fragment", bare + "#rc=2&rp=all"), ("empty fragment", bare + "#")]:
        row(f"{note} in the URL", url, form, signed_url=bare, expect=True, why=why)


def main():
    for family in [documented, contents, sorting, urls, ports, tokens, headers, bodies, parts]:
        family()
    node = subprocess.run(["node", HERE / "judge.js"], input=json.dumps(ROWS), capture_output=True, text=True, check=True)
    for item, verdict in zip(ROWS, json.loads(node.stdout)):
        item["python"], item["node"] = judge_python(item), verdict
        if item["python"] is item["expect"] and item["node"] is item["expect"]:
            item.pop("why", None)
    with open(HERE / "vectors.jsonl", "w", encoding="utf-8") as file:
        for item in ROWS:
            file.write(json.dumps(item) + "\n")
    odd = [i for i in ROWS if not (i["python"] is i["expect"] and i["node"] is i["expect"])]
    print(len(ROWS), "rows,", len(odd), "disagreements")
    for item in odd:
        print(item["note"], "| expect", item["expect"], "python", item["python"], "node", item["node"], "|", item.get("why"))


main()

"""Webhooks to unusual URLs, each checked by the official validator with the URL as it was configured."""
from support import CLINIC, VOLUNTEER

PATHS = [
    "/plain",
    "/trailing/",
    "/double//slash//",
    "/query?a=1&b=two%20words&empty=",
    "/query/repeated?a=1&a=2&b",
    "/query/plus?name=Ana+B%C3%A4r&sign=%2B",
    "/escaped/%C3%A9t%C3%A9",
    "/lower/%c3%a9",
    "/non-ascii/été?name=Bär",
    "/space/a%20b",
    "/punctuation/a;b=c,d:e@f!$&*()~",
    "/encoded/slash%2Fin%2Fpath",
    "/mixed/Case/PATH",
    "/overrides#rc=1&rp=5xx",
]


def unusual_urls(client, stage, app):
    [number] = client.incoming_phone_numbers.list()
    app.origin = None
    failed = []

    def try_each(origin, methods):
        for path in PATHS:
            for method in methods:
                before = len(app.requests)
                number.update(sms_url=origin + path, sms_method=method)
                stage.play("text", phone=VOLUNTEER, to=CLINIC, body="Ünïcode & +signs = 100%")
                stage.play("idle")
                client.messages.create(
                    to=VOLUNTEER, from_=CLINIC, body="Hello", status_callback=origin + path
                )
                stage.play("idle")
                # The text, and the callbacks `sent` and `delivered`.
                if len(app.requests) != before + 3:
                    failed.append([method, origin, path])

    try_each(f"http://127.0.0.1:{app.port}", ["POST", "GET"])
    try_each(f"http://user:pa%40ss@127.0.0.1:{app.port}", ["POST"])
    for origin in [
        "https://clinic.example",
        "https://clinic.example:8443",
        "http://clinic.example:8080",
    ]:
        stage.play("map_origin", origin=origin, port=app.port)
        app.origin = origin
        try_each(origin, ["POST"])
    bodies = {fields["Body"] for _, fields in app.requests if "Body" in fields}
    return {"failed": failed, "requests": len(app.requests), "bodies": sorted(bodies)}


def a_forged_webhook(client, stage, app):
    [number] = client.incoming_phone_numbers.list()
    number.update(sms_url=app.url("/sms"))
    stage.play("fault", fault="forged")
    stage.play("text", phone=VOLUNTEER, to=CLINIC, body="Hello")
    forged = [len(app.requests), len(app.rejected)]
    app.rejected.clear()
    stage.play("text", phone=VOLUNTEER, to=CLINIC, body="Hello")
    return {"forged": forged, "genuine": [len(app.requests), len(app.rejected)]}

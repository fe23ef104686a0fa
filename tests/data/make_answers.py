#!/usr/bin/env python3
"""Writes answers.json: for each operation of the client, the examples of its response in Twilio's OpenAPI documents, and
the names of the fields whose values the documents list.

usage: python3 make_answers.py FOLDER_OF_DOCUMENTS > answers.json

The folder holds twilio_api_v2010.json and similar files from github.com/twilio/twilio-oai, commit d50069b (whole, or trimmed to
what is used).
"""
import json
import pathlib
import re
import sys

DOCUMENTS = "api_v2010 messaging_v1 lookups_v2 accounts_v1 monitor_v1 voice_v1 oauth_v1 oauth_v2".split()
# The rows of the requests, such as `GET Api "/Messages/{sid}.json" Read;`.
ROW = re.compile(r'(?:(GET|POST|PATCH) \w+ |\b(?:Create|Update)\w+ )"(/[^"]*)"')
CLIENT = pathlib.Path(__file__).parent.parent.parent / "src" / "client"
OURS = {
    f"{method or 'POST'} {re.sub('{[^}]*}', '{}', path)}"
    for file in CLIENT.rglob("*.rs")
    for method, path in ROW.findall(file.read_text())
}


def resolve(schema, document):
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def words(schema, document):
    """Returns the names of the fields, at any depth, whose values are listed."""
    found = set()
    for name, field in resolve(schema, document).get("properties", {}).items():
        field = resolve(field, document)
        item = resolve(field.get("items", {}), document)
        if "enum" in field or "enum" in item:
            found.add(name)
        found |= words(field, document) | words(item, document)
    return found


operations = {}
for name in DOCUMENTS:
    document = json.loads(pathlib.Path(sys.argv[1], f"twilio_{name}.json").read_text())
    for path, item in document["paths"].items():
        # The two versions of the OAuth API have the same operation.
        short = path if name.startswith("oauth") else re.sub(r"^/(v\d|2010-04-01(/Accounts/\{AccountSid\})?)(?=/)", "", path)
        short = re.sub(r"\{[^}]*\}", "{}", short)
        for method in {"get", "post", "patch"} & item.keys():
            examples, listed = [], set()
            for status, response in item[method]["responses"].items():
                content = response.get("content", {}).get("application/json")
                if status.startswith(("2", "307")) and content:
                    examples += [e["value"] for e in content.get("examples", {}).values() if e["value"] not in examples]
                    listed |= words(content["schema"], document)
            if f"{method.upper()} {short}" in OURS:
                operations[f"{method.upper()} {short}"] = {"examples": examples, "words": sorted(listed)}
print('{"source": "twilio/twilio-oai d50069b", "operations": {')
lines = [f" {json.dumps(key)}: {json.dumps(value, sort_keys=True)}" for key, value in sorted(operations.items())]
print(",\n".join(lines) + "\n}}")

#!/usr/bin/env python3
"""Writes spec_names.json: the names of parameters and fields in Twilio's OpenAPI documents, for the
operations of the client.

usage: python3 make_spec_names.py FOLDER_OF_DOCUMENTS > spec_names.json

The folder holds twilio_api_v2010.json and similar files from github.com/twilio/twilio-oai, commit
d50069b (whole, or trimmed to what is used).
"""
import json
import pathlib
import re
import sys

DOCUMENTS = "api_v2010 messaging_v1 lookups_v2 accounts_v1 monitor_v1 voice_v1 oauth_v1 oauth_v2".split()
# Sent by the client itself, or only as part of a link.
NOT_OURS = {"Page", "PageToken", "X-Twilio-Api-Version"}


def fields(schema, document):
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def parameter(given, document):
    return document["components"]["parameters"][given["$ref"].rsplit("/", 1)[1]] if "$ref" in given else given


def answer(operation, document):
    """Returns the names of the fields of a response; of an item, if it is a list."""
    for status, response in operation["responses"].items():
        content = response.get("content", {}).get("application/json")
        if not status.startswith(("2", "307")) or not content:
            continue
        names = fields(content["schema"], document).get("properties", {})
        lists = [fields(p, document) for n, p in names.items() if "items" in p and n not in ("permissions", "validation_errors")]
        if lists and ("meta" in names or "next_page_uri" in names):
            names = fields(lists[0]["items"], document).get("properties", {})
        return sorted(names)
    return []


operations = {}
for name in DOCUMENTS:
    document = json.loads(pathlib.Path(sys.argv[1], f"twilio_{name}.json").read_text())
    for path, item in document["paths"].items():
        # The two versions of the OAuth API have the same operation.
        short = path if name.startswith("oauth") else re.sub(r"^/(v\d|2010-04-01(/Accounts/\{AccountSid\})?)(?=/)", "", path)
        short = re.sub(r"\{[^}]*\}", "{}", short)
        for method, operation in item.items():
            if method not in ("get", "post", "patch", "delete"):
                continue
            given = [parameter(p, document) for p in item.get("parameters", []) + operation.get("parameters", [])]
            parameters = [p["name"] for p in given if p["in"] == "query"]
            body = operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {})
            parameters += fields(body.get("schema", {}), document).get("properties", {})
            operations[f"{method.upper()} {name.split('_')[0]} {short}"] = {
                "parameters": sorted(set(parameters) - NOT_OURS),
                "fields": answer(operation, document),
            }
print(json.dumps({"source": "twilio/twilio-oai d50069b", "operations": operations}, indent=1, sort_keys=True))

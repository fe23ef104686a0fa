"""Compares twiml_inventory.json with the official Python library, element by element.

Prints each nesting and attribute that only one of them has. Expected are the four spellings that
only the Node library has, which tests/twiml/inventory.rs lists at its top.

    python3 -m venv venv && venv/bin/pip install twilio==9.13.0
    venv/bin/python tests/data/check_twiml_inventory.py
"""

import ast
import inspect
import json
import pathlib
import textwrap

from twilio.twiml import TwiML, lower_camel, messaging_response, voice_response

INVENTORY = json.loads(
    (pathlib.Path(__file__).parent / "twiml_inventory.json").read_text(encoding="utf-8")
)


def classes(module):
    return {
        name: value
        for name, value in vars(module).items()
        if inspect.isclass(value) and issubclass(value, TwiML) and value is not TwiML
    }


def nested(method):
    """Returns the classes and keywords that a method nests: `self.nest(Say(message, voice=voice))`."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(method)))
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", None) == "nest":
            made = call.args[0]
            yield made.func.id, [k.arg for k in made.keywords if k.arg is not None]


def library():
    """Returns the triples (parent, child, attribute or None) of both documents."""
    found = set()
    for module, root in ((voice_response, "VoiceResponse"), (messaging_response, "MessagingResponse")):
        known = classes(module)
        waiting, seen = [root], set()
        while waiting:
            parent = waiting.pop()
            if parent in seen:
                continue
            seen.add(parent)
            for name, method in vars(known[parent]).items():
                if name.startswith("_") or not inspect.isfunction(method):
                    continue
                for child, keywords in nested(method):
                    content = set(inspect.signature(known[child].__init__).parameters)
                    found.add((parent, child, None))
                    found.update(
                        (parent, child, lower_camel(TwiML.MAP.get(k, k)))
                        for k in keywords
                        if k not in content
                    )
                    waiting.append(child)
    return found


def pinned():
    found = set()
    for element in INVENTORY["elements"]:
        for parent in element["parents"]:
            found.add((parent, element["class"], None))
            found.update((parent, element["class"], name) for name in element["attributes"])
    return found


there, here = library(), pinned()
for parent, child, attribute in sorted(there ^ here, key=str):
    where = "library only" if (parent, child, attribute) in there else "inventory only"
    print(f"{where}: {parent} > {child}" + (f" {attribute}" if attribute else ""))
print(f"{len(here & there)} agree, {len(here - there)} in the inventory only, {len(there - here)} in the library only")

"""Writes twiml_documents.jsonl: generated documents, as written by the official libraries.

Each line has the description of a document and its canonical XML (C14N 2.0), on which the Python
and the Node library agree. If they do not, `exception` has the reason and the XML is Node's. The
first documents give every element all its attributes, the others are random trees.

    python3 -m venv venv && venv/bin/pip install twilio==9.13.0
    npm install twilio@6.2.0
    venv/bin/python tests/data/make_twiml_documents.py FOLDER_OF_NODE_MODULES
"""

import json
import pathlib
import random
import subprocess
import sys
from xml.etree.ElementTree import canonicalize

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

HERE = pathlib.Path(__file__).parent
INVENTORY = json.loads((HERE / "twiml_inventory.json").read_text(encoding="utf-8"))
ELEMENTS = {element["class"]: element for element in INVENTORY["elements"]}
CHILDREN = dict(INVENTORY["roots"], **{name: e["children"] for name, e in ELEMENTS.items()})
ROOTS = {"VoiceResponse": VoiceResponse, "MessagingResponse": MessagingResponse}
COUNT = 330
RANDOM = random.Random(20261122)

TEXTS = [
    "Press one.",
    "Tom & Ann <3 \"quotes\" 'apostrophes'",
    "]]> <!-- --> <?x?> &amp;",
    "two\nlines\tand a tab ",
    " blanks at both ends ",
    "\u00fcber \u4f60\u597d \U0001f600 \u0645\u0631\u062d\u0628\u0627 \ufffd\uff01",
]
ODD = ["", "0", "a\r\nb\tc", "x=\"1\" y='2'", "caf\u00e9 \U0001f600", "<&>"]
URLS = ["/next?a=1&b=2", "https://example.com/x%20y?q=\"z\"", "../up", ""]
NUMBERS = ["+14155550123", "+442079460018"]
# Set by the constructor of this crate, so always there.
REQUIRED = {"Header": ["name", "value"], "Parameter": ["name", "value"],
            "Config": ["name", "value"], "Language": ["code"]}
STRINGS = {
    "Gather.speechTimeout": ["auto", "3"],
    "SsmlBreak.time": ["2s", "300ms"],
    "Stream.sampleRate": ["8000"],
    "SipUri.priority": ["1"],
    "SipUri.weight": ["10"],
    "Pay.postalCode": ["true", "false", "94105"],
}
# Strings of the inventory that are booleans here.
FLAGS = {"deepgramSmartFormat", "ignoreBackchannel", "partialPromptOnHangup", "asrSmartFormat",
         "ttsLanguageTextNormalization", "elevenlabsLanguageTextNormalization",
         "applicationReconnect", "echoPromptFiltering", "turnDetection"}


def value(element, name, kind):
    key = f"{element}.{name}"
    if key in STRINGS:
        return RANDOM.choice(STRINGS[key])
    if name in FLAGS:
        return RANDOM.choice(["true", "false"])
    match kind["type"]:
        case "boolean":
            return RANDOM.choice([True, False])
        case "integer":
            return RANDOM.choice([0, 1, 5, 60, 4800])
        case "method":
            return RANDOM.choice(["GET", "POST"])
        case "url":
            return RANDOM.choice(URLS)
        case "phone_number":
            return RANDOM.choice(NUMBERS)
        case "enum":
            vocabulary = kind.get("vocabulary")
            return RANDOM.choice(INVENTORY["vocabularies"][vocabulary] if vocabulary
                                 else kind["values"])
        case "list":
            some = kind.get("values", [1, 2, 3])
            return " ".join(map(str, RANDOM.sample(some, RANDOM.randint(1, min(3, len(some))))))
        case "string":
            return RANDOM.choice(TEXTS + ODD)
    raise ValueError(kind)


def element(name, depth, everything=False):
    row = ELEMENTS[name]
    names = [a for a, kind in row["attributes"].items()
             if not (set(kind.get("only_in", ["python"])) == {"node", "java"})]
    if not everything:
        names = [a for a in names if a in REQUIRED.get(name, []) or RANDOM.random() < 0.4]
    RANDOM.shuffle(names)
    attributes = {a: value(name, a, row["attributes"][a]) for a in names}
    node = {"e": name, "a": attributes, "c": []}
    text = row.get("text")
    options = [c for c in row["children"] if depth > 0]
    has_text = text and (text["required"] or row["content"] == "mixed" or RANDOM.random() < 0.5)
    if name == "Play":
        has_text = "digits" not in attributes
    if has_text:
        pool = {"url": ["/a?b=1&c=2", "sip:ann@example.com"], "phone_number": NUMBERS}
        pool = pool.get(text["type"], NUMBERS if name == "Dial" else TEXTS)
        node["t"] = RANDOM.choice(pool)
    if options and (row["content"] != "text_or_elements" or not has_text):
        for _ in range(RANDOM.randint(0, 3)):
            node["c"].append(element(RANDOM.choice(options), depth - 1))
            if row["content"] == "mixed" and RANDOM.random() < 0.6:
                node["c"].append(RANDOM.choice(TEXTS))
    return node


def way_to(name):
    """Returns the classes from a root to an element."""
    if name in ROOTS:
        return [name]
    return way_to(min(ELEMENTS[name]["parents"], key=lambda p: p not in ROOTS)) + [name]


def documents():
    for name in sorted(ELEMENTS):
        for _ in range(2):
            path = way_to(name)
            node = element(path.pop(), 0, everything=True)
            while len(path) > 1:
                outer = element(path.pop(), 0)
                outer.pop("t", None) if ELEMENTS[outer["e"]]["content"] != "mixed" else None
                outer["c"] = [node]
                node = outer
            yield {"e": path[0], "a": {}, "c": [node]}
    for i in range(COUNT - 2 * len(ELEMENTS)):
        root = "MessagingResponse" if i % 5 == 0 else "VoiceResponse"
        verbs = [element(RANDOM.choice(list(CHILDREN[root])), 3) for _ in range(i % 4)]
        yield {"e": root, "a": {}, "c": verbs}
    # A carriage return in text.
    yield {"e": "VoiceResponse", "a": {}, "c": [{"e": "Say", "a": {}, "c": [], "t": "a\r\nb\rc"}],
           "exception": "the Python library writes CR in text raw, and a parser makes LF of it"}


def fill(parent, description):
    for child in description["c"]:
        if isinstance(child, str):
            parent.append(child)
            continue
        row = ELEMENTS[child["e"]]
        method = CHILDREN[description["e"]][child["e"]][0]
        words = {row["attributes"][a]["python"]: v for a, v in child["a"].items()}
        text = [child["t"]] if "t" in child else []
        fill(getattr(parent, method)(*text, **words), child)


def by_python(description):
    response = ROOTS[description["e"]]()
    fill(response, description)
    return canonicalize(response.to_xml())


BY_NODE = """
const { twiml } = require('twilio');
const { documents, children, textual } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
function fill(parent, description) {
  for (const child of description.c) {
    if (typeof child === 'string') { parent.addText(child); continue; }
    const method = children[description.e][child.e][1];
    const takesText = textual.includes(child.e);
    const made = takesText ? parent[method](child.a, child.t) : parent[method](child.a);
    fill(made, child);
  }
}
console.log(JSON.stringify(documents.map((description) => {
  const response = new twiml[description.e]();
  fill(response, description);
  return response.toString();
})));
"""


def by_node(descriptions, folder):
    textual = [name for name, row in ELEMENTS.items() if "text" in row]
    given = json.dumps({"documents": descriptions, "children": CHILDREN, "textual": textual})
    run = subprocess.run(["node", "-e", BY_NODE], cwd=folder, input=given, check=True,
                         capture_output=True, encoding="utf-8")
    return [canonicalize(xml) for xml in json.loads(run.stdout)]


def main():
    descriptions = list(documents())
    lines = []
    for description, node in zip(descriptions, by_node(descriptions, sys.argv[1])):
        python = by_python(description)
        assert (python != node) == ("exception" in description), (description, python, node)
        lines.append(json.dumps({"document": description, "xml": node}, ensure_ascii=False))
    (HERE / "twiml_documents.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


main()

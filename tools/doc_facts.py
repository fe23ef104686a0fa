#!/usr/bin/env python3
"""Lists facts of the docs that an older revision has and the working tree has not: numbers, defaults and links.

usage: tools/doc_facts.py REVISION [REVISION2]     (compares with the working tree, or with a second revision)

A fact is a number with its unit, the value after "default", a code span that holds a digit, or a URL. Facts are counted
over the whole of the docs, so that text may move between files. What is printed need not be lost: it may be said in
other words. Each line shows the old sentence, to be looked for by a person.
"""
import collections
import re
import subprocess
import sys

NUMBER = re.compile(r"(?<![\w.#-])\d[\d,.]*\d|(?<![\w.#-])\d(?!\w)")
LINK = re.compile(r"https?://[^\s)>\]\"'`]+")
CODE = re.compile(r"(?<![\w`])`([^`\s][^`\n]{0,40})`(?![\w`])")
DEFAULT = re.compile(r"[Dd]efaults?(?: is| are| to|:| of)? ?`?([\w.+-]+)`?")


def files(revision):
    names = subprocess.check_output(["git", "ls-tree", "-r", "--name-only", revision], text=True).split("\n")
    for name in names:
        if name.startswith(("src/", "README", "CHANGELOG")) and name.endswith((".rs", ".md")):
            yield name, subprocess.check_output(["git", "show", f"{revision}:{name}"], text=True)


def tree():
    names = subprocess.check_output(["git", "ls-files"], text=True).split("\n")
    for name in names:
        if name.startswith(("src/", "README", "CHANGELOG")) and name.endswith((".rs", ".md")):
            with open(name, encoding="utf-8") as file:
                yield name, file.read()


def blocks(name, text):
    """Docs of an item, as one string each; examples inside code fences are left out."""
    block, fenced = [], False
    for line in text.split("\n"):
        bare = line.strip()
        if name.endswith(".rs"):
            match = re.match(r"//[/!] ?(.*)", bare)
            if match is None:
                match = re.match(r'doc = "(.*)"', bare) or re.match(r'#\[doc = "(.*)"\]', bare)
            content = match.group(1) if match else None
        else:
            content = bare or None
        if content is None:
            if block:
                yield " ".join(block)
            block, fenced = [], False
            continue
        if content.strip().startswith("```"):
            fenced = not fenced
        elif not fenced or "Source:" in content:
            block.append(content)
    if block:
        yield " ".join(block)


def facts(source):
    found, sentences = collections.Counter(), collections.defaultdict(list)
    for name, text in source:
        for block in blocks(name, text):
            own = set()
            for link in LINK.findall(block):
                own.add(("link", link.rstrip(".,;")))
            plain = LINK.sub(" ", block)
            for code in CODE.findall(plain):
                if any(c.isdigit() for c in code) and "](" not in code:
                    own.add(("code", code))
            for value in DEFAULT.findall(plain):
                own.add(("default", value.rstrip(".").lower()))
            for number in NUMBER.findall(CODE.sub(" ", plain)):
                own.add(("number", number.replace(",", "").rstrip(".")))
            for fact in own:
                found[fact] += 1
                sentences[fact].append((name, block))
    return found, sentences


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    old, old_sentences = facts(files(sys.argv[1]))
    new, new_sentences = facts(files(sys.argv[2]) if len(sys.argv) == 3 else tree())
    absent = fewer = 0
    for fact in sorted(old):
        if new[fact] >= old[fact]:
            continue
        kept = {block for _, block in new_sentences[fact]}
        gone = [(name, block) for name, block in old_sentences[fact] if block not in kept]
        absent += new[fact] == 0
        fewer += new[fact] > 0
        label = "ABSENT" if new[fact] == 0 else f"{old[fact]} -> {new[fact]}"
        print(f"{label} {fact[0]} {fact[1]}")
        for name, block in gone[: 4 if new[fact] else 8]:
            at = block.find(fact[1])
            print(f"    {name}: {block[max(0, at - 90):at + 90]}")
    print(f"{sum(old.values())} facts before, {sum(new.values())} after; {len(old)} distinct; absent {absent}, fewer {fewer}")


main()

#!/usr/bin/env python3
"""Writes cases/*.jsonl: cases from public bug reports with their correct results, without the results of an earlier version.

usage: python3 make_cases.py FOLDER_OF_CASES
"""
import json
import pathlib
import sys

EARLIER = {"today", "ok_today"}
OUT = pathlib.Path(__file__).parent / "cases"

if len(sys.argv) != 2:
    sys.exit(__doc__)
files = sorted(pathlib.Path(sys.argv[1]).glob("*.jsonl"))
if not files:
    sys.exit(f"no .jsonl files in {sys.argv[1]}")
OUT.mkdir(exist_ok=True)
for file in files:
    cases = [json.loads(line) for line in file.read_text("utf-8").split("\n") if line]
    kept = [{name: value for name, value in case.items() if name not in EARLIER} for case in cases]
    lines = [json.dumps(case) + "\n" for case in kept]
    (OUT / file.name).write_text("".join(lines), "utf-8")

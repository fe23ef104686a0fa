#!/usr/bin/env python3
"""Answers of the Python port: pip install phonenumbers==9.0.33; python3 treacherous.py"""
import os

import phonenumbers as p

for line in open(os.path.join(os.path.dirname(__file__), "treacherous.tsv")):
    region, typed = line.rstrip("\n").split("\t")
    try:
        number = p.parse(typed, region)
        valid = p.is_valid_number(number)
        says = p.format_number(number, p.PhoneNumberFormat.E164) if valid else "not valid"
    except p.NumberParseException:
        says = "refused"
    print(f"{region} {typed!r}: phonenumbers {says}")

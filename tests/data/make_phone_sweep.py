#!/usr/bin/env python3
"""Writes phone_sweep.txt: valid numbers of every region, with the format of each.

    pip install phonenumbers==9.0.33        # the version in phone::PLAN_VERSION
    python3 tests/data/make_phone_sweep.py > tests/data/phone_sweep.txt

    @GB 44 0              region, country code, national prefix (`-` without)
    =0#### ######|#### ###### national and international format; # is a digit of the number
    M7400123456 0         kind as a letter, national number, index of its formats in the region

If the national format changes digits (Argentina), it has a line `=...|...` of its own, with its digits.
According to Google's library, each number is valid for its region.
"""
import random

import phonenumbers as p
from make_phone_google import KINDS, descriptors, drawn, metadata

EACH = 200


def pattern(text, national):
    """Returns a format with # for the national number's digits, or the text itself if it does not end with them."""
    digits = [at for at, c in enumerate(text) if c.isdigit()]
    own = digits[len(digits) - len(national):]
    if len(own) != len(national) or "".join(text[at] for at in own) != national:
        return text
    return "".join("#" if at in own else c for at, c in enumerate(text))


def numbers(dice, region, code):
    """Returns different valid numbers of every kind in turn, with as many mobiles as all others together."""
    kinds = descriptors(metadata(region))
    mobile = metadata(region).mobile
    found = {}
    for turn in range(40_000):
        if len(found) == EACH:
            break
        kind = mobile if turn % 2 and mobile in kinds else kinds[turn // 2 % len(kinds)]
        national = drawn(dice, kind.national_number_pattern)
        number = p.PhoneNumber(country_code=code, national_number=int(national))
        zeros = len(national) - len(national.lstrip("0"))
        if zeros:
            number.italian_leading_zero, number.number_of_leading_zeros = True, zeros
        # E.164 has 15 digits at most.
        if len(f"{code}{national}") <= 15 and p.is_valid_number_for_region(number, region):
            found[national] = number
    return found


def main():
    dice = random.Random(9033)
    for region in sorted(p.SUPPORTED_REGIONS):
        code = p.country_code_for_region(region)
        print(f"@{region} {code} {metadata(region).national_prefix or '-'}")
        formats = {}
        for national, number in numbers(dice, region, code).items():
            home = p.format_number(number, p.PhoneNumberFormat.NATIONAL)
            abroad = p.format_number(number, p.PhoneNumberFormat.INTERNATIONAL)
            abroad = abroad.removeprefix(f"+{code}").strip(" -")
            both = f"{pattern(home, national)}|{pattern(abroad, national)}"
            if both not in formats:
                formats[both] = len(formats)
                print(f"={both}")
            print(f"{KINDS[p.number_type(number)]}{national} {formats[both]}")


if __name__ == "__main__":
    main()

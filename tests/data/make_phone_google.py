#!/usr/bin/env python3
"""Writes phone_google.tsv: the results of Google's library for typed and for random numbers.

    pip install phonenumbers==9.0.33        # the version in phone::PLAN_VERSION
    python3 tests/data/make_phone_google.py > tests/data/phone_google.tsv

With a number as argument, that many random strings are made for each region instead of
the usual few, for a long run whose output is not committed.

A line `@GB typed` gives the default region (`@-` for none) and the origin of the inputs.
Every other line is an input, a tab, and Google's result:

    Mp +447400123456 GB     kind and source as letters, E.164, region (`-` without)
    !s                      refused: a letter for the reason, see `refusal` below
"""
import random
import re._parser as sre
import sys

import phonenumbers as p
from phonenumbers import PhoneNumberType as T
from phonenumbers import CountryCodeSource as C
from phonenumbers import NumberParseException as E
from phonenumbers import ValidationResult as V

KINDS = {
    T.FIXED_LINE: "F", T.MOBILE: "M", T.FIXED_LINE_OR_MOBILE: "B", T.TOLL_FREE: "T",
    T.PREMIUM_RATE: "P", T.SHARED_COST: "S", T.PERSONAL_NUMBER: "O", T.VOIP: "V",
    T.PAGER: "G", T.UAN: "U", T.VOICEMAIL: "X",
}
SOURCES = {
    C.FROM_NUMBER_WITH_PLUS_SIGN: "p", C.FROM_NUMBER_WITH_IDD: "i",
    C.FROM_NUMBER_WITHOUT_PLUS_SIGN: "c", C.FROM_DEFAULT_COUNTRY: "n",
}
PARSE = {
    E.INVALID_COUNTRY_CODE: "C", E.NOT_A_NUMBER: "N", E.TOO_SHORT_AFTER_IDD: "I",
    E.TOO_SHORT_NSN: "S", E.TOO_LONG: "L",
}
LENGTH = {
    V.IS_POSSIBLE: "p", V.IS_POSSIBLE_LOCAL_ONLY: "o", V.TOO_SHORT: "s", V.TOO_LONG: "l",
    V.INVALID_LENGTH: "i", V.INVALID_COUNTRY_CODE: "c",
}


def google(text, region):
    try:
        number = p.parse(text, region, keep_raw_input=True)
    except E as error:
        return "!" + PARSE[error.error_type]
    if not p.is_valid_number(number):
        return "!" + LENGTH[p.is_possible_number_with_reason(number)]
    e164 = p.format_number(number, p.PhoneNumberFormat.E164)
    at = p.region_code_for_number(number)
    kind, source = KINDS[p.number_type(number)], SOURCES[number.country_code_source]
    return f"{kind}{source} {e164} {'-' if at == '001' else at}"


def metadata(region):
    if isinstance(region, int):
        return p.PhoneMetadata.metadata_for_nongeo_region(region)
    return p.PhoneMetadata.metadata_for_region(region)


def descriptors(meta):
    found = [meta.fixed_line, meta.mobile, meta.toll_free, meta.premium_rate, meta.shared_cost,
             meta.personal_number, meta.voip, meta.pager, meta.uan, meta.voicemail]
    return [d for d in found if d is not None and d.national_number_pattern]


def drawn(dice, pattern):
    """Returns a random string that a digit pattern accepts."""
    out = []

    def walk(items):
        for op, arg in items:
            name = str(op)
            if name == "LITERAL":
                out.append(chr(arg))
            elif name == "IN":
                choices = []
                for kind, value in arg:
                    if str(kind) == "RANGE":
                        choices += map(chr, range(value[0], value[1] + 1))
                    elif str(kind) == "LITERAL":
                        choices.append(chr(value))
                    else:
                        choices += "0123456789"
                out.append(dice.choice(choices))
            elif name == "BRANCH":
                walk(dice.choice(arg[1]))
            elif name == "SUBPATTERN":
                walk(arg[3])
            elif name == "MAX_REPEAT":
                for _ in range(dice.randint(arg[0], min(arg[1], arg[0] + 4))):
                    walk(arg[2])
            elif name == "AT":
                pass
            else:
                raise ValueError(name)
    walk(sre.parse(pattern))
    return "".join(out)


def idd_of(dice, meta):
    return drawn(dice, meta.international_prefix) if meta.international_prefix else "00"


def spaced(dice, digits):
    out = []
    for digit in digits:
        out.append(digit)
        if dice.random() < 0.25:
            out.append(dice.choice(" -./() "))
    return "".join(out)


def typed(dice, meta, code, nsn):
    """Returns the ways in which people write one number."""
    trunk = meta.national_prefix or ""
    idd = idd_of(dice, meta)
    number = p.parse(f"+{code}{nsn}", None)
    national = p.format_number(number, p.PhoneNumberFormat.NATIONAL)
    abroad = p.format_number(number, p.PhoneNumberFormat.INTERNATIONAL)
    wide = str.maketrans("0123456789+-() ", "０１２３４５６７８９＋－（）\u3000")
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    other = str((int(nsn[-1]) + 5) % 10)
    return [
        nsn, trunk + nsn, national, abroad, f"+{code}{nsn}", f"{code}{nsn}",
        f"+{code} (0){nsn}", f"+{code}{trunk}{nsn}", f"{code}{trunk}{nsn}", f"{idd}{code}{nsn}",
        f"00{code}{nsn}", f"00 {code} {trunk}{nsn}", f"+{idd}{code}{nsn}", f"+00{code} {nsn}",
        f"+{code}{code}{nsn}", f"+{nsn}", f"+{trunk}{nsn}", f"(+{code}) {nsn}", f"'+{code}{nsn}'",
        p.format_number(number, p.PhoneNumberFormat.RFC3966),
        f"tel:{nsn};phone-context=+{code}", f"tel:{trunk}{nsn};phone-context=example.com",
        f"tel:+{code}{nsn};isub=12", f"tel:{trunk}{nsn}",
        national.translate(wide), abroad.translate(arabic),
        national.replace(" ", "\xa0"), national.replace(" ", "\u2009"),
        abroad.replace(" ", "\u2013"), abroad.replace(" ", "."), abroad.replace(" ", "/"),
        "\u202a" + abroad + "\u202c", abroad[:5] + "\u200e" + abroad[5:],
        abroad[:6] + "\u200b" + abroad[6:], f"  {national}  ", f"{national}\n", f"\t{national}",
        f"{national} x123", f"{abroad} ext. 4", f"{national} доб. 12", f"{abroad};ext=77",
        f"{national},,5", f"{national} #9", f"{national};3", f"{national} -55#", f"{abroad}~7",
        f"Tel: {national}", f"mobile {abroad}", f"{national} (home)", f"{nsn[:-1]}O",
        nsn[:-1], nsn + "0", trunk + nsn[:-1] + other, f"+{code}{nsn[1:]}", nsn[-7:], nsn[-6:],
        f"{trunk}{nsn}.0", f"{code}{nsn}.00", f"{national}+", f"{nsn[0]}.{nsn[1:5]}E+11",
        f"{national} / {national}", f"{national}/x{national}", f"{national};{nsn}",
        f"{national}, {national}", f"+{code}{nsn}+{code}{nsn}", spaced(dice, trunk + nsn),
        spaced(dice, f"+{code}{nsn}"), f"{nsn[:3]}*{nsn[3:]}", f"{nsn[:2]}?{nsn[2:]}",
    ]


def changed(dice, digits):
    way = dice.randrange(6)
    at = dice.randrange(len(digits)) if digits else 0
    if way == 0:
        return digits[:at] + digits[at + 1:]
    if way == 1:
        return digits[:at] + str(dice.randrange(10)) + digits[at:]
    if way == 2:
        return digits[:at] + str(dice.randrange(10)) + digits[at + 1:]
    return digits


def random_ones(dice, meta, code, count):
    """Returns random strings from the region's own patterns, some with a digit changed."""
    patterns = [d.national_number_pattern for d in descriptors(meta)]
    trunk = meta.national_prefix_for_parsing or meta.national_prefix
    for _ in range(count):
        digits = changed(dice, drawn(dice, dice.choice(patterns)))
        if trunk and dice.random() < 0.3:
            digits = drawn(dice, trunk) + (digits if dice.random() < 0.7 else "")
        head = dice.choice(["", "", "", "+", "code", "+code", "+code", "idd", "+idd"])
        if "code" in head or "idd" in head:
            digits = f"{code}{digits}"
        if "idd" in head:
            digits = idd_of(dice, meta) + digits
        digits = ("+" if "+" in head else "") + changed(dice, digits)
        yield digits


PIECES = [
    " ", "-", ".", "/", "(", ")", "[", "]", "~", "*", "x", "ext", "#", ",", ";", "доб", "int",
    "anexo", "\xa0", "\u2013", "\u2212", "\uff0d", "\u3000", "\uff08", "\uff0b", "+", "\u0661",
    "\uff11", "0", "1", "00", "(0)", ";isub=1", ";phone-context=+44", "O", "'", "=", "\u30fc",
    "\u223c", "\uff5e", "\xbd", ":", "?", "|", "\\", "\u200b", "\xad", "\u2060",
]


def messy(dice, meta, code, count):
    """Returns example numbers with separators and parts of labels inserted anywhere, some with an extension."""
    examples = [d.example_number for d in descriptors(meta)[:3] if d.example_number]
    for _ in range(count):
        nsn = dice.choice(examples)
        text = dice.choice([nsn, (meta.national_prefix or "") + nsn, f"+{code}{nsn}", f"{code}{nsn}"])
        for _ in range(dice.randint(1, 2)):
            at = dice.randint(0, len(text))
            text = text[:at] + dice.choice(PIECES) + text[at:]
        if dice.random() < 0.3:
            text += dice.choice([" x", "ext", "#", ",", ";ext=", ",,", "~", " доб. ", "int "])
            text += str(dice.randrange(10 ** dice.randint(1, 5)))
        yield text


def regions():
    return sorted(p.SUPPORTED_REGIONS) + sorted(p.COUNTRY_CODES_FOR_NON_GEO_REGIONS)


def emit(home, what, inputs):
    region = home if isinstance(home, str) and home != "-" else None
    lines = []
    for text in dict.fromkeys(inputs):
        if "\n" in text or "\t" in text:
            shown = text.replace("\n", "\\n").replace("\t", "\\t")
        else:
            shown = text
        lines.append(f"{shown}\t{google(text, region)}")
    if lines:
        print(f"@{region or '-'} {what}")
        print("\n".join(lines))


# Inputs that no style above makes, or too seldom.
CORNERS = {
    "DE": ["49 1512 3456789", "4915123456789", "49 30 1234567", "0049 1512 3456789",
           "49 151 12345678", "+49 30 1620 4184 7202", "030 1620 4184 7202", "2290195123456.0",
           "0151/12345678", "030/1234567-89", "112", "110", "+49 (0) 151 12345678"],
    "FI": ["+990 358 9 1234567", "990 44 20 7946 0018", "+9900 44 20 7946 0018",
           "+99559 44 20 7946 0018", "+991 44 20 7946 0018", "358 40 1234567", "112"],
    "US": ["+1 1 415 555 0123", "1 415 555 0123", "415 555 0123", "555 0123", "40404", "72345",
           "911", "112", "1231231234", "+8613123456789", "+4915123456789", "011 44 20 7946 0018",
           "+011 44 20 7946 0018", "00 44 20 7946 0018", "1-800-FLOWERS", "415 555 O123",
           "+52 1 55 1234 5678", "+1415-555-0123", "4.4791E+11", "4155550123;4155550124",
           "4155550123,5", "415 555 0123 x1234567", "6592345678", "+15005550006", "(415)555-0123",
           "4155550123 / 4155550124", "415-555-0123 or 415-555-0124"],
    "GB": ["+44 (0)20 7946 0018", "+44 0044 20 7946 0018", "0044 20 7946 0018", "999", "112",
           "447911123456.0", "+390612345678", "+39 (0)6 1234 5678", "07400 123456"],
    "AR": ["011 15 2345 6789", "+54 11 15 2345 6789", "+54 9 11 2345 6789", "11 2345 6789",
           "15 2345 6789", "0 2901 15 123456", "54 9 11 2345 6789"],
    "BR": ["0xx11 96123 4567", "0 15 11 96123 4567", "+55 11 6123 4567", "11 96123 4567"],
    "IT": ["06 1234 5678", "+39 06 1234 5678", "39 06 1234 5678", "3123456789", "39 312 3456789"],
    "RU": ["8 912 345 67 89", "7 912 345 67 89", "8 800 123 45 67", "810 44 20 7946 0018"],
    "AU": ["0491 570 156", "0011 44 20 7946 0018", "61 491 570 156", "13 12 34", "000"],
    "AG": ["460 1234", "1 268 460 1234", "268 460 1234"],
    "MX": ["+52 1 55 1234 5678", "044 55 1234 5678", "55 1234 5678", "01 55 1234 5678"],
    "-": ["4155550123", "0044 20 7946 0018", "+44 20 7946 0018", "40404", "+9991234567",
          "+225 01 02 03 04", "+225 01 02 03 04 05", "+229 90 01 12 34", "+229 01 90 01 12 34",
          "+375 810 123 4567", "+266696687", "+7378742833", "+86282452253"],
}


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    dice = random.Random(9033)
    for home in regions():
        meta = metadata(home)
        code = home if isinstance(home, int) else p.country_code_for_region(home)
        inputs, abroad = [], []
        for descriptor in descriptors(meta):
            if descriptor.example_number:
                ways = typed(dice, meta, code, descriptor.example_number)
                # Every style for one kind in each region; a third of them for the others.
                inputs += ways if count else dice.sample(ways, 19)
                abroad.append(dice.choice(ways[:20]))
        emit(home, "typed", inputs)
        emit(dice.choice(["US", "GB", "DE", "AU", "FI", "RU", "BR", "-"]), "typed", abroad)
        emit(home, "random", random_ones(dice, meta, code, count or 30))
        emit(home, "messy", messy(dice, meta, code, 12 if not count else 60))
        if count:
            emit(dice.choice(regions()), "random", random_ones(dice, meta, code, count // 4))
    for home, corners in CORNERS.items():
        emit(home, "corners", corners)


if __name__ == "__main__":
    main()

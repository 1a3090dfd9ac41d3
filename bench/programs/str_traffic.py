# SPDX-License-Identifier: MIT
"""Strings: building, joining, splitting, slicing, searching, replacing, formatting, characters."""

SIZE_QUICK = 42_000
SIZE_FULL = 420_000

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def shift(text, by):
    result = ""
    for letter in text:
        code = ord(letter)
        if 97 <= code <= 122:
            letter = chr((code - 97 + by) % 26 + 97)
        result += letter
    return result


def to_base(n, base):
    digits = []
    while n:
        n, digit = divmod(n, base)
        digits.append("0123456789abcdefghijklmnopqrstuvwxyz"[digit])
    digits.reverse()
    return "".join(digits) or "0"


def run(size):
    fields = []
    found = 0
    for i in range(size):
        key = to_base(i, 36)
        line = "%d;%s;%s" % (i, key, LETTERS[i % 20:i % 20 + 5].upper())
        line += f";{i * 3:>8}"
        parts = line.split(";")
        if parts[2].lower() in LETTERS and line.find("E") >= 0:
            found += 1
        fields.append(parts[1])
    text = ",".join(fields)
    secret = "".join([shift(text[i:i + 100], 7) for i in range(0, len(text), 100)])
    plain = "".join([shift(secret[i:i + 80], -7) for i in range(0, len(secret), 80)])
    return fields, found, text.replace(",", "").startswith("0123"), plain == text


def check(size, result):
    fields, found, start, same = result
    if len(fields) != size:
        raise ValueError("%d fields" % len(fields))
    for i in range(0, size, 11):
        if int(fields[i], 36) != i:
            raise ValueError("%d was written %r" % (i, fields[i]))
    if found != sum(1 for i in range(size) if i % 20 <= 4):
        raise ValueError("found %d" % found)
    if not same or (size >= 4 and not start):
        raise ValueError("the text came back changed")

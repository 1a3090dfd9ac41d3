#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# Writes vm/types/unicode_tables.h: what Unicode 14 says about characters beyond what their
# general category and utf8proc's simple case mappings tell. Derived by asking the oracle
# (CPython 3.11, whose str methods follow Unicode 14) about every code point, so run it with
# exactly that: python3.11 tools/make_unicode_tables.py > vm/types/unicode_tables.h
import ctypes
import sys
import unicodedata

assert unicodedata.unidata_version == "14.0.0", "needs the Unicode version of CPython 3.11"
proc = ctypes.CDLL("libutf8proc.so.2")
proc.utf8proc_category_string.restype = ctypes.c_char_p
chars = [chr(i) for i in range(0x110000)]
category = [unicodedata.category(c) for c in chars]


def ranges(test):
    found, start = [], None
    for i in range(0x110001):
        holds = i < 0x110000 and test(i)
        if holds and start is None:
            start = i
        elif not holds and start is not None:
            found.append((start, i - 1))
            start = None
    return found


def emit(lines, text):
    line = "   "
    for item in lines:
        if len(line) + len(item) > 98:
            print(line)
            line = "   "
        line += " " + item
    print(line)
    print("};" if not text else "}; // " + text)


def emit_ranges(name, comment, test):
    print(f"\n// {comment}\nstatic const UnicodeRange {name}[] = {{")
    emit([f"{{0x{a:x}, 0x{b:x}}}," for a, b in ranges(test)], "")


def letter_like(i):
    return category[i][0] == "L" or category[i] == "Nl"


def is_case_ignorable(i):
    return (("A" + chars[i] + "\u03a3").lower()[-1] == "\u03c2"
            and ("1" + chars[i] + "\u03a3").lower()[-1] != "\u03c2")


print("""// SPDX-License-Identifier: MIT
// clang-format off
//
// Made by tools/make_unicode_tables.py: the properties of Unicode 14 that do not follow from a
// character's general category, as exceptions to the rule named at each table, and the case
// mappings to more than one character. Facts of UnicodeData, SpecialCasing, PropList and
// DerivedCoreProperties. Included by vm/types/unicode.c alone.
#ifndef LOCKSMITH_VM_TYPES_UNICODE_TABLES_H
#define LOCKSMITH_VM_TYPES_UNICODE_TABLES_H

#include <stdint.h>

typedef struct {
    uint32_t first, last;
} UnicodeRange;

// A mapping of one character to two or three (0: none).
typedef struct {
    uint32_t point;
    uint16_t to[3];
} UnicodeMapping;""")
emit_ranges("unicode_unassigned", "Characters that utf8proc knows and Unicode 14 does not.",
            lambda i: proc.utf8proc_category_string(i).decode() != category[i])
emit_ranges("unicode_other_lower", "Lowercase though not of category Ll.",
            lambda i: chars[i].islower() and category[i] != "Ll")
emit_ranges("unicode_other_upper", "Uppercase though not of category Lu.",
            lambda i: chars[i].isupper() and category[i] != "Lu")
emit_ranges("unicode_other_digit", "Digits though not of category Nd.",
            lambda i: chars[i].isdigit() and not chars[i].isdecimal())
emit_ranges("unicode_other_numeric", "Numeric though not of category Nd, Nl or No.",
            lambda i: chars[i].isnumeric() and category[i][0] != "N")
emit_ranges("unicode_start_flips", "XID_Start is L* or Nl, but the other way round for these.",
            lambda i: i != 95 and chars[i].isidentifier() != letter_like(i))
emit_ranges("unicode_continue_flips",
            "XID_Continue is L*, Nl, Mn, Mc, Nd or Pc, but the other way round for these.",
            lambda i: ("a" + chars[i]).isidentifier()
            != (letter_like(i) or category[i] in ("Mn", "Mc", "Nd", "Pc")))
emit_ranges("unicode_ignorable_flips",
            "Case_Ignorable is Mn, Me, Cf, Lm or Sk, but the other way round for these.",
            lambda i: is_case_ignorable(i) != (category[i] in ("Mn", "Me", "Cf", "Lm", "Sk")))
for name, method in (("upper", str.upper), ("lower", str.lower), ("title", str.title)):
    print(f"\n// {name}() to several characters.")
    print(f"static const UnicodeMapping unicode_{name}_special[] = {{")
    items = []
    for i in range(0x110000):
        to = method(chars[i])
        if len(to) > 1:
            items.append(f"{{0x{i:x}, {{" + ", ".join(f"0x{ord(c):x}" for c in to) + "}},")
    emit(items, "")
print("\n// Nd: the character of value 0 in each run of ten.")
print("static const uint32_t unicode_zeros[] = {")
zeros = [i for i in range(0x110000)
         if chars[i].isdecimal() and unicodedata.decimal(chars[i]) == 0]
emit([f"0x{i:x}," for i in zeros], "")
print("\n#endif")

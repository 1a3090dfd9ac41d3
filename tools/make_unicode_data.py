#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# Writes the tables of Unicode 14 (and of 3.2 where it differs) behind \N{...} and the module unicodedata,
# by asking the oracle (CPython 3.11) about every code point, so run it with exactly that:
#   python3.11 tools/make_unicode_data.py names > vm/types/unicode_name_tables.h
#   python3.11 tools/make_unicode_data.py properties > vm/modules/unicodedata_tables.h
# Aliases of names and named sequences come from NameAliases.txt and NamedSequences.txt (Debian's unicode-data),
# as far as the oracle knows them.
import collections
import sys
import unicodedata as new

old = new.ucd_3_2_0
assert new.unidata_version == "14.0.0", "needs the Unicode version of CPython 3.11"
POINTS = range(0x110000)
UNICODE = "/usr/share/unicode/"


def emit(items, indent="    ", width=98):
    line = indent
    for item in items:
        if len(line) + len(item) > width and line != indent:
            print(line.rstrip())
            line = indent
        line += item + " "
    print(line.rstrip())


def emit_bytes(data, indent="    ", width=96):
    line, escaped = "", False
    for b in data:
        plain = 32 <= b < 127 and b not in b'"\\?' and not (escaped and chr(b) in "01234567")
        piece = chr(b) if plain else "\\%o" % b
        if len(line) + len(piece) > width:
            print(f'{indent}"{line}"')
            line = ""
        line += piece
        escaped = not plain and len(piece) < 4
    print(f'{indent}"{line}";')


def ranges(points):
    found = []
    for p in points:
        if found and found[-1][1] == p - 1:
            found[-1][1] = p
        else:
            found.append([p, p])
    return found


def header(guard, text):
    print("// SPDX-License-Identifier: MIT\n// clang-format off\n//\n// Made by tools/make_unicode_data.py: " + text)
    print(f"#ifndef {guard}\n#define {guard}\n\n#include <stdint.h>\n")


def fields(path):
    with open(UNICODE + path, encoding="utf-8") as stream:
        for line in stream:
            line = line.split("#")[0].strip()
            if line:
                yield [field.strip() for field in line.split(";")]


def names():
    header("LOCKSMITH_VM_TYPES_UNICODE_NAME_TABLES_H",
           "the names of Unicode 14's characters. Facts of\n// UnicodeData, NameAliases and NamedSequences. "
           "Included by vm/types/unicode_names.c alone.")
    all_names = [new.name(chr(i), "") for i in POINTS]
    ideographs = [i for i in POINTS if all_names[i] == f"CJK UNIFIED IDEOGRAPH-{i:04X}"]
    by_number = set(ideographs)
    listed = [i for i in POINTS if all_names[i] and i not in by_number
              and not all_names[i].startswith("HANGUL SYLLABLE ")]
    count = collections.Counter(w for i in listed for w in all_names[i].split(" "))
    words = sorted(count, key=lambda w: (-count[w], w))
    print("// The words of names, the most frequent first; the last letter of each has bit 7 set.")
    print(f"enum {{ UNICODE_WORDS = {len(words)} }};\nstatic const char unicode_words[] =")
    emit_bytes(b"".join(w[:-1].encode() + bytes([ord(w[-1]) | 0x80]) for w in words))
    number = {w: i + 1 for i, w in enumerate(words)}
    print("\n// Names in order of the characters: the numbers of their words from 1 on, in one byte below 128, "
          "else in two\n// (bit 7 and the high bits first), and a 0.")
    data = bytearray()
    for i in listed:
        for w in all_names[i].split(" "):
            n = number[w]
            data += bytes([n]) if n < 128 else bytes([0x80 | n >> 8, n & 255])
        data.append(0)
    print(f"enum {{ UNICODE_NAMES = {len(listed)} }};\nstatic const char unicode_name_data[] =")
    emit_bytes(bytes(data))
    print("\ntypedef struct {\n    uint32_t first, last;\n} UnicodeNameRange;")
    print("\n// The characters that have these names.\nstatic const UnicodeNameRange unicode_named[] = {")
    emit([f"{{0x{a:x}, 0x{b:x}}}," for a, b in ranges(listed)])
    print("};\n\n// The characters named CJK UNIFIED IDEOGRAPH- and their number.")
    print("static const UnicodeNameRange unicode_ideographs[] = {")
    emit([f"{{0x{a:x}, 0x{b:x}}}," for a, b in ranges(ideographs)])
    print("};\n\n// The characters that Unicode 3.2 did not have names for, of those that have one now.")
    print("static const UnicodeNameRange unicode_named_later_ranges[] = {")
    emit([f"{{0x{a:x}, 0x{b:x}}}," for a, b in
          ranges([i for i in POINTS if all_names[i] and not old.name(chr(i), "")])])

    def known(name, text):
        try:
            return new.lookup(name) == text
        except KeyError:
            return False
    print("};\n\ntypedef struct {\n    const char *name;\n    uint32_t points[4]; // 0: no more\n} UnicodeAlias;")
    print("\n// Other names of characters, and names of sequences.\nstatic const UnicodeAlias unicode_aliases[] = {")
    aliases = [(f[1], [int(f[0], 16)]) for f in fields("NameAliases.txt")]
    aliases += [(f[0], [int(c, 16) for c in f[1].split()]) for f in fields("NamedSequences.txt")]
    for name, points in sorted(aliases):
        if known(name, "".join(map(chr, points))):
            print(f'    {{"{name}", {{' + ", ".join(f"0x{p:x}" for p in points) + "}},")
    print("};\n\n#endif")


CATEGORIES = "Cn Lu Ll Lt Mn Mc Me Nd Nl No Zs Zl Zp Cc Cf Cs Co Lm Lo Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So".split()
BIDI = ["", "L", "LRE", "LRO", "R", "AL", "RLE", "RLO", "PDF", "EN", "ES", "ET", "AN", "CS", "NSM", "BN", "B", "S",
        "WS", "ON", "LRI", "RLI", "FSI", "PDI"]
WIDTHS = ["F", "H", "W", "Na", "A", "N"]


def properties():
    header("LOCKSMITH_VM_MODULES_UNICODEDATA_TABLES_H",
           "properties of Unicode 14's characters,\n// and of 3.2's. Facts of UnicodeData, EastAsianWidth, "
           "CompositionExclusions and NormalizationCorrections.\n// Included by vm/modules/unicodedata_tables.c alone.")
    for kind, values in ("category", CATEGORIES), ("bidirectional", BIDI), ("width", WIDTHS):
        print(f"static const char *const unicode_{kind}_names[] = {{")
        emit([f'"{v}",' for v in values])
        print("};")
    records, pages, index = {}, {}, []
    for page in range(0, 0x110000, 128):
        row = []
        for i in range(page, page + 128):
            c = chr(i)
            flags = (new.mirrored(c) | old.mirrored(c) << 1 | bool(new.decomposition(c)) << 2
                     | (new.numeric(c, None) is not None) << 3
                     | (old.decimal(c, None) is not None and new.decimal(c, None) is None) << 4)
            record = (CATEGORIES.index(new.category(c)), new.combining(c), BIDI.index(new.bidirectional(c)),
                      WIDTHS.index(new.east_asian_width(c)), CATEGORIES.index(old.category(c)), old.combining(c),
                      BIDI.index(old.bidirectional(c)), WIDTHS.index(old.east_asian_width(c)), flags)
            row.append(records.setdefault(record, len(records)))
        index.append(pages.setdefault(tuple(row), len(pages)))
    print("\n// Category, combining class, bidirectional class and width; the same of 3.2; UNICODE_RECORD_* flags.")
    print("static const UnicodeRecord unicode_records[] = {")
    emit(["{" + ", ".join(map(str, r)) + "}," for r in records])
    print("};\n\n// Of each 128 characters: their page in unicode_pages_of_records, which has their record.")
    print(f"static const uint{8 if len(pages) < 256 else 16}_t unicode_record_index[] = {{")
    emit([f"{i}," for i in index])
    print("};\nstatic const uint16_t unicode_record_pages[][128] = {")
    for page in pages:
        print("    {")
        emit([f"{i}," for i in page], "        ")
        print("    },")
    print("};\n\n// Value, decimal digit and digit (-1: none) of the characters that are numbers.")
    print("static const UnicodeNumber unicode_numbers[] = {")
    emit([f"{{0x{i:x}, {new.numeric(chr(i))!r}, {new.decimal(chr(i), -1)}, {new.digit(chr(i), -1)}}}," for i in POINTS
          if new.numeric(chr(i), None) is not None])
    print("};\n")
    tags, data, entries, pairs = [""], [], [], []
    for i in POINTS:
        text = new.decomposition(chr(i))
        if not text:
            continue
        parts = text.split()
        tag = parts.pop(0) if parts[0][0] == "<" else ""
        if tag not in tags:
            tags.append(tag)
        points = [int(p, 16) for p in parts]
        entries.append(f"{{0x{i:x}, {len(data)}, {len(points)}, {tags.index(tag)}}},")
        data += points
        if not tag and len(points) == 2 and new.normalize("NFC", "".join(map(chr, points))) == chr(i):
            pairs.append((*points, i))
    print("static const char *const unicode_decomposition_tags[] = {")
    emit([f'"{t}",' for t in tags])
    print("};\n\n// Where in unicode_decomposition_points a character's decomposition is, how long, and its tag.")
    print("static const UnicodeDecomposition unicode_decompositions[] = {")
    emit(entries)
    print("};\nstatic const uint32_t unicode_decomposition_points[] = {")
    emit([f"0x{p:x}," for p in data])
    print("};\n\n// Two characters that compose to a third.\nstatic const UnicodeComposition unicode_compositions[] = {")
    emit(["{" + ", ".join(f"0x{p:x}" for p in pair) + "}," for pair in sorted(pairs)])
    print("};\n\n// Characters that 3.2 decomposed otherwise.\nstatic const UnicodeMapped unicode_old_decompositions[] = {")
    emit([f"{{0x{i:x}, 0x{ord(old.normalize('NFD', chr(i))):x}}}," for i in POINTS
          if old.category(chr(i)) != "Cn" and old.normalize("NFD", chr(i)) != new.normalize("NFD", chr(i))])
    print("};\n\n#endif")


{"names": names, "properties": properties}[sys.argv[1]]()

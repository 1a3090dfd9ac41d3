# unicodedata: errors, aliases, sequences, normal forms of longer texts; \N{...} and namereplace.
import random
import unicodedata as u

o = u.ucd_3_2_0


def t(f, *a):
    try:
        print(ascii(f(*a)))
    except BaseException as e:
        print(type(e).__name__, ascii(str(e)))


t(u.name, "\0"), t(u.name, "ab"), t(u.name, 1), t(u.name, "\0", 5), t(u.name, ""), t(u.lookup, "nope"), t(u.lookup, "latin small letter a")
for name in ("LATIN SMALL LETTER R WITH TILDE", "KEYCAP DIGIT ZERO", "LINE FEED", "line feed", "é", "x" * 300, "x" * 256, "", "GRINNING FACE",
             "hangul syllable ga", "HANGUL SYLLABLE GA", "HANGUL SYLLABLE GAX", "HANGUL SYLLABLE GGWEOLB", "HANGUL SYLLABLE ", "HANGUL SYLLABLE A", "HANGUL SYLLABLE G",
             "cjk unified ideograph-4e00", "CJK UNIFIED IDEOGRAPH-4E00", "CJK UNIFIED IDEOGRAPH-04E00", "CJK UNIFIED IDEOGRAPH-0041", "CJK UNIFIED IDEOGRAPH-20000",
             "CJK COMPATIBILITY IDEOGRAPH-F900", "LATIN SMALL  LETTER A", "DIGIT ONE ", "TANGUT IDEOGRAPH-17000", "ZWJ", "BYTE ORDER MARK"):
    t(u.lookup, name), t(o.lookup, name)
t(u.lookup, 1), t(u.lookup, b"DIGIT ONE"), t(u.lookup, "\ud800")
for f in u.decimal, u.digit, u.numeric:
    t(f, "a"), t(f, "a", None), t(f, "12"), t(f, 1), t(f, "7"), t(f, "²"), t(f, "½"), t(f, "Ⅷ"), t(f, "一")
for f in u.category, u.bidirectional, u.combining, u.mirrored, u.east_asian_width, u.decomposition:
    t(f, ""), t(f, 3), t(f, "ab"), t(f, "\uac00"), t(f, "¼")
for f in u.normalize, u.is_normalized, o.normalize, o.is_normalized:
    t(f, "x", "a"), t(f, "NFC", 1), t(f, 1, "a"), t(f, "x", ""), t(f, "NFC", ""), t(f, "nfc", "a")
t(u.UCD)
random.seed(4)
pool = "aeoAEO\u0300\u0301\u0308\u0323\u0327\u0345\u05b0\u0591\u1100\u1161\u11a8\uac00\uac01\u1e9b\ufb01\u0958\u2126\u212b\u0f73\u0344\U0001d15e\u30ab\u3099\uff76\uff9eé\U0002f868\u0b47\u0b57\U000110ba\U00011131\U00011127"
for i in range(2000):
    s = "".join(random.choice(pool) for i in range(random.randrange(1, 9)))
    print(*[ascii(v.normalize(form, s)) for v in (u, o) for form in ("NFC", "NFD", "NFKC", "NFKD")], *[v.is_normalized(form, s) for v in (u, o) for form in ("NFC", "NFD", "NFKC", "NFKD")])
s = "".join(random.choice("\u0300\u0323\u0345\u05b0\u0591") for i in range(5000))
print(ascii(u.normalize("NFD", "a" + s) == "a" + "".join(sorted(s, key=u.combining))))

print(ascii("\N{GREEK SMALL LETTER ALPHA}\N{bullet}\N{LINE FEED}\N{HANGUL SYLLABLE GAG}\N{CJK UNIFIED IDEOGRAPH-4E01}"))
for text in r"\N{KEYCAP DIGIT ZERO}", r"\N{nope}", r"\N", r"\N{", r"\N{}", r"\Nx", r"\N{DIGIT ONE", r"ab\N{line feed}\N{ZWJ}c":
    t(eval, "'" + text + "'"), t(eval, "f'" + text + "'"), t(text.encode().decode, "unicode_escape"), t(eval, "b'" + text + "'")
for text in "aé漢\uac00😀\ue000\0\x80", "\ud800x":
    t(text.encode, "ascii", "namereplace"), t(text.encode, "latin-1", "namereplace")

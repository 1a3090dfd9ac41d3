# What error handlers are told and what becomes of their answers, for every kind of codec: positions, replacements,
# runs between errors of every length, truncated input, incremental coders.
import codecs
import random


def t(f, *args):
    try:
        return ascii(f(*args))
    except Exception as e:
        return type(e).__name__ + ": " + ascii(str(e))


ENCODINGS = ("ascii", "latin-1", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "cp1252", "koi8-r", "utf-7",
             "unicode_escape", "raw_unicode_escape")
HANDLERS = ("strict", "ignore", "replace", "backslashreplace", "surrogateescape", "surrogatepass", "xmlcharrefreplace", "namereplace")

# An exception is made for the first error of a call; the next ones change it.
seen = []


def look(e):
    seen.append((e.encoding, e.start, e.end, e.reason, ascii(e.object), bool(kept) and kept[-1] is e))
    kept.append(e)
    return "<>", e.end


codecs.register_error("test.look", look)
for text in "ab\u20acc\u20ac\u0100d\ud800\ud800", "\ud800", "\udc80x" * 3:
    for encoding in ENCODINGS:
        kept = []
        print(encoding, t(text.encode, encoding, "test.look"), seen)
        seen.clear()
for data in b"ab\xffc\xff\xfe\xe2\x82", b"\x81\x8d", b"\x00\xd8\x00\xd8a\x00\x00", b"\\x4\\ud8zz\\", b"a+b\xff-":
    for encoding in ENCODINGS:
        kept = []
        print(encoding, t(data.decode, encoding, "test.look"), seen)
        seen.clear()

# Answers that are none, or go elsewhere; each handler comes to an end.
answer = None
codecs.register_error("test.answer", lambda e: answer)


class Index:
    def __index__(self):
        return 5


for answer in (("x",), ("x", 5, 6), (), 5, None, ["x", 5], (5, 5), ("x", "y"), (b"xyz", 5), (b"wxyz", 5), ("x", 5.0), ("x", Index()), ("x", 10 ** 30),
               ("x", 6), ("x", -6), ("\u20ac", 5), ("\ud800", 5), ("\xe9", 5), (5, 6), (5, "y"), (bytearray(b"x"), 5)):
    shown = "Index" if answer and isinstance(answer, tuple) and len(answer) > 1 and isinstance(answer[1], Index) else ascii(answer)
    for encoding in ENCODINGS:
        print(shown, encoding, t("ab\ud800\u20acd".encode, encoding, "test.answer"))
    for data, encoding in ((b"ab\xffde", "ascii"), (b"abc\xffd", "utf-8"), (b"a\x81bcd", "cp1252"), (b"ab\\xq", "unicode_escape"), (b"a\\uzz", "raw_unicode_escape"),
                           (b"\xff\xfea\0b", "utf-16"), (b"\0\xd8a\0b", "utf-16-le"), (b"\0\0\0\0\xff", "utf-32-be"), (b"ab\xffcd", "utf-7")):
        print(shown, encoding, t(data.decode, encoding, "test.answer"))

# Back and forth; another object in the exception.
places = []
codecs.register_error("test.places", lambda e: ("[%d]" % e.start, places.pop() if places else e.end))
for encoding in "ascii", "utf-8", "utf-16-le", "cp1252":
    places = [-1, 0, 2]
    print(encoding, t("ab\ud800cd\ud801ef".encode, encoding, "test.places"))
for data, encoding in (b"ab\xffcd\xffef", "ascii"), (b"ab\xffcd\xffef", "utf-8"), (b"ab\x81cd\x81ef", "cp1252"), (b"a\0\0\xdcc\0\0\xdcd\0e", "utf-16-le"):
    places = [-1, 0, 2]
    print(encoding, t(data.decode, encoding, "test.places"))


def other_object(e):
    if len(e.object) > 8:
        e.object = b"xy\xffz"
    return "<%d>" % len(e.object), 1 if len(e.object) == 4 and e.start > 4 else min(e.end, len(e.object))


codecs.register_error("test.object", other_object)
for data, encoding in (b"abcdef\xff0123\xff", "ascii"), (b"abcdef\xff0123\xff", "utf-8"), (b"abcdef\x810123\x81", "cp1252"), (b"abcdef\\x0123456", "unicode_escape"):
    print(encoding, t(data.decode, encoding, "test.object"))


def not_bytes(e):
    e.object = "text"
    return "", e.end


codecs.register_error("test.object", not_bytes)
try:
    print(b"a\xffb".decode("ascii", "test.object"))
except TypeError:
    print("TypeError")

# Handlers of one's own under the names of standard ones.
standard = codecs.lookup_error("namereplace")
codecs.register_error("namereplace", lambda e: ("own", e.end))
print(t("a\u20acb".encode, "ascii", "namereplace"))
codecs.register_error("namereplace", standard)
print(t("a\u20ac\ud800\x80b".encode, "ascii", "namereplace"), t("a\ud800".encode, "utf-8", "namereplace"), t("\u0100".encode, "cp437", "namereplace"),
      t("\ud800".encode, "utf-16-le", "namereplace"), t("\u20ac".encode, "utf-16-le", "namereplace"), t(b"\xff".decode, "utf-8", "namereplace"))
for name in "nope", "strictly", "ignored", "re", "r", "", "surrogate", "surrogatepassed", "backslash", "st", "xm":
    print(name, t("\u20ac".encode, "ascii", name), t(b"\xff".decode, "ascii", name), t("a".encode, "ascii", name))

# Runs of every length around the widths at which loops change, with an error in every place.
for n in (*range(0, 36), 63, 64, 65, 127, 128, 129, 200):
    for unit in "a", "\xe9", "\u20ac", "\U0001f600":
        text = unit * n + "\ud800" + "b" * n + "\udc80" + unit
        print(n, [hash_ for encoding in ENCODINGS for h in ("ignore", "replace", "surrogatepass", "backslashreplace", "surrogateescape")
                  for hash_ in [len(t(text.encode, encoding, h))]])
        for encoding in "utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-7", "unicode_escape", "raw_unicode_escape":
            whole = unit * n + "\\+b" * (n // 8) + unit + "\t\n\r~\x7f\0" + "c" * n
            data = whole.encode(encoding)
            if data.decode(encoding) != whole.replace("\\", "\\") and encoding != "raw_unicode_escape":
                print("wrong", encoding, n, ascii(unit))
            print(len(data), *[ascii((data[:-cut]).decode(encoding, "replace"))[-12:] for cut in (1, 2, 3) if cut < len(data)])
        data = text.encode("utf-8", "surrogatepass")
        for handler in "ignore", "replace", "backslashreplace", "surrogateescape", "surrogatepass":
            for encoding in "utf-8", "ascii", "cp1252", "koi8-r", "utf-16-le", "utf-16-be", "utf-32-le":
                print(t(data.decode, encoding, handler)[-60:])

# In pieces.
r = random.Random(7)
for i in range(600):
    text = "".join(r.choice(("a", "long plain text", "\xe9", "\u20ac", "\U0001f600", "\\", "+", "\n", "\ud800", "\\u12")) for _ in range(r.randrange(12)))
    encoding, handler = r.choice(ENCODINGS), r.choice(HANDLERS[1:3])
    data = bytearray(text.encode(encoding, handler))
    if data and i % 2:
        del data[r.randrange(len(data))]
    decoder, parts, at = codecs.getincrementaldecoder(encoding)(handler), [], 0
    while at < len(data):
        n = r.choice((1, 1, 2, 3, 20))
        parts.append(t(decoder.decode, bytes(data[at:at + n])))
        at += n
    print(encoding, parts, t(decoder.decode, b"", True))
# What is left over for the next time does not make the rest wide.
print(codecs.utf_7_decode(b"abc+IKwg", "strict", False), codecs.utf_7_decode(b"abc+IKwg", "strict", False)[0] == "abc")

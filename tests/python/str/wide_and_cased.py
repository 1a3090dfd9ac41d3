# Methods whose text is not ASCII: case, replacement, UTF-16 and UTF-32, ascii(); and %s alone.
texts = ["\xe9", "stra\xdfe \xb5\xff", "\u0130x\u01c5 \u03a3\u03c3\u03a3 \ufb01n", "Der Fuchs \u20ac springt \xe4" * 20,
         "\U00010400\U0001f600 mixed \xc0", "A\u0391\u03a3 A\u03a3", "\u0149\u1e96" * 40, "a" * 31 + "\xdf", "a" * 32 + "\xdf" * 9]
for text in texts:
    print(*map(ascii, (text.upper(), text.lower(), text.casefold(), text.title(), text.swapcase(), text.capitalize())))
    print(ascii(ascii(text)), len(ascii(text)))
    print(*(len(f(text)) for f in (str.upper, str.lower, str.casefold)))

for text in ("hello", "hell\xf6", "h\u20ac", "\U0001f600o", "o", "ooo", ""):
    for old in ("o", "l", "ll", "", "\u20ac", "h"):
        for new in ("\xf6", "\u20ac", "\U0001f601", "\u20ac\u20ac", "x", ""):
            print(ascii(text.replace(old, new)), ascii(text.replace(old, new, 1)), end=" ")
    print()

for text in ("", "a", "abc", "\xe9t\xe9", "\u20ac\ud7ff\ue000", "\U0001f600x\U0010ffff", "a" * 40 + "\u20ac" * 40):
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8"):
        data = text.encode(encoding)
        print(encoding, data, data.decode(encoding) == text)
for text in ("\ud800", "ab\udfff", "\U0001f600\ud900x", "\udc80\udc81"):
    for encoding in ("utf-16", "utf-16-be", "utf-32-le"):
        for errors in ("strict", "ignore", "replace", "backslashreplace", "surrogatepass", "xmlcharrefreplace"):
            try:
                print(encoding, errors, text.encode(encoding, errors))
            except UnicodeEncodeError as e:
                print(encoding, errors, e)


class Text(str):
    def __str__(self):
        return "Text.__str__"

    def __repr__(self):
        return "Text.__repr__"


class Shown:
    def __init__(self, shown):
        self.shown = shown

    def __str__(self):
        return self.shown

    def __repr__(self):
        return Text("\xe9" + self.shown)


long = "long \u20ac " * 10
print("%s" % long is long, "%s" % (long,) == long, type("%s" % Text("x")), "%s" % Text("x"), "%r" % Text("x"), ascii("%a" % "\xe9"))
print("%s" % Shown("s"), "%r" % Shown("s"), type("%r" % Shown("s")), type("%s" % Shown(Text("t"))), "%s" % Shown(Text("t")))
print("%5s" % "ab", "%.1s" % "ab", "%-5s|" % "ab", "%%%s" % "x", "%s%%" % "x", "%s" % "", "%s%s" % ("", "x"), "%(k)s" % {"k": long} == long)
for args in (("a", "b"), (), 5):
    try:
        print("%s" % args)
    except TypeError as e:
        print(e)
try:
    print("%s" % Shown(7))
except TypeError as e:
    print(e)
print(b"%s" % b"bytes", b"%b" % b"x", bytearray(b"%s") % b"y")

# Text of all widths put together by f-strings, and encoded with what is not ASCII at every place.
import zlib


class S(str):
    pass


class F(str):
    def __format__(self, spec):
        return "formatted " + spec

    def __str__(self):
        return "shown"


pieces = ["", "a", "plain text", "\xe9", "n\xe4me", "\u20ac", "\u20acuro", "\U0001f600", "x\U0001f600y",
          S("sub"), S("s\u20acb"), F("hidden")]
crc = 0
for a in pieces:
    for b in pieces:
        for text in (f"{a}{b}", f"{a} {b}", f"{a!s}{b!r}", f"{b}{a}{b}", f"{a:}{b:>3}", f"\u20ac{a}", f"{a}z"):
            crc = zlib.crc32(repr((text, len(text), type(text).__name__, text.isascii(), hash(text) == hash("".join(text)),
                                   ascii(max(text, default="")))).encode(), crc)
print(crc)
x = S("kept")
same = f"{x}"
print(type(same).__name__, same, f"{F('q')}", f"{F('q')!s}", f"{F('q'):w}", f"{F('q')}{F('r')!s}")
text = "once"
text = f"{text}"
print(text, f"{text}" is text, f"{text!s}" is text)
one = f"{'a'}{''}"
print(one, f"{''}{''}" == "")

crc = 0
for odd in ("\x80", "\u07ff", "\u0800", "\uffff", "\U00010000", "\U0010ffff", "\ud800", "\udfff", "\ue000", "\ud7ff"):
    for length in (1, 3, 4, 7, 15, 16, 17, 31, 32, 33, 40):
        for at in range(length):
            for far in ("", "\U0001f600"):
                text = far + "abcdefghijklmnop" * 3
                text = text[:at] + odd + text[at:length]
                try:
                    data = text.encode()
                except UnicodeEncodeError as e:
                    data = repr((e.start, e.end, e.reason)).encode()
                crc = zlib.crc32(data, crc)
                crc = zlib.crc32(text.encode("utf-8", "surrogatepass"), crc)
                crc = zlib.crc32(text.encode("utf-8", "replace"), crc)
print(crc)
text = ("\U0001f600" + "a" * 33 + "\u20ac\xe9") * 3000
print(len(text), len(text.encode()), zlib.crc32(text.encode()), text.encode().decode() == text)

print(str(True), str(False), repr(True), f"{True}{False!r}", "%s %r" % (True, False), str(None))
print(sum(str(i > 2) == "True" for i in range(5)))

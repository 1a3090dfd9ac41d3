b = b"abracadabra"
print(b[0], b[-1], b[1:4], b[::-1], b[5:2], len(b), 97 in b, b"cad" in b, b.find(b"a", 1), b.find(97), b.rfind(b"bra"), b.index(b"c"), b.count(b"a"), b.count(98), b.replace(b"a", b"XX"), b.replace(b"a", b"", 2), b.startswith(b"ab"), b.endswith((b"z", b"ra")))
print(b"a,b,,c".split(b","), b" a b ".split(), b"a b c".rsplit(None, 1), b"a.b.c".partition(b"."), b"a.b.c".rpartition(b"."), b"a\nb\r\nc\rd".splitlines(), b"a\nb".splitlines(True), b",".join([b"a", bytearray(b"b")]), b"  x ".strip(), b"xxaxx".strip(b"x"), b"xa".lstrip(b"x"), b"ax".rstrip(b"x"), b"abc".removeprefix(b"a"), b"abc".removesuffix(b"c"))
print(b"aBc".upper(), b"aBc".lower(), b"hello world".title(), b"hELLO".capitalize(), b"aBc".swapcase(), b"a".center(5), b"a".ljust(3, b"*"), b"a".rjust(3), b"-5".zfill(4), b"a\tb".expandtabs(4), b"abc".translate(bytes(range(256)).replace(b"a", b"z")), b"abc".translate(None, b"b"), bytes.maketrans(b"ab", b"xy")[97:99])
print(b"abc".isalpha(), b"123".isdigit(), b"a1".isalnum(), b" ".isspace(), b"A".isupper(), b"a".islower(), b"Ab".istitle(), b"\xff".isascii(), b"".isascii(), b"\xe9".isalpha(), b"\xe9".upper())
print(b"a" + b"b", b"ab" * 2, b"a" < b"b", b"a" == b"a", b"a" == "a", b"a" != 97, list(b"ab"), hash(b"a") == hash(bytes([97])), b"%s %d %x %r %c" % (b"x", 5, 255, "q", 65), b"%(a)b" % {b"a": b"v"}, b"%5.2f|%-4d|" % (3.14159, 7), b"a".decode(), sorted(b"cab"), max(b"az"), bytes(reversed(b"abc")))
for f in (lambda: b"a" + "a", lambda: b"a".find("a"), lambda: b"a".join(["a"]), lambda: b"a"["x"], lambda: b"a"[5], lambda: b"a".find(256), lambda: "a" in b"abc", lambda: 256 in b"a", lambda: b"a".split(b""), lambda: b"%s" % "a", lambda: b"%d" % "a", lambda: b"a" < "a", lambda: b"a".index(b"z"), lambda: b"a".replace("a", "b"), lambda: b"a".center(3, "x"), lambda: b"a".startswith("a"), lambda: b"".join([1]), lambda: b"a".translate(b"x"), lambda: bytes.maketrans(b"a", b"bc")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
import random
r = random.Random(3)
for kind in (bytes, bytearray):
    for _ in range(300):
        text = bytes(r.choice(b"\n\rab\x0b\x85") for _ in range(r.randrange(12)))
        ends = [len(line) for line in text.decode("latin-1").replace("\x0b", "a").replace("\x85", "a").splitlines(True)]
        for keep in (False, True):
            lines, at = kind(text).splitlines(keep), 0
            assert len(lines) == len(ends) and all(type(line) is kind for line in lines)
            for line, length in zip(lines, ends):
                whole = text[at:at + length]
                assert line == (whole if keep else whole.rstrip(b"\r\n")), (text, lines)
                at += length
print(b"".splitlines(), b"\n".splitlines(), b"\r\r\n\n\r".splitlines(True), b"x".splitlines(), bytearray(b"a\r\n").splitlines())

# Wrong bytes with text of all lengths between them, for each error handler.
import codecs, hashlib, random

r = random.Random(7)
pieces = [b"\xe4", b"\xff", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98", b"\x80", b"\xc3\xa4", b"\xe2\x82\xac", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\xc0\x80", b"\xf5\x80\x80\x80"]
handlers = ["ignore", "replace", "backslashreplace", "surrogateescape", "surrogatepass", "strict"]


def decoded(data, handler):
    try:
        return data.decode("utf-8", handler)
    except UnicodeDecodeError as e:
        return "%s %d %d %s" % (e.encoding, e.start, e.end, e.reason)


codecs.register_error("marked", lambda e: ("<%d-%d>" % (e.start, e.end), e.end))
digest = hashlib.md5()
for length in (0, 1, 7, 8, 15, 16, 17, 31, 33):
    for piece in pieces:
        for other in pieces:
            data = b"x" * length + piece + b"y" * length + other + b"z" * (length // 2)
            for handler in handlers + ["marked"]:
                digest.update(decoded(data, handler).encode("utf-8", "surrogatepass"))
print(digest.hexdigest())
for n in range(300):
    data = b"".join(r.choice(pieces) if r.random() < 0.4 else bytes([r.randrange(32, 127)]) * r.randrange(20) for _ in range(12))
    for handler in handlers + ["marked"]:
        digest.update(decoded(data, handler).encode("utf-8", "surrogatepass"))
print(digest.hexdigest())
print([decoded(b"ab\xe4cd\xc3\xa4ef\xe4", h) for h in handlers if "surrogate" not in h])
# In pieces: what is not complete waits.
d = codecs.getincrementaldecoder("utf-8")("replace")
print([d.decode(x) for x in (b"a\xffb\xe2", b"\x82", b"\xacc\xff\xf0\x9f", b"\x98x", b"\xc3")], d.decode(b"", True))

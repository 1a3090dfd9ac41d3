# The objects of the East Asian codecs: codecs, incremental encoders and decoders, stream readers and writers, their states,
# their arguments, and error handlers.
import _codecs_kr
import _multibytecodec
import codecs
import io
import random


def show(*calls):
    for call in calls:
        try:
            print(ascii(call()))
        except Exception as error:
            print(type(error).__name__, ascii(str(error)))


class Trailing:
    def __index__(self):
        return 1


korean = _codecs_kr.getcodec("euc_kr")
encode, decode = korean.encode, korean.decode
show(lambda: _codecs_kr.getcodec("euc_jp"), lambda: _codecs_kr.getcodec(3), lambda: _codecs_kr.getcodec("x" * 100),
     lambda: type(korean)(), lambda: type(korean).__name__, lambda: korean.encode is korean)
show(lambda: encode(5), lambda: encode("a", errors=3), lambda: encode(), lambda: encode("a", "x", 1), lambda: encode("a", None),
     lambda: encode("\udc00", "no such"), lambda: encode("a", "no such"), lambda: encode("a", "a\0b"), lambda: encode(input="a"))
show(lambda: decode("x"), lambda: decode(b"a\xff", "no such"), lambda: decode(bytearray(b"\xb0\xa1")),
     lambda: decode(memoryview(b"x\xb0\xa1")[1:]), lambda: decode(b"a\xff", errors="surrogateescape"),
     lambda: decode(b"a\xff", "xmlcharrefreplace"), lambda: decode(b""), lambda: encode(""))

for handler in (lambda e: ("x", 1 << 80), lambda e: ("x", -100), lambda e: (3, 4), lambda e: "x", lambda e: ("\udc00", e.end),
                lambda e: (b"q", e.end), lambda e: ("\ud30c", e.end), lambda e: ("x", e.end, 1), lambda e: ["x", e.end],
                lambda e: ("x", Trailing()), lambda e: ("<%d:%d %s>" % (e.start, e.end, e.reason), e.end), lambda e: ("", len(e.object)),
                lambda e: 1 / 0):
    codecs.register_error("test.handler", handler)
    show(lambda: encode("a\udc00\udc01b", "test.handler"), lambda: decode(b"a\xffbc\xb0", "test.handler"))
show(lambda: "\u3042\udc81\u3042".encode("iso2022_jp", "replace"), lambda: "\u3042\udc81\u3042".encode("iso2022_jp", "xmlcharrefreplace"),
     lambda: "\u3042\udc81".encode("iso2022_jp", "surrogateescape"), lambda: b"a\x1b$B\xff!!".decode("iso2022_jp", "replace"))


class Encoder(_multibytecodec.MultibyteIncrementalEncoder):
    codec = korean


class Decoder(_multibytecodec.MultibyteIncrementalDecoder):
    codec = korean


class Reader(_multibytecodec.MultibyteStreamReader):
    codec = korean


class Writer(_multibytecodec.MultibyteStreamWriter):
    codec = korean


class Wrong(_multibytecodec.MultibyteIncrementalEncoder):
    codec = 5


show(lambda: Wrong(), lambda: _multibytecodec.MultibyteIncrementalDecoder(), lambda: Encoder(3), lambda: Encoder("x", y=3),
     lambda: Encoder("a", "b"), lambda: Encoder(errors="ignore").errors, lambda: Encoder().errors, lambda: Reader(), lambda: Reader(3, 4),
     lambda: Reader(3).read(), lambda: _multibytecodec.MultibyteStreamWriter(None))

encoder = Encoder("ignore")
show(lambda: setattr(encoder, "errors", 3), lambda: delattr(encoder, "errors"), lambda: setattr(encoder, "errors", "replace"),
     lambda: encoder.errors, lambda: encoder.setstate("x"), lambda: encoder.setstate(-1), lambda: encoder.setstate(1 << 200),
     lambda: encoder.setstate(9), lambda: encoder.setstate(0xFF01), lambda: encoder.encode(3), lambda: encoder.encode("a", input=3),
     lambda: encoder.encode("a", "x"), lambda: encoder.encode("\ud30c\udc00", final=True), lambda: encoder.getstate())
decoder = Decoder()
show(lambda: decoder.setstate(1), lambda: decoder.setstate((1, 2)), lambda: decoder.setstate((b"", b"")), lambda: decoder.setstate((b"",)),
     lambda: decoder.setstate((b"123456789", 1)), lambda: decoder.setstate((b"", -1)), lambda: decoder.setstate((b"", 1 << 64)),
     lambda: decoder.decode("a"), lambda: decoder.decode(), lambda: decoder.decode(b"\xff\xff\xb0"), lambda: decoder.getstate(),
     lambda: decoder.decode(b"\xb0"), lambda: decoder.getstate(), lambda: decoder.decode(b"", True), lambda: decoder.getstate(),
     lambda: decoder.decode(bytearray(b"\xa1")), lambda: decoder.getstate(), lambda: decoder.decode(b"\xb0"), lambda: decoder.reset(),
     lambda: decoder.getstate(), lambda: decoder.setstate((b"\xb0", 5)), lambda: decoder.getstate(), lambda: decoder.decode(b"\xa1"))

long_escape = codecs.getincrementaldecoder("iso2022_jp")()
show(lambda: long_escape.decode(b"\x1b(((((("), lambda: long_escape.getstate(), lambda: long_escape.decode(b"(((("),
     lambda: long_escape.getstate())

reader = Reader(io.BytesIO(b"abc\xb0\xa1\n\xb0\xa1\r\nx\n\xb0"))
show(lambda: reader.read(3.0), lambda: reader.read(4), lambda: reader.readline(), lambda: reader.readlines(5), lambda: reader.read("a"),
     lambda: reader.read(0), lambda: reader.read(1, 2), lambda: reader.read(1 << 70), lambda: reader.read(), lambda: reader.read(),
     lambda: setattr(reader, "stream", 1), lambda: reader.reset(), lambda: Reader(io.StringIO("abc")).read())
writer = Writer(io.BytesIO(), "replace")
show(lambda: writer.writelines(5), lambda: writer.writelines(["a", "\ud30c"]), lambda: writer.writelines("xy"), lambda: writer.writelines({1: 2}),
     lambda: writer.writelines(iter("a")), lambda: writer.write(3), lambda: writer.write("\udc00"), lambda: writer.reset(),
     lambda: writer.errors, lambda: writer.stream.getvalue())
waiting = codecs.getwriter("euc_jis_2004")(io.BytesIO())
show(lambda: waiting.write("a\xe6"), lambda: waiting.stream.getvalue(), lambda: waiting.reset(), lambda: waiting.stream.getvalue())


class Cycle(Reader):
    pass


cycle = Cycle([])
cycle.stream.append(cycle)
cycle.more = cycle
del cycle

# Any pieces give what the whole gives, and the states on the way are the same.
ALPHABET = [b"\x1b", b"$", b"(", b"B", b"J", b".", b"N", b"&", b"@", b"\x0e", b"\x0f", b"\n", b"a", b"!", b"\xa4", b"\xd4", b"\x8f", b"\x8e",
            b"\xb0", b"~", b"{", b"}", b"\x81", b"0", b"\xff", b"\x1b$B", b"\x1b(B", b"\x1b$)C", b"\x1b.A", b"\x1b&@\x1b$B"]
CHARACTERS = "\u304b\u309a\xe6\u0300\u02e9\u02e5\xca\u0304\uac00\uac03A~\xa5\u3042\u4e00\uff71\U00020089\udc80\n\\\u9b1d\u4ff1"
source = random.Random(5)
for name in ("gb18030", "hz", "big5hkscs", "cp932", "euc_jis_2004", "shift_jisx0213", "euc_kr", "iso2022_jp_2", "iso2022_jp_3",
             "iso2022_kr"):
    for _ in range(60):
        coder = codecs.getincrementaldecoder(name)(source.choice(["strict", "replace", "ignore"]))
        for _ in range(5):
            piece, final = b"".join(source.choices(ALPHABET, k=source.randrange(1, 5))), source.random() < 0.1
            show(lambda: (coder.decode(piece, final), coder.getstate()))
        coder.reset()
        print(coder.getstate())
        coder = codecs.getincrementalencoder(name)(source.choice(["strict", "replace", "ignore", "backslashreplace"]))
        for _ in range(5):
            text, final = "".join(source.choices(CHARACTERS, k=source.randrange(1, 3))), source.random() < 0.1
            show(lambda: (coder.encode(text, final), coder.getstate()))
        coder.reset()
        print(coder.getstate())

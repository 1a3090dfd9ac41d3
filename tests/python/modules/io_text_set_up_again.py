# __init__ of a text that is in use: what was read before is forgotten, and it has no buffer where it fails.
import io


class Refusing(io.BytesIO):
    def __init__(self, data, method):
        super().__init__(data)
        self.method = method

    def __getattribute__(self, name):
        if name == object.__getattribute__(self, "method"):
            raise KeyError(name)
        return object.__getattribute__(self, name)


def attempt(what):
    try:
        print(what())
    except (ValueError, KeyError, LookupError) as e:
        print(type(e).__name__, e)


text = io.TextIOWrapper(io.BytesIO("a\r\nbc\u20ac".encode("utf-8")), encoding="utf-8")
print(ascii(text.read(3)), ascii(text.newlines))
text.__init__(io.BytesIO(b"xyz\n"), encoding="latin-1")
print(text.newlines, text.tell(), ascii(text.read()), ascii(text.newlines))
for method in ("readable", "writable", "seekable"):
    text.__init__(io.BytesIO(b"first"), encoding="utf-8")
    print(text.read(1))
    attempt(lambda: text.__init__(Refusing(b"second", method)))
    attempt(lambda: text.read(1))
    attempt(lambda: text.detach())
text.__init__(io.BytesIO(b"first"))
attempt(lambda: text.__init__(io.BytesIO(b"second"), encoding="no such"))
attempt(lambda: text.read())
text.__init__(io.BytesIO(b"last"))
attempt(lambda: text.__init__(io.BytesIO(b"second"), newline="x"))
attempt(lambda: text.readable())
text.__init__(io.BytesIO(b"last"))
print(text.detach().read())
attempt(lambda: text.read())
attempt(lambda: text.detach())
text.__init__(io.BytesIO(b"really last"))
print(text.read(), text.buffer.closed, text.closed, text.line_buffering, text.write_through)
text.reconfigure(line_buffering=True, write_through=True)
print(text.line_buffering, text.write_through)
attempt(lambda: text.reconfigure(encoding="ascii"))
text.close()
attempt(lambda: text.write("x"))

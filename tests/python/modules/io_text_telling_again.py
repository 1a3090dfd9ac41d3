# TextIOWrapper: what allows tell() after next(), where truncate() cuts, and when reconfigure() is too late.
import io


def show(action):
    try:
        print(repr(action()))
    except Exception as e:
        print(type(e).__name__, e)


def new(encoding="utf-8", newline=None, chunk=8):
    file = io.TextIOWrapper(io.BytesIO(b"ab\ncd\xc3\xa9\n" * 4), encoding, newline=newline)
    file._CHUNK_SIZE = chunk
    return file


for encoding in ("utf-8", "utf-7", "latin-1", "shift_jis"):
    for between in ("flush", "truncate", "readline", "read", "tell"):
        file = new(encoding, chunk=6)
        show(lambda: next(file))
        show(getattr(file, between))
        show(file.tell)
        show(lambda: file.read(1))
        show(file.tell)
        show(lambda: file.read(7))
        show(lambda: file.tell() < 2**64)
    file = new(encoding)
    show(lambda: file.read(4))
    show(file.truncate)
    show(lambda: file.buffer.getvalue())

for change in ({"encoding": "latin-1"}, {"errors": "ignore"}, {"newline": "\n"}, {"newline": None}, {"encoding": None, "errors": None}, {"line_buffering": True}):
    for before in (lambda f: f.read(2), lambda f: f.read(0), lambda f: f.read(100), lambda f: f.read(), lambda f: f.readline(), lambda f: f.readlines(),
                   lambda f: next(f), lambda f: f.write("x"), lambda f: (f.read(1), f.seek(0)), lambda f: [f.read(1) for _ in range(40)]):
        file = new()
        show(lambda: before(file))
        show(lambda: file.reconfigure(**change))


class Flushed(io.TextIOWrapper):
    def flush(self):
        print("flush")
        return super().flush()


file = Flushed(io.BytesIO(b"abc"))
show(lambda: file.read(1))
show(lambda: file.truncate(2))
show(lambda: file.buffer.getvalue())
file.close()  # not whenever it is found dead

file = new("utf-16-le")  # surrogates: the first read fails
file.buffer.write(b"\x00\xdc\x00\xdc")
file.buffer.seek(0)
show(lambda: next(file))
show(file.tell)
show(lambda: next(file))
show(file.tell)

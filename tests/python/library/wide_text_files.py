# Files of text in utf-16 and utf-32: where the byte order mark goes, and what writing fails at.
import io
import random

ENCODINGS = ("utf-16", "UTF_16", "utf16", "utf-16-le", "utf-16-be", "utf-16le", "U16", "utf-32", "utf32", "utf-32-le", "UTF-32BE", "utf-8-sig", "utf-7")


def t(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__ + ": " + ascii(str(e))


class Unseekable(io.BytesIO):
    def seekable(self):
        return False

    def tell(self):
        raise OSError("no")


for encoding in ENCODINGS:
    for start in b"", b"12345678":
        for kind in io.BytesIO, Unseekable:
            raw = kind(start)
            io.BytesIO.seek(raw, 0, 2)
            f = io.TextIOWrapper(raw, encoding=encoding, newline="\r\n", errors="replace")
            print(encoding, [t(f.write, x) for x in ("", "a\n", "\xe9\u20ac\U0001f600\ud800\n")], t(f.flush), raw.getvalue())
            f.detach()
    f = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    print([t(f.write, x) for x in ("\ud800", "a", "b\udc80", "c")], t(f.flush), f.buffer.getvalue())
    f.seek(0)
    print(t(f.write, "xy"), t(f.seek, 0, 2), t(f.write, "z"), t(f.flush), f.buffer.getvalue(), t(f.tell))
    f.seek(0)
    print(ascii(t(f.read)))
    f = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
    print(t(f.write, "q"), t(f.truncate, 0), t(f.seek, 0), t(f.write, "r"), f.buffer.getvalue(), f.encoding)
    for other in "utf-8", "utf-32", "utf-16":
        print(t(lambda: f.reconfigure(encoding=other)), t(f.write, "s"), f.buffer.getvalue())
    f = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="xmlcharrefreplace")
    print(t(f.write, "\ud800"), t(lambda: f.reconfigure(errors="ignore")), t(f.write, "\ud800x"), t(f.flush), f.buffer.getvalue())
r = random.Random(3)
for i in range(400):
    raw = io.BytesIO(b"\0" * r.choice((0, 0, 8)))
    raw.seek(r.choice((0, 4)) if raw.getvalue() else 0)
    f, done = io.TextIOWrapper(raw, encoding=r.choice(ENCODINGS[:6] + ENCODINGS[7:11]), newline=r.choice(("", "\n", "\r\n")), errors="surrogatepass"), []
    for k in range(6):
        done.append(r.choice((lambda: f.write("ab\n"), lambda: f.write("\u20ac\ud800"), lambda: f.seek(0), lambda: f.seek(0, 2), f.tell, f.flush, lambda: f.writelines(["x", "\n"])))())
    f.flush()
    print(done, raw.getvalue())

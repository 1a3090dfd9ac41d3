# Lines and pieces of text files, across the borders of chunks, for every way lines can end.
import io
import os
import tempfile

folder = tempfile.TemporaryDirectory()
path = os.path.join(folder.name, "text")
bodies = {
    "ascii": ["line %d" % i + "x" * (i % 37) for i in range(1500)],
    "latin": ["l\xefne %d" % i + "\xe9" * (i % 31) for i in range(1500)],
    "wide": ["line %d \u20ac" % i + "\U0001f600" * (i % 11) for i in range(1500)],
    "long": ["a" * 20000, "", "b" * 8191, "c" * 8192, "\xe9" * 9000, ""],
}
for name, lines in bodies.items():
    for ending in ("\n", "\r\n", "\r"):
        whole = ending.join(lines) + "tail"
        for encoding in ("utf-8", "latin-1", "utf-16"):
            if encoding == "latin-1" and name == "wide":
                continue
            with open(path, "w", encoding=encoding, newline="") as f:
                print(f.write(whole), end=" ")
            for newline in (None, "", "\n", "\r", "\r\n"):
                with open(path, encoding=encoding, newline=newline) as f:
                    by_next = list(f)
                    f.seek(0)
                    by_readline = []
                    while line := f.readline():
                        by_readline.append(line)
                    f.seek(0)
                    assert by_next == by_readline == f.readlines()
                    f.seek(0)
                    pieces = []
                    while piece := f.read(777):
                        pieces.append(piece)
                    assert "".join(pieces) == "".join(by_next)
                    f.seek(0)
                    mixed = [f.readline(), f.read(0), f.read(1), f.readline(5), f.read(10), f.readline()]
                    assert "".join(mixed) == "".join(by_next)[:sum(map(len, mixed))]
                    if newline is not None:
                        assert "".join(by_next) == whole
                    print(len(by_next), f.newlines.__class__.__name__, end=" ")
            print(name, repr(ending), encoding)

# Writing: pieces of every size, with and without translation.
for newline in (None, "\n", "\r\n", ""):
    for encoding in ("utf-8", "ascii", "latin-1"):
        with open(path, "w", encoding=encoding, newline=newline) as f:
            total = 0
            for i in range(3000):
                total += f.write("x" * (i % 50) + "\n")
            if encoding != "ascii":
                total += f.write("\xe9" * 9000 + "\n")
                total += f.write("d\xe9f\n")
        with open(path, "rb") as f:
            raw = f.read()
        print(newline.__class__.__name__, encoding, total, len(raw), hash(raw) == hash(bytes(raw)), raw[-8:])
with open(path, "w", encoding="utf-8") as f:
    f.write("fine")
    try:
        f.write("not \ud800 fine")
    except UnicodeEncodeError as e:
        print(e)
    f.write("\xe9\U0001f600")
with open(path, "rb") as f:
    print(f.read())
with open(path, "w", encoding="utf-8", errors="surrogatepass") as f:
    f.write("\ud800\u20ac")
with open(path, "rb") as f:
    print(f.read())

# Reading and writing by turns.
with open(path, "w+", encoding="utf-8", newline="\n") as f:
    f.write("one\ntwo\nthree\n")
    f.seek(0)
    print(repr(f.readline()), f.tell())
    f.seek(4)
    f.write("TWO")
    f.seek(0)
    print(repr(f.read(5)), repr(f.read()))
    f.seek(0)
    next(f)
    try:
        f.tell()
    except OSError as e:
        print(e)
    f.seek(0)
    print(f.tell(), repr(f.read(2)), f.tell())

# A file that cannot be read says so, whatever is asked.
with open(path, "w") as f:
    for size in (-1, 0, 1):
        try:
            f.read(size)
        except io.UnsupportedOperation as e:
            print(e)

# Text in memory.
s = io.StringIO()
for piece in ("abc", "\xe9", "\u20ac\U0001f600", "", "x\ny\r\nz\r"):
    print(s.write(piece), end=" ")
print(ascii(s.getvalue()), s.tell())
s.seek(20)
s.write("far")
print(ascii(s.getvalue()), len(s.getvalue()))
s.seek(1)
s.write("B")
s.seek(0)
print([ascii(line) for line in s])
for newline in (None, "", "\n", "\r", "\r\n"):
    s = io.StringIO("a\nb\r\nc\rd" * 3, newline)
    print(newline.__class__.__name__, [line for line in s], repr(s.getvalue()))
    s.seek(0)
    print([s.readline(2) for _ in range(4)], repr(s.read(3)))
    s.write("\r\n-\r-\n")
    print(repr(s.getvalue()))
folder.cleanup()

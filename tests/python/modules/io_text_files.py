import io
with open("t.txt", "w", encoding="utf-8") as f:
    print(f.write("line1\nline2 é\n"), f.writelines(["a\n", "b"]), f.name, f.mode, f.encoding, f.closed, f.writable(), f.readable(), f.seekable())
print(f.closed)
with open("t.txt", encoding="utf-8") as f:
    print(repr(f.read(3)), repr(f.readline()), f.readlines(), repr(f.read()), repr(f.readline()))
    f.seek(0); print([l for l in f]); f.seek(0); print(next(f), end=""); print(repr(f.readline(2)), repr(f.read(1)))
with open("t.txt", "a") as f:
    f.write("appended\n")
print(open("t.txt").read().splitlines(), len(open("t.txt", "rb").read()))
with open("t.txt", "r+") as f:
    f.write("LINE"); f.seek(0); print(repr(f.readline())); p = f.tell(); a = f.readline(); f.seek(p); print(a == f.readline(), f.seek(0, 2) > 0, f.truncate(6))
print(repr(open("t.txt").read()))
with open("n.txt", "wb") as f:
    f.write(b"a\r\nb\rc\nd")
for nl in (None, "", "\n", "\r", "\r\n"):
    with open("n.txt", newline=nl) as f:
        print(repr(nl), f.readlines(), f.newlines)
for nl in (None, "", "\n", "\r", "\r\n"):
    with open("w.txt", "w", newline=nl) as f:
        f.write("x\ny\n")
    print(repr(nl), open("w.txt", "rb").read())
with open("x.txt", "x") as f:
    f.write("q")
for fn in (lambda: open("x.txt", "x"), lambda: open("t.txt", newline="z"), lambda: open("t.txt", "w").read(), lambda: open("t.txt").write("a"), lambda: open("t.txt", "w").write(b"a"), lambda: open("t.txt").seek(1, 1), lambda: open("t.txt").seek(-1), lambda: f.read(), lambda: f.write("a"), lambda: open("t.txt", encoding="nope"), lambda: open("t.txt", "w").write(5), lambda: open("t.txt", mode="q"), lambda: open("t.txt", buffering=0), lambda: open("t.txt").read("a"), lambda: open(-1)):
    try:
        print(fn())
    except Exception as e:
        print(type(e).__name__, e)
with open("b.txt", "wb") as f:
    f.write(b"ok\xffbad")
for err in ("strict", "ignore", "replace", "surrogateescape", "backslashreplace"):
    try:
        print(err, ascii(open("b.txt", encoding="utf-8", errors=err).read()))
    except UnicodeDecodeError as e:
        print(err, e)
with open("t.txt", "w", encoding="latin-1") as f:
    print(f.write("é"))
print(open("t.txt", "rb").read(), repr(open("b.txt").name), f)
with open("big.txt", "w") as f:
    for i in range(20000):
        f.write("line %d é\n" % i)
with open("big.txt") as f:
    print(sum(len(l) for l in f), f.readline() == "")
    f.seek(0); f.readline(); pos = f.tell(); x = f.readline(); f.readline(); f.seek(pos); print(f.readline() == x)

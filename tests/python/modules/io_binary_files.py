import io
with open("b.bin", "wb") as f:
    print(f.write(b"0123456789"), f.tell(), f.write(bytearray(b"ab")), f.write(memoryview(b"cd")), f.seekable(), f.name, f.mode, type(f).__name__, type(f.raw).__name__)
with open("b.bin", "rb") as f:
    print(f.read(3), f.tell(), f.seek(5), f.read(2), f.seek(-2, 2), f.read(), f.seek(-3, 1), f.read(1), f.seek(0), f.readline(), f.read(5), f.peek(1)[:1], type(f).__name__)
    f.seek(0); b = bytearray(4); print(f.readinto(b), b, f.read1(3), f.read(-1), f.read())
with open("b.bin", "r+b") as f:
    f.seek(3); f.write(b"XYZ"); f.seek(0); print(f.read(), f.truncate(4), f.seek(0), f.read(), f.fileno() > 2, f.isatty(), type(f).__name__)
with open("b.bin", "ab") as f:
    f.write(b"end"); print(f.tell())
with open("b.bin", "rb", buffering=0) as f:
    print(f.read(2), f.readall(), type(f).__name__, f.read())
with open("l.bin", "wb") as f:
    f.writelines([b"a\n", b"b\r\n", b"c"])
with open("l.bin", "rb") as f:
    print(f.readlines(), f.seek(0), list(f), f.seek(0), f.readline(1), f.readlines(1))
with open("w.bin", "w+b") as f:
    for i in range(1000):
        f.write(bytes([i & 255]) * 100)
    f.seek(50000); print(f.read(3), f.tell(), len(f.read()))
for fn in (lambda: open("b.bin", "rb").write(b"x"), lambda: open("b.bin", "ab").read(), lambda: open("b.bin", "r+b").write("text"), lambda: f.read(), lambda: open("b.bin", "rb").seek(-5), lambda: open("b.bin", "rb").seek(0, 9), lambda: open("b.bin", "rb").read("a"), lambda: open("b.bin", "rb").readinto(b"const"), lambda: open("b.bin", "rt", errors=5), lambda: open("b.bin", "rb", newline="\n"), lambda: f.closed):
    try:
        print(fn())
    except Exception as e:
        print(type(e).__name__, e)
b = io.BytesIO(b"abc\ndef")
print(b.read(2), b.readline(), b.getvalue(), b.seek(0, 2), b.write(b"!!"), b.getvalue(), b.tell(), b.seek(1), b.truncate(3), b.getvalue(), bytes(b.getbuffer()), b.readable(), list(io.BytesIO(b"a\nb")))
b.close()
try:
    b.read()
except ValueError as e:
    print(e)
w = io.TextIOWrapper(io.BytesIO("é\nx".encode()), encoding="utf-8"); print(repr(w.read()), w.detach().getvalue(), io.BufferedReader(io.BytesIO(b"abc")).read(2))

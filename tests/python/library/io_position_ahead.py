# Positions of buffered files: seeks within what was read ahead, and what moves the raw file.
import io
import os
import tempfile

folder = tempfile.TemporaryDirectory()
path = os.path.join(folder.name, "data")
data = bytes(i * 7 % 251 for i in range(30000))
with open(path, "wb") as f:
    f.write(data)


def agree(f, where, n=5):
    got = f.read(n)
    assert got == data[where:where + n], (where, got)
    assert f.tell() == where + len(got), (f.tell(), where)


for mode in ("rb", "r+b"):
    with open(path, mode) as f:
        agree(f, 0)
        for where in (0, 3, 8191, 8192, 8193, 100, 20000, 19999, 8192 * 3, 29998, 0):
            assert f.seek(where) == where
            agree(f, where)
        for offset in (-5, 10, -200, 9000, -8195, 0, 1):
            here = f.tell()
            if here + offset < 0:
                continue
            assert f.seek(offset, 1) == here + offset
            agree(f, here + offset)
        assert f.seek(-3, 2) == len(data) - 3
        agree(f, len(data) - 3)
        assert f.seek(len(data) + 10) == len(data) + 10 and f.read(1) == b""
        f.seek(50)
        f.read(1)
        for bad in ((-1,), (-60, 1)):
            try:
                print(f.seek(*bad))
            except OSError as e:
                print(type(e).__name__, e.errno == 22)
            f.seek(50)
        agree(f, 50)

# The raw file is moved behind the buffer's back, and a buffer that was moved forgets nothing.
with open(path, "rb") as f:
    agree(f, 0)
    f.raw.seek(0)
    f.seek(0, 2)
    f.seek(40)
    agree(f, 40)

# Reading and writing one file.
with open(path, "r+b") as f:
    f.seek(10)
    f.read(4)
    f.seek(12)
    f.write(b"WRITTEN")
    f.seek(10)
    print(f.read(12), f.tell())
    f.seek(11)
    f.write(b"-")
    print(f.tell(), f.read(3))
    f.seek(0)
    print(f.read(20))
with open(path, "a+b") as f:
    f.seek(0)
    print(f.read(3))
    f.write(b"end")
    print(f.tell() == len(data) + 3, f.seek(-4, 2) == len(data) - 1)
    print(f.read())
    f.seek(5)
    print(f.read(2))
    f.truncate(100)
    f.seek(98)
    print(f.read())

# A replaced method of the raw file is called.
with open(path, "rb") as f:
    calls = []

    def readinto(target):
        calls.append(len(target))
        target[:3] = b"abc"
        return 3

    f.raw.readinto = readinto
    print(f.read(3), f.readline(2), calls[0] > 0)
with open(path, "wb", buffering=0) as raw:
    written = []
    raw.write = lambda b: (written.append(bytes(b)), len(b))[1]
    with io.BufferedWriter(raw) as f:
        f.write(b"held back")
    print(written)


class Odd(io.RawIOBase):
    """Says that it is where it is not."""

    def readable(self):
        return True

    def seekable(self):
        return True

    def readinto(self, target):
        target[:4] = b"odd\n"
        return 4

    def seek(self, where, whence=0):
        return 2

    def tell(self):
        return 2


f = io.BufferedReader(Odd())
print(f.readline(), f.seek(0), f.readline(), f.readline(), f.seek(1), f.read(3))

# One object made anew.
f = io.BufferedReader(io.BytesIO(b"first"))
print(f.read(2), f.tell())
f.__init__(io.BytesIO(b"second"), 3)
print(f.read(), f.tell(), f.seek(1), f.read(3))
folder.cleanup()

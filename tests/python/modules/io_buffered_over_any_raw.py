# BufferedReader over raw files that have no readall(): read() asks them again and again.
import io


class Raw:
    closed = False

    def __init__(self, data, piece):
        self.data, self.piece, self.asked = data, piece, []

    def readable(self):
        return True

    def seekable(self):
        return False

    def take(self, n):
        data, self.data = self.data[:n], self.data[n:]
        return data

    def read(self, n=None):
        self.asked.append(("read", n))
        return self.take(self.piece)

    def readinto(self, target):
        data = self.take(len(target))
        self.asked.append(("readinto", len(data)))
        target[:len(data)] = data
        return len(data)

    def close(self):
        self.closed = True


data = bytes(range(256)) * 336
for piece in (1 << 20, 8192, 5000, 40000):
    for first in (0, 3, 9000):
        raw = Raw(data, piece)
        reader = io.BufferedReader(raw)
        head = reader.read(first) if first else b""
        rest = reader.read()
        print(piece, first, head + rest == data, len(rest), [question for question, _ in raw.asked].count("read"), reader.read())
        print(reader.read(5), reader.read1(5), reader.readline())


def attempt(read):
    raw = Raw(b"abc", 1)
    raw.read = read
    reader = io.BufferedReader(raw)
    for already in (0, 2):
        try:
            print(already, reader.read(already), reader.read())
        except Exception as error:
            print(type(error).__name__, error)


def fail(n=None):
    raise ValueError("no more")


attempt(lambda: None)
attempt(lambda: b"")
attempt(lambda: "text")
attempt(lambda: bytearray(b"x"))
attempt(fail)

# What cannot be decoded is passed over: the next read goes on behind it.
lines = b"A\nB\r\nC\r" + b"123456789\n" * 1000 + b"\x80"
for read in ("readline", "read"):
    file = io.TextIOWrapper(io.BytesIO(lines), "ascii")
    count = 0
    try:
        while True:
            count += bool(getattr(file, read)())
    except UnicodeDecodeError as error:
        print(read, count, error)
    print([getattr(file, read)() for _ in range(2)])

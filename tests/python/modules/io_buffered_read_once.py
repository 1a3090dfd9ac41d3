# read1() reads the raw file once and for so much, past the buffer; peek() of who can be written to looks again.
import io


class Raw(io.BytesIO):
    """Says what is asked of it."""

    def readinto(self, buffer):
        n = super().readinto(buffer)
        print("raw", len(buffer), n)
        return n


def show(action):
    try:
        print(action())
    except Exception as e:
        print(type(e).__name__, e)


for kind in (io.BufferedReader, io.BufferedRandom):
    for size in (3, 8):
        raw = Raw(b"abcdefghijklmnopqrstuvwxyz")
        file = kind(raw, size)
        for action in (lambda: file.read1(5), lambda: file.peek(1), lambda: file.read1(2), lambda: file.peek(2), lambda: file.read1(5), lambda: file.read1(), lambda: file.read1(0),
                       lambda: file.read1(-1), lambda: file.read1(None), lambda: file.read1("a"), lambda: file.read(1), lambda: file.peek(), lambda: file.tell(), lambda: file.read1(100), lambda: file.read1(1)):
            show(action)
            print(io.BytesIO.tell(raw))


    show(lambda: file.peek(None))
    show(lambda: file.seek(-1))
    show(lambda: file.tell())
    show(lambda: file.seek(3))
    show(lambda: file.read(2))
    show(lambda: file.seek(-30, 2))
    show(lambda: file.tell())
    show(lambda: file.seek(-30, 1))
    show(lambda: file.read(2))


class Failing(io.RawIOBase):
    def readable(self):
        return True

    def readinto(self, buffer):
        return self.results.pop(0)()


raw = Failing()
raw.results = [lambda: None, lambda: 1 / 0, lambda: 7, lambda: 0]
file = io.BufferedReader(raw, 4)
for _ in range(4):
    show(lambda: file.read1(5))

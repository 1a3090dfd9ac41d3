# SPDX-License-Identifier: MIT
"""Files and standard streams used by all threads: own files hold what was written, a shared one loses no line."""
import io
import os
from _stress import main

FOLDER = "/tmp/locksmith-stress-%d" % os.getpid()


def own_files(s):
    os.makedirs(FOLDER, exist_ok=True)

    def work(i, rng):
        path = "%s/%d" % (FOLDER, i)
        for n in range(5):
            with open(path, "w") as f:
                for k in range(200):
                    f.write("%d %d\n" % (i, k))
            with open(path) as f:
                s.check([l for l in f] == ["%d %d\n" % (i, k) for k in range(200)], "content")
        os.remove(path)
    s.together(work)
    os.rmdir(FOLDER)


def shared_binary_file(s):
    os.makedirs(FOLDER, exist_ok=True)
    path = FOLDER + "/shared"
    with open(path, "wb") as f:
        s.together(lambda i, rng: [f.write(b"%04d\n" % i) for _ in range(500)])
    with open(path, "rb") as f:
        lines = f.read().split(b"\n")
    s.check(len(lines) == 500 * s.threads + 1 and set(map(len, lines)) == {4, 0}, "torn or lost lines", len(lines))
    os.remove(path)
    os.rmdir(FOLDER)


def shared_text_file(s):
    os.makedirs(FOLDER, exist_ok=True)
    path = FOLDER + "/text"
    with open(path, "w+") as f:
        def write(i, rng):
            for n in range(300):
                f.write("%d line %d\n" % (i, n))
                if rng.randrange(40) == 0:
                    f.flush()
        s.together(write)
        f.seek(0)
        lines = []

        def read(i, rng):
            lines.extend(iter(f.readline, "") if i % 2 else f)
        s.together(read)
    s.check(sorted(lines) == sorted("%d line %d\n" % (i, n) for i in range(s.threads) for n in range(300)), "lines", len(lines))
    os.remove(path)
    os.rmdir(FOLDER)


def text_without_buffer(s):
    """The buffer of a text is taken away, and the text gets another, while other threads use it."""
    data = b"line\n" * 40

    def take(t):
        t.detach()
        t.__init__(io.BytesIO(data), encoding="utf-8")

    def set_up(t):
        t.reconfigure(line_buffering=True)
        t.reconfigure(encoding="latin-1", newline="")

    def ask(t):
        s.check(t.readable() and not t.closed and t.writable() and t.seekable(), "what it can")
        s.check(t.encoding in ("utf-8", "latin-1") and "TextIOWrapper" in repr(t), "encoding")
        s.check(t.newlines in (None, "\n") and type(t.line_buffering) is bool, "attributes")
        s.check(type(t.buffer) is io.BytesIO, "buffer")

    def read(t):
        s.check(set(t.readlines()) <= {"line\n", "ine\n", "ne\n", "e\n", "\n"}, "lines")
        t.seek(0)

    operations = (take, take, set_up, ask, ask, read, read, lambda t: t.read(1), lambda t: t.readline(),
                  lambda t: t.flush(), lambda t: t.tell(), lambda t: t.truncate(len(data)))
    for n in range(5):
        text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")

        def work(i, rng):
            for k in range(60):
                try:
                    rng.choice(operations)(text)
                except (ValueError, OSError):  # it has no buffer at this moment; it was read from
                    pass
        s.together(work)


class Raw(io.RawIOBase):
    """A raw file in Python; what is over it finds out what it can by calling."""
    def readable(self):
        return True

    def writable(self):
        return True

    def readinto(self, target):
        target[:1] = b"x"
        return 1

    def write(self, data):
        return len(data)

    def tell(self):
        return 0

    def seek(self, offset, whence=0):
        return 0


def buffered_without_raw(s):
    """The raw file of a buffered one is taken away, and it gets another, while other threads use it."""
    def take(b):
        b.detach()
        b.__init__(Raw() if s.random.randrange(3) else open("/dev/zero", "rb+", 0))

    def ask(b):
        b.readable(), b.writable(), b.seekable(), b.isatty(), b.closed, b.raw, repr(b)

    operations = (take, ask, lambda b: b.read(3), lambda b: b.peek(1), lambda b: b.write(b"12"), lambda b: b.flush(),
                  lambda b: b.tell(), lambda b: b.readline(5), lambda b: b.readinto(bytearray(9)), lambda b: b.seek(0))
    for kind in (io.BufferedReader, io.BufferedWriter) * 3:
        b = kind(Raw())

        def work(i, rng):
            for k in range(60):
                try:
                    rng.choice(operations)(b)
                except (ValueError, OSError, AttributeError):  # it has none at this moment; readers do not write
                    pass
        s.together(work)


def shared_memory_stream(s):
    """A view of the stream's memory is written while others read the stream."""
    b = io.BytesIO(b"0" * 64 + b"\n" + b"1" * 64)

    def work(i, rng):
        for n in range(100):
            if i % 2:
                with b.getbuffer() as view:
                    view[rng.randrange(64)] = 48 + rng.randrange(2)
                    s.check(len(bytes(view)) == 129 and view[64] == 10, "view")
            else:
                s.check(len(b.getvalue()) == 129, "value")
                b.seek(0)
                s.check(len(b.readline()) <= 65, "line")
    s.together(work)


def shared_memory_text(s):
    """Lines of characters of every width are written to one stream, which is widened while others read it."""
    words = "plain", "\xe9t\xe9", "\u20ac5", "\U0001f600"
    for n in range(5):
        t = io.StringIO()

        def work(i, rng):
            for k in range(60):
                if i % 2:
                    t.write(words[rng.randrange(k // 15 + 1)] + " word\n")
                else:
                    lines = t.getvalue().split("\n")
                    s.check(lines.pop() == "" and all(line.split(" ")[0] in words for line in lines), "lines", lines)
        s.together(work)
        s.check(len(t.getvalue().splitlines()) == s.threads // 2 * 60, "lost lines")


def pipes(s):
    def work(i, rng):
        for n in range(30):
            r, w = os.pipe()
            os.write(w, b"x" * n)
            os.close(w)
            s.check(os.read(r, 100) == b"x" * n, "pipe")
            os.close(r)
    s.together(work)


def memory_streams(s):
    def work(i, rng):
        for n in range(20):
            t, b = io.StringIO(), io.BytesIO()
            for k in range(50):
                print(i, k, file=t)
                b.write(b"%d" % k)
            s.check(len(t.getvalue().splitlines()) == 50 and b.getvalue().startswith(b"0123"), "stream")
    s.together(work)


main(own_files, shared_binary_file, shared_text_file, text_without_buffer, buffered_without_raw, shared_memory_stream, shared_memory_text, pipes, memory_streams)

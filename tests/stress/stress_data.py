# SPDX-License-Identifier: MIT
"""Arrays, compression and hash objects, csv and struct iterators, contexts: one object, all threads."""
import _blake2
import _bz2
import _csv
import _lzma
import array
import contextvars
import hashlib
import struct
import zlib
from _stress import main


def array_appends(s):
    a = array.array("q")

    def work(i, rng):
        for n in range(1500):
            a.append(i * 10000 + n)
            s.check(a[-1] >= 0, "item")
    s.together(work)
    s.check(sorted(a) == [i * 10000 + n for i in range(s.threads) for n in range(1500)], "lost or doubled")


def from_the_end(s):
    """An item counted from the end is read and deleted at one moment."""
    for make in (lambda: array.array("q", [0]), lambda: bytearray(1)):
        a = make()

        def work(i, rng):
            for n in range(1000):
                a.append(1)
                s.check(a[-1] in (0, 1), "item")
                a[-1] = 1
                del a[-1]
        s.together(work)
        s.check(len(a) == 1, "not deleted:", len(a) - 1)


def array_of_own(s):
    """Every thread finds and removes what it put in itself."""
    for code in "qB":
        a = array.array(code)

        def work(i, rng):
            for n in range(300):
                a.append(i)
                a.insert(0, i)
                s.check(i in a and a.index(i) >= 0 and a.count(i) == 2, "there")
                a.remove(i)
                a.remove(i)
        s.together(work)
        s.check(len(a) == 0, "left", a)


def array_changes(s):
    a = array.array("I", range(64))

    def work(i, rng):
        for n in range(600):
            which = rng.randrange(9)
            try:
                if which == 0:
                    a.extend(array.array("I", range(rng.randrange(40))))
                elif which == 1:
                    a.pop(rng.randrange(50))
                elif which == 2:
                    a[rng.randrange(20):rng.randrange(60)] = array.array("I", [7] * rng.randrange(9))
                elif which == 3:
                    del a[::rng.choice((2, 3, -2))]
                elif which == 4:
                    s.check(all(x < 2 ** 32 for x in a), "item")
                elif which == 5:
                    with memoryview(a) as m:
                        s.check(len(m) == len(m.tobytes()) // 4 and m.tolist() is not None, "view")
                        s.check(m[0] < 2 ** 32 and len(bytes(m)) == m.nbytes, "item of a view")
                        m[1] = 77
                        m[2:4] = m[3:5]
                        s.check(m == m[:] or len(m) > 0, "compared")
                elif which == 6:
                    a.insert(rng.randrange(30), 5)
                elif which == 7:
                    s.check(len(a.tobytes()) % 4 == 0 and repr(a) and a.tolist() is not None, "copy")
                else:
                    a.reverse()
            except (IndexError, BufferError, ValueError):
                pass
    s.together(work)
    a.append(1)


def compressors(s):
    c, d = zlib.compressobj(), zlib.decompressobj()
    out = []

    def work(i, rng):
        for n in range(40):
            out.append(c.compress(b"%d," % i * 500))
    s.together(work)
    out.append(c.flush())
    # Pieces may be in another order than they came out, so only the end of the stream is certain.
    s.check(sum(map(len, out)) > 0, "output")
    packed = zlib.compress(b"abc" * 100000)
    got = []

    def unpack(i, rng):
        while not d.eof:
            try:
                got.append(d.decompress(d.unconsumed_tail or packed, 1000))
            except zlib.error:
                break
    s.together(unpack)


def compressors_of_pieces(s):
    for compressor, decompressor in ((_bz2.BZ2Compressor, _bz2.BZ2Decompressor), (_lzma.LZMACompressor, _lzma.LZMADecompressor)):
        c, out = compressor(), []

        def pack(i, rng):
            for n in range(10):
                out.append(c.compress(b"%d," % i * 300))
        s.together(pack)
        out.append(c.flush())
        s.check(sum(map(len, out)) > 0, "output")
        c, d, got = compressor(), decompressor(), []
        pieces = [c.compress(b"abc" * 20000) + c.flush()]

        def unpack(i, rng):
            while not d.eof:
                try:
                    got.append(d.decompress(pieces.pop() if pieces else b"", 1000))
                    s.check(d.unused_data == b"" and d.needs_input in (True, False), "attributes")
                except (EOFError, IndexError):
                    pass
        s.together(unpack)
        s.check(sum(map(len, got)) == 60000, "lost or doubled", sum(map(len, got)))


def hashes(s):
    for make in hashlib.sha256, hashlib.sha3_256, _blake2.blake2b, _blake2.blake2s:
        h = make()

        def work(i, rng):
            for n in range(30):
                h.update(b"x" * 1000)
                s.check(len(h.digest()) == h.digest_size, "digest")
        s.together(work)
        s.check(h.digest() == make(b"x" * 30000 * s.threads).digest(), "bytes lost", make)


def iterators(s):
    it = struct.iter_unpack("<I", struct.pack("<2000I", *range(2000)))
    got = [[] for _ in range(s.threads)]
    s.together(lambda i, rng: got[i].extend(x for x, in it))
    s.check(sorted(x for g in got for x in g) == list(range(2000)), "struct: lost or doubled")
    reader = _csv.reader([f"{i},b" for i in range(2000)])
    got = [[] for _ in range(s.threads)]
    s.together(lambda i, rng: got[i].extend(int(row[0]) for row in reader))
    s.check(sorted(x for g in got for x in g) == list(range(2000)) and reader.line_num == 2000, "csv")


def structs_set_again(s):
    t = struct.Struct("<I")

    def work(i, rng):
        for n in range(300):
            t.__init__(rng.choice(("<I", "<HH", "4s4s")))
            try:
                t.pack(1), t.unpack(b"1234"), t.format, t.size
            except struct.error:
                pass
    s.together(work)


def formats_by_all(s):
    """Formats that nobody has used before, by all at once: the first of them are kept for ever, the others for a while."""
    base = s.random.randrange(10000)

    def work(i, rng):
        for n in range(base, base + 150):
            packed = struct.pack("<%dsH" % n, b"x" * n, n)
            s.check(packed[:n] == b"x" * n and struct.unpack("<%dsH" % n, packed)[1] == n, "format", n)
    s.together(work)


def contexts(s):
    variables = [contextvars.ContextVar(f"v{i}") for i in range(30)]
    shared = contextvars.Context()
    entered = []

    def work(i, rng):
        for n in range(200):
            v = rng.choice(variables)
            token = v.set((i, n))
            s.check(v.get() == (i, n), "own value")
            copy = contextvars.copy_context()
            s.check(copy[v] == (i, n), "copy")
            if n % 3 == 0:
                v.reset(token)
            s.check(copy[v] == (i, n), "copy stays")
            try:
                shared.run(v.set, i)
                entered.append(v)
            except RuntimeError:
                pass
            s.check(len(shared) <= 30 and list(shared.items()) is not None, "shared")
    s.together(work)
    s.check(set(shared) == set(entered), "what was set in the shared context")


def views_released(s):
    """A view and its slices are used by all threads while they are released and the bytes move elsewhere."""
    data = bytearray(b"ab" * 600)
    views = [memoryview(data)]

    def renew():
        views[0].release()
        try:
            data.extend(b"ab" * 600)
            del data[1200:]
        except BufferError:  # another thread looks at it at this moment
            pass
        views[0] = memoryview(data)

    def look(view):
        with view[::2] as part:
            s.check(set(part.tolist()) <= {97} and part[7] == 97, "items", part[7])
        s.check(set(view.tobytes()) <= set(b"ab") and view[1] == 98, "bytes")
        s.check(view == view or view != view, "comparison")
        view[2:4] = b"ab"
        view[-1] = 98
        s.check(view[2:4].cast("c").tolist() == [b"a", b"b"], "cast")

    def work(i, rng):
        for n in range(300):
            try:
                look(views[0]) if rng.randrange(3) else renew()
            except ValueError:  # released meanwhile
                pass
    s.together(work)
    views[0].release()


main(array_appends, from_the_end, array_of_own, array_changes, compressors, compressors_of_pieces, hashes, iterators, structs_set_again,
     formats_by_all, contexts, views_released)

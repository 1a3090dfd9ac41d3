# SPDX-License-Identifier: MIT
"""Bytearrays and arrays that one thread resizes while others are within native calls that look at their bytes."""
import array
import binascii
import hashlib
import hmac
import io
import marshal
import pickle
import re
import struct
import threading
import zlib
from _stress import main

# What is shared holds one digit over and over, so that every moment of it can be told from a mixture of two.
DIGITS = b"137"
LONGEST = 120
MOMENTS = [bytes([digit]) * n for digit in DIGITS for n in range(LONGEST + 1)]
SUMS = {function: {function(moment) for moment in MOMENTS} for function in (
    zlib.crc32, zlib.adler32, binascii.crc32, lambda b: hashlib.md5(b).digest(), lambda b: hashlib.blake2s(b).digest(),
    lambda b: hashlib.sha3_224(b).digest(), lambda b: hmac.digest(b"key", b, "sha1"), marshal.dumps)}
HMAC = next(f for f in SUMS if f(b"") == hmac.digest(b"key", b"", "sha1"))
del SUMS[HMAC]  # lets others run while it looks, in CPython too
UNIFORM = re.compile(rb"(\d?)\1*")
DIGIT = re.compile(rb"\d")
HASH = hashlib.sha256


def one_digit(text):
    return len(set(text)) <= 1


def by_write(b):
    out = io.BytesIO()
    out.write(b)
    return out.getvalue()


def by_buffered_write(b):
    out = io.BytesIO()
    buffered = io.BufferedWriter(out, 10000)
    buffered.write(b)
    buffered.flush()
    return out.getvalue()


def by_slice(b):
    whole = bytearray(LONGEST)
    view = memoryview(whole)
    try:
        view[:len(b)] = b
    except ValueError:  # another length meanwhile
        return b""
    return bytes(whole).rstrip(b"\0")


def by_unpacking(b):
    try:
        return struct.unpack_from("4s", b)[0]
    except struct.error:
        return b""


LOOKS = (bytes, bytearray, by_write, by_buffered_write, by_slice, by_unpacking,
         lambda b: b"".join([b]), lambda b: b"%b" % b, lambda b: str(b, "ascii"), lambda b: str(b, "latin-1"),
         lambda b: str(int(b)) if len(b) > 9 else "", lambda b: binascii.hexlify(b)[::2] + binascii.hexlify(b)[1:2] * 0,
         lambda b: set(DIGIT.findall(b)), lambda b: UNIFORM.fullmatch(b) and "", lambda b: pickle.loads(pickle.dumps(bytes(b), 5)),
         lambda b: io.BytesIO(b).getvalue(), lambda b: b"".join([b, b])[:1])


def resize(shared, digit, rng):
    """Changes by which one digit stays one."""
    one = bytes([digit])
    kind = type(shared)
    make = (lambda n: array.array("B", one * n)) if kind is array.array else (lambda n: one * n)
    shared[:] = make(rng.randrange(10, 40))
    for _ in range(12):
        what = rng.randrange(9)
        if len(shared) > LONGEST // 2 or what == 0:
            del shared[10:]
        elif what == 1:
            shared.append(digit)
        elif what == 2:
            shared += make(9)
        elif what == 3:
            shared.pop()
        elif what == 4:
            shared.extend(make(3))
        elif what == 5:
            shared.insert(0, digit)
        elif what == 6:
            del shared[::3]
        elif what == 7:
            shared.remove(digit)
            shared.reverse()
        else:
            shared[2:4] = make(5)
        if len(shared) < 6:
            shared[:] = make(10)


def together_with_looks(s, shared, look):
    over = threading.Event()

    def change(i, rng):
        try:
            for n in range(60):
                resize(shared, DIGITS[n % 3], rng)
        finally:
            over.set()

    s.together(change, s.until(over, look), s.until(over, look))


def resized_while_read(s):
    """Nobody who resizes meets a call that CPython would not let him meet, and the call sees one moment."""
    for shared in (bytearray(b"1111111111"), array.array("B", b"1111111111")):
        def look(i, rng):
            for function in LOOKS:
                found = function(shared)
                s.check(found is not None and one_digit(found), function, found)
            for function, right in SUMS.items():
                s.check(function(shared) in right or function is marshal.dumps, function, bytes(shared))
            HASH(b"1").update(shared)
            hmac.compare_digest(shared, b"1111")
            s.check(memoryview(b"1") != shared, "comparison")
        together_with_looks(s, shared, look)


def resized_under_views(s):
    """The same through memoryviews that are released in time."""
    for make in (lambda: bytearray(b"1111111111"), lambda: array.array("B", b"1111111111")):
        shared = make()
        views = [memoryview(shared)]
        over = threading.Event()

        def change(i, rng):
            try:
                for n in range(300):
                    views[0].release()
                    resize(shared, DIGITS[n % 3], rng)
                    views[0] = memoryview(shared)
            finally:
                over.set()

        def look(i, rng):
            view = views[0]
            for function in (zlib.crc32, lambda b: hashlib.md5(b).digest(), by_write, lambda b: str(b, "ascii"),
                             lambda b: b"".join([b])):
                try:
                    found = function(view)
                except (ValueError, TypeError):  # released
                    continue
                right = SUMS.get(function)
                s.check(found in right if right else type(found) is not str or one_digit(found), function, found)
        s.together(change, s.until(over, look), s.until(over, look))
        views[0].release()


def lasting_views_still_hold(s):
    """A memoryview keeps the length, whoever looks at the same time."""
    shared = bytearray(b"1" * 50)
    over = threading.Event()

    def change(i, rng):
        try:
            for n in range(12):
                with memoryview(shared) as view:
                    for refused in (lambda: shared.append(49), shared.pop, shared.clear, lambda: shared.__delitem__(slice(3))):
                        try:
                            refused()
                        except BufferError:
                            continue
                        s.check(False, "resized under a view")
                    s.check(bytes(view) == b"1" * 50, "contents")
                shared.append(49)
                del shared[-1:]
        finally:
            over.set()

    def look(i, rng):
        s.check(one_digit(str(shared, "ascii")) and DIGIT.search(shared) and zlib.crc32(shared), "digits")
    s.together(change, s.until(over, look), s.until(over, look))


main(resized_while_read, resized_under_views, lasting_views_still_hold)

# Integers that CPython keeps in a C int or a Py_ssize_t, and what it says of those that do not fit.
import array
import bz2
import io
import json
import lzma
import math
import mmap
import os
import signal
import socket
import struct
import sys
import zlib

BYTES = bytearray(b"abc")
ARRAY = array.array("i", [1, 2])
MAP = mmap.mmap(-1, 4096)
ONE, OTHER = socket.socketpair()
READ, WRITE = os.pipe()

CASES = r'''
"a".split("a", N)
"a".rsplit(None, N)
"a".replace("a", "b", N)
"a".ljust(N) if N > 2 ** 63 else 0
"a".zfill(N) if N > 2 ** 63 else 0
"a".expandtabs(N)
"a".splitlines("x")
b"a".split(b"a", N)
b"a".replace(b"a", b"b", N)
b"a".center(N) if N > 2 ** 63 else 0
b"a".zfill(N) if N > 2 ** 63 else 0
b"a".expandtabs(N)
b"a".hex(":", N)
b"a".splitlines([])
BYTES.pop(N)
BYTES.split(b"a", N)
ARRAY.pop(N)
ARRAY.fromfile(io.BytesIO(b""), N)
os.read(READ, N) if N > 2 ** 63 else 0
os.urandom(N) if N > 2 ** 63 else 0
os.kill(N, 0)
os.getpgid(N)
ONE.recv(N) if N > 2 ** 63 else 0
socket.CMSG_LEN(N)
MAP.seek(N)
MAP.resize(N) if N > 2 ** 63 else 0
mmap.mmap(-1, N) if N > 2 ** 63 else 0
zlib.decompress(b"", bufsize=N) if N > 2 ** 63 else 0
zlib.compress(b"", N)
zlib.decompressobj().flush(N) if N > 2 ** 63 else 0
bz2.BZ2Decompressor().decompress(b"", N)
lzma.LZMADecompressor().decompress(b"", N)
json.JSONDecoder().scan_once("1", N)
memoryview(b"abc").cast("B", [N])
"%*d" % (N, 1) if N > 2 ** 63 else 0
"%.*f" % (N, 1) if N > 0 else 0
b"%*d" % (N, 1) if N > 2 ** 63 else 0
sys.setrecursionlimit(N)
sys._getframe(N)
sys.set_int_max_str_digits(N)
signal.alarm(N)
signal.signal(N, None)
signal.strsignal(N)
signal.siginterrupt(N, 0)
compile("1", "a", "eval", N)
struct.pack("<e", N)
struct.pack("<f", N ** 9)
'''
for number in (2**31, -(2**31) - 1, 2**70):
    for case in CASES.strip().splitlines():
        try:
            result = eval(case, globals(), {"N": number})
            print(number, case, "gives", result)
        except Exception as e:
            print(number, case, type(e).__name__, e)

# Two oddities of CPython, and a sum that is never -0.0.
for case in ('{}.pop([])', '{}.pop([], 1)', '{1: 2}.pop([])', '(1j).__pow__("x", 2)', '(1j).__pow__(1, 2)'):
    try:
        print(case, eval(case))
    except Exception as e:
        print(case, type(e).__name__, e)
print(math.fsum([-0.0]), math.fsum([-0.0, -0.0]), math.fsum([]))

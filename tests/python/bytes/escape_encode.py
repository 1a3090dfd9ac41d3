# codecs.escape_encode: what is written with a backslash, and how much was read.
import codecs
import zlib


def attempt(*args):
    try:
        print(codecs.escape_encode(*args))
    except Exception as e:
        print(type(e).__name__, e)


class B(bytes):
    pass


for data in (b"", b"a", b"'", b"\\", b"\n", b"\0", b"\xff", b"\t\r\n", b"\"quoted\" 'quoted'", B(b"a\\b"), B(b"q"), b"plain " * 3):
    attempt(data)
    attempt(data, "strict")
every = bytes(range(256))
text, length = codecs.escape_encode(every)
print(text, length, codecs.escape_decode(text) == (every, len(text)))
crc = 0
for i in range(256):
    for data in (bytes([i]), bytes([i, 65]), bytes([65, i]), every[i:] * 3):
        crc = zlib.crc32(codecs.escape_encode(data)[0], crc)
print(crc)
for wrong in ((), (bytearray(b"a"),), ("a",), (1,), (b"a", None, 1)):
    try:
        codecs.escape_encode(*wrong)
    except TypeError:
        print("TypeError")

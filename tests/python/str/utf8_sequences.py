# Decoding bytes of which most begin or continue a character of several bytes: what is one, what is
# not, and where the error is.
import hashlib
import random

r = random.Random(5)
BYTES = (0x41, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf4, 0xc2, 0xc0, 0xdf, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf)
digest = hashlib.md5()
for _ in range(8000):
    data = bytes(r.choice(BYTES) for _ in range(r.randrange(1, 12)))
    for errors in ('strict', 'replace', 'surrogatepass', 'ignore'):
        try:
            text = ascii(data.decode('utf-8', errors))
        except UnicodeDecodeError as e:
            text = str(e)
        digest.update(text.encode())
print(digest.hexdigest())
for point in range(0, 0x110000, 13):
    if not 0xd800 <= point < 0xe000:
        for text in (chr(point), chr(point) * 3 + 'x', 'x' + chr(point)):
            assert text.encode().decode() == text

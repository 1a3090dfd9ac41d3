# Case changes of texts in which letters with and without case, title letters, marks and ASCII stand
# side by side, and of every character between two letters.
import hashlib
import random

METHODS = (str.upper, str.lower, str.title, str.capitalize, str.swapcase, str.casefold)


def changed(text):
    return '|'.join(method(text) for method in METHODS)


digest = hashlib.md5()
for point in range(0x110000):
    if not 0xd800 <= point < 0xe000:
        digest.update(changed('a' + chr(point) + 'B').encode())
print(digest.hexdigest())

r = random.Random(3)
PIECES = ['a', 'Z', ' ', '\u03a3', '\u01c5', '\xdf', '\u0130', '\u4e2d', '\U00010400', '.', '\u0345', '\ufb03', '5']
for n in list(range(8)) * 6 + [40, 100]:
    print(ascii(changed(''.join(r.choice(PIECES) for _ in range(n)))))

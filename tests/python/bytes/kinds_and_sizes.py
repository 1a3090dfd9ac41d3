# Methods of bytes and bytearray on short and long data, where different code does the work, and what
# they give for subclasses and wrong arguments. Hexadecimal and base64 too.
import base64
import binascii
import random

r = random.Random(7)


def show(f, *a, **k):
    try:
        v = f(*a, **k)
        print(type(v).__name__, ascii(v))
    except Exception as e:
        print(type(e).__name__, e)


for n in (0, 1, 2, 5, 15, 16, 17, 40, 100):
    for _ in range(3):
        b = bytes(r.choice(b'aab \t\xff') for _ in range(n))
        for t in (b, bytearray(b)):
            for m in 'strip lstrip rstrip'.split():
                show(getattr(t, m)); show(getattr(t, m), b'a'); show(getattr(t, m), b'ab\xff'); show(getattr(t, m), b'')
            show(t.replace, b'a', b'Q'); show(t.replace, b'a', b''); show(t.replace, b'', b'-'); show(t.replace, b'aa', b'xyz'); show(t.replace, b'zz', b'a'); show(t.replace, b'a', b'Q', 2); show(t.replace, b'', b'')
            show(t.split, b'a'); show(t.split, b'a', 1); show(t.split, b'ab'); show(t.rsplit, b'a', 2); show(t.split); show(t.split, sep=b'b', maxsplit=1); show(t.split, b'')
            show(t.partition, b'b'); show(t.rpartition, b'b'); show(t.partition, bytearray(b'ab'))
            show(t.hex); show(t.hex, ':'); show(t.hex, '-', 3); show(t.hex, sep='-', bytes_per_sep=-3)
            show(t.translate, bytes(range(256))); show(t.translate, bytes(255 - i for i in range(256))); show(t.translate, None); show(t.translate, None, b'a'); show(t.translate, bytes(range(256)), delete=b'ab')
            show(t.isdigit); show(t.isalpha); show(t.isspace); show(t.upper); show(t.lower); show(t.title); show(t.swapcase)
            show(t.rfind, b'ab'); show(t.rfind, b'a'); show(t.rfind, b'b a'); show(t.rindex, b'aaaa'); show(t.find, b'ab', 3)
            show(bytes, t); show(bytearray, t); show(t.__add__, b); show(t.__add__, bytearray(b)); show(t.__add__, memoryview(b)); show(t.__add__, 'x')
            show(binascii.hexlify, t); show(binascii.unhexlify, binascii.hexlify(t)); show(bytes.fromhex, t.hex()); show(bytearray.fromhex, t.hex(' '))
            show(t.join, [b, b'x', b]); show(t.join, [b'q', bytearray(b'r')]); show(t.join, (b, b)); show(t.join, [b'a', 'x']); show(t.join, []); show(t.join, [b]); show(t.join, [b'', b''])
            e = base64.b64encode(t)
            show(base64.b64decode, e); show(base64.b64decode, e[:-1]); show(base64.b64decode, e[:5] + b'\n' + e[5:]); show(base64.b64decode, e + b'=A==='); show(binascii.a2b_base64, e[:6] + b'!' + e[6:], strict_mode=True); show(binascii.a2b_base64, e + b'=', strict_mode=True)
for x in ('', 'a', '12', '1', '12 3', '123g', ' 12', '1 2', '12\u20ac', 'zz', '0g', 'aBcDeF', '12\n34', '1234567\xe9'):
    show(bytes.fromhex, x); show(bytearray.fromhex, x)
class B(bytes): pass
class A(bytearray): pass
b = B(b'hello world')
for t in (b, A(b)):
    for f in (t.strip, t.lower, t.hex, t.split): show(f)
    show(t.replace, b'o', b'0'); show(t.translate, None); show(t.__add__, b''); show(t.join, [b, b]); show(t.fromhex, '4142'); show(bytes, t); show(t.replace, b'z', b'y')
long = bytearray(b'ab' * 500)
for m in (b'ab', b'ba', b'aba', b'bb', b'ab' * 30, b'b' + b'ab' * 40, b'a' * 500):
    show(long.rfind, m); show((b'x' + bytes(long) + b'yy').rfind, m); show((b'a' * 3000).rfind, b'b' + m); show((b'b' + b'a' * 3000).rfind, b'b' + b'a' * 20); show(('b' + 'a' * 3000).rfind('b' + 'a' * 20).__int__)
for _ in range(300):
    n = r.randrange(1, 60); t = ''.join(r.choice('ab') for _ in range(n)); q = ''.join(r.choice('ab') for _ in range(r.randrange(1, 5)))
    print(t.rfind(q), t.rfind(q, 3, n - 2), t.encode().rfind(q.encode()), end=' ')
print()

# reprs in blocks, with every byte at every place of one
for n in (0, 1, 15, 16, 17, 33):
    for at in range(0, n, 3):
        for c in b"'\"\\\n\t\r\x00\x7f\x80\xff~ ":
            b = bytearray(b'x' * n)
            b[at] = c
            print(repr(bytes(b)), repr(b), end=' ')
    print()
print(repr(b"'" + b'x' * 40 + b'"'), repr(bytearray(b"'" + b'x' * 40)), repr(b'y' * 20 + b"'"))

# bytes() of lists
class I:
    def __index__(self): return 7
for l in ([], [1], [1, 2], [0, 255] * 20, [1, 256], [1, -1], [True, 2], [1, 2.5], [1, 1 << 70], [I(), 2], ['a', 'b'], [1, None]):
    show(bytes, l)
    show(bytearray, l)
change = [1, 2, 3]
class Shrink:
    def __index__(self):
        change.pop()
        return 9
change.insert(0, Shrink())
show(bytes, change)

# appending in place, also to what is viewed
x = bytearray()
for i in range(300):
    x += b'abc'[:i % 4]
    x += bytearray(b'z')
print(len(x), hash(bytes(x)) == hash(bytes(x[:])), x[:40], x[-5:])
del x[:50]
x += b'12'
x += bytes(x)
print(len(x), x[:10])
view = memoryview(x)
show(x.__iadd__, b'q')
show(x.__iadd__, b'')
del view
x += b'q'
print(len(x), x[-1:])
show(memoryview(b'abc\xff').tolist)
show(memoryview(b'abcdef')[::-2].tolist)
show(memoryview(b'abcdef').cast('B', (2, 3)).tolist)
show(memoryview(bytearray(b'\x80a')).cast('b').tolist)
show(memoryview(b'').tolist)

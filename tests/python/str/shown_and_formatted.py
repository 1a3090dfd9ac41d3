# repr(), ascii() and replace() of texts of every width, in blocks and at their ends; numbers in all
# conversions of %, whose digits come from different code depending on size and precision.
import random

r = random.Random(7)


def show(f, *a, **k):
    try:
        v = f(*a, **k)
        print(type(v).__name__, ascii(v))
    except Exception as e:
        print(type(e).__name__, e)


alph = ["a", "b", " ", "'", '"', "\\", "\n", "\x7f", "\x80", "\xe9", "\xad", "\u20ac", "\u0300", "\U0001f600", "\ud800", "\ue000"]
for n in (0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 40):
    for limit in (3, 7, 8, 11, 13, 16):
        for _ in range(4):
            s = ''.join(r.choice(alph[:limit]) if r.random() < .3 else 'x' for _ in range(n))
            print(ascii(repr(s)), ascii(s), len(repr(s)), repr(s).isascii())
            print(ascii(ascii([s])))
            for a in 'ab x':
                for b in ('q', '\xe9', '\u20ac', '\U0001f600'):
                    print(ascii(s.replace(a, b)), end=' ')
            print()
nums = [0.0, -0.0, 1.0, 9.5, 99.5, 999999.5, 9999995.0, 999999.4999, 1e22, 1e16, 123456789012345678.0, 2.0**62, 2.0**63, 2.0**70, 1e-5, 1e-300, 5e-324, 0.1, 0.5, 2.5, 1.5, 12345678.5, 1.2345e300, 0.00001234565, 1e15 + .5, float('inf'), float('nan'), 8.5e17, 1234565.0, 1234575.0, 0.000123456789]
nums += [r.random() * 10 ** r.randrange(-25, 25) for _ in range(60)] + [r.randrange(10 ** 9) / 2 ** r.randrange(12) for _ in range(40)]
for v in nums:
    for p in ('', '.0', '.1', '.3', '.10', '.16', '.17', '.18', '.30'):
        for c in 'eEgG':
            print(('%' + p + c) % v, ('%#' + p + c) % -v, format(v, p + c), format(v, '+' + p + c), end=' ')
    print('%g %e %f %12.3e|%-14g|%014.4g|% g|%+e' % ((v,) * 8), format(v, '.5'), format(v, 'n'))
ints = [0, 1, -1, 8, 255, -255, 10 ** 18, 2 ** 62 - 1, -2 ** 62, 2 ** 62, 2 ** 63, -2 ** 64, 10 ** 30, True]
for v in ints:
    for f in 'd i u x X o'.split():
        for g in ('', '#', '5', '-8', '08', '+', ' ', '.5', '#.5', '#012', '+#08.4', '-#10', '.0'):
            print('[' + ('%' + g + f) % v + ']', (b'%' + g.encode() + f.encode()) % v, end='')
    print()
for f, a in (('%s', 'x'), ('%s', ('x',)), ('%r', 'x'), ('%a', '\xe9'), ('%s|%5s|%-5s|%.2s', ('abc',) * 4), ('\u20ac%s', 'a'), ('%s\u20ac', 1), ('%(a)s %(b)d', {'a': 1, 'b': 2}), ('%%', ()), ('%c', 65), ('%c', 'x'), ('%c', 8364), ('%5c|%-3c', ('a', 'b')), ('%d', 'x'), ('%x', 1.5), ('%d', 1.9), ('%', ()), ('%s', ()), ('%s', (1, 2)), ('a', 1), ('', {}), ('%(a', {}), ('%(a)s', 3), ('%*d', (5, 3)), ('%.*f', (2, 1.234)), ('%q', 1), ('%s %s', ('\xe9', '\u20ac')), ('%x', 'a'), ('x' * 40 + '%s', 'y'), ('\u20ac' * 40 + '%d', 3), ('%s', b'x'), ('%5%', ())):
    show(lambda: f % a)
for f, a in ((b'%s', b'x'), (b'%s', (b'x',)), (b'%b', bytearray(b'abc')), (b'%r', 'x'), (b'%a', '\xe9'), (b'%s|%5s|%-5s|%.2s', (b'abc',) * 4), (b'\xff%s', b'\xfe'), (b'%(a)s %(b)d', {b'a': b'1', b'b': 2}), (b'%%', ()), (b'%c', 65), (b'%c', b'x'), (b'%c', 256), (b'%5c|%-3c', (b'a', b'b')), (b'%d', b'x'), (b'%s', 'x'), (b'%s', 3), (b'%b', memoryview(b'zz')), (b'%(a)s', {'a': 1}), (b'', {}), (b'%d', 3.7), (b'%e %g %f', (1.5, 2.5, 3.5)), (bytearray(b'%s-%d'), (b'q', 2)), (bytearray(b''), ()), (b'%s', ()), (b'%s', (b'a', b'b'))):
    show(lambda: f % a)
for s in ('', 'a', '_a1', '1a', 'a b', 'a\xe9', '\xe9\u0300', 'a\xb7', 'a\u20ac', 'abc-'):
    print(s.isidentifier(), end=' ')
print()
every = ''.join(map(chr, range(128)))
for s in (every, every[::-1], 'hello wORLD 3rd a1b2 x', "they're BILL's", 'ab', 'a', '', 'A', '1a', '\xdf\xe9 \xc9', 'e\u20ac HELLO'):
    print(ascii(s.title()), ascii(s.swapcase()), ascii(s.capitalize()), s.title().istitle(), s.title().isascii())
for s in ('', 'a', 'xxabxx', '-12', '+', '-', '\xe9x\xe9', '\u20acx\u20ac', '\U0001f600', 'a\nb\r\nc\x85d\x1ce\n\nf\r', 'a\u2028b\n'):
    print(ascii(list(s)), ascii(s.strip('x')), ascii(s.lstrip('\u20ac')), ascii(s.rstrip('\xe9')), ascii(s.strip('\U0001f600')), end=' ')
    print(*(ascii(s.zfill(n)) for n in (-1, 0, 1, 2, 3, 5)), ascii(s.splitlines()), ascii(s.splitlines(True)), s.encode('utf-8').splitlines(), s.encode('utf-8').splitlines(keepends=1))

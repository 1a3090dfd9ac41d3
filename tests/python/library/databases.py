# dbm.ndbm: its dictionary of bytes, and what it refuses. What only its library does is not looked at.
import dbm.ndbm as n
import os
import tempfile
os.chdir(tempfile.mkdtemp())


def show(f):
    try:
        print(ascii(f()))
    except Exception as e:
        print(type(e).__module__, type(e).__name__, ascii(str(e)))


print(n.library, n.error.__mro__[1], n.error.__module__)
for args in (('missing',), ('x', 'q'), ('x', 5), (5,), ('x', 'c', 'y'), (), ('x', 'r', 0o666, 1), ('a\0b', 'c'), ('x', 'cc')):
    show(lambda: n.open(*args))
try:
    n.open('missing')
except n.error as e:
    print(e.errno, e.filename, e.args)
d = n.open('file', 'c')
print(sorted(os.listdir()), type(d), len(d), bool(d))
d['a'] = 'b'
d[b'c'] = b'd'
d['\u1234'] = '\u4321'
d[b'zero\0'] = b'\0value'
print(sorted(d.keys()), len(d), bool(d), d['a'], d[b'c'], d['\u1234'], d[b'zero\0'])
d['a'] = b'other'
print(d['a'], 'a' in d, b'x' in d, d.get('a'), d.get('x'), d.get('x', 5), d.setdefault('a', 'z'), d.setdefault('q', 'w'),
      d['q'], d.get('a', default) if (default := 1) else 0)
show(lambda: d['missing'])
show(lambda: d.__delitem__('missing'))
show(lambda: d[5])
show(lambda: d.__setitem__(5, 'x'))
show(lambda: d.__setitem__('x', 5))
show(lambda: 5 in d)
show(lambda: d.get())
show(lambda: iter(d))
show(lambda: reversed(d))
show(lambda: list(d))
show(lambda: d.get(5))
show(lambda: d.get('a', 1, 2))
show(lambda: d.setdefault('n', 5))
show(lambda: d.setdefault('m'))
show(lambda: d.setdefault(5))
show(lambda: hash(d) == hash(d))
show(lambda: type(d)())
show(lambda: bytearray(b'a') in d)
show(lambda: d[memoryview(b'a')])
show(lambda: d == d)
del d['a']
print(len(d), sorted(d.keys()))
with d as e:
    print(e is d)
for f in (lambda: d['a'], lambda: d.keys(), lambda: len(d), lambda: d.__setitem__('a', 'b'), lambda: 'a' in d, lambda: d.get('a'),
          lambda: d.setdefault('a', 'b'), lambda: d.close(), lambda: d.__enter__() is d, lambda: bool(d), lambda: d.__delitem__('a')):
    show(f)
d = n.open('file')
show(lambda: d.__setitem__('a', 'b'))
show(lambda: d.__delitem__('zero\0'))
show(lambda: d.__delitem__('none'))
show(lambda: d.setdefault('none', 'x'))
print(sorted(d.keys()))
d.close()
for i in range(3):
    with n.open('many', 'c') as d:
        for k in range(500):
            d[f'{i} {k}'] = 'x' * k
with n.open('many', 'r') as d:
    print(len(d), sum(len(d[k]) for k in d.keys()), len(set(d.keys())))
with n.open('many', 'n') as d:
    print(len(d))

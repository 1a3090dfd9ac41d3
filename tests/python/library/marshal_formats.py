# The format of each version, what is not of the format, references, and files.
import io
import marshal


def show(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


for data in (b'0', b'(\x01\0\0\0', b'(\xff\xff\xff\xff', b'[\xff\xff\xff\xff', b'<\xff\xff\xff\xff', b's\xff\xff\xff\xff',
             b'u\xff\xff\xff\xff', 'l', b'l\1\0\0\0\xff\xff', b'l\2\0\0\0\0\0\0\0', b'r\0\0\0\0', b'\xa9\x01r\0\0\0\0',
             b'\xbe\1\0\0\0r\0\0\0\0', b'\xce', b'(\1\0\0\0000', b'{0', b'{N0', b'{NN', b'f\x031.5', b'f\x02xx', b'',
             b'(\2\0\0\0N', b'?', b'g\0', b'I12345678', b'I\xff\xff\xff\xff\xff\xff\xff\x80', b')\2N', b'x\x011\x012',
             b's\x05\0\0\0ab', b'\xdb\0\0\0\0', b')\x01' * 3000):
    show(lambda: marshal.loads(data))
    show(lambda: marshal.load(io.BytesIO(data if isinstance(data, bytes) else b'')))

values = (1, 1 << 40, -1 << 70, 1.5, 1e300 * 1e300, 2 + 3j, 'é', 'abc', 'a b c' * 100, b'xx', (1, 2), (), [1, (2,)],
          {1: 2}, {3}, frozenset([1, 'ab', 2.0]), None, True, ..., StopIteration, tuple(range(300)), bytearray(b'12'),
          memoryview(b'ab'), 'a\ud800')
for version in range(-1, 6):
    for value in values:
        assert marshal.loads(marshal.dumps(value, version)) == value, (version, value)
        file = io.BytesIO()
        marshal.dump(value, file, version)
        file.write(b'rest')
        file.seek(0)
        assert marshal.load(file) == value
        assert file.read() == b'rest'
print(marshal.dumps(1e-300, 1), marshal.dumps(1.0, 0), marshal.dumps(2 + 3j, 1), marshal.dumps(float('inf'), 1))
for version in range(3):
    print(version, marshal.dumps('x y', version), marshal.dumps(5, version), marshal.dumps(b'ab'[:1], version))

# What contains itself, and what is met twice.
l = [1]
l.append(l)
l.append((l,))
m = marshal.loads(marshal.dumps(l))
print(m[1] is m, m[2][0] is m)
t = ([],)
t[0].append(t)
u = marshal.loads(marshal.dumps(t))
print(u[0][0] is u)
d = {}
d['d'] = d
e = marshal.loads(marshal.dumps(d))
print(e['d'] is e)
for version in range(5):
    twice = ['a b']
    first, second = marshal.loads(marshal.dumps([twice, twice], version))
    print(version, first is second)
endless = []
endless.append(endless)
show(lambda: marshal.dumps(endless, 2))

# Sets are written in an order of their own.
print(marshal.dumps({'b', 'a', 'c'}, 2) == marshal.dumps({'c', 'a', 'b'}, 2))
print(sorted(marshal.loads(marshal.dumps({'b', 'a', 'c'}))))

# Files: read in pieces, not beyond the value.


class Reader:
    def __init__(self, data, more=0):
        self.file = io.BytesIO(data)
        self.more = more
        self.asked = []

    def read(self, n):
        return self.file.read(n)

    def readinto(self, buffer):
        self.asked.append(len(buffer))
        n = self.file.readinto(buffer)
        return n + self.more if n > 4 else n


reader = Reader(marshal.dumps((1, 'abc', b'x' * 10), 0))
print(marshal.load(reader), reader.asked)
for value in (1.0, 1j, b'0123456789', '0123456789'):
    show(lambda: marshal.load(Reader(marshal.dumps(value), 1000)))


class Wrong:
    def read(self, n):
        return 'str'


show(lambda: marshal.load(Wrong()))


class Empty:
    def read(self, n):
        return b''

    def readinto(self, buffer):
        raise KeyError(3)


show(lambda: marshal.load(Empty()))
show(lambda: marshal.load(5))
show(lambda: marshal.dumps(object()))
show(lambda: marshal.dumps([slice(1, 2)]))
show(lambda: marshal.dumps(1, 'x'))

# How deep.
for depth in (1999, 2000):
    deep = last = []
    for _ in range(depth - 2):
        last.append([0])
        last = last[-1]
    last.append([0])
    show(lambda: len(marshal.loads(marshal.dumps(deep))))

# Whole files: of known size, of a size that says nothing (pipes, /proc), from the middle, beyond the
# end; and readlines() over lines that have no length.
import io
import os
import tempfile

folder = tempfile.TemporaryDirectory()
path = os.path.join(folder.name, 'file')
for size in (0, 1, 2, 511, 512, 513, 8191, 8192, 8193, 100000):
    data = bytes(i * 7 % 251 for i in range(size))
    with open(path, 'wb') as f:
        f.write(data)
    with io.FileIO(path) as f:
        assert f.readall() == data
        assert f.readall() == b''
        for at in (0, 1, size // 2, size, size + 5):
            f.seek(at)
            assert f.read() == data[at:], (size, at)
    with open(path, 'rb') as f:
        f.read(3)
        assert f.read() == data[3:]
    with open(path, encoding='latin-1', newline='') as f:
        assert f.read() == data.decode('latin-1')
    with open(path, 'r+b', buffering=0) as f:  # it grows behind the reader's back
        start = f.read(10)
        with open(path, 'ab') as g:
            g.write(b'more' * 1000)
        assert start + f.readall() == data + b'more' * 1000
    print('size', size)

for size in (0, 1, 600, 60000):
    r, w = os.pipe()
    with io.FileIO(r) as f, io.FileIO(w, 'w') as g:
        g.write(b'p' * size)
        g.close()
        print(len(f.readall()))
r, w = os.pipe()
os.set_blocking(r, False)
with io.FileIO(r) as f:
    print(f.readall())
    os.write(w, b'some')
    print(f.readall())
    os.close(w)
    print(f.readall())
with open('/proc/self/status', 'rb') as f:
    print(f.read().startswith(b'Name:'))


class Numbers(io.RawIOBase):
    left = 3

    def __next__(self):
        if not self.left:
            raise StopIteration
        self.left -= 1
        return self.left


print(Numbers().readlines(), Numbers().readlines(0))
try:
    Numbers().readlines(1)
except TypeError as e:
    print(e)
print(io.StringIO('a\nb\nc\nd').readlines(3))


class Lines(io.BytesIO):
    def readline(self, *size):
        return b'never'


f = Lines(b'a\nbc\nd')
for hint in ('x', 1.5, None, 0, -1, 1, 2, 3, 4, True):
    f.seek(0)
    try:
        print(hint, f.readlines(hint))
    except TypeError as e:
        print(e)
f.seek(100)
print(f.readlines())
f.close()
for hint in ((), ('x',)):
    try:
        f.readlines(*hint)
    except ValueError as e:
        print(e)

# A text file over a reader whose method was replaced, or that is detached meanwhile.
with open(path, encoding='ascii', errors='replace', newline='') as f:
    f.buffer.read1 = lambda n: b''
    print(repr(f.read(5)))
    del f.buffer.read1
    print(len(f.read(5)))
f = open(path, encoding='latin-1')
f.readline()
inner = f.detach()
try:
    f.readline()
except ValueError as e:
    print(e)
inner.close()
f = open(path, encoding='latin-1')
f.buffer.close()
try:
    f.read(1)
except ValueError as e:
    print(e)
try:
    open(folder.name).close()
except IsADirectoryError as e:
    print(e.errno)

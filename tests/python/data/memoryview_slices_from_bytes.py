# Slices of memoryviews that bytes are assigned to.
import array
def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__, str(e)
def put(m, key, value):
    m[key] = value
    return bytes(m)
base = bytearray(range(65, 85))
keys = [slice(None), slice(5, 8), slice(-3, None), slice(None, None, -1), slice(1, 12, 3),
        slice(12, 1, -4), slice(5, 5), slice(100, 200), slice(0, 10**30), slice(None, None, 0),
        slice(2, 4, 10**30), slice('a', 4), slice(True, 4)]
for key in keys:
    for value in (b'', b'x', b'xyz', b'wxyz', bytes(range(97, 117)), bytearray(b'xyz'),
                  memoryview(b'xyz'), array.array('b', [1, 2, 3]), 'xyz', 5, None):
        m = memoryview(bytearray(base))
        print(key, attempt(put, m, key, value))
        print(attempt(put, m[::-2], key, value), bytes(m))
for form in ('b', 'c', '@B', 'H', '?'):
    m = memoryview(bytearray(12)).cast(form)
    print(form, attempt(put, m, slice(0, 2), b'ab'), bytes(m))
print(attempt(put, memoryview(b'abc'), slice(0, 2), b'ab'))
m = memoryview(bytearray(12)).cast('B', (3, 4))
print(attempt(put, m, slice(0, 2), b'ab'))
m = memoryview(bytearray(12))
m.release()
print(attempt(put, m, slice(0, 2), b'ab'))
class Index:
    def __init__(self, m): self.m = m
    def __index__(self):
        self.m.release()
        return 2
m = memoryview(bytearray(12))
print(attempt(put, m, slice(0, Index(m)), b'ab'))
class Bytes(bytes): pass
print(put(memoryview(bytearray(base)), slice(2, 4), Bytes(b'..')))
# their items one by one
for form in 'bBchHiIlLqQnNfd?P':
    for prefix in ('', '@'):
        data = bytearray(range(120, 136)) + bytearray(range(120, 136))
        m = memoryview(data).cast(prefix + form)
        print(m.format, m.itemsize, [x for x in m] if form != '?' else len(list(m)), len(list(m[::-2])))
for form in ('', '@', 'x', 'BB', '@@', '@BB', '<B', '=i'):
    print(ascii(form), attempt(lambda: memoryview(b'abcd').cast(form).format))
m = memoryview(bytearray(4))
it = iter(m)
print(next(it))
m.release()
print(attempt(next, it))

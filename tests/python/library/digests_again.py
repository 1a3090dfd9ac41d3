# Digests asked for again and again, of objects that go on, and their copies.
import hashlib

for name in ('md5', 'sha1', 'sha256', 'sha512', 'sha3_256', 'blake2b'):
    for _ in range(3):
        h = getattr(hashlib, name)(b'abc')
        first = h.hexdigest()
        print(name, h.name, first == h.hexdigest(), h.digest().hex() == first, first)
        c = h.copy()
        h.update(b'def')
        print(h.hexdigest()[:16], c.hexdigest() == first, c.name, hashlib.new(name, b'abcdef').digest() == h.digest())
s = hashlib.shake_128(b'abc')
print(s.hexdigest(9), s.hexdigest(70), s.digest(0), s.copy().hexdigest(5))
print(hashlib.sha1(b'x', usedforsecurity=False).hexdigest())
try:
    hashlib.new('nonsense')
except ValueError as e:
    print(e)

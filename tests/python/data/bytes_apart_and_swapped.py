# array.byteswap() of every size, and slices of a bytearray that take each n-th byte.
import array

for kind in 'bBhHiIlLqQfd':
    for n in (0, 1, 3, 8, 33):
        a = array.array(kind, range(n))
        a.byteswap()
        print(kind, n, a.tobytes().hex())
b = bytearray(range(50))
for step in (2, 3, -1, -2, 7, 49, 100):
    print(step, [bytes(b[i:j:step]) for i in (None, 0, 5, -1) for j in (None, 40, 3)])

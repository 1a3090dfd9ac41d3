def sieve(n):
    s = bytearray([1]) * (n + 1); s[:2] = b"\0\0"
    for i in range(2, int(n ** 0.5) + 1):
        if s[i]: s[i * i::i] = bytes(len(range(i * i, n + 1, i)))
    return [i for i, v in enumerate(s) if v]


p = sieve(1000); print(len(p), p[:10], p[-1], sum(p))
class Matrix:
    def __init__(self, rows): self.rows = [list(r) for r in rows]
    def __matmul__(self, o): return Matrix([[sum(a * b for a, b in zip(r, c)) for c in zip(*o.rows)] for r in self.rows])
    def __pow__(self, n):
        r = Matrix([[int(i == j) for j in range(len(self.rows))] for i in range(len(self.rows))]); b = self
        while n:
            if n & 1: r = r @ b
            b, n = b @ b, n >> 1
        return r
    def __getitem__(self, ij): return self.rows[ij[0]][ij[1]]
    def __eq__(self, o): return self.rows == o.rows
    def __repr__(self): return "\n".join(" ".join(map(str, r)) for r in self.rows)


m = Matrix([[1, 1], [1, 0]]); print(m ** 10, (m ** 300)[0, 1], m ** 0 == Matrix([[1, 0], [0, 1]]))
def gcd(a, b):
    while b: a, b = b, a % b
    return a


print(gcd(1071, 462), [(a, b, c) for c in range(1, 30) for b in range(1, c) for a in range(1, b) if a * a + b * b == c * c])
def collatz(n):
    while n != 1:
        yield n
        n = n // 2 if n % 2 == 0 else 3 * n + 1
    yield 1


print(list(collatz(6)), max(range(1, 300), key=lambda n: sum(1 for _ in collatz(n))))

class L:
    def __init__(self, n): self.n = n
    def __len__(self): return self.n


print(len(""), len("日本"), len([1, 2]), len(()), len({1: 2}), len({1}), len(range(5)), len(b"ab"), len(L(7)), len({}.keys()), len(L(True)), len(memoryview(b"abc")))
for v in (5, None, L(-1), L(1.5), L("a"), L(2 ** 70), L(None), int, (x for x in []), iter([])):
    try:
        print(len(v))
    except (TypeError, ValueError, OverflowError) as e:
        print(type(e).__name__, e)

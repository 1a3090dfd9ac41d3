print(min(3, 1, 2), max([3, 1, 2]), min("hello"), max({"a": 5, "b": 1}), min([], default="d"), max([], default=None), max([1, -5], key=abs), min(["bb", "a"], key=len), max("a", "b", key=lambda x: -ord(x)), max(1, 1.0), min(1.0, 1), max([(1, 2), (1, 3)]), min((x for x in [3, 2])), max(1, 2, key=None))
print(list(reversed([1, 2])), list(reversed("ab")), list(reversed(range(3))), list(reversed({1: 2, 3: 4})), list(reversed((1, 2))), "".join(reversed("日本")))


class R:
    def __reversed__(self): return iter("custom")
class S:
    def __len__(self): return 3
    def __getitem__(self, i): return i * 10
class N:
    __reversed__ = None
    def __len__(self): return 0
    def __getitem__(self, i): return 0


print(list(reversed(R())), list(reversed(S())))
for f in (lambda: reversed(N()), lambda: reversed(5), lambda: reversed({1}), lambda: reversed(x for x in []), lambda: max(5), lambda: max(), lambda: max([]), lambda: min(1, "a"), lambda: max(1, 2, default=3), lambda: max([], key=5), lambda: max([1, 2], key=5), lambda: max([1], bad=2), lambda: min(1, 2, key=lambda: 1), lambda: sorted(5), lambda: max(None)):
    try:
        print(f())
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)

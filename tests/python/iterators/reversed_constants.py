# reversed() of what cannot change: str, bytes, tuple.
import operator, pickle

for sequence in ("", "a", "abc", "a\u20ac\U0001f600\xe4", b"", b"xyz", (), (1,), (1, "b", None, 2.5)):
    r = reversed(sequence)
    print(ascii(list(r)), list(r), next(r, "end"), operator.length_hint(r))
r = reversed("abcdef")
print(next(r), next(r), operator.length_hint(r), r.__reduce__(), list(pickle.loads(pickle.dumps(r))))
for index in (0, 2, 100, -1, -5):
    for sequence in ("abc", (1, 2, 3)):
        r = reversed(sequence)
        r.__setstate__(index)
        print(index, operator.length_hint(r), list(r))


class R(reversed):
    pass


r = R("abc")
print(next(r), list(r), type(r).__name__)


class S(str):
    def __getitem__(self, i):
        return "<" + str.__getitem__(self, i) + ">"


class T(tuple):
    def __getitem__(self, i):
        return [tuple.__getitem__(self, i)]


print(list(reversed(S("abc"))), list(reversed(T((1, 2)))))
items = tuple([object() for _ in range(5)])
print([x is y for x, y in zip(reversed(items), items[::-1])])
for x in reversed((1, 2, 3)):
    for y in reversed("ab"):
        print(x, y, end=" ")
print()

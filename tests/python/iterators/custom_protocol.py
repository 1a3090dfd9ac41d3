class Count:
    def __init__(self, n): self.n = n
    def __iter__(self): return CountIter(self.n)
class CountIter:
    def __init__(self, n): self.i, self.n = 0, n
    def __iter__(self): return self
    def __next__(self):
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return self.i
class Seq:
    def __getitem__(self, i):
        if i > 3:
            raise IndexError
        return i * i
    def __len__(self): return 4


c = Count(3)
print(list(c), list(c), sum(c), max(c), 2 in c, [*c], tuple(c), sorted(c, reverse=True), dict(zip(c, "abc")), list(map(str, c)), " ".join(map(str, c)), list(enumerate(c, 10)))
a, b, d = c
print(a, b, d, list(Seq()), 4 in Seq(), list(reversed(Seq())), [x for x in Seq()], list(iter(Seq())))
for x in c:
    for y in c:
        print(x * y, end=" ")
print()


class NoIterReturn:
    def __iter__(self): return 5
class NoNext:
    def __iter__(self): return self
class IterNone:
    __iter__ = None
class Raises:
    def __iter__(self): return self
    def __next__(self): raise ValueError("in next")
class BadGetitem:
    def __getitem__(self, i): raise KeyError("not IndexError")


for k in (NoIterReturn, NoNext, IterNone, Raises, BadGetitem, int):
    try:
        print(list(k()))
    except Exception as e:
        print(k.__name__, type(e).__name__, e)
n = iter([5, 6, 0, 7].__iter__().__next__, 0)
print(list(n), list(n))
try:
    iter(5, 6)
except TypeError as e:
    print(e)
try:
    list(iter(lambda: 1 / 0, 5))
except ZeroDivisionError as e:
    print(e)


class Hint:
    def __iter__(self): return iter([1, 2])
    def __length_hint__(self): return 100


print(list(Hint()))
class BadHint(Hint):
    def __length_hint__(self): return -1


try:
    print(list(BadHint()))
except ValueError as e:
    print(e)

from collections.abc import *
from abc import ABC, abstractmethod, ABCMeta


class MySeq(Sequence):
    def __init__(self, *a): self.a = a
    def __len__(self): return len(self.a)
    def __getitem__(self, i): return self.a[i]


s = MySeq(1, 2, 3, 2)
print(list(s), 2 in s, s.index(2), s.count(2), list(reversed(s)))


class MyMap(MutableMapping):
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)


m = MyMap(); m["a"] = 1; m.update(b=2); print(dict(m), m.pop("a"), m.get("z"), m.setdefault("c", 3), list(m.items()), "b" in m, m == {"b": 2, "c": 3}, m.popitem(), list(m.keys()), list(m.values())); m.clear(); print(len(m))


class MySet(Set):
    def __init__(self, it=()): self.s = list(dict.fromkeys(it))
    def __contains__(self, x): return x in self.s
    def __iter__(self): return iter(self.s)
    def __len__(self): return len(self.s)


print(list(MySet([1, 2]) & MySet([2, 3])), list(MySet([1]) | [5]), MySet([1]) <= MySet([1, 2]), MySet([1]) == {1}, list(MySet([1, 2]) - [1]))
class A(ABC):
    @abstractmethod
    def f(self): pass
    @abstractmethod
    def g(self): pass
class B(A):
    def f(self): pass


for k in (A, B, Sequence, MutableSet):
    try:
        k()
    except TypeError as e:
        print(e)
class Duck:
    def __len__(self): return 0
    def __iter__(self): return iter(())
    def __contains__(self, x): return False


print(isinstance(Duck(), Sized), isinstance(Duck(), Collection), isinstance(Duck(), Sequence), issubclass(Duck, Iterable), isinstance(5, Sized), issubclass(dict, Mapping), issubclass(str, Sequence), issubclass(bytes, ByteString), isinstance({}.keys(), KeysView), isinstance(range(1), Sequence), isinstance(lambda: 1, Callable), isinstance(iter([]), Generator), B.__abstractmethods__ == frozenset({"g"}))

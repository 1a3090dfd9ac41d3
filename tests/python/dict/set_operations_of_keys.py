# - | ^ & of views: the keys come in the dict's order, and subclasses iterate as they like.
from collections import OrderedDict, defaultdict

d = {"a": 1, "b": 2, "c": 3, 4: 5}
e = {"b": 0, 4: 0, "z": 0}
for f in (lambda x, y: x - y, lambda x, y: x | y, lambda x, y: x ^ y, lambda x, y: x & y):
    print([sorted(map(str, f(x, y))) for x, y in ((d.keys(), e.keys()), (d.keys(), {"a", "q"}), ({"a", "q"}, d.keys()), (d.keys(), ["a", "a", 9]), (d.items(), e.items()), ({}.keys(), d.keys()), (d.keys(), {}.keys()))], type(f(d.keys(), e.keys())).__name__)


class D(dict):
    def __iter__(self):
        return iter(["mine"])

    def keys(self):
        return dict.keys(self)


x = D(a=1, b=2)
print(sorted(x.keys() | {"q"}), sorted(x.keys() - {"a"}), sorted(OrderedDict(a=1, b=2).keys() | {"q"}), sorted(defaultdict(int, a=1).keys() | {"q"}))
for wrong in ("d.keys() | 5", "5 - d.keys()", "d.keys() - [[]]", "[[]] | d.keys()", "d.keys() ^ None"):
    try:
        print(eval(wrong))
    except TypeError as error:
        print(error)


class Same:
    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return 1

    def __eq__(self, other):
        return isinstance(other, Same) and self.name == other.name


many = {Same(i): i for i in range(20)}
print(len(many.keys() | {Same(5), Same(50)}), len(many.keys() - {Same(5), Same(50)}), len(many.keys() ^ {Same(5), Same(50)}))
big = dict.fromkeys(range(5000))
print(len(big.keys() - dict.fromkeys(range(0, 5000, 2)).keys()), len(big.keys() | range(10000)), sum(big.keys() ^ set(range(10))))

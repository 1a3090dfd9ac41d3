# Looking for texts: the very key, an equal one, one whose hash nobody has asked for yet, among keys
# of other types, in tables of every width, with keys that were removed.


class Text(str):
    pass


class Loud(str):
    def __hash__(self):
        return hash(str(self)) if mild else 0

    def __eq__(self, other):
        asked.append(other)
        return str(self) == str(other)


def fresh(text):
    return "".join(list(text))


def look(d, names):
    found = 0
    for name in names:
        twin = fresh(name)
        assert d.get(twin, "no") is d[name] and d[fresh(name)] is d.get(name)
        assert fresh(name) in d and d.setdefault(fresh(name), 0) is d[name]
        assert d.get(fresh(name + "?")) is None and d.get(name + "?") is None
        assert d[Text(name)] is d[name]
        found += 1
    return found


for n in (0, 1, 2, 5, 6, 40, 85, 86, 128, 170, 1000, 50000):
    names = ["%dname" % i for i in range(n)] + ["", "é", "漢", "😀", "x" * 16, "x" * 17, "ab", "abc"]
    d = {name: [name] for name in names}
    count = look(d, names[-300:])
    mixed = {0: "zero", None: 1, **d, 1.5: 2, (): 3, False: "no", b"": 4}
    assert look(mixed, names[-300:]) == count and mixed[0] == "no" and mixed[b""] == 4
    for name in names[::3]:
        del d[name]
    rest = list(d)
    assert look(d, rest[-300:]) == len(rest[-300:])
    gone = 0
    for name in names[::3][-300:]:
        try:
            d[fresh(name)]
        except KeyError as e:
            gone += e.args == (name,)
    print(n, count, len(rest), gone)

empty = {}
print(empty.get("a"), empty.get(""), "" in empty, empty.setdefault(fresh("ab"), 1), empty)
try:
    {}["missing"]
except KeyError as e:
    print(e)
nulls = {"": 0, "\0": 1, "\0\0": 2}
print(nulls[fresh("\0")], nulls[""], nulls.get(fresh("\0\0")), nulls.get("\0\0\0"))

mild, asked = True, []
d = {Loud("a"): 1, "b": 2}
print(d[fresh("a")], d["b"], len(asked) > 0, d.setdefault("a", 5), d.get("c"))
mild, asked = False, []
d = {Loud("a"): 1, "b": 2}
print(d.get(""), d.get(fresh("")), d["b"], d.get("a"))
words = ("the quick brown fox jumps over the lazy dog the end " * 20).split()
d = {}
for w in words:
    d.setdefault(w, []).append(1)
print({w: len(n) for w, n in d.items()})
print([[], [[]], []].count([]), [[] for _ in range(3)])

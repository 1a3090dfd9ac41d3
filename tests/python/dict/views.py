d = {"a": 1, "b": 2, "c": 3}
k, v, i = d.keys(), d.values(), d.items()
print(k, v, i, len(k), len(v), len(i))
d["d"] = 4
print(list(k), list(v), list(i), "d" in k, 4 in v, ("d", 4) in i, ("d", 5) in i, "x" in i)
print(k & {"a", "z"}, sorted(k | {"z"}), sorted(k - {"a"}), sorted(k ^ {"a", "z"}), k == {"a", "b", "c", "d"}, k >= {"a"}, k < {"a"}, k.isdisjoint({"q"}), sorted(i & {("a", 1)}), k == d.keys(), i == d.items(), v == d.values(), {"a"} & k, sorted({"z"} | k))
print(sorted(k & ["a", "b"]), sorted(k | "xy"), i.isdisjoint([("a", 2)]), {1: 2}.items() == {(1, 2)}, {1: []}.items() == {1: []}.items(), sorted(i - {("a", 1)})[0])
print(k.mapping["a"], type(k).__name__, type(v).__name__, type(i).__name__, repr(iter(k))[:12], iter(k).__length_hint__())
for f in (lambda: k + k, lambda: v & v, lambda: k[0], lambda: hash(k), lambda: {1: []}.items() & {(1, 2)}, lambda: {1: []}.items() | set(), lambda: k & 5, lambda: k < [1], lambda: next(k)):
    try:
        print(f())
    except TypeError as e:
        print(e)
print(list(zip(d, d.values())) == list(d.items()), max(d, key=d.get), sum(d.values()), [a for a, b in d.items() if b > 2], sorted(d.items(), key=lambda t: -t[1]))

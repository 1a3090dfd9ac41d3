from collections import defaultdict, OrderedDict
d = defaultdict(list)
d["a"].append(1); d["b"]; print(d, d.default_factory, dict(d), "z" in d, d.get("z"), len(d))
c = defaultdict(int)
for ch in "hello":
    c[ch] += 1
print(c, defaultdict(None, {"a": 1}), defaultdict(lambda: 5, x=1)["q"], defaultdict(int, [(1, 2)]), c.copy() == c, type(c.copy()).__name__, c | {"z": 1}, type(c | {}).__name__)
for f in (lambda: defaultdict()["k"], lambda: defaultdict(5), lambda: defaultdict(None)[1], lambda: defaultdict(list)[[]], lambda: defaultdict(lambda: 1 / 0)["x"]):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
n = defaultdict(lambda: defaultdict(int))
n["x"]["y"] += 1
print(n["x"], n.__missing__("w"), sorted(n))
o = OrderedDict([("b", 1), ("a", 2), ("c", 3)])
o.move_to_end("b"); print(o, list(o)); o.move_to_end("c", last=False); print(list(o)); print(o.popitem(), o.popitem(last=False), o)
print(OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), OrderedDict(a=1, b=2) == {"b": 2, "a": 1}, list(reversed(OrderedDict(a=1, b=2))), OrderedDict.fromkeys("ab"), OrderedDict(a=1) | {"b": 2}, o.copy(), OrderedDict(a=1).items(), OrderedDict(a=1).keys())
for f in (lambda: o.move_to_end("nope"), lambda: OrderedDict().popitem(), lambda: o["nope"], lambda: o.pop("nope")):
    try:
        f()
    except KeyError as e:
        print(repr(e))
o = OrderedDict(a=1); o["b"] = 2; o["a"] = 9; del o["b"]; o.setdefault("z", 0); o.update(q=1); print(o, o.pop("q"))

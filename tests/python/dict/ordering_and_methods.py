d = {"b": 1, "a": 2}
d["c"] = 3; d["b"] = 9
print(d, list(d), len(d))
del d["b"]; d["b"] = 0; print(d)
print(d.get("a"), d.get("z"), d.get("z", 5), d.setdefault("a", 7), d.setdefault("n", 8), d.setdefault("q"), d)
print(d.pop("q"), d.pop("zz", "default"), d.popitem(), d)
d.update({"x": 1}, y=2); d.update([("z", 3)]); d.update(x=5); d.update({}); d.update(); print(d)
c = d.copy(); c["only"] = 1; print("only" in d, c == d, dict(d) == d)
d.clear(); print(d)
print(dict(), dict(a=1), dict([(1, 2), [3, 4]]), dict({"a": 1}, b=2), dict(zip("ab", range(2))), dict.fromkeys("ab"), dict.fromkeys([1, 2], 0), {**{"a": 1}, "b": 2}, dict(["ab", "cd"]), {1: "a", 1.0: "b", True: "c"})
print({"a": 1} | {"b": 2}, {"a": 1} | {"a": 5}, {"a": 1} == {"a": 1.0}, {"a": 1, "b": 2} == {"b": 2, "a": 1}, {} == {}, {1: 2} != {1: 3})
e = {"a": 1}; e |= {"b": 2}; e |= [("c", 3)]; print(e)
print("a" in e, "z" not in e, list(reversed(e)), list(reversed(e.values())), list(reversed(e.items())), e.__contains__("a"), e.__getitem__("a"))
for f in (lambda: e["zz"], lambda: e[[]], lambda: {}.popitem(), lambda: {}.pop("k"), lambda: {}.pop(), lambda: dict(5), lambda: dict([1]), lambda: dict([(1, 2, 3)]), lambda: dict(["a"]), lambda: {[]: 1}, lambda: e < e, lambda: e | [1], lambda: e.update(5), lambda: e.update([1]), lambda: hash(e), lambda: dict(1, 2), lambda: e.fromkeys(5), lambda: {} + {}, lambda: e.get([]), lambda: [] in e, lambda: e.get(), lambda: e.nope, lambda: dict.fromkeys([[]]), lambda: e.setdefault({}, 1), lambda: e.update({}, {})):
    try:
        print(f())
    except Exception as x:
        print(type(x).__name__, x)

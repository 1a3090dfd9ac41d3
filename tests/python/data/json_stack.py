# JSON objects and arrays of every size: which of equal keys wins and where it lies, what hooks see,
# and errors and recursion in the middle of nested ones.
import gc
import json
import weakref


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return type(e).__name__, str(e)[:200]


# The last of equal keys wins, at the place of the first.
for text in (
    '{"a": 1, "b": 2, "a": 3}',
    '{"a": 1, "a": 2, "a": [3], "b": {}, "a": {"a": 1, "a": 2}}',
    '{"\\u0061": 1, "b": 0, "a": 2}',
    '{"": 1, "": 2}',
    '{"é": 1, "e": 2, "\\u00e9": 3, "漢": 4, "é": 5}',
    '{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7, "a": 8, "h": 9, "i": 10, "g": 11}',
):
    print(json.loads(text), json.loads(text, object_pairs_hook=list))
    print(json.loads(text, object_hook=lambda d: sorted(d.items(), key=str)))
many = "{" + ", ".join('"k%d": %d' % (i * 7 % 10, i) for i in range(1000)) + "}"
print(json.loads(many), len(json.loads(many, object_pairs_hook=list)))
once = json.loads("{" + ",".join('"a":%d' % i for i in range(5000)) + "}")
print(once)
once.update((str(i), i) for i in range(30))
print(list(once.items())[::7])

# Every size about those where tables and stacks grow, nested in one another.
for n in (*range(70), 127, 128, 129, 170, 171, 172, 1000, 5000):
    flat = {"k%d" % i: i for i in range(n)}
    rows = [[i] * (i % 4) for i in range(n)]
    nested = {"list": list(range(n)), "flat": flat, "rows": rows, "of": [flat, [], {}, [rows]]}
    for document in (flat, rows, nested):
        got = json.loads(json.dumps(document))
        assert got == document, n
        if document is not rows:
            assert list(got) == list(document)
    made = json.loads(json.dumps(flat))
    for i in range(20):
        made[i] = i
    assert list(made.items()) == list(flat.items()) + [(i, i) for i in range(20)]
    grown = json.loads(json.dumps(rows))
    grown.extend(grown)
    grown.append(None)
    assert grown == rows + rows + [None]
wide = json.loads(json.dumps([{"id": i, "tags": ["a", str(i)]} for i in range(3000)]))
print(len(wide), wide[0], wide[2999])

# Errors in the middle, at every length, and with hooks that fail there.
text = '{"a": [1, {"b": [2, 3, {"c": null}], "d": "x"}, []], "e": {"f": {}}}'
errors = set()
for i in range(len(text)):
    errors.add(attempt(json.loads, text[:i])[1].partition(":")[0])
    errors.add(str(attempt(json.loads, text[:i] + "!" + text[i + 1 :])).partition(":")[0])
print(sorted(errors))
print(attempt(json.loads, "[" + "1, " * 300 + "]"), attempt(json.loads, '{"a": ' * 200))


class Kept:
    pass


seen = []


def failing(d):
    if "stop" in d:
        raise KeyError("stopped")
    kept = Kept()
    seen.append(weakref.ref(kept))
    return kept


text = '{"b": [' + '{"a": 1}, {"c": []}, ' * 100 + '{"stop": 0}]}'
print(attempt(json.loads, text, object_hook=failing))
gc.collect()
print(len(seen), sum(r() is not None for r in seen) < 20)
print(attempt(json.loads, '{"a": {"stop": 1}}', object_pairs_hook=lambda p: failing(dict(p))))


# A hook that decodes, collects and drops while others wait above it.
def busy(d):
    gc.collect()
    inner = json.loads('{"x": [1, 2, 3], "x": {"y": %s}}' % json.dumps(list(range(100))))
    d["sum"] = sum(inner["x"]["y"])
    return d


print(json.loads('{"a": [{"b": [1, {"c": []}]}, {}], "d": {}}', object_hook=busy))


class Loud:
    def __del__(self):
        log.append(json.loads("[1, [2]]"))


log = []
text = "{" + '"a": {"v": 1}, "b": {}, ' * 100 + '"c": 0}'
print(list(json.loads(text, object_hook=lambda d: d if "c" in d else Loud())))
gc.collect()
print(len(log) > 150, log[0])


class Pairs(dict):
    def __init__(self, pairs):
        super().__init__(pairs)
        self.count = len(pairs)


p = json.loads('{"a": 1, "a": 2, "b": {"c": 3}}', object_pairs_hook=Pairs)
print(p, p.count, type(p["b"]), p["b"].count)
print([type(x) for x in json.loads('[{}, [], {"a": []}]', object_pairs_hook=tuple)])

# Too deep.
for text in ("[" * 100000, '{"a":' * 100000, '[{"a":' * 50000, "[" * 100000 + "]" * 100000):
    print(attempt(json.loads, text)[0])
deep = json.loads("[" * 200 + "]" * 200)
depth = 0
while deep:
    deep, depth = deep[0], depth + 1
print(depth)
print(json.loads("[[], {}, [[]], [{}], {\"a\": []}]"), json.loads(" [ ] "), json.loads(" { } "))

s = {3, 1, 2}
s.add(4); s.add(1); s.discard(9); s.remove(4)
print(sorted(s), len(s), 1 in s, 9 not in s, set(), frozenset(), frozenset([1]), {1}, set("a"), repr({1.5}), sorted(set("hello")))
a, b = {1, 2, 3}, {2, 3, 4}
print(sorted(a | b), sorted(a & b), a - b, sorted(a ^ b), sorted(a.union([5], (6,))), a.intersection(b, [3]), a.difference([1], [2]), a.symmetric_difference("x") == {1, 2, 3, "x"}, a <= b, a < {1, 2, 3, 4}, {1} < a, a >= {1}, a > a, a == {3, 2, 1}, a != b, a.issubset(range(5)), a.issuperset([1]), a.isdisjoint([9]), sorted(a.union()), sorted(a.intersection()))
c = a.copy(); c |= b; print(sorted(c)); c &= {1, 2, 9}; print(sorted(c)); c -= {1}; print(c); c ^= {2, 5}; print(c)
c.update([1, 2], "z"); c.intersection_update({1, 2, 3}); c.difference_update([1]); c.symmetric_difference_update([2, 8]); print(c)
print(c.pop(), c, c.clear(), c)
f = frozenset([1, 2])
print(sorted(f | {3}), type(f | {3}).__name__, sorted({3} | f), type({3} | f).__name__, f & f == f, hash(f) == hash(frozenset([2, 1])), {f: 1}[frozenset([1, 2])], f == {1, 2}, {1, 2} in {f}, f.copy() is f, frozenset(f) is f, sorted(f.union([9])))
for g in (lambda: {1}.remove(5), lambda: set().pop(), lambda: hash(set()), lambda: {[]}, lambda: {1} | [1], lambda: {1} + {2}, lambda: {1} < [1], lambda: set(5), lambda: set(1, 2), lambda: f.add, lambda: {1}.union(5), lambda: {1} & 5, lambda: set([[]]), lambda: {1}.add([]), lambda: {1}.add(), lambda: [] in {1}, lambda: {1}[0], lambda: {1}.update(5), lambda: {1}.isdisjoint(5), lambda: {1}.remove([]), lambda: set().remove("k")):
    try:
        print(g())
    except Exception as e:
        print(type(e).__name__, e)
print({1, 1.0, True}, {0, False, 0.0}, len({"a", b"a"}), {frozenset()}, {(1, 2)}, len({float("nan"), float("nan")}), sorted({*"ab", *"bc"}), sorted([{1, 2}, {1}], key=len))

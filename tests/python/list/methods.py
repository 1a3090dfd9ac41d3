l = [3, 1, 2]
l.append(4); l.extend([5, 6]); l.extend(x for x in (7,)); l.extend("ab"); print(l)
l.insert(0, "first"); l.insert(100, "last"); l.insert(-1, "second last"); l.insert(-100, "zero"); print(l)
print(l.pop(), l.pop(0), l.pop(-2), l)
l.remove("first"); print(l)
print(l.index(1), l.index(5, 2), l.index(6, -6, 100), l.count(1), [1, True, 1.0, "1"].count(1))
l.reverse(); print(l)
c = l.copy(); print(c == l, c is l)
l.clear(); print(l, c)
print([1, 2] + [3], [1, 2] * 2, 2 * [0], [] * 5, [1] * -1, [1, 2] == [1, 2], [1] < [1, 2], [2] > [1, 5], [] < [0], [1, 2] != [2, 1], 1 in [1], "1" in [1], [[]] * 2, list(), list("ab"), list(range(3)), list({1: 2}), list((1,)))
a = [1, 2]
a.extend(a); a += a; print(a)
a.append(a); print(a, a[-1] is a)
b = [[0] * 2 for _ in range(2)]; b[0][0] = 1; print(b, [[0] * 2] * 2)
for f in (lambda: [].pop(), lambda: [1].pop(1), lambda: [1].pop(-2), lambda: [].remove(1), lambda: [1].index(2), lambda: [1][1], lambda: [1].insert("a", 1), lambda: [].append(), lambda: [].extend(5), lambda: [1] + (2,), lambda: [1] < (1,), lambda: [1].__setitem__(5, 1), lambda: [1].__delitem__(5), lambda: hash([]), lambda: list(1), lambda: list(1, 2), lambda: [].index(), lambda: [1].count(), lambda: [1, 2].index(2, 0, 1), lambda: list(x=1), lambda: [1]["a"], lambda: [1].__setitem__("a", 1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print([].__iadd__((1,)), [1].__mul__(2), [1].__rmul__(2), [1, 2].__contains__(2), [1].__len__(), [1, 2].__getitem__(slice(1)), [3].__eq__((3,)), [1].__reversed__().__next__(), list.append.__name__)

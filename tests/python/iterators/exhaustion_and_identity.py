for it in (iter([1]), iter((1,)), iter("a"), iter(b"a"), iter({1}), iter({1: 2}), iter({1: 2}.items()), iter(range(1)), reversed([1]), enumerate([1]), zip([1]), map(str, [1]), filter(None, [1]), (x for x in [1]), iter(bytearray(b"a"))):
    print(type(it).__name__, iter(it) is it, list(it), list(it), next(it, "end"))
    try:
        next(it)
    except StopIteration as e:
        print("stop", e.value)
it = iter([1, 2, 3, 4])
print(list(zip(it, it)), list(zip([1, 2, 3], iter("ab"))))
it = iter("abcdef")
for ch in it:
    print(ch, next(it), end=" ")
print()
it = iter([1, 2, 3])
a, *b = it
print(a, b, list(it))
it = iter(range(10))
print(3 in it, list(it), 3 in it)
z = zip(range(3), it2 := iter([1, 2]))
print(list(z), list(it2))
m = map(lambda a, b: a + b, [1, 2, 3], [10, 20])
print(list(m), list(map(pow, [2, 3], [3, 2])), next(map(str, [5])))

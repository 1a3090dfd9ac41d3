from itertools import *
print(list(islice(count(), 3)), list(islice(count(5, -2), 3)), list(islice(count(1.5, 0.5), 3)), list(islice(cycle("ab"), 5)), list(repeat("x", 3)), list(cycle([])), repr(repeat(5, 2)), repr(count(3)), repr(count(1, 2)), next(repeat(1)), list(islice(count(2 ** 62 - 1), 3)), list(islice(count(2 ** 63 - 1), 2)))
print(list(chain("ab", [1], ())), list(chain()), list(chain.from_iterable(["ab", "c"])), list(compress("abcd", [1, 0, 1])), list(dropwhile(lambda x: x < 3, [1, 4, 2])), list(takewhile(lambda x: x < 3, [1, 2, 4, 1])), list(filterfalse(None, [0, 1, ""])), list(filterfalse(lambda x: x % 2, range(5))), list(starmap(pow, [(2, 3), (3, 2)])), list(pairwise("abcd")), list(pairwise("a")))
print(list(islice("abcdef", 2)), list(islice("abcdef", 1, 4)), list(islice("abcdef", 1, None, 2)), list(islice("abc", 0)), list(islice("abc", 10)), list(zip_longest("ab", "c", fillvalue="-")), list(zip_longest([1], [2, 3], [])), list(zip_longest()), list(accumulate([1, 2, 3])), list(accumulate([1, 2, 3], lambda a, b: a * b)), list(accumulate([1, 2], initial=10)), list(accumulate([])), list(accumulate([], initial=5)), list(accumulate("abc")))
it = iter(range(10))
print(list(islice(it, 2, 6, 2)), list(it))
for f in (lambda: islice("a", -1), lambda: islice("a", 1, 2, 0), lambda: islice("a"), lambda: islice("a", "b"), lambda: count("a"), lambda: repeat(), lambda: repeat(1, "a"), lambda: list(chain(5)), lambda: list(chain.from_iterable([1])), lambda: list(starmap(pow, [1])), lambda: list(takewhile(5, [1])), lambda: cycle(5), lambda: zip_longest([1], bad=1), lambda: list(accumulate([1, "a"])), lambda: accumulate(5), lambda: compress(5, []), lambda: len(repeat(1)), lambda: pairwise(1), lambda: islice("a", 1.5)):
    try:
        print(f())
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
print(repeat(1, 5).__length_hint__(), list(repeat(1, -3)), list(map(pow, range(4), repeat(2))))

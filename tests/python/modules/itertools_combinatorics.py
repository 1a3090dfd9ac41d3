from itertools import *
print(list(product("ab", [1, 2])), list(product("ab", repeat=2)), list(product()), list(product([], [1])), list(product("a", repeat=0)))
print(list(permutations("abc")), list(permutations("abc", 2)), list(permutations([], 0)), list(permutations("a", 2)))
print(list(combinations("abcd", 2)), list(combinations("ab", 3)), list(combinations("abc", 0)), list(combinations_with_replacement("abc", 2)), list(combinations_with_replacement("", 1)))
print(len(list(permutations(range(6)))), sum(1 for _ in combinations(range(12), 5)), sum(a * b for a, b in product(range(20), repeat=2)))
for f in (lambda: permutations("a", -1), lambda: combinations("a", -1), lambda: product("a", repeat=-1), lambda: combinations("a"), lambda: product(5), lambda: permutations("a", "b"), lambda: product("a", x=1), lambda: combinations("ab", 1.5)):
    try:
        print(list(f()))
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)

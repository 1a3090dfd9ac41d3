# SPDX-License-Identifier: MIT
# needs: python3-more-itertools
"""Most functions of the package over small and large inputs."""
import itertools
import operator

import more_itertools as mi

print(list(mi.chunked(range(10), 3)), list(mi.windowed("abcdef", 3, step=2)), list(mi.divide(3, range(8)))[1].__next__(), list(mi.sliced("abcdefg", 3)))
print(list(mi.interleave_longest([1, 2], "abc", [9])), list(mi.roundrobin("ABC", "D", "EF")), list(mi.flatten([[1], [2, 3]])), list(mi.collapse([1, [2, [3, "ab"]]])))
print(mi.first([], "none"), mi.last(range(5)), mi.one([7]), mi.only([], 3), mi.nth_or_last([1, 2], 9), mi.ilen(iter("abc")), mi.all_equal([1, 1.0]))
print(list(mi.split_at("one two  three", str.isspace)), list(mi.split_when([1, 2, 5, 6, 9], lambda a, b: b - a > 1)), list(mi.consecutive_groups([1, 2, 5]).__next__()))
print(mi.partition(lambda n: n % 3 == 0, range(9))[1].__next__(), mi.bucket(["a1", "b1", "a2"], key=lambda x: x[0])["a"].__next__(), dict(mi.map_reduce("abcA", str.lower, str.upper, len)))
print(list(mi.distinct_permutations("aab")), list(mi.set_partitions([1, 2, 3])), list(mi.partitions("abc")), list(mi.powerset([1, 2, 3])), list(mi.substrings("abc")))
print(list(mi.run_length.encode("aaabcc")), [(key, list(group)) for key, group in mi.groupby_transform("AaB", str.upper, ord)], list(mi.stagger(range(4))), list(mi.padded([1], None, 3)))
print(list(mi.unique_everseen("AbBa", str.lower)), list(mi.unique_justseen("aabba")), list(mi.intersperse("-", "abc")), list(mi.zip_offset([1, 2, 3], "abc", offsets=(0, 1))))
peek = mi.peekable(range(6))
print(peek.peek(), next(peek), peek[1:3], bool(peek), peek.prepend(10, 11), list(peek), peek.peek("end"))
spy, rest = mi.spy(iter("hello"), 2)
see = mi.seekable(iter("abcdef"))
print(spy, list(rest), list(see), see.seek(2), next(see), list(see.elements()), mi.SequenceView([1, 2, 3])[::-1], list(mi.numeric_range(1.0, 3.0, 0.5)), mi.numeric_range(10)[2:8:3])
print(list(mi.sort_together([(3, 1, 2), "abc"])), mi.locate([0, 1, 1], bool).__next__(), list(mi.rstrip([1, 0, 0], lambda x: not x)), list(mi.difference([1, 3, 6])))
print(mi.consume(iter(range(9)), 3), mi.iterate(lambda x: x * 2, 1).__next__(), mi.take(5, mi.tabulate(lambda n: n * n)), list(mi.grouper("ABCDE", 2, "x")), mi.nth_combination(range(20), 4, 77))
print(mi.random_product.__name__, mi.exactly_n([1, 0, 1], 2), list(mi.windowed_complete(range(4), 2)), mi.unzip([(1, "a"), (2, "b")])[1].__next__(), list(mi.mark_ends("ab")), mi.is_sorted([1, 2, 2]))
for action in (lambda: mi.one([1, 2]), lambda: mi.first([]), lambda: list(mi.strictly_n([1], 2)), lambda: list(mi.chunked([1, 2, 3], 2, strict=True)), lambda: list(mi.zip_equal([1], [1, 2]))):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)
primes = list(mi.sieve(20000)) if hasattr(mi, "sieve") else []
print(len(primes), sum(sum(w) for w in mi.windowed(range(20000), 5)), mi.ilen(mi.unique_everseen(n * n % 1009 for n in range(30000))))
print(sum(map(operator.mul, itertools.islice(mi.ncycles(range(10), 500), 4000), mi.repeatfunc(lambda: 2))))

# Ints of more than a word, bare and with a specification, and what is only like an int.
x = 10**30
print(f"{x} {-x} {x!r} {x!s:>35} {x:,} {x:x} {2**62} {2**63} {-2**63} {2**64}|{x:}")
print("{} {}".format(x, -x), format(x), format(x, ""), "%s %d" % (x, x), str(x))


class I(int):
    def __str__(self):
        return "str"


class F(int):
    def __format__(self, spec):
        return "format(%r)" % spec


print(f"{I(x)} {I(5)} {I(x):d} {F(x)} {F(5):>3} {I(x)!r} {True} {True:d}", format(F(x)))
import sys

print(len(f"{10 ** 4299}"))
try:
    f"{10 ** 4300}"
except ValueError as error:
    print(error)

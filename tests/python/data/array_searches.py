# Searches in arrays, comparisons of arrays and repetition, with numbers of every type.
import array
import itertools

nan, inf = float("nan"), float("inf")
WANTED = [0, 1, -1, 2, 127, 128, 255, 256, 2**31, 2**53, 2**53 + 1, 2**61, 2**62, 2**63 - 1, 2**63, 2**64 - 1, 2**64, -2**63,
          0.0, -0.0, 1.0, 1.5, 0.1, -1.0, 255.0, 2.0**53, 2.0**61, 2.0**62, 2.0**63, 2.0**64, 1e300, 5e-324, nan, inf, -inf, True, False,
          None, "a", 1 + 0j, 10**400]


class Equal:
    def __eq__(self, other):
        return other == 1


arrays = [array.array("b", [0, 1, -1, 127, 1]), array.array("B", [0, 1, 255, 128, 1]), array.array("h", [1, -1, 256]),
          array.array("H", [0, 65535, 256, 256]), array.array("i", [2, -2**31, 1]), array.array("I", [2**31, 1, 2**32 - 1]),
          array.array("q", [2**53, 2**53 + 1, 2**61, 2**62, 2**63 - 1, -2**63, 1]), array.array("Q", [2**63, 2**64 - 1, 2**62, 1, 0]),
          array.array("f", [0.1, 1.5, 1.0, nan, inf, -0.0, 2.0**53, 1.0]), array.array("d", [0.1, 1e300, 5e-324, 1.0, nan, -inf, 0.0, 2.0**53, 2.0**62, 1.0]),
          array.array("u", "1a\u0101"), array.array("d"), array.array("q")]
for a in arrays:
    for wanted in WANTED + [Equal()]:
        found = [wanted in a, a.count(wanted)]
        for bounds in (), (2,), (1, 3), (-3,), (-2, -1), (100,), (0, -1), (-100, 100):
            try:
                found.append(a.index(wanted, *bounds))
            except ValueError as error:
                found.append(str(error))
        copy = a[:]
        try:
            copy.remove(wanted)
        except ValueError as error:
            found.append(str(error))
        print(a.typecode, wanted if type(wanted) is not Equal else "Equal", found, copy.tolist() if copy.typecode != "u" else copy.tounicode())

tails = [array.array(code, items) for code in "bBqd" for items in ([], [1], [1, 2], [1, 3], [2], [1, 2, 3], [0, 9])]
tails += [array.array("d", [nan]), array.array("d", [1, nan]), array.array("f", [nan]), array.array("f", [1, 2]), array.array("d", [-0.0, 9]),
          array.array("u", "ab"), array.array("u", "b")]
for x, y in itertools.product(tails, repeat=2):
    print("".join("01"[r] for r in (x == y, x != y)), end="")
    try:
        print("".join("01"[r] for r in (x < y, x <= y, x > y, x >= y)), end=" ")
    except TypeError as error:
        print(error)
print()
print([x == x for x in tails])

for make in (lambda l: array.array("h", l), bytearray, list):
    for n in (-1, 0, 1, 2, 3, 7):
        a = b = make([1, 2, 3])
        a *= n
        print(a, a is b, make([1, 2]) * n, make([]) * n)
        e = make([])
        e *= n
        print(e)
    for n in (2**62, 2**63 - 1):
        a = make([1, 2])
        try:
            a *= n
        except MemoryError:
            print("MemoryError", a)
    a = make([1, 2])
    print(a + a, a + make([]), make([]) + a, make([]) + make([]), a)

for a in (bytearray(b"ab"), array.array("h", [1, 2])):
    with memoryview(a):
        for change in (lambda: a.__imul__(2), lambda: a.__imul__(1), lambda: a.__imul__(0)):
            try:
                change()
                print("changed", a)
            except BufferError as error:
                print(error)

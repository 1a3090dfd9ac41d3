a = 256
b = 257
print(a == 256, b == 257, a is a, {1, True, 1.0}, [0, False].count(0), True + True, True * 5, -True, ~True, True << 3, True / 2, True // 2, int(True), bool(2), isinstance(False, int))
print(True & False, True | False, True ^ True, True & 3, 3 | True, type(True & True).__name__, type(True & 1).__name__, type(True + 0).__name__, not True, True == 1, True is True, repr(True), str(False), "%d" % True, hash(True))
print(bool(), bool(""), bool("False"), bool([0]), sum([True, False, True]), max(True, 0), [10, 20][True], "ab"[False], range(True), min(False, 0), True.bit_length(), True.real, True.__class__.__mro__)
for f in (lambda: bool(1, 2), lambda: True.x, lambda: bool.__new__(int)):
    try:
        f()
    except (TypeError, AttributeError) as e:
        print(e)
import operator
print(operator.index(True), True in (1,), True < 2, bool.from_bytes(b"\1", "big"))

print((255).bit_length(), (0).bit_length(), (-1).bit_length(), (255).bit_count(), (-7).bit_count(), (2 ** 100).bit_length(), (2 ** 100 - 1).bit_count())
print((1024).to_bytes(2, "big"), (1024).to_bytes(4, "little"), (-1).to_bytes(3, "big", signed=True), (-129).to_bytes(2, "little", signed=True), (0).to_bytes(0, "big"), (5).to_bytes())
print(int.from_bytes(b"\x04\x00", "big"), int.from_bytes(b"\xff\xff", "little", signed=True), int.from_bytes([1, 2], "big"), int.from_bytes(b"", "big"), int.from_bytes(b"\x80" + b"\0" * 12, "big", signed=True))
big = 2 ** 200 + 12345
print(int.from_bytes(big.to_bytes(30, "little"), "little") == big, int.from_bytes((-big).to_bytes(30, "big", signed=True), "big", signed=True) == -big)
print((5).conjugate(), (5).real, (5).imag, (5).numerator, (5).denominator, (6).as_integer_ratio(), (5).__index__(), (5).__trunc__(), (5).__floor__(), (5).__ceil__())
for f in (lambda: (256).to_bytes(1, "big"), lambda: (-1).to_bytes(1, "big"), lambda: (1).to_bytes(-1, "big"), lambda: (128).to_bytes(1, "big", signed=True), lambda: int.from_bytes(b"a", "up"), lambda: int.from_bytes("a", "big")):
    try:
        f()
    except (OverflowError, ValueError, TypeError) as e:
        print(type(e).__name__, e)
print(round(12345, -2), round(15, -1), round(25, -1), round(-15, -1), round(5), round(5, 3), round(10 ** 30 + 5, -1), round(149, -2), round(150, -2), round(5, -10))
print((5).__add__(3), (5).__add__("x"), (5).__radd__(3), (7).__divmod__(2), (2).__pow__(5, 7), int.__eq__(1, 1.0), (5).__bool__(), (3).__hash__(), (-1).__hash__())
print(int.__doc__ is not None, (5).__class__, isinstance(True, int), int("5") is not None, 5 .real, 5..real)

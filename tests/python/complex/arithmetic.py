a, b = 3 + 4j, 1 - 2j
print(a + b, a - b, a * b, a / b, -a, +a, abs(a), a ** 2, a ** 0.5, a ** b, a ** -1, a == b, a != b, a == 3 + 4j, bool(0j), bool(a), a.real, a.imag, a.conjugate())
print(a + 1, 1 + a, a * 2.5, 2 - a, a / 2, 1 / a, 2 ** a, 0j ** 0, 1j ** 2, 1j * 1j, (1 + 0j) == 1, 1j != 1, hash(1 + 0j), hash(2.5 + 0j) == hash(2.5), hash(1j), hash(3 + 4j))
print(repr(1j), repr(-1j), repr(1 + 0j), repr(-0j), repr(complex(-0.0, 1)), repr(complex(1, -0.0)), repr(complex("inf")), repr(complex("nanj")), repr(complex(0, float("inf"))), str(1e20 + 1e-5j), 1.5j, 10j, [1j], repr(complex(-0.0, -0.0)))
print(complex(), complex(1), complex(1, 2), complex("1+2j"), complex(" -1.5e3j "), complex("j"), complex("-j"), complex("(1-2j)"), complex(1j, 2j), complex(1.5, True), complex(real=1, imag=2), complex("1e5"), complex("nan"), complex("infinity-infj"))
for f in ("a < b", "a // b", "a % b", "divmod(a, b)", "int(a)", "float(a)", "a / 0", "0j ** -1", "complex('1 + 2j')", "complex('')", "complex('1+j2')", "complex('a')", "complex('1', 1)", "complex(1, '2')", "round(a)", "a > 1", "max(a, b)", "a << 1", "complex([])", "0j ** 1j", "1e300j ** 5"):
    try:
        print(f, eval(f))
    except Exception as e:
        print(f, type(e).__name__, e)


class C:
    def __complex__(self): return 2j


print(complex(C()), complex(C()) * 2, abs(complex("inf+nanj")), 1j .__add__(1), (1j).__mul__("a"), sum([1j, 2, 3.5]), complex(10 ** 20, 1), 3j.imag, (2).real + 1j)
# which of two messages a text gets that is no number
for t in ['5n5\x00_2','_\x00','1_0\x00','1_0é','1_é','_é','é_','1_0j_','1__0','1_0+','1_','٣_٣x','٣_x']:
    try: print(complex(t))
    except ValueError as e: print(ascii(t), ascii(str(e)))
inf = float('inf')
for base, exponent in [(-inf, 1e-05 + 1e-05j), (inf, 1j), (2, complex(1, inf)), (2, complex(inf, 0)), (0.5 + 1j, inf), (-inf, 0.5), (2, complex(1, float('nan')))]:
    try:
        print(base, exponent, complex(base) ** exponent)
    except ArithmeticError as e:
        print(base, exponent, type(e).__name__, e)

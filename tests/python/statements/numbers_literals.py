print(0, 00, 1_000_000, 0x_ff, 0b1010, 0o777, 0XAB, 0B1, 0O7)
print(1., .5, 1e3, 1E-3, 1_0.0_1, 1e1_0, 0.1e+2)
print(1j, 2.5J, 1e2j, 0j, -0j)
print(0xdeadbeefdeadbeefdeadbeef, 123456789012345678901234567890)
print(1if 1else 2)
for src in ("01", "0b2", "0o8", "0xg", "1__0", "1_", "1e", "0x", "1_000_", "0b", "1.2.3", "1a", "09.5", "0777", "1e5_", "5j5"):
    try:
        print(src, eval(src))
    except SyntaxError as e:
        print(src, "->", e.msg)

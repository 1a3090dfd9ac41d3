cases = r'''
1 / 0
1 // 0
1 % 0
1.0 / 0
1.0 // 0
1.0 % 0
divmod(1, 0)
divmod(1.0, 0)
1j / 0
0 ** -1
0.0 ** -1
pow(2, 3, 0)
pow(2, -1, 4)
pow(2.0, 3, 5)
2.0 ** 10000
10.0 ** 400
float(10 ** 400)
10 ** 400 * 1.0
10 ** 400 / 3
int("1", 36) << -1
1 << -1
1 >> -1
(-8) ** 0.5j
1 << (1 << 70)
'''
for src in cases.strip().splitlines():
    try:
        r = eval(compile(src, "<case>", "eval"), {})
        print(src, "-> no error", type(r).__name__)
    except Exception as e:
        print(src, "->", type(e).__name__ + ":", ascii(str(e)))

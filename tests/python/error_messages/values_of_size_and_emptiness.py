cases = r'''
[0] * (1 << 70)
"a" * (1 << 70)
range(10 ** 30)[0]
len(range(10 ** 30))
(-1).to_bytes(1, "big")
(300).to_bytes(1, "big")
(1).to_bytes(1, "middle")
int.from_bytes(b"", "x")
round(float("inf"))
round(float("nan"))
max([])
min([])
max((), key=None)
sorted([], key=5, bad=1)
next(iter([]))
zip([1], [], strict=True)
list(zip([1], [], strict=True))
list(zip([1], [1, 2], strict=True))
dict([(1, 2, 3)])
dict(["abc"])
dict([[]])
'''
for src in cases.strip().splitlines():
    try:
        r = eval(compile(src, "<case>", "eval"), {})
        print(src, "-> no error", type(r).__name__)
    except Exception as e:
        print(src, "->", type(e).__name__ + ":", ascii(str(e)))

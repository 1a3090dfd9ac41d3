if (n := 10) > 5:
    print(n)
while (n := n - 3) > 0:
    print(n)
print((a := 1, b := 2), a, b)
print([y := 3, y ** 2], f"{(z := 5)}", z)


def f(x=(w := 4)):
    return x


print(f(), w)
data = [1, 2, 3, 4]
print([r for v in data if (r := v * v) > 4], r)
print(len(s := "abc"), s)
d = {"k": 1}
if (v := d.get("k")) is not None and (u := v + 1):
    print(v, u)
for src in ("x := 1", "(x.y := 1)", "(x[0] := 1)", "f(a:=1, b:=2)", "[i := 0 for i in range(5)]", "(a, b := 1)",
            "[j for i in range(5) if (j := 0) for j in range(2)]", "[i for i in (i := [1])]", "f(a=b:=1)", "lambda: (x := 1)",
            "class C:\n    [q := 1 for _ in range(3)]"):
    try:
        compile(src, "<s>", "exec")
        print(src, "ok")
    except SyntaxError as e:
        print(src, "->", e.msg)

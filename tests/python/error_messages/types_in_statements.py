cases = r'''
[*5]
{**5}
{*5}
print(*5)
print(**5)
f"{1:d}" + 1
f"{'a':d}"
f"{[]:>5}"
f"{None:5}"
a, b = 5
"abc".encode(5)
b"abc".decode(5)
b"a".join(["a"])
b"abc".find("a")
bytes.fromhex(5)
float.fromhex(5)
1 if [] < 1 else 2
for x in 5: pass
for a, b in [1]: pass
with 5: pass
raise 5
del 5 .x
import_error = __import__("os").nope
assert 1 < ""
lambda: 0 + ""
'''
for src in cases.strip().splitlines():
    try:
        try:
            code = compile(src, "<case>", "eval")
        except SyntaxError:
            code = compile(src, "<case>", "exec")
        eval(code, {})
        print(src, "-> no error")
    except Exception as e:
        print(src, "->", type(e).__name__ + ":", e)

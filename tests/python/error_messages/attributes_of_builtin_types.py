cases = r'''
(5).nope()
"".nope
[].nope
None.nope
(lambda: 0).nope
len.nope
int.nope
print.nope = 1
(1).x = 2
"a".x = 1
[].x = 1
object().x = 1
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

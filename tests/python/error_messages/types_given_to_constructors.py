cases = r'''
None()
"a"()
(1)(2)
super().x
staticmethod()
property(1, 2, 3, 4, 5)
type(1, 2)
__import__(5)
__import__("")
eval(5)
exec(5)
compile("1", "f")
compile("1", "f", "bad")
globals(1)
vars(1)
memoryview("a")
callable()
id()
divmod(1)
pow(1)
round(1, 2, 3)
round(1, "a")
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

cases = r'''
1 + "a"
"a" + 1
[] + ()
() + []
1 - "a"
"a" * "b"
[1] * [2]
"a" / 2
{} + {}
None + 1
1 + None
{1} + {2}
-"a"
+[]
~1.5
~"s"
1 < "a"
"a" > 1
[] < ()
{} < {}
None >= 0
1j < 2j
object() < object()
1 << 1.0
1 | 1.0
"a" % 1
2 ** "a"
pow(2, "a", 3)
divmod("a", 1)
1 @ 2
1 // "a"
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

cases = r'''
"a".join([1])
"a".join(5)
"a".split(1)
"a".replace("a")
"a".startswith(1)
"a".startswith((1,))
"a"["b"]
"a"[1.0]
[1]["a"]
[1][1.0]
[1][None]
(1,)["a"]
{}[[]]
{}[{}]
1[0]
None[0]
len[0]
b"a" + "a"
b"a"["x"]
"a" in 5
1 in "abc"
"a" in b"abc"
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

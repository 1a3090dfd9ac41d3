cases = r'''
"abc".format()
"%d" % "a"
"%s %s" % "a"
"%s" % (1, 2)
"%(a)s" % 5
"{}".format()
format(1, 5)
format([], "d")
int.from_bytes(5, "big")
(5).to_bytes()
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

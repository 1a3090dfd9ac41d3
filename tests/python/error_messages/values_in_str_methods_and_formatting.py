cases = r'''
"".join(["a", 1])
"a".split("")
"a".partition("")
"a".center()
"a".ljust(5, "ab")
"%c" % -1
"%c" % "ab"
"%z" % 1
"%" % 1
"%(a" % {}
"%(a)s" % {}
"%d" % float("nan")
"%.*f" % (1,)
"{".format()
"}".format()
"{0}{}".format(1)
"{a}".format()
"{0}".format()
"{!x}".format(1)
"{:d}".format(1.5)
"{:x}".format(1.5)
"{:,s}".format("a")
"{:zz}".format(1)
"{0[}".format([1])
"{0.}".format(1)
format(1, "q")
format(1.5, "d")
format("a", "f")
format("a", "=5")
format("a", "+")
format(1, ".2d")
format(1, ",n")
format(1, "_,")
format(1j, "%")
format(1j, "08")
'''
for src in cases.strip().splitlines():
    try:
        r = eval(compile(src, "<case>", "eval"), {})
        print(src, "-> no error", type(r).__name__)
    except Exception as e:
        print(src, "->", type(e).__name__ + ":", ascii(str(e)))

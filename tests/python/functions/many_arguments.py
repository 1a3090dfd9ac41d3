n = 300
names = ", ".join("a%d" % i for i in range(n))
ns = {}
exec("def f(%s):\n    return a0 + a%d + len([%s])" % (names, n - 1, names), ns)
print(ns["f"](*range(n)))
print(eval("f(%s)" % ", ".join(map(str, range(n))), ns))
print(ns["f"](**{"a%d" % i: i for i in range(n)}))
print(eval("(lambda *a: sum(a))(%s)" % ", ".join(["1"] * 1000)))
print(len(eval("dict(%s)" % ", ".join("k%d=%d" % (i, i) for i in range(500)))))
body = "\n".join("    v%d = %d" % (i, i) for i in range(700))
exec("def g():\n%s\n    return %s" % (body, "+".join("v%d" % i for i in range(700))), ns)
print(ns["g"]())
print(sum(eval("[%s]" % ",".join(str(i) for i in range(5000)))))

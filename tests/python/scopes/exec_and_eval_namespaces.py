ns = {}
exec("a = 1\ndef f():\n    return a\n", ns)
print(ns["a"], ns["f"](), sorted(k for k in ns if k != "__builtins__"))
g, l = {"x": 1}, {"y": 2}
exec("z = x + y", g, l)
print(l, "z" in g)
print(eval("x * 10", {"x": 4}), eval(" 1 + 2 "), eval("[v for v in range(n)]", {"n": 3}))
code = compile("1 + 1", "<c>", "eval")
print(eval(code), code.co_filename)
code = compile("q = 5", "<c>", "exec")
exec(code)
print(q)
try:
    eval("x = 1")
except SyntaxError as e:
    print(e.msg)
try:
    exec("y", {})
except NameError as e:
    print(e)
exec("class C:\n    v = a", {"a": 3}, l)
print(l["C"].v)


class Map:
    def __getitem__(self, k):
        if k == "magic":
            return 99
        raise KeyError(k)


print(eval("magic", {}, Map()))
try:
    eval("1", [])
except TypeError as e:
    print(e)
single = compile("1 + 2\n", "<i>", "single")
exec(single)
print(eval("__builtins__") is not None)
try:
    eval("len('a')", {"__builtins__": {}})
except NameError as e:
    print(e)


def h():
    v = 1
    exec("v = 2")
    return v


print(h())

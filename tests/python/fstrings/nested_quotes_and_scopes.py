def f(a):
    b = 2

    def g():
        return f"{a}-{b}-{c}"
    c = 3
    return g()


print(f("x"))
print([f"{i}{j}" for i in range(2) for j in "ab"])


class C:
    v = "class var"
    s = f"{v}!"

    def __init__(self):
        self.__p = 1

    def m(self):
        return f"{self.__p} {__class__.__name__} {super().__init__ is not None}"


print(C.s, C().m())
d = {"key": {"in": 5}}
print(f"{d['key']['in']}", f'{d["key"]["in"]:>4}', f"""{d['key']["in"]}""")
print(f"{'{'}", f"{'}'}", f"{'a' if True else '}'}")
x = 7
fs = [lambda k=k: f"{k}{x}" for k in range(2)]
print([fn() for fn in fs])
print(f"{x!r}" f"{x!s:>3}" "plain {x}")

# Attributes of a module that is changed between any two reads of it.
import types

m = types.ModuleType("m")
m.native = len
m.Type = dict
m.other = "first"


def calls(n):
    seen = []
    for i in range(n):
        m.count = i
        seen.append((m.native("abc"), m.Type(a=1), m.count, m.other))
    return seen


print(calls(100)[-1], len(set(map(str, calls(100)))))
m.native = max
print(calls(3)[-1][:2])
m.Type = frozenset
try:
    calls(1)
except TypeError as error:
    print(error)
m.Type = dict
del m.native
try:
    calls(1)
except AttributeError as error:
    print(error)
m.native = lambda text: text + "!"
print(calls(2)[-1][0])
for i in range(50):  # keys come and go
    setattr(m, "name%d" % i, i)
    m.native = (len, str.upper, str)[i % 3]
    assert calls(1)[0][0] == (3, "ABC", "abc")[i % 3]
    delattr(m, "name%d" % i)
print(sorted(vars(m))[-4:])


class Sub(types.ModuleType):
    native = property(lambda self: sorted)


s = Sub("s")
s.__dict__["native"] = len


def read(module, n):
    for i in range(n):
        module.count = i
        found = module.native
    return found


print(read(s, 20) is sorted, read(m, 20) is vars(m)["native"], read(s, 1) is sorted)

import builtins
print(len([1, 2]))
len = lambda x: "shadowed"
print(len([1, 2]))
del len
print(len([1, 2]))
builtins.my_builtin = 7
print(my_builtin)


def f():
    return my_builtin, abs(-1)


abs = lambda x: "mine"
print(f())
del abs
print(f())
del builtins.my_builtin
try:
    f()
except NameError as e:
    print(e)
saved = builtins.abs
builtins.abs = lambda x: "patched"
print(abs(-3))
builtins.abs = saved
print(abs(-3))

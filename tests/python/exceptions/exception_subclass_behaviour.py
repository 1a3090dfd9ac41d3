class E(Exception):
    pass


class F(ValueError):
    def __init__(self, a, b=2):
        self.a, self.b = a, b


class G(KeyError, AttributeError):
    pass


class H(Exception):
    def __str__(self): return "str of H"
    def __repr__(self): return "repr of H"


print(repr(E()), str(E()), repr(E(1)), str(E(1)), repr(E(1, 2)), str(E(1, 2)), repr(E("a")), repr(E(E(1))))
f = F(1)
print(f.args, f.a, f.b, repr(f), str(f))
print(issubclass(G, LookupError), repr(G("x")), str(G("x")), str(H()), repr(H()), [H()])
print(E(1) == E(1), E.__mro__[1].__name__, isinstance(F(1), ValueError))
e = E(1)
e.args = [5, 6]
print(e.args, e)
try:
    e.args = 5
except TypeError as err:
    print(err)
e.__init__(7)
print(e.args)
try:
    del e.args
except TypeError as err:
    print(err)


class Multi(OSError, E):
    pass


print(Multi(2, "x").errno, str(Multi("just")))
try:
    class Bad(OSError, SyntaxError): pass
except TypeError as err:
    print(err)

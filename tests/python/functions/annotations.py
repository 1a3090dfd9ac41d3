def f(a: int, b: "str" = "x", *c: 1 + 1, d: list = None, **e: dict) -> (1, 2):
    x: int = 3
    y: undefined_name_is_not_evaluated
    return x


print(f.__annotations__, f(1))
z: int = 4
w: str
print(__annotations__, z)
try:
    w
except NameError as e:
    print(e)


class C:
    a: int
    b: str = "q"
    (c): float = 1.0
    d: "later"


print(C.__annotations__, C.b, C.c)
o = C()
o.attr: int = 5
print(o.attr, C.__annotations__)
lst = [0]
lst[0]: int = 9
print(lst)

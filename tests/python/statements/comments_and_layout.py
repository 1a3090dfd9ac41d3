# -*- coding: utf-8 -*-
if True:
	x = 1  # a tab indents here
	if x:
	    y = 2
print(x, y)
# comment at odd indentation
        # more
def f(
    a,  # first
    b=2,

    *,
    c=3,
):
    # leading comment

    return (a +
            b
            + c)
    # trailing comment


print(f(1,
        c=4,))
print([
    1, 2,
    3,
], {
    "a": 1,
}, (
    1
))
class C:

    # only comment before

    def m(self): return 1

    n = 2
print(C().m(), C.n); print("two on a line")
ünï = 5; print(ünï)
ﬁ = 1; print(fi)
def g():
    "docstring"
print(g.__doc__)
if x == 1 and \
   y == 2:
    print("continued")

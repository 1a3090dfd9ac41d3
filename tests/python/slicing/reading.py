l = list(range(10))
s = "abcdefghij"
t = tuple(l)
cases = [(None, None, None), (2, 5, None), (-3, None, None), (None, -3, None), (None, None, -1), (8, 2, -2), (2, 8, -1), (100, None, None), (-100, 100, 3),
         (None, None, 4), (5, None, -1), (None, 5, -1), (0, 0, 1), (3, 3, -1), (-1, -4, -1), (True, 4, None), (10 ** 30, None, None), (None, 10 ** 30, None), (-10 ** 30, None, 10 ** 30)]
for a, b, c in cases:
    k = slice(a, b, c)
    print(k, l[k], s[k], t[k], bytes(l)[k], range(10)[k])


class I:
    def __index__(self): return 3


print(l[I():], l[:I()], l[::I()], l[I()], s[I()])
for bad in ("l['a':]", "l[1.0:]", "l[::0]", "s[::'x']", "t[None:1.5]", "range(3)[::0]", "l[:,1]", "b'a'[::0]"):
    try:
        eval(bad)
    except (TypeError, ValueError) as e:
        print(bad, e)

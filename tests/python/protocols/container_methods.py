class C:
    def __init__(self): self.log = []
    def __len__(self): return 3
    def __getitem__(self, k): self.log.append(("get", k)); return k
    def __setitem__(self, k, v): self.log.append(("set", k, v))
    def __delitem__(self, k): self.log.append(("del", k))
    def __contains__(self, k): self.log.append(("in", k)); return k
    def __iter__(self): self.log.append("iter"); return iter("xyz")
    def __reversed__(self): return iter("zyx")


c = C()
c[1]; c[1, 2]; c[1:2]; c["k"] = 5; del c[0]; c[0] += 1; c[...] = None
print(c.log)
print(5 in c, 0 in c, "" not in c, [] in c, list(c), list(reversed(c)), len(c), [*c], bool(c))


class OnlyIter:
    def __iter__(self): return iter([1, 2, float("nan")])
class OnlyGetitem:
    def __getitem__(self, i):
        if i >= 3: raise IndexError
        return i * 2


print(2 in OnlyIter(), 3 in OnlyIter(), 4 in OnlyGetitem(), 5 in OnlyGetitem(), list(OnlyGetitem()))
class Nothing: pass


n = Nothing()
for f in ("1 in n", "n[0]", "n[0:1]", "n.__setitem__", "len(n)", "iter(n)", "list(n)", "reversed(n)", "n()", "[*n]", "{**n}", "n < n", "-n", "n + n", "abs(n)", "int(n)", "float(n)", "complex(n)", "round(n)", "bytes(n)", "range(n)", "[0][n]", "hex(n)", "divmod(n, n)", "n @ n", "~n", "next(n)", "import_ if False else open(n)", "chr(n)", "''.join(n)", "dict(n)", "set(n)", "sum(n)", "n | n", "'a' in n", "f'{n:>5}'", "sorted(n)", "max(n)", "enumerate(n)", "zip(n)", "map(n, [1]).__next__()", "isinstance(1, n)", "issubclass(n, int)", "getattr(n, n)"):
    try:
        print(f, eval(f))
    except Exception as e:
        print(f, "->", type(e).__name__, e)
for s in ("n[0] = 1", "del n[0]", "n.x.y = 1", "del n.x", "with n: pass", "for _ in n: pass", "a, b = n", "raise n", "n += 1", "import n.x", "assert n, 1", "n[0] += 1", "class X(n): pass", "from n import y", "raise ValueError from n", "print(*n)", "print(**n)"):
    try:
        exec(s)
        print(s, "ok")
    except Exception as e:
        print(s, "->", type(e).__name__, e)

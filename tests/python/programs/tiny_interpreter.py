def tokenize(s):
    return s.replace("(", " ( ").replace(")", " ) ").split()
def read(t):
    x = t.pop(0)
    if x == "(":
        l = []
        while t[0] != ")": l.append(read(t))
        t.pop(0); return l
    try: return int(x)
    except ValueError:
        try: return float(x)
        except ValueError: return x
class Env(dict):
    def __init__(self, parent=None, **k): super().__init__(**k); self.parent = parent
    def find(self, k):
        e = self
        while e is not None:
            if k in e: return e
            e = e.parent
        raise NameError(k)
def ev(x, e):
    while True:
        if isinstance(x, str): return e.find(x)[x]
        if not isinstance(x, list): return x
        op, *args = x
        if op == "if": x = args[1] if ev(args[0], e) else args[2]; continue
        if op == "define": e[args[0]] = ev(args[1], e); return None
        if op == "lambda": return (lambda *v, p=args[0], b=args[1], e=e: ev(b, Env(e, **dict(zip(p, v)))))
        f, *v = [ev(a, e) for a in x]
        return f(*v)


import operator as o
g = Env(None, **{"true": True}); g.update({"+": o.add, "-": o.sub, "*": o.mul, "<": o.lt, "=": o.eq, "list": lambda *a: list(a), "car": lambda l: l[0], "max": max})
for src in ("(+ 1 (* 2 3))", "(define fact (lambda (n) (if (< n 2) 1 (* n (fact (- n 1))))))", "(fact 30)", "(define fib (lambda (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))))", "(fib 15)", "((lambda (x) (lambda (y) (+ x y))) 5)", "(list 1 2.5 true)", "(undefined 1)"):
    try:
        r = ev(read(tokenize(src)), g)
        print(r if not callable(r) else r(10))
    except NameError as e:
        print("NameError", e)

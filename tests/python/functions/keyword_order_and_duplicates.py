def f(a=0, **kw):
    return a, list(kw.items())


print(f(b=1, a=2, c=3))
for text in ("f(a=1, a=2)", "f(b=1, **{'b': 2})", "f(**{'b': 2}, b=1)", "f(**{'x': 1}, **{'x': 2})", "f(1, a=1)",
             "f(**[])", "f(*None)", "f(1, *2)", "f(**{'a b': 1, '': 2})", "dict(**{'class': 1})", "print(*5)",
             "f(x for x in [1])", "f(**{3: 4})"):
    try:
        r = eval(text)
        print(text, "->", r if "for" not in text else type(r[0]).__name__)
    except (TypeError, SyntaxError) as e:
        print(text, "->", type(e).__name__, e.msg if isinstance(e, SyntaxError) else e)

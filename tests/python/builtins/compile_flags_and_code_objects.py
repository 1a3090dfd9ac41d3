c = compile("def f(a, b=1, *c, d, **e):\n    x = a\n    return x\n", "name.py", "exec")
print(c.co_name, c.co_filename, c.co_firstlineno, type(c).__name__, c.co_names, [k for k in c.co_consts if isinstance(k, str)])
ns = {}
exec(c, ns)
k = ns["f"].__code__
print(k.co_argcount, k.co_kwonlyargcount, k.co_varnames, k.co_nlocals, k.co_firstlineno, k.co_qualname, bool(k.co_flags & 4), bool(k.co_flags & 8), k == k)
print(eval(compile("x + 1", "", "eval"), {"x": 2}), eval(b"1 + 1"), eval("  \t1"), eval(bytearray(b"3")))
exec(b"y = '\xc3\xa9'\nprint(ascii(y))")
exec("# -*- coding: latin-1 -*-\nz = 1")
print(z)
exec("")
exec("\n\n# only a comment")
exec("a = 1; b = 2\nif a:\n  c = 3")
print(a, b, c)
for args in (("1 +", "f", "eval"), ("x = 1", "f", "eval"), ("1", "f", "what"), ("1", "f"), (5, "f", "exec"), ("a\0", "f", "exec"), ("1\n2", "f", "single"), (b"\xff", "f", "exec")):
    try:
        compile(*args)
        print("ok")
    except Exception as e:
        print(type(e).__name__, e if not isinstance(e, SyntaxError) else e.msg)
print(eval("[i for i in range(3)]"), eval("(lambda: 5)()"), eval("f'{1 + 1}'"))
exec("for i in range(2): print('loop', i)", {})
exec(compile("assert False, 'kept'", "f", "exec", optimize=2))
exec(compile("'just an expression'\n5\n'printed?'", "<s>", "exec"))
exec(compile("5 + 5", "<s>", "single"))
exec(compile("None", "<s>", "single"))
exec(compile("'text'; 'two'", "<s>", "single"))

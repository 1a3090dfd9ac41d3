cases = ["if x\n pass", "x = 1 2", "f(a b)", "1 = x", "f() = 1", "x = (1, 2", "x = (1]", "x = 1)", "'abc", "x = $", "def f(x, x): pass", "f(a=1, 2)", "return 1", "break", "x = = 1", "print 'a'", "for f() in x: pass",
         "  x = 1", "if 1:\n  x\n y", "if 1:\npass", "def f(x=1, y): pass", "del f()", "a, b += 1", "{1: 2, 3}", "x = 5a", "(a, 1) = 2", "if x = 1: pass", "class C\n pass", "x.1", "[a b]", "f(1=2)", "None = 1", "nonlocal x", "import a b",
         "x = '''abc\n\n", "\n\n\nx y", "def f():\n    return (1 +\n", "x = [1,\n 2,\n 3", "é = 1 2", "'é' 5", "try:\n pass\nx = 1", "f(**k, *a)", "lambda x=1, y: 1", "a if b", "x = 0777", "x = 1__0", "yield", "def f(*): pass", "x: int: str", "with x as 1: pass"]
for src in cases:
    try:
        compile(src, "<case>", "exec")
        print(ascii(src), "-> ok")
    except SyntaxError as e:
        print(ascii(src), "->", e.lineno, e.offset, e.end_lineno, e.end_offset, ascii(e.text))

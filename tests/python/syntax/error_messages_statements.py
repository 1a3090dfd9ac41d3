cases = ["if x\n pass", "if x:\npass", "while True print(1)", "for x in y\n pass", "for x y: pass", "def f()\n pass", "def f(:\n pass", "class C\n pass",
         "class C(:\n pass", "try:\n pass\nx = 1", "else:\n pass", "elif x: pass", "return 1", "break", "continue", "def f():\n break", "x = = 1", "x + = 1", "1 = x",
         "f() = 1", "x + 1 = 2", "'a' = 1", "None = 1", "True = 1", "(a, 1) = 2", "[a, b()] = c", "a, b += 1", "x := 1", "a = b := 1", "(x for x in y) = 1", "lambda: 1 = 2",
         "f() += 1", "x if y else z = 1", "del f()", "del 1", "del x + 1", "del (a, 1)", "del None", "for 1 in x: pass", "for f() in x: pass", "with x as 1: pass", "with x as f(): pass",
         "import", "import a.", "from a import", "from import b", "global", "global x, ", "nonlocal x", "assert", "raise x,", "pass x", "print 1", "print 'a'", "exec 'a'", "x = 1 2", "a b c",
         "async x", "await x", "yield", "def f(x, x): pass", "def f(x=1, y): pass", "def f(*): pass", "def f(*, **k): pass", "def f(**k, x): pass", "def f(*a, *b): pass", "def f(a, /, b, /): pass",
         "def f(1): pass", "def f(a.b): pass", "def f(None): pass", "lambda x, x: 1", "lambda x=1, y: 1", "f(a=1, 2)", "f(**k, 1)", "f(**k, *a)", "f(a=1, a=2)", "f(1=2)", "f(a.b=1)", "f(True=1)", "f(x for x in y, 1)",
         "def f():\n  global x\n  x: int = 1", "x: int: str", "(a, b): int", "a, b: int", "class C: x y", "@\ndef f(): pass", "@x\ny = 1", "try: pass", "with: pass", "with x, : pass", "{1: 2, 3}", "{1, 2: 3}", "{1:}", "{**a, b}",
         "x = {", "x = [1, 2", "x = (1, 2", "x = (1]", "x = 1)", "}", "'abc", "\"abc", "'''abc", "x = $", "x = ?", "x = a!b", "a <> b", "!x", "x = 5a", "0777", "x.1", "x..y", "x.", ".x", "x[", "x[]", "x[1:2:3:4]", "not", "a not b", "a is", "a in", "x = *a", "*a",
         "print(*a b)", "f(a b)", "f(a, b", "[a b]", "{a b}", "(a b)", "if x = 1: pass", "while x = 1: pass", "if x == 1 pass", "f(a, , b)", "[1,,2]", "lambda", "x = lambda:", "a if b", "a if b else", "1 if 2 else = 3",
         "  x = 1", "if 1:\n  x\n y", "if 1:\n\tx\n        y", "x = 1\n  y = 2", "def f():\n", "class C:\n", "if 1:\n", "for i in x:\n", "while 1:\n", "try:\n pass\nexcept:\n", "with a:\n", "try:\n", "x = \\ 1", "x = 1 \\", "from __future__ import nope",
         "a = 1; b = ; c", "from a import b c", "import a b", "import a as 1", "raise from x", "x = yield = 1", "def f(): yield = 1", "x = (yield) = 1", "__debug__ = 1", "def __debug__(): pass", "f(__debug__=1)", "\x00", "x = '\\x1'", "x = 1__0", "x=0b2", "é$"]
for src in cases:
    try:
        compile(src, "<case>", "exec")
        print(ascii(src), "-> ok")
    except (SyntaxError, ValueError) as e:
        if isinstance(e, SyntaxError):
            print(ascii(src), "->", type(e).__name__, ascii(e.msg), e.lineno)
        else:
            print(ascii(src), "->", type(e).__name__, e)

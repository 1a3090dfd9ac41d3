for src in ("nonlocal x", "def f():\n    nonlocal x\n", "def f(x):\n    global x\n", "def f():\n    x = 1\n    global x\n",
            "def f():\n    print(x)\n    global x\n", "def f(x):\n    nonlocal x\n",
            "def f():\n    global x\n    nonlocal x\n", "def f():\n    x = 1\n    def g():\n        x = 2\n        nonlocal x\n",
            "x = 1\nglobal x\n", "class C:\n    nonlocal z\n",
            "def f():\n    y = 0\n    def g():\n        print(y)\n        nonlocal y\n",
            "def f():\n    x: int = 1\n    global x\n", "def f():\n    global x\n    x: int\n"):
    try:
        compile(src, "<src>", "exec")
        print("ok:", repr(src))
    except SyntaxError as e:
        print(repr(src), "->", e.msg, e.lineno)

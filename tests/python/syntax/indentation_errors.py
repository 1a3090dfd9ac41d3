for src in ("if 1:\n  a\n b\n", "  a\n", "if 1:\n\ta\n        b\n", "if 1:\n        a\n\tb\n", "def f():\n  if 1:\n    a\n   b\n", "class C:\npass\n", "if 1:\n", "a\n  b\n", "if 1: \n    # only a comment\nx\n",
            "for i in x:\n  pass\n   pass\n", "def f():\n    '''doc'''\n  x\n", "if 1:\n pass\nelse:\nx", "while 1:\n\n\nx", "if 1:\n a\n\tb", "@d\n  def f(): pass"):
    try:
        compile(src, "<i>", "exec")
        print("ok", repr(src))
    except SyntaxError as e:
        print(repr(src), "->", type(e).__name__, e.msg, e.lineno, e.offset)

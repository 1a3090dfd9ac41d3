import ast
for src in ["async def f():\n    pass\n", "\n\nasync def f():\n  await x\n", "x=1\nasync for x in y: pass", "async def f():\n async with a: pass\n", "async def f():\n  [x async for x in y]\n", "async def f():\n    await g()\n", "def f():\n  pass\n\nasync def g(): pass\n", "async = 1\n", "@d\nasync def g(): pass\n", "if 1:\n  async def f():\n    return 1\n", "async def f():\n  async for a in b:\n     pass\n", "x @ y", "x = 1_0", "a: int = 1\n", "(a:=1)", "match x:\n case 1: pass\n", "def f(a,/):pass\n","try:\n pass\nexcept* A:\n pass\n", "f'{x}'\n", "async def f():\n  yield 1\n", "with (a as b,): pass\n", "@a[1]\ndef f(): pass","f(a for a in b)\n\n\n(a:=2)\n", "async\n", "await = 3\n","def f():\n  x = [i async for i in x]\n"]:
  for v in (3,4,5,6,7,8,9,10):
    try: ast.parse(src, feature_version=(3,v)); print(v, repr(src), "ok")
    except SyntaxError as e: print(v, repr(src), e.args)
bodies = ["pass", "\n  pass", "\n  pass\n\n", "\n  if x:\n    pass\n", "x; y", "\n  # c\n  pass\n # c\n"]
for head in "async def f(): ", "@d\nasync def f(): ", "def g():\n pass\nasync def f(): ":
  for body in bodies:
    for tail in "", "\n", "\n\nx = 1\n", "\n# comment\n\ny=2", "\n\n\n":
        src = head + body + tail
        for v in (4,):
            try: ast.parse(src, feature_version=(3,v)); print(v, repr(src), "ok")
            except SyntaxError as e: print(v, repr(src), e.args)
for src in ["async def f():\n  async with a: pass\n  x\n", "async def f():\n  async with a:\n    pass\n  x\n","async def f():\n  async for a in b:\n    pass\n  x\n","async def f():\n  async for a in b: pass\n  x\n","with (a as b): pass\nx\n", "with (a as b):\n pass\nx\n", "with (a as b):\n pass\n\nx\n", "match x:\n case 1:\n  pass\n\nx\n", "try:\n pass\nexcept* A:\n pass\n\n\nx\n", "try:\n pass\nexcept* A: pass\nx\n", "x = 1_0\n", "f(1_0)\n", "x = 1_000j; y", "[x async for x in y if z]\n", "(x async for x in y)", "{x async for x in y for z in w}\n", "f(x async for x in y)\n", "1_0\n", "a: int = 1\n", "a: int\n"]:
    for v in 4, 5:
        try: ast.parse(src, feature_version=(3,v)); print(v, repr(src), "ok")
        except SyntaxError as e: print(v, repr(src), e.args)

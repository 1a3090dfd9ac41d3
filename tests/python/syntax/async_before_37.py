# ast.parse(feature_version=(3, 4...6)): async and await are names, but around asynchronous functions.
import ast

SOURCES = [
    "async = 12\nawait = 13",
    "async def f():\n  await x\n  async = 1",
    "async def f(): await x\nawait = 3",
    "async def f():\n  def g():\n    await x\nasync.await",
    "async def f():\n  if 1:\n    await x\n  async for i in j: pass\nasync\n",
    "class C:\n  async def f(self):\n    await x\n  await = 1\n  def async(self): pass\n",
    "await x",
    "def await(): pass",
    "async def f(async=1): pass",
    "lambda async: async",
    "f(async=1)",
    "async with x: pass",
    "async def",
    "async",
]
for version in 4, 5, 6, 7, 11:
    for source in SOURCES:
        try:
            print(version, repr(source), ast.dump(ast.parse(source, feature_version=(3, version))))
        except SyntaxError as error:
            print(version, repr(source), error)

# Trees as objects: compile() with PyCF_ONLY_AST, of this test's neighbours and of what they lack.
import _ast
import os


def dump(n):
    if isinstance(n, _ast.AST):
        fields = ', '.join(f'{f}={dump(getattr(n, f))}' for f in n._fields)
        return f'{type(n).__name__}({fields})@' + ','.join(str(getattr(n, a)) for a in n._attributes)
    if isinstance(n, list):
        return '[' + ', '.join(map(dump, n)) + ']'
    return repr(n)


def go(source, mode='exec', flags=0x1400, **options):
    try:
        print(dump(compile(source, '<x>', mode, flags, **options)))
    except Exception as e:
        print(type(e).__name__, e)


for name in sorted(vars(_ast)):
    c = getattr(_ast, name)
    if isinstance(c, type) and issubclass(c, _ast.AST):
        print(name, c.__doc__, c._fields, c._attributes, c.__mro__, c.__match_args__,
              [k for k in sorted(vars(c)) if k[0] != '_'])

library = os.path.dirname(os.__file__)
for name in ('os.py', 'abc.py', 'copy.py', 'dataclasses.py', 'asyncio/base_events.py', 'contextlib.py', 'types.py',
             'typing.py', 'test/test_grammar.py', 'test/test_patma.py', 'test/test_syntax.py', 'test/test_coroutines.py',
             'test/test_except_star.py', 'test/test_generators.py', 'test/test_positional_only_arg.py'):
    try:
        with open(os.path.join(library, name), 'rb') as f:
            source = f.read()
    except OSError:
        continue
    tree = compile(source, name, 'exec', _ast.PyCF_ONLY_AST)
    text = dump(tree)
    print(name, len(text), sum(text.encode()))
    print(compile(tree, name, 'exec', 0, True) == compile(source, name, 'exec', 0, True))

go('x = 1 # type: int\nfor a in b: # type: foo bar\n  pass # type: ignore[x]\nwith a as b: # type: T  \n  pass\n# type: ignore\nx=3\n')
go('def f(a, # type: int\n  b=1, # type: str\n *c, # type: X\n  d, # type: Y\n **e # type: Z\n  ):\n  # type: (...) -> int\n  pass\n')
go('def f(a): # type: () -> int\n pass\n')
go('def f(a): # type: () -> int\n # type: () -> str\n pass\n')
go('def f(a, *, # type: int\n b): pass\n')
go('def f(a, # type: int\n /, b # type: x\n): pass\n')
go('x = [ # type: int\n 1]\n')
go('x = 1 # type: int\n', flags=0x400)
go('(int, *str, **Any) -> float', 'func_type')
go('() -> A[1]', 'func_type')
go('(int,) -> A[1]', 'func_type')
go('(**a,*b) -> A[1]', 'func_type')
go('x: int = 1\n', _feature_version=5)
go('f"a"', _feature_version=5)
go('1_0', _feature_version=5)
go('match x:\n case 1: pass\n', _feature_version=9)
go('(x:=1)', _feature_version=7)
go('def f(a,/): pass', _feature_version=7)
go('a@b', _feature_version=4)
go('with (a as b, c): pass', _feature_version=8)
go('try: pass\nexcept* X: pass', _feature_version=10)
for source, mode, flags in [('1', 'exec', 1 << 30), ('1', 'foo', 0), ('1', 'foo', 0x400), ('1', 'func_type', 0)]:
    go(source, mode, flags)

print(_ast.Name('x', ctx=1).__reduce__(), _ast.Name().__dict__)
for f in (lambda: _ast.Name(1, 2, 3), lambda: _ast.Name(1, id=2), lambda: _ast.Load(1),
          lambda: compile(_ast.Load(), '', 'exec'), lambda: _ast.Name(5, foo=3).foo):
    try:
        print(f())
    except Exception as e:
        print(type(e), e)

# Where the errors of calls, targets, patterns and bytes literals are said to be.
CASES = [
    'f(**k, *b)',
    'f(a, **k, *b, c)',
    'f(a, *try)',
    'f(a,*b,* =1)',
    'f(a,b,*)',
    'f(x=1,*)',
    'f(**k,*)',
    'f(*a, *)',
    'f(a for a in b, *c)',
    'class A(b, *): pass',
    'f(a, x=1, *b, **k, *c)',
    'f(a.b(c, *), 1)',
    'x = b"é"',
    'b"é"\n',
    'f(b"é", 1)',
    'b"a" b"é" b"b" + 1',
    'match x:\n case b"é": pass',
    'match x:\n case 1|y: pass',
    'match x:\n case (y,1)|z|(y,2): pass',
    'match x:\n case [y]|[y,z]: pass',
    'match x:\n case 1|2|[y]|3: pass',
    'match x:\n case [a,b]|[b,a]|[a]: pass',
    '(\n b"é"\n)',
    '{b"é": 1}',
    'b"é"if 1 else 2',
    'b"é".x',
    'print(b"x" f"é")',
    'f"{b\'é\'}"',
    'del *x[0<>, y.a',
    'del *x',
    'del *x, y',
    'for -j in @: pass',
    'for -j in x: pass',
    'for -j in',
    '[a for -j in @]',
    '[i for a() in ]',
    'with a as f(): @',
    'with a as f() @: pass',
]
for source in CASES:
    try:
        compile(source, "<case>", "exec")
        print(repr(source), "ok")
    except SyntaxError as e:
        print(repr(source), e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset)

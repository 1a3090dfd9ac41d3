# Text that is compiled as one interactive statement, and what follows it.
for text in ('1 + 2', '\n1 + 2', '1 + 2\n', '1 + 2\n\n', '1 + 2\t\t\n', '1 + 2\t\t\n        ', '1 + 2 # one', '1; 2', '1\n \n  \n ',
             '1\n  # c', 'def f():\n   pass', 'def f():\n   pass\n', 'def f():\n   pass\n  ', 'def f():\n   pass\n\n  ', '1\n2', '1\n  2',
             'def f():\n   pass\n1', '1 # c\n  \n3', 'if 1:\n  x\n ', 'x = 5\n   '):
    try:
        compile(text, 'x', 'single')
        print(repr(text), 'compiled')
    except SyntaxError as e:
        print(repr(text), type(e).__name__, e.msg, e.lineno, e.offset)

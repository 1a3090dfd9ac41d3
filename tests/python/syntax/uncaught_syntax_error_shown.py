# compare: carets
import sys
for src in ("x = (1,\n     2 3)\n", "def f():\n    return 'unterminated\n", "f(x for x in y, 1)\n", "\tif True:\n\t    1 +\n", "é = 'é' é\n"):
    try:
        compile(src, "example.py", "exec")
    except SyntaxError as e:
        sys.excepthook(type(e), e, None)

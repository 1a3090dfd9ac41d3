import sys
for _ in range(2):
    try:
        import _raises
    except ValueError as e:
        print(e, "_raises" in sys.modules)
try:
    import _broken_syntax
except SyntaxError as e:
    print(type(e).__name__, e.msg, e.lineno, e.filename.endswith("_broken_syntax.py"))
import _raises

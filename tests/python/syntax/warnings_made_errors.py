# A warning that filters turn into an error becomes a SyntaxError with its place; what stands before a syntax error warns.
import warnings

SOURCES = (
    "x = '\\e'", "a; x = ('a'\n '\\e' 'b')", "x = '''a\nb\\e'''; b", "x = 1if 1 else 2", "\n\nx = 0xfor y",
    "f'{3}\\{4}'", "b'\\e'", "'\\777'", "'é\\e'", "(1 is 2)", "x = f'\\e{1}'", "'\\e' 1", "f(\n  1 is\n 2)", "1()",
    "assert (1,2)", "x = 1 1if 2 else 3", "'\\e'\nx y\n'\\z'")
for action in ("error", "always"):
    for source in SOURCES:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter(action)
            try:
                compile(source, "<source>", "exec")
                outcome = "compiled"
            except SyntaxError as error:
                outcome = error.args
        print(repr(source), outcome, sorted({(warning.category.__name__, str(warning.message), warning.lineno) for warning in caught}))

# Octal escapes beyond \377 warn, once a literal.
import warnings

for text in (r"'\400'", r"'\777\500'", r"b'\400'", r"'\377'", r"f'\407'", "'''\n\\407'''"):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        print(repr(eval(text)), [(str(w.message), w.category.__name__, w.lineno) for w in caught])
    warnings.simplefilter("error")
    try:
        eval(text)
    except SyntaxError as error:
        print(error.msg, error.lineno)

# _tokenize.TokenizerIter: the interpreter's own tokens, through tokenize and directly.
import _tokenize
import tokenize

SOURCES = [
    "total = 3 + 0x1F\n",
    "def area(w, h):\n    # of a rectangle\n    return (w *\n            h)\nprint(area(2, 3))",
    "if a:\n  if b:\n    c\nd # tail\n",
    "grüße = 'ä' + \"\"\"two\nlines\"\"\" # and more\nx",
    "a = 1 \\\n  + 2\nb",
    "async def f(): await g\n",
    "x<>y ? $ !",
    "a->b:=c**=d//=e...f@=g",
    "\tif",
    "",
    "\n\n# nothing\n",
    "one\r\ntwo\rthree",
    # ends without a word: an open bracket, blocks that do not fit, a stray backslash
    "f(1,",
    "if 1:\n    a\n  b\n",
    "a \\ b",
    # errors
    "(1]", ")", "0x", "12ab", "'open", "'''open\n\n", "a = €", "01", "\x01",
]
for source in SOURCES:
    print(ascii(source))
    tokens = _tokenize.TokenizerIter(source)
    try:
        for token in tokens:
            print("   ", ascii(token))
    except SyntaxError as error:
        print("   ", type(error).__name__, ascii(error.args))
    else:
        print("   ", len(list(tokens)) >= 0)

for indents in 99, 100:
    source = "".join("  " * i + "if x:\n" for i in range(indents)) + "  " * indents + "y\n"
    tokens = list(tokenize._generate_tokens_from_c_tokenizer(source))
    print(indents, len(tokens), tokens[-1])

for arguments in (), (b"x",), ("x", "y"), ("a\0b",), ("\ud800",):
    try:
        _tokenize.TokenizerIter(*arguments)
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
print(list(_tokenize.TokenizerIter(source="a")))
tokens = _tokenize.TokenizerIter("")
print(iter(tokens) is tokens)
for _ in range(2):
    try:
        next(tokens)
    except StopIteration as stop:
        print(repr(stop))
try:
    class Own(_tokenize.TokenizerIter):
        pass
except TypeError as error:
    print(error)

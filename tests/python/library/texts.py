# Modules of the library that work on texts: string, fnmatch, textwrap, shlex, tokenize, json's own code.
import fnmatch
import io
import json
import shlex
import string
import textwrap
import tokenize

template = string.Template("$who likes ${what}s, $$5 for $who_2")
print(template.substitute(who="tim", what="kung pao", who_2=3), template.safe_substitute(who=1))
for wrong in ("$", "${a", "$1", "a\n $ b"):
    try:
        string.Template(wrong).substitute(a=1)
    except ValueError as error:
        print(error)
try:
    template.substitute(who=1)
except KeyError as error:
    print("KeyError", error)
print(template.get_identifiers(), template.is_valid())


class Percent(string.Template):
    delimiter = "%"
    idpattern = "[a-z]+(?:\\.[a-z]+)?"


print(Percent("%a.b and %{c} %%").substitute({"a.b": 1, "c": 2}), string.capwords("hello  big world"))
formatter = string.Formatter()
print(formatter.format("{0!r:>5} {x[1]} {y.real}", "a", x=[1, 2], y=3), list(formatter.parse("a{b!r:c}d{{")))

print(fnmatch.filter(["a.py", "b.txt", "ab.py", "A.PY"], "*.py"), fnmatch.fnmatch("foo.txt", "f[a-o]o.???"))
print(fnmatch.translate("a*[!b-d]?[x]*.p"), fnmatch.fnmatchcase("Ab", "a*"))

text = """    Hello there, this is a somewhat   long paragraph of text -- with dashes, hyphen-ated words and
    an indentation. It goes on, and on; until it ends."""
print(textwrap.dedent(text))
print(textwrap.fill(textwrap.dedent(text), 30, initial_indent="* ", subsequent_indent="  "))
print(textwrap.wrap(text, 20, break_on_hyphens=False, break_long_words=False), textwrap.shorten(text, 40))
print(textwrap.indent("a\n\nb\n", "> "), textwrap.wrap("supercalifragilistic", 7), textwrap.wrap("", 5))

print(shlex.split("a 'b c' \"d \\\" e\" f\\ g # no", comments=True), shlex.quote("a b'c"), shlex.join(["x y", "z"]))
print(list(shlex.shlex("a && b || c; d >'e f'", punctuation_chars=True)))
try:
    shlex.split("'a")
except ValueError as error:
    print(error)

source = '''def f(a, *, b=0x1F):  # comment
    """doc"""
    if a <= b and not 1_000.5e-3j:
        return f"{a!r}" + r'\\d' \\
            @ b
    x = [1,
         2]
'''
for token in tokenize.generate_tokens(io.StringIO(source).readline):
    print(tokenize.tok_name[token.exact_type], token.start, token.end, repr(token.string))
tokens = list(tokenize.tokenize(io.BytesIO(source.encode()).readline))
print(tokenize.untokenize(tokens).decode() == source, tokens[0])
for wrong in ("(", "'''a", "  x\n y\n"):
    try:
        list(tokenize.generate_tokens(io.StringIO(wrong).readline))
    except (tokenize.TokenError, IndentationError) as error:
        print(type(error).__name__, error.args)

value = {"a": [1, 2.5, -3e10, None, True, "é\n\"\u2028\U0001f600"], "b": {}, "c": [], 1: "x", None: 2}
print(json.dumps(value), json.dumps(value, ensure_ascii=False, indent=2, separators=(",", ": ")))
print(json.loads(json.dumps(value)), json.loads(' [1, -0.5e3, "\\u00e9\\ud83d\\ude00", {"a":false}]'))
print(json.dumps([float("inf"), float("nan")]), json.loads("[Infinity, NaN, 12345678901234567890]"))
for wrong in ("", "[1,", '{"a" 1}', '["a]', "[1] x", '{"a":}', "[01]"):
    try:
        json.loads(wrong)
    except json.JSONDecodeError as error:
        print(error)
print(json.dumps({"b": 1, "a": (1, 2)}, sort_keys=True, default=str), json.loads("[1.5, 2]", parse_float=str, parse_int=float))
try:
    json.dumps(object())
except TypeError as error:
    print(error)

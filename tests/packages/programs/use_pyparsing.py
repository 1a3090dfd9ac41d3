# SPDX-License-Identifier: MIT
# needs: python3-pyparsing
"""Grammars: arithmetic, a configuration language, JSON, and the messages of what does not parse."""
import operator

import pyparsing as pp

pp.ParserElement.enable_packrat()
integer = pp.pyparsing_common.number()
OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow}


def fold(tokens):
    items = tokens[0]
    value = items[0]
    for sign, right in zip(items[1::2], items[2::2]):
        value = OPERATORS[sign](value, right)
    return value


arithmetic = pp.infix_notation(integer, [
    ("**", 2, pp.OpAssoc.RIGHT, fold), (pp.one_of("+ -"), 1, pp.OpAssoc.RIGHT, lambda t: -t[0][1] if t[0][0] == "-" else t[0][1]),
    (pp.one_of("* /"), 2, pp.OpAssoc.LEFT, fold), (pp.one_of("+ -"), 2, pp.OpAssoc.LEFT, fold)])
for text in ("1 + 2 * 3", "(1+2)*-3**2", "2 ** 3", "10 / 4 - 1.5", " * ".join(map(str, range(1, 60)))):
    print(text[:30], arithmetic.parse_string(text, parse_all=True)[0])

value = pp.Forward()
string = pp.QuotedString('"', esc_char="\\")
atom = string | pp.pyparsing_common.number | pp.Keyword("true").set_parse_action(lambda: [True]) | pp.Keyword("null").set_parse_action(lambda: [None])
array = pp.Group(pp.Suppress("[") + pp.Optional(pp.delimited_list(value)) + pp.Suppress("]"), aslist=True)
member = pp.Group(string + pp.Suppress(":") + value)
thing = pp.Dict(pp.Suppress("{") + pp.Optional(pp.delimited_list(member)) + pp.Suppress("}"), asdict=True)
value <<= atom | array | thing
print(value.parse_string('{"a": [1, 2.5, {"b": null}], "c": "x\\"y", "d": [true, []]}').as_list())

word = pp.Word(pp.alphas, pp.alphanums + "_")
assignment = pp.Group(word("name") + "=" + (pp.pyparsing_common.integer | string | word)("value"))
section = pp.Group(pp.Suppress("[") + word("title") + pp.Suppress("]") + pp.ZeroOrMore(assignment)("items"))
settings = pp.OneOrMore(section).ignore(pp.python_style_comment)
result = settings.parse_string('[one] # comment\na = 1\nb = "two words"\n[two]\nc = name\n')
print(result.dump())
print(result[0].title, [(item.name, item.value) for item in result[0]["items"]])
for text in ("[one\n", "[one] a = ", ""):
    try:
        settings.parse_string(text, parse_all=True)
    except pp.ParseException as error:
        print(error, error.lineno, error.column, error.explain(depth=0), sep=" | ")
print([(t.as_list(), s, e) for t, s, e in pp.Combine(pp.Word(pp.nums) + "." + pp.Word(pp.nums)).scan_string("v1.2 and 3.44, 5.")])
print(pp.Regex(r"(?P<year>\d+)-(?P<month>\d+)").parse_string("2024-05").as_dict(), str(arithmetic)[:80], value)
print(pp.nested_expr().parse_string("(a (b c) ((d)))").as_list(), pp.Literal("x").set_results_name("n") * 3)

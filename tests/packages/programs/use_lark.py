# SPDX-License-Identifier: MIT
# needs: python3-lark
"""Earley and LALR parsers for JSON, arithmetic, an indented language and an ambiguous sentence."""
from lark import Lark, Token, Transformer, Tree, UnexpectedInput, Visitor, v_args
from lark.indenter import Indenter

JSON = r"""
    ?value: object | array | string | SIGNED_NUMBER -> number | "true" -> true | "false" -> false | "null" -> null
    array  : "[" [value ("," value)*] "]"
    object : "{" [pair ("," pair)*] "}"
    pair   : string ":" value
    string : ESCAPED_STRING
    %import common.ESCAPED_STRING
    %import common.SIGNED_NUMBER
    %import common.WS
    %ignore WS
"""


class ToPython(Transformer):
    @v_args(inline=True)
    def string(self, text):
        return text[1:-1].replace('\\"', '"')

    array = list
    pair = tuple
    object = dict
    number = v_args(inline=True)(float)
    null = lambda self, _: None
    true = lambda self, _: True
    false = lambda self, _: False


text = '{"a": [1, 2, {"b": null}], "c": "x\\"y", "d": [true, false, -1.5e3]}'
for parser in ("lalr", "earley"):
    tree = Lark(JSON, start="value", parser=parser).parse(text)
    print(tree.pretty())
    print(ToPython().transform(tree))
print(Lark(JSON, start="value", parser="lalr", transformer=ToPython()).parse("[" + ",".join([text] * 60) + "]")[-1])

calculator = Lark("""
    ?start: sum | NAME "=" sum -> assign
    ?sum: product | sum "+" product -> add | sum "-" product -> sub
    ?product: atom | product "*" atom -> mul | product "/" atom -> div
    ?atom: NUMBER -> number | "-" atom -> neg | NAME -> var | "(" sum ")"
    %import common.CNAME -> NAME
    %import common.NUMBER
    %import common.WS_INLINE
    %ignore WS_INLINE
""", parser="lalr", propagate_positions=True)
for line in ("a = 1 + 2 * -3", "(a - 4) / 5 * b", "1 + + 2", "2 $ 3", "(1", "= 1"):
    try:
        tree = calculator.parse(line)
        print(tree, tree.meta.end_column)
    except UnexpectedInput as error:
        print(type(error).__name__, error.line, error.column, sorted(getattr(error, "accepts", None) or getattr(error, "allowed", None) or ()), error.get_context(line))


class Blocks(Indenter):
    NL_type, INDENT_type, DEDENT_type = "_NL", "_INDENT", "_DEDENT"
    OPEN_PAREN_types, CLOSE_PAREN_types, tab_len = [], [], 8


print(Lark(r"""
    ?start: _NL* tree
    tree: NAME _NL [_INDENT tree+ _DEDENT]
    %import common.CNAME -> NAME
    %import common.WS_INLINE
    %declare _INDENT _DEDENT
    %ignore WS_INLINE
    _NL: /(\r?\n[\t ]*)+/
""", parser="lalr", postlex=Blocks()).parse("\na\n    b\n    c\n        d\n    e\n").pretty())
print(Lark("""
    sentence: noun verb noun -> simple | noun verb "like" noun -> comparative
    noun: adj? NOUN
    verb: VERB
    adj: ADJ
    NOUN: "flies" | "bananas" | "fruit"
    VERB: "like" | "flies"
    ADJ: "fruit"
    %import common.WS
    %ignore WS
""", start="sentence", ambiguity="explicit").parse("fruit flies like bananas").pretty())


class Count(Visitor):
    seen = 0

    def number(self, tree):
        Count.seen += 1


Count().visit(calculator.parse("+".join(map(str, range(300)))))
print(Count.seen, Tree("a", [Token("B", "c")]), [t for t in calculator.lex("x = 1")])

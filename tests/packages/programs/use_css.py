# SPDX-License-Identifier: MIT
# needs: python3-tinycss2 python3-cssselect
"""Parses style sheets and turns selectors into XPath."""
import cssselect
import tinycss2
import tinycss2.color3
import tinycss2.nth
from tinycss2 import ast

CSS = """@charset "utf-8"; @import url(foo.css) screen;
/* comment */ a:hover > b.c[href^="x"], #id::before { color: rgba(10%, 20, 30, .5) !important; margin: 0 auto -1.5em; background: url( 'a b.png' ); content: "\\201C\\"" }
@media (min-width: 100px) and (color) { p { color: #FFA } }
@font-face { src: url(x) }  broken { color: red; : ; x } p { a: b } }"""


def show(nodes, depth=0):
    for node in nodes:
        print("  " * depth + node.type, node.source_line, node.source_column, getattr(node, "value", getattr(node, "name", getattr(node, "message", ""))))
        for part in ("prelude", "content", "arguments"):
            if isinstance(getattr(node, part, None), list):
                show(getattr(node, part), depth + 1)


rules, encoding = tinycss2.parse_stylesheet_bytes(CSS.encode())
print(encoding.name)
show(rules)
print(tinycss2.serialize([rule for rule in rules if rule.type != "error"]))
for rule in rules:
    if isinstance(rule, ast.QualifiedRule):
        for declaration in tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True):
            print(declaration.type, getattr(declaration, "name", None), getattr(declaration, "important", None), tinycss2.serialize(getattr(declaration, "value", [])))
print([tinycss2.color3.parse_color(c) for c in ("red", "#abc", "hsl(120, 100%, 25%)", "rgb(1,2)", "transparent", "currentColor")], tinycss2.parse_one_component_value("1e3px"), tinycss2.nth.parse_nth("2n+1"))
translator = cssselect.HTMLTranslator()
for selector in ("div > p.first:not(.x)", "a[href*='x' i]", "li:nth-child(2n+1)", "e ~ f + g, h", "*|*:lang(en)", "input:checked", "p::first-line", "a:has(> b)", "::", "a[", "p:nth-child(q)", "#a:is(b, c)"):
    try:
        print(selector, translator.css_to_xpath(selector), [(s.canonical(), s.specificity()) for s in cssselect.parse(selector)])
    except cssselect.SelectorError as error:
        print(selector, type(error).__name__, error)
print(len(tinycss2.parse_stylesheet(CSS * 40)))

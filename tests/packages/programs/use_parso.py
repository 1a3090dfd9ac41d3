# SPDX-License-Identifier: MIT
# needs: python3-parso
"""Parses Python, also broken, gives the same text back, and parses again only what changed."""
import os

import parso
from parso.python import tokenize

folder = os.path.dirname(os.__file__)
for name in ("bisect.py", "contextlib.py", "enum.py"):
    with open(os.path.join(folder, name), encoding="utf-8") as stream:
        source = stream.read()
    tree = parso.parse(source)
    print(name, tree.get_code() == source, [f.name.value for f in tree.iter_funcdefs()], [c.name.value for c in tree.iter_classdefs()], [str(i.get_paths()) for i in tree.iter_imports()])
broken = "def f(:\n  return 1 +\nclass X\n    x = (1,\nprint('a' if)\n  y = 3\nfor in: pass\nx = 'abc\n"
grammar = parso.load_grammar(version="3.11")
tree = grammar.parse(broken)
print(tree.get_code() == broken)
for error in grammar.iter_errors(tree):
    print(error.start_pos, error.code, error.message)


def show(node, depth=0):
    if hasattr(node, "children"):
        print("  " * depth + node.type, node.start_pos, node.end_pos)
        for child in node.children:
            show(child, depth + 1)
    else:
        print("  " * depth + node.type, repr(node.prefix), repr(node.value))


show(grammar.parse("@d\nasync def f(a, *, b: int = 1, **k) -> x:\n    # c\n    await g(a)[1:2].h; y = [z async for z in w if z]\nmatch = f'{a!r:>{b}} x'\n"))
lines = "a = 1\nb = 2\ndef f():\n    return a\n"
first = grammar.parse(lines, diff_cache=True, path="x.py")
second = grammar.parse(lines.replace("b = 2", "b = [2,\n 3]"), diff_cache=True, path="x.py")
print(second.get_code(), [n.value for n in second.get_used_names()["b"]])
print([(t.type.name, t.string, t.start_pos, t.prefix) for t in tokenize.tokenize("if x:\n\ty = 0x1F  # c\nz", version_info=grammar.version_info)])
print(grammar._get_normalizer_issues(tree)[:5] != [], second.get_leaf_for_position((3, 5)), second.children[-2].name.get_definition())

# A late 'from __future__' on the line of what made it late has a place of its own.
for src in ("from __future__ import nested_scopes; import string; from __future__ import \\\n nested_scopes\n", "import x; from __future__ import division", "from __future__ import division\nimport x; from __future__ import division\n", "'doc'; x; from __future__ import division","'doc'; from __future__ import division", "x\nfrom __future__ import division"):
    try:
        compile(src, "<t>", "exec")
        print("ok")
    except SyntaxError as e:
        print(e.args, e.lineno, e.offset, e.end_lineno, e.end_offset, repr(e.text))

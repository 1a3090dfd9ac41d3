from __future__ import annotations
import __future__


def f(x: undefined_name, y: "quoted" = 1) -> a.b[c]:
    pass


print(f.__annotations__)
z: not_defined[1:2, "s"] = 3
print(__annotations__)
for src in ("from __future__ import nope", "x = 1\nfrom __future__ import annotations", "from __future__ import braces",
            "from __future__ import *", '"doc"\nfrom __future__ import division, print_function'):
    try:
        compile(src, "<s>", "exec")
        print("ok")
    except SyntaxError as e:
        print(e.msg)

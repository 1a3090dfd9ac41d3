try:
    from . import x
except ImportError as e:
    print(type(e).__name__, e)
try:
    from .. import x
except ImportError as e:
    print(e)
try:
    from ._plain import value
except ImportError as e:
    print(e)
for src in ("import .x", "from . import *", "import a as b.c", "from x import", "from x import (a, b", "from x import a,", "from x import ()",
            "import", "from . import (a)", "import a.b as c", "from .. import a as b", "from ...x.y import z", "from x import *, a",
            "from x import a.b", "import x as"):
    try:
        compile(src, "<s>", "exec")
        print("ok", src)
    except SyntaxError as e:
        print(src, "->", e.msg)

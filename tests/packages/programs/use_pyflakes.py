# SPDX-License-Identifier: MIT
# needs: python3-pyflakes
"""Looks for unused imports and undefined names in some of the library and in a text full of them."""
import glob
import os
import sys

from pyflakes.api import check
from pyflakes.reporter import Reporter

BAD = '''
import os, sys
from collections import *
import json as js
def f(a, a2, *, key=undefined):
    x = 1
    try:
        pass
    except ValueError as error:
        pass
    return f"{y}" % (1, 2)
class C:
    def m(self): return __class__, zed
    def m(self): pass
"%s %s" % (1,)
"{} {1}".format(1, 2)
assert (1, "always")
if x is "text": pass
def g():
    global never
    yield
    print(late)
    late = 1
__all__ = ["nothing"]
'''

reporter = Reporter(sys.stdout, sys.stdout)
print(check(BAD, "bad.py", reporter))
print(check("def (:\n", "syntax.py", reporter))
folder = os.path.dirname(os.__file__)
for path in sorted(glob.glob(os.path.join(folder, "[a-d]*.py"))) + sorted(glob.glob(os.path.join(folder, "json", "*.py"))):
    with open(path, encoding="utf-8") as stream:
        print(os.path.basename(path), check(stream.read(), os.path.basename(path), reporter))

# SPDX-License-Identifier: MIT
# needs: python3-pycodestyle
"""Checks the style of some of the library's modules."""
import os
import sys

import pycodestyle

folder = os.path.dirname(os.__file__)
os.chdir(folder)
style = pycodestyle.StyleGuide(max_line_length=79, show_source=True, statistics=True)
report = style.check_files(["bisect.py", "calendar.py", "cmd.py", "textwrap.py", "this.py", "antigravity.py", "keyword.py"])
report.print_statistics()
print(report.total_errors, sorted(report.counters.items()))
checker = pycodestyle.Checker("text.py", lines=["import os,sys\n", "def f( a ):\n", "\treturn  a==None or not a in [1 ,2]\n",
                                                "x = lambda: 0;\n", "if True : pass\n", "try: pass\n", "except: pass"])
print(checker.check_all())
sys.stdout.flush()

# SPDX-License-Identifier: MIT
# needs: python3-pygments
"""Highlights a module of the library and a C-like text for several formats."""
import os

from pygments import highlight, lex
from pygments.formatters import HtmlFormatter, LatexFormatter, TerminalFormatter
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename, guess_lexer

path = os.path.join(os.path.dirname(os.__file__), "bisect.py")
with open(path, encoding="utf-8") as stream:
    source = stream.read()

lexer = get_lexer_for_filename("bisect.py")
print(highlight(source, lexer, HtmlFormatter(linenos="table", full=True, title="bisect", style="friendly")))
print(highlight(source[:1500], lexer, TerminalFormatter()))
print(highlight(source[:800], lexer, LatexFormatter()))

C = """
#include <stdio.h>
/* how many bits are set */
static unsigned count(unsigned long word) {
    unsigned bits = 0;
    for (; word; word &= word - 1) bits++;
    return bits;
}
int main(void) { printf("%u\\n", count(0xF0F0UL)); return 'a' != L'b'; }
"""
for name in ("c", "javascript", "json", "rst", "bash", "sql"):
    print(name, [(str(kind), text) for kind, text in lex(C, get_lexer_by_name(name))][:60])
print(guess_lexer("#!/usr/bin/python3\nimport os\n"))
print(HtmlFormatter(style="monokai").get_style_defs(".code")[:600])

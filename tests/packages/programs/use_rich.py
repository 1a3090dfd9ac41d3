# SPDX-License-Identifier: MIT
# needs: python3-rich
"""Draws tables, trees, panels, Markdown, code and tracebacks into a terminal of a fixed size."""
import io

from rich.columns import Columns
from rich.console import Console
from rich.json import JSON
from rich.markdown import Markdown
from rich.markup import escape
from rich.panel import Panel
from rich.pretty import Pretty
from rich.progress_bar import ProgressBar
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text
from rich.traceback import Traceback
from rich.tree import Tree

out = io.StringIO()
console = Console(file=out, width=80, height=25, force_terminal=True, color_system="truecolor", legacy_windows=False, _environ={})
table = Table(title="Star [bold]Wars[/bold]", show_lines=True, row_styles=["", "dim"])
table.add_column("Released", justify="right", style="cyan", no_wrap=True)
table.add_column("Title", style="magenta")
table.add_column("Box Office", justify="right", style="green", ratio=1)
for row in (("2019", "The Rise of Skywalker", "$952,110,690"), ("2018", "日本語 wide 😀", "$1"), ("1977", escape("[not markup]"), "[red on white]x[/]")):
    table.add_row(*row)
console.print(table)
tree = Tree("root")
branch = tree.add("[yellow]branch", guide_style="bold red")
branch.add(Panel("in a panel", title="t", subtitle="s", expand=False)).add("leaf")
tree.add(Pretty({"numbers": list(range(40)), "nested": {"a": {"b": [None, True, 1.5, "text", b"bytes", (1,), {1}]}}}))
console.print(tree)
console.print(Markdown("# Title\n\nSome *text* with `code` and [link](http://x.y)\n\n* a\n* b\n    1. c\n\n> quote\n\n---\n\n```python\nx = 1\n```\n", hyperlinks=False))
console.print(Syntax("def f(x):\n    '''doc'''\n    return x + 1  # c\n", "python", line_numbers=True, theme="monokai"))
console.print(Columns([f"item {i}" for i in range(20)], equal=True), ProgressBar(total=10, completed=4, width=30))
console.print(JSON('{"a": [1, 2.5, null, true, "x"]}'), Text.from_markup("[b]bold[/b] [i]it[/i]").append(" more", "red on blue"))
console.print("highlighted: 192.168.1.1 http://a.b/c 'string' 1e5 True None /usr/lib/file.py 0xff uuid", justify="center")
console.print("A long line that must be wrapped " * 6, style="underline", overflow="fold")
console.rule("[bold]end", characters="=")
try:
    {}["missing"]
except KeyError as error:
    trace = Traceback.extract(type(error), error, error.__traceback__)
    console.print(trace.stacks[0].exc_type, trace.stacks[0].exc_value, len(trace.stacks[0].frames))
try:
    console.print("[/wrong]")
except Exception as error:
    console.print(type(error).__name__, str(error), markup=False)
print(out.getvalue())
plain = Console(file=io.StringIO(), width=60, record=True, color_system=None)
plain.print(table)
print(plain.export_text())

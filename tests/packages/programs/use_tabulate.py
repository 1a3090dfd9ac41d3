# SPDX-License-Identifier: MIT
# needs: python3-tabulate
"""Tables in every format."""
from tabulate import tabulate, tabulate_formats

rows = [["spam", 42.5, None, "ä"], ["eggs", 451, True, "日本"], ["a longer name", "1e3", -3, "multi\nline"], ["", 0.000123, 2 ** 70, "x"]]
for form in tabulate_formats:
    print(form, tabulate(rows, ["name", "number", "other", "text"], tablefmt=form), sep="\n")
print(tabulate(rows, headers="firstrow", floatfmt=".3f", numalign="center", stralign="right", showindex="always", missingval="?"))
print(tabulate({"a": [1, 2, 3], "b": ["x", "y"]}, headers="keys", colalign=("right", "left")))
print(tabulate([{"k": 1, "v": 2}, {"k": 3, "w": 4}], headers="keys", tablefmt="github", disable_numparse=True))
print(len(tabulate([[i, i * i, f"row {i}", i / 7] for i in range(800)], tablefmt="grid")))

# Jumps over so many instructions that a short one just reaches, just does not, and by far not.
KINDS = {
    "for": "def f(x):\n for i in 1, 2:\n{body} return x, i\n",
    "for of pairs": "def f(x):\n for i, j in {{3: 4, 5: 6}}.items():\n{body} return x, i, j\n",
    "while": "def f(x):\n while x < 9000:\n{body} return x\n",
    "while not": "def f(x):\n while not x >= 9000:\n{body} return x\n",
    "if": "def f(x):\n if x > 1:\n{body} else:\n  x = -1\n return x\n",
    "if is": "def f(x):\n if x is None:\n{body} else:\n  x = -1\n return x\n",
    "if in": "def f(x):\n if x in (0, 5):\n{body} else:\n  x = -1\n return x\n",
    "if truth": "def f(x):\n if x:\n{body} else:\n  x = -1\n return x\n",
    "except": "def f(x):\n try:\n  1 // x\n except ValueError:\n{body} except ZeroDivisionError:\n  x = -2\n return x\n",
    "break": "def f(x):\n while True:\n  if x > 5:\n   break\n{body} return x\n",
}


def results(kind, count):
    source = KINDS[kind].format(body="  x += 1\n" * count)
    names = {}
    exec(compile(source, kind, "exec"), names)
    return [names["f"](x) for x in (0, 1, 2)]


for kind in KINDS:
    for count in (3, *range(4086, 4101), 9000, 40000):
        print(kind, count, results(kind, count))

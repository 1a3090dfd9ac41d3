# SPDX-License-Identifier: MIT
# needs: python3-tomli python3-toml python3-tomlkit
"""One document read by three parsers, and written again."""
import datetime
import json
import tomllib

import toml
import tomli
import tomlkit

TEXT = '''
# A document.
title = "Example \\u00e9 \\"quoted\\""
literal = 'C:\\path'
multi = """
one \\
   two
three"""
[owner]
name = "Someone"
born = 1979-05-27T07:32:00-08:00
day = 1979-05-27
time = 07:32:00.999999
[numbers]
int = 1_000
hex = 0xDEAD_beef
octal = 0o755
float = 6.626e-34
negative = -17
infinite = -inf
flags = [true, false]
nested = [[1, 2], ["a", "b"], []]
inline = { x = 1, y = { z = "deep" } }
"quoted key" = 1
[[products]]
name = "Hammer"
sku = 738594937
[[products]]
[[products]]
name = "Nail"
[products.details]
colour = "grey"
'''


def show(value):
    return json.dumps(value, indent=1, sort_keys=True, default=lambda v: v.isoformat())


print(show(tomli.loads(TEXT)))
print(tomli.loads(TEXT) == tomllib.loads(TEXT))
simple = TEXT.replace("time = 07:32:00.999999\n", "").replace("infinite = -inf\n", "")
parsed = toml.loads(simple)
print(show(parsed) == show(tomli.loads(simple)))
print(toml.dumps(parsed))
document = tomlkit.parse(TEXT)
document["owner"]["name"] = "Somebody else"
document["owner"].add("new", [1, 2, {"a": datetime.date(2024, 1, 2)}])
document["numbers"]["inline"]["x"] = 7
document.add(tomlkit.comment("the end"))
print(tomlkit.dumps(document))
print(show(document.unwrap()) == show(tomli.loads(tomlkit.dumps(document))))
for text in ("a = ", "a = 1\na = 2", "[a]\n[a]", "a = 1979-13-01", 'a = "x\ny"', "a.b = 1\na = 2", "= 1", "a = [1,,]", "a = 0x"):
    for parser in (tomli, tomlkit, toml):
        try:
            print(parser.__name__, parser.loads(text))
        except ValueError as error:
            print(parser.__name__, type(error).__name__, error)
long = "\n".join(f"[table{i}]\nkey = {i}\ntext = 'value {i}'\nlist = [{', '.join(map(str, range(i % 20)))}]" for i in range(300))
print(len(tomli.loads(long)), len(tomlkit.dumps(tomlkit.parse(long))) == len(long))

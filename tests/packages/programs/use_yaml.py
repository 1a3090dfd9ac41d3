# SPDX-License-Identifier: MIT
# needs: python3-yaml
"""YAML by the pure loader and dumper: types, anchors, styles, tags, events, errors."""
import collections
import datetime

import yaml

TEXT = """
%YAML 1.1
---
plain: text
quoted: "a\\tb\\u00e9\\x41"
single: 'it''s'
numbers: [1, -2, 0x1F, 0o17, 017, 1_000, 3.5, 1e3, .inf, -.INF, .nan, 190:20:30]
flags: {yes: no, on: off, true: False, null: ~}
dates: [2001-12-14, 2001-12-14t21:59:43.10-05:00, 2001-12-14 21:59:43]
literal: |
  line one
    indented
folded: >-
  folded
  text

  paragraph
keep: |+
  kept

base: &base {a: 1, b: 2}
derived:
  <<: *base
  b: 3
? complex
: value
list:
- one
- - nested
  - [flow, {k: v}]
- key: value
  other: value
binary: !!binary aGVsbG8=
set: !!set {x, y}
pairs: !!pairs [a: 1, a: 2]
tuple: !!python/tuple [1, 2]
...
"""
value = yaml.load(TEXT, Loader=yaml.FullLoader)
print({k: v for k, v in value.items() if k != "set"}, sorted(value["set"]))
value["numbers"] = value["numbers"][:-2]
value.pop("set")  # its order is not ours to compare
for options in ({}, {"default_flow_style": True, "width": 60}, {"indent": 4, "allow_unicode": True, "explicit_start": True, "default_style": "'"}, {"canonical": True}):
    text = yaml.dump(dict(sorted(value.items(), key=lambda item: str(item[0]))), sort_keys=False, **options)
    print(text, yaml.unsafe_load(text) == value)
print(yaml.safe_dump([{"a": [1, 2]}, "multi\nline\n", "tab\t", "", "null", "1", "- x", "a: b", "#c", " lead", "é\u2028", datetime.date(2024, 1, 2), 1.0, 2 ** 70, True, None]))
shared = [1]
print(yaml.dump({"x": shared, "y": shared}), yaml.dump(collections.OrderedDict(a=1)), yaml.dump(datetime.timedelta(3)))
for event in yaml.parse("a: &x [1, *x]\n--- !t\n'b'"):
    print(event)
for token in yaml.scan("a: {b: [c, 'd']} # e"):
    print(type(token).__name__, token.start_mark.line, token.start_mark.column)
print(list(yaml.safe_load_all("--- 1\n--- [2]\n---\na: 3")), yaml.compose("[a, 1]"))
for bad in ("a: b: c", "[1, 2", "a: *missing", "\ta: 1", "'unended", "{a: 1, a", "!!python/object:os.x 1", "- a\nb", "a: |\n b\n  c\n d", "%YAML 9.9\n---\na", "&a &b c", "\x01"):
    try:
        print(yaml.safe_load(bad))
    except yaml.YAMLError as error:
        print(repr(bad), type(error).__name__, error)


class Money(yaml.YAMLObject):
    yaml_tag = "!money"
    yaml_loader = yaml.SafeLoader

    def __init__(self, amount):
        self.amount = amount


yaml.SafeLoader.add_constructor("!sum", lambda loader, node: sum(loader.construct_sequence(node)))
yaml.add_implicit_resolver("!version", __import__("re").compile(r"^v\d+$"), ["v"], yaml.SafeLoader)
yaml.SafeLoader.add_constructor("!version", lambda loader, node: ("version", loader.construct_scalar(node)))
print(yaml.safe_load("[!sum [1, 2, 3], v17]"), yaml.safe_load("!money {amount: 3}").amount, yaml.dump(Money(5)))
big = yaml.dump([{"id": i, "name": f"item {i}", "tags": ["x", str(i)], "more": {"a": i / 7}} for i in range(150)])
print(len(big), len(yaml.safe_load(big)))

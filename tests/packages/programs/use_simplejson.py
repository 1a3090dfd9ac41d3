# SPDX-License-Identifier: MIT
# needs: python3-simplejson
"""JSON in pure Python: its C part is not for this interpreter, so both are asked for the other."""
import collections
import decimal
import io

import simplejson
import simplejson.decoder
import simplejson.encoder
import simplejson.scanner
simplejson._toggle_speedups(False)

value = {"text": "é \"\\\n\u2028\U0001f600", "numbers": [1, -2.5, 1e100, 2 ** 80, decimal.Decimal("1.10")], "empty": [{}, [], ""], "nothing": None,
         "flags": [True, False], "1": {"nested": {"deep": [[[]]]}}}
for options in ({}, {"indent": 2, "sort_keys": True}, {"separators": (",", ":"), "ensure_ascii": False}, {"use_decimal": False, "default": str},
                {"for_json": True, "item_sort_key": simplejson.simple_first}, {"bigint_as_string": True}, {"int_as_string_bitcount": 60}, {"encoding": None}):
    print(simplejson.dumps(value, **options))
Pair = collections.namedtuple("Pair", "left right")
print(simplejson.dumps([Pair(1, 2), (3,), {4: 5, None: 6, True: 7, 1.5: 8}]), simplejson.dumps(Pair(1, 2), namedtuple_as_object=False))
print(simplejson.dumps((i for i in range(5)), iterable_as_array=True), simplejson.dumps(float("nan"), ignore_nan=True), simplejson.dumps("</script>", cls=simplejson.JSONEncoderForHTML))
text = simplejson.dumps(value)
print(simplejson.loads(text, use_decimal=True), simplejson.loads(text, object_pairs_hook=lambda pairs: pairs), simplejson.loads(text.encode("utf-8")) == simplejson.loads(text))
for bad in ("", "[1,]", '{"a"', '{"a" 1}', "[1 2]", '"\\x"', '"unended', "nul", '["a\tb"]', '{"a":1}x', '"\\ud800"', "-", "[" * 50):
    try:
        print(repr(simplejson.loads(bad)))
    except simplejson.JSONDecodeError as error:
        print(repr(bad), error, error.lineno, error.colno, error.pos)
for bad in ({1, 2}, object, float, {(1, 2): 3}):
    try:
        print(simplejson.dumps(bad))
    except TypeError as error:
        print(error)
try:
    loop = []
    loop.append(loop)
    simplejson.dumps(loop)
except ValueError as error:
    print(error)
out = io.StringIO()
simplejson.dump(list(range(3000)), out, indent="\t")
print(len(out.getvalue()), sum(simplejson.loads(out.getvalue())), simplejson.loads('{"a": {"a": 1}}', object_hook=lambda d: ("o", d)))

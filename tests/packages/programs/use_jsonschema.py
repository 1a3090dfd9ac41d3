# SPDX-License-Identifier: MIT
# needs: python3-jsonschema
"""Validates documents against schemas of several drafts. (pyrsistent's vectors have a C part, and one in Python.)"""
from jsonschema import Draft4Validator, Draft7Validator, Draft202012Validator, FormatChecker, RefResolver, SchemaError, ValidationError, validate
from jsonschema.exceptions import ErrorTree, best_match
from pyrsistent import PRecord, field, freeze, m, pmap, pvector, s, thaw, v

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 2, "pattern": "^[A-Z]"},
        "age": {"type": "integer", "minimum": 0, "exclusiveMaximum": 150},
        "mail": {"type": "string", "format": "email"},
        "tags": {"type": "array", "items": {"enum": ["a", "b", "c"]}, "uniqueItems": True, "maxItems": 3},
        "tree": {"$ref": "#/$defs/tree"},
        "either": {"oneOf": [{"type": "integer", "multipleOf": 3}, {"type": "integer", "multipleOf": 5}]},
    },
    "required": ["name", "age"],
    "additionalProperties": False,
    "dependentRequired": {"mail": ["tags"]},
    "$defs": {"tree": {"type": "object", "properties": {"left": {"$ref": "#/$defs/tree"}, "value": {"const": 1}}}},
}
DOCUMENTS = [
    {"name": "Ann", "age": 3}, {"name": "a", "age": -1}, {"age": "old", "extra": 1}, [], {"name": "Bob", "age": 1, "tags": ["a", "a", "d", "c"]},
    {"name": "Cyd", "age": 2.0, "tree": {"left": {"left": {"value": 2}}}}, {"name": "Dan", "age": 4, "either": 15}, {"name": "Eve", "age": 4, "mail": "nowhere"},
]
checker = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
for document in DOCUMENTS:
    errors = sorted(checker.iter_errors(document), key=lambda e: (list(map(str, e.path)), e.validator))
    print(document, [(e.message, list(e.path), list(e.schema_path), e.validator) for e in errors])
    if errors:
        print(best_match(errors).message, ErrorTree(errors).total_errors)
try:
    validate({"name": "x"}, SCHEMA)
except ValidationError as error:
    print(error)
for kind in (Draft4Validator, Draft7Validator):
    try:
        kind.check_schema({"type": "strin", "minimum": "3"})
    except SchemaError as error:
        print(error.message, list(error.path))
schema = {"if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["b"]}, "else": {"not": {"required": ["b"]}}}
print([Draft7Validator(schema).is_valid(d) for d in ({"a": 1}, {"a": 1, "b": 2}, {"a": 2, "b": 1}, {"a": 2})])
print(RefResolver.from_schema(SCHEMA).resolve("#/$defs/tree")[1]["type"], sum(checker.is_valid({"name": "N" * i, "age": i, "tags": ["a", "b"]}) for i in range(300)))

vector = pvector(range(2000))
other = vector.set(1000, "x").append(1).extend([2, 3]).delete(5)
print(len(vector), other[999], other[-3:], vector[1000], pmap({"a": 1}).set("b", m(c=v(1, 2))).transform(["b", "c", 0], lambda n: n + 10)["b"], s(1, 2) | s(3) == s(1, 2, 3))
print(freeze({"a": [1, {"b": 2}]}), thaw(freeze({"a": [1, {"b": 2}]})))


class Person(PRecord):
    name = field(type=str, mandatory=True)
    age = field(type=int, invariant=lambda n: (n >= 0, "negative"))


for values in ({"name": "Ann", "age": 3}, {"age": 1}, {"name": "B", "age": -1}, {"name": 3}, {"other": 1, "name": ""}):
    try:
        print(sorted(Person(**values).items()))
    except Exception as error:
        print(type(error).__name__, error)

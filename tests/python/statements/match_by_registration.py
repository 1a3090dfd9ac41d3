# Patterns that do not look at the length do not ask for it.
import collections.abc


class Sequence:
    pass


class Mapping:
    pass


collections.abc.Sequence.register(Sequence)
collections.abc.Mapping.register(Mapping)
for x in (Sequence(), Mapping(), [], {}, "text"):
    match x:
        case {}:
            print("mapping")
        case [*_]:
            print("sequence")
        case _:
            print("else")

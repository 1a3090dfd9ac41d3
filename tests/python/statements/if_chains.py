def kind(v):
    if v is None:
        return "none"
    elif isinstance(v, bool):
        return "bool"
    elif isinstance(v, int) and v > 100:
        return "big"
    elif not v:
        return "falsy"
    else:
        return "other"


print([kind(v) for v in (None, True, 101, 0, "", [], "x", 5, 0.0, (), {}, 0j, b"", range(0), set())])
x = 5
print("a" if x > 10 else "b" if x > 3 else "c")
print(1 if [] else 2, (1 if True else 2) + 3)
if x: print("inline"); y = 2
print(y)
if not x or x and not (x - 5): print("logic")
print([] or "default", 0 and 1 / 0, None or 0 or "", 1 and 2 and 3, "" or [] or {})
print(not 1, not not "a", not [])

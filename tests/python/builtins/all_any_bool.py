print(all([]), all([1, "a"]), all([1, 0]), any([]), any([0, ""]), any([0, 5]), all(x > 0 for x in [1, 2]), any(x > 5 for x in [1]), all({}), any({0: 1}), all("ab"), any(map(int, "001")))
log = []
print(any(log.append(i) or i == 2 for i in range(10)), log)
log.clear()
print(all(log.append(i) or i < 1 for i in range(10)), log)


class B:
    def __bool__(self): raise ValueError("bool called")


for f in (lambda: all([B()]), lambda: any([B()]), lambda: all(5), lambda: any(), lambda: bool(B()), lambda: all([], [])):
    try:
        f()
    except (ValueError, TypeError) as e:
        print(e)
print(bool(), bool([]), bool([0]), bool("0"), callable(print), callable(5), callable(B), callable(lambda: 1), callable(B()))

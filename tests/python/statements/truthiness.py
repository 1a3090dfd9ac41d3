class A:
    pass


class B:
    def __bool__(self):
        return False


class L:
    def __len__(self):
        return 0


class Both:
    def __bool__(self):
        return True

    def __len__(self):
        return 0


class BadBool:
    def __bool__(self):
        return 1


class BadLen:
    def __len__(self):
        return -1


class BadLenType:
    def __len__(self):
        return "x"


for o in (A(), B(), L(), Both()):
    print(bool(o), not o, 1 if o else 0, (o and 1) == 1)
for o in (BadBool(), BadLen(), BadLenType()):
    try:
        bool(o)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
    try:
        if o:
            pass
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
for v in (0, 0.0, -0.0, 0j, "", b"", (), [], {}, set(), frozenset(), range(0), None, False, NotImplementedError, 1e-300, "0", [0], (0,)):
    print(int(bool(v)), end=" ")
print()

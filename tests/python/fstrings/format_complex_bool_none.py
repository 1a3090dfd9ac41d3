for v in (1j, 0j, 1 + 2j, -1.5 - 0j, complex("inf"), complex("nan+nanj")):
    for spec in ("", "f", ".2f", "g", ".3e", ">20", "+.1f", "<15.1f", ",.1f"):
        print("[" + format(v, spec) + "]")
print(f"{True}", f"{True:d}", f"{True:5}", f"{True:>5}", f"{False:x}", f"{True:.1f}", f"{None}", f"{None!s:>6}")
for v, spec in ((None, "5"), ([], "5"), ((), "d"), (object, "x"), ({}, ">3"), (b"", "s"), (1j, "%"), (range(2), "1")):
    try:
        print(format(v, spec))
    except (TypeError, ValueError) as e:
        print(e)

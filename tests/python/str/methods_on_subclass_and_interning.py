import sys
a = sys.intern("some string value")
b = sys.intern("".join(["some string", " value"]))
print(a is b, a == b)
try:
    sys.intern(5)
except TypeError as e:
    print(e)


class S(str):
    def __eq__(self, o): return True
    def __hash__(self): return 1
    def __len__(self): return 99
    def __str__(self): return "custom"


s = S("abc")
print(len(s), s == "zzz", str(s), "%s" % s, f"{s}", "-".join([s]), s.upper(), s + "d", type(s.lower()).__name__, type(s.strip()).__name__, type(str(S("q"))).__name__)
try:
    sys.intern(S("x"))
except TypeError as e:
    print(e)
print(str.upper("abc"), str.join(",", "ab"), "abc".__len__(), "a".__add__("b"), "a".__mul__(3), "abc".__contains__("b"), "abc".__getitem__(1), "a".__eq__(1), "a".__lt__("b"), "x".__mod__(()), "a".__rmod__("%s") if hasattr("a", "__rmod__") else "")
for f in (lambda: str.upper(5), lambda: str.upper(), lambda: str.join(), lambda: "a".nope(), lambda: "a".upper(1), lambda: "".join(sep=1)):
    try:
        f()
    except (TypeError, AttributeError) as e:
        print(e)

print(list("aé😀"), [*"ab"], tuple("xy"), set("aa"), dict.fromkeys("ab"), "".join(reversed("abc")), list(enumerate("ab")), list(zip("ab", "cd")), max("abc"), sorted("hello"), [c for c in "日本"], "abc".__iter__().__next__(), list(map(ord, "az")), "b" in iter("abc"), sum(1 for _ in "hello"))
print(str(1), str(1.0), str(None), str([1, "a"]), str({"a": 1}), str((1,)), str(b"x"), str(object)[:7], str(Exception("e")), str(True), str(1j), str({1}), str(range(3)), str(...), str(NotImplemented), str(len))


class A:
    def __str__(self): return "A str"
class B:
    def __repr__(self): return "B repr"
class C:
    def __str__(self): return 5
class D:
    def __repr__(self): return None


print(str(A()), str(B()), repr(B()), [B()], {1: B()}, f"{A()} {B()}", "%s" % A(), "{}".format(B()))
for f in (lambda: str(C()), lambda: repr(D()), lambda: str(D()), lambda: print(C()), lambda: [D()].__repr__(), lambda: "%s" % C(), lambda: str(b"x", 5), lambda: str("a", "utf-8"), lambda: str(1, 2, 3, 4)):
    try:
        f()
    except TypeError as e:
        print(e)

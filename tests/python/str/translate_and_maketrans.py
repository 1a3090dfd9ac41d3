print("abc".translate({97: "X", 98: None, 99: 100}), "hello".translate(str.maketrans("el", "ip")), "hello".translate(str.maketrans("el", "ip", "o")), str.maketrans({"a": "1", 98: 2, "c": None}), "abc".translate({}), "日本".translate({ord("日"): "long replacement"}))


class T:
    def __getitem__(self, k):
        if k == 97:
            return "A!"
        if k == 98:
            raise LookupError
        return None


print("abc".translate(T()), "aaa".translate(["x"] * 100), "a".translate("x" * 98))
for f in (lambda: str.maketrans("ab", "c"), lambda: str.maketrans({"ab": 1}), lambda: str.maketrans(5), lambda: "a".translate(5), lambda: "a".translate({97: 1.5}), lambda: "a".translate({97: 0x110000}), lambda: "a".translate(), lambda: str.maketrans("a", 1), lambda: str.maketrans({1.5: "x"})):
    try:
        print(repr(f()))
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)

s = "abracadabra"
print(s.find("a"), s.find("bra"), s.find("z"), s.find("a", 1), s.find("a", 1, 3), s.find("a", -3), s.find(""), s.find("", 5), s.find("", 20), s.rfind("a"), s.rfind("bra", 0, 9), s.rfind(""), s.rfind("", 3, 5), s.index("cad"), s.rindex("ab"), s.find("a", None, None), s.find("abracadabra1"))
print(s.count("a"), s.count("bra"), s.count(""), s.count("a", 3), s.count("a", -2), s.count("ab", 0, 2), "aaaa".count("aa"), "".count(""), "".count("a"), s.count("", 3, 6), s.count("", 20))
print(s.replace("a", "X"), s.replace("a", "X", 2), s.replace("", "-"), s.replace("", "-", 3), s.replace("bra", ""), s.replace("z", "y"), "".replace("", "x"), s.replace("a", "日"), "aaa".replace("aa", "b"), s.replace("a", "b", 0), s.replace("a", "b", -1), s.replace("abra", "12345"))
print(s.startswith("abr"), s.startswith(("x", "ab")), s.startswith("bra", 1), s.startswith("", 11), s.startswith("", 12), s.endswith("bra"), s.endswith(("z", "ra")), s.endswith("abr", 0, 4), s.startswith(()), s.endswith(""), s.startswith("a", 0, 0))
print("cad" in s, "" in s, "z" in s, "abra" not in s, "日" in "x日y", s.removeprefix("abra"), s.removesuffix("abra"), s.removeprefix("x"), s.removesuffix(""), "x".removeprefix("xx"))
big = "x" * 10000 + "needle" + "y" * 10000 + "needle"
print(big.find("needle"), big.rfind("needle"), big.count("x"), big.find("needley"), big.count("needle"), len(big.replace("y", "yy")), ("ab" * 5000).find("ba" * 100 + "c"), ("a" * 1000 + "b").find("a" * 500 + "b"))
for f in (lambda: s.index("z"), lambda: s.rindex("z"), lambda: s.find(1), lambda: s.replace("a"), lambda: s.count(), lambda: s.startswith(1), lambda: s.startswith(("a", 1)) or s.startswith(("z", 1)), lambda: s.replace(1, 2), lambda: 1 in s, lambda: s.replace("a", "b", "c"), lambda: s.find("a", "b")):
    try:
        print(f())
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)

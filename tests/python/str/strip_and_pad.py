print(["  a ".strip(), "  a ".lstrip(), "  a ".rstrip(), "xxaxx".strip("x"), "xyaxy".strip("yx"), "\t\n\u2003a\x1f".strip(), "".strip(), "   ".strip(), "aaa".strip("a"), "abc".strip(""), "abc".strip(None), "日a日".strip("日"), "mississippi".rstrip("ipz"), "www.x.com".lstrip("cmowz.")])
print(["a".center(5), "ab".center(5), "a".center(4, "*"), "abc".center(2), "a".ljust(3) + "|", "a".rjust(3), "a".ljust(3, "日"), "a".zfill(3), "-a".zfill(4), "+5".zfill(5), "".zfill(2), "--1".zfill(5), "abc".zfill(2), "".center(3, "-"), "a".center(0), "é".rjust(4, "."), "ab".center(6), "ab".center(7), "abc".center(6), "abc".center(8)])
print(["a\tb".expandtabs(), "a\tb".expandtabs(4), "\t".expandtabs(0), "ab\tc\n\td".expandtabs(4), "a\tb".expandtabs(-1), "\t\t".expandtabs(2), "a\rb\tc".expandtabs(4)])
for f in (lambda: "a".center(5, ""), lambda: "a".ljust(5, "ab"), lambda: "a".strip(1), lambda: "a".center("5"), lambda: "a".zfill(1.5), lambda: "a".rjust()):
    try:
        f()
    except TypeError as e:
        print(e)

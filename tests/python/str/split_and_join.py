print("a b  c ".split(), "a b  c ".split(" "), " a  b ".split(None, 1), "a,b,,c".split(","), "a,b,c".split(",", 1), "a,b,c".rsplit(",", 1), "".split(), "".split(","), "  ".split(), "abc".split("abc"), "a\tb\nc\u2003d".split(), "aXXbXXc".split("XX"), "a b c".rsplit(None, 1), " a b ".rsplit(), "a b c d".split(maxsplit=2), "a-b-c".rsplit(sep="-", maxsplit=1), "x".split(",", 0), "a b".split(None, 0), " a b ".split(None, 0))
print("a.b.c".partition("."), "a.b.c".rpartition("."), "abc".partition("."), "abc".rpartition("."), "a--b".partition("--"), "日本".partition("本"))
print(ascii("a\nb\r\nc\rd\x0be\x0cf\x1cg\x1dh\x1ei\x85j\u2028k\u2029l".splitlines()), "a\n\nb\n".splitlines(), "a\r\n".splitlines(True), "".splitlines(), "\n".splitlines(), "a\n".splitlines(keepends=True))
print(",".join(["a", "b"]), "".join([]), "-".join("abc"), ", ".join(str(i) for i in range(4)), "".join(("x",)), "日".join(["a", "é", "😀"]), "ab".join({"k": 1}), "x".join(["one"]), "".join(["a"] * 1000).count("a"))
for f in (lambda: "a".split(""), lambda: "a".split(1), lambda: "a".partition(""), lambda: ",".join(["a", 1]), lambda: ",".join([b"a"]), lambda: ",".join(5), lambda: ",".join(None), lambda: "a".split(",", "b"), lambda: "a".partition(1), lambda: "a".rsplit("")):
    try:
        f()
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)

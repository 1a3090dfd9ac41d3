def attempt(src):
    try:
        compile(src, "<deep>", "exec")
        return "ok"
    except (SyntaxError, RecursionError, MemoryError) as e:
        return type(e).__name__


print(attempt("(" * 50 + "1" + ")" * 50), attempt("[" * 80 + "]" * 80), attempt("-" * 50 + "1"), attempt("x" + ".a" * 50), attempt("x" + "()" * 50))
print(attempt("(" * 300 + ")" * 300))
src = "".join("  " * i + "if 1:\n" for i in range(30)) + "  " * 30 + "pass\n"
print(attempt(src))
src = "".join(" " * i + "if 1:\n" for i in range(101)) + " " * 101 + "pass\n"
print(attempt(src))
print(attempt("".join(" " * i + "for x in y:\n" for i in range(20)) + " " * 20 + "pass\n"), attempt("".join(" " * i + "for x in y:\n" for i in range(21)) + " " * 21 + "pass\n"))
print(eval("+".join(["1"] * 500)), eval("(" * 60 + "7" + ")" * 60), len(eval("[" + "1," * 5000 + "]")))
print(attempt("x = 1\n" * 20000), attempt("lambda: " * 40 + "1"))

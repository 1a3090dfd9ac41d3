cases = r'''
int("")
int("a")
int("1.5")
int("12", 1)
int("12", 37)
int("9", 8)
int("0x1g", 16)
int(" 1 2 ")
int("é")
int(b"a")
int("_1")
int("1" * 5000)
int(float("nan"))
int(float("inf"))
float("")
float("a")
float("1.2.3")
float(b"x")
complex("")
complex("a")
complex("1+")
'''
for src in cases.strip().splitlines():
    try:
        r = eval(compile(src, "<case>", "eval"), {})
        print(src, "-> no error", type(r).__name__)
    except Exception as e:
        print(src, "->", type(e).__name__ + ":", ascii(str(e)))

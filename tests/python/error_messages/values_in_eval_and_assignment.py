cases = r'''
eval("1 +")
eval("")
eval(" ")
eval("(")
eval("a\0b")
exec("  x")
compile("", "f", "nope")
memoryview(b"a")[5]
[1, 2, 3].__setitem__(slice(0, 3, 2), [1])
bytearray(b"abc").__setitem__(0, 256)
bytearray(b"abc").__setitem__(0, "a")
float.fromhex("zz")
(1).__format__("y")
type("X", (), {"__slots__": ("a",), "a": 1})
"abc".translate()
str.maketrans("ab", "c")
str.maketrans({"ab": 1})
hash(slice(1))
frozenset([[]])
"x".zfill()
"ab".expandtabs("x")
float("1" * 400) and int(float("1" * 400))
'''
for src in cases.strip().splitlines():
    try:
        r = eval(compile(src, "<case>", "eval"), {})
        print(src, "-> no error", type(r).__name__)
    except Exception as e:
        print(src, "->", type(e).__name__ + ":", ascii(str(e)))

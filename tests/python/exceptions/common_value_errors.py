cases = r"""
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
chr(-1)
chr(0x110000)
ord("")
bytes([256])
bytes([-1])
bytes(-1)
bytearray([300])
bytes.fromhex("a")
bytes.fromhex("zz")
range(1, 2, 0)
slice(1)[2]
[1].remove(2)
[1].index(2)
[1].index(1, 5)
(1,).index(2)
"abc".index("x")
"abc".rindex("x")
b"abc".index(b"x")
[].pop()
[1].pop(5)
[][0]
[1][5]
[1][-2]
()[0]
""[0]
b""[0]
range(3)[5]
bytearray()[0]
[1][10**30]
{}["a"]
{}[1]
{}[None]
{}[(1, 2)]
{}.pop("a")
{}.popitem()
set().pop()
{1}.remove(2)
{1}.remove("x")
set().remove(frozenset())
"".join(["a", 1])
"a".split("")
"a".partition("")
"a".center()
"a".ljust(5, "ab")
"%c" % -1
"%c" % "ab"
"%z" % 1
"%" % 1
"%(a" % {}
"%(a)s" % {}
"%d" % float("nan")
"%.*f" % (1,)
"{".format()
"}".format()
"{0}{}".format(1)
"{a}".format()
"{0}".format()
"{!x}".format(1)
"{:d}".format(1.5)
"{:x}".format(1.5)
"{:,s}".format("a")
"{:zz}".format(1)
"{0[}".format([1])
"{0.}".format(1)
format(1, "q")
format(1.5, "d")
format("a", "f")
format("a", "=5")
format("a", "+")
format(1, ".2d")
format(1, ",n")
format(1, "_,")
format(1j, "%")
format(1j, "08")
1 / 0
1 // 0
1 % 0
1.0 / 0
1.0 // 0
1.0 % 0
divmod(1, 0)
divmod(1.0, 0)
1j / 0
0 ** -1
0.0 ** -1
pow(2, 3, 0)
pow(2, -1, 4)
pow(2.0, 3, 5)
2.0 ** 10000
10.0 ** 400
float(10 ** 400)
10 ** 400 * 1.0
10 ** 400 / 3
int("1", 36) << -1
1 << -1
1 >> -1
(-8) ** 0.5j
1 << (1 << 70)
[0] * (1 << 70)
"a" * (1 << 70)
range(10 ** 30)[0]
len(range(10 ** 30))
(-1).to_bytes(1, "big")
(300).to_bytes(1, "big")
(1).to_bytes(1, "middle")
int.from_bytes(b"", "x")
round(float("inf"))
round(float("nan"))
max([])
min([])
max((), key=None)
sorted([], key=5, bad=1)
next(iter([]))
zip([1], [], strict=True)
list(zip([1], [], strict=True))
list(zip([1], [1, 2], strict=True))
dict([(1, 2, 3)])
dict(["abc"])
dict([[]])
"a".encode("ascii", "bad") if 0 else "é".encode("ascii", "bad")
"a".encode("nope")
b"a".decode("nope")
b"\xff".decode()
b"\x80abc".decode("ascii")
"\ud800".encode()
"é".encode("ascii")
"€".encode("latin-1")
b"ab\xe2\x82".decode()
b"\xf8".decode()
b"\xed\xa0\x80".decode()
open("nonexistent_file")
open("f", "q")
open("f", "rw")
open("f", "rb", encoding="utf-8")
open("")
open("/")
open("a\0b")
__import__("nonexistent_module")
__import__("os.nonexistent")
__import__("a.b.c")
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
"""
for src in cases.strip().splitlines():
    try:
        r = eval(compile(src, "<case>", "eval"), {})
        print(src, "-> no error", type(r).__name__)
    except Exception as e:
        print(src, "->", type(e).__name__ + ":", ascii(str(e)))

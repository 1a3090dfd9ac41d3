cases = """
1 + "a"
"a" + 1
[] + ()
() + []
1 - "a"
"a" * "b"
[1] * [2]
"a" / 2
{} + {}
None + 1
1 + None
{1} + {2}
-"a"
+[]
~1.5
~"s"
1 < "a"
"a" > 1
[] < ()
{} < {}
None >= 0
1j < 2j
object() < object()
1 << 1.0
1 | 1.0
"a" % 1
2 ** "a"
pow(2, "a", 3)
divmod("a", 1)
1 @ 2
1 // "a"
len(5)
len(x for x in [])
iter(5)
next([])
next(5)
hash([])
hash({})
hash(set())
hash(([],))
abs("a")
round("a")
int([])
int(None)
int("1", 2, 3)
int(1, 2)
float([])
float(None)
complex([])
complex("1", 2)
str(1, "utf-8")
str(b"a", 1)
bytes("a")
bytes(["a"])
bytes([None])
bytearray("a")
list(5)
tuple(None)
set(5)
dict(5)
dict([1])
range("a")
range(1.0)
range()
slice()
sum(["a"])
sum("ab")
sum([[1]], 5)
sum([b""], b"")
max(5)
max()
min(1, "a")
sorted([1, "a"])
sorted(5)
reversed(5)
reversed({1})
enumerate(5)
zip(5)
zip([1], 5)
map()
map(len)
list(map(5, [1]))
filter(None)
list(filter(5, [1]))
all(5)
any(None)
chr("a")
ord("ab")
ord(5)
hex(1.0)
bin("1")
isinstance(1)
getattr(1)
setattr(1, "a")
print(sep=5)
print(end=1)
print(nope=1)
open()
input(1, 2)
"a".join([1])
"a".join(5)
"a".split(1)
"a".replace("a")
"a".startswith(1)
"a".startswith((1,))
"a"["b"]
"a"[1.0]
[1]["a"]
[1][1.0]
[1][None]
(1,)["a"]
{}[[]]
{}[{}]
1[0]
None[0]
len[0]
b"a" + "a"
b"a"["x"]
"a" in 5
1 in "abc"
"a" in b"abc"
[1, 2].index()
[].append()
[].append(1, 2)
[].insert(1)
[].pop("a")
[].sort(1)
[].sort(key=1, bad=2)
[3, 1].sort(key=5)
{}.get()
{}.update(5)
{}.pop()
{}.fromkeys()
{}.setdefault([])
set().add([])
set().add()
{1}.union(5)
{1} | [2]
"abc".format()
"%d" % "a"
"%s %s" % "a"
"%s" % (1, 2)
"%(a)s" % 5
"{}".format()
format(1, 5)
format([], "d")
int.from_bytes(5, "big")
(5).to_bytes()
(5).nope()
"".nope
[].nope
None.nope
(lambda: 0).nope
len.nope
int.nope
print.nope = 1
(1).x = 2
"a".x = 1
[].x = 1
object().x = 1
None()
"a"()
(1)(2)
super().x
staticmethod()
property(1, 2, 3, 4, 5)
type(1, 2)
__import__(5)
__import__("")
eval(5)
exec(5)
compile("1", "f")
compile("1", "f", "bad")
globals(1)
vars(1)
memoryview("a")
callable()
id()
divmod(1)
pow(1)
round(1, 2, 3)
round(1, "a")
""" + r'''
[*5]
{**5}
{*5}
print(*5)
print(**5)
f"{1:d}" + 1
f"{'a':d}"
f"{[]:>5}"
f"{None:5}"
a, b = 5
"abc".encode(5)
b"abc".decode(5)
b"a".join(["a"])
b"abc".find("a")
bytes.fromhex(5)
float.fromhex(5)
1 if [] < 1 else 2
for x in 5: pass
for a, b in [1]: pass
with 5: pass
raise 5
del 5 .x
import_error = __import__("os").nope
assert 1 < ""
lambda: 0 + ""
'''
for src in cases.strip().splitlines():
    try:
        try:
            code = compile(src, "<case>", "eval")
        except SyntaxError:
            code = compile(src, "<case>", "exec")
        eval(code, {})
        print(src, "-> no error")
    except Exception as e:
        print(src, "->", type(e).__name__ + ":", e)
